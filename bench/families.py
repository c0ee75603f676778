"""Compares what the checks of the main job cost with what all checks cost, on one mail to one audience.

`python -m bench.families --recipients 1000000`; `--format json` for machines, `--slowest 15` for the checks that cost
most. Each contender runs in a process of its own, pinned to one core, in rounds A B … A B …; the best round counts.
The run fails when a ratio is above `MOST`, or when a check did not run or a family found nothing to say.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.audience import write
from bench.contenders import Cost, measured, warm
from bench.familiar import COLUMNS, FAMILIAR, NOW, blackouts, campaign, record
from bench.reading import pin

if TYPE_CHECKING:
    from presend.audience.duck import DuckAudience
    from presend.check import Rule
    from presend.engine import CampaignResult

MOST = 3.0
"""All checks may cost so many times what those of the main job cost, in CPU and in memory."""

MAKE = "make"
_MAIN = {"VAL": 7, "AGE": 5, "OPS": 2}
"""Families of which the first so many checks are of the main job; of the tags' family it is all."""


@dataclass(slots=True)
class Told(Cost):
    """A contender's cost, and which families said something."""

    families: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    """CPU by check; what several checks share is counted for the first that asks."""


def is_main(rule: Rule) -> bool:
    """Whether a check is of the main job: tags, values and ages of what is printed, the platform's own list."""
    return rule.family == "TAG" or int(rule.code[3:]) <= _MAIN.get(rule.family, 0)


def examined(rules: Sequence[Rule], audience: DuckAudience) -> CampaignResult:
    """Everything that the rules say of the mail to these people."""
    from presend.engine import Request, examine, parse, with_names
    from presend.rules import RuleSet

    request = Request(NOW, RuleSet(tuple(rules)), blackouts=blackouts(), records=record)
    named = with_names(campaign(), {name for name in COLUMNS if not name.startswith("@")})
    return examine(named, parse(named), audience, request)


def _timed(rule: Rule, seconds: dict[str, float]) -> Rule:
    """The rule, which writes down its own CPU, with that of counting its findings' people and showing three of them."""
    run: Callable[..., Iterator[object]] = rule.run

    def clocked(mail: object) -> Iterator[object]:
        began = time.process_time()
        try:
            yield from run(mail)
        finally:
            seconds[rule.code] = seconds.get(rule.code, 0.0) + time.process_time() - began

    return replace(rule, run=clocked)  # type: ignore[arg-type]


def cost_of(name: str, folder: Path) -> Told:
    """What one contender costs, from the snapshot on disk to its last finding. Raises RuntimeError where one failed."""
    from presend.audience.duck import DuckAudience
    from presend.engine import close
    from presend.registry import rules

    told = Told()
    chosen = [_timed(rule, told.seconds) for rule in rules() if name == "all" or is_main(rule)]
    warm()
    with measured(told):
        audience = DuckAudience.open(sorted((folder / "cells").glob("*.parquet")), COLUMNS)
        result = examined(chosen, audience)
    told.recipients, told.told = audience.size, len(result.findings)
    told.families = sorted({finding.code[:3] for finding in result.findings})
    broken = [unchecked.reason for unchecked in result.unchecked if unchecked.kind.value == "failed"]
    close([result])
    if broken:
        raise RuntimeError(f"a check did not run, so that the figures would flatter: {broken[0]}")
    return told


CONTENDERS = {"main": "checks of the main job", "all": "all checks"}


def _alone(name: str, folder: Path, recipients: int) -> str:
    command = [sys.executable, "-m", "bench.families", "--contender", name]
    command += ["--folder", str(folder), "--recipients", str(recipients)]
    root = Path(__file__).resolve().parent.parent
    return subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout


def _one(name: str, folder: Path, recipients: int) -> str:
    """The work of a process that this one started."""
    folder = folder / f"familiar-{recipients}"
    if name != MAKE:
        return json.dumps(asdict(cost_of(name, folder)))
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, recipients, FAMILIAR)
        (folder / "whole").touch()
    return ""


def compare(folder: Path, recipients: int, rounds: int) -> dict[str, Told]:
    """The best round of either. Raises RuntimeError when a family has nothing to say of a mail made for it."""
    from presend.registry import rules

    costs: dict[str, list[Told]] = {name: [] for name in CONTENDERS}
    for turn in range(rounds):
        for name in CONTENDERS:
            costs[name].append(Told(**json.loads(_alone(name, folder, recipients))))
            print(f"round {turn + 1}: {name}: {costs[name][-1].cpu:.2f} s of CPU", file=sys.stderr, flush=True)
    best = {name: min(found, key=lambda cost: cost.cpu) for name, found in costs.items()}
    silent = {rule.family for rule in rules()} - set(best["all"].families)
    if silent:
        raise RuntimeError(f"nothing was found by {', '.join(sorted(silent))}, so that the figures would flatter")
    return best


def ratios(costs: dict[str, Told]) -> dict[str, float]:
    """How many times the cost of the main job all checks cost."""
    main, every = costs["main"], costs["all"]
    return {"cpu": round(every.cpu / main.cpu, 2), "memory": round(every.peak_mb / main.peak_mb, 2)}


def table(costs: dict[str, Told], slowest: int) -> str:
    """The figures for people."""
    main, times = costs["main"], ratios(costs)
    lines = [
        f"{main.recipients:,} mailable recipients, one mail, one core",
        "",
        f"{'':26}{'findings':>10}{'CPU s':>10}{'µs each':>10}{'wall s':>10}{'peak MB':>10}",
    ]
    for name, cost in costs.items():
        each = cost.cpu / cost.recipients * 1e6
        figures = f"{cost.cpu:10.2f}{each:10.2f}{cost.wall:10.2f}{cost.peak_mb:10.0f}"
        lines.append(f"{CONTENDERS[name]:26}{cost.told:10}{figures}")
    lines.append(f"{'ratio':26}{'':10}{times['cpu']:10.2f}{'':20}{times['memory']:10.2f}")
    each_check = sorted(costs["all"].seconds.items(), key=lambda one: -one[1])[:slowest]
    lines += ["", *(f"{code}  {seconds:6.2f} s" for code, seconds in each_check)] if slowest else []
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the audience, run the rounds, print; 1 when all checks cost too many times as much."""
    options = argparse.ArgumentParser(prog="python -m bench.families", description=__doc__)
    options.add_argument("--recipients", type=int, default=1_000_000, help="people (default: a million)")
    options.add_argument("--rounds", type=int, default=3, help="how often either runs (default: 3)")
    options.add_argument("--slowest", type=int, default=0, help="so many checks with their own CPU")
    options.add_argument("--format", choices=("text", "json"), default="text")
    options.add_argument("--folder", type=Path, help="keep the audience there, and use it again if it is there")
    options.add_argument("--contender", choices=(MAKE, *CONTENDERS), help=argparse.SUPPRESS)
    chosen = options.parse_args(arguments)
    pin()
    if chosen.contender:
        print(_one(chosen.contender, chosen.folder, chosen.recipients))
        return 0
    with tempfile.TemporaryDirectory(prefix="presend-bench-") as own:
        folder = (chosen.folder or Path(own)).resolve()
        _alone(MAKE, folder, chosen.recipients)
        costs = compare(folder, chosen.recipients, chosen.rounds)
    told = {"recipients": chosen.recipients, "ratio": ratios(costs), **{n: asdict(c) for n, c in costs.items()}}
    print(json.dumps(told, indent=2) if chosen.format == "json" else table(costs, chosen.slowest))
    return int(max(ratios(costs).values()) > MOST)


if __name__ == "__main__":
    sys.exit(main())
