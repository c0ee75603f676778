"""presend's note and tag off a Klaviyo campaign once nothing is left: seen to be gone, or not said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from presend.model import DeedState
from presend_sandbox import Sandbox
from presend_sandbox.klaviyo.state import Tag
from tests.support.klaviyo_account import START, at
from tests.support.klaviyo_world import PLAIN, small_world


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Starts small worlds with faults."""
    running: list[Sandbox] = []

    def start(*faults: dict[str, Any]) -> Sandbox:
        running.append(Sandbox(small_world(tmp_path, *faults), start=START, only=["klaviyo"]).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()


def test_what_is_resolved_is_taken_off_and_what_people_wrote_stays(small: Callable[..., Sandbox]) -> None:
    box = small()
    account = box.state["klaviyo"]
    account.campaigns[PLAIN].definition["description"] = "Not yet signed off.\n"
    connector = at(box)
    found = connector.campaign(PLAIN)
    assert connector.writer.resolve(found, "nothing is left").state is DeedState.DONE  # there was nothing
    assert {row["method"] for row in box.requests} == {"GET"}
    account.campaigns[PLAIN].definition["description"] = "Signed off by Morag."
    theirs = Tag("T9", "presenders")
    account.tags[theirs.id] = theirs
    account.campaigns[PLAIN].tags.append(theirs.id)
    assert connector.writer.comment(found, "presend: 1 finding").state is DeedState.DONE
    assert connector.writer.mark(found, "presend").state is DeedState.DONE
    receipt = connector.writer.resolve(found, "nothing is left")
    assert receipt.state is DeedState.DONE
    assert account.campaigns[PLAIN].definition["description"] == "Signed off by Morag."
    assert account.campaigns[PLAIN].tags == [theirs.id]
    assert connector.campaign(PLAIN).revision == found.revision


@pytest.mark.parametrize("kind", ["status", "reset", "cut", "bare403"])
@pytest.mark.parametrize(("method", "path"), [("DELETE", "^/api/tags/"), ("PATCH", "^/api/campaigns/")])
def test_what_could_not_be_seen_to_be_gone_is_not_resolved(
    small: Callable[..., Sandbox], method: str, path: str, kind: str
) -> None:
    box = small({"kind": kind, "method": method, "path": path, "after": 1 if method == "PATCH" else 0})
    connector = at(box)
    found = connector.campaign(PLAIN)
    connector.writer.comment(found, "presend: 1 finding")
    connector.writer.mark(found, "presend")
    receipt = connector.writer.resolve(found, "nothing is left")
    campaign = box.state["klaviyo"].campaigns[PLAIN]
    gone = not campaign.tags and "presend" not in campaign.definition["description"]
    assert (receipt.state is DeedState.DONE) == gone
    if kind == "bare403":
        assert receipt.state is DeedState.FAILED


def test_tags_that_cannot_be_looked_at_are_not_said_to_be_off(small: Callable[..., Sandbox]) -> None:
    box = small({"kind": "bare403", "path": "^/api/campaigns/PLAIN/tags"})
    connector = at(box)
    receipt = connector.writer.resolve(connector.campaign(PLAIN), "nothing is left")
    assert receipt.state is DeedState.UNKNOWN
    assert "tags could not be looked at" in receipt.detail
