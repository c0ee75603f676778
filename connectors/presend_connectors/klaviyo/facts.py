"""One profile as cells: its columns, its facts, and why Klaviyo would not mail it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from presend.audience.schema import FACTS, as_of, as_of_target, fact, named
from presend.errors import BadAnswer
from presend.model import OWN
from presend_connectors.klaviyo.orders import Bought, Orders
from presend_connectors.klaviyo.places import country_code, region_code
from presend_connectors.klaviyo.shapes import Marketing, ProfileRow, RawMap, Subscriptions
from presend_connectors.klaviyo.times import moment, time_text, zone_name
from presend_connectors.stated import stated

Cell = str | None

TOP = ("first_name", "last_name", "email", "phone_number", "organization", "title", "locale", "image", "external_id")
"""Attributes beside the custom properties; a null one is absent."""

PLACE = ("address1", "address2", "city", "region", "country", "zip", "timezone", "latitude", "longitude")
"""Attributes under `location`; columns `location.city` and so on."""

_CONSENT = {"SUBSCRIBED": "granted", "UNSUBSCRIBED": "denied"}
_REASONS = {
    "HARD_BOUNCE": "mail to the address bounced",
    "INVALID_EMAIL": "the address is not valid",
    "SPAM_COMPLAINT": "reported mail as spam",
    "UNSUBSCRIBE": "unsubscribed",
    "USER_SUPPRESSED": "suppressed by the account",
}
_UNSUBSCRIBED = "UNSUBSCRIBE"
_ABSENT = (b"", b"null")

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_decode_map = msgspec.json.Decoder(RawMap | None).decode
_decode_subscriptions = msgspec.json.Decoder(Subscriptions | None).decode


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the cells of a batch depend on."""

    columns: Collection[str]
    facts: Mapping[str, str] = field(default_factory=dict)
    """`[facts.<account>]`: fact → property."""
    orders: Orders = field(default_factory=Orders)
    active: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By fact (`last_open_at`), when each profile did it last, as far as its events were read."""
    lists: frozenset[str] = frozenset()
    """The included list or segment that is being read: being suppressed for it keeps a person out."""
    ignoring_unsubscribes: bool = False
    touched: frozenset[str] = frozenset()
    """Profiles on a list of presend's own: whether that counts as a change of the profile is not documented."""


@dataclass(frozen=True, slots=True)
class Person:
    """One profile's cells by column, and whether it is mailed."""

    id: str
    cells: Mapping[str, Cell]
    names: Collection[str]
    why_not: str | None
    only_here: bool = False
    """Whether the reason holds for the list being read only: another included list may still reach the person."""


def cell(raw: bytes) -> str:
    """The cell of a present value: the platform's own text, or presend's where two texts mean the same value.

    An escaped character or a nested value can be written in several ways, and equal values must be equal cells.
    """
    if b"\\" in raw or raw[:1] in (b"[", b"{"):
        return _encode(_decode(raw)).decode()
    return raw.decode()


def person(row: ProfileRow, wanted: Wanted) -> Person:
    """The profile's cells. Raises BadAnswer when Klaviyo left out the consent that was asked for."""
    given = {name: bytes(raw) for name, raw in row.attributes.items()}
    custom = _map(given.get("properties"))
    place = _map(given.get("location"))
    if "subscriptions" not in given:
        raise BadAnswer(
            "Klaviyo showed a profile without its subscriptions, which were asked for: whom it would mail is not known",
            help="Run again; if it stays, report it to Klaviyo.",
        )
    marketing = _marketing(given["subscriptions"])
    top = {name: given[name] for name in TOP if given.get(name, b"") not in _ABSENT}
    located = {f"location.{name}": place[name] for name in PLACE if place.get(name, b"") not in _ABSENT}
    own = {name: raw for name, raw in custom.items() if not name.startswith(OWN)}
    everything = {**custom, **top, **located}
    cells: dict[str, Cell] = {name: cell(everything[name]) for name in wanted.columns if name in everything}
    why_not, only_here = _why_not(top, marketing, wanted)
    cells |= _as_of_cells(own, wanted)
    cells |= _facts(given, top, located, marketing)
    if wanted.ignoring_unsubscribes and _left(marketing, wanted.lists):
        cells[fact("consent")] = _text("denied")
    if row.id in wanted.touched or any(name.startswith(OWN) for name in custom):
        # The last change may be presend's own mark, which must not make a record look fresh.
        cells.pop(fact("updated_at"), None)
    cells |= _bought(row.id, wanted.orders)
    cells |= _active(row.id, wanted.active, cells.get(fact("last_activity_at")))
    cells |= _stated(own, everything, wanted)
    cells[fact("suppressed")] = "true" if why_not else "false"
    return Person(row.id, cells, {*own, *top, *located}, why_not, only_here)


