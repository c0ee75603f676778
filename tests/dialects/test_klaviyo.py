"""Klaviyo's dialect: the laws, the data cases, what single values print, and an engine apart from the host's."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presend.dialects.base import (
    Outcome,
    OutcomeKind,
    Scene,
)
from presend.dialects.klaviyo.names import column_of
from presend.model import Part, Vocabulary
from tests.dialects.klaviyo_pieces import (
    DIALECT,
    NOW,
    VOCABULARY,
    arrives,
    compiled,
    expressions,
    read,
    restricted,
)
from tests.dialects.runner import case_ids, check_case, load_cases


def plain(value: Any) -> Any:
    if value == {"null": True}:
        return None
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def flat(case: dict[str, Any]) -> dict[str, Any]:
    """The cases speak of Klaviyo's context, where properties stand under person; rows have a column a property."""
    values = {name: value for name, value in case.get("values", {}).items() if name != "person"}
    for name, value in case.get("values", {}).get("person", {}).items():
        values[column_of(name)] = value if value == {"null": True} else plain(value)
    return {**case, "values": values}


@pytest.mark.parametrize("case", load_cases("klaviyo"), ids=case_ids)
def test_case(case):
    check_case(flat(case))


# ------------------------------------------------------------------------------------------ laws

BITS = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "#}", "\n", " ", "|", "'", '"', ":", "=", "<", "&", "é", "\ud800", "\x00"),
        *("{% if ", "{% endif %}", "{% else %}", "{% elif x %}", "{% for a in b %}", "{% endfor %}", "{% with a=1 %}"),
        *("{% endwith %}", "{% comment %}", "{% endcomment %}", "{% verbatim %}", "{% endverbatim %}", "{{ a }}"),
        *("{{ person.X }}", "{{ first_name|default:'x' }}", "{% catalog 1 %}", "{% unsubscribe %}", "{% cycle a b %}"),
        *("person", "first_name", "default", "lookup", "event.x", "*|FNAME|*", "[FIRST_NAME]", "text", "as x"),
    ]
)
SOURCES = st.lists(BITS | st.text(max_size=5), max_size=14).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(source=SOURCES, part=st.sampled_from([Part.HTML, Part.SUBJECT, Part.TEXT]))
def test_nothing_is_lost_and_nothing_raises(source, part):
    template = DIALECT.parse(source, part)
    assert "".join(node.text for node in template.nodes) == source
    at = 0
    for node in template.nodes:
        assert (node.span.start, node.text) == (at, source[node.span.start : node.span.end])
        at = node.span.end
    assert at == len(source)
    program = DIALECT.compile(template, VOCABULARY, Scene(NOW))
    for issue in program.issues:
        assert source[issue.span.start : issue.span.end] == issue.source
    for expression in expressions(program.pieces):
        assert isinstance(expression.evaluate({}), Outcome)


@given(
    tag=st.sampled_from(
        [
            "{{ first_name }}",
            "{{ person.X|default:'a'|title }}",
            "{{ person.X.items }}",
            "{{ person.X.0.pop }}",
            "{{ person.X|lookup:'a'|append:'b' }}",
            "{{ person.X|multiply:2 }}{{ person.X|round }}{{ person.X|floatsub:1.5 }}{{ person.X|percentize:2 }}",
            "{{ person.X|sort|list_to_string }}{{ person.X|format_date_string|date:'F' }}{{ person.X|sum_list }}",
            "{% for a, b in person.X %}{{ a }}{% empty %}-{% endfor %}",
            "{% if person.X > 3 and person.X in 'abc' %}a{% elif person.X|length == 2 %}b{% endif %}",
            "{% with y=person.X %}{{ y.clear }}{{ y }}{% endwith %}{% currency_format person.X %}",
            "{% widthratio person.X 3 100 %}{{ person.X|join:', ' }}{{ person.X|dictfilter:'a>2' }}",
        ]
    ),
    value=JSON,
    part=st.sampled_from([Part.HTML, Part.SUBJECT]),
)
def test_no_value_makes_an_expression_raise_or_change_the_row(tag, value, part):
    row = {"first_name": value, "X": value}
    before = repr(row)
    program = compiled(tag, part)
    first = [expression.evaluate(restricted(expression, row)) for expression in expressions(program.pieces)]
    again = [expression.evaluate(restricted(expression, row)) for expression in expressions(program.pieces)]
    assert first == again
    assert repr(row) == before


