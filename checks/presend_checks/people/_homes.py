"""Names in front of the @ that speak for a family or a couple, told by their words and by their reader's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from presend.reading import Listed
from presend_checks._addresses import chosen, halves, on_list, words_of
from presend_checks._lexicon import entries, pairs

_LONG = 5
"""Words for a family of fewer letters stand in names by chance (Famke, Clancy)."""
_JOINS = ("and", "und", "och", "et", "og", "en", "y", "e", "n", "i", "ja")
"""Words that join two names; of those that are one letter some are also a middle initial."""
_CLEAR = frozenset(("and", "und", "och"))
"""Words that join and are part of no name's spelling between two signs."""
_FAINT = ("e", "n", "i")
"""Joining words that are a name's own letter as well, where nobody knows the family name (Begoña Nada)."""
_ARTICLES = ("the", "our", "die", "la", "les", "los", "de")
_NO_PARTNER = frozenset(
    ("the", "a", "co", "company", "sons", "son", "daughters", "daughter", "friends", "family", "kids", "partners")
) | frozenset(("more", "associates", "bros", "brothers", "sisters", "dog", "dogs", "cat", "cats", "me", "you", "us"))
"""Words that follow a name and a joining word, and are no second person who reads."""
_COUPLE = re.compile(r"(?:mr|mister)[._-]?(?:and|n|u|und)?[._-]?(?:mrs|missus|ms[._-])")


def letters_of(name: str) -> str:
    """A name's plain letters, small and without accents: O'Brien is `obrien`."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalpha())


@cache
def _given() -> dict[str, str]:
    return dict(pairs("people", "given", "|"))


@cache
def _parents() -> dict[str, str]:
    return dict(pairs("people", "parents", "|"))


@cache
def _family_words() -> tuple[str, ...]:
    return tuple(sorted(entries("people", "family_words"), key=len, reverse=True))


@cache
def _surnames() -> frozenset[str]:
    """Family names that many people have."""
    return frozenset(name for name, kinds in pairs("values", "common_names", "|").items() if "family" in kinds)


@on_list
def of_several() -> Listed:
    """What every name that can speak for several is among."""
    family = chosen(word for word in _family_words() if len(word) >= _LONG)
    short = chosen((*(word for word in _family_words() if len(word) < _LONG), "haus"))
    given, parent, join = chosen(_given()), chosen(_parents()), chosen(_JOINS)
    return Listed(
        (
            *(f"**{family}**", f"{short}**", f"**{short}", "the*s", "the *s", "mr **", "mister **"),
            *(f"**_{chosen(sorted(_CLEAR))}_**", f"(**_)?{given}_?{join}_?{given}**", f"{given}_{given}_**"),
            *(f"**_{given}_{given}", f"{parent} {join}? {parent}**"),
        )
    )


@on_list
def of_families() -> Listed:
    """Names that surely speak for a family."""
    return Listed(entries("people", "families"))


@on_list
def of_homes() -> Listed:
    """Names that may speak for a home."""
    return Listed(entries("people", "homes"))


def speaks_for_several(name: str, first: str, last: str) -> bool | None:
    """True where an address surely speaks for more than one, False where it may, None where nothing says so.

    `name` is what stands in front of the @, `first` and `last` are the letters of the names of who gets the mail.
    """
    name = name.partition("+")[0]
    words = words_of(name)
    if not words or "".join(words) in (first + last, last + first):
        return None  # the two names of who gets it, and no others
    if _COUPLE.match(name):
        return True
    found = [
        _of_a_family(words, last),
        _of_the(words, first, last),
        _joined_words(words, first, last),
        _joined_letters(words, first, last),
        _side_by_side(name, words, last),
        _of_parents(words),
    ]
    return True if True in found else False if False in found else None


def _is_surname(word: str, last: str) -> bool:
    return bool(word) and (letters_of(word) == last or word in _surnames())


def _of_a_family(words: list[str], last: str) -> bool | None:
    """nguyenfamily, the.jones.family, familie.schmidt; not family.doctor, Famke or Clancy."""
    bare = words[1:] if words[0] in _ARTICLES and len(words) > 1 else words
    for at, word in enumerate(bare):
        if word in _family_words():
            rest = bare[:at] + bare[at + 1 :]
            if not rest:
                return True if len(word) >= _LONG else None
            return None if any(_is_trade(one) for one in rest) else True
    if len(bare) > 2:
        return None
    for word in bare:
        for family in _family_words():
            if word.endswith(family):
                return _behind(family, word.removesuffix(family), last)
            if word.startswith(family):
                return _before(family, word.removeprefix(family), last)
    return _of_a_house(bare, last)


def _behind(family: str, rest: str, last: str) -> bool | None:
    """Whether what stands before a word for a family, joined to it, is its name."""
    for article in _ARTICLES[:2]:
        rest = rest.removeprefix(article)
    if len(family) < _LONG:
        return True if _is_surname(rest, last) else None
    return None if len(rest) == 1 or rest in entries("people", "family_trades") else True


def _before(family: str, rest: str, last: str) -> bool | None:
    """Whether what follows a word for a family, joined to it, is its name."""
    if len(family) < _LONG:
        return True if _is_surname(rest, last) else None
    least = 2 if len(family) > _LONG else 4  # Gezinus is a name
    return None if len(rest) < least or _is_trade(rest) else True


def _is_trade(word: str) -> bool:
    trades = entries("people", "family_trades")
    return word in trades or any(len(trade) > 2 and word.startswith(trade) for trade in trades)


def _of_a_house(words: list[str], last: str) -> bool | None:
    """haus.weber may be a home, or a place with guests."""
    joined = "".join(words)
    return False if joined.startswith("haus") and _is_surname(joined[4:], last) else None


def _of_the(words: list[str], first: str, last: str) -> bool | None:
    """thesmiths; it may be one person's joke (theboss), and the beginning of a name (Theodoros)."""
    joined = "".join(words[:2]) if words[0] == "the" else words[0]
    rest = joined.removeprefix("the")
    if rest == joined or not rest.endswith("s") or first.startswith("the") or len(rest) < _LONG - 1 or len(words) > 2:
        return None
    if any(_is_surname(rest.removesuffix(end), last) for end in ("s", "es") if rest.endswith(end)):
        return True
    return False if not rest.endswith(("ss", "us", "is")) and words[0] == "the" else None


