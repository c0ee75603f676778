"""A saved plan: whole, private in what it is for, refused when cut, edited, foreign, too old or too large."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from presend.actions.crowd import crowd_of
from presend.actions.plan import Given, make
from presend.actions.planfile import SavedPlan, read, refused, write
from presend.errors import UsageError
from presend.model import Severity, Verb
from presend.settings import PolicySettings
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

POLICY = PolicySettings(hold="blocker")


@pytest.fixture(scope="module")
def text() -> str:
    with audience() as people:
        found = [finding(who=people.where(("first_name",), [(None,)])), finding("TAG003", Severity.BLOCKER)]
        results = [result(campaign(), found, people), result(campaign(2), [])]
        plan = make(POLICY, results, {"acme": FakeConnector()}, Given(NOW))
        return write(plan, results, POLICY, version="1.0", made=NOW)


def opened(text: str, **later: float) -> SavedPlan:
    return read(text.encode(), NOW + timedelta(**later), "plan.json")


def test_what_was_written_is_read(text: str) -> None:
    plan = opened(text)

    assert [(s.step.verb, s.ids) for s in plan.steps] == [
        (Verb.HOLD, ()),
        (Verb.TAG, ("p2", "p4")),
        (Verb.COMMENT, ()),
    ]
    assert {s.people for s in plan.steps} == {crowd_of(["p1", "p2", "p3", "p4"])}
    assert {s.step.revision for s in plan.steps} == {"r1"}
    assert json.loads(text)["schema"] == "presend.plan/v1"
    assert [c["id"] for c in json.loads(text)["campaigns"]] == ["c1"]


def test_another_layout_is_the_same_plan(text: str) -> None:
    assert opened(json.dumps(json.loads(text))) == opened(text)


def _without(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d["steps"][1]["ids"].append("p3"), "was changed after it was made"),
        (lambda d: d["steps"].pop(), "was changed after it was made"),
        (lambda d: d["limits"].update(max_holds=99), "was changed after it was made"),
        (lambda d: d["campaigns"][0].update(revision="r9"), "was changed after it was made"),
        (lambda d: d["steps"][0].update(verb="release"), "is no presend.plan/v1"),
        (lambda d: d.update(schema="presend.plan/v2"), "is no presend.plan/v1"),
        (lambda d: d.update(more=1), "is no presend.plan/v1"),
        (lambda d: d.pop("digest"), "is no presend.plan/v1"),
    ],
)
def test_what_was_changed_is_refused(text: str, change: Any, says: str) -> None:
    data = json.loads(text)
    change(data)

    with pytest.raises(UsageError, match=says) as told:
        opened(json.dumps(data))
    assert "p3" not in told.value.message


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"[[[", b'"plan"', b"{}", b"PK\x03\x04"])
def test_what_is_no_plan_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="so nothing is done"):
        read(data, NOW, "plan.json")


def test_a_cut_file_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no JSON"):
        opened(text[: len(text) // 2])


def test_a_plan_older_than_its_send_is_refused(text: str) -> None:
    opened(text, hours=5, minutes=59)
    with pytest.raises(UsageError, match="too old: acme:c1 was to go at 2026-11-20 15:00 UTC"):
        opened(text, hours=6)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"max_holds": 0}, "1 campaigns would be held, and max_holds is 0"),
        ({"max_recipients": 1}, "2 records would be written, and max_recipients is 1"),
        ({}, ""),
    ],
)
def test_the_limits_of_now_count_too(text: str, limits: dict[str, int], says: str) -> None:
    assert refused(opened(text), POLICY.model_copy(update=limits)) == says


def test_a_crowd_is_the_same_only_for_the_same_people() -> None:
    assert crowd_of(["a", "b", "a"]) == crowd_of(["b", "a"])
    assert crowd_of(["ab", "c"]) != crowd_of(["a", "bc"])
    assert crowd_of(["a", "b"], {"b"}) == crowd_of(["a"])
    assert crowd_of(["1:a"]) != crowd_of(["a"])


def _overdue_and_due() -> str:
    overdue = campaign(2)
    overdue = replace(overdue, schedule=replace(overdue.schedule, send_at=NOW - timedelta(hours=2)))
    with audience() as people:
        results = [result(each, [finding("TAG003", Severity.BLOCKER)], people) for each in (overdue, campaign())]
        plan = make(POLICY, results, {"acme": FakeConnector()}, Given(NOW))
        return write(plan, results, POLICY, version="1.0", made=NOW)


def test_a_campaign_that_was_overdue_already_blocks_nothing() -> None:
    text = _overdue_and_due()

    assert {s.step.campaign_id for s in opened(text, hours=1).steps} == {"c1", "c2"}
    with pytest.raises(UsageError, match="too old: acme:c1"):
        opened(text, hours=6)
