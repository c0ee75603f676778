"""Messages of one campaign that go at different times are each read and judged at their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from presend.cases import Case, opened
from presend.engine import CampaignResult, Request, examine, parse
from presend.model import Gap, Message, Part, Platform, Strategy, schedule_of
from presend.rules import RuleSet
from presend_checks import rulebook

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY, NIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC), datetime(2026, 11, 26, 3, tzinfo=UTC)
TIMES = RuleSet(tuple(rule for rule in rulebook.rules if rule.code in ("TIM001", "TIM003")))
BERLIN = [{"id": "a", "timezone": "Europe/Berlin"}]


def scanned(*own: datetime | Gap | None, strategy: str = "static", stated: datetime = DAY) -> CampaignResult:
    """What the checks of time say of a campaign whose messages state these times; None for the campaign's own."""
    text = "{% today '%Y-%m-%d' as day %}{{ day }}"
    data: dict[str, Any] = {"text": text, "people": BERLIN, "send_at": stated, "zone": "UTC"}
    case = Case("TIM001", "times", "good", "", Platform.KLAVIYO, (), {**data, "strategy": strategy})
    with opened(case) as one:
        parts = one.message.parts
        messages = tuple(
            Message(f"m{number}", "ABCD"[number], parts, {} if at is None else {"send_time": at})
            for number, at in enumerate(own)
        )
        campaign = replace(one.campaign, messages=messages)
        return examine(campaign, parse(campaign), one.audience, Request(NOW, TIMES))


def test_each_time_is_judged_once() -> None:
    """The one message that goes by night is told of, and the second one of that hour is no second finding."""
    result = scanned(DAY, NIGHT, NIGHT)

    assert [(one.code, one.message) for one in result.findings] == [("TIM001", "B")]


@pytest.mark.parametrize(("own", "told"), [((None, None), []), ((NIGHT,), ["A"]), ((DAY, DAY), [])])
def test_messages_of_one_time_are_judged_once(own: tuple[datetime | None, ...], told: list[str]) -> None:
    assert [one.message for one in scanned(*own).findings] == told


def test_variants_of_one_night_are_one_finding() -> None:
    """Without times of their own all go at the campaign's, which is told of for the first."""
    assert [one.message for one in scanned(None, None, stated=NIGHT).findings] == ["A"]


def test_a_message_without_a_time_is_not_judged_by_its_neighbours() -> None:
    """What is not known of one message is said, though another states its time."""
    result = scanned(DAY, Gap("Klaviyo states no send time"))

    assert [one.code for one in result.unchecked] == ["TIM001"]


def test_each_is_read_at_its_own_time() -> None:
    """A tag that prints the day prints each message's own."""
    result = scanned(DAY, NIGHT)
    days = [reading.render({})[Part.TEXT].text for reading in result.readings.values()]

    assert days == ["2026-11-24", "2026-11-26"]


def test_a_send_by_local_time_begins_as_long_before_its_own_hour() -> None:
    """The earliest delivery lies before the stated hour by what it does for the campaign's first message."""
    campaign = scanned(DAY, NIGHT, strategy="local_time").campaign
    first = replace(campaign.schedule, strategy=Strategy.LOCAL_TIME, send_at=datetime(2026, 11, 24, 1, tzinfo=UTC))
    campaign = replace(campaign, schedule=first)

    assert schedule_of(campaign, campaign.messages[0]) == first
    assert schedule_of(campaign, campaign.messages[1]).send_at == datetime(2026, 11, 25, 13, tzinfo=UTC)
