"""HubSpot's oracle against the vendor notes: section 3 and the failure catalogue, one row a fact."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracles import hubspot
from tests.oracles.facts import UNKNOWN, facts

PROPERTIES = [
    {"name": "firstname", "type": "string"},
    {"name": "city", "type": "string"},
    {"name": "vip", "type": "bool"},
    {"name": "points", "type": "number"},
    {"name": "renewal", "type": "date"},
]


def hs(source: str, contact: dict[str, Any], programmable: bool = False, **defaults: str) -> str | None:
    outcome, text = hubspot.render(
        source, contact, properties=PROPERTIES, defaults=defaults, programmable=programmable, part="html"
    )
    assert outcome == ("printed" if text is not None else "unknown")
    return text


HUBL = "{{% if {} %}}a{{% else %}}b{{% endif %}}"
TOKEN = "{{ personalization_token('contact.firstname', 'there') }}"
ANN = {"firstname": "Ann"}


@pytest.mark.parametrize(
    ("source", "contact", "expected"),
    facts(
        ("3.2 token", "{{ contact.firstname }}", ANN, "Ann"),
        ("3.2 missing is blank", "[{{ contact.firstname }}]", {}, "[]"),
        ("3.2 personalization_token, a value", TOKEN, ANN, "Ann"),
        ("3.2 personalization_token, none", TOKEN, {}, "there"),
        ("3.2 personalization_token, null", TOKEN, {"firstname": None}, "there"),
        ("3.2 personalization_token, empty [U]", TOKEN, {"firstname": ""}, UNKNOWN),
        ("3.2 filters on tokens contradict", "{{ contact.points|int }}", {"points": "3"}, UNKNOWN),
        ("3.2 default fires on null", "{{ null|default('x') }}", {}, "x"),
        ("3.2 default and empty", "[{{ ''|default('x') }}]", {}, "[]"),
        ("3.2 default, true, empty", "{{ ''|default('x', true) }}", {}, "x"),
        ("3.2 false", HUBL.format("false"), {}, "b"),
        ("3.2 null", HUBL.format("null"), {}, "b"),
        ("3.2 zero", HUBL.format("0"), {}, "b"),
        ("3.2 empty text", HUBL.format("''"), {}, "b"),
        ("3.2 false, the word, in any case", HUBL.format("'fAlSe'"), {}, "b"),
        ("3.2 empty list", HUBL.format("[]"), {}, "b"),
        ("3.2 zero, the word", HUBL.format("'0'"), {}, "a"),
        ("3.2 no, the word", HUBL.format("'no'"), {}, "a"),
        ("3.2 a blank is true", HUBL.format("' '"), {}, "a"),
        ("3.2 booleans print", "{{ true }}{{ !true }}", {}, "truefalse"),
        ("3.2 checkboxes are words", "{{ contact.vip }}", {"vip": "false"}, "false"),
        (
            "3.2 set in a loop is lost",
            "{% set x = 0 %}{% for i in [1] %}{% set x = 1 %}{{ x }}{% endfor %}{{ x }}",
            {},
            "10",
        ),
        ("3.2 a filter that changes nothing", "{{ contact.firstname|default('there') }}", ANN, "Ann"),
        ("3.1 white space is not trimmed where there is none", "<p>{{- contact.firstname -}}</p>", ANN, "<p>Ann</p>"),
        ("3.1 whether an output trims is not said", "Hi {{- contact.firstname }}", ANN, UNKNOWN),
        ("4.2 an empty output", "[{{ }}{{}}]", {}, "[]"),
        ("S10 a comment never closed", "a{# b {{ contact.firstname }}", ANN, "a"),
        ("S10 a comment of three characters", "a{#} b #}", ANN, UNKNOWN),
        ("3.2 a hyphen is minus", "{{ contact.first-name }}", ANN, UNKNOWN),
        ("3.2 undefined", "[{{ nobody.nothing }}]", {}, UNKNOWN),
        ("3.2 unknown tag", "{% nosuch %}", {}, UNKNOWN),
        ("3.2 missing end tag", "{% if true %}a", {}, UNKNOWN),
        ("3.2 mismatched end tag", "{% if true %}a{% endfor %}", {}, UNKNOWN),
        ("3.2 autoescape [U]", "{{ contact.firstname }}", {"firstname": "a & b"}, UNKNOWN),
        ("3.2 markup in the source is not data", "<b>{{ contact.firstname }}</b>", ANN, "<b>Ann</b>"),
        ("3.2 company is [U]", "{{ company.name }}", {}, UNKNOWN),
        ("3.2 a date's shape is not described", "{{ contact.renewal }}", {"renewal": "2026-01-01"}, UNKNOWN),
        ("3.1 ternary", "{{ 1 == 1 ? 'a' : 'b' }}", {}, "a"),
        ("3.1 and is a boolean", "{{ 'x' && 'y' }}", {}, "true"),
        ("3.1 ~ joins", "{{ 'x' ~ 1 ~ null ~ 'y' }}", {}, "x1y"),
        ("3.1 %} in quotes", "{{ '%}' }}{% if '%}' %}a{% endif %}", {}, "%}a"),
        ("3.1 how not binds", "{{ not 'a' == 'b' }}", {}, UNKNOWN),
        ("row 53", "Hi {{ contact.firstname }},", {"firstname": None}, "Hi ,"),
        ("row 54", "{{ contact.firstname|default('there') }}", {"firstname": ""}, UNKNOWN),
        ("row 55", "{{contact.firstname|there}}", ANN, UNKNOWN),
        ("row 56", "[{{ contact.first_name }}{{ contact.FirstName }}]", ANN, "[]"),
        ("row 57", "{{ contact.first-name }}", {}, UNKNOWN),
        ("row 59", '{% if contact.city == "Paris" %}a{% endif %}', {"city": "Paris"}, UNKNOWN),
        ("row 60", "{% for d in crm_objects('deal') %}x{% endfor %}", {}, UNKNOWN),
        ("row 61", "{{ crm_object('contact', 1) }}", {}, UNKNOWN),
        ("row 62", "{% if custom.items %}a{% endif %}", {}, UNKNOWN),
        ("row 63", "<!-- {{ contact.city }} -->", {"city": "Paris"}, "<!-- Paris -->"),
        ("row 65", "[[MISSING TOKEN - FIRST NAME]]", {}, "[[MISSING TOKEN - FIRST NAME]]"),
        ("row 69", "{{ contact.firstname }}", {"firstname": "{% x"}, UNKNOWN),
    ),
)
def test_hubspot(source: str, contact: dict[str, Any], expected: str | None) -> None:
    assert hs(source, contact) == expected


@pytest.mark.parametrize(
    ("condition", "contact", "expected"),
    facts(
        ("row 58 the word false", "contact.vip", {"vip": "false"}, "b"),
        ("row 58 the word true", "contact.vip", {"vip": "true"}, "a"),
        ("3.2 equal", "contact.city == 'Paris'", {"city": "Paris"}, "a"),
        ("3.2 case counts", "contact.city == 'Paris'", {"city": "paris"}, "b"),
        ("3.2 missing", "contact.city == 'Paris'", {}, "b"),
        ("3.2 missing is not equal", "contact.city != 'Paris'", {}, "a"),
        ("3.2 missing may be null or empty [U]", "contact.city == null", {}, UNKNOWN),
        ("3.2 an order with what is missing", "contact.points > 1", {}, UNKNOWN),
        ("3.2 no order with null", "null > 1", {}, "b"),
        ("3.2 numbers", "contact.points > 1", {"points": 2}, "a"),
        ("3.2 text and number", "contact.points > 1", {"points": "2"}, UNKNOWN),
        ("3.2 either", "contact.city || contact.firstname", {"firstname": "x"}, "a"),
        ("3.2 both", "contact.city and contact.firstname", {"firstname": "x"}, "b"),
        ("3.2 not", "!contact.city", {}, "a"),
        ("3.2 a token function", "personalization_token('contact.city', 'x') == 'x'", {}, "a"),
    ),
)
def test_hubspot_programmable_email(condition: str, contact: dict[str, Any], expected: str | None) -> None:
    """3.2: a token inside logic works in programmable email and nowhere else."""
    assert hs(HUBL.format(condition), contact, programmable=True) == expected
    assert hs(HUBL.format(condition), contact) == ("b" if condition == "null > 1" else UNKNOWN)


def test_hubspot_global_default() -> None:
    """3.2: a default per property; whether "" counts as missing, and whether logic sees it, is not said."""
    assert hs("Hi {{ contact.firstname }}", {}, firstname="there") == "Hi there"
    assert hs("Hi {{ contact.firstname }}", ANN, firstname="there") == "Hi Ann"
    assert hs("Hi {{ contact.firstname }}", {"firstname": ""}, firstname="there") is UNKNOWN
    assert hs(HUBL.format("contact.firstname"), {}, programmable=True, firstname="there") is UNKNOWN
    assert hs(HUBL.format("contact.firstname == 'Ann'"), {}, programmable=True, firstname="there") == "b"
    assert hs(HUBL.format("contact.firstname == 'there'"), {}, programmable=True, firstname="there") is UNKNOWN
    assert hs(TOKEN, {}, firstname="friend") == "there"


def test_hubspot_a_variable_set_from_a_token_is_a_token() -> None:
    """3.2: the doubt about filters on tokens does not go away by giving the token a name."""
    assert hs("{% set n = contact.firstname %}{{ n }}", ANN, programmable=True) == "Ann"
    assert hs("{% set n = contact.firstname %}{{ n|upper }}", ANN, programmable=True) is UNKNOWN
    assert hs("{% set n = contact.firstname %}{{ n }}", ANN) is UNKNOWN


@pytest.mark.parametrize(
    ("expression", "expected"),
    facts(
        ("S10 upper", "'straße'|upper", "STRASSE"),
        ("S10 lower", "'ANN'|lower", "ann"),
        ("S10 capitalize", "'ann lee'|capitalize", "Ann lee"),
        ("S10 capitalize disagrees with its page", "'ann LEE'|capitalize", UNKNOWN),
        ("S10 title", "'ann lee'|title", "Ann Lee"),
        ("S10 trim leaves the no-break space", "' \u00a0x '|trim", "\u00a0x"),
        ("S10 trim of null", "null|trim", UNKNOWN),
        ("S10 length", "'four'|length", "4"),
        ("S10 length counts as Java does", "'🎄'|length", "2"),
        ("S10 length of null", "null|length", "0"),
        ("S10 truncate", "'abc def ghi'|truncate(6)", "abc ..."),
        ("S10 truncate, whole", "'abcdef'|truncate(3, true)", "abc..."),
        ("S10 truncate, ending", "'abcdef'|truncate(3, true, '')", "abc"),
        ("S10 truncate, short", "'abc'|truncate(3)", "abc"),
        ("S10 replace", "'aaa'|replace('a', 'b', 2)", "bba"),
        ("S10 replace nothing", "'aaa'|replace('', 'b')", "aaa"),
        ("S10 join", "[1, null, 'x', true]|join('-')", "1--x-true"),
        ("S10 join without a separator", "['a', 'b']|join", "ab"),
        ("S10 default makes text", "null|default(5)", "5"),
        ("2.4 a named argument", "'abc'|truncate(length=2)", UNKNOWN),
        ("3.1 a filter that is not described", "'abc'|first", UNKNOWN),
        ("3.1 a list has no described shape", "['a']", UNKNOWN),
        ("3.1 arithmetic is not described", "2 * 2", UNKNOWN),
        ("3.1 nor a text and a number", "'1' + 1", UNKNOWN),
        ("3.1 two whole numbers", "1 + 1", "2"),
        ("3.1 a fraction and a whole number", "2.5 + 1", "3.5"),
        ("3.1 ~ and + from the left", "'a' ~ 1 + 1", UNKNOWN),
    ),
)
def test_hubspot_filters(expression: str, expected: str | None) -> None:
    assert hs("{{ " + expression + " }}", {}) == expected


def test_hubspot_loop_variables() -> None:
    body = "{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.length }};"

    assert hs("{% for x in ['a', 'b', 'c'] %}" + body + "{% endfor %}", {}) == "03true3;12false3;21false3;"
