"""Leaving people out: when it is planned, for whom, and when it cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from presend.actions.known import Known, Memory
from presend.actions.plan import Given, comment_text, make
from presend.actions.planfile import read, write
from presend.audience.engine import EVERYONE
from presend.engine import CampaignResult, Unchecked
from presend.model import Confidence, DeedState, FindingState, Gap, Reversible, Severity, UncheckedKind, Verb
from presend.settings import PolicyRule, PolicySettings
from tests.deeds.fakes import NOW, FakeConnector, campaign, finding, result
from tests.deeds.leaving import OUT, POLICY, planned, scanned, without

BLANK = ("p2", "p4")


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


def test_a_blocker_still_holds_what_leaves_people_out() -> None:
    policy = replace_policy(hold="blocker")
    with without("p2", "p4") as one:
        one = replace(one, findings=(finding("TAG003", Severity.BLOCKER, who=EVERYONE),))
        (step,) = planned(one, FakeConnector(), policy).planned

    assert step.step.verb is Verb.HOLD


def test_those_left_out_have_their_finding_still() -> None:
    """Their marks stay, and the note says what it said: nothing is mended because they are not written to."""
    with without("p2", "p4") as one:
        assert one.everybody is not None
        text = comment_text(one.everybody.findings)
        known = Known({"presend:TAG002": frozenset(BLANK)}, text)
        given = Given(NOW, Memory({("acme", "c1"): known}))
        policy = PolicySettings(exclude="high")
        same = make(policy, [one], {"acme": FakeConnector()}, given)
        unread = make(policy, [replace(one, everybody=None)], {"acme": FakeConnector()}, given)

    assert same.planned == unread.planned == ()


SOME = frozenset({"TAG002", "TAG011"})


def test_a_part_of_the_checks_lets_nobody_in() -> None:
    """Those left out are so for something that was not looked for."""
    with without("p2", "p4", found=False) as one:
        assert planned(one, FakeConnector(), ran=SOME).planned == ()
    with without("p1", "p2", "p4") as one:
        assert planned(one, FakeConnector(), ran=SOME).planned == ()


def test_a_part_of_the_checks_leaves_more_people_out() -> None:
    with without("p1", "p2") as one:
        plan = planned(one, FakeConnector(), ran=SOME)
        saved = read(write(plan, [one], POLICY, version="1.0", made=NOW).encode(), NOW, "plan.json")
        (whole,) = planned(one, FakeConnector()).planned
    (step,) = plan.planned

    assert (step.ids, step.step.recipients) == (("p1", "p2", "p4"), 1)
    assert "1 stay out, as not all was looked for" in step.step.detail
    assert [each.ids for each in saved.steps] == [("p1", "p2", "p4")]
    assert (whole.ids, whole.step.recipients) == (BLANK, 2)


def test_a_part_of_the_checks_that_would_leave_nobody_becomes_a_hold() -> None:
    with without("p1", "p3") as one:
        (step,) = planned(one, FakeConnector(), ran=SOME).planned

    assert (step.step.verb, step.state) == (Verb.HOLD, DeedState.PLANNED)
    assert "that would leave nobody" in step.step.detail


def unjudged(one: CampaignResult, code: str, affected: int | None) -> CampaignResult:
    """The campaign in which a check could not judge some of its people."""
    assert one.everybody is not None
    missed = Unchecked("klaviyo", "acme", "c1", code, UncheckedKind.UNKNOWABLE, affected, "nobody can tell")
    return replace(one, everybody=replace(one.everybody, unchecked=(missed,)))


@pytest.mark.parametrize("affected", [2, None])
def test_nobody_is_let_in_who_could_not_be_judged(affected: int | None) -> None:
    with without("p2", "p4", found=False) as one:
        assert not [s for s in planned(unjudged(one, "TAG002", affected), FakeConnector()).planned if s.ids == ()]
        (step,) = [
            s for s in planned(unjudged(one, "TAG002", 0), FakeConnector()).planned if s.step.verb is Verb.EXCLUDE
        ]
    assert "mended" in step.step.detail


def test_nobody_is_let_in_whose_finding_is_only_less_sure() -> None:
    with without("p2", "p4") as one:
        assert one.everybody is not None
        (found,) = one.everybody.findings
        unsure = replace(one.everybody, findings=(replace(found, confidence=Confidence.MEDIUM),))
        accepted = replace(one.everybody, findings=(replace(found, state=FindingState.ACKNOWLEDGED),))
        steps = planned(replace(one, everybody=unsure), FakeConnector()).planned
        assert [s for s in steps if s.step.verb is Verb.EXCLUDE] == []
        (step,) = [
            s for s in planned(replace(one, everybody=accepted), FakeConnector()).planned if s.step.verb is Verb.EXCLUDE
        ]
    assert "let 2 people in again" in step.step.detail
