"""Turns a world's HubSpot file into an account: settings, properties, people, lists and campaigns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from presend_sandbox.hubspot.schema import starting_properties
from presend_sandbox.hubspot.seed_emails import add_emails, nth
from presend_sandbox.hubspot.state import JSON, Account, Change, ContactList, Record, Settings, Subscription, stamp
from presend_sandbox.people import Person, crowd

ALL_SCOPES = frozenset({
    "content", "marketing-email", "transactional-email", "marketing.campaigns.read", "marketing.campaigns.write",
    "crm.lists.read", "crm.lists.write", "crm.objects.contacts.read", "crm.objects.contacts.write",
    "crm.schemas.contacts.read", "crm.schemas.contacts.write", "crm.objects.deals.read", "crm.objects.orders.read",
    "crm.objects.tickets.read", "crm.objects.line_items.read",
    "communication_preferences.read", "communication_preferences.statuses.batch.read",
})  # fmt: skip
_RELATIVE = re.compile(r"^[+-]\d+[wdhms]")
_TIMES = ("date", "datetime")


class Calendar(Protocol):
    """The part of the sandbox's clock that setting up needs."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def resolve(self, when: str) -> datetime:
        """The moment that a relative or ISO time names."""


def build_account(spec: Mapping[str, Any], clock: Calendar, switches: Mapping[str, str]) -> Account:
    """The account that a parsed `hubspot.toml` describes; KeyError or ValueError when it is not written as one."""
    subscriptions = {
        str(row["id"]): Subscription(str(row["id"]), row["name"], clock.resolve(row.get("created", "-900d")))
        for row in spec.get("subscriptions", ())
    }
    account = Account(
        settings=_settings(spec.get("account", {})),
        clock=clock,
        switches=switches,
        properties=starting_properties(spec.get("properties", ()), list(subscriptions)),
        subscriptions=subscriptions,
        objects={"deals": {}, "orders": {}, "tickets": {}, "line_items": {}},
    )
    for row in spec.get("lists", ()):
        for number in range(row.get("repeat", 1)):
            _add_list(account, nth(row, number), clock)
    for row in spec.get("crowd", ()):
        _add_crowd(account, row, clock)
    for row in spec.get("people", ()):
        _add_person(account, row, clock)
    for row in spec.get("hubspot_campaigns", ()):
        _add_campaign(account, row, clock)
    add_emails(account, spec, clock.resolve)
    return account


def _settings(row: Mapping[str, Any]) -> Settings:
    scopes = frozenset(row["scopes"]) if "scopes" in row else ALL_SCOPES - frozenset(row.get("without_scopes", ()))
    return Settings(
        token=row.get("token", "pat-na1-sandbox"),
        portal_id=row.get("portal_id", 8800551),
        time_zone=row.get("time_zone", "America/New_York"),
        enterprise=row.get("enterprise", False),
        transactional_addon=row.get("transactional_addon", False),
        scopes=scopes,
        limit=row.get("limit", 190),
        daily=row.get("daily", 625_000),
        enforce=row.get("enforce_limits", False),
        domain=row.get("domain", "mail.example.com"),
    )


def _add_list(account: Account, row: Mapping[str, Any], clock: Calendar) -> None:
    created = clock.resolve(row.get("created", "-300d"))
    branch = _branch(row["where"], clock) if "where" in row else None
    account.lists[str(row["id"])] = ContactList(
        id=str(row["id"]),
        name=row["name"],
        processing=row.get("processing", "DYNAMIC" if branch else "MANUAL"),
        created=created,
        updated=clock.resolve(row.get("updated", row.get("created", "-300d"))),
        legacy_id=str(row["legacy_id"]) if "legacy_id" in row else None,
        branch=branch,
    )


def _branch(groups: Sequence[Sequence[Mapping[str, Any]]], clock: Calendar) -> JSON:
    """HubSpot's filter branch, OR of ANDs, from short rows {property, operator, values, type} or {list, operator}."""
    return {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [_filter(row, clock) for row in group],
            }
            for group in groups
        ],
        "filters": [],
    }


