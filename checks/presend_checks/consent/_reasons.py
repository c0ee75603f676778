"""Why somebody gets a mail, told by what is said and not by how: that they asked, gave an address, or belong here."""

from __future__ import annotations

import re
from functools import cache

from presend_checks._lexicon import rows
from presend_checks._needed import rough
from presend_checks._sparing import Sparing, sparing
from presend_checks.consent._lexicons import phrases

_WORDS = {
    "you": "(?:you(?:[’']ve|[’']re|[’']d| have| are| were| had| once| recently| kindly| yourself| also| did)*)",
    "joined": (
        "(?:subscribed|signed (?:up|in|on)|registered|enrolled|opted (?:in|for)|joined"
        "|put (?:your(?:self| name)) down|ticked|checked)"
    ),
    "belongs": (
        r"(?:members?|customers?|subscribers?|readers?|clients?|guests?|supporters?|donors?|friends|patients?|students?"
        r"|alumn\w+|owners?|users?|followers|regulars?|visitors|contacts|account holders?|everybody|everyone|people"
        r"|those|all|whoever|anybody|anyone)"
    ),
    "mail": (
        "(?:e-?mails?|mails?|mailings?|messages?|letters?|newsletters?|news|notes?|updates?|post|circulars?|bulletins?)"
    ),
    "details": "(?:e-?mail(?: address)?|address|details|name|card|business card|contact|data|consent|permission)",
}
"""What stands in the patterns of the list between < and >."""
_BLANKS = re.compile(r"[^\S\n]+")


def says_why(text: str) -> bool:
    """Whether a copy says why its reader gets it."""
    if phrases("reasons").search(text) is not None:
        return True
    joined = _BLANKS.sub(" ", text)
    return any(pattern.search(joined) for _example, pattern in patterns())


@cache
def patterns() -> tuple[tuple[str, Sparing], ...]:
    """The patterns of the list, each with the example before it."""
    found = []
    choices = {name: rough(words) for name, words in _WORDS.items()}
    for example, shape in rows("consent", "reason_patterns", " :: "):
        pattern = shape
        for name, words in _WORDS.items():
            pattern = pattern.replace(f"<{name}>", words)
        found.append((example, sparing(pattern, shape=shape, choices=choices)))
    return tuple(found)
