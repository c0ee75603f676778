"""What one notice says: campaigns by time left, worst findings, what was done; counts only, never a person's data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

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

    def stored(self) -> dict[str, Any]:
        """The digest as JSON, for the outbox."""
        items = [asdict(item) | {"worst": int(item.worst), "left": None} for item in self.items]
        return {"headline": self.headline, "items": items, "footer": list(self.footer)}

    @classmethod
    def restored(cls, notice: Mapping[str, Any], made: datetime) -> Digest:
        """A digest that waited in the outbox; says since when, as the time left in it has run on."""
        items = tuple(
            Item(**each | {"lines": tuple(each["lines"]), "worst": Severity(each["worst"]), "left": float("inf")})
            for each in notice["items"]
        )
        late = f"This notice is late: it is of {made:%d %b %H:%M} UTC."
        return cls(notice["headline"], items, (late, *notice["footer"]))


def _finding_line(finding: Finding) -> str:
    reach = f" - {finding.affected:,} of {finding.audience:,} recipients" if finding.affected is not None else ""
    place = finding.part.value + (f", line {finding.line}" if finding.line else "")
    variant = f" (variant {finding.message})" if finding.message != "A" else ""
    return f"{finding.severity.word}: {finding.code} {finding.name} in {place}{variant}{reach}"


def many(count: int, thing: str) -> str:
    """`1 deed`, `2 deeds`."""
    return f"{count} {thing}{'s' if count != 1 else ''}"


def _item(result: CampaignResult, findings: Sequence[Finding], report: Report, owners: Collection[str]) -> Item:
    ref = result.campaign.ref
    left, deadline = left_until(result.campaign.schedule.stoppable_until, report.as_of)
    lines = [_finding_line(f) for f in sorted(findings, key=order)[:5]]
    if len(findings) > 5:
        lines.append(f"and {len(findings) - 5} more")
    deeds = [d for d in report.deeds if (d.account, d.campaign_id) == (ref.account, ref.id)]
    lines += [f"{d.verb.value}: {d.state.value.replace('_', ' ')}" for d in deeds if d.verb is not Verb.NOTIFY]
    if owners:
        lines.append(f"for {', '.join(sorted(owners))}")
    worst = max(f.severity for f in findings)
    # Cut before it is cleaned, as cleaning long texts is slow, and after: half an address would not be known as one.
    title = clean(f"{ref.platform.value}: {ref.name[:400]}")[:200]
    return Item(title, result.campaign.url, deadline, tuple(lines), worst, left)


def digest(
    report: Report,
    told: Mapping[str, str | None],
    over: str = "",
    changed: Collection[tuple[str, str]] = (),
) -> Digest:
    """The digest of a run: the new findings among those to tell, the deeds, what failed.

    `told` has the fingerprints to tell with their owners. `changed` names campaigns (account, id) of which something
    other than their findings is news: they are told with all they have.
    """
    items = []
    for result in report.campaigns:
        ref = result.campaign.ref
        tell = [f for f in result.findings if f.fingerprint in told]
        new = [f for f in tell if f.state is FindingState.NEW]
        if not new and (ref.account, ref.id) in changed:
            new = tell or list(result.findings)
        if new:
            owners = {owner for f in new if (owner := told.get(f.fingerprint))}
            items.append(_item(result, new, report, owners))
    items.sort(key=lambda item: (item.left, -item.worst))
    footer = [f"Nothing was done: {over}."] if over else []
    failed = [u for u in report.unchecked if u.kind is UncheckedKind.FAILED]
    if failed and items:
        footer.append(f"Incomplete: {many(len(failed), 'thing')} could not be checked; run `presend scan` to see them.")
    unsure = [d for d in report.deeds if d.state is DeedState.UNKNOWN]
    if unsure:
        footer.append(f"Not confirmed: {many(len(unsure), 'deed')}. Look on the platform.")
    blockers = sum(1 for item in items if item.worst is Severity.BLOCKER)
    headline = f"presend: {many(len(items), 'campaign')} to look at" if items else "presend: a run to look at"
    if blockers:
        headline += f", {blockers} must not go as they are"
    return Digest(headline, tuple(items), tuple(footer))
