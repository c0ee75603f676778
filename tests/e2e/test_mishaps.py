"""The main job on the world `mishaps`: every planted mishap is found with its people, clean campaigns stay clean."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from presend_sandbox import Sandbox
from tests.e2e.worlds import PLATFORMS, Planted, campaigns, matches, near, planted, presend

# All of them look at one scan: on one worker it is made once.
pytestmark = pytest.mark.xdist_group("mishaps")

FOLLOWS_THE_CLOCK = re.compile(r"[+-]\d+h$")
READING_POSTS = ("/batch/read", "/search", "/template-render")


@dataclass(frozen=True)
class Scanned:
    """One dry scan of a world."""

    code: int
    report: dict[str, Any]
    recipients: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    err: str


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    folder = tmp_path_factory.mktemp("mishaps")
    log = folder / "requests.jsonl"
    with Sandbox(world="mishaps", request_log=log) as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(folder / "state"), "HOME": str(folder)}
        (folder / "presend.toml").write_text(box.settings())
        for platform, one in campaigns("mishaps"):
            labels = [word for label in one.get("tested", ()) for word in ("--message", label)]
            if labels:
                presend("tested", f"{platform}:{one['id']}", "--by", "Dana", *labels, env=env, cwd=folder, box=box)
        done = presend("scan", "--format", "json", "--recipients", "r.jsonl", env=env, cwd=folder, box=box)
    lines = (folder / "r.jsonl").read_text().splitlines()
    requests = [json.loads(line) for line in log.read_text().splitlines()]
    return Scanned(done.code, done.report, [json.loads(line) for line in lines], requests, done.err)


def test_the_scan_is_whole_and_finds_something(scanned: Scanned) -> None:
    assert scanned.report["complete"] is True, scanned.report["unchecked"]
    assert scanned.code == 1
    assert {c["platform"] for c in scanned.report["campaigns"]} == set(PLATFORMS)


@pytest.mark.parametrize("want", [p for p in planted("mishaps") if not p.expect.get("optional")], ids=str)
def test_finds_what_was_planted(scanned: Scanned, want: Planted) -> None:
    assert any(matches(f, want) for f in scanned.report["findings"]), (want.expect, near(scanned.report, want))


CLEAN = [(platform, str(one["id"])) for platform, one in campaigns("mishaps") if one.get("clean")]


@pytest.mark.parametrize(("platform", "campaign"), CLEAN, ids="-".join)
def test_clean_campaigns_stay_clean(scanned: Scanned, platform: str, campaign: str) -> None:
    loud = [
        f
        for f in scanned.report["findings"]
        if (f["platform"], f["campaign_id"]) == (platform, campaign) and f["severity"] in ("high", "blocker")
    ]

    assert loud == []


def test_nothing_loud_that_nobody_planted(scanned: Scanned) -> None:
    """On the planted campaigns too, every finding at high or above is one that the world's author wrote down."""
    wanted = planted("mishaps")
    known = {(w.platform, w.campaign, w.expect["code"]) for w in wanted}
    found = {
        (f["platform"], f["campaign_id"], f["code"])
        for f in scanned.report["findings"]
        if f["severity"] in ("high", "blocker") and f["confidence"] == "high"
    }

    assert sorted(found - known) == []


def test_nobody_is_woken_but_where_it_was_planted(scanned: Scanned) -> None:
    """At whatever hour this runs: all but a few campaigns, which are about the present moment, go at a fixed hour."""
    by_the_clock = {(p, str(c["id"])) for p, c in campaigns("mishaps") if FOLLOWS_THE_CLOCK.match(c.get("send_at", ""))}
    wanted = {(w.platform, w.campaign) for w in planted("mishaps") if w.expect["code"] == "TIM001"}
    found = {
        (f["platform"], f["campaign_id"])
        for f in scanned.report["findings"]
        if f["code"] == "TIM001" and f["severity"] != "info"
    }

    assert found - by_the_clock == wanted
    assert len(by_the_clock) < 10


def test_a_dry_scan_writes_nothing(scanned: Scanned) -> None:
    writes = [r for r in scanned.requests if r["method"] != "GET" and not r["path"].endswith(READING_POSTS)]

    assert writes == []


def test_every_affected_recipient_is_listed(scanned: Scanned) -> None:
    listed: dict[tuple[str, ...], set[str]] = {}
    for line in scanned.recipients:
        key = (line["platform"], line["campaign_id"], line["message"], line["code"], line["part"])
        listed.setdefault(key, set()).add(line["recipient_id"])
    for f in scanned.report["findings"]:
        key = (f["platform"], f["campaign_id"], f["message"], f["code"], f["part"])
        assert len(listed.get(key, set())) >= (f["affected"] or 0)


def test_no_address_leaves_in_the_report_or_on_stderr(scanned: Scanned) -> None:
    people = {line["recipient_id"] for line in scanned.recipients}
    text = json.dumps(scanned.report["findings"])

    assert not [one for one in people if f'"recipient": "{one}"' in text]
    assert "@example" not in "".join(e["reads"] for f in scanned.report["findings"] for e in f["examples"])
    assert "@example" not in scanned.err
