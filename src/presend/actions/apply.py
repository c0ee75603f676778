"""Does a plan: looks again, journals, writes, and keeps what the read-back said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb

from presend.actions.exclude import WAS, Surgery, prepare, times, widening_of
from presend.actions.faults import fault, said
from presend.actions.known import maybe
from presend.actions.plan import NOTHING_LEFT
from presend.actions.steps import Plan, Planned
from presend.errors import DeedError, PlatformError, Unconfirmed
from presend.logs import logger
from presend.model import Campaign, DeedState, Receipt, Verb
from presend.ports import Connector, Writer
from presend.report import Deed
from presend.store.journal import Entry, Journal
from presend.store.marks import Marks


def deed_of(planned: Planned, state: DeedState | None = None, detail: str | None = None) -> Deed:
    """A planned step as the report shows it."""
    step = planned.step
    return Deed(
        verb=step.verb,
        platform=step.platform,
        account=step.account,
        campaign_id=step.campaign_id,
        state=planned.state if state is None else state,
        reversible=step.reversible,
        detail=step.detail if detail is None else detail,
    )


def as_planned(plan: Plan) -> tuple[Deed, ...]:
    """The deeds of a dry run. Nothing was asked for, so nothing is refused: what would be, says so."""

    def shown(planned: Planned) -> Deed:
        if planned.state is DeedState.REFUSED:
            return deed_of(planned, DeedState.PLANNED, f"{planned.step.detail}, with --apply")
        return deed_of(planned)

    return tuple(shown(planned) for planned in (*plan.planned, *plan.offers))


def attempt(journal: Journal, entry: int, act: Callable[[], Receipt], now: Callable[[], datetime]) -> Receipt:
    """Run one write whose intent is in the journal, and store what came of it. Raises nothing of its own.

    `act` raises DeedError only before the write. Whatever goes wrong without saying that nothing happened is UNKNOWN:
    a fault of presend itself too.
    """
    try:
        receipt = act()
    except Unconfirmed as error:
        receipt = Receipt(DeedState.UNKNOWN, f"not confirmed: {said(error)}")
    except (PlatformError, DeedError) as error:
        receipt = Receipt(DeedState.FAILED, f"not done: {said(error)}")
    except Exception as error:  # noqa: BLE001 - the write may have happened, and the other campaigns are still to come
        fault(error)
        why = f"presend itself failed ({type(error).__name__}), so nobody knows whether it was done"
        receipt = Receipt(DeedState.UNKNOWN, f"not confirmed: {why}; look at it on the platform")
    try:
        journal.finish(entry, receipt, now())
    except DeedError as error:
        return replace(receipt, detail=f"{receipt.detail}; {error.message}".removeprefix("; "))
    return receipt


class Doer:
    """Does the steps of one run, one after the other. `connect` gives the connector of an account by its name."""

    def __init__(
        self, connect: Callable[[str], Connector], journal: Journal, marks: Marks, now: Callable[[], datetime]
    ) -> None:
        self._connect = connect
        self._journal = journal
        self._marks = marks
        self._now = now
        self._log = logger("actions")
        self._fresh: dict[tuple[str, str], Campaign] = {}

    def do(self, plan: Plan) -> tuple[Deed, ...]:
        """Every step that can be tried; the others as they stand. One that fails never keeps the next from trying."""
        done = [self._one(p) if p.state is DeedState.PLANNED else deed_of(p) for p in plan.planned]
        return (*done, *(deed_of(p) for p in plan.offers))

    def _one(self, planned: Planned) -> Deed:
        step = planned.step
        try:
            campaign = self._again(planned)
            if campaign is None:
                changed = "left alone: the campaign changed since it was read, so the findings may no longer hold"
                return deed_of(planned, DeedState.LEFT_ALONE, f"{step.detail}; {changed}")
            receipt = self._journalled(planned, campaign)
        except (PlatformError, DeedError, duckdb.Error) as error:
            receipt = Receipt(DeedState.FAILED, f"not done: {said(error)}")
        except Exception as error:  # noqa: BLE001 - before any write; the others must still be tried
            fault(error)
            receipt = Receipt(DeedState.FAILED, f"not done: presend itself failed ({type(error).__name__})")
        self._log.info("deed", verb=step.verb.value, campaign=step.campaign_id, state=receipt.state.value)
        return deed_of(planned, receipt.state, f"{step.detail}; {receipt.detail}".rstrip("; "))

    def _again(self, planned: Planned) -> Campaign | None:
        """The campaign read again just before the write; None when somebody changed it meanwhile.

        What presend itself did in this run (a hold before a comment) is not a change by somebody.
        """
        ref = planned.campaign.ref
        key = (ref.account, ref.id)
        if key in self._fresh:
            return self._fresh[key]
        now = self._connect(ref.account).campaign(ref.id)
        if now.revision != planned.step.revision:
            return None
        self._fresh[key] = now
        return now

    def _journalled(self, planned: Planned, campaign: Campaign) -> Receipt:
        """Store the intent with what undoing it takes, do it, store the result."""
        connector = self._connect(planned.step.account)
        match planned.step.verb:
            case Verb.HOLD:
                return self._hold(planned, campaign, connector.writer)
            case Verb.EXCLUDE:
                return exclude(connector, self._journal, self._marks, planned, campaign, self._now)
            case Verb.TAG | Verb.UNTAG:
                return mark_people(connector.writer, self._journal, self._marks, planned, campaign, self._now)
            case Verb.COMMENT:
                return self._comment(planned, campaign, connector.writer)
            case _:
                return Receipt(DeedState.CANNOT, f"{planned.step.verb.value} is not something a scan does")

    def _begin(self, planned: Planned, campaign: Campaign, undo: Mapping[str, Any]) -> int:
        return self._journal.begin(planned.step, campaign.ref.name, undo, self._now())

    def _hold(self, planned: Planned, campaign: Campaign, writer: Writer) -> Receipt:
        entry = self._begin(planned, campaign, writer.saved(campaign))
        return attempt(self._journal, entry, lambda: held(self._journal, entry, writer, campaign), self._now)

    def _comment(self, planned: Planned, campaign: Campaign, writer: Writer) -> Receipt:
        text = planned.step.label
        entry = self._begin(planned, campaign, {})

        def say() -> Receipt:
            if text == NOTHING_LEFT:
                return writer.resolve(campaign, text)
            return _both(writer.comment(campaign, text), writer.mark(campaign, "presend"))

        return attempt(self._journal, entry, say, self._now)


def held(journal: Journal, entry: int, writer: Writer, campaign: Campaign) -> Receipt:
    """Take a campaign back, after noting when it would have gone."""
    journal.stage(entry, WAS, times(campaign))
    return writer.hold(campaign)


def exclude(
    connector: Connector,
    journal: Journal,
    marks: Marks,
    planned: Planned,
    campaign: Campaign,
    now: Callable[[], datetime],
    held_by: Entry | None = None,
) -> Receipt:
    """Leave exactly `planned.ids` out of a campaign. Raises only before anything is changed.

    `held_by` is the exclusion that ended with the campaign held: then its schedule is the one to put back.
    """
    ref = campaign.ref
    before = journal.of(ref.account, ref.id, (Verb.EXCLUDE,))
    wish = prepare(connector, campaign, planned.step.label, planned.ids, widening_of(before))
    if isinstance(wish, Receipt):
        return wish
    if held_by is not None:
        was = {name: held_by.undo.get(name) for name in ("send_at", "until")}
        wish = replace(wish, saved=held_by.undo["saved"], times=was)
    entry = journal.begin(planned.step, ref.name, wish.stored(), now())
    surgery = Surgery(connector, journal, marks, entry, campaign, now)
    return attempt(journal, entry, lambda: surgery.operate(wish), now)


def mark_people(
    writer: Writer,
    journal: Journal,
    marks: Marks,
    planned: Planned,
    campaign: Campaign,
    now: Callable[[], datetime],
) -> Receipt:
    """Put a label on people or take it off, and keep who carries it. Raises only before anything is changed."""
    step, ref, ids = planned.step, campaign.ref, list(planned.ids)
    if step.verb is Verb.TAG:
        # From here on they may carry it: were presend to end in between, a later run would still take it off again.
        marks.put(ref.account, ref.id, maybe(step.label), ids, now())
    entry = journal.begin(step, ref.name, {"label": step.label, "ids": ids}, now())

    def act() -> Receipt:
        write = writer.tag if step.verb is Verb.TAG else writer.untag
        receipt = write(campaign, step.label, ids)
        # Before the deed is closed: were presend to end in between, it would otherwise be done once more.
        return _kept(receipt, marks, planned, now()) if receipt.state is DeedState.DONE else receipt

    return attempt(journal, entry, act, now)


def _kept(receipt: Receipt, marks: Marks, planned: Planned, now: datetime) -> Receipt:
    """Keep who carries the label now."""
    step, ids = planned.step, planned.ids
    where = (step.account, step.campaign_id)
    try:
        if step.verb is Verb.TAG:
            marks.put(*where, step.label, ids, now)
        else:
            marks.remove(*where, step.label, ids)
        marks.remove(*where, maybe(step.label), ids)
    except DeedError as error:
        return replace(receipt, detail=f"{receipt.detail}; {error.message}, so the next run does it once more")
    return receipt


_WORST = (DeedState.UNKNOWN, DeedState.FAILED)


def _both(said_: Receipt, marked: Receipt) -> Receipt:
    """The comment and the mark on the campaign as one deed: a platform needs only one of the two."""
    undo = {name: dict(part.undo) for name, part in (("comment", said_), ("mark", marked)) if part.undo}
    if said_.state in _WORST:
        return replace(said_, undo=undo)
    if marked.state in _WORST:
        return Receipt(marked.state, f"{said_.detail}; but {marked.detail}", undo)
    if said_.state is DeedState.CANNOT:
        return replace(marked, undo=undo) if marked.state is DeedState.DONE else said_
    return replace(said_, undo=undo)
