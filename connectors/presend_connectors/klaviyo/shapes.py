"""Klaviyo's answers as msgspec structs: strict about what presend acts on, deaf to everything else.

Words from closed lists (status, strategy, channel) stay plain text: a new one is kept and shown, never an error.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class Links(msgspec.Struct, frozen=True):
    """`next` is null or left out on the last page."""

    next: str | None = None


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A page of a collection; `included` stays undecoded."""

    data: list[T]
    links: Links | None = None
    included: list[msgspec.Raw] = []


class Document(msgspec.Struct, Generic[T], frozen=True):
    """One resource."""

    data: T
    included: list[msgspec.Raw] = []


class Ref(msgspec.Struct, frozen=True):
    """A resource named but not shown."""

    id: str
    type: str = ""


class ToOne(msgspec.Struct, frozen=True):
    """A relationship to one."""

    data: Ref | None = None


class ToMany(msgspec.Struct, frozen=True):
    """A relationship to several; `data` is None when Klaviyo only links to them."""

    data: list[Ref] | None = None


# ---- campaigns


class CampaignDefinition(msgspec.Struct, frozen=True):
    """A campaign is a shell: neither status nor time nor content is here."""

    name: str | None = None
    builder: str | None = None
    description: str | None = None
    send_settings: dict[str, Any] | None = None


class CampaignAttributes(msgspec.Struct, frozen=True):
    """Attributes of a campaign."""

    definition: CampaignDefinition
    updated_at: str | None = None


class CampaignRelations(msgspec.Struct, frozen=True, rename={"messages": "campaign-messages"}):
    """The campaign's messages, in the platform's order."""

    messages: ToMany | None = None


class CampaignRow(msgspec.Struct, frozen=True):
    """A campaign."""

    id: str
    attributes: CampaignAttributes
    relationships: CampaignRelations | None = None


class MessageDefinition(msgspec.Struct, frozen=True):
    """Status and schedule of a message."""

    name: str | None = None
    status: str | None = None
    send_options: dict[str, Any] | None = None


class MessageAttributes(msgspec.Struct, frozen=True):
    """Attributes of a message."""

    definition: MessageDefinition
    created: str | None = None
    updated: str | None = None


class MessageRelations(
    msgspec.Struct, frozen=True, rename={"audience": "campaign-audience", "variations": "campaign-variations"}
):
    """What a message belongs to and consists of."""

    campaign: ToOne | None = None
    audience: ToOne | None = None
    variations: ToMany | None = None


class MessageRow(msgspec.Struct, frozen=True):
    """A message of a campaign: the thing that is scheduled."""

    id: str
    attributes: MessageAttributes
    relationships: MessageRelations

    @property
    def status(self) -> str:
        """The status word, as the platform says it."""
        return self.attributes.definition.status or ""


class AudienceDefinition(msgspec.Struct, frozen=True):
    """Ids of lists or segments, without saying which."""

    included: list[str] | None = None
    excluded: list[str] | None = None


class AudienceAttributes(msgspec.Struct, frozen=True):
    """Attributes of an audience."""

    definition: AudienceDefinition
    updated: str | None = None


class AudienceRow(msgspec.Struct, frozen=True):
    """Whom a message goes to."""

    id: str
    attributes: AudienceAttributes


class Details(msgspec.Struct, frozen=True):
    """The e-mail of a variation; other channels have other fields, which do not matter here."""

    channel: str | None = None
    template_id: str | None = None
    from_label: str | None = None
    from_email: str | None = None
    reply_to_email: str | None = None
    subject: str | None = None
    preview_text: str | None = None


class VariationDefinition(msgspec.Struct, frozen=True):
    """A variation's name and content."""

    name: str | None = None
    details: Details | None = None


class VariationAttributes(msgspec.Struct, frozen=True):
    """Attributes of a variation."""

    definition: VariationDefinition
    updated: str | None = None