def properties(row: ProfileRow) -> dict[str, Cell]:
    """All that a profile has, by the names templates use, but presend's own marks."""
    given = {name: bytes(raw) for name, raw in row.attributes.items()}
    place = _map(given.get("location"))
    found = {name: raw for name, raw in _map(given.get("properties")).items() if not name.startswith(OWN)}
    found |= {name: given[name] for name in TOP if given.get(name, b"") not in _ABSENT}
    found |= {f"location.{name}": place[name] for name in PLACE if place.get(name, b"") not in _ABSENT}
    return {name: cell(raw) for name, raw in found.items()}


def _map(raw: bytes | None) -> dict[str, bytes]:
    found = _decode_map(raw) if raw else None
    return {name: bytes(each) for name, each in (found or {}).items()}


def _marketing(raw: bytes) -> Marketing:
    told = _decode_subscriptions(raw)
    return (told.email.marketing if told and told.email else None) or Marketing()


def _why_not(top: Mapping[str, bytes], marketing: Marketing, wanted: Wanted) -> tuple[str | None, bool]:
    """Why Klaviyo would not mail this person, and whether only because of the list being read."""
    if top.get("email", b'""') == b'""':
        return "no e-mail address", False
    reasons = [each.reason or "" for each in marketing.suppression or []]
    denied = marketing.consent == "UNSUBSCRIBED"
    if wanted.ignoring_unsubscribes:
        reasons = [each for each in reasons if each != _UNSUBSCRIBED]
        denied = False
    if reasons:
        return _REASONS.get(reasons[0], f"suppressed ({reasons[0].lower()})" if reasons[0] else "suppressed"), False
    if denied:
        return "unsubscribed", False
    if marketing.can_receive_email_marketing is False and not wanted.ignoring_unsubscribes:
        return "Klaviyo says that the profile cannot receive e-mail marketing", False
    barred = {each.list_id: each.reason or "" for each in marketing.list_suppressions or []}
    for key in sorted(wanted.lists & barred.keys()):
        if not (wanted.ignoring_unsubscribes and barred[key] == _UNSUBSCRIBED):
            return f"{_REASONS.get(barred[key], 'suppressed')} for the list that is written to", True
    return None, False


def _left(marketing: Marketing, lists: Collection[str]) -> bool:
    """Whether this person unsubscribed: from everything, or from the list that is being read."""
    everywhere = any(each.reason == _UNSUBSCRIBED for each in marketing.suppression or [])
    here = any(each.reason == _UNSUBSCRIBED and each.list_id in lists for each in marketing.list_suppressions or [])
    return everywhere or here


# ---- facts


def _text(value: str | None) -> Cell:
    return None if value is None else _encode(value).decode()


def _time(raw: bytes | None) -> Cell:
    return _text(time_text(_decode(raw))) if raw and raw != b"null" else None


