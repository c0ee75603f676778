"""A saved plan against the campaigns and people of now: done as it is, or left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from presend.actions.known import Known, Memory, PutBack
from presend.actions.plan import Given, comment_text, make
from presend.actions.planfile import SavedPlan, read, write
from presend.actions.steps import Planned
from presend.cli.applying import Checked, apply_file
from presend.errors import Gone, NothingSelected, Unreachable, UsageError
from presend.exitcodes import ExitCode
from presend.model import Campaign, DeedState, Severity, State, Verb
from presend.ports import Batch, Connector
from presend.settings import PolicySettings
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

POLICY = PolicySettings(hold="blocker", tag_codes=("TAG002",))


def text() -> str:
    with audience() as people:
        who = people.where(("first_name",), [(None,)])
        found = [finding(who=who), finding("TAG003", Severity.BLOCKER)]
        results = [result(campaign(), found, people)]
        plan = make(POLICY, results, {"acme": FakeConnector()}, Given(NOW))
        return write(plan, results, POLICY, version="1.0", made=NOW)


@pytest.fixture(scope="module")
def saved() -> SavedPlan:
    return read(text().encode(), NOW, "plan.json")


def checked(
    saved: SavedPlan, connector: FakeConnector, memory: Memory | None = None, at: datetime = NOW
) -> list[Planned]:
    connect = cast("Callable[[str], Connector]", lambda _name: connector)
    return Checked(connect, memory or Memory(), at).steps(saved.steps)


def states(steps: list[Planned]) -> list[tuple[Verb, DeedState]]:
    return [(p.step.verb, p.state) for p in steps]


def test_unchanged_it_is_the_plan(saved: SavedPlan) -> None:
    steps = checked(saved, FakeConnector(campaign()))

    assert {state for _verb, state in states(steps)} == {DeedState.PLANNED}
    assert [p.ids for p in steps] == [s.ids for s in saved.steps]


def test_an_edited_campaign_is_left_alone(saved: SavedPlan) -> None:
    steps = checked(saved, FakeConnector(campaign(revision="r2")))

    assert {state for _verb, state in states(steps)} == {DeedState.LEFT_ALONE}
    assert "the campaign changed since the plan was made" in steps[0].step.detail


@pytest.mark.parametrize("ids", [["p1", "p2", "p3"], ["p1", "p2", "p3", "p5"], ["p1", "p2", "p3", "p4", "p5"]])
def test_other_recipients_are_not_marked_and_the_hold_is_done_all_the_same(saved: SavedPlan, ids: list[str]) -> None:
    connector = FakeConnector(campaign())
    connector.crowds["c1"] = ids

    steps = checked(saved, connector)

    assert set(states(steps)) == {
        (Verb.HOLD, DeedState.PLANNED),
        (Verb.COMMENT, DeedState.PLANNED),
        (Verb.TAG, DeedState.LEFT_ALONE),
    }
    marking = next(p for p in steps if p.step.verb is Verb.TAG)
    assert "its recipients are others" in marking.step.detail


def test_what_cannot_be_read_is_not_done(saved: SavedPlan) -> None:
    class Away(FakeConnector):
        def campaign(self, campaign_id: str) -> Campaign:
            raise Gone("no such campaign")

    class Silent(FakeConnector):
        def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
            raise Unreachable("no answer")

    assert {state for _verb, state in states(checked(saved, Away()))} == {DeedState.FAILED}
    unheard = dict(states(checked(saved, Silent(campaign()))))
    assert unheard == {Verb.HOLD: DeedState.PLANNED, Verb.COMMENT: DeedState.PLANNED, Verb.TAG: DeedState.FAILED}


def test_what_was_done_meanwhile_is_not_done_again(saved: SavedPlan) -> None:
    with audience() as people:
        who = people.where(("first_name",), [(None,)])
        text_said = comment_text([finding(who=who), finding("TAG003", Severity.BLOCKER)])
    marks = {"presend:TAG002": frozenset({"p2"})}
    some = Memory({("acme", "c1"): Known(marks)})
    all_of_it = Memory({("acme", "c1"): Known({"presend:TAG002": frozenset({"p2", "p4"})}, text_said)})
    draft = FakeConnector(campaign(state=State.DRAFT))

    assert [p.ids for p in checked(saved, FakeConnector(campaign()), some) if p.step.verb is Verb.TAG] == [("p4",)]
    assert {state for _verb, state in states(checked(saved, draft, all_of_it))} == {DeedState.LEFT_ALONE}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Path:
    """An account `acme` of Klaviyo, and a plan for it that is due long from now."""
    Path("presend.toml").write_text('[[accounts]]\nname = "acme"\nplatform = "klaviyo"\nkey = "env:ACME"\n')
    monkeypatch.setenv("ACME", "pk_x")
    path = Path("plan.json")
    path.write_text(text())
    return path


def run(path: Path) -> Any:
    return apply_file(path, policy_file=None, form="table", config=None)


def test_a_plan_that_is_too_old_does_nothing(configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presend.cli.applying._now", lambda: NOW + timedelta(days=1))
    with pytest.raises(UsageError, match="too old"):
        run(configured)


def test_a_plan_without_a_deed_is_done(configured: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks for no account: nothing that was selected is missing."""
    with audience() as people:
        results = [result(campaign(), [], people)]
        plan = make(POLICY, results, {"acme": FakeConnector()}, Given(NOW))
        configured.write_text(write(plan, results, POLICY, version="1.0", made=NOW))

    assert run(configured) is ExitCode.CLEAR
    assert capsys.readouterr().out == "nothing to do\n"


