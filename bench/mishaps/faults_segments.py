"""Faults of SEG001 to SEG007: segments too broad, contradictory, drifted, or of an odd size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.mishaps.accounts import Slot
from bench.mishaps.healthy import CONSENT, DEED, GROUP, either, joined, segment
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft, blanked
from bench.mishaps.people import day
from bench.mishaps.phrases_segments import TESTERS, WHOLE
from bench.mishaps.planting import Plant, Unfit, claim, close, only, rows_without
from presend.audience.schema import fact
from presend.model import AudienceRef, Confidence, Ground, Leaf, ListRef, Logic, Op, Platform


def _take(draft: Draft) -> None:
    if draft.closed or "audience" in draft.spoilt:
        raise Unfit
    draft.spoilt.add("audience")


def field(slot: Slot, op: Op, *values: str, unset: bool | None = None) -> Leaf:
    """A condition on a field."""
    return Leaf(Ground.FIELD, slot.column, op, values, unset)


def extra(draft: Draft, key: str, names: dict[Platform, str], values: list[Any]) -> Slot:
    """A further field of the account, which the letter does not print."""
    column = names[draft.platform]
    token = f"contact.{column}" if draft.platform is Platform.HUBSPOT else f"person.{column}"
    slot = Slot(key, column, column if draft.platform is Platform.MAILCHIMP else token, column.title())
    draft.account.slots[key] = slot
    draft.crowd.columns[column] = values
    return slot


def gender(draft: Draft, value: str) -> Slot:
    """Everybody's stated gender, the same."""
    names = {Platform.MAILCHIMP: "GENDER", Platform.KLAVIYO: "Gender", Platform.HUBSPOT: "gender"}
    return extra(draft, "gender", names, [value] * len(draft.crowd.ids))


def age(draft: Draft, least: int) -> Slot:
    """Everybody's age, from so many years on."""
    names = {Platform.MAILCHIMP: "AGE", Platform.KLAVIYO: "age", Platform.HUBSPOT: "age"}
    years = [draft.rng.randint(least, least + 30) for _ in draft.crowd.ids]
    values: list[Any] = [str(n) for n in years] if draft.platform is Platform.HUBSPOT else list(years)
    return extra(draft, "age", names, values)


def whole_list(draft: Draft) -> list[Label]:
    """SEG001: everybody, or everybody with an address or consent."""
    _take(draft)
    name, kind = draft.phrase(WHOLE), "list"
    # Elsewhere a list may be one of many, and Ground.OTHER may be more than consent.
    sure = Confidence.HIGH if draft.platform is Platform.MAILCHIMP else Confidence.LOW
    draft.audience = AudienceRef((ListRef("w1", "list", name),))
    if draft.platform is not Platform.MAILCHIMP and draft.rng.random() < 0.4:
        logic: Logic = joined(draft.platform, CONSENT)
        kind = "consent alone"
        if draft.platform is Platform.HUBSPOT and draft.rng.random() < 0.5:
            logic, kind = joined(draft.platform, field(draft.slot("email"), Op.SET)), "address alone"
            sure = Confidence.HIGH
        draft.audience = segment(name, logic)
    why = "" if sure is Confidence.HIGH else "only the name tells that everybody is on it"
    info, everyone = sure is not Confidence.HIGH, draft.crowd.everyone()
    return [Label("SEG001", everyone, confidence=sure, why=why, fault=f"whole_list {kind}", info=info)]


def demographic(draft: Draft) -> list[Label]:
    """SEG002: gender or age, and nothing that anybody did."""
    _take(draft)
    rng, platform = draft.rng, draft.platform
    kind = rng.choice(("gender", "age", "both", "either", "gender and consent", "predicted"))
    woman = rng.choice(("female", "Female", "F", "male", "Male"))
    logic: Logic
    match kind:
        case "age":
            logic = joined(platform, field(age(draft, 51), Op.ABOVE, "50"))
        case "both":
            logic = joined(platform, field(gender(draft, woman), Op.IS, woman), field(age(draft, 31), Op.ABOVE, "30"))
        case "either":
            logic = either(platform, field(gender(draft, woman), Op.IS, woman), field(age(draft, 61), Op.ABOVE, "60"))
        case "gender and consent":
            logic = joined(platform, field(gender(draft, woman), Op.IS, woman), CONSENT)
        case "predicted" if platform is not Platform.HUBSPOT:
            logic = joined(platform, Leaf(Ground.FIELD, "predicted_gender"))
        case _:
            logic = joined(platform, field(gender(draft, woman), Op.IS, woman))
    draft.audience = segment(rng.choice(("Women", "Mother's day", "Over 50", "Ladies' night", "Men")), logic)
    open_ = kind == "gender and consent"
    why = "what is shown of the second condition does not tell consent from anything else" if open_ else ""
    sure, also = Confidence.LOW if open_ else Confidence.HIGH, ()
    if kind == "predicted":
        also, why = ("VAL011",), "a gender that the platform guesses is guessed (M18)"
    everyone = draft.crowd.everyone()
    return [Label("SEG002", everyone, confidence=sure, also=also, why=why, fault=f"demographic {kind}")]


