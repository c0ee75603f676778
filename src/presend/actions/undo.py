"""Takes back what a run did, in reverse order, each step a deed of its own in the journal; limits do not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from presend.actions.apply import attempt, exclude, mark_people
from presend.actions.exclude import WAS
from presend.actions.faults import fault, said
from presend.actions.known import maybe
from presend.actions.plan import NOTHING_LEFT
from presend.actions.putback import UNDO
from presend.actions.putback import note as note_back
from presend.actions.steps import Planned, persons
from presend.errors import DeedError, PlatformError
from presend.model import Able, Campaign, DeedState, Receipt, Reversible, Step, Verb
from presend.ports import Connector, Writer
from presend.report import Deed
from presend.store.journal import Entry, Journal
from presend.store.marks import Marks

TAKEN_BACK = "presend: what was said here was taken back."
"""What presend's comment says where there was none before."""


def saved_of(entry: Entry) -> Mapping[str, Any]:
    """The schedule that a hold, or an exclusion that ended held, keeps for putting back."""
    found: Mapping[str, Any] = entry.undo["saved"] if entry.verb is Verb.EXCLUDE else entry.undo
    return found


def was(entry: Entry) -> Mapping[str, Any]:
    """`send_at` and `until` from before, as ISO 8601 or None; empty where they were not kept."""
    if entry.verb is Verb.EXCLUDE:
        return entry.undo
    return next((stage.data for stage in entry.stages if stage.name == WAS), {})


def went_at(entry: Entry) -> datetime | None:
    """When the campaign would have gone; None where that was not kept or not known."""
    text = was(entry).get("send_at")
    return datetime.fromisoformat(text) if text else None


def put_back(
    connector: Connector,
    journal: Journal,
    held: Entry,
    campaign: Campaign,
    step: Step,
    at: datetime | None,
    now: Callable[[], datetime],
    by: str,
) -> Receipt:
    """Schedule a held campaign again as saved, or at another time. `by` is the command of the person who says so.

    Raises DeedError only before anything is changed.
    """
    saved = saved_of(held)
    entry = journal.begin(step, campaign.ref.name, saved, now())

    def act() -> Receipt:
        receipt = connector.writer.release(campaign.ref.id, saved, at)
        if receipt.state is not DeedState.DONE:
            return receipt
        why = f"{receipt.detail}; {note_back(connector, journal, entry, campaign.ref.id, by, now())}"
        try:
            journal.released(held, entry)
        except DeedError as error:
            why += f"; {error.message}: presend may still call it held"
        return replace(receipt, detail=why.removeprefix("; "))

    return attempt(journal, entry, act, now)


@dataclass(frozen=True, slots=True)
class Back:
    """One entry of the journal and what taking it back is, or why it cannot be."""

    entry: Entry
    verb: Verb
    state: DeedState
    detail: str


def plan_undo(entries: Sequence[Entry], now: datetime) -> list[Back]:
    """What would be taken back of a run, the last deed first; what cannot be is in it with the reason."""
    return [_back(entry, now) for entry in reversed(entries) if entry.verb is not Verb.NOTIFY]


_NEVER = (DeedState.FAILED, DeedState.CANNOT, DeedState.REFUSED, DeedState.LEFT_ALONE)


def _what(entry: Entry) -> tuple[Verb, str]:
    people = len(entry.undo.get("ids", ()))
    match entry.verb:
        case Verb.HOLD:
            return Verb.RELEASE, f"put it back at the time it had ({entry.detail})"
        case Verb.RELEASE:
            return Verb.HOLD, "it was put back: `presend hold` takes it back again"
        case Verb.EXCLUDE:
            return Verb.EXCLUDE, "let those in again whom it left out, and send at the time it had"
        case Verb.TAG:
            return Verb.UNTAG, f"take {entry.label} off {persons(people)}"
        case Verb.UNTAG:
            return Verb.TAG, f"mark {persons(people)} with {entry.label} again"
        case Verb.COMMENT:
            return Verb.COMMENT, "have the note say what it said before"
        case Verb.NOTIFY:
            return Verb.NOTIFY, "what was told stays told"


def _back(entry: Entry, now: datetime) -> Back:
    verb, detail = _what(entry)
    if entry.undone_by is not None:
        return Back(entry, verb, DeedState.LEFT_ALONE, "it was taken back already")
    if entry.state in _NEVER and not entry.holding:
        return Back(entry, verb, DeedState.LEFT_ALONE, "it was not done, so there is nothing to take back")
    if entry.verb in (Verb.RELEASE, Verb.NOTIFY):
        return Back(entry, verb, DeedState.CANNOT, detail)
    at = went_at(entry)
    if (entry.verb is Verb.HOLD or entry.holding) and at is not None and at <= now:
        name = f"{entry.account}:{entry.campaign_id}"
        late = f"its time was {at:%Y-%m-%d %H:%M} UTC and has passed"
        return Back(entry, verb, DeedState.CANNOT, f"{late}: give one with `presend release {name} --at TIME`")
    return Back(entry, verb, DeedState.PLANNED, detail)


def shown(back: Back) -> Deed:
    """As the report shows it, before anything is done."""
    entry = back.entry
    where = (entry.platform, entry.account, entry.campaign_id)
    return Deed(back.verb, *where, back.state, entry.reversible, f"undo {entry.verb.value}: {back.detail}")


