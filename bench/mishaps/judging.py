"""Runs every check over a generated campaign, in process, and sets what came out against its labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bench.mishaps.labels import Case, Ids, Label
from presend.audience.duck import Snapshot
from presend.engine import Request, columns_of, examine, parse, with_names, with_watermarks
from presend.model import Confidence, Finding, Part, Severity
from presend.ports import Batch
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
    parsed = parse(case.campaign)
    with Snapshot(columns_of(case.campaign, parsed)) as snapshot:
        snapshot.add(case.people)
        audience = snapshot.finish()
        seen = with_watermarks(with_names(case.campaign, snapshot.names), audience)
        result = examine(seen, parsed, audience, request)
        found = []
        for finding in result.findings:
            who = finding.who
            ids = frozenset(r.id for page in audience.rows(who, ()) for r in page) if who else recipients(case.people)
            found.append(Found(finding, ids, tuple(e.reads for e in finding.examples)))
        failed = tuple(u.reason for u in result.unchecked if u.kind.value == "failed")
    return Judged(case, tuple(found), failed)


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
