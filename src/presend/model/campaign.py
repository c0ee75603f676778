"""What is going to be sent: campaigns, their messages, schedule, fields and audience definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from presend.model.gap import Gap, Known
from presend.model.segment import Definition


class Platform(StrEnum):
    """The platforms presend reads; the value is the word used in settings and reports."""

    MAILCHIMP = "mailchimp"
    KLAVIYO = "klaviyo"
    HUBSPOT = "hubspot"


class Part(StrEnum):
    """Where in a message, or around it, something stands (`part` of a finding in the report)."""

    SUBJECT = "subject"
    PREVIEW_TEXT = "preview_text"
    FROM_NAME = "from_name"
    REPLY_TO = "reply_to"
    HTML = "html"
    TEXT = "text"
    LINK = "link"
    AUDIENCE = "audience"
    SEGMENT = "segment"
    CAMPAIGN = "campaign"
    ACCOUNT = "account"


TEMPLATE_PARTS = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.FROM_NAME, Part.REPLY_TO, Part.HTML, Part.TEXT)
"""The parts that hold template source, in the order in which reports show them."""


class Kind(StrEnum):
    """What sort of sending this is."""

    CAMPAIGN = "campaign"
    AUTOMATION = "automation"
    TEMPLATE = "template"


class State(StrEnum):
    """A campaign's state in neutral words; UNKNOWN keeps the platform's own word in `Campaign.native_state`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    LIVE = "live"
    UNKNOWN = "unknown"


class Strategy(StrEnum):
    """How the platform spreads a send over time."""

    STATIC = "static"
    LOCAL_TIME = "local_time"
    THROTTLED = "throttled"
    SMART = "smart"
    BATCHED = "batched"
    IMMEDIATE = "immediate"
    RECURRING = "recurring"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CampaignRef:
    """A campaign's identity; `platform:id`, or `account:id` where several accounts share a platform."""

    platform: Platform
    account: str
    kind: Kind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When it goes.

    `send_at` is the earliest possible delivery to anyone, in UTC: for local-time sends up to a day before the
    stated time. `stoppable_until` is the last moment at which the platform still takes a hold.
    """

    strategy: Strategy
    stated: datetime | Gap
    """The time as the platform states it, aware."""
    send_at: datetime | Gap
    stoppable_until: datetime | Gap
    zone: str | None = None
    """IANA zone of the account, or None when the platform does not tell."""
    restore: Mapping[str, Any] = field(default_factory=dict)
    """What the platform needs to put the send back, in the platform's own words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field or property of the account."""

    tag: str
    """The canonical name: also the name of its column in the audience."""
    names: tuple[str, ...] = ()
    """Every name that it answers to in a template (FNAME, MERGE1, MMERGE1); `tag` is always one of them."""
    label: str = ""
    type: str = "text"
    """The platform's own type word; an unknown one is kept as it is."""
    required: bool = False
    default: Known[str] | Gap = Gap("the platform does not tell defaults")

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name, the canonical one among them."""
        return self.names if self.tag in self.names else (self.tag, *self.names)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a part's source that only some recipients get, `[start, end)` in characters."""

    start: int
    end: int
    columns: tuple[str, ...] = ()
    """Columns of the audience, `true` for those who get it and `false` for others; any of them will do."""
    label: str = ""
    """Who gets it, for reports: `the list Austin`."""
    unknown: str = ""
    """Why nobody can tell who gets it, where that is so."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Passages one after another in a part's source, of which each recipient gets one (HubSpot's smart content).

    The first passage that fits wins; the last has neither columns nor `unknown` and is for everybody else.
    """

    part: Part
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One variant of a campaign's e-mail; `parts` hold template source, or the reason why there is none."""

    id: str
    """The platform's id; variations of one message share it."""
    label: str
    """A, B, … in the platform's order; A when single. Unique within the campaign."""
    parts: Mapping[Part, str | Gap]
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the dialect must know of this message, e.g. `programmable` for HubSpot; None where nobody can tell."""
    alternatives: tuple[Alternatives, ...] = ()
    """Where recipients get different content by something other than the template's own language."""


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list, segment or tag that an audience includes or excludes."""

    id: str
    kind: str
    """`list`, `segment`, `tag`, `audience`, or `unknown`."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One leaf of a segment definition, in neutral words: which column it looks at, how, with what."""

    column: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class AudienceRef:
    """Who is meant: what is included and excluded, before anyone has been looked up."""

    included: tuple[ListRef, ...]
    excluded: tuple[ListRef, ...] = ()
    conditions: tuple[Condition, ...] = ()
    """The segment's own conditions where the platform shows them."""
    definitions: tuple[Definition, ...] = ()
    """The same with how they are joined, one for each included segment whose conditions are shown."""
    key: str = ""
    """Two campaigns with the same key have the same recipients: they are pulled once."""
    stated_size: int | Gap = Gap("the platform states no size")
    frozen_since: datetime | None = None
    """When the recipients were fixed, where the platform fixes them before the send; None if it does not."""


class ItemState(StrEnum):
    """How serious the platform itself takes an item of its checklist."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the platform's own pre-send checklist."""

    state: ItemState
    heading: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed of data that presend judges by, with its watermark: the newest change seen in it."""

    name: str
    watermark: datetime | Gap
    column: str = ""
    """A column of times: where set, its newest day among the recipients becomes the watermark once they are known."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a template of this account may say: fields, groups, defaults, constants.

    `complete` tells whether a name that is not in `fields` surely does not exist. Klaviyo has no schema, so there
    the names seen in the audience stand in and `complete` means that the whole audience was seen.
    """

    fields: tuple[Field, ...] = ()
    complete: bool = False
    groups: Mapping[str, tuple[str, ...]] | Gap = Gap("the platform has no interest groups")
    defaults: Mapping[str, str] = field(default_factory=dict)
    """HubSpot: the account's default per property, as the user told presend (`[defaults.<account>]`)."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Values that are the same for everybody, e.g. organization.name."""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as the platform holds it now."""

    ref: CampaignRef
    state: State
    native_state: str
    schedule: Schedule
    messages: tuple[Message, ...]
    audience: AudienceRef
    revision: str
    """A hash of content, audience definition and schedule; changes with every edit.

    presend's own marks (its exclusion, its comment, its tags) are left out of it.
    """
    vocabulary: Vocabulary = Vocabulary()
    checklist: tuple[ChecklistItem, ...] | Gap = Gap("the platform has no checklist of its own")
    sources: tuple[Source, ...] = ()
    owner: str | None = None
    authors: tuple[str, ...] | Gap = Gap("the platform does not tell who wrote it")
    """The platform's user ids of those who made or last changed it."""
    left_out: str = ""
    """The label of presend's own exclusion where the audience's definition has one; empty: there is none."""
    url: str | None = None
    updated_at: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    """What could not be read of this campaign; each makes it incomplete."""


OWN_TIME = "send_time"
"""The option of a message that states a time of its own: a moment, or the Gap why there is none."""


def schedule_of(campaign: Campaign, message: Message) -> Schedule:
    """When one message goes: the campaign's schedule, moved where the messages of the campaign state several times."""
    own, schedule = message.options.get(OWN_TIME), campaign.schedule
    if isinstance(own, Gap):
        return replace(schedule, stated=own, send_at=own)
    if not isinstance(own, datetime):
        return schedule
    send_at = schedule.send_at
    if schedule.strategy not in (Strategy.LOCAL_TIME, Strategy.SMART):
        send_at = own
    elif not isinstance(send_at, Gap) and not isinstance(schedule.stated, Gap):
        send_at += own - schedule.stated
    return replace(schedule, stated=own, send_at=send_at)
