"""Runs presend as a user would against a world of the sandbox, and reads what the world's authors planted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def presend(*args: str, env: dict[str, str], cwd: Path, timeout: float = 240) -> Outcome:
    """The `presend` command in a process of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PRESEND_")}
    done = subprocess.run(
        [sys.executable, "-c", "from presend.cli import main; main()", *args],
        env={**clean, **env},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


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


def planted(world: str) -> list[Planted]:
    """Every expectation of a world, those of whole accounts left out."""
    return [
        Planted(platform, str(one["id"]), expect)
        for platform, one in campaigns(world)
        for expect in one.get("expect", [])
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
