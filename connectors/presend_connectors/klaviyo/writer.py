"""The only code that writes to Klaviyo, with its sisters `writer_*`: all of it read back.

Never `cancel`, which is for good, and never a send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from presend.errors import PlatformError, Unconfirmed
from presend.model import Ability, Able, Campaign, DeedState, Gap, Kind, Receipt, Reversible, State, Verb
from presend_connectors.klaviyo import writer_audience, writer_lists, writer_notes, writer_people
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.groups import Groups
from presend_connectors.klaviyo.plans import AGAIN, Saved, attributes, reversible, same, saved_messages, worst
from presend_connectors.klaviyo.shapes import Document, MessageRow
from presend_connectors.klaviyo.times import stamp

LOOKS = 6
"""How often a write is looked for before it counts as unconfirmed; with the pauses, about fifteen seconds."""

_SCHEDULE = "/api/campaign-message-schedule"


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of one message."""

    state: DeedState
    says: str


class KlaviyoWriter:
    """The writing half of one account."""

    def __init__(self, client: Client, groups: Groups) -> None:
        self._client = client
        self._groups = groups

    def __repr__(self) -> str:
        return f"KlaviyoWriter({self._client.account})"

    # ---- beforehand

    def ability(self, verb: Verb, campaign: Campaign) -> Ability:
        """Whether the verb works on this campaign; asks Klaviyo nothing."""
        match verb:
            case Verb.HOLD:
                return self._can_hold(campaign)
            case Verb.RELEASE:
                if campaign.ref.kind is not Kind.CAMPAIGN:
                    return Ability(Able.NO, Reversible.NO, "a flow is not scheduled")
                return Ability(Able.YES, Reversible.EXACT, f"it can be held again; {AGAIN}")
            case Verb.TAG | Verb.UNTAG:
                return Ability(Able.YES, Reversible.EXACT, "a custom property of the profile, and can be taken off")
            case Verb.COMMENT:
                if campaign.ref.kind is not Kind.CAMPAIGN:
                    return Ability(Able.NO, Reversible.NO, "presend notes nothing on flows")
                return Ability(Able.YES, Reversible.EXACT, "a block of its own in the campaign's description")
            case Verb.EXCLUDE:
                return writer_audience.ability(campaign, self._client.clock.now())
            case Verb.NOTIFY:
                return Ability(Able.NO, Reversible.NO, "notices do not go through Klaviyo")

    def _can_hold(self, campaign: Campaign) -> Ability:
        messages = saved_messages(campaign.schedule.restore)
        if campaign.ref.kind is not Kind.CAMPAIGN:
            return Ability(Able.NO, Reversible.NO, "presend does not stop flows: set it to manual in Klaviyo")
        if campaign.state is not State.SCHEDULED or not messages:
            return Ability(
                Able.NO, Reversible.NO, f"it is {campaign.native_state or 'in no known state'}, not scheduled"
            )
        back, says = worst(messages)
        until = campaign.schedule.stoppable_until
        if not isinstance(until, Gap) and until < self._client.clock.now():
            late = f"Klaviyo takes messages back until about {stamp(until)}, so it may refuse"
            return Ability(Able.UNKNOWN, back, f"{late}; {says}")
        return Ability(Able.YES, back, says)

    def saved(self, campaign: Campaign) -> Mapping[str, Any]:
        """The options of every scheduled e-mail message, in Klaviyo's words."""
        return campaign.schedule.restore

    # ---- hold

    def hold(self, campaign: Campaign) -> Receipt:
        """Revert every scheduled e-mail message to draft, and see that it is one."""
        messages = saved_messages(campaign.schedule.restore)
        if not messages:
            return Receipt(DeedState.CANNOT, f"nothing of campaign {campaign.ref.name} is scheduled")
        done = [self._revert(each, campaign.ref.name) for each in messages]
        return _together(done, self.saved(campaign), "look at it in Klaviyo now")

    def _revert(self, message: Saved, name: str) -> _Done:
        what = f"taking back message {message.id} of campaign {name}"
        data = {"type": "campaign-message-schedule", "id": message.id, "attributes": {"action": "revert"}}
        refused = ""
        try:
            self._client.write("PATCH", f"{_SCHEDULE}/{{id}}", {"data": data}, what, id=message.id)
        except Unconfirmed:
            pass  # the look that follows tells
        except PlatformError as error:
            refused = sentence(error)
        status = self._settled(message.id, {"draft"}, looks=1 if refused else LOOKS)
        if status == "draft":
            return _Done(DeedState.DONE, f"message {message.id} is a draft again")
        if refused:
            shown = f"; it is {status}" if status else ""
            return _Done(DeedState.FAILED, f"message {message.id} was not taken back{shown}: {refused}")
        if status in ("sending", "sent"):
            return _Done(DeedState.FAILED, f"message {message.id} was not taken back in time: it is {status}")
        return _Done(
            DeedState.UNKNOWN, f"Klaviyo took the request for message {message.id} but shows it {status or '?'}"
        )

    def _settled(self, message_id: str, wanted: set[str], *, looks: int = LOOKS) -> str:
        """The status once it is one of `wanted`, else the last one seen; "" when it could not be read."""
        status = ""
        for look in range(looks):
            if look:
                self._pause(look)
            row = self._message(message_id)
            status = row.status if row else ""
            if status in wanted:
                break
        return status

    def _pause(self, look: int) -> None:
        self._client.clock.sleep(min(2.0 ** (look - 1), 4.0, self._client.deadline.remaining()))

    def _message(self, message_id: str) -> MessageRow | None:
        try:
            return self._read(message_id)
        except PlatformError:
            return None  # the caller says that it could not be confirmed

    def _read(self, message_id: str) -> MessageRow:
        path = "/api/campaign-messages/{id}"
        return self._client.read(path, Document[MessageRow], f"message {message_id}", id=message_id).data

    # ---- release

    def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
        """Schedule the messages again: at the times they had, or the first at `at` and the others as far after it."""
        messages = saved_messages(saved)
        timed = [(each, each.at) for each in messages]
        known = [when for _, when in timed if when is not None]
        if not messages or (not known and at is None):
            return Receipt(
                DeedState.FAILED, f"the time that campaign {campaign_id} had is not known; give one with --at"
            )
        shift = at - min(known) if at is not None and known else timedelta(0)
        done = [self._schedule(each, (when + shift) if when else at) for each, when in timed]
        return _together(done, saved, "look at its schedule in Klaviyo")

    def _schedule(self, message: Saved, at: datetime | None) -> _Done:
        back, says = reversible(message)
        if back is Reversible.NO:
            return _Done(DeedState.FAILED, f"message {message.id} must be scheduled by hand: {says}")
        now = self._client.clock.now()
        if at is None or (at.date() < now.date() if message.smart else at <= now):
            had = f"its time was {stamp(at)}, which has passed" if at else "it had no time"
            return _Done(DeedState.FAILED, f"message {message.id} was not scheduled: {had}; give a time with --at")
        try:
            row = self._read(message.id)
        except PlatformError as error:
            return _Done(DeedState.FAILED, f"message {message.id} was not scheduled: {sentence(error)}")
        if row.status != "draft":
            if row.status == "scheduled" and same(message, _options(row), at):
                return _Done(DeedState.DONE, f"message {message.id} was scheduled for {stamp(at)} already")
            return _Done(DeedState.FAILED, f"message {message.id} was not scheduled: it is {row.status}, not a draft")
        return self._post(message, at, says)

    def _post(self, message: Saved, at: datetime, says: str) -> _Done:
        target = {"campaign-message": {"data": {"type": "campaign-message", "id": message.id}}}
        wanted = attributes(message, at)
        data = {"type": "campaign-message-schedule", "attributes": wanted, "relationships": target}
        refused = ""
        try:
            self._client.write("POST", _SCHEDULE, {"data": data}, f"scheduling message {message.id}")
        except Unconfirmed:
            pass  # the look that follows tells
        except PlatformError as error:
            refused = sentence(error)
        status = self._settled(message.id, {"scheduled"}, looks=1 if refused else LOOKS)
        row = self._message(message.id)
        if refused:
            return _Done(DeedState.FAILED, f"message {message.id} was not scheduled: {refused}")
        if status == "scheduled" and row is not None and same(message, _options(row), at):
            return _Done(DeedState.DONE, f"message {message.id} is scheduled for {stamp(at)} ({says})")
        shown = f"{status or '?'} for {_options(row).get('send_time')}" if row else "nothing of it"
        return _Done(DeedState.UNKNOWN, f"Klaviyo was asked to schedule message {message.id}, but shows {shown}")

    # ---- people

    def tag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Set the custom property named by the label to true on these profiles."""
        del campaign
        return writer_people.put(self._client, label, list(dict.fromkeys(ids)), self._pause)

    def untag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Unset the property again."""
        del campaign
        return writer_people.take(self._client, label, list(dict.fromkeys(ids)), self._pause)

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Exclude a list of that name, with exactly these profiles on it, from the held campaign's audience."""
        return writer_audience.narrow(self._client, self._groups, campaign, label, ids, self._pause)

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        """Take presend's list out of the exclusions again; the list itself stays, for the next time."""
        return writer_audience.widen(self._client, self._groups, campaign_id, undo, self._pause)

    def bound(self, label: str) -> Sequence[str] | Gap:
        """Live flows of the list of that name and of segments that look at the mark; a Gap where others may."""
        return writer_lists.bound(self._client, label)

    # ---- campaigns

    def comment(self, campaign: Campaign, text: str) -> Receipt:
        """Write presend's block of the campaign's description, leaving the rest as people wrote it."""
        return writer_notes.note(self._client, campaign, text)

    def resolve(self, campaign: Campaign, text: str) -> Receipt:
        """Take presend's block out of the description and its tags off the campaign: that says it all."""
        del text
        return writer_notes.resolve(self._client, campaign)

    def mark(self, campaign: Campaign, label: str) -> Receipt:
        """Put a tag of the account on the campaign, making it if need be."""
        return writer_notes.mark(self._client, campaign, label)


def _options(row: MessageRow) -> Mapping[str, Any]:
    return row.attributes.definition.send_options or {}


def _together(done: Sequence[_Done], undo: Mapping[str, Any], unsure: str) -> Receipt:
    """One receipt for all messages: done only when every one is; some done and some not is unknown, never failed."""
    states = {each.state for each in done}
    detail = "; ".join(each.says for each in done)
    if states == {DeedState.DONE}:
        return Receipt(DeedState.DONE, detail, undo)
    if states == {DeedState.FAILED}:
        return Receipt(DeedState.FAILED, detail, {})
    return Receipt(DeedState.UNKNOWN, f"{detail}; {unsure}", undo)
