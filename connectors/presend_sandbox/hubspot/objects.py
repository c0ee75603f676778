"""CRM objects: contacts, deals, line items, orders and tickets, their search, and the associations between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from presend_sandbox.hubspot import points
from presend_sandbox.hubspot.api import Answer, Call, page
from presend_sandbox.hubspot.errors import Refusal, invalid, not_found
from presend_sandbox.hubspot.filters import compare, matches_groups
from presend_sandbox.hubspot.state import JSON, Account, Record, stamp

_MADE = datetime(2020, 3, 2, 9, 30, tzinfo=UTC)
_BATCH = 100
_ASSOCIATION_BATCH = 1000
_SEARCH_PAGE = 200
_SEARCH_DEPTH = 10_000
_ALWAYS = {
    "contacts": ("createdate", "hs_object_id", "lastmodifieddate"),
    "deals": ("createdate", "hs_object_id", "hs_lastmodifieddate"),
    "orders": ("hs_createdate", "hs_object_id", "hs_lastmodifieddate"),
    "tickets": ("createdate", "hs_object_id", "hs_lastmodifieddate"),
    "line_items": ("createdate", "hs_object_id", "hs_lastmodifieddate"),
}
_DEFAULTS = {
    "contacts": ("email", "firstname", "lastname"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    "orders": (),
    "tickets": ("subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority"),
    "line_items": ("name", "quantity", "price"),
}
_LINK_TYPES = {
    ("contacts", "deals"): 4,
    ("deals", "contacts"): 3,
    ("contacts", "orders"): 508,
    ("orders", "contacts"): 507,
    ("contacts", "tickets"): 15,
    ("tickets", "contacts"): 16,
    ("deals", "line_items"): 19,
    ("line_items", "deals"): 20,
}


def records_of(account: Account, kind: str) -> dict[str, Record]:
    """Every record of an object type; 404 for a type this account does not have."""
    if kind == "contacts":
        return account.contacts
    if kind not in account.objects:
        raise Refusal(404, "OBJECT_NOT_FOUND", f"Unable to infer object type from: {kind}")
    return account.objects[kind]


def shown(account: Account, kind: str, record: Record, properties: Iterable[str], history: Iterable[str]) -> JSON:
    """A record as JSON: asked-for properties, null where unset; unknown names are left out without a word."""
    defined, past = account.properties[kind], list(history)
    names = dict.fromkeys([*_ALWAYS[kind], *(properties or _DEFAULTS[kind]), *past])
    body: JSON = {
        "id": record.id,
        "properties": {name: record.value(name) for name in names if name in defined or name in _ALWAYS[kind]},
        "createdAt": stamp(record.created),
        "updatedAt": stamp(record.updated),
        "archived": False,
    }
    if past:
        body["propertiesWithHistory"] = {name: _history(record, name) for name in past if name in defined}
    return body


def _history(record: Record, name: str) -> list[JSON]:
    return [
        {
            "value": change.value or "",
            "timestamp": stamp(change.at),
            "sourceType": change.source,
            "sourceId": "userId:4410",
            "sourceLabel": "",
            "updatedByUserId": 4410,
        }
        for change in record.history.get(name, ())
    ]


def batch_read(account: Account, call: Call) -> Answer:
    """Up to 100 records by id, or by the property that idProperty names; 207 when some do not exist."""
    kind, body = call.path["kind"], call.object()
    history = body.get("propertiesWithHistory") or []
    largest = int(account.switch(points.HISTORY_BATCH_MAX)) if history else _BATCH
    wanted = call.ids(largest)
    found, missing = _pick(account, kind, wanted, body.get("idProperty"))
    rows = [shown(account, kind, record, body.get("properties") or (), history) for record in found]
    return batch_answer(account, rows, missing, kind)


def _pick(account: Account, kind: str, wanted: Sequence[str], key: str | None) -> tuple[list[Record], list[str]]:
    records = records_of(account, kind)
    known = {str(record.value(key)).lower(): record for record in records.values()} if key else records
    names = [name.lower() if key else name for name in wanted]
    return [known[name] for name in dict.fromkeys(names) if name in known], [
        name for name in names if name not in known
    ]


def batch_answer(account: Account, rows: Sequence[JSON], missing: Sequence[str], kind: str) -> Answer:
    """The reply to a batch: 200, or 207 with one error for all that do not exist."""
    now = stamp(account.clock.now())
    body: JSON = {"status": "COMPLETE", "results": list(rows), "startedAt": now, "completedAt": now}
    if not missing:
        return Answer(body)
    error = {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {kind.upper()} objects; they may not exist.",
        "context": {"ids": list(missing)},
    }
    return Answer(body | {"numErrors": 1, "errors": [error]}, 207)


def list_records(account: Account, call: Call) -> Answer:
    """A page of records, oldest id first."""
    kind, history = call.path["kind"], call.many("propertiesWithHistory")
    limit = call.limit(10, int(account.switch(points.HISTORY_BATCH_MAX)) if history else _BATCH)
    records = sorted(records_of(account, kind).values(), key=lambda record: int(record.id))
    answer = page(call, records, limit, total=False)
    answer["results"] = [shown(account, kind, one, call.many("properties"), history) for one in answer["results"]]
    return Answer(answer)


def get_record(account: Account, call: Call) -> Answer:
    """One record by id, or by the property that idProperty names."""
    kind, name = call.path["kind"], call.path["record_id"]
    found, _ = _pick(account, kind, [name], call.one("idProperty"))
    if not found:
        raise not_found(kind.removesuffix("s"), name)
    return Answer(shown(account, kind, found[0], call.many("properties"), call.many("propertiesWithHistory")))


def patch_record(account: Account, call: Call) -> Answer:
    """Write properties of one record."""
    kind, name = call.path["kind"], call.path["record_id"]
    found, _ = _pick(account, kind, [name], call.one("idProperty"))
    if not found:
        raise not_found(kind.removesuffix("s"), name)
    changes = call.object().get("properties", {})
    _check(account, kind, changes)
    return Answer(_write(account, kind, found[0], changes))


def batch_update(account: Account, call: Call) -> Answer:
    """Write properties of up to 100 records; nothing is written when any property or value is not allowed."""
    kind, names = call.path["kind"], call.ids(_BATCH)
    records, changes = records_of(account, kind), [one.get("properties", {}) for one in call.inputs(_BATCH)]
    for change in changes:
        _check(account, kind, change)
    rows = [
        _write(account, kind, records[name], change)
        for name, change in zip(names, changes, strict=True)
        if name in records
    ]
    return batch_answer(account, rows, [name for name in names if name not in records], kind)


def _check(account: Account, kind: str, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        definition = account.properties[kind].get(name)
        if definition is None:
            raise invalid(
                f'Property "{name}" does not exist', code="PROPERTY_DOESNT_EXIST", context={"propertyName": [name]}
            )
        if definition["modificationMetadata"]["readOnlyValue"]:
            raise invalid(f'"{name}" is a read only property', code="READ_ONLY_VALUE", context={"propertyName": [name]})
        allowed = {option["value"] for option in definition["options"]}
        if allowed and str(value) not in allowed | {""}:
            raise invalid(
                f"{value} was not one of the allowed options", code="INVALID_OPTION", context={"propertyName": [name]}
            )


def _write(account: Account, kind: str, record: Record, changes: Mapping[str, Any]) -> JSON:
    for name, value in changes.items():
        record.set(name, None if value in (None, "") else str(value), account.clock.now(), "INTEGRATION")
    return shown(account, kind, record, changes, ())


def search(account: Account, call: Call) -> Answer:
    """Records that match filter groups or a query; at most 200 a page and 10,000 in all."""
    kind, body = call.path["kind"], call.object()
    groups, limit, start = body.get("filterGroups") or [], call.number("limit", 10), call.number("after", 0)
    _check_search(account, kind, groups, limit, start)
    query = str(body.get("query") or "").lower()
    found = [
        record
        for record in records_of(account, kind).values()
        if matches_groups(groups, record) and (not query or _mentions(record, query))
    ]
    found = _sorted(found, body.get("sorts") or [])
    rows = [shown(account, kind, one, body.get("properties") or (), ()) for one in found[start : start + limit]]
    answer: JSON = {"total": len(found), "results": rows}
    if start + limit < len(found):
        answer["paging"] = {"next": {"after": str(start + limit), "link": f"{call.url}?after={start + limit}"}}
    return Answer(answer)


def _check_search(account: Account, kind: str, groups: Sequence[Mapping[str, Any]], limit: int, start: int) -> None:
    if not 0 < limit <= _SEARCH_PAGE:
        raise invalid(f"limit must be between 1 and {_SEARCH_PAGE}.", context={"limit": [str(limit)]})
    if start + limit > _SEARCH_DEPTH:
        raise invalid(f"Search reaches {_SEARCH_DEPTH} records at most.", context={"after": [str(start)]})
    sizes = [len(group.get("filters", ())) for group in groups]
    if len(groups) > 5 or any(size > 10 for size in sizes) or sum(sizes) > 25:
        raise invalid("A search takes 5 filter groups, 10 filters each and 25 in all.", code="TOO_MANY_FILTERS")
    for group in groups:
        for part in group.get("filters", ()):
            if part["propertyName"] not in account.properties[kind]:
                raise invalid(
                    f"There was a problem with the request: no property {part['propertyName']}.",
                    code="INVALID_PROPERTY",
                )


def _mentions(record: Record, query: str) -> bool:
    held = (record.value(name) or "" for name in ("email", "firstname", "lastname", "company", "phone", "dealname"))
    return any(query in value.lower() for value in held)


def _sorted(found: list[Record], sorts: Sequence[Any]) -> list[Record]:
    ordered = sorted(found, key=lambda record: int(record.id))
    for one in reversed(sorts):
        name = one.get("propertyName", "") if isinstance(one, dict) else str(one).lstrip("-")
        down = one.get("direction") == "DESCENDING" if isinstance(one, dict) else str(one).startswith("-")
        ordered.sort(key=lambda record: _Key(record.value(name) or ""), reverse=down)
    return ordered


class _Key:
    """Orders property values as search compares them."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __lt__(self, other: _Key) -> bool:
        return compare(self._value, other._value) < 0


