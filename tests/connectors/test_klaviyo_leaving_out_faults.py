"""Faults on the wire while people are left out of a Klaviyo campaign: nothing unseen is called done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from presend.model import DeedState, Receipt
from presend_sandbox import Sandbox
from tests.support.klaviyo_leaving import BAD, LABEL, changes, excluded, held, worlds
from tests.support.klaviyo_world import PLAIN

World = Callable[..., Sandbox]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Starts small worlds of a test's own, with faults and switches."""
    with worlds(tmp_path) as start:
        yield start


READING = ("status", "wrong_json")
WRITING = ("status", "reset", "cut", "bare403")
STEPS_OF_IT = {
    "find the list": ("GET", "^/api/lists$"),
    "make the list": ("POST", "^/api/lists$"),
    "read the members": ("GET", "^/api/lists/.*/relationships"),
    "add to the list": ("POST", "^/api/lists/.*/relationships"),
    "read the audience": ("GET", "^/api/campaign-audiences/"),
    "change the audience": ("PATCH", "^/api/campaign-audiences/"),
}


def narrowed(box: Sandbox) -> Receipt:
    """The receipt of leaving people out, after which nothing may be scheduled."""
    connector, found, _saved = held(box)
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert box.platforms["klaviyo"].send(PLAIN) == []
    assert "@" not in receipt.detail
    return receipt


def is_so(box: Sandbox) -> bool:
    return excluded(box).get(LABEL) == set(BAD)


@pytest.mark.parametrize(
    ("step", "kind"),
    [(step, kind) for step, (method, _) in STEPS_OF_IT.items() for kind in (READING if method == "GET" else WRITING)],
)
def test_a_fault_that_stays_never_ends_in_an_unseen_done(world: World, step: str, kind: str) -> None:
    method, path = STEPS_OF_IT[step]
    box = world({"kind": kind, "method": method, "path": path})
    receipt = narrowed(box)
    assert receipt.state in (DeedState.UNKNOWN, DeedState.FAILED, DeedState.DONE)
    if receipt.state is DeedState.DONE:
        assert is_so(box)
    if method == "GET":
        assert receipt.state is not DeedState.DONE
    if receipt.state is DeedState.FAILED:
        assert LABEL not in excluded(box)


@pytest.mark.parametrize("step", STEPS_OF_IT)
def test_a_fault_that_passes_is_overcome_or_said(world: World, step: str) -> None:
    method, path = STEPS_OF_IT[step]
    box = world({"kind": "truncate", "method": method, "path": path, "count": 1})
    receipt = narrowed(box)
    assert (receipt.state is DeedState.DONE) == is_so(box)


@pytest.mark.parametrize("later", ["at_once", "later"])
def test_a_list_whose_making_was_lost_on_the_way_is_found_and_not_made_twice(world: World, later: str) -> None:
    box = world({"kind": "cut", "method": "POST", "path": "^/api/lists$", "count": 1}, new_list=later)
    assert narrowed(box).state is DeedState.DONE
    assert is_so(box)
    assert changes(box).count("POST /api/lists") == 1


def test_a_fault_while_widening_never_ends_in_an_unseen_done(world: World) -> None:
    for kind in ("cut", "bare403"):
        box = world({"kind": kind, "method": "PATCH", "path": "^/api/campaign-audiences/", "after": 1})
        connector, found, _saved = held(box)
        before: Mapping[str, Any] = connector.writer.narrow(found, LABEL, BAD).undo
        receipt = connector.writer.widen(PLAIN, before)
        assert (receipt.state is DeedState.DONE) == (set(excluded(box)) == {"Staff"})
        assert receipt.state is not DeedState.LEFT_ALONE
