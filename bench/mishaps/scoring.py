"""Precision and recall per check, with intervals, from judged campaigns; and the mistakes, for whoever mends them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bench.mishaps.judging import Found, Judged, exact
from bench.mishaps.labels import Label
from presend.audience.values import decode
from presend.model import Severity

Z = 1.959964


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The Wilson score interval of a share, 95 %; (0, 1) for no tries."""
    if not tries:
        return 0.0, 1.0
    share, z2 = hits / tries, Z * Z
    middle = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    half = Z * math.sqrt(share * (1 - share) / tries + z2 / (4 * tries * tries)) / (1 + z2 / tries)
    # Where all or none hit, the formula's own end is exact, whatever the floating point makes of it.
    return (0.0 if not hits else middle - half), (1.0 if hits == tries else middle + half)


@dataclass(slots=True)
class Score:
    """One check's tally. A finding counts when it is above info and of high confidence."""

    code: str
    planted: int = 0
    recalled: int = 0
    """Planted faults named at the confidence that the documents let one have, or above."""
    recalled_at_all: int = 0
    """... at any confidence."""
    exact: int = 0
    """Of those recalled at all, how many with just the people whom the fault reaches."""
    people: int = 0
    """Recipients whom the planted faults reach."""
    people_named: int = 0
    """Of those, how many the findings name."""
    true: int = 0
    false: int = 0

    COUNTS: ClassVar = (
        "planted",
        "recalled",
        "recalled_at_all",
        "exact",
        "people",
        "people_named",
        "true",
        "false",
    )

    def row(self) -> dict[str, Any]:
        """The tally with its shares and intervals."""
        said = self.true + self.false
        return {
            "code": self.code,
            "planted": self.planted,
            "recall": self.recalled / self.planted if self.planted else None,
            "recall_interval": wilson(self.recalled, self.planted),
            "recall_any_confidence": self.recalled_at_all / self.planted if self.planted else None,
            "exact_sets": self.exact,
            "named": self.recalled_at_all,
            "people": self.people,
            "people_named": self.people_named,
            "findings": said,
            "precision": self.true / said if said else None,
            "precision_interval": wilson(self.true, said),
        }


@dataclass(slots=True)
class Board:
    """All tallies of a run."""

    scores: dict[str, Score] = field(default_factory=dict)
    campaigns: int = 0
    clean: int = 0
    noisy_clean: int = 0
    """Clean campaigns that would have caused a notice."""
    notices: int = 0
    mistakes: list[dict[str, Any]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def score(self, code: str) -> Score:
        """The tally of a check."""
        return self.scores.setdefault(code, Score(code))

    def add(self, judged: Judged) -> None:
        """Count one campaign."""
        self.campaigns += 1
        self.failed += [f"{judged.case.name}: {reason}" for reason in judged.failed]
        for label in judged.case.labels:
            self._label(judged, label)
        alarms = judged.false_alarms()
        for found in judged.found:
            if found.counts:
                score = self.score(found.finding.code)
                if found in alarms:
                    score.false += 1
                    self.mistakes.append(_alarm(judged, found))
                else:
                    score.true += 1
        if not judged.case.labels:
            notices = sum(1 for f in judged.found if f.notifies)
            self.clean += 1
            self.notices += notices
            self.noisy_clean += bool(notices)

    def _label(self, judged: Judged, label: Label) -> None:
        score = self.score(label.code)
        score.planted += 1
        hits = [h for h in judged.matches(label) if label.info or h.finding.severity > Severity.INFO]
        sure = [h for h in hits if h.finding.confidence >= label.confidence]
        right = exact(label, hits)
        score.recalled += bool(sure)
        score.recalled_at_all += bool(hits)
        score.exact += right
        score.people += len(label.affected)
        named = frozenset(one for hit in hits for one in hit.who)
        # A set that the documents leave open counts as whole.
        score.people_named += len(label.affected) if right else len(label.affected & named)
        if not sure or not right:
            self.mistakes.append(
                _missed(judged, label, hits, "missed" if not hits else "unsure" if not sure else "set")
            )

    def merge(self, other: Board) -> None:
        """Count what another board has counted."""
        for code, theirs in other.scores.items():
            ours = self.score(code)
            for name in Score.COUNTS:
                setattr(ours, name, getattr(ours, name) + getattr(theirs, name))
        self.campaigns += other.campaigns
        self.clean += other.clean
        self.noisy_clean += other.noisy_clean
        self.notices += other.notices
        self.mistakes += other.mistakes
        self.failed += other.failed

    def report(self) -> dict[str, Any]:
        """The run as plain data."""
        low, high = wilson(self.noisy_clean, self.clean)
        return {
            "campaigns": self.campaigns,
            "clean": self.clean,
            "notices_per_hundred_clean": 100 * self.notices / self.clean if self.clean else None,
            "clean_with_notice": self.noisy_clean,
            "clean_with_notice_per_hundred_upper": 100 * high,
            "clean_with_notice_per_hundred_lower": 100 * low,
            "checks": [self.scores[code].row() for code in sorted(self.scores)],
            "failed": self.failed,
            "mistakes": self.mistakes,
        }


def _alarm(judged: Judged, found: Found) -> dict[str, Any]:
    finding = found.finding
    return {
        "kind": "false alarm" if judged.case.labels else "false alarm, clean",
        "case": judged.case.name,
        "platform": judged.case.campaign.ref.platform.value,
        "code": finding.code,
        "planted": [f"{label.code} {label.fault}" for label in judged.case.labels],
        "part": finding.part.value,
        "around": _around(judged, found),
        "says": finding.says,
        "affected": len(found.who),
        "reads": list(found.reads),
    }


def _around(judged: Judged, found: Found) -> str:
    finding = found.finding
    source = judged.case.sources.get(finding.part, "")
    if finding.start is None or not source:
        return finding.snippet
    return source[max(0, finding.start - 40) : (finding.end or finding.start) + 40]


def _missed(judged: Judged, label: Label, hits: list[Found], kind: str) -> dict[str, Any]:
    said: dict[str, set[str]] = defaultdict(set)
    for hit in hits:
        said[hit.finding.code] |= hit.who
    named = said.get(label.code) or next(iter(said.values()), set())
    return {
        "kind": kind,
        "case": judged.case.name,
        "platform": judged.case.campaign.ref.platform.value,
        "code": label.code,
        "planted": [label.fault],
        "needle": label.needle,
        "around": next(_places(judged, label), ""),
        "affected": len(label.affected),
        "left_out": len(label.affected - named),
        "too_many": len(named - label.affected),
        "values_left_out": _values(judged, label, label.affected - named),
        "values_too_many": _values(judged, label, named - label.affected),
        "came_out": [
            f"{f.finding.code} {f.finding.severity.word}/{f.finding.confidence.word} {len(f.who)}: {f.finding.says}"
            for f in (hits or judged.found)
        ][:4],
    }


def _places(judged: Judged, label: Label) -> Iterator[str]:
    for source in judged.case.sources.values():
        at = source.find(label.needle) if label.needle else -1
        if at >= 0:
            yield source[max(0, at - 40) : at + len(label.needle) + 40]


def _values(judged: Judged, label: Label, who: frozenset[str] | set[str]) -> list[Any]:
    column = judged.case.people.columns.get(label.column)
    if column is None:
        return []
    cells = {cell for one, cell in zip(judged.case.people.ids, column, strict=True) if one in who}
    return sorted({str(decode(cell)) for cell in cells if cell is not None})[:40]
