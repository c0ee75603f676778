"""From Mailchimp's contacts to columns: merge values in the platform's own bytes, and what presend calls facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec

from presend.audience.schema import AS_OF_SUFFIXES, FACTS, FactType, as_of, as_of_target, fact, named
from presend.model import Gap
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.listing import EMAIL, INTERESTED, LANGUAGE, Bought, Listing, Marks
from presend_connectors.mailchimp.times import moment, stamp, zone
from presend_connectors.stated import stated

Cells = list[str | None]
Column = Callable[[Sequence[wire.Member]], Cells]
"""Makes the cells of one column for a page of people."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

REASONS = {
    "unsubscribed": "unsubscribed from the list",
    "cleaned": "cleaned: the address bounced",
    "pending": "has not confirmed the subscription yet",
    "transactional": "gets transactional mail only, has not subscribed",
    "archived": "archived",
}
_CONSENT = {"subscribed": "granted", "unsubscribed": "denied"}


def text(value: str) -> str:
    """The cell of a text."""
    return _encode(value).decode()


def suppressed(status: str) -> str | None:
    """Why Mailchimp will not mail a contact of this status; None for a subscribed one."""
    if status == "subscribed":
        return None
    return REASONS.get(status, f"has the status {status or 'unknown'} in Mailchimp")


def merge_cell(member: wire.Member, tag: str) -> str | None:
    """The cell of a merge field: Mailchimp's own bytes, with one spelling for text written in escapes."""
    values = member.merge_fields
    raw = values.get(tag) if isinstance(values, dict) else None
    if raw is None:
        return None
    cell = bytes(raw)
    return _encode(_decode(cell)).decode() if b"\\" in cell else cell.decode()


def merge(tag: str) -> Column:
    """The column of a merge field."""
    return lambda page: [merge_cell(member, tag) for member in page]


def interested(names: Mapping[str, str]) -> Column:
    """The groups of one title that each person is in, as a list of names."""

    def cells(page: Sequence[wire.Member]) -> Cells:
        found: Cells = []
        for member in page:
            held = member.interests if isinstance(member.interests, dict) else {}
            found.append(text_list(tuple(name for id_, name in names.items() if held.get(id_))))
        return found

    return cells


@lru_cache(maxsize=4096)
def text_list(values: tuple[str, ...]) -> str:
    """The cell of a list of texts."""
    return _encode(values).decode()


def of(read: Callable[[wire.Member], str | None]) -> Column:
    """A column made person by person."""
    return lambda page: [read(member) for member in page]


# -- facts


@lru_cache(maxsize=65536)
def birthday(cell: str | None) -> str | None:
    """`"MM/DD"` as ISO 8601 without a year: `"--MM-DD"`; None for anything that is no day."""
    value = _decode(cell) if cell else None
    month, slash, day = value.partition("/") if isinstance(value, str) else ("", "", "")
    try:
        held = date(2000, int(month), int(day))  # a leap year: 02/29 is a birthday
    except ValueError:
        return None
    return f'"--{held:%m-%d}"' if slash else None


def _address(tag: str | None) -> Callable[[wire.Member], Mapping[str, str]]:
    """The stated postal address of a person, {} where there is none."""

    @lru_cache(maxsize=8192)
    def read(cell: str) -> Mapping[str, str]:
        value = _decode(cell)
        return {k: str(v).strip() for k, v in value.items() if v} if isinstance(value, dict) else {}

    def address(member: wire.Member) -> Mapping[str, str]:
        cell = merge_cell(member, tag) if tag else None
        return read(cell) if cell else {}

    return address


def _place(listing: Listing, bought: Mapping[str, Bought]) -> dict[str, Column]:
    """Country, region and postcode from one source: the stated address, else the shop's, else Mailchimp's guess."""
    address, zip_tag = _address(listing.of_type("address")), listing.of_type("zip")

    def part(name: str, guess: Callable[[wire.Place], str]) -> Column:
        def read(member: wire.Member) -> str | None:
            stated = address(member)
            if not (stated.get("country") or stated.get("zip")):
                stated = bought[member.id].address if member.id in bought else {}
            if stated:
                return text(stated[name]) if stated.get(name) else None
            value = guess(member.location or wire.Place())
            if name == "zip" and zip_tag:
                return _filled(merge_cell(member, zip_tag))
            return text(value) if value.strip() else None

        return of(read)

    return {
        "country": part("country", lambda place: place.country_code.upper()),
        "region": part("state", lambda place: place.region),
        "postcode": part("zip", lambda _place: ""),
    }


def _filled(cell: str | None) -> str | None:
    """A cell that holds something, else None: a fact is known or absent, never blank."""
    return None if cell is None or cell == "null" or not cell.strip('" ') else cell


def _zone(member: wire.Member) -> str | None:
    name = member.location.timezone if member.location else ""
    return text(name) if "/" in name and zone(name) else None


def _consent(member: wire.Member) -> str | None:
    return text(_CONSENT.get(member.status, "unknown"))


def _updated(member: wire.Member, marks: Marks) -> str | None:
    """When the record changed last; not known where presend's own tag may have been that change."""
    at = moment(member.last_changed)
    return None if at is None or marks.may_explain(member.id, at) else stamp(member.last_changed)


