"""Lists of contacts: read, search, create, and who is in them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from presend_sandbox.hubspot.api import Answer, Call, page
from presend_sandbox.hubspot.errors import Refusal, invalid, not_found
from presend_sandbox.hubspot.sending import members_of
from presend_sandbox.hubspot.state import JSON, Account, ContactList, stamp

_CONTACTS = "0-1"
_LARGEST_SEARCH = 500
_LARGEST_CHANGE = 100_000


def find_list(account: Account, call: Call) -> ContactList:
    """The list that the path names."""
    name = call.path["list_id"]
    if name not in account.lists:
        raise not_found("list", name)
    return account.lists[name]


def _shown(account: Account, found: ContactList, *, filters: bool) -> JSON:
    shown: JSON = {
        "listId": found.id,
        "listVersion": found.version,
        "name": found.name,
        "objectTypeId": _CONTACTS,
        "processingType": found.processing,
        "processingStatus": "COMPLETE",
        "size": len(members_of(account, found)),
        "createdAt": stamp(found.created),
        "createdById": account.reference("4410"),
        "updatedAt": stamp(found.updated),
        "updatedById": account.reference("4410"),
    }
    if found.branch is not None:
        shown["filtersUpdatedAt"] = stamp(found.updated)
    if filters and found.branch is not None:
        shown["filterBranch"] = copy.deepcopy(found.branch)
    return shown


def get_list(account: Account, call: Call) -> Answer:
    """One list; its filterBranch only with includeFilters."""
    return Answer({"list": _shown(account, find_list(account, call), filters=bool(call.flag("includeFilters")))})


def get_list_by_name(account: Account, call: Call) -> Answer:
    """The list of that name, if its objects are contacts."""
    for found in account.lists.values():
        if found.name == call.path["list_name"] and call.path["object_type"] == _CONTACTS:
            return Answer({"list": _shown(account, found, filters=bool(call.flag("includeFilters")))})
    raise not_found("list named", call.path["list_name"])


def get_lists(account: Account, call: Call) -> Answer:
    """The lists with the given ids; unknown ids are left out without a word."""
    filters = bool(call.flag("includeFilters"))
    wanted = [account.lists[name] for name in call.many("listIds") if name in account.lists]
    return Answer({"lists": [_shown(account, found, filters=filters) for found in wanted]})


def search_lists(account: Account, call: Call) -> Answer:
    """Lists by name, id or type; at most 500 a page."""
    body = call.object()
    count, offset = call.number("count", 20), call.number("offset", 0)
    if count > _LARGEST_SEARCH:
        raise invalid(f"count must not be more than {_LARGEST_SEARCH}.", context={"count": [str(count)]})
    query, ids, kinds = str(body.get("query") or "").lower(), body.get("listIds"), body.get("processingTypes")
    wanted = [
        found
        for found in account.lists.values()
        if query in found.name.lower()
        and (not ids or found.id in {str(one) for one in ids})
        and (not kinds or found.processing in kinds)
    ]
    chosen = wanted[offset : offset + count]
    return Answer(
        {
            "total": len(wanted),
            "offset": offset + len(chosen),
            "hasMore": offset + len(chosen) < len(wanted),
            "lists": [_found(account, found) for found in chosen],
        }
    )


def _found(account: Account, found: ContactList) -> JSON:
    shown = _shown(account, found, filters=False)
    size = shown.pop("size")
    return shown | {"additionalProperties": {"hs_list_size": str(size)}}


def create_list(account: Account, call: Call) -> Answer:
    """A new MANUAL or SNAPSHOT list, empty."""
    body = call.object()
    name, processing = body.get("name"), body.get("processingType")
    if not name or body.get("objectTypeId") != _CONTACTS:
        raise invalid("A list needs a name and the objectTypeId 0-1.", code="REQUIRED_FIELD")
    if processing not in ("MANUAL", "SNAPSHOT"):
        raise invalid("processingType must be MANUAL or SNAPSHOT for a list without filters.", code="INVALID_VALUE")
    if any(found.name == name for found in account.lists.values()):
        raise invalid(f"A list named {name} exists already.", code="DUPLICATE_LIST_NAMES")
    now = account.clock.now()
    found = ContactList(account.fresh_id(), name, processing, now, now)
    account.lists[found.id] = found
    return Answer({"list": _shown(account, found, filters=False)})


def delete_list(account: Account, call: Call) -> Answer:
    """Remove a list; its contacts stay."""
    del account.lists[find_list(account, call).id]
    return Answer(status=204)


def memberships(account: Account, call: Call) -> Answer:
    """Who is in a list, by record id; at most 250 a page."""
    return _members(account, call, lambda row: (int(row[0]), row[1]))


def memberships_by_joining(account: Account, call: Call) -> Answer:
    """Who is in a list, by when they joined."""
    return _members(account, call, lambda row: (row[1], int(row[0])))


def _members(account: Account, call: Call, order: Callable[[tuple[str, datetime]], Any]) -> Answer:
    limit = call.limit(100, 250)
    rows = sorted(members_of(account, find_list(account, call)).items(), key=order)
    shown = [{"recordId": account.reference(name), "membershipTimestamp": stamp(joined)} for name, joined in rows]
    return Answer(page(call, shown, limit))


def add_members(account: Account, call: Call) -> Answer:
    """Add the records of a JSON array of ids."""
    return _change(account, call, _ids(call.body), [])


def remove_members(account: Account, call: Call) -> Answer:
    """Remove the records of a JSON array of ids."""
    return _change(account, call, [], _ids(call.body))


def change_members(account: Account, call: Call) -> Answer:
    """Add some records and remove others in one go."""
    body = call.object()
    return _change(account, call, _ids(body.get("recordIdsToAdd", [])), _ids(body.get("recordIdsToRemove", [])))


def _ids(body: Any) -> list[str]:
    if not isinstance(body, list):
        raise invalid("Invalid input JSON: an array of record ids is needed.")
    if len(body) > _LARGEST_CHANGE:
        raise invalid(f"At most {_LARGEST_CHANGE} records can be changed at once.")
    return [str(one) for one in body]


def _change(account: Account, call: Call, adding: list[str], removing: list[str]) -> Answer:
    found = find_list(account, call)
    if found.processing == "DYNAMIC":
        raise Refusal(
            400,
            "VALIDATION_ERROR",
            f"The memberships of list {found.id} follow from its filters and cannot be written.",
        )
    added = [name for name in adding if name in account.contacts and name not in found.members]
    removed = [name for name in removing if name in found.members]
    for name in added:
        found.members[name] = account.clock.now()
    for name in removed:
        del found.members[name]
    found.updated = account.clock.now()
    missing = [name for name in [*adding, *removing] if name not in account.contacts]
    return Answer(
        {
            # The missing "Id" of the first name is HubSpot's own.
            "recordsIdsAdded": _written(account, added),
            "recordIdsRemoved": _written(account, removed),
            "recordIdsMissing": _written(account, missing),
        }
    )


def _written(account: Account, names: Iterable[str]) -> list[str | int]:
    return [account.reference(name) for name in names]


def translate_id(account: Account, call: Call) -> Answer:
    """The list id that belongs to one legacy list id."""
    wanted = call.one("legacyListId") or ""
    for found in account.lists.values():
        if found.legacy_id == wanted:
            return Answer({"listId": found.id, "legacyListId": wanted})
    raise not_found("legacy list", wanted)


def translate_ids(account: Account, call: Call) -> Answer:
    """The list ids that belong to legacy list ids, and those that have none."""
    wanted = _ids(call.body)
    known = {found.legacy_id: found.id for found in account.lists.values() if found.legacy_id}
    return Answer(
        {
            "legacyListIdsToIdsMapping": [
                {"listId": known[name], "legacyListId": name} for name in wanted if name in known
            ],
            "missingLegacyListIds": [name for name in wanted if name not in known],
        }
    )
