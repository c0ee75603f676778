"""Faults of VAL008 to VAL013."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.mishaps import phrases_fields as said
from bench.mishaps import words
from bench.mishaps.extra_fields import LINES, add, printed
from bench.mishaps.formats import styles
from bench.mishaps.healthy import DEED, joined, segment
from bench.mishaps.labels import Label
from bench.mishaps.letters import GREETINGS, Draft
from bench.mishaps.people import ABSENT
from bench.mishaps.planting import Plant, Unfit, claim, rows_without, take
from bench.mishaps.twins_fields import TWINS
from presend.audience.schema import fact
from presend.model import Confidence, Ground, Leaf, Op, Platform

_SHARES = (
    "the documents speak of formats and shares: whether all who have a value are affected, or those apart, is open"
)


def mixed_formats(draft: Draft) -> list[Label]:
    """VAL008: days, numbers, countries or states of one field written in two ways, or three, and printed."""
    kind = draft.rng.choice(("date", "phone", "country", "state"))
    token, label = _mixed(draft, kind)
    printed(draft, kind, token)
    return [label]


def mixed_in_segment(draft: Draft) -> list[Label]:
    """VAL008: a segment leaves out "FR"; some wrote "France"."""
    if "audience" in draft.spoilt:
        raise Unfit
    kind = draft.rng.choice(("country", "state"))
    _token, label = _mixed(draft, kind)
    draft.spoilt.add("audience")
    column = draft.slot(kind).column
    out, other = ("FR", "GB") if kind == "country" else ("NY", "MN")
    cells = draft.crowd.columns[column]
    draft.crowd.put(column, [row for row, value in enumerate(cells) if value == out], other)
    elsewhere = Leaf(Ground.FIELD, column, Op.IS_NOT, (out,))
    draft.audience = segment("All but the far shore", joined(draft.platform, elsewhere, DEED))
    why = f"{_SHARES}; whoever has no value is a matter of the segment"
    return [replace(label, needle="", also=("SEG003",), why=why, fault=f"mixed_in_segment {kind}")]


def _mixed(draft: Draft, kind: str) -> tuple[str, Label]:
    rng, size = draft.rng, len(draft.crowd.ids)
    ways = styles(kind, rng)
    names = rng.sample(sorted(ways), rng.choice((2, 2, min(3, len(ways)))))
    shares = {2: (0.75, 0.25), 3: (0.6, 0.25, 0.15)}[len(names)]
    if len(names) == 2 and rng.random() < 0.4:
        shares = (0.88, 0.12)
    chosen = rng.choices(names, shares, k=size)
    chosen[: len(names)] = names
    slot = add(draft, kind, [ways[way](rng.randrange(700)) for way in chosen])
    draft.spoilt.add(kind)
    most = max(names, key=chosen.count)
    apart = draft.crowd.names(row for row, way in enumerate(chosen) if way != most)
    everybody = (draft.crowd.everyone(),)
    label = Label(
        "VAL008", apart, slot.token, or_affected=everybody, why=_SHARES, column=slot.column, fault=f"mixed {kind}"
    )
    return draft.pen.bare(slot), label


def slip(draft: Draft) -> list[Label]:
    """VAL009: two letters changed over in a name that many others have."""
    key = claim(draft, ("first", "last"), unused=True)
    family = key == "last"
    slot, rng = draft.slot(key), draft.rng
    column = draft.crowd.columns[slot.column]
    held = [row for row in range(len(column)) if row not in set(rows_without(draft, key))]
    rng.shuffle(held)
    who: list[int] = []
    for _pair in range(rng.choice((1, 1, 2))):
        usual, wrong = _pick(draft, said.SLIPS, lambda pair: (pair[0] in said.SURNAME_SLIPS) is family)
        often = max(14, round(len(column) * rng.uniform(0.06, 0.12)))
        if wrong in column or len(held) < 2:
            continue
        row = held.pop()
        who.append(row)
        column[row] = wrong
        draft.crowd.put(slot.column, held[:often], usual)
        del held[:often]
    _greet(draft, key)
    return [Label("VAL009", draft.crowd.names(who), slot.token, column=slot.column, fault=f"slip {key}")]


def _pick(draft: Draft, entries: Sequence[str], fits: Callable[[list[str]], bool]) -> list[str]:
    while True:
        pair = draft.phrase(entries).split("|")
        if fits(pair):
            return pair


def _greet(draft: Draft, key: str) -> None:
    """Print the name, with a fallback where somebody has none."""
    slot = draft.slot(key)
    if key == "last" and not take(draft, "first"):
        # Another fault is in the greeting.
        draft.say(f"A chair by the window carries the name {draft.pen.bare(slot)}.")
        return
    some = bool(rows_without(draft, key))
    token = draft.pen.safe(slot, draft.rng.choice(words.FALLBACKS)) if some else draft.pen.bare(slot)
    draft.greeting = draft.rng.choice(GREETINGS)[0].format(token)


def preferred(draft: Draft) -> list[Label]:
    """VAL010: some have said what they want to be called, and are greeted by the name on record."""
    key = claim(draft, ("first",))
    slot = draft.slot(key)
    column = draft.crowd.columns[slot.column]
    known: list[object] = [ABSENT] * len(column)
    held = set(range(len(column))) - set(rows_without(draft, key))
    rows = [row for row in draft.crowd.pick(draft.rng, draft.rng.uniform(0.01, 0.12)) if row in held]
    rows = rows or [min(held)]
    for row in rows:
        column[row], known[row] = draft.phrase(said.PREFERRED).split("|")
    # Many more have filled in what they are called anyway.
    for row in held - set(rows):
        if draft.rng.random() < 0.2:
            known[row] = column[row]
    draft.crowd.columns[fact("preferred_name")] = known
    _greet(draft, key)
    return [Label("VAL010", draft.crowd.names(rows), slot.token, column=slot.column, fault="preferred")]


def _greeting_free(draft: Draft) -> str:
    """The surname's field, and the greeting with it. Raises Unfit when a fault is in either, or titles are known."""
    known = draft.crowd.columns.keys() & {fact("title"), fact("gender")}
    if "first" in draft.spoilt or known or "gender" in draft.account.slots:
        raise Unfit
    key = claim(draft, ("last",), unused=True)
    draft.spoilt.add("first")
    return key


