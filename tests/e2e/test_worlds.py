"""The worlds `clean`, `big` and `cross`: silence, every page, and never a whole scan that missed something."""

from __future__ import annotations

from pathlib import Path

import pytest

from presend_sandbox import Sandbox
from tests.e2e.accounts import Hubspot, Mailchimp
from tests.e2e.table import AGAIN, CANNOT, PAGE, cells, page
from tests.e2e.worlds import Hurried, campaigns, matches, near, planted, presend


def test_clean_is_silent(tmp_path: Path) -> None:
    with Sandbox(world="clean") as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        done = presend("scan", "--format", "json", env=env, cwd=tmp_path, box=box)

    report = done.report
    loud = [f for f in report["findings"] if f["severity"] in ("medium", "high", "blocker")]
    assert report["complete"] is True, report["unchecked"]
    assert [(f["campaign_id"], f["code"], f["severity"], f["says"]) for f in loud] == []
    assert done.code == 0
    assert len(report["campaigns"]) >= 30


def test_big_is_read_to_the_last_page(tmp_path: Path) -> None:
    with Sandbox(world="big") as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        done = presend("scan", "--format", "json", env=env, cwd=tmp_path, box=box)

    report = done.report
    assert report["complete"] is True, report["unchecked"]
    for want in planted("big"):
        assert any(matches(f, want) for f in report["findings"]), (want.expect, near(report, want))


def test_cross_never_claims_to_be_whole(tmp_path: Path) -> None:
    """Whatever is broken for good makes its campaign incomplete; what recovers does not; nothing takes for ever."""
    with Sandbox(world="cross") as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state"), "PRESEND_DEADLINE": "60s"}
        waits = Hurried(box)
        started = waits.monotonic()
        done = presend("scan", "--format", "json", env=env, cwd=tmp_path, waits=waits)
        took = waits.monotonic() - started

    report = done.report
    verdicts = {(c["platform"], c["id"]): c["verdict"] for c in report["campaigns"]}
    failed = {(u["platform"], u["campaign_id"]) for u in report["unchecked"] if u["kind"] == "failed"}
    assert report["complete"] is False
    assert 4 in report["exit_codes"]
    partial = {c["id"] for c in report["campaigns"] if c["audience"] and c["audience"]["coverage"] == "partial"}
    assert partial >= {"hc-short", "01CROSSTRUNC", "490002"}
    assert {c["verdict"] for c in report["campaigns"] if c["id"] in partial} == {"incomplete"}
    assert took < 3 * 60 + 30
    for platform, one in campaigns("cross"):
        name = (platform, str(one["id"]))
        if one.get("incomplete") and one.get("status", "scheduled") not in ("draft", "sent"):
            assert verdicts.get(name) == "incomplete" or name in failed, name


@pytest.mark.parametrize("kind", ["wrong key", "dead host"])
def test_an_account_that_cannot_be_read_is_said_and_the_others_are_checked(tmp_path: Path, kind: str) -> None:
    with Sandbox(world="clean") as box:
        # Two campaigns are enough to see that the others are checked.
        Mailchimp(box).keep({"cl-letter"})
        Hubspot(box).keep({"290001"})
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        if kind == "wrong key":
            env["PRESEND_KLAVIYO__API_KEY"] = "pk_0000000000000000000000000000000000"
        else:
            env["PRESEND_KLAVIYO__BASE_URL"] = "http://127.0.0.1:9"
        done = presend("scan", "--format", "json", env=env, cwd=tmp_path, box=box)

    report = done.report
    failed = [u for u in report["unchecked"] if u["kind"] == "failed"]
    assert done.code == 4
    assert report["complete"] is False
    assert {u["account"] for u in failed if not u["campaign_id"]} == {"klaviyo"}
    assert {c["platform"] for c in report["campaigns"]} == {"mailchimp", "hubspot"}
    # Nobody knows who opted out there, so no campaign to people is clear.
    beside = [u for u in failed if u["campaign_id"]]
    assert {u["code"] for u in beside} == {"CON004"}
    people = {c["id"] for c in report["campaigns"] if c["audience"] and c["audience"]["size"]}
    assert sorted(u["campaign_id"] for u in beside) == sorted(people)
    assert "Traceback" not in done.err
    assert "pk_0000" not in done.err + done.out


def test_the_page_of_the_worlds_says_what_is_planted_today() -> None:
    text = PAGE.read_text("utf-8")

    assert text == page(text), f"docs/worlds.md is stale: run `{AGAIN}`"


def test_a_row_that_is_nowhere_on_a_platform_has_a_reason_and_only_then() -> None:
    assert [place for place, said in cells().items() if not said] == []
    there = {(one.expect["mishap"], one.platform) for one in (*planted("mishaps"), *planted("mishaps", audit=True))}
    assert there & set(CANNOT) == set()
