"""Every entry of the lexicons of consent and timing does its work, and copies lead back to their source."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from presend.cases import Case, opened, run
from presend.check import CannotTell, Need, check
from presend.mail import Mail, Opened
from presend.model import Part, Platform, Severity, UncheckedKind
from presend.rules import RuleSet, judge
from presend_checks import rulebook
from presend_checks._arrival import zone
from presend_checks._copy import VALUE, copy_of
from presend_checks._lexicon import entries, rows
from presend_checks.consent._lexicons import lines
from presend_checks.consent._reasons import patterns
from presend_checks.timing._days import bound, explicit
from presend_checks.timing._hailed import hailed
from presend_checks.timing._hours import hours_today
from presend_checks.timing._meant import meant
from presend_checks.timing._next_to import beside

RULES = {rule.code: rule for rule in rulebook.rules}


def case(code: str, **data: object) -> Case:
    return Case(code, "lexicon", "good", "", Platform.KLAVIYO, (), data)


def found(code: str, **data: object) -> int:
    """How many findings a check has on a mail without recipients."""
    return len(run(RULES[code], case(code, **data)).findings)


def numbered(name: str) -> list[tuple[str, int]]:
    return [(word, int(number)) for word, number in rows("timing", name, "|")]


@pytest.mark.parametrize("entry", lines("ways_out"))
def test_a_link_with_these_words_is_a_way_out(entry: str) -> None:
    assert found("CON001", html=f"<p>Hi</p><a href='https://example.com/x'>{entry.title()}</a>") == 0
    assert found("CON001", html=f"<p>Hi</p><p>{entry}</p>") == 1


@pytest.mark.parametrize("entry", lines("reasons"))
def test_these_words_are_a_reason(entry: str) -> None:
    assert found("CON005", text=f"Hello\n\n{entry.capitalize()} letter") == 0


@pytest.mark.parametrize(("example", "pattern"), patterns())
def test_each_pattern_of_a_reason_has_its_example(example: str, pattern: re.Pattern[str]) -> None:
    """Also `reason_patterns`: every line finds what stands before it, and nothing where nobody says why."""
    assert len(patterns()) == len(lines("reason_patterns"))
    assert pattern.search(example) is not None
    assert found("CON005", text=f"Hello\n\n{example}.") == 0
    assert pattern.search("You may unsubscribe at any time. We never share your address. Sign up for a class.") is None


@pytest.mark.parametrize("entry", lines("streets"))
def test_this_word_makes_an_address(entry: str) -> None:
    written = f"Linden{entry[1:]} 12" if entry[0] == "-" else f"14 Quarry {entry}"
    assert found("CON002", text=f"Hello\n\n{written}") == 0
    assert found("CON002", text=f"Hello\n\n{written.replace('12', '').replace('14', '')}") == 1


@pytest.mark.parametrize(("word", "days"), numbered("days"))
def test_this_word_is_a_day(word: str, days: int) -> None:
    (said,) = explicit(f"Hello, {word} (9 March 2027) we open.")
    assert said.named is not None
    assert (said.offset, said.named.when) == (days, (2027, 3, 9))
    assert [one.word for one in bound(f"ends {word}")] == [word] * (days >= 0)


@pytest.mark.parametrize(("name", "number"), numbered("weekdays"))
def test_this_name_is_a_weekday(name: str, number: int) -> None:
    (said,) = explicit(f"Today, {name.title()}.")
    assert said.named is not None
    assert said.named.weekday == number
    assert [one.named.weekday for one in hailed(f"Happy {name}!") if one.named] == [number]


@pytest.mark.parametrize(("name", "number"), numbered("months"))
def test_this_name_is_a_month(name: str, number: int) -> None:
    (said,) = explicit(f"Tomorrow, 7 {name.title()}, at ten")
    assert said.named is not None
    assert said.named.when == (None, number, 7)


@pytest.mark.parametrize("phrase", entries("timing", "bound"))
def test_these_words_bind_a_day(phrase: str) -> None:
    assert len(list(bound(f"The sale {phrase} tonight"))) == 1
    assert list(bound("Cast on tonight and wear it soon")) == []


@pytest.mark.parametrize("phrase", entries("timing", "no_days"))
def test_in_this_phrase_a_word_for_a_day_means_none(phrase: str) -> None:
    assert list(explicit(f"In {phrase}, Monday 2 November.")) == []
    assert list(bound(f"It closes {phrase} at ten")) == []


@pytest.mark.parametrize("noun", entries("timing", "offers"))
def test_what_a_weekday_offers_today_only_is_of_that_day(noun: str) -> None:
    assert [one.named.weekday for one in meant(f"Thursday {noun}: half price, today only") if one.named] == [3]
    assert list(meant(f"Thursday {noun}: half price")) == list(meant(f"Black Friday {noun}, today only")) == []


@pytest.mark.parametrize(("name", "hour"), rows("timing", "hours", "|"))
def test_an_hour_with_a_name_is_over_at(name: str, hour: str) -> None:
    assert [one.hour for one in hours_today(f"Reply by {name} today.")] == [time.fromisoformat(hour)]
    assert list(hours_today(f"Our {name} is 5 in the shop, and not today.")) == []


@pytest.mark.parametrize("act", entries("timing", "until"))
def test_this_can_be_done_or_had_until_an_hour_of_today(act: str) -> None:
    assert [one.hour for one in hours_today(f"Today: two {act} mugs until 11 am.")] == [time(11)]
    assert list(hours_today("Today: two lazy mugs until 11 am.")) == []


@pytest.mark.parametrize("noun", entries("timing", "events"))
def test_what_is_on_may_have_its_day_in_the_next_sentence(noun: str) -> None:
    assert [one.offset for one in beside(f"Tomorrow is our {noun}. See you on Friday at six.")] == [1]
    assert list(beside(f"Tomorrow is our {noun}. The kiln is lit on Friday.")) == []


@pytest.mark.parametrize(("word", "where"), rows("timing", "zones", "|"))
def test_this_word_names_whose_clock_it_is(word: str, where: str) -> None:
    assert where == "?" or zone(where) is not None
    assert [one.zone for one in hours_today(f"We go live today at 9 am {word}.")] == ([] if where == "?" else [where])


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("We meet today at half past ten.", time(10, 30)),
        ("We meet this morning at quarter to nine.", time(8, 45)),
        ("Quarter past two today is when it starts.", time(14, 15)),
        ("Pick it up today from 9 to 11.", time(11)),
        ("Pick it up today from 9 to 5.", time(17)),
        ("Pick it up today, 12–1 pm.", time(13)),
        ("Pick it up today between 10 am and 2.", time(14)),
        ("Pick it up tonight between 11 pm and 1 am.", None),
        ("The concert is today at 10.", time(22)),
        ("Drinks today from 7 till 9.", None),
        ("Be here today at 3.", time(15)),
        ("It closes today at 9.", None),
        ("It closes today at 1630.", None),
    ],
)
def test_an_hour_is_that_of_the_clock(text: str, hour: time | None) -> None:
    """Nobody can tell which of two hours an evening's may be, and what goes on after midnight is not over."""
    assert [one.hour for one in hours_today(text)] == ([] if hour is None else [hour])


