"""CPY004: words that leave some readers out; only where somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks._copy import copy_of
from presend_checks._lexicon import pairs
from presend_checks.copy._texts import readers, texts


@check(
    "CPY004",
    "exclusive-language",
    mishaps=["M27"],
    severity=Severity.LOW,
    needs=[Need.PARTS],
    options={"enabled": False},
)
def exclusive_language(mail: Mail) -> Iterator[Hit]:
    """A word leaves some of its readers out, and a common one would not: "chairman", "guys", "manpower".

    Why it matters
    Some senders have decided to write to everybody; a list remembers it better than people do.

    How to fix
    Write the other word, where it fits.

    Known limits
    Off unless `enabled` is set under [checks.CPY004]: what to write is the sender's own decision. A short list, in
    English, in small letters or with one capital; names and quotations are not told apart. One finding per part and
    word.
    """
    if not mail.options["enabled"]:
        return
    for part, text in texts(mail):
        for word, other in pairs("copy", "exclusive", " -> ").items():
            found = re.search(rf"(?<![\w'-]){re.escape(word)}(?![\w'-])", text, re.IGNORECASE)
            who = None if found is None else readers(mail, part, *found.span())
            if found is not None and who is not None:
                yield Hit(
                    mail.at(part, copy_of(part).span(*found.span())),
                    f'"{found[0]}" leaves some readers out.',
                    f'Write "{other}", where it fits.',
                    who=who,
                    reason=f'reads "{found[0]}"',
                )
