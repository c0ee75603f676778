"""Klaviyo's JSON as presend's campaigns: pure functions, no requests."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    Condition,
    Definition,
    Gap,
    Kind,
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
from presend_connectors.klaviyo.gather import EMAIL, OTHER_CHANNELS, Found
from presend_connectors.klaviyo.groups import Group
from presend_connectors.klaviyo.shapes import Details, MessageRow, TemplateRow, VariationRow
from presend_connectors.klaviyo.times import (
    STOP_BEFORE,
    STRATEGIES,
    UNTIMED,
    first_delivery,
    moment,
    stamp,
    stated,
)

STATES: Mapping[str, State] = {
    "draft": State.DRAFT,
    "scheduled": State.SCHEDULED,
    "sending": State.SENDING,
    "sent": State.SENT,
    "cancelled": State.CANCELLED,
}
# What a campaign is when its messages differ: the first of these that any of them has.
_FIRST = ("scheduled", "sending", "draft", "sent", "cancelled")
_NO_AUTHORS = Gap("Klaviyo does not tell who made or changed a campaign")
_NO_TEXT = Gap("the template has no text of its own: Klaviyo makes one from the HTML")


@dataclass(frozen=True, slots=True)
class Around:
    """What normalising needs to know besides the campaign itself."""

    account: str
    zone: str | None = None
    constants: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Group | Gap] = field(default_factory=dict)
    """By id: what the ids of an audience turned out to be."""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail variation of one message."""

    message: MessageRow
    variation: VariationRow
    details: Details


def ref_of(found: Found, account: str) -> CampaignRef:
    """The campaign's identity."""
    return CampaignRef(Platform.KLAVIYO, account, Kind.CAMPAIGN, found.id, found.name)


def mails(found: Found) -> list[Mail]:
    """The e-mail variations of the messages that count: the scheduled ones, or all when none is scheduled."""
    rows = [row for row in found.messages if row.status == "scheduled"] or found.messages
    out: list[Mail] = []
    for row in rows:
        parts = [(each, each.attributes.definition.details) for each in found.variations.get(row.id, [])]
        out += [Mail(row, each, details) for each, details in parts if details and details.channel == EMAIL]
    return out


def strange_channels(found: Found) -> list[str]:
    """Messages of which one cannot say whether they are e-mails: no details, or a channel presend does not know."""
    out = []
    for row in found.messages:
        for each in found.variations.get(row.id, []):
            details = each.attributes.definition.details
            if details is None or (details.channel != EMAIL and details.channel not in OTHER_CHANNELS):
                out.append(row.id)
    return list(dict.fromkeys(out))


def campaign(found: Found, around: Around) -> Campaign | None:
    """The campaign with its e-mails; None when it has none (text and push messages are no mail)."""
    chosen = mails(found)
    strange = strange_channels(found)
    if not chosen and not strange:
        return None
    rows = list({mail.message.id: mail.message for mail in chosen}.values())
    words = [row.status for row in rows or found.messages]
    native = next((word for word in _FIRST if word in words), words[0] if words else "")
    messages, gaps = _messages(found, chosen)
    gaps += [
        Gap(f"message {each} of the campaign is neither an e-mail nor of another channel that presend knows")
        for each in strange
    ]
    zone = _setting(found, "send_timezone") or around.zone
    audience, unread = _audience(found, rows, around)
    own = _own(around)
    schedule = _schedule(found, rows, zone, own)
    return Campaign(
        ref=ref_of(found, around.account),
        state=STATES.get(native, State.UNKNOWN),
        native_state=native,
        schedule=schedule,
        messages=messages,
        audience=audience,
        revision=_revision(rows, messages, _key(found, rows, own)),
        vocabulary=Vocabulary(constants=around.constants, zone=around.zone or zone or "UTC"),
        sources=around.sources,
        authors=_NO_AUTHORS,
        left_out=next((own[key] for row in schedule.restore.get("messages", []) for key in row["own"]), ""),
        url=_url(found),
        updated_at=_updated(found, rows),
        gaps=(*gaps, *unread),
    )


# ---- messages