@pytest.mark.parametrize(
    ("text", "reading", "true"),
    [
        ("Tomorrow, Friday 27 November", date(2026, 11, 26), True),
        ("Tomorrow, Friday 27 November", date(2026, 11, 25), False),
        ("Today (2026-11-27)", date(2026, 11, 27), True),
        ("Today, November 27th, 2025.", date(2026, 11, 27), False),
        ("Tomorrow is Friday.", date(2026, 11, 26), True),
        ("Today, 27/11, is the last day.", date(2026, 11, 27), True),
        ("Today (11/27)", date(2026, 11, 27), True),
        ("Today (3/04)", date(2027, 3, 4), True),
        ("Today (3/04)", date(2027, 4, 3), True),
        ("Today (3/04)", date(2027, 4, 4), False),
        ("Today, 27.11., we open.", date(2026, 11, 26), False),
        ("Today, Friday the 27th, we open.", date(2026, 11, 27), True),
        ("Today, Friday the 27th, we open.", date(2026, 11, 20), False),
        ("Today, Sat 28 Nov, we open.", date(2026, 11, 28), True),
        ("Yesterday, Thursday, we opened.", date(2026, 11, 27), True),
        ("Tomorrow, 1 January", date(2026, 12, 31), True),
    ],
)
def test_a_day_is_held_against_the_day_of_reading(text: str, reading: date, true: bool) -> None:
    (said,) = explicit(text)
    assert said.fits(reading) is true


def test_a_copy_leads_back_to_its_source() -> None:
    html = "<style>p{}</style><p>Caf&eacute;<br>{{ first_name }}, don&#39;t <b>wait</b> till&nbsp;<!-- no -->noon</p>"
    with opened(case("X", html=html)) as message:
        part = message.reading.parts[Part.HTML]
        copy = copy_of(part)

        assert copy.text.split("\n") == ["", "Café", f"{VALUE * 16}, don't wait till noon", ""]
        at = copy.text.index("wait")
        span = copy.span(at, at + 4)
        assert html[span.start : span.end] == "wait"
        assert copy.between(html.index("<b>"), html.index("</b>")) == "wait"


@check("ZZZ002", "cannot-tell", mishaps=(), severity=Severity.LOW, needs=[Need.PARTS])
def cannot_tell(mail: Mail):
    """A check for this file only."""
    raise CannotTell("nobody knows", 3)
    yield mail


def test_a_check_that_cannot_tell_says_why_and_is_no_failure() -> None:
    with opened(case("ZZZ002", subject="Hello")) as message:
        assert isinstance(message, Opened)
        (verdict,) = judge(message, RuleSet((cannot_tell,)), first=True)

    assert verdict.missed == (UncheckedKind.UNKNOWABLE, 3, "nobody knows")
    assert verdict.findings == ()
