"""What the parts of a message say to a reader, without links, codes and places where values are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.mail import Mail
from presend.model import Part
from presend.reading import PartReading, Who
from presend_checks._copy import copy_of, surely

PARTS = frozenset({Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT})

_NO_COPY = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+/?\S*|[#@]\w+|\S*[_=/\\]\S*|\w*\ufffc+\w*")


def texts(mail: Mail) -> Iterator[tuple[PartReading, str]]:
    """Each part's copy, with addresses, codes and filled-in places struck out, character for character."""
    for part in mail.parts:
        if part.part in PARTS and not part.program.fatal:
            text = copy_of(part).text.replace("\u2019", "'")
            yield part, _NO_COPY.sub(lambda found: "\x00" * len(found[0]), text)


def readers(mail: Mail, part: PartReading, start: int, end: int) -> Who | None:
    """Those who surely read a stretch of a part's copy; None: nobody does."""
    who = surely(part, copy_of(part).span(start, end).start)
    return who if not mail.has_audience or mail.audience.count(who) else None