def label(index: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    rest, letter = divmod(index, 26)
    return (label(rest - 1) if rest else "") + chr(ord("A") + letter)


def _messages(found: Found, chosen: Sequence[Mail]) -> tuple[tuple[Message, ...], list[Gap]]:
    out: list[Message] = []
    gaps: list[Gap] = []
    for index, mail in enumerate(chosen):
        got = found.templates.get(mail.details.template_id or "", Gap("the e-mail has no template yet"))
        if isinstance(got, Gap):
            gaps.append(Gap(f"the content of message {label(index)} could not be read: {got.reason}"))
        elif got.attributes.html is None:
            gaps.append(Gap(f"the template of message {label(index)} has no HTML that Klaviyo shows"))
        out.append(Message(mail.message.id, label(index), parts_of(mail.details, got), own_time(mail.message, chosen)))
    return tuple(out), gaps


def own_time(row: MessageRow, chosen: Sequence[Mail]) -> dict[str, Any]:
    """The time that a message states, where the messages of the campaign state several; {} where they agree."""
    times = {each.message.id: stated(options_of(each.message)) for each in chosen}
    return {"send_time": times[row.id]} if len(set(times.values())) > 1 else {}


def parts_of(details: Details, template: TemplateRow | Gap) -> dict[Part, str | Gap]:
    """The template sources of an e-mail, or why there are none."""
    parts: dict[Part, str | Gap] = {
        Part.SUBJECT: details.subject or "",
        Part.PREVIEW_TEXT: details.preview_text or "",
        Part.FROM_NAME: details.from_label or "",
        Part.REPLY_TO: details.reply_to_email or details.from_email or "",
    }
    if isinstance(template, Gap):
        return parts | {Part.HTML: template, Part.TEXT: template}
    source = template.attributes
    parts[Part.HTML] = source.html if source.html is not None else Gap("Klaviyo shows no HTML of the template")
    parts[Part.TEXT] = source.text or _NO_TEXT
    return parts


# ---- when


def options_of(row: MessageRow) -> dict[str, Any]:
    """`send_options` as the platform says them."""
    return dict(row.attributes.definition.send_options or {})


def _setting(found: Found, name: str) -> str | None:
    settings = found.campaign.attributes.definition.send_settings if found.campaign else None
    value = (settings or {}).get(name)
    return value if isinstance(value, str) and value else None


def _schedule(found: Found, rows: Sequence[MessageRow], zone: str | None, own: Collection[str]) -> Schedule:
    if not rows:
        return Schedule(Strategy.UNKNOWN, UNTIMED, UNTIMED, UNTIMED, zone)
    times = [(row, first_delivery(options_of(row), zone)) for row in rows]
    unknown = [at for _, at in times if isinstance(at, Gap)]
    known = sorted(((at, row.id, row) for row, at in times if not isinstance(at, Gap)), key=lambda each: each[:2])
    first = known[0][2] if known else rows[0]
    send_at: datetime | Gap = unknown[0] if unknown else known[0][0]
    word = options_of(first).get("send_strategy")
    return Schedule(
        strategy=STRATEGIES.get(word, Strategy.UNKNOWN) if isinstance(word, str) else Strategy.UNKNOWN,
        stated=stated(options_of(first)),
        send_at=send_at,
        stoppable_until=send_at if isinstance(send_at, Gap) else send_at - STOP_BEFORE,
        zone=zone,
        restore={
            "campaign": found.id,
            "name": found.name,
            "messages": [_restore(found, row, own) for row in rows],
            "others": len(_all_messages(found) - {row.id for row in rows}),
        },
    )


def _all_messages(found: Found) -> set[str]:
    """Ids of the campaign's messages, of any state and channel, as far as Klaviyo named them."""
    relations = found.campaign.relationships if found.campaign else None
    listed = relations.messages.data if relations and relations.messages else None
    return {row.id for row in found.messages} | {each.id for each in listed or []}


def _restore(found: Found, row: MessageRow, own: Collection[str]) -> dict[str, Any]:
    settings = found.campaign.attributes.definition.send_settings if found.campaign else None
    audience = found.audiences.get(row.id)
    definition = audience.attributes.definition if audience else None
    excluded = list((definition and definition.excluded) or [])
    return {
        "id": row.id,
        "status": row.status,
        "variations": len(found.variations.get(row.id, [])),
        "send_options": options_of(row),
        "send_settings": dict(settings or {}),
        "included": list((definition and definition.included) or []),
        "excluded": excluded,
        "audience": audience.id if audience else "",
        "own": [each for each in excluded if each in own],
    }


# ---- who


def _audience(found: Found, rows: Sequence[MessageRow], around: Around) -> tuple[AudienceRef, list[Gap]]:
    included: dict[str, ListRef] = {}
    excluded: list[dict[str, ListRef]] = []
    gaps: list[Gap] = []
    conditions: list[Condition] = []
    definitions: list[Definition] = []
    for row in rows:
        definition = found.audiences[row.id].attributes.definition
        taken, left = definition.included or [], definition.excluded or []
        included |= {each: _list_ref(each, around) for each in taken}
        excluded.append({each: _list_ref(each, around) for each in left})
    everywhere = [each for each in (excluded[0] if excluded else {}) if all(each in others for others in excluded)]
    for key in dict.fromkeys([*included, *(each for some in excluded for each in some)]):
        group = around.groups.get(key)
        if isinstance(group, Gap):
            gaps.append(group)
        elif group is not None and group.processing:
            gaps.append(
                Gap(
                    f"Klaviyo is still computing the segment {group.name}, so who is on it is not settled: run again "
                    "when it is done"
                )
            )
        if isinstance(group, Group) and key in included:
            conditions += group.conditions
            definitions += [group.definition] if group.definition else []
    ref = AudienceRef(
        included=tuple(included.values()),
        excluded=tuple(excluded[0][each] for each in everywhere),
        conditions=tuple(conditions),
        definitions=tuple(definitions),
        key=_key(found, rows, ()),
        stated_size=Gap("Klaviyo states no size with a campaign"),
    )
    return ref, gaps


def _own(around: Around) -> dict[str, str]:
    """Names of the lists by which presend leaves people out, by id."""
    return {key: group.name for key, group in around.groups.items() if isinstance(group, Group) and group.own}


def _key(found: Found, rows: Sequence[MessageRow], own: Collection[str]) -> str:
    """Whom the messages go to, in ids, without the exclusions that are presend's `own`."""
    keys: list[str] = []
    for row in rows:
        definition = found.audiences[row.id].attributes.definition
        left = sorted(each for each in definition.excluded or [] if each not in own)
        ignoring = " ignoring" if options_of(row).get("is_ignoring_unsubscribes") else ""
        keys.append(f"+{','.join(sorted(definition.included or []))} -{','.join(left)}{ignoring}")
    return " | ".join(dict.fromkeys(keys))


def _list_ref(key: str, around: Around) -> ListRef:
    group = around.groups.get(key)
    return ListRef(key, group.kind, group.name) if isinstance(group, Group) else ListRef(key, "unknown")


# ---- the rest


def _revision(rows: Sequence[MessageRow], messages: Sequence[Message], who: str) -> str:
    """A hash of what would go to whom and when, without what presend writes: description, tags, its own exclusion."""
    content = [
        [m.id, sorted((part.value, s if isinstance(s, str) else None) for part, s in m.parts.items())] for m in messages
    ]
    when = [[row.id, row.status, options_of(row)] for row in rows]
    return digest([content, when, who])


def digest(value: Any) -> str:
    """A short stable hash of JSON."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:16]


def _updated(found: Found, rows: Sequence[MessageRow]) -> datetime | None:
    """The newest change of messages, variations and templates; not of the shell, whose description presend writes."""
    texts = [row.attributes.updated for row in rows]
    texts += [each.attributes.updated for row in rows for each in found.variations.get(row.id, [])]
    texts += [each.attributes.updated for each in found.templates.values() if isinstance(each, TemplateRow)]
    return max((at for text in texts if (at := moment(text))), default=None)


def _url(found: Found) -> str | None:
    builder = found.campaign.attributes.definition.builder if found.campaign else None
    return f"https://www.klaviyo.com/campaign/{found.id}/wizard/1" if builder == "wizard" else None


def when(at: datetime | Gap) -> str:
    """A time for a sentence."""
    return "an unknown time" if isinstance(at, Gap) else stamp(at)
