"""Does a plan: looks again, journals, writes, and keeps what the read-back said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from presend.actions.plan import Plan, Planned
from presend.errors import PlatformError, Unconfirmed
from presend.logs import logger
from presend.model import Campaign, DeedState, Receipt, Verb
from presend.ports import Connector
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
    """The deeds of a dry run."""
    return tuple(deed_of(planned) for planned in plan.planned)


class Doer:
    """Does the steps of one run, one after the other."""

    def __init__(self, connectors: Mapping[str, Connector], journal: Journal, now: Callable[[], datetime]) -> None:
        self._connectors = connectors
        self._journal = journal
        self._now = now
        self._log = logger("actions")
        self._fresh: dict[tuple[str, str], Campaign] = {}

    def do(self, plan: Plan) -> tuple[Deed, ...]:
        """Every step that can be tried; the others as they stand. Never raises for what a platform does."""
        return tuple(self._one(p) if p.state is DeedState.PLANNED else deed_of(p) for p in plan.planned)

    def _one(self, planned: Planned) -> Deed:
        step = planned.step
        try:
            campaign = self._again(planned)
        except PlatformError as error:
            return deed_of(planned, DeedState.FAILED, f"{step.detail}; not done: {error.message}")
        if campaign is None:
            changed = "left alone: the campaign changed since it was read, so the findings may no longer hold"
            return deed_of(planned, DeedState.LEFT_ALONE, f"{step.detail}; {changed}")
        receipt = self.journalled(planned, campaign)
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
        now = self._connectors[ref.account].campaign(ref.id)
        if now.revision != planned.step.revision:
            return None
        self._fresh[key] = now
        return now

    def journalled(self, planned: Planned, campaign: Campaign) -> Receipt:
        """Store the intent, do it, store the result."""
        writer = self._connectors[planned.step.account].writer
        undo = writer.saved(campaign) if planned.step.verb is Verb.HOLD else {}
        entry = self._journal.begin(planned.step, campaign.ref.name, undo, self._now())
        try:
            receipt = self._write(planned, campaign)
        except Unconfirmed as error:
            receipt = Receipt(DeedState.UNKNOWN, f"not confirmed: {error.message}. {error.help}".strip())
        except PlatformError as error:
            receipt = Receipt(DeedState.FAILED, f"not done: {error.message}. {error.help}".strip())
        self._journal.finish(entry, receipt, self._now())
        return receipt

    def _write(self, planned: Planned, campaign: Campaign) -> Receipt:
        step, writer = planned.step, self._connectors[planned.step.account].writer
        match step.verb:
            case Verb.HOLD:
                return writer.hold(campaign)
            case Verb.TAG:
                return writer.tag(campaign, step.label, self._ids(planned))
            case Verb.COMMENT:
                said = writer.comment(campaign, step.label)
                marked = writer.mark(campaign, "presend")
                if said.state is DeedState.DONE and marked.state in (DeedState.FAILED, DeedState.UNKNOWN):
                    return replace(marked, detail=f"{said.detail}; but {marked.detail}")
                if said.state is DeedState.CANNOT and marked.state is DeedState.DONE:
                    return marked
                return said
            case _:
                return Receipt(DeedState.CANNOT, f"{step.verb.value} is not something a scan does")

    def _ids(self, planned: Planned) -> list[str]:
        audience = planned.result.audience
        if audience is None or planned.who is None:
            return []
        return [one.id for batch in audience.rows(planned.who, ()) for one in batch]
