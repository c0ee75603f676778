"""Klaviyo's own filters on lists and dates, and the list of every filter that a template may use.

Facts as in `filters`: the vendor's glossary and its "Date personalization" page (115005257788).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from presend.dialects.klaviyo.engine import DJANGO
from presend.dialects.klaviyo.filters import NUMBER_FILTERS, TEXT_FILTERS, Filter, lookup
from presend.dialects.klaviyo.values import Undecided, choose, session

_STOCK = DJANGO.defaultfilters.register.filters

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<zone>Z|[+-]\d\d:?\d\d)?)?\Z"
)


def _list(value: object, name: str) -> list[Any]:
    if isinstance(value, list):
        return list(value)
    raise Undecided(f"what {name} does with a value that is no list is not documented")


def concat(value: Any, other: Any) -> Any:
    """Two strings or two lists, one after the other."""
    if isinstance(value, str) and isinstance(other, str):
        return TEXT_FILTERS["append"](value, other)
    return _list(value, "concat") + _list(other, "concat")


def compact(value: object) -> list[Any]:
    """The list without its nulls."""
    return [item for item in _list(value, "compact") if item is not None]


def list_to_string(value: object) -> str:
    """`apple, banana and orange`."""
    items = _list(value, "list_to_string")
    if not all(isinstance(item, str) for item in items):
        raise Undecided("how list_to_string prints what is not text is not documented")
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _map(value: object, name: object) -> list[Any]:
    items = _list(value, "map")
    if not all(isinstance(item, dict) and name in item for item in items):
        raise Undecided("what map gives for an item without that key is not documented")
    return [item[name] for item in items]


def _sort(value: object, key: object = None) -> list[Any]:
    items = _list(value, "sort")
    keys = items if key is None else _map(items, key)
    if not (all(isinstance(k, str) for k in keys) or all(type(k) in (int, float) for k in keys)):
        raise Undecided("how sort orders values of different kinds is not documented")
    order = sorted(range(len(items)), key=lambda position: keys[position])
    return [items[position] for position in order]


def _sort_natural(value: object) -> list[Any]:
    items = _list(value, "sort_natural")
    if not all(isinstance(item, str) for item in items):
        raise Undecided("how sort_natural orders what is not text is not documented")
    return sorted(items, key=str.lower)


def _uniq(value: object, key: object = None) -> list[Any]:
    items = _list(value, "uniq")
    keys = items if key is None else _map(items, key)
    kept: list[Any] = []
    seen: list[Any] = []
    for item, mark in zip(items, keys, strict=True):
        if mark not in seen:
            seen.append(mark)
            kept.append(item)
    return kept


def sum_list(value: object) -> float:
    """`[1,2,3]|sum_list → 6.0`."""
    items = _list(value, "sum_list")
    if not all(type(item) in (int, float) for item in items):
        raise Undecided("what sum_list does with items that are no numbers is not documented")
    return float(sum(items))


def _split(value: object, separator: object) -> list[str]:
    if not isinstance(value, str) or not isinstance(separator, str) or not separator:
        raise Undecided("what split does with a value that is not text is not documented")
    return str(value).split(separator)


def _resplit(value: object, pattern: object) -> list[str]:
    r"""`resplit:'\s+'`: split at a regular expression."""
    if not isinstance(value, str) or not isinstance(pattern, str) or not pattern:
        raise Undecided("what resplit does with a value that is not text is not documented")
    try:
        return re.split(pattern, value)
    except (re.error, RecursionError):
        raise Undecided("what resplit does with a faulty pattern is not documented") from None


_TEST = re.compile(r"(?P<key>[^<>=!]+?)\s*(?P<operator><=|=>|==|!=|<|>|=)\s*(?P<wanted>.+)\Z", re.DOTALL)


def _list_where(value: object, test: object) -> list[Any]:
    """`list_where:"name=a"`: the items whose `name` is `a`."""
    return _where("list_where", ("=",), value, test)


def _dictfilter(value: object, test: object) -> list[Any]:
    """`dictfilter:"a>2"`, with the operators < <= == != => >."""
    return _where("dictfilter", ("<", "<=", "==", "!=", "=>", ">"), value, test)


def _where(name: str, operators: tuple[str, ...], value: object, test: object) -> list[Any]:
    found = _TEST.match(str(test))
    if not found or found["operator"] not in operators:
        raise Undecided(f"what {name} does with this condition is not documented")
    return [item for item in _list(value, name) if _passes(name, item, found)]


def _passes(name: str, item: object, test: re.Match[str]) -> bool:
    actual = item.get(test["key"]) if isinstance(item, dict) else None
    operator, wanted = test["operator"], test["wanted"]
    if isinstance(actual, str) and operator in ("=", "==", "!="):
        return (actual == wanted) is (operator != "!=")
    if type(actual) not in (int, float) or not re.fullmatch(r"-?\d+(\.\d+)?", wanted) or operator == "=":
        raise Undecided(f"what {name} does with these values is not documented")
    left, right = float(str(actual)), float(wanted)
    verdicts = {"<": left < right, "<=": left <= right, ">": left > right, "=>": left >= right}
    return verdicts.get(operator, (left == right) is (operator == "=="))


class Moment:
    """A date that was read from text and not yet formatted; printing it raw is undecided."""

    __slots__ = ("at",)

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __str__(self) -> str:
        raise Undecided("how a date without a date format prints is not documented")

    def __bool__(self) -> bool:
        return True


def moment(value: object) -> Moment:
    """An ISO 8601 text as a date.

    Whether a time with an offset is shown as it stands, in UTC or in the account's zone is not documented.
    """
    if isinstance(value, Moment):
        return value
    found = _ISO.match(value) if isinstance(value, str) else None
    if not found:
        raise Undecided("what becomes of a value that is no ISO 8601 date is not documented")
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise Undecided("what becomes of a date that does not exist is not documented") from None
    if at.tzinfo is None:
        return Moment(at)
    shown = (at, at.astimezone(UTC), at.astimezone(session().now.tzinfo))
    reason = "in which zone a time with an offset is shown is not documented"
    return Moment(choose(reason, *(one.replace(tzinfo=None) for one in shown)))


def days_later(value: object, days: object) -> Moment:
    """`{{ today|days_later:5|format_date_string|date:'M d' }}`."""
    try:
        return Moment(moment(value).at + timedelta(days=int(str(days))))
    except (ValueError, OverflowError):
        raise Undecided("what days_later does with this number of days is not documented") from None


def _formatted(stock: Filter) -> Filter:
    def apply(value: Any, arg: Any = None) -> Any:
        return stock(value.at if isinstance(value, Moment) else value, arg)

    return apply


def _shown_later(name: str) -> Filter:
    def apply(value: object, argument: object = None) -> Any:  # noqa: ARG001 - Django reads the signature
        raise Undecided(f"what {name} prints is not documented")

    return apply


LOOKUP = lookup
"""The filter function, for those who look for it in an expression."""

LIST_FILTERS: dict[str, Filter] = {
    "lookup": lookup,
    "concat": concat,
    "compact": compact,
    "list_to_string": list_to_string,
    "map": _map,
    "reverse": lambda value: _list(value, "reverse")[::-1],
    "sort": _sort,
    "sort_natural": _sort_natural,
    "uniq": _uniq,
    "sum_list": sum_list,
    "split": _split,
    "resplit": _resplit,
    "list_where": _list_where,
    "dictfilter": _dictfilter,
    "format_date_string": moment,
    "days_later": days_later,
}

UNDOCUMENTED = (
    "datetime_from_string",
    "httpize",
    "httpsize",
    "md5_hash",
    "missing_image",
    "missing_product_image",
    "round_down",
    "sha_1",
    "sha_256",
    "trim_slash",
    "urldecode",
    "urldecodeplus",
    "urlencodeplus",
    "weeks_since",
    # Django's own, whose result is chance, needs the clock, or prints for programmers.
    "json_script",
    "pprint",
    "random",
    "timesince",
    "timeuntil",
)
"""Filters that exist, so that they are no syntax error; what they print is undecided."""

UNLISTED = ("string_to_object",)
"""Filters that others' guides show and the glossary does not list: whether Klaviyo has them is not known."""

_ALIASES = {
    "capitalize": "capfirst",
    "count": "length",
    "downcase": "lower",
    "size": "length",
    "strip_html": "striptags",
    "newline_to_br": "linebreaksbr",
    "upcase": "upper",
}


def library() -> Any:
    """The filters: Django's ("most built-in Django filters", says the glossary), then Klaviyo's over them."""
    filters = dict(_STOCK)
    filters |= {alias: _STOCK[name] for alias, name in _ALIASES.items()}
    found = DJANGO.library.Library()
    found.filters = filters
    for name, function in _own():
        found.filter(name, function)
    return found


def _own() -> Iterable[tuple[str, Callable[..., Any]]]:
    yield from TEXT_FILTERS.items()
    yield from NUMBER_FILTERS.items()
    yield from LIST_FILTERS.items()
    for name in ("date", "time"):
        yield name, _formatted(_STOCK[name])
    for name in (*UNDOCUMENTED, *UNLISTED):
        yield name, _shown_later(name)
