"""Leaving people out: planned when, in which stages, and held whenever anything is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.actions.plan import Given, Plan, make
from presend.audience.engine import EVERYONE
from presend.engine import CampaignResult, Unchecked
from presend.errors import DeedError, Refused, Unconfirmed, Unreachable
from presend.model import (
    Campaign,
    DeedState,
    Gap,
    Part,
    Receipt,
    Reversible,
    Severity,
    State,
    UncheckedKind,
    Verb,
)
from presend.model.campaign import Message
from presend.ports import Batch, Connector
from presend.report import Deed
from presend.settings import PolicyRule, PolicySettings
from presend.store.journal import Journal
from presend.store.marks import Marks
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

POLICY = PolicySettings(exclude="high", tag="never", comment="never")
OUT = "presend:out:c1"
BLANK = ("p2", "p4")


@contextmanager
def scanned(**changes: Any) -> Iterator[CampaignResult]:
    """The campaign whose second and fourth recipient would read a blank."""
    with audience() as people:
        who = people.where(("first_name",), [(None,)])
        yield replace(result(campaign(), [finding(who=who)], people), **changes)


def planned(
    one: CampaignResult, connector: FakeConnector, policy: PolicySettings = POLICY, now: datetime = NOW
) -> Plan:
    return make(policy, [one], {"acme": connector}, Given(now))


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


# -- planning


def test_the_affected_are_left_out_by_a_mark_of_this_campaign() -> None:
    with scanned() as one:
        (step,) = planned(one, FakeConnector()).planned

    assert (step.step.verb, step.state, step.ids, step.step.label) == (Verb.EXCLUDE, DeedState.PLANNED, BLANK, OUT)
    assert step.step.recipients == 2
    assert "leave 2 people out" in step.step.detail


def test_hold_beats_exclude() -> None:
    with scanned() as one:
        verbs = [p.step.verb for p in planned(one, FakeConnector(), replace_policy(hold="high")).planned]

    assert verbs == [Verb.HOLD]


def replace_policy(**changes: Any) -> PolicySettings:
    return POLICY.model_copy(update=changes)


def test_an_exclusion_that_would_leave_nobody_becomes_a_hold() -> None:
    with scanned() as one:
        all_of_them = replace(one, findings=(finding(who=EVERYONE),))
        unknown_part = replace(one, findings=(finding(who=None),))
        steps = [planned(each, FakeConnector()).planned for each in (all_of_them, unknown_part)]

    for (step,) in steps:
        assert (step.step.verb, step.state) == (Verb.HOLD, DeedState.PLANNED)
        assert "would leave nobody" in step.step.detail


@pytest.mark.parametrize("left", [timedelta(minutes=14), timedelta(minutes=-5)])
def test_without_time_left_it_cannot(left: timedelta) -> None:
    with scanned() as one:
        until = one.campaign.schedule.stoppable_until
        assert isinstance(until, datetime)
        (step,) = planned(one, FakeConnector(), now=until - left).planned

    assert step.state is DeedState.CANNOT
    assert "it can be stopped only until 2026-11-20 14:40 UTC" in step.step.detail


def test_with_just_enough_time_it_is_planned() -> None:
    with scanned() as one:
        until = one.campaign.schedule.stoppable_until
        assert isinstance(until, datetime)
        (step,) = planned(one, FakeConnector(), now=until - timedelta(minutes=15)).planned

    assert step.state is DeedState.PLANNED


def test_an_unknown_last_moment_is_no_time() -> None:
    with scanned() as one:
        schedule = replace(one.campaign.schedule, stoppable_until=Gap("the platform does not tell"))
        (step,) = planned(replace(one, campaign=replace(one.campaign, schedule=schedule)), FakeConnector()).planned

    assert step.state is DeedState.CANNOT
    assert "the platform does not tell" in step.step.detail


def test_what_could_not_be_read_leaves_nobody_out() -> None:
    missed = Unchecked("klaviyo", "acme", "c1", "", UncheckedKind.FAILED, None, "a list could not be read")
    with scanned(unchecked=(missed,)) as one:
        (step,) = planned(one, FakeConnector()).planned
    (blind,) = planned(result(campaign(), [finding()]), FakeConnector()).planned

    for each in (step, blind):
        assert (each.step.verb, each.state) == (Verb.EXCLUDE, DeedState.CANNOT)
        assert "not known for sure" in each.step.detail


def test_what_the_account_cannot_do_it_cannot() -> None:
    for unable in (Verb.EXCLUDE, Verb.HOLD):
        connector = FakeConnector()
        connector.unable = {unable}
        with scanned() as one:
            (step,) = planned(one, connector).planned
        assert (step.step.verb, step.state) == (Verb.EXCLUDE, DeedState.CANNOT)


def test_what_may_be_refused_says_so_beforehand() -> None:
    connector = FakeConnector()
    connector.unsure = {Verb.EXCLUDE}
    with scanned() as one:
        (step,) = planned(one, connector).planned

    assert step.state is DeedState.PLANNED
    assert "may be refused" in step.step.detail


def test_what_cannot_be_put_back_exactly_needs_the_policy() -> None:
    connector = FakeConnector(reversible=Reversible.APPROXIMATE)
    with scanned() as one:
        (step,) = planned(one, connector).planned
        (allowed,) = planned(one, connector, replace_policy(hold_irreversible=True)).planned

    assert (step.state, allowed.state) == (DeedState.CANNOT, DeedState.PLANNED)


def test_people_left_out_count_towards_the_limit() -> None:
    with scanned() as one:
        plan = planned(one, FakeConnector(), replace_policy(max_recipients=1))

    assert "2 records would be written, and max_recipients is 1" in plan.over


@contextmanager
def without(*ids: str, found: bool = True) -> Iterator[CampaignResult]:
    """The campaign as it goes now, with these left out, and as it would go with everybody."""
    from presend.audience.duck import Snapshot
    from presend.ports import Role

    snapshot = Snapshot(["first_name"])
    try:
        snapshot.add(Batch(Role.INCLUDE, [p for p in ("p1", "p2", "p3", "p4") if p not in ids]))
        now = snapshot.finish()
        with audience() as people:
            who = people.where(("first_name",), [(None,)])
            left = campaign(left_out=OUT)
            whole = result(left, [finding(who=who)] if found else [], people)
            yield replace(result(left, [], now), everybody=whole)
    finally:
        snapshot.close()


def test_the_same_people_left_out_are_no_step() -> None:
    with without("p2", "p4") as one:
        assert planned(one, FakeConnector()).planned == ()


def test_fewer_or_more_people_are_the_same_deed() -> None:
    with without("p2") as one:
        (step,) = planned(one, FakeConnector()).planned
    with without("p1", "p2", "p4") as one:
        (back,) = planned(one, FakeConnector()).planned

    assert (step.ids, step.step.recipients) == (BLANK, 1)
    assert (back.ids, back.step.recipients) == (BLANK, 1)


def test_when_all_are_mended_they_are_let_in_again() -> None:
    with without("p2", "p4", found=False) as one:
        (step,) = planned(one, FakeConnector()).planned

    assert (step.step.verb, step.ids, step.step.recipients) == (Verb.EXCLUDE, (), 2)
    assert "let 2 people in again" in step.step.detail


def test_a_second_reading_that_failed_changes_nothing() -> None:
    missed = Unchecked("klaviyo", "acme", "c1", "", UncheckedKind.FAILED, None, "the list could not be read")
    with without("p2", "p4", found=False) as one:
        assert one.everybody is not None
        (step,) = planned(replace(one, everybody=replace(one.everybody, unchecked=(missed,))), FakeConnector()).planned

    assert step.state is DeedState.CANNOT


def test_a_rule_may_leave_out_for_some_codes_only() -> None:
    policy = POLICY.model_copy(update={"exclude": "never", "rule": (PolicyRule(codes=("VAL",), exclude="high"),)})
    with scanned() as one:
        assert planned(one, FakeConnector(), policy).planned == ()


# -- doing


def test_taken_back_changed_looked_at_and_put_back_at_the_same_time(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())

    deed = do(store, connector)

    assert deed.state is DeedState.DONE, deed.detail
    assert "2 people are left out, 2 get it at the time it had" in deed.detail
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


def test_a_blocker_still_holds_what_leaves_people_out() -> None:
    policy = replace_policy(hold="blocker")
    with without("p2", "p4") as one:
        one = replace(one, findings=(finding("TAG003", Severity.BLOCKER, who=EVERYONE),))
        (step,) = planned(one, FakeConnector(), policy).planned

    assert step.step.verb is Verb.HOLD