def _facts(
    given: Mapping[str, bytes], top: Mapping[str, bytes], located: Mapping[str, bytes], marketing: Marketing
) -> dict[str, Cell]:
    """What Klaviyo itself knows about the profile."""
    country = _string(located.get("location.country"))
    code = country_code(country) if country else None
    region = _string(located.get("location.region"))
    at = time_text(marketing.consent_timestamp)
    values: dict[str, Cell] = {
        "created_at": _time(given.get("created")),
        "updated_at": _time(given.get("updated")),
        "last_activity_at": _time(given.get("last_event_date")),
        "consent": _text(_CONSENT.get(marketing.consent or "", "unknown")),
        "consent_at": _text(at),
        "consent_source": _text(_source(marketing)),
        "confirmed_at": _text(at) if marketing.double_optin and marketing.consent == "SUBSCRIBED" else None,
        "country": _text(code or country),
        "region": _text(region_code(region, code) if region else None),
        "postcode": _text(_string(located.get("location.zip"))),
        "timezone": _text(zone_name(_string(located.get("location.timezone")))),
        "locale": _text(_string(top.get("locale"))),
        "email": _text(_string(top.get("email"))),
    }
    return {fact(name): value for name, value in values.items() if value is not None}


def _source(marketing: Marketing) -> str | None:
    """How consent was given or taken back, in Klaviyo's own words: `FORM (Newsletter footer)`."""
    if marketing.consent not in _CONSENT or not marketing.method:
        return None
    detail = (marketing.custom_method_detail or marketing.method_detail or "").strip()
    return f"{marketing.method} ({detail})" if detail else marketing.method


def _string(raw: bytes | None) -> str | None:
    value = _decode(raw) if raw else None
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return text.strip() or None


def _active(key: str, active: Mapping[str, Mapping[str, str]], last: Cell) -> dict[str, Cell]:
    cells: dict[str, Cell] = {fact(name): _text(times[key]) for name, times in active.items() if key in times}
    if cells:
        # Times have one length and one zone, so that the latest is the largest.
        cells[fact("last_activity_at")] = max(each for each in (last, *cells.values()) if each)
    return cells


def _bought(key: str, orders: Orders) -> dict[str, Cell]:
    bought = orders.people.get(key)
    if bought is None:
        return {fact("orders"): "0"} if orders.whole else {}
    return _bought_cells(bought, whole=orders.whole)


def _bought_cells(bought: Bought, *, whole: bool) -> dict[str, Cell]:
    cells: dict[str, Cell] = {fact("last_order_at"): _text(bought.last_order_at)}
    if whole:
        cells[fact("orders")] = str(bought.orders)
    if bought.products:
        cells[fact("last_product")] = _text(bought.products[0])
        cells[fact("products")] = _encode(bought.products).decode()
    return cells


def _stated(own: Mapping[str, bytes], everything: Mapping[str, bytes], wanted: Wanted) -> dict[str, Cell]:
    """Facts that the account keeps in custom properties: by their names, then as the user mapped them."""
    out: dict[str, Cell] = {}
    for name, raw in own.items():
        meaning = _own_name(name)
        if meaning and (value := fact_cell(meaning, raw)) is not None:
            out.setdefault(fact(meaning), value)
    for meaning, name in wanted.facts.items():
        target = as_of_target(meaning)
        if target is not None and meaning not in FACTS:
            out[as_of(target)] = fact_cell("confirmed_at", everything.get(name, b"null"))
        elif meaning in FACTS:
            out[fact(meaning)] = fact_cell(meaning, everything.get(name, b"null"))
    return out


def _own_name(name: str) -> str | None:
    return "preferred_name" if name.strip().casefold() == "nickname" else named(name)


def fact_cell(meaning: str, raw: bytes) -> Cell:
    """A property as the fact it states, times and days normalised; None where it states nothing readable."""
    return stated(FACTS[meaning], _decode(raw), moment)


@lru_cache(maxsize=16384)
def _target(name: str) -> str | None:
    found = as_of_target(name)
    return found.casefold() if found else None


def _as_of_cells(own: Mapping[str, bytes], wanted: Wanted) -> dict[str, Cell]:
    """When columns were last known true, from properties named like them (`car_model_as_of`)."""
    dated = {target: raw for name, raw in own.items() if (target := _target(name)) is not None}
    if not dated:
        return {}
    found = {as_of(name): _time(dated[name.casefold()]) for name in wanted.columns if name.casefold() in dated}
    return {name: value for name, value in found.items() if value is not None}
