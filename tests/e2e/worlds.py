"""Runs presend as a user would against a world of the sandbox, and reads what the world's authors planted."""

from __future__ import annotations

import io
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.cli import main
from presend.retry import Clock
from presend_sandbox import Sandbox
from presend_sandbox.world import load_world

PLATFORMS = ("mailchimp", "klaviyo", "hubspot")


@dataclass(frozen=True)
class Outcome:
    """What one run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.out)


Here = Callable[..., Outcome]
"""The fixture `here`."""


class Hurried:
    """Time that runs as it does, but for the waits of connectors: they pass at once, for the sandbox as well."""

    def __init__(self, box: Sandbox | None = None) -> None:
        self._box = box
        self._skipped = 0.0
        self._lock = threading.Lock()
        self.clock = Clock(
            monotonic=self.monotonic,
            sleep=self._skip,
            now=lambda: datetime.now(UTC) + timedelta(seconds=self._skipped),
        )

    def monotonic(self) -> float:
        """Seconds, those that were skipped among them."""
        return time.monotonic() + self._skipped

    def _skip(self, seconds: float) -> None:
        with self._lock:
            self._skipped += seconds
            if self._box is not None:
                self._box.clock.advance(timedelta(seconds=seconds))


def presend(
    *words: str, env: Mapping[str, str], cwd: Path, box: Sandbox | None = None, waits: Hurried | None = None
) -> Outcome:
    """The `presend` command in this process, in that folder, with no other settings of ours than `env`."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("PRESEND_")]:
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        patch.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            main(words, clock=(waits or Hurried(box)).clock)
    assert isinstance(ended.value.code, int)
    return Outcome(ended.value.code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Planted:
    """One expectation of a world."""

    platform: str
    campaign: str
    expect: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.platform}-{self.campaign}-{self.expect['code']}-{self.expect.get('part', '')}"


def campaigns(world: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every campaign of a world with its platform."""
    loaded = load_world(world)
    for platform in PLATFORMS:
        for one in loaded.platforms[platform].get("campaigns", []):
            yield platform, one


def automations(world: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every flow of a world with its platform; HubSpot's automated e-mails are among the campaigns."""
    loaded = load_world(world)
    for platform in PLATFORMS:
        for one in loaded.platforms[platform].get("flows", []):
            yield platform, one


def planted(world: str, *, audit: bool = False) -> list[Planted]:
    """Every expectation of a world that a scan finds, or those that only an audit does."""
    return [
        Planted(platform, str(one["id"]), expect)
        for platform, one in (*campaigns(world), *automations(world))
        for expect in one.get("expect", [])
        if expect.get("audit", False) is audit
    ]


def matches(finding: dict[str, Any], want: Planted) -> bool:
    """Whether a finding is the one that was planted: code, place, severity, confidence, exact count."""
    expect = want.expect
    same = finding["platform"] == want.platform and finding["campaign_id"] == want.campaign
    same = (
        same and finding["code"] == expect["code"] and finding["message"] == expect.get("message", finding["message"])
    )
    for key in ("part", "severity", "confidence", "affected"):
        same = same and finding[key] == expect.get(key, finding[key])
    return same


def near(report: dict[str, Any], want: Planted) -> list[str]:
    """What there is of the same code or campaign, for the message of a failing test."""
    keys = ("code", "message", "part", "line", "severity", "confidence", "affected", "says")
    return [
        " ".join(str(f[k]) for k in keys)
        for f in report["findings"]
        if f["campaign_id"] == want.campaign and f["platform"] == want.platform
    ]
