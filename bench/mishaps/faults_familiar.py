"""Faults and hard negatives of SEN005 and SEN006: letters that know too much, and days that some would rather skip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.mishaps import phrases_tone
from bench.mishaps.accounts import Slot
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT
from bench.mishaps.placing import add_field, body, innocent, once, place, quoted
from bench.mishaps.planting import LINES, Plant, Unfit, rows_without
from presend.model import Confidence, Platform

_SCORE = "M17 wants a score with its reasons, and no document says from which one on it is too much"


def many_facts(draft: Draft) -> list[Label]:
    """SEN005: five or six of the things that an account knows of a person, one after another (M17)."""
    once(draft, "familiar")
    keys = [key for key in ("city", "pet", "car", "points", "tier", "last", "job", "company") if _free(draft, key)]
    if len(keys) < 5:
        raise Unfit
    for key in draft.rng.sample(keys, min(len(keys), draft.rng.randint(5, 6))):
        draft.spoilt.add(key)
        draft.crowd.taken.add(key)
        draft.say(LINES[key].format(draft.pen.bare(draft.slot(key))))
    if not rows_without(draft, "first") and "text" not in draft.spoilt:
        draft.greeting = f"Dear {draft.pen.bare(draft.slot('first'))},"
    sure, why = Confidence.MEDIUM, _SCORE
    # The new greeting names whoever reads the inbox of a task, if the letter goes to one.
    also = ("DUP004",)
    return [Label("SEN005", draft.crowd.everyone(), also=also, confidence=sure, why=why, fault="many_facts")]


def _free(draft: Draft, key: str) -> bool:
    """Whether everybody has a value that no fault is about. Klaviyo's `title` may be a form of address."""
    if key == "job" and draft.platform is Platform.KLAVIYO:
        return False
    return key not in draft.spoilt and key not in draft.crowd.taken and not rows_without(draft, key)


def known_too_well(draft: Draft) -> list[Label]:
    """SEN005: age, street, balance and visits in one breath (M17)."""
    once(draft, "familiar")
    bare = {key: draft.pen.bare(slot) for key, slot in _intimate(draft).items()}
    text = quoted(draft, draft.phrase(phrases_tone.KNOWN_TOO_WELL)).format(**bare)
    body(draft, text)
    sure, why = Confidence.MEDIUM, _SCORE
    return [Label("SEN005", draft.crowd.everyone(), confidence=sure, why=why, fault="known_too_well")]


def _intimate(draft: Draft) -> dict[str, Slot]:
    rng, people = draft.rng, draft.crowd.ids
    streets = ("Mill Lane", "Harbour Street", "Rue Basse", "Gartenweg", "Chapel Hill")
    return {
        "age": add_field(draft, "age", "Age", [str(rng.randint(19, 84)) for _one in people]),
        "street": add_field(
            draft, "street", "Street", [f"{rng.randint(1, 180)} {rng.choice(streets)}" for _one in people]
        ),
        "balance": add_field(
            draft, "balance", "Account balance", [f"£{rng.randint(3, 900)}.{rng.randint(10, 99)}" for _one in people]
        ),
        "visits": add_field(draft, "visits", "Visits", [str(rng.randint(2, 60)) for _one in people]),
    }


def one_fact_often(draft: Draft) -> bool:
    """The same thing five times is one thing."""
    if not _free(draft, "points"):
        return False
    draft.crowd.taken.add("points")
    points = draft.pen.bare(draft.slot("points"))
    for line in ("{} stamps.", "{} is what the card says.", "Still {}.", "The till says {}.", "{} it is."):
        draft.say(line.format(points))
    return True


