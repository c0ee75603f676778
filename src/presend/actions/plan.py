"""The plan: which deeds follow from a scan under a policy, before anything is done; reads, and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from presend.actions.crowd import ids_of
from presend.actions.known import PERHAPS, Memory
from presend.actions.steps import Case, Plan, Planned, asked_once, cannot, left_alone, persons
from presend.actions.tags import Rightful, plan_tags
from presend.audience.engine import EVERYONE, NOBODY, Who
from presend.engine import CampaignResult
from presend.model import (
    OUT,
    Able,
    Campaign,
    Confidence,
    DeedState,
    Finding,
    FindingState,
    Gap,
    Reversible,
    Severity,
    State,
    Verb,
)
from presend.model.counting import many
from presend.policy import Decision, decide_all, may_lead
from presend.ports import Writer
from presend.settings import PolicySettings

__all__ = ["Given", "Plan", "Planned", "bounded", "comment_text", "make", "too_late"]

ROOM = timedelta(minutes=15)
"""What leaving people out needs before the last moment to stop: it takes minutes, and Mailchimp knows quarter hours."""

UNSURE = timedelta(minutes=5)
"""How far a platform's last moment to stop may be off: Klaviyo takes back later than its connector counts on."""

NOTHING_LEFT = "presend: nothing is left of what was found here."
"""What presend's comment says in the end."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a plan is made from besides the findings."""

    now: datetime
    memory: Memory = field(default_factory=Memory)
    ran: frozenset[str] | None = None
    """The codes that were looked for; None: all of the rule book."""
    of_sending: frozenset[str] = frozenset()
    """The codes of checks on when and how it goes: a draft goes at no time, so there they are never gone."""
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """How bad what each code finds is, as its check says; a code that is not here may find anything."""


def comment_text(findings: Sequence[Finding]) -> str:
    """What presend says on the campaign: codes, places and counts, never a person's data."""
    lines = [f"presend: {many(len(findings), 'finding')} before sending"]
    for f in sorted(findings, key=lambda f: (-f.severity, f.code, f.part, f.line or 0, f.message))[:12]:
        reach = f", {f.affected:,} of {many(f.audience or 0, 'recipient')}" if f.affected is not None else ""
        place = f.part.value + (f" line {f.line}" if f.line else "")
        lines.append(f"- {f.severity.word} {f.code} {f.name} ({place}{reach})")
    if len(findings) > 12:
        lines.append(f"- and {len(findings) - 12} more")
    return "\n".join(lines)


def make(
    policy: PolicySettings, results: Sequence[CampaignResult], writers: Mapping[str, Writer], given: Given
) -> Plan:
    """The plan of a run, held against the policy's limits.

    A campaign that is incomplete may still be held for what was found; people are only marked or left out where the
    audience is whole. Results with `held` are only looked at for what is mended.
    """
    by_ref = {(r.campaign.ref.account, r.campaign.ref.id): r for r in results}
    whole = {ref: r.everybody or r for ref, r in by_ref.items() if r.everybody or not r.campaign.left_out}
    rightful = Rightful(given.memory, whole, policy, given.ran)
    bound = {account: asked_once(writer) for account, writer in writers.items()}
    planned: list[Planned] = []
    offers: list[Planned] = []
    decisions: dict[str, tuple[Decision, ...]] = {}
    for (account, campaign_id), result in by_ref.items():
        decided = tuple(decide_all(policy, result.findings, account))
        if not result.held:
            decisions[f"{account}/{campaign_id}"] = decided
        if account not in writers:
            continue
        case = Case(
            policy=policy,
            result=result,
            writer=writers[account],
            decisions=decided,
            known=given.memory.of(account, campaign_id),
            now=given.now,
            ran=given.ran,
            bound=bound[account],
            of_sending=given.of_sending,
            severities=given.severities,
            wanted_elsewhere=partial(rightful.elsewhere, account, campaign_id),
        )
        planned += plan_campaign(case)
        offers += _offer(case)
    plan = Plan(tuple(sorted(planned, key=_urgency)), decisions, offers=tuple(offers))
    return bounded(policy, plan)


def plan_campaign(case: Case) -> list[Planned]:
    """The steps for one campaign in the order in which they are done: hold or leave out, mark, say."""
    first = [] if case.result.held else (_hold(case, case.leading_to(Verb.HOLD)) or _exclude(case))
    if why := case.known.stays_put_back(case.result.campaign.revision):
        first = [left_alone(planned, why) for planned in first]
    whole = _whole(case)
    return first if whole is None else first + plan_tags(whole) + _comment(whole)


def _whole(case: Case) -> Case | None:
    """The case as if nobody were left out: those who are have their finding still. None where it was not read so."""
    if not case.result.campaign.left_out:
        return case
    result = case.result.everybody
    if result is None:
        return None
    decided = decide_all(case.policy, result.findings, result.campaign.ref.account)
    return replace(case, result=replace(result, held=case.result.held), decisions=decided)


