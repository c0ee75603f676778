"""What an imitated HubSpot account holds, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from presend_sandbox import switches

JSON = dict[str, Any]


class Now(Protocol):
    """The part of the sandbox's clock that an account needs after it was set up."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


def stamp(moment: datetime) -> str:
    """A moment as HubSpot writes it: ISO 8601, milliseconds, Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a property's history."""

    value: str | None
    at: datetime
    source: str = "CRM_UI"


@dataclass(slots=True)
class Record:
    """A CRM object: contact, deal or order. `history` holds each property's changes, newest first."""

    id: str
    created: datetime
    history: dict[str, list[Change]] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """The present value; None when the property was never set or was cleared."""
        match name:
            case "hs_object_id":
                return self.id
            case "createdate":
                return stamp(self.created)
            case "lastmodifieddate" | "hs_lastmodifieddate":
                return stamp(self.updated)
        changes = self.history.get(name)
        return changes[0].value if changes else None

    @property
    def updated(self) -> datetime:
        """When any property changed last."""
        return max((changes[0].at for changes in self.history.values() if changes), default=self.created)

    def set(self, name: str, value: str | None, at: datetime, source: str = "CRM_UI") -> None:
        """Put a new newest value in front of the history."""
        self.history.setdefault(name, []).insert(0, Change(value, at, source))


@dataclass(slots=True)
class ContactList:
    """A list of contacts; `branch` decides who is in a DYNAMIC one, else `members` (record id to join time) does."""

    id: str
    name: str
    processing: str
    created: datetime
    updated: datetime
    legacy_id: str | None = None
    branch: JSON | None = None
    members: dict[str, datetime] = field(default_factory=dict)
    version: int = 1


@dataclass(slots=True)
class Email:
    """A marketing email: `doc` is its JSON as published, `draft` its unpublished edits, `revisions` older ones."""

    id: str
    doc: JSON
    draft: JSON | None = None
    revisions: list[tuple[datetime, JSON]] = field(default_factory=list)
    master_id: str | None = None
    """Set on variant B of a test: the id of A."""
    variant_id: str | None = None
    """Set on variant A of a test: the id of B."""
    stuck: bool = False
    """True keeps the email scheduled although its time has passed."""
    was_unpublished: bool = False
    sent_to: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription type that people can opt out of."""

    id: str
    name: str
    created: datetime


@dataclass(slots=True)
class Settings:
    """What sort of account it is. `limit` (requests in 10 s) and `daily` bind only if `enforce`."""

    token: str
    portal_id: int
    time_zone: str
    enterprise: bool
    transactional_addon: bool
    scopes: frozenset[str]
    limit: int
    daily: int
    enforce: bool
    domain: str


@dataclass(slots=True)
class Account:
    """One HubSpot account."""

    settings: Settings
    clock: Now
    switches: Mapping[str, str]
    properties: dict[str, dict[str, JSON]]
    """By object type, then by internal name."""
    contacts: dict[str, Record] = field(default_factory=dict)
    objects: dict[str, dict[str, Record]] = field(default_factory=dict)
    """Deals and orders, by object type, then id."""
    links: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    """Associations, by (from type, to type), then from id."""
    lists: dict[str, ContactList] = field(default_factory=dict)
    emails: dict[str, Email] = field(default_factory=dict)
    campaigns: dict[str, JSON] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    requests: int = 0
    next_id: int = 900_000_001

    def switch(self, name: str) -> str:
        """The chosen behaviour of an open point."""
        return switches.value(self.switches, name)

    def fresh_id(self) -> str:
        """An id that nothing in this account has."""
        self.next_id += 1
        return str(self.next_id)

    def reference(self, name: str) -> str | int:
        """An id as the account's switch says it is written in arrays and references."""
        return int(name) if self.switch("hubspot.ids") == "number" and name.isdigit() else name
