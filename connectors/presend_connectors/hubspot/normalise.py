"""From HubSpot's emails to presend's campaigns; pure functions only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from presend.model import (
    OUT,
    AudienceRef,
    Campaign,
    CampaignRef,
    Field,
    Gap,
    Kind,
    Known,
    ListRef,
    Message,
    Part,
    Platform,
    Schedule,
    Source,
    State,
    Strategy,
    Vocabulary,
)
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.content import Content, read_content
from presend_connectors.hubspot.segments import conditions, definition
from presend_connectors.hubspot.times import local_begins, moment, zone

SCHEDULED = frozenset({"SCHEDULED", "SCHEDULED_AB"})
EITHER = frozenset({"SCHEDULED_OR_PUBLISHED", "PUBLISHED_OR_SCHEDULED"})
"""States of which only the time tells whether the email went out."""
DRAFT = frozenset({"DRAFT", "DRAFT_AB", "DRAFT_AB_VARIANT"})
SENDING = frozenset({"PRE_PROCESSING", "PROCESSING"})
SENT = frozenset({"PUBLISHED", "PUBLISHED_AB", "PUBLISHED_AB_VARIANT", "LOSER_AB_VARIANT"})
LIVE = frozenset(
    {"AUTOMATED", "AUTOMATED_AB", "AUTOMATED_AB_VARIANT", "BLOG_EMAIL_PUBLISHED", "RSS_TO_EMAIL_PUBLISHED"}
)
IDLE = frozenset({"PAGE_STUB", "AGENT_GENERATED", "ERROR"})
"""States in which nothing goes out by itself."""
_DRAFTS_OF_OTHERS = re.compile(
    r"(AUTOMATED(_AB)?_(DRAFT|FOR_FORM)\w*|AUTOMATED_DRAFT\w*|BLOG_EMAIL_DRAFT|RSS_TO_EMAIL_DRAFT)"
)
_DOMAIN = re.compile(r"app[a-z0-9-]*\.hubspot\.com")
_STRATEGIES = {
    "BATCH_EMAIL": Strategy.STATIC,
    "AB_EMAIL": Strategy.STATIC,
    "LOCALTIME_EMAIL": Strategy.LOCAL_TIME,
    "RSS_EMAIL": Strategy.RECURRING,
    "BLOG_EMAIL": Strategy.RECURRING,
    "AUTOMATED_EMAIL": Strategy.RECURRING,
}
LISTS, LEGACY, ONE_BY_ONE = "lists", "legacy lists", "one by one"
NO_DEFAULTS = Gap(
    "HubSpot shows an account's default values of tokens in no API; tell presend.toml: [defaults.<account>]"
)


@dataclass(frozen=True, slots=True)
class Account:
    """What every campaign of an account shares."""

    name: str
    portal_id: str
    zone: str
    """IANA name, empty where HubSpot did not tell."""
    domain: str
    vocabulary: Vocabulary
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """Who an email is for, in ids of today's lists."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    include_ids: tuple[str, ...]
    exclude_ids: tuple[str, ...]
    subscription: str
    graymail: bool
    """People who never react are left out."""
    missing: tuple[str, ...] = ()
    """Lists that the email names and HubSpot does not have."""
    own: tuple[str, ...] = ()
    """Those of the excluded by which presend leaves people out."""
    named_by: str = LISTS
    """How the included are named: by `LISTS`, by legacy lists, or one by one."""

    @property
    def others(self) -> tuple[str, ...]:
        """The lists that people excluded themselves."""
        return tuple(one for one in self.exclude if one not in self.own)


def is_own(found: wire.ContactList) -> bool:
    """Whether presend made a list to leave people out."""
    return found.name.startswith(OUT)


def is_variant(row: wire.Row | wire.Email) -> bool:
    """Whether an email is B of a test."""
    test = row.testing
    return test is not None and (test.is_ab_variation is True or (test.ab_status or "").lower() == "variant")


