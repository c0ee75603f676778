"""What is true in HubL and how a value prints (vendor notes 3.2 and Jinjava's source, S10)."""

from __future__ import annotations

from typing import Any

from tests.oracles.worlds import Unknown


def truth(value: Any) -> bool:
    """Jinjava's truth (H3.2): null, false, 0, "", "false" in any case and empty collections are false."""
    if isinstance(value, str):
        return value != "" and value.lower() != "false"
    if isinstance(value, float):
        return abs(value) >= 1  # ObjectTruthValue, which H3.2 names, cuts a number to an integer before it judges it
    return bool(value)


def text(value: Any) -> str:
    """A value as HubL prints it: null prints nothing, booleans print true and false (H3.2)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and (value == 0 or 0.001 <= abs(value) < 10_000_000):
        return repr(value)
    raise Unknown("the notes do not say how a list, an object or a huge number prints")
