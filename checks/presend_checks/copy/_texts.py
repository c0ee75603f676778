"""What the parts of a message say to a reader, without links, codes and places where values are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.mail import Mail
from presend.model import Part
from presend.reading import PartReading, Who
from presend_checks._copy import copy_of, surely

PARTS = frozenset({Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT})

_TOKEN = re.compile(r"\S+")
_NO_COPY = re.compile(r"[_=/\\@#]|[^\W_]\.[^\W_]")
_FILLED = re.compile(r"\w*\ufffc+\w*")


def texts(mail: Mail) -> Iterator[tuple[PartReading, str]]:
    """Each part's copy, with addresses, codes and filled-in places struck out, character for character."""
    for part in mail.parts:
        if part.part in PARTS and not part.program.fatal:
            text = copy_of(part).text.replace("\u2019", "'")
            yield part, _TOKEN.sub(_struck, text)


def _struck(found: re.Match[str]) -> str:
    """A stretch without blanks, with what is no copy in it struck out."""
    token = found[0]
    if _NO_COPY.search(token):
        return "\x00" * len(token)
    return _FILLED.sub(lambda one: "\x00" * len(one[0]), token) if "\ufffc" in token else token


def readers(mail: Mail, part: PartReading, start: int, end: int) -> Who | None:
    """Those who surely read a stretch of a part's copy; None: nobody does."""
    who = surely(part, copy_of(part).span(start, end).start)
    return who if not mail.has_audience or mail.audience.count(who) else None
