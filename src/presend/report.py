"""Everything a run has to say, before it is written in any format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from presend.engine import AccountFailure, CampaignResult, Unchecked
from presend.exitcodes import ExitCode, choose
from presend.model import (
    CampaignRef,
    Confidence,
    DeedState,
    Finding,
    FindingState,
    Gap,
    Severity,
    UncheckedKind,
    Verb,
)
from presend.model.deeds import Reversible
from presend.policy import Decision
from presend.scoring import Audit


@dataclass(frozen=True, slots=True)
class Deed:
    """A planned or done deed as the report shows it."""

    verb: Verb
    platform: str
    account: str
    campaign_id: str
    state: DeedState
    reversible: Reversible
    detail: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when a finding fails a run."""

    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a scan, audit or lint."""

    version: str
    as_of: datetime
    started: datetime
    finished: datetime
    campaigns: tuple[CampaignResult, ...]
    failures: tuple[AccountFailure, ...]
    accounts: int
    """How many accounts (or, for lint, templates) were selected."""
    deeds: tuple[Deed, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    asked: bool = False
    """Whether campaigns were asked for by name: then matching none is an exit code of its own."""
    held: tuple[CampaignResult, ...] = ()
    """Drafts that presend holds, read again to see what is mended: not due, so no part of any count or exit code."""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """By fingerprint, what the policy makes of a finding and by which rule; empty where no policy was asked."""
    detailed: bool = False
    """Whether the table names the fingerprint of every finding that it shows, and not of the worst alone."""
    applied: bool = False
    """Whether the deeds were to be done, and not planned only."""
    audit: Audit | None = None
    """The account as a whole; only of an audit."""

    @property
    def findings(self) -> Iterator[tuple[CampaignRef, Finding]]:
        """All findings with their campaign, worst first, then by reach."""
        pairs = [(r.campaign.ref, f) for r in self.campaigns for f in r.findings]
        pairs.sort(key=lambda pair: order(pair[1]))
        yield from pairs

    @property
    def unchecked(self) -> tuple[Unchecked, ...]:
        """Everything that was selected but not judged; what failed comes first."""
        found = [f.unchecked for f in self.failures] + [u for r in self.campaigns for u in r.unchecked]
        return tuple(
            sorted(found, key=lambda u: (u.kind is not UncheckedKind.FAILED, u.account, u.campaign_id, u.code))
        )

    @property
    def complete(self) -> bool:
        """False when anything that was tried could not be had."""
        return not any(u.kind is UncheckedKind.FAILED for u in self.unchecked)

    @property
    def exit_codes(self) -> tuple[ExitCode, ...]:
        """All codes that apply, as they would be chosen."""
        return exit_codes(self)

    @property
    def exit_code(self) -> ExitCode:
        """The status of the process."""
        return choose(self.exit_codes)


def order(finding: Finding) -> tuple[int, int, int, str, int, int]:
    """Sort key: severity, confidence, reach, then where it stands."""
    where = (finding.code, finding.line or 0, finding.column or 0)
    return (-finding.severity, -finding.confidence, -(finding.affected or 0), *where)


def fails(finding: Finding, thresholds: Thresholds) -> bool:
    """Whether a finding makes the run exit with 1."""
    return (
        finding.state is not FindingState.ACKNOWLEDGED
        and finding.severity >= thresholds.severity
        and finding.confidence >= thresholds.confidence
    )


def exit_codes(report: Report) -> tuple[ExitCode, ...]:
    """INTERFACE, exit codes: all that apply, in order of priority; CLEAR only alone."""
    codes: list[ExitCode] = []
    bad = (DeedState.FAILED, DeedState.REFUSED, DeedState.UNKNOWN)
    # A notice that could not go out waits in the outbox: it is never a failed deed.
    if any(d.state in bad and d.verb is not Verb.NOTIFY for d in report.deeds):
        codes.append(ExitCode.DEED)
    if any(fails(finding, report.thresholds) for _ref, finding in report.findings):
        codes.append(ExitCode.FINDINGS)
    if not report.complete:
        codes.append(ExitCode.INCOMPLETE)
    nothing = report.accounts == 0 or (report.asked and not report.campaigns and not report.failures)
    if nothing:
        codes.append(ExitCode.NOTHING)
    return tuple(codes) or (ExitCode.CLEAR,)


def verdict(result: CampaignResult) -> str:
    """`incomplete` if anything of it failed, else `flagged` from an unacknowledged `low` up, else `clear`."""
    if result.failed:
        return "incomplete"
    flagged = any(f.severity >= Severity.LOW and f.state is not FindingState.ACKNOWLEDGED for f in result.findings)
    return "flagged" if flagged else "clear"


def worst(findings: Sequence[Finding]) -> Severity | None:
    """The highest severity among findings, or None."""
    return max((f.severity for f in findings), default=None)


def left_until(moment: datetime | Gap, now: datetime) -> tuple[float, str]:
    """Seconds left and the words for it."""
    if isinstance(moment, Gap):
        return float("inf"), "last moment to stop: not known"
    left = moment - now
    if left <= timedelta():
        return 0.0, "too late to stop"
    hours, minutes = divmod(int(left.total_seconds() // 60), 60)
    words = f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
    return left.total_seconds(), f"{words} left to stop it (until {moment:%d %b %H:%M} UTC)"
