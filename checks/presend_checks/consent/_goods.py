"""Which goods for adults a copy offers: by their names, by a sentence that sells or pours them, by other turns."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from presend.reading import PartReading
from presend_checks._copy import copy_of
from presend_checks._lexicon import rows
from presend_checks._needed import Held, Need, held, one_of, rarest, rough
from presend_checks._sparing import Sparing, sparing
from presend_checks.consent._lexicons import lines

_SENTENCE = re.compile(
    r"(?:^(?P<recipe>[^.!?\n]{0,40}\brecipes?[ \t]*\n\s*)|^[\w'-]+(?: [\w'-]+){0,2}\. )?"
    r"(?:[^.!?\n]|[.](?=\w))+",
    re.MULTILINE,
)
"""A sentence, with the heading of a few words before it."""
_INTO_A_PAN = re.compile(
    r"\s*(?:then )?(?:add|brown|fry|heat|melt|stir|tip|soak|boil|roast|whisk)\b.*?\b(?:onions?|garlic|flour|butter"
    r"|eggs?|sugar|dripping|stock|cloves|bay leaves|thyme|carrots?|celery|shallots?|mushrooms|tomatoes|cinnamon"
    r"|parsley)\b|.{0,200}?\b(?:goes )?in(?:to)? the (?:pot|pan|stew|sauce)\b"
)
"""What somebody is told to do with what is eaten."""
_DEAR = re.compile(r"[£$€]|\b(?:off|buy|order|price[sd]?|deliver(?:y|ed)|basket|shop)\b")
"""With these even a recipe sells."""
_OWN_WORDS = re.compile(
    r"[\"“](?=[^\"“”\n]{0,400}?\b(?:i|i'm|i'd|i've|my|me)\b)[^\"“”\n]{12,400}[\"”]|\(not [^()\n]{1,40}\)"
)
"""What somebody tells of themselves, and what is said to be meant by nobody."""
_COOKED = re.compile(
    r"\b(?:bottles?|cases?|crates?|tastings?|order(?! in)|buy|price[sd]?|off|two[- ]for[- ](?:one|1))\b"
)
"""With these a sentence sells a drink though it cooks, or names one without alcohol as well."""
_SUM = (
    r"(?:[£$€]\s?\d[\d.,]*(?:\s?(?:k|m|bn|million)\b)?"
    r"|\d[\d.,]*\s?(?:€|euros?|pounds|dollars|eur|gbp|usd|kr|chf)(?!\w))"
)
_PRICED = re.compile(
    rf"{_SUM}|\d\s?% (?:off|less|discount)|\b(?:save|extra|up to) \d+\s?%|\d\s?(?:cl|ml|l|litres?|liters?|oz)\b"
    r"|\b\d{1,2} ?for ?(?:\d|the price)|\b\d{1,2}[ -](?:bottles?|cans?|packs?)\b|\b\d{1,2}[.,]\d ?%",
)
"""An amount of money, a rebate, a volume or a strength: what it stands beside is for sale."""
_AMOUNT_SELLS = frozenset({"alcohol", "tobacco", "cannabis"})
_VESSEL = "(?:bottle|crate|case|barrel|keg|can|box|cask|cork|jar|label|stave|cap)"
"""What the name of a drink or a smoke may stand before in the name of another thing: "wine crate shelves"."""
_NO_THING = r"(?:free|red|gold|brown|pink|art|sale)\b"
"""Things that are none behind a vessel: "a wine box free"."""
_NEAR = 24
"""Signs before a good in which it may be said that it is none."""
_WORD = r"[^\W_][\w'’-]{0,30}"

_SURE, _SOLD, _TWO, _COLOUR = "", "+", "~", "~~"


def offered(part: PartReading) -> Iterator[tuple[str, int]]:
    """The kinds of goods that a part offers, and where the first word for each stands in its source."""
    copy = copy_of(part)
    for kind, found in goods_in(copy.text):
        yield kind, copy.span(*found.span()).start


def goods_in(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The kinds of goods that a text offers, and the first words for each."""
    text = _plain(text)
    holds = held(text)
    text = _OWN_WORDS.sub(_blank, _words("!", _SURE, holds).sub(_blank, text))
    for kind in kinds():
        found = _first(kind, _without_harmless(kind, text), holds)
        if found is not None:
            yield kind, found


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _plain(text: str) -> str:
    """The text in small letters and with one kind of apostrophe, sign for sign: expressions for any case are slow."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return small.replace("’", "'")


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of goods, in the order of the list."""
    return tuple(dict.fromkeys(kind for kind, _mark, _phrase in _entries() if kind != "!"))


