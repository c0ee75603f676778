"""Stdout as the commands have it: a disk that is full is an error in a sentence, a reader who left is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from presend.errors import UsageError


class Guarded:
    """A stream whose writing never raises OSError: UsageError where nothing can be written, from then on each time.

    What is written after a reader went away (`| head`) goes nowhere, so that the command ends with its own code.
    """

    def __init__(self, stream: Any, failed: list[UsageError] | None = None) -> None:
        self._stream = stream
        self._failed = [] if failed is None else failed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @property
    def buffer(self) -> Guarded:
        """The same for bytes."""
        return Guarded(self._stream.buffer, self._failed)

    def write(self, text: Any) -> int:
        """Write it, and give its length."""
        self._do(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._do(self._stream.flush)

    def _do(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:
            # What is still buffered would fail once more, and with a traceback, when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            if not isinstance(error, BrokenPipeError):
                # Kept, since click tries streams out and swallows what they raise.
                self._failed.append(
                    UsageError(
                        f"stdout cannot be written: {error.strerror}",
                        help="Make room, or send it elsewhere: --output FILE where the command has it, else > FILE.",
                    )
                )
        if self._failed:
            raise self._failed[0]


@contextmanager
def guarded() -> Iterator[None]:
    """`sys.stdout` guarded for the length of a block, and flushed at its end. Raises UsageError."""
    plain = sys.stdout
    if plain is None:
        raise UsageError("stdout is closed", help="Give it somewhere to go, such as > /dev/null.")
    sys.stdout = cast(Any, Guarded(plain))
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout = plain
