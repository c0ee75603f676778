"""Faults and hard negatives of SEN004: letters into a place that the account's owner has named as dark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.mishaps import phrases_tone
from bench.mishaps.labels import Ids, Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT
from bench.mishaps.places import ZONES
from bench.mishaps.placing import once, place
from bench.mishaps.planting import Plant, Unfit
from presend.audience.schema import fact
from presend.blackouts import Wanted, gathered
from presend.model import Strategy

DAY = timedelta(days=1)

REASONS = ("flood", "wildfire", "week of mourning", "earthquake", "post strike", "hurricane", "power cut", "landslide")

REGIONS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "US": (("US-TX", "TX", "Texas"), ("US-LA", "LA", "Louisiana"), ("US-OK", "OK", "Oklahoma"), ("US-ME", "Maine")),
    "DE": (("DE-BY", "Bayern"), ("DE-SN", "Sachsen"), ("DE-ST", "Sachsen-Anhalt"), ("DE-HH", "Hamburg")),
    "BR": (("BR-RS", "RS", "Rio Grande do Sul"), ("BR-RN", "RN", "Rio Grande do Norte"), ("BR-SP", "São Paulo")),
    "GB": (("Cumbria",), ("Northumberland",), ("Devon",), ("Fife",)),
    "FR": (("Hérault",), ("Hérouville",), ("Finistère",), ("Var",)),
    "JP": (("JP-17", "JP-17"), ("JP-16", "JP-16"), ("JP-15", "JP-15")),
    "NO": (("Vestland",), ("Nordland",), ("Troms",)),
}
"""Regions of a country, each as people write it; some sound like one another."""

POSTCODES: Mapping[str, tuple[str, ...]] = {
    "US": ("77002", "77019", "77101", "70112", "07701", "80203"),
    "DE": ("53474", "53501", "53340", "01067", "10115"),
    "GB": ("CA1 1AA", "CA10 2BF", "CB2 1TN", "EH6 7JJ", "PL4 8AA"),
    "FR": ("34000", "34500", "33000", "75011"),
    "PL": ("48-300", "48-340", "47-400", "00-950"),
    "BR": ("90010-150", "90420-011", "59010-000", "01310-100"),
    "JP": ("928-0001", "927-0026", "100-0001"),
    "NL": ("6211 AB", "6221 CD", "1012 JS"),
}
STARTS: Mapping[str, str] = {
    "US": "770",
    "DE": "53 4",
    "GB": "CA1",
    "FR": "34",
    "PL": "48-3",
    "BR": "90",
    "JP": "92",
    "NL": "62",
}
"""How postcodes of the place begin, as somebody writes that down."""


def arrives(draft: Draft) -> date:
    """The day on which everybody gets it: healthy sends reach all their readers on one day."""
    return (draft.stated or draft.send_at).astimezone(ZoneInfo(draft.home.zone)).date()


def window(draft: Draft) -> tuple[date, date]:
    """Days around the arrival; nearly half of the windows begin or end on it."""
    arrival, rng = arrives(draft), draft.rng
    before, after = rng.randint(1, 6) * DAY, rng.randint(1, 9) * DAY
    if draft.strategy is Strategy.THROTTLED:
        return arrival - before, arrival + after
    return rng.choice(
        ((arrival, arrival + after), (arrival - before, arrival), (arrival - before, arrival + after)),
    )


def darken(draft: Draft, country: str, days: tuple[date, date], **where: Any) -> None:
    """Name a place and days as dark, as the owner's settings would."""
    entry = {"reason": draft.rng.choice(REASONS), "country": country, "from": days[0], "until": days[1], **where}
    made = gathered(Wanted(entries=(entry,)), draft.now.date())
    draft.blackouts = replace(made, dark=(*draft.blackouts.dark, *made.dark))


def _offered(draft: Draft) -> None:
    """Mostly an offer, sometimes none: then it is less bad, and said all the same."""
    if draft.rng.random() < 0.75:
        place(draft, draft.phrase(phrases_tone.OFFERS))


def _living(draft: Draft, known: Mapping[str, Any]) -> tuple[str, list[int]]:
    """A country of the readers' of which something is known, and the rows of those who live there."""
    cells = draft.crowd.columns[fact("country")]
    countries = sorted({cell for cell in cells if isinstance(cell, str)} & set(known))
    if not countries or "country" in draft.spoilt:
        raise Unfit
    country = draft.rng.choice(countries)
    return country, [row for row, cell in enumerate(cells) if cell == country]


def _column(draft: Draft, name: str, rows: list[int], values: list[str]) -> list[Any]:
    """A fact of the people in some rows, and of no others; one in twenty has none written down."""
    column: list[Any] = [ABSENT] * len(draft.crowd.ids)
    for row in rows:
        column[row] = ABSENT if draft.rng.random() < 0.05 else draft.rng.choice(values)
    draft.crowd.columns[fact(name)] = column
    return column


def dark_country(draft: Draft) -> list[Label]:
    """SEN004: a whole country is dark on the day of arrival (M20)."""
    country, rows = _living(draft, ZONES)
    once(draft, "schedule")
    darken(draft, country, window(draft))
    _offered(draft)
    return [Label("SEN004", draft.crowd.names(rows), fault=f"dark_country {country}")]


def dark_region(draft: Draft) -> list[Label]:
    """SEN004: a region is dark, and its neighbours are not; both sides of the border are among the readers."""
    country, rows = _living(draft, REGIONS)
    once(draft, "schedule")
    written = REGIONS[country]
    dark = draft.rng.sample(written, draft.rng.randint(1, 2))
    column = _column(draft, "region", rows, [name for names in written for name in names])
    inside = {name for names in dark for name in names}
    darken(draft, country, window(draft), regions=[draft.rng.choice(names) for names in dark])
    _offered(draft)
    return [_label(draft, [row for row in rows if column[row] in inside], f"dark_region {country}")]


