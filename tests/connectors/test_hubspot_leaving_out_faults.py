"""Faults on the wire while people are left out of a HubSpot email: nothing unseen is done; and comments resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presend.model import DeedState
from presend_sandbox import Sandbox
from tests.support.hubspot_account import connect, writes
from tests.support.hubspot_leaving import BAD, EMAIL, LABEL, LOCAL, TEST, VARIANT, excluded, held, narrowed, worlds

GUID = "guid-1"
World = Callable[..., Sandbox]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Starts small worlds of a test's own, with faults and switches."""
    with worlds(tmp_path) as start:
        yield start


READING = ("status", "wrong_json")
WRITING = ("status", "reset", "cut", "bare403")
STEPS = {
    "find the list": ("GET", "^/crm/v3/lists/object-type-id/"),
    "make the list": ("POST", "^/crm/v3/lists/?$"),
    "read the members": ("GET", "^/crm/v3/lists/.*/memberships"),
    "add to the list": ("PUT", "^/crm/v3/lists/.*/memberships/add"),
    "change the email": ("PATCH", "^/marketing/v3/emails/"),
}


@pytest.mark.parametrize(
    ("step", "kind"),
    [(step, kind) for step, (method, _) in STEPS.items() for kind in (READING if method == "GET" else WRITING)],
)
def test_a_fault_that_stays_never_ends_in_an_unseen_done(world: World, step: str, kind: str) -> None:
    method, path = STEPS[step]
    box = world({"kind": kind, "method": method, "path": path})
    receipt = narrowed(box)
    assert receipt.state in (DeedState.UNKNOWN, DeedState.FAILED, DeedState.DONE)
    if receipt.state is DeedState.DONE:
        assert excluded(box) == {LABEL: set(BAD)}
    if method == "GET":
        assert receipt.state is not DeedState.DONE
    if receipt.state is DeedState.FAILED:
        assert excluded(box) == {}


@pytest.mark.parametrize("step", STEPS)
def test_a_fault_that_passes_is_overcome_or_said(world: World, step: str) -> None:
    method, path = STEPS[step]
    box = world({"kind": "truncate", "method": method, "path": path, "count": 1})
    assert (narrowed(box).state is DeedState.DONE) == (excluded(box) == {LABEL: set(BAD)})


@pytest.mark.parametrize("kind", READING)
def test_an_email_that_cannot_be_read_again_is_not_done(world: World, kind: str) -> None:
    # Read for the campaign, twice for the hold, and twice before the change; then no more.
    box = world({"kind": kind, "method": "GET", "path": "^/marketing/v3/emails/1$", "after": 5})
    assert narrowed(box).state is DeedState.UNKNOWN
    assert excluded(box) == {LABEL: set(BAD)}


def test_variants_that_differ_are_not_done(world: World) -> None:
    box = world({"kind": "bare403", "method": "PATCH", "path": f"^/marketing/v3/emails/{VARIANT}$"})
    connector, found, _saved = held(box, TEST)
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert receipt.state is DeedState.UNKNOWN
    assert "variants differ" in receipt.detail
    assert connector.writer.widen(TEST, receipt.undo).state is DeedState.DONE
    assert (excluded(box, TEST), excluded(box, VARIANT)) == ({}, {})


def test_a_list_whose_making_was_lost_on_the_way_is_found_and_not_made_twice(world: World) -> None:
    box = world({"kind": "cut", "method": "POST", "path": "^/crm/v3/lists/?$", "count": 1})
    assert narrowed(box).state is DeedState.DONE
    assert len([one for one in writes(box) if one.rstrip("/") == "POST /crm/v3/lists"]) == 1


# -- words


def test_a_comment_is_resolved_where_there_is_one(world: World) -> None:
    box = world()
    connector = connect(box)
    campaign = connector.campaign(EMAIL)
    notes = box.state["hubspot"].campaigns[GUID]["properties"]
    assert connector.writer.resolve(campaign, "presend: nothing is left").state is DeedState.DONE
    assert connector.writer.resolve(connector.campaign(LOCAL), "presend: nothing is left").state is DeedState.DONE
    assert writes(box) == []

    connector.writer.comment(campaign, "presend: 2 findings")
    assert connector.writer.resolve(campaign, "presend: nothing is left").state is DeedState.DONE
    assert notes["hs_notes"].startswith("Owner: Robin.")
    assert "nothing is left" in notes["hs_notes"]
    assert "findings" not in notes["hs_notes"]
    assert connector.campaign(EMAIL).revision == campaign.revision


@pytest.mark.parametrize(
    ("kind", "method", "states"),
    [
        ("bare403", "PATCH", {DeedState.CANNOT, DeedState.FAILED}),
        ("status", "PATCH", {DeedState.FAILED, DeedState.UNKNOWN}),
        ("wrong_json", "GET", {DeedState.FAILED}),
    ],
)
def test_what_could_not_be_written_is_not_resolved(
    world: World, kind: str, method: str, states: set[DeedState]
) -> None:
    after = 1 if method == "PATCH" else 3
    box = world({"kind": kind, "method": method, "path": "^/marketing/v3/campaigns/", "after": after})
    connector = connect(box)
    campaign = connector.campaign(EMAIL)
    assert connector.writer.comment(campaign, "presend: 2 findings").state is DeedState.DONE
    if method == "GET":
        connector.writer.comment(campaign, "presend: 2 findings")
    assert connector.writer.resolve(campaign, "presend: nothing is left").state in states
