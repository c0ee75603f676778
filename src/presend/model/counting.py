"""How many of a thing, in words."""

from __future__ import annotations


def many(count: int, thing: str) -> str:
    """`1 deed`, `2,000 deeds`; the thing is a word whose plural ends in s."""
    return f"{count:,} {thing}{'s' if count != 1 else ''}"
