"""What a mail says of its readers, and for how many of them it is so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from presend.model.finding import Location


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing said of the reader at one place, counted over those who surely get to read it."""

    at: Location
    words: str
    """As they stand in the copy."""
    about: str
    """The kind of claim, in the words of the rule book."""
    seen: int
    """How many recipients surely read it; the three below add up to this."""
    true: int
    false: int
    unknown: int
    facts: tuple[str, ...] = ()
    """What it is judged by, as facts (`orders`) and columns are called; empty: nothing known can prove it."""
    newest: datetime | None = None
    """The newest day that those facts know of, where they are times; None: they are none, or nobody has one."""
