"""The worlds hold what they say: who would be mailed, and how many each planted mishap reaches."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from presend_sandbox import Sandbox
from presend_sandbox import world as world_files
from presend_sandbox.clock import Clock
from presend_sandbox.hubspot import HubspotPlatform, build, points
from presend_sandbox.hubspot.sending import members_of
from presend_sandbox.hubspot.state import Account, Record
from tests.sandbox.hubspot.client import FOLDER, START, WORLDS


def test_sending_honours_what_hubspot_itself_would_leave_out(opened):
    box, _ = opened()
    platform = box.platforms["hubspot"]
    assert isinstance(platform, HubspotPlatform)
    sale, notice = set(platform.send("190008")), set(platform.send("190033"))

    assert len(sale) == 295
    assert not sale & {str(510001 + number) for number in range(25)}
    assert not sale & {"690001", "690002"}
    # Opted out of the other subscription only.
    assert {str(510011 + number) for number in range(5)} <= notice
    platform.mend("510300", {"hs_email_optout": "true"})
    assert "510300" not in platform.send("190008")
    with pytest.raises(KeyError):
        platform.send("1")


def counted(account: Account, names: list[str], when: dict[str, Any]) -> list[str]:
    """The recipients that an expectation's `when` counts."""
    for name, rule in when.items():
        if name == "in_list":
            names = sorted(set(names) & set(members_of(account, account.lists[rule])))
        else:
            names = [one for one in names if _value_matches(account.contacts[one], name, rule)]
    return names


def _value_matches(record: Record, name: str, rule: Any) -> bool:
    value = record.value(name)
    if isinstance(rule, list):
        return value in rule
    if rule == "blank":
        return not value
    if rule == "space":
        return bool(value) and not str(value).strip()
    if rule == "one_case":
        letters = str(value or "")
        return letters.isalpha() and (letters.isupper() or letters.islower())
    days = int(rule.removeprefix("older:"))
    return bool(value) and START - record.history[name][0].at > timedelta(days=days)


NOBODY = ("SEG003", "SEG004")
"""Checks that speak of those who get nothing, so that no recipient is counted."""


def planted() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for world in WORLDS:
        spec = tomllib.loads((FOLDER / world / "hubspot.toml").read_text("utf-8"))
        for campaign in spec["campaigns"]:
            for expect in campaign.get("expect", ()):
                if not expect.get("audit"):
                    yield world, campaign["id"], expect


@pytest.fixture(scope="module")
def worlds(alone: Path) -> dict[str, HubspotPlatform]:
    clock = Clock(START)
    loaded = {world: world_files.load_world(str(alone / world)).platforms["hubspot"] for world in WORLDS}
    return {world: build(spec, clock, {}) for world, spec in loaded.items()}


@pytest.mark.parametrize(
    ("world", "campaign", "expect"), [pytest.param(*one, id="-".join(one[:2]) + one[2]["code"]) for one in planted()]
)
def test_counts_in_the_worlds_are_true(worlds, world, campaign, expect):
    platform = worlds[world]
    account = platform.state

    reached = counted(account, platform.send(campaign), expect.get("when", {}))

    assert expect["affected"] == len(reached)
    assert reached or expect["code"] in NOBODY


def test_the_mishaps_are_all_there_and_the_clean_world_has_none():
    codes = {expect["code"] for world, _, expect in planted() if world == "mishaps"}

    wanted = {f"TAG{number:03d}" for number in (1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 16, 17)}
    wanted |= {f"VAL{number:03d}" for number in range(1, 14)} | {f"AGE{number:03d}" for number in (1, 2, 3, 5, 6, 7)}
    wanted |= {"SEN001", "SEN002", "SEN003", "SEN004", "SEN005", "SEN006", "OPS002", "OPS003", "OPS004", "OPS007"}
    wanted |= {"CON001", "CON002", "CON005", "TIM001", "TIM002", "TIM004", "TIM005"}
    wanted |= {f"CLM{number:03d}" for number in (1, 2, 3, 4, 5, 7)} | {"CPY001", "CPY002", "CPY003"}
    wanted |= {"SEG002", "SEG003", "SEG004", "SEG006", "SEG007", "DUP001", "DUP002", "DUP004"}
    wanted |= {"CON004", "DUP005", "DUP006"}
    assert codes == wanted
    assert not [one for one in planted() if one[0] == "clean"]


def test_every_switch_of_this_platform_is_tried_here():
    tried = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))

    names = [value for name, value in vars(points).items() if name.isupper() and isinstance(value, str)]
    assert len(names) == 13
    assert not [name for name in names if f"{name.removeprefix('hubspot.')}=" not in tried]


def test_the_cross_world_breaks_what_it_says_and_lets_the_rest_recover():
    token = {"Authorization": "Bearer pat-na1-lantern-sandbox"}
    pool = urllib3.PoolManager(retries=False)
    with Sandbox("cross", start=START) as box:

        def ask(method: str, path: str, **more: Any) -> urllib3.BaseHTTPResponse:
            return pool.request(method, box.origin + path, headers=token, **more)

        listed = [ask("GET", "/marketing/v3/emails/").status for _ in range(3)]
        read = [ask("POST", "/crm/v3/objects/contacts/batch/read", json={"inputs": []}).status for _ in range(3)]
        with pytest.raises(urllib3.exceptions.ProtocolError):
            ask("GET", "/crm/v3/lists/401/memberships")
        whole = ask("GET", "/crm/v3/lists/401/memberships").json()
        broken = {number: ask("GET", f"/crm/v3/lists/{number}/memberships") for number in (402, 404, 405, 406, 407)}
        pool.clear()

    assert (listed, read, whole["total"]) == ([429, 200, 200], [503, 503, 200], 140)
    assert {number: answer.status for number, answer in broken.items()} == {
        402: 200,
        404: 200,
        405: 200,
        406: 403,
        407: 200,
    }
    assert (broken[404].data, broken[406].data, broken[407].data) == (b"", b"", b"{}")
    assert broken[405].data.startswith(b"<!doctype html>")
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken[402].data)
