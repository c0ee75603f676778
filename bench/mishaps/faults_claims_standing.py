"""Faults of CLM006 and CLM007: a standing that is not the reader's, and claims that nothing known can prove."""

from __future__ import annotations

from datetime import timedelta

from bench.mishaps import claims_facts as facts
from bench.mishaps import phrases_claims_purchase as purchase
from bench.mishaps import phrases_claims_standing as standing
from bench.mishaps import phrases_claims_unproven as unproven
from bench.mishaps.accounts import Slot
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT, day
from bench.mishaps.planting import claim
from bench.mishaps.words import CARS, TIERS
from presend.audience.schema import fact
from presend.model import Confidence, Platform

TOWNS = ("Kirkcaldy", "Aberystwyth", "Duluth", "Görlitz", "Zoetermeer", "Cádiz", "Bury", "Tromsø")
TERMS = {1: "one year", 2: "two years", 3: "three years", 5: "five years", 10: "ten years"}
_CLOSE = "what is known of a reader, said aloud, is over-familiar as well (M17)"
_BUYERS = "who is no customer is no loyal one: M11 and M14 both speak of it"
_IMPORT = "first seen here is not first seen anywhere: an import hides earlier years"
_OPEN = "unprovable is told as info, and the documents name no confidence for it"


def wrong_tier(draft: Draft) -> list[Label]:
    """CLM006: a letter for one tier, to an audience in which some are of another."""
    slot = draft.slot(claim(draft, ("tier",), unused=True))
    tier = draft.rng.choice(TIERS)
    rows = _mixed(draft, slot, tier, [t for t in TIERS if t != tier])
    said = facts.place(draft, standing.TIER, standing.TIER_SUBJECTS, word=tier)
    return [Label("CLM006", draft.crowd.names(rows), said, fault="wrong_tier")]


def _mixed(draft: Draft, slot: Slot, right: str, others: list[str]) -> list[int]:
    """Give the field one value for most, or few, and another for the rows that come back."""
    rows, column = facts.some(draft), draft.crowd.columns[slot.column]
    column[:] = [right] * len(column)
    for row in rows:
        column[row] = draft.rng.choice(others)
    draft.crowd.taken.add(slot.key)
    return rows


def tier_behind_another(draft: Draft) -> list[Label]:
    """CLM006: the words for one tier behind the condition for another: a block copied and half changed."""
    slot = draft.slot(claim(draft, ("tier",), unused=True))
    draft.crowd.taken.add("tier")
    shown, said_tier = draft.rng.sample(TIERS, 2)
    said = draft.phrase(standing.TIER).format(said_tier)
    draft.say(draft.pen.equals(slot, shown, said, "The front room is warm."))
    rows = [row for row, value in enumerate(draft.crowd.columns[slot.column]) if value == shown]
    return [Label("CLM006", draft.crowd.names(rows), said, fault="tier_behind_another")]


def no_birthday(draft: Draft) -> list[Label]:
    """CLM006: birthday wishes to people whose birthday is in another part of the year."""
    facts.need(draft, "birthday", "schedule")
    rows = facts.some(draft)
    birthdays(draft, rows)
    said = facts.place(draft, standing.BIRTHDAY, standing.BIRTHDAY_SUBJECTS)
    return [Label("CLM006", draft.crowd.names(rows), said, fault="no_birthday")]


def birthdays(draft: Draft, wrong: list[int]) -> None:
    """Birthdays on the day of arrival, and far from it in the wrong rows; some people told none."""
    rng, today = draft.rng, facts.arrives(draft)
    dates: list[object] = []
    for row in range(len(draft.crowd.ids)):
        off = timedelta(days=rng.randint(40, 320)) if row in set(wrong) else timedelta(0)
        born = today + off
        unknown = row not in set(wrong) and wrong and rng.random() < 0.05
        dates.append(ABSENT if unknown else f"{rng.randint(1950, 2004)}-{born.month:02d}-{born.day:02d}")
    # Nobody was born on a 29 February that was none.
    draft.crowd.columns[fact("birthday")] = [d.replace("-02-29", "-02-28") if isinstance(d, str) else d for d in dates]
    draft.crowd.taken.add("birthday")


