"""Who must approve a campaign, whose approvals count, whose own it is, and when an accepted finding speaks again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from presend.errors import UsageError
from presend.model import (
    Campaign,
    CampaignRef,
    Confidence,
    Finding,
    FindingState,
    Gap,
    Kind,
    Message,
    Part,
    Platform,
    Record,
    Severity,
)
from presend.oversight import accepted, asked, known_person, no_author, record, until
from presend.settings import Approval, People, Person, Settings
from presend.store import oversight as spoken
from presend.store.database import opened
from presend.store.oversight import Ack, Approvals
from tests.deeds import fakes

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PEOPLE = People({"Dana": Person(hubspot="11"), "Eli": Person(hubspot=("12", "13")), "Fay": Person(klaviyo="f")})
BY_SIZE = Approval(recipients=1000)


def campaign(**changes: Any) -> Campaign:
    """A campaign of which the platform tells who wrote it."""
    ref = CampaignRef(Platform.HUBSPOT, "acme-uk", Kind.CAMPAIGN, "c1", "Spring")
    return fakes.campaign(**{"ref": ref, "authors": ("12",), **changes})


def finding(severity: Severity, **changes: Any) -> Finding:
    """A finding at high confidence."""
    return fakes.finding(severity=severity, **{"fingerprint": "f1", **changes})


# -- who must


@pytest.mark.parametrize(
    ("approval", "size", "people"),
    [
        (Approval(), 10**7, 0),
        (Approval(people=3), 10**7, 0),
        (BY_SIZE, 999, 0),
        (BY_SIZE, 1000, 1),
        (BY_SIZE, None, 1),
        (Approval(recipients=1000, people=3), 5000, 3),
        (Approval(accounts=("acme-*",)), 1, 1),
        (Approval(accounts=("acme-us",)), 1, 0),
    ],
)
def test_size_and_account_ask(approval: Approval, size: int | None, people: int) -> None:
    assert asked(approval, campaign(), size, ()).people == people


@pytest.mark.parametrize(
    ("found", "people"),
    [
        ([finding(Severity.HIGH)], 1),
        ([finding(Severity.BLOCKER)], 1),
        ([finding(Severity.MEDIUM)], 0),
        ([finding(Severity.BLOCKER, confidence=Confidence.MEDIUM)], 0),
        ([finding(Severity.BLOCKER, state=FindingState.ACKNOWLEDGED)], 0),
        ([finding(Severity.BLOCKER, code="OPS003")], 0),
        ([], 0),
    ],
)
def test_severity_asks_where_it_is_sure_and_not_accepted(found: list[Finding], people: int) -> None:
    assert asked(Approval(severity="high"), campaign(), 5, found).people == people


def test_two_must_where_nobody_knows_who_wrote_it() -> None:
    unknown = campaign(authors=Gap("the platform does not tell"))

    assert asked(BY_SIZE, unknown, 5000, ()).people == 2
    assert asked(Approval(recipients=1000, people=3), unknown, 5000, ()).people == 3
    assert asked(BY_SIZE, unknown, 5, ()).people == 0


# -- who has


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=tmp_path)) as engine:
        yield engine


def recorded(store: sa.Engine, of: Campaign) -> Record | None:
    """The record of a large campaign."""
    return record(BY_SIZE, of, 5000, (), Approvals(store), spoken.Tests(store), PEOPLE)


def test_an_approval_counts_until_an_edit(store: sa.Engine) -> None:
    Approvals(store).put("acme-uk", "c1", "r1", "Dana", NOW)

    before, after = recorded(store, campaign()), recorded(store, campaign(revision="r2"))

    assert before is not None
    assert after is not None
    assert (before.needed, before.approved_by, before.void) == (1, ("Dana",), 0)
    assert (after.needed, after.approved_by, after.void) == (1, (), 1)


def test_the_same_person_twice_is_one(store: sa.Engine) -> None:
    for _ in range(2):
        Approvals(store).put("acme-uk", "c1", "r1", "Dana", NOW)

    found = recorded(store, campaign(authors=Gap("unknown")))

    assert found is not None
    assert (found.needed, found.approved_by) == (2, ("Dana",))


def test_somebody_who_became_the_author_counts_no_more(store: sa.Engine) -> None:
    Approvals(store).put("acme-uk", "c1", "r1", "Dana", NOW)
    Approvals(store).put("acme-uk", "c1", "r1", "Eli", NOW)

    found = recorded(store, campaign())

    assert found is not None
    assert found.approved_by == ("Dana",)


def test_somebody_who_is_not_of_the_team_counts_no_more(store: sa.Engine) -> None:
    Approvals(store).put("acme-uk", "c1", "r1", "Gus", NOW)

    found = recorded(store, campaign())

    assert found is not None
    assert found.approved_by == ()


def test_another_campaign_and_account_do_not_count(store: sa.Engine) -> None:
    Approvals(store).put("acme-uk", "c2", "r1", "Dana", NOW)
    Approvals(store).put("acme-us", "c1", "r1", "Dana", NOW)

    found = recorded(store, campaign())

    assert found is not None
    assert found.approved_by == ()


@pytest.mark.parametrize("kind", [Kind.AUTOMATION, Kind.TEMPLATE])
def test_what_nobody_schedules_has_no_record(store: sa.Engine, kind: Kind) -> None:
    flow = replace(campaign(), ref=replace(campaign().ref, kind=kind))

    assert recorded(store, flow) is None


def test_a_test_is_of_one_state(store: sa.Engine) -> None:
    spoken.Tests(store).put("acme-uk", "c1", "r1", "Dana", NOW)

    now, edited = recorded(store, campaign()), recorded(store, campaign(revision="r2"))

    assert now is not None
    assert edited is not None
    assert (now.tested_at, now.tested_now) == (NOW, True)
    assert (edited.tested_at, edited.tested_now) == (NOW, False)


def test_a_test_of_one_message_leaves_the_others_untested(store: sa.Engine) -> None:
    both = tuple(Message("m1", label, {Part.HTML: "<p>Hello</p>"}) for label in "AB")
    spoken.Tests(store).put("acme-uk", "c1", "r1", "Dana", NOW, ["B"])

    now, edited = recorded(store, campaign(messages=both)), recorded(store, campaign(messages=both, revision="r2"))
    spoken.Tests(store).put("acme-uk", "c1", "r1", "Eli", NOW, ["A"])
    whole = recorded(store, campaign(messages=both))

    assert now is not None
    assert edited is not None
    assert whole is not None
    assert (now.tested_now, now.untested) == (True, ("A",))
    assert (edited.tested_now, edited.untested) == (False, ())
    assert (whole.tested_now, whole.untested) == (True, ())


def test_a_test_without_a_message_is_of_all(store: sa.Engine) -> None:
    both = tuple(Message("m1", label, {Part.HTML: "<p>Hello</p>"}) for label in "AB")
    spoken.Tests(store).put("acme-uk", "c1", "r1", "Dana", NOW)

    now = recorded(store, campaign(messages=both))

    assert now is not None
    assert (now.tested_now, now.untested) == (True, ())


def test_an_older_test_of_the_state_that_is_back_counts(store: sa.Engine) -> None:
    spoken.Tests(store).put("acme-uk", "c1", "r1", "Dana", NOW)
    spoken.Tests(store).put("acme-uk", "c1", "r2", "Dana", NOW + timedelta(hours=1))

    now = recorded(store, campaign())

    assert now is not None
    assert (now.tested_at, now.tested_now) == (NOW, True)


def test_a_message_that_the_platform_kept_back_is_unreadable(store: sa.Engine) -> None:
    one = Message("m1", "A", {Part.HTML: "<p>Hello</p>"})
    mute = Message("m2", "B", {Part.SUBJECT: "Hello", Part.HTML: Gap("gone"), Part.TEXT: Gap("gone")})

    several, alone = recorded(store, campaign(messages=(one, mute))), recorded(store, campaign(messages=(mute,)))

    assert several is not None
    assert alone is not None
    assert (several.unreadable, alone.unreadable) == (("B",), ())


# -- whose own it is


def test_nobody_approves_their_own() -> None:
    with pytest.raises(UsageError, match="nobody approves their own"):
        no_author(PEOPLE, "Eli", campaign(authors=("99", "13")))
    no_author(PEOPLE, "Dana", campaign(authors=("99", "13")))


def test_who_has_no_id_there_could_be_the_author() -> None:
    with pytest.raises(UsageError, match="no hubspot id of Fay"):
        no_author(PEOPLE, "Fay", campaign())
    no_author(PEOPLE, "Fay", campaign(authors=Gap("unknown")))


def test_only_people_of_the_team_speak() -> None:
    known_person(PEOPLE, "Dana")
    with pytest.raises(UsageError, match="'dana' is not in"):
        known_person(PEOPLE, "dana")
    with pytest.raises(UsageError, match="is empty"):
        known_person(People({}), "Dana")


# -- accepted findings


def ack(affected: int | None) -> Ack:
    """An acknowledgement of the finding f1."""
    return Ack("f1", "Dana", "known", NOW + timedelta(days=3), affected, NOW)


@pytest.mark.parametrize(
    ("then", "now", "holds"),
    [
        (10, 10, True),
        (10, 14, True),
        (10, 15, False),
        (10, 100, False),
        (None, 100, True),
        (10, None, True),
        (1, 2, False),
    ],
)
def test_an_acknowledgement_is_void_when_the_numbers_grow_by_half(
    then: int | None, now: int | None, holds: bool
) -> None:
    found = accepted([finding(Severity.HIGH, affected=now)], {"f1": ack(then)}, frozenset())

    assert found == ({"f1": FindingState.ACKNOWLEDGED} if holds else {})


def test_the_baseline_accepts_what_was_there_and_nothing_else() -> None:
    old, new = finding(Severity.HIGH), finding(Severity.HIGH, fingerprint="f2")

    assert accepted([old, new], {}, frozenset({"f1", "f9"})) == {"f1": FindingState.ACKNOWLEDGED}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-11-22T10:30:00+01:00", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_date_ends_with_its_day(text: str, moment: datetime) -> None:
    assert until(text, NOW) == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-21", "is past"),
        ("2026-11-22T08:59:00Z", "is past"),
        ("tomorrow", "is no date"),
        ("2026-13-01", "is no date"),
        ("2026-12-01T10:00", "has no offset"),
        ("2028-01-01", "more than a year"),
        ("9999-12-31", "more than a year"),
    ],
)
def test_a_date_that_cannot_be_is_said(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        until(text, NOW)


def test_the_largest_number_of_a_place_counts() -> None:
    """The same place is judged for all, and for those who are not left out."""
    few, many = finding(Severity.HIGH, affected=10), finding(Severity.HIGH, affected=40)

    assert accepted([few, many], {"f1": ack(10)}, frozenset()) == {}
    assert accepted([many, few], {"f1": ack(10)}, frozenset()) == {}


def test_somebody_whose_id_is_not_known_may_be_the_author(store: sa.Engine) -> None:
    Approvals(store).put("acme-uk", "c1", "r1", "Fay", NOW)

    found, free = recorded(store, campaign()), recorded(store, campaign(authors=Gap("unknown")))

    assert found is not None
    assert free is not None
    assert (found.approved_by, free.approved_by) == ((), ("Fay",))
