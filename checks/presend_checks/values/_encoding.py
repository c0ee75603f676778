"""Text that was read in another encoding than it was written in ("JosÃ©"), told by undoing the mistake."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_CODE_PAGES = ("cp1252", "latin-1", "cp1250", "cp1251", "cp1254", "mac-roman", "cp437")
"""What files are opened with when they are in fact UTF-8."""

_SURE = re.compile(
    r"\ufffd|â€[\u0080-\u009f™œ˜¦“”\u201c\u201d]?|ï»¿|Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›]|Â[\u0080-\u00bf]"
)
"""Remains that stand in no language, so that they count beside text that is whole."""

_WRITTEN_OUT = re.compile(
    r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|=C[2-5]=[89AB][0-9A-F]|%C[2-5]%[89AB][0-9A-F]|[^\W\d_]%20[^\W\d_]"
    r"|=\?[\w-]+\?[BQbq]\?"
)
"""Letters written out by a program, as in M=C3=BCller and Jos\\u00e9; web addresses are left alone."""

_WHOLE_WORD = 3
"""More letters than this beyond ASCII and no other are no accident."""

_LONE = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
"""A letter beyond ASCII by itself: UTF-8 writes such letters in two bytes or more, each of which became a character."""


@cache
def _bytes_of(page: str) -> dict[str, int]:
    """Each character of a code page and its byte; bytes that the page leaves out are taken for control characters."""
    found = {}
    for byte in range(256):
        raw = bytes([byte])
        try:
            character = raw.decode(page)
        except UnicodeDecodeError:
            character = chr(byte)
        found[character] = byte
    return found


def _undone(text: str, page: str) -> str | None:
    table = _bytes_of(page)
    try:
        return bytes([table[c] for c in text]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def is_mojibake(text: str) -> bool:
    """Whether a text makes sense only as UTF-8 that was read in a code page, or holds a replacement character."""
    if _WRITTEN_OUT.search(text) and "/" not in text:
        return True
    if text.isascii():
        return False
    if _SURE.search(text):
        return True
    if _LONE.search(text):
        return False
    found = {undone for page in _CODE_PAGES if (undone := _undone(text, page)) is not None}
    return any(_makes_sense(undone) and not _by_chance(text, undone) for undone in found) or _is_cyrillic(text)


_LOST = re.compile(
    r"[^\W\d_]\?[^\W\d_]"  # a question mark in place of a letter
    r"|[a-zà-ÿ][³¹¿¾¼¶±¦](?:[a-zà-ÿ]|\Z)|(?<!\w)[£¯¦][a-zà-ÿ]{2}"  # ł, ą, ż, Ł, Ż of Poland in the Western page
    r"|[ðþÐÞ]\w*[çüÇÜ]|[çüÇÜ]\w*[ðþÐÞ]|(?:[b-df-hj-np-tvxz]ý[b-df-hj-np-tvxzç]\w*){2}|[b-df-hj-np-tvxz]ý\w*[çü]\b",
    re.IGNORECASE,
)
"""What no name has, be it of Iceland, Bohemia or Turkmenistan: Pawe³, Kýlýç and Þükrü are Paweł, Kılıç and Şükrü."""


def is_lost(name: str) -> bool:
    """Whether a name holds signs that stand where another code page has letters, or a mark where one was lost."""
    return _LOST.search(name) is not None


def _by_chance(text: str, undone: str) -> bool:
    """Whether one or two capitals beyond ASCII give small letters; in a whole word of them (Î•Î»ÎµÎ½Î·) none does."""
    return text.isupper() and not undone.isupper() and sum(not c.isascii() for c in undone) < _WHOLE_WORD


def _is_cyrillic(text: str) -> bool:
    """Whether a word of nothing but accented letters is Russian in a Western code page: Èâàí is Иван."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) <= _WHOLE_WORD or not all("\u00c0" <= c <= "\u00ff" for c in letters):
        return False
    word = "".join(letters).encode("latin-1").decode("cp1251")
    return word.isupper() or word.islower() or word.istitle()


_EASTERN = frozenset(["CJK", "HIRAGANA", "KATAKANA", "HANGUL"])


_SIGNS = frozenset("’‘“”«»–—…·´ʻʼ\u00a0")
"""What stands in people's text beside letters, beyond ASCII."""


def _makes_sense(text: str) -> bool:
    """Whether people write so: one script, and of Latin its usual letters. By chance, D’Éon is UTF-8 in Mac Roman.

    By the same chance Ů and Ž in capitals are an Arabic vowel sign in a Windows code page, and Í and Š a tilde above.
    """
    composed = unicodedata.normalize("NFC", text)
    letters = [c for c in composed if c not in _SIGNS and (c.isalpha() or unicodedata.category(c)[0] == "M")]
    if not all(c.isascii() or c in letters or c in _SIGNS for c in composed):
        return False
    scripts = {unicodedata.name(c, "").partition(" ")[0] for c in letters}
    if len(scripts - _EASTERN) > 1 or (scripts & _EASTERN and scripts - _EASTERN):
        return False
    return scripts != {"LATIN"} or all(c < "\u0180" or c in "ƏəƠơƯưȘșȚț" or "\u1e00" <= c < "\u1f00" for c in letters)