def guessed_title(draft: Draft) -> list[Label]:
    """VAL011: the greeting says Mr, Mrs, Sir or Madam to people who never gave a title or a gender."""
    key = _greeting_free(draft)
    title, greeting = draft.phrase(said.GUESSES).split("|")
    draft.greeting = greeting.format(draft.pen.bare(draft.slot(key)))
    needle = greeting.split("{}")[0].strip()
    size = len(draft.crowd.ids)
    if draft.rng.random() < 0.35:
        why = "no such fact is known in this account: what cannot be looked up is unknown, not false"
        return [
            Label(
                "VAL011",
                draft.crowd.everyone(),
                needle,
                confidence=Confidence.LOW,
                why=why,
                fault=f"guessed_title {title}",
            )
        ]
    rows = set(draft.crowd.pick(draft.rng, draft.rng.uniform(0.05, 0.9)))
    if draft.rng.random() < 0.6:
        stated = {"Sir": "Mr", "Madam": "Ms"}.get(title, title)
        draft.crowd.columns[fact("title")] = [ABSENT if row in rows else stated for row in range(size)]
    else:
        stated = "male" if title in ("Mr", "Sir") else "female"
        draft.crowd.columns[fact("gender")] = [ABSENT if row in rows else stated for row in range(size)]
    return [Label("VAL011", draft.crowd.names(rows), needle, fault=f"guessed_title {title} some stated")]


def branch_on_gender(draft: Draft) -> list[Label]:
    """VAL011: whoever is not on record as a woman is a man, also those who said nothing."""
    size, rng = len(draft.crowd.ids), draft.rng
    key = _greeting_free(draft)
    silent = set(draft.crowd.pick(rng, rng.uniform(0.05, 0.6)))
    stated = [ABSENT if row in silent else rng.choice(("female", "male")) for row in range(size)]
    slot = add(draft, "gender", stated)
    draft.crowd.columns[fact("gender")] = list(stated)
    draft.spoilt.add("gender")
    last = draft.pen.bare(draft.slot(key))
    her, him = rng.choice((("Dear Mrs {}", "Dear Mr {}"), ("Hello Ms {}", "Hello Mr {}"), ("Madam {}", "Sir {}")))
    draft.greeting = draft.pen.equals(slot, "female", f"{her.format(last)},", f"{him.format(last)},")
    # From the condition to the title: a finding may be about either.
    needle = draft.greeting[draft.greeting.index(slot.token) : draft.greeting.rindex(him.split("{}")[0]) + len(him) - 2]
    why = "a branch on a field that some lack is a matter of its own"
    return [Label("VAL011", draft.crowd.names(silent), needle, also=("VAL007",), why=why, fault="branch_on_gender")]


