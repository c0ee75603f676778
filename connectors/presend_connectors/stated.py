"""A property's value as the fact it states, the same on every platform: impossible values state nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any

import msgspec

from presend.audience.schema import NOBODY_BORN, FactType

_encode = msgspec.json.Encoder().encode
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPACT = re.compile(r"(?:19|20)\d{6}")
_YEARLY = re.compile(r"--(\d\d)-(\d\d)")
_PART = re.compile(r"\s*[;,]\s*")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


def stated(kind: FactType, value: Any, moment: Callable[[Any], datetime | None]) -> str | None:
    """The cell of a decoded value as a fact of a kind; None where it states nothing that could be.

    `moment` reads a time as the platform writes it, in UTC. A count below nothing, a date of birth that nobody alive
    has and a text that is no time are not there, rather than wrong.
    """
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return None
    match kind:
        case FactType.TIME:
            at = moment(value)
            return f'"{at:%Y-%m-%dT%H:%M:%SZ}"' if at else None
        case FactType.DATE:
            return _day(value, moment)
        case FactType.NUMBER:
            return _number(value)
        case FactType.FLAG:
            said = str(value).strip().casefold()
            return "true" if said in _TRUE else "false" if said in _FALSE else None
        case FactType.LIST:
            parts = value if isinstance(value, list) else [part for part in _PART.split(str(value).strip()) if part]
            return _encode(parts).decode() if parts else None
        case FactType.TEXT:
            return _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return f'"{str(value).lower()}"'
    return _encode(str(value).strip()).decode() if isinstance(value, str | int | float) else None


def _number(value: Any) -> str | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not isfinite(number) or number < 0 or isinstance(value, bool):
        return None
    return str(int(number)) if number.is_integer() else str(number)


def _day(value: Any, moment: Callable[[Any], datetime | None]) -> str | None:
    """`1984-02-29`, or `--02-29` where the year is not stated; a day of no year and of no lifetime is none."""
    words = str(value).strip()
    yearly = _YEARLY.fullmatch(words)
    try:
        if yearly:
            return f'"--{date(2000, int(yearly[1]), int(yearly[2])):%m-%d}"'  # a leap year: 02-29 is a birthday
        known = _DAY.match(words) or _COMPACT.fullmatch(words)
        born = date.fromisoformat(words[:10]) if known else None
    except ValueError:
        return None
    if born is None and words.lstrip("-").isdigit():
        at = moment(value)
        born = at.date() if at else None
    return f'"{born:%Y-%m-%d}"' if born is not None and born.year > NOBODY_BORN else None
