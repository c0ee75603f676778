"""Deeds of a process that ended in between: found done, found not done, or called unknown; never done again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from presend.actions.exclude import times
from presend.actions.recover import recover
from presend.errors import DeedError, Gone, Unreachable
from presend.model import Campaign, DeedState, Receipt, Reversible, State, Step, Verb
from presend.ports import Connector
from presend.report import Deed
from presend.store.journal import Journal
from presend.store.marks import Marks
from tests.deeds.fakes import NOW, FakeConnector, campaign

DRAFT = campaign(state=State.DRAFT, native_state="draft")
SENT = campaign(state=State.SENT, native_state="sent")
EDITED = campaign(revision="r2")


def step(verb: Verb, label: str = "") -> Step:
    return Step(verb, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "as planned", label=label)


def begun(store: sa.Engine, verb: Verb, undo: dict[str, Any] | None = None, label: str = "") -> int:
    return Journal(store, "run1").begin(step(verb, label), "Campaign 1", undo or {}, NOW)


def recovered(store: sa.Engine, now: Campaign, connector: FakeConnector | None = None) -> Deed:
    connector = connector or FakeConnector(now)
    (deed,) = recover(cast("Connector", connector), Journal(store, "run2"), Marks(store), "acme", lambda: NOW)
    assert connector.did == []
    assert Journal(store, "run3").unfinished("acme") == []
    return deed


def held(store: sa.Engine) -> bool:
    return Journal(store, "run3").held("acme", "c1") is not None


@pytest.mark.parametrize(
    ("now", "state", "still"),
    [
        (DRAFT, DeedState.DONE, True),
        (campaign(), DeedState.FAILED, False),
        (EDITED, DeedState.UNKNOWN, True),
        (SENT, DeedState.UNKNOWN, True),
    ],
    ids=["a draft", "scheduled as it was", "edited", "sent"],
)
def test_a_hold(store: sa.Engine, now: Campaign, state: DeedState, still: bool) -> None:
    begun(store, Verb.HOLD, {"send_time": "x"})

    deed = recovered(store, now)

    assert deed.state is state
    assert ("was not done" in deed.detail) == (state is DeedState.FAILED)
    assert held(store) is still


@pytest.mark.parametrize(
    ("now", "state", "still"),
    [
        (campaign(), DeedState.DONE, False),
        (DRAFT, DeedState.FAILED, True),
        (SENT, DeedState.UNKNOWN, True),
    ],
    ids=["scheduled", "a draft", "sent"],
)
def test_a_release(store: sa.Engine, now: Campaign, state: DeedState, still: bool) -> None:
    journal = Journal(store, "run0")
    hold = journal.begin(step(Verb.HOLD), "Campaign 1", {}, NOW)
    journal.finish(hold, Receipt(DeedState.DONE, ""), NOW)
    begun(store, Verb.RELEASE)

    assert recovered(store, now).state is state
    assert held(store) is still


LABEL = "presend:TAG002"


@pytest.mark.parametrize(("verb", "carry"), [(Verb.TAG, ["p1"]), (Verb.UNTAG, ["p1"]), (Verb.COMMENT, [])])
def test_what_the_platform_does_not_show_is_unknown(store: sa.Engine, verb: Verb, carry: list[str]) -> None:
    begun(store, verb, {"ids": ["p1", "p2"]}, LABEL)
    Marks(store).put("acme", "c1", LABEL, carry, NOW)

    deed = recovered(store, campaign())

    assert deed.state is DeedState.UNKNOWN
    assert "the next complete scan" in deed.detail


@pytest.mark.parametrize(("verb", "carry"), [(Verb.TAG, ["p1", "p2"]), (Verb.UNTAG, ["p3"])])
def test_marks_that_were_seen_to_be_right_are_done(store: sa.Engine, verb: Verb, carry: list[str]) -> None:
    begun(store, verb, {"ids": ["p1", "p2"]}, LABEL)
    Marks(store).put("acme", "c1", LABEL, carry, NOW)

    assert recovered(store, campaign()).state is DeedState.DONE


@pytest.mark.parametrize("error", [Gone("no such campaign"), Unreachable("no answer")])
def test_what_cannot_be_looked_at_is_unknown(store: sa.Engine, error: Exception) -> None:
    class Away(FakeConnector):
        def campaign(self, campaign_id: str) -> Campaign:
            raise error

    begun(store, Verb.HOLD)

    assert recovered(store, DRAFT, Away()).state is DeedState.UNKNOWN


OUT = campaign(left_out="presend:out:c1")
LATER = replace(OUT, schedule=replace(OUT.schedule, send_at=NOW + timedelta(hours=9)))
ALL = ("hold", "held", "narrow", "narrowed", "verified", "release", "released")


@pytest.mark.parametrize(
    ("stages", "now", "state", "still"),
    [
        (0, campaign(), DeedState.FAILED, False),
        (0, DRAFT, DeedState.FAILED, False),
        (1, campaign(), DeedState.FAILED, False),
        (1, DRAFT, DeedState.FAILED, True),
        (1, EDITED, DeedState.UNKNOWN, True),
        (2, DRAFT, DeedState.FAILED, True),
        (2, campaign(), DeedState.UNKNOWN, True),
        (3, DRAFT, DeedState.UNKNOWN, True),
        (4, DRAFT, DeedState.UNKNOWN, True),
        (4, OUT, DeedState.UNKNOWN, True),
        (5, DRAFT, DeedState.FAILED, True),
        (5, OUT, DeedState.UNKNOWN, True),
        (6, DRAFT, DeedState.FAILED, True),
        (6, OUT, DeedState.DONE, False),
        (6, campaign(), DeedState.UNKNOWN, True),
        (6, LATER, DeedState.UNKNOWN, True),
        (7, OUT, DeedState.DONE, False),
        (7, SENT, DeedState.UNKNOWN, True),
    ],
)
def test_an_exclusion_by_its_stage(store: sa.Engine, stages: int, now: Campaign, state: DeedState, still: bool) -> None:
    entry = begun(store, Verb.EXCLUDE, {"saved": {}, "ids": ["p2"], "was": [], **times(campaign())}, "presend:out:c1")
    journal = Journal(store, "run1")
    if stages:
        journal.holding(entry, held=True)
    for name in ALL[:stages]:
        journal.stage(entry, name, {})

    deed = recovered(store, now)

    assert deed.state is state, deed.detail
    assert held(store) is still
    assert ("`presend release acme:c1`" in deed.detail) == (now is DRAFT and stages > 0)


def test_a_journal_that_cannot_be_written_leaves_it_for_the_next_run(store: sa.Engine) -> None:
    class Full(Journal):
        def finish(self, entry: int, receipt: Receipt, now: Any) -> None:
            raise DeedError("the result could not be written into the journal: the disk is full")

    begun(store, Verb.HOLD)
    (deed,) = recover(cast("Connector", FakeConnector(DRAFT)), Full(store, "run2"), Marks(store), "acme", lambda: NOW)

    assert (deed.state, "the disk is full" in deed.detail) == (DeedState.DONE, True)
    assert len(Journal(store, "run3").unfinished("acme")) == 1


def test_what_ended_is_not_looked_at_again(store: sa.Engine) -> None:
    entry = begun(store, Verb.HOLD)
    Journal(store, "run1").finish(entry, Receipt(DeedState.UNKNOWN, "not confirmed"), NOW)

    assert recover(cast("Connector", FakeConnector()), Journal(store, "run2"), Marks(store), "acme", lambda: NOW) == ()
