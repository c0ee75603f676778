"""Precision and recall per check: `python -m bench.mishaps --seed N [N ...] [--campaigns 600] [--clean 0] [--write]`.

With several seeds each draws that many campaigns, and all are counted together; `--clean` more of each have no fault
for certain. `--phrases tuning` takes the half of the phrases that checks may be mended by, and is no measurement.
`--write` keeps the figures for `presend explain` and the pages of the checks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.mishaps.cases import case
from bench.mishaps.judging import judge
from bench.mishaps.scoring import Board
from bench.mishaps.writing import FIGURES, figures
from presend.registry import rules
from presend.rules import RuleSet


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark; 1 when a check broke or something could not be read, else 0."""
    options = argparse.ArgumentParser(prog="python -m bench.mishaps", description=__doc__)
    options.add_argument("--seed", type=int, required=True, nargs="+")
    options.add_argument("--campaigns", type=int, default=600)
    options.add_argument("--clean", type=int, default=0, help="further campaigns of each seed, all clean")
    options.add_argument("--phrases", choices=("held", "tuning"), default="held")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--format", choices=("table", "json"), default="table")
    options.add_argument("--write", action="store_true", help="keep the figures in checks/presend_checks/figures.toml")
    chosen = options.parse_args(argv)
    if chosen.write and chosen.phrases != "held":
        options.error("figures are of phrases that no check was mended by: leave --phrases out")
    board = Board()
    for part in tallies(chosen.seed, chosen.campaigns, chosen.clean, held=chosen.phrases == "held", jobs=chosen.jobs):
        board.merge(part)
    report = {"seeds": chosen.seed, **board.report()}
    if chosen.write:
        FIGURES.write_text(figures(board, chosen.seed), encoding="utf-8")
    if chosen.format == "json":
        sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(table(report))
    return 1 if report["failed"] else 0


Draw = tuple[int, int, bool, bool]
"""Seed, number, whether its phrases are held back, whether it is clean for certain."""


def tallies(seeds: list[int], campaigns: int, clean: int, *, held: bool, jobs: int) -> Iterator[Board]:
    """The boards of chunks of all campaigns, in their order whatever the number of processes."""
    draws = [(s, n, held, n >= campaigns) for s in seeds for n in range(campaigns + clean)]
    chunks = [draws[start : start + CHUNK] for start in range(0, len(draws), CHUNK)]
    if jobs < 2 or len(chunks) < 2:
        yield from map(tally, chunks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(tally, chunks)


CHUNK = 25


def tally(draws: list[Draw]) -> Board:
    """What became of some campaigns."""
    board, book = Board(), RuleSet(rules())
    for seed, number, held, clean in draws:
        board.add(judge(case(seed, number, held=held, clean=clean), book))
    return board


def table(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    seeds = ", ".join(map(str, report["seeds"]))
    lines = [
        f"seed {seeds}: {report['campaigns']} campaigns, {report['clean']} of them clean",
        "",
        "| check | planted | recall | 95 % | any | exact sets | people named | findings | precision | 95 % |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in report["checks"]:
        cells = (
            row["code"],
            row["planted"],
            _share(row["recall"]),
            _interval(row["recall_interval"]),
            _share(row["recall_any_confidence"]),
            f"{row['exact_sets']} of {row['named']}",
            f"{row['people_named']} of {row['people']}",
            row["findings"],
            _share(row["precision"]),
            _interval(row["precision_interval"]),
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    noise, upper = report["notices_per_hundred_clean"], report["clean_with_notice_per_hundred_upper"]
    clean = f"{report['clean_with_notice']} of {report['clean']}, at most {upper:.2f} in a hundred (95 %)"
    said = "-" if noise is None else f"{noise:.2f}"
    lines += ["", f"notices per hundred clean campaigns: {said}; clean campaigns with a notice: {clean}"]
    lines += [f"failed: {reason}" for reason in report["failed"]]
    return "\n".join(lines) + "\n"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(value: tuple[float, float]) -> str:
    return f"{value[0]:.3f} to {value[1]:.3f}"


if __name__ == "__main__":
    raise SystemExit(main())
