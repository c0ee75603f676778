"""Dates in PHP's format letters, which Mailchimp's DATE tag takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _suffix(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _offset(moment: datetime) -> int:
    return int((moment.utcoffset() or timedelta()).total_seconds())


def _zone(moment: datetime, colon: str) -> str:
    seconds = _offset(moment)
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{colon}{minutes:02}"


def _leap(moment: datetime) -> bool:
    return moment.year % 4 == 0 and (moment.year % 100 != 0 or moment.year % 400 == 0)


def _days_in_month(moment: datetime) -> int:
    following = (moment.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).day


def _swatch(moment: datetime) -> int:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second - _offset(moment) + 3600
    return int(seconds % 86400 / 86.4)


_LETTERS: dict[str, Callable[[datetime], str]] = {
    "d": lambda t: f"{t.day:02}",
    "D": lambda t: _DAYS[t.weekday()][:3],
    "j": lambda t: str(t.day),
    "l": lambda t: _DAYS[t.weekday()],
    "N": lambda t: str(t.isoweekday()),
    "S": lambda t: _suffix(t.day),
    "w": lambda t: str(t.isoweekday() % 7),
    "z": lambda t: str(t.timetuple().tm_yday - 1),
    "W": lambda t: f"{t.isocalendar().week:02}",
    "F": lambda t: _MONTHS[t.month - 1],
    "m": lambda t: f"{t.month:02}",
    "M": lambda t: _MONTHS[t.month - 1][:3],
    "n": lambda t: str(t.month),
    "t": lambda t: str(_days_in_month(t)),
    "L": lambda t: "1" if _leap(t) else "0",
    "o": lambda t: str(t.isocalendar().year),
    "Y": lambda t: f"{t.year:04}",
    "y": lambda t: f"{t.year % 100:02}",
    "a": lambda t: "am" if t.hour < 12 else "pm",
    "A": lambda t: "AM" if t.hour < 12 else "PM",
    "B": lambda t: f"{_swatch(t):03}",
    "g": lambda t: str(t.hour % 12 or 12),
    "G": lambda t: str(t.hour),
    "h": lambda t: f"{t.hour % 12 or 12:02}",
    "H": lambda t: f"{t.hour:02}",
    "i": lambda t: f"{t.minute:02}",
    "s": lambda t: f"{t.second:02}",
    "u": lambda t: f"{t.microsecond:06}",
    "v": lambda t: f"{t.microsecond // 1000:03}",
    "e": lambda t: str(t.tzinfo),
    "I": lambda t: "1" if t.dst() else "0",
    "O": lambda t: _zone(t, ""),
    "P": lambda t: _zone(t, ":"),
    "T": lambda t: t.tzname() or "",
    "Z": lambda t: str(_offset(t)),
    "U": lambda t: str(int(t.timestamp())),
}
_WHOLE = {"c": r"Y-m-d\TH:i:sP", "r": "D, d M Y H:i:s O"}


def php_date(moment: datetime, letters: str) -> str:
    """An aware moment in PHP's date letters, in English; a backslash keeps the next character as it is."""
    out, at = [], 0
    while at < len(letters):
        letter = letters[at]
        if letter == "\\":
            at += 1
            out.append(letters[at : at + 1])
        elif letter in _WHOLE:
            out.append(php_date(moment, _WHOLE[letter]))
        else:
            out.append(_LETTERS[letter](moment) if letter in _LETTERS else letter)
        at += 1
    return "".join(out)
