"""The part of the writer that leaves people out of a held campaign, by a list of presend's own that it excludes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from presend.errors import BadAnswer, PlatformError
from presend.model import Ability, Able, Campaign, DeedState, Gap, Kind, Receipt, Reversible, State
from presend_connectors.klaviyo import writer_lists
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.groups import Groups
from presend_connectors.klaviyo.plans import AGAIN, saved_messages, worst
from presend_connectors.klaviyo.shapes import AudienceRow, Document, MessageRow, Ref
from presend_connectors.klaviyo.times import STOP_BEFORE, stamp

LOOKS = 5
"""How often a write is looked for before it counts as unconfirmed."""

_AUDIENCE = "/api/campaign-audiences/{id}"
_WRITABLE = ("name", "included", "excluded", "priority")
_STILL = frozenset({"draft", "sent", "cancelled"})
"""Statuses in which an edit of the audience moves nobody."""

Pause = Callable[[int], None]


class _Attributes(msgspec.Struct, frozen=True):
    definition: dict[str, Any]


class WholeAudience(msgspec.Struct, frozen=True):
    """An audience with everything it says of itself."""

    id: str
    attributes: _Attributes


@dataclass(frozen=True, slots=True)
class Held:
    """An audience and the messages that go to it."""

    id: str
    definition: Mapping[str, Any]
    messages: tuple[MessageRow, ...]

    def ids(self, side: str) -> list[str]:
        """The lists and segments on a side, `included` or `excluded`."""
        return [str(each) for each in self.definition.get(side) or []]


# ---- beforehand


def ability(campaign: Campaign, now: datetime) -> Ability:
    """Whether people can be left out of a campaign that is scheduled now; asks Klaviyo nothing."""

    def no(why: str) -> Ability:
        return Ability(Able.NO, Reversible.NO, why)

    messages = saved_messages(campaign.schedule.restore)
    if campaign.ref.kind is not Kind.CAMPAIGN:
        return no("presend leaves nobody out of flows")
    if campaign.state is not State.SCHEDULED or not messages:
        return no(f"it is {campaign.native_state or 'in no known state'}, not scheduled")
    audiences = {row.get("audience") for row in campaign.schedule.restore["messages"]}
    if len(audiences) != 1 or "" in audiences:
        return no("its messages have audiences of their own, and presend changes one audience only: hold it instead")
    if others := campaign.schedule.restore.get("others"):
        return no(f"it has {others} more messages, not scheduled or not e-mails, which an edit might reach: hold it")
    back, says = worst(messages)
    if back is not Reversible.EXACT:
        return no(f"to leave people out it must be taken back and scheduled again, but {says}")
    until = campaign.schedule.stoppable_until
    if isinstance(until, Gap):
        return no(f"when it goes is not known: {until.reason}")
    if until <= now:
        minutes = int(STOP_BEFORE.total_seconds() // 60)
        return no(f"it would have to be taken back {minutes} minutes before it goes, by {stamp(until)}")
    return Ability(
        Able.YES,
        Reversible.EXACT,
        f"it is taken back, a list of those left out is excluded, and it is scheduled for the same time; {AGAIN}, "
        "which is what makes the exclusion count, and does not show whom it chose",
    )


# ---- narrow


def narrow(client: Client, groups: Groups, campaign: Campaign, label: str, ids: Sequence[str], pause: Pause) -> Receipt:
    """Exclude the list `label`, with exactly `ids` on it, from the campaign's one audience."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return Receipt(DeedState.FAILED, "there is nobody to leave out: take the exclusion off instead")
    messages = list(dict.fromkeys(message.id for message in campaign.messages))
    try:
        held = _audience_of(client, messages, campaign.ref.name)
        if isinstance(held, Receipt):
            return held
        others = _not_ours(groups, held)
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"nothing was changed, the audience could not be read: {sentence(error)}")
    if not _as_read(campaign, held, others):
        return Receipt(DeedState.LEFT_ALONE, "somebody changed the audience meanwhile, so presend left it alone")
    list_id = writer_lists.exactly(client, label, wanted, pause)
    if isinstance(list_id, Receipt):
        return Receipt(list_id.state, f"{list_id.detail}; the audience was not changed")
    undo = {
        "audience": held.id,
        "messages": messages,
        "included": held.ids("included"),
        "excluded": others,
        "label": label,
        "list": list_id,
    }
    said = f"the list {label} with {len(wanted)} profiles is excluded"
    return _write(client, held, [*others, list_id], said, undo, pause)


def _as_read(campaign: Campaign, held: Held, others: Sequence[str]) -> bool:
    """Whether the audience is as the campaign says, presend's own exclusions aside."""
    for row in campaign.schedule.restore.get("messages", []):
        left = {key for key in row["excluded"] if key not in row["own"]}
        if row["audience"] != held.id or set(row["included"]) != set(held.ids("included")) or left != set(others):
            return False
    return bool(campaign.schedule.restore.get("messages"))


def _not_ours(groups: Groups, held: Held) -> list[str]:
    """What people excluded themselves. Raises PlatformError."""
    return [key for key in held.ids("excluded") if not groups.find(key).own]


def _audience_of(client: Client, messages: Sequence[str], name: str) -> Held | Receipt:
    """The one audience of the messages, all of them drafts; or why there is no such. Raises PlatformError."""
    path = "/api/campaign-messages/{id}/campaign-audience"
    found = {
        client.read(path, Document[AudienceRow], f"the audience of message {one}", id=one).data.id for one in messages
    }
    if len(found) != 1:
        return Receipt(DeedState.CANNOT, f"the messages of campaign {name} have {len(found)} audiences")
    held = _read(client, found.pop())
    shown = {row.id: row.status for row in held.messages}
    busy = [f"{one} is {shown.get(one) or 'not shown'}" for one in messages if shown.get(one) != "draft"]
    return (
        Receipt(DeedState.FAILED, f"not held, so its audience was left as it is: message {busy[0]}")
        if busy
        else (_still(held) or held)
    )


