"""Jinjava's filters and expression tests, as far as what they print is known.

A filter that HubL has but that is not imitated here raises Unknowable. Where versions of Jinjava differ (`title`
lower-cases the rest of a word or leaves it), only values on which they agree get a result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from urllib.parse import quote_plus

from presend.dialects.hubspot.values import (
    Safe,
    Unknowable,
    Value,
    contains,
    equal,
    order,
    text_of,
    truth,
)

Args = Sequence[Value]
_INT = re.compile(r"-?\d{1,9}")
_DIGIT = re.compile(r"\d")
_SPACES = re.compile(r"\s+")
_MAX_TEXT = 100_000


def _arg(args: Args, index: int, default: str = "") -> str:
    return text_of(args[index]) if len(args) > index else default


def _count(args: Args, index: int, default: int) -> int:
    text = _arg(args, index)
    return int(text) if _INT.fullmatch(text) else default


def _default(value: Value, args: Args) -> Value:
    if not args:
        raise Unknowable("`default` without a text is an error in HubL")
    falsy_too = len(args) > 1 and text_of(args[1]).lower() in ("true", "yes", "on", "t", "y")
    use = not truth(value) if falsy_too else value is None
    if not use:
        return value
    return args[0] if isinstance(args[0], (list, dict)) else "null" if args[0] is None else text_of(args[0])


def _title(value: Value, _: Args) -> Value:
    if not isinstance(value, str):
        return value
    words = re.split(r"(\s+)", value)
    kept = "".join(word[:1].upper() + word[1:] for word in words)
    lowered = "".join(word[:1].upper() + word[1:].lower() for word in words)
    return _agreed(kept, lowered)


def _capitalize(value: Value, _: Args) -> Value:
    if not isinstance(value, str):
        return value
    return _agreed(value[:1].upper() + value[1:], value[:1].upper() + value[1:].lower())


def _agreed(one: str, other: str) -> str:
    if one != other:
        raise Unknowable("versions of HubL disagree on the capitals inside a word")
    return one


def _length(value: Value, _: Args) -> Value:
    if isinstance(value, (list, tuple, dict)):
        return len(value)
    return len(value.encode("utf-16-be", "surrogatepass")) // 2 if isinstance(value, str) else 0


def _truncate(value: Value, args: Args) -> Value:
    if not isinstance(value, str):
        return value
    length, ends = _count(args, 0, 255), _arg(args, 2, "...")
    if len(value) <= length:
        return value
    if length < 0:
        raise Unknowable("`truncate` with a negative length is an error in HubL")
    if len(args) > 1 and text_of(args[1]).lower() in ("true", "yes", "on", "t", "y"):
        return value[:length] + ends
    while length > 0:
        length -= 1
        if value[length].isspace():
            break
    return value[: length + 1] + ends


def _split(value: Value, args: Args) -> Value:
    text = text_of(value)
    if len(args) > 1:
        raise Unknowable("`split` with a limit is not imitated")
    parts = text.split(_arg(args, 0) or None) if args else text.split()
    return [part.strip() for part in parts if part.strip()]


def _items(value: Value) -> list[Value]:
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    return list(value.values()) if isinstance(value, dict) else [value]


def _replace(value: Value, args: Args) -> Value:
    if value is None:
        return None
    if len(args) < 2:
        raise Unknowable("`replace` needs two texts and is an error in HubL without them")
    old = _arg(args, 0)
    return text_of(value).replace(old, _arg(args, 1), _count(args, 2, -1)) if old else text_of(value)


def _int(value: Value, args: Args) -> Value:
    if isinstance(value, bool):
        raise Unknowable("`int` of a boolean is not documented")
    if isinstance(value, (int, float, Decimal)):
        return int(value)
    text = text_of(value)
    if _INT.fullmatch(text):
        return int(text)
    if _DIGIT.search(text):
        raise Unknowable("versions of HubL disagree on the whole number in such a text")
    return _count(args, 0, 0)


def _float(value: Value, args: Args) -> Value:
    text = text_of(value)
    if re.fullmatch(r"-?\d{1,7}", text) or (re.fullmatch(r"-?\d+\.\d+", text) and len(text) <= 8):
        return float(text)
    if text == "" and not args:
        return 0.0
    raise Unknowable("what `float` makes of such a value is not documented")


def _decimal(value: Value) -> Decimal | None:
    try:
        number = Decimal(text_of(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 18 else None


def _round(value: Value, args: Args) -> Value:
    number, places = _decimal(value) or Decimal(0), _count(args, 0, 0)
    if not 0 <= places <= 10:
        raise Unknowable("`round` to that many places is not imitated")
    how = {"ceil": ROUND_CEILING, "floor": ROUND_FLOOR}.get(_arg(args, 1, "common"), ROUND_HALF_UP)
    return number.quantize(Decimal(1).scaleb(-places), rounding=how)


def _abs(value: Value, _: Args) -> Value:
    if isinstance(value, str):
        number = _decimal(value)
        if number is None:
            raise Unknowable("`abs` of a text is an error in HubL")
        return abs(number)
    return abs(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


def _escape(value: Value, _: Args) -> Value:
    text = text_of(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Safe(text.replace('"', "&quot;").replace("'", "&#39;"))


def _striptags(value: Value, _: Args) -> Value:
    if not isinstance(value, str):
        return value
    if re.search(r"[<&]", value) or _SPACES.sub(" ", value).strip() != value:
        raise Unknowable("how `striptags` treats such a text is not imitated")
    return value


def _urlencode(value: Value, args: Args) -> Value:
    if isinstance(value, dict) or (value is None and args):
        raise Unknowable("`urlencode` of that is not imitated")
    return quote_plus(text_of(value), safe="*-._", errors="replace").replace("~", "%7E")


def _text(change: Callable[[str], str]) -> Callable[[Value, Args], Value]:
    return lambda value, _: change(value) if isinstance(value, str) else value


_FILTERS: dict[str, Callable[[Value, Args], Value]] = {
    "default": _default,
    "d": _default,
    "upper": _text(str.upper),
    "lower": _text(str.lower),
    "title": _title,
    "capitalize": _capitalize,
    "trim": _text(lambda text: text.strip("".join(map(chr, range(33))))),
    "string": lambda value, _: None if value is None else text_of(value),
    "length": _length,
    "count": _length,
    "replace": _replace,
    "truncate": _truncate,
    "join": lambda value, args: _arg(args, 0).join(text_of(item) for item in _items(value)),
    "split": _split,
    "first": lambda value, _: next(iter(_items(value)), None),
    "last": lambda value, _: next(iter(reversed(_items(value))), None),
    "int": _int,
    "float": _float,
    "round": _round,
    "abs": _abs,
    "escape": _escape,
    "e": _escape,
    "safe": lambda value, _: value,
    "striptags": _striptags,
    "urlencode": _urlencode,
}


def apply_filter(name: str, value: Value, args: Args) -> Value:
    """The filtered value. Raises Unknowable for filters that are not imitated and for undocumented cases."""
    known = _FILTERS.get(name)
    if known is None:
        raise Unknowable(f"what the filter `{name}` prints is not imitated")
    result = known(value, args)
    if isinstance(result, str) and len(result) > _MAX_TEXT:
        raise Unknowable("the text grows too long")
    return result


def _whole(value: Value) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unknowable("an expression test needs a number and is an error in HubL without one")


def _divisible(value: Value, args: Args) -> bool:
    by = _whole(args[0]) if args else 0
    if by == 0:
        raise Unknowable("division by zero is an error in HubL")
    return _whole(value) % by == 0


def _first(args: Args) -> Value:
    if not args:
        raise Unknowable("an expression test lacks what to compare with")
    return args[0]


def _string_test(check: Callable[[str, str], bool]) -> Callable[[Value, Args], bool]:
    return lambda value, args: value is not None and bool(args) and check(text_of(value), text_of(args[0]))


_TESTS: dict[str, Callable[[Value, Args], bool]] = {
    "defined": lambda value, _: value is not None,
    "undefined": lambda value, _: value is None,
    "none": lambda value, _: value is None,
    "empty": lambda value, _: value is None or value in ("", [], {}),
    "truthy": lambda value, _: truth(value),
    "true": lambda value, _: value is True,
    "false": lambda value, _: value is False,
    "boolean": lambda value, _: isinstance(value, bool),
    "string": lambda value, _: isinstance(value, str),
    "number": lambda value, _: isinstance(value, (int, float, Decimal)) and not isinstance(value, bool),
    "mapping": lambda value, _: isinstance(value, dict),
    "equalto": lambda value, args: equal(value, _first(args)),
    "eq": lambda value, args: equal(value, _first(args)),
    "ne": lambda value, args: not equal(value, _first(args)),
    "lt": lambda value, args: order("lt", value, _first(args)),
    "le": lambda value, args: order("lteq", value, _first(args)),
    "gt": lambda value, args: order("gt", value, _first(args)),
    "ge": lambda value, args: order("gteq", value, _first(args)),
    "in": lambda value, args: contains(value, _first(args)),
    "within": lambda value, args: contains(value, _first(args)),
    "even": lambda value, _: _whole(value) % 2 == 0,
    "odd": lambda value, _: _whole(value) % 2 != 0,
    "divisibleby": _divisible,
    "string_containing": _string_test(lambda text, part: part in text),
    "string_startingwith": _string_test(lambda text, part: text.startswith(part)),
}


def apply_test(name: str, value: Value, args: Args) -> bool:
    """Whether `value is name(args)`. Raises Unknowable for tests that are not imitated."""
    known = _TESTS.get(name)
    if known is None:
        raise Unknowable(f"what the expression test `{name}` answers is not imitated")
    return known(value, args)


def as_range(args: Args) -> list[int]:
    """HubL's `range`: at most 1,000 whole numbers."""
    if not 1 <= len(args) <= 3 or not all(isinstance(a, int) and not isinstance(a, bool) for a in args):
        raise Unknowable("`range` of anything but whole numbers is not imitated")
    start, stop, step = (0, args[0], 1) if len(args) == 1 else (args[0], args[1], args[2] if len(args) > 2 else 1)
    return list(range(start, stop, step)[:1000]) if step else []


def as_items(value: Value) -> list[Value]:
    """What a `for` loop goes over. Raises Unknowable for anything but a list or null, and beyond 1,000 items."""
    if value is not None and not isinstance(value, (list, tuple)):
        raise Unknowable("what a loop over anything but a list goes over is not documented")
    items = _items(value)
    if len(items) > 1000:
        raise Unknowable("a loop over more than 1,000 items is not imitated")
    return items