def unset_in(draft: Draft) -> list[Label]:
    """SEG003: some are in only because a field that must not be something is not set at all."""
    # HubSpot's lists say themselves whether those without a value are meant.
    only(draft, Platform.MAILCHIMP, Platform.KLAVIYO)
    key = claim(draft, ("shop", "job", "company"), unused=True)
    _take(draft)
    slot = draft.slot(key)
    who = blanked(draft, key, draft.rng.uniform(0.03, 0.3))
    op = draft.rng.choice((Op.IS_NOT, Op.IS_NOT, Op.LACKS))
    without = {"shop": "Quayside", "job": "Intern", "company": "Plover Ltd"}[key]
    leaf = field(slot, op, without)
    other = draft.rng.choice((DEED, GROUP))
    draft.audience = segment(f"Buyers but {without}", joined(draft.platform, other, leaf))
    sure, why = Confidence.MEDIUM, "that they are in is certain, that nobody meant them to be is not"
    return [Label("SEG003", who, confidence=sure, why=why, column=slot.column, fault=f"unset_in {op.value}")]


def contradictory(draft: Draft) -> list[Label]:
    """SEG004: conditions that nobody can meet, and nobody who does."""
    _alone(draft)
    rng, branch, points = draft.rng, draft.slot("shop"), draft.slot("points")
    pair = rng.choice(
        (
            (field(branch, Op.SET), field(branch, Op.UNSET)),
            (field(branch, Op.IS, "Quayside"), field(branch, Op.UNSET)),
            (field(branch, Op.IS, "Quayside"), field(branch, Op.IS_NOT, "Quayside")),
            (field(points, Op.ABOVE, "900"), field(points, Op.BELOW, "100")),
            (field(branch, Op.IS, "Quayside"), field(branch, Op.IS, "Old Mill")),
        )
    )
    draft.audience = segment("Quayside, twice over", joined(draft.platform, *pair, DEED))
    _nobody(draft)
    return [Label("SEG004", frozenset(), fault=f"contradictory {pair[0].op.value} {pair[1].op.value}")]


def empty(draft: Draft) -> list[Label]:
    """SEG004: a segment, a tag or a list that nobody is in."""
    _alone(draft)
    if draft.rng.random() < 0.5:
        draft.audience = AudienceRef(
            (ListRef("t9", "tag" if draft.platform is Platform.MAILCHIMP else "list", "Guests of the opening"),)
        )
    _nobody(draft)
    return [Label("SEG004", frozenset(), fault="empty")]


def _alone(draft: Draft) -> None:
    if draft.planted:
        raise Unfit
    close(draft)
    _take(draft)


def _nobody(draft: Draft) -> None:
    draft.crowd.ids.clear()
    for cells in draft.crowd.columns.values():
        cells.clear()


def dead_branch(draft: Draft) -> list[Label]:
    """SEG004: one of two ways into the audience is closed by its own conditions."""
    if draft.platform is Platform.MAILCHIMP:
        raise Unfit
    _take(draft)
    branch = draft.slot("shop")
    closed = joined(draft.platform, field(branch, Op.SET), field(branch, Op.UNSET))
    fine = segment("Regulars", joined(draft.platform, DEED))
    bad = segment("Quayside", closed)
    draft.audience = replace(
        fine,
        included=(*fine.included, replace(bad.included[0], id="s3")),
        definitions=(*fine.definitions, *bad.definitions),
    )
    why = "people come by the other segment, so that the send is not empty; nobody comes by this one"
    nobody: tuple[frozenset[str], ...] = (frozenset(),)
    return [
        Label(
            "SEG004",
            draft.crowd.everyone(),
            or_affected=nobody,
            confidence=Confidence.LOW,
            why=why,
            fault="dead_branch",
        )
    ]


