"""Days in other languages: every month, weekday, cue and word of the lists does its work, and not inside a word."""

from __future__ import annotations

from datetime import date

import pytest

from presend_checks._lexicon import entries, rows
from presend_checks.claims._abroad import abroad, ends, told

SENT = date(2026, 11, 24)
MONTH = {language: word for language, word, number in rows("claims", "months_abroad", "|") if number == "11"}


def ended(text: str) -> bool:
    return any(ends(text, languages, one) for languages, one in abroad(text, SENT))


@pytest.mark.parametrize(("language", "word", "number"), rows("claims", "months_abroad", "|"))
def test_this_word_is_a_month(language: str, word: str, number: str) -> None:
    written = f"2026. {word} 7" if language == "hu" else f"7. {word} 2026"
    found = [one.day for languages, one in abroad(f"x {written} x", SENT) if language in languages]

    assert found == [date(2026, int(number), 7)]
    assert list(abroad(written.replace(word, f"{word}x"), SENT)) == []


@pytest.mark.parametrize(("language", "word", "number"), rows("claims", "weekdays_abroad", "|"))
def test_this_word_is_a_weekday(language: str, word: str, number: str) -> None:
    month = MONTH[language]
    written = f"7 {month} 2026 {word.title()}" if language == "tr" else f"{word.title()} 7 {month} 2026"
    found = [one.weekday for languages, one in abroad(written, SENT) if language in languages]

    assert found == [int(number)]


@pytest.mark.parametrize(("language", "words", "where"), rows("claims", "last_days_abroad", "|"))
def test_these_words_end_something_that_is_on_offer(language: str, words: str, where: str) -> None:
    day = "november 20" if language == "hu" else f"20 {MONTH.get(language, 'kasım')}"
    gap = "" if words[0] in "-'" else " "
    written = f"{words.title()} {day}" if where == "before" else f"{day}{gap}{words}"

    assert ended(f"{written} – 20 %")
    assert ended(f"{written} x") == ended(f"bis 20. November {words}")  # some name what is on offer themselves
    assert not ended(f"{day} – 20 %")


@pytest.mark.parametrize("entry", entries("claims", "offers_abroad"))
def test_this_word_is_of_an_offer(entry: str) -> None:
    assert ended(f"{entry.replace('*', 'x').title()} bis 20. November")
    assert not ended(f"x{entry.strip('*')[::-1]} bis 20. November")


@pytest.mark.parametrize("entry", entries("claims", "told_abroad"))
def test_this_word_tells_of_the_past(entry: str) -> None:
    assert told(f"x {entry.replace('*', 'x').title()} x", ("el",))
    assert not told(f"x q{entry.replace('*', 'x')} x", ("el",))
