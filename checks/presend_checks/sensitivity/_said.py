"""The sentences of a message as its readers get them, with where each stands in its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presend.mail import Mail
from presend.model import Part
from presend.reading import PartReading
from presend_checks._copy import VALUE, Copy, copy_of

OPEN = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.FROM_NAME)
"""What is read by whoever glances at a phone on the table."""
_BODY = (Part.HTML, Part.TEXT)
_END = re.compile(r"(?:[.!?…]+(?=\s|$)|\n)+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a part, `VALUE` where something is filled in."""

    part: PartReading
    copy: Copy
    text: str
    start: int
    """Where it begins in the copy."""

    @property
    def is_open(self) -> bool:
        """Whether it stands where others may read it."""
        return self.part.part in OPEN

    def stretches(self) -> Iterator[tuple[str, int]]:
        """Its pieces between what is filled in, and where each begins: what is written in one go."""
        for found in re.finditer(f"[^{VALUE}]+", self.text):
            yield found[0], self.start + found.start()

    def holes(self) -> Iterator[tuple[int, int]]:
        """Where something is filled in, as offsets into `text`."""
        for found in re.finditer(f"{VALUE}+", self.text):
            yield found.start(), found.end()


def sentences(mail: Mail) -> Iterator[Sentence]:
    """Every sentence of subject, preview text, sender name and body; parts that nobody gets are left out."""
    for part in mail.parts:
        if part.program.fatal or part.part not in (*OPEN, *_BODY):
            continue
        copy = copy_of(part)
        at = 0
        for end in (*_END.finditer(copy.text), None):
            stop = len(copy.text) if end is None else end.end()
            if copy.text[at:stop].strip():
                yield Sentence(part, copy, copy.text[at:stop], at)
            at = stop


def whole_copy(mail: Mail) -> str:
    """All that is written in the message."""
    return "\n".join(copy_of(part).text for part in mail.parts)
