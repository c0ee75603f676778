"""What waits for approval is told again as the time to stop it runs out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from presend.model import Finding, Severity
from presend.model.escalation import Level, escalation
from tests.deeds.fakes import NOW, campaign, finding, result
from tests.notify.test_changes import Channel, words

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("left", "level"),
    [
        (timedelta(hours=24) + MINUTE, None),
        (timedelta(hours=24), Level.DAY),
        (timedelta(hours=4) + MINUTE, Level.DAY),
        (timedelta(hours=4), Level.HOURS),
        (timedelta(hours=1) + MINUTE, Level.HOURS),
        (timedelta(hours=1), Level.HOUR),
        (MINUTE, Level.HOUR),
        (timedelta(), None),
        (-MINUTE, None),
    ],
)
def test_levels(left: timedelta, level: Level | None) -> None:
    assert escalation(NOW + left, NOW) is level


def test_what_waits_for_approval_is_told_at_each_level_once() -> None:
    until = NOW + timedelta(hours=30)
    waiting = replace(campaign(), schedule=replace(campaign().schedule, stoppable_until=until))
    unapproved: Finding = finding("OPS003", affected=None)
    channel = Channel()

    def at(left: timedelta) -> list[str]:
        return [s for s, _t in words(channel.run(result(waiting, [unapproved]), now=until - left))]

    hours = [30, 25, 24, 23, 12, 4, 3, 2, 1, 0.5, 0, -1]
    told = {h for h in hours if at(timedelta(hours=h))}

    assert told == {30, 24, 4, 1}


def test_what_waits_and_becomes_more_severe_is_told_as_waiting() -> None:
    channel = Channel()
    one = finding("OPS003", Severity.MEDIUM, affected=None)
    channel.run(result(campaign(), [one]))

    worse = replace(one, severity=Severity.HIGH)

    assert [s for s, _t in words(channel.run(result(campaign(), [worse])))] == ["WAITS"]
    assert channel.run(result(campaign(), [worse])) == []


def test_approval_ends_it_and_a_new_edit_begins_it_again() -> None:
    until = NOW + timedelta(hours=3)
    waiting = replace(campaign(), schedule=replace(campaign().schedule, stoppable_until=until))
    unapproved: Finding = finding("OPS003", affected=None)
    channel = Channel()

    assert [s for s, _t in words(channel.run(result(waiting, [unapproved])))] == ["WAITS"]
    assert [s for s, _t in words(channel.run(result(waiting, [])))] == ["RESOLVED"]
    assert [s for s, _t in words(channel.run(result(waiting, [unapproved])))] == ["WAITS"]


def test_other_findings_do_not_escalate() -> None:
    channel = Channel()
    seen = result(campaign(), [finding(severity=Severity.BLOCKER)])
    channel.run(seen)

    assert channel.run(seen, now=NOW + timedelta(hours=5, minutes=10)) == []