def _codes(decisions: Sequence[Decision]) -> str:
    return ", ".join(sorted({d.finding.code for d in decisions}))


def _hold(case: Case, holding: Sequence[Decision], why: str = "") -> list[Planned]:
    if not holding:
        return []
    planned = case.step(Verb.HOLD, f"take back to draft for {_codes(holding)}{why}")
    if planned.state is DeedState.PLANNED and (late := past_stopping(case.result.campaign, case.now)):
        return [cannot(planned, f"{planned.step.detail}; {late}")]
    return [_if_reversible(case, planned, "held")]


def past_stopping(campaign: Campaign, now: datetime) -> str:
    """Why it is surely too late to take a scheduled campaign back, or nothing."""
    until = campaign.schedule.stoppable_until
    if campaign.state is not State.SCHEDULED or isinstance(until, Gap) or now - until <= UNSURE:
        return ""
    name = f"{campaign.ref.account}:{campaign.ref.id}"
    return (
        f"not held: it could be taken back only until {until:%Y-%m-%d %H:%M} UTC, which has passed; where it still "
        f"has not gone, `presend hold {name}` tries"
    )


def _if_reversible(case: Case, planned: Planned, what: str) -> Planned:
    exact = planned.step.reversible is Reversible.EXACT or case.policy.hold_irreversible
    if planned.state is not DeedState.PLANNED or exact:
        return planned
    reason = "it could not be put back exactly, and the policy has hold_irreversible = false"
    return cannot(planned, f"{planned.step.detail}; not {what}: {reason}")


# -- leaving people out


def _exclude(case: Case) -> list[Planned]:
    """One step that makes the people left out those who should be; none where they are already."""
    left_out = case.result.campaign.left_out
    whole = case.result.everybody if left_out else case.result
    decided = decide_all(case.policy, whole.findings, whole.campaign.ref.account) if whole else case.decisions
    leaving = [d for d in decided if Verb.EXCLUDE in d.verbs]
    if not leaving and (not left_out or whole is None):
        # Where the policy leaves nobody out any more, who is left out stays so until a person says otherwise.
        return []
    if whole is None or whole.failed or case.result.failed or whole.audience is None or case.result.audience is None:
        what = (
            f"send without those affected by {_codes(leaving)}" if leaving else "let those in again who were left out"
        )
        why = "something of this campaign could not be read, so who would get it is not known for sure"
        return [_blank(cannot(case.step(Verb.EXCLUDE, what), f"{what}: {why}"))]
    who = NOBODY
    for decision in leaving:
        who = who | (EVERYONE if decision.finding.who is None else decision.finding.who)
    count = whole.audience.count(who)
    if count and count == whole.audience.size:
        return _hold(case, leaving, ", which affects everybody, so that leaving them out would leave nobody")
    wanted = set(ids_of(whole.audience, who)) if count else set()
    now = set(ids_of(whole.audience)) - set(ids_of(case.result.audience)) if left_out else set()
    # What was not looked for, or not judged for sure, is not mended: more people may be left out, and nobody let in.
    kept = now - wanted if _doubt(case, whole) else now & set(ids_of(whole.audience, _unsure(case, whole))) - wanted
    wanted |= kept
    if wanted == now:
        return []
    if len(wanted) == whole.audience.size:
        return _hold(case, leaving, ", and with those who are left out already that would leave nobody")
    said = f"leave {persons(len(wanted))} out, those affected by {_codes(leaving)}, and send at the same time"
    if kept:
        said += f" ({len(kept)} stay out, as not all was looked for or is sure)"
    if not wanted:
        said = f"let {persons(len(now))} in again, whose data is mended, and send at the same time"
    elif now:
        said += f" ({len(now)} are left out now)"
    label = left_out or f"{OUT}{case.result.campaign.ref.id}"
    planned = case.step(Verb.EXCLUDE, said, label=label, ids=sorted(wanted))
    planned = replace(planned, step=replace(planned.step, recipients=len(wanted ^ now)))
    return [_if_possible(case, planned)]


def _doubt(case: Case, whole: CampaignResult) -> bool:
    """Whether a check that could leave somebody out did not run, or could not judge some of these people."""

    def may(code: str) -> bool:
        severity = case.severities.get(code, Severity.BLOCKER)
        return may_lead(case.policy, Verb.EXCLUDE, code, severity, whole.campaign.ref.account)

    return case.ran is not None or any(u.affected != 0 and (not u.code or may(u.code)) for u in whole.unchecked)


def _unsure(case: Case, whole: CampaignResult) -> Who:
    """Those with a finding that would leave them out if it were sure."""
    account, who = whole.campaign.ref.account, NOBODY
    for f in whole.findings:
        open_ = f.state is not FindingState.ACKNOWLEDGED and f.confidence is not Confidence.HIGH
        if open_ and may_lead(case.policy, Verb.EXCLUDE, f.code, f.severity, account):
            who = who | (EVERYONE if f.who is None else f.who)
    return who


def _blank(planned: Planned) -> Planned:
    return replace(planned, step=replace(planned.step, reversible=Reversible.NO))


