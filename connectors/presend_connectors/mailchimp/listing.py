"""What presend knows of one list: its fields and groups, and when its data last changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from presend.errors import PlatformError
from presend.model import Field, Gap, Known, Source, Vocabulary
from presend_connectors.mailchimp import wire, wire_shops
from presend_connectors.mailchimp.times import moment

EMAIL = "EMAIL"
LANGUAGE = "MC_LANGUAGE"
INTERESTED = "INTERESTED:"

BEFORE, AFTER = timedelta(minutes=10), timedelta(minutes=1)
"""How far apart the changes of one tag's people and the time of the tag's last change may be."""


@dataclass(frozen=True, slots=True)
class Groups:
    """A group title with its groups, by id, in Mailchimp's order."""

    id: str
    title: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Marks:
    """Whose records presend may have changed by its own tags: that says nothing of how fresh they are."""

    carriers: Mapping[str, datetime] = field(default_factory=dict)
    """When the oldest of presend's tags that a contact carries was made."""
    changed: tuple[datetime, ...] = ()
    """When each of presend's tags was changed last: whoever lost one then does not carry it any more."""
    unreadable: bool = False

    def may_explain(self, member_id: str, last_changed: datetime) -> bool:
        """Whether presend may have been the one who changed this contact last."""
        since = self.carriers.get(member_id)
        if self.unreadable or (since is not None and last_changed >= since):
            return True
        return any(at - BEFORE <= last_changed <= at + AFTER for at in self.changed)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list's fields and groups."""

    id: str
    fields: tuple[Field, ...]
    groups: tuple[Groups, ...]
    sources: tuple[Source, ...] = ()
    marks: Marks = Marks()

    def vocabulary(self, zone: str) -> Vocabulary:
        """What a template may say to people of this list."""
        groups = {each.title: tuple(each.names.values()) for each in self.groups}
        return Vocabulary(fields=self.fields, complete=True, groups=groups, zone=zone or "UTC")

    def of_type(self, kind: str) -> str | None:
        """The tag of the first field of a type."""
        return next((field.tag for field in self.fields if field.type == kind), None)

    def tag_of(self, name: str) -> str | None:
        """The field that a user means by one of its names or by its label."""
        for each in self.fields:
            if name in each.all_names:
                return each.tag
        folded = name.casefold()
        return next((f.tag for f in self.fields if folded in (f.tag.casefold(), f.label.casefold())), None)


def field_of(row: wire.MergeField) -> Field:
    """A merge field; a default of "" is known to be none, one that was not told is a gap."""
    default: Known[str] | Gap = Gap("Mailchimp did not tell the default of this field")
    if row.default_value is not None:
        default = Known(str(row.default_value))
    numbered = (f"MERGE{row.merge_id}", f"MMERGE{row.merge_id}")
    return Field(row.tag, tuple(dict.fromkeys((row.tag, *numbered))), row.name, row.type, row.required, default)


def address_field() -> Field:
    """EMAIL, which Mailchimp does not list among the merge fields."""
    return Field(EMAIL, (EMAIL, "MERGE0", "MMERGE0"), "Email Address", "email", True, Known(""))


def fields_of(rows: Iterable[wire.MergeField]) -> tuple[Field, ...]:
    """All fields of a list, EMAIL first."""
    return (address_field(), *(field_of(row) for row in rows if row.tag != EMAIL))


def subscriber(email: str) -> str:
    """Mailchimp's id of an address: MD5 of it in lower case (an id, not a protection)."""
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Bought:
    """What one person bought."""

    orders: int = 0
    last: datetime | None = None
    last_product: str = ""
    products: tuple[str, ...] = ()
    """Titles, the latest order first, at most ten."""
    address: Mapping[str, str] = field(default_factory=dict)
    """`country`, `state` and `zip` of the customer in the latest order that tells them; empty where none does."""

    def plus(self, other: Bought) -> Bought:
        """With what the same person bought in another store."""
        newer, older = (other, self) if (other.last and (not self.last or other.last > self.last)) else (self, other)
        titles = tuple(dict.fromkeys((*newer.products, *older.products)))[:10]
        address = newer.address or older.address
        return Bought(self.orders + other.orders, newer.last, newer.last_product, titles, address)


@dataclass(frozen=True, slots=True)
class Shop:
    """One store's orders by subscriber id, or why there are none; the newest order is the watermark."""

    name: str
    list_id: str
    bought: Mapping[str, Bought] | Gap
    newest: datetime | Gap


def tally(pages: Iterable[Sequence[wire_shops.Order]]) -> tuple[dict[str, Bought], datetime | None]:
    """Orders per subscriber id and the newest of all; cancelled ones count for the watermark only."""
    told: dict[str, list[_Order]] = {}
    newest: datetime | None = None
    for page in pages:
        for order in page:
            at = moment(order.processed_at_foreign)
            newest = max((each for each in (newest, at) if each), default=None)
            cancelled = moment(order.cancelled_at_foreign) or (order.financial_status or "").startswith("cancel")
            if order.customer.email_address and not cancelled:
                titles = tuple(line.product_title for line in order.lines if line.product_title)
                row = _Order(at, titles, _address(order.customer.address))
                told.setdefault(subscriber(order.customer.email_address), []).append(row)
    return {who: _bought(orders) for who, orders in told.items()}, newest


@dataclass(frozen=True, slots=True)
class _Order:
    at: datetime | None
    titles: tuple[str, ...]
    address: Mapping[str, str]


def _address(held: wire_shops.Address | None) -> Mapping[str, str]:
    """An address in the words of an address field; empty without a country or a postcode."""
    if held is None:
        return {}
    country, region = (held.country_code or "").strip().upper(), (held.province_code or held.province or "").strip()
    told = {"country": country, "state": region, "zip": (held.postal_code or "").strip()}
    return {name: text for name, text in told.items() if text} if country or told["zip"] else {}


def _bought(orders: list[_Order]) -> Bought:
    dated = sorted((each for each in orders if each.at is not None), key=lambda each: str(each.at), reverse=True)
    titles = list(dict.fromkeys(title for each in dated for title in each.titles))
    last = dated[0] if dated else _Order(None, (), {})
    address = next((each.address for each in (*dated, *orders) if each.address), {})
    return Bought(len(orders), last.at, last.titles[0] if last.titles else "", tuple(titles[:10]), address)


def watermark(name: str, ask: Callable[[], datetime | None], empty: str) -> Source:
    """A source with its newest change, or with the reason why it is not known."""
    try:
        newest = ask()
    except PlatformError as error:
        return Source(name, Gap(f"{error.message}. {error.help}".rstrip(". ") + "."))
    return Source(name, Gap(empty) if newest is None else newest)
