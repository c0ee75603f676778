"""What people leave in a mail while they make it, by its shape: orders in brackets, notes, names of files, defaults."""

from __future__ import annotations

import re
from functools import cache

from presend.model import Confidence
from presend_checks._lexicon import rows

_WORDS = (
    r"(?:text|copy|title|headline|header|sub-?head(?:line|ing)?|subject(?: line)?|pre-?header|preview text|tagline"
    r"|content|paragraph|body(?: copy| text)?|description|caption|button(?: text)?|cta|call to action|introduction)"
)
_THING = (
    rf"(?:{_WORDS}|image|photo|picture|logo|banner|link|url|quote|testimonial|signature|footer|address|price|date|time"
    r"|venue|offer|code|name|message|figures?|numbers?|wording)"
)


@cache
def makings() -> tuple[tuple[re.Pattern[str], Confidence], ...]:
    """The shapes, with how sure each is; they are to be looked for in addresses and names of files too."""
    return tuple(
        (
            re.compile(shape.replace("<words>", _WORDS).replace("<thing>", _THING), re.IGNORECASE | re.MULTILINE),
            Confidence[sure.upper()],
        )
        for sure, shape, _example, _twin in rows("copy", "shapes", " => ")
    )
