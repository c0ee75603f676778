"""What a scan with --apply leaves undone: over a limit, not sure, changed meanwhile, or asked for in the wrong way."""

from __future__ import annotations

import copy
import gc
import importlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.actions.plan import Plan, make
from presend.retry import Deadline
from presend_sandbox import Sandbox
from tests.e2e.accounts import ACCOUNTS, FAULTY, SECOND, Account, log_of
from tests.e2e.hook import listening
from tests.e2e.worlds import PLATFORMS, Here, Outcome, presend

POLICY = '[policy]\nhold = "blocker"\nmax_holds = 200\nmax_recipients = 100000\nhold_irreversible = true\n'


@pytest.fixture(params=PLATFORMS)
def small(request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account with two campaigns that have a blocker each."""
    platform = request.param
    with Sandbox(world="mishaps", only=[platform]) as box:
        account = ACCOUNTS[platform](box)
        account.keep({FAULTY[platform], SECOND[platform]})
        yield account


@pytest.fixture
def scan(here: Here) -> Here:
    """A scan with a policy in this process."""

    def call(account: Account, policy: str | None, *more: str, **env: str) -> Outcome:
        words = ["scan", "--format", "json", *more]
        if policy is not None:
            Path("policy.toml").write_text(policy)
            words += ["--policy", "policy.toml"]
        return here(account, *words, **env)

    return call


def test_over_a_limit_nothing_at_all_is_done(small: Account, scan: Here) -> None:
    before = copy.deepcopy(small.schedules_now())

    done = scan(small, POLICY.replace("200", "1"), "--apply")

    assert log_of(small) == []
    assert copy.deepcopy(small.schedules_now()) == before
    assert done.code == 5
    assert done.report["exit_codes"][:2] == [5, 1]
    assert {d["state"] for d in done.report["deeds"]} <= {"refused", "cannot"}
    holds = [d for d in done.report["deeds"] if d["verb"] == "hold"]
    assert all("2 campaigns would be held, and max_holds is 1" in d["detail"] for d in holds)
    assert len(holds) == 2
    assert "2 campaigns would be held, and max_holds is 1" in done.err


def test_the_default_policy_never_holds_and_a_dry_run_never_writes(small: Account, scan: Here) -> None:
    dry = scan(small, POLICY.replace("200", "1"))

    assert log_of(small) == []
    assert dry.code == 1
    assert {d["state"] for d in dry.report["deeds"]} <= {"planned", "cannot"}
    assert "with --apply nothing would be done: 2 campaigns would be held, and max_holds is 1" in dry.err

    default = scan(small, None, "--apply")

    assert default.code == 1
    assert not [d for d in default.report["deeds"] if d["verb"] == "hold"]
    assert not [each for each in log_of(small) if small.holds.fullmatch(str(each))]
    assert not [each for each in small.ids if small.held(each)]


def test_what_cannot_be_put_back_exactly_is_held_only_if_the_policy_says_so(scan: Here) -> None:
    policy = POLICY.replace("hold_irreversible = true", "hold_irreversible = false")
    with Sandbox(world="mishaps", only=["hubspot"]) as box:
        account = ACCOUNTS["hubspot"](box)
        account.keep({FAULTY["hubspot"]})
        done = scan(account, policy, "--apply")

        (hold,) = [d for d in done.report["deeds"] if d["verb"] == "hold"]
        assert hold["state"] == "cannot"
        assert "could not be put back exactly" in hold["detail"]
        assert not account.held(FAULTY["hubspot"])
        assert not [each for each in log_of(account) if account.holds.fullmatch(str(each))]


@pytest.mark.parametrize(
    ("platform", "switches", "state"),
    [
        ("klaviyo", {"klaviyo.revert": "no_effect"}, "unknown"),
        ("klaviyo", {"klaviyo.revert": "refused"}, "failed"),
        ("hubspot", {"hubspot.state_after_unpublish": "PUBLISHED"}, "done"),
    ],
)
def test_a_hold_that_is_not_seen_is_never_done(platform: str, switches: dict[str, str], state: str, scan: Here) -> None:
    with Sandbox(world="mishaps", only=[platform], switches=switches) as box, listening() as hook:
        account = ACCOUNTS[platform](box)
        account.keep({FAULTY[platform]})
        done = scan(account, POLICY, "--apply", PRESEND_SLACK__WEBHOOK_URL=hook.url)

        (hold,) = [d for d in done.report["deeds"] if d["verb"] == "hold"]
        assert hold["state"] == state
        assert done.code == (1 if state == "done" else 5)
        assert account.held(FAULTY[platform]) == (state == "done")
        assert f"hold: {state}" in json.dumps(hook.got)


@pytest.mark.parametrize("change", ["edited", "moved"])
def test_what_somebody_changed_meanwhile_is_left_alone(
    small: Account, change: str, scan: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed after it was read and before it would be held: the other one is held all the same."""
    changed, other = FAULTY[small.platform], SECOND[small.platform]

    def meanwhile(*args: Any) -> Plan:
        plan = make(*args)
        if change == "edited":
            small.edit(changed)
        else:
            small.due(changed, small.box.now.replace(minute=0, second=0, microsecond=0) + timedelta(days=2))
        return plan

    monkeypatch.setattr("presend.cli.deeds.make", meanwhile)
    done = scan(small, POLICY, "--apply")

    states = {(d["campaign_id"], d["verb"]): d["state"] for d in done.report["deeds"]}
    assert {state for (campaign, _verb), state in states.items() if campaign == changed} <= {"left_alone", "cannot"}
    assert states[changed, "hold"] == "left_alone"
    assert states[other, "hold"] == "done"
    assert not small.held(changed)
    assert small.held(other)
    assert not [each for each in log_of(small) if any(part in each.path for part in small.parts(changed))]
    assert small.notes(changed) == []
    assert done.code == 1


def test_a_fault_while_one_is_held_does_not_keep_the_other(
    small: Account, scan: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = importlib.import_module(f"presend_connectors.{small.platform}.writer")
    writer = next(v for name, v in vars(connector).items() if name.endswith("Writer"))
    hold = writer.hold
    broken, other = FAULTY[small.platform], SECOND[small.platform]

    def failing(self: Any, campaign: Any) -> Any:
        if campaign.ref.id == broken:
            raise KeyError("ann@example.com")
        return hold(self, campaign)

    monkeypatch.setattr(writer, "hold", failing)
    done = scan(small, POLICY, "--apply")

    states = {d["campaign_id"]: d["state"] for d in done.report["deeds"] if d["verb"] == "hold"}
    assert states == {broken: "unknown", other: "done"}
    assert small.held(other)
    assert done.code == 5
    assert "ann@" not in done.out + done.err


def test_accounts_scanned_first_are_still_held_when_the_scan_took_long(
    small: Account, scan: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline of an account is for its scan; the deeds, which come after all scans, have one of their own."""

    def later(*args: Any) -> Plan:
        for deadline in [each for each in gc.get_objects() if isinstance(each, Deadline)]:
            deadline._end = deadline.clock.monotonic()
        return make(*args)

    monkeypatch.setattr("presend.cli.deeds.make", later)
    done = scan(small, POLICY, "--apply")

    assert {d["state"] for d in done.report["deeds"] if d["verb"] == "hold"} == {"done"}
    assert done.code == 1


def test_a_time_that_is_not_now_never_meets_real_accounts(tmp_path: Path) -> None:
    env = {"PRESEND_MAILCHIMP__API_KEY": "0" * 32 + "-us1", "PRESEND_STATE_DIR": str(tmp_path / "state")}

    done = presend("scan", "--apply", "--as-of", "2026-11-20T09:00:00Z", env=env, cwd=tmp_path)

    assert done.code == 2
    assert "at a time that is not now" in done.err
    assert "base_url" in done.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('hold = "blocker"\n', "no [policy] table"),
        ('[polcy]\nhold = "blocker"\n', "no [policy] table"),
        ('[policy]\nhold = "blockers"\n', "hold"),
        ("[policy]\nhold_reversible = true\n", "hold_reversible"),
        ('[policy]\ntag_codes = ["TAX"]\n', "TAX"),
        ("[policy]\nmax_holds = -1\n", "max_holds"),
    ],
)
def test_a_policy_that_is_not_meant_so_stops_before_any_request(text: str, says: str, tmp_path: Path) -> None:
    with Sandbox(world="clean", only=["mailchimp"]) as box:
        (tmp_path / "policy.toml").write_text(text)
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        done = presend("scan", "--apply", "--policy", "policy.toml", env=env, cwd=tmp_path, box=box)

        assert done.code == 2
        assert says in done.err
        assert box.requests == []
