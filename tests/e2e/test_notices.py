"""Notices on their way: one that cannot go out fails nothing, and waits until it can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from presend_sandbox import Sandbox
from tests.e2e.accounts import FAULTY, SECOND, Mailchimp
from tests.e2e.hook import Hook, listening
from tests.e2e.worlds import Here, Outcome

POLICY = '[policy]\nhold = "blocker"\n'


@pytest.fixture
def account() -> Iterator[Mailchimp]:
    with Sandbox(world="mishaps", only=["mailchimp"]) as box:
        made = Mailchimp(box)
        made.keep({FAULTY["mailchimp"], SECOND["mailchimp"]})
        yield made


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as made:
        yield made


@pytest.fixture
def scan(here: Here) -> Here:
    """A scan with --apply and a webhook, in this process."""

    def call(account: Mailchimp, url: str, policy: str = POLICY) -> Outcome:
        Path("policy.toml").write_text(policy)
        words = ("scan", "--apply", "--policy", "policy.toml", "--format", "json")
        return here(account, *words, PRESEND_SLACK__WEBHOOK_URL=url)

    return call


def notices(done: Outcome) -> list[str]:
    return [d["state"] for d in done.report["deeds"] if d["verb"] == "notify"]


@pytest.mark.parametrize("fault", ["nobody there", "no address", "refused"])
def test_a_dead_webhook_fails_nothing_and_the_notice_waits(
    account: Mailchimp, hook: Hook, fault: str, scan: Here
) -> None:
    url = {"nobody there": "http://127.0.0.1:9/secret", "no address": "hooks.invalid/secret", "refused": hook.url}[
        fault
    ]
    hook.status = 500
    first = scan(account, url)

    assert first.code == 1
    assert first.report["exit_codes"] == [1]
    assert notices(first) == ["failed"]
    assert "the notice to Slack did not go out" in first.err
    assert "secret" not in first.err + first.out
    assert account.held(FAULTY["mailchimp"])

    hook.status = 200
    second = scan(account, hook.url)

    assert notices(second) == ["done"]
    (late,) = hook.got
    assert "This notice is late" in json.dumps(late)
    assert json.dumps(late).count("hold: done") == 2

    third = scan(account, hook.url)
    assert notices(third) == []
    assert len(hook.got) == 1


def test_a_refused_plan_is_told_at_once_and_once(account: Mailchimp, hook: Hook, scan: Here) -> None:
    tight = POLICY + "max_holds = 1\n"

    assert scan(account, hook.url, tight).code == 5
    (notice,) = hook.got
    assert "Nothing was done: 2 campaigns would be held, and max_holds is 1" in json.dumps(notice)
    assert "hold: refused" in json.dumps(notice)

    assert scan(account, hook.url, tight).code == 5
    assert len(hook.got) == 1


def test_a_hold_is_told_though_its_findings_were_told_before(account: Mailchimp, hook: Hook, scan: Here) -> None:
    scan(account, hook.url, '[policy]\nhold = "never"\n')
    assert "hold" not in json.dumps(hook.got[0])

    scan(account, hook.url)

    assert len(hook.got) == 2
    assert json.dumps(hook.got[1]).count("hold: done") == 2


def test_without_apply_nobody_is_told(account: Mailchimp, hook: Hook, here: Here) -> None:
    done = here(account, "scan", "--format", "json", PRESEND_SLACK__WEBHOOK_URL=hook.url)

    assert notices(done) == ["planned"]
    assert hook.got == []
