"""Hard negatives of VAL008 to VAL013: one way of writing, real names, titles that were given or are of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.mishaps import phrases_fields as said
from bench.mishaps.extra_fields import add, printed
from bench.mishaps.formats import EVERYWHERE, styles
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT
from bench.mishaps.planting import Unfit, rows_without
from presend.audience.schema import fact
from presend.model import Platform


def _one_way(draft: Draft) -> bool:
    """Everybody's value is written alike, but for one stray."""
    kind = draft.rng.choice(("date", "phone", "country", "state"))
    ways = styles(kind, draft.rng)
    way, stray = draft.rng.sample(sorted(ways), 2)
    values = [ways[way](draft.rng.randrange(700)) for _one in draft.crowd.ids]
    if draft.rng.random() < 0.5:
        values[draft.rng.randrange(len(values))] = ways[stray](draft.rng.randrange(700))
    return _shown(draft, kind, values)


def _shown(draft: Draft, kind: str, values: list[Any], type: str = "text") -> bool:
    try:
        slot = add(draft, kind, values, type)
    except Unfit:
        return False
    printed(draft, kind, draft.pen.bare(slot))
    return True


def _mixed_unseen(draft: Draft) -> bool:
    """Several ways of writing in a field that nobody prints and no segment asks for."""
    kind = draft.rng.choice(("date", "phone", "country", "state"))
    ways = list(styles(kind, draft.rng).values())
    try:
        add(draft, kind, [draft.rng.choice(ways)(draft.rng.randrange(700)) for _one in draft.crowd.ids])
    except Unfit:
        return False
    return True


def _numbers_from_everywhere(draft: Draft) -> bool:
    """Phone numbers of five countries, each grouped as its country does."""
    return _shown(draft, "phone", [draft.rng.choice(EVERYWHERE) for _one in draft.crowd.ids])


def _many_seats(draft: Draft) -> bool:
    """Numbers with a separator, a decimal, or a blank around them are numbers."""
    values = [draft.rng.choice(("12", "1,200", "3.5", " 7 ", "0", "140")) for _one in draft.crowd.ids]
    return _shown(draft, "seats", values, "number" if draft.platform is Platform.MAILCHIMP else "text")


def _pages_without_scheme(draft: Draft) -> bool:
    """A page's address as people say it."""
    forms = ("www.example.org/p/{}", "https://example.org/p/{}", "example.org/~{}", "http://shop.example.com/?id={}")
    values = [draft.rng.choice(forms).format(draft.rng.randint(10, 9999)) for _one in draft.crowd.ids]
    return _shown(draft, "page", values, "url" if draft.platform is Platform.MAILCHIMP else "text")


def _extensions(draft: Draft) -> bool:
    """Phone numbers of an office, all with an extension."""
    values = [f"(218) 555-0147 ext. {draft.rng.randint(10, 99)}" for _one in draft.crowd.ids]
    return _shown(draft, "phone", values)


def _real_names(draft: Draft) -> bool:
    """A rare name beside a common one that is nearly the same: Michael and Micheal are two people."""
    if "first" in draft.spoilt or fact("preferred_name") in draft.crowd.columns:
        return False
    slot = draft.slot("first")
    column = draft.crowd.columns[slot.column]
    held = [row for row in range(len(column)) if row not in set(rows_without(draft, "first"))]
    draft.rng.shuffle(held)
    for _pair in range(2):
        common, rare = draft.phrase(said.TWINS).split("|")
        often = max(14, round(len(column) * 0.1))
        if len(held) <= often:
            return False
        column[held.pop()] = rare
        draft.crowd.put(slot.column, held[:often], common)
        del held[:often]
    return True


def _called_by_it(draft: Draft) -> bool:
    """The name that people asked for is the one that is printed; the name on record is for those who asked for none."""
    first = draft.slot("first")
    column = draft.crowd.columns[first.column]
    wanted: list[Any] = [""] * len(column)
    if "first" in draft.spoilt or fact("preferred_name") in draft.crowd.columns:
        return False
    for row in draft.crowd.pick(draft.rng, draft.rng.uniform(0.05, 0.3)):
        column[row], wanted[row] = draft.phrase(said.PREFERRED).split("|")
    try:
        slot = add(draft, "nickname", wanted)
    except Unfit:
        return False
    draft.crowd.columns[fact("preferred_name")] = [one or ABSENT for one in wanted]
    draft.spoilt.add("first")
    draft.greeting = f"Hello {draft.pen.guarded(slot, draft.pen.bare(slot), _or_friend(draft))},"
    return True


