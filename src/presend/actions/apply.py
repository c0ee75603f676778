"""Does a plan: looks again, journals, writes, and keeps what the read-back said."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from presend.actions.plan import Plan, Planned
from presend.errors import DeedError, PlatformError, Unconfirmed
from presend.logs import logger
from presend.model import Campaign, DeedState, Receipt, Step, Verb
from presend.ports import Connector, Writer
from presend.report import Deed
from presend.store.journal import Journal


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

    return tuple(shown(planned) for planned in plan.planned)


def attempt(journal: Journal, entry: int, act: Callable[[], Receipt], now: Callable[[], datetime]) -> Receipt:
    """Run one write whose intent is in the journal, and store what came of it. Raises nothing of its own.

    Whatever goes wrong without saying that nothing happened is UNKNOWN: a fault of presend itself too.
    """
    try:
        receipt = act()
    except Unconfirmed as error:
        receipt = Receipt(DeedState.UNKNOWN, f"not confirmed: {_said(error)}")
    except PlatformError as error:
        receipt = Receipt(DeedState.FAILED, f"not done: {_said(error)}")
    except Exception as error:  # noqa: BLE001 - the write may have happened, and the other campaigns are still to come
        _fault(error)
        why = f"presend itself failed ({type(error).__name__}), so nobody knows whether it was done"
        receipt = Receipt(DeedState.UNKNOWN, f"not confirmed: {why}; look at it on the platform")
    try:
        journal.finish(entry, receipt, now())
    except DeedError as error:
        return replace(receipt, detail=f"{receipt.detail}; {error.message}".removeprefix("; "))
    return receipt


def _fault(error: Exception) -> None:
    """Log where it happened, and not its words: they may hold somebody's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    logger("actions").error("fault", kind=type(error).__name__, where=f"{last.name}:{last.lineno}")


def _said(error: PlatformError) -> str:
    return f"{error.message}. {error.help}".strip()


class Doer:
    """Does the steps of one run, one after the other. `connect` gives the connector of an account by its name."""

    def __init__(self, connect: Callable[[str], Connector], journal: Journal, now: Callable[[], datetime]) -> None:
        self._connect = connect
        self._journal = journal
        self._now = now
        self._log = logger("actions")
        self._fresh: dict[tuple[str, str], Campaign] = {}

    def do(self, plan: Plan) -> tuple[Deed, ...]:
        """Every step that can be tried; the others as they stand. One that fails never keeps the next from trying."""
        return tuple(self._one(p) if p.state is DeedState.PLANNED else deed_of(p) for p in plan.planned)

    def _one(self, planned: Planned) -> Deed:
        step = planned.step
        try:
            campaign = self._again(planned)
            if campaign is None:
                changed = "left alone: the campaign changed since it was read, so the findings may no longer hold"
                return deed_of(planned, DeedState.LEFT_ALONE, f"{step.detail}; {changed}")
            receipt = self._journalled(planned, campaign)
        except (PlatformError, DeedError) as error:
            receipt = Receipt(DeedState.FAILED, f"not done: {error.message}")
        except Exception as error:  # noqa: BLE001 - before any write; the others must still be tried
            _fault(error)
            receipt = Receipt(DeedState.FAILED, f"not done: presend itself failed ({type(error).__name__})")
        self._log.info("deed", verb=step.verb.value, campaign=step.campaign_id, state=receipt.state.value)
        return deed_of(planned, receipt.state, f"{step.detail}; {receipt.detail}".rstrip("; "))

    def _again(self, planned: Planned) -> Campaign | None:
        """The campaign read again just before the write; None when somebody changed it meanwhile.

        What presend itself did in this run (a hold before a comment) is not a change by somebody.
        """
        ref = planned.result.campaign.ref
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
        step, writer = planned.step, self._connect(planned.step.account).writer
        ids = _ids(planned)
        match step.verb:
            case Verb.HOLD:
                undo = writer.saved(campaign)
            case Verb.TAG:
                undo = {"label": step.label, "ids": ids}
            case _:
                undo = {}
        entry = self._journal.begin(step, campaign.ref.name, undo, self._now())
        return attempt(self._journal, entry, lambda: _write(step, writer, campaign, ids), self._now)


def _write(step: Step, writer: Writer, campaign: Campaign, ids: Sequence[str]) -> Receipt:
    match step.verb:
        case Verb.HOLD:
            return writer.hold(campaign)
        case Verb.TAG:
            return writer.tag(campaign, step.label, ids)
        case Verb.COMMENT:
            return _both(writer.comment(campaign, step.label), writer.mark(campaign, "presend"))
        case _:
            return Receipt(DeedState.CANNOT, f"{step.verb.value} is not something a scan does")


_WORST = (DeedState.UNKNOWN, DeedState.FAILED)


def _both(said: Receipt, marked: Receipt) -> Receipt:
    """The comment and the mark on the campaign as one deed: a platform needs only one of the two."""
    undo = {name: dict(part.undo) for name, part in (("comment", said), ("mark", marked)) if part.undo}
    if said.state in _WORST:
        return replace(said, undo=undo)
    if marked.state in _WORST:
        return Receipt(marked.state, f"{said.detail}; but {marked.detail}", undo)
    if said.state is DeedState.CANNOT:
        return replace(marked, undo=undo) if marked.state is DeedState.DONE else said
    return replace(said, undo=undo)


def _ids(planned: Planned) -> list[str]:
    audience = planned.result.audience
    if audience is None or planned.who is None:
        return []
    return [one.id for batch in audience.rows(planned.who, ()) for one in batch]