def _first(kind: str, text: str, holds: Held) -> re.Match[str] | None:
    """The first word that offers goods of a kind."""
    several = [_next(_words(kind, _SURE, holds), text), *_shaped(kind, text, holds)]
    sold = [found for found in _words(kind, _SOLD, holds).finditer(text) if _itself(found, text)]
    cues = _cued(kind, text) if sold else []
    several.append(next((found for found in sold if _sells(text, found, cues)), None))
    weak = {found[0].casefold().rstrip("s"): found for found in reversed(sold)}
    if weak or not _has(kind, _SOLD):
        for found in _words(kind, _TWO, holds).finditer(text):
            weak.setdefault(found[0].casefold().rstrip("s"), found)
        if colour := _next(_words(kind, _COLOUR, holds), text):
            weak["a colour"] = colour
    if len(weak) > 1:
        several.append(min(weak.values(), key=lambda one: one.start()))
    return min((found for found in several if found is not None), key=lambda one: one.start(), default=None)


def _shaped(kind: str, text: str, holds: Held) -> Iterator[re.Match[str] | None]:
    """What offers goods of a kind in other ways."""
    drinks = tuple(phrase for mark in (_SURE, _SOLD, _COLOUR) for phrase in _phrases("alcohol", mark, holds))
    for shape in _shapes(kind):
        yield _shape(shape, drinks if "<drink>" in shape else ()).search(text)


