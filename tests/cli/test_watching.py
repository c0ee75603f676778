"""The loop of `presend watch`: pace, jitter, when it ends, and that a signal does not end the scan at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presend.cli.watching import Pace, watch
from presend.exitcodes import ExitCode

PACE = Pace(60.0, 0.1)


def played(codes: list[int], rounds: int, *, took: float = 4.0) -> tuple[int, list[float]]:
    """Play so many rounds; the code it ended with, and the pauses."""
    now = [0.0]
    pauses: list[float] = []
    left: Iterator[int] = iter(codes)

    def round_() -> int:
        now[0] += took
        return next(left)

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) == rounds

    return watch(PACE, round_, wait=wait, clock=lambda: now[0], chance=lambda: 0.5), pauses


def test_a_round_begins_as_long_after_the_last_as_was_asked() -> None:
    code, pauses = played([0, 1, 4], 3)

    assert code == ExitCode.CLEAR
    assert pauses == [56.0, 56.0, 56.0]


def test_a_round_longer_than_the_pace_is_followed_at_once() -> None:
    assert played([0], 1, took=90.0)[1] == [0.0]


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 54.0), (0.5, 60.0), (0.999999, 66.0)])
def test_jitter_goes_both_ways(chance: float, pause: float) -> None:
    assert PACE.pause(0.0, chance) == pytest.approx(pause, abs=0.01)


@pytest.mark.parametrize("code", [ExitCode.USAGE, ExitCode.NOTHING])
def test_what_can_never_start_ends_it_at_once(code: ExitCode) -> None:
    assert played([code], 1) == (code, [])


@pytest.mark.parametrize("code", [2, 3, 4, 5, -9])
def test_a_later_failure_does_not_end_it(code: int) -> None:
    assert played([0, code, 0], 3)[0] == ExitCode.CLEAR


SLOW = """
import signal, sys, time
from pathlib import Path
from presend.cli.watching import Stop
stop = Stop()
stop.listen()
child = "import sys, time; from pathlib import Path; Path(sys.argv[1]).touch(); sys.stdin.readline()" \
        "; Path(sys.argv[2]).touch()"
code = stop.run([sys.executable, "-c", child, sys.argv[1], sys.argv[2]])
print(code, stop.wait(0))
"""


@pytest.fixture
def until() -> Callable[[Path], None]:
    def wait(path: Path) -> None:
        for _ in range(2000):
            if path.exists():
                return
            os.sched_yield()
            signal.sigtimedwait([], 0.01)
        pytest.fail(f"{path.name} never came")

    return wait


def test_a_signal_lets_the_scan_at_work_finish(tmp_path: Path, until: Callable[[Path], None]) -> None:
    begun, done = tmp_path / "begun", tmp_path / "done"
    words = [sys.executable, "-c", SLOW, str(begun), str(done)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as loop:
        until(begun)
        loop.send_signal(signal.SIGTERM)
        assert not done.exists()
        out, _ = loop.communicate("go\n", timeout=30)

    assert done.exists()
    assert out.split() == ["0", "True"]


def test_a_second_signal_ends_the_scan_too(tmp_path: Path, until: Callable[[Path], None]) -> None:
    begun, done = tmp_path / "begun", tmp_path / "done"
    words = [sys.executable, "-c", SLOW, str(begun), str(done)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as loop:
        until(begun)
        # One after the other: two that wait together are one.
        while loop.poll() is None:
            loop.send_signal(signal.SIGTERM)
            signal.sigtimedwait([], 0.05)
        out = loop.stdout.read() if loop.stdout else ""

    assert not done.exists()
    assert out.split() == [str(-signal.SIGTERM), "True"]