_TICKET_STAGES = (("1", "New"), ("2", "Waiting on contact"), ("3", "Waiting on us"), ("4", "Closed"))


def pipelines(account: Account, call: Call) -> Answer:
    """The pipelines of an object type: tickets have the one that every account starts with."""
    records_of(account, call.path["kind"])
    made = stamp(_MADE)
    common = {"createdAt": made, "updatedAt": made, "archived": False}
    stages = [
        {
            "id": name,
            "label": label,
            "displayOrder": at,
            "metadata": {
                "ticketState": "CLOSED" if label == "Closed" else "OPEN",
                "isClosed": str(label == "Closed").lower(),
            },
            **common,
        }
        for at, (name, label) in enumerate(_TICKET_STAGES)
    ]
    support = {"id": "0", "label": "Support Pipeline", "displayOrder": 0, "stages": stages, **common}
    return Answer({"results": [support] if call.path["kind"] == "tickets" else []})


def read_links(account: Account, call: Call) -> Answer:
    """The records of one type that up to 1,000 records of another are associated with; 207 when some have none."""
    pair = (call.path["from_type"], call.path["to_type"])
    if pair not in _LINK_TYPES:
        raise invalid(f"No association is defined between {pair[0]} and {pair[1]}.", code="INVALID_ASSOCIATION")
    linked = account.links.get(pair, {})
    wanted = call.ids(_ASSOCIATION_BATCH)
    kind = {"category": "HUBSPOT_DEFINED", "typeId": _LINK_TYPES[pair], "label": None}
    rows = [
        {
            "from": {"id": name},
            "to": [{"toObjectId": _number(other), "associationTypes": [kind]} for other in linked[name]],
        }
        for name in wanted
        if name in linked
    ]
    without = [name for name in wanted if name not in linked]
    answer = batch_answer(account, rows, without, pair[1])
    if without:
        answer.body["errors"][0] |= {
            "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
            "message": f"No {pair[1]} are associated with some {pair[0]}.",
            "context": {"fromObjectId": without},
        }
    return answer


def _number(name: str) -> int:
    # Association replies have always had numbers here, where every other reply has strings.
    return int(name)
