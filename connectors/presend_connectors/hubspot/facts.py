"""From HubSpot's contacts to columns: property values in HubSpot's own bytes, and what presend calls facts; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from presend.audience.schema import AS_OF_SUFFIXES, FACTS, FactType, as_of, as_of_target, fact
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.times import contact_zone, moment, stamp
from presend_connectors.stated import stated

Cells = list[str | None]
Column = Callable[[Sequence[wire.Record]], Cells]
"""Makes the cells of one column for a page of contacts."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

GRAYMAIL = 11
"""Emails in a row without a reaction, after which `suppressGraymail` leaves a contact out."""

OPT_OUT = "hs_email_optout"
SUPPRESSING = (
    "email",
    OPT_OUT,
    "hs_email_hard_bounce_reason_enum",
    "hs_email_quarantined",
    "hs_marketable_status",
    "hs_email_sends_since_last_engagement",
)
_ACTIVITY = (
    "hs_email_last_open_date",
    "hs_email_last_click_date",
    "hs_email_last_reply_date",
    "hs_sales_email_last_replied",
    "hs_analytics_last_timestamp",
    "recent_conversion_date",
)
"""What a contact does, not what is done about one: opens, clicks, replies, visits, forms."""
_PLAIN = {
    "email": "email",
    "created_at": "createdate",
    "updated_at": "lastmodifieddate",
    "last_open_at": "hs_email_last_open_date",
    "last_click_at": "hs_email_last_click_date",
    "last_visit_at": "hs_analytics_last_timestamp",
    "last_order_at": "recent_deal_close_date",
    "consent_source": "hs_legal_basis",
    "locale": "hs_language",
    "postcode": "zip",
    "title": "salutation",
    "gender": "gender",
    "birthday": "date_of_birth",
    # No properties of HubSpot's own: what an account calls so states it. HubSpot leaves out those it does not have.
    "pronouns": "pronouns",
    "preferred_name": "preferred_name",
    "new_last_name": "new_last_name",
    "household": "household",
}
_COUNTRY = ("hs_country_region_code", "country")
_REGION = ("hs_state_code", "state")


def cell(record: wire.Record, name: str) -> str | None:
    """The cell of a property: HubSpot's own bytes, one spelling for texts with escapes; None where it is not set.

    HubSpot knows no difference between null and absent; an empty text is another thing.
    """
    raw = record.properties.get(name)
    if raw is None:
        return None
    held = bytes(raw)
    if held == b"null":
        return None
    return _encode(_decode(held)).decode() if b"\\" in held else held.decode()


def value(record: wire.Record, name: str) -> str:
    """A property as text without surrounding blanks; "" where it is not set."""
    held = cell(record, name)
    return _text(held) if held is not None else ""


@lru_cache(maxsize=65536)
def _text(held: str) -> str:
    read: Any = _decode(held)
    return read.strip() if isinstance(read, str) else str(read).lower() if isinstance(read, bool) else str(read)


def text(words: str) -> str:
    """The cell of a text."""
    return _encode(words).decode()


def listed(words: Sequence[str]) -> str:
    """The cell of a list of texts."""
    return _encode(list(words)).decode()


def suppressed(record: wire.Record, subscription: str, *, graymail: bool) -> str | None:
    """Why HubSpot will not mail a contact; None for one that it mails."""
    if not value(record, "email"):
        return "has no email address"
    if value(record, OPT_OUT) == "true":
        return "opted out of all email"
    if subscription and value(record, f"{OPT_OUT}_{subscription}") == "true":
        return "opted out of this type of email"
    if value(record, "hs_email_hard_bounce_reason_enum"):
        return "the address bounced"
    if value(record, "hs_email_quarantined") == "true":
        return "the address is in HubSpot's quarantine"
    if value(record, "hs_marketable_status") == "false":
        return "is not a marketing contact"
    ignored = value(record, "hs_email_sends_since_last_engagement")
    if graymail and ignored.isdigit() and int(ignored) > GRAYMAIL:
        return "has not reacted to email for long, and this email leaves such people out"
    return None


# -- facts


@lru_cache(maxsize=65536)
def as_fact(kind: FactType, held: str | None) -> str | None:
    """The value of a property as a fact of a kind; None where it is none."""
    return None if held is None else stated(kind, _decode(held), _moment)


