"""From Mailchimp's JSON to presend's model; pure, so that every rule of it can be tested without a server."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    ChecklistItem,
    Condition,
    Gap,
    ItemState,
    Kind,
    ListRef,
    Message,
    Part,
    Platform,
    Schedule,
    State,
    Strategy,
)
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.definitions import definition
from presend_connectors.mailchimp.listing import EMAIL, INTERESTED, LANGUAGE, Listing
from presend_connectors.mailchimp.narrowing import Audience, Definition, is_whole, meaning
from presend_connectors.mailchimp.times import moment, timewarp_begins, written

RSS = "rss"
KNOWN_TYPES = frozenset({"regular", "plaintext", "variate", RSS})
_STATES = {
    "save": State.DRAFT,
    "paused": State.PAUSED,
    "schedule": State.SCHEDULED,
    "sending": State.SENDING,
    "sent": State.SENT,
    "canceled": State.CANCELLED,
    "canceling": State.CANCELLED,
}
_ITEMS = {"success": ItemState.OK, "warning": ItemState.WARNING, "error": ItemState.ERROR}
_SYSTEM_COLUMNS = {"timestamp_opt": "@confirmed_at", "info_changed": "@updated_at", "language": LANGUAGE}


def state_of(row: wire.Campaign) -> State:
    """The state in neutral words; a running RSS campaign is `sending` all its life."""
    if row.type == RSS and row.status == "sending":
        return State.LIVE
    return _STATES.get(row.status, State.UNKNOWN)


def schedule_of(row: wire.Campaign, zone: str) -> Schedule:
    """When it goes; Timewarp begins where the day begins, up to a day before the stated hour."""
    restore = {"type": row.type, "status": row.status, "timewarp": row.settings.timewarp}
    if row.type == RSS:
        often = (row.rss_opts or {}).get("frequency", "")
        gap = Gap(
            f"an RSS campaign goes {often or 'again and again'} when its feed has news; the next time is not told"
        )
        return Schedule(Strategy.RECURRING, gap, gap, gap, zone or None, restore)
    tests = row.variate_settings.send_times if row.variate_settings else []
    times = [at for at in (moment(text) for text in (row.send_time, *tests)) if at]
    if not times:
        gap = Gap("Mailchimp states no send time")
        return Schedule(
            Strategy.UNKNOWN if row.status == "schedule" else Strategy.STATIC, gap, gap, gap, zone or None, restore
        )
    stated = times[0]
    restore = {**restore, "schedule_time": written(stated)}
    if row.settings.timewarp:
        begins = timewarp_begins(stated, zone)
        return Schedule(Strategy.LOCAL_TIME, stated, begins, begins, zone or None, restore)
    first = min(times)
    return Schedule(Strategy.STATIC, stated, first, first, zone or None, restore)


# -- what it says


def _letters(index: int) -> str:
    """A, B … Z, AA, AB …: the label of the n-th variant."""
    head, tail = divmod(index, 26)
    return (_letters(head - 1) if head else "") + string.ascii_uppercase[tail]


def messages_of(row: wire.Campaign, content: wire.Content) -> tuple[Message, ...]:
    """The variants in Mailchimp's order: each combination of subject, sender and content."""
    options = {"to_name": row.settings.to_name, "auto_footer": row.settings.auto_footer}
    variate = row.variate_settings
    if row.type != "variate" or variate is None:
        parts = _envelope(row.settings.subject_line, row.settings.from_name, row.settings.reply_to, row)
        bodies = _bodies(row, content.html, content.plain_text)
        return (Message(row.id, "A", {**parts, **bodies}, options),)
    combinations = variate.combinations or _products(variate)
    found = []
    for index, each in enumerate(combinations):
        parts = _envelope(
            _pick(variate.subject_lines, each.subject_line, row.settings.subject_line),
            _pick(variate.from_names, each.from_name, row.settings.from_name),
            _pick(variate.reply_to_addresses, each.reply_to, row.settings.reply_to),
            row,
        )
        body = _content_of(row, variate, content, each)
        found.append(Message(each.id or f"{row.id}-{_letters(index)}", _letters(index), {**parts, **body}, options))
    return tuple(found)


