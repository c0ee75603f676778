"""What Mailchimp's answers must look like: strict where presend relies on it, blind to everything else."""

from __future__ import annotations

from typing import Any

import msgspec

Raw = msgspec.Raw


class Root(msgspec.Struct, frozen=True):
    """GET /: whose key this is."""

    account_id: str
    account_name: str = ""
    role: str = ""
    pricing_plan_type: str = ""
    account_timezone: str = ""


class SegmentOpts(msgspec.Struct, frozen=True):
    """Which part of the list a campaign goes to."""

    saved_segment_id: int = 0
    prebuilt_segment_id: str = ""
    match: str = "all"
    conditions: list[dict[str, Any]] = []


class Recipients(msgspec.Struct, frozen=True):
    """One list, or a part of it."""

    list_id: str
    list_name: str = ""
    list_is_active: bool = True
    recipient_count: int | None = None
    segment_text: str = ""
    segment_opts: SegmentOpts | None = None


class Settings(msgspec.Struct, frozen=True):
    """The parts of a mail that are not its body."""

    subject_line: str = ""
    preview_text: str = ""
    title: str = ""
    from_name: str = ""
    reply_to: str = ""
    to_name: str = ""
    timewarp: bool = False
    auto_footer: bool = False


class Combination(msgspec.Struct, frozen=True):
    """One variant of a multivariate campaign, as places in the lists of choices."""

    id: str = ""
    subject_line: int = 0
    send_time: int = 0
    from_name: int = 0
    reply_to: int = 0
    content_description: int = 0


class Variate(msgspec.Struct, frozen=True):
    """The choices of a multivariate campaign."""

    subject_lines: list[str] = []
    from_names: list[str] = []
    reply_to_addresses: list[str] = []
    send_times: list[str] = []
    contents: list[str] = []
    combinations: list[Combination] = []


class Campaign(msgspec.Struct, frozen=True):
    """One campaign; `send_time` of a scheduled one is when it goes, "" for none."""

    id: str
    status: str
    type: str
    recipients: Recipients
    settings: Settings = Settings()
    web_id: int | None = None
    create_time: str = ""
    send_time: str | None = None
    content_type: str = ""
    variate_settings: Variate | None = None
    rss_opts: dict[str, Any] | None = None


class CampaignPage(msgspec.Struct, frozen=True):
    """A page of campaigns, each decoded apart, so that one odd record costs only itself."""

    total_items: int
    rows: list[Raw] = msgspec.field(name="campaigns")


class OddCampaign(msgspec.Struct, frozen=True):
    """What can still be told of a campaign that is not as promised."""

    id: str = ""


class VariateContent(msgspec.Struct, frozen=True):
    """The body of one content of a multivariate campaign."""

    content_label: str = ""
    html: str | None = None
    plain_text: str | None = None


class Content(msgspec.Struct, frozen=True):
    """The bodies of a campaign; None where Mailchimp gave none."""

    html: str | None = None
    plain_text: str | None = None
    variate_contents: list[VariateContent] = []


class ChecklistRow(msgspec.Struct, frozen=True):
    """One line of Mailchimp's check before sending."""

    type: str
    heading: str = ""
    details: str = ""


class Checklist(msgspec.Struct, frozen=True):
    """Mailchimp's check before sending."""

    is_ready: bool
    items: list[ChecklistRow]


class MergeField(msgspec.Struct, frozen=True):
    """One merge field with its default."""

    merge_id: int
    tag: str
    name: str = ""
    type: str = "text"
    required: bool = False
    default_value: Any = None
    """A string in the description; numbers have been seen. None: not told."""


class MergeFieldPage(msgspec.Struct, frozen=True):
    """A page of merge fields."""

    total_items: int
    rows: list[MergeField] = msgspec.field(name="merge_fields")


class Category(msgspec.Struct, frozen=True):
    """A group title."""

    id: str
    title: str


class CategoryPage(msgspec.Struct, frozen=True):
    """A page of group titles."""

    total_items: int
    rows: list[Category] = msgspec.field(name="categories")


class Interest(msgspec.Struct, frozen=True):
    """A group under a title."""

    id: str
    name: str


