"""Judges one point of the matrix: was it done at most once, is it known how it ended, was nobody mailed by halves."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.chaos.deeds import Deed
from tests.e2e.worlds import Outcome

KILLED = -9


@dataclass(frozen=True)
class Seen:
    """What was seen of a run that was killed, of the one after it and of `presend status`."""

    first: Outcome
    second: Outcome
    status: dict[str, Any]
    looks: list[tuple[Hashable, bool, Hashable]]
    """What shows the deed, whether the campaign is held, and where it goes: each time that changed."""
    half: int
    """How many of the looks are of the first run."""
    order: list[tuple[float, str, str]]

    @property
    def end(self) -> tuple[Hashable, bool, Hashable]:
        return self.looks[-1]


@dataclass(frozen=True)
class Verdict:
    """What a point came to; `faults` must be empty."""

    outcome: str
    times: int
    """How often the platform came to show the deed as done."""
    second: str
    status: str
    faults: tuple[str, ...]


def judge(deed: Deed, whole: Seen, seen: Seen) -> Verdict:
    """Hold what came of a killed run against an undisturbed one."""
    before, wished = whole.looks[0], whole.end
    words = said(deed, seen.second)
    shown = _shown(seen.status)
    done = seen.end[0] == wished[0]
    times = _times(deed, seen, wished[0])
    unsure = bool(seen.status["unsure"]) or "unknown" in words or (deed.once and "may have arrived" in seen.second.err)
    faults = []
    if seen.first.code != KILLED:
        faults.append(f"it was not killed, but ended with {seen.first.code}: {seen.first.err[-300:]}")
    if times > 1:
        faults.append(f"done {times} times")
    if seen.second.code not in (0, 1, 3, 5) or "Traceback" in seen.second.err:
        faults.append(f"the second run ended with {seen.second.code}: {seen.second.err[-300:]}")
    faults += _half_changed(seen, (before[2], wished[2]))
    faults += _misleading(seen)
    if deed.verb == "exclude" and not seen.end[1]:
        fewer = wished if not deed.before else before
        if (seen.end[2] == fewer[2]) != bool(seen.status["left_out"]):
            faults.append("status is wrong about whether people are left out")
    told = unsure or bool(set(words) & {"failed", "cannot", "left_alone"}) or bool(seen.status["held"])
    if not done and not told:
        faults.append("not done in the end, and nothing says so")
    if done and words[-1:] == ["done"] and seen.status["unsure"]:
        faults.append("done by the second run, and status still does not know")
    outcome = "unknown" if unsure else "done" if done else "not done, said"
    if done and unsure:
        outcome = "done, called unknown"
    return Verdict(outcome, times, ", ".join(words) or f"exit {seen.second.code}", shown, tuple(faults))


def _times(deed: Deed, seen: Seen, wished: Hashable) -> int:
    """How often it came to be as wished; a notice counts by how many there are."""
    shows = [look[0] for look in seen.looks]
    edges = sum(a != wished and b == wished for a, b in pairwise(shows))
    if not deed.once:
        return edges
    count = shows[-1]
    return count if isinstance(count, int) else len(count) if isinstance(count, tuple) else edges


def _half_changed(seen: Seen, allowed: tuple[Hashable, Hashable]) -> list[str]:
    """At no moment may it be scheduled for others than before or than wished."""
    wrong = [goes for _shows, held, goes in seen.looks if not held and goes not in allowed]
    return ["half changed and scheduled"] if wrong else []


def _misleading(seen: Seen) -> list[str]:
    """`presend status` may not be sure of what is not so."""
    held = seen.end[1]
    claims = seen.status["held"]
    if held and not claims:
        return ["it is held, and status does not say so"]
    if not held and any(claim["sure"] for claim in claims):
        return ["it is not held, and status is sure that it is"]
    return []


def said(deed: Deed, done: Outcome) -> list[str]:
    """The states that a run gave of the deed's verb, those of what an earlier run left first."""
    try:
        report = json.loads(done.out)
    except json.JSONDecodeError:
        states = ("unknown", "failed", "done", "cannot", "left alone")
        return [state.replace(" ", "_") for state in states if f": {state}." in done.out]
    return [d["state"] for d in report["deeds"] if d["verb"] == deed.verb]


def _shown(status: dict[str, Any]) -> str:
    words = [f"held{'' if one['sure'] else '?'}" for one in status["held"]]
    words += [f"{one['people']} left out" for one in status["left_out"]]
    words += [f"{one['verb']} unknown" for one in status["unsure"]]
    words += [f"{one['notices']} waiting" for one in status["waiting"]]
    return ", ".join(words) or "nothing"
