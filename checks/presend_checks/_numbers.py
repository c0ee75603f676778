"""Shares of an audience and moments, in the words of a report; shared by the families of checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from presend.mail import Mail
from presend.reading import NOBODY, Who

_BLANKS = frozenset(["absent", "null", "empty", "blank"])


def share(part: int, whole: int) -> str:
    """`40 of 1200 (3.3 %)`."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else f"{part} of {whole}"


def lacking(mail: Mail, column: str) -> tuple[Who, int]:
    """Those without a value that could be seen in the column, and how many they are."""
    found = [(shape, count) for shape, count, _cell in mail.audience.shapes(column) if shape in _BLANKS]
    if not found:
        return NOBODY, 0
    return mail.audience.shaped(column, [shape for shape, _count in found]), sum(count for _shape, count in found)


def day(moment: datetime, days_before: int = 0) -> str:
    """The UTC day of a moment, or that many days earlier, as the audience's days are written."""
    return (moment - timedelta(days=days_before)).strftime("%Y-%m-%d")


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
