"""Who is inside a place, by what people write down of where they live."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

import pytest

from presend.blackouts.places import gazetteer
from presend.blackouts.rows import blackout_of
from presend.model import Address, Within

DAYS = {"from": date(2026, 11, 20), "until": date(2026, 11, 21)}


def within(where: dict[str, object], *address: str) -> Within:
    dark = blackout_of({"reason": "flood", **where, **DAYS}, "a test")
    return gazetteer().within(dark, Address(*address))


TEXAS = {"country": "US", "regions": ["Texas"]}
HOUSTON = {"country": "US", "postcodes": ["770"]}


@pytest.mark.parametrize(
    ("where", "address", "verdict"),
    [
        (TEXAS, ("US", "TX"), Within.YES),
        (TEXAS, ("USA", "us-tx"), Within.YES),
        (TEXAS, ("Vereinigte Staaten", "TEXAS"), Within.YES),
        (TEXAS, ("", "US-TX"), Within.YES),
        (TEXAS, ("US", "LA"), Within.NO),
        (TEXAS, ("MX", "TX"), Within.NO),
        (TEXAS, ("US", ""), Within.UNKNOWN),
        (TEXAS, ("US", "the south"), Within.UNKNOWN),
        (TEXAS, ("", "TX"), Within.UNKNOWN),
        (TEXAS, ("Atlantis", "TX"), Within.UNKNOWN),
        (HOUSTON, ("US", "", "77 002"), Within.YES),
        (HOUSTON, ("US", "TX", "76001"), Within.NO),
        (HOUSTON, ("US", "TX", ""), Within.UNKNOWN),
        (HOUSTON, ("CA", "TX", "77002"), Within.NO),
        ({**TEXAS, **HOUSTON}, ("US", "LA", "77002"), Within.YES),
        ({**TEXAS, **HOUSTON}, ("US", "LA", ""), Within.UNKNOWN),
        ({**TEXAS, **HOUSTON}, ("US", "LA", "70112"), Within.NO),
        ({"country": "CH", "regions": ["Genf"]}, ("Suisse", "Geneve"), Within.YES),
        ({"country": "CH", "regions": ["St. Gallen"]}, ("CH", "sankt gallen"), Within.YES),
        ({"country": "IN", "regions": ["Kerala"]}, ("IN", "kerala"), Within.YES),
        ({"country": "IN", "regions": ["Kerala"]}, ("IN", "Punjab"), Within.NO),
        ({"country": "IN", "regions": ["Kerala"]}, ("IN", "IN-PB"), Within.UNKNOWN),
        ({"country": "GB"}, ("England",), Within.YES),
        ({"country": "GB"}, ("Irland",), Within.NO),
    ],
)
def test_within(where: dict[str, object], address: tuple[str, ...], verdict: Within) -> None:
    assert within(where, *address) is verdict


def test_every_zone_exists_and_every_country_has_one() -> None:
    places = gazetteer()

    assert {zone for zones in places.zones.values() for zone in zones} <= available_timezones()
    assert all(code in places.zones for code in ("US", "US-HI", "DE", "NZ", "AU-WA"))


def test_no_name_stands_for_two_regions_of_a_country() -> None:
    """Each region answers to its own code and to its short one."""
    for country, names in gazetteer().regions.items():
        for code in set(names.values()):
            assert names[code.partition("-")[2].casefold()] == code
            assert gazetteer().region(country, code) == code
