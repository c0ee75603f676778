"""People: reading, changing one, and importing many."""

from __future__ import annotations

from collections.abc import Callable
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
from presend_sandbox.klaviyo.groups import find as find_group
from presend_sandbox.klaviyo.state import Account, Consent, Job, Profile
from presend_sandbox.klaviyo.switches import IMPORT_JOB

RATE = (75, 750)
IMPORT_RATE = (10, 150)
MOST_IN_A_JOB = 10_000
NAMED = (
    "email",
    "phone_number",
    "external_id",
    "first_name",
    "last_name",
    "organization",
    "locale",
    "title",
    "image",
)
PLACE = (
    "address1",
    "address2",
    "city",
    "country",
    "latitude",
    "longitude",
    "region",
    "zip",
    "timezone",
    "ip",
)
_IDENTIFIERS = ("email", "phone_number", "external_id")
_TEXT = ("any", "equals")
_SUPPRESSED = "subscriptions.email.marketing.suppression"
_FILTERS = {
    "id": _TEXT,
    "email": _TEXT,
    "phone_number": _TEXT,
    "external_id": _TEXT,
    "created": ("greater-than", "less-than"),
    "updated": ("greater-than", "less-than"),
    f"{_SUPPRESSED}.reason": ("equals",),
}
_ORDER: dict[str, Callable[[Profile], Any]] = {
    "created": lambda row: row.created,
    "email": lambda row: row.attributes.get("email") or "",
    "id": lambda row: row.id,
    "updated": lambda row: (row.updated, row.id),
}


def _find(call: Call) -> Profile:
    if (row := call.account.profiles.get(call.path["id"])) is None:
        raise not_found("profile", call.path["id"])
    return row


def _values(row: Profile) -> dict[str, Any]:
    own = {name: row.attributes.get(name) for name in _IDENTIFIERS}
    return {
        "id": row.id,
        "created": row.created,
        "updated": row.updated,
        f"{_SUPPRESSED}.reason": [each["reason"] for each in row.consent.suppression],
        **own,
    }


def list_profiles(call: Call) -> Answer:
    call.include("conversations", "push-tokens")
    rows = select(call, [(row, _values(row)) for row in call.account.profiles.values()], _FILTERS)
    rows = ordered(call, rows, _ORDER)
    return page(call, rows, lambda row: shapes.profile(call, row), 20, 100)


def get_profile(call: Call) -> Answer:
    row = _find(call)
    wanted = call.include("conversations", "lists", "push-tokens", "segments")
    groups = [each for each in call.account.groups.values() if row.id in each.members and f"{each.kind}s" in wanted]
    included: list[Resource] | None = [shapes.group(call, each) for each in groups] if wanted else None
    return one(call, shapes.profile(call, row), included)


def change(row: Profile, attributes: dict[str, Any], patch: dict[str, Any]) -> None:
    """Set named attributes, place and properties (null stays null), then append, unappend and unset."""
    for name in NAMED:
        if name in attributes:
            row.attributes[name] = attributes[name]
    for name, value in (attributes.get("location") or {}).items():
        if name in PLACE:
            row.attributes["location"][name] = value
    properties = row.attributes["properties"]
    properties.update(attributes.get("properties") or {})
    for name, value in (patch.get("append") or {}).items():
        more = value if isinstance(value, list) else [value]
        properties[name] = [*_as_list(properties.get(name)), *more]
    for name, value in (patch.get("unappend") or {}).items():
        fewer = value if isinstance(value, list) else [value]
        properties[name] = [each for each in _as_list(properties.get(name)) if each not in fewer]
    unset = patch.get("unset") or []
    for name in [unset] if isinstance(unset, str) else unset:
        properties.pop(name, None)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _patch_of(data: dict[str, Any]) -> dict[str, Any]:
    return (data.get("meta") or {}).get("patch_properties") or {}


def patch_profile(call: Call) -> Answer:
    row = _find(call)
    data = call.data("profile")
    change(row, data.get("attributes") or {}, _patch_of(data))
    row.updated = call.account.now()
    return one(call, shapes.profile(call, row))


def _matching(account: Account, data: dict[str, Any]) -> Profile | None:
    own_id, attributes = data.get("id"), data.get("attributes") or {}
    if own_id:
        return account.profiles.get(own_id)
    for name in _IDENTIFIERS:
        if wanted := attributes.get(name):
            return next((row for row in account.profiles.values() if row.attributes.get(name) == wanted), None)
    return None


def _import_one(account: Account, data: dict[str, Any]) -> Profile | None:
    row = _matching(account, data)
    attributes = data.get("attributes") or {}
    if row is None:
        if data.get("id") or not any(attributes.get(name) for name in _IDENTIFIERS):
            return None
        row = blank(account)
    change(row, attributes, _patch_of(data))
    row.updated = account.now()
    return row


def blank(account: Account) -> Profile:
    """A new person of whom nothing is known yet."""
    attributes: dict[str, Any] = dict.fromkeys(NAMED)
    attributes |= {"location": dict.fromkeys(PLACE), "properties": {}}
    now = account.now()
    row = Profile(account.new_id("prof"), attributes, now, now, None, Consent("NEVER_SUBSCRIBED"))
    account.profiles[row.id] = row
    return row


def start_import(call: Call) -> Answer:
    data = call.data("profile-bulk-import-job")
    people = ((data.get("attributes") or {}).get("profiles") or {}).get("data")
    pointer = "/data/attributes/profiles/data"
    if not isinstance(people, list) or not people:
        raise invalid("profiles are required.", pointer)
    if len(people) > MOST_IN_A_JOB:
        raise invalid(f"At most {MOST_IN_A_JOB} profiles can be imported in one job.", pointer)
    named = ((data.get("relationships") or {}).get("lists") or {}).get("data") or []
    lists = [find_group(call, "list", str(each.get("id"))) for each in named]
    rows = [_import_one(call.account, each) for each in people]
    for row in rows:
        for each in lists if row else []:
            each.members.setdefault(row.id if row else "", call.account.now())
    job = Job(
        call.account.new_id("job"),
        call.account.now(),
        len(rows),
        rows.count(None),
        [each.id for each in lists],
    )
    call.account.jobs[job.id] = job
    return one(call, shapes.job(call, job, False), status=202)


def get_import(call: Call) -> Answer:
    job = call.account.jobs.get(call.path["job_id"])
    if job is None:
        raise not_found("profile-bulk-import-job", call.path["job_id"])
    wanted = call.include("lists")
    job.looks += 1
    complete = job.looks >= (1 if call.account.choice(IMPORT_JOB) == "first_poll" else 3)
    included = [shapes.group(call, call.account.groups[each]) for each in job.lists] if wanted else None
    return one(call, shapes.job(call, job, complete), included)


_IMPORT = ("lists:write", "profiles:write")
OPERATIONS = [
    Operation("GET", "/api/profiles", ("profiles:read",), RATE, list_profiles),
    Operation("GET", "/api/profiles/{id}", ("profiles:read",), RATE, get_profile),
    Operation("PATCH", "/api/profiles/{id}", ("profiles:write",), RATE, patch_profile),
    Operation("POST", "/api/profile-bulk-import-jobs", _IMPORT, IMPORT_RATE, start_import),
    Operation(
        "GET",
        "/api/profile-bulk-import-jobs/{job_id}",
        ("lists:read", "profiles:read"),
        IMPORT_RATE,
        get_import,
    ),
]