def dark_postcode(draft: Draft) -> list[Label]:
    """SEN004: postcodes with a certain beginning are dark, and others of the country are not."""
    country, rows = _living(draft, POSTCODES)
    once(draft, "schedule")
    column = _column(draft, "postcode", rows, list(POSTCODES[country]))
    darken(draft, country, window(draft), postcodes=[STARTS[country]])
    _offered(draft)
    inside = [row for row in rows if column[row] is not ABSENT and _begins(column[row], STARTS[country])]
    return [_label(draft, inside, f"dark_postcode {country}")]


def _begins(postcode: str, start: str) -> bool:
    return _plain(postcode).startswith(_plain(start))


def _plain(postcode: str) -> str:
    return postcode.replace(" ", "").replace("-", "")


def _label(draft: Draft, rows: list[int], fault: str) -> Label:
    if not rows:
        raise Unfit
    return Label("SEN004", draft.crowd.names(rows), fault=fault)


def dark_at_midnight(draft: Draft) -> list[Label]:
    """SEN004: it arrives around midnight, so that the day is dark in one of the country's zones and not in the next."""
    zones = {"US": "America/New_York", "BR": "America/Sao_Paulo"}
    country, rows = _living(draft, zones)
    once(draft, "schedule")
    stated = _midnight(draft, zones[country])
    clocks = draft.crowd.columns.setdefault(fact("timezone"), [ABSENT] * len(draft.crowd.ids))
    for row in rows:
        clocks[row] = clocks[row] if clocks[row] in ZONES[country] else draft.rng.choice(ZONES[country])
    draft.strategy, draft.stated, draft.send_at = Strategy.STATIC, stated, stated
    new_day = stated.astimezone(ZoneInfo(zones[country])).date()
    inside = [row for row in rows if stated.astimezone(ZoneInfo(clocks[row])).date() == new_day]
    if draft.rng.random() < 0.5:
        darken(draft, country, (new_day, new_day + 3 * DAY))
    else:
        darken(draft, country, (new_day - 3 * DAY, new_day - DAY))
        inside = [row for row in rows if row not in set(inside)]
    _offered(draft)
    label = _label(draft, inside, f"dark_at_midnight {country}")
    why = "it is night there, and the day is another one than the letter's author had in mind"
    return [replace(label, also=("TIM001", "TIM003", "TIM005"), why=why)]


def _midnight(draft: Draft, zone: str) -> datetime:
    """A quarter past midnight of the country's first zone, at least two hours off, in UTC."""
    there = ZoneInfo(zone)
    day = draft.now.astimezone(there).date() + DAY
    while True:
        moment = datetime.combine(day, time(0, 15), there).astimezone(UTC)
        if moment >= draft.now + timedelta(hours=2):
            return moment
        day += DAY


def dark_elsewhere(draft: Draft) -> bool:
    """A place in which none of the readers is, however near it sounds."""
    lived: Ids = frozenset(c for c in draft.crowd.columns[fact("country")] if isinstance(c, str))
    days = (arrives(draft) - 12 * DAY, arrives(draft) + 12 * DAY)
    kind = draft.rng.randrange(3)
    if kind == 0 or not lived & {"US", "DE", "GB"} or {"schedule", "country"} & draft.spoilt:
        darken(draft, draft.rng.choice(("GE", "AU", "CA", "IN")), days)
        return True
    country = min(lived & {"US", "DE", "GB"})
    rows = [row for row, cell in enumerate(draft.crowd.columns[fact("country")]) if cell == country]
    if kind == 1:
        values = {"US": ("US-TX", "Texas", "US-KS"), "DE": ("Hamburg", "DE-BY"), "GB": ("Devon", "Fife")}[country]
        dark = {"US": ("US-AR", "Louisiana"), "DE": ("Bremen", "DE-BE"), "GB": ("North Devon", "Dorset")}[country]
        for row, value in enumerate(_column(draft, "region", rows, list(values))):
            if row in set(rows) and value is ABSENT:
                draft.crowd.columns[fact("region")][row] = values[0]
        darken(draft, country, days, regions=list(dark))
    else:
        _column(draft, "postcode", rows, list(POSTCODES[country]))
        darken(draft, country, days, postcodes=[{"US": "71", "DE": "5347 3", "GB": "CA11"}[country]])
    return True


def dark_another_day(draft: Draft) -> bool:
    """The readers' own country, on the day before and on the day after."""
    if draft.closed or "schedule" in draft.spoilt or draft.strategy is Strategy.THROTTLED:
        return False
    draft.spoilt.add("schedule")
    arrival = arrives(draft)
    countries = sorted({c for c in draft.crowd.columns[fact("country")] if isinstance(c, str)})
    darken(draft, draft.rng.choice(countries), (arrival - 9 * DAY, arrival - DAY))
    darken(draft, draft.rng.choice(countries), (arrival + DAY, arrival + 9 * DAY))
    place_offer = draft.phrase(phrases_tone.OFFERS)
    draft.say(place_offer)
    return True


PLANTS: tuple[tuple[Plant, int], ...] = (
    (dark_country, 1),
    (dark_region, 2),
    (dark_postcode, 1),
    (dark_at_midnight, 1),
)

TRICKS: tuple[Callable[[Draft], bool], ...] = (dark_elsewhere, dark_another_day)