def _moment(held: object) -> datetime | None:
    return moment(held) if isinstance(held, str | int) else None


def _of(read: Callable[[wire.Record], str | None]) -> Column:
    return lambda page: [read(record) for record in page]


def _typed(kind: FactType, name: str) -> Column:
    return lambda page: [as_fact(kind, cell(record, name)) for record in page]


def _activity(record: wire.Record) -> str | None:
    # Stamps have one length and one zone, so that the latest is the largest.
    return max((at for name in _ACTIVITY if (at := as_fact(FactType.TIME, cell(record, name)))), default=None)


def _first(names: Sequence[str]) -> Column:
    def read(record: wire.Record) -> str | None:
        return next((found for name in names if (found := as_fact(FactType.TEXT, cell(record, name)))), None)

    return _of(read)


def _zone(record: wire.Record) -> str | None:
    name = contact_zone(value(record, "hs_timezone"))
    return text(name) if name else None


def _orders(record: wire.Record) -> str | None:
    """Deals, where one of them was closed; deals that are open are no orders."""
    deals = as_fact(FactType.NUMBER, cell(record, "num_associated_deals"))
    return deals if deals == "0" or value(record, "recent_deal_close_date") else None


def _consent(subscription: str) -> Column:
    def read(record: wire.Record) -> str | None:
        out = {value(record, OPT_OUT), value(record, f"{OPT_OUT}_{subscription}") if subscription else ""}
        return text("denied" if "true" in out else "unknown")

    return _of(read)


def fact_columns(subscription: str, *, graymail: bool) -> dict[str, Column]:
    """The facts that HubSpot keeps under properties of its own."""
    return {
        **{name: _typed(FACTS[name], source) for name, source in _PLAIN.items()},
        "last_activity_at": _of(_activity),
        "orders": _of(_orders),
        "country": _first(_COUNTRY),
        "region": _first(_REGION),
        "timezone": _of(_zone),
        "consent": _consent(subscription),
        "suppressed": _of(lambda r: "true" if suppressed(r, subscription, graymail=graymail) else "false"),
    }


def needed(asked: Iterable[str], mapped: Mapping[str, str], subscription: str) -> list[str]:
    """Every property that the columns and facts are made of."""
    own = (*_PLAIN.values(), *_ACTIVITY, *_COUNTRY, *_REGION, "hs_timezone", "num_associated_deals", *SUPPRESSING)
    out = [f"{OPT_OUT}_{subscription}"] if subscription else []
    return list(dict.fromkeys([*asked, *mapped.values(), *own, *out]))


def dated_by(fields: Mapping[str, str], column: str) -> str | None:
    """The property that says when another was last known true: named or labelled alike, with `_as_of` behind it.

    `fields` is labels by name.
    """
    wanted = {
        f"{name}{suffix}".casefold() for name in (column, fields.get(column, "")) if name for suffix in AS_OF_SUFFIXES
    }
    return next((name for name, label in fields.items() if {name.casefold(), label.casefold()} & wanted), None)


def dates(column: str, explicit: str | None) -> Column:
    """When a column's values were last known true: what a property says, else the newest entry of its history."""

    def read(record: wire.Record) -> str | None:
        if cell(record, column) is None:
            return None
        said = as_fact(FactType.TIME, cell(record, explicit)) if explicit else None
        history = (record.properties_with_history or {}).get(column, ())
        return said or max((at for version in history if (at := stamp(version.timestamp))), default=None)

    return _of(read)


def columns_of(
    asked: Sequence[str], mapped: Mapping[str, str], labels: Mapping[str, str], subscription: str, *, graymail: bool
) -> dict[str, Column]:
    """How to make every property asked for with its date, and every fact; `mapped` is the user's [facts.<account>]."""

    def plain(name: str) -> Column:
        return lambda page: [cell(record, name) for record in page]

    found: dict[str, Column] = {name: plain(name) for name in asked}
    found |= {as_of(name): dates(name, dated_by(labels, name)) for name in asked}
    facts = fact_columns(subscription, graymail=graymail)
    for name, source in mapped.items():
        if name in FACTS:
            facts[name] = _typed(FACTS[name], source)
        elif (target := as_of_target(name)) is not None:
            found[as_of(target)] = _typed(FactType.TIME, source)
    return found | {fact(name): column for name, column in facts.items()}
