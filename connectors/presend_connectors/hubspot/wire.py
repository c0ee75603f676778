"""The shapes of HubSpot's answers that presend relies on; everything else in them is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec

R = TypeVar("R")

Id = str | int
"""HubSpot writes ids as strings in some places and as numbers in others."""


class Wire(msgspec.Struct, frozen=True, rename="camel"):
    """Part of an answer; a missing field without a default makes the answer a bad one."""


class Next(Wire, frozen=True):
    """Where the next page begins: an opaque word."""

    after: Id


class Paging(Wire, frozen=True):
    """Whether there is more."""

    next: Next | None = None


class Page(Wire, Generic[R], frozen=True):
    """One page of a collection. Without `results` it is none, where the SDK's models would see an empty one."""

    results: list[R]
    paging: Paging | None = None
    total: int | None = None


class Testing(Wire, frozen=True):
    """A/B: which test an email belongs to, and as what."""

    test_id: Id | None = None
    ab_status: str | None = None
    is_ab_variation: bool | None = None


class Row(Wire, frozen=True):
    """A marketing email as the thin list shows it."""

    id: Id
    name: str | None = None
    state: str | None = None
    type: str | None = None
    publish_date: str | None = None
    published_at: str | None = None
    is_published: bool | None = None
    archived: bool | None = None
    testing: Testing | None = None


class Side(Wire, frozen=True):
    """Ids that are included and excluded."""

    include: list[Id] | None = None
    exclude: list[Id] | None = None


class To(Wire, frozen=True):
    """Who an email goes to."""

    contact_ils_lists: Side | None = None
    contact_lists: Side | None = None
    contact_ids: Side | None = None
    suppress_graymail: bool | None = None
    limit_send_frequency: bool | None = None


class From(Wire, frozen=True):
    """Who it says it is from."""

    from_name: str | None = None
    reply_to: str | None = None
    custom_reply_to: str | None = None


class Subscription(Wire, frozen=True):
    """Which opt-out counts."""

    subscription_id: Id | None = None


class Email(Wire, frozen=True):
    """A marketing email in full. `content` is left as it came: its shape is another for every module."""

    id: Id
    state: str
    content: dict[str, Any]
    name: str | None = None
    subject: str | None = None
    type: str | None = None
    is_ab: bool | None = None
    is_published: bool | None = None
    archived: bool | None = None
    publish_date: str | None = None
    published_at: str | None = None
    unpublished_at: str | None = None
    updated_at: str | None = None
    send_on_publish: bool | None = None
    jitter_send_time: bool | None = None
    campaign: str | None = None
    created_by_id: Id | None = None
    updated_by_id: Id | None = None
    sender: From | None = msgspec.field(name="from", default=None)
    to: To | None = None
    subscription_details: Subscription | None = None
    testing: Testing | None = None


class Aimed(Wire, frozen=True):
    """An email with its recipients just as they came, to be written back whole."""

    id: Id
    to: dict[str, Any]
    state: str = ""


class ContactList(Wire, frozen=True):
    """A list of contacts."""

    list_id: Id
    name: str = ""
    processing_type: str = ""
    processing_status: str = ""
    object_type_id: str = ""
    filter_branch: dict[str, Any] | None = None


class FoundList(ContactList, frozen=True):
    """A list as a search shows it: without filters, with its size among further properties."""

    additional_properties: dict[str, Any] | None = None


class FoundLists(Wire, frozen=True):
    """A page of a search for lists."""

    lists: list[FoundList]
    has_more: bool
    offset: int
    total: int | None = None


class Lists(Wire, frozen=True):
    """Several lists; ids that HubSpot does not know are left out without a word."""

    lists: list[ContactList]


class OneList(Wire, frozen=True):
    """One list."""

    list: ContactList


class Legacy(Wire, frozen=True):
    """The list that an id of the old lists API means today."""

    list_id: Id


class Member(Wire, frozen=True):
    """Somebody in a list."""

    record_id: Id


class Version(Wire, frozen=True):
    """One entry of a property's history."""

    timestamp: str | int | None = None
    source_type: str | None = None


class Record(Wire, frozen=True):
    """A contact, company or deal. Property values stay HubSpot's own bytes."""

    id: Id
    properties: dict[str, msgspec.Raw]
    properties_with_history: dict[str, list[Version]] | None = None


class BatchError(Wire, frozen=True):
    """Why some records of a batch are not among its results."""

    category: str = ""
    context: dict[str, list[Id]] | None = None


class Batch(Wire, frozen=True):
    """Records by id; with status 207 some are missing and `errors` says which."""

    results: list[Record]
    errors: list[BatchError] | None = None


class Stage(Wire, frozen=True):
    """One stage of a pipeline; a ticket's says in its metadata whether it is open."""

    id: Id
    metadata: dict[str, Any] = {}
    archived: bool | None = None


class Pipeline(Wire, frozen=True):
    """The stages that tickets go through."""

    id: Id
    stages: list[Stage]


class Pipelines(Wire, frozen=True):
    """All pipelines of one kind of record."""

    results: list[Pipeline]


class Linked(Wire, frozen=True):
    """The far end of an association."""

    to_object_id: Id


class Origin(Wire, frozen=True):
    """The near end of an association."""

    id: Id


class Link(Wire, frozen=True):
    """What one record is associated with; `paging` where that is more than was shown."""

    origin: Origin = msgspec.field(name="from")
    to: list[Linked]
    paging: Paging | None = None


class Links(Wire, frozen=True):
    """Associations of several records; those without any are named among the errors, which do not matter here."""

    results: list[Link]


class Property(Wire, frozen=True):
    """The definition of a property."""

    name: str
    label: str = ""
    type: str = ""
    archived: bool | None = None


class Properties(Wire, frozen=True):
    """All definitions of one kind of record."""

    results: list[Property]


class Details(Wire, frozen=True):
    """The account."""

    portal_id: Id
    time_zone: str = ""
    ui_domain: str = ""
    account_type: str = ""


class Notes(Wire, frozen=True):
    """A HubSpot campaign, with the properties that were asked for."""

    id: str
    properties: dict[str, str | None]


class Changed(Wire, frozen=True):
    """What became of a change of memberships. `recordsIdsAdded` is HubSpot's own spelling."""

    added: list[Id] = msgspec.field(name="recordsIdsAdded", default_factory=list)
    removed: list[Id] = msgspec.field(name="recordIdsRemoved", default_factory=list)
    missing: list[Id] = msgspec.field(name="recordIdsMissing", default_factory=list)


class Problem(Wire, frozen=True):
    """An error body."""

    message: str = ""
    category: str = ""
    policy_name: str = ""
    context: Mapping[str, Any] | None = None