class InterestPage(msgspec.Struct, frozen=True):
    """A page of groups."""

    total_items: int
    rows: list[Interest] = msgspec.field(name="interests")


class ListStats(msgspec.Struct, frozen=True):
    """Numbers of a list."""

    member_count: int | None = None


class ListRow(msgspec.Struct, frozen=True):
    """One list (audience) of the account."""

    id: str
    name: str = ""
    stats: ListStats = ListStats()


class ListPage(msgspec.Struct, frozen=True):
    """A page of lists."""

    total_items: int
    rows: list[ListRow] = msgspec.field(name="lists")


class SegmentOptions(msgspec.Struct, frozen=True):
    """The conditions of a saved segment."""

    match: str = "all"
    conditions: list[dict[str, Any]] = []


class Segment(msgspec.Struct, frozen=True):
    """A saved segment, or a tag (`static`)."""

    id: int
    name: str
    type: str = ""
    member_count: int | None = None
    created_at: str = ""
    updated_at: str = ""
    options: SegmentOptions | None = None


class SegmentPage(msgspec.Struct, frozen=True):
    """A page of segments."""

    total_items: int
    rows: list[Segment] = msgspec.field(name="segments")


class Tag(msgspec.Struct, frozen=True):
    """A tag found by name."""

    id: int
    name: str


class TagSearch(msgspec.Struct, frozen=True):
    """Tags whose names contain what was searched."""

    tags: list[Tag]


class Place(msgspec.Struct, frozen=True):
    """Where Mailchimp thinks a contact is."""

    country_code: str = ""
    region: str = ""
    timezone: str = ""


class Bought(msgspec.Struct, frozen=True):
    """What Mailchimp counts of a contact's orders."""

    number_of_orders: int | None = None


class Stats(msgspec.Struct, frozen=True):
    """Numbers of a contact; a segment's members are shown without those of the store."""

    ecommerce_data: Bought | None = None


class Member(msgspec.Struct, frozen=True):
    """One contact; merge values keep Mailchimp's own bytes, so that absent, null, "" and " " stay four things."""

    id: str
    email_address: str
    status: str
    merge_fields: dict[str, Raw] | list[Raw] = {}
    """An empty list where a contact has none: PHP writes empty maps so."""
    interests: dict[str, bool] | list[Raw] = {}
    timestamp_signup: str | None = None
    timestamp_opt: str | None = None
    last_changed: str | None = None
    language: str | None = None
    source: str | None = None
    """How the contact came to the list; a segment's members are shown without it."""
    location: Place | None = None
    stats: Stats | None = None


class MemberPage(msgspec.Struct, frozen=True):
    """A page of contacts."""

    total_items: int
    rows: list[Member] = msgspec.field(name="members")


class Contact(msgspec.Struct, frozen=True):
    """Who a contact is, and nothing else of them."""

    id: str
    email_address: str = ""
    status: str = ""
    timestamp_opt: str | None = None
    last_changed: str | None = None


class ContactPage(msgspec.Struct, frozen=True):
    """A page of ids."""

    total_items: int
    rows: list[Contact] = msgspec.field(name="members")


class Note(msgspec.Struct, frozen=True):
    """One comment on a campaign."""

    feedback_id: int
    message: str = ""
    source: str = "api"
    is_complete: bool = False


class Notes(msgspec.Struct, frozen=True):
    """All comments on a campaign."""

    feedback: list[Note]


class BatchError(msgspec.Struct, frozen=True):
    """Why some addresses were not added to a tag."""

    email_addresses: list[str] = []
    error: str = ""


class BatchResult(msgspec.Struct, frozen=True):
    """What came of adding people to a tag or taking them off it."""

    total_added: int
    total_removed: int
    error_count: int = 0
    errors: list[BatchError] = []


class BatchJob(msgspec.Struct, frozen=True):
    """How far a batch of operations is; what each of them answered lies on another host and is never fetched."""

    id: str
    status: str
    total_operations: int = 0
    finished_operations: int = 0
    errored_operations: int = 0


class Problem(msgspec.Struct, frozen=True):
    """An error document (RFC 7807); 400s name the fields."""

    title: str = ""
    detail: str = ""
    errors: list[dict[str, Any]] = []
