"""Words that a text must hold for an expression to match it, read off the expression without compiling it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import itemgetter
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Need:
    """Words of which one at the least stands in every text that matches, folded."""

    words: frozenset[str]
    short: tuple[str, ...]
    """Those of them that are too short to have a head."""
    heads: frozenset[str]
    """How the others begin: a text that holds none of these holds none of them."""
    behind: Mapping[str, tuple[str, ...]]
    """The others by how they begin."""


Needs = tuple[Need, ...]

_TOKEN = re.compile(
    r"(?P<word>[A-Za-z0-9]+)"
    r"|(?P<many>(?:[*+?]|\{\d*(?:,\d*)?\})[?+]?)"
    r"|(?P<group>\((?!\?)|\(\?(?:P<\w+>|[a-zA-Z-]*:|>))"
    r"|(?P<beside>\(\?(?:<?[=!]|\(\w+\)))"
    r"|(?P<shut>\))"
    r"|(?P<either>\|)"
    r"|(?P<choice><\w+>)"
    r"|(?P<unread>\((?!\?P=))"
    r"|(?:\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\N\{[^}]*\}|\\\d+|\\."
    r"|\[\^?\]?(?:[^\]\\]|\\.)*\]|\(\?P=\w+\)|[^A-Za-z0-9*+?{(|)<\[\\])+|.",
    re.DOTALL,
)
_WORD = re.compile(r"[a-z0-9]{2,}")
_HEAD = 3
"""Letters of a head."""
_LEAST = 2
"""Letters of the shortest word that is worth looking for."""
_COMMON = frozenset({
    "a", "about", "after", "again", "all", "already", "also", "an", "and", "any", "are", "as", "at", "be",
    "because", "been", "before", "but", "by", "can", "day", "days", "did", "do", "even", "every", "for", "from",
    "get", "got", "had", "has", "have", "here", "how", "if", "in", "is", "it", "its", "just", "know", "last",
    "like", "made", "make", "more", "most", "never", "new", "no", "not", "now", "of", "on", "once", "one", "only",
    "or", "our", "out", "over", "please", "since", "so", "some", "still", "than", "thank", "that", "the", "their",
    "them", "there", "they", "this", "time", "to", "today", "two", "until", "up", "us", "want", "was", "we", "week",
    "well", "were", "what", "when", "which", "while", "who", "will", "with", "would", "year", "years", "you", "your",
})  # fmt: skip
"""Words that most letters hold: others are asked for first."""
_ODD = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
"""Signs that are none of ASCII and match a letter of it in any case; `str.lower` keeps some of them."""


def fold(text: str) -> str:
    """A text in small letters, so that a word of ASCII stands in it wherever it matches in any case."""
    return text.lower() if text.isascii() else text.translate(_ODD).lower()


_Words = tuple[int, frozenset[str]]
"""The letters of its shortest word, none for a common one; and the words, of which one is needed."""
Rough = list[_Words]
NONE: Mapping[str, Rough] = MappingProxyType({})


@dataclass(slots=True)
class _Group:
    """What is known of a group while it is read."""

    beside: bool = False
    """Whether it is a look ahead or behind, or a condition: what stands in it may not be needed."""
    branches: list[list[_Words]] = field(default_factory=list)
    """The needs of the alternatives before the last."""
    here: list[_Words] = field(default_factory=list)
    """The needs of the last one."""

    def needs(self) -> list[_Words]:
        if self.beside:
            return []
        if not self.branches:
            return self.here
        every = [*self.branches, self.here]
        if not all(every):
            return []
        best = [max(one, key=_rarity) if len(one) > 1 else one[0] for one in every]
        return [(min(rarity for rarity, _words in best), frozenset().union(*(words for _rarity, words in best)))]


def needed(expression: str, choices: Mapping[str, Rough] = NONE) -> Needs:
    """What a text needs, the rarest first; nothing where that cannot be told.

    `choices` are what stands in the expression as `<name>`, read before. Raises ValueError for what is not read: flags
    for a whole expression.
    """
    every = dict.fromkeys(words for _rarity, words in sorted(rough(expression, choices), key=_rarity, reverse=True))
    return tuple(_need(words) for words in every if min(map(len, words)) >= _LEAST)


def rough(expression: str, choices: Mapping[str, Rough] = NONE) -> Rough:
    """What a text needs, as it is read: a choice of words is read once for all expressions in which it stands."""
    open_: list[_Group] = [group := _Group()]
    before = 0
    """How many needs there were before what a sign behind it repeats."""
    for token in _TOKEN.finditer(expression):
        match token.lastgroup:
            case "word":
                before = len(group.here)
                group.here.append(_word(token[0]))
            case "many":
                group.here[before:] = _repeated(expression, token, group.here[before:])
            case "group" | "beside":
                open_.append(group := _Group(beside=token.lastgroup == "beside"))
            case "shut":
                found = open_.pop().needs()
                group = open_[-1]
                before = len(group.here)
                group.here += found
            case "either":
                group.branches.append(group.here)
                group.here = []
                before = 0
            case "choice":
                before = len(group.here)
                group.here += choices.get(token[0][1:-1], ())
            case "unread":
                raise ValueError(f"{token[0]!r} at {token.start()} of {expression!r} is not read")
            case _:
                before = len(group.here)
    return open_[0].needs()


@cache
def _need(words: frozenset[str]) -> Need:
    behind: dict[str, tuple[str, ...]] = {}
    for word in words:
        behind[word[:_HEAD]] = (*behind.get(word[:_HEAD], ()), word)
    short = tuple(word for word in words if len(word) < _HEAD)
    for word in short:
        del behind[word]
    return Need(words, short, frozenset(behind), behind)


def rarest(phrase: str) -> str:
    """The word of a phrase, of letters of ASCII, that texts are least likely to hold; empty where it has none."""
    return max(_WORD.findall(phrase.lower()), key=lambda word: _word(word)[0], default="")


def one_of(words: Iterable[str]) -> Need:
    """The need of an expression that is one of several words, folded."""
    return _need(frozenset(words))


def either(several: Iterable[Needs]) -> Needs:
    """What a text needs for one of several expressions at the least."""
    every = list(several)
    return (_need(frozenset().union(*(needs[0].words for needs in every))),) if every and all(every) else ()


_rarity = itemgetter(0)


@lru_cache(maxsize=4096)
def _word(word: str) -> _Words:
    small = word.lower()
    return 0 if small in _COMMON else len(small), frozenset((small,))


def _repeated(expression: str, token: re.Match[str], repeated: list[_Words]) -> list[_Words]:
    """The needs of what stands before a sign that repeats it: of a word it is the last letter alone."""
    if token[0][0] == "+" or token[0].startswith(("{1", "{2", "{3", "{4", "{5")):
        return repeated
    before = expression[token.start() - 1]
    if not (before.isascii() and before.isalnum()) or not repeated:
        return []
    (word,) = repeated[0][1]
    return [_word(word[:-1])] if len(word) > 1 else []


class Held:
    """What a text holds of the words that expressions need."""

    __slots__ = ("_folded", "_heads")

    def __init__(self, text: str) -> None:
        self._folded = text = fold(text)
        self._heads = frozenset(text[at : at + _HEAD] for at in range(len(text) - _HEAD + 1))

    def meets(self, needs: Needs) -> bool:
        """Whether an expression with these needs may match the text."""
        return all(map(self._holds_one, needs))

    def words(self, need: Need) -> Iterator[str]:
        """Those words that the text holds."""
        either = (*need.short, *(word for head in need.heads & self._heads for word in need.behind[head]))
        return filter(self._folded.__contains__, either)

    def _holds_one(self, need: Need) -> bool:
        if not need.heads.isdisjoint(self._heads):
            for head in need.heads & self._heads:
                if any(map(self._folded.__contains__, need.behind[head])):
                    return True
        return any(map(self._folded.__contains__, need.short))


@lru_cache(maxsize=32)
def held(text: str) -> Held:
    """What a text holds; kept for the next few expressions that are looked for in it."""
    return Held(text)
