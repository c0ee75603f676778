"""From findings to a plan: thresholds, rules, limits, and what is refused before anything is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from presend.actions.apply import as_planned
from presend.actions.plan import Given, make
from presend.audience.engine import EVERYONE
from presend.engine import Unchecked
from presend.model import Confidence, DeedState, FindingState, Reversible, Severity, UncheckedKind, Verb
from presend.policy import decide
from presend.settings import PolicyRule, PolicySettings
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

GIVEN = Given(NOW)


def verbs(policy: PolicySettings, **changes: object) -> set[Verb]:
    return set(decide(policy, finding(**changes), "acme").verbs)


def test_the_default_policy_never_holds() -> None:
    assert verbs(PolicySettings(), severity=Severity.BLOCKER) == {Verb.TAG, Verb.COMMENT, Verb.NOTIFY}


def test_a_severity_means_at_or_above() -> None:
    policy = PolicySettings(hold="high")

    assert Verb.HOLD in verbs(policy, severity=Severity.BLOCKER)
    assert Verb.HOLD in verbs(policy, severity=Severity.HIGH)
    assert Verb.HOLD not in verbs(policy, severity=Severity.MEDIUM)


@pytest.mark.parametrize("confidence", [Confidence.LOW, Confidence.MEDIUM])
def test_a_finding_that_is_not_sure_leads_to_nothing(confidence: Confidence) -> None:
    assert verbs(PolicySettings(hold="info"), confidence=confidence) == set()


def test_an_acknowledged_finding_leads_to_nothing() -> None:
    assert verbs(PolicySettings(hold="info"), state=FindingState.ACKNOWLEDGED) == set()


def test_only_some_families_may_mark_people() -> None:
    policy = PolicySettings(tag="info", tag_codes=("TAG",))

    assert Verb.TAG in verbs(policy, code="TAG002")
    assert Verb.TAG not in verbs(policy, code="AGE005")


def test_the_first_rule_that_matches_overrides_only_its_keys() -> None:
    rules = (
        PolicyRule(codes=("VAL",), hold="never"),
        PolicyRule(codes=("TAG",), accounts=("acm*",), hold="high", owner="@crm"),
        PolicyRule(hold="info"),
    )
    policy = PolicySettings(hold="blocker", rule=rules)

    decision = decide(policy, finding("TAG002"), "acme")

    assert decision.rule == "2"
    assert decision.owner == "@crm"
    assert {Verb.HOLD, Verb.TAG, Verb.COMMENT, Verb.NOTIFY} == decision.verbs
    assert decide(policy, finding("VAL002", Severity.BLOCKER), "acme").verbs >= {Verb.TAG}
    assert Verb.HOLD not in decide(policy, finding("VAL002", Severity.BLOCKER), "acme").verbs
    assert decide(policy, finding("TAG002"), "other").rule == "3"


def test_the_order_of_deeds_and_the_people_of_a_tag() -> None:
    with audience() as people:
        nameless = people.where(("first_name",), [(None,)])
        found = [finding(severity=Severity.BLOCKER, who=nameless), finding("TAG011", who=nameless)]
        plan = make(
            PolicySettings(hold="blocker"), [result(campaign(), found, people)], {"acme": FakeConnector()}, GIVEN
        )

    assert [(p.step.verb, p.step.label.split("\n")[0], p.step.recipients) for p in plan.planned] == [
        (Verb.HOLD, "", 0),
        (Verb.TAG, "presend:TAG002", 2),
        (Verb.TAG, "presend:TAG011", 2),
        (Verb.COMMENT, "presend: 2 findings before sending", 0),
    ]


def test_what_cannot_be_put_back_exactly_is_not_held_unless_the_policy_says_so() -> None:
    blocker = [finding(severity=Severity.BLOCKER)]
    connector = FakeConnector(reversible=Reversible.APPROXIMATE)

    for allowed, state in ((False, DeedState.CANNOT), (True, DeedState.PLANNED)):
        policy = PolicySettings(hold="blocker", comment="never", tag="never", hold_irreversible=allowed)
        (hold,) = make(policy, [result(campaign(), blocker)], {"acme": connector}, GIVEN).planned
        assert hold.state is state


def test_too_many_holds_refuse_the_whole_plan_with_both_numbers() -> None:
    results = [result(campaign(n), [finding(severity=Severity.BLOCKER)]) for n in range(3)]

    plan = make(PolicySettings(hold="blocker", max_holds=2), results, {"acme": FakeConnector()}, GIVEN)

    assert "3 campaigns would be held, and max_holds is 2" in plan.over
    assert {p.state for p in plan.planned} == {DeedState.REFUSED}


def test_too_many_people_refuse_the_whole_plan() -> None:
    with audience() as people:
        found = [finding(who=people.where(("first_name",), [(None,)]))]
        plan = make(
            PolicySettings(max_recipients=1), [result(campaign(), found, people)], {"acme": FakeConnector()}, GIVEN
        )

    assert "2 records would be written, and max_recipients is 1" in plan.over


def test_a_fault_of_the_template_marks_nobody() -> None:
    with audience() as people:
        found = [finding("TAG003", Severity.BLOCKER, who=EVERYONE)]
        plan = make(
            PolicySettings(comment="never"), [result(campaign(), found, people)], {"acme": FakeConnector()}, GIVEN
        )

    assert plan.planned == ()


def test_a_comment_says_counts_and_no_values() -> None:
    found = [finding(), finding("VAL002", Severity.MEDIUM)]

    plan = make(
        PolicySettings(tag="never", comment="medium"), [result(campaign(), found)], {"acme": FakeConnector()}, GIVEN
    )

    (comment,) = plan.planned
    assert comment.step.label.splitlines()[1] == "- high TAG002 no-fallback (html line 3, 2 of 4 recipients)"


def test_people_are_marked_only_where_everything_of_the_campaign_was_read() -> None:
    missed = Unchecked("klaviyo", "acme", "c1", "", UncheckedKind.FAILED, None, "a segment is still being worked out")
    with audience() as people:
        found = [finding(severity=Severity.BLOCKER, who=people.where(("first_name",), [(None,)]))]
        whole = result(campaign(), found, people)
        policy = PolicySettings(hold="blocker", comment="never")
        hold, tag = make(policy, [replace(whole, unchecked=(missed,))], {"acme": FakeConnector()}, GIVEN).planned

    assert (hold.step.verb, hold.state) == (Verb.HOLD, DeedState.PLANNED)
    assert (tag.step.verb, tag.state) == (Verb.TAG, DeedState.CANNOT)
    assert "could not be read" in tag.step.detail


def test_all_holds_come_first_and_the_most_urgent_before_the_others() -> None:
    soon = campaign(2)
    soon = replace(soon, schedule=replace(soon.schedule, stoppable_until=NOW + timedelta(minutes=30)))
    results = [result(one, [finding(severity=Severity.BLOCKER)]) for one in (campaign(1), soon)]

    plan = make(PolicySettings(hold="blocker", tag="never"), results, {"acme": FakeConnector()}, GIVEN)

    assert [(p.step.verb, p.step.campaign_id) for p in plan.planned] == [
        (Verb.HOLD, "c2"),
        (Verb.HOLD, "c1"),
        (Verb.COMMENT, "c1"),
        (Verb.COMMENT, "c2"),
    ]


def test_a_dry_run_refuses_nothing_and_says_what_would_be() -> None:
    results = [result(campaign(n), [finding(severity=Severity.BLOCKER)]) for n in range(3)]

    plan = make(PolicySettings(hold="blocker", max_holds=2), results, {"acme": FakeConnector()}, GIVEN)

    shown = as_planned(plan)
    assert {d.state for d in shown} == {DeedState.PLANNED}
    assert all("3 campaigns would be held, and max_holds is 2, with --apply" in d.detail for d in shown)


@pytest.mark.parametrize(("minutes", "state"), [(-1, DeedState.PLANNED), (5, DeedState.PLANNED), (6, DeedState.CANNOT)])
def test_after_the_last_moment_to_stop_a_hold_is_not_tried(minutes: int, state: DeedState) -> None:
    """Within its own uncertainty the platform may still take it."""
    until = campaign().schedule.stoppable_until
    assert isinstance(until, datetime)
    given = Given(until + timedelta(minutes=minutes))

    plan = make(
        PolicySettings(hold="blocker", tag="never", comment="never"),
        [result(campaign(), [finding(severity=Severity.BLOCKER)])],
        {"acme": FakeConnector()},
        given,
    )

    (hold,) = plan.planned
    assert (hold.step.verb, hold.state) == (Verb.HOLD, state)
    assert ("only until 2026-11-20 14:40 UTC, which has passed" in hold.step.detail) == (state is DeedState.CANNOT)