def _filter(row: Mapping[str, Any], clock: Calendar) -> JSON:
    if "list" in row:
        return {"filterType": "IN_LIST", "listId": str(row["list"]), "operator": row["operator"]}
    operation: JSON = {
        "operationType": row.get("type", "MULTISTRING"),
        "operator": row["operator"],
        "includeObjectsWithNoValueSet": row.get("or_unknown", False),
    }
    if "values" in row:
        operation["values"] = list(row["values"])
    elif "at" in row:
        operation["timestamp"] = int(clock.resolve(row["at"]).timestamp() * 1000)
        operation["requiresTimeZoneConversion"] = False
    elif "value" in row:
        operation["value"] = row["value"]
    return {"filterType": "PROPERTY", "property": row["property"], "operation": operation}


def _add_crowd(account: Account, row: Mapping[str, Any], clock: Calendar) -> None:
    """`count` invented contacts with ids from `first_id`; `slices` give exact numbers of them other values."""
    for index, person in enumerate(crowd(row["count"], row.get("seed", 1), row.get("prefix", ""))):
        values = _values_of(person) | dict(row.get("properties", {}))
        for part in row.get("slices", ()):
            _apply_slice(values, part, index)
        age, seen = row.get("age_days", 40), row.get("seen_days", 2)
        record = Record(
            str(row["first_id"] + index), clock.now() - timedelta(days=age + index * 7 % 300, hours=index % 24)
        )
        activity = clock.now() - timedelta(days=seen + index % 25, minutes=index % 60)
        for name in ("hs_email_last_send_date", "hs_email_last_open_date", "hs_analytics_last_timestamp"):
            record.history[name] = [Change(stamp(activity), activity, "EMAIL")]
        at = {name: clock.resolve(when) for name, when in row.get("set_at", {}).items()}
        _fill(account, record, values, clock, at, row.get("sources", {}))
        _join(account, record, row.get("lists", ()), clock)


def _values_of(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "firstname": person.first,
        "lastname": person.last,
        "city": person.city,
        "state": person.region,
        "country": person.country,
        "zip": person.postcode,
        "phone": person.phone,
        "hs_language": person.language,
        # HubSpot's internal value of "America/New_York" is "america_slash_new_york".
        "hs_timezone": person.timezone.lower().replace("/", "_slash_"),
        "date_of_birth": person.birthday.isoformat(),
        "gender": person.gender_stated,
        "lifecyclestage": "customer",
        "hs_marketable_status": "true",
    }


def _apply_slice(values: dict[str, Any], part: Mapping[str, Any], index: int) -> None:
    """Give some people of a crowd another value: runs of absent, empty, blank, upper, lower, then `values`.

    `part` says how many of each, one after another from number `start`; `value` with `count` is short for `values`.
    """
    name, place = part["field"], index - part.get("start", 0)
    runs: tuple[tuple[str, Any], ...] = (("absent", None), ("empty", ""), ("blank", " "))
    for key, value in runs:
        if 0 <= place < part.get(key, 0):
            values[name] = value
            return
        place -= part.get(key, 0)
    for key in ("upper", "lower"):
        if 0 <= place < part.get(key, 0):
            values[name] = str(values[name]).upper() if key == "upper" else str(values[name]).lower()
            return
        place -= part.get(key, 0)
    listed = part.get("values", [part["value"]] * part.get("count", 1) if "value" in part else [])
    if 0 <= place < len(listed):
        values[name] = listed[place]


