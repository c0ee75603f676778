"""A sample of the crash matrix, and that its judge sees what is wrong; `make chaos` runs all of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deeds import DEEDS
from tests.chaos.judging import KILLED, Seen, judge
from tests.e2e.worlds import Outcome

BEFORE, WISHED, HALF = ("goes", "all"), ("goes", "some"), ("goes", "half")
HELD, UNSURE = {"held": [{"sure": True}]}, {"unsure": [{"verb": "exclude"}]}
FEWER = {"left_out": [{"people": 3}]}
OUT = next(deed for deed in DEEDS if deed.name == "leave out")
TELL = next(deed for deed in DEEDS if deed.name == "tell a webhook")

Look = tuple[Hashable, bool, Hashable]


def seen(*looks: Look, code: int = KILLED, second: str = "", **status: Any) -> Seen:
    """A killed run, another, and status."""
    states = f'{{"deeds": [{{"verb": "exclude", "state": "{second}"}}]}}' if second else '{"deeds": []}'
    shown = {"held": [], "left_out": [], "unsure": [], "waiting": [], **status}
    return Seen(Outcome(code, "", ""), Outcome(1, states, ""), shown, list(looks), 1, [])


before: Look = (BEFORE, False, BEFORE)
wished: Look = (WISHED, False, WISHED)
draft: Look = ("draft", True, "nobody")
half: Look = (HALF, False, HALF)
whole = seen(before, draft, wished, code=0)


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (seen(before, draft, wished, **FEWER), "done"),
        (seen(before, draft, **HELD), "not done, said"),
        (seen(before, draft, held=[{"sure": False}], **UNSURE), "unknown"),
        (seen(before, second="failed"), "not done, said"),
        (seen(before, draft, wished, **UNSURE, **FEWER), "done, called unknown"),
    ],
)
def test_what_is_known_or_called_unknown_is_right(found: Seen, outcome: str) -> None:
    verdict = judge(OUT, whole, found)

    assert (verdict.faults, verdict.outcome) == ((), outcome)


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (seen(before, wished, before, wished), "done 2 times"),
        (seen(before), "not done in the end, and nothing says so"),
        (seen(before, draft), "it is held, and status does not say so"),
        (seen(before, **HELD), "it is not held, and status is sure that it is"),
        (seen(before, half, draft, **HELD), "half changed and scheduled"),
        (seen(before, draft, wished), "status is wrong about whether people are left out"),
        (seen(before, second="failed", **FEWER), "status is wrong about whether people are left out"),
        (seen(before, wished, code=1), "it was not killed, but ended with 1"),
    ],
)
def test_what_is_wrong_is_a_fault(found: Seen, fault: str) -> None:
    assert any(one.startswith(fault) for one in judge(OUT, whole, found).faults)


def test_a_notice_that_arrived_twice_is_a_fault() -> None:
    once = seen((0, False, BEFORE), (1, False, BEFORE))
    twice = seen((0, False, BEFORE), (1, False, BEFORE), (2, False, BEFORE))

    assert judge(TELL, once, once).faults == ()
    assert "done 2 times" in judge(TELL, once, twice).faults


@pytest.mark.worlds
def test_a_sample_of_the_matrix_has_no_fault(root: Path) -> None:
    words = [sys.executable, "-m", "tests.chaos", "--sample", "3", "--only", "leave out mailchimp"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "no faults" in done.stdout
