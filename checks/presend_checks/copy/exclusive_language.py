"""CPY004: words that leave some readers out; only where somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks._copy import copy_of
from presend_checks._lexicon import rows
from presend_checks.copy._texts import readers, texts

_BLANK = re.compile(r"(?<![\[-]) (?![\])])")
"""A blank of an expression, but for one among other signs in brackets, or at the end of what must not stand before."""


@check(
    "CPY004",
    "exclusive-language",
    mishaps=["M27"],
    severity=Severity.LOW,
    needs=[Need.PARTS],
    options={"enabled": False},
)
def exclusive_language(mail: Mail) -> Iterator[Hit]:
    """A word leaves some of its readers out, and a common one would not: "chairman", "guys", "whitelist".

    Why it matters
    Some senders have decided to write to everybody; a list remembers it better than people do.

    How to fix
    Write the other word, where it fits.

    Known limits
    Off unless `enabled` is set under [checks.CPY004]: what to write is the sender's own decision. A list of words, in
    English, after what public guides of style advise; names are told apart where they are well known (Gypsy moth, The
    Blacklist), quotations are not. One finding per part and word.
    """
    if not mail.options["enabled"]:
        return
    for part, text in texts(mail):
        for pattern, other in _patterns():
            found = pattern.search(text)
            who = None if found is None else readers(mail, part, *found.span())
            if found is not None and who is not None:
                yield Hit(
                    mail.at(part, copy_of(part).span(*found.span())),
                    f'"{found[0]}" leaves some readers out.',
                    f'Write "{other}", where it fits.',
                    who=who,
                    reason=f'reads "{found[0]}"',
                )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each expression as whole words, with what to write instead."""
    found = []
    for shape, other, _example, _twin in rows("copy", "exclusive", " => "):
        loose = _BLANK.sub(r"[^\\S\\n]+", shape)
        found.append((re.compile(rf"(?<![\w'-])(?:{loose})(?![\w'-])", re.IGNORECASE | re.MULTILINE), other))
    return tuple(found)
