"""The facts by which claims are judged, given to a draft's people: orders, products, signs of life, first days."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.mishaps.accounts import Slot
from bench.mishaps.footers import usual
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT, day
from bench.mishaps.phrases_claims_products import PRODUCTS
from bench.mishaps.planting import Unfit, take
from presend.audience.schema import fact
from presend.model import Platform, Source


def need(draft: Draft, *keys: str) -> None:
    """Take facts and fields for one fault. Raises Unfit where another fault, or a hard negative, counts on them."""
    if draft.closed or not free(draft, *keys):
        raise Unfit
    draft.spoilt.update(keys)


def free(draft: Draft, *keys: str) -> bool:
    """Whether nothing in the letter counts on these facts and fields."""
    return not any(key in draft.spoilt or key in draft.crowd.taken for key in keys) and not any(
        fact(name) in draft.crowd.columns for name in ("orders", "birthday") if name in keys
    )


def place(draft: Draft, body: Sequence[str], heads: Sequence[str] = (), word: str = "") -> str:
    """Say a phrase in the subject, the preview text or the letter; how it stands there."""
    where = draft.rng.random()
    if heads and where < 0.3 and take(draft, "subject"):
        draft.subject = said = named(draft.phrase(heads), word)
    elif heads and 0.3 <= where < 0.45 and take(draft, "preview"):
        draft.preview = said = named(draft.phrase(heads), word)
    else:
        said = named(draft.phrase(body), word)
        draft.say(said)
    return said


def named(phrase: str, word: str) -> str:
    """The phrase about the word, under the article that it wants."""
    return (phrase.replace("a {}", "an {}") if word[:1] in "AEIO" and word else phrase).format(word)


def some(draft: Draft, *, most: bool | None = None) -> list[int]:
    """The rows for whom a claim is false: a few, or most of the audience."""
    crowds = draft.rng.random() < 0.25 if most is None else most
    return draft.crowd.pick(draft.rng, draft.rng.uniform(0.5, 0.9) if crowds else draft.rng.uniform(0.02, 0.25))


def back(draft: Draft, rng: random.Random, least: float, most: float) -> str:
    """A moment so many days ago."""
    return day(draft.now - timedelta(days=rng.uniform(least, most)))


def shop(
    draft: Draft,
    *,
    never: Iterable[int] = (),
    old: Iterable[int] = (),
    since: tuple[float, float] = (2, 60),
    before: tuple[float, float] = (200, 700),
    counts: tuple[int, int] = (1, 6),
) -> None:
    """Orders of everybody: none at all, days ago as `before` says for the old rows, else as `since` says."""
    rng, crowd, size = draft.rng, draft.crowd, len(draft.crowd.ids)
    none, past = set(never), set(old)
    orders: list[object] = []
    times: list[object] = []
    last: list[object] = []
    bought: list[object] = []
    for row in range(size):
        if row in none:
            orders.append(0)
            times.append(ABSENT)
            last.append(ABSENT)
            bought.append(ABSENT)
            continue
        when = back(draft, rng, *(before if row in past else since))
        orders.append(rng.randint(*counts))
        times.append(when)
        last.append(rng.choice(PRODUCTS))
        bought.append(ABSENT if row in past else [last[-1]])
        alive(draft, row, when)
    crowd.columns |= {
        fact("orders"): orders,
        fact("last_order_at"): times,
        fact("last_product"): last,
        fact("products"): bought,
    }
    crowd.taken.add("orders")
    if none:
        # A footer that says "because you bought something" would be as false as what is planted.
        draft.foot = replace(draft.foot, reason=usual(draft.platform).reason)
    _feed(draft)


def _feed(draft: Draft) -> None:
    """A shop whose orders are known has a feed of them."""
    if any(source.name == "orders" for source in draft.sources):
        draft.sources = [one for one in draft.sources if one.name != "orders"]
        draft.sources.append(Source("orders", draft.now - timedelta(hours=draft.rng.uniform(0.3, 6))))


def alive(draft: Draft, row: int, when: str) -> None:
    """Somebody ordered or came at that moment: known since then at the latest, and heard of then at the earliest."""
    columns = draft.crowd.columns
    columns[fact("last_activity_at")][row] = max(columns[fact("last_activity_at")][row], when)
    columns[fact("created_at")][row] = min(columns[fact("created_at")][row], when)


def away(draft: Draft, rows: Iterable[int], least: float = 60, most: float = 500) -> None:
    """Nothing has been heard of these people for so many days."""
    draft.crowd.quiet(rows, draft.rng, least, most)


def here(draft: Draft, rows: Iterable[int], *, ordered: bool) -> None:
    """These people did something within the last nine days: ordered, or only looked in."""
    columns = draft.crowd.columns
    for row in rows:
        when = back(draft, draft.rng, 0.3, 9)
        columns[fact("last_activity_at")][row] = when
        if ordered:
            columns[fact("last_order_at")][row] = when


def born(draft: Draft, row: int, when: str) -> None:
    """First seen at that moment: all else comes later."""
    columns = draft.crowd.columns
    columns[fact("created_at")][row] = when
    for name in ("consent_at", "confirmed_at", "last_activity_at", "updated_at"):
        cells = columns.get(fact(name))
        if cells is not None and cells[row] is not ABSENT:
            cells[row] = max(cells[row], when)


def arrives(draft: Draft) -> date:
    """The day on which the letter is read, by the clock of its readers."""
    moment: datetime = draft.stated or draft.send_at
    return moment.astimezone(ZoneInfo(draft.home.zone)).date()


_ORDERS = {
    Platform.MAILCHIMP: ("ORDERS", "NUMORDERS"),
    Platform.KLAVIYO: ("Total Orders", "order_count"),
    Platform.HUBSPOT: ("order_count", "number_of_orders"),
}
_NEXT = {
    Platform.MAILCHIMP: ("NEXTPICK", "SUGGEST"),
    Platform.KLAVIYO: ("Next Pick", "recommended_product"),
    Platform.HUBSPOT: ("next_pick", "recommended_product"),
}


def own_field(draft: Draft, key: str, values: list[object]) -> Slot:
    """A field of the account's own: how many orders somebody placed, or what to recommend next."""
    column = draft.rng.choice((_ORDERS if key == "count" else _NEXT)[draft.platform])
    match draft.platform:
        case Platform.MAILCHIMP:
            token = column
        case Platform.KLAVIYO:
            token = f"person|lookup:'{column}'" if " " in column else f"person.{column}"
        case _:  # HubSpot
            token = f"contact.{column}"
    slot = Slot(key, column, token, "Orders" if key == "count" else "Next pick", "number" if key == "count" else "text")
    draft.account.slots[key] = slot
    draft.crowd.columns[column] = values
    return slot
