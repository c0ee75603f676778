"""Prints the crash matrix (`python -m tests.chaos`); ends with 1 if a deed was done twice, lost or left in the dark."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.deeds import DEEDS, Deed
from tests.chaos.matrix import Row, row
from tests.chaos.warming import warm


def run(tasks: Sequence[tuple[Deed, str]], sample: int, jobs: int) -> list[Row]:
    """All rows, `jobs` at a time, each in a process of its own."""
    waiting, running, done = list(enumerate(tasks)), {}, {}
    with tempfile.TemporaryDirectory(prefix="chaos-rows-") as folder:
        while waiting or running:
            while waiting and len(running) < jobs:
                number, (deed, platform) = waiting.pop(0)
                running[_begun(Path(folder) / str(number), deed, platform, sample)] = number
            pid, _status = os.wait()
            number = running.pop(pid)
            file = Path(folder) / str(number)
            deed, platform = tasks[number]
            lost = Row(deed.name, platform, (), 0.0, fault="the process of this row ended without a result")
            done[number] = pickle.loads(file.read_bytes()) if file.exists() else lost
    return [done[number] for number in sorted(done)]


def _begun(file: Path, deed: Deed, platform: str, sample: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            made = row(deed, platform, sample)
            file.write_bytes(pickle.dumps(made))
            faults = sum(bool(verdict.faults) for _point, verdict in made.verdicts) + bool(made.fault)
            _say(f"{deed.name} on {platform}: {len(made.verdicts)} points, {faults} faults, {made.seconds:.0f} s")
            code = 0
        except BaseException as error:  # noqa: BLE001 - a forked process must not go on with its parent's work
            _say(f"{deed.name} on {platform}: {type(error).__name__}: {error}")
        finally:
            os._exit(code)
    return pid


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def shown(rows: Sequence[Row], *, verbose: bool) -> str:
    """The matrix as text."""
    head = ("deed", "platform", "points", "done once", "not done", "in the end", "faults")
    lines = [head]
    for one in rows:
        verdicts = [verdict for _point, verdict in one.verdicts]
        outcomes = Counter(verdict.outcome for verdict in verdicts)
        said = ", ".join(f"{count} {word}" for word, count in sorted(outcomes.items())) or one.fault
        times = Counter(min(verdict.times, 2) for verdict in verdicts)
        faults = sum(bool(verdict.faults) for verdict in verdicts) + bool(one.fault)
        tried = f"{len(verdicts)} of {one.moments}" if len(verdicts) < one.moments else str(len(verdicts))
        lines.append((one.deed, one.platform, tried, str(times[1]), str(times[0]), said, str(faults)))
    widths = [max(len(line[at]) for line in lines) for at in range(5)]
    text = []
    for line in lines:
        front = "  ".join(word.ljust(width) for word, width in zip(line[:5], widths, strict=True))
        text.append(f"{front}  {line[6]:>6}  {line[5]}")
    for one in rows:
        for point, verdict in one.verdicts:
            if verbose or verdict.faults:
                what = f"{verdict.outcome}; times {verdict.times}; again: {verdict.second}; status: {verdict.status}"
                wrong = "".join(f"\n    FAULT: {fault}" for fault in verdict.faults)
                text.append(f"{one.deed} on {one.platform}, killed {point}\n    {what}{wrong}")
    return "\n".join(text)


def main() -> int:
    """The exit status: 0 when every point is as it must be."""
    ask = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    ask.add_argument("--sample", type=int, default=0, metavar="N", help="about so many moments a row; default: all")
    ask.add_argument("-v", "--verbose", action="store_true", help="every moment")
    ask.add_argument("--only", default="", help="rows whose deed and platform contain this, such as 'hold hubspot'")
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = ask.parse_args()
    began = time.monotonic()
    warm()
    words = given.only.split()
    tasks = [
        (deed, platform)
        for deed in DEEDS
        for platform in deed.platforms
        if all(word in f"{deed.name} {platform}" for word in words)
    ]
    rows = run(tasks, given.sample, given.jobs)
    text = shown(rows, verbose=given.verbose)
    points = sum(len(one.verdicts) for one in rows)
    wrong = sum(bool(one.fault) for one in rows) + sum(bool(v.faults) for one in rows for _p, v in one.verdicts)
    took = time.monotonic() - began
    sys.stdout.write(f"{text}\n\n{points} points in {took:.0f} s: {f'{wrong} FAULTS' if wrong else 'no faults'}\n")
    return 1 if wrong or not points else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Without the end of an interpreter: libraries that were used before forking complain about what they find then.
    os._exit(code)
