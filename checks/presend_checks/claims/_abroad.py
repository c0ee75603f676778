"""Days named in other languages than English, and which of them end something that is on offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import groupby

from presend_checks._lexicon import any_of, entries, rows
from presend_checks.claims._dates import CLEAR_DAYS, Named

ANY = "*"
"""The language of a date in digits."""
_MONTHS = 12
_NEAR = 160
"""Characters beside a date, in its line, in which words of an offer count."""
_BEFORE = 60
_ROOM = 60
_BLANKS = r"[ \t]+"
_LINKS = rf"(?:(?:den|dem|der|de[nt]?|le|el|il|la|dia|día|lo|pe|w{_BLANKS}dniu|dnia|dne|στις|τις|την)\.?{_BLANKS})?"
"""Between a weekday and the number of its day."""
_YEAR = rf"(?:[.,]?{_BLANKS}(?:del?{_BLANKS}|do{_BLANKS})?(?P<year>(?:1[6-9]|20)\d\d)\b)?"
_AFTER = r"(?![\w%]|[.,:/]\d|[.,]?[ ](?:1\d|20)\d\d\b)"
_AHEAD = r"(?<![\w.,:/£$€-])"
_DIGITS = r"(?P<day>\d{1,2})(?P<sign>[./])[ ]?(?P<month>\d{1,2})(?:(?P=sign)[ ]?(?:(?P<year>20\d\d))?)?"
_EAST = re.compile(
    r"(?:(?P<year>20\d\d)[年년][ ]?)?(?P<month>\d{1,2})[月월][ ]?(?P<day>\d{1,2})(?P<kind>[日일号])[ ]?"
    r"(?:[(（](?:星期|周|週)?(?P<weekday>[月火水木金土日월화수목금토일一二三四五六天])(?:曜日?|요일)?[)）])?"
)
_EAST_DAYS = {
    **dict(zip("月火水木金土日", range(7), strict=True)),
    **dict(zip("월화수목금토일", range(7), strict=True)),
}
_EAST_DAYS |= dict(zip("一二三四五六天", range(7), strict=True))
_EAST_END = re.compile(r"\s?(?:まで|迄|까지|截止|止|前)|[ ]?\d{1,2}[:：]\d\d\s?(?:まで|까지)")
_EAST_BEFORE = re.compile(r"(?:截止|截至|截止至|截止到|即日起至)[ ]?$")
_EAST_OFFER = re.compile(
    r"[%％]|OFF|無料|割引|オフ|円|申[しし]?込|締切|予約|セール|送料|할인|무료|쿠폰|특가|신청|원|折|优惠|報名|报名|包邮|元"
)
_EAST_TOLD = re.compile(r"ました|でした|終了|延長|였|었|했|연장|종료|已|延长|延期|结束")
_MONEY = re.compile(
    r"\d[ ]?%|%\d|\b\dx\d\b"
    r"|[€£$₺₴₪₽]|(?<![^\W_])(?:EUR|CHF|R\$|kr|zł|Kč|Ft|lei|RON|TL|грн|руб|DKK|SEK|NOK|PLN)(?![^\W_])"
)
_ENGLISH = re.compile(r"(?<![\w'-])(?:the|and|our|your|you|with|this|from|we|until)(?![\w'-])", re.IGNORECASE)
_MORE = (
    r"(?:[ \t]*[,/&+–-][ \t]*"
    r"|[ \t]+(?:und|et|y|e|en|och|og|i|a|ja|és|și|ve|και|та|и|oder|ou|o|of|bis|au|al|do|til|till)[ \t]+)"
)
"""Between two days that are told together."""


_SPAN = re.compile(
    r"(?<![\w.,:/£$€-])(?:(?:du|dal|del|de)[ ]\d{1,2}(?:er|º|°)?[ ](?:[^\W\d_]+[ ])?(?:au|al|a|ao)[ ]"
    r"|\d{1,2}\.?[ ]?[–-][ ]?)$",
    re.IGNORECASE,
)
"""Before the last day of a stretch: "du 10 au 20 novembre", "10.–20. November"."""
_PERFECT = (
    r"\b(?:haben|hat|habt|hatten?|sind|ist|wurden?|hebben|heeft|zijn|is)\b(?:[^.!?]|(?<=\d)\.){0,160}?"
    r"\b(?:\w{0,6}ge\w+(?:t|en|d)|\w+iert|(?!begrenzt|befristet)(?:be|ver|ent)\w+t)\b"
    r"|\b(?:\w{0,6}ge|be|ver|ent)\w+(?:t|en) (?:hat|habt|haben|wurden?|worden)\b"
)
_NORTH = r"\b(?!gerade|schade|\w*(?:menade|rmelade|kolade|arade))\w{3,}(?:ade|ades|ede|edes)\b"
_SLAVIC = r"\b\w{2,}(?:liśmy|łyśmy|ał|ił|ył|[aiyę]ła|[aiy]ło|[aiyę]ły)\b|\bjsme\b"
_PAST = {
    "de": _PERFECT,
    "nl": _PERFECT + r"|\bwas\b(?! ?[€\d])",
    "fr": r"\b(?:avez|avons|ont|a|ai)[ ](?:\w+[ ])?\w+(?:é|i|u|is|it|rt)e?s?\b|\b\w*(?:étions|étiez|aient)\b"
    r"|\best (?:arriv|part|pass|termin|fini|clos)\w*",
    "es": r"\b(?:hemos|han|has|ha)[ ]\w+(?:[aiu]do|to|cho)\b|\b\w+(?:aron|ieron|asteis|isteis)\b",
    "it": r"\b(?:abbiamo|hanno|ha|ho)[ ]\w+(?:[aiu]to|to|so)\b",
    "pt": r"\b\w+(?:aram|eram|iram|ámos)\b",
    "sv": _NORTH,
    "da": _NORTH,
    "nb": _NORTH,
    "pl": _SLAVIC,
    "cs": _SLAVIC,
    "hu": r"\b\w+t[uü]nk\b",
    "ro": r"\b(?:am|au)[ ]\w+(?:at|it|ut)\b",
    "tr": r"\b\w+(?:[dt][ıiuü]k|[dt][ıi]lar|[dt]iler|[lnr]d[ıiuü]|tt[ıi])\b",
    "el": r"\b(?:είχ\w+|\w+θηκ\w+|\w+[σξψ]αμε)\b",
    "uk": r"\b\w{2,}(?:али|или|яли|ила|ала|лася|лись|лися|лось|лося)\b",
    "ru": r"\b\w{2,}(?:али|или|яли|ила|ала|лась|лись|лось|лся)\b",
    "fi": r"\b\w+(?:imme|ivat|ttiin)\b",
}
"""What has been, by the forms of verbs; what is taken for one by mistake makes no finding, and no false one."""


def abroad(text: str, sent: date) -> Iterator[tuple[tuple[str, ...], Named]]:
    """The days that a text names in other languages, each with those in which it may be; in digits with `ANY`."""
    for month in _any_month().finditer(text):
        around = max(0, month.start() - _ROOM), month.end() + _ROOM
        each = [
            (found, language)
            for language in _languages()[month[0].lower()]
            for found in _forms(language).finditer(text, *around)
            if found.start("month") == month.start()
        ]
        longest = max((len(found[0]) for found, _language in each), default=0)
        each = [(found, language) for found, language in each if len(found[0]) == longest]
        if each and (one := _named(each[0][0], sent, _months(each[0][1])[month[0].lower()], each[0][1])) is not None:
            yield tuple(language for _found, language in each), one
    for found in _in_digits().finditer(text):
        short = not found["year"] and not found["weekday"]
        if found["sign"] == "." and short and not found[0].endswith("."):
            continue  # an hour, a size, a version
        if found["sign"] == "." or int(found["day"]) > _MONTHS:
            one = _named(found, sent, int(found["month"]), ANY)
            if one is not None:
                yield (ANY,), one
    for found in _EAST.finditer(text):
        weekday = _EAST_DAYS.get(found["weekday"] or "")
        day = _next_to(found["year"], int(found["month"]), int(found["day"]), sent)
        if day is not None:
            yield ("east",), Named(found.start(), found.end(), day, bool(found["year"]), weekday)


def ends(text: str, languages: tuple[str, ...], one: Named) -> bool:
    """Whether the day is the last one of something that is on offer."""
    before = text[max(0, one.start - _NEAR) : one.start].rpartition("\n")[2]
    behind = text[one.end : one.end + _NEAR].partition("\n")[0]
    near = f"{before}\x00{behind}"
    if languages == ("east",):
        last_day = _EAST_END.match(behind) or _EAST_BEFORE.search(before)
        return bool(last_day and _EAST_OFFER.search(near)) and not _EAST_TOLD.search(near)
    for language in languages:
        first, last = _cues(language)
        if first.search(before[-_BEFORE:]) or _SPAN.search(before[-_BEFORE:]) or last.match(behind):
            return bool(_MONEY.search(near) or _offers().search(near))
    return False


def told(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a sentence tells of the past, or of an end that was put off; or is English, and judged as such."""
    return (
        _told().search(text) is not None or _past(languages).search(text) is not None or len(_ENGLISH.findall(text)) > 1
    )


