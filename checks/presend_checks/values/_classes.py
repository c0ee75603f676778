"""What is wrong with one value, as a reader of the mail would see it; pure, so that each name can be tested by itself.

A value has one fault at most, the most telling: a pasted tag is no shouting name, and "N/A" is no name in capitals.
Nothing here judges by vowels, by unusual pairs of letters or by length: such rules call every third name a mistake.
"""

from __future__ import annotations

import html
import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from presend.dialects import lexicon
from presend.model import NAMES, Role
from presend_checks.values import _lexicons as lexicons
from presend_checks.values._encoding import is_lost, is_mojibake
from presend_checks.values._firms import is_company, is_function


class Fault(StrEnum):
    """A class of value; the value says it in a phrase that fits behind "some hold"."""

    BLANK = "nothing but white space"
    TEMPLATE = "a template's own tag"
    MOJIBAKE = "letters that were garbled when they were imported"
    CONTROL = "control characters"
    MARKUP = "HTML markup"
    EMAIL = "an e-mail address"
    URL = "a web address"
    PHONE = "a phone number"
    HANDLE = "the name of an account"
    COMPANY = "the name of a company"
    FUNCTION = "a department or mailbox"
    KEYBOARD = "keys struck at random"
    REPEATED = "one letter over and over"
    PLACEHOLDER = "a word that stands for no value"
    NOTE = "a note of your staff's"
    NO_LETTERS = "no letters at all"
    NO_DATE = "a date that stands for none"
    UNSPLIT = "the remains of a file's row"
    DOUBTFUL = "a word that stands for no value, though some people are called so"
    CAPITALS = "capitals throughout"
    LOWER = "small letters throughout"