def _products(variate: wire.Variate) -> list[wire.Combination]:
    """Every combination, where Mailchimp does not spell them out."""
    return [
        wire.Combination(subject_line=s, from_name=n, reply_to=r, content_description=c)
        for s in range(max(1, len(variate.subject_lines)))
        for n in range(max(1, len(variate.from_names)))
        for r in range(max(1, len(variate.reply_to_addresses)))
        for c in range(max(1, len(variate.contents)))
    ]


def _pick(choices: Sequence[str], index: int, single: str) -> str | Gap:
    if not choices:
        return single
    if 0 <= index < len(choices):
        return choices[index]
    return Gap("Mailchimp names a choice for this variant that it does not list")


def _envelope(subject: str | Gap, name: str | Gap, reply_to: str | Gap, row: wire.Campaign) -> dict[Part, str | Gap]:
    return {
        Part.SUBJECT: subject,
        Part.PREVIEW_TEXT: row.settings.preview_text,
        Part.FROM_NAME: name,
        Part.REPLY_TO: reply_to,
    }


def _bodies(row: wire.Campaign, html: str | None, text: str | None) -> dict[Part, str | Gap]:
    found: dict[Part, str | Gap] = {}
    if row.type != "plaintext":
        found[Part.HTML] = Gap("Mailchimp gave no HTML for this message") if html is None else html
    if text is not None:
        found[Part.TEXT] = text
    elif row.type == "plaintext":
        found[Part.TEXT] = Gap("Mailchimp gave no text for this message")
    return found


def _content_of(
    row: wire.Campaign, variate: wire.Variate, content: wire.Content, each: wire.Combination
) -> dict[Part, str | Gap]:
    """The body of a combination: by the label of its content, by its place, or the only one there is."""
    bodies = content.variate_contents
    if not variate.contents or not bodies:
        html, text = (bodies[0].html, bodies[0].plain_text) if len(bodies) == 1 else (content.html, content.plain_text)
        return _bodies(row, html, text)
    label = _pick(variate.contents, each.content_description, "")
    chosen = next((body for body in bodies if body.content_label == label), None)
    if chosen is None and len(bodies) == len(variate.contents) and isinstance(label, str):
        chosen = bodies[each.content_description]
    if chosen is None:
        gap = Gap("Mailchimp gave no content for this variant")
        return {Part.HTML: gap, Part.TEXT: gap}
    return _bodies(row, chosen.html, chosen.plain_text)


# -- to whom


def condition_of(raw: Mapping[str, Any], listing: Listing) -> Condition:
    """One condition in neutral words; what is no merge field gets a column of its own that starts with @."""
    field = str(raw.get("field", ""))
    op, value = str(raw.get("op", "")), raw.get("value")
    if field.startswith("interests-"):
        for group in listing.groups:
            if field == f"interests-{group.id}":
                ids = value if isinstance(value, list) else [value]
                return Condition(f"{INTERESTED}{group.title}", op, [group.names.get(str(i), str(i)) for i in ids])
    if field in ("EMAIL", "merge0"):
        return Condition(EMAIL, op, value)
    if field in _SYSTEM_COLUMNS:
        return Condition(_SYSTEM_COLUMNS[field], op, raw.get("extra") if value == "date" else value)
    tag = next(
        (each.tag for each in listing.fields if field in each.all_names or field.upper() in each.all_names), None
    )
    return Condition(tag or f"@{field or raw.get('condition_type', 'condition')}", op, value)


def audience_of(row: wire.Campaign, aim: Audience, listing: Listing) -> AudienceRef:
    """The list, or the part of it that was chosen; whom presend leaves out is in `excluded`, not in the conditions."""
    to, chosen = row.recipients, aim.without
    conditions: Sequence[Mapping[str, Any]] = ()
    match = ""
    if isinstance(chosen.segment, wire.Segment):
        segment = chosen.segment
        included = ListRef(str(segment.id), "tag" if segment.type == "static" else "segment", segment.name)
        conditions = segment.options.conditions if segment.options else ()
        match = segment.options.match if segment.options else ""
    elif chosen.options is not None and not is_whole(chosen.options):
        conditions, match = chosen.options.conditions, chosen.options.match
        included = ListRef(part_of(chosen), "segment", f"part of {to.list_name or to.list_id}")
    else:
        included = ListRef(to.list_id, "list", to.list_name)
    size = Gap("Mailchimp states no size") if to.recipient_count is None else to.recipient_count
    leaves = tuple(condition_of(each, listing) for each in conditions)
    excluded = (ListRef(str(aim.tag), "tag", aim.left_out),) if aim.left_out and not aim.origin else ()
    shown = definition(included.name, match, conditions, lambda each: condition_of(each, listing))
    shown_all = () if shown is None else (shown,)
    return AudienceRef((included,), excluded, leaves, shown_all, f"{to.list_id}/{part_of(aim.now)}", size)


