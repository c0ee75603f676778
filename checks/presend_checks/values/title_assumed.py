"""VAL011: Mr, Ms, Sir or Madam to people who never said how they want to be addressed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from presend.check import Need, check
from presend.mail import Mail
from presend.model import NAMES, Confidence, Hit, Location, Part, Role, Severity, role_of
from presend.reading import NOBODY, PartReading, Who, anybody
from presend_checks._copy import VALUE, copy_of, surely
from presend_checks.values._lexicons import lines

_FACTS = ("title", "gender")
_COLUMN = re.compile(r"\b(?:gender|sex|salutation|courtesy title|name prefix)\b", re.IGNORECASE)
_GUESSED = re.compile(r"\b(?:predicted|inferred|guess\w*|likely|estimated|assumed|probable|detected)\b", re.IGNORECASE)
_GREETING = (
    r"(?:(?<!my )dear|hi|hey|hello|greetings|welcome(?: back)?|thank you|(?:many )?thanks|please|excuse me|pardon"
    r"|good (?:day|morning|afternoon|evening)|(?<![\w,;] )(?:morning|afternoon|evening)|g['’]day|howdy|hiya"
    r"|bonjour|bonsoir|merci|geachte|beste|goede(?:n|middag|morgen|navond)\w*"
    r"|szanown[ya]|dzień dobry|witam|dobry wieczór|αγαπητ[έή]|αξιότιμ[εη]|καλημέρα|шановн(?:ий|а)|вельмишановн(?:ий|а))"
)
_APPOSED = r"(?:an?|one|our|my|his|her|its|their|who|which|whose|born|un|une|notre|een|onze)\b"
"""What begins a word about somebody who is named before: "Sir, our old cat, sleeps"."""
_TOLD = r"(?:you|your|yours|we|us|please|thank|may|vous|votre|vos|nous|u|uw|wij)\b"
"""One of these stands in a sentence that is said to the reader."""
_HONOURED = re.compile(
    r"\b(?:geachte|beste|estimad[oa]|distinguid[oa]|gentile|bästa?|kära|kære|arvoisa)[ \t]+\Z", re.IGNORECASE
)
"""Words behind which a title is written in small letters."""
_BESIDE = 40
"""Characters beside a word of address in which the other sex may be addressed as well."""
_OTHER = re.compile(r"(?:[/&(]|\b(?:or|and|oder|und|ou|et|o|y))\s*$", re.IGNORECASE)
_TOO = re.compile(r"\s*(?:[/&(]|\b(?:or|and|oder|und|ou|et|o|y)\b)", re.IGNORECASE)


@check(
    "VAL011",
    "title-assumed",
    mishaps=["M18"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.FACTS, Need.SEGMENT],
)
def title_assumed(mail: Mail) -> Iterator[Hit]:
    """The copy addresses people as a man or a woman, or sorts them by a guessed gender, though they never said so.

    Why it matters
    "Dear Mr Osei" to Ms Osei, "Sir" to a woman, "for her" to everybody who left a field empty: a wrong guess about
    somebody's gender is remembered, and for some people it is much more than a slip.

    How to fix
    Greet by the name alone, or guard the title by one that was stated, with a greeting without title for the others.

    Known limits
    Words of address are found in front of a name, behind a greeting, and at the head of a sentence that is said to the
    reader, in the languages of the lists; "Sir or Madam" assumes nothing. Who stated a fitting title or gender is left
    out, and so is nobody else: no name is ever taken for that of a man or a woman. Where a group is greeted ("Hello
    ladies,"), as a women's team would be, the confidence is low unless one of them stated otherwise. What is offered
    ("for her") counts only under a condition on a gender or title, for those who stated none, with medium confidence.
    A title behind the name ("Ali Bey") is not seen. One finding per part and sex.
    """
    for part in mail.parts:
        if not part.program.fatal:
            yield from _addressed(mail, part)
            yield from _offered(mail, part)
    yield from _guesses(mail)


def _addressed(mail: Mail, part: PartReading) -> Iterator[Hit]:
    found: dict[str, list[tuple[str, int]]] = {}
    for word, sex, offset in _titles(mail, part):
        found.setdefault(sex, []).append((word, offset))
    for sex, places in sorted(found.items(), reverse=True):
        stated = _who_stated(mail, part, sex)
        reached = [(surely(part, offset) & ~stated, word, offset) for word, offset in places]
        hurt = [(who, word, offset) for who, word, offset in reached if mail.audience.count(who)]
        if hurt:
            _who, word, offset = hurt[0]
            yield Hit(
                _at(part, offset, word),
                f"\u201c{word}\u201d stands in the copy for people who never stated such a title or gender.",
                "Greet by the name alone, or guard the title by one that was stated.",
                who=anybody(who for who, _word, _offset in hurt),
                confidence=_confidence(mail, part, sex, hurt),
                reason="a title is assumed",
            )


def _confidence(mail: Mail, part: PartReading, sex: str, hurt: list[tuple[Who, str, int]]) -> Confidence:
    """Low where only a group is greeted, as a women's team would be, unless one of them stated otherwise."""
    if any(_words()[word.casefold()][1] != "group" for _who, word, _offset in hurt):
        return Confidence.HIGH
    others = _who_stated(mail, part, "f" if sex == "m" else "m")
    return Confidence.HIGH if any(mail.audience.count(who & others) for who, _word, _offset in hurt) else Confidence.LOW


def _titles(mail: Mail, part: PartReading) -> Iterator[tuple[str, str, int]]:
    """Words of address, the sex they assume, and where they stand in the source."""
    copy = copy_of(part)
    for found in _pattern().finditer(copy.text):
        kind = found.lastgroup or ""
        word = found[kind]
        sex, _kind = _words()[word.casefold()]
        if _OTHER.search(copy.text[max(0, found.start() - 12) : found.start()]):
            continue  # "Mr/Mrs", "Sir or Madam"
        if _both_sexes(copy.text, found, kind, sex):
            continue  # "Geachte heer, mevrouw", "Szanowna Pani, Szanowny Panie"
        start = found.start(kind)
        span = copy.span(start, start + len(word))
        if kind != "title":
            if not _TOO.match(copy.text, found.end()):
                yield word, sex, span.start
        elif (word[0].isupper() or _HONOURED.search(copy.text, max(0, start - 20), start)) and _names_follow(
            mail, part, copy.span(found.end() - 1, found.end()).start, word
        ):
            yield word, sex, span.start


def _both_sexes(text: str, found: re.Match[str], kind: str, sex: str) -> bool:
    """Whether the other sex is addressed right before, or right behind a word that stands by itself."""
    before = text[max(0, found.start(kind) - _BESIDE) : found.start(kind)].rpartition("\n")[2]
    behind = "" if kind == "title" else text[found.end(kind) : found.end(kind) + _BESIDE].partition("\n")[0]
    other = _beside("f" if sex == "m" else "m")
    return other[0].search(before) is not None or other[1].match(behind) is not None


def _names_follow(mail: Mail, part: PartReading, offset: int, word: str) -> bool:
    """Whether a name is printed at the offset, or behind the condition that ends there."""
    regions = [one for one in part.regions if one.expression.span.start >= offset]
    if not regions or part.source[offset : regions[0].expression.span.start].count("\n"):
        return False
    between = part.source[offset : regions[0].expression.span.start]
    if len(between) > 120 or VALUE in between:
        return False
    labels = mail.labels
    roles = {role_of(column, labels.get(column, "")) for column in regions[0].expression.columns}
    return bool(roles & (NAMES - {Role.FIRST_NAME} if word.casefold() == "miss" else NAMES))


def _offered(mail: Mail, part: PartReading) -> Iterator[Hit]:
    """Offers for one sex in a branch that those get who stated nothing."""
    text = None
    for fork in part.choices:
        asked = {c for test in fork.tests for c in test.columns if _asks(mail, c)}
        if not asked or any(_is_guess(mail, column) for column in asked):
            continue
        text = text or copy_of(part)
        silent = ~anybody(_valued(mail, column) for column in (*asked, *_facts(mail)))
        for found in _offers().finditer(text.text):
            offset = text.span(found.start(), found.end()).start
            who = surely(part, offset) & silent if fork.span.start <= offset < fork.span.end else NOBODY
            if who != NOBODY and mail.audience.count(who):
                yield Hit(
                    _at(part, offset, found[0]),
                    f"\u201c{found[0]}\u201d is said to people who never stated a gender: they fall into the branch "
                    "of the others.",
                    "Give those who stated nothing a branch of their own, with words for everybody.",
                    who=who,
                    confidence=Confidence.MEDIUM,
                    reason="a gender is assumed",
                )
                return


def _guesses(mail: Mail) -> Iterator[Hit]:
    """Conditions, texts and segments that use a gender or title which somebody guessed."""
    seen: set[str] = set()
    for part in mail.parts:
        for region in (*part.tests, *part.regions):
            for column in region.expression.columns:
                if column not in seen and _is_guess(mail, column) and not part.program.fatal:
                    seen.add(column)
                    yield _guess(mail.at(part, region), column, region.reached() & _valued(mail, column))
    for condition in mail.segment.conditions:
        if condition.column not in seen and _is_guess(mail, condition.column):
            seen.add(condition.column)
            yield _guess(Location(Part.SEGMENT, expression=condition.column), condition.column, None)


def _guess(at: Location, column: str, who: Who | None) -> Hit:
    return Hit(
        at,
        f"{column} is a guess at people's gender, and the mail is made by it.",
        "Ask people, and use only what they stated; write for everybody until then.",
        who=who,
        reason="a gender is guessed",
    )


# -- who said what


def _who_stated(mail: Mail, part: PartReading, sex: str) -> Who:
    """Those who stated a title or gender that fits the word."""
    columns = {c for one in (*part.tests, *part.regions) for c in one.expression.columns if _asks(mail, c)}
    columns -= {column for column in columns if _is_guess(mail, column)}
    return anybody(_valued(mail, column, sex) for column in (*sorted(columns), *_facts(mail)))


def _facts(mail: Mail) -> tuple[str, ...]:
    return tuple(mail.fact(name) for name in _FACTS if mail.has_fact(name))


def _valued(mail: Mail, column: str, sex: str = "") -> Who:
    """Those who have a value in the column that can be seen, or one that stands for the sex."""
    cells = [
        cell
        for value, cell, _count in mail.values(column)
        if isinstance(value, str) and value.strip() and (not sex or _sex(value) == sex)
    ]
    return mail.with_values(column, cells) if cells else NOBODY


def _sex(value: str) -> str:
    word = value.strip().rstrip(".").casefold()
    return _genders().get(word) or _words().get(word, ("", ""))[0]


def _asks(mail: Mail, column: str) -> bool:
    return any(_COLUMN.search(_spaced(name)) for name in (column, mail.labels.get(column, "")))


def _is_guess(mail: Mail, column: str) -> bool:
    return any(
        _COLUMN.search(words) and _GUESSED.search(words)
        for words in map(_spaced, (column, mail.labels.get(column, "")))
    )


def _spaced(name: str) -> str:
    return " ".join(re.split(r"[\W_]+", name))


def _at(part: PartReading, offset: int, word: str) -> Location:
    return Location(part.part, offset, offset + len(word), word.casefold())


# -- the word lists


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    entries = (line.split(" | ") for line in lines("titles"))
    return {word: (sex, kind) for word, sex, kind in entries}


@cache
def _genders() -> Mapping[str, str]:
    entries = (line.partition(" | ") for line in lines("genders"))
    return {word: sex for word, _, sex in entries}


@cache
def _pattern() -> re.Pattern[str]:
    """A title in front of something filled in, a word of address behind a greeting, or one that begins a sentence.

    A name behind the word is somebody else's: "Welcome Sir Ian"; so is what is told of them: "Sir, our cat".
    """
    greeted = _either(word for word, (_sex, kind) in _words().items() if kind == "greeted")
    group = _either(word for word, (_sex, kind) in _words().items() if kind == "group")
    return re.compile(
        rf"\b(?P<title>{_either(word for word, (_sex, kind) in _words().items() if kind != 'group')})\.?\s*{VALUE}"
        rf"|\b{_GREETING},?\s+(?P<greeted>{greeted})\b(?!\s*{VALUE}|[ \t]+(?-i:[A-ZÀ-Þ])\w)"
        rf"|\b{_GREETING},?\s+(?P<group>{group})(?=[ \t]*(?:[,.!?:–—]|$))"
        rf"|(?:^|[.!?…][ \t]+)[ \t]*(?P<called>(?-i:(?=[A-ZÀ-Þ])){greeted})(?:[,!]|[ \t][–—-])[ \t]+"
        rf"(?!{_APPOSED}|{greeted}\b)(?=[^.!?\n]{{0,120}}?\b{_TOLD})"
        rf"|\b{_TOLD}[^.!?,;\n\"“”]{{0,80}},[ \t]+(?P<last>(?-i:(?=[A-ZÀ-Þ])){greeted})(?=[.!?])",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _beside(sex: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word of address for a sex, with what joins it to one that follows, and to one that stands before."""
    word = rf"\b{_either(word for word, (one, kind) in _words().items() if one == sex and kind != 'adjective')}\b"
    joined = (
        r"\.?(?:[ \t]*[,/][ \t]*|[ \t]+)(?:(?:or|of|lub|oder|ou|o|e|y|et|en|and|und|або|ή)[ \t]+)?(?:\w+[ \t]+){0,2}?"
    )
    return re.compile(rf"{word}{joined}$", re.IGNORECASE), re.compile(rf"{joined}{word}", re.IGNORECASE)


@cache
def _offers() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_either(lines('for_one_sex'))}(?!\w)", re.IGNORECASE)


def _either(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"