_INVISIBLE = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by category that print nothing."""

_HINTS = frozenset("*|{%<[«")
"""What every form of a pasted tag has one of: most values have none, and need no closer look."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_DELIMITER = re.compile(r"\*\|.|\|\*|\{\{|\{%|%%\w[\w .]*%%|<%=|[$#]\{\s*[A-Za-z_]|\A%[A-Z][A-Z_]+%\Z")
_BETWEEN = tuple(
    re.compile(pattern)
    for pattern in (
        r"\[\[?\s*([^\[\]\n]{1,60}?)\s*\]\]?",
        r"\{\s*([^{}\n]{1,60}?)\s*\}",
        r"<<\s*([^<>\n]{1,60}?)\s*>>",
        r"«\s*([^«»\n]{1,60}?)\s*»",
        r"%([A-Za-z_]{2,40})%",
    )
)
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|br|hr|em|div|span|font|strong|img|script|style|table|tr|td|li|ul|ol|center|small|sup|h[1-6])\b"
    r"[^<>]*>|<!--",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8});")
_SLIPPED = re.compile(r"(?:&nbsp;|&#160;|&#xa0;|<br\s*/?>|\s)+\Z|\A(?:&nbsp;|<br\s*/?>)", re.IGNORECASE)
"""What was copied from a web page beside a value, and no one meant."""
_EMAIL = re.compile(r"[^\s@<>(),;:]+(?:@|\s?[(\[]at[)\]]\s?)[^\s@<>(),;:]+\.[^\W\d_]{2,}")
_URL = re.compile(
    r"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:com|org|net|info|biz|io|shop|edu|gov|co\.uk|com\.au)(?:/\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9_.]{2,}")
_NO_DATE = re.compile(
    r"(?:0000([-/.])00?\1 ?00?|0001([-/.])0?1\2 ?0?1|9999([-/.])12\3 ?31|1900([-/.])0?1\4 ?0?[01]"
    r"|1899([-/.])12\5 ?3[01])"
    r"(?:[T ][\d:.]+Z?)?|00?([-/.])00?\6(?:0000|00)|0?1([-/.])0?1\7(?:0001|1900)|(?:31([-/.])12|12([-/.])31)[-/.]9999"
    r"|(?:00?([-/.])0?1|0?1([-/.])00?)[-/.]1900"
)
"""What databases and spreadsheets write for a day that nobody knows: no year, the last one, a spreadsheet's nought."""
_UNSPLIT = re.compile(
    r"\A[\[{]\s*[\"'].*[\"']\s*[\]}]\Z|\S\t+\S|\A[^;|]+([;|])[^;|]*\1"
    r"|\A\"[^\"]*[^\W\d_][^\"]*\Z|\A[^\"]*[^\W\d_]\"\Z"
)
"""A list as programs write it, several cells with their separators, half of a pair of quotation marks."""
_PHONE = re.compile(r"(?:tel\.?:?\s*)?\+?[\d\s().\-/]{7,}", re.IGNORECASE)


@lru_cache(maxsize=131_072)
def fault_of(text: str, role: Role) -> Fault | None:
    """What is wrong with a value in a column of the role, or None; outside of names only what is wrong anywhere."""
    if not text:
        return None
    if not visible(text):
        return Fault.BLANK
    found = _template(text) or _garbled(text)
    if found is not None:
        return found
    bare = " ".join(text.split())
    if role not in NAMES:
        return _left_over(bare)
    if is_lost(bare):
        return Fault.MOJIBAKE
    if bare.casefold() in lexicons.words("placeholders") or _is_numbered(bare):
        return Fault.PLACEHOLDER
    if _is_prose(bare):
        return Fault.NOTE
    if _UNSPLIT.search(text.strip()):
        return _no_name(bare) or Fault.UNSPLIT
    return _no_name(bare) or _junk(bare, role) or _case(bare)


def _left_over(text: str) -> Fault | None:
    """What no column means: a program's word for nothing, a date that is none."""
    if text.casefold() in lexicons.words("leftovers") or text in lexicons.exactly("leftovers_exact"):
        return Fault.PLACEHOLDER
    return Fault.NO_DATE if text[0].isdigit() and _NO_DATE.fullmatch(text) else None


def _is_numbered(text: str) -> bool:
    """Whether it is a placeholder with its number: "Tester 2", guest_17, "Name 1"."""
    if not text[-1].isdigit():
        return False
    stem = re.sub(r"[\s_.#-]*\d+\Z", "", text).casefold()
    return stem in lexicons.words("placeholders") or stem in lexicons.words("placeholders_first")


def visible(text: str) -> bool:
    """Whether a reader would see anything of it: no white space, and none of what prints nothing."""
    if text[:1].isascii() and text[:1].isalnum():
        return True
    return any(
        not (c.isspace() or c in _INVISIBLE or unicodedata.category(c) in ("Cf", "Cc", "Zs", "Zl", "Zp")) for c in text
    )


def _template(text: str) -> Fault | None:
    if _HINTS.isdisjoint(text):
        return None
    if _DELIMITER.search(text):
        return Fault.TEMPLATE
    for pattern in _BETWEEN:
        if any((word := lexicon.word(inner)) is not None and word.strong for inner in pattern.findall(text)):
            return Fault.TEMPLATE
    return None


def _garbled(text: str) -> Fault | None:
    if is_mojibake(text):
        return Fault.MOJIBAKE
    if _CONTROL.search(text):
        return Fault.CONTROL
    return Fault.MARKUP if has_markup(text) else None


def has_markup(text: str) -> bool:
    """Whether it holds a tag or an entity of HTML: `<b>`, `&nbsp;`; not AT&T; which is none."""
    if "<" in text and _TAG.search(text):
        return True
    return "&" in text and any(html.unescape(found) != found for found in _ENTITY.findall(text))


def is_slipped(text: str) -> bool:
    """Whether the only markup of a value is a line's end or a hard blank at its edge: it was copied so by accident."""
    return has_markup(text) and not has_markup(_SLIPPED.sub("", text))


# ----------------------------------------------------------------------------------------- where a name belongs


def _no_name(text: str) -> Fault | None:
    if ("@" in text or "at)" in text or "at]" in text) and _EMAIL.search(text):
        return Fault.EMAIL
    if text[0] == "@" and _HANDLE.fullmatch(text):
        return Fault.HANDLE
    if ("." in text or ":" in text) and _URL.fullmatch(text):
        return Fault.URL
    if _PHONE.fullmatch(text) and sum(c.isdigit() for c in text) >= 7:
        return Fault.PHONE
    if is_function(text):
        return Fault.FUNCTION
    return Fault.COMPANY if is_company(text) else None


def _junk(text: str, role: Role) -> Fault | None:
    folded = text.casefold()
    if not any(c.isalpha() for c in text):
        plain = all(ord(c) < 0x3000 and unicodedata.category(c)[0] in "PNSZ" and c != "\ufe0f" for c in text)
        emoji = any(unicodedata.category(c) == "So" for c in text)
        return Fault.NO_LETTERS if plain and not emoji else None
    if folded in lexicons.names_too():
        return Fault.PLACEHOLDER if text in lexicons.names_too()[folded] else Fault.DOUBTFUL
    if folded in lexicons.words("placeholders_first"):
        return Fault.DOUBTFUL if role is Role.LAST_NAME else Fault.PLACEHOLDER
    if _notes().search(folded) or _MARKED.search(text):
        return Fault.NOTE
    letters = "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")
    if len(letters) >= 3 and len(set(letters)) == 1:
        return Fault.REPEATED
    return Fault.KEYBOARD if _struck(letters) else None


