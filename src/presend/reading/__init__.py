"""The reading: what each recipient would read, worked out once per distinct value."""

from presend.audience.engine import EVERYONE, NOBODY, Who
from presend.reading.reading import Guard, PartReading, Reading, Region, Rendered
from presend.reading.tables import Entry, Table

__all__ = [
    "EVERYONE",
    "NOBODY",
    "Entry",
    "Guard",
    "PartReading",
    "Reading",
    "Region",
    "Rendered",
    "Table",
    "Who",
]