def state_of(row: wire.Row | wire.Email, now: datetime) -> State:
    """HubSpot's 31 states in neutral words; a state that nobody knows is UNKNOWN, and so is a missing one."""
    word = row.state or ""
    if word in EITHER:
        at = moment(row.publish_date)
        if at is None or at > now:
            return State.SCHEDULED
        return State.SENT if row.published_at or row.is_published else State.UNKNOWN
    if word in SCHEDULED:
        return State.SCHEDULED
    if word in DRAFT or word in IDLE or _DRAFTS_OF_OTHERS.fullmatch(word):
        return State.DRAFT
    if word in SENDING:
        return State.SENDING
    if word in SENT:
        return State.DRAFT if isinstance(row, wire.Email) and is_taken_back(row, now) else State.SENT
    return State.LIVE if word in LIVE else State.UNKNOWN


def is_taken_back(email: wire.Email, now: datetime, due: datetime | None = None) -> bool:
    """Whether an email was surely unpublished before its time; `due` is the time it had, where it shows none now.

    Which state follows an unpublish is not documented: PUBLISHED may mean that it went out, or that it does not.
    """
    if email.is_published is not False or email.unpublished_at is None:
        return False
    at = moment(email.publish_date) or due
    return email.published_at is None if at is None else at > now


def ref_of(account: str, row: wire.Row | wire.Email) -> CampaignRef:
    """Who a campaign is."""
    email_id = str(row.id)
    kind = Kind.AUTOMATION if row.state in LIVE else Kind.CAMPAIGN
    return CampaignRef(Platform.HUBSPOT, account, kind, email_id, row.name or f"email {email_id}")


def fields_of(properties: Sequence[wire.Property], defaults: Mapping[str, str], prefix: str = "") -> tuple[Field, ...]:
    """Properties as the fields of a vocabulary."""
    return tuple(
        Field(
            tag=f"{prefix}{one.name}",
            names=(f"{prefix}{one.name}",),
            label=one.label,
            type=one.type,
            default=Known(defaults[prefix + one.name]) if defaults.get(prefix + one.name) else NO_DEFAULTS,
        )
        for one in properties
    )


def schedule_of(email: wire.Email, account: Account, targets: Targets) -> Schedule:
    """When it goes; HubSpot documents no moment from which a hold is too late, so it is the first delivery."""
    strategy = _STRATEGIES.get(email.type or "", Strategy.UNKNOWN)
    stated = moment(email.publish_date)
    restore = {
        "name": email.name or "",
        "state": email.state,
        "type": email.type or "",
        "publishDate": email.publish_date,
        "sendOnPublish": bool(email.send_on_publish),
        "audience": audience_key(targets),
        "namedBy": targets.named_by,
    }
    where = account.zone if zone(account.zone) else None
    if stated is None:
        word = "recurs" if strategy is Strategy.RECURRING else "has no time"
        gap = Gap(f"HubSpot shows no publishDate: the email {email.id} {word}")
        return Schedule(strategy, gap, gap, gap, where, restore)
    begins = local_begins(stated, account.zone) if strategy is Strategy.LOCAL_TIME else stated
    return Schedule(strategy, stated, begins, begins, where, restore)


def audience_of(targets: Targets, lists: Mapping[str, wire.ContactList]) -> AudienceRef:
    """Who is included and excluded; two emails with the same key have the same recipients."""

    def refs(ids: Sequence[str], people: Sequence[str]) -> tuple[ListRef, ...]:
        named = [_list_ref(one, lists.get(one)) for one in ids]
        # Contacts chosen one by one are people: a number of them says enough.
        chosen = [ListRef("contacts", "unknown", f"{len(people)} contacts chosen one by one")] if people else []
        return (*named, *chosen)

    found = tuple(
        condition for one in targets.include if one in lists for condition in conditions(lists[one].filter_branch)
    )
    held = [lists[one] for one in targets.include if one in lists]
    shown = (definition(one.name, one.processing_type, one.filter_branch) for one in held)
    return AudienceRef(
        included=refs(targets.include, targets.include_ids),
        excluded=refs(targets.exclude, targets.exclude_ids),
        conditions=found,
        definitions=tuple(each for each in shown if each is not None),
        key=f"hubspot:{audience_key(targets, everything=True)}",
        # The size of a list is not it: a list holds people whom HubSpot will not mail.
        stated_size=Gap("HubSpot states no number of recipients before it sends"),
    )


