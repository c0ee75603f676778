"""Lists and segments, and who is on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from presend_sandbox.klaviyo import shapes
from presend_sandbox.klaviyo.api import (
    Answer,
    Call,
    Operation,
    Resource,
    invalid,
    not_found,
    one,
    ordered,
    page,
    select,
)
from presend_sandbox.klaviyo.state import Group, Profile
from presend_sandbox.klaviyo.switches import LIST_CHANGE, NEW_LIST

RATE = (75, 750)
WRITE_RATE = (10, 150)
COUNT_RATE = (1, 15)
MOST_A_CALL = 1000
_NAMED = {
    "name": ("any", "equals"),
    "id": ("any", "equals"),
    "created": ("greater-than",),
    "updated": ("greater-than",),
}
_SEGMENT_ONLY = {"is_active": ("any", "equals"), "is_starred": ("equals",)}
_JOINED = ("greater-or-equal", "greater-than", "less-or-equal", "less-than")
_MEMBERS = {"email": ("any", "equals"), "phone_number": ("any", "equals"), "joined_group_at": _JOINED}
_ORDER: dict[str, Callable[[Group], Any]] = {
    "created": lambda row: row.created,
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "updated": lambda row: row.updated,
}

Member = tuple[Profile, datetime]


def find(call: Call, kind: str, key: str | None = None) -> Group:
    own_id = key or call.path["id"]
    row = call.account.groups.get(own_id)
    if row is None or row.kind != kind:
        raise not_found(kind, own_id)
    return row


def _flows(call: Call, rows: list[Group], wanted: list[str]) -> list[Resource] | None:
    if not wanted:
        return None
    ids = dict.fromkeys(each for row in rows for each in row.flows) if "flow-triggers" in wanted else {}
    return [shapes.flow(call, call.account.flows[each]) for each in ids]


def _list_of(kind: str) -> Callable[[Call], Answer]:
    allowed = _NAMED if kind == "list" else {**_NAMED, **_SEGMENT_ONLY}

    def answer(call: Call) -> Answer:
        rows = [row for row in call.account.groups.values() if row.kind == kind and _found(row)]
        values = [(row, _values(row)) for row in rows]
        wanted = call.include("flow-triggers", "tags")
        found = ordered(call, select(call, values, allowed), _ORDER)
        included = (lambda shown: _flows(call, shown, wanted) or []) if wanted else None
        return page(call, found, lambda row: shapes.group(call, row), 10, 10, included)

    return answer


def _found(row: Group) -> bool:
    """Whether a list of groups shows this one yet; counts the look."""
    row.unseen = max(row.unseen - 1, 0)
    return not row.unseen


def _values(row: Group) -> dict[str, Any]:
    own = {"id": row.id, "name": row.name, "created": row.created, "updated": row.updated}
    return {**own, "is_active": True, "is_starred": row.starred}


def _get(kind: str) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        row = find(call, kind)
        wanted = call.include("flow-triggers", "tags")
        counted = "profile_count" in call.names(f"additional-fields[{kind}]")
        return one(call, shapes.group(call, row, counted), _flows(call, [row], wanted))

    return answer


def _members(call: Call, row: Group) -> list[Member]:
    people = [
        (call.account.profiles[who], joined) for who, joined in row.members.items() if who in call.account.profiles
    ]
    if shapes.computing(call, row):
        # A segment that still computes shows only part of its members, without saying how many are missing.
        people = people[: len(people) // 2]
    values = [(pair, _member_values(pair)) for pair in people]
    allowed = _MEMBERS if row.kind == "list" else {**_MEMBERS, "profile_id": ("any", "equals")}
    found = select(call, values, allowed)
    newest_first = sorted(found, key=lambda pair: (pair[1], pair[0].id), reverse=True)
    return ordered(call, newest_first, {"joined_group_at": lambda pair: (pair[1], pair[0].id)})


def _member_values(pair: Member) -> dict[str, Any]:
    own = pair[0].attributes
    return {
        "profile_id": pair[0].id,
        "email": own.get("email"),
        "phone_number": own.get("phone_number"),
        "joined_group_at": pair[1],
    }


def _profiles(kind: str) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        rows = _members(call, find(call, kind))
        return page(call, rows, lambda pair: shapes.profile(call, pair[0], pair[1]), 20, 100)

    return answer


def _profile_ids(kind: str) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        rows = _members(call, find(call, kind))
        return page(call, rows, lambda pair: {"type": "profile", "id": pair[0].id}, 20, 100)

    return answer


def _flow_triggers(kind: str) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        rows = [call.account.flows[each] for each in find(call, kind).flows]
        return page(call, rows, lambda row: shapes.flow(call, row), 100, 100)

    return answer


def create_list(call: Call) -> Answer:
    attributes = call.data("list").get("attributes") or {}
    name = attributes.get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid("name is required.", "/data/attributes/name")
    now = call.account.now()
    row = Group(call.account.new_id("list"), "list", name, now, now)
    row.opt_in_process = attributes.get("opt_in_process") or "double_opt_in"
    row.unseen = 0 if call.account.choice(NEW_LIST) == "at_once" else 3
    call.account.groups[row.id] = row
    return one(call, shapes.group(call, row), status=201)


def _named_profiles(call: Call) -> list[str]:
    data = call.body.get("data") if isinstance(call.body, dict) else None
    if not isinstance(data, list) or not data:
        raise invalid("data must be a list of profiles.", "/data")
    if len(data) > MOST_A_CALL:
        raise invalid(f"At most {MOST_A_CALL} profiles can be given in one call.", "/data")
    ids = [str(each.get("id")) for each in data]
    if unknown := [each for each in ids if each not in call.account.profiles]:
        raise not_found("profile", unknown[0])
    return ids


def add_profiles(call: Call) -> Answer:
    row = find(call, "list")
    for each in _named_profiles(call):
        row.members.setdefault(each, call.account.now())
        _touched(call, each)
    return Answer(204)


def remove_profiles(call: Call) -> Answer:
    row = find(call, "list")
    for each in _named_profiles(call):
        row.members.pop(each, None)
        _touched(call, each)
    return Answer(204)


def _touched(call: Call, profile: str) -> None:
    if call.account.choice(LIST_CHANGE) == "yes":
        call.account.profiles[profile].updated = call.account.now()


def _readers(kind: str) -> list[Operation]:
    base = f"/api/{kind}s"
    read, people = (f"{kind}s:read",), (f"{kind}s:read", "profiles:read")
    return [
        Operation("GET", base, read, RATE, _list_of(kind)),
        Operation("GET", f"{base}/{{id}}", read, RATE, _get(kind)),
        Operation("GET", f"{base}/{{id}}/profiles", people, RATE, _profiles(kind)),
        Operation("GET", f"{base}/{{id}}/relationships/profiles", people, RATE, _profile_ids(kind)),
        Operation("GET", f"{base}/{{id}}/flow-triggers", (*read, "flows:read"), RATE, _flow_triggers(kind)),
    ]


_CHANGE = ("lists:write", "profiles:write")
OPERATIONS = [
    *_readers("list"),
    *_readers("segment"),
    Operation("POST", "/api/lists", ("lists:write",), WRITE_RATE, create_list),
    Operation("POST", "/api/lists/{id}/relationships/profiles", _CHANGE, WRITE_RATE, add_profiles),
    Operation("DELETE", "/api/lists/{id}/relationships/profiles", _CHANGE, WRITE_RATE, remove_profiles),
]
