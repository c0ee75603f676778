"""`presend doctor` against the imitated accounts: what it can do there, and what a wrong key is answered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presend_sandbox import Sandbox
from tests.e2e.accounts import writes
from tests.e2e.worlds import PLATFORMS, presend

KEYS = {
    "mailchimp": "PRESEND_MAILCHIMP__API_KEY",
    "klaviyo": "PRESEND_KLAVIYO__API_KEY",
    "hubspot": "PRESEND_HUBSPOT__ACCESS_TOKEN",
}


def test_all_accounts_are_reached_and_nothing_is_changed(tmp_path: Path) -> None:
    with Sandbox(world="mishaps") as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        table = presend("doctor", env=env, cwd=tmp_path, box=box)
        data = presend("doctor", "--format", "json", env=env, cwd=tmp_path, box=box)
        found = writes(box.requests)

    told = json.loads(data.out)
    assert (table.code, data.code) == (0, 0)
    assert found == []
    assert {each["platform"]: each["reached"] for each in told} == dict.fromkeys(PLATFORMS, True)
    for each in told:
        assert each["rights"], each
        assert {right["able"] for right in each["rights"]} <= {"yes", "no", "unknown"}
        assert all(right["detail"] for right in each["rights"]), each
        assert f"{each['account']} ({each['platform']}): {each['name']}" in table.out


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_wrong_key_is_said_without_showing_it(platform: str, tmp_path: Path) -> None:
    with Sandbox(world="mishaps") as box:
        wrong = "wrongwrongwrong" + ("-us1" if platform == "mailchimp" else "")
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state"), KEYS[platform]: wrong}
        data = presend("doctor", "--format", "json", env=env, cwd=tmp_path, box=box)
        table = presend("doctor", "--account", platform, env=env, cwd=tmp_path, box=box)

    told = {each["platform"]: each for each in json.loads(data.out)}
    assert (data.code, table.code) == (4, 4)
    assert {name for name, each in told.items() if not each["reached"]} == {platform}
    assert told[platform]["reason"]
    assert f"{platform} ({platform}): not reached." in table.out
    assert "wrongwrong" not in data.out + data.err + table.out + table.err
    assert "Traceback" not in data.err + table.err


def test_no_account_is_said(tmp_path: Path) -> None:
    done = presend("doctor", env={"PRESEND_STATE_DIR": str(tmp_path / "state")}, cwd=tmp_path)

    assert done.code == 3
    assert "no account is configured" in done.err
