"""What a number under `[checks.<CODE>]` may be: one that can never be meant is refused before anything is read."""

from __future__ import annotations

import math
from typing import Any

_MAY_BE_NOTHING = ("min_", "least", "max_", "most")
"""How the name of a limit begins that may be 0: no limit below, or none allowed above."""
_HOURS = 23
_MOST_DAYS = 100_000
"""Days before which no calendar of today begins that matters here: some 270 years."""


def out_of_range(name: str, default: Any, value: Any) -> str:
    """What the value must be and is not, in words; empty where it may be so, and for what is no number.

    A name ends with `_hour` for an hour of the day, a default of at most 1.0 is a share; else it is a count, of days
    or people, or how many times as large something is, of which less than 1 would mean everything or nothing.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if name.endswith("_hour"):
        return "" if 0 <= value <= _HOURS else f"must be an hour from 0 to {_HOURS}"
    if isinstance(default, float) and default <= 1:
        return "" if 0 <= value <= 1 else "must be a share from 0 to 1"
    if name.endswith("days") and value > _MOST_DAYS:
        return f"must be at most {_MOST_DAYS:,}"
    least = 0 if name.startswith(_MAY_BE_NOTHING) else 1
    # What is no finite number compares with nothing.
    return "" if math.isfinite(value) and value >= least else f"must be at least {least}"
