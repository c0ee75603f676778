"""Three scans over an unchanged world, then its data mended; and a saved plan, applied once and taken back."""

from __future__ import annotations

import copy
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from presend_sandbox import Sandbox
from tests.e2e.accounts import ACCOUNTS, Account, Asked, Schedule, log_of
from tests.e2e.hook import Hook, listening
from tests.e2e.test_deeds_exclude import CAMPAIGN, mend
from tests.e2e.worlds import PLATFORMS, Outcome, presend

POLICY = '[policy]\nhold = "high"\ntag = "high"\ncomment = "high"\nhold_irreversible = true\n'
SCAN = ("scan", "--policy", "policy.toml", "--format", "json")


@dataclass
class Story:
    """One campaign, held for what some people's data lacks."""

    account: Account
    campaign: str
    before: Schedule
    runs: list[Outcome] = field(default_factory=list)
    asked: list[list[Asked]] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    label: str = ""
    notes: list[list[str]] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    released: Outcome | None = None
    after: Schedule = field(default_factory=dict)
    status_after: dict[str, Any] = field(default_factory=dict)


def _tell(story: Story, run: Any, hook: Hook) -> None:
    account = story.account

    def scan() -> None:
        since = len(account.box.requests)
        story.runs.append(run(*SCAN, "--apply"))
        story.asked.append(log_of(account, since))
        story.told.append(len(hook.got))
        story.notes.append(account.notes(story.campaign))

    for _ in range(3):
        scan()
    story.status = run("status", "--format", "json").report
    (tag,) = [d for d in story.runs[0].report["deeds"] if d["verb"] == "tag"]
    story.label = re.findall(r"presend:[A-Z]{3}\d{3}", tag["detail"])[0]
    story.marked = account.marked(story.label)
    mend(account, story.marked)
    scan()
    scan()
    story.released = run("release", f"{account.platform}:{story.campaign}")
    story.after = copy.deepcopy(account.schedule(story.campaign))
    story.status_after = run("status", "--format", "json").report


@pytest.fixture(scope="module", params=PLATFORMS)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "policy.toml").write_text(POLICY)
    with Sandbox(world="mishaps", only=[request.param]) as box, listening() as hook:
        account = ACCOUNTS[request.param](box)
        account.keep({CAMPAIGN[request.param]})
        env = {**box.env(), "PRESEND_STATE_DIR": str(folder / "state"), "PRESEND_SLACK__WEBHOOK_URL": hook.url}

        def run(*words: str) -> Outcome:
            return presend(*words, env=env, cwd=folder, box=box)

        campaign = CAMPAIGN[request.param]
        made = Story(account, campaign, copy.deepcopy(account.schedule(campaign)))
        _tell(made, run, hook)
        yield made


def verbs(done: Outcome) -> dict[str, str]:
    return {d["verb"]: d["state"] for d in done.report["deeds"]}


def test_an_unchanged_world_is_written_to_once_and_told_of_once(story: Story) -> None:
    first = verbs(story.runs[0])

    assert (first["hold"], first["tag"]) == ("done", "done")
    assert story.asked[0]
    assert story.asked[1] == story.asked[2] == []
    assert story.told[:3] == [1, 1, 1]
    assert story.notes[0] == story.notes[1] == story.notes[2]


def test_status_says_what_is_held_until_when(story: Story) -> None:
    (held,) = story.status["held"]

    assert (held["campaign_id"], held["sure"]) == (story.campaign, True)
    assert held["put_back"] == {"hubspot": "approximate"}.get(story.account.platform, "exact")
    assert held["would_go"] == held["put_back_until"] is not None
    assert story.status["unsure"] == story.status["left_out"] == []


def test_mended_people_lose_their_mark(story: Story) -> None:
    assert story.marked
    assert verbs(story.runs[3])["untag"] == "done"
    assert story.account.marked(story.label) == set()


def test_the_note_is_completed_and_putting_back_is_offered(story: Story) -> None:
    offer = [d for d in story.runs[3].report["deeds"] if d["verb"] == "release"]

    assert [(d["state"], "puts it back" in d["detail"]) for d in offer] == [("planned", True)]
    if story.notes[0]:
        assert verbs(story.runs[3])["comment"] == "done"
        assert story.notes[3] in ([], ["presend: nothing is left of what was found here."])


def test_what_is_mended_is_written_once(story: Story) -> None:
    assert story.asked[3]
    assert story.asked[4] == []


