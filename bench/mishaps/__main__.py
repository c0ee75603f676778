"""Precision and recall per check: `python -m bench.mishaps --seed N [N ...] [--campaigns 600] [--write]`.

With several seeds each draws that many campaigns, and all are counted together. `--write` keeps the figures for
`presend explain` and the pages of the checks.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bench.mishaps.cases import cases
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
    options.add_argument("--format", choices=("table", "json"), default="table")
    options.add_argument("--write", action="store_true", help="keep the figures in checks/presend_checks/figures.toml")
    chosen = options.parse_args(argv)
    board, book = Board(), RuleSet(rules())
    for seed in chosen.seed:
        for case in cases(seed, chosen.campaigns):
            board.add(judge(case, book))
    report = {"seeds": chosen.seed, **board.report()}
    if chosen.write:
        FIGURES.write_text(figures(board, chosen.seed), encoding="utf-8")
    if chosen.format == "json":
        sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(table(report))
    return 1 if report["failed"] else 0


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
    noise = report["notices_per_hundred_clean"]
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
