"""One account, everything: campaigns however far ahead, live automations, and what the platform does not show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from presend_sandbox import Sandbox
from tests.e2e.worlds import PLATFORMS, matches, near, planted, presend

Report = dict[str, Any]


@pytest.fixture(scope="module", params=PLATFORMS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Report, Report]:
    """An account, what a scan says of it and what an audit does."""
    account, folder = request.param, tmp_path_factory.mktemp(request.param)
    with Sandbox(world="mishaps", only=(account,)) as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(folder / "state")}
        # Of the scan only what is due and this check matter here; test_mishaps.py looks at all it finds.
        scanned = presend("scan", "--select", "OPS006", "--format", "json", env=env, cwd=folder, box=box).report
        audited = presend("audit", account, "--format", "json", env=env, cwd=folder, box=box).report
    return account, scanned, audited


def test_audit_looks_past_the_window(both: tuple[str, Report, Report]) -> None:
    _account, scanned, audited = both
    due, everything = ({c["id"] for c in r["campaigns"]} for r in (scanned, audited))
    assert due < everything
    assert audited["complete"] is True, audited["unchecked"]


CANNOT_SHOW = {"mailchimp": "customer journeys", "klaviyo": "", "hubspot": "sent by a workflow"}


def test_what_a_platform_cannot_show_is_listed_and_is_no_failure(both: tuple[str, Report, Report]) -> None:
    account, _scanned, audited = both
    said = " ".join(u["reason"] for u in audited["unchecked"] if u["kind"] == "unknowable")
    assert CANNOT_SHOW[account] in said


def test_an_unknown_account_selects_nothing(tmp_path: Path) -> None:
    done = presend("audit", "nobody", env={"PRESEND_MAILCHIMP__API_KEY": "0" * 32 + "-us1"}, cwd=tmp_path)

    assert done.code == 3
    assert "Configured: mailchimp" in done.err


def test_audit_scores_the_account_and_names_what_would_raise_it(both: tuple[str, Report, Report]) -> None:
    _account, scanned, audited = both
    told = audited["audit"]

    assert "audit" not in scanned
    assert 0 < told["score"] < 100
    assert told["campaigns"] == len(audited["campaigns"])
    assert len(told["mends"]) == 10
    gains = [mend["gain"] for mend in told["mends"]]
    shown = [round(gain, 1) for gain in gains]
    assert shown == sorted(shown, reverse=True)
    assert min(gains) > 0
    known = {campaign["id"] for campaign in audited["campaigns"]}
    assert all(set(mend["campaigns"]) <= known and mend["fix"] for mend in told["mends"])
    assert 0 < len(told["fields"]["unused"]) < told["fields"]["known"]
    assert [one["what"] for one in told["unknowable"]] == ["whether something else uses a list or segment"]
    assert told["fields"]["contacts"] > 1000
    assert max(told["fields"]["filled"].values()) <= told["fields"]["contacts"]
    unused, known = told["segments"]["unused"], told["segments"]["known"]
    assert len(unused) < known
    assert unused or _account == "klaviyo"  # where each list is named by a campaign or a flow


def test_an_automation_that_nobody_touched_for_years_is_named(both: tuple[str, Report, Report]) -> None:
    account, scanned, audited = both
    named = [f for f in audited["findings"] if f["code"] == "OPS006"]

    assert [f for f in scanned["findings"] if f["code"] == "OPS006"] == []
    wanted = [want for want in planted("mishaps", audit=True) if want.platform == account]
    assert len(named) == len(wanted)
    for want in wanted:
        assert any(matches(f, want) for f in named), (want.expect, near(audited, want))
    if account == "klaviyo":
        (one,) = named
        assert one["affected"] == one["audience"]
        sure = {f["severity"] for f in audited["findings"] if (f["campaign_id"], f["confidence"]) == ("FWELCM", "high")}
        assert one["severity"] == ("medium" if sure & {"high", "blocker"} else "low")