def _named(found: re.Match[str], sent: date, month: int, language: str) -> Named | None:
    groups = found.groupdict()
    word = groups.get("weekday") or groups.get("weekday2")
    day = _next_to(groups.get("year"), month, int(found["day"]), sent)
    if day is None:
        return None
    weekday = None if word is None else _weekdays(language).get(" ".join(word.lower().replace("’", "'").split()))
    if (
        weekday is not None
        and groups.get("weekday")
        and _joined().search(found.string, max(0, found.start() - 30), found.start())
    ):
        weekday = None
    return Named(found.start(), found.end(), day, bool(groups.get("year")), weekday)


def _next_to(year: str | None, month: int, day: int, sent: date) -> date | None:
    years = [int(year)] if year else [sent.year - 1, sent.year, sent.year + 1]
    each = [one for number in years if (one := _day(number, month, day)) is not None]
    chosen = min(each, key=lambda one: abs((one - sent).days), default=None)
    if chosen is None or (not year and abs((chosen - sent).days) > CLEAR_DAYS):
        return None
    return chosen


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# -- the word lists


def _table(name: str) -> dict[str, dict[str, int]]:
    every = sorted(rows("claims", name, "|"))
    return {
        language: {word: int(number) for _language, word, number in group}
        for language, group in groupby(every, key=lambda row: row[0])
    }


