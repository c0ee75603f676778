"""One fact written in several ways: dates, phone numbers, countries and states as people and systems put them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

Style = Callable[[int], str]
"""The n-th value in one way of writing."""

_FIRST = date(2026, 1, 3)


def _on(number: int) -> date:
    return _FIRST + timedelta(days=number % 700)


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


DATES: dict[str, Style] = {
    "iso": lambda n: _on(n).isoformat(),
    "slashes": lambda n: f"{_on(n):%d/%m/%Y}",
    "dots": lambda n: f"{_on(n):%d.%m.%Y}",
    "long": lambda n: _long(_on(n)),
    "british": lambda n: f"{_on(n).day} {_on(n):%B %Y}",
    "short": lambda n: f"{_on(n):%d-%b-%y}",
}
PHONES: tuple[dict[str, Style], ...] = (
    {
        "brackets": lambda n: f"(218) 555-{100 + n % 100:04d}",
        "plus": lambda n: f"+1218555{100 + n % 100:04d}",
        "dots": lambda n: f"218.555.{100 + n % 100:04d}",
        "bare": lambda n: f"218555{100 + n % 100:04d}",
    },
    {
        "national": lambda n: f"020 7946 {n % 1000:04d}",
        "plus": lambda n: f"+44 20 7946 {n % 1000:04d}",
        "both": lambda n: f"+44 (0)20 7946 {n % 1000:04d}",
    },
)
"""Of one country each."""

_LANDS = (
    ("US", "USA", "United States"),
    ("GB", "GBR", "United Kingdom"),
    ("DE", "DEU", "Germany"),
    ("FR", "FRA", "France"),
    ("CA", "CAN", "Canada"),
    ("IE", "IRL", "Ireland"),
    ("CI", "CIV", "Côte d'Ivoire"),
    ("NZ", "NZL", "New Zealand"),
)
_STATES = (
    ("MN", "Minnesota"),
    ("TX", "Texas"),
    ("WA", "Washington"),
    ("OR", "Oregon"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("CA", "California"),
    ("WV", "West Virginia"),
)
COUNTRIES: dict[str, Style] = {
    "two letters": lambda n: _LANDS[n % len(_LANDS)][0],
    "three letters": lambda n: _LANDS[n % len(_LANDS)][1],
    "names": lambda n: _LANDS[n % len(_LANDS)][2],
}
STATES: dict[str, Style] = {
    "letters": lambda n: _STATES[n % len(_STATES)][0],
    "names": lambda n: _STATES[n % len(_STATES)][1],
}
EVERYWHERE = ("+49 30 5550123", "+1 218 555 0147", "+44 20 7946 0991", "+33 1 99 00 12 34", "+353 20 915 0041")
"""Numbers of several countries, each as it is written from abroad."""


def styles(kind: str, rng: random.Random) -> dict[str, Style]:
    """The ways of writing a kind of value."""
    match kind:
        case "date":
            return DATES
        case "phone":
            return rng.choice(PHONES)
        case "country":
            return COUNTRIES
        case _:
            return STATES