def test_a_deep_value_is_unknown_or_printed_and_not_an_exception():
    value: Any = "x"
    for _ in range(2000):
        value = [value]
    (expression,) = expressions(compiled("{{ person.X }}").pieces)
    assert expression.evaluate({"X": value}).kind is OutcomeKind.UNKNOWN


def test_a_deep_nest_is_unknown_and_not_an_exception():
    source = "{% if person.vip %}" * 3000 + "{% endif %}" * 3000
    template = DIALECT.parse(source, Part.HTML)
    assert "".join(node.text for node in template.nodes) == source
    assert arrives(source, {"vip": True}).kind is OutcomeKind.UNKNOWN


# ------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("tag", "row", "kind", "text"),
    [
        ("{{ first_name }}", {"first_name": None}, OutcomeKind.BLANK, ""),
        ("{{ person.vip }}", {"vip": None}, OutcomeKind.PRINTED, "None"),
        ("{{ first_name }}", {"first_name": "  "}, OutcomeKind.BLANK, "  "),
        ("{{ person.City }}", {"location.city": "Oslo"}, OutcomeKind.PRINTED, "Oslo"),
        ("{{ person|lookup:'$city' }}", {"location.city": "Oslo"}, OutcomeKind.PRINTED, "Oslo"),
        ("{{ person.city }}", {"location.city": "Oslo"}, OutcomeKind.BLANK, ""),
        ("{{ vip }}", {"vip": "yes"}, OutcomeKind.BLANK, ""),
        ("{{ person.phone_number }}", {"phone_number": "1"}, OutcomeKind.PRINTED, "1"),
        ("{{ phone_number }}", {"phone_number": "1"}, OutcomeKind.UNKNOWN, ""),
        ("{{ phone_number }}", {}, OutcomeKind.BLANK, ""),
        ("{{ full_name }}", {"first_name": "Ann", "last_name": "Lee"}, OutcomeKind.PRINTED, "Ann Lee"),
        ("{{ full_name }}", {"first_name": "Ann"}, OutcomeKind.UNKNOWN, ""),
        ("{{ person.items }}", {}, OutcomeKind.UNKNOWN, ""),
        ("{{ person.items }}", {"items": 3}, OutcomeKind.PRINTED, "3"),
        ("{{ person }}", {}, OutcomeKind.UNKNOWN, ""),
        ("{{ person.vip.clear }}", {"vip": {"a": 1}}, OutcomeKind.UNKNOWN, ""),
        ("{{ person.vip.a }}", {"vip": {"a": 1}}, OutcomeKind.PRINTED, "1"),
        ("{{ person.vip.size }}", {"vip": [1]}, OutcomeKind.BLANK, ""),
        ("{{ first_name }}", {"first_name": "{{ x }}"}, OutcomeKind.UNKNOWN, ""),
        ("{{ first_name|default:last_name }}", {"first_name": "A"}, OutcomeKind.UNKNOWN, ""),
        ("{{ first_name|default:there }}", {"first_name": "A"}, OutcomeKind.SKIPPED, ""),
        ("{{ person|lookup:'X' }}", {"X": None}, OutcomeKind.PRINTED, "None"),
        ("{{ person.d|format_date_string|date:'Y' }}", {"d": "2024-01-01T00:30:00+02:00"}, OutcomeKind.UNKNOWN, ""),
        ("{{ person.d|format_date_string|date:'Y' }}", {"d": "2024-06-01T00:30:00+02:00"}, OutcomeKind.PRINTED, "2024"),
        ("{{ person.d|date:'F d' }}", {"d": "2024-06-01"}, OutcomeKind.BLANK, ""),
        ("{{ person.n|plus:3 }}", {"n": 5}, OutcomeKind.UNKNOWN, ""),
    ],
)
def test_value(tag, row, kind, text):
    (expression,) = expressions(compiled(tag).pieces)
    outcome = expression.evaluate(restricted(expression, row))
    assert (outcome.kind, outcome.text) == (kind, text)


def test_an_open_choice_that_changes_nothing_is_no_doubt():
    assert arrives("{% if person.n|plus:3 > 7 %}a{% else %}b{% endif %}", {"n": 5}).text == "a"


def test_comparing_a_missing_lookup_with_nothing_is_undecided():
    source = "{% if person|lookup:'X Y' != '' %}a{% else %}b{% endif %}"
    assert arrives(source, {}).kind is OutcomeKind.UNKNOWN
    assert arrives(source, {"X Y": "z"}).text == "a"


