"""What one notice says: campaigns by time left, worst findings, what was done; counts only, never a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presend.engine import CampaignResult
from presend.logs import clean
from presend.model import DeedState, Finding, FindingState, Severity, UncheckedKind, Verb
from presend.report import Report, left_until, order


@dataclass(frozen=True, slots=True)
class Item:
    """One campaign in the digest."""

    title: str
    url: str | None
    deadline: str
    lines: tuple[str, ...]
    worst: Severity
    left: float
    """Seconds until it can no longer be stopped; infinity when that is not known."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one notice says."""

    headline: str
    items: tuple[Item, ...]
    footer: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.items and not self.footer


def _finding_line(finding: Finding) -> str:
    reach = f" - {finding.affected:,} of {finding.audience:,} recipients" if finding.affected is not None else ""
    place = finding.part.value + (f", line {finding.line}" if finding.line else "")
    variant = f" (variant {finding.message})" if finding.message != "A" else ""
    return f"{finding.severity.word}: {finding.code} {finding.name} in {place}{variant}{reach}"


def _item(result: CampaignResult, findings: Sequence[Finding], report: Report) -> Item:
    ref = result.campaign.ref
    left, deadline = left_until(result.campaign.schedule.stoppable_until, report.as_of)
    lines = [_finding_line(f) for f in sorted(findings, key=order)[:5]]
    if len(findings) > 5:
        lines.append(f"and {len(findings) - 5} more")
    deeds = [d for d in report.deeds if (d.account, d.campaign_id) == (ref.account, ref.id)]
    lines += [f"{d.verb.value}: {d.state.value.replace('_', ' ')}" for d in deeds if d.verb is not Verb.NOTIFY]
    worst = max(f.severity for f in findings)
    return Item(clean(f"{ref.platform.value}: {ref.name}"), result.campaign.url, deadline, tuple(lines), worst, left)


def digest(report: Report, told: frozenset[str], over: str = "") -> Digest:
    """The digest of a run: the new findings among those to tell (`told` fingerprints), the deeds, what failed."""
    items = []
    for result in report.campaigns:
        new = [f for f in result.findings if f.fingerprint in told and f.state is FindingState.NEW]
        if new:
            items.append(_item(result, new, report))
    items.sort(key=lambda item: (item.left, -item.worst))
    footer = [f"Nothing was done: {over}."] if over else []
    failed = [u for u in report.unchecked if u.kind is UncheckedKind.FAILED]
    if failed and items:
        footer.append(f"Incomplete: {len(failed)} things could not be checked; run `presend scan` to see them.")
    unsure = [d for d in report.deeds if d.state is DeedState.UNKNOWN]
    if unsure:
        footer.append(f"{len(unsure)} deeds are not confirmed: look at them on the platform.")
    blockers = sum(1 for item in items if item.worst is Severity.BLOCKER)
    campaigns = f"{len(items)} campaign{'s' if len(items) != 1 else ''}"
    headline = f"presend: {campaigns} to look at" + (f", {blockers} must not go as they are" if blockers else "")
    return Digest(headline, tuple(items), tuple(footer))
