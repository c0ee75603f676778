"""Which members a segment's conditions match, evaluated really."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from presend_sandbox.mailchimp.state import Audience, Member

Test = Callable[[Member], bool]


class ConditionError(ValueError):
    """A segment condition the sandbox does not know."""


def matching(audience: Audience, match: str, conditions: Iterable[dict[str, Any]], now: datetime) -> list[Member]:
    """The members that satisfy any or all of the conditions, whatever their status. Raises ConditionError."""
    tests = [_test(audience, condition, now) for condition in conditions]
    decide = any if match == "any" else all
    return [member for member in audience.members.values() if decide(test(member) for test in tests)]


def _test(audience: Audience, condition: dict[str, Any], now: datetime) -> Test:
    kind = str(condition.get("condition_type", "")) or _guess(condition)
    name, operator, wanted = str(condition.get("field", "")), str(condition.get("op", "")), condition.get("value")
    match kind:
        case "StaticSegment":
            return _static(audience, operator, wanted)
        case "Interests":
            return _interests(operator, wanted)
        case "Date":
            return _timestamp(name, operator, condition, now)
        case "DateMerge":
            return _date_field(name, operator, wanted)
        case "EmailAddress":
            return _text(lambda member: member.email, operator, wanted)
        case "Language":
            return _text(lambda member: member.language, operator, wanted)
        case "SignupSource":
            return _text(lambda member: member.source, operator.removeprefix("source_"), wanted)
        case "VIP":
            return _either(operator == "member", lambda member: member.vip)
        case "TextMerge" | "SelectMerge" | "AddressMerge" | "BirthdayMerge" | "ZipMerge" | "PhoneMerge":
            return _text(lambda member: as_text(member.values.get(name)), operator, wanted)
        case _:
            raise ConditionError(f"the condition type {kind!r} on {name!r} is not known here")


def _guess(condition: dict[str, Any]) -> str:
    """Old conditions carry no type; what they mean follows from the field."""
    name = str(condition.get("field", ""))
    if name == "static_segment":
        return "StaticSegment"
    if name.startswith("interests-"):
        return "Interests"
    if name in ("timestamp_opt", "info_changed"):
        return "Date"
    return "EmailAddress" if name in ("EMAIL", "merge0") else "TextMerge"


def as_text(stored: Any) -> str:
    """A stored merge value as the text a comparison sees; addresses are joined."""
    if stored is None:
        return ""
    if isinstance(stored, dict):
        return " ".join(str(part) for part in stored.values() if part)
    return str(stored)


def _either(wanted: bool, test: Test) -> Test:
    return test if wanted else lambda member: not test(member)


def _static(audience: Audience, operator: str, wanted: Any) -> Test:
    segment = audience.segments.get(int(wanted))
    if segment is None:
        raise ConditionError(f"there is no tag or static segment {wanted!r} in this list")
    return _either(operator == "static_is", lambda member: member.id in segment.members)


def _interests(operator: str, wanted: Any) -> Test:
    groups = [str(each) for each in (wanted if isinstance(wanted, list) else [wanted])]
    match operator:
        case "interestcontains":
            return lambda member: any(member.interests.get(group, False) for group in groups)
        case "interestcontainsall":
            return lambda member: all(member.interests.get(group, False) for group in groups)
        case "interestnotcontains":
            return lambda member: not any(member.interests.get(group, False) for group in groups)
        case _:
            raise ConditionError(f"groups cannot be compared by {operator!r}")


def _text(read: Callable[[Member], str], operator: str, wanted: Any) -> Test:
    needle = "" if wanted is None else str(wanted).casefold()
    comparisons: dict[str, Callable[[str], bool]] = {
        "is": lambda text: text == needle,
        "not": lambda text: text != needle,
        "contains": lambda text: needle in text,
        "notcontain": lambda text: needle not in text,
        "starts": lambda text: text.startswith(needle),
        "ends": lambda text: text.endswith(needle),
        "greater": lambda text: text != "" and _ordered(text) > _ordered(needle),
        "less": lambda text: text != "" and _ordered(text) < _ordered(needle),
        "blank": lambda text: text == "",
        "blank_not": lambda text: text != "",
    }
    if operator not in comparisons:
        raise ConditionError(f"text cannot be compared by {operator!r}")
    compare = comparisons[operator]
    return lambda member: compare(read(member).casefold())


def _ordered(text: str) -> tuple[int, float, str]:
    """Numbers by size, before anything else by letters."""
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)


def _timestamp(name: str, operator: str, condition: dict[str, Any], now: datetime) -> Test:
    read: Callable[[Member], datetime | None]
    match name:
        case "timestamp_opt":
            read = _opted_in
        case "info_changed":
            read = _changed
        case _:
            raise ConditionError(f"the time {name!r} is not known here")
    wanted = condition.get("value")
    if operator in ("within", "notwithin"):
        since = now - timedelta(days=int(str(wanted)))
        return _either(operator == "within", lambda member: (read(member) or datetime.min.replace(tzinfo=UTC)) >= since)
    stated = condition.get("extra") if wanted == "date" else wanted
    return _dates(lambda member: moment.date() if (moment := read(member)) else None, operator, str(stated))


def _opted_in(member: Member) -> datetime | None:
    return member.opted_in


def _changed(member: Member) -> datetime | None:
    return member.changed


def _date_field(name: str, operator: str, wanted: Any) -> Test:
    def read(member: Member) -> date | None:
        try:
            return date.fromisoformat(as_text(member.values.get(name))[:10])
        except ValueError:
            return None

    return _dates(read, operator, "" if wanted is None else str(wanted))


def _dates(read: Callable[[Member], date | None], operator: str, wanted: str) -> Test:
    match operator:
        case "blank":
            return lambda member: read(member) is None
        case "blank_not":
            return lambda member: read(member) is not None
    limit = date.fromisoformat(wanted[:10])
    match operator:
        case "is":
            return lambda member: read(member) == limit
        case "not":
            return lambda member: read(member) != limit
        case "greater":
            return lambda member: (found := read(member)) is not None and found > limit
        case "less":
            return lambda member: (found := read(member)) is not None and found < limit
        case _:
            raise ConditionError(f"dates cannot be compared by {operator!r}")
