"""Plans marks on people: who gets a label now, who loses it because the finding is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from presend.actions.crowd import ids_of
from presend.actions.known import Memory, Ref
from presend.actions.steps import Case, Planned, cannot, persons
from presend.audience.engine import EVERYONE, NOBODY, Audience, Who
from presend.engine import CampaignResult
from presend.model import OUT, OWN, DeedState, Finding, Gap, Reversible, Verb
from presend.policy import NEUTRAL, Decision, is_sensitive
from presend.settings import PolicySettings


def together(findings: Iterable[Finding]) -> Who:
    """The recipients of any of the findings; a fault that is everybody's marks nobody."""
    who = NOBODY
    for finding in findings:
        if finding.who not in (None, EVERYONE):
            assert finding.who is not None
            who = who | finding.who
    return who


def by_label(decisions: Sequence[Decision]) -> dict[str, list[Finding]]:
    """The findings that put a label on people."""
    found: dict[str, list[Finding]] = {}
    for decision in decisions:
        if Verb.TAG in decision.verbs:
            found.setdefault(decision.label, []).append(decision.finding)
    return dict(sorted(found.items()))


def plan_tags(case: Case) -> list[Planned]:
    """One step per label for those who need it and have not got it, then one per label for those who lose it.

    Only where a person's data decides: a fault in the template is everybody's, and marking all of a list helps nobody.
    """
    result, labels = case.result, by_label(case.decisions)
    # Of a draft that presend holds only what is mended is looked for: what it lacks as a draft is no finding.
    adding = {} if result.held else labels
    findings = [f for found in labels.values() for f in found]
    if result.failed:
        if not any(f.affected is None or f.who not in (None, EVERYONE) for f in findings) or result.held:
            return []
        why = "mark nobody: something of this campaign could not be read, so who is affected is not known for sure"
        step = cannot(case.step(Verb.TAG, why), why)
        return [replace(step, step=replace(step.step, reversible=Reversible.NO))]
    if result.audience is None:
        return []
    puts = [_put(case, result.audience, label, found) for label, found in adding.items()]
    takes = [_take(case, result.audience, label) for label in sorted(case.known.labels)]
    return [step for step in (*puts, *takes) if step is not None]


def _put(case: Case, audience: Audience, label: str, findings: Sequence[Finding]) -> Planned | None:
    who = together(findings)
    count = audience.count(who)
    carry = case.known.carry(label)
    if not count:
        return None
    least = count - len(carry)
    if least > case.policy.max_recipients:
        # Whoever they are, the limit refuses the plan: their ids are not worth the memory.
        planned = case.step(Verb.TAG, f"mark {persons(least)} with {label}", label=label)
        return replace(planned, step=replace(planned.step, recipients=least))
    ids = [one for one in ids_of(audience, who) if one not in carry]
    if not ids:
        return None
    return _unbound(case, case.step(Verb.TAG, f"mark {persons(len(ids))} with {label}", label=label, ids=ids))


def _unbound(case: Case, planned: Planned) -> Planned:
    """The step, unless its label would start a live automation."""
    if planned.state is not DeedState.PLANNED:
        return planned
    live = case.bound(planned.step.label)
    if isinstance(live, Gap):
        said = f"{planned.step.detail}; whether an automation waits for that mark cannot be ruled out: {live.reason}"
        return replace(planned, step=replace(planned.step, detail=said))
    if not live:
        return planned
    names = ", ".join(sorted(live))
    why = f"mark nobody with {planned.step.label}: it would start what is live on the platform ({names})"
    return cannot(planned, f"{why}; stop that, or take the code out of tag_codes")


def keeping(policy: PolicySettings, result: CampaignResult, label: str) -> Who | None:
    """Who still has a finding of the label, however sure or severe; None: that of everybody, or nobody knows."""
    who = NOBODY
    for finding in result.findings:
        if (NEUTRAL if is_sensitive(policy, finding.code) else f"{OWN}{finding.code}") != label:
            continue
        if finding.who in (None, EVERYONE):
            return None
        assert finding.who is not None
        who = who | finding.who
    return who


def judged(policy: PolicySettings, result: CampaignResult, label: str, ran: frozenset[str] | None) -> bool:
    """Whether the checks behind a label ran and judged everybody: only then is a finding gone that is not there."""
    if result.failed or result.audience is None:
        return False
    codes = {u.code for u in result.unchecked if u.affected != 0}
    if label == NEUTRAL:
        return ran is None and not any(is_sensitive(policy, code) for code in codes)
    code = label.removeprefix(OWN)
    return (ran is None or code in ran) and code not in codes


def _take(case: Case, audience: Audience, label: str) -> Planned | None:
    if not label.startswith(OWN) or label.startswith(OUT) or not judged(case.policy, case.result, label, case.ran):
        return None
    who = keeping(case.policy, case.result, label)
    if who is None:
        return None
    ids = sorted(case.known.may_carry(label) - set(ids_of(audience, who)) - case.wanted_elsewhere(label))
    if not ids:
        return None
    return case.step(Verb.UNTAG, f"take {label} off {persons(len(ids))}, whose finding is gone", label=label, ids=ids)


class Rightful:
    """Who carries a label rightly because of another campaign: one person may be marked for several."""

    def __init__(
        self, memory: Memory, results: Mapping[Ref, CampaignResult], policy: PolicySettings, ran: frozenset[str] | None
    ) -> None:
        self._memory = memory
        self._results = results
        self._policy = policy
        self._ran = ran

    def elsewhere(self, account: str, campaign_id: str, label: str) -> frozenset[str]:
        """The people who must keep the label whatever this campaign says."""
        claims = self._memory.elsewhere(account, campaign_id, label)
        return frozenset[str]().union(*(self._kept(ref, label, ids) for ref, ids in claims.items()))

    def _kept(self, ref: Ref, label: str, claim: frozenset[str]) -> frozenset[str]:
        """Of those whom a campaign marked, the ones of whom nobody can say that their finding is gone."""
        result = self._results.get(ref)
        if result is None or result.audience is None or not judged(self._policy, result, label, self._ran):
            return claim
        who = keeping(self._policy, result, label)
        return claim if who is None else claim.intersection(ids_of(result.audience, who))
