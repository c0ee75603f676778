"""Writes what was measured where `presend explain` and the pages of the checks read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.mishaps.scoring import Board, Score, wilson

FIGURES = Path(__file__).resolve().parents[2] / "checks" / "presend_checks" / "figures.toml"

_HEAD = """\
# How well each check did on generated campaigns. Written by `python -m bench.mishaps --seed N [N ...] --write`, not by
# hand; docs/bench.md says what counts.
"""


def figures(board: Board, seeds: Sequence[int]) -> str:
    """The tallies as TOML: counts, and the 95 % intervals of the shares that they make."""
    lines = [
        _HEAD,
        f"seeds = {list(seeds)}",
        f"campaigns = {board.campaigns}",
        f"clean = {board.clean}",
        f"clean_with_notice = {board.noisy_clean}",
    ]
    for code in sorted(board.scores):
        lines += _row(board.scores[code])
    return "\n".join(lines) + "\n"


def _row(score: Score) -> list[str]:
    findings = score.true + score.false
    return [
        "",
        f"[checks.{score.code}]",
        f"planted = {score.planted}",
        f"recalled = {score.recalled}",
        f"recall_interval = {_interval(score.recalled, score.planted)}",
        f"findings = {findings}",
        f"right = {score.true}",
        f"precision_interval = {_interval(score.true, findings)}",
    ]


def _interval(hits: int, tries: int) -> str:
    low, high = wilson(hits, tries)
    return f"[{low:.4f}, {high:.4f}]"