def test_put_back_it_is_as_it_was_and_nothing_is_held(story: Story) -> None:
    assert story.released is not None
    assert story.released.code == 0, story.released.out
    assert story.after == story.before
    assert story.status_after["held"] == []


# -- a plan as a file


@dataclass
class Filed:
    """A plan saved, applied twice, taken back."""

    account: Account
    campaign: str
    before: Schedule
    folder: Path
    planned: Outcome
    asked_by_planning: list[Asked]
    applied: Outcome
    held: bool
    marked: set[str]
    again: Outcome
    asked_again: list[Asked]
    tried: Outcome
    undone: Outcome
    after: Schedule
    later: Outcome


def _labelled(account: Account, done: Outcome) -> set[str]:
    labels = set(re.findall(r"presend:[A-Z]{3}\d{3}", done.out))
    return {who for label in labels for who in account.marked(label)}


@pytest.fixture(scope="module", params=PLATFORMS)
def filed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filed]:
    folder = tmp_path_factory.mktemp(f"{request.param}-plan")
    (folder / "policy.toml").write_text(POLICY)
    campaign = CAMPAIGN[request.param]
    with Sandbox(world="mishaps", only=[request.param]) as box:
        account = ACCOUNTS[request.param](box)
        account.keep({campaign})
        env = {**box.env(), "PRESEND_STATE_DIR": str(folder / "state")}

        def run(*words: str) -> Outcome:
            return presend(*words, env=env, cwd=folder, box=box)

        before = copy.deepcopy(account.schedule(campaign))
        planned = run(*SCAN, "--plan", "plan.json")
        asked = log_of(account)
        apply = ("apply", "plan.json", "--policy", "policy.toml", "--format", "json")
        applied = run(*apply)
        held, marked, since = account.held(campaign), _labelled(account, applied), len(box.requests)
        again = run(*apply)
        asked_again = log_of(account, since)
        name = run("status", "--format", "json").report["held"][0]["run"]
        tried = run("undo", name[:12], "--dry-run", "--format", "json")
        undone = run("undo", name, "--format", "json")
        after = copy.deepcopy(account.schedule(campaign))
        yield Filed(
            account, campaign, before, folder, planned, asked, applied, held, marked, again, asked_again, tried, undone,
            after, run(*SCAN),
        )  # fmt: skip


def test_saving_a_plan_writes_nothing_but_a_private_file(filed: Filed) -> None:
    path = filed.folder / "plan.json"
    plan = json.loads(path.read_text())

    assert filed.asked_by_planning == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "it names people by their ids" in filed.planned.err
    assert [s["verb"] for s in plan["steps"]] == [
        d["verb"] for d in filed.planned.report["deeds"] if d["state"] == "planned"
    ]


def test_exactly_the_plan_is_done(filed: Filed) -> None:
    plan = json.loads((filed.folder / "plan.json").read_text())
    tagged = {one for s in plan["steps"] if s["verb"] == "tag" for one in s["ids"]}

    assert [(d["verb"], d["state"]) for d in filed.applied.report["deeds"]] == [
        (s["verb"], "done") for s in plan["steps"]
    ]
    assert filed.applied.code == 0
    assert filed.held
    assert filed.marked == tagged != set()


def test_a_second_time_nothing_is_done(filed: Filed) -> None:
    assert {d["state"] for d in filed.again.report["deeds"]} == {"left_alone"}
    assert filed.asked_again == []
    assert filed.again.code == 0


def test_a_dry_undo_says_what_would_be_taken_back(filed: Filed) -> None:
    assert {d["state"] for d in filed.tried.report["deeds"]} == {"planned"}
    assert filed.tried.code == 0


def test_taken_back_it_is_as_it_was(filed: Filed) -> None:
    assert {d["state"] for d in filed.undone.report["deeds"]} == {"done"}, filed.undone.out
    assert filed.undone.code == 0
    assert filed.after == filed.before
    assert _labelled(filed.account, filed.applied) == set()
    assert not [note for note in filed.account.notes(filed.campaign) if "finding" in note]


def test_put_back_by_a_person_it_would_not_be_held_again(filed: Filed) -> None:
    (hold,) = [d for d in filed.later.report["deeds"] if d["verb"] == "hold"]

    assert hold["state"] == "left_alone"
    assert "a person put it back by `presend undo`" in hold["detail"]
    assert filed.later.report["findings"]
