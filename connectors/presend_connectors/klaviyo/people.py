"""A campaign's recipients in pages of columns: members of what it includes, then ids of those it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from presend.errors import BadAnswer
from presend.model import Campaign
from presend.ports import Batch, Role
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.facts import Person, Wanted, person
from presend_connectors.klaviyo.groups import EVERYONE, Group, Groups
from presend_connectors.klaviyo.shapes import ProfileRow, Ref

_SIZE = ("page[size]", "100")
_ATTRIBUTES = (
    "email,phone_number,external_id,first_name,last_name,organization,locale,title,image,created,updated,"
    "last_event_date,location,properties,subscriptions"
)
_WHOLE = [_SIZE, ("additional-fields[profile]", "subscriptions"), ("fields[profile]", _ATTRIBUTES)]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom one message goes to."""

    included: tuple[str, ...]
    excluded: tuple[str, ...]
    ignoring_unsubscribes: bool = False


def targets(campaign: Campaign, *, everybody: bool = False) -> list[Target]:
    """The distinct audiences of the campaign's messages, in their order; `everybody`: as if presend left nobody out."""
    found: list[Target] = []
    for row in campaign.schedule.restore.get("messages", []):
        options: dict[str, Any] = row["send_options"]
        excluded = (key for key in row["excluded"] if not (everybody and key in row["own"]))
        target = Target(tuple(row["included"]), tuple(excluded), bool(options.get("is_ignoring_unsubscribes")))
        if target not in found:
            found.append(target)
    return found


def read(
    client: Client, groups: Groups, campaign: Campaign, wanted: Wanted, *, everybody: bool = False
) -> Iterator[Batch]:
    """All recipients, INCLUDE first; `everybody`: with those whom presend leaves out.

    Raises PlatformError when any page, list or segment cannot be had.
    """
    if any(ref.kind == EVERYONE for ref in campaign.audience.included):
        pages = client.pages("/api/profiles", ProfileRow, "the account's profiles", query=_WHOLE)
        yield from _batches(pages, replace(wanted, lists=frozenset()), "the account's profiles", [])
        return
    found = targets(campaign, everybody=everybody)
    wanted = replace(
        wanted,
        ignoring_unsubscribes=any(target.ignoring_unsubscribes for target in found),
        touched=_touched(client, groups, campaign) if everybody else frozenset(),
    )
    members: dict[str, set[str]] = {}
    barred: list[Person] = []
    settled: list[Group] = []
    for key in dict.fromkeys(key for target in found for key in target.included):
        group = groups.find(key)
        if not group.processing:
            settled.append(group)
        ids = members.setdefault(key, set()) if len(found) > 1 else None
        for batch in _members(client, group, wanted, barred):
            if ids is not None:
                ids.update(batch.ids)
            yield batch
        if ids is not None:
            ids.update(each.id for each in barred)
    if barred:
        # Whom another included list still reaches was handed out before, and an audience keeps the first row of an id.
        yield _batch(barred, wanted, "people suppressed for one of the lists")
    yield from _left_out(client, groups, found, members)
    for group in settled:
        if groups.processing(group):
            raise BadAnswer(
                f"Klaviyo began to compute the segment {group.name} anew while its members were read",
                help="Run again when it is done.",
            )


def _touched(client: Client, groups: Groups, campaign: Campaign) -> frozenset[str]:
    """Who is on presend's own lists of the campaign."""
    own = dict.fromkeys(key for row in campaign.schedule.restore.get("messages", []) for key in row["own"])
    return frozenset(one for key in own for batch in _ids(client, groups.find(key)) for one in batch.ids)


def _members(client: Client, group: Group, wanted: Wanted, barred: list[Person]) -> Iterator[Batch]:
    what = f"the profiles of {group.kind} {group.name}"
    pages = client.pages(f"/api/{group.kind}s/{{id}}/profiles", ProfileRow, what, query=_WHOLE, id=group.id)
    yield from _batches(pages, replace(wanted, lists=frozenset({group.id})), what, barred)


def _batches(pages: Iterator[Any], wanted: Wanted, source: str, barred: list[Person]) -> Iterator[Batch]:
    for page in pages:
        rows = [person(row, wanted) for row in page.data]
        barred += [each for each in rows if each.only_here]
        yield _batch([each for each in rows if not each.only_here], wanted, source)


def _batch(rows: Sequence[Person], wanted: Wanted, source: str) -> Batch:
    names = frozenset().union(*(row.names for row in rows)) if rows else frozenset()
    present = dict.fromkeys([*wanted.columns, *(name for row in rows for name in row.cells)])
    return Batch(
        role=Role.INCLUDE,
        ids=[row.id for row in rows],
        columns={name: [row.cells.get(name) for row in rows] for name in present},
        suppressed=[row.why_not for row in rows],
        names=names,
        source=source,
    )


def _left_out(client: Client, groups: Groups, found: Sequence[Target], members: dict[str, set[str]]) -> Iterator[Batch]:
    """Those excluded; with several audiences, those whom no message reaches."""
    if len(found) == 1:
        for key in found[0].excluded:
            yield from _ids(client, groups.find(key))
        return
    gone: dict[str, set[str]] = {}
    for key in dict.fromkeys(key for target in found for key in target.excluded):
        gone[key] = {each for batch in _ids(client, groups.find(key)) for each in batch.ids}
    reached: set[str] = set()
    for target in found:
        taken = set().union(*(members[key] for key in target.included))
        reached |= taken - set().union(*(gone[key] for key in target.excluded))
    everyone = set().union(*members.values()) if members else set()
    if out := sorted(everyone - reached):
        yield Batch(Role.EXCLUDE, out, source="people whom no message of the campaign reaches")


def _ids(client: Client, group: Group) -> Iterator[Batch]:
    what = f"the ids of {group.kind} {group.name}"
    path = f"/api/{group.kind}s/{{id}}/relationships/profiles"
    for page in client.pages(path, Ref, what, query=[_SIZE], id=group.id):
        yield Batch(Role.EXCLUDE, [each.id for each in page.data], source=what)
