"""Cheer and grief in one breath: the sentence, or a short cheer and the sentence behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from presend.mail import Mail
from presend_checks._lexicon import any_of, rows
from presend_checks._needed import rough
from presend_checks._sparing import Sparing, sparing
from presend_checks.sensitivity._lexicons import lines, phrases
from presend_checks.sensitivity._said import Sentence, sentences

_KIN = (
    r"(?:mother|father|mum|mom|dad|parents?|husband|wife|partner|son|daughter|child|children|baby|twins?|brother|sister"
    r"|grand(?:mother|father|ma|pa)|gran|nan|aunt|uncle|cousin|nephew|niece|friend|neighbou?r|loved one|dog|cat|pet"
    r"|horse|pony|rabbit|founder|colleague|director|chair(?:man|woman)?|teacher|headmaster|pastor|priest|king|queen)s?"
)
_BREATH = 170
"""Signs of a sentence beyond which its two ends are two thoughts."""
_WORDS = 4
_CHEER = 40
"""Signs of a cheer that stands as a sentence of its own before another one."""

_AT = re.compile(r"\s+(?:on|to|for|from|with|about)\b", re.IGNORECASE)
_GIVES = re.compile(
    r"\W*(?:and |so |but )?(?:now|here|enjoy|use|shop|save|get|buy|take|treat|grab|have|our gift)\b", re.IGNORECASE
)
_HAPPY = re.compile(r"(?:happy|merry|joyful|jolly|fun-filled)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clash:
    """Where a cheer and something grave stand together, as offsets into the text."""

    start: int
    end: int
    joy: str
    grave: str


def in_one_breath(text: str) -> Clash | None:
    """A cheer at the beginning, or fun made of it, beside what befell the reader, where nothing turns it to good."""
    if len(text) > _BREATH:
        return None
    for grave in _ordeals(text):
        cheer = _exult().match(text)
        between = text[cheer.end() if cheer else 0 : grave.start()]
        if phrases("turned").search(f"{between}\x00{text[grave.end() :]}") or phrases("overcome").search(between):
            continue
        if _HAPPY.match(grave[0]):
            joy, _blank, rest = grave[0].partition(" ")
            return Clash(grave.start(), grave.end(), joy, rest)
        after = _exult().match(text, grave.end())
        if cheer is None and after is not None and _AT.match(text, after.end()) is None:
            return Clash(grave.start(), after.end(), after["joy"], grave[0])
        fun = cheer if cheer is not None and cheer.end() <= grave.start() else phrases("revels").search(text)
        if fun is not None and (fun.end() <= grave.start() or fun.start() >= grave.end()):
            start, end = min(fun.start(), grave.start()), max(fun.end(), grave.end())
            return Clash(start, end, fun["joy"] if fun is cheer else fun[0], grave[0])
    return None


def mocked(text: str) -> Clash | None:
    """Where fun, or a pun, is made of grief, unless something turns it to good."""
    if len(text) > _BREATH:
        return None
    for pattern in _mocked():
        found = pattern.search(text)
        if found is not None and not phrases("turned").search(f"{text[: found.start()]}\x00{text[found.end() :]}"):
            return Clash(found.start(), found.end(), found["joy"], found["grave"])
    return None


def cheered_condolence(text: str) -> Clash | None:
    """Condolences with a cheer before them, or right behind them."""
    sorry = phrases("condolence").search(text)
    if sorry is None or len(text) > _BREATH:
        return None
    behind = _exult().match(text, sorry.end())
    cheer = _exult().match(text) or (behind if _cuts(text, sorry.end()) else None)
    if cheer is None or _AT.match(text, cheer.end()):
        return None
    return Clash(min(cheer.start(), sorry.start()), max(cheer.end(), sorry.end()), cheer["joy"], sorry[0])


def _cuts(text: str, at: int) -> bool:
    """Whether a sentence ends there."""
    return re.match(r"\s*[.!?:–—]", text[at : at + 4]) is not None


def breaths(mail: Mail) -> Iterator[Sentence]:
    """The sentences; with a short cheer, or with condolences where others may read them, goes the one behind it."""
    before: Sentence | None = None
    for one in sentences(mail):
        joined = before is not None and before.part is one.part and before.start + len(before.text) == one.start
        if before is not None and joined and (_goes_on(before) or _condoles(before, one) or _cheered(before, one)):
            yield Sentence(one.part, one.copy, before.text + one.text, before.start)
        else:
            yield one
        before = one


def _goes_on(cheer: Sentence) -> bool:
    """Whether a sentence is nothing but a cheer: "Smile!", "Woohoo!"."""
    text = cheer.text
    return len(text) <= _CHEER and "\n" not in text and _exult().match(text) is not None and len(text.split()) <= _WORDS


def _cheered(one: Sentence, behind: Sentence) -> bool:
    """Whether a sentence asks whether something grave befell the reader, and the one behind it cheers at that."""
    asks = one.text.rstrip().endswith("?") and _exult().match(behind.text) is not None
    return asks and any(True for _grave in _ordeals(one.text))


def _condoles(one: Sentence, behind: Sentence) -> bool:
    """Whether a sentence condoles, and the one behind it is read in the same breath: it sells."""
    if phrases("condolence").search(one.text) is None:
        return False
    return one.is_open or ("\n" not in one.text and _GIVES.match(behind.text) is not None)


def rejoices(text: str) -> str:
    """The words by which a text rejoices; empty where it does not, or says at what: that is another matter."""
    found = _exult().match(text)
    return found["joy"] if found is not None and _AT.match(text, found.end()) is None else ""


def _ordeals(text: str) -> Iterator[re.Match[str]]:
    for pattern in _grave():
        yield from pattern.finditer(text)


@cache
def _grave() -> tuple[Sparing, ...]:
    trades = any_of(lines("trades"))
    # A noun behind it makes it a thing that is sold: "your funeral plan".
    ends = rf"(?!\w)(?!['’-]\w)(?!\s+{trades}(?!\w))(?=\W*$|\s*[^\w\s]|\s+{any_of(lines('follows'))}(?!\w))"
    kin = {"kin": rough(_KIN)}
    return tuple(
        sparing(rf"(?<![\w-]){shape.replace('<kin>', _KIN).replace('<ends>', ends)}(?!\w)", shape=shape, choices=kin)
        for shape, _example, _twin in rows("sensitivity", "ordeals", " => ")
    )


@cache
def _exult() -> Sparing:
    before = r"\W*(?:\w+,\s+)?(?:and |so |oh |ooh )?"
    alone = rf"{any_of(lines('exult_alone'))}(?=\s*[:!,–—])"
    return sparing(rf"{before}(?P<joy>{any_of(lines('exult'))}|{alone})(?![\w-])")


_MOCKED = {
    "<mourners>": r"(?:mourners|the bereaved|the grieving|the widowed|widows|widowers|(?:grieving|bereaved) \w+)",
    "<dead>": r"(?:coffins?|caskets?|urns|headstones?|gravestones?|funerals?|burials?|cremations?|hearses?|embalming)",
    "<grief>": (
        r"(?:grieving|grief|mourning|dying|chemo(?:therapy)?|cancer|funerals?|burials?|cremations?|bereavement|divorce"
        r"|bankruptcy|being (?:widowed|sacked|evicted|bankrupt|bereaved)|losing (?:a|your) \w+)"
    ),
    "<solemn>": (
        r"(?:holocaust (?:memorial|remembrance) day|remembrance (?:sunday|day)|armistice day|anzac day|yom hashoah"
        r"|(?:world )?suicide prevention day|world aids day|hiroshima day|9/11|september 11th|tisha b'av|volkstrauertag"
        r"|(?:international )?workers' memorial day|baby loss awareness (?:week|day)|totensonntag|karfreitag)"
    ),
}


@cache
def _mocked() -> tuple[Sparing, ...]:
    choices = {sign[1:-1]: rough(either) for sign, either in _MOCKED.items()}
    found = []
    for shape, _example, _twin in rows("sensitivity", "mocked", " => "):
        whole = re.sub(r"<(?:mourners|dead|grief|solemn)>", lambda sign: _MOCKED[sign[0]], shape)
        found.append(sparing(rf"(?<![\w-])(?:{whole})(?![\w-])", shape=shape, choices=choices))
    return tuple(found)
