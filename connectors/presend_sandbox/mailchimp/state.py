"""What a Mailchimp account holds: lists, members, segments, campaigns, orders; and the open points as switches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from presend_sandbox.clock import Clock
from presend_sandbox.faults import Fault
from presend_sandbox.switches import Switch, register, value

SNAPSHOT = Switch(
    "mailchimp.snapshot_on_reschedule",
    ("retaken", "kept"),
    "whether unscheduling and scheduling again takes the segment's recipients anew",
)
TOO_LATE = Switch(
    "mailchimp.unschedule_too_late",
    ("400", "403"),
    "the error when a campaign is unscheduled after its sending began",
)
BATCH_DELIVERY = Switch(
    "mailchimp.batch_delivery",
    ("lost", "survives"),
    "whether batch delivery outlives unscheduling and scheduling again without naming it",
)
FOLDER_MOVE = Switch(
    "mailchimp.folder_while_scheduled",
    ("refused", "allowed"),
    "whether a scheduled campaign can be moved to another folder",
)
OVERLOAD = Switch(
    "mailchimp.overload",
    ("429", "bare403"),
    "how an overload is answered: 429 as documented, or an empty 403",
)
UNSCHEDULED = Switch(
    "mailchimp.unscheduled_status",
    ("save", "paused"),
    "the status of a campaign that was unscheduled",
)
SETTINGS = Switch(
    "mailchimp.patch_settings",
    ("partial", "whole"),
    "whether PATCH takes some settings, or insists on subject, from name and reply-to as the description says",
)
RECIPIENTS = Switch(
    "mailchimp.patch_recipients",
    ("replaced", "merged"),
    "whether PATCH with a list and no segment takes the segment away, or only one without conditions does",
)
BATCHES = Switch(
    "mailchimp.batches",
    ("at_once", "slow"),
    "whether a batch of operations is through when it is first looked at, or only the third time",
)
register(RECIPIENTS, BATCHES, SNAPSHOT, TOO_LATE, BATCH_DELIVERY, FOLDER_MOVE, OVERLOAD, UNSCHEDULED, SETTINGS)


def subscriber_hash(email: str) -> str:
    """Mailchimp's id of a member: MD5 of the address in lower case (an id, not a protection)."""
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class MergeField:
    """One merge field of a list; `default` is what prints for absent, null and empty values."""

    merge_id: int
    tag: str
    name: str
    type: str
    required: bool
    default: str
    public: bool
    options: dict[str, Any]
    help_text: str


@dataclass(slots=True)
class Interest:
    """One group name under a group title."""

    id: str
    name: str


@dataclass(slots=True)
class Category:
    """A group title with its groups."""

    id: str
    title: str
    type: str
    interests: list[Interest]


@dataclass(slots=True)
class Member:
    """A contact of one list; its id is the subscriber hash.

    `values` holds the merge fields as stored: absent keys, None and "" all occur.
    """

    email: str
    status: str
    values: dict[str, Any]
    interests: dict[str, bool]
    signed_up: datetime | None
    opted_in: datetime | None
    changed: datetime
    last_active: datetime | None
    language: str = ""
    source: str = "Signup Form"
    vip: bool = False
    country: str = ""
    region: str = ""
    timezone: str = ""
    left_because: str = ""
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = subscriber_hash(self.email)


@dataclass(slots=True)
class Segment:
    """A saved segment (with conditions) or a tag (static: with members)."""

    id: int
    name: str
    type: str
    created: datetime
    updated: datetime
    match: str = "all"
    conditions: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Audience:
    """A list, which Mailchimp's pages call an audience."""

    id: str
    web_id: int
    name: str
    created: datetime
    contact: dict[str, str]
    defaults: dict[str, str]
    permission_reminder: str
    fields: list[MergeField]
    categories: list[Category]
    segments: dict[int, Segment]
    members: dict[str, Member] = field(default_factory=dict)

    def field(self, tag: str) -> MergeField | None:
        """The merge field called `tag`, if there is one."""
        return next((each for each in self.fields if each.tag == tag), None)


@dataclass(slots=True)
class Variant:
    """One combination of a multivariate campaign, or the whole of a plain one."""

    label: str
    subject: str
    preview_text: str
    from_name: str
    reply_to: str
    html: str
    text: str


@dataclass(slots=True)
class Campaign:
    """A campaign; `frozen` are the recipients' ids taken when it was scheduled, None when never taken."""

    id: str
    web_id: int
    type: str
    status: str
    title: str
    list_id: str
    variants: list[Variant]
    created: datetime
    send_time: datetime | None
    to_name: str = ""
    segment: dict[str, Any] | None = None
    timewarp: bool = False
    folder_id: str = ""
    auto_footer: bool = False
    stuck: bool = False
    emails_sent: int = 0
    batch_delivery: dict[str, int] | None = None
    checklist: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    tracking: dict[str, Any] = field(default_factory=lambda: {"opens": True, "html_clicks": True, "text_clicks": False})
    frozen: frozenset[str] | None = None
    tests: list[list[str]] = field(default_factory=list)

    @property
    def fixed(self) -> frozenset[str] | None:
        """The recipients that are fixed now; a campaign taken back to a draft has none."""
        return None if self.status in ("save", "paused") else self.frozen


@dataclass(slots=True)
class Store:
    """An e-commerce store connected to a list."""

    id: str
    list_id: str
    name: str
    domain: str
    currency: str
    created: datetime


@dataclass(slots=True)
class Order:
    """One order of a store's customer."""

    id: str
    store_id: str
    email: str
    first: str
    last: str
    product: str
    total: float
    placed: datetime
    campaign_id: str = ""


@dataclass(slots=True)
class Batch:
    """A batch of operations, with what each of them answered; empty until they were carried out."""

    id: str
    submitted: datetime
    results: list[dict[str, Any]]
    wanted: list[dict[str, Any]] = field(default_factory=list)
    looks: int = 0
    """How often it was asked about."""


@dataclass(slots=True)
class Account:
    """A whole Mailchimp account in memory."""

    id: str
    name: str
    key: str
    email: str
    role: str
    plan: str
    tier: str
    pro: bool
    timezone: str
    contact: dict[str, str]
    domains: list[dict[str, Any]]
    clock: Clock
    switches: dict[str, str]
    overloads: list[Fault]
    lists: dict[str, Audience] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    batches: dict[str, Batch] = field(default_factory=dict)
    journeys: list[tuple[str, str]] = field(default_factory=list)
    """Tag and member of every journey that a tag could have started: tags put on without `is_syncing`."""
    counter: int = 1000
    _by_customer: dict[str, list[Order]] = field(default_factory=dict)

    def switch(self, which: Switch) -> str:
        """The chosen behaviour of one open point."""
        return value(self.switches, which.name)

    def add_order(self, order: Order) -> None:
        """Take in one order."""
        self.orders.append(order)
        self._by_customer.setdefault(order.email.lower(), []).append(order)

    def orders_of(self, email: str) -> list[Order]:
        """What one customer ordered, in the order it was taken in."""
        return self._by_customer.get(email.lower(), [])

    def next_number(self) -> int:
        """A number no other thing of this account has."""
        self.counter += 1
        return self.counter
