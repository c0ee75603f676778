"""The reading: what each recipient would read, worked out once per distinct value."""

from presend.audience.engine import EVERYONE, NOBODY, Distinct, Fold, Listed, Pair, Who, anybody, at_least
from presend.reading.reading import Fork, Guard, PartReading, Reading, Region
from presend.reading.rendered import Rendered
from presend.reading.tables import Entry, Table

__all__ = [
    "EVERYONE",
    "NOBODY",
    "Distinct",
    "Entry",
    "Fold",
    "Fork",
    "Guard",
    "Listed",
    "Pair",
    "PartReading",
    "Reading",
    "Region",
    "Rendered",
    "Table",
    "Who",
    "anybody",
    "at_least",
]