def audience_key(targets: Targets, *, everything: bool = False) -> str:
    """A hash of who is meant; without presend's own exclusions unless `everything`."""
    excluded = targets.exclude if everything else targets.others
    sides = (targets.include, excluded, targets.include_ids, targets.exclude_ids)
    return _digest([*(sorted(side) for side in sides), targets.subscription, targets.graymail])


def _list_ref(list_id: str, found: wire.ContactList | None) -> ListRef:
    if found is None:
        return ListRef(list_id, "unknown")
    return ListRef(list_id, "segment" if found.processing_type == "DYNAMIC" else "list", found.name)


def message_of(email: wire.Email, label: str, content: Content) -> Message:
    """One variant with its parts."""
    sender = email.sender or wire.From()
    parts: dict[Part, str | Gap] = {
        Part.SUBJECT: email.subject or "",
        Part.PREVIEW_TEXT: content.preview_text,
        Part.FROM_NAME: sender.from_name or "",
        Part.REPLY_TO: sender.custom_reply_to or sender.reply_to or "",
        Part.HTML: content.html,
        Part.TEXT: content.text if content.text is not None else Gap("HubSpot makes the text part when it sends"),
    }
    options = {"programmable": content.programmable, "footer": content.footer}
    return Message(str(email.id), label, parts, options, content.alternatives)


def campaign_of(
    account: Account,
    emails: Sequence[wire.Email],
    targets: Targets,
    lists: Mapping[str, wire.ContactList],
    now: datetime,
    gaps: Sequence[str] = (),
    sources: Sequence[Source] = (),
) -> Campaign:
    """A campaign from its email, or from A and B of a test in this order."""
    first = emails[0]
    names = {list_id: found.name for list_id, found in lists.items() if found.name}
    contents = [read_content(email.content, names) for email in emails]
    messages = tuple(
        message_of(email, "ABCDEFGH"[place], content)
        for place, (email, content) in enumerate(zip(emails, contents, strict=True))
    )
    said = [*gaps, *(sentence for content in contents for sentence in content.unread)]
    owner = first.created_by_id or first.updated_by_id
    return Campaign(
        ref=ref_of(account.name, first),
        state=state_of(first, now),
        native_state=first.state,
        schedule=schedule_of(first, account, targets),
        messages=messages,
        audience=audience_of(targets, lists),
        revision=revision_of(emails, targets, lists),
        vocabulary=account.vocabulary,
        checklist=Gap("HubSpot shows its own pre-send checks in no API"),
        sources=(*account.sources, *sources),
        owner=str(owner) if owner else None,
        authors=authors_of(emails),
        left_out=next((lists[one].name for one in targets.own if one in lists), ""),
        url=_url(account, str(first.id)),
        updated_at=max((at for email in emails if (at := moment(email.updated_at))), default=None),
        gaps=tuple(Gap(sentence) for sentence in dict.fromkeys(said)),
    )


def authors_of(emails: Sequence[wire.Email]) -> tuple[str, ...] | Gap:
    """The users who made the email or its variant, and who changed them last."""
    users = [user for email in emails for user in (email.created_by_id, email.updated_by_id) if user]
    return tuple(dict.fromkeys(map(str, users))) or Gap(f"HubSpot does not say who wrote the email {emails[0].id}")


def _url(account: Account, email_id: str) -> str | None:
    if not account.portal_id or not _DOMAIN.fullmatch(account.domain):
        return None
    return f"https://{account.domain}/email/{account.portal_id}/edit/{email_id}/settings"


def revision_of(emails: Sequence[wire.Email], targets: Targets, lists: Mapping[str, wire.ContactList]) -> str:
    """A hash of content, audience definition and schedule.

    The HubSpot campaign and its notes, where presend comments, are no part of it, nor are the lists by which presend
    leaves people out, nor the time of the last change, nor who is in the lists at this moment.
    """
    said: list[Any] = [
        [
            str(email.id),
            email.subject,
            email.content,
            msgspec.to_builtins(email.sender),
            email.type,
            email.state,
            email.publish_date,
            bool(email.send_on_publish),
            bool(email.jitter_send_time),
        ]
        for email in emails
    ]
    branches = [[one, lists[one].filter_branch] for one in (*targets.include, *targets.others) if one in lists]
    who = [targets.include, targets.others, targets.include_ids, targets.exclude_ids]
    return _digest([said, who, targets.subscription, targets.graymail, branches])


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:16]
