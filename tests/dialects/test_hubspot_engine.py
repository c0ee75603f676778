"""The HubSpot dialect's laws, Jinjava's truth and expressions, and what programmable email prints."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.dialects.base import OutcomeKind
from presend.model import Part
from tests.dialects.hubspot_tools import DIALECT, compiled, expressions, first, written

TAGS = st.sampled_from(
    ("{{ ", "}}", "{%", "%}", "{#", "#}", "{% if ", "{% endif %}", "{% for x in ", "{% endfor %}", "{% set x = ")
)
BLOCKS = st.sampled_from(
    ("{% raw %}", "{% endraw %}", "{% macro m(a) %}", "{% endmacro %}", "{% else %}", "{% elif ", "{% unless ")
)
OTHERS = st.sampled_from(("{% endunless %}", "{% break %}", "{%- ", "-%}", "{% module 'a' %}", "{% set y %}", "<b>"))
NAMES = st.sampled_from(
    ("contact.firstname", "contact.city", "contact.first-name", "personalization_token('contact.city','y')", "m(", "x")
)
SIGNS = st.sampled_from(("||", "&&", "//", "**", "==", *"|!~+-*/%?:=<()[]{},'\"\\\n\u00a0"))
WORDS = st.sampled_from(
    ("|upper", "|default('x')", "in", "and", "not ", "is defined", "null", "range(3)", "loop.index", "1", "2.5", "'a'")
)
FRAGMENTS = st.one_of(TAGS, TAGS, BLOCKS, OTHERS, NAMES, SIGNS, WORDS, st.text(max_size=5))
SOURCES = st.lists(FRAGMENTS, max_size=25).map("".join)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["", " ", "false", "5"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=4,
)
ROWS = st.fixed_dictionaries({}, optional={"firstname": VALUES, "city": VALUES})


@settings(max_examples=300, deadline=None)
@given(SOURCES, ROWS, st.booleans(), st.sampled_from([Part.HTML, Part.SUBJECT, Part.TEXT]))
def test_laws(source: str, row: dict[str, Any], programmable: bool, part: Part) -> None:
    template = DIALECT.parse(source, part)
    assert "".join(node.text for node in template.nodes) == source
    assert [source[node.span.start : node.span.end] for node in template.nodes] == [n.text for n in template.nodes]
    program = compiled(source, programmable=programmable, part=part)
    for each in program.issues:
        assert source[each.span.start : each.span.end] == each.source
    for expression in expressions(program.pieces):
        outcome = expression.evaluate({k: v for k, v in row.items() if k in expression.columns})
        if expression.test:
            assert outcome.kind in (OutcomeKind.PRINTED, OutcomeKind.BLANK, OutcomeKind.UNKNOWN)


@settings(max_examples=100)
@given(st.text())
def test_text_without_tags_prints_as_it_is(text: str) -> None:
    plain = text.replace("{", "(")
    assert written(compiled(plain).pieces, {}) == plain


@given(st.text(alphabet=st.characters(exclude_characters="&<>\"'{}%*|#", exclude_categories=["Cs"]), min_size=1))
def test_a_bare_token_prints_the_value_byte_for_byte(value: str) -> None:
    outcome = first("{{ contact.firstname }}").evaluate({"firstname": value})
    assert outcome.text == value
    assert outcome.kind is (OutcomeKind.PRINTED if value.strip() else OutcomeKind.BLANK)


@pytest.mark.parametrize(
    ("value", "true"),
    [
        (None, False),
        ("", False),
        ("false", False),
        ("FALSE", False),
        ("False", False),
        (False, False),
        (0, False),
        (0.4, False),
        ([], False),
        ({}, False),
        ("0", True),
        ("no", True),
        (" ", True),
        ("true", True),
        (True, True),
        (1, True),
        (-1, True),
        ([0], True),
        ({"a": 1}, True),
    ],
)
def test_jinjava_truth(value: object, true: bool) -> None:
    program = compiled("{% if contact.vip %}yes{% else %}no{% endif %}", programmable=True)
    assert written(program.pieces, {"vip": value}) == ("yes" if true else "no")


@pytest.mark.parametrize(
    ("expression", "prints"),
    [
        ("'a' if 1 > 2 else 'b'", "b"),
        ("1 < 2 ? 'a' : 'b'", "a"),
        ("not 'a' == 'b'", "?"),  # (not 'a') == 'b': `not` binds tighter than `==`, and 'b' is true
        ("not ('a' == 'b')", "true"),
        ("!'a' || 'b'", "b"),
        ("1 + 2 ~ 3", "33"),
        ("7 / 2", "3.5"),
        ("4 / 2", "2.0"),
        ("2 * 3 - 1", "5"),
        ("7 % 3", "1"),
        ("7 // 2", "3"),
        ("40.0", "40.0"),
        ("12345678.9", "?"),
        ("'a' in 'cat'", "true"),
        ("2 in [1, 2]", "true"),
        ("'x' not in ['y']", "true"),
        ("1 lt 2 and 2 ge 2", "true"),
        ("empty ''", "true"),
        ("'abc' is string_containing 'b'", "true"),
        ("'abc' is not string_startingwith 'b'", "true"),
        ("4 is divisibleby 2", "true"),
        ("nothing is defined", "?"),
        ("null is defined", "false"),
        ("['a', 'b'][1]", "b"),
        ("{'a': 1}.a", "1"),
        ("'o\\'clock'|length", "7"),
        ("42.55|round(1, 'floor')", "42.5"),
        ("'-3'|abs", "3"),
        ("'a;b'|split(';')|last", "b"),
        ("'x y'|urlencode", "x+y"),
        ("'7'|int + 1", "8"),
        ("'x'|datetimeformat('%Y')", "?"),
        ("['a']", "?"),
        ("'Tom & Jo'", "?"),
        ("1 / 0", "?"),
    ],
)
def test_expressions(expression: str, prints: str) -> None:
    assert written(compiled(f"{{{{ {expression} }}}}").pieces, {}) == prints


@pytest.mark.parametrize(
    ("source", "row", "prints"),
    [
        ("{% if contact.city == 'Paris' %}a{% elif contact.city %}b{% else %}c{% endif %}", {"city": "Lyon"}, "b"),
        ("{% unless contact.vip %}a{% endunless %}", {"vip": "false"}, "a"),
        ("{% set n = contact.firstname or 'you' %}Hi {{ n }}", {}, "Hi you"),
        ("{% set n = 'you' %}{% if contact.city %}{% set n = 'them' %}{% endif %}{{ n }}", {"city": "Rome"}, "them"),
        ("{% set n = 'you' %}{% if contact.city %}{% set n = 'them' %}{% endif %}{{ n }}", {}, "you"),
        ("{% for x in contact.city|split(';') %}[{{ x }}]{% endfor %}", {"city": "a; b"}, "?"),
        ("{% for x in 'a; b'|split(';') %}[{{ x }}]{% endfor %}", {}, "[a][b]"),
        ("{% for x in [1,2,3] %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}", {}, "1"),
        ("{% for x in [1,2,3] %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% endfor %}", {}, "13"),
        ("{% for k, v in [['a', 1]] %}{{ k }}{{ v }}{% endfor %}", {}, "a1"),
        (
            "{% macro hi(n, g='Hi') %}<b>{{ g }} {{ n }}</b>{% endmacro %}{{ hi(contact.firstname) }}",
            {"firstname": "Al"},
            "<b>Hi Al</b>",
        ),
        ("{% set x %}<i>{{ contact.city }}</i>{% endset %}{{ x }}", {"city": "Rome"}, "<i>Rome</i>"),
        ("a {%- if 1 -%} b {%- endif -%} c", {}, "abc"),
        ("{% if contact.city == '' %}a{% else %}b{% endif %}", {}, "?"),
        ("{% if contact.city is defined %}a{% else %}b{% endif %}", {}, "?"),
        ("{% if contact.points|int > 100 %}a{% else %}b{% endif %}", {"points": "250"}, "?"),
        ("{% if '250'|int > 100 %}a{% else %}b{% endif %}", {}, "a"),
        ("{% if contact.points > 100 %}a{% else %}b{% endif %}", {"points": "250"}, "?"),
        ("{{ 'Hi ' ~ contact.firstname }}", {"firstname": "Al"}, "Hi Al"),
    ],
)
def test_programmable_email(source: str, row: dict[str, object], prints: str) -> None:
    program = compiled(source, programmable=True)
    assert not program.fatal
    assert written(program.pieces, row) == prints