def _next(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((found for found in pattern.finditer(text) if _unlike_others(found, text)), None)


def _unlike_others(found: re.Match[str], text: str) -> bool:
    """Whether no word beside a name makes it another thing: a rack for wine, beer of ginger."""
    before = text[max(0, found.start() - _NEAR) : found.start()]
    return _behind().match(text, found.end()) is None and _before().search(before) is None


def _itself(found: re.Match[str], text: str) -> bool:
    """Whether a name is of the thing itself, by what stands behind it."""
    return _unlike_others(found, text) and _follows().match(text, found.end()) is not None


def _cued(kind: str, text: str) -> list[int]:
    """Where a text says that it sells or pours something of a kind, in order."""
    found = [one.start() for one in _cues(kind).finditer(text)]
    if kind in _AMOUNT_SELLS:
        found += [one.start() for one in _PRICED.finditer(text)]
    return sorted(found)


def _sells(text: str, found: re.Match[str], cues: list[int]) -> bool:
    """Whether the sentence around a name sells or pours it."""
    low, high = max(0, found.start() - _REACH), min(len(text), found.end() + _REACH)
    low = max(low, *(text.rfind(sign, low, found.start()) for sign in "!?\n"))
    high = min(high, *(at for sign in "!?\n" if (at := text.find(sign, found.end(), high)) >= 0), high)
    return any(not found.start() <= at < found.end() for at in cues[bisect_left(cues, low) : bisect_left(cues, high)])


_REACH = 120
"""Signs around a name in which it is sold."""


def _without_harmless(kind: str, text: str) -> str:
    """The text without the sentences that offer none of a kind, or cook with it and sell no bottle."""
    harmless, cooked = _harmless(kind), _kitchen() if kind == "alcohol" else None
    never = harmless.compiled() if harmless.may_match(text) else None
    if never is None and cooked is None:
        return text

    def kept(found: re.Match[str]) -> str:
        sentence = found[0]
        none = never is not None and never.search(sentence) is not None
        return _blank(found) if none or (cooked is not None and in_a_pan(found, cooked)) else sentence

    def in_a_pan(found: re.Match[str], cooked: re.Pattern[str]) -> bool:
        told = found["recipe"] or _INTO_A_PAN.match(found[0])
        return not _DEAR.search(found[0]) if told else bool(cooked.search(found[0]) and not _COOKED.search(found[0]))

    return _SENTENCE.sub(kept, text)


# -- the lists


@cache
def _entries() -> tuple[tuple[str, str, str], ...]:
    """Kind, mark and phrase of each of the goods."""
    found = []
    for line in lines("restricted"):
        kind, _bar, entry = line.partition("|")
        phrase = entry.lstrip("+~")
        found.append((kind, entry[: len(entry) - len(phrase)], phrase))
    return tuple(found)


@cache
def _has(kind: str, mark: str) -> bool:
    return any(of == kind and how == mark for of, how, _phrase in _entries())


def _words(kind: str, mark: str, holds: Held) -> re.Pattern[str]:
    """The phrases of a kind with a mark that a text may hold, as whole words."""
    return _whole(tuple(_phrases(kind, mark, holds)))


def _phrases(kind: str, mark: str, holds: Held) -> Iterator[str]:
    """The phrases of a kind with a mark that a text may hold: of hundreds it holds a few."""
    need, phrases = _by_word(kind, mark)
    for word in ("", *sorted(holds.words(need))):
        yield from phrases.get(word, ())


@cache
def _by_word(kind: str, mark: str) -> tuple[Need, Mapping[str, tuple[str, ...]]]:
    """The phrases of a kind with a mark, by a word that each needs; by none where it has none."""
    found: dict[str, tuple[str, ...]] = {}
    for of, how, phrase in _entries():
        if (of, how) == (kind, mark):
            word = rarest(phrase)
            found[word] = (*found.get(word, ()), phrase)
    return one_of(word for word in found if word), found


@lru_cache(maxsize=256)
def _whole(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_any_of(phrases)}(?![\w-])" if phrases else r"(?!)")


def _of(name: str, *kinds_: str) -> list[str]:
    return [phrase for kind, phrase in rows("consent", name, "|") if kind in kinds_]


@cache
def _harmless(kind: str) -> Sparing:
    return sparing(rf"(?<![\w.,-]){_any_of(words)}(?!\w)" if (words := _of("harmless", kind, "all")) else r"(?!)", 0)


@cache
def _kitchen() -> re.Pattern[str]:
    return _whole(lines("no_drinks"))


@cache
def _cues(kind: str) -> re.Pattern[str]:
    return _whole(tuple(_of("sells", kind, "all")))


@cache
def _behind() -> re.Pattern[str]:
    things = rf"{_any_of(lines('things'))}(?!\w)"
    return re.compile(rf"[ \t-]*{things}|[ \t-]+{_VESSEL}[ \t-]+(?!{_NO_THING}){things}")


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any_of(lines('before_goods'))}(?: (?:craft|real|pale|dry|house|our))?[ \t-]+\Z")


@cache
def _follows() -> re.Pattern[str]:
    return re.compile(rf"\s*\Z|\s*[^\w\s'’-]|\s*\n|\s+(?:\d|[–-]\s|{_any_of(lines('follows_goods'))}(?!\w))")


@cache
def _shapes(kind: str) -> tuple[str, ...]:
    """The other ways to offer goods of a kind, as the list has them."""
    return tuple(shape for of, shape, _example, _twin in rows("consent", "offered", " => ") if of == kind)


@lru_cache(maxsize=512)
def _shape(shape: str, drinks: tuple[str, ...]) -> Sparing:
    """One of them; with the drinks that a text may hold, where it speaks of drinks."""
    drink = _any_of(drinks) if drinks else r"(?!)"
    filled = shape.replace("<drink>", rf"{drink}(?![\w-])").replace("<sum>", _SUM).replace("<word>", _WORD)
    choices = {"drink": rough(drink), "sum": rough(_SUM)}
    return sparing(rf"(?<![\w-])(?:{filled})(?!\w)", 0, shape=shape, choices=choices)


def _any_of(phrases: Iterable[str]) -> str:
    """An expression for any of some phrases, the longest first, by their first two signs: it is quick where none is."""
    heads: dict[str, list[str]] = {}
    for phrase in sorted(map(_plain, phrases), key=len, reverse=True):
        heads.setdefault(phrase[:2], []).append(r"\s+".join(map(re.escape, phrase[2:].split(" "))))
    each = (f"{re.escape(head)}(?:{'|'.join(rest)})" for head, rest in sorted(heads.items()))
    return f"(?:{'|'.join(each)})"
