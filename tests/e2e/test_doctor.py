"""`presend doctor` against the imitated accounts: what it can do there, and what a wrong key is answered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presend.audience.schema import FACTS
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


LAST_NAME = {"mailchimp": "LNAME", "klaviyo": "last_name", "hubspot": "lastname"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_facts_are_counted_over_what_is_due_with_where_each_comes_from(platform: str, tmp_path: Path) -> None:
    mapped = f'[facts.{platform}]\nhousehold = "{LAST_NAME[platform]}"\nrole_account = "no_such_thing"\n'
    (tmp_path / "presend.toml").write_text(mapped)
    with Sandbox(world="clean", only=(platform,)) as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        data = presend("doctor", "--facts", "--format", "json", env=env, cwd=tmp_path, box=box)
        found = writes(box.requests)

    assert (data.code, found) == (0, [])
    (told,) = (each for each in json.loads(data.out) if each.get("account") == platform)
    facts = told["facts"]
    rows = {row["fact"]: row for row in facts["known"]}
    assert facts["recipients"] > 0
    assert facts["campaigns"]
    assert {name for name in rows if not name.endswith("_as_of")} == set(FACTS)
    assert (rows["email"]["known"], rows["email"]["share"], rows["email"]["note"]) == (facts["recipients"], 1.0, "")
    # Whatever is known comes from somewhere, and whatever is not there says what follows.
    assert [name for name, row in rows.items() if row["known"] and not row["source"]] == []
    assert all("unprovable" in row["note"] for row in rows.values() if not row["known"])
    assert (rows["household"]["mapped"], rows["household"]["known"] > 0) == (True, True)
    # A list of Mailchimp's that lacks the field keeps its own.
    source, said = rows["household"]["source"], f"property {LAST_NAME[platform]!r}, as [facts] maps it"
    assert source.partition(", else ")[0] == said
    assert "is it spelt so?" in rows["role_account"]["note"]
    # Said once, beside what follows from it for the fact.
    said = f"[facts.{platform}] maps role_account to 'no_such_thing', and that property was found nowhere"
    assert facts["mapped_nowhere"].startswith(said)
