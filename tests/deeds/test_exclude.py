"""Leaving people out in stages: held whenever anything is in doubt, and whatever fails in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.errors import DeedError, Refused, Unconfirmed, Unreachable
from presend.model import (
    Campaign,
    DeedState,
    Part,
    Receipt,
    State,
    Verb,
)
from presend.model.campaign import Message
from presend.ports import Batch, Connector
from presend.report import Deed
from presend.store.journal import Journal
from presend.store.marks import Marks
from tests.deeds.fakes import NOW, FakeConnector, campaign
from tests.deeds.leaving import OUT, planned, scanned, without


class Broken(Journal):
    """A journal that fails from a certain write on, or once at it."""

    def __init__(self, engine: sa.Engine, run: str, fails: str) -> None:
        super().__init__(engine, run)
        self._fails = fails

    def stage(self, entry: int, name: str, data: Mapping[str, Any]) -> None:
        if name == self._fails:
            raise DeedError("the journal could not be written: the disk is full")
        super().stage(entry, name, data)


def do(store: sa.Engine, connector: FakeConnector, *, journal: Journal | None = None, clock: Any = None) -> Deed:
    now = clock or (lambda: NOW)
    with scanned() as one:
        plan = planned(one, connector)
        given = cast("Callable[[str], Connector]", lambda _name: connector)
        (deed,) = Doer(given, journal or Journal(store, "run1"), Marks(store), now).do(plan)
    return deed


def test_taken_back_changed_looked_at_and_put_back_at_the_same_time(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())

    deed = do(store, connector)

    assert deed.state is DeedState.DONE, deed.detail
    assert "2 people left out, goes to 2 people at the time it had" in deed.detail
    assert [each[0] for each in connector.did] == [Verb.HOLD, "narrow", Verb.RELEASE]
    assert connector.did[1] == ("narrow", "c1", OUT, ["p2", "p4"])
    assert connector.did[2] == (Verb.RELEASE, "c1", {"send_time": "2026-11-20 15:00:00+00:00"}, None)
    journal = Journal(store, "run2")
    (entry,) = journal.entries("run1")
    names = [stage.name for stage in entry.stages]
    assert names == ["hold", "held", "narrow", "narrowed", "verified", "release", "released"]
    assert journal.held("acme", "c1") is None
    assert Marks(store).ids("acme", "c1", OUT) == ["p2", "p4"]


def stays_held(store: sa.Engine, connector: FakeConnector, deed: Deed) -> None:
    """Nothing was scheduled, presend calls it held, and the receipt says how to go on."""
    assert Verb.RELEASE not in [each[0] for each in connector.did]
    assert connector.held["c1"].state is State.DRAFT
    held = Journal(store, "run2").held("acme", "c1")
    assert held is not None
    assert held.undo["saved"] == {"send_time": "2026-11-20 15:00:00+00:00"}
    assert "`presend release acme:c1`" in deed.detail


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        (Receipt(DeedState.FAILED, "refused"), DeedState.FAILED, "nobody is left out: refused"),
        (Receipt(DeedState.LEFT_ALONE, "not scheduled any more"), DeedState.LEFT_ALONE, "not scheduled any more"),
        (Refused("the key lost its right", status=403), DeedState.FAILED, "the key lost its right"),
        (Unconfirmed("lost"), DeedState.UNKNOWN, "whether it was taken back is not known"),
        (Receipt(DeedState.UNKNOWN, "still shown"), DeedState.UNKNOWN, "whether it was taken back is not known"),
        (KeyError("ann@example.com"), DeedState.UNKNOWN, "presend itself failed (KeyError)"),
    ],
)
def test_a_hold_that_is_not_sure_ends_it(
    store: sa.Engine, answer: Receipt | Exception, state: DeedState, says: str
) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.HOLD] = answer

    deed = do(store, connector)

    assert deed.state is state
    assert says in deed.detail
    assert [each[0] for each in connector.did] == [Verb.HOLD]
    assert (Journal(store, "run2").held("acme", "c1") is not None) == (state is DeedState.UNKNOWN)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Receipt(DeedState.FAILED, "the list cannot be made"), DeedState.UNKNOWN),
        (Receipt(DeedState.UNKNOWN, "it could not be read back"), DeedState.UNKNOWN),
        (Refused("the key lost its right", status=403), DeedState.UNKNOWN),
        (Unconfirmed("lost"), DeedState.UNKNOWN),
        (KeyError("ann@example.com"), DeedState.UNKNOWN),
    ],
)
def test_an_audience_that_could_not_be_changed_ends_held(
    store: sa.Engine, answer: Receipt | Exception, state: DeedState
) -> None:
    connector = FakeConnector(campaign())
    connector.answers["narrow"] = answer

    deed = do(store, connector)

    assert deed.state is state
    assert "ann@" not in deed.detail
    stays_held(store, connector, deed)


def test_another_set_than_the_right_one_is_never_scheduled(store: sa.Engine) -> None:
    class Leaking(FakeConnector):
        def narrow(self, campaign: Campaign, label: str, ids: Any) -> Receipt:
            receipt = super().narrow(campaign, label, ids)
            self.out["c1"] = {"p2"}
            return receipt

    connector = Leaking(campaign())

    deed = do(store, connector)

    assert deed.state is DeedState.FAILED
    assert "3 people would get it now, not 2" in deed.detail
    stays_held(store, connector, deed)


def test_as_many_people_but_not_the_right_ones_are_never_scheduled(store: sa.Engine) -> None:
    class Mixing(FakeConnector):
        def narrow(self, campaign: Campaign, label: str, ids: Any) -> Receipt:
            receipt = super().narrow(campaign, label, ids)
            self.out["c1"] = {"p1", "p2"}
            return receipt

    connector = Mixing(campaign())

    deed = do(store, connector)

    assert "2 people would get it now, but not the right ones" in deed.detail
    stays_held(store, connector, deed)


def test_recipients_that_cannot_be_read_anew_end_held(store: sa.Engine) -> None:
    class Failing(FakeConnector):
        def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
            if campaign.state is State.DRAFT:
                raise Unreachable("no answer")
            yield from super().people(campaign, columns, everybody=everybody)

    connector = Failing(campaign())

    deed = do(store, connector)

    assert deed.state is DeedState.UNKNOWN
    stays_held(store, connector, deed)


@pytest.mark.parametrize("change", ["revision", "words", "put back"])
def test_somebody_changing_it_in_between_ends_it(store: sa.Engine, change: str) -> None:
    message = Message("m1", "A", {Part.SUBJECT: "Hello"})

    class Meddled(FakeConnector):
        def hold(self, campaign: Campaign) -> Receipt:
            receipt = super().hold(campaign)
            if change == "words":
                edited = replace(message, parts={Part.SUBJECT: "Hello you"})
                self.held["c1"] = replace(self.held["c1"], messages=(edited,))
            return receipt

        def narrow(self, campaign: Campaign, label: str, ids: Any) -> Receipt:
            receipt = super().narrow(campaign, label, ids)
            if change == "revision":
                self.held["c1"] = replace(self.held["c1"], revision="r2")
            if change == "put back":
                self.held["c1"] = replace(self.held["c1"], state=State.SCHEDULED, native_state="scheduled")
            return receipt

    connector = Meddled(campaign(messages=(message,)))

    deed = do(store, connector)

    assert Verb.RELEASE not in [each[0] for each in connector.did]
    if change == "put back":
        assert deed.state is DeedState.UNKNOWN
        assert "look at it there now" in deed.detail
    else:
        stays_held(store, connector, deed)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Receipt(DeedState.FAILED, "its time has passed"), DeedState.FAILED),
        (Refused("the key lost its right", status=403), DeedState.FAILED),
        (Unconfirmed("lost"), DeedState.UNKNOWN),
    ],
)
def test_what_cannot_be_scheduled_again_stays_held(
    store: sa.Engine, answer: Receipt | Exception, state: DeedState
) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.RELEASE] = answer

    deed = do(store, connector)

    assert deed.state is state
    assert connector.held["c1"].state is State.DRAFT
    assert Journal(store, "run2").held("acme", "c1") is not None


def test_a_release_that_may_have_happened_is_unknown(store: sa.Engine) -> None:
    class Lost(FakeConnector):
        def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
            super().release(campaign_id, saved, at)
            raise Unconfirmed("the answer was lost")

    deed = do(store, Lost(campaign()))

    assert deed.state is DeedState.UNKNOWN
    assert Journal(store, "run2").held("acme", "c1") is not None


def test_another_time_than_it_had_is_not_done(store: sa.Engine) -> None:
    class Late(FakeConnector):
        def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
            receipt = super().release(campaign_id, saved, at)
            schedule = replace(self.held["c1"].schedule, send_at=NOW + timedelta(hours=7))
            self.held["c1"] = replace(self.held["c1"], schedule=schedule)
            return receipt

    deed = do(store, Late(campaign()))

    assert deed.state is DeedState.UNKNOWN
    assert "another time" in deed.detail


@pytest.mark.parametrize(
    ("stage", "asked", "state"),
    [
        ("hold", [], DeedState.FAILED),
        ("held", [Verb.HOLD], DeedState.FAILED),
        ("narrow", [Verb.HOLD], DeedState.FAILED),
        ("narrowed", [Verb.HOLD, "narrow"], DeedState.UNKNOWN),
        ("verified", [Verb.HOLD, "narrow"], DeedState.FAILED),
        ("release", [Verb.HOLD, "narrow"], DeedState.FAILED),
        ("released", [Verb.HOLD, "narrow", Verb.RELEASE], DeedState.DONE),
    ],
)
def test_a_full_disk_at_any_stage_never_leaves_it_half_changed_and_scheduled(
    store: sa.Engine, stage: str, asked: list[Any], state: DeedState
) -> None:
    connector = FakeConnector(campaign())

    deed = do(store, connector, journal=Broken(store, "run1", stage))

    assert [each[0] for each in connector.did] == asked
    assert deed.state is state, deed.detail
    assert "the disk is full" in deed.detail
    scheduled = connector.held["c1"].state is State.SCHEDULED
    assert scheduled == (stage in ("hold", "released"))


def test_time_that_ran_out_since_the_plan_begins_nothing(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())

    deed = do(store, connector, clock=lambda: NOW + timedelta(hours=5, minutes=30))

    assert deed.state is DeedState.CANNOT
    assert connector.did == []


def test_people_who_left_meanwhile_are_no_fault(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    connector.crowds["c1"] = ["p1", "p2", "p3"]

    deed = do(store, connector)

    assert deed.state is DeedState.DONE


def test_when_only_the_affected_are_left_nothing_is_begun(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    connector.crowds["c1"] = ["p2", "p4"]

    deed = do(store, connector)

    assert deed.state is DeedState.CANNOT
    assert "leave nobody" in deed.detail
    assert connector.did == []


def test_mended_people_are_let_in_by_what_the_exclusion_left(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    assert do(store, connector).state is DeedState.DONE
    with without("p2", "p4", found=False) as one:
        plan = planned(replace(one, campaign=connector.held["c1"]), connector)
        given = cast("Callable[[str], Connector]", lambda _name: connector)
        (deed,) = Doer(given, Journal(store, "run2"), Marks(store), lambda: NOW).do(plan)

    assert deed.state is DeedState.DONE, deed.detail
    assert ("widen", "c1", {"list": "L1"}) in connector.did
    assert connector.held["c1"].left_out == ""
    assert Marks(store).ids("acme", "c1", OUT) == []
