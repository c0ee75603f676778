"""Runs `presend` as its command does, in this process: words in, status, stdout and stderr out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from presend.cli import main


@dataclass(frozen=True)
class Done:
    """What came of one call."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def finding(self, code: str) -> dict[str, Any]:
        """The only finding of a code."""
        (one,) = [f for f in self.report["findings"] if f["code"] == code]
        found: dict[str, Any] = one
        return found


Presend = Callable[..., Done]


@pytest.fixture
def presend(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Presend:
    """Calls the command."""

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["presend", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capfdbinary.readouterr()
        code = stop.value.code
        return Done(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return run
