"""Faults and hard negatives of SEN001 to SEN006: tender subjects, being followed about, clashes of tone."""

from __future__ import annotations

from collections.abc import Callable

from bench.mishaps import faults_dark, faults_familiar, phrases_tone
from bench.mishaps import phrases_sensitive as said
from bench.mishaps.healthy import DEED, joined, segment
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import day
from bench.mishaps.placing import add_field, body, innocent, once, place, quoted
from bench.mishaps.planting import Plant, Unfit, claim
from presend.audience.schema import fact
from presend.model import Confidence

_JOLLY = "a line about grief or illness beside a jolly one is a clash of tone as well (M15)"


def tender_copy(draft: Draft) -> list[Label]:
    """SEN001: the copy says of its reader what is nobody else's business (M16)."""
    once(draft, "tender")
    text = quoted(draft, draft.phrase(said.TENDER_COPY))
    where = place(draft, text)
    return [Label("SEN001", draft.crowd.everyone(), text, also=("SEN003",), why=_JOLLY, fault=f"tender_copy {where}")]


def tender_branch(draft: Draft) -> list[Label]:
    """SEN001: the same in a passage that only some of them get."""
    once(draft, "tender")
    key = claim(draft, ("tier",), unused=True)
    slot = draft.slot(key)
    text = quoted(draft, draft.phrase(said.TENDER_COPY))
    draft.say(draft.pen.equals(slot, "Gold", text, "There is a bench in the yard."))
    draft.crowd.taken.add(key)
    values = draft.crowd.columns[slot.column]
    who = draft.crowd.names(row for row, value in enumerate(values) if value == "Gold")
    if not who:
        raise Unfit
    return [Label("SEN001", who, text, also=("SEN003",), why=_JOLLY, fault="tender_branch")]


def tender_field(draft: Draft) -> list[Label]:
    """SEN001: a field that holds such a thing is printed."""
    once(draft, "tender")
    label, values, line = draft.phrase(said.TENDER_FIELDS).split("|")
    held = [draft.rng.choice(values.split(";")) for _one in draft.crowd.ids]
    slot = add_field(draft, "tender", label, held)
    text = line.format(draft.pen.bare(slot))
    where = place(draft, text)
    everyone = draft.crowd.everyone()
    return [Label("SEN001", everyone, text, also=("SEN003",), why=_JOLLY, fault=f"tender_field {label}, {where}")]


def tender_segment(draft: Draft) -> list[Label]:
    """SEN001: a segment's name and the copy together tell why one gets it."""
    once(draft, "audience")
    once(draft, "tender")
    name, line = draft.phrase(said.TENDER_SEGMENTS).split("|")
    draft.audience = segment(name, joined(draft.platform, DEED))
    where = place(draft, quoted(draft, line))
    why = "the copy implies what the segment's name says, and its readers do not see the name"
    who = draft.crowd.everyone()
    return [Label("SEN001", who, confidence=Confidence.MEDIUM, why=why, fault=f"tender_segment {name}, {where}")]


def tender_goods(draft: Draft) -> list[Label]:
    """SEN001: a product is printed by its name, and for some people it is one that tells of them."""
    once(draft, "tender")
    rng, size = draft.rng, len(draft.crowd.ids)
    rows = set(draft.crowd.pick(rng, rng.uniform(0.02, 0.4)))
    goods = said.TENDER_GOODS[draft.held :: 2]
    held = [rng.choice(goods if row in rows else said.PLAIN_GOODS) for row in range(size)]
    slot = add_field(draft, "goods", rng.choice(("Last Product", "Last item", "Product bought")), held)
    if fact("orders") not in draft.crowd.columns and "orders" not in draft.spoilt:
        draft.crowd.columns[fact("orders")] = [rng.randint(1, 6) for _ in range(size)]
        draft.crowd.columns[fact("last_product")] = list(held)
        bought = [day(draft.now - draft.rng.uniform(2, 60) * _DAY) for _ in range(size)]
        draft.crowd.columns[fact("last_order_at")] = bought
    text = draft.phrase(said.GOODS_LINES).format(draft.pen.bare(slot))
    where = place(draft, text)
    return [Label("SEN001", draft.crowd.names(rows), text, column=slot.column, fault=f"tender_goods {where}")]


