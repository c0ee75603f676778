"""The part of the writer that keeps a list of presend's own: found or made by its name, filled with exactly some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from presend.errors import BadAnswer, Gone, PlatformError, Refused, Unconfirmed
from presend.model import OUT, DeedState, Gap, Receipt
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.definitions import conditions_of
from presend_connectors.klaviyo.flows import FlowRow
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.shapes import Document, GroupAttributes, Ref, ToMany
from presend_connectors.klaviyo.writer_people import property_name

MOST_A_CALL = 1_000
"""Profiles that one call adds to a list, or takes off it."""
LOOKS = 5
"""How often a write is looked for before it counts as unconfirmed; with the pauses, about eleven seconds."""

_LISTS, _MEMBERS = "/api/lists", "/api/lists/{id}/relationships/profiles"

Pause = Callable[[int], None]


class _Relations(msgspec.Struct, frozen=True, rename={"flows": "flow-triggers"}):
    flows: ToMany | None = None


class ListRow(msgspec.Struct, frozen=True):
    """A list or a segment, and the flows that it starts."""

    id: str
    attributes: GroupAttributes
    relationships: _Relations | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A list of a name, and the names of the live flows that joining it starts."""

    id: str
    live: tuple[str, ...] = ()


def named(client: Client, name: str) -> list[Named]:
    """The lists of exactly that name. Raises PlatformError when Klaviyo cannot be asked."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    query = [("filter", f'equals(name,"{quoted}")'), ("page[size]", "10"), ("include", "flow-triggers")]
    found: dict[str, Named] = {}
    for page in client.pages(_LISTS, ListRow, f"the list {name}", query=query):
        flows = _flows(page.included)
        found |= {row.id: Named(row.id, _live(row, flows)) for row in page.data if row.attributes.name == name}
    return list(found.values())


def _live(row: ListRow, flows: Mapping[str, FlowRow]) -> tuple[str, ...]:
    """Names of the live flows that joining starts; one without a status counts: joining must start nothing."""
    starts = row.relationships.flows if row.relationships else None
    if starts is None or starts.data is None:
        raise BadAnswer(f"Klaviyo did not say which flows {row.id} starts", help="Look at its flows in Klaviyo.")
    rows = [(each.id, flows.get(each.id)) for each in starts.data]
    # One that was named and not described is as good as live.
    return tuple(
        (row.attributes.name if row else "") or key
        for key, row in rows
        if row is None or row.attributes.status in (None, "live")
    )


def _flows(included: Iterable[msgspec.Raw]) -> dict[str, FlowRow]:
    found: dict[str, FlowRow] = {}
    for raw in included:
        try:
            if msgspec.json.decode(raw, type=Ref).type == "flow":
                row = msgspec.json.decode(raw, type=FlowRow)
                found[row.id] = row
        except msgspec.ValidationError as error:
            raise BadAnswer("Klaviyo described a flow that a list starts in a way its API does not promise") from error
    return found


def bound(client: Client, label: str) -> Sequence[str] | Gap:
    """Names of the live flows that the list of that name starts, or a segment that looks at it or the property.

    A Gap for a property at which no segment looks: a flow can look at it by itself, and Klaviyo does not tell.
    """
    try:
        live = _starts(client, label, named(client, label))
    except PlatformError as error:
        return Gap(f"whether a flow starts from {label} could not be looked at: {sentence(error)}")
    if live or label.startswith(OUT):
        return tuple(dict.fromkeys(live))
    return Gap(
        f"Klaviyo does not tell which flows look at the profile property {property_name(label)}: one that does would "
        "start when people are marked"
    )


def _starts(client: Client, label: str, lists: Sequence[Named]) -> list[str]:
    """Names of the live flows that joining these lists starts, by itself or by a segment. Raises PlatformError."""
    live = [name for one in lists for name in one.live]
    if lists or not label.startswith(OUT):
        live += _by_segments(client, property_name(label), [one.id for one in lists])
    return live


def _by_segments(client: Client, name: str, lists: Sequence[str]) -> list[str]:
    """Names of the live flows of segments that look at the property or at being on one of the lists."""
    query = [("page[size]", "10"), ("include", "flow-triggers")]
    found: list[str] = []
    for page in client.pages("/api/segments", ListRow, "the segments that start flows", query=query):
        flows = _flows(page.included)
        for row in page.data:
            definition = row.attributes.definition
            looks = definition is None or any(each.column == name for each in conditions_of(definition))
            if looks or any(f'"{one}"' in msgspec.json.encode(definition).decode() for one in lists):
                found += _live(row, flows)
    return found


def exactly(client: Client, label: str, ids: Sequence[str], pause: Pause) -> str | Receipt:
    """The id of the list of that name once exactly `ids` were seen on it; else the receipt that says why not."""
    found = _found_or_made(client, label, pause)
    if isinstance(found, Receipt):
        return found
    try:
        live = _starts(client, label, [found])
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"whether a flow starts from {label} could not be seen: {sentence(error)}")
    if live:
        flows = ", ".join(live)
        return Receipt(DeedState.FAILED, f"joining the list {label} starts the live flow {flows}, so nobody joined it")
    wanted = set(ids)
    try:
        before = members(client, found.id, label)
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"who is on the list {label} could not be read: {sentence(error)}")
    refused = _change(client, "POST", found.id, label, sorted(wanted - before)) or _change(
        client, "DELETE", found.id, label, sorted(before - wanted)
    )
    after: set[str] | None = None
    for look in range(1 if surely_not_done(refused) else LOOKS):
        if look:
            pause(look)
        try:
            after = members(client, found.id, label)
        except PlatformError:
            after = None  # an older look says nothing about now
        if after == wanted:
            return found.id
    because = f": {_why(refused)}" if refused else ""
    if after is None:
        return Receipt(DeedState.UNKNOWN, f"who is on the list {label} could not be seen{because}")
    state = DeedState.FAILED if surely_not_done(refused) else DeedState.UNKNOWN
    shown = f"{len(after & wanted)} of {len(wanted)} profiles are on the list {label}, and {len(after - wanted)} others"
    return Receipt(state, f"{shown}{because}")


def _why(error: PlatformError) -> str:
    """Why a list was not changed, without the id of a person: Klaviyo names whom it does not have."""
    if isinstance(error, Gone):
        return "Klaviyo does not have the list or one of these profiles any more: run again"
    return sentence(error)


def surely_not_done(error: PlatformError | None) -> bool:
    """Whether an error of a write says that Klaviyo did nothing."""
    return isinstance(error, (Refused, Gone, BadAnswer))


def members(client: Client, list_id: str, label: str) -> set[str]:
    """Ids of the profiles on a list. Raises PlatformError."""
    pages = client.pages(_MEMBERS, Ref, f"the members of the list {label}", query=[("page[size]", "100")], id=list_id)
    return {row.id for page in pages for row in page.data}


def _found_or_made(client: Client, label: str, pause: Pause) -> Named | Receipt:
    try:
        there = named(client, label)
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"whether there is a list {label} could not be read: {sentence(error)}")
    if len(there) == 1:
        return there[0]
    if there:
        return Receipt(DeedState.FAILED, f"Klaviyo has {len(there)} lists named {label}: delete all but one")
    refused: PlatformError | None = None
    data = {"type": "list", "attributes": {"name": label}}
    try:
        answer = client.write("POST", _LISTS, {"data": data}, f"making the list {label}")
        made = msgspec.json.decode(answer.body, type=Document[ListRow]).data
        if made.attributes.name == label:
            return Named(made.id)
    except PlatformError as error:
        refused = error  # it may be there all the same
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass  # made, but not named: the look that follows tells
    for look in range(LOOKS if refused is None or isinstance(refused, Unconfirmed) else 1):
        if look:
            pause(look)
        try:
            there = named(client, label)
        except PlatformError:
            continue
        if len(there) == 1:
            return there[0]
    if refused is not None and not isinstance(refused, Unconfirmed):
        return Receipt(DeedState.FAILED, f"the list {label} was not made: {sentence(refused)}")
    return Receipt(DeedState.UNKNOWN, f"whether the list {label} was made could not be seen")


def _change(client: Client, method: str, list_id: str, label: str, ids: Sequence[str]) -> PlatformError | None:
    """Add profiles to a list (POST) or take them off it (DELETE); the first error, after which nothing was tried."""
    for start in range(0, len(ids), MOST_A_CALL):
        rows = [{"type": "profile", "id": one} for one in ids[start : start + MOST_A_CALL]]
        try:
            # Being on a list twice is being on it once: it may be said again.
            client.write(method, _MEMBERS, {"data": rows}, f"changing the list {label}", repeatable=True, id=list_id)
        except PlatformError as error:
            return error
    return None