class VariationRelations(msgspec.Struct, frozen=True, rename={"message": "campaign-message"}):
    """The message that a variation belongs to."""

    message: ToOne | None = None


class VariationRow(msgspec.Struct, frozen=True):
    """The content of a message; several are an A/B test."""

    id: str
    attributes: VariationAttributes
    relationships: VariationRelations | None = None


class TemplateAttributes(msgspec.Struct, frozen=True):
    """Source of a template; `text` is null where Klaviyo makes it from the HTML."""

    html: str | None = None
    text: str | None = None
    editor_type: str | None = None
    updated: str | None = None


class TemplateRow(msgspec.Struct, frozen=True):
    """A template; every variation has its own."""

    id: str
    attributes: TemplateAttributes


# ---- lists and segments


class GroupAttributes(msgspec.Struct, frozen=True):
    """A list's or segment's name; `is_processing` while a segment is being computed."""

    name: str | None = None
    is_processing: bool | None = None
    definition: dict[str, Any] | None = None


class GroupRow(msgspec.Struct, frozen=True):
    """A list or a segment."""

    id: str
    attributes: GroupAttributes


# ---- people


class Suppression(msgspec.Struct, frozen=True):
    """Why and since when somebody is not mailed; `list_id` where that holds for one list."""

    reason: str | None = None
    list_id: str | None = None
    timestamp: str | None = None


class Marketing(msgspec.Struct, frozen=True):
    """E-mail consent of a profile."""

    can_receive_email_marketing: bool | None = None
    consent: str | None = None
    consent_timestamp: str | None = None
    method: str | None = None
    method_detail: str | None = None
    custom_method_detail: str | None = None
    double_optin: bool | None = None
    suppression: list[Suppression] | None = None
    list_suppressions: list[Suppression] | None = None


class EmailSubscription(msgspec.Struct, frozen=True):
    """The e-mail channel."""

    marketing: Marketing | None = None


class Subscriptions(msgspec.Struct, frozen=True):
    """Only the e-mail channel matters here."""

    email: EmailSubscription | None = None


RawMap = dict[str, msgspec.Raw]
"""Values in the platform's own bytes: absent, null, empty and blank stay four things."""


class AddresseeAttributes(msgspec.Struct, frozen=True):
    """A person's address and consent; `subscriptions` is asked for, so that leaving it out is no answer."""

    subscriptions: Subscriptions
    email: str | None = None


class AddresseeRow(msgspec.Struct, frozen=True):
    """A person, by address and consent alone."""

    id: str
    attributes: AddresseeAttributes


class ProfileRow(msgspec.Struct, frozen=True):
    """A person; attributes undecoded."""

    id: str
    attributes: RawMap


# ---- the account and what happens in it


class Contact(msgspec.Struct, frozen=True):
    """What the account says of its owner."""

    organization_name: str | None = None
    website_url: str | None = None
    street_address: dict[str, Any] | None = None


class AccountAttributes(msgspec.Struct, frozen=True):
    """Attributes of an account."""

    contact_information: Contact | None = None
    timezone: str | None = None


class AccountRow(msgspec.Struct, frozen=True):
    """The account that a key belongs to."""

    id: str
    attributes: AccountAttributes


class Integration(msgspec.Struct, frozen=True):
    """Where a metric's events come from."""

    name: str | None = None


class MetricAttributes(msgspec.Struct, frozen=True):
    """Attributes of a metric."""

    name: str | None = None
    integration: Integration | None = None


class MetricRow(msgspec.Struct, frozen=True):
    """A kind of event."""

    id: str
    attributes: MetricAttributes


class EventAttributes(msgspec.Struct, frozen=True):
    """When it happened, and what."""

    datetime: str | None = None
    event_properties: dict[str, Any] | None = None


class EventRelations(msgspec.Struct, frozen=True):
    """Whose event it is."""

    profile: ToOne | None = None


class EventRow(msgspec.Struct, frozen=True):
    """Something a person did."""

    id: str
    attributes: EventAttributes
    relationships: EventRelations | None = None
