"""Ways in which a letter hails the day that it is: "Happy Friday", "Welcome to Friday", "You made it to Friday"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend_checks.timing._days import Said
from presend_checks.timing._named import FINE, SKY, Named, any_word, folded, table

_IT_IS = r"it(?:['’]s|[ \t]+is)"
_STARTS = r"(?:^|(?<=[.!?,–—][ \t]))"
_WHO = (
    r"(?:from|to|everyone|everybody|all|y['’]all|you|folks|friends|team|people|again|and|here|there|dear|neighbou?rs?|"
    r"readers?|members?|morning|afternoon|evening|night)"
)
_END = r"(?=[ \t]*(?:[.!,;:?)–—]|\n|$|and\b|-[ \t]))"
_HAPPY = rf"\bhappy[ \t]+DAY(?=[ \t]*(?:[^\w\s'’-]|\n|$)|[ \t]+-[ \t]|[ \t]+{_WHO}\b)"
"""Behind it stands its end, or who is greeted; what else goes on is a name: "Happy Friday is our club"."""
_CHEERS = (
    rf"{_STARTS}(?:(?:at[ \t]+last|finally|hooray|hurrah|yay|phew|guess[ \t]+what|yes|and)[,!:]?[ \t]+)?"
    rf"(?:{_IT_IS}|finally|here[ \t]+we[ \t]+are,)[ \t]+DAY"
    r"(?:[ \t]+(?:already|again|at[ \t]+last|everyone|everybody|folks|friends))?[ \t]*(?=!|\n|$)"
)
_HELLO = rf"{_STARTS}(?:hello|good[ \t]+morning),?[ \t]+DAY[ \t]*!"
_BELIEVE = (
    r"\b(?:(?:would|can|could)(?:n['’]t|[ \t]+not)?[ \t]+you[ \t]+believe|who[ \t]+knew|is[ \t]+it[ \t]+really)"
    rf"[ \t]+(?:that[ \t]+)?(?:{_IT_IS}[ \t]+)?DAY(?:[ \t]+(?:already|again))?[ \t]*(?=[?!])"
)
_HOW = (
    r"\b(?:how[ \t]+|why[ \t]+)?is[ \t]+it[ \t]+(?:already[ \t]+DAY|DAY[ \t]+(?:already|again))"
    r"[ \t]*(?=[?!](?![ \t]+(?:we|I|so|that)\b[^.!?\n]{0,30}\b(?:hear|ask|say)))"
)
_THANKS = rf"\bthank[ \t]+(?:god|goodness|heavens?)[ \t]+(?:that[ \t]+)?{_IT_IS}[ \t]+DAY{_END}"
_WELCOME = rf"(?:^|(?<=[.!?][ \t]))welcome[ \t]+to[ \t]+(?:another[ \t]+|a[ \t]+{FINE}[ \t]+)?DAY{_END}"
_MADE_IT = (
    rf"\b(?:you|we)(?:['’]ve|[ \t]+have)?(?:[ \t]+finally)?[ \t]+made[ \t]+it[ \t]+to[ \t]+(?:another[ \t]+)?DAY{_END}"
)
_YOURS = (
    r"\b(?:(?:hope|trust)(?:[ \t]+that)?|(?:how['’]s|how[ \t]+is|is))[ \t]+your[ \t]+DAY[ \t]+"
    r"(?:is|has|goes|going|started|starts|treating|looking|shaping|so[ \t]+far|brings|been|got|off)\b"
    r"|(?:^|(?<=[.!?][ \t]))your[ \t]+DAY[ \t]+(?:is[ \t]+about[ \t]+to|(?:has[ \t]+)?just[ \t]+got)\b"
)
_REST = r"\b(?:rest|remainder)[ \t]+of[ \t]+(?:your|this)[ \t]+DAY(?=[ \t]*(?:[.!,;:?)–—\n]|$)|[ \t]+(?:and|so|with)\b)"
_HAVING = (
    r"\b(?:you(?:['’]re|[ \t]+are)|hope|find[ \t]+you)[ \t]+(?:having|enjoying)[ \t]+(?:an?|your|this)[ \t]+"
    r"(?:\w+[ \t]+){0,2}DAY(?=[ \t]*(?:[.!,;:?)–—\n]|$)|[ \t]+(?:and|so|wherever|as|with)\b)"
)
_WEATHER = (
    rf"{_STARTS}what[ \t]+an?[ \t]+{SKY}[ \t]+DAY[ \t]*!(?![^\n]{{0,100}}\b(?:was|were|had|thanks?|came|last|recap|"
    r"photos?|pictures?)\b)"
)
"""What follows may tell of one that is over."""
_LOVELY = rf"{_STARTS}(?:oh,?[ \t]+)?what[ \t]+an?[ \t]+{FINE}[ \t]+DAY[ \t]+it[ \t]+(?:is|['’]s)\b"
_AGAIN = rf"{_STARTS}DAY[ \t]+(?:again|already)[ \t]*!|{_STARTS}here[ \t]+we[ \t]+are[,:]?[ \t]+DAY{_END}"
_ISSUE = (
    r"(?:^|(?<=[.!?,–—][ \t]))(?:this[ \t]+is|here[ \t]+(?:is|are)|here['’](?:s|re)|welcome[ \t]+to|"
    r"you(?:['’]re|[ \t]+are)[ \t]+reading)[ \t]+(?:your|the|our)[ \t]+DAY[ \t]+"
    r"(?:(?:morning|evening|afternoon)[ \t]+)?"
    r"(?:reminder|digest|briefing|edition|newsletter|round-?up|update|bulletin|recap|email|e-mail|note|summary)\b"
)
_THIS = (
    r"(?:\b(?:(?:quick|short|brief)[ \t]+(?:note|message|hello)|for[ \t]+reading|writing[ \t]+to[ \t]+you|"
    r"wherever[ \t]+you[ \t]+are|need[ \t]+to[ \t]+know(?=[ \t]+this[ \t]+\w+[ \t]+(?:morning|evening)))"
    rf"|{_STARTS}(?:hello|hi|hey|greetings|breaking|good[ \t]+(?:morning|evening)))\b[^.!?\n:;]{{0,30}}?[ \t]"
    rf"(?:this|on[ \t]+(?:an?|this))[ \t]+(?:(?:very[ \t]+)?{FINE}[ \t]+)?DAY"
    r"(?=[ \t]+(?:morning|afternoon|evening|night)\b|[ \t]*[.!,;:–—\n]|$|"
    r"[ \t]+(?:to[ \t]+(?:say|thank|let|remind|tell|share)|with[ \t]+(?:good|great|some|news|an?|the)|from)\b)"
)
_MAY_BE = r"\bit[ \t]+may[ \t]+(?:only[ \t]+|just[ \t]+)?be[ \t]+DAY,?[ \t]+but\b"
_READY = rf"\b(?:ready|set)[ \t]+for[ \t]+DAY[ \t]*\?[ \t]+{_IT_IS}[ \t]+(?:already[ \t]+)?here\b"
_GOOD = rf"{_STARTS}good[ \t]+DAY[ \t]+(?:morning|afternoon|evening|to[ \t]+you)\b"
_ANOTHER = rf"{_STARTS}another[ \t]+DAY,[ \t]+another\b"
_WAYS = (
    _HAPPY, _CHEERS, _HELLO, _BELIEVE, _HOW, _THANKS, _WELCOME, _MADE_IT, _YOURS, _REST, _HAVING, _WEATHER, _ANOTHER,
    _LOVELY, _AGAIN, _ISSUE, _THIS, _MAY_BE, _READY, _GOOD,
)  # fmt: skip


def hailed(text: str) -> Iterator[Said]:
    """Weekdays that a letter hails as the day on which it is read."""
    for pattern in _ways():
        for found in pattern.finditer(text):
            name = next(filter(None, found.groups()))
            yield Said(*found.span(), name, 0, Named(len(name), table("weekdays")[folded(name)]))


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    day = rf"({any_word(table('weekdays'))})\b(?!['’\w-])"
    return tuple(re.compile(way.replace("DAY", day), re.IGNORECASE | re.MULTILINE) for way in _WAYS)