def test_a_plan_for_another_account_does_nothing(configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presend.cli.applying._now", lambda: NOW)
    Path("presend.toml").write_text('[[accounts]]\nname = "acme"\nplatform = "hubspot"\nkey = "env:ACME"\n')
    with pytest.raises(UsageError, match="is about acme of klaviyo, which here is hubspot"):
        run(configured)
    Path("presend.toml").write_text('[[accounts]]\nname = "other"\nplatform = "klaviyo"\nkey = "env:ACME"\n')
    with pytest.raises(NothingSelected):
        run(configured)


def test_a_file_that_is_not_there_is_said(configured: Path) -> None:
    configured.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        run(configured)


def test_the_file_names_nobody_but_by_id() -> None:
    assert "Ann" not in text()
    assert json.loads(text())["steps"][1]["ids"] == ["p2", "p4"]


def test_a_limit_of_now_refuses_the_whole(configured: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("presend.cli.applying._now", lambda: NOW)
    with configured.parent.joinpath("presend.toml").open("a") as out:
        out.write('[policy]\nhold = "blocker"\nmax_recipients = 1\n')

    code = run(configured)

    said = capsys.readouterr()
    assert int(code) == 5
    assert said.out.count("refused") >= 3
    assert "2 records would be written, and max_recipients is 1" in said.err


def test_what_a_person_put_back_since_is_left_alone(saved: SavedPlan) -> None:
    back = Memory({("acme", "c1"): Known(put_back=PutBack("r1", NOW, "presend release"))})
    edited = Memory({("acme", "c1"): Known(put_back=PutBack("r0", NOW, "presend release"))})

    assert dict(states(checked(saved, FakeConnector(campaign()), back))) == {
        Verb.HOLD: DeedState.LEFT_ALONE,
        Verb.TAG: DeedState.PLANNED,
        Verb.COMMENT: DeedState.PLANNED,
    }
    assert {state for _verb, state in states(checked(saved, FakeConnector(campaign()), edited))} == {DeedState.PLANNED}


def test_what_can_no_longer_be_stopped_is_not_tried(saved: SavedPlan) -> None:
    (hold, *others) = checked(saved, FakeConnector(campaign()), at=NOW + timedelta(hours=5, minutes=50))

    assert (hold.step.verb, hold.state) == (Verb.HOLD, DeedState.CANNOT)
    assert "only until 2026-11-20 14:40 UTC, which has passed" in hold.step.detail
    assert {each.state for each in others} == {DeedState.PLANNED}
