"""Mailchimp's and Django's oracles against the vendor notes: 1.3, 2.6 and the failure catalogue, one row a fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracles import django_plain, mailchimp
from tests.oracles.facts import UNKNOWN, facts

NOW = datetime(2026, 11, 20, 9, 5, 3, tzinfo=UTC)
FIELDS: list[dict[str, Any]] = [
    {"tag": tag, "name": tag.title(), "type": kind, "default": "", "merge_id": number}
    for number, (tag, kind) in enumerate(
        [
            ("FNAME", "text"),
            ("POINTS", "number"),
            ("SCORE", "text"),
            ("VIP", "radio"),
            ("PLAN", "dropdown"),
            ("BDAY", "birthday"),
            ("ADDRESS", "address"),
            ("SINCE", "date"),
            ("WEBSITE", "url"),
            ("ENDDATE", "text"),
        ],
        start=1,
    )
]


def mc(source: str, member: dict[str, Any], part: str = "text", *, default: str = "") -> str | None:
    fields = [{**field, "default": default if field["tag"] == "FNAME" else ""} for field in FIELDS]
    groups = {"Topic": ["News", "Art"]}
    outcome, text = mailchimp.render(source, member, fields=fields, groups=groups, part=part, now=NOW)
    assert outcome == ("printed" if text is not None else "unknown")
    return text


BRANCHES = "*|IF:{}|*a*|ELSE:|*b*|END:IF|*"


@pytest.mark.parametrize(
    ("source", "member", "expected"),
    facts(
        ("1.3 text prints", "*|FNAME|*", {"FNAME": "Ann"}, "Ann"),
        ("1.3 number plain", "*|POINTS|*", {"POINTS": 7}, "7"),
        ("1.3 number with a fraction", "*|POINTS|*", {"POINTS": 2.5}, "2.5"),
        ("1.3 a whole float has no described shape", "*|POINTS|*", {"POINTS": 12.0}, UNKNOWN),
        ("1.3 a boolean has no described shape", "*|FNAME|*", {"FNAME": True}, UNKNOWN),
        ("1.3 a list has no described shape", "*|FNAME|*", {"FNAME": ["a"]}, UNKNOWN),
        ("1.3 whitespace prints as whitespace", "[*|FNAME|*]", {"FNAME": "\u00a0 "}, "[\u00a0 ]"),
        ("1.3 address: one block, separators approximate", "*|ADDRESS|*", {"ADDRESS": {"city": "Paris"}}, UNKNOWN),
        ("1.3 a blank address is blank", "[*|ADDRESS|*]", {}, "[]"),
        ("1.3 birthday without a year", "*|BDAY|*", {"BDAY": "02/29"}, "02/29"),
        ("1.3 date in the field's format", "*|SINCE|*", {"SINCE": "2024-02-29"}, UNKNOWN),
        ("1.3 radio prints the choice", "*|VIP|*", {"VIP": "Yes"}, "Yes"),
        ("1.3 number fields compare numerically", BRANCHES.format("POINTS>9"), {"POINTS": 10}, "a"),
        ("1.3 numerically also when kept as text", BRANCHES.format("POINTS > 9"), {"POINTS": "10"}, "a"),
        ("1.3 7.0 equals 7", BRANCHES.format("POINTS=7.0"), {"POINTS": 7}, "a"),
        ("1.3 no number to compare with", BRANCHES.format("POINTS>many"), {"POINTS": 7}, UNKNOWN),
        ("1.3 order on text is unreliable", BRANCHES.format("SCORE<9"), {"SCORE": "10"}, UNKNOWN),
        ("1.3 bare IF has a value", BRANCHES.format("FNAME"), {"FNAME": "Ann"}, "a"),
        ("1.3 bare IF has none", BRANCHES.format("FNAME"), {"FNAME": None}, "b"),
        ('1.3 bare IF on "0" undocumented', BRANCHES.format("SCORE"), {"SCORE": "0"}, UNKNOWN),
        ("1.3 bare IF on 0 undocumented", BRANCHES.format("POINTS"), {"POINTS": 0}, UNKNOWN),
        ("1.3 missing: = is false", BRANCHES.format("PLAN=pro"), {}, "b"),
        ("1.3 missing: != is derived", BRANCHES.format("PLAN!=pro"), {}, UNKNOWN),
        (
            "1.3 missing: > more than nothing is false on every reading",
            BRANCHES.format("POINTS>1"),
            {"POINTS": ""},
            "b",
        ),
        ("1.3 missing: <= is not described", BRANCHES.format("POINTS<=1"), {"POINTS": ""}, UNKNOWN),
        ("1.3 missing: readings that print the same", "*|IF:POINTS<=1|*a*|ELSE:|*a*|END:IF|*", {}, "a"),
        ("1.3 order on text, both readings agree", BRANCHES.format("SCORE<9"), {"SCORE": "7"}, "a"),
        ("1.3 a word in a number field", BRANCHES.format("POINTS=many"), {"POINTS": "few"}, UNKNOWN),
        ("1.3 a number is no word", BRANCHES.format("POINTS=many"), {"POINTS": 7}, "b"),
        ("1.3 two spellings of a number in a text field", BRANCHES.format("SCORE=7.0"), {"SCORE": "7"}, UNKNOWN),
        ("1.3 an address has a value", BRANCHES.format("ADDRESS"), {"ADDRESS": {"city": "Paris"}}, "a"),
        ("1.3 an address with nothing in it", BRANCHES.format("ADDRESS"), {"ADDRESS": {"city": ""}}, UNKNOWN),
        ("1.2 digits have no capitals", "*|TITLE:POINTS|*", {"POINTS": -331}, "-331"),
        ("1.3 MC_LANGUAGE has no prefix match", BRANCHES.format("MC_LANGUAGE=fr"), {"MC_LANGUAGE": "fr_CA"}, "b"),
        (
            "1.3 a group that does not exist drops its ELSE too",
            "*|INTERESTED:Topic:Gone|*a*|ELSE:|*b*|END:INTERESTED|*",
            {},
            "",
        ),
        ("1.1 a letter's case is an error", "*|Fname|*", {"FNAME": "Ann"}, UNKNOWN),
        ("1.1 padding is an error", "*| FNAME |*", {"FNAME": "Ann"}, UNKNOWN),
        ("1.1 no nesting of tags", "*|UPPER:*|FNAME|*|*", {"FNAME": "Ann"}, UNKNOWN),
        ("1.1 nor around a tag", "*|*|FNAME|*|*", {"FNAME": "Ann"}, UNKNOWN),
        ("1.1 half a tag before a whole one", "*|FNAME* *|FNAME|*", {"FNAME": "Ann"}, "*|FNAME* Ann"),
        ("1.1 half a tag after a whole one", "*|FNAME|* FNAME|*", {"FNAME": "Ann"}, "Ann FNAME|*"),
        ("1.1 an asterisk that may close and open", "*|FNAME *|*", {"FNAME": "Ann"}, UNKNOWN),
        ("1.1 no line break in a tag", "*|\nFNAME|*", {"FNAME": "Ann"}, UNKNOWN),
        ("1.1 a field may be called ENDDATE", "*|ENDDATE|*", {"ENDDATE": "May"}, "May"),
        ("1.1 IFNOT with an operator", "*|IFNOT:PLAN=pro|*a*|END:IF|*", {"PLAN": "basic"}, "a"),
        ("1.1 a dead branch is not read", "*|IF:FNAME|*a*|ELSE:|**|NOSUCH|**|END:IF|*", {"FNAME": "x"}, "a"),
        ("1.1 closers match their openers", "*|IF:FNAME|*a*|END:INTERESTED|*", {"FNAME": "x"}, UNKNOWN),
        ("1.1 spaces pad an empty body", "*|IF:FNAME|* *|ELSE:|*b*|END:IF|*", {}, "b"),
        ("1.1 MERGE0 is a hypothesis", "*|MERGE0|*", {"EMAIL": "a@example.com"}, UNKNOWN),
        ("1.1 MERGE1 is the first field", "*|MERGE1|*", {"FNAME": "Ann"}, "Ann"),
    ),
)
def test_mailchimp_values_and_conditions(source: str, member: dict[str, Any], expected: str | None) -> None:
    assert mc(source, member) == expected


@pytest.mark.parametrize("part", ["html", "link", "text", "subject", "preview_text"])
@pytest.mark.parametrize("value", ["a & b", "a < b", "a > b", '"a"', "a'b"])
def test_mailchimp_escaping_is_unknown_in_html_alone(value: str, part: str) -> None:
    """1.3: escaping in campaigns is [U]; HTML: is documented not to escape."""
    assert mc("*|FNAME|*", {"FNAME": value}, part) == (UNKNOWN if part in {"html", "link"} else value)
    assert mc("*|HTML:FNAME|*", {"FNAME": value}, part) == value


@pytest.mark.parametrize("blank", [{}, {"FNAME": None}, {"FNAME": ""}], ids=["absent", "null", "empty"])
def test_mailchimp_absent_null_and_empty_print_the_default(blank: dict[str, Any]) -> None:
    """Section 7, head."""
    assert mc("Hi *|FNAME|*,", blank, default="you") == "Hi you,"
    assert mc("Hi *|FNAME|*,", blank) == "Hi ,"
    assert mc(BRANCHES.format("FNAME"), blank, default="you") is UNKNOWN
    assert mc(BRANCHES.format("FNAME=Ann"), blank, default="you") == "b"
    assert mc(BRANCHES.format("FNAME=you"), blank, default="you") is UNKNOWN


@pytest.mark.parametrize(
    ("source", "member", "part", "expected"),
    facts(
        ("row 1", "Hi *|FNAME|*,", {}, "html", "Hi ,"),
        ("row 2", "Hi *|FNAME|*,", {"FNAME": " "}, "html", "Hi  ,"),
        ("row 3", "*|FNAM|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 4", "*|fname|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 5", "*|FNAME* and * |FNAME| *", {"FNAME": "Ann"}, "html", "*|FNAME* and * |FNAME| *"),
        ("row 6 long", "*|FNAME|fallback:there|*", {}, "html", UNKNOWN),
        ("row 6 short", "*|FNAME:friend|*", {}, "html", UNKNOWN),
        ("row 7", "{{ first_name }} {{ contact.firstname }}", {}, "html", "{{ first_name }} {{ contact.firstname }}"),
        ("row 8", "*|IF:PLAN=pro|*a*|END:IF|*", {"PLAN": "basic"}, "html", ""),
        ("row 9", "*|IF:FNAME AND PLAN|*a*|END:IF|*", {"FNAME": "x", "PLAN": "y"}, "html", UNKNOWN),
        ("row 10", "*|IF:SCORE > 100|*a*|END:IF|*", {"SCORE": "99"}, "html", UNKNOWN),
        ("row 11 case", BRANCHES.format("VIP=Yes"), {"VIP": "yes"}, "html", "b"),
        ("row 11 space", BRANCHES.format("VIP=Yes"), {"VIP": "Yes "}, "html", "b"),
        ("row 11 match", BRANCHES.format("VIP=Yes"), {"VIP": "Yes"}, "html", "a"),
        ("row 12", "*|IF:FNAME|*Hi *|FNAME|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 13 else", "*|IF:FNAME|*a*|ELSE|*b*|END:IF|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 13 endif", "*|IF:FNAME|*a*|ENDIF|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 13 end:if:", "*|IF:FNAME|*a*|END:IF:|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 13 in a dead branch", "*|IF:FNAME|*a*|IF:PLAN|*x*|ENDIF|**|END:IF|*", {}, "html", UNKNOWN),
        (
            "row 14",
            '<p mc:edit="a">*|IF:FNAME|*</p><p mc:edit="b">*|END:IF|*</p>',
            {"FNAME": "Ann"},
            "html",
            UNKNOWN,
        ),
        ("row 15", "[*|INTERESTED:Topic:Offers|*x*|END:INTERESTED|*]", {}, "html", "[]"),
        ("row 16", "*|IF:MC_LANGUAGE=fr|*x*|END:IF|*", {"MC_LANGUAGE": "fr_CA"}, "html", ""),
        ("row 16 undetected", "*|IF:MC_LANGUAGE=fr|*x*|END:IF|*", {}, "html", ""),
        ("row 17", "*|<strong>FNAME</strong>|*", {"FNAME": "Ann"}, "html", UNKNOWN),
        ("row 18", "*%7CEMAIL%7C*", {"EMAIL": "a@example.com"}, "link", "*%7CEMAIL%7C*"),
        ("row 19", "?n=*|FNAME|*", {"FNAME": "Ann & Bo"}, "link", UNKNOWN),
        ("row 19 mended", "?n=*|URL:FNAME|*", {"FNAME": "Ann & Bo"}, "link", "?n=Ann%20%26%20Bo"),
        ("row 20", "*|WEBSITE|*", {}, "link", ""),
        ("row 22", "Dear *|TITLE:FNAME|*", {"FNAME": "mcdonald"}, "html", "Dear Mcdonald"),
        ("row 23", "*|IF:FNAME|**|FNAME|*, *|END:IF|*hello", {"FNAME": "Ann"}, "subject", UNKNOWN),
        ("row 26", "|UNSUB:url|", {}, "html", "|UNSUB:url|"),
        ("row 69", "*|FNAME|*", {"FNAME": "x*|y"}, "text", UNKNOWN),
        ("row 70", "Hi *|FNAME|*!", {}, "html", "Hi !"),
    ),
)
def test_mailchimp_rows_of_the_catalogue(source: str, member: dict[str, Any], part: str, expected: str | None) -> None:
    assert mc(source, member, part) == expected


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("d D j l N w", "20 Fri 20 Friday 5 5"),
        ("F M m n Y y", "November Nov 11 11 2026 26"),
        ("g G h H i s a A", "9 9 09 09 05 03 am AM"),
        ("z W", "323 47"),
        ("jS", "20th"),
        ("e", UNKNOWN),
        ("\\d", UNKNOWN),
    ],
)
def test_mailchimp_date_letters_are_phps(letters: str, expected: str | None) -> None:
    """1.2: DATE:fmt takes PHP date letters; zones and escapes are not described."""
    assert mc(f"*|DATE:{letters}|*", {}) == expected


@pytest.mark.parametrize(
    ("hour", "expected"), [(0, "12 0 am"), (1, "1 1 am"), (12, "12 12 pm"), (13, "1 13 pm"), (23, "11 23 pm")]
)
def test_mailchimp_hours(hour: int, expected: str) -> None:
    moment = NOW.replace(hour=hour)

    answer = mailchimp.render("*|DATE:g G a|*", {}, fields=[], groups={}, part="text", now=moment)

    assert answer == ("printed", expected)


def test_mailchimp_ordinals() -> None:
    def ordinal(day: int) -> str | None:
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)
        return mailchimp.render("*|DATE:jS|*", {}, fields=[], groups={}, part="text", now=moment)[1]

    assert [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31)] == (
        ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "31st"]
    )


@pytest.mark.parametrize("part", ["from_name", "reply_to"])
def test_mailchimp_tags_in_the_sender_are_unknown(part: str) -> None:
    """1.3: from name is not per recipient [U]."""
    assert mc("*|FNAME|*", {"FNAME": "Ann"}, part) is UNKNOWN
    assert mc("The Example team", {}, part) == "The Example team"


@pytest.mark.parametrize(
    ("ticked", "source", "expected"),
    [
        (["News"], "*|INTERESTED:Topic:News|*a*|ELSE:|*b*|END:INTERESTED|*", "a"),
        (["Art"], "*|INTERESTED:Topic:News|*a*|ELSE:|*b*|END:INTERESTED|*", "b"),
        (["News", "Art"], "*|INTERESTED:Topic:News,Art|*a*|END:INTERESTED|*", "a"),
        ([], "[*|INTERESTED:Topic:News,Art|*a*|END:INTERESTED|*]", "[]"),
        (["Art"], "*|INTERESTED:Topic:News,Art|*a*|END:INTERESTED|*", UNKNOWN),
        (["News"], "*|INTERESTED:Topic:News,Gone|*a*|END:INTERESTED|*", UNKNOWN),
        (["News"], "*|INTERESTED:Topic:news|*a*|END:INTERESTED|*", ""),
    ],
)
def test_mailchimp_groups(ticked: list[str], source: str, expected: str | None) -> None:
    assert mc(source, {"interests": {"Topic": ticked}}) == expected


KLAVIYO_FIRST = "Hi {{ first_name|default:'there' }},"


@pytest.mark.parametrize(
    ("source", "context", "expected"),
    facts(
        ("2.6 default: missing", KLAVIYO_FIRST, {}, "Hi there,"),
        ("2.6 default: empty", KLAVIYO_FIRST, {"first_name": ""}, "Hi there,"),
        ("2.6 default: zero", KLAVIYO_FIRST, {"first_name": 0}, "Hi there,"),
        ("2.6 default: false", KLAVIYO_FIRST, {"first_name": False}, "Hi there,"),
        ("2.6 default: null", KLAVIYO_FIRST, {"first_name": None}, "Hi there,"),
        ("2.6 default: not a space", KLAVIYO_FIRST, {"first_name": " "}, "Hi  ,"),
        ("2.6 null prints None", "{{ x }}", {"x": None}, "None"),
        ("2.6 booleans", "{{ x }}{{ y }}", {"x": True, "y": False}, "TrueFalse"),
        ("2.6 floats", "{{ x }}", {"x": 40.0}, "40.0"),
        ("2.6 unquoted default, for the named too", "{{ a|default:there }}", {"a": "Ann"}, UNKNOWN),
        ("2.6 a line break is literal", "{{\nx }}{{ x }", {"x": 1}, "{{\nx }}{{ x }"),
        ("2.6 type mismatch", "{% if x > 100 %}a{% else %}b{% endif %}", {"x": "250"}, "b"),
        ("2.6 lower-case true", "{% if x == true %}a{% else %}b{% endif %}", {"x": True}, "b"),
        ("2.6 title", "{{ x|title }}", {"x": "mcdonald iPhone NASA José"}, "Mcdonald Iphone Nasa José"),
        ("2.6 autoescape", "{{ x }}", {"x": "Tom & Jerry"}, "Tom &amp; Jerry"),
        ("2.6 date of a string", "[{{ x|date:'F d' }}]", {"x": "2026-02-11"}, "[]"),
        ("2.6 items.size", "[{{ items.size }}]", {"items": [1]}, "[]"),
        ("2.6 one equals sign", "{% if x = 'a' %}b{% endif %}", {}, UNKNOWN),
        ("2.6 ||", "{% if x || y %}b{% endif %}", {}, UNKNOWN),
        ("2.6 end if", "{% if x %}b{% end if %}", {}, UNKNOWN),
        ("2.6 { % if", "{ % if x %}b{% endif %}", {}, UNKNOWN),
        ("2.6 entities", "{{ x|default:&#39;there&#39; }}", {}, UNKNOWN),
        ("2.6 Mailchimp in braces", "{{ *|FNAME|* }}", {}, UNKNOWN),
        ("2.6 Mailchimp alone", "*|FNAME|*", {}, "*|FNAME|*"),
        ("row 27", "Hi {{ first_name }},", {}, "Hi ,"),
        ("row 28", "Hi {{ first_name|default:'' }},", {}, "Hi ,"),
        ("row 29", "{{ first_name|default: 'there' }}", {}, UNKNOWN),
        ("row 30", "{{ first_name|default:’there’ }}", {}, UNKNOWN),
        ("row 32", "Hi {{ First_Name|default:'there' }}", {"first_name": "Ann"}, "Hi there"),
        ("row 33", "{{ person.Favorite Color }}", {"person": {}}, UNKNOWN),
        ("row 34", "{{ event|lookup:'Codes'.0 }}", {}, UNKNOWN),
        ("row 35", "[{{ event.ProductName }}]", {}, "[]"),
        ("row 37 elsif", "{% if x %}a{% elsif y %}b{% endif %}", {}, UNKNOWN),
        ("row 37 assign", "{% assign x = 1 %}", {}, UNKNOWN),
        ("row 38", "{% if x %}a", {}, UNKNOWN),
        ("row 41", '<a href="{{ unsubscribe_link }}">', {}, '<a href="">'),
        ("row 50", "[{{ today }}]", {}, "[]"),
    ),
)
def test_django(source: str, context: dict[str, Any], expected: str | None) -> None:
    outcome, text = django_plain.render(source, context)

    assert outcome == ("skipped" if expected is None else "printed")
    assert text == expected


def test_django_leaves_the_context_alone() -> None:
    """4.1: Django calls callables, `{{ p.clear }}` emptied a dict."""
    context = {"p": {"a": 1}}

    django_plain.render("{{ p.clear }}", context)

    assert context == {"p": {"a": 1}}
