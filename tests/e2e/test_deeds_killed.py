"""presend is killed in the middle of leaving people out: what is so is known afterwards, and comes back."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from presend.store.journal import Journal
from presend_sandbox import Sandbox
from tests.e2e.accounts import ACCOUNTS, Account, log_of
from tests.e2e.test_deeds_exclude import CAMPAIGN, POLICY, when, would_get
from tests.e2e.worlds import Here, Outcome

SCAN = ("scan", "--apply", "--policy", "policy.toml", "--format", "json")
KILLED = 137


@pytest.fixture
def account() -> Iterator[Account]:
    with Sandbox(world="mishaps", only=["klaviyo"]) as box:
        made = ACCOUNTS["klaviyo"](box)
        made.keep({CAMPAIGN["klaviyo"]})
        yield made


def killed(account: Account, here: Here, stage: str, *, after: bool) -> None:
    """A scan that ends, without a word, before or after a stage was noted."""
    Path("policy.toml").write_text(POLICY)
    noted = Journal.stage

    def dying(self: Journal, entry: int, name: str, data: Any) -> None:
        if name == stage and not after:
            raise SystemExit(KILLED)
        noted(self, entry, name, data)
        if name == stage:
            raise SystemExit(KILLED)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "stage", dying)
        assert here(account, *SCAN).code == KILLED


def status(account: Account, here: Here) -> dict[str, Any]:
    return here(account, "status", "--format", "json").report


def back(account: Account, here: Here, run: str) -> Outcome:
    return here(account, "undo", run, "--format", "json")


@pytest.mark.parametrize(
    ("stage", "after", "known"),
    [("held", False, True), ("narrowed", True, False), ("release", True, True)],
)
def test_killed_while_it_is_held(account: Account, here: Here, stage: str, after: bool, known: bool) -> None:
    campaign = CAMPAIGN[account.platform]
    before, everybody = copy.deepcopy(account.schedule(campaign)), would_get(account, campaign)

    killed(account, here, stage, after=after)

    assert account.held(campaign)
    found = status(account, here)
    (held,) = found["held"]
    assert (held["campaign_id"], held["sure"], bool(found["unsure"])) == (campaign, known, not known)
    again = here(account, *SCAN)
    assert account.held(campaign)
    offered = ("release", "planned")
    assert {(d["verb"], d["state"]) for d in again.report["deeds"]} - {offered} == {("comment", "done")}
    since = len(account.box.requests)
    third = here(account, *SCAN)
    assert {(d["verb"], d["state"]) for d in third.report["deeds"]} <= {offered}
    assert log_of(account, since) == []
    if stage == "release":
        released = here(account, "release", f"{account.platform}:{campaign}")
        assert released.code == 0, released.out
        assert 0 < len(would_get(account, campaign)) < len(everybody)
        assert status(account, here)["held"] == []
        return
    undone = back(account, here, held["run"])
    assert [d["state"] for d in undone.report["deeds"]] == ["done"], undone.out
    assert would_get(account, campaign) == everybody
    assert when(account.schedule(campaign)) == when(before)
    assert status(account, here)["held"] == []


def test_killed_when_it_is_scheduled_again(account: Account, here: Here) -> None:
    campaign = CAMPAIGN[account.platform]
    everybody = would_get(account, campaign)

    killed(account, here, "released", after=False)

    got = would_get(account, campaign)
    assert 0 < len(got) < len(everybody)
    found = status(account, here)
    assert (found["held"], found["unsure"]) == ([], [])
    assert found["left_out"][0]["people"] == len(everybody - got)
    since = len(account.box.requests)
    again = here(account, *SCAN)
    assert [d for d in again.report["deeds"] if d["verb"] == "exclude"] == []
    asked = [str(each) for each in log_of(account, since)]
    assert asked
    assert not [each for each in asked if account.holds.fullmatch(each) or account.schedules.fullmatch(each)]
    assert would_get(account, campaign) == got