def other_anniversary(draft: Draft) -> list[Label]:
    """CLM006: so many years with us, to people who came earlier, or came the other day."""
    facts.need(draft, "activity", "schedule", "consent")
    rng, years = draft.rng, draft.rng.choice(tuple(TERMS))
    rows, younger = facts.some(draft), draft.rng.random() < 0.4
    _joined(draft, years)
    for row in rows:
        days = rng.uniform(10, 200) if younger else 365 * years + rng.uniform(200, 2000)
        facts.born(draft, row, day(draft.now - timedelta(days=days)))
    words = TERMS[years]
    said = draft.phrase(standing.ANNIVERSARY).format(n=words, N=words.capitalize())
    draft.say(said)
    sure, why = (Confidence.MEDIUM, _IMPORT) if younger else (Confidence.HIGH, "")
    name = f"other_anniversary {'younger' if younger else 'older'}"
    return [Label("CLM006", draft.crowd.names(rows), said, confidence=sure, why=why, fault=name)]


def _joined(draft: Draft, years: int) -> None:
    """Everybody was first seen so many years before the letter arrives, to the day."""
    then = facts.arrives(draft)
    for row in range(len(draft.crowd.ids)):
        hour = f"{draft.rng.randint(9, 16):02d}:{draft.rng.randint(10, 59)}:00Z"
        facts.born(draft, row, f"{then.year - years}-{then.month:02d}-{then.day:02d}T{hour}")


def lives_elsewhere(draft: Draft) -> list[Label]:
    """CLM006: "because you live in Duluth" to people of whom some live in another town."""
    slot = draft.slot(claim(draft, ("city",), unused=True))
    town = draft.rng.choice(TOWNS)
    rows = _mixed(draft, slot, town, [t for t in TOWNS if t != town])
    said = draft.phrase(standing.LIVES).format(town)
    draft.say(said)
    return [Label("CLM006", draft.crowd.names(rows), said, also=("SEN005",), why=_CLOSE, fault="lives_elsewhere")]


def owns_another(draft: Draft) -> list[Label]:
    """CLM006: "your Bellwether Estate" to people of whom some drive something else."""
    slot = draft.slot(claim(draft, ("car",), unused=True))
    car = draft.rng.choice(CARS)
    rows = _mixed(draft, slot, car, [c for c in CARS if c != car])
    said = facts.named(draft.phrase(standing.OWNS), car)
    draft.say(said)
    return [Label("CLM006", draft.crowd.names(rows), said, fault="owns_another")]


def not_loyal(draft: Draft) -> list[Label]:
    """CLM006: thanks for years of loyalty to people of whom some never bought anything."""
    facts.need(draft, "orders", "sources", "activity")
    never = facts.some(draft)
    facts.shop(draft, never=never, counts=(8, 40))
    said = draft.phrase(standing.LOYAL)
    draft.say(said)
    return [Label("CLM006", draft.crowd.names(never), said, ("CLM001",), why=_BUYERS, fault="not_loyal")]


def fewer_points(draft: Draft) -> list[Label]:
    """CLM006: "you have collected over 1,000 points" to people of whom some have fewer."""
    slot = draft.slot(claim(draft, ("points",), unused=True))
    draft.crowd.taken.add("points")
    goal, rng = draft.rng.choice((500, 1000, 2000)), draft.rng
    rows = set(facts.some(draft))
    for row in range(len(draft.crowd.ids)):
        points = rng.randint(0, goal * 4 // 5) if row in rows else rng.randint(goal * 6 // 5, goal * 5)
        draft.crowd.columns[slot.column][row] = str(points) if draft.platform is Platform.HUBSPOT else points
    said = draft.phrase(standing.POINTS).format(f"{goal:,}")
    draft.say(said)
    return [
        Label("CLM006", draft.crowd.names(rows), said, also=("SEN005",), why=_CLOSE, fault="fewer_points"),
    ]


def unproven_claim(draft: Draft) -> list[Label]:
    """CLM007: baskets, children, applications: nothing that the platform tells presend."""
    facts.need(draft, "unproven")
    said = facts.place(draft, unproven.UNPROVEN, unproven.UNPROVEN_SUBJECTS)
    why = f"{_OPEN}; {_CLOSE}, some of it is sensitive (M16)"
    also = ("SEN001", "SEN002", "SEN005")
    everyone = draft.crowd.everyone()
    return [Label("CLM007", everyone, said, (), also, (), Confidence.LOW, why, fault="unproven_claim", info=True)]


def no_facts(draft: Draft) -> list[Label]:
    """CLM007: purchases and birthdays in an account that knows of none: unprovable, not false."""
    what = draft.rng.choice(("orders", "birthday"))
    facts.need(draft, what, "unproven")
    if what == "orders":
        said = facts.place(draft, purchase.BOUGHT, purchase.BOUGHT_SUBJECTS)
    else:
        said = facts.place(draft, standing.BIRTHDAY, standing.BIRTHDAY_SUBJECTS)
    everyone = draft.crowd.everyone()
    return [Label("CLM007", everyone, said, confidence=Confidence.LOW, why=_OPEN, fault=f"no_facts {what}", info=True)]