def _script(name: object) -> str:
    """In which script a name is written: the same name stands in two in many an account, which is no other name."""
    letters = [letter for letter in str(name) if letter.isalpha()]
    return unicodedata.name(letters[-1]).split()[0] if letters else ""


def former_surname(draft: Draft) -> list[Label]:
    """VAL012: the shop's own records have a newer surname than the field that is printed."""
    key = claim(draft, ("last",), unused=True)
    slot = draft.slot(key)
    column = draft.crowd.columns[slot.column]
    newer: list[object] = [ABSENT] * len(column)
    rows = [
        row for row in draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.09)) if _script(column[row]) == "LATIN"
    ]
    if not rows:
        raise Unfit
    for row in rows:
        other = draft.rng.choice([name for name in words.SURNAMES if name != column[row] and _script(name) == "LATIN"])
        newer[row] = f"{other}-{column[row]}" if draft.rng.random() < 0.15 else other
    draft.crowd.columns[fact("new_last_name")] = newer
    if draft.rng.random() < 0.5 and take(draft, "first"):
        both = f"{draft.pen.safe(draft.slot('first'), 'friend')} {draft.pen.bare(slot)}"
        draft.greeting = draft.rng.choice(GREETINGS)[0].format(both)
    else:
        draft.say(f"A chair by the window carries the name {draft.pen.bare(slot)}.")
    return [Label("VAL012", draft.crowd.names(rows), slot.token, column=slot.column, fault="former_surname")]


_KINDS: dict[str, tuple[str, tuple[str, ...], Callable[[random.Random], str]]] = {
    "seats": ("number", said.WRONG_NUMBERS, lambda rng: str(rng.randint(1, 60))),
    "date": ("date", said.WRONG_DATES, lambda rng: f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"),
    "phone": ("phone", said.WRONG_PHONES, lambda rng: f"(218) 555-{rng.randint(100, 199):04d}"),
    "page": ("url", said.WRONG_PAGES, lambda rng: f"https://www.example.org/p/{rng.randint(10, 9999)}"),
}
"""By field: the type, what is wrong in it, and what is right."""


def wrong_type(draft: Draft) -> list[Label]:
    """VAL013: words in a field of numbers, days, phone numbers or pages; told by its type, or by its name alone."""
    key = draft.rng.choice(sorted(_KINDS))
    declared, wrong, right = _KINDS[key]
    kind = declared if _has_type(draft.platform, declared) and draft.rng.random() < 0.6 else "text"
    rows = set(draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.14)))
    values = [draft.phrase(wrong) if row in rows else right(draft.rng) for row in range(len(draft.crowd.ids))]
    slot = add(draft, key, values, kind)
    draft.spoilt.add(key)
    draft.say(LINES[key].format(draft.pen.bare(slot)))
    also = ("VAL002", "VAL004", "VAL008")
    sure = Confidence.HIGH if kind == declared else Confidence.MEDIUM
    why = "the values are junk or of another format as well; a type that the name alone tells is likely, not certain"
    return [
        Label(
            "VAL013",
            draft.crowd.names(rows),
            slot.token,
            (),
            also,
            confidence=sure,
            why=why,
            column=slot.column,
            fault=f"{key} {kind}",
        )
    ]


def _has_type(platform: Platform, word: str) -> bool:
    match platform:
        case Platform.MAILCHIMP:
            return True
        case Platform.HUBSPOT:
            return word in ("number", "date")
        case Platform.KLAVIYO:
            return False


PLANTS: tuple[tuple[Plant, int], ...] = (
    (mixed_formats, 2),
    (mixed_in_segment, 1),
    (slip, 2),
    (preferred, 2),
    (guessed_title, 2),
    (branch_on_gender, 1),
    (former_surname, 2),
    (wrong_type, 2),
)
"""Faults with their weights."""

TRICKS: tuple[Callable[[Draft], bool], ...] = TWINS
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
