"""The plan: which deeds follow from a scan under a policy, before anything is done; pure but for counting people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from presend.audience.engine import EVERYONE, NOBODY, Who
from presend.engine import CampaignResult
from presend.model import (
    Able,
    DeedState,
    Finding,
    Gap,
    Reversible,
    Step,
    Verb,
)
from presend.policy import Decision, decide_all
from presend.ports import Writer
from presend.settings import PolicySettings


@dataclass(frozen=True, slots=True)
class Planned:
    """A step, the state it has before anything is done, and the people it is about."""

    step: Step
    state: DeedState
    result: CampaignResult
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run means to do, in that order. `over` is set when a limit refuses the whole of it."""

    planned: tuple[Planned, ...]
    decisions: Mapping[str, tuple[Decision, ...]]
    """By `account/campaign id`: what each finding leads to, also those that lead to nothing."""
    over: str = ""

    @property
    def open(self) -> tuple[Planned, ...]:
        """The steps that can be tried."""
        return tuple(p for p in self.planned if p.state is DeedState.PLANNED)


def comment_text(findings: Sequence[Finding]) -> str:
    """What presend says on the campaign: codes, places and counts, never a person's data."""
    lines = [f"presend: {len(findings)} finding{'s' if len(findings) != 1 else ''} before sending"]
    for f in sorted(findings, key=lambda f: (-f.severity, f.code))[:12]:
        reach = f", {f.affected} of {f.audience} recipients" if f.affected is not None else ""
        place = f.part.value + (f" line {f.line}" if f.line else "")
        lines.append(f"- {f.severity.word} {f.code} {f.name} ({place}{reach})")
    if len(findings) > 12:
        lines.append(f"- and {len(findings) - 12} more")
    return "\n".join(lines)


def _step(result: CampaignResult, writer: Writer, verb: Verb, detail: str, **more: object) -> tuple[Step, DeedState]:
    campaign = result.campaign
    ability = writer.ability(verb, campaign)
    step = Step(
        verb=verb,
        platform=campaign.ref.platform.value,
        account=campaign.ref.account,
        campaign_id=campaign.ref.id,
        revision=campaign.revision,
        reversible=ability.reversible,
        detail=f"{detail}; {ability.detail}" if ability.detail else detail,
    )
    step = replace(step, **more)  # type: ignore[arg-type]
    return step, DeedState.CANNOT if ability.able is Able.NO else DeedState.PLANNED


def plan_campaign(
    policy: PolicySettings, result: CampaignResult, writer: Writer, decisions: Sequence[Decision]
) -> list[Planned]:
    """The steps for one campaign: hold, tag, comment, in the order in which they are done."""

    def leading_to(verb: Verb) -> list[Finding]:
        return [d.finding for d in decisions if verb in d.verbs]

    steps: list[Planned] = []
    holding, leaving_out = leading_to(Verb.HOLD), leading_to(Verb.EXCLUDE)
    if holding:
        codes = ", ".join(sorted({f.code for f in holding}))
        step, state = _step(result, writer, Verb.HOLD, f"take back to draft for {codes}")
        if state is DeedState.PLANNED and step.reversible is not Reversible.EXACT and not policy.hold_irreversible:
            why = "it could not be put back exactly, and the policy has hold_irreversible = false"
            step, state = replace(step, detail=f"{step.detail}; not held: {why}"), DeedState.CANNOT
        steps.append(Planned(step, state, result))
    elif leaving_out:
        codes = ", ".join(sorted({f.code for f in leaving_out}))
        why = "this version of presend cannot leave people out of a send; use hold, or mend the data"
        step, _state = _step(result, writer, Verb.EXCLUDE, f"send without those affected by {codes}: {why}")
        steps.append(Planned(replace(step, reversible=Reversible.NO), DeedState.CANNOT, result))
    steps += _tags(result, writer, leading_to(Verb.TAG))
    commented = leading_to(Verb.COMMENT)
    if commented:
        text = comment_text(commented)
        step, state = _step(result, writer, Verb.COMMENT, f"note {len(commented)} findings", label=text)
        steps.append(Planned(step, state, result))
    return steps


def _tags(result: CampaignResult, writer: Writer, findings: Sequence[Finding]) -> list[Planned]:
    """One step per code: the people affected by any finding of it get `presend:<code>`.

    Only where a person's data decides: a fault in the template is everybody's, and marking all of a list helps nobody.
    """
    if result.failed and any(f.affected is None or f.who not in (None, EVERYONE) for f in findings):
        why = "mark nobody: something of this campaign could not be read, so who is affected is not known for sure"
        step, _state = _step(result, writer, Verb.TAG, why)
        return [Planned(replace(step, detail=why, reversible=Reversible.NO), DeedState.CANNOT, result)]
    if result.audience is None:
        return []
    steps = []
    for code in sorted({f.code for f in findings}):
        who = NOBODY
        for finding in findings:
            if finding.code == code and finding.who not in (None, EVERYONE):
                assert finding.who is not None
                who = who | finding.who
        count = result.audience.count(who)
        if count:
            label = f"presend:{code}"
            detail = f"mark {count} people with {label}"
            step, state = _step(result, writer, Verb.TAG, detail, label=label, recipients=count)
            steps.append(Planned(step, state, result, who))
    return steps


def make(policy: PolicySettings, results: Sequence[CampaignResult], writers: Mapping[str, Writer]) -> Plan:
    """The plan of a run, held against the policy's limits.

    A campaign that is incomplete may still be held for what was found; people are only tagged where the
    audience is whole.
    """
    planned: list[Planned] = []
    decisions: dict[str, tuple[Decision, ...]] = {}
    for result in results:
        ref = result.campaign.ref
        decided = decide_all(policy, result.findings, ref.account)
        decisions[f"{ref.account}/{ref.id}"] = tuple(decided)
        if ref.account in writers:
            planned += plan_campaign(policy, result, writers[ref.account], decided)
    return _bounded(policy, Plan(tuple(sorted(planned, key=_urgency)), decisions))


def _urgency(planned: Planned) -> tuple[bool, float]:
    """Holds first, those with the least time left before the others: marking people may take minutes."""
    until = planned.result.campaign.schedule.stoppable_until
    if planned.step.verb is not Verb.HOLD:
        return True, 0.0
    return False, 0.0 if isinstance(until, Gap) else until.timestamp()


def _bounded(policy: PolicySettings, plan: Plan) -> Plan:
    """The plan as it is, or refused as a whole with both numbers in the reason."""
    holds = sum(1 for p in plan.open if p.step.verb is Verb.HOLD)
    people = sum(p.step.recipients for p in plan.open if p.step.verb is Verb.TAG)
    over = ""
    if holds > policy.max_holds:
        over = f"{holds} campaigns would be held, and max_holds is {policy.max_holds}"
    elif people > policy.max_recipients:
        over = f"{people} records would be written, and max_recipients is {policy.max_recipients}"
    if not over:
        return plan
    refused = [
        replace(p, state=DeedState.REFUSED, step=replace(p.step, detail=f"{p.step.detail}; refused: {over}"))
        if p.state is DeedState.PLANNED
        else p
        for p in plan.planned
    ]
    return replace(plan, planned=tuple(refused), over=over)