@cache
def _months(language: str) -> dict[str, int]:
    return _table("months_abroad")[language]


@cache
def _weekdays(language: str) -> dict[str, int]:
    tables = _table("weekdays_abroad")
    if language != ANY:
        return tables.get(language, {})
    return {word: number for table in tables.values() for word, number in table.items()}


@cache
def _languages() -> dict[str, list[str]]:
    """The languages in which a word is a month."""
    found: dict[str, list[str]] = {}
    for language, word, _number in rows("claims", "months_abroad", "|"):
        found.setdefault(word, []).append(language)
    return found


def _words(words: Iterable[str]) -> str:
    return any_of(words, blanks=_BLANKS)


@cache
def _any_month() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_]){_words(_languages())}(?![^\W\d_])", re.IGNORECASE)


@cache
def _forms(language: str) -> re.Pattern[str]:
    """A date of a language, with the weekday before it, or behind it as in Turkish and Hungarian."""
    days, months = _words(_weekdays(language)), _words(_months(language))
    weekday = rf"(?:(?P<weekday>{days})[.,]?{_BLANKS}(?:\([ ]?)?{_LINKS})?"
    if language == "hu":
        form = rf"(?:(?P<year>20\d\d)\.?[ ])?(?P<month>{months})[ ](?P<day>\d{{1,2}})"
        return re.compile(rf"{_AHEAD}{form}(?!\d)", re.IGNORECASE)
    form = rf"(?P<day>\d{{1,2}})(?:\.|º|°|er)?{_BLANKS}(?:de{_BLANKS})?(?P<month>{months}){_YEAR}"
    behind = rf"(?:,?{_BLANKS}(?P<weekday2>{days})\b)?" if language == "tr" else ""
    return re.compile(rf"{_AHEAD}{weekday if language != 'tr' else ''}{form}{behind}{_AFTER}", re.IGNORECASE)


@cache
def _in_digits() -> re.Pattern[str]:
    weekday = rf"(?:(?P<weekday>{_words(_weekdays(ANY))})[.,]?{_BLANKS}(?:\([ ]?)?{_LINKS})?"
    return re.compile(rf"{_AHEAD}{weekday}{_DIGITS}(?![\w%:]|[.,/]\d)", re.IGNORECASE)


@cache
def _joined() -> re.Pattern[str]:
    """Before a weekday: another one, so that the date may be that one's."""
    return re.compile(rf"{_words(_weekdays(ANY))}\.?{_MORE}$", re.IGNORECASE)


@cache
def _cues(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before, and what stands behind the last day of something."""
    every = rows("claims", "last_days_abroad", "|")
    # A date in digits with a stroke is of no language in which "do" means until.
    first = [words for one, words, where in every if where == "before" and language in (one, ANY)]
    last = [words for one, words, where in every if where == "behind" and language in (one, ANY)]
    weekday = rf"(?:{_words(_weekdays(language))}[.,]?{_BLANKS}{_LINKS})?"
    clock = r"(?:\d{1,2}(?:[.:]\d\d)?[ ]?(?:Uhr|h)?[ ](?:am|le|del|el|du|op)?[ ]?)?"
    none = "(?!)"
    return (
        re.compile(
            rf"(?<![^\W_]){_words(first) if first else none}[:]?{_BLANKS}{clock}{weekday}{_LINKS}$", re.IGNORECASE
        ),
        re.compile(
            rf"(?:[ ]?{_words(_weekdays(language))})?[ ]?{_words(last) if last else none}(?![^\W_])", re.IGNORECASE
        ),
    )


@cache
def _offers() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(entries('claims', 'offers_abroad'), star=True)}(?![\w])", re.IGNORECASE)


@cache
def _past(languages: tuple[str, ...]) -> re.Pattern[str]:
    # A language of which only the digits show is any but Turkish, whose verbs end as words of others do.
    each = [_PAST[one] for one in languages if one in _PAST] or [past for one, past in _PAST.items() if one != "tr"]
    return re.compile("|".join(dict.fromkeys(each)), re.IGNORECASE)


@cache
def _told() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(entries('claims', 'told_abroad'), star=True)}(?!\w)", re.IGNORECASE)
