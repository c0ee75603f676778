"""Made-up recipients: their values, as-of dates and activity, which faults then spoil for a known few."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.mishaps import words
from bench.mishaps.accounts import Account, Slot
from bench.mishaps.places import HOMES, Home
from presend.audience.schema import as_of, fact
from presend.audience.values import encode
from presend.model import Platform
from presend.ports import Batch, Role

ABSENT = object()
"""No such field on this person; unlike null and the empty string."""


def day(moment: datetime) -> str:
    """A time as facts hold it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Crowd:
    """An audience under construction: a list of values per column, and what spoilt whom."""

    ids: list[str]
    columns: dict[str, list[Any]]
    now: datetime
    taken: set[str] = field(default_factory=set)
    """Keys of fields that a fault, or a hard negative, already counts on."""
    withheld: int = 0
    """How many more are in the audience whom the platform itself does not mail, as they have unsubscribed."""

    def pick(self, rng: random.Random, share: float) -> list[int]:
        """Rows of a random share of the people, at least one, never all."""
        size = len(self.ids)
        return sorted(rng.sample(range(size), min(max(1, round(size * share)), size - 1)))

    def names(self, rows: Iterable[int]) -> frozenset[str]:
        """The ids of rows."""
        return frozenset(self.ids[row] for row in rows)

    def everyone(self) -> frozenset[str]:
        """All ids."""
        return frozenset(self.ids)

    def put(self, column: str, rows: Iterable[int], value: Any) -> None:
        """Set one value in some rows."""
        for row in rows:
            self.columns[column][row] = value

    def age(self, slot: Slot, rng: random.Random, *, stale: Iterable[int] = ()) -> None:
        """As-of dates of a field: well within its half-life, or well past it for the stale rows."""
        life = slot.half_life
        if life is None:
            return
        old = set(stale)
        dates = []
        for row in range(len(self.ids)):
            share = rng.uniform(1.4, 3.0) if row in old else rng.uniform(0.02, 0.55)
            dates.append(day(self.now - timedelta(days=share * life)))
        self.columns[as_of(slot.column)] = dates
        confirmed = self.columns.get(fact("confirmed_at"))
        if confirmed is not None:
            # Who has confirmed anything since would have confirmed this as well.
            for row in old:
                confirmed[row] = min(confirmed[row], dates[row])

    def quiet(self, rows: Iterable[int], rng: random.Random, least: float, most: float) -> None:
        """Nothing was heard of these people for so many days: no visit, no order, nothing confirmed."""
        for row in rows:
            last = day(self.now - timedelta(days=rng.uniform(least, most)))
            self.columns[fact("last_activity_at")][row] = last
            for name in ("confirmed_at", "consent_at", "last_order_at", "created_at"):
                cells = self.columns.get(fact(name))
                if cells is not None and cells[row] is not ABSENT and cells[row]:
                    cells[row] = min(cells[row], last)

    def batch(self) -> Batch:
        """The people as a connector hands them over."""
        columns = {n: [None if v is ABSENT else encode(v) for v in vs] for n, vs in self.columns.items()}
        names = frozenset(
            n for n, vs in self.columns.items() if not n.startswith("@") and any(v is not ABSENT for v in vs)
        )
        more = [f"u{n:05d}" for n in range(self.withheld)]
        for name, cells in columns.items():
            own = _GONE.get(name)
            cells += [encode(own.format(n)) if own else cells[n % len(self.ids)] for n in range(self.withheld)]
        reasons = [None] * len(self.ids) + ["unsubscribed"] * self.withheld
        return Batch(Role.INCLUDE, [*self.ids, *more], columns, reasons, names, "everybody")


_GONE = {"@consent": "denied", "@email": "gone{}@example.net"}


def crowd(account: Account, rng: random.Random, now: datetime, size: int | None = None, home: Home = HOMES[0]) -> Crowd:
    """200 to 2,000 people with every field filled and fresh; mostly small, so that many campaigns fit in a run."""
    size = size or int(200 * (10 ** (rng.random() ** 3)))
    made = Crowd([f"r{n:05d}" for n in range(size)], {}, now)
    for slot in account.slots.values():
        made.columns[slot.column] = [_value(slot.key, n, account.platform, rng) for n in range(size)]
        made.age(slot, rng)
    for group in account.groups:
        made.columns[f"INTERESTED:{group}"] = [
            rng.sample(account.groups[group], rng.randint(0, 2)) for _ in range(size)
        ]
    made.columns[fact("email")] = list(made.columns[account.slots["email"].column])
    made.columns[fact("created_at")] = [day(now - timedelta(days=rng.uniform(250, 4000))) for _ in range(size)]
    made.columns[fact("updated_at")] = [day(now - timedelta(days=rng.uniform(0.2, 25))) for _ in range(size)]
    made.columns[fact("last_activity_at")] = [day(now - timedelta(days=rng.uniform(1, 240))) for _ in range(size)]
    made.columns[fact("consent")] = ["granted"] * size
    lives = [home.draw(rng) for _ in range(size)]
    made.columns[fact("country")] = [country for country, _zone in lives]
    # Some accounts know everybody's zone, some hardly any, and for some the country has to do.
    known = rng.choice((1.0, 1.0, rng.uniform(0.6, 0.95), 0.0))
    if known or home.wide:
        known = known or 0.9
        made.columns[fact("timezone")] = [zone if rng.random() <= known else ABSENT for _country, zone in lives]
    return made


_LISTS = {
    "first": words.GIVEN,
    "last": words.SURNAMES,
    "company": words.FIRMS,
    "job": words.JOBS,
    "pet": words.PETS,
    "car": words.CARS,
    "tier": words.TIERS,
    "shop": words.SHOPS,
}


def _value(key: str, number: int, platform: Platform, rng: random.Random) -> Any:
    if key in _LISTS:
        value = rng.choice(_LISTS[key])
        # Two given names, but not two pairs of initials: nobody can tell those from a name in capitals.
        twice = key == "first" and rng.random() < 0.03 and not value.isupper()
        return f"{value} {rng.choice(words.GIVEN)}" if twice else value
    match key:
        case "email":
            return f"person{number}@{rng.choice(('example.com', 'mail.example.com', 'example.org'))}"
        case "city":
            return rng.choice(rng.choice(words.PLACES)[1].split()).replace("_", " ")
        case "points":
            points = rng.randint(1, 4000)
            return str(points) if platform is Platform.HUBSPOT else points
        case "site":
            return f"https://www.example.org/u/{number}"
        case "headline":
            return f"{rng.choice(words.TOPICS)}, a shelf for you"
        case "code":
            return f"{rng.choice(('TEA', 'LNN', 'KT'))}{rng.randint(1000, 9999)}"
        case _:
            return rng.sample(words.LIKES, rng.randint(1, 3))
