"""Fills an account with people: crowds with exactly counted dirt, and persons written out one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from presend_sandbox.klaviyo.profiles import NAMED, PLACE
from presend_sandbox.klaviyo.state import Account, Consent, Event, Profile
from presend_sandbox.people import Person, crowd

_COUNTRIES = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "AU": "Australia",
    "DE": "Germany",
    "AT": "Austria",
    "FR": "France",
    "ES": "Spain",
    "IT": "Italy",
    "NL": "Netherlands",
    "SE": "Sweden",
}
# Consent and suppression reason; counted from a crowd's end, so that slices at its start stay mailable.
_NOT_MAILED = {
    "unsubscribed": ("UNSUBSCRIBED", "UNSUBSCRIBE"),
    "bounced": ("SUBSCRIBED", "HARD_BOUNCE"),
    "complained": ("SUBSCRIBED", "SPAM_COMPLAINT"),
    "suppressed": ("NEVER_SUBSCRIBED", "USER_SUPPRESSED"),
}
_EMPTY = {"null": None, "empty": "", "blank": " "}

Times = Callable[[int], datetime]


def _spread(account: Account, ends: Sequence[str], count: int) -> Times:
    """The moment of each of `count` people, evenly between two relative times."""
    first, last = (account.clock.resolve(each) for each in ends)
    step = (last - first) / max(count - 1, 1)
    return lambda index: (first + step * index).replace(microsecond=0)


def add_crowd(account: Account, row: Mapping[str, Any]) -> None:
    """Adds `count` people; value slices are cut from the crowd's start, the not mailable ones from its end."""
    count = row["count"]
    created = _spread(account, row.get("created", ["-800d", "-30d"]), count)
    updated = _spread(account, row.get("updated", ["-40d", "-6h"]), count)
    joined = _spread(account, row.get("joined", row.get("created", ["-800d", "-30d"])), count)
    active = _spread(account, row["last_event"], count) if "last_event" in row else None
    values = {name: _values(account, given, count) for name, given in row.get("properties", {}).items()}
    rows: list[Profile] = []
    for index, person in enumerate(crowd(count, row["seed"], row["prefix"])):
        attributes = _attributes(person)
        attributes["location"]["timezone"] = row.get("timezone", person.timezone)
        attributes["properties"] = {name: value(index) for name, value in values.items()}
        own_id = f"01{row['prefix'].upper()}{index + 1:0>{24 - len(row['prefix'])}d}"
        last = active(index) if active else None
        consent = Consent(at=created(index))
        profile = Profile(own_id, attributes, created(index), updated(index), last, consent)
        account.profiles[own_id] = profile
        rows.append(profile)
        for group in row["groups"]:
            account.groups[group].members[own_id] = joined(index)
    for given in row.get("slices", []):
        _cut(account, rows, given)
    _bar(rows, row)
    for given in row.get("orders", []):
        _add_orders(account, rows, given)


def _attributes(person: Person) -> dict[str, Any]:
    attributes: dict[str, Any] = dict.fromkeys(NAMED)
    attributes |= {
        "email": person.email,
        "phone_number": person.phone,
        "first_name": person.first,
        "last_name": person.last,
        "locale": person.language,
    }
    place = dict.fromkeys(PLACE)
    place |= {
        "city": person.city,
        "region": person.region,
        "country": _COUNTRIES.get(person.country, person.country),
        "zip": person.postcode,
        "timezone": person.timezone,
    }
    attributes["location"] = place
    attributes["properties"] = {}
    return attributes


def _values(account: Account, given: Any, count: int) -> Callable[[int], Any]:
    """What each person has: a constant, the next of a list in turn, or a day from `{days = [from, to]}`."""
    if isinstance(given, dict) and "days" in given:
        moments = _spread(account, given["days"], count)
        return lambda index: moments(index).date().isoformat()
    if isinstance(given, list):
        return lambda index: given[index % len(given)]
    return lambda _: given


