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
from tests.notify.server import Service, Slack, running

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


@pytest.mark.parametrize("fault", ["nobody there", "refused"])
def test_a_dead_webhook_fails_nothing_and_the_notice_waits(
    account: Mailchimp, hook: Hook, fault: str, scan: Here
) -> None:
    url = {"nobody there": "http://127.0.0.1:9/secret", "refused": hook.url}[fault]
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


@pytest.fixture
def slack() -> Iterator[Service]:
    with running() as made:
        made.answers = Slack()
        yield made


def test_a_bot_tells_an_unchanged_world_once_and_updates_its_message_when_it_is_mended(
    slack: Service, here: Here
) -> None:
    with Sandbox(world="mishaps", only=["mailchimp"]) as box:
        account = Mailchimp(box)
        account.keep({"mc-bulbs"})
        Path("policy.toml").write_text('[policy]\nhold = "high"\ntag = "never"\ncomment = "never"\n')
        env = {
            "PRESEND_SLACK__BOT_TOKEN": "xoxb-good-token",
            "PRESEND_SLACK__CHANNEL": "#marketing",
            "PRESEND_SLACK__BASE_URL": slack.url,
        }
        words = ("scan", "--apply", "--policy", "policy.toml", "--format", "json")
        told = [notices(here(account, *words, **env)) for _run in range(3)]
        people = [member.values for each in account.state.lists.values() for member in each.members.values()]
        for values in people:
            values["FNAME"] = values.get("FNAME") or "Wren"
        told += [notices(here(account, *words, **env)) for _run in range(2)]
        private = account.private()

    assert told == [["done"], [], [], ["done"], []]
    assert slack.paths() == ["/api/chat.postMessage", "/api/chat.update"]
    held, mended = (json.dumps(got.body["blocks"]) for got in slack.got)
    assert "hold: done" in held
    assert "*Resolved*" in mended
    assert "`presend release mailchimp:mc-bulbs`" in mended
    assert not any(one in held + mended for one in private)


def test_a_token_that_slack_refuses_is_said_plainly(account: Mailchimp, slack: Service, here: Here) -> None:
    env = {"PRESEND_SLACK__CHANNEL": "#marketing", "PRESEND_SLACK__BASE_URL": slack.url}

    done = here(account, "scan", "--apply", "--format", "json", PRESEND_SLACK__BOT_TOKEN="xoxb-hidden", **env)

    assert done.code == 1
    assert "the notice to Slack #marketing did not go out: Slack said invalid_auth: the bot's token" in done.err
    assert "hidden" not in done.err + done.out
