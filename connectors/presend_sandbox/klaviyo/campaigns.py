"""Campaigns, their messages, audiences and variations, and the calendar they are put on and taken off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presend_sandbox.klaviyo import sending, shapes
from presend_sandbox.klaviyo.api import (
    Answer,
    Call,
    Operation,
    Resource,
    invalid,
    link,
    not_found,
    one,
    ordered,
    page,
    refer,
    select,
    time_text,
    trim,
)
from presend_sandbox.klaviyo.state import Audience, Campaign, Message, Variation
from presend_sandbox.klaviyo.switches import AUDIENCE_PATCH, SCHEDULE_STATUS

READ, WRITE = ("campaigns:read",), ("campaigns:write",)
RATE = (10, 150)
TAG_RATE = (3, 60)
_TIMES = ("greater-or-equal", "greater-than", "less-or-equal", "less-than")
_CAMPAIGN_FILTERS = {
    "id": ("any",),
    "name": ("contains",),
    "archived": ("equals",),
    "builder": ("equals",),
    "created_at": _TIMES,
    "updated_at": _TIMES,
}
_MESSAGE_FILTERS = {
    "id": ("any", "equals"),
    "campaign_id": ("equals",),
    "name": ("contains",),
    "status": ("equals",),
    "created": _TIMES,
    "updated": _TIMES,
}
_MESSAGE_ORDER: dict[str, Callable[[Message], Any]] = {
    "created": lambda row: row.created,
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "status": lambda row: row.status,
    "updated": lambda row: row.updated,
}
_CAMPAIGN_ORDER: dict[str, Callable[[Campaign], Any]] = {
    "created_at": lambda row: row.created,
    "id": lambda row: row.id,
    "name": lambda row: row.definition["name"],
    "updated_at": lambda row: row.updated,
}
_EDITABLE = ("name", "archived", "color", "description", "send_settings")


def _campaign(call: Call, key: str | None = None) -> Campaign:
    own_id = key or call.path["id"]
    if (row := call.account.campaigns.get(own_id)) is None:
        raise not_found("campaign", own_id)
    return row


def _message(call: Call, key: str | None = None) -> Message:
    own_id = key or call.path["id"]
    if (row := call.account.messages.get(own_id)) is None:
        raise not_found("campaign-message", own_id)
    sending.looked_at(call.account, row)
    return row


def _audience(call: Call) -> Audience:
    if (row := call.account.audiences.get(call.path["id"])) is None:
        raise not_found("campaign-audience", call.path["id"])
    return row


def _variation(call: Call) -> Variation:
    if (row := call.account.variations.get(call.path["id"])) is None:
        raise not_found("campaign-variation", call.path["id"])
    return row


def _of_campaigns(call: Call, wanted: list[str]) -> Callable[[list[Campaign]], list[Resource]] | None:
    def included(rows: list[Campaign]) -> list[Resource]:
        found: list[Resource] = []
        for row in rows:
            if "campaign-messages" in wanted:
                found += [shapes.message(call, call.account.messages[each]) for each in row.messages]
            if "campaign-audiences" in wanted:
                found += [shapes.audience(call, call.account.audiences[each]) for each in row.audiences]
        return found

    return included if wanted else None


def _of_messages(call: Call, wanted: list[str]) -> Callable[[list[Message]], list[Resource]] | None:
    def included(rows: list[Message]) -> list[Resource]:
        found: list[Resource] = []
        if "campaign" in wanted:
            owners = dict.fromkeys(row.campaign for row in rows)
            found += [shapes.campaign(call, call.account.campaigns[each]) for each in owners]
        if "campaign-variations" in wanted:
            parts = [each for row in rows for each in row.variations]
            found += [shapes.variation(call, call.account.variations[each]) for each in parts]
        return found

    return included if wanted else None


def list_campaigns(call: Call) -> Answer:
    def values(row: Campaign) -> dict[str, Any]:
        own = {name: row.definition[name] for name in ("name", "archived", "builder")}
        return {"id": row.id, "created_at": row.created, "updated_at": row.updated, **own}

    rows = select(call, ((row, values(row)) for row in call.account.campaigns.values()), _CAMPAIGN_FILTERS)
    included = _of_campaigns(call, call.include("campaign-audiences", "campaign-messages"))
    rows = ordered(call, rows, _CAMPAIGN_ORDER)
    return page(call, rows, lambda row: shapes.campaign(call, row), 20, 100, included)


def get_campaign(call: Call) -> Answer:
    row = _campaign(call)
    included = _of_campaigns(call, call.include("campaign-audiences", "campaign-messages"))
    return one(call, shapes.campaign(call, row), included([row]) if included else None)


def patch_campaign(call: Call) -> Answer:
    row = _campaign(call)
    definition = (call.data("campaign").get("attributes") or {}).get("definition")
    if not isinstance(definition, dict):
        raise invalid("definition is required.", "/data/attributes/definition")
    for name, value in definition.items():
        if name not in _EDITABLE:
            raise invalid(f"'{name}' cannot be changed.", f"/data/attributes/definition/{name}")
        row.definition[name] = value
    row.updated = call.account.now()
    return one(call, shapes.campaign(call, row))


def list_messages(call: Call) -> Answer:
    def values(row: Message) -> dict[str, Any]:
        return {
            "id": row.id,
            "campaign_id": row.campaign,
            "name": row.name,
            "status": row.status,
            "created": row.created,
            "updated": row.updated,
        }

    for row in call.account.messages.values():
        sending.looked_at(call.account, row)
    rows = select(call, ((row, values(row)) for row in call.account.messages.values()), _MESSAGE_FILTERS)
    included = _of_messages(call, call.include("campaign", "campaign-variations"))
    rows = ordered(call, rows, _MESSAGE_ORDER)
    return page(call, rows, lambda row: shapes.message(call, row), 20, 100, included)


def get_message(call: Call) -> Answer:
    row = _message(call)
    included = _of_messages(call, call.include("campaign", "campaign-variations"))
    return one(call, shapes.message(call, row), included([row]) if included else None)


def messages_of_campaign(call: Call) -> Answer:
    rows = [_message(call, each) for each in _campaign(call).messages]
    return page(call, rows, lambda row: shapes.message(call, row), 100, 100)


def audiences_of_campaign(call: Call) -> Answer:
    rows = [call.account.audiences[each] for each in _campaign(call).audiences]
    return page(call, rows, lambda row: shapes.audience(call, row), 100, 100)


def tags_of_campaign(call: Call) -> Answer:
    rows = [call.account.tags[each] for each in _campaign(call).tags]
    return page(call, rows, lambda row: shapes.tag(call, row), 100, 100)


def tag_ids_of_campaign(call: Call) -> Answer:
    return Answer(
        200,
        {"data": refer("tag", _campaign(call).tags), "links": {"self": _related(call, "campaigns", "tags")}},
    )


def tags_of_message(call: Call) -> Answer:
    rows = [call.account.tags[each] for each in _campaign(call, _message(call).campaign).tags]
    return page(call, rows, lambda row: shapes.tag(call, row), 100, 100)


def campaign_of_message(call: Call) -> Answer:
    return one(call, shapes.campaign(call, _campaign(call, _message(call).campaign)))


def campaign_id_of_message(call: Call) -> Answer:
    data = {"type": "campaign", "id": _message(call).campaign}
    return Answer(200, {"data": data, "links": {"self": _related(call, "campaign-messages", "campaign")}})


def _related(call: Call, path: str, name: str) -> str:
    return link(call, path, call.path["id"], name)["self"]


def audience_of_message(call: Call) -> Answer:
    return one(call, shapes.audience(call, call.account.audiences[_message(call).audience]))


def variations_of_message(call: Call) -> Answer:
    rows = [call.account.variations[each] for each in _message(call).variations]
    data = [trim(call, shapes.variation(call, row)) for row in rows]
    own = link(call, "campaign-messages", call.path["id"], "campaign-variations")["related"]
    return Answer(200, {"data": data, "links": {"self": own}})


def get_audience(call: Call) -> Answer:
    row = _audience(call)
    wanted = call.include("campaign", "campaign-messages")
    included: list[Resource] = []
    if "campaign" in wanted:
        included.append(shapes.campaign(call, _campaign(call, row.campaign)))
    if "campaign-messages" in wanted:
        using = [each for each in call.account.messages.values() if each.audience == row.id]
        included += [shapes.message(call, each) for each in using]
    return one(call, shapes.audience(call, row), included if wanted else None)


def patch_audience(call: Call) -> Answer:
    row = _audience(call)
    definition = (call.data("campaign-audience").get("attributes") or {}).get("definition") or {}
    merges = call.account.choice(AUDIENCE_PATCH) == "merges"
    wanted = {
        name: definition.get(name, getattr(row, name) if merges else []) or [] for name in ("included", "excluded")
    }
    for name, ids in wanted.items():
        pointer = f"/data/attributes/definition/{name}"
        if not isinstance(ids, list):
            raise invalid(f"{name} must be a list of ids.", pointer)
        if unknown := [each for each in ids if each not in call.account.groups]:
            raise invalid(f"{unknown[0]} is not a list or segment of this account.", pointer)
    if not wanted["included"]:
        raise invalid("At least one list or segment must be included.", "/data/attributes/definition/included")
    sending.audience_edited(call.account, row.id, wanted["included"], wanted["excluded"])
    row.name = definition.get("name", row.name if merges else None)
    return one(call, shapes.audience(call, row))


def get_variation(call: Call) -> Answer:
    row = _variation(call)
    wanted = call.include("campaign-message", "image", "translation")
    included = [shapes.message(call, _message(call, row.message))] if "campaign-message" in wanted else []
    return one(call, shapes.variation(call, row), included if wanted else None)


def message_of_variation(call: Call) -> Answer:
    return one(call, shapes.message(call, _message(call, _variation(call).message)))


def schedule_message(call: Call) -> Answer:
    data = call.data("campaign-message-schedule")
    target = ((data.get("relationships") or {}).get("campaign-message") or {}).get("data") or {}
    if not target.get("id"):
        raise invalid("campaign-message is required.", "/data/relationships/campaign-message")
    row = _message(call, target["id"])
    wanted = data.get("attributes") or {}
    sending.schedule(call.account, row, wanted)
    shown: Resource = {
        "type": "campaign-message-schedule",
        "id": row.id,
        "attributes": _scheduled(row, wanted["strategy"]),
        "relationships": {
            "campaign-message": {
                "data": {"type": "campaign-message", "id": row.id},
                "links": link(call, "campaign-message-schedule", row.id, "campaign-message"),
            }
        },
        "links": {"self": call.url(f"campaign-message-schedule/{row.id}")},
    }
    return one(call, shown, status=int(call.account.choice(SCHEDULE_STATUS)))


def _scheduled(row: Message, strategy: str) -> dict[str, Any]:
    return {
        "send_time": time_text(row.send_time),
        "send_date": row.send_date,
        "strategy": strategy,
        "throttling_percentage": row.percentage,
        "throttle_unit": row.throttle_unit,
    }


def schedule_campaign(call: Call) -> Answer:
    """Schedules several messages of one campaign; the first refusal leaves the later ones as they were."""
    data = call.data("campaign-schedule")
    target = ((data.get("relationships") or {}).get("campaign") or {}).get("data") or {}
    row = _campaign(call, target.get("id") or "(none)")
    done = []
    for wanted in (data.get("attributes") or {}).get("message_schedules") or []:
        each = _message(call, wanted.get("message_id") or "(none)")
        if each.campaign != row.id:
            raise not_found("campaign-message", each.id)
        sending.schedule(call.account, each, wanted)
        done.append({"id": each.id, **_scheduled(each, wanted["strategy"])})
    shown: Resource = {
        "type": "campaign-schedule",
        "id": row.id,
        "attributes": {"messages": done},
        "relationships": {"campaign": {"data": {"type": "campaign", "id": row.id}}},
        "links": {"self": call.url(f"campaign-schedule/{row.id}")},
    }
    return one(call, shown, status=int(call.account.choice(SCHEDULE_STATUS)))


def stop_message(call: Call) -> Answer:
    attributes = call.data("campaign-message-schedule").get("attributes") or {}
    row = call.account.messages.get(call.path["id"])
    if row is None:
        raise not_found("campaign-message", call.path["id"])
    sending.stop(call.account, row, str(attributes.get("action")))
    return Answer(204)


OPERATIONS = [
    Operation("GET", "/api/campaigns", READ, RATE, list_campaigns),
    Operation("GET", "/api/campaigns/{id}", READ, RATE, get_campaign),
    Operation("PATCH", "/api/campaigns/{id}", WRITE, RATE, patch_campaign),
    Operation("GET", "/api/campaigns/{id}/campaign-messages", READ, RATE, messages_of_campaign),
    Operation("GET", "/api/campaigns/{id}/campaign-audiences", READ, RATE, audiences_of_campaign),
    Operation("GET", "/api/campaigns/{id}/tags", (*READ, "tags:read"), TAG_RATE, tags_of_campaign),
    Operation("GET", "/api/campaigns/{id}/relationships/tags", (*READ, "tags:read"), TAG_RATE, tag_ids_of_campaign),
    Operation("GET", "/api/campaign-messages", READ, RATE, list_messages),
    Operation("GET", "/api/campaign-messages/{id}", READ, RATE, get_message),
    Operation("GET", "/api/campaign-messages/{id}/campaign", READ, RATE, campaign_of_message),
    Operation("GET", "/api/campaign-messages/{id}/relationships/campaign", READ, RATE, campaign_id_of_message),
    Operation("GET", "/api/campaign-messages/{id}/campaign-audience", READ, RATE, audience_of_message),
    Operation("GET", "/api/campaign-messages/{id}/campaign-variations", READ, RATE, variations_of_message),
    Operation("GET", "/api/campaign-messages/{id}/tags", (*READ, "tags:read"), TAG_RATE, tags_of_message),
    Operation("GET", "/api/campaign-audiences/{id}", READ, RATE, get_audience),
    Operation("PATCH", "/api/campaign-audiences/{id}", WRITE, RATE, patch_audience),
    Operation("GET", "/api/campaign-variations/{id}", READ, RATE, get_variation),
    Operation("GET", "/api/campaign-variations/{id}/campaign-message", READ, RATE, message_of_variation),
    Operation("POST", "/api/campaign-message-schedule", WRITE, RATE, schedule_message),
    Operation("POST", "/api/campaign-schedule", WRITE, RATE, schedule_campaign),
    Operation("PATCH", "/api/campaign-message-schedule/{id}", WRITE, RATE, stop_message),
]