_DAY = faults_dark.DAY


def followed(draft: Draft) -> list[Label]:
    """SEN002: the copy tells its reader of having been watched (M17)."""
    once(draft, "followed")
    text = quoted(draft, draft.phrase(said.FOLLOWED))
    where = place(draft, text)
    why = "exact places and numbers of visits are over-familiar as well (M17)"
    return [Label("SEN002", draft.crowd.everyone(), text, also=("SEN005",), why=why, fault=f"followed {where}")]


_TENDER = "what it clashes with is a tender subject, told of the reader (M16)"


def clash(draft: Draft) -> list[Label]:
    """SEN003: joy about what hurts, in one line (M15)."""
    once(draft, "tender")
    text = quoted(draft, draft.phrase(phrases_tone.CLASHES))
    where = place(draft, text)
    return [Label("SEN003", draft.crowd.everyone(), text, also=("SEN001",), why=_TENDER, fault=f"clash {where}")]


def clash_of_parts(draft: Draft) -> list[Label]:
    """SEN003: a jubilant subject over a letter of condolence."""
    once(draft, "subject")
    once(draft, "tender")
    draft.subject = quoted(draft, draft.phrase(phrases_tone.FESTIVE))
    body(draft, quoted(draft, draft.phrase(phrases_tone.CONDOLENCES)))
    why = f"a subject and a paragraph may be about two things; {_TENDER}"
    sure = Confidence.MEDIUM
    return [Label("SEN003", draft.crowd.everyone(), also=("SEN001",), confidence=sure, why=why, fault="clash_of_parts")]


def quiet_segment(draft: Draft) -> bool:
    """Segments whose names hold such a word and mean no such thing."""
    if "audience" in draft.spoilt:
        return False
    draft.audience = segment(draft.phrase(_QUIET_SEGMENTS), joined(draft.platform, DEED))
    return True


_QUIET_SEGMENTS = (
    "Baby boomers, opened lately",
    "Generation X, opened lately",
    "Union Square shoppers",
    "Union Street market, visitors",
    "Black Friday buyers",
    "Chapel Road shoppers",
    "Cancer research fun run, sign-ups",
    "Black tie ball, guests",
    "Adult education, evening class",
    "Hospital shop volunteers",
    "Straight razor owners",
    "Adult learners, evening class",
    "Debt-free seminar, sign-ups",
    "Straight-leg jeans buyers",
    "Faith's regulars (Leith branch)",
    "Debt advice centre, volunteers",
    "Diabetes walk, sponsors",
    "Hope's regulars (Harbour branch)",
    "Sober October drinks list",
    "Cancer charity walk, sponsors",
    "Party planners",
    "Party supplies buyers",
    "Native plants people",
    "Green party dress buyers",
)


def plain_goods(draft: Draft) -> bool:
    """What people bought is printed, and there is nothing to it."""
    if "goods" in draft.account.slots or "goods" in draft.crowd.taken:
        return False
    held = [draft.rng.choice(said.PLAIN_GOODS) for _one in draft.crowd.ids]
    try:
        slot = add_field(draft, "plain", "Shelf item", held)
    except Unfit:
        return False
    body(draft, draft.phrase(said.GOODS_LINES).format(draft.pen.bare(slot)))
    return True


PLANTS: tuple[tuple[Plant, int], ...] = (
    (tender_copy, 2),
    (tender_branch, 1),
    (tender_field, 2),
    (tender_segment, 1),
    (tender_goods, 1),
    (followed, 2),
    (clash, 2),
    (clash_of_parts, 1),
    *faults_dark.PLANTS,
    *faults_familiar.PLANTS,
)
"""Faults with their weights."""

TRICKS: tuple[Callable[[Draft], bool], ...] = (
    innocent("tender_to_nobody", said.TENDER_TO_NOBODY),
    quiet_segment,
    plain_goods,
    innocent("not_followed", said.NOT_FOLLOWED),
    innocent("no_clash", phrases_tone.NO_CLASH),
    *faults_dark.TRICKS,
    *faults_familiar.TRICKS,
)
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
