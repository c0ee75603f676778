"""What people said and who is marked: acknowledgements, approvals, tests, baselines, marks."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from presend.store import oversight
from presend.store.marks import Marks
from presend.store.oversight import Acks, Approvals, Baselines
from tests.deeds.fakes import NOW

DAY = timedelta(days=1)


def test_an_acknowledgement_holds_until_its_time(store: sa.Engine) -> None:
    acks = Acks(store)
    acks.put("f1", "ann", "known, mended on Friday", NOW + DAY, 100, NOW)

    active = acks.active(NOW)
    assert (active["f1"].by, active["f1"].reason, active["f1"].until) == ("ann", "known, mended on Friday", NOW + DAY)
    assert acks.active(NOW + DAY - timedelta(seconds=1)).keys() == {"f1"}
    assert acks.active(NOW + DAY) == {}
    assert acks.get("f1") == active["f1"]
    assert acks.get("f2") is None


def test_the_latest_acknowledgement_counts(store: sa.Engine) -> None:
    """Also where it is the shorter one: whoever says until tomorrow takes back until next year."""
    acks = Acks(store)
    acks.put("f1", "ann", "long", NOW + 300 * DAY, 100, NOW)
    acks.put("f1", "bo", "short", NOW + DAY, 120, NOW)

    assert acks.active(NOW)["f1"].by == "bo"
    assert acks.active(NOW + 2 * DAY) == {}


@pytest.mark.parametrize(
    ("then", "now", "void"), [(100, 149, False), (100, 150, True), (0, 0, False), (0, 3, True), (None, 9, False)]
)
def test_an_acknowledgement_is_void_when_the_numbers_grow(
    store: sa.Engine, then: int | None, now: int, void: bool
) -> None:
    acks = Acks(store)
    acks.put("f1", "ann", "why", NOW + DAY, then, NOW)

    assert acks.active(NOW)["f1"].void(now) is void


def test_approvals_are_of_one_state_and_one_person(store: sa.Engine) -> None:
    approvals = Approvals(store)
    approvals.put("acme", "c1", "h1", "ann", NOW)
    approvals.put("acme", "c1", "h1", "ann", NOW + DAY)
    approvals.put("acme", "c1", "h1", "bo", NOW)
    approvals.put("acme", "c1", "h2", "ann", NOW + DAY)
    approvals.put("acme", "c2", "h1", "ann", NOW)

    assert [(one.content_hash, one.by, one.at) for one in approvals.of("acme", "c1")] == [
        ("h1", "ann", NOW),
        ("h1", "bo", NOW),
        ("h2", "ann", NOW + DAY),
    ]
    assert approvals.of("shop", "c1") == []


def test_every_test_is_on_record_the_oldest_first(store: sa.Engine) -> None:
    tests = oversight.Tests(store)
    assert tests.of("acme", "c1") == []
    tests.put("acme", "c1", "h1", "ann", NOW)
    tests.put("acme", "c1", "h2", "bo", NOW + DAY, ("B", "A"))

    assert tests.of("acme", "c1") == [
        oversight.TestSend("h1", "ann", NOW, None),
        oversight.TestSend("h2", "bo", NOW + DAY, "A"),
        oversight.TestSend("h2", "bo", NOW + DAY, "B"),
    ]
    assert tests.of("acme", "c2") == []


def test_a_baseline_is_replaced_whole(store: sa.Engine) -> None:
    baselines = Baselines(store)
    baselines.put("acme", [f"f{n:04}" for n in range(1200)], NOW)
    assert len(baselines.get("acme")) == 1200
    baselines.put("shop", ["s"], NOW)
    baselines.put("acme", ["f1", "f2", "f1"], NOW)

    assert baselines.get("acme") == {"f1", "f2"}
    baselines.put("acme", [], NOW)
    assert baselines.get("acme") == frozenset()
    assert baselines.get("shop") == {"s"}


def test_who_is_marked_and_why(store: sa.Engine) -> None:
    marks = Marks(store)
    people = [f"p{n:04}" for n in range(1200)]
    marks.put("acme", "c1", "presend:TAG002", people, NOW)
    marks.put("acme", "c1", "presend:TAG002", people[:3], NOW + DAY)
    marks.put("acme", "c1", "presend:VAL001", ["p0001"], NOW)
    marks.put("acme", "c2", "presend:TAG002", ["p0001", "p0002"], NOW)

    assert marks.ids("acme", "c1", "presend:TAG002") == people
    assert marks.labels("acme", "c1") == ["presend:TAG002", "presend:VAL001"]
    assert marks.campaigns("acme") == ["c1", "c2"]

    marks.remove("acme", "c1", "presend:TAG002", people[1:])

    assert marks.ids("acme", "c1", "presend:TAG002") == ["p0000"]
    assert marks.ids("acme", "c2", "presend:TAG002") == ["p0001", "p0002"]
    assert marks.labels("shop", "c1") == []


def test_a_label_stays_on_those_who_carry_it_for_another_campaign(store: sa.Engine) -> None:
    marks = Marks(store)
    marks.put("acme", "c1", "presend:TAG002", ["p1", "p2", "p3"], NOW)
    marks.put("acme", "c2", "presend:TAG002", ["p2"], NOW)
    marks.put("acme", "c2", "presend:VAL001", ["p3"], NOW)
    marks.put("shop", "c9", "presend:TAG002", ["p1"], NOW)

    assert marks.elsewhere("acme", "c1", "presend:TAG002", ["p1", "p2", "p3"]) == {"p2"}