def _cut(account: Account, rows: list[Profile], given: Mapping[str, Any]) -> None:
    """Sets one field for exactly counted people, in the order absent, null, empty, blank, then `set`."""
    at = given.get("from", 0)
    for _ in range(given.get("absent", 0)):
        put(rows[at], given["field"], None, remove=True)
        at += 1
    for kind, value in _EMPTY.items():
        for _ in range(given.get(kind, 0)):
            put(rows[at], given["field"], value)
            at += 1
    for entry in given.get("set", []):
        value = account.clock.resolve(entry["time"]).date().isoformat() if "time" in entry else entry["value"]
        for _ in range(entry["count"]):
            put(rows[at], given["field"], value)
            at += 1


def put(profile: Profile, field: str, value: Any, remove: bool = False) -> None:
    """Sets `first_name`, `location.city` or `properties.vip`; a named attribute that is absent is null."""
    outer, _, inner = field.partition(".")
    if outer == "properties" and remove:
        profile.attributes["properties"].pop(inner, None)
    elif inner:
        profile.attributes[outer][inner] = value
    elif field in NAMED:
        profile.attributes[field] = value
    else:
        raise KeyError(field)


def _bar(rows: list[Profile], given: Mapping[str, Any]) -> None:
    at = len(rows)
    for name, (status, reason) in _NOT_MAILED.items():
        for _ in range(given.get(name, 0)):
            at -= 1
            bar(rows[at].consent, status, reason, rows[at].updated)
    for _ in range(given.get("never_subscribed", 0)):
        at -= 1
        rows[at].consent.status, rows[at].consent.at = "NEVER_SUBSCRIBED", None


def bar(consent: Consent, status: str, reason: str, at: datetime) -> None:
    """Suppress a person for all email marketing."""
    consent.status = status
    consent.suppression = [{"reason": reason, "timestamp": at.isoformat(timespec="seconds")}]


def _add_orders(account: Account, rows: list[Profile], given: Mapping[str, Any]) -> None:
    """One event each for `people` persons from `from` on, evenly over the days given."""
    start, many = given.get("from", 0), given["people"]
    when = _spread(account, given["days"], many)
    for number, profile in enumerate(rows[start : start + many]):
        item = given["items"][number % len(given["items"])]
        value = 18.0 + 7 * (number % 11)
        properties = {
            "$value": value,
            "OrderId": f"{given['metric']}-{profile.id[-6:]}-{number}",
            "Items": [item],
            "ItemCount": 1,
        }
        own_id = f"EV{given['metric']}{profile.id}N{len(account.events)}"
        account.events.append(Event(own_id, given["metric"], profile.id, when(number), properties))


def add_person(account: Account, row: Mapping[str, Any]) -> None:
    """Adds one person written out; `nulls` names the properties that are there without a value."""
    resolve = account.clock.resolve
    attributes: dict[str, Any] = dict.fromkeys(NAMED)
    attributes |= {name: row[name] for name in NAMED if name in row}
    attributes["location"] = {**dict.fromkeys(PLACE), **row.get("location", {})}
    attributes["properties"] = {**row.get("properties", {}), **dict.fromkeys(row.get("nulls", []))}
    created, updated = resolve(row.get("created", "-400d")), resolve(row.get("updated", "-5d"))
    last = resolve(row["last_event"]) if "last_event" in row else None
    consent = Consent(row.get("consent", "SUBSCRIBED"), resolve(row.get("consent_at", row.get("created", "-400d"))))
    if "suppression" in row:
        bar(consent, consent.status, row["suppression"], updated)
    for group in row.get("suppressed_for", []):
        stamp = updated.isoformat(timespec="seconds")
        consent.list_suppressions.append({"list_id": group, "reason": "UNSUBSCRIBE", "timestamp": stamp})
    account.profiles[row["id"]] = Profile(row["id"], attributes, created, updated, last, consent)
    for group in row["groups"]:
        account.groups[group].members[row["id"]] = resolve(row.get("joined", row.get("created", "-400d")))