def _or_friend(draft: Draft) -> str:
    """The first name, or a word: without a branch inside a branch, which Mailchimp has not."""
    first = draft.slot("first")
    if not rows_without(draft, "first") or (first.default and draft.platform is not Platform.KLAVIYO):
        return draft.pen.bare(first)
    if draft.platform is Platform.MAILCHIMP:
        draft.crowd.put(first.column, rows_without(draft, "first"), "Ingrid")
        return draft.pen.bare(first)
    return draft.pen.safe(first, "friend")


def _wants_that_name(draft: Draft) -> bool:
    """People have said what they want to be called, and it is what they are called already."""
    if "first" in draft.spoilt or fact("preferred_name") in draft.crowd.columns:
        return False
    column = draft.crowd.columns[draft.slot("first").column]
    same = [value if isinstance(value, str) and value and draft.rng.random() < 0.4 else ABSENT for value in column]
    draft.spoilt.add("first")
    draft.crowd.columns[fact("preferred_name")] = same
    return True


def _nobody_named(draft: Draft) -> bool:
    """Another name is known of some, but the letter greets nobody by name."""
    column = draft.crowd.columns[draft.slot("first").column]
    if "first" in draft.spoilt or fact("preferred_name") in draft.crowd.columns:
        return False
    draft.spoilt.add("first")
    draft.crowd.taken.add("first")
    wanted: list[Any] = [ABSENT] * len(column)
    for row in draft.crowd.pick(draft.rng, 0.1):
        column[row], wanted[row] = draft.phrase(said.PREFERRED).split("|")
    draft.crowd.columns[fact("preferred_name")] = wanted
    draft.greeting = "Good morning,"
    return True


def _titles_of_others(draft: Draft) -> bool:
    """Mr, Mrs or Sir of somebody else, or another word that looks like one."""
    draft.say(draft.phrase(said.NO_GUESSES))
    return True


def _sir_or_madam(draft: Draft) -> bool:
    """A greeting that leaves it open on purpose."""
    if "first" in draft.spoilt:
        return False
    draft.greeting = draft.rng.choice(
        ("Dear Sir or Madam,", "Dear Sir/Madam,", "Ladies and gentlemen,", "Sehr geehrte Damen und Herren,")
    )
    return True


def _title_as_given(draft: Draft) -> bool:
    """The title that people chose for themselves, printed from their record."""
    if {"first", "last"} & draft.spoilt or "last" in draft.crowd.taken or fact("title") in draft.crowd.columns:
        return False
    values = [draft.rng.choice(("Mr", "Ms", "Mrs", "Mx", "Dr")) for _one in draft.crowd.ids]
    try:
        slot = add(draft, "salutation", values)
    except Unfit:
        return False
    draft.crowd.columns[fact("title")] = list(values)
    draft.crowd.taken.add("last")
    draft.spoilt.update(("first", "last"))
    draft.greeting = f"Dear {draft.pen.bare(slot)} {draft.pen.bare(draft.slot('last'))},"
    return True


def _same_surname(draft: Draft) -> bool:
    """A newer source has the same surname, in another case or with blanks around it."""
    if "last" in draft.spoilt or fact("new_last_name") in draft.crowd.columns:
        return False
    column = draft.crowd.columns[draft.slot("last").column]
    again = [draft.rng.choice((v, v.upper(), f" {v} ")) if draft.rng.random() < 0.3 else ABSENT for v in column]
    draft.spoilt.add("last")
    draft.crowd.columns[fact("new_last_name")] = again
    return True


def _new_surname_printed(draft: Draft) -> bool:
    """The newer surname is what is printed where there is one."""
    if "last" in draft.spoilt or "last" in draft.crowd.taken or fact("new_last_name") in draft.crowd.columns:
        return False
    last = draft.slot("last")
    rows = set(draft.crowd.pick(draft.rng, 0.1))
    newer = ["Haverford" if row in rows else "" for row in range(len(draft.crowd.ids))]
    try:
        slot = add(draft, "newname", newer)
    except Unfit:
        return False
    draft.crowd.columns[fact("new_last_name")] = [one or ABSENT for one in newer]
    draft.spoilt.add("last")
    draft.crowd.taken.add("last")
    draft.say(f"A table is laid for {draft.pen.guarded(slot, draft.pen.bare(slot), draft.pen.bare(last))}.")
    return True


TWINS: tuple[Callable[[Draft], bool], ...] = (
    _one_way,
    _mixed_unseen,
    _numbers_from_everywhere,
    _many_seats,
    _pages_without_scheme,
    _extensions,
    _real_names,
    _called_by_it,
    _wants_that_name,
    _nobody_named,
    _titles_of_others,
    _sir_or_madam,
    _title_as_given,
    _same_surname,
    _new_surname_printed,
)
"""Each says whether it could stand in the letter."""
