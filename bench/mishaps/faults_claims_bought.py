"""Faults of CLM001 to CLM003: purchases that never were, people missed who are here, offers of what they have."""

from __future__ import annotations

from bench.mishaps import claims_facts as facts
from bench.mishaps import phrases_claims_absence as absence
from bench.mishaps import phrases_claims_products as products
from bench.mishaps import phrases_claims_purchase as purchase
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT
from presend.audience.schema import fact
from presend.model import Confidence

_AGAIN = "that somebody buys again says both that they bought (M11) and that they were away (M13)"
_LAST = ("latest", "newest", "most recent")
_LATEST = "the latest purchase may be any age, unless that it is recent is read into it"
_SIGN = "the fact is the last sign of life; an open in the mailbox is one, and no visit"


def never_bought(draft: Draft) -> list[Label]:
    """CLM001: thanks for an order to people of whom some never placed one."""
    facts.need(draft, "orders", "sources", "activity")
    never = facts.some(draft)
    facts.shop(draft, never=never)
    _forget(draft, never)
    said = facts.place(draft, purchase.BOUGHT, purchase.BOUGHT_SUBJECTS)
    return [Label("CLM001", draft.crowd.names(never), said, fault="never_bought")]


def _forget(draft: Draft, never: list[int]) -> None:
    """Of some others nobody knows whether they bought: unknown, not false."""
    if draft.rng.random() < 0.3:
        rows = [row for row in draft.crowd.pick(draft.rng, 0.1) if row not in set(never)]
        for name in ("orders", "last_order_at", "last_product", "products"):
            draft.crowd.put(fact(name), rows, ABSENT)


def bought_long_ago(draft: Draft) -> list[Label]:
    """CLM001: "your recent purchase" to people whose last one is a year old, or who have none."""
    facts.need(draft, "orders", "sources", "activity")
    false = facts.some(draft)
    never = [row for row in false if draft.rng.random() < 0.3] or false[:1]
    old = sorted(set(false) - set(never))
    facts.shop(draft, never=never, old=old, since=(3, 10))
    said = facts.place(draft, purchase.LATELY, purchase.LATELY_SUBJECTS)
    who, none = draft.crowd.names(false), draft.crowd.names(never)
    if any(word in said.lower() for word in _LAST):
        return [Label("CLM001", who, said, or_affected=(none,), why=_LATEST, fault="bought_long_ago, latest")]
    return [Label("CLM001", who, said, fault="bought_long_ago")]


def guarded_wrongly(draft: Draft) -> list[Label]:
    """CLM001: thanks for an order behind a condition that asks for something else."""
    facts.need(draft, "orders", "sources", "activity", "tier")
    never = facts.some(draft)
    facts.shop(draft, never=never)
    slot = draft.slot("tier")
    draft.crowd.put(slot.column, never[:1], "Gold")
    said = draft.phrase(purchase.BOUGHT)
    draft.say(draft.pen.equals(slot, "Gold", said, "The front room is warm."))
    gold = [row for row in never if draft.crowd.columns[slot.column][row] == "Gold"]
    return [Label("CLM001", draft.crowd.names(gold), said, fault="guarded_wrongly")]


def missed_though_here(draft: Draft) -> list[Label]:
    """CLM002: "we miss you" to people of whom some were here a few days ago."""
    facts.need(draft, "activity", "orders", "sources")
    here = facts.some(draft)
    rest = sorted(set(range(len(draft.crowd.ids))) - set(here))
    sort = draft.rng.choice(("missed", "absent", "unordered"))
    if sort == "unordered":
        facts.shop(draft, old=rest, since=(0.3, 9), before=(100, 500))
    facts.away(draft, rest)
    facts.here(draft, here, ordered=sort == "unordered")
    body, heads = {
        "missed": (absence.MISSED, absence.MISSED_SUBJECTS),
        "absent": (absence.ABSENT, ()),
        "unordered": (absence.UNORDERED, ()),
    }[sort]
    said = facts.place(draft, body, heads)
    sure, why = (Confidence.HIGH, "") if sort == "unordered" else (Confidence.MEDIUM, _SIGN)
    who = draft.crowd.names(here)
    return [Label("CLM002", who, said, confidence=sure, why=why, fault=f"missed_though_here {sort}")]


