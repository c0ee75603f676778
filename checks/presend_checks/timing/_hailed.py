"""Ways in which a letter hails the day that it is: "Happy Friday", "Welcome to Friday", "You made it to Friday"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend_checks._sparing import Sparing
from presend_checks.timing._days import Said
from presend_checks.timing._it_is import of_event
from presend_checks.timing._named import FINE, SKY, naming, weekday

# In these a tilde stands for the blanks between two words.
_IT_IS = r"it(?:['’]s|~is)"
_STARTS = r"(?:^|(?<=[.!?,–—][ \t]))"
_WHO = (
    r"(?:from|to|everyone|everybody|all|y['’]all|you|folks|friends|team|people|again|and|here|there|dear|neighbou?rs?|"
    r"readers?|members?|morning|afternoon|evening|night)"
)
_END = r"(?=[ \t]*(?:[.!,;:?)–—]|\n|$|and\b|-[ \t]))"
_HAPPY = (
    r"\bhappy~DAY(?!,~(?:our|the|an?)~[^,.!?\n]{2,40},~(?:is|has|was|will)\b)"
    rf"(?=[ \t]*(?:[^\w\s'’-]|\n|$)|~-[ \t]|~{_WHO}\b)"
)
"""Behind it stands its end, or who is greeted; what else goes on is a name: "Happy Friday is our club"."""
_CHEERS = (
    rf"{_STARTS}(?:(?:at~last|finally|hooray|hurrah|yay|phew|guess~what|yes|and)[,!:]?~)?"
    rf"(?:{_IT_IS}|finally|here~we~are,)~DAY"
    r"(?:~(?:already|again|at~last|everyone|everybody|folks|friends))?[ \t]*(?=!|\n|$)"
)
_HELLO = rf"{_STARTS}(?:hello|good~morning|cheers~to),?~DAY(?:[ \t]*!|,~hello\b)"
_BELIEVE = (
    r"\b(?:(?:would|can|could)(?:n['’]t|~not)?~you~believe|who~knew|is~it~really)"
    rf"~(?:that~)?(?:{_IT_IS}~)?DAY(?:~(?:already|again))?[ \t]*(?=[?!])"
)
_HOW = (
    r"\b(?:how~|why~)?is~it~(?:already~DAY|DAY~(?:already|again))"
    r"[ \t]*(?=[?!](?!~(?:we|I|so|that)\b[^.!?\n]{0,30}\b(?:hear|ask|say)))"
)
_THANKS = rf"\bthank~(?:god|goodness|heavens?)~(?:that~)?{_IT_IS}~DAY{_END}(?!,~(?:as|said|says|or~so)\b)"
_WELCOME = (
    rf"(?:^|(?<=[.!?][ \t]))(?:hello~and~)?welcome~to~(?:another~|a~{FINE}~)?DAY{_END}"
    r"|(?:^|(?<=[.!?][ \t]))(?:hello~and~)?welcome~to~another~DAY\b(?=~(?:at|in|with|from)\b)"
)
_MADE_IT = rf"\b(?:you|we)(?:['’]ve|~have)?(?:~finally)?~(?:made~it~to|reached)~(?:another~)?DAY{_END}"
_YOURS = (
    r"\b(?:(?:hope|trust)(?:~that)?|(?:how['’]s|how~is|is))~your~DAY~"
    r"(?:is|has|goes|going|started|starts|treating|looking|shaping|so~far|brings|been|got|off)\b"
    r"|(?:^|(?<=[.!?][ \t]))your~DAY~(?:is~about~to|(?:has~)?just~got)\b"
    rf"|\bhope~this~(?:{FINE}~)?DAY~finds~you\b"
)
_REST = r"\b(?:rest|remainder)~of~(?:your|this)~DAY(?=[ \t]*(?:[.!,;:?)–—\n]|$)|~(?:and|so|with)\b)"
_HAVING = (
    r"\b(?:you(?:['’]re|~are)|hope|find~you)~(?:having|enjoying)~(?:an?|your|this)~"
    r"(?:\w+~){0,2}DAY(?=[ \t]*(?:[.!,;:?)–—\n]|$)|~(?:and|so|wherever|as|with)\b)"
)
_WEATHER = (
    rf"{_STARTS}what~an?~{SKY}~DAY[ \t]*!(?![^\n]{{0,100}}\b(?:was|were|had|thanks?|came|last|recap|"
    r"photos?|pictures?)\b)"
)
"""What follows may tell of one that is over."""
_LOVELY = rf"{_STARTS}(?:oh,?~)?what~an?~{FINE}~DAY~it(?:~is|['’]s)\b"
_AGAIN = (
    rf"{_STARTS}DAY~(?:again|already)[ \t]*[!?]"
    rf"|{_STARTS}here~we~are[,:]?~DAY(?:~(?:once~more|again|at~last))?{_END}"
)
_ISSUE = (
    r"(?:^|(?<=[.!?,–—][ \t]))(?:this~is|here~(?:is|are)|here['’](?:s|re)|welcome~to|"
    r"you(?:['’]re|~are)~reading)~(?:your|the|our)~DAY~"
    r"(?:(?:morning|evening|afternoon)~)?"
    r"(?:reminder|digest|briefing|edition|newsletter|round-?up|update|bulletin|recap|email|e-mail|note|summary)\b"
    r"|^your~DAY~(?:(?:morning|evening|afternoon)~)?(?:digest|briefing|newsletter|round-?up|bulletin|recap|"
    r"edition|summary)(?=[ \t]*[:,–—!]|~is~here\b)|\ba~(?:very~)?warm~DAY~welcome~to\b"
)
_THIS = (
    r"\bthis~DAY~(?:morning|evening)~finds~(?:us|you)\b|"
    r"(?:\b(?:(?:quick|short|brief)~(?:note|message|hello)|for~reading|writing~to~you|your~inbox|just~landed|"
    r"wherever~you~are|need~to~know(?=~this~\w+~(?:morning|evening)))"
    rf"|{_STARTS}(?:hello|hi|hey|greetings|breaking|good~(?:morning|evening)))\b[^.!?\n:;]{{0,30}}?[ \t]"
    rf"(?:this|on~(?:an?|this))~(?:(?:very~)?{FINE}~)?DAY"
    r"(?=~(?:morning|afternoon|evening|night)\b|[ \t]*[.!,;:–—\n]|$|"
    r"~(?:to~(?:say|thank|let|remind|tell|share)|with~(?:good|great|some|news|an?|the)|from)\b)"
)
_MAY_BE = r"\bit~may~(?:only~|just~)?be~DAY,?~but\b"
_READY = rf"\b(?:ready|set)~for~DAY[ \t]*\?~{_IT_IS}~(?:already~)?here\b"
_GOOD = rf"{_STARTS}good~DAY~(?:morning|afternoon|evening|to~you)\b"
_HAVE = (
    r"\bhave~an?~(?:really~|very~)?(?:great|good|lovely|fantastic|wonderful|happy|nice|super|fabulous|"
    rf"brilliant|beautiful|terrific|splendid)~DAY{_END}"
    rf"|\benjoy~your~DAY,~(?:everyone|everybody|all|folks|friends)\b"
)
_MUST_BE = rf"{_STARTS}it~must~be~DAY(?=[ \t]*[,:.!–—])"
_ANOTHER = rf"{_STARTS}(?:another|a~new|new)~DAY,~(?:another|a~new|new)\b"
_SPOIL = (
    r"\b(?:spoil|interrupt)(?:ing)?~your~DAY\b|\bbefore~your~DAY~(?:is~over|ends)\b|\bquick~DAY~(?:hello|note|reminder|update)\b"
    rf"|\bon~this~{FINE}~DAY{_END}"
)
_WAYS = (
    _HAPPY, _CHEERS, _HELLO, _BELIEVE, _HOW, _THANKS, _WELCOME, _MADE_IT, _YOURS, _REST, _HAVING, _WEATHER, _ANOTHER,
    _LOVELY, _AGAIN, _ISSUE, _THIS, _MAY_BE, _READY, _GOOD, _HAVE, _MUST_BE, _SPOIL,
)  # fmt: skip
_IT = re.compile(r"it\b", re.IGNORECASE)
_TOMORROW = re.compile(r"\btomorrow\b[^.!\n]*$", re.IGNORECASE)


def hailed(text: str) -> Iterator[Said]:
    """Weekdays that a letter hails as the day on which it is read."""
    for pattern in _ways():
        for found in pattern.finditer(text):
            if _TOMORROW.search(text, max(0, found.start() - 60), found.start()):
                continue  # "See you tomorrow? It's Friday!" is of tomorrow
            if _IT.match(found[0]) and of_event(text, found.start()):
                continue  # "The gala is nearly here. It's Friday!"
            name = next(filter(None, found.groups()))
            yield Said(*found.span(), name, 0, weekday(name))


@cache
def _ways() -> tuple[Sparing, ...]:
    day = r"(<weekdays>)\b(?!['’\w-])"
    whole = (way.replace("DAY", day).replace("~", r"[ \t]+") for way in _WAYS)
    return tuple(naming(way, re.IGNORECASE | re.MULTILINE) for way in whole)
