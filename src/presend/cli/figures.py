"""What the benchmark measured of a check, from the `figures.toml` that its rule book ships."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from presend.check import Need, Rule
from presend.model import Gap, Severity

FILE = "figures.toml"
"""In the top package of a rule book; `python -m bench.mishaps --write` writes presend's own."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of some tries, with its 95 % interval (Wilson)."""

    hits: int
    tries: int
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.hits / self.tries:.3f} of {self.tries:,} (95 %: {self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one check on generated accounts."""

    precision: Share | Gap
    """Of findings above info that it was sure of, how many were right."""
    recall: Share | Gap
    """Of planted faults, how many it named as surely as the documents let one."""
    seeds: tuple[int, ...]
    campaigns: int

    def lines(self) -> tuple[str, ...]:
        """Each figure as a line of text, or why there is none."""
        seeds = ", ".join(map(str, self.seeds))
        return (
            f"precision {_told(self.precision, 'findings of high confidence')}",
            f"recall {_told(self.recall, 'planted faults')}",
            f"on {self.campaigns:,} generated campaigns (seeds {seeds}); docs/bench.md says how",
        )


def _told(value: Share | Gap, of: str) -> str:
    if isinstance(value, Gap):
        return f"not measured: {value.reason}"
    return str(value).replace(" (", f" {of} (", 1)


def figures_of(rule: Rule) -> Figures | Gap:
    """The figures of a rule, or the reason why it has none. Raises ValueError for a file that is broken."""
    book = _book(rule.module.partition(".")[0])
    row = book.get("checks", {}).get(rule.code)
    if row is None:
        return Gap(_why_not(rule, measured=bool(book)))
    precision = _share(row, "precision", "right", "findings", "it made no finding of high confidence there")
    if not row["planted"] and row["findings"]:
        # What no label speaks of counts as a false alarm, which says nothing of a check that no label is for.
        precision = Gap(f"it spoke {row['findings']:,} times there, and the labels do not tell whether rightly")
    return Figures(
        precision=precision,
        recall=_share(row, "recall", "recalled", "planted", "no campaign of these has a fault of this kind"),
        seeds=tuple(book["seeds"]),
        campaigns=book["campaigns"],
    )


def _share(row: Mapping[str, Any], name: str, hits: str, tries: str, why: str) -> Share | Gap:
    if not row[tries]:
        return Gap(why)
    low, high = row[f"{name}_interval"]
    return Share(row[hits], row[tries], low, high)


@lru_cache(maxsize=8)
def _book(package: str) -> Mapping[str, Any]:
    file = resources.files(package).joinpath(FILE)
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _why_not(rule: Rule, *, measured: bool) -> str:
    if not measured:
        return f"its rule book ships no {FILE}"
    if rule.severity is Severity.INFO:
        return "it informs, and the benchmark counts what claims that something is wrong"
    if Need.RECORD in rule.needs:
        return "it judges what people recorded, and nobody records anything of a generated account"
    return "no campaign of the benchmark has a fault of this kind, and this check found nothing in any of them"
