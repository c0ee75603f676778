"""Jinjava's values: what is true, how a value prints, how two values compare and compute.

The rules are those of Jinjava's public source (ObjectTruthValue, TruthyTypeConverter) and of the expression language
under it. Where that would raise, or where versions differ, `Unknowable` is raised instead of a guess.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Value = Any
"""str, int, float, Decimal (Jinjava's BigDecimal), bool, None, list, tuple, dict or Safe."""


class Unknowable(Exception):
    """What HubSpot would do here cannot be known; the message is the reason, without personal data."""


class Safe(str):
    """Text that came out of the template itself (a macro's body): nobody escapes it a second time."""

    __slots__ = ()


_MARKUP = re.compile(r"[&<>\"']")
_DELIMITER = re.compile(r"\*\||\|\*|\{\{|\}\}|\{%|%\}|\{#")
_LONG = re.compile(r"[+-]?\d+")
_DOUBLE = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_MAX_LONG = 2**63


def missing(value: Value) -> bool:
    """Null, absent and the empty string: HubSpot's documents do not tell them apart."""
    return value is None or value == ""


def truth(value: Value) -> bool:
    """Jinjava's truth: null, false, 0, "" and "false" in any case are false; "0" and "no" are true."""
    if value is None or value is False:
        return False
    if isinstance(value, str):
        return value != "" and value.lower() != "false"
    if isinstance(value, (int, float, Decimal)):
        return math.isfinite(value) and int(value) != 0
    if isinstance(value, (list, tuple, dict)):
        return len(value) > 0
    return True


def _java_double(number: float) -> str:
    size = abs(number)
    if number == 0 or 1e-3 <= size < 1e7:
        plain = format(Decimal(repr(number)), "f")
        return plain if "." in plain else f"{plain}.0"
    raise Unknowable("how HubSpot prints a very large or very small number is not documented")


def text_of(value: Value) -> str:
    """How a value prints, before any escaping. Raises Unknowable for lists and objects."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _java_double(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    raise Unknowable("how HubSpot prints a list or an object is not documented")


def shown(value: Value) -> str:
    """What a printed value puts into the mail. Raises Unknowable where that depends on undocumented escaping."""
    text = text_of(value)
    if isinstance(value, Safe):
        return text
    if _DELIMITER.search(text):
        raise Unknowable("the value holds template syntax, and whether HubSpot reads it again is not documented")
    if _MARKUP.search(text):
        raise Unknowable("the value holds one of & < > \" ', and whether HubSpot escapes it is not documented")
    return text


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _long(value: Value) -> int:
    if value is None or value == "":
        return 0
    if isinstance(value, str) and _LONG.fullmatch(value) and len(value) < 19:
        return int(value)
    if _is_number(value):
        return int(value)
    raise Unknowable("a value that is not a number meets a number, which HubSpot reports as an error")


def double(value: Value) -> float:
    """The value as Java's double. Raises Unknowable for what is no number."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, str) and _DOUBLE.fullmatch(value) and len(value) < 60:
        return float(value)
    if _is_number(value):
        return float(value)
    raise Unknowable("a value that is not a number meets a number, which HubSpot reports as an error")


def _fractional(value: Value) -> bool:
    return isinstance(value, (float, Decimal))


def _apart(left: Value, right: Value) -> bool:
    """A text against a number: whether HubSpot keeps a number property as a number is not documented."""
    return (isinstance(left, str) and _is_number(right)) or (_is_number(left) and isinstance(right, str))


def equal(left: Value, right: Value) -> bool:
    """`==`: booleans win over text; nothing equals null but null. Raises Unknowable for text against a number."""
    if left is None or right is None:
        return left is right
    if _apart(left, right):
        raise Unknowable("a text is compared with a number")
    if _fractional(left) or _fractional(right):
        return double(left) == double(right)
    if _is_number(left) or _is_number(right):
        return _long(left) == _long(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, str) or isinstance(right, str):
        return text_of(left) == text_of(right)
    return bool(left == right)


def _before(left: Value, right: Value) -> bool:
    if _apart(left, right):
        raise Unknowable("a text is compared with a number")
    if _fractional(left) or _fractional(right):
        return double(left) < double(right)
    if _is_number(left) or _is_number(right):
        return _long(left) < _long(right)
    if isinstance(left, str) or isinstance(right, str):
        return _utf16(text_of(left)) < _utf16(text_of(right))
    raise Unknowable("values that cannot be ordered are compared")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def contains(item: Value, holder: Value) -> bool:
    """`item in holder`: part of a text, or equal to an element after conversion to its type."""
    if holder is None:
        return False
    if isinstance(holder, str):
        return text_of(item) in holder
    if isinstance(holder, dict):
        raise Unknowable("what `in` means for an object is not documented")
    if isinstance(holder, (list, tuple)):
        return any(_element(item, each) for each in holder)
    return False


def _element(item: Value, each: Value) -> bool:
    if each is None:
        return item is None
    if isinstance(each, str):
        return text_of(item) == each
    if isinstance(each, bool):
        return truth(item) == each
    if _fractional(each):
        return double(item) == double(each)
    return _long(item) == each if isinstance(each, int) else bool(item == each)


def order(op: str, left: Value, right: Value) -> bool:
    """`<`, `<=`, `>`, `>=` (lt, lteq, gt, gteq); false as soon as one side is null."""
    if left is None or right is None:
        return op in ("lteq", "gteq") and left is right
    match op:
        case "lt":
            return _before(left, right)
        case "gt":
            return _before(right, left)
        case "lteq":
            return not _before(right, left)
        case _:
            return not _before(left, right)


def add(left: Value, right: Value) -> Value:
    """`+`: lists grow, texts are joined (null as the word null), numbers are added. Raises Unknowable for a mixture."""
    if isinstance(left, list):
        return [*left, *right] if isinstance(right, list) else [*left, right]
    if _apart(left, right):
        raise Unknowable("a text is added to a number")
    if isinstance(left, str) or isinstance(right, str):
        return "".join("null" if side is None else text_of(side) for side in (left, right))
    return _number(left, right, lambda a, b: a + b)


def arithmetic(op: str, left: Value, right: Value) -> Value:
    """`-` `*` `/` `//` `%` by node name (Sub, Mul, Div, FloorDiv, Mod). Raises Unknowable for the rest."""
    match op:
        case "Sub":
            return _number(left, right, lambda a, b: a - b)
        case "Mul":
            return _number(left, right, lambda a, b: a * b)
        case "Div" if double(right) != 0:
            return double(left) / double(right)
        case "FloorDiv" | "Mod" if _long(right) > 0 and _long(left) >= 0 and not _decimal(left, right):
            whole, rest = divmod(_long(left), _long(right))
            return whole if op == "FloorDiv" else rest
        case _:
            raise Unknowable("arithmetic whose result in HubL is not documented")


def _decimal(*values: Value) -> bool:
    return any(_fractional(v) or (isinstance(v, str) and not _LONG.fullmatch(v) and v != "") for v in values)


def _number(left: Value, right: Value, compute: Callable[[Any, Any], Any]) -> Value:
    if isinstance(left, bool) or isinstance(right, bool):
        raise Unknowable("a boolean is used as a number, which HubSpot reports as an error")
    if _decimal(left, right):
        return compute(double(left), double(right))
    result = compute(_long(left), _long(right))
    if abs(result) >= _MAX_LONG:
        raise Unknowable("a number too large for HubL")
    return result
