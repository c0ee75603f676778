"""Compares what reading and checking an audience costs with rendering every mail and with queries written by hand.

`python -m bench.reading --recipients 1000000`; `--format json` for machines. Every contender runs in a process of its
own, pinned to one core, in rounds A B C … A B C …, so that a noisy machine is noisy for all; the best round counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.audience import Files, write
from bench.contenders import CONTENDERS, Cost, run

MAKE = "make"
"""Not a contender: the process that writes the audience."""

COMPARED = ("presend", "django", "jinja2", "polars", "duckdb")

SAYS = {
    "presend": "presend: reading + all checks",
    "reading": "presend: reading alone",
    "django": "Django: every mail in full *",
    "jinja2": "Jinja2: every mail in full *",
    "polars": "Polars: the data checks by hand",
    "duckdb": "DuckDB: the data checks by hand",
    "ingest": "presend: taking the pages in **",
}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    options.add_argument("--recipients", type=int, default=1_000_000, help="people (default: a million)")
    options.add_argument("--rounds", type=int, default=3, help="how often every contender runs (default: 3)")
    options.add_argument("--format", choices=("text", "json"), default="text")
    options.add_argument("--folder", type=Path, help="keep the audience there, and use it again if it is there")
    options.add_argument("--contender", choices=(MAKE, *CONTENDERS), help=argparse.SUPPRESS)
    return options.parse_args(arguments)


def pin() -> None:
    """Keep this process and its children on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _made(folder: Path, recipients: int) -> Files:
    """The audience of that size, written unless it is there already."""
    folder = folder / str(recipients)
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, recipients)
        (folder / "whole").touch()
    return Files(folder / "cells", folder / "plain", recipients)


def _alone(name: str, folder: Path, recipients: int) -> str:
    """What a process of its own prints. Raises CalledProcessError when it fails; its own words are on stderr.

    Even the audience is made in one: a process inherits its parent's peak of memory.
    """
    command = [sys.executable, "-m", "bench.reading", "--contender", name]
    command += ["--folder", str(folder), "--recipients", str(recipients)]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def compare(folder: Path, recipients: int, rounds: int) -> dict[str, Cost]:
    """The best round of every contender. Raises RuntimeError when contenders that count the same count differently."""
    costs: dict[str, list[Cost]] = {name: [] for name in CONTENDERS}
    for turn in range(rounds):
        for name in CONTENDERS:
            cost = Cost(**json.loads(_alone(name, folder, recipients)))
            costs[name].append(cost)
            print(f"round {turn + 1}: {name}: {cost.cpu:.2f} s of CPU", file=sys.stderr, flush=True)
    best = {name: min(found, key=lambda cost: cost.cpu) for name, found in costs.items()}
    _agree(best)
    return best


def _agree(costs: Mapping[str, Cost]) -> None:
    """Nobody may be quick by counting something else: the queries agree with each other, the reading with both."""
    byhand, other, read = (costs[name].answers for name in ("duckdb", "polars", "reading"))
    differing = [key for key in byhand if byhand[key] != other[key]]
    differing += [key for key in read if key in byhand and read[key] != byhand[key]]
    if differing:
        told = {key: (read.get(key), byhand[key], other[key]) for key in differing}
        raise RuntimeError(f"the contenders do not agree (presend, DuckDB, Polars): {told}")


def _each(cost: Cost) -> float:
    """Microseconds of CPU per recipient."""
    return cost.cpu / cost.recipients * 1e6


def report(recipients: int, costs: Mapping[str, Cost]) -> dict[str, Any]:
    """The figures as the JSON has them; `detail` holds what the promise does not ask for."""
    presend = _each(costs["presend"])
    return {
        "recipients": recipients,
        "cpu_us_per_recipient": {name: round(_each(costs[name]), 3) for name in COMPARED},
        "ratio_to_presend": {name: round(_each(costs[name]) / presend, 2) for name in COMPARED if name != "presend"},
        "peak_mb": round(costs["presend"].peak_mb, 1),
        "detail": {
            name: {
                "recipients": cost.recipients,
                "cpu_s": round(cost.cpu, 3),
                "wall_s": round(cost.wall, 3),
                "cpu_us_per_recipient": round(_each(cost), 3),
                "peak_mb": round(cost.peak_mb, 1),
            }
            for name, cost in costs.items()
        },
    }


def table(recipients: int, costs: Mapping[str, Cost]) -> str:
    """The figures for people: what each costs, and how many times presend's cost that is, per recipient."""
    first = costs["presend"]
    lines = [
        f"{recipients:,} recipients, {first.recipients:,} of them mailable; {first.told} findings; one core",
        "",
        f"{'':34}{'CPU':>10}{'CPU':>10}{'CPU':>9}{'wall':>9}{'memory':>9}{'peak':>9}",
        f"{'':34}{'s':>10}{'µs each':>10}{'ratio':>9}{'ratio':>9}{'ratio':>9}{'MB':>9}",
    ]
    for name, cost in costs.items():
        wall = (cost.wall / cost.recipients) / (first.wall / first.recipients)
        lines.append(
            f"{SAYS[name]:34}{cost.cpu:10.2f}{_each(cost):10.2f}{_each(cost) / _each(first):9.2f}{wall:9.2f}"
            f"{cost.peak_mb / first.peak_mb:9.2f}{cost.peak_mb:9.0f}"
        )
    lines += [
        "",
        f"*  on a sample of {costs['django'].recipients:,} of these recipients; nobody looks at what came out",
        f"** {costs['ingest'].recipients:,} of them, held at once; the others start from the snapshot on disk",
        "Per recipient where only some were taken. Imports are not in the times, but in the memory.",
        f"Reading alone is {_each(costs['django']) / _each(costs['reading']):.0f} times cheaper than Django.",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the audience, run the rounds, print."""
    chosen = _options(arguments)
    pin()
    if chosen.contender:
        files = _made(chosen.folder, chosen.recipients)
        print("" if chosen.contender == MAKE else run(chosen.contender, files))
        return
    with tempfile.TemporaryDirectory(prefix="presend-bench-") as own:
        folder = (chosen.folder or Path(own)).resolve()
        _alone(MAKE, folder, chosen.recipients)
        costs = compare(folder, chosen.recipients, chosen.rounds)
    told = report(chosen.recipients, costs)
    print(json.dumps(told, indent=2) if chosen.format == "json" else table(chosen.recipients, costs))


if __name__ == "__main__":
    main()
