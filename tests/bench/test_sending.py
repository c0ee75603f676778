"""The benchmark's own idea of when a letter arrives, held against hours that anybody can look up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bench.mishaps.faults_timing import odd
from bench.mishaps.places import CHANGES, HOMES, ZONES, arrival, begins, by_day
from bench.mishaps.sending import dark

NOON_IN_BERLIN = datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_a_send_in_the_readers_own_time_begins_where_the_day_does() -> None:
    assert begins(NOON_IN_BERLIN, "Europe/Berlin") == datetime(2026, 6, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reader", "hour"), [("Asia/Tokyo", 3), ("Europe/Berlin", 10), ("Europe/London", 11), ("America/Los_Angeles", 19)]
)
def test_it_arrives_when_the_readers_clock_shows_the_same(reader: str, hour: int) -> None:
    assert arrival(NOON_IN_BERLIN, "Europe/Berlin", reader) == datetime(2026, 7, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "zone", "expected"),
    [
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "Europe/Berlin", True),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "Europe/London", False),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/London", True),
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "Europe/Berlin", True),
        (datetime(2026, 3, 8, 2, 30, tzinfo=UTC), "America/Chicago", True),
        (datetime(2026, 3, 8, 2, 30, tzinfo=UTC), "America/Phoenix", False),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "Asia/Tokyo", False),
    ],
)
def test_hours_that_clocks_skip_or_show_twice_are_odd(when: datetime, zone: str, expected: bool) -> None:
    assert odd(when, zone) is expected


def test_clocks_change_when_it_says_so() -> None:
    for change in CHANGES:
        zone = ZoneInfo("America/New_York" if change.hour > 5 else "Europe/Berlin")
        before = (change - timedelta(seconds=1)).astimezone(zone)
        assert before.utcoffset() != change.astimezone(zone).utcoffset()


@pytest.mark.parametrize("place", HOMES, ids=lambda one: one.zone)
def test_healthy_sends_reach_everybody_by_day_and_on_one_date(place) -> None:
    rng = random.Random(7)
    zones = {zone for country in place.countries for zone in ZONES[country]}
    for days in range(0, 360, 9):
        now = datetime(2026, 1, 2, 5, 12, tzinfo=UTC) + timedelta(days=days, hours=rng.random() * 24)
        stated = by_day(rng, now, place, own_time=place.wide)
        first = begins(stated, place.zone) if place.wide else stated
        assert first >= now + timedelta(hours=1)
        clocks = [
            (arrival(stated, place.zone, zone) if place.wide else stated).astimezone(ZoneInfo(zone)) for zone in zones
        ]
        assert not any(dark(clock) for clock in clocks)
        assert len({clock.date() for clock in clocks}) == 1
