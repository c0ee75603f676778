"""Where the copy prints people's values for a reader to see, by part and column; shared by the families of checks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from presend.dialects.base import printed as shows
from presend.mail import Mail, Surface
from presend.model import Part, Role, role_of
from presend.reading import PartReading, Region

_READ = frozenset({Surface.TEXT, Surface.ATTRIBUTE})
_READ_IN: WeakKeyDictionary[PartReading, list[Region]] = WeakKeyDictionary()
_IN_URL = re.compile(r"(?:https?://|mailto:|www\.)[^\s<>\"')\]]*\Z", re.IGNORECASE)


@dataclass(slots=True)
class Printed:
    """A column and the regions of one part that print it, in source order."""

    part: Part
    column: str
    role: Role
    places: list[tuple[PartReading, Region]] = field(default_factory=list)


def printed(mail: Mail) -> list[Printed]:
    """Every column whose values can be read in a part: in text or read out, not in links and comments."""
    found: dict[tuple[Part, str], Printed] = {}
    labels = mail.labels
    for part in mail.parts:
        if part.program.fatal:
            continue  # nobody gets it, which is said elsewhere
        for region in _read_in(mail, part):
            for column in region.expression.columns:
                one = found.get((part.part, column))
                if one is None:
                    one = Printed(part.part, column, role_of(column, labels.get(column, "")))
                    found[part.part, column] = one
                one.places.append((part, region))
    return list(found.values())


def _read_in(mail: Mail, part: PartReading) -> list[Region]:
    """The regions of a part that print people's values for a reader, found once for all the checks that ask."""
    if part not in _READ_IN:
        _READ_IN[part] = [
            region
            for region in part.regions
            if region.expression.columns and not region.expression.effect and is_read(mail, part, region)
        ]
    return _READ_IN[part]


def prints_as_is(region: Region, column: str) -> bool:
    """Whether a region prints its one column's value and nothing is done to it, but perhaps the escaping of signs.

    Where that escaping is not documented the bytes of "Tom & <Jo>" are unknown; what a reader makes of them is not.
    """
    expression = region.expression
    if not expression.bare or expression.columns != (column,):
        return False
    return expression.evaluate({column: "Mixed"}) == shows("Mixed")


def is_read(mail: Mail, part: PartReading, region: Region) -> bool:
    """Whether a person reads what stands there; an address written out in the plain text is a link."""
    start = region.expression.span.start
    if mail.place(part, start).surface not in _READ:
        return False
    return _IN_URL.search(part.source[max(0, start - 300) : start]) is None
