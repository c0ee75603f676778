"""Hard negatives of the claims: the same words of nobody in particular, and claims that are true of who reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.mishaps import claims_facts as facts
from bench.mishaps import faults_claims_offers as offered
from bench.mishaps import faults_claims_standing as wrong
from bench.mishaps import phrases_claims_absence as absence
from bench.mishaps import phrases_claims_offers as offers
from bench.mishaps import phrases_claims_products as products
from bench.mishaps import phrases_claims_purchase as purchase
from bench.mishaps import phrases_claims_standing as standing
from bench.mishaps import phrases_claims_unproven as unproven
from bench.mishaps.claims_dates import PLAIN, WITH_DAY, around, write
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT
from bench.mishaps.phrases_claims_quoted import QUOTED
from bench.mishaps.words import CARS, TIERS
from presend.audience.schema import fact
from presend.model import Platform


def _told(draft: Draft, body: Sequence[str], heads: Sequence[str] = ()) -> bool:
    """Say a phrase; one in three in the subject, where no hard negative has that yet."""
    if heads and draft.rng.random() < 0.35 and facts.free(draft, "subject"):
        draft.subject = draft.phrase(heads)
        draft.crowd.taken.add("subject")
    else:
        draft.say(draft.phrase(body))
    return True


def purchase_of_others(draft: Draft) -> bool:
    """A purchase in conditions, terms, stories and promises."""
    return _told(draft, purchase.NOT_BOUGHT, purchase.NOT_BOUGHT_SUBJECTS)


def absence_of_others(draft: Draft) -> bool:
    """Returns and absences of birds, bowls and colleagues."""
    return _told(draft, absence.NOT_MISSED, absence.NOT_MISSED_SUBJECTS)


def standing_of_others(draft: Draft) -> bool:
    """Members, birthdays and homes of other people and of things."""
    return _told(draft, unproven.NOT_STANDING, unproven.NOT_STANDING_SUBJECTS)


def baskets_of_others(draft: Draft) -> bool:
    """Baskets, children and jobs, of nobody in particular."""
    return _told(draft, unproven.NOT_UNPROVEN)


def quoted_claim(draft: Draft) -> bool:
    """A claim in quotation marks, which somebody else said to somebody else."""
    lists = (purchase.BOUGHT_SUBJECTS, purchase.LATELY_SUBJECTS, absence.MISSED, standing.BIRTHDAY_SUBJECTS)
    draft.say(draft.phrase(QUOTED).format(draft.phrase(draft.rng.choice(lists)).rstrip(".")))
    return True


def _hold(draft: Draft, *keys: str) -> bool:
    """Take facts for a claim that is true, unless something else counts on them."""
    if not facts.free(draft, *keys):
        return False
    draft.crowd.taken.update(keys)
    draft.spoilt.update(keys)
    return True


def all_bought(draft: Draft) -> bool:
    """Thanks for an order, to people who all placed one."""
    if not _hold(draft, "orders", "sources", "activity"):
        return False
    facts.shop(draft)
    return _told(draft, purchase.BUYERS_KNOW)


def all_bought_lately(draft: Draft) -> bool:
    """Thanks for a recent order, to people who all placed one a week ago."""
    if not _hold(draft, "orders", "sources", "activity"):
        return False
    facts.shop(draft, since=(3, 10))
    return _told(draft, purchase.LATELY, purchase.LATELY_SUBJECTS)


def bought_behind_guard(draft: Draft) -> bool:
    """Thanks for an order behind a condition that asks for orders: not everybody has some."""
    if not _hold(draft, "orders", "sources", "activity"):
        return False
    never = facts.some(draft)
    facts.shop(draft, never=never)
    none: object = "" if draft.platform is Platform.MAILCHIMP else ABSENT
    counts: list[object] = [count or none for count in draft.crowd.columns[fact("orders")]]
    if draft.platform is Platform.HUBSPOT:
        counts = [count if count is ABSENT else str(count) for count in counts]
    draft.say(draft.pen.guarded(facts.own_field(draft, "count", counts), draft.phrase(purchase.BOUGHT)))
    return True


def all_away(draft: Draft) -> bool:
    """A word to those who are missed, of whom nothing has been heard for months."""
    if not _hold(draft, "orders", "sources", "activity"):
        return False
    everybody = range(len(draft.crowd.ids))
    if draft.rng.random() < 0.6:
        facts.shop(draft, old=everybody, before=(120, 500))
    facts.away(draft, everybody)
    return _told(draft, absence.AWAY_INDEED)


def bought_another_year(draft: Draft) -> bool:
    """An offer of something that some bought, but not of late."""
    if not _hold(draft, "orders", "products", "sources", "activity"):
        return False
    product = draft.rng.choice(products.PRODUCTS)
    earlier = facts.some(draft)
    facts.shop(draft, old=earlier, before=(150, 500))
    last = draft.crowd.columns[fact("last_product")]
    others = [one for one in products.PRODUCTS if one != product]
    for row in range(len(last)):
        last[row] = product if row in set(earlier) else draft.rng.choice(others)
    del draft.crowd.columns[fact("products")]
    draft.say(draft.phrase(products.RECOMMENDED).format(product))
    return True


def aftercare(draft: Draft) -> bool:
    """A word on the care of what everybody here bought lately; it offers nothing."""
    return _all_have(draft, products.AFTERCARE)


def goes_with_it(draft: Draft) -> bool:
    """An offer of something that goes with what everybody here bought lately."""
    return _all_have(draft, products.NEARBY)


def _all_have(draft: Draft, phrases: Sequence[str]) -> bool:
    if not _hold(draft, "orders", "products", "sources", "activity"):
        return False
    product = draft.rng.choice(products.PRODUCTS)
    facts.shop(draft, since=(1, 25))
    size = len(draft.crowd.ids)
    draft.crowd.columns[fact("last_product")] = [product] * size
    draft.crowd.columns[fact("products")] = [[product] for _one in range(size)]
    draft.say(facts.named(draft.phrase(phrases), product))
    return True


def tier_behind_guard(draft: Draft) -> bool:
    """The words for a tier, for that tier alone."""
    if not _hold(draft, "tier"):
        return False
    tier = draft.rng.choice(TIERS)
    said = draft.phrase(standing.TIER).format(tier)
    draft.say(draft.pen.equals(draft.slot("tier"), tier, said, "The front room is warm."))
    return True


def all_of_one_tier(draft: Draft) -> bool:
    """The words for a tier, to an audience that is all of that tier."""
    return _all_are(draft, "tier", draft.rng.choice(TIERS), standing.TIER)


def all_of_one_town(draft: Draft) -> bool:
    """A letter for one town, to people who live there."""
    return _all_are(draft, "city", draft.rng.choice(wrong.TOWNS), standing.LIVES)


def all_own_it(draft: Draft) -> bool:
    """A letter for the owners of one car, to its owners."""
    return _all_are(draft, "car", draft.rng.choice(CARS), standing.OWNS)


def _all_are(draft: Draft, key: str, value: str, phrases: Sequence[str]) -> bool:
    if not _hold(draft, key):
        return False
    column = draft.crowd.columns[draft.slot(key).column]
    column[:] = [value] * len(column)
    draft.say(facts.named(draft.phrase(phrases), value))
    return True


def all_have_birthday(draft: Draft) -> bool:
    """Birthday wishes to people whose birthday it is."""
    if not _hold(draft, "birthday", "schedule"):
        return False
    wrong.birthdays(draft, [])
    return _told(draft, standing.BIRTHDAY, standing.BIRTHDAY_SUBJECTS)


def past_told(draft: Draft) -> bool:
    """A day that has passed, of which the letter tells."""
    form = draft.phrase(PLAIN) if draft.rng.random() < 0.5 else draft.phrase(WITH_DAY)
    day = around(draft.rng, facts.arrives(draft), -200, -4)
    draft.say(draft.phrase(offers.TOLD).format(write(day, form)))
    return True


def still_open(draft: Draft) -> bool:
    """An offer that ends after the letter has arrived, or a day to come, under the right weekday."""
    if not _hold(draft, "schedule"):
        return False
    form = draft.phrase(PLAIN) if draft.rng.random() < 0.4 else draft.phrase(WITH_DAY)
    day = around(draft.rng, facts.arrives(draft), 5, 70)
    body, heads = draft.rng.choice(((offers.ENDS, offers.ENDS_SUBJECTS), (offers.MEETS, offers.MEETS_SUBJECTS)))
    if draft.rng.random() < 0.35 and _hold(draft, "subject"):
        draft.subject = draft.phrase(heads).format(write(day, form))
    else:
        draft.say(draft.phrase(body).format(write(day, form)))
    return True


def made_longer(draft: Draft) -> bool:
    """An end that has passed and been put off: the old day is struck out, or told as such."""
    if not _hold(draft, "schedule"):
        return False
    form, then = draft.phrase(PLAIN), facts.arrives(draft)
    old, new = (write(around(draft.rng, then, *days), form) for days in ((-20, -3), (6, 40)))
    if draft.rng.random() < 0.5:
        said, tag = draft.phrase(offers.ENDS), draft.rng.choice(("s", "del", "strike"))
        draft.blocks.append((f"<p>{said.format(f'<{tag}>{old}</{tag}> {new}')}</p>", said.format(new)))
    else:
        draft.say(f"We have made the sale longer: it was to end on {old}, and now ends on {new}.")
    return True


def same_offer(draft: Draft) -> bool:
    """One discount in subject and letter, and percentages of other things."""
    if not _hold(draft, "subject", "offer"):
        return False
    number = draft.rng.choice((15, 20, 25, 30, 40))
    draft.subject = draft.phrase(offers.OFF_SUBJECTS).format(number)
    draft.say(draft.phrase(offers.OFF_BODIES).format(number))
    if draft.rng.random() < 0.6:
        draft.say(draft.phrase(offers.MORE_NUMBERS))
    return True


_SAME = (
    ("£{}", "£{}.00"),
    ("${}", "{} USD"),
    ("€{}", "{} €"),
    ("€ {}", "€{}"),
    ("£{}", "GBP {}"),
    ("$1,{}0", "$1{}0"),
    ("{} euros", "€{}"),
    ("${}", "${}.00"),
)


def same_price(draft: Draft) -> bool:
    """One price in subject and letter, written in two ways, and the old price beside it."""
    if not _hold(draft, "subject", "offer"):
        return False
    one, other = draft.rng.choice(_SAME)
    number = draft.rng.choice((29, 39, 49, 59, 79))
    draft.subject = draft.phrase(offers.COSTS_SUBJECTS).format(one.format(number))
    said = draft.phrase(offers.COSTS_BODIES).format(other.format(number))
    was = one.format(number + 10)
    match draft.rng.randrange(4):
        case 0:
            draft.blocks.append((f"<p><s>{was}</s> {said}</p>", said))
        case 1:
            draft.say(f"{said} Before, it was {was}.")
        case 2:
            offered.costs(draft, said)
            draft.say(draft.phrase(offers.MORE_NUMBERS))
        case _:
            offered.costs(draft, said)
    return True


def other_numbers(draft: Draft) -> bool:
    """Percentages and prices of this and that, without an offer."""
    return _told(draft, offers.MORE_NUMBERS)


TRICKS: tuple[Callable[[Draft], bool], ...] = (
    purchase_of_others,
    absence_of_others,
    standing_of_others,
    baskets_of_others,
    quoted_claim,
    all_bought,
    all_bought_lately,
    bought_behind_guard,
    all_away,
    bought_another_year,
    aftercare,
    goes_with_it,
    tier_behind_guard,
    all_of_one_tier,
    all_of_one_town,
    all_own_it,
    all_have_birthday,
    past_told,
    still_open,
    made_longer,
    same_offer,
    same_price,
    other_numbers,
)
"""What looks like a false claim and is none; each says whether it could stand in the letter."""