def one_of_many(draft: Draft) -> bool:
    """Many things stand in the source, and each reader reads two of them."""
    if not all(_free(draft, key) for key in ("tier", "pet", "city", "company", "car")):
        return False
    draft.crowd.taken.update(("tier", "pet", "city", "company", "car"))
    bare = {key: draft.pen.bare(draft.slot(key)) for key in ("pet", "city", "company", "car")}
    some = f"{LINES['pet'].format(bare['pet'])} {LINES['car'].format(bare['car'])}"
    others = f"{LINES['city'].format(bare['city'])} {LINES['company'].format(bare['company'])}"
    draft.say(draft.pen.equals(draft.slot("tier"), "Gold", some, others))
    return True


_YES: tuple[tuple[Any, Any], ...] = ((True, False), ("yes", "no"), ("Yes", "No"), ("true", "false"), ("Yes", ""))


def _preference(draft: Draft, day: str, share: float, *, column: str = "") -> tuple[Slot, list[int], Any]:
    """A field by which a share of the people have said that they want no mail about a day."""
    entries = [entry for entry in phrases_tone.DAY_FIELDS if entry.startswith(day)]
    _day, label, snake = draft.phrase(entries).split("|")
    rows = draft.crowd.pick(draft.rng, share) if share else []
    plain = [pair for pair in _YES if isinstance(pair[0], str)]
    yes, no = draft.rng.choice(_YES if draft.platform is Platform.KLAVIYO else plain)
    blank = ABSENT if draft.rng.random() < 0.4 and draft.platform is not Platform.MAILCHIMP else no
    values = [blank] * len(draft.crowd.ids)
    slot = add_field(draft, f"no {day}", label, values, column=column or snake)
    draft.crowd.put(slot.column, rows, yes)
    return slot, rows, yes


def _lines(day: str) -> Sequence[str]:
    return [entry.split("|")[1] for entry in phrases_tone.MOTHERING if entry.startswith(day)]


_DAYS = ("mother", "father", "valentine")


def refused_day(draft: Draft) -> list[Label]:
    """SEN006: a letter about a day to those who have said that they want none about it."""
    once(draft, "occasion")
    day = draft.rng.choice(_DAYS)
    slot, rows, _yes = _preference(draft, day, draft.rng.uniform(0.01, 0.15))
    where = place(draft, quoted(draft, draft.phrase(_lines(day))))
    return [
        Label("SEN006", draft.crowd.names(rows), column=slot.column, fault=f"refused_day {day}, {slot.label}, {where}")
    ]


def refused_day_excused(draft: Draft) -> bool:
    """The letter is about another day than the one refused, nobody has refused it, or those who have do not get it."""
    if "occasion" in draft.spoilt:
        return False
    draft.spoilt.add("occasion")
    day, other = draft.rng.sample(_DAYS, 2)
    line = quoted(draft, draft.phrase(_lines(day)))
    kind = draft.rng.randrange(3)
    try:
        if kind == 0:
            _preference(draft, other, 0.1)
        elif kind == 1:
            _preference(draft, day, 0)
        else:
            slot, _rows, yes = _preference(draft, day, 0.1)
            said = "true" if yes is True else str(yes)
            if yes is True:
                draft.say(draft.pen.guarded(slot, "Plums are ripe.", line))
            else:
                draft.say(draft.pen.equals(slot, said, "Plums are ripe.", line))
            return True
    except Unfit:
        return False
    place(draft, line)
    return True


def no_such_day(draft: Draft) -> bool:
    """Mothers, fathers and Valentines of another kind, while some people have refused the day."""
    if "occasion" in draft.spoilt:
        return False
    draft.spoilt.add("occasion")
    try:
        for day in _DAYS:
            _preference(draft, day, 0.08)
    except Unfit:
        return False
    return innocent("no_such_day", phrases_tone.NO_SUCH_DAY)(draft)


PLANTS: tuple[tuple[Plant, int], ...] = ((many_facts, 1), (known_too_well, 1), (refused_day, 2))

TRICKS: tuple[Callable[[Draft], bool], ...] = (one_fact_often, one_of_many, refused_day_excused, no_such_day)
