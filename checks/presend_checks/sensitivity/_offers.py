"""Whether a mail sells something, by the words of offers."""

from __future__ import annotations

import re
from functools import cache

from presend.mail import Mail
from presend.model import Part
from presend_checks._copy import copy_of
from presend_checks._lexicon import any_of
from presend_checks.sensitivity._lexicons import lines

_READ = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT)


def offer_in(mail: Mail) -> str:
    """The first word of an offer in the copy, as it stands there; empty where there is none."""
    for part in mail.parts:
        if part.part in _READ and (found := offers().search(copy_of(part).text)):
            return " ".join(found[0].split())
    return ""


@cache
def offers() -> re.Pattern[str]:
    """The words of offers."""
    return re.compile(rf"(?:(?<=\d)\s?|(?<!\w)){any_of(lines('offers'))}(?!\w)", re.IGNORECASE)
