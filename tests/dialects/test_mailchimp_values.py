"""What Mailchimp prints for a value: defaults, types, filters, dates (rows 1, 2, 19, 20, 22, 69 of the catalogue)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from presend.dialects.base import IssueKind, Scene
from presend.dialects.mailchimp.dates import php_date
from presend.model import Part, Vocabulary
from presend.reading import PartReading
from tests.dialects.mailchimp_account import (
    ACCOUNT,
    BLANK,
    MC,
    PRINTED,
    UNKNOWN,
    first,
    issues,
    read,
)

# -- values


@pytest.mark.parametrize("row", [{}, {"FNAME": None}, {"FNAME": ""}])
def test_row_1_a_missing_value_prints_nothing(row: dict[str, Any]) -> None:
    assert read("Hi *|FNAME|*,", **row).text == "Hi ,"
    assert first("Hi *|FNAME|*,").evaluate(row).kind is BLANK


def test_row_1_says_where_a_fallback_goes() -> None:
    bare, with_default = first("*|FNAME|*"), first("*|LNAME|*")

    assert (bare.columns, bare.bare, bare.fallback) == (("FNAME",), True, None)
    assert "set a default value for FNAME" in bare.fallback_place
    assert "*|IF:FNAME|**|FNAME|**|ELSE:|*" in bare.fallback_place
    assert with_default.fallback == "Customer"
    assert read("*|LNAME|*").text == "Customer"


def test_row_2_white_space_prints_as_it_is_and_defeats_the_default() -> None:
    assert read("Hi *|LNAME|*,", LNAME=" \t").text == "Hi  \t,"
    assert first("*|LNAME|*").evaluate({"LNAME": " "}).kind is BLANK


def test_a_default_of_white_space_is_no_fallback() -> None:
    (issue,) = issues("*|NICK|*")

    assert issue.kind is IssueKind.EMPTY_FALLBACK
    assert first("*|NICK|*").fallback is None
    assert read("<*|NICK|*>").text == "<  >"


def test_a_default_that_could_not_be_read_is_unknown_only_where_it_would_print() -> None:
    assert read("*|PET|*", PET="Rex").text == "Rex"
    assert read("*|PET|*").kind is UNKNOWN


@pytest.mark.parametrize("name", ["FNAME", "MERGE1", "MMERGE1"])
def test_a_field_answers_to_all_its_names(name: str) -> None:
    assert read(f"*|{name}|*", FNAME="Ann").text == "Ann"
    assert MC.column(name, ACCOUNT) == "FNAME"


@pytest.mark.parametrize("name", ["EMAIL", "MERGE0", "MMERGE0"])
def test_the_address_needs_no_vocabulary(name: str) -> None:
    assert read(f"*|{name}|*", EMAIL="ann@example.com").text == "ann@example.com"
    assert MC.column(name, Vocabulary()) == "EMAIL"
    assert issues(f"*|{name}|*", vocabulary=Vocabulary()) == []


@pytest.mark.parametrize(
    ("tag", "value", "text"),
    [
        ("POINTS", 12, "12"),
        ("POINTS", 12.5, "12.5"),
        ("POINTS", 40.0, None),
        ("POINTS", "1,200", "1,200"),
        ("PHONE", "(555) 010-2000", "(555) 010-2000"),
        ("SINCE", "02/01/2024", None),
        ("BDAY", "11/20", "11/20"),
        ("SINCE", "2024-02-01", None),
        ("BDAY", "1980-11-20", None),
        ("ADDRESS", {"addr1": "1 Main St"}, None),
        ("ADDRESS", "", ""),
        ("FNAME", ["a"], None),
        ("FNAME", True, None),
        ("POINTS", 1e30, None),
        ("FNAME", "*|LNAME|*", None),
        ("FNAME", "{{ x }}", "{{ x }}"),
        ("FNAME", 'Ann "Annie" Lee', None),
    ],
)
def test_row_69_and_what_each_type_prints(tag: str, value: Any, text: str | None) -> None:
    rendered = read(f"*|{tag}|*", **{tag: value})

    assert rendered.kind is (UNKNOWN if text is None else PRINTED)
    assert text is None or rendered.text == text


@pytest.mark.parametrize(
    ("filter_", "value", "text"),
    [
        ("UPPER", "josé", "JOSÉ"),
        ("UPPER", "Groß", None),
        ("LOWER", "ANN", "ann"),
        ("TITLE", "mcdonald", "Mcdonald"),
        ("TITLE", "ANN MARIE", "Ann Marie"),
        ("TITLE", "McDonald", None),
        ("TITLE", "jean-luc", None),
        ("TITLE", "o'brien", None),
        ("HTML", "<b>a</b> & b", "<b>a</b> & b"),
        ("URL", "ann+x@example.com", "ann%2Bx%40example.com"),
        ("URL", "Ann & Bo", "Ann%20%26%20Bo"),
        ("URL", "it's", None),
        ("URL", "\ud800", "%3F"),
    ],
)
def test_row_22_filters(filter_: str, value: str, text: str | None) -> None:
    rendered = read(f"*|{filter_}:FNAME|*", Part.TEXT, FNAME=value)

    assert rendered.kind is (UNKNOWN if text is None else PRINTED)
    assert text is None or rendered.text == text


@pytest.mark.parametrize("part", [Part.SUBJECT, Part.PREVIEW_TEXT, Part.TEXT])
def test_nothing_is_escaped_outside_html(part: Part) -> None:
    assert read("*|FNAME|*", part, FNAME="Tom & 'Jo' <3").text == "Tom & 'Jo' <3"


def test_row_19_a_raw_value_in_a_link_is_unknown_and_an_encoded_one_is_not() -> None:
    link = '<a href="https://x.example/?n=*|{}FNAME|*">x</a>'

    assert read(link.format(""), FNAME="Ann & Bo").kind is UNKNOWN
    assert "?n=Ann%20%26%20Bo" in read(link.format("URL:"), FNAME="Ann & Bo").text


def test_row_20_an_empty_link() -> None:
    assert read('<a href="*|WEBSITE|*">x</a>').text == '<a href="">x</a>'


# -- dates


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        ("d/m/Y", "05/02/2028"),
        ("D, j M y", "Sat, 5 Feb 28"),
        ("l jS F Y", "Saturday 5th February 2028"),
        ("N w z t L W o", "6 6 35 29 1 05 2028"),
        ("n m", "2 02"),
        ("g:i a, G h H", "3:04 pm, 15 03 15"),
        ("A s u v", "PM 09 000000 000"),
        ("e T P O Z I", "UTC UTC +00:00 +0000 0 0"),
        ("c", "2028-02-05T15:04:09+00:00"),
        ("r", "Sat, 05 Feb 2028 15:04:09 +0000"),
        ("U", "1833375849"),
        ("B", "669"),
        (r"\Y\e\a\r Y", "Year 2028"),
        ("Y\\", "2028"),
    ],
)
def test_php_letters(letters: str, text: str) -> None:
    assert php_date(datetime(2028, 2, 5, 15, 4, 9, tzinfo=UTC), letters) == text


@pytest.mark.parametrize(
    ("day", "suffix"), [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (13, "th"), (22, "nd")]
)
def test_ordinals(day: int, suffix: str) -> None:
    assert php_date(datetime(2026, 1, day, tzinfo=UTC), "jS") == f"{day}{suffix}"


def test_dates_are_told_in_the_accounts_zone() -> None:
    night = Scene(now=datetime(2027, 1, 1, 3, 0, tzinfo=UTC))
    program = MC.compile(MC.parse("*|DATE:Y-m-d H:i|* *|CURRENT_YEAR|*", Part.HTML), ACCOUNT, night)

    assert PartReading(program, None).render({}).text == "2026-12-31 22:00 2026"


def test_a_zone_that_nobody_knows_makes_the_date_unknown() -> None:
    assert read("*|DATE:Y|*", vocabulary=Vocabulary(zone="Mars/Olympus")).kind is UNKNOWN
