"""How many people a campaign would reach, as a job to start, look at and read."""

from __future__ import annotations

from presend_sandbox.klaviyo import sending
from presend_sandbox.klaviyo.api import Answer, Call, Operation, Resource, not_found, one

_RATE = (10, 150)


def _known(call: Call, key: str) -> str:
    if key not in call.account.campaigns:
        raise not_found("campaign", key)
    return key


def _shown(call: Call, kind: str, path: str, own_id: str, attributes: dict[str, object]) -> Resource:
    return {
        "type": kind,
        "id": own_id,
        "attributes": attributes,
        "links": {"self": call.url(f"{path}/{own_id}")},
    }


def _job(call: Call, own_id: str, status: int) -> Answer:
    kind = "campaign-recipient-estimation-job"
    return one(call, _shown(call, kind, f"{kind}s", own_id, {"status": "complete"}), status=status)


def start(call: Call) -> Answer:
    return _job(call, _known(call, str(call.data("campaign-recipient-estimation-job").get("id"))), 202)


def look(call: Call) -> Answer:
    return _job(call, _known(call, call.path["id"]), 200)


def read(call: Call) -> Answer:
    own_id = _known(call, call.path["id"])
    reached: set[str] = set()
    for each in call.account.campaigns[own_id].messages:
        message = call.account.messages[each]
        included = call.account.audiences[message.audience].included
        reached.update(sending.mailable(call.account, sending.members(call.account, message), included))
    kind = "campaign-recipient-estimation"
    return one(call, _shown(call, kind, f"{kind}s", own_id, {"estimated_recipient_count": len(reached)}))


_JOBS = "/api/campaign-recipient-estimation-jobs"
OPERATIONS = [
    Operation("POST", _JOBS, ("campaigns:write",), _RATE, start),
    Operation("GET", f"{_JOBS}/{{id}}", ("campaigns:read",), _RATE, look),
    Operation("GET", "/api/campaign-recipient-estimations/{id}", ("campaigns:read",), _RATE, read),
]
