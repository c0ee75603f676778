"""Runs rules over one opened message and stamps their hits into findings."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from presend.audience.engine import EVERYONE, Audience, Who
from presend.audience.schema import fact
from presend.audience.values import row_of
from presend.check import CannotTell, Level, Need, Rule
from presend.mail import Mail, Opened
from presend.model import Example, Finding, Hit, Part, UncheckedKind, schedule_of
from presend.reading import PartReading
from presend.reading.excerpt import around, mask

EXAMPLES = 3
"""Recipients shown per finding."""
SNIPPET = 120
"""Characters of source shown per finding."""

Missed = tuple[UncheckedKind, int | None, str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a run and their settings."""

    rules: tuple[Rule, ...]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """`[checks.<CODE>]` by code."""

    def split(self, into_first: Callable[[Rule], bool]) -> tuple[RuleSet, RuleSet]:
        """Those that the question says yes to, and the others, both in their order and with their settings."""
        chosen = tuple(rule for rule in self.rules if into_first(rule))
        others = tuple(rule for rule in self.rules if not into_first(rule))
        return replace(self, rules=chosen), replace(self, rules=others)

    def dear(self, sources: Collection[str]) -> frozenset[str]:
        """Columns of the facts that cost requests of their own and that these sources of templates call for."""
        asks = [(name, needed) for rule in self.rules for name, needed in rule.asks.items()]
        return frozenset(fact(name) for name, needed in asks if any(map(needed, sources)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said of one message: findings, or why it did not look (both when it broke half way)."""

    code: str
    findings: tuple[Finding, ...] = ()
    missed: Missed | None = None


def judge(opened: Opened, rules: RuleSet, *, first: bool, show_pii: bool = False) -> Iterator[Verdict]:
    """Every rule over one message; campaign rules only over the first message of a campaign (or of a time)."""
    for rule in rules.rules:
        if (rule.level is Level.CAMPAIGN and not first) or (rule.level is Level.TIME and _timed_before(opened)):
            continue
        if Need.RECORD in rule.needs and opened.record is None:
            # Nobody can approve or test what is no campaign: nothing was passed over.
            yield Verdict(rule.code)
            continue
        missed = unmet(rule, opened)
        if missed is not None:
            yield Verdict(rule.code, (), missed)
            continue
        findings: list[Finding] = []
        stamp = Stamp(opened, rule, show_pii)
        try:
            hits = rule.run(Mail(opened, rule, rules.options.get(rule.code)))
            findings.extend(stamp.finding(hit) for hit in hits)
        except CannotTell as unknown:
            yield Verdict(rule.code, tuple(findings), (UncheckedKind.UNKNOWABLE, unknown.affected, unknown.reason))
            continue
        except Exception as error:  # noqa: BLE001 - one broken check must not hide what the others say
            why = f"the check {rule.code} ({rule.name}) failed: {_fault(error)}; please report it"
            yield Verdict(rule.code, tuple(findings), (UncheckedKind.FAILED, None, why))
            continue
        yield Verdict(rule.code, tuple(findings))


def _fault(error: Exception) -> str:
    """An error's kind, and the line of code where it was raised: its words may hold somebody's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def _timed_before(opened: Opened) -> bool:
    """Whether a message before this one goes at the same time."""
    campaign, message = opened.campaign, opened.message
    before = takewhile(lambda one: one.label != message.label, campaign.messages)
    return any(schedule_of(campaign, one) == schedule_of(campaign, message) for one in before)


NO_PEOPLE = "needs the recipients, who are not known here"
"""How the reason ends where a check had nobody to look at; why nobody is known is said once, for the campaign."""


def unmet(rule: Rule, opened: Opened) -> Missed | None:
    """Why a rule cannot look, or None when it can."""
    needs = rule.needs
    if opened.audience is None and needs & {Need.AUDIENCE, Need.FACTS}:
        return UncheckedKind.UNKNOWABLE, None, f"{rule.name} {NO_PEOPLE}"
    return None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Turns a hit into a finding: counts, quotes, places, and gives it its fingerprint."""

    opened: Opened
    rule: Rule
    show_pii: bool

    def finding(self, hit: Hit) -> Finding:
        """The finding of a hit."""
        opened, rule = self.opened, self.rule
        audience = opened.audience
        who = EVERYONE if hit.who is None else hit.who
        affected = audience.count(who) if audience is not None else None
        part = self._part(hit)
        line = column = None
        snippet = ""
        if part is not None and hit.at.start is not None:
            end = hit.at.end if hit.at.end is not None else hit.at.start
            line = part.lines.count("\n", hit.at.start) + 1
            column = hit.at.start - part.lines.last("\n", hit.at.start)
            snippet = part.source[hit.at.start : end]
            snippet = snippet if len(snippet) <= SNIPPET else snippet[: SNIPPET - 1] + "\u2026"
        severity = rule.severity if hit.severity is None else hit.severity
        return Finding(
            code=rule.code,
            name=rule.name,
            mishaps=rule.mishaps,
            severity=severity,
            confidence=hit.confidence,
            message_id=opened.message.id,
            message=opened.message.label,
            part=hit.at.part,
            line=line,
            column=column,
            snippet=snippet,
            says=hit.says,
            fix=hit.fix,
            affected=affected,
            audience=audience.size if audience is not None else None,
            examples=self._examples(hit, who, part, audience),
            fingerprint=self._fingerprint(hit),
            reason=hit.reason or hit.says,
            start=hit.at.start,
            end=hit.at.end,
            who=who,
        )

    def _part(self, hit: Hit) -> PartReading | None:
        name = Part.HTML if hit.at.part is Part.LINK else hit.at.part
        parts = self.opened.reading.parts
        # A link may stand in the plain text too; the html part is where links have attributes.
        return parts.get(name) or (parts.get(Part.TEXT) if hit.at.part is Part.LINK else None)

    def _fingerprint(self, hit: Hit) -> str:
        ref = self.opened.campaign.ref
        words = (ref.platform, ref.account, ref.id, self.rule.code, self.opened.message.label, hit.at.part)
        text = "\x1f".join((*map(str, words), hit.at.expression))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _examples(self, hit: Hit, who: Who, part: PartReading | None, audience: Audience | None) -> tuple[Example, ...]:
        if audience is None:
            if part is None or hit.at.start is None:
                return ()
            reads = hit.reads if hit.reads is not None else self.reads(hit, part, {})
            return (Example("", reads),) if reads else ()
        columns = part.columns if part is not None else ()
        extra = (hit.column,) if hit.column is not None and hit.column not in columns else ()
        found = []
        for one in audience.sample(who, (*columns, *extra), EXAMPLES):
            row = row_of((*columns, *extra), one.cells)
            found.append(Example(one.id if self.show_pii else mask(one.id), self.reads(hit, part, row)))
        return tuple(found)

    def reads(self, hit: Hit, part: PartReading | None, row: Mapping[str, Any]) -> str:
        """What this recipient would read at the place."""
        if part is not None and hit.at.start is not None:
            rendered = part.render(row)
            place = rendered.place(hit.at.start, hit.at.end or hit.at.start)
            if doubt := rendered.doubt(hit.at.start):
                return hit.reads or f"({doubt})"
            if place is not None:
                return around(part, rendered, *place, show_pii=self.show_pii)
            if rendered.reason:
                return f"({rendered.reason})"
        if hit.reads is not None:
            return hit.reads
        if hit.column is not None and hit.column in row:
            value = str(row[hit.column])
            return value if self.show_pii else mask(value)
        if part is not None and part.part is not Part.HTML:
            rendered = part.render(row)
            return around(part, rendered, 0, len(rendered.text), show_pii=self.show_pii)
        return ""
