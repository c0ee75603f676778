"""Leaves people out of a send: take back, change who gets it, read them anew, put it back; one deed in stages.

Whatever fails or cannot be confirmed on the way, the campaign ends held, and nothing is scheduled: either exactly
the right people get it at the time it had, or nobody does until a person has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import duckdb

from presend.actions.crowd import Crowd, crowd_of, read
from presend.actions.faults import fault, said
from presend.actions.plan import too_late
from presend.actions.steps import persons
from presend.engine import HELD_STATES
from presend.errors import DeedError, PlatformError, Unconfirmed
from presend.model import Campaign, DeedState, Gap, Receipt
from presend.ports import Connector
from presend.store.journal import Entry, Journal
from presend.store.marks import Marks

WAS = "was"
"""The stage of a plain hold that tells when the campaign would have gone."""


class Stage(StrEnum):
    """How far it got: the verb before a request, the participle after it. The value is its name in the journal."""

    HOLD = "hold"
    HELD = "held"
    NARROW = "narrow"
    NARROWED = "narrowed"
    VERIFIED = "verified"
    RELEASE = "release"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to be left out, and what it takes."""

    label: str
    ids: tuple[str, ...]
    """Nobody: the exclusion is taken out again."""
    was: tuple[str, ...]
    """Who is left out before it."""
    saved: Mapping[str, Any]
    """The schedule, as `Writer.release` takes it."""
    widening: Mapping[str, Any]
    """What the latest `narrow` said that `widen` needs."""
    expected: Crowd
    """Who would get it if nobody were left out, minus `ids`."""
    times: Mapping[str, Any]
    """When it goes, as `times` has it."""

    @property
    def send_at(self) -> datetime | None:
        """When it goes; None where that is not known."""
        text = self.times.get("send_at")
        return datetime.fromisoformat(text) if text else None

    def stored(self) -> dict[str, Any]:
        """All that going on, or back, takes; as the journal's `undo`."""
        return {
            "saved": dict(self.saved),
            "ids": list(self.ids),
            "was": list(self.was),
            "widening": dict(self.widening),
            "expected": self.expected.stored(),
            **self.times,
        }


def times(campaign: Campaign) -> dict[str, Any]:
    """When it goes and until when it can be stopped, for `presend status`; null where the platform does not tell."""

    def said_of(moment: datetime | Gap) -> str | None:
        return None if isinstance(moment, Gap) else moment.isoformat()

    return {"send_at": said_of(campaign.schedule.send_at), "until": said_of(campaign.schedule.stoppable_until)}


def prepare(
    connector: Connector, campaign: Campaign, label: str, ids: Collection[str], widening: Mapping[str, Any]
) -> Wish | Receipt:
    """Read who would get it, before anything is changed; a receipt where it must not even be begun.

    Raises PlatformError or duckdb.Error when the recipients cannot be read.
    """
    everybody = read(connector, campaign, everybody=bool(campaign.left_out))
    now = set(read(connector, campaign)) if campaign.left_out else set(everybody)
    expected = crowd_of(everybody, set(ids))
    if not expected.count:
        return Receipt(DeedState.CANNOT, "not done: by now that would leave nobody")
    was = tuple(sorted(set(everybody) - now))
    saved = connector.writer.saved(campaign)
    return Wish(label, tuple(sorted(ids)), was, saved, widening, expected, times(campaign))


def widening_of(entries: Sequence[Entry]) -> Mapping[str, Any]:
    """What the latest exclusion of a campaign says that `widen` needs."""
    for entry in reversed(entries):
        for stage in reversed(entry.stages):
            if stage.name == Stage.NARROWED and stage.data.get("undo"):
                found: Mapping[str, Any] = stage.data["undo"]
                return found
    return {}