class Undoer:
    """Takes deeds back, one after the other; one that fails never keeps the next from trying."""

    def __init__(
        self, connect: Callable[[str], Connector], journal: Journal, marks: Marks, now: Callable[[], datetime]
    ) -> None:
        self._connect = connect
        self._journal = journal
        self._marks = marks
        self._now = now

    def undo(self, backs: Sequence[Back]) -> tuple[Deed, ...]:
        """Every one that can be."""
        return tuple(self._one(back) if back.state is DeedState.PLANNED else shown(back) for back in backs)

    def _one(self, back: Back) -> Deed:
        entry = back.entry
        try:
            connector = self._connect(entry.account)
            campaign = connector.campaign(entry.campaign_id)
            receipt = self._take_back(back, connector, campaign)
        except (PlatformError, DeedError, duckdb.Error) as error:
            receipt = Receipt(DeedState.FAILED, f"not done: {said(error)}")
        except Exception as error:  # noqa: BLE001 - before any write; the others must still be tried
            fault(error)
            receipt = Receipt(DeedState.FAILED, f"not done: presend itself failed ({type(error).__name__})")
        return replace(shown(back), state=receipt.state, detail=f"{shown(back).detail}; {receipt.detail}")

    def _take_back(self, back: Back, connector: Connector, campaign: Campaign) -> Receipt:
        entry = back.entry
        ability = connector.writer.ability(back.verb, campaign)
        # Whether a draft can be taken back is no question where presend holds it already.
        if ability.able is Able.NO and not entry.holding:
            return Receipt(DeedState.CANNOT, ability.detail)
        match back.verb:
            case Verb.RELEASE:
                step = self._step(back, campaign, ability.reversible)
                return put_back(connector, self._journal, entry, campaign, step, None, self._now, UNDO)
            case Verb.EXCLUDE:
                receipt = self._let_in(back, connector, campaign, ability.reversible)
            case Verb.TAG | Verb.UNTAG:
                receipt = self._marks_back(back, connector.writer, campaign, ability.reversible)
            case _:
                receipt = self._unsay(back, connector.writer, campaign, ability.reversible)
        if receipt.state is DeedState.DONE:
            try:
                done = self._journal.entries(self._journal.run)
                self._journal.undone(entry.id, done[-1].id if done else entry.id)
            except DeedError as error:
                # It is done at the platform, whatever the store takes.
                return replace(receipt, detail=f"{receipt.detail}; but {error.message}")
        return receipt

    def _step(
        self, back: Back, campaign: Campaign, reversible: Reversible, label: str = "", ids: Sequence[str] = ()
    ) -> Step:
        entry = back.entry
        return Step(
            verb=back.verb,
            platform=entry.platform,
            account=entry.account,
            campaign_id=entry.campaign_id,
            revision=campaign.revision,
            reversible=reversible,
            detail=f"takes back {entry.verb.value} of {entry.started:%Y-%m-%d %H:%M}",
            recipients=len(ids),
            label=label,
        )

    def _let_in(self, back: Back, connector: Connector, campaign: Campaign, reversible: Reversible) -> Receipt:
        entry = back.entry
        later = [e for e in self._journal.of(entry.account, entry.campaign_id, (Verb.EXCLUDE,)) if e.id > entry.id]
        if any(e.undone_by is None and e.state in (DeedState.DONE, DeedState.UNKNOWN) for e in later):
            return Receipt(DeedState.LEFT_ALONE, "a later run changed who is left out: take that back first")
        ids = tuple(entry.undo.get("was", ()))
        step = self._step(back, campaign, reversible, entry.label, ids)
        planned = Planned(step, DeedState.PLANNED, campaign, ids)
        before = entry if entry.holding else None
        receipt = exclude(connector, self._journal, self._marks, planned, campaign, self._now, before)
        if receipt.state is not DeedState.DONE:
            return receipt
        try:
            if before is not None:
                self._journal.released(entry, entry.id)
            done = self._journal.entries(self._journal.run)[-1].id
            told = note_back(connector, self._journal, done, entry.campaign_id, UNDO, self._now())
        except DeedError as error:
            told = f"but {error.message}"
        return replace(receipt, detail=f"{receipt.detail}; {told}")

    def _marks_back(self, back: Back, writer: Writer, campaign: Campaign, reversible: Reversible) -> Receipt:
        entry = back.entry
        where = (entry.account, entry.campaign_id)
        ids = set(entry.undo.get("ids", ()))
        if back.verb is Verb.UNTAG:
            carried = {*self._marks.ids(*where, entry.label), *self._marks.ids(*where, maybe(entry.label))} & ids
            stays = self._marks.elsewhere(*where, entry.label, carried)
            for name in (entry.label, maybe(entry.label)):
                self._marks.remove(*where, name, stays)
            ids = carried - stays
        if not ids:
            return Receipt(DeedState.DONE, "nobody carries it because of this any more")
        people = tuple(sorted(ids))
        planned = Planned(
            self._step(back, campaign, reversible, entry.label, people), DeedState.PLANNED, campaign, people
        )
        return mark_people(writer, self._journal, self._marks, planned, campaign, self._now)

    def _unsay(self, back: Back, writer: Writer, campaign: Campaign, reversible: Reversible) -> Receipt:
        """The words that presend's comment had before; where it had none, that they were taken back."""
        entry = back.entry
        said_before = [
            e.label
            for e in self._journal.of(entry.account, entry.campaign_id, (Verb.COMMENT,))
            if e.id < entry.id and e.state is DeedState.DONE
        ]
        text = said_before[-1] if said_before else NOTHING_LEFT
        number = self._journal.begin(self._step(back, campaign, reversible, text), campaign.ref.name, {}, self._now())

        def say() -> Receipt:
            return writer.resolve(campaign, TAKEN_BACK) if text == NOTHING_LEFT else writer.comment(campaign, text)

        return attempt(self._journal, number, say, self._now)