def own_facts(listing: Listing, bought: Mapping[str, Bought]) -> dict[str, Column]:
    """The facts that every contact brings along; the address of an order goes before a guessed place."""
    found: dict[str, Column] = {
        "email": of(lambda m: text(m.email_address)),
        "created_at": of(lambda m: stamp(m.timestamp_signup or m.timestamp_opt)),
        "confirmed_at": of(lambda m: stamp(m.timestamp_opt)),
        "updated_at": of(lambda m: _updated(m, listing.marks)),
        "consent": of(_consent),
        "consent_at": of(lambda m: stamp(m.timestamp_opt) if m.status == "subscribed" else None),
        "suppressed": of(lambda m: "false" if m.status == "subscribed" else "true"),
        "consent_source": of(lambda m: text(m.source.strip()) if m.source and m.source.strip() else None),
        "timezone": of(_zone),
        "locale": of(lambda m: text(m.language) if m.language and m.language.strip() else None),
        **_place(listing, bought),
    }
    for field in listing.fields:
        for name in (field.label, field.tag):
            meaning = named(name)
            if meaning is not None and field.type != "birthday":
                found.setdefault(meaning, _typed(FACTS[meaning], field.tag))
    if yearly := listing.of_type("birthday"):
        full = found.get("birthday")
        found["birthday"] = _either(full, of(lambda m: birthday(merge_cell(m, yearly))))
    return found


def _either(first: Column | None, second: Column) -> Column:
    """The cells of one column, and where it has none those of another: a date with its year says more than without."""
    if first is None:
        return second
    return lambda page: [a or b for a, b in zip(first(page), second(page), strict=True)]


def order_facts(bought: Mapping[str, Bought]) -> dict[str, Column]:
    """What people bought; who is not in the store's orders bought nothing there."""
    none = Bought()

    def column(read: Callable[[Bought], str | None]) -> Column:
        return lambda page: [read(bought.get(member.id, none)) for member in page]

    return {
        "orders": column(lambda b: str(b.orders)),
        "last_order_at": column(lambda b: stamp(b.last.isoformat()) if b.last else None),
        "last_product": column(lambda b: text(b.last_product) if b.last_product else None),
        "products": column(lambda b: text_list(b.products)),
    }


def _counted(member: wire.Member) -> str | None:
    """How many orders Mailchimp counts; its nought may be no more than a shop that is not connected."""
    held = member.stats.ecommerce_data if member.stats else None
    return str(held.number_of_orders) if held and held.number_of_orders and held.number_of_orders > 0 else None


@lru_cache(maxsize=65536)
def as_fact(kind: FactType, cell: str | None) -> str | None:
    """The value of a property as a fact of a kind; None where it is none. Dates are the start of their day in UTC."""
    if (filled := _filled(cell)) is None:
        return None
    found = stated(kind, _decode(filled), _moment)
    return birthday(filled) if found is None and kind is FactType.DATE else found


def _moment(value: object) -> datetime | None:
    return moment(value) if isinstance(value, str) else None


def _typed(kind: FactType, tag: str) -> Column:
    return lambda page: [as_fact(kind, merge_cell(member, tag)) for member in page]


def dated_by(listing: Listing, column: str) -> str | None:
    """The field that says when another was last known true: named or labelled alike, with `_as_of` behind it."""
    label = next((f.label for f in listing.fields if f.tag == column), "")
    wanted = {f"{name}{suffix}".casefold() for name in (column, label) if name for suffix in AS_OF_SUFFIXES}
    return next((f.tag for f in listing.fields if {f.tag.casefold(), f.label.casefold()} & wanted), None)


def columns_of(
    listing: Listing, asked: Iterable[str], mapped: Mapping[str, str], bought: Mapping[str, Bought] | Gap
) -> dict[str, Column]:
    """How to make every column asked for, every fact that is known, and the dates of the asked ones.

    `mapped` is the user's `[facts.<account>]`. A column that the list does not have is left out: it is absent.
    """
    found: dict[str, Column] = {}
    tags = {field.tag for field in listing.fields}
    groups = {f"{INTERESTED}{group.title}": group for group in listing.groups}
    for name in asked:
        if name == EMAIL:
            found[name] = of(lambda m: text(m.email_address))
        elif name == LANGUAGE:
            found[name] = of(lambda m: None if m.language is None else text(m.language))
        elif name in groups:
            found[name] = interested(groups[name].names)
        elif name in tags:
            found[name] = merge(name)
            if date_tag := dated_by(listing, name):
                found[as_of(name)] = _typed(FactType.TIME, date_tag)
    known = own_facts(listing, {} if isinstance(bought, Gap) else bought)
    known |= {"orders": of(_counted)} if isinstance(bought, Gap) else order_facts(bought)
    for name, column in mapped.items():
        tag = listing.tag_of(column)
        if not tag or tag == EMAIL:
            continue
        if name in FACTS:
            known[name] = _typed(FACTS[name], tag)
        elif (target := as_of_target(name)) is not None:
            found[as_of(target)] = _typed(FactType.TIME, tag)
    return found | {fact(name): column for name, column in known.items()}
