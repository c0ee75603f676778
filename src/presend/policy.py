"""From findings to what should be done about them, by the user's rules; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from presend.model import Confidence, Finding, FindingState, Severity, Verb
from presend.settings import PolicyRule, PolicySettings

THRESHOLD_VERBS = (Verb.HOLD, Verb.EXCLUDE, Verb.TAG, Verb.COMMENT, Verb.NOTIFY)
"""The verbs that a policy switches on by a severity."""

SENSITIVE = ("SEN", "CON")
"""Families of which a mark on a person would itself say what nobody should know."""

NEUTRAL = "presend:review"
"""The mark that says no more than that somebody should look."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one finding leads to, and by which rule: `default` or the number of the rule that matched, from 1."""

    finding: Finding
    verbs: frozenset[Verb]
    rule: str
    owner: str | None = None
    neutral: bool = False
    """Whether people may only be marked without saying for what."""

    @property
    def label(self) -> str:
        """The mark for the people affected."""
        return NEUTRAL if self.neutral else f"presend:{self.finding.code}"


def _matches(rule: PolicyRule, of: str, account: str) -> bool:
    codes = not rule.codes or any(of.startswith(code) for code in rule.codes)
    accounts = not rule.accounts or any(fnmatchcase(account, pattern) for pattern in rule.accounts)
    return codes and accounts


def decide(policy: PolicySettings, finding: Finding, account: str) -> Decision:
    """The verbs of a finding. One that is acknowledged or not surely known leads to none, whatever its severity."""
    number, rule = next(
        ((str(i), r) for i, r in enumerate(policy.rule, 1) if _matches(r, finding.code, account)), ("default", None)
    )
    neutral = is_sensitive(policy, finding.code)
    owner = rule.owner if rule else None
    if finding.state is FindingState.ACKNOWLEDGED or finding.confidence is not Confidence.HIGH:
        return Decision(finding, frozenset(), number, owner, neutral)
    verbs = set()
    for verb in THRESHOLD_VERBS:
        if _reaches(policy, rule, verb, finding.severity):
            verbs.add(verb)
    if Verb.TAG in verbs and not any(finding.code.startswith(code) for code in policy.tag_codes):
        verbs.discard(Verb.TAG)
    return Decision(finding, frozenset(verbs), number, owner, neutral)


def _reaches(policy: PolicySettings, rule: PolicyRule | None, verb: Verb, severity: Severity) -> bool:
    own = getattr(rule, verb.value) if rule is not None else None
    threshold = own if own is not None else getattr(policy, verb.value)
    return threshold != "never" and severity >= Severity[threshold.upper()]


def may_lead(policy: PolicySettings, verb: Verb, code: str, severity: Severity, account: str) -> bool:
    """Whether a finding of this code, as bad as that, would lead to the verb if it were sure and not accepted."""
    rule = next((r for r in policy.rule if _matches(r, code, account)), None)
    return _reaches(policy, rule, verb, severity)


def is_sensitive(policy: PolicySettings, code: str) -> bool:
    """Whether the code never marks people by its name: its family is sensitive, or some rule says `neutral`."""
    named = (word for rule in policy.rule if rule.neutral for word in rule.codes)
    return code.startswith(SENSITIVE) or any(code.startswith(word) for word in named)


def decide_all(policy: PolicySettings, findings: Sequence[Finding], account: str) -> list[Decision]:
    """A decision for every finding."""
    return [decide(policy, finding, account) for finding in findings]