def missed_though_never(draft: Draft) -> list[Label]:
    """CLM002: "since your last order", or "good to have you back", to people who never were customers."""
    facts.need(draft, "activity", "orders", "sources")
    never = facts.some(draft)
    sort = draft.rng.choice(("missed", "unordered", "returned"))
    others = sorted(set(range(len(draft.crowd.ids))) - set(never))
    if sort == "returned":
        facts.shop(draft, never=never, counts=(2, 9))
    else:
        facts.shop(draft, never=never, old=others, before=(120, 500))
        facts.away(draft, range(len(draft.crowd.ids)))
    body = {"missed": absence.MISSED, "unordered": absence.UNORDERED, "returned": absence.RETURNED}[sort]
    said = facts.place(draft, body, absence.MISSED_SUBJECTS if sort == "missed" else ())
    # Every one of these phrases speaks of earlier orders, or may do so.
    also, why = (("CLM001",), _AGAIN) if sort != "missed" else ((), "")
    open_codes = also if sort == "returned" else ()
    return [
        Label(
            "CLM002",
            draft.crowd.names(never),
            said,
            open_codes,
            () if open_codes else also,
            why=why,
            fault=f"missed_though_never {sort}",
        )
    ]


def bought_already(draft: Draft) -> list[Label]:
    """CLM003: a product offered to people of whom some bought it a few days ago, by name, as a block or as a link."""
    facts.need(draft, "orders", "products", "sources", "activity")
    lately, earlier = _owners(draft, product := draft.rng.choice(products.PRODUCTS))
    who = draft.crowd.names(lately)
    face = draft.rng.choice(("named", "named", "block", "link"))
    slug = product.lower().replace("'", "").replace(" ", "-")
    url = f"https://shop.example.org/products/{slug}"
    match face:
        case "named":
            needle = facts.place(draft, products.RECOMMENDED, products.RECOMMENDED, word=product)
        case "block":
            draft.blocks.append(_block(draft, product, url))
            needle = product
        case _:
            words = draft.phrase(products.SEE_IT)
            draft.say(f'<a href="{url}">{words}</a>', f"{words}: {url}")
            needle = slug
    return [Label("CLM003", who, needle, fault=f"bought_already {face}{' and earlier' if earlier else ''}")]


def _owners(draft: Draft, product: str) -> tuple[list[int], list[int]]:
    """Some bought the product this month, a few of them a year ago, the others something else."""
    rng, columns = draft.rng, draft.crowd.columns
    lately = facts.some(draft)
    free = sorted(set(range(len(draft.crowd.ids))) - set(lately))
    earlier = rng.sample(free, len(free) // 5) if rng.random() < 0.5 else []
    facts.shop(draft, old=earlier, since=(1, 20), before=(120, 400))
    others = [one for one in products.PRODUCTS if one != product]
    for row in range(len(draft.crowd.ids)):
        mine = product if row in set(lately) or row in set(earlier) else rng.choice(others)
        columns[fact("last_product")][row] = mine
        if row not in set(earlier):
            columns[fact("products")][row] = [mine, *rng.sample([o for o in others if o != mine], rng.randint(0, 2))]
    match rng.randrange(3):
        case 0:
            del columns[fact("products")]
        case 1 if not earlier:
            del columns[fact("last_product")]
        case _:
            pass
    return lately, earlier


def _block(draft: Draft, product: str, url: str) -> tuple[str, str]:
    heading = draft.phrase(products.PICKED)
    cells = (
        f'<td><a href="{url}"><img src="https://cdn.example.org/p/7731.jpg" alt="{product}" width="180"></a></td>'
        f'<td><b>{product}</b><br>€ {draft.rng.randint(18, 90)}<br><a href="{url}">To the shop</a></td>'
    )
    return f"<h2>{heading}</h2><table><tr>{cells}</tr></table>", f"{heading}\n{product}\n{url}"


def recommended_already(draft: Draft) -> list[Label]:
    """CLM003: a field of recommendations that holds what somebody bought a few days ago."""
    facts.need(draft, "orders", "products", "sources", "activity")
    rng = draft.rng
    facts.shop(draft, since=(1, 20))
    rows = set(facts.some(draft, most=False))
    last = draft.crowd.columns[fact("last_product")]
    picks: list[object] = [
        mine if row in rows else rng.choice([one for one in products.PRODUCTS if one != mine])
        for row, mine in enumerate(last)
    ]
    slot = facts.own_field(draft, "pick", picks)
    token = draft.pen.bare(slot)
    draft.say(draft.phrase(products.RECOMMENDED).replace("{}", token))
    return [Label("CLM003", draft.crowd.names(rows), slot.token, fault="recommended_already")]
