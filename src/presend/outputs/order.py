"""What the reports share: campaigns by the time left to stop them, findings as blocks, and the headline's counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from presend.engine import CampaignResult, Unchecked
from presend.model import Finding, Part, Severity, UncheckedKind
from presend.model.counting import many
from presend.report import Report, left_until, order, verdict
from presend.rules import NO_PEOPLE

_NEAR = timedelta(days=180)


def moment(time: datetime, as_of: datetime) -> str:
    """`Wed 25 Nov 10:00 UTC`; with its year where that is half a year or more from the time of judging."""
    year = " %Y" if abs(time - as_of) > _NEAR else ""
    return f"{time:%a %d %b{year} %H:%M} UTC"


def ranked(report: Report) -> list[CampaignResult]:
    """The campaigns, those first that can be stopped for the shortest time, then by their worst finding."""

    def rank(result: CampaignResult) -> tuple[float, int, str]:
        worst = max((f.severity for f in result.findings), default=Severity.INFO)
        left, _words = left_until(result.campaign.schedule.stoppable_until, report.as_of)
        return left, -worst, result.campaign.ref.name

    return sorted(report.campaigns, key=rank)


def grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same of several places, together: a block of the report each; worst first."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in sorted(findings, key=order):
        key = (finding.code, finding.message, finding.severity, finding.says, finding.fix, finding.affected)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def in_blocks(shown: Sequence[Sequence[Finding]]) -> str:
    """`9 findings in 7 blocks`, of what is shown of each campaign; nothing where every finding has a block of its own.

    The counts by severity are of findings; a reader who counts the blocks of a report has to come to the same.
    """
    findings, blocks = sum(map(len, shown)), sum(len(grouped(each)) for each in shown)
    return "" if findings == blocks else f"{findings:,} findings in {many(blocks, 'block')}"


def severities(report: Report) -> dict[Severity, int]:
    """How many findings there are of each severity, worst first; none left out."""
    counts = dict.fromkeys(reversed(Severity), 0)
    for _ref, finding in report.findings:
        counts[finding.severity] += 1
    return counts


def counted(report: Report) -> str:
    """`2 blocker, 1 high in 1 of 3 campaigns (3 findings in 2 blocks)`, or `nothing found in 3 campaigns`."""
    found = ", ".join(f"{count} {severity.word}" for severity, count in severities(report).items() if count)
    size = len(report.campaigns)
    campaigns = "1 campaign" if size == 1 else f"{size} campaigns"
    if not found:
        return f"nothing found in {campaigns}"
    flagged = sum(1 for result in report.campaigns if verdict(result) != "clear")
    where = f"{found} in {flagged} of {campaigns}" if size > 1 else f"{found} in {campaigns}"
    blocks = in_blocks([result.findings for result in report.campaigns])
    return f"{where} ({blocks})" if blocks else where


@dataclass(frozen=True, slots=True)
class Doubt:
    """What nobody can say of one or several campaigns of an account, for one reason."""

    account: str
    campaigns: tuple[str, ...]
    code: str
    affected: int
    """Recipients; of several campaigns, of the one with most."""
    reason: str

    @property
    def where(self) -> str:
        """`hubspot:190001`, or `hubspot, 64 campaigns`; `hubspot` for what is of no campaign."""
        if len(self.campaigns) > 1:
            return f"{self.account}, {many(len(self.campaigns), 'campaign')}"
        return ":".join((self.account, *self.campaigns))

    @property
    def people(self) -> str:
        """`3 recipients`, or `up to 297 recipients each`; empty where nobody knows how many."""
        if not self.affected:
            return ""
        said = many(self.affected, "recipient")
        return f"up to {said} each" if len(self.campaigns) > 1 else said


def questions(report: Report) -> list[Doubt]:
    """What nobody can say, that of whole accounts first; not what only follows from recipients who are not known."""
    unknowable = (u for u in report.unchecked if u.kind is UncheckedKind.UNKNOWABLE)
    told = [u for u in unknowable if u.affected != 0 and not u.reason.endswith(NO_PEOPLE)]
    return doubts(sorted(told, key=lambda one: bool(one.campaign_id)))


def doubts(unchecked: Iterable[Unchecked]) -> list[Doubt]:
    """What cannot be told, one entry for a reason of an account, however many campaigns and parts it is true of."""
    parts = {part.value for part in Part}
    found: dict[tuple[str, str, str], tuple[dict[str, None], dict[str, None], list[int]]] = {}
    for item in unchecked:
        head, colon, rest = item.reason.partition(": ")
        in_part = bool(colon) and head in parts
        key = item.account, item.code, rest if in_part else item.reason
        campaigns, places, affected = found.setdefault(key, ({}, {}, []))
        campaigns |= {item.campaign_id: None} if item.campaign_id else {}
        places |= {head: None} if in_part else {}
        affected.append(item.affected or 0)
    return [
        Doubt(account, tuple(campaigns), code, max(affected), ": ".join(filter(None, (", ".join(places), reason))))
        for (account, code, reason), (campaigns, places, affected) in found.items()
    ]
