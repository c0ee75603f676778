"""One account, everything: campaigns however far ahead, live automations, and what the platform does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from presend_sandbox import Sandbox
from tests.e2e.worlds import presend


@pytest.mark.parametrize("account", ["mailchimp", "klaviyo", "hubspot"])
def test_audit_looks_past_the_window(account: str, tmp_path: Path) -> None:
    with Sandbox(world="mishaps", only=(account,)) as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        scanned = presend("scan", "--format", "json", env=env, cwd=tmp_path).report
        audited = presend("audit", account, "--format", "json", env=env, cwd=tmp_path).report

    due, everything = ({c["id"] for c in r["campaigns"]} for r in (scanned, audited))
    assert due < everything
    assert audited["complete"] is True, audited["unchecked"]


def test_what_a_platform_cannot_show_is_listed_and_is_no_failure(tmp_path: Path) -> None:
    with Sandbox(world="mishaps", only=("mailchimp", "hubspot")) as box:
        env = {**box.env(), "PRESEND_STATE_DIR": str(tmp_path / "state")}
        reports = [
            presend("audit", a, "--format", "json", env=env, cwd=tmp_path).report for a in ("mailchimp", "hubspot")
        ]

    said = " ".join(u["reason"] for r in reports for u in r["unchecked"] if u["kind"] == "unknowable")
    assert "customer journeys" in said
    assert "sent by a workflow" in said


def test_an_unknown_account_selects_nothing(tmp_path: Path) -> None:
    done = presend("audit", "nobody", env={"PRESEND_MAILCHIMP__API_KEY": "0" * 32 + "-us1"}, cwd=tmp_path)

    assert done.code == 3
    assert "Configured: mailchimp" in done.err
