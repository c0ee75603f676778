"""What people leave in a mail while they make it, by its shape: orders in brackets, notes, names of files, defaults."""

from __future__ import annotations

import re
from functools import cache

from presend.model import Confidence
from presend_checks._lexicon import rows
from presend_checks._needed import rough
from presend_checks._sparing import Sparing, sparing

_WORDS = (
    r"(?:text|copy|title|heading|headline|header|sub-?head(?:line|ing)?|subject(?: line)?|pre-?header|preview text"
    r"|tagline|content|paragraph|body(?: copy| text)?|description|caption|button(?: text)?|cta|call to action"
    r"|introduction)"
)
_THING = (
    rf"(?:{_WORDS}|image|photo|picture|logo|banner|link|url|quote|testimonial|signature|footer|address|price|date|time"
    r"|venue|offer|code|name|message|figures?|numbers?|wording)"
)
_LATIN = (
    r"(?:adipiscing|blandit|condimentum|consectetur|consequat|cursus|dapibus|dignissim|efficitur|eleifend|euismod"
    r"|facilisis|faucibus|fermentum|feugiat|fringilla|gravida|hendrerit|iaculis|imperdiet|lacinia|laoreet|lobortis"
    r"|luctus|malesuada|mattis|molestie|ornare|pellentesque|pharetra|placerat|porttitor|praesent|pulvinar|quisque"
    r"|rhoncus|rutrum|sagittis|scelerisque|sodales|sollicitudin|suscipit|tincidunt|tristique|ullamcorper|ultrices"
    r"|ultricies|vehicula|venenatis|vestibulum|vivamus|viverra|volutpat|vulputate)"
)
"""Words of filler text; four of them close together are nobody's letter."""


@cache
def makings() -> tuple[tuple[Sparing, Confidence], ...]:
    """The shapes, with how sure each is; they are to be looked for in addresses and names of files too."""
    choices = {"words": rough(_WORDS), "thing": rough(_THING), "latin": rough(_LATIN)}
    return tuple(
        (
            sparing(
                shape.replace("<words>", _WORDS).replace("<thing>", _THING).replace("<latin>", _LATIN),
                re.IGNORECASE | re.MULTILINE,
                shape=shape,
                choices=choices,
            ),
            Confidence[sure.upper()],
        )
        for sure, shape, _example, _twin in rows("copy", "shapes", " => ")
    )