def part_of(definition: Definition) -> str:
    """Which part of the list it is; two campaigns with the same part have the same recipients."""
    if isinstance(definition.segment, wire.Segment):
        return str(definition.segment.id)
    options = definition.options
    if options is None or is_whole(options):
        return "all"
    return str(options.saved_segment_id) if options.saved_segment_id else f"by-{digest(options)}"


# -- the whole


def checklist_of(answer: wire.Checklist) -> tuple[ChecklistItem, ...]:
    """Mailchimp's own check; a kind of line that is not known is taken for a warning."""
    items = [ChecklistItem(_ITEMS.get(i.type, ItemState.WARNING), i.heading, i.details) for i in answer.items]
    if not answer.is_ready and all(item.state is not ItemState.ERROR for item in items):
        items.append(ChecklistItem(ItemState.ERROR, "Not ready", "Mailchimp says that this campaign is not ready."))
    return tuple(items)


def digest(*parts: Any) -> str:
    """A short stable hash of values that JSON can write."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:16]


def revision_of(row: wire.Campaign, messages: Sequence[Message], aim: Audience) -> str:
    """Changes with every edit of content, audience definition, state and schedule; not with counts or comments.

    Nor with whom presend leaves out: it is the same before and after.
    """
    said = [
        [each.id, {part.value: text if isinstance(text, str) else text.reason for part, text in each.parts.items()}]
        for each in messages
    ]
    chosen = aim.without
    options: object = chosen.segment.options if isinstance(chosen.segment, wire.Segment) else meaning(chosen.options)
    when = [row.status, row.send_time, row.settings.timewarp, row.settings.to_name, row.rss_opts]
    part = chosen.segment.id if isinstance(chosen.segment, wire.Segment) else ""
    return digest(said, row.recipients.list_id, part, options, when, row.variate_settings)


def ref_of(account: str, row: wire.Campaign) -> CampaignRef:
    """Its identity; one without a title goes by its subject."""
    name = row.settings.title or row.settings.subject_line or row.id
    return CampaignRef(Platform.MAILCHIMP, account, Kind.CAMPAIGN, row.id, name)


def url_of(centre: str | None, row: wire.Campaign) -> str | None:
    """Where a person edits it."""
    if centre is None or row.web_id is None:
        return None
    return f"https://{centre}.admin.mailchimp.com/campaigns/edit?id={row.web_id}"


def campaign_of(
    account: str,
    zone: str,
    row: wire.Campaign,
    content: wire.Content,
    checklist: wire.Checklist | Gap,
    aim: Audience,
    listing: Listing,
    centre: str | None = None,
) -> Campaign:
    """A campaign with everything that was read of it; what could not be read is in its gaps."""
    messages = messages_of(row, content)
    gaps = [each for each in (checklist, aim.now.segment, aim.without.segment, aim.gap) if isinstance(each, Gap)]
    if row.type not in KNOWN_TYPES:
        gaps.append(Gap(f"presend does not know campaigns of the type {row.type}, so a variant may be missing"))
    gaps += [text for message in messages for text in message.parts.values() if isinstance(text, Gap)]
    return Campaign(
        ref=ref_of(account, row),
        state=state_of(row),
        native_state=row.status,
        schedule=schedule_of(row, zone),
        messages=messages,
        audience=audience_of(row, aim, listing),
        revision=revision_of(row, messages, aim),
        vocabulary=listing.vocabulary(zone),
        checklist=checklist if isinstance(checklist, Gap) else checklist_of(checklist),
        sources=listing.sources,
        left_out=aim.left_out,
        url=url_of(centre, row),
        updated_at=None,
        gaps=tuple(dict.fromkeys(gaps)),
    )
