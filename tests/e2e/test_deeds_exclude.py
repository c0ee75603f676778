"""Leaving people out of a send on each platform, held against the sandbox's own sending; mended people come back."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from presend_sandbox import Sandbox
from presend_sandbox.hubspot import sending as hubspot
from presend_sandbox.klaviyo import sending as klaviyo
from presend_sandbox.mailchimp import sending as mailchimp
from tests.e2e.accounts import ACCOUNTS, Account, Asked, Schedule, log_of
from tests.e2e.hook import Hook, listening
from tests.e2e.worlds import PLATFORMS, Outcome, presend

POLICY = '[policy]\nexclude = "high"\nhold_irreversible = true\n'

CAMPAIGN = {"mailchimp": "mc-bulbs", "klaviyo": "01LARKBARENAME", "hubspot": "190026"}
"""Campaigns with a fault in some people's data."""

FIRST_NAME = {"mailchimp": "FNAME", "klaviyo": "first_name", "hubspot": "firstname"}


def would_get(account: Account, campaign: str) -> set[str]:
    """Whom the sandbox would mail if the campaign's time came now; nobody while it is not scheduled."""
    match account.platform:
        case "mailchimp":
            found = account.state.campaigns[campaign]
            return set(mailchimp.recipients(account.state, found)) if found.status == "schedule" else set()
        case "klaviyo":
            return set(klaviyo.send(account.state, campaign))
        case _:
            return set(hubspot.would_send(account.state, campaign))


def when(schedule: Any) -> list[Any]:
    """The times in a schedule, whatever else of it a changed audience touched."""
    names = {"time", "send_time", "publishDate"}
    if not isinstance(schedule, dict):
        return []
    return [v for k, v in schedule.items() if k in names] + [w for v in schedule.values() for w in when(v)]


def mend(account: Account, ids: set[str]) -> None:
    """Give these people a first name, as somebody at the platform would."""
    name = FIRST_NAME[account.platform]
    for one in ids:
        match account.platform:
            case "mailchimp":
                member = next(m for each in account.state.lists.values() for m in each.members.values() if m.id == one)
                member.values[name] = "Wren"
            case "klaviyo":
                account.state.profiles[one].attributes[name] = "Wren"
            case _:
                account.state.contacts[one].set(name, "Wren", account.box.now)


def marked(account: Account, done: Outcome) -> set[str]:
    """Who carries any mark that this run spoke of."""
    labels = set(re.findall(r"presend:[A-Z]{3}\d{3}", json.dumps(done.report["deeds"])))
    return {who for label in labels for who in account.marked(label)}


@dataclass
class Story:
    """One campaign: its faulty people are left out, some are mended, then all."""

    account: Account
    campaign: str
    before: Schedule
    all: set[str]
    run: Any
    first: Outcome = field(init=False)
    affected: set[str] = field(init=False)
    asked: list[Asked] = field(init=False)
    got: set[str] = field(init=False)
    after: Schedule = field(init=False)
    told: list[Any] = field(default_factory=list)
    """The digests up to the time when the same was scanned once more."""
    again: Outcome = field(init=False)
    asked_again: list[Asked] = field(init=False)
    status: dict[str, Any] = field(init=False)
    some: Outcome = field(init=False)
    got_some: set[str] = field(init=False)
    marked: set[str] = field(init=False)
    marked_some: set[str] = field(init=False)
    whole: Outcome = field(init=False)
    got_whole: set[str] = field(init=False)


def _tell(story: Story, folder: Any, hook: Hook) -> None:
    account, campaign = story.account, story.campaign
    scan = ("scan", "--apply", "--policy", "policy.toml", "--format", "json")
    story.first = story.run(*scan, "--recipients", "r.jsonl")
    lines = [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]
    sure = {
        f["code"]
        for f in story.first.report["findings"]
        if f["confidence"] == "high" and f["severity"] in ("high", "blocker") and f["affected"] < f["audience"]
    }
    story.affected = {line["recipient_id"] for line in lines if line["code"] in sure}
    story.asked, story.got = log_of(account), would_get(account, campaign)
    story.after = copy.deepcopy(account.schedule(campaign))

    story.marked = marked(account, story.first)
    since = len(account.box.requests)
    story.again = story.run(*scan)
    story.asked_again = log_of(account, since)
    story.told = list(hook.got)
    story.status = story.run("status", "--format", "json").report

    mend(account, set(sorted(story.affected)[:2]))
    story.some = story.run(*scan)
    story.got_some, story.marked_some = would_get(account, campaign), marked(account, story.first)
    mend(account, story.affected)
    story.whole = story.run(*scan)
    story.got_whole = would_get(account, campaign)


@pytest.fixture(scope="module", params=PLATFORMS)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "policy.toml").write_text(POLICY)
    campaign = CAMPAIGN[request.param]
    with Sandbox(world="mishaps", only=[request.param]) as box, listening() as hook:
        account = ACCOUNTS[request.param](box)
        account.keep({campaign})
        env = {**box.env(), "PRESEND_STATE_DIR": str(folder / "state"), "PRESEND_SLACK__WEBHOOK_URL": hook.url}

        def run(*words: str) -> Outcome:
            return presend(*words, env=env, cwd=folder, box=box)

        before = copy.deepcopy(account.schedule(campaign))
        made = Story(account, campaign, before, would_get(account, campaign), run)
        _tell(made, folder, hook)
        yield made


def deed(done: Outcome) -> dict[str, Any]:
    (found,) = [d for d in done.report["deeds"] if d["verb"] == "exclude"]
    return found


def test_everybody_but_the_affected_gets_it(story: Story) -> None:
    assert deed(story.first)["state"] == "done", deed(story.first)
    assert story.affected
    assert story.got == story.all - story.affected
    assert f"leave {len(story.affected)} people out" in deed(story.first)["detail"]


def test_at_the_time_it_had(story: Story) -> None:
    assert when(story.after) == when(story.before)
    assert when(story.before)


def test_nothing_is_written_again_while_nothing_changes(story: Story) -> None:
    assert story.asked_again == []
    assert [d["verb"] for d in story.again.report["deeds"] if d["state"] != "cannot"] == []


def test_people_who_are_left_out_are_told_once_and_never_called_mended(story: Story) -> None:
    (digest,) = story.told

    assert f"left out {len(story.affected)} people, for " in json.dumps(digest)
    assert "resolved" not in json.dumps(digest).lower()


def test_status_says_who_is_left_out_and_that_nothing_is_held(story: Story) -> None:
    (out,) = story.status["left_out"]

    assert (out["campaign_id"], out["people"]) == (story.campaign, len(story.affected))
    assert story.status["held"] == story.status["unsure"] == []


def test_mended_people_come_back(story: Story) -> None:
    mended = set(sorted(story.affected)[:2])

    assert deed(story.some)["state"] == "done", deed(story.some)
    assert story.got_some == (story.all - story.affected) | mended
    assert deed(story.whole)["state"] == "done", deed(story.whole)
    assert story.got_whole == story.all
    assert "let" in deed(story.whole)["detail"]


def test_those_left_out_keep_their_mark_until_they_are_mended(story: Story) -> None:
    assert story.marked == story.affected
    assert story.marked_some == story.affected - set(sorted(story.affected)[:2])
    assert marked(story.account, story.first) == set()
    assert {d["verb"]: d["state"] for d in story.whole.report["deeds"]}.get("untag") == "done"
