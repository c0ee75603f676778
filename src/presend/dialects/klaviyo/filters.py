"""Klaviyo's own filters on text and numbers, where something is known about what they do.

Facts: Klaviyo developers' "Django filter glossary" (developers.klaviyo.com/en/docs/glossary_of_variable_filters), whose
examples are quoted below as `input|filter → output`. What the glossary leaves open for some input is `undecided` or a
choice between the plausible readings, for that input only.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from decimal import ROUND_UP, Decimal, InvalidOperation
from typing import Any

from presend.dialects.klaviyo.engine import DJANGO
from presend.dialects.klaviyo.values import MissingLookup, Person, Undecided, choose

Filter = Callable[..., Any]
_SafeData = DJANGO.safestring.SafeData
_SPECIAL = frozenset("&<>\"'")
_REGEX_SIGNS = frozenset(r".^$*+?{}[]\()")


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return str(value)
    raise Undecided(f"what {name} does with a value that is not text is not documented")


def on_text(function: Callable[..., str], name: str) -> Filter:
    """A filter from text to text. Markup that was declared safe before it may or may not stay so."""

    def one(value: object) -> Any:
        text = _text(value, name)
        return _settled(value, text, function(text), name)

    return one


def on_text_with(function: Callable[[str, str], str], name: str) -> Filter:
    """As `on_text`, for a filter that takes an argument."""

    def two(value: object, argument: object) -> Any:
        text = _text(value, name)
        return _settled(value, text, function(text, _text(argument, name)), name)

    return two


def _settled(value: object, before: str, after: str, name: str) -> str:
    if not isinstance(value, _SafeData) or (_SPECIAL.isdisjoint(after) and before != after):
        return after
    marked: str = DJANGO.safestring.mark_safe(after)  # a reading that is compared, or text that came as safe
    if before == after:
        return marked
    kept: str = choose(f"whether {name} keeps safe text safe is not documented", after, marked)
    return kept


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Undecided(f"what {name} does with a value that is no number is not documented")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise Undecided(f"what {name} does with a value that is no number is not documented") from None
    if not math.isfinite(number):
        raise Undecided(f"what {name} does with a value that is no number is not documented")
    return number


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else number


def _exact(value: object) -> Decimal:
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        raise Undecided("how the number is read is not documented") from None


def lookup(value: Any, key: Any) -> Any:
    """`person|lookup:'Name'`: the item of that name, or of that position in a list."""
    match value:
        case Person() | dict():
            try:
                return value[str(key)]
            except KeyError:
                return MissingLookup()
        case list():
            try:
                return value[int(str(key))]
            except (ValueError, IndexError):
                return MissingLookup()
        case None | "":
            return MissingLookup()
        case str() | int() | float():
            raise Undecided("what lookup does with a single value is not documented")
        case _:
            return value[str(key)]


def multiply(value: object, by: object) -> float:
    """`"10"|multiply:"2" → 20.0`; what is no number gives 0.0."""
    try:
        product = float(value) * float(by)  # type: ignore[arg-type]  # anything else is what the except is for
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if not math.isfinite(product) or isinstance(value, bool) or isinstance(by, bool):
        raise Undecided("what multiply makes of these values is not documented")
    exact = float(_exact(value) * _exact(by))
    return float(choose("whether multiply works in binary or decimal numbers is not documented", product, exact))


def divide(value: object, by: object) -> float:
    """`"10"|divide:"2" → 5.0`."""
    divisor = _number(by, "divide")
    if not divisor:
        raise Undecided("division by zero is not documented")
    return _number(value, "divide") / divisor


def _arithmetic(name: str, function: Callable[[Any, Any], Any]) -> Filter:
    """`1|floatadd:1.1 → 2.1` and `1.1|floatsub:1 → 0.1`, which binary floats alone would not print."""

    def apply(value: object, other: object) -> Any:
        result = function(_number(value, name), _number(other, name))
        decimal = float(function(_exact(value), _exact(other)))
        return choose(f"how {name} prints its result is not documented", result, decimal, _plain(decimal))

    return apply


def remainder(value: object, by: object) -> float:
    """`5|remainder:2 → 1.0`."""
    number, divisor = _number(value, "remainder"), _number(by, "remainder")
    if not divisor:
        raise Undecided("the remainder of a division by zero is not documented")
    return float(choose("the sign of a remainder is not documented", number % divisor, math.fmod(number, divisor)))


def absolute(value: object) -> int | float:
    """`-1.2|abs → 1.2`."""
    _number(value, "abs")
    if not isinstance(value, int | float):
        raise Undecided("abs of a text is not documented")
    return abs(value)


def _extreme(name: str, pick: Callable[[Any, Any], Any]) -> Filter:
    """`1|at_least:5.0 → 5.0`: the result keeps the type of what was picked."""

    def apply(value: object, other: object) -> Any:
        _number(value, name)
        _number(other, name)
        if isinstance(value, str) or isinstance(other, str):
            raise Undecided(f"{name} of a text is not documented")
        return pick(value, other)

    return apply


def _whole(name: str, function: Callable[[float], int]) -> Filter:
    """`5.01|ceil → "6.0"`, `5.9|floor → "5.0"`: a text that ends in .0."""

    def apply(value: object) -> str:
        return str(float(function(_number(value, name))))

    return apply


def nearest(value: object, digits: object = None) -> str:
    """`5.05|round → "6.0"` says the glossary, which is no rounding to the nearest: only what all readings share."""
    if digits is not None:
        raise Undecided("round with a number of digits is not documented")
    number = _number(value, "round")
    reason = "what round does is documented inconsistently"
    readings = (float(math.ceil(number)), float(round(number)), float(math.floor(number + 0.5)))
    return str(choose(reason, *(str(reading) for reading in readings)))


def round_up(value: object, digits: object) -> str:
    """`5.123|round_up:2 → "5.13"`."""
    number, places = _number(value, "round_up"), _number(digits, "round_up")
    if number < 0 or not places.is_integer() or not 0 <= places <= 12:
        raise Undecided("round_up of this number is not documented")
    step = Decimal(1).scaleb(-int(places))
    exact = _exact(value)
    rounded = exact.quantize(step, rounding=ROUND_UP) if exact < 10**15 else exact
    by_floats = math.ceil(number * 10 ** int(places)) / 10 ** int(places)
    reason = "how round_up prints its result is not documented"
    return str(choose(reason, str(rounded), str(float(rounded)), str(by_floats)))


def percentize(value: object, digits: object) -> str:
    """`".25"|percentize:2 → 25.00%`."""
    places = _number(digits, "percentize")
    if not places.is_integer() or not 0 <= places <= 12:
        raise Undecided("percentize with this number of digits is not documented")
    number = _number(value, "percentize")
    by_floats = f"{number * 100:.{int(places)}f}%"
    exact = f"{_exact(value) * 100:.{int(places)}f}%"
    return str(choose("how percentize rounds is not documented", by_floats, exact))


class Flag:
    """A truth value whose spelling is open: the glossary prints `true`, Python `True`."""

    __slots__ = ("_text", "_value")

    def __init__(self, value: bool, text: str) -> None:
        self._value, self._text = value, text

    def __bool__(self) -> bool:
        return self._value

    def __str__(self) -> str:
        return self._text


def _compared(name: str, function: Callable[[Any, Any], bool]) -> Filter:
    def apply(value: object, other: object) -> Any:
        result = function(_number(value, name), _number(other, name))
        spellings = Flag(result, str(result)), Flag(result, str(result).lower())
        return choose(f"how {name} prints is not documented", *spellings)

    return apply


def _pair(argument: str, name: str) -> tuple[str, str]:
    old, bar, new = argument.partition("|")
    if not bar or "|" in new or not old:
        raise Undecided(f"{name} takes one 'old|new'; anything else is not documented")
    return old, new


def find_replace(text: str, argument: str) -> str:
    """`"Hi, there,"|find_replace:",|-" → Hi- there-`."""
    old, new = _pair(argument, "find_replace")
    if not _REGEX_SIGNS.isdisjoint(old):
        raise Undecided("whether find_replace takes a pattern is not documented")
    return text.replace(old, new)


def _replace_first(text: str, argument: str) -> str:
    return text.replace(*_pair(argument, "replace_first"), 1)


def _replace_last(text: str, argument: str) -> str:
    old, new = _pair(argument, "replace_last")
    return new.join(text.rsplit(old, 1))


def _remove_last(text: str, argument: str) -> str:
    return "".join(text.rsplit(argument, 1)) if argument else text


def truncate(text: object, length: object = 50) -> str:
    """Text that fits stays as it is (default 50); where exactly longer text is cut is not documented."""
    limit = _number(length, "truncate")
    whole = _text(text, "truncate")
    if len(whole) > limit:
        raise Undecided("where truncate cuts is not documented")
    return whole


def _strip_newlines(text: str) -> str:
    bare = text.replace("\r\n", "").replace("\n", "")
    if "\r" in bare:
        raise Undecided("what strip_newlines does with a lone carriage return is not documented")
    return bare


def _escape_once(text: str) -> str:
    if "&" in text:
        raise Undecided("what escape_once takes for an entity is not documented")
    escaped: str = DJANGO.html.escape(text)
    return escaped


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def _unbase64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Undecided("what base64_decode does with invalid input is not documented") from None


def _url_safe(text: str) -> str:
    return _base64(text).replace("+", "-").replace("/", "_")


TEXT_FILTERS: dict[str, Filter] = {
    "append": on_text_with(lambda text, other: text + other, "append"),
    "prepend": on_text_with(lambda text, other: other + text, "prepend"),
    "strip": on_text(str.strip, "strip"),
    "lstrip": on_text(str.lstrip, "lstrip"),
    "rstrip": on_text(str.rstrip, "rstrip"),
    "strip_newlines": on_text(_strip_newlines, "strip_newlines"),
    "remove": on_text_with(lambda text, other: text.replace(other, "") if other else text, "remove"),
    "remove_first": on_text_with(lambda text, other: text.replace(other, "", 1) if other else text, "remove_first"),
    "remove_last": on_text_with(_remove_last, "remove_last"),
    "replace_first": on_text_with(_replace_first, "replace_first"),
    "replace_last": on_text_with(_replace_last, "replace_last"),
    "find_replace": on_text_with(find_replace, "find_replace"),
    "truncate": truncate,
    "escape_once": on_text(_escape_once, "escape_once"),
    "base64_encode": on_text(_base64, "base64_encode"),
    "base64_decode": on_text(_unbase64, "base64_decode"),
    "base64_url_safe_encode": on_text(_url_safe, "base64_url_safe_encode"),
    "base64_url_safe_decode": on_text(
        lambda text: _unbase64(text.replace("-", "+").replace("_", "/")), "base64_url_safe_decode"
    ),
}

NUMBER_FILTERS: dict[str, Filter] = {
    "abs": absolute,
    "at_least": _extreme("at_least", max),
    "at_most": _extreme("at_most", min),
    "ceil": _whole("ceil", math.ceil),
    "floor": _whole("floor", math.floor),
    "round": nearest,
    "round_up": round_up,
    "divide": divide,
    "multiply": multiply,
    "floatadd": _arithmetic("floatadd", lambda a, b: a + b),
    "plus": _arithmetic("plus", lambda a, b: a + b),
    "floatsub": _arithmetic("floatsub", lambda a, b: a - b),
    "minus": _arithmetic("minus", lambda a, b: a - b),
    "modulo": remainder,
    "remainder": remainder,
    "percentize": percentize,
    "gt": _compared("gt", lambda a, b: a > b),
    "gte": _compared("gte", lambda a, b: a >= b),
    "lt": _compared("lt", lambda a, b: a < b),
    "lte": _compared("lte", lambda a, b: a <= b),
}