def test_escaping_in_a_subject_concerns_only_values_with_signs():
    assert arrives("{{ first_name }}", {"first_name": "Ann"}, Part.SUBJECT).text == "Ann"
    assert arrives("{{ first_name }}", {"first_name": "T & J"}, Part.SUBJECT).kind is OutcomeKind.UNKNOWN
    assert arrives("{{ first_name|safe }}", {"first_name": "T & J"}, Part.SUBJECT).text == "T & J"


def test_the_clock_is_frozen_in_the_account_s_zone():
    vocabulary = Vocabulary(zone="Pacific/Kiritimati")
    source = '{% today "%Y-%m-%d" as today %}{{ today }} {% current_weekday %} {% current_day %} {% current_year %}'
    assert arrives(source, {}, vocabulary=vocabulary).text == "2026-11-22 Sunday 22 2026"
    assert arrives("{% current_month_name %}", {}, vocabulary=vocabulary).text == "November"
    late = Scene(datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
    program = DIALECT.compile(DIALECT.parse("{% current_year %}{% current_weekday %}", Part.HTML), vocabulary, late)
    assert read(program.pieces, {}).text == "2027Friday"
    (expression,) = expressions(DIALECT.compile(DIALECT.parse('{% now "Y" %}', Part.HTML), vocabulary, late).pieces)
    assert expression.evaluate({}).kind is OutcomeKind.UNKNOWN


def test_what_an_as_sets_holds_for_the_rest():
    source = '{% today "%d" as day %}{{ person.vip }}{% if person.plan %}{{ day }}{% endif %}'
    program = compiled(source)
    assert [expression.columns for expression in expressions(program.pieces)] == [(), ("vip",), ("plan",), ()]
    assert read(program.pieces, {"vip": 1, "plan": 1}).text == "122"


def test_organization_comes_from_the_account():
    known = Vocabulary(constants={"organization.name": "Acme & Co"})
    assert arrives("{{ organization.name }}", {}, vocabulary=known).text == "Acme &amp; Co"
    (expression,) = expressions(compiled("{{ organization.full_address }}", vocabulary=known).pieces)
    assert expression.effect == "footer"
    assert expression.evaluate({}) == Outcome(OutcomeKind.LITERAL, "{{ organization.full_address }}")
    assert arrives("{{ organization.city|upper }}", {}, vocabulary=known).kind is OutcomeKind.UNKNOWN


# ------------------------------------------------------------------------------------------ the engine

HOST_FIRST = """
from django.conf import settings
settings.configure(USE_I18N=False, USE_THOUSAND_SEPARATOR=True)
"""
OURS = """
from datetime import UTC, datetime
from presend.dialects.base import Scene
from presend.dialects.klaviyo import KlaviyoDialect
from presend.model import Part, Vocabulary
dialect = KlaviyoDialect()
template = dialect.parse("{{ person.n|floatformat:2 }} {{ person.n }}", Part.HTML)
program = dialect.compile(template, Vocabulary(), Scene(datetime(2026, 1, 1, tzinfo=UTC)))
print([piece.expression.evaluate({"n": 1234567.5}).text for piece in program.pieces if hasattr(piece, "expression")])
"""
HOSTS_OWN = """
from django.template import Context, Engine
print(Engine().from_string("{{ n }}").render(Context({"n": 1234567})))
"""


def run(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_host_s_django_set_up_before_does_not_change_what_recipients_read():
    assert run(HOST_FIRST + OURS + HOSTS_OWN) == ["['1234567.50', '1234567.5']", "1,234,567"]


def test_a_host_s_django_set_up_afterwards_is_its_own():
    assert run(OURS + HOST_FIRST + HOSTS_OWN) == ["['1234567.50', '1234567.5']", "1,234,567"]


def test_worlds_of_the_sandbox_read_without_unknowns_beyond_the_known():
    """Campaigns that are in order hold nothing faulty, and hardly a region that nobody can tell."""
    import tomllib

    worlds = Path(__file__).parents[2] / "connectors" / "presend_sandbox" / "worlds"
    document = tomllib.loads((worlds / "clean" / "klaviyo.toml").read_text(encoding="utf-8"))
    sources = [text for text in _strings(document) if "{{" in text or "{%" in text]
    assert sources
    open_vocabulary = Vocabulary(constants={"organization.name": "A", "organization.full_address": "B"})
    for source in sources:
        program = compiled(source, vocabulary=open_vocabulary)
        assert not program.fatal, source
        for expression in expressions(program.pieces):
            row = dict.fromkeys(expression.columns, "Ann")
            assert expression.evaluate(row).kind is not OutcomeKind.UNKNOWN, expression.source


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _strings(item)]
