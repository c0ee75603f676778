"""What an account has whether an email uses it or not: its lists, and every contact's properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presend.errors import BadAnswer
from presend.model import OWN, Gap, ListRef
from presend.ports import Batch, Group, Role
from presend_connectors.hubspot import paths, wire
from presend_connectors.hubspot.client import BATCH_PAGE, Client
from presend_connectors.hubspot.facts import cell
from presend_connectors.hubspot.segments import definition

_NOT_COUNTED = Gap("HubSpot states no size")
_CONTACTS = "0-1"


def groups(client: Client) -> Iterator[Group]:
    """Every list of contacts but presend's own. Raises PlatformError when any cannot be had."""
    found = [one for one in client.all_lists() if one.object_type_id in ("", _CONTACTS)]
    # A search shows no filters; asking for lists by their ids does.
    with_filters = {str(one.list_id): one for one in client.lists([str(one.list_id) for one in found])}
    for one in found:
        if one.name.startswith(OWN):
            continue
        key = str(one.list_id)
        full = with_filters.get(key)
        if full is None:
            raise BadAnswer(f"HubSpot named the list {one.name} and did not show it", help="Run again.")
        kind = "segment" if one.processing_type == "DYNAMIC" else "list"
        shown = definition(full.name, full.processing_type, full.filter_branch)
        yield Group(ListRef(key, kind, one.name), _size(one), shown)


def _size(one: wire.FoundList) -> int | Gap:
    told = (one.additional_properties or {}).get("hs_list_size")
    return int(told) if told is not None and str(told).isdigit() else _NOT_COUNTED


def contacts(client: Client, names: Sequence[str]) -> Iterator[Batch]:
    """Every contact with these properties. Raises PlatformError when any page cannot be had.

    Ids are listed first and their properties asked in batches: hundreds of names do not fit into an address.
    """
    what = "the account's contacts"
    for page in client.pages(paths.OBJECTS, wire.Record, what, limit=BATCH_PAGE, kind="contacts"):
        records, _gone = client.records("contacts", [str(one.id) for one in page], names) if page else ([], set())
        yield Batch(
            Role.INCLUDE,
            [str(one.id) for one in records],
            {name: [cell(one, name) for one in records] for name in names},
            names=frozenset(names),
            source=what,
        )