def _joined_words(words: list[str], first: str, last: str) -> bool | None:
    """anna.and.tom; not rock.and.roll, nor the initial of john.e.martin."""
    for at in range(1, len(words) - 1):
        join, one, other = words[at], words[at - 1], words[at + 1]
        if join not in _JOINS:
            continue
        both = [_calls(word, first) for word in (one, other)]
        if all(both):
            sure = join in _CLEAR or at + 2 < len(words) or not _is_surname(other, last)
            return True if sure else None
        if any(both) and join in _CLEAR and not _NO_PARTNER & {one, other} and min(len(one), len(other)) > 1:
            return False
    return None


def _calls(word: str, first: str) -> bool:
    return word in _given() or (len(word) > 1 and letters_of(word) == first)


def _joined_letters(words: list[str], first: str, last: str) -> bool | None:
    """annaandtom, juanymaria, johnandmarysmith; not Janet-Marie or Emily-Ann, which are two names without a word."""
    for word in words[:2]:
        if word in _given() or any(_calls(one, first) and _calls(other, first) for one, other in halves(word)):
            continue
        for one, rest in halves(word):
            if len(one) < 2 or not _calls(one, first) or (len(one) < len(first) and word.startswith(first)):
                continue  # Marcia Dasilva is not Marc i Ada Silva
            for join in _JOINS:
                other = rest.removeprefix(join)
                if other == rest or (join not in _CLEAR and word.endswith(last) and len(other) <= len(last)):
                    continue  # Carmen Nada is not Carme n Nada: what follows is of the own family name
                if any(_is_partner(*cut, first, last) for cut in _cuts(other)):
                    return bool(last) or join not in _FAINT
    return None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    yield text, ""
    yield from halves(text)


def _is_partner(name: str, rest: str, first: str, last: str) -> bool:
    return len(name) > 2 and _calls(name, first) and (not rest or _is_surname(rest, last))


def _side_by_side(name: str, words: list[str], last: str) -> bool | None:
    """anna-tom.weber and weber.anna.tom; not Anna Maria, nor Sarah Thomas Brown, whose second name is a family's."""
    if len(words) != 3:
        return None
    for one, other, rest in ((words[0], words[1], words[2]), (words[1], words[2], words[0])):
        if {_given().get(one), _given().get(other)} != {"f", "m"} or rest in _given():
            continue
        if _is_surname(rest, last) or rest is words[2]:
            dash = re.search(rf"{re.escape(one)}-{re.escape(other)}(?=[._])", name)
            return True if dash or not {one, other} & _surnames() else None
    return None


def _of_parents(words: list[str]) -> bool | None:
    """mumanddad, oma.opa.weber."""
    kinds = [_parents().get(word) for word in words if word not in _JOINS]
    if len(kinds) > 1 and set(kinds[:2]) == {"f", "m"}:
        return True
    for one, rest in halves(words[0]) if words[0] not in _parents() else ():
        for join in ("", *_JOINS):
            other = rest.removeprefix(join)
            if {_parents().get(one), _parents().get(other)} == {"f", "m"}:
                return True
    return None
