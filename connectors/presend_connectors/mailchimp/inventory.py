"""What an account has whether a campaign uses it or not: its lists, segments and tags, and every contact's fields."""

from __future__ import annotations

from collections.abc import Iterator

from presend.model import OWN, Gap, ListRef
from presend.ports import Batch, Group, Role
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.definitions import definition
from presend_connectors.mailchimp.facts import merge_cell
from presend_connectors.mailchimp.listing import Listing, fields_of
from presend_connectors.mailchimp.normalise import condition_of

_NOT_COUNTED = Gap("Mailchimp states no size")


def groups(client: Client) -> Iterator[Group]:
    """Every list, saved segment and tag but presend's own. Raises PlatformError when any cannot be had."""
    for row in client.lists():
        size = _NOT_COUNTED if row.stats.member_count is None else row.stats.member_count
        yield Group(ListRef(row.id, "list", row.name), size)
        listing = Listing(row.id, fields_of(client.merge_fields(row.id)), ())
        for segment in client.whole_segments(row.id):
            if not segment.name.startswith(OWN):
                yield _group(segment, listing)


def _group(segment: wire.Segment, listing: Listing) -> Group:
    kind = "tag" if segment.type == "static" else "segment"
    size = _NOT_COUNTED if segment.member_count is None else segment.member_count
    shown = None
    if segment.options is not None and kind == "segment":
        match, rows = segment.options.match, segment.options.conditions
        shown = definition(segment.name, match, rows, lambda each: condition_of(each, listing))
    return Group(ListRef(str(segment.id), kind, segment.name), size, shown)


def contacts(client: Client) -> Iterator[Batch]:
    """The contacts of every list with all their merge fields; who is on two lists comes twice. Raises PlatformError."""
    for row in client.lists():
        tags = [field.tag for field in fields_of(client.merge_fields(row.id))]
        for page in client.members(row.id):
            yield Batch(
                Role.INCLUDE,
                [member.id for member in page],
                {tag: [merge_cell(member, tag) for member in page] for tag in tags},
                names=frozenset(tags),
                source=row.name or row.id,
            )
