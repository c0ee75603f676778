"""Runs every check over a generated campaign, in process, and sets what came out against its labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bench.mishaps.labels import Case, Ids, Label
from presend.audience.snapshot import Snapshot
from presend.crossing import Account, cross
from presend.engine import CampaignResult, Request, columns_of, examine, parse, with_names, with_watermarks
from presend.model import Campaign, Confidence, Finding, Part, Platform, Severity
from presend.ports import Answer, Batch, Known, OptOut
from presend.registry import rules
from presend.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the recipients it names."""

    finding: Finding
    who: Ids
    reads: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it claims something is wrong, and is sure of it."""
        return self.finding.severity > Severity.INFO and self.finding.confidence is Confidence.HIGH

    @property
    def notifies(self) -> bool:
        """Whether the default policy would send a notice for it."""
        return self.finding.severity >= Severity.MEDIUM and self.finding.confidence is Confidence.HIGH


@dataclass(frozen=True, slots=True)
class Judged:
    """A campaign with all that was said of it."""

    case: Case
    found: tuple[Found, ...]
    failed: tuple[str, ...]
    """Reasons of checks that broke or parts that could not be read; there should be none."""

    def matches(self, label: Label) -> list[Found]:
        """Findings that name this fault, surest first."""
        hits = [f for f in self.found if f.finding.code in label.codes and _there(label, f.finding, self.case)]
        return sorted(hits, key=lambda f: (f.finding.code != label.code, -f.finding.confidence))

    def false_alarms(self) -> list[Found]:
        """Findings that count and that no label speaks of."""
        return [f for f in self.found if f.counts and not any(self.excused(f, label) for label in self.case.labels)]

    def excused(self, found: Found, label: Label) -> bool:
        """Whether the label says that such a finding is true here."""
        code = found.finding.code
        return code in (*label.codes, *label.also) and _there(label, found.finding, self.case)


def _there(label: Label, finding: Finding, case: Case) -> bool:
    if not label.needle or finding.start is None:
        return True
    part = Part.HTML if finding.part is Part.LINK else finding.part
    sources = case.sources
    for source in (sources.get(part, ""), sources.get(Part.TEXT, "") if finding.part is Part.LINK else ""):
        at = source.find(label.needle)
        while at >= 0:
            # A finding may point at the whole condition or loop around the place, or at a delimiter beside it.
            if finding.start <= at + len(label.needle) + 4 and at - 40 <= (finding.end or finding.start):
                return True
            at = source.find(label.needle, at + 1)
    return False


def judge(case: Case, book: RuleSet | None = None) -> Judged:
    """Examine one campaign with all rules that are installed."""
    book = book or RuleSet(rules())
    request = Request(
        datetime.fromisoformat(case.as_of),
        replace(book, options={**book.options, **case.options}),
        blackouts=case.blackouts,
        show_pii=True,
        records=lambda _campaign, _size, _found: case.record,
    )
    with ExitStack() as stack:
        first = _examined(case.campaign, case.people, request, stack)
        mates = [_examined(mate.campaign, mate.people, request, stack) for mate in case.mates]
        result = cross([first, *mates], _accounts(case), request)[0]
        assert isinstance(result, CampaignResult)
        assert result.audience is not None
        found = []
        for finding in result.findings:
            rows = result.audience.rows(finding.who, ()) if finding.who else None
            ids = frozenset(r.id for page in rows for r in page) if rows else recipients(case.people)
            found.append(Found(finding, ids, tuple(e.reads for e in finding.examples)))
        failed = tuple(u.reason for u in result.unchecked if u.kind.value == "failed")
    return Judged(case, tuple(found), failed)


def _examined(campaign: Campaign, people: Batch, request: Request, stack: ExitStack) -> CampaignResult:
    parsed = parse(campaign)
    snapshot = stack.enter_context(Snapshot(columns_of(campaign, parsed)))
    snapshot.add(people)
    audience = snapshot.finish()
    seen = with_watermarks(with_names(campaign, snapshot.names), audience)
    return examine(seen, parsed, audience, request)


def _accounts(case: Case) -> list[Account]:
    """Every account that is configured beside the campaign's own: those of its mates, and those that know of a no."""
    platforms = {mate.campaign.ref.account: mate.campaign.ref.platform for mate in case.mates}
    platforms = dict.fromkeys(case.opted_out, Platform.KLAVIYO) | platforms
    platforms[case.campaign.ref.account] = case.campaign.ref.platform
    return [Account(name, platform, partial(_said_no, case, name)) for name, platform in platforms.items()]


def _said_no(case: Case, account: str, _known: Known) -> Iterator[Sequence[OptOut]]:
    told = case.opted_out.get(account, ())
    times = told if isinstance(told, Mapping) else {}
    yield [OptOut(one, Answer.UNSUBSCRIBED, times.get(one), times.get(one)) for one in sorted(told)]


def recipients(people: Batch) -> Ids:
    """Everybody whom the platform will mail."""
    out = {one for one, why in zip(people.ids, people.suppressed, strict=True) if why} if people.suppressed else set()
    return frozenset(people.ids) - out


def exact(label: Label, hits: Sequence[Found]) -> bool:
    """Whether the findings of one code together name just the people whom the fault reaches."""
    said: dict[str, Ids] = {}
    for hit in hits:
        said[hit.finding.code] = said.get(hit.finding.code, frozenset()) | hit.who
    return any(who in (label.affected, *label.or_affected) for who in said.values())
