"""What every planted fault needs: a field to spoil, a place to print it, and the label that says so."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.mishaps import words
from bench.mishaps.accounts import Slot
from bench.mishaps.labels import Ids, Label
from bench.mishaps.letters import GREETINGS, Draft, blanked
from bench.mishaps.people import ABSENT
from presend.model import Platform

Plant = Callable[[Draft], list[Label]]
"""Puts one fault into a draft and says what is wrong now. Raises Unfit, before any change, when it cannot."""


class Unfit(Exception):
    """The fault cannot stand in this draft."""


LINES = {
    "city": "The carrier's next round through {} is on Thursday.",
    "company": "Group bookings for {} go through the side door.",
    "job": "The ledger set was made with a {} in mind.",
    "pet": "A blanket for {} hangs by the stove.",
    "car": "Behind the kiln there is space for the {}.",
    "tier": "The {} shelf has moved upstairs.",
    "points": "The book shows {} stamps.",
    "last": "A chair carries the name {} until noon.",
    "first": "The card on the table says {}.",
    "code": "Say {} at the till.",
}


def claim(draft: Draft, keys: Sequence[str], *, unused: bool = False) -> str:
    """One of the fields, now spoilt; `unused` wants one that the clean letter does not print."""
    free = [k for k in keys if k in draft.account.slots and k not in draft.spoilt]
    if unused:
        free = [k for k in free if k == "first" or k not in draft.crowd.taken]
    if draft.mates:
        # What another letter's account holds of these people was copied from here: it would be in conflict from now on.
        free = [k for k in free if k not in ("first", "last", "company")]
    if draft.closed or not free:
        raise Unfit
    key = draft.rng.choice(free)
    draft.spoilt.add(key)
    return key


def only(draft: Draft, *platforms: Platform) -> None:
    """Raises Unfit on other platforms."""
    if draft.platform not in platforms or draft.closed:
        raise Unfit


def close(draft: Draft) -> None:
    """Take the whole letter for one fault. Raises Unfit when another is in it."""
    if draft.closed or draft.spoilt:
        raise Unfit
    draft.closed = True


def take(draft: Draft, part: str) -> bool:
    """Whether no fault is in the subject, or the preview text, yet; from now on one is."""
    free = part not in draft.spoilt
    draft.spoilt.add(part)
    return free


def html_only(draft: Draft) -> None:
    """Send no plain text, which could not have the fault. Raises Unfit when another fault is in it."""
    if "text" in draft.spoilt:
        raise Unfit
    draft.text_part = False


def no_default(draft: Draft, key: str) -> Slot:
    """The field, without a default of the account; a greeting that lived on the default is made plain."""
    if key == "first":
        draft.greeting = "Hello,"
    slot = replace(draft.slot(key), default="")
    draft.account.slots[key] = slot
    return slot


def rows_without(draft: Draft, key: str) -> list[int]:
    """Rows in which the field holds nothing."""
    values = draft.crowd.columns[draft.slot(key).column]
    return [row for row, value in enumerate(values) if value is ABSENT or value is None or value == ""]


def without(draft: Draft, key: str) -> Ids:
    """Who has nothing in the field."""
    return draft.crowd.names(rows_without(draft, key))


def blank_more(draft: Draft, key: str, share: float) -> Ids:
    """Blank some more people; everybody who is blank now."""
    blanked(draft, key, share)
    return without(draft, key)


def show(draft: Draft, key: str, token: str) -> None:
    """Print a token: the first name greets, mostly, other fields get a line of their own."""
    if key == "first" and draft.rng.random() < 0.8:
        draft.greeting = draft.rng.choice(GREETINGS)[0].format(token)
    else:
        draft.say(LINES[key].format(token))


def word(draft: Draft) -> str:
    """A fallback."""
    return draft.rng.choice(words.FALLBACKS)


def printed_safely(draft: Draft, key: str) -> Slot:
    """Print the field with a working fallback, unless the letter does already; where it is printed."""
    slot = draft.slot(key)
    if key == "first":
        draft.greeting = draft.rng.choice(GREETINGS)[0].format(draft.pen.safe(slot, word(draft)))
    else:
        draft.say(LINES[key].format(draft.pen.safe(slot, word(draft))))
    return slot


def spoil(draft: Draft, key: str, share: float, make: Callable[[str, random.Random], str]) -> Ids:
    """Change the value of a share of those who have one; those who were changed."""
    column = draft.crowd.columns[draft.slot(key).column]
    held = [row for row, value in enumerate(column) if isinstance(value, str) and value]
    rows = draft.rng.sample(held, max(1, round(len(held) * share)))
    changed = []
    for row in sorted(rows):
        after = make(column[row], draft.rng)
        if after != column[row]:
            column[row] = after
            changed.append(row)
    if not changed:
        raise Unfit
    return draft.crowd.names(changed)
