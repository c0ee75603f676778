"""The exit codes, and which one a run ends with when several apply."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """What the exit status of every command means.

    | code | name | meaning |
    |---|---|---|
    | 0 | clear | clear, or accounts read whole with nothing due |
    | 1 | findings | findings at or above `--fail-on`, not acknowledged, at high confidence |
    | 2 | usage | nothing could start: a bad option, unreadable or invalid settings |
    | 3 | nothing | nothing selected: no account, campaign or template matched |
    | 4 | incomplete | something selected could not be checked: a refused key, a missing right, a dead host |
    | 5 | deed | a deed failed, was refused by a limit, or is unconfirmed |
    """

    CLEAR = 0
    FINDINGS = 1
    USAGE = 2
    NOTHING = 3
    INCOMPLETE = 4
    DEED = 5


PRIORITY: Final = (
    ExitCode.DEED,
    ExitCode.USAGE,
    ExitCode.FINDINGS,
    ExitCode.INCOMPLETE,
    ExitCode.NOTHING,
    ExitCode.CLEAR,
)
"""The exit status is the first of these that applies; the report lists all that apply."""


def choose(codes: Iterable[ExitCode]) -> ExitCode:
    """The one code to exit with; `CLEAR` when none is given, since then nothing went wrong."""
    return min(codes, key=PRIORITY.index, default=ExitCode.CLEAR)
