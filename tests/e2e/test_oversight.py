"""Approvals, accepted findings, tests on record and baselines, by the command, on imitated accounts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from presend_sandbox import Sandbox
from tests.e2e.accounts import FAULTY, SECOND, Account, Hubspot, Mailchimp
from tests.e2e.worlds import Here, Outcome

TEAM = """
[people]
Dana = { hubspot = "1001" }
Eli = { hubspot = "1002" }

[policy]
hold = "never"

[policy.approval]
recipients = 1
"""


@pytest.fixture
def team() -> None:
    Path("presend.toml").write_text(TEAM)


@pytest.fixture
def mailchimp() -> Iterator[Mailchimp]:
    with Sandbox(world="mishaps", only=["mailchimp"]) as box:
        made = Mailchimp(box)
        made.keep({FAULTY["mailchimp"], SECOND["mailchimp"]})
        yield made


@pytest.fixture
def hubspot() -> Iterator[Hubspot]:
    with Sandbox(world="mishaps", only=["hubspot"]) as box:
        made = Hubspot(box)
        made.keep({FAULTY["hubspot"]})
        yield made


Scan = Callable[..., Outcome]


@pytest.fixture
def scan(here: Here) -> Scan:
    def call(account: Account, *words: str) -> Outcome:
        return here(account, "scan", "--format", "json", *words)

    return call


def found(done: Outcome, code: str, campaign: str) -> list[dict[str, Any]]:
    """The findings of one check in one campaign."""
    return [f for f in done.report["findings"] if (f["code"], f["campaign_id"]) == (code, campaign)]


@pytest.mark.usefixtures("team")
def test_two_must_approve_where_nobody_knows_the_author(mailchimp: Mailchimp, here: Here, scan: Scan) -> None:
    campaign = FAULTY["mailchimp"]
    mailchimp.due(campaign, mailchimp.box.clock.now() + timedelta(hours=30))
    ref = f"mailchimp:{campaign}"

    assert "nobody has approved it" in found(scan(mailchimp), "OPS003", campaign)[0]["says"]
    first = here(mailchimp, "approve", ref, "--by", "Dana")
    assert (first.code, "one more person" in first.out) == (0, True)
    assert "1 of 2" in found(scan(mailchimp), "OPS003", campaign)[0]["says"]
    assert here(mailchimp, "approve", ref, "--by", "Eli").code == 0
    assert found(scan(mailchimp), "OPS003", campaign) == []

    mailchimp.edit(campaign)
    ended = found(scan(mailchimp), "OPS003", campaign)[0]
    assert "an edit has ended the approval" in ended["says"]


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (timedelta(hours=30), "low"),
        (timedelta(hours=20), "medium"),
        (timedelta(hours=3), "high"),
        (timedelta(minutes=40), "blocker"),
    ],
)
def test_it_grows_with_the_time_left(mailchimp: Mailchimp, scan: Scan, left: timedelta, severity: str) -> None:
    campaign = FAULTY["mailchimp"]
    mailchimp.due(campaign, mailchimp.box.clock.now() + left)

    assert [f["severity"] for f in found(scan(mailchimp), "OPS003", campaign)] == [severity]


@pytest.mark.usefixtures("team")
def test_nobody_approves_their_own(hubspot: Hubspot, here: Here) -> None:
    campaign = FAULTY["hubspot"]
    ref = f"hubspot:{campaign}"
    for each in hubspot.state.emails.values():
        each.doc |= {"createdById": "1001", "updatedById": "1001"}

    own = here(hubspot, "approve", ref, "--by", "Dana")
    other = here(hubspot, "approve", ref, "--by", "Eli")
    nobody = here(hubspot, "approve", ref, "--by", "Gus")

    assert (own.code, "nobody approves their own" in own.err) == (2, True)
    assert other.code == 0
    assert (nobody.code, "'Gus' is not in [people]" in nobody.err) == (2, True)


def test_an_accepted_finding_is_counted_and_leads_to_nothing(mailchimp: Mailchimp, here: Here, scan: Scan) -> None:
    before = scan(mailchimp, "--apply")
    loud = [f for f in before.report["findings"] if f["severity"] in ("high", "blocker")]
    assert before.code == 1
    until = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()

    for each in loud:
        words = ("ack", each["fingerprint"], "--until", until, "--reason", "known", "--by", "Dana")
        assert here(mailchimp, *words).code == 0
    after = scan(mailchimp)

    assert after.code == 0
    states = {f["fingerprint"]: f["state"] for f in after.report["findings"]}
    assert {states[f["fingerprint"]] for f in loud} == {"acknowledged"}


def test_a_date_that_is_past_is_refused(mailchimp: Mailchimp, here: Here) -> None:
    done = here(mailchimp, "ack", "0123456789abcdef", "--until", "2020-01-01", "--reason", "x", "--by", "Dana")

    assert (done.code, "is past" in done.err) == (2, True)


def test_a_baseline_lets_only_the_new_speak(mailchimp: Mailchimp, here: Here, scan: Scan) -> None:
    took = here(mailchimp, "baseline", "mailchimp", "--format", "json")
    assert took.code == 1
    assert json.loads(took.out)["findings"]
    quiet = scan(mailchimp)
    assert quiet.code == 0
    # A record of people is no debt: what was never tested or approved is said all the same.
    assert {f["state"] for f in quiet.report["findings"] if not f["code"].startswith("OPS")} == {"acknowledged"}

    mailchimp.state.campaigns[SECOND["mailchimp"]].variants[0].subject = "Hello [FIRST_NAME]"
    loud = scan(mailchimp)
    assert loud.code == 1
    assert {f["code"] for f in loud.report["findings"] if f["state"] != "acknowledged"} >= {"TAG006"}

    assert here(mailchimp, "baseline", "mailchimp", "--clear").code == 0
    assert "acknowledged" not in {f["state"] for f in scan(mailchimp).report["findings"]}


def test_a_test_is_on_record_until_the_next_edit(mailchimp: Mailchimp, here: Here, scan: Scan) -> None:
    campaign = FAULTY["mailchimp"]
    assert [f["severity"] for f in found(scan(mailchimp), "OPS004", campaign)] == ["info"]

    assert here(mailchimp, "tested", f"mailchimp:{campaign}", "--by", "Dana").code == 0
    assert found(scan(mailchimp), "OPS004", campaign) == []

    mailchimp.edit(campaign)
    assert [f["severity"] for f in found(scan(mailchimp), "OPS004", campaign)] == ["low"]