@lru_cache(maxsize=1)
def _notes() -> re.Pattern[str]:
    phrases = sorted(lexicons.words("notes"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)|(?<!\w)vip\s*[-:,(!]|\(\s*vip\s*\)")


_PROSE = frozenset(
    [
        "the",
        "by",
        "off",
        "please",
        "very",
        "twice",
        "later",
        "never",
        "not",
        "with",
        "from",
        "has",
        "was",
        "again",
        "wants",
        "asked",
        "called",
        "typed",
        "wrote",
        "said",
        "always",
        "only",
        "their",
        "because",
        "until",
        "before",
        "of",
        "your",
        "who",
        "what",
        "why",
        "this",
        "that",
        "want",
        "know",
        "need",
    ]
)
"""Words of sentences that are no part of anybody's name, in any language that writes names in small letters."""


def _is_prose(text: str) -> bool:
    """Whether it is a sentence: three words or more, none with a capital, and one that no name has."""
    words = re.findall(r"[^\W\d_]+", text)
    return len(words) >= 3 and text.islower() and not _PROSE.isdisjoint(words)


_MARKED = re.compile(r"(?<=[a-zà-öø-ÿ])[\s(-]+(?:TEST|DELETE|DNC|RIP|DUPLICATE|DO NOT USE)\)?$")
"""A word in capitals behind a name that is not: "Anna TEST"; Test in its usual spelling is a family name."""

_ROWS = (
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
_UPPER = _ROWS[:3]
_NAMED = ("wertz", "ztrew")
"""Neighbours that are a name: Wertz, on a German keyboard."""
_SHORT_ROWS = ("asdfghjkl", "zxcvbnm")
"""Rows of which even three neighbours never stand together in a name; of the upper row they do (Werth, Poirot)."""
_TOKENS = frozenset(
    ["qwe", "qaz", "wsx", "edc", "qazwsx", "qweasd", "asdqwe", "qweqwe", "poiu", "uiop", "jkjk", "asas"]
)


def _runs(row: str, size: int) -> set[str]:
    both = (row, row[::-1])
    return {line[i : i + size] for line in both for i in range(len(line) - size + 1)}


_LONG = frozenset(run for row in _ROWS for run in _runs(row, 4) if row not in _UPPER or "q" in run) | frozenset(
    run for row in _UPPER for run in _runs(row, 5) if not any(name in run for name in _NAMED)
)
_THREE = frozenset(run for row in _SHORT_ROWS for run in _runs(row, 3))


def _struck(letters: str) -> bool:
    """Whether neighbours on a keyboard, in a row, make up three quarters of the letters or more."""
    if letters in _TOKENS or letters in _THREE:
        return True
    covered = [False] * len(letters)
    for size, runs in ((4, _LONG), (5, _LONG), (3, _THREE)):
        for i in range(len(letters) - size + 1):
            if letters[i : i + size] in runs:
                covered[i : i + size] = [True] * size
    return sum(covered) >= 4 and sum(covered) >= 0.75 * len(letters)


# --------------------------------------------------------------------------------------------------------- case

_CASED = ("LATIN", "GREEK", "CYRILLIC")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]*)+[^\W\d_]?\.?")
_ROMAN = re.compile(r"[IVX]+")


def _case(text: str) -> Fault | None:
    """CAPITALS or LOWER for a name all of whose letters have one case, in a script in which that means something."""
    if text.isascii() and not (text.islower() or text.isupper()):
        return None
    # An okina, as in Kaʻiulani, is a letter without case, and stands among letters that have one.
    letters = [c for c in text if c.isalpha() and c not in "ßʻʼ"]
    cased = [c for c in letters if c.lower() != c.upper()]
    if len(cased) < 2 or not all(unicodedata.name(c, "").startswith(_CASED) for c in letters):
        return None
    if all(c.islower() for c in cased):
        return None if text.startswith("ff") else Fault.LOWER  # ffrench and ffolkes are written so
    if all(c.isupper() for c in cased) and len(cased) >= 3 and not _is_initials(text):
        return Fault.CAPITALS
    return None


def _is_initials(text: str) -> bool:
    """J.R.R., M-C, A J: letters that stand for names are capitals by right; so are regnal numbers."""
    if _INITIALS.fullmatch(text) or _ROMAN.fullmatch(text):
        return True
    return all(len(word) == 1 for word in re.split(r"[\W_]+", text) if word)