def _if_possible(case: Case, planned: Planned) -> Planned:
    """The step, if the campaign can be taken back and put back, and there is time for all of it."""
    campaign = case.result.campaign
    if planned.state is not DeedState.PLANNED:
        return planned
    hold = case.writer.ability(Verb.HOLD, campaign)
    if hold.able is Able.NO:
        return cannot(planned, f"{planned.step.detail}; it would have to be taken back first, and {hold.detail}")
    planned = replace(planned, step=replace(planned.step, reversible=hold.reversible))
    if late := too_late(campaign, case.now):
        return cannot(planned, f"{planned.step.detail}; {late}")
    return _if_reversible(case, planned, "done")


def too_late(campaign: Campaign, now: datetime) -> str:
    """Why there is no time to take it back, change it and put it back, or nothing."""
    until, send_at = campaign.schedule.stoppable_until, campaign.schedule.send_at
    if isinstance(until, Gap) or isinstance(send_at, Gap):
        reason = next(gap.reason for gap in (until, send_at) if isinstance(gap, Gap))
        return f"not done: when it can last be stopped is not known ({reason}); use hold, or mend the data"
    if min(until, send_at) - now >= ROOM:
        return ""
    minutes = int(ROOM.total_seconds() // 60)
    return (
        f"not done: it takes up to {minutes} minutes, and it can be stopped only until {until:%Y-%m-%d %H:%M} UTC; "
        "hold it by hand, or mend the data before"
    )


# -- words


def _comment(case: Case) -> list[Planned]:
    """Say it once, again when the words change, and when nothing is left."""
    decided = case.leading_to(Verb.COMMENT)
    said = case.known.said
    if case.result.held and case.known.held_for and (said in ("", NOTHING_LEFT) or said.startswith(PERHAPS)):
        # The run that held it ended before it said why, or what it said was taken back.
        decided = [d for d in decided if d.finding.code not in case.of_sending]
        return [_note(case, comment_text([d.finding for d in decided]), len(decided))] if decided else []
    if decided and not case.result.held:
        text = comment_text([d.finding for d in decided])
        # What a part of the checks, or a part of the campaign, says is not news to what the whole has said.
        if text == said or (said not in ("", NOTHING_LEFT) and (case.ran is not None or case.result.failed)):
            return []
        return [_note(case, text, len(decided))]
    if decided or said in ("", NOTHING_LEFT) or not _nothing_left(case, said):
        return []
    return [case.step(Verb.COMMENT, "say that nothing is left, and complete the note", label=NOTHING_LEFT)]


def _note(case: Case, text: str, count: int) -> Planned:
    return case.step(Verb.COMMENT, f"note {many(count, 'finding')}", label=text)


def _nothing_left(case: Case, because: str) -> bool:
    """Whether all was looked for everywhere; of a draft not what was about its sending, as `because` names it."""
    whole = case.ran is None and not case.result.failed and case.result.audience is not None
    if any(u.affected != 0 and u.code and u.code in because for u in case.result.unchecked):
        return False
    return whole and not (case.result.held and any(code in because for code in case.of_sending))


def _offer(case: Case) -> list[Planned]:
    """Putting a campaign back that the policy has held, where nothing is left that it would be held for."""
    stops = [d for d in case.decisions if d.verbs & {Verb.HOLD, Verb.EXCLUDE}]
    because = case.known.held_for
    if not case.result.held or not because or stops or not _nothing_left(case, because):
        return []
    ref, left_out = case.result.campaign.ref, case.result.campaign.left_out
    said = f"nothing is left that it would be held for: `presend release {ref.account}:{ref.id}` puts it back"
    if left_out:
        said += f", without those who are left out by {left_out}"
    return [case.step(Verb.RELEASE, said)]


# -- order and limits


def _urgency(planned: Planned) -> tuple[int, float]:
    """Holds first, then who is left out, those with the least time left before the others: marking takes minutes."""
    until = planned.campaign.schedule.stoppable_until
    rank = {Verb.HOLD: 0, Verb.EXCLUDE: 1}.get(planned.step.verb, 2)
    return rank, 0.0 if rank == 2 or isinstance(until, Gap) else until.timestamp()


def undone(plan: Plan, why: str) -> Plan:
    """The plan with nothing left to try, since `why`: each step failed before it began."""
    stopped = [
        replace(p, state=DeedState.FAILED, step=replace(p.step, detail=f"{p.step.detail}; not done: {why}"))
        if p.state is DeedState.PLANNED
        else p
        for p in plan.planned
    ]
    return replace(plan, planned=tuple(stopped))


def bounded(policy: PolicySettings, plan: Plan) -> Plan:
    """The plan as it is, or refused as a whole with both numbers in the reason."""
    holds = sum(1 for p in plan.open if p.step.verb is Verb.HOLD)
    people = sum(p.step.recipients for p in plan.open if p.step.verb in (Verb.TAG, Verb.UNTAG, Verb.EXCLUDE))
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
