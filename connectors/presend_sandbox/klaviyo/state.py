"""What one imitated Klaviyo account holds in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from presend_sandbox.clock import Clock
from presend_sandbox.switches import Switch, value


@dataclass(slots=True)
class Consent:
    """Email marketing consent; `suppression` and `list_suppressions` hold rows as the API shows them."""

    status: str = "SUBSCRIBED"
    at: datetime | None = None
    method: str = "FORM"
    double_optin: bool = True
    suppression: list[dict[str, str]] = field(default_factory=list)
    list_suppressions: list[dict[str, str]] = field(default_factory=list)

    @property
    def can_receive(self) -> bool:
        return self.status != "UNSUBSCRIBED" and not self.suppression

    @property
    def can_receive_ignoring(self) -> bool:
        """Whether a message that ignores unsubscribes reaches the person."""
        return all(row["reason"] == "UNSUBSCRIBE" for row in self.suppression)


@dataclass(slots=True, repr=False)
class Profile:
    """One person; `attributes` holds the named attributes, `location` and `properties`."""

    id: str
    attributes: dict[str, Any]
    created: datetime
    updated: datetime
    last_event: datetime | None
    consent: Consent


@dataclass(slots=True)
class Group:
    """A list or a segment; `members` says when each profile joined."""

    id: str
    kind: str
    name: str
    created: datetime
    updated: datetime
    members: dict[str, datetime] = field(default_factory=dict)
    opt_in_process: str = "double_opt_in"
    definition: dict[str, Any] | None = None
    unsettled: bool = False
    starred: bool = False
    flows: list[str] = field(default_factory=list)
    unseen: int = 0
    """How many looks for it by name it still takes until it is found."""


@dataclass(slots=True)
class Template:
    """A template; each variation has its own copy."""

    id: str
    name: str
    editor_type: str
    html: str
    text: str | None
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Block:
    """A universal content block."""

    id: str
    name: str
    definition: dict[str, Any]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Campaign:
    """A campaign: a shell around messages; `definition` is as the API shows it."""

    id: str
    definition: dict[str, Any]
    created: datetime
    updated: datetime
    messages: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """One message; `stuck` stays "scheduled" past its time, `snapshot` are recipients fixed when scheduled."""

    id: str
    campaign: str
    audience: str
    name: str
    status: str
    created: datetime
    updated: datetime
    strategy: str | None = None
    send_time: datetime | None = None
    send_date: str | None = None
    percentage: int | None = None
    throttle_unit: str | None = None
    variations: list[str] = field(default_factory=list)
    stuck: bool = False
    ignoring: bool = False
    """Mails those too who unsubscribed."""
    snapshot: frozenset[str] | None = None
    sent_to: list[str] = field(default_factory=list)
    reverting: int = 0


@dataclass(slots=True)
class Audience:
    """Whom messages go to: ids of lists and segments, without saying which is which."""

    id: str
    campaign: str
    name: str | None
    included: list[str]
    excluded: list[str]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Variation:
    """The content of a message; several are an A/B test."""

    id: str
    message: str
    name: str
    details: dict[str, Any]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Tag:
    """A tag of the account's one group."""

    id: str
    name: str


@dataclass(slots=True)
class Metric:
    """A kind of event and the integration it comes from."""

    id: str
    name: str
    integration: dict[str, Any]
    created: datetime


@dataclass(slots=True, repr=False)
class Event:
    """Something a person did."""

    id: str
    metric: str
    profile: str
    at: datetime
    properties: dict[str, Any]


@dataclass(slots=True)
class FlowMessage:
    """An e-mail of an automation."""

    id: str
    action: str
    template: str
    definition: dict[str, Any]


@dataclass(slots=True)
class FlowAction:
    """A step of an automation that sends messages."""

    id: str
    flow: str
    messages: list[str]


@dataclass(slots=True)
class Flow:
    """An automation."""

    id: str
    name: str
    status: str
    trigger_type: str
    created: datetime
    updated: datetime
    actions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Job:
    """A bulk import that was performed; `looks` counts how often its state was asked for."""

    id: str
    created: datetime
    total: int
    failed: int
    lists: list[str]
    looks: int = 0


@dataclass(slots=True, repr=False)
class Account:
    """The account: its own data, everything in it by id, and the switches that say how it behaves."""

    info: dict[str, Any]
    clock: Clock
    switches: Mapping[str, str]
    profiles: dict[str, Profile] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    audiences: dict[str, Audience] = field(default_factory=dict)
    variations: dict[str, Variation] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    flows: dict[str, Flow] = field(default_factory=dict)
    flow_actions: dict[str, FlowAction] = field(default_factory=dict)
    flow_messages: dict[str, FlowMessage] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> datetime:
        return self.clock.now()

    def choice(self, switch: Switch) -> str:
        """What the sandbox was told about one open point."""
        return value(self.switches, switch.name)

    def new_id(self, kind: str) -> str:
        """An id nothing else in the account has, shaped like the platform's long ones."""
        return f"01NEW{kind.upper():0<9}{next(self.serial):012d}"
