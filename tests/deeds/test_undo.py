"""Taking a run back: the last deed first, each by a deed of its own, and what cannot be is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.actions.known import Known, Memory
from presend.actions.plan import Given, make
from presend.actions.undo import TAKEN_BACK, Undoer, plan_undo
from presend.errors import Unreachable
from presend.model import DeedState, Receipt, Reversible, Severity, State, Step, Verb
from presend.ports import Connector
from presend.report import Deed
from presend.settings import PolicySettings
from presend.store.journal import Journal
from presend.store.marks import Marks
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

LABEL = "presend:TAG002"
OUT = "presend:out:c1"


def run(store: sa.Engine, connector: FakeConnector, policy: PolicySettings, name: str = "run1") -> list[DeedState]:
    """A run over two people with a blank name, in a campaign with a blocker."""
    given = cast("Callable[[str], Connector]", lambda _name: connector)
    with audience() as people:
        who = people.where(("first_name",), [(None,)])
        found = [finding(who=who), finding("TAG003", Severity.BLOCKER, who=who)]
        plan = make(policy, [result(connector.held["c1"], found, people)], {"acme": connector}, Given(NOW))
        return [d.state for d in Doer(given, Journal(store, name), Marks(store), lambda: NOW).do(plan)]


def undo(store: sa.Engine, connector: FakeConnector, name: str = "run1", at: datetime = NOW) -> list[Deed]:
    given = cast("Callable[[str], Connector]", lambda _name: connector)
    journal = Journal(store, "undo1")
    connector.did.clear()
    backs = plan_undo(journal.entries(name), at)
    return list(Undoer(given, journal, Marks(store), lambda: at).undo(backs))


def states(deeds: list[Deed]) -> list[tuple[Verb, DeedState]]:
    return [(d.verb, d.state) for d in deeds]


EVERYTHING = PolicySettings(hold="blocker", tag_codes=("TAG002",))


def test_all_of_a_run_in_reverse(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    assert run(store, connector, EVERYTHING) == [DeedState.DONE] * 3

    deeds = undo(store, connector)

    assert states(deeds) == [
        (Verb.COMMENT, DeedState.DONE),
        (Verb.UNTAG, DeedState.DONE),
        (Verb.RELEASE, DeedState.DONE),
    ]
    assert connector.did == [
        ("resolve", "c1", TAKEN_BACK),
        (Verb.UNTAG, "c1", LABEL, ["p2", "p4"]),
        (Verb.RELEASE, "c1", {"send_time": "2026-11-20 15:00:00+00:00"}, None),
    ]
    journal = Journal(store, "look")
    assert journal.held("acme", "c1") is None
    assert Marks(store).labels("acme", "c1") == []
    assert [(e.verb, e.state) for e in journal.entries("undo1")] == [(d.verb, d.state) for d in deeds]
    assert all(entry.undone_by for entry in journal.entries("run1"))


def test_a_second_time_there_is_nothing_left(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    run(store, connector, EVERYTHING)
    undo(store, connector)

    again = undo(store, connector)

    assert {d.state for d in again} == {DeedState.LEFT_ALONE}
    assert connector.did == []


def test_a_time_that_has_passed_is_asked_for(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    run(store, connector, PolicySettings(hold="blocker", tag="never", comment="never"))

    (deed,) = undo(store, connector, at=NOW + timedelta(hours=6))

    assert deed.state is DeedState.CANNOT
    assert "2026-11-20 15:00 UTC and has passed" in deed.detail
    assert "`presend release acme:c1 --at TIME`" in deed.detail
    assert connector.did == []
    assert Journal(store, "look").held("acme", "c1") is not None


def test_what_was_not_done_is_left_alone(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.HOLD] = Receipt(DeedState.FAILED, "too late")
    run(store, connector, PolicySettings(hold="blocker", tag="never", comment="never"))

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.LEFT_ALONE


def test_words_go_back_to_what_they_were(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    step = Step(Verb.COMMENT, "klaviyo", "acme", "c1", "r1", Reversible.APPROXIMATE, "note", label="presend: before")
    journal = Journal(store, "run0")
    journal.finish(journal.begin(step, "Campaign 1", {}, NOW), Receipt(DeedState.DONE, ""), NOW)
    run(store, connector, PolicySettings(tag="never"))

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.DONE
    assert connector.did == [(Verb.COMMENT, "c1", "presend: before")]
    assert Journal(store, "look").entries("undo1")[0].label == "presend: before"


def test_a_mark_that_another_campaign_needs_stays(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    run(store, connector, PolicySettings(tag_codes=("TAG002",), comment="never"))
    Marks(store).put("acme", "c2", LABEL, ["p2"], NOW)

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.DONE
    assert connector.did == [(Verb.UNTAG, "c1", LABEL, ["p4"])]
    assert Marks(store).labels("acme", "c1") == []


def test_marks_that_came_off_go_on_again(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    given = cast("Callable[[str], Connector]", lambda _name: connector)
    with audience() as people:
        memory = Memory({("acme", "c1"): Known({LABEL: frozenset({"p1"})})})
        plan = make(PolicySettings(), [result(campaign(), [], people)], {"acme": connector}, Given(NOW, memory))
        Doer(given, Journal(store, "run1"), Marks(store), lambda: NOW).do(plan)

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.DONE
    assert connector.did == [(Verb.TAG, "c1", LABEL, ["p1"])]
    assert Marks(store).ids("acme", "c1", LABEL) == ["p1"]


LEAVE_OUT = PolicySettings(exclude="high", tag="never", comment="never")


def test_those_left_out_are_let_in_by_the_same_stages(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    assert run(store, connector, LEAVE_OUT) == [DeedState.DONE]

    (deed,) = undo(store, connector)

    assert (deed.verb, deed.state) == (Verb.EXCLUDE, DeedState.DONE), deed.detail
    assert [each[0] for each in connector.did] == [Verb.HOLD, "widen", Verb.RELEASE]
    assert connector.held["c1"].state is State.SCHEDULED
    assert connector.held["c1"].left_out == ""
    assert Journal(store, "look").held("acme", "c1") is None


def test_an_exclusion_that_ended_held_is_let_in_and_put_back(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.RELEASE] = Receipt(DeedState.FAILED, "no")
    assert run(store, connector, LEAVE_OUT) == [DeedState.FAILED]
    connector.answers.clear()

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.DONE, deed.detail
    assert [each[0] for each in connector.did] == ["widen", Verb.RELEASE]
    assert connector.did[1][2] == {"send_time": "2026-11-20 15:00:00+00:00"}
    assert connector.held["c1"].left_out == ""
    assert Journal(store, "look").held_now() == []


def test_an_exclusion_that_a_later_run_changed_is_left_alone(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    run(store, connector, LEAVE_OUT)
    step = Step(Verb.EXCLUDE, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "more", label=OUT)
    later = Journal(store, "run2")
    later.finish(later.begin(step, "Campaign 1", {"ids": ["p1"]}, NOW), Receipt(DeedState.DONE, ""), NOW)

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.LEFT_ALONE
    assert "a later run changed who is left out" in deed.detail
    assert connector.did == []


def test_one_that_fails_keeps_no_other_from_being_taken_back(store: sa.Engine) -> None:
    class Away(FakeConnector):
        def untag(self, campaign: Any, label: str, ids: Any) -> Receipt:
            raise Unreachable("no answer")

    connector = Away(campaign())
    run(store, connector, EVERYTHING)

    assert states(undo(store, connector)) == [
        (Verb.COMMENT, DeedState.DONE),
        (Verb.UNTAG, DeedState.FAILED),
        (Verb.RELEASE, DeedState.DONE),
    ]
    assert Marks(store).ids("acme", "c1", LABEL) == ["p2", "p4"]


def test_what_an_account_may_not_do_any_more_cannot_be_taken_back(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    run(store, connector, PolicySettings(tag_codes=("TAG002",), comment="never"))
    connector.unable = {Verb.UNTAG}

    (deed,) = undo(store, connector)

    assert deed.state is DeedState.CANNOT


def test_what_a_person_put_back_is_not_held_again(store: sa.Engine) -> None:
    step = Step(Verb.RELEASE, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "by hand")
    journal = Journal(store, "run1")
    journal.finish(journal.begin(step, "Campaign 1", {}, NOW), Receipt(DeedState.DONE, ""), NOW)

    (deed,) = undo(store, FakeConnector(campaign()))

    assert deed.state is DeedState.CANNOT
    assert "`presend hold`" in deed.detail