def too_large(draft: Draft) -> list[Label]:
    """SEG005: many times as many people as ever before."""
    _sizes(draft, draft.rng.uniform(0.05, 0.2))
    return [Label("SEG005", draft.crowd.everyone(), fault="too_large")]


def too_small(draft: Draft) -> list[Label]:
    """SEG005: a feed that broke off: a tenth of the people, or fewer."""
    _sizes(draft, draft.rng.uniform(12, 40))
    return [Label("SEG005", draft.crowd.everyone(), fault="too_small")]


def _sizes(draft: Draft, times: float) -> None:
    if draft.closed or "sizes" in draft.spoilt:
        raise Unfit
    draft.spoilt.add("sizes")
    size = len(draft.crowd.ids)
    earlier = tuple(round(size * times * draft.rng.uniform(0.8, 1.25)) for _ in range(draft.rng.randint(9, 30)))
    draft.record = replace(draft.record, sizes=earlier)


def address(draft: Draft, rows: list[int], locals_: list[str], domain: str = "") -> frozenset[str]:
    """Give some people other addresses; who they are."""
    column = draft.slot("email").column
    for row, local in zip(rows, locals_, strict=True):
        own = domain or draft.rng.choice(("example.com", "example.org", "mail.example.com"))
        for name in (column, fact("email")):
            draft.crowd.columns[name][row] = f"{local}@{own}"
    return draft.crowd.names(rows)


def some_rows(draft: Draft, most: int, *, named: bool = False) -> list[int]:
    """A few people whose address nothing has changed yet; with `named`, such as a letter can call by name."""
    column = draft.crowd.columns[fact("email")]
    free = [row for row, value in enumerate(column) if isinstance(value, str) and value.startswith("person")]
    if named:
        nameless = {row for key in ("first", "last") for row in rows_without(draft, key)}
        free = [row for row in free if row not in nameless]
    size = draft.rng.randint(1, most)
    if len(free) < 2 * size:
        raise Unfit
    return sorted(draft.rng.sample(free, size))


def testers(draft: Draft) -> list[Label]:
    """SEG006: those who tried out the form, and mailboxes of tools, get the real thing."""
    _addresses(draft)
    rows = some_rows(draft, 6)
    who = address(draft, rows, draft.rng.sample(TESTERS[draft.held :: 2], len(rows)))
    why = "some of these names are a function's as well"
    return [Label("SEG006", who, also=("DUP004",), why=why, column=fact("email"), fault="testers")]


def _addresses(draft: Draft) -> None:
    if draft.closed or "testers" in draft.spoilt:
        raise Unfit
    draft.spoilt.add("testers")


def drifted(draft: Draft) -> list[Label]:
    """SEG007: fixed long ago, and some no longer are what the conditions ask for."""
    only(draft, Platform.MAILCHIMP, Platform.HUBSPOT)
    key = claim(draft, ("tier", "shop", "job"), unused=True)
    _take(draft)
    rng, slot = draft.rng, draft.slot(key)
    column = draft.crowd.columns[slot.column]
    values = sorted(set(column))
    wanted = rng.choice(values)
    gone = draft.crowd.pick(rng, rng.uniform(0.05, 0.5))
    for row in range(len(column)):
        column[row] = wanted
    for row in gone:
        column[row] = rng.choice([v for v in values if v != wanted])
    logic = joined(draft.platform, field(slot, Op.IS, wanted), DEED)
    draft.audience = segment(f"{wanted} in spring", logic, fixed=draft.platform is Platform.HUBSPOT)
    if draft.platform is Platform.MAILCHIMP:
        since = draft.now - timedelta(days=rng.uniform(4, 30))
        draft.frozen_since = since
        draft.crowd.put(fact("updated_at"), gone, day(since + (draft.now - since) / 2))
    why = "data that changed after the recipients were fixed is AGE004's subject"
    return [
        Label("SEG007", draft.crowd.names(gone), also=("AGE004",), why=why, column=slot.column, fault=f"drifted {key}")
    ]


PLANTS: tuple[tuple[Plant, int], ...] = (
    (whole_list, 3),
    (demographic, 3),
    (unset_in, 4),
    (contradictory, 3),
    (empty, 2),
    (dead_branch, 2),
    (too_large, 2),
    (too_small, 1),
    (testers, 3),
    (drifted, 4),
)
"""Faults with their weights."""
