"""`presend scan --apply` on whole accounts: held, marked, noted, told; put back as it was; and nothing done twice."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from presend_sandbox import Sandbox
from tests.e2e.accounts import ACCOUNTS, Account, Asked, Schedule, log_of
from tests.e2e.hook import Hook, listening
from tests.e2e.worlds import PLATFORMS, Outcome, planted, presend

POLICY = '[policy]\nhold = "blocker"\nmax_holds = 200\nmax_recipients = 100000\nhold_irreversible = true\n'
KNOWN_STATES = ("done", "cannot")


@dataclass
class Story:
    """One account through a scan with --apply, another, and everything put back."""

    platform: str
    account: Account
    before: dict[str, Schedule]
    first: Outcome = field(init=False)
    recipients: list[dict[str, Any]] = field(init=False)
    asked: list[Asked] = field(init=False)
    after: dict[str, Schedule] = field(init=False)
    held: list[str] = field(init=False)
    notes: dict[str, list[str]] = field(init=False)
    marked: dict[str, set[str]] = field(init=False)
    second: Outcome = field(init=False)
    asked_again: list[Asked] = field(init=False)
    notes_again: dict[str, list[str]] = field(init=False)
    released: dict[str, Outcome] = field(init=False)
    restored: dict[str, Schedule] = field(init=False)
    told: list[dict[str, Any]] = field(default_factory=list)
    told_again: list[dict[str, Any]] = field(default_factory=list)
    released_again: Outcome = field(init=False)

    def deeds(self, verb: str) -> list[dict[str, Any]]:
        return [d for d in self.first.report["deeds"] if d["verb"] == verb]


def _snapshot(account: Account) -> dict[str, Schedule]:
    return copy.deepcopy(account.schedules_now())


def _tell(story: Story, env: dict[str, str], folder: Path, hook: Hook) -> None:
    account = story.account

    def run(*words: str) -> Outcome:
        return presend(*words, env=env, cwd=folder, box=account.box)

    scan = ("scan", "--apply", "--policy", "policy.toml", "--format", "json")
    story.first = run(*scan, "--recipients", "r.jsonl")
    story.recipients = [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]
    story.asked, story.after, story.told = log_of(account), _snapshot(account), list(hook.got)
    story.held = [each for each in account.ids if account.held(each) and story.before[each] != story.after[each]]
    story.notes = {each: account.notes(each) for each in account.ids}
    labels = set(re.findall(r"presend:[A-Z]{3}\d{3}", json.dumps(story.first.report["deeds"])))
    story.marked = {label: account.marked(label) for label in labels}

    # The rest is about those that were held and two that were only marked: the others would make it long.
    marked = [d["campaign_id"] for d in story.deeds("tag") if d["campaign_id"] not in story.held]
    account.keep({*story.held, *marked[:2]})
    since = len(account.box.requests)
    story.second = run(*scan)
    story.asked_again, story.told_again = log_of(account, since), list(hook.got[len(story.told) :])
    story.notes_again = {each: account.notes(each) for each in account.ids}

    story.released = {e: run("release", f"{story.platform}:{e}") for e in story.held[:3]}
    story.restored = _snapshot(account)
    story.released_again = run("release", f"{story.platform}:{story.held[0]}")


@pytest.fixture(scope="module", params=PLATFORMS)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "policy.toml").write_text(POLICY)
    with Sandbox(world="mishaps", only=[request.param]) as box, listening() as hook:
        account = ACCOUNTS[request.param](box)
        env = {**box.env(), "PRESEND_STATE_DIR": str(folder / "state"), "PRESEND_SLACK__WEBHOOK_URL": hook.url}
        made = Story(request.param, account, _snapshot(account))
        _tell(made, env, folder, hook)
        yield made


def blocked(report: dict[str, Any]) -> set[str]:
    """The campaigns with a blocker that presend is sure of."""
    return {
        f["campaign_id"]
        for f in report["findings"]
        if (f["severity"], f["confidence"]) == ("blocker", "high") and f["state"] != "acknowledged"
    }


def test_exactly_the_campaigns_with_a_sure_blocker_are_held(story: Story) -> None:
    report = story.first.report
    sure = [
        p
        for p in planted("mishaps")
        if p.platform == story.platform
        and (p.expect.get("severity"), p.expect.get("confidence", "high")) == ("blocker", "high")
    ]

    assert set(story.held) == blocked(report)
    assert {p.campaign for p in sure if not p.expect.get("optional")} <= set(story.held)
    assert set(story.held) <= {p.campaign for p in sure}
    assert {d["campaign_id"] for d in story.deeds("hold") if d["state"] == "done"} == set(story.held)
    assert story.first.code == 1
    assert report["exit_codes"] == [1]


def test_nothing_else_changed_its_schedule(story: Story) -> None:
    changed = [each for each in story.before if story.before[each] != story.after[each]]

    assert sorted(changed) == sorted(story.held)


def test_each_is_held_by_the_right_call_once(story: Story) -> None:
    calls = [found[1] for each in story.asked if (found := story.account.holds.fullmatch(str(each)))]
    wanted = [part for campaign in story.held for part in story.account.parts(campaign)]

    assert sorted(calls) == sorted(wanted)
    assert not [each for each in story.asked if story.account.schedules.fullmatch(str(each))]


def test_holds_come_before_everything_else(story: Story) -> None:
    kinds = [bool(story.account.holds.fullmatch(str(each))) for each in story.asked]

    assert kinds == sorted(kinds, reverse=True)


def test_what_cannot_be_put_back_exactly_is_said(story: Story) -> None:
    wanted = {"mailchimp": "exact", "klaviyo": "exact", "hubspot": "approximate"}[story.platform]
    words = {"mailchimp": "batch delivery", "klaviyo": "takes the recipients anew", "hubspot": "may have to be cloned"}

    for deed in story.deeds("hold"):
        assert deed["reversible"] == wanted
        assert words[story.platform] in deed["detail"]


def test_exactly_the_people_affected_are_marked(story: Story) -> None:
    tags = [(d["campaign_id"], re.findall(r"presend:([A-Z]{3}\d{3})", d["detail"])[0]) for d in story.deeds("tag")]
    report = story.first.report
    worth = {"high", "blocker"}
    sure = {
        (f["campaign_id"], f["code"], f["message"], f["part"]): f
        for f in report["findings"]
        if f["severity"] in worth and f["confidence"] == "high"
    }
    affected: dict[str, set[str]] = {}
    for line in story.recipients:
        place = (line["campaign_id"], line["code"])
        if place in tags and (*place, line["message"], line["part"]) in sure:
            affected.setdefault(f"presend:{line['code']}", set()).add(line["recipient_id"])

    assert tags
    assert {d["state"] for d in story.deeds("tag")} == {"done"}
    assert story.marked == affected


def test_people_with_a_fault_of_their_own_are_all_marked(story: Story) -> None:
    """Whatever high or worse finding of these families is of some recipients and not of all has a deed."""
    tags = {(d["campaign_id"], re.findall(r"presend:([A-Z]{3}\d{3})", d["detail"])[0]) for d in story.deeds("tag")}
    some = {
        (f["campaign_id"], f["code"])
        for f in story.first.report["findings"]
        if f["severity"] in ("high", "blocker")
        and f["confidence"] == "high"
        and f["code"][:3] in ("TAG", "VAL")
        and 0 < (f["affected"] or 0) < (f["audience"] or 0)
    }

    assert some <= tags


def test_a_note_is_written_once_and_holds_nobodys_data(story: Story) -> None:
    noted = {d["campaign_id"] for d in story.deeds("comment") if d["state"] == "done"}
    private = story.account.private()

    assert noted == {each for each, notes in story.notes.items() if notes}
    assert all(len(story.notes[each]) == 1 for each in noted)
    assert noted
    for each in noted:
        assert not [one for one in private if one in story.notes[each][0]]


def test_every_deed_ended_and_none_in_doubt(story: Story) -> None:
    assert {d["state"] for d in story.first.report["deeds"]} <= set(KNOWN_STATES)
    assert "Traceback" not in story.first.err


def test_stderr_tells_what_is_read_and_how_to_undo_the_run(story: Story) -> None:
    assert f"{story.platform}: reading campaigns and recipients\n" in story.first.err
    assert re.search(r"^this was run [0-9a-f]{12}: `presend undo [0-9a-f]{12}` takes", story.first.err, re.MULTILINE)


def test_a_second_scan_holds_and_says_nothing_again(story: Story) -> None:
    report = story.second.report

    assert report["complete"] is True
    assert blocked(report) == set()
    assert not [d for d in report["deeds"] if d["verb"] in ("hold", "notify")]
    assert not [each for each in story.asked_again if story.account.holds.fullmatch(str(each))]
    assert not [each for each in story.asked_again if "feedback" in each.path or each.method == "PATCH"]
    assert story.notes_again == {each: story.notes[each] for each in story.notes_again}
    assert {c["id"] for c in report["campaigns"]}
    assert not {c["id"] for c in report["campaigns"]} & set(story.held)


def test_one_notice_and_none_when_nothing_changed(story: Story) -> None:
    assert len(story.told) == 1
    assert story.told_again == []
    assert [d["state"] for d in story.deeds("notify")] == ["done"]


def test_the_notice_says_what_was_held_until_when_and_nobodys_data(story: Story) -> None:
    (notice,) = story.told
    text = json.dumps(notice, ensure_ascii=False)
    names = {c["id"]: c["name"] for c in story.first.report["campaigns"]}

    assert text.count("hold: done") == min(len(story.held), text.count("left to stop it"))
    assert f"{len(story.held)} must not go as they are" in text
    assert any(names[each] in text for each in story.held)
    assert not [one for one in story.account.private() if one in text]


def test_what_was_held_is_put_back_as_it_was(story: Story) -> None:
    for campaign, done in story.released.items():
        assert done.code == 0, (campaign, done.out, done.err)
        assert story.restored[campaign] == story.before[campaign]


def test_what_was_put_back_is_not_put_back_again(story: Story) -> None:
    again = story.released_again

    assert again.code == 3
    assert "presend has not held" in again.err
    assert "schedule it on the platform" in again.err
