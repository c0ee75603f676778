"""What a Klaviyo schedule takes to be put back: requests that repeat what was saved, and what cannot be had again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from presend.model import Reversible
from presend_connectors.klaviyo.plans import Saved, attributes, reversible, same, worst

AT = "2026-11-25T10:00:00+00:00"
TEN = datetime(2026, 11, 25, 10, tzinfo=UTC)


# ---- putting back


def saved(word: str, **more: Any) -> Saved:
    options = {"send_time": AT, "send_strategy": word, **more}
    return Saved("M1", options, {"send_passed_rltz_immediately": True}, 1)


@pytest.mark.parametrize(
    ("word", "more", "posted"),
    [
        ("static", {}, {"strategy": "static", "send_time": "2026-11-25T10:00:00Z"}),
        ("content_variation", {}, {"strategy": "static", "send_time": "2026-11-25T10:00:00Z"}),
        (
            "local_timezone",
            {},
            {
                "strategy": "local_timezone",
                "send_time": "2026-11-25T10:00:00Z",
                "timezone_options": {"send_past_timezones_tomorrow": False},
            },
        ),
        (
            "throttled",
            {"recipient_percentage": 20, "throttle_unit": "minute"},
            {
                "strategy": "throttled",
                "send_time": "2026-11-25T10:00:00Z",
                "throttled_options": {"throttling_percentage": 20, "throttle_unit": "minute"},
            },
        ),
        ("send_time_optimization", {}, {"strategy": "smart_send_time", "send_date": "2026-11-25"}),
    ],
)
def test_a_schedule_request_repeats_what_was_saved(word: str, more: dict[str, Any], posted: dict[str, Any]) -> None:
    one = saved(word, **more)
    assert reversible(one)[0] is not Reversible.NO
    assert attributes(one, TEN) == posted


def test_what_cannot_be_put_back_says_why_and_the_worst_message_counts() -> None:
    for one in (saved("throttled"), saved("ab_send_time_test"), saved("by_the_moon"), saved("")):
        back, says = reversible(one)
        assert back is Reversible.NO
        assert says
    assert worst([saved("static"), saved("send_time_optimization")])[0] is Reversible.APPROXIMATE
    assert worst([saved("static"), saved("by_the_moon")])[0] is Reversible.NO
    assert worst([])[0] is Reversible.NO


def test_a_schedule_read_back_is_the_same_only_with_strategy_and_time() -> None:
    one = saved("static")
    assert same(one, {"send_strategy": "static", "send_time": "2026-11-25T11:00:00+01:00"}, TEN)
    assert not same(one, {"send_strategy": "static", "send_time": "2026-11-25T11:00:00+00:00"}, TEN)
    assert not same(one, {"send_strategy": "local_timezone", "send_time": AT}, TEN)
    assert not same(one, {"send_strategy": "static", "send_time": None}, TEN)
