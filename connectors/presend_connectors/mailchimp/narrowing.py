"""How presend's own exclusion shows in a campaign's audience, and what that audience is without it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from presend.model import OUT, Gap
from presend_connectors.mailchimp import wire

STAY = "presend:stay:"
"""The tag of those who stay, `presend:stay:<campaign>:<segment>`, where no condition can be added."""
WAS = "presend:was:"
"""The saved segment that keeps the conditions which those who stay stand for, where any of several was enough."""

Segments = Mapping[int, wire.Segment | Gap]
"""Segments and tags of one list by id."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Whom a campaign is for: its options, and the segment they name or the reason why it could not be read."""

    options: wire.SegmentOpts | None
    segment: wire.Segment | Gap | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """A campaign's audience as it goes, and as it would go without presend's exclusion."""

    now: Definition
    without: Definition
    """`now` itself where presend leaves nobody out."""
    left_out: str = ""
    tag: int = 0
    """The tag of those left out, or of those who stay."""
    origin: int = 0
    """The segment for which the tag of those who stay stands; 0 where it does not go to such a tag."""
    gap: Gap | None = None
    """Why it cannot be told whether presend leaves somebody out."""


WHOLE = Audience(Definition(None), Definition(None))


def is_whole(options: wire.SegmentOpts | None) -> bool:
    """Whether it is the whole list."""
    return options is None or not (options.saved_segment_id or options.conditions or options.prebuilt_segment_id)


def all_match(options: wire.SegmentOpts) -> bool:
    """Whether one more condition narrows it: all must match, or there is only one."""
    return options.match == "all" or (options.match == "any" and len(options.conditions) <= 1)


def tag_of(condition: Mapping[str, Any], op: str) -> int:
    """The tag that a condition of this kind names; 0 for any other condition."""
    value = str(condition.get("value", ""))
    fits = condition.get("field") == "static_segment" and condition.get("op") == op and _number(value)
    return int(value) if fits else 0


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def asked_for(options: wire.SegmentOpts | None) -> list[int]:
    """The segments and tags whose names must be known to tell presend's marks from a person's."""
    if options is None:
        return []
    if options.saved_segment_id:
        return [options.saved_segment_id]
    tags = [tag_of(each, op) for each in options.conditions for op in ("static_not", "static_is")]
    return [tag for tag in tags if tag]


def origin_of(name: str) -> int:
    """The segment for which a tag of those who stay stands, by the tag's name; 0 for any other tag."""
    _campaign, colon, number = name.removeprefix(STAY).rpartition(":")
    return int(number) if name.startswith(STAY) and colon and _number(number) else 0


def audience_of(options: wire.SegmentOpts | None, segments: Segments) -> Audience:
    """Tell presend's exclusion from what people chose; `segments` holds `asked_for`, and the origin of a STAY tag."""
    if options is None or is_whole(options):
        return WHOLE
    saved = options.saved_segment_id
    now = Definition(options, segments.get(saved) if saved else None)
    names = {key: each.name for key, each in segments.items() if isinstance(each, wire.Segment)}
    unread = [each for tag in asked_for(options) if isinstance(each := segments.get(tag), Gap)]
    gap = unread[0] if unread and not saved else None
    if origin := origin_of(names.get(only := _only(options), "")):
        label = OUT + names[only].removeprefix(STAY).rpartition(":")[0]
        return Audience(now, _unfolded(origin, segments.get(origin)), label, only, origin, gap)
    for condition in options.conditions if not saved and all_match(options) else ():
        tag = tag_of(condition, "static_not")
        if names.get(tag, "").startswith(OUT):
            rest = [each for each in options.conditions if each is not condition]
            kept = wire.SegmentOpts(match="all", conditions=rest) if rest else None
            return Audience(now, Definition(kept), names[tag], tag, 0, gap)
    return Audience(now, now, gap=gap)


def _only(options: wire.SegmentOpts) -> int:
    """The one segment or tag that the options are made of; 0 where they are made of anything else."""
    if options.saved_segment_id:
        return options.saved_segment_id
    return tag_of(options.conditions[0], "static_is") if len(options.conditions) == 1 else 0


def _unfolded(origin: int, segment: wire.Segment | Gap | None) -> Definition:
    """The segment that was chosen, or the conditions that presend put into a segment of its own."""
    if isinstance(segment, wire.Segment) and segment.name.startswith(WAS) and segment.options is not None:
        return Definition(wire.SegmentOpts(match=segment.options.match, conditions=segment.options.conditions))
    return Definition(wire.SegmentOpts(saved_segment_id=origin), segment)


def written(options: wire.SegmentOpts | None) -> dict[str, Any] | None:
    """The options as a request wants them; None for the whole list."""
    if options is None or is_whole(options):
        return None
    if options.saved_segment_id:
        return {"saved_segment_id": options.saved_segment_id}
    return {"match": options.match, "conditions": options.conditions}


def read(options: Any) -> wire.SegmentOpts | None:
    """What `written` gave, from a journal. Raises msgspec.ValidationError when it is none."""
    return None if options is None else msgspec.convert(options, wire.SegmentOpts)


def meaning(options: wire.SegmentOpts | None) -> tuple[Any, ...]:
    """Equal for two definitions that mean the same people, however Mailchimp shows them."""
    if options is None or is_whole(options):
        return ("all",)
    if only := _only(options):
        return ("saved", only)
    if options.prebuilt_segment_id:
        return ("ready-made", options.prebuilt_segment_id)
    match = "all" if all_match(options) else options.match
    return ("by", match, sorted(_condition(each) for each in options.conditions))


def _condition(raw: Mapping[str, Any]) -> str:
    told = {name: raw[name] for name in ("field", "op", "value", "extra") if raw.get(name) not in (None, "")}
    numbers = {name: str(value) if isinstance(value, int) else value for name, value in told.items()}
    return msgspec.json.encode(numbers, order="sorted").decode()


def without_tag(tag: int) -> dict[str, Any]:
    """The condition "does not carry the tag"."""
    return {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_not", "value": tag}


def with_tag(tag: int) -> dict[str, Any]:
    """The condition "carries the tag"."""
    return without_tag(tag) | {"op": "static_is"}