class _Ends(Exception):
    """The deed goes no further, and the campaign stays as it is now."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Surgery:
    """One exclusion on one campaign, whose intent is in the journal already."""

    def __init__(
        self,
        connector: Connector,
        journal: Journal,
        marks: Marks,
        entry: int,
        campaign: Campaign,
        now: Callable[[], datetime],
    ) -> None:
        self._connector = connector
        self._journal = journal
        self._marks = marks
        self._entry = entry
        self._campaign = campaign
        self._now = now
        self._sure = True
        """Whether it is known who would get it, and that nobody will by what was asked so far."""

    def operate(self, wish: Wish) -> Receipt:
        """All stages, for a campaign that presend holds already but the first; raises nothing of its own."""
        already = self._campaign.state in HELD_STATES
        if not already and (late := too_late(self._campaign, self._now())):
            return Receipt(DeedState.CANNOT, late)
        try:
            self._journal.holding(self._entry, held=True)
            self._note(Stage.HOLD)
        except DeedError as error:
            return Receipt(DeedState.FAILED, f"not done: {error.message}")
        if not already and (over := self._hold()):
            return over
        try:
            held = self._held()
            self._change(wish, held)
            self._verify(wish, held)
            return self._put_back(wish)
        except _Ends as end:
            return self._stays(end.why)
        except (PlatformError, duckdb.Error, DeedError) as error:
            return self._stays(said(error))
        except Exception as error:  # noqa: BLE001 - the campaign is held, and somebody must be told
            fault(error)
            return self._stays(f"presend itself failed ({type(error).__name__})")

    def _note(self, stage: Stage, **data: Any) -> None:
        self._journal.stage(self._entry, stage.value, {"at": self._now().isoformat(), **data})

    def _hold(self) -> Receipt | None:
        """Take it back; None when it surely is a draft now."""
        try:
            receipt = self._connector.writer.hold(self._campaign)
        except Unconfirmed as error:
            receipt = Receipt(DeedState.UNKNOWN, said(error))
        except PlatformError as error:
            receipt = Receipt(DeedState.FAILED, said(error))
        except Exception as error:  # noqa: BLE001 - it may be a draft now, which whoever reads this must know
            fault(error)
            receipt = Receipt(DeedState.UNKNOWN, f"presend itself failed ({type(error).__name__})")
        if receipt.state is DeedState.DONE:
            return None
        if receipt.state is DeedState.UNKNOWN:
            return Receipt(DeedState.UNKNOWN, f"whether it was taken back is not known: {receipt.detail}")
        self._let_go()
        why = f"it was not taken back, so it goes as it was and nobody is left out: {receipt.detail}"
        return Receipt(receipt.state, why)

    def _let_go(self) -> str:
        """Note that it is not held by this; the end of a sentence where that could not be stored."""
        try:
            self._journal.holding(self._entry, held=False)
        except DeedError as error:
            return f"; but {error.message}, so presend may still call it held"
        return ""

    def _held(self) -> Campaign:
        """The draft, read anew: nobody may have changed what it says in between."""
        self._note(Stage.HELD)
        held = self._again()
        if [(m.id, m.parts) for m in held.messages] != [(m.id, m.parts) for m in self._campaign.messages]:
            raise _Ends("somebody changed what it says meanwhile")
        return held

    def _again(self) -> Campaign:
        found = self._connector.campaign(self._campaign.ref.id)
        if found.state not in HELD_STATES:
            raise _Ends(f"somebody else put it back meanwhile: the platform shows it as {found.native_state}")
        return found

    def _change(self, wish: Wish, held: Campaign) -> None:
        self._note(Stage.NARROW, ids=len(wish.ids))
        self._sure = False
        writer, ref = self._connector.writer, self._campaign.ref
        if wish.ids:
            receipt = writer.narrow(held, wish.label, wish.ids)
        else:
            receipt = writer.widen(ref.id, wish.widening)
        self._note(Stage.NARROWED, state=receipt.state.value, undo=dict(receipt.undo))
        if receipt.state is not DeedState.DONE:
            raise _Ends(f"who gets it could not be changed: {receipt.detail}")
        self._marks.put(ref.account, ref.id, wish.label, wish.ids, self._now())
        self._marks.remove(ref.account, ref.id, wish.label, set(wish.was) - set(wish.ids))

    def _verify(self, wish: Wish, held: Campaign) -> None:
        """Only exactly the right people, and nothing else changed, may be scheduled."""
        found = self._again()
        there = crowd_of(read(self._connector, found))
        self._sure = True
        if found.revision != held.revision:
            raise _Ends("somebody changed it meanwhile")
        if there != wish.expected:
            other = f", not {wish.expected.count}" if there.count != wish.expected.count else ", but not the right ones"
            raise _Ends(f"{persons(there.count)} would get it now{other}")
        if bool(found.left_out) != bool(wish.ids):
            raise _Ends("the platform does not show the exclusion as it was set")
        self._note(Stage.VERIFIED, **there.stored())

    def _put_back(self, wish: Wish) -> Receipt:
        self._note(Stage.RELEASE)
        ref = self._campaign.ref
        try:
            receipt = self._connector.writer.release(ref.id, wish.saved, None)
        except Unconfirmed as error:
            receipt = Receipt(DeedState.UNKNOWN, said(error))
        if receipt.state is not DeedState.DONE:
            # A request whose answer was lost may still take effect.
            self._sure = receipt.state is not DeedState.UNKNOWN
            raise _Ends(f"it could not be scheduled again: {receipt.detail}")
        found = self._connector.campaign(ref.id)
        if found.state in HELD_STATES or found.schedule.send_at != wish.send_at:
            why = f"scheduled again, but the platform shows it as {found.native_state} for another time"
            return Receipt(DeedState.UNKNOWN, f"{why}; look at it there now")
        if bool(found.left_out) != bool(wish.ids):
            return Receipt(DeedState.UNKNOWN, "scheduled again, but with other exclusions; look at it there now")
        count = wish.expected.count
        what = f"{persons(len(wish.ids))} left out" if wish.ids else "nobody is left out any more"
        done = f"{what}, goes to {persons(count)} at the time it had; {receipt.detail}"
        try:
            self._note(Stage.RELEASED)
        except DeedError as error:
            done += f"; but {error.message}"
        return Receipt(DeedState.DONE, done + self._let_go())

    def _stays(self, why: str) -> Receipt:
        """Say how it stands, after a look: nothing is scheduled by presend from here on."""
        name = f"{self._campaign.ref.account}:{self._campaign.ref.id}"
        try:
            found = self._connector.campaign(self._campaign.ref.id)
        except PlatformError as error:
            return Receipt(DeedState.UNKNOWN, f"{why}; and how it stands could not be read: {said(error)}")
        if found.state not in HELD_STATES:
            shown = f"the platform shows it as {found.native_state}"
            return Receipt(DeedState.UNKNOWN, f"not finished: {why}; {shown}, so look at it there now")
        after = f"it is held and goes to nobody; look at who gets it, then `presend release {name}`"
        if not self._sure:
            return Receipt(DeedState.UNKNOWN, f"{after}; not everything of it is sure: {why}")
        return Receipt(DeedState.FAILED, f"{after}; not finished: {why}")
