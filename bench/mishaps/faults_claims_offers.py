"""Faults of CLM004 and CLM005: offers that are over, weekdays that do not match, a subject that promises otherwise."""

from __future__ import annotations

from bench.mishaps import claims_facts as facts
from bench.mishaps import phrases_claims_offers as offers
from bench.mishaps.claims_dates import PLAIN, WITH_DAY, around, write
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.planting import Unfit, take

_LATE = "M30 speaks of offers that are over, of what is past at arrival and of wrong weekdays in one breath"
COINS = ("£{}", "${}", "€{}", "€ {}", "{} €", "£{}.00", "${}.95", "EUR {}", "{} USD")


def offer_over(draft: Draft) -> list[Label]:
    """CLM004: an offer that ended days before the letter arrives."""
    facts.need(draft, "schedule", "offer")
    form = draft.phrase(PLAIN) if draft.rng.random() < 0.7 else draft.phrase(WITH_DAY)
    when = write(around(draft.rng, facts.arrives(draft), -40, -3), form)
    said = facts.place(draft, offers.ENDS, offers.ENDS_SUBJECTS, word=when)
    everyone = draft.crowd.everyone()
    return [Label("CLM004", everyone, said, also=("TIM002", "TIM005"), why=_LATE, fault=f"offer_over {form}")]


def other_weekday(draft: Draft) -> list[Label]:
    """CLM004: a date that is on another day of the week."""
    facts.need(draft, "schedule", "offer")
    form = draft.phrase(WITH_DAY)
    off = draft.rng.choice((1, 1, 6, 6, 2, 3, 4, 5))
    when = write(around(draft.rng, facts.arrives(draft), 5, 70), form, off=off)
    body, heads = (
        (offers.MEETS, offers.MEETS_SUBJECTS) if draft.rng.random() < 0.6 else (offers.ENDS, offers.ENDS_SUBJECTS)
    )
    said = facts.place(draft, body, heads, word=when)
    everyone = draft.crowd.everyone()
    return [Label("CLM004", everyone, said, also=("TIM002", "TIM005"), why=_LATE, fault=f"other_weekday {form}")]


def other_discount(draft: Draft) -> list[Label]:
    """CLM005: one discount in the subject, another in the letter."""
    _lead(draft)
    head = draft.rng.choice((25, 35, 45, 55))
    body = draft.rng.choice([n for n in (10, 15, 20, 25, 30, 35, 40) if n != head])
    space = draft.rng.random() < 0.15
    draft.subject = _percent(draft.phrase(offers.OFF_SUBJECTS), head, space=space)
    said = _percent(draft.phrase(offers.OFF_BODIES), body, space=space)
    draft.say(said)
    return [Label("CLM005", draft.crowd.everyone(), fault=f"other_discount: {draft.subject} / {said}")]


def _percent(phrase: str, number: int, *, space: bool) -> str:
    return phrase.replace("{}%", f"{number} %" if space else f"{number}%")


def other_price(draft: Draft) -> list[Label]:
    """CLM005: one price in the subject, another in the letter."""
    _lead(draft)
    coin = draft.rng.choice(COINS)
    head, body = draft.rng.sample((19, 24, 29, 39, 45, 49, 59, 79, 89), 2)
    draft.subject = draft.phrase(offers.COSTS_SUBJECTS).format(coin.format(head))
    said = draft.phrase(offers.COSTS_BODIES).format(coin.format(body))
    costs(draft, said)
    return [Label("CLM005", draft.crowd.everyone(), fault=f"other_price: {draft.subject} / {said}")]


def costs(draft: Draft, said: str) -> None:
    """What the thing in the subject costs, in the letter: under its name, or in a sentence of its own."""
    name = next((one for one in offers.GOODS if one in draft.subject), "")
    if name and draft.rng.random() < 0.6:
        name = name[0].upper() + name[1:]
        draft.blocks.insert(0, (f"<h2>{name}</h2>\n<p>{said}</p>", f"{name}\n{said}"))
    else:
        draft.say(said)


def _lead(draft: Draft) -> None:
    """Take the subject for an offer. Raises Unfit where something else has it."""
    if draft.closed or "subject" in draft.spoilt or not facts.free(draft, "offer"):
        raise Unfit
    take(draft, "subject")
    facts.need(draft, "offer")
