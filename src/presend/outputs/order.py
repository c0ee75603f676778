"""What the written reports share: campaigns by the time left to stop them, and the counts of the headline."""

from __future__ import annotations

from presend.engine import CampaignResult
from presend.model import Severity
from presend.report import Report, left_until, verdict


def ranked(report: Report) -> list[CampaignResult]:
    """The campaigns, those first that can be stopped for the shortest time, then by their worst finding."""

    def rank(result: CampaignResult) -> tuple[float, int, str]:
        worst = max((f.severity for f in result.findings), default=Severity.INFO)
        left, _words = left_until(result.campaign.schedule.stoppable_until, report.as_of)
        return left, -worst, result.campaign.ref.name

    return sorted(report.campaigns, key=rank)


def severities(report: Report) -> dict[Severity, int]:
    """How many findings there are of each severity, worst first; none left out."""
    counts = dict.fromkeys(reversed(Severity), 0)
    for _ref, finding in report.findings:
        counts[finding.severity] += 1
    return counts


def counted(report: Report) -> str:
    """`2 blocker, 1 high in 1 of 3 campaigns`, or `nothing found in 3 campaigns`."""
    found = ", ".join(f"{count} {severity.word}" for severity, count in severities(report).items() if count)
    size = len(report.campaigns)
    campaigns = "1 campaign" if size == 1 else f"{size} campaigns"
    if not found:
        return f"nothing found in {campaigns}"
    flagged = sum(1 for result in report.campaigns if verdict(result) != "clear")
    return f"{found} in {flagged} of {campaigns}" if size > 1 else f"{found} in {campaigns}"
