"""What an account has whether a campaign uses it or not: its lists and segments, and every profile's properties."""

from __future__ import annotations

from collections.abc import Iterator

from presend.errors import Gone
from presend.model import OWN, Gap, ListRef
from presend.ports import Batch, Group, Role
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.definitions import definition_of
from presend_connectors.klaviyo.facts import properties
from presend_connectors.klaviyo.shapes import GroupRow, ProfileRow, Ref

_NOT_COUNTED = Gap("Klaviyo counts the members of one list at a time, slowly, so presend only asks whether it has any")
_COMPUTING = Gap("Klaviyo is computing the segment at this moment")
_GONE = Gap("it was deleted while presend was looking")
_PROFILES = [("page[size]", "100")]


def groups(client: Client) -> Iterator[Group]:
    """Every list and segment but presend's own. Raises PlatformError when any cannot be had."""
    for kind in ("list", "segment"):
        for page in client.pages(f"/api/{kind}s", GroupRow, f"the account's {kind}s"):
            for row in page.data:
                told = row.attributes
                name = told.name or row.id
                if name.startswith(OWN):
                    continue
                size = _COMPUTING if told.is_processing else _size(client, kind, row.id)
                yield Group(ListRef(row.id, kind, name), size, definition_of(name, told.definition))


def _size(client: Client, kind: str, key: str) -> int | Gap:
    """0 for a group without members; how many there are otherwise is too dear to ask."""
    path, query = f"/api/{kind}s/{{id}}/relationships/profiles", [("page[size]", "1")]
    try:
        page = next(client.pages(path, Ref, f"the members of {kind} {key}", query=query, id=key))
    except Gone:
        return _GONE
    return _NOT_COUNTED if page.data else 0


def contacts(client: Client) -> Iterator[Batch]:
    """Every profile with all its properties by the names templates use. Raises PlatformError."""
    what = "the account's profiles"
    for page in client.pages("/api/profiles", ProfileRow, what, query=_PROFILES):
        rows = [properties(row) for row in page.data]
        names = dict.fromkeys(name for row in rows for name in row)
        yield Batch(
            Role.INCLUDE,
            [row.id for row in page.data],
            {name: [row.get(name) for row in rows] for name in names},
            names=frozenset(names),
            source=what,
        )
