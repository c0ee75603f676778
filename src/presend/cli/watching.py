"""The foreground loop of `presend watch`: a round, a pause with jitter, and an end between rounds, never within one."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from presend.exitcodes import ExitCode
from presend.logs import logger


@dataclass(frozen=True, slots=True)
class Pace:
    """How often: seconds from the beginning of one round to that of the next, and the share by which it varies."""

    every: float
    jitter: float = 0.1

    def pause(self, took: float, chance: float) -> float:
        """Seconds to wait after a round that took `took`; `chance` is in [0, 1). Never below zero.

        Jitter keeps several installations from asking the platforms at the same second.
        """
        spread = self.every * self.jitter
        return max(0.0, self.every - took + spread * (2 * chance - 1))


def watch(
    pace: Pace,
    round_: Callable[[], int],
    *,
    wait: Callable[[float], bool],
    clock: Callable[[], float],
    chance: Callable[[], float],
) -> ExitCode:
    """Rounds until `wait`, given seconds, says that it is time to stop.

    A first round that could not start, or found no account, ends it with that round's code, so that a container
    shows it at once; later on a round that fails is logged and the next one comes.
    """
    log = logger("watch")
    number = 0
    while True:
        number += 1
        began = clock()
        code = round_()
        took = clock() - began
        if number == 1 and code in (ExitCode.USAGE, ExitCode.NOTHING):
            return ExitCode(code)
        pause = pace.pause(took, chance())
        level = log.info if code in (ExitCode.CLEAR, ExitCode.FINDINGS) else log.warning
        level("round", number=number, exit_code=code, seconds=round(took, 1), next_in=round(pause, 1))
        if wait(pause):
            return ExitCode.CLEAR


class Stop:
    """SIGTERM or SIGINT: the round at work is finished first; a second signal asks its process to end too."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._child: subprocess.Popen[Any] | None = None

    def listen(self) -> None:
        """Take the two signals from now on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked.is_set() and self._child is not None and self._child.poll() is None:
            # The journal has what was begun; the next run goes on from it.
            self._child.terminate()
        self._asked.set()

    def wait(self, seconds: float) -> bool:
        """Wait, at most so long; whether to stop."""
        return self._asked.wait(seconds)

    def run(self, words: Sequence[str]) -> int:
        """One round in a process of its own, whose crash or leak stays its own; its exit status."""
        # Its own session: a Ctrl-C in the terminal must not reach it in the middle of a deed.
        self._child = subprocess.Popen(words, start_new_session=True)  # noqa: S603 - presend itself
        return self._child.wait()
