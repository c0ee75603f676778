"""CPY001: a word that is spelt wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Part, Severity
from presend_checks._copy import copy_of, in_quotes
from presend_checks._lexicon import pairs
from presend_checks.copy._english import is_english
from presend_checks.copy._slips import slips
from presend_checks.copy._texts import readers, texts

OWN = 3
"""So often in one message a form is somebody's own, and no slip."""

_BOTH = 2
"""The marks of a quotation of one word."""
AMONG = 2
"""Small English words around a form that is right in another language."""

_SMALL = frozenset({"the", "and", "that", "this", "with", "which", "you", "your", "just", "what", "have"})
_NAMING = re.compile(r"\b(?:the|an?|our|your|this|some|of)\s+$", re.IGNORECASE)
"""Words behind which a thing is named: "the teh tarik" is a tea."""
_SPELLING = re.compile(
    r"\b(?:spell|spelt|spelling|misspelt|pronounced?|translates?|in (?:French|Spanish|Dutch|German))\b"
)
"""Words of somebody who speaks of the word itself."""
_TOPIC = re.compile(r"\b(?:mis-?spell\w*|misspelt|spelling|spellings|spelt|typos?)\b", re.IGNORECASE)
"""Words of a mail that is about slips: what looks like one may be there to be seen."""
_CAPITAL = frozenset(
    {"january", "february", "april", "june", "july", "august", "september", "october", "november", "december"}
    | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "easter", "english"}
)
"""What everybody writes with a capital, wherever it stands: a slip in one of them is no name."""
_WORD_BEFORE = re.compile(r"\b(?:word|surname|pub|band)s? $", re.IGNORECASE)
_HOUSE = re.compile(
    r"(?:'s)? (?:famil(?:y|ies)|house|street|road|lane|avenue|hall|farm|brothers|& ?co|ltd|inc)\b", re.IGNORECASE
)
"""Behind the name of a family or a street."""
_WORD = re.compile(r"(?<![\w'&-])[^\W\d_]+(?![\w'&-])")
_FIRST = re.compile(r"(?:^|[.!?:\n\x00•–—-])[\s\"'“”(]*$")


@check(
    "CPY001",
    "misspelling",
    mishaps=["M27"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS],
    options={"own_words": []},
)
def misspelling(mail: Mail) -> Iterator[Hit]:
    """A word in the subject or the copy is spelt wrong.

    Why it matters
    A slip in the subject is what everybody sees first. Readers have learnt to take bad spelling for fraud.

    How to fix
    Correct the word. If it is meant so, name it in `own_words` under [checks.CPY001].

    Known limits
    A list of forms that are wrong in every English text, one of forms that are wrong among English words, and slips of
    one letter (two exchanged, one left out, one written twice, one vowel for another) in common words that stand among
    English ones. It is no spelling program, and other languages are not read. Words inside links, addresses, codes
    and tags are left alone, and so are words with a capital in the middle of a sentence, which may be names (but for
    days, months and feasts), words in capitals outside of the subject, and the words of the sender's own name.
    A form that stands in a part three times or more has low confidence, and so has every one in a mail about
    spelling; what is quoted has medium. A form in quotation marks by itself is spoken of. One finding per part and
    word.
    """
    own = {str(word).casefold() for word in mail.options["own_words"]} | _senders(mail)
    topic = any(_TOPIC.search(text) for _part, text in texts(mail))
    for part, text in texts(mail):
        places: dict[str, list[re.Match[str]]] = {}
        meant: dict[str, str] = {}
        for found in _WORD.finditer(text):
            word = found[0].lower()
            right = _meant(text, found)
            plain = (right in _CAPITAL and _HOUSE.match(text, found.end()) is None) or _is_word(part.part, text, found)
            if right and word not in own and plain and not _is_named(text, found):
                places.setdefault(word, []).append(found)
                meant[word] = right.capitalize() if right in _CAPITAL else right
        for wrong, each in places.items():
            who = readers(mail, part, *each[0].span())
            if who is None:
                continue
            right = meant[wrong]
            yield Hit(
                mail.at(part, copy_of(part).span(*each[0].span())),
                f'"{each[0][0]}" is spelt wrong; "{right}" is meant.',
                f'Write "{right}"; if it is meant so, name it in own_words under [checks.CPY001].',
                who=who,
                confidence=Confidence.LOW if topic else _confidence(text, each),
                reason=f'reads "{each[0][0]}"',
            )


def _confidence(text: str, each: list[re.Match[str]]) -> Confidence:
    """Low where the same form stands there again and again, medium where all that has it is quoted."""
    if len(each) >= OWN:
        return Confidence.LOW
    return Confidence.MEDIUM if all(in_quotes(text, *one.span()) for one in each) else Confidence.HIGH


def _senders(mail: Mail) -> set[str]:
    """The words of the sender's name and of the account's: whatever they look like, they are meant so."""
    names = [mail.account, *(copy_of(part).text for part in mail.parts if part.part is Part.FROM_NAME)]
    return {word.casefold() for name in names for word in re.findall(r"[^\W\d_]+", name)}


def _meant(text: str, found: re.Match[str]) -> str:
    """The word that a form is a slip of; empty where it is none."""
    word = found[0].lower()
    if right := pairs("copy", "misspellings", " -> ").get(word):
        return right
    if right := pairs("copy", "misspellings_near", " -> ").get(word):
        line = text[max(0, found.start() - 90) : found.end() + 90]
        named = right in _SMALL and _NAMING.search(text[max(0, found.start() - 20) : found.start()])
        stray = named or _SPELLING.search(line)
        return right if not stray and is_english(text, *found.span(), AMONG) else ""
    right = slips().get(word, "")
    # Letters that are exchanged make no word of another language; one more or one less may.
    least = 0 if len(right) == len(word) else 1
    return right if right and is_english(text, *found.span(), least) else ""


def _is_named(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence speaks of the form: it stands in quotation marks by itself, or is called a word."""
    around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
    quoted = len(around) == _BOTH and all(sign in "\"'“”‘’«»„" for sign in around)
    return quoted or _WORD_BEFORE.search(text[max(0, found.start() - 12) : found.start()]) is not None


def _is_word(part: Part, text: str, found: re.Match[str]) -> bool:
    """Whether it is an ordinary word: in small letters, or with a capital where a sentence begins."""
    word = found[0]
    titled = part in (Part.SUBJECT, Part.PREVIEW_TEXT)
    if word.islower():
        return True
    if word.isupper():
        return titled
    if not word.istitle():
        return False
    return _FIRST.search(text[max(0, found.start() - 40) : found.start()]) is not None or found.start() == 0