def _add_person(account: Account, row: Mapping[str, Any], clock: Calendar) -> None:
    record = Record(str(row["id"]), clock.resolve(row.get("created", "-200d")))
    seen = clock.resolve(row.get("seen", "-5d"))
    for name in ("hs_email_last_send_date", "hs_email_last_open_date", "hs_analytics_last_timestamp"):
        record.history[name] = [Change(stamp(seen), seen, "EMAIL")]
    values = {"hs_marketable_status": "true", "lifecyclestage": "customer"} | dict(row.get("properties", {}))
    at = {name: clock.resolve(when) for name, when in row.get("set_at", {}).items()}
    _fill(account, record, values, clock, at, row.get("sources", {}))
    _join(account, record, row.get("lists", ()), clock)
    for number, deal in enumerate(row.get("deals", ()), start=1):
        _add_deal(account, f"{record.id}0{number}", record.id, deal, clock)
    for number, order in enumerate(row.get("orders", ()), start=1):
        _add_object(account, "orders", f"{record.id}5{number}", record.id, order, clock)
    for number, ticket in enumerate(row.get("tickets", ()), start=1):
        _add_object(account, "tickets", f"{record.id}7{number}", record.id, {"hs_pipeline": "0", **ticket}, clock)


def _fill(
    account: Account,
    record: Record,
    values: Mapping[str, Any],
    clock: Calendar,
    at: Mapping[str, datetime],
    sources: Mapping[str, str],
) -> None:
    definitions = account.properties["contacts"]
    if unknown := sorted(set(values) - set(definitions)):
        raise ValueError(f"contact {record.id} has {unknown[0]!r}, which is not a property of this account")
    for name, value in values.items():
        if value is not None:
            written = _written(str(value), definitions[name]["type"], clock)
            moment = max(at.get(name, record.created), record.created)
            record.history[name] = [Change(written, moment, sources.get(name, "IMPORT"))]
    account.contacts[record.id] = record


def _written(value: str, kind: str, clock: Calendar) -> str:
    if kind not in _TIMES or not _RELATIVE.match(value):
        return value
    moment = clock.resolve(value)
    return moment.date().isoformat() if kind == "date" else stamp(moment)


def _join(account: Account, record: Record, lists: Sequence[Any], clock: Calendar) -> None:
    for name in lists:
        joined = max(record.created, account.lists[str(name)].created)
        account.lists[str(name)].members[record.id] = min(joined + timedelta(hours=1), clock.now())


def _add_deal(account: Account, name: str, contact: str, values: Mapping[str, Any], clock: Calendar) -> None:
    """A deal with its line items; one in the stage closedwon is won, as HubSpot works out by itself."""
    won = {"hs_is_closed_won": "true" if values.get("dealstage") == "closedwon" else "false"}
    _add_object(account, "deals", name, contact, won | {k: v for k, v in values.items() if k != "items"}, clock)
    for number, item in enumerate(values.get("items", ()), start=1):
        record = Record(f"{name}{number}", account.objects["deals"][name].created)
        record.history["name"] = [Change(item, record.created)]
        account.objects["line_items"][record.id] = record
        account.links.setdefault(("deals", "line_items"), {}).setdefault(name, []).append(record.id)


def _add_object(
    account: Account, kind: str, name: str, contact: str, values: Mapping[str, Any], clock: Calendar
) -> None:
    record = Record(name, clock.resolve(values.get("created", "-30d")))
    definitions = account.properties[kind]
    for key, value in values.items():
        if key != "created":
            record.history[key] = [Change(_written(str(value), definitions[key]["type"], clock), record.created)]
    account.objects[kind][name] = record
    account.links.setdefault(("contacts", kind), {}).setdefault(contact, []).append(name)
    account.links.setdefault((kind, "contacts"), {}).setdefault(name, []).append(contact)


def _add_campaign(account: Account, row: Mapping[str, Any], clock: Calendar) -> None:
    created = clock.resolve(row.get("created", "-60d"))
    account.campaigns[row["id"]] = {
        "id": row["id"],
        "properties": {"hs_name": row["name"], "hs_notes": row.get("notes", "")},
        "businessUnits": [{"id": 0}],
        "createdAt": stamp(created),
        "updatedAt": stamp(created),
        "assets": {"MARKETING_EMAIL": []},
    }