def _still(held: Held) -> Receipt | None:
    """Why an edit might move somebody: the audience of a message that is not a draft, or that Klaviyo does not show."""
    if not held.messages:
        return Receipt(DeedState.FAILED, "Klaviyo does not show which messages use the audience; it was not changed")
    for row in held.messages:
        if row.status not in _STILL:
            return Receipt(
                DeedState.FAILED, f"message {row.id} of the audience is {row.status or '?'}, not a draft: hold it first"
            )
    return None


def _read(client: Client, audience_id: str) -> Held:
    """An audience with the messages that use it. Raises PlatformError."""
    what = f"the audience {audience_id}"
    found = client.read(
        _AUDIENCE, Document[WholeAudience], what, query=[("include", "campaign-messages")], id=audience_id
    )
    rows: list[MessageRow] = []
    for raw in found.included:
        try:
            if msgspec.json.decode(raw, type=Ref).type == "campaign-message":
                rows.append(msgspec.json.decode(raw, type=MessageRow))
        except msgspec.ValidationError as error:
            raise BadAnswer(f"Klaviyo described a message of {what} in a way its API does not promise") from error
    return Held(found.data.id, found.data.attributes.definition, tuple(rows))


def _write(
    client: Client, held: Held, excluded: list[str], said: str, undo: Mapping[str, Any], pause: Pause
) -> Receipt:
    """Exclude just these, everything else as it was, and see that it is so."""
    wanted = {name: held.definition[name] for name in _WRITABLE if name in held.definition} | {"excluded": excluded}
    refused: PlatformError | None = None
    if not _shows(held.definition, wanted):
        what = f"the audience {held.id}"
        data = {"type": "campaign-audience", "id": held.id, "attributes": {"definition": wanted}}
        try:
            # The whole definition, said twice, is the definition: it may be said again.
            client.write("PATCH", _AUDIENCE, {"data": data}, f"changing {what}", repeatable=True, id=held.id)
        except PlatformError as error:
            refused = error
    sure = writer_lists.surely_not_done(refused)
    after: Held | None = None
    for look in range(1 if sure else LOOKS):
        if look:
            pause(look)
        try:
            after = _read(client, held.id)
        except PlatformError:
            after = None  # an older look says nothing about now
            continue
        if _shows(after.definition, wanted):
            busy = _still(after)
            return (
                Receipt(DeedState.UNKNOWN, f"{said}, but {busy.detail}", undo)
                if busy
                else Receipt(DeedState.DONE, said, undo)
            )
    because = f": {sentence(refused)}" if refused else ""
    if after is not None and sure and _shows(after.definition, held.definition):
        return Receipt(DeedState.FAILED, f"the audience was not changed{because}")
    shown = "could not be seen again" if after is None else "does not show it"
    return Receipt(DeedState.UNKNOWN, f"Klaviyo was asked to change the audience, which {shown}{because}", undo)


def _shows(definition: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a definition read back says what was asked; the order of ids says nothing."""
    sides = ("included", "excluded")
    same = all(set(definition.get(side) or []) == set(wanted.get(side) or []) for side in sides)
    return same and all(definition.get(name) == wanted[name] for name in wanted if name not in sides)


# ---- widen


def widen(client: Client, groups: Groups, campaign_id: str, undo: Mapping[str, Any], pause: Pause) -> Receipt:
    """Take presend's own lists out of the audience's exclusions again; without a stored audience, wherever one is."""
    try:
        found = _read(client, str(undo["audience"])) if undo.get("audience") else _ours(client, groups, campaign_id)
        if isinstance(found, Receipt):
            return found
        others = _not_ours(groups, found)
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"nothing was changed, the audience could not be read: {sentence(error)}")
    stored = {side: set(undo.get(side) or []) for side in ("included", "excluded")} if "included" in undo else None
    if stored is not None and stored != {"included": set(found.ids("included")), "excluded": set(others)}:
        return Receipt(DeedState.LEFT_ALONE, "somebody changed the audience meanwhile, so presend left it alone")
    if others == found.ids("excluded"):
        return Receipt(DeedState.DONE, "presend leaves nobody out of it any more")
    if busy := _still(found):
        return busy
    back = {"audience": found.id, "excluded": found.ids("excluded")}
    return _write(client, found, others, "presend leaves nobody out of it any more", back, pause)


def _ours(client: Client, groups: Groups, campaign_id: str) -> Held | Receipt:
    """The audience of the campaign that excludes a list of presend's own. Raises PlatformError."""
    path = "/api/campaigns/{id}/campaign-audiences"
    pages = client.pages(path, AudienceRow, f"the audiences of campaign {campaign_id}", id=campaign_id)
    rows = [row for page in pages for row in page.data]
    if not rows:
        return Receipt(DeedState.FAILED, "nothing was changed: Klaviyo shows no audience of the campaign")
    found = [
        row.id
        for row in rows
        if any(groups.find(key).own for key in row.attributes.definition.excluded or [])
    ]
    if len(found) > 1:
        return Receipt(DeedState.CANNOT, f"{len(found)} audiences of the campaign exclude a list of presend's own")
    return _read(client, found[0]) if found else Receipt(DeedState.DONE, "presend leaves nobody out of it")
