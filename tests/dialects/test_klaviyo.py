"""Klaviyo's dialect: the laws, the data cases, Django as the second opinion, and what is said of faulty templates."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django.template
import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from presend.dialects.base import (
    Choice,
    Comparison,
    Emit,
    Expression,
    Issue,
    IssueKind,
    NodeKind,
    Outcome,
    OutcomeKind,
    Program,
    Scene,
    Text,
)
from presend.dialects.klaviyo import KlaviyoDialect
from presend.dialects.klaviyo.names import column_of
from presend.model import Field, Kind, Part, Vocabulary
from tests.dialects.runner import case_ids, check_case, load_cases

NOW = datetime(2026, 11, 22, 9, 5, 3, tzinfo=UTC)
DIALECT = KlaviyoDialect()
VOCABULARY = Vocabulary(
    fields=tuple(Field(tag) for tag in ("first_name", "vip", "points", "Favorite Color", "plan", "location.city")),
    complete=True,
)


def compiled(
    source: str, part: Part = Part.HTML, vocabulary: Vocabulary = VOCABULARY, kind: Kind = Kind.CAMPAIGN
) -> Program:
    return DIALECT.compile(DIALECT.parse(source, part), vocabulary, Scene(NOW, kind))


def expressions(pieces: tuple[Any, ...]) -> list[Expression]:
    found: list[Expression] = []
    for piece in pieces:
        match piece:
            case Emit():
                found.append(piece.expression)
            case Choice():
                for arm in piece.arms:
                    found += [arm.test] if arm.test else []
                    found += expressions(arm.body)
    return found


def restricted(expression: Expression, row: dict[str, Any]) -> dict[str, Any]:
    return {column: row[column] for column in expression.columns if column in row}


def read(pieces: tuple[Any, ...], row: dict[str, Any]) -> Outcome:
    """The whole text for a row; the first expression that is skipped or unknown decides."""
    parts: list[str] = []
    for piece in pieces:
        match piece:
            case Text():
                parts.append(piece.text)
                continue
            case Emit():
                outcome = piece.expression.evaluate(restricted(piece.expression, row))
            case Choice():
                outcome = chosen(piece, row)
        if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN):
            return outcome
        parts.append(outcome.text)
    return Outcome(OutcomeKind.PRINTED, "".join(parts))


def chosen(choice: Choice, row: dict[str, Any]) -> Outcome:
    for arm in choice.arms:
        if arm.test is not None:
            outcome = arm.test.evaluate(restricted(arm.test, row))
            if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN):
                return outcome
            if outcome.kind is OutcomeKind.BLANK:
                continue
        return read(arm.body, row)
    return Outcome(OutcomeKind.PRINTED, "")


def arrives(source: str, row: dict[str, Any], part: Part = Part.HTML, **more: Any) -> Outcome:
    return read(compiled(source, part, **more).pieces, row)


def only(issues: tuple[Issue, ...], kind: IssueKind) -> Issue:
    found = [issue for issue in issues if issue.kind is kind]
    assert len(found) == 1, issues
    return found[0]


# ------------------------------------------------------------------------------------------ data cases


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


# ------------------------------------------------------------------------------------------ stock Django

NAMES = ["first_name", "last_name", "person.A", "person.B", "person.Tags", "person.Deep.x", "person.City", "nothing"]
FILTERS = [
    *("", "", "", "|default:'you'", '|default:""', "|default:' '", "|default_if_none:'n'", "|default:person.A"),
    *("|default:there", "|upper", "|lower", "|title", "|capfirst", "|length", "|truncatechars:5", "|striptags"),
    *("|escape", "|force_escape", "|safe", "|join:' & '", "|first", "|last", "|slice:':2'", "|floatformat:1"),
    *("|add:'1'", "|add:2", "|cut:'a'", "|urlencode", "|linebreaksbr", "|yesno:'y,n,m'", "|pluralize", "|date:'F d'"),
    *(
        "|addslashes",
        "|center:9",
        "|wordcount",
        "|default:'a<b'",
        "|stringformat:'s'",
        "|unordered_list",
        "|divisibleby:2",
    ),
]
LITERALS = ["'x'", "'Ann'", "3", "0", "2.5", "True", "None", "''", "true"]
OUTPUTS = st.tuples(st.sampled_from([*NAMES, "'lit & <b>'", "7"]), st.sampled_from(FILTERS), st.sampled_from(FILTERS))
OUTPUT = OUTPUTS.map(lambda parts: f"{{{{ {parts[0]}{parts[1]}{parts[2]} }}}}")
OPERAND = st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "", "|length", "|default:'x'", "|lower"])).map("".join)
TEST = st.recursive(
    OPERAND
    | st.tuples(
        OPERAND,
        st.sampled_from(["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is"]),
        OPERAND | st.sampled_from(LITERALS),
    ).map(" ".join),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join) | inner.map(lambda t: f"not {t}")
    ),
    max_leaves=3,
)
WORDS = st.sampled_from(["Hi ", ", ", " <b>x</b> ", "\n", "é & ", '<a href="?n=', '"> <i>', "{ x }", "50 % "])


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("".join)
    return st.one_of(
        st.tuples(TEST, body, TEST, body, body).map(
            lambda p: f"{{% if {p[0]} %}}{p[1]}{{% elif {p[2]} %}}{p[3]}{{% else %}}{p[4]}{{% endif %}}"
        ),
        st.tuples(st.sampled_from(["person.Tags", "person.A", "person.Deep", "nothing"]), body).map(
            lambda p: (
                f"{{% for t in {p[0]} %}}{{{{ forloop.counter }}}}{{{{ t }}}}{p[1]}{{% cycle 'o' 'e' %}}"
                "{% empty %}none{% endfor %}"
            )
        ),
        st.tuples(OPERAND, body).map(
            lambda p: f"{{% with w={p[0]} p=person %}}{{{{ w }}}}{{{{ p.A }}}}{p[1]}{{% endwith %}}"
        ),
        body.map(lambda b: f"{{% spaceless %}}<i> {b} </i> <b>{{% endspaceless %}}"),
        body.map(lambda b: f"{{% autoescape off %}}{b}{{% endautoescape %}}"),
        body.map(lambda b: f"{{% ifchanged %}}{b}{{% else %}}same{{% endifchanged %}}"),
        body.map(
            lambda b: f"{{% comment %}}{b}{{% endcomment %}}{{% verbatim %}}{{{{ x }}}}{{% endverbatim %}}{{# c #}}"
        ),
        st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(
            lambda p: f"{{% firstof {p[0]} {p[1]} 'f&b' %}}{{% firstof {p[1]} 'z' as got %}}{{{{ got }}}}"
        ),
        st.tuples(TEST, body).map(
            lambda p: f"{{% if {p[0]} %}}{{% widthratio person.A 3 100 as ratio %}}{p[1]}{{% endif %}}[{{{{ ratio }}}}]"
        ),
        st.just("{% cycle 'a' 'b' as c %}{{ c }}{% cycle c %}{% templatetag openbrace %}{{ person.Tags.0 }}"),
    )


TEMPLATES = st.lists(WORDS | OUTPUT | st.recursive(OUTPUT, blocks, max_leaves=5), min_size=1, max_size=5).map("".join)
HOSTILE = st.sampled_from(
    [
        "Ann",
        "",
        " ",
        "a&b",
        "<script>",
        "O'Brien",
        '"q"',
        "é\u0301",
        "\n",
        "3",
        "0",
        0,
        1,
        -2,
        3.5,
        1e17,
        True,
        False,
        None,
    ]
)
VALUES = (
    HOSTILE | st.lists(HOSTILE, max_size=3) | st.dictionaries(st.sampled_from(["x", "items", "0"]), HOSTILE, max_size=2)
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Ann", "", " ", "T & J", "<b>", None]),
        "last_name": st.sampled_from(["Lee", "", None]),
        "location.city": st.sampled_from(["Paris", "", None]),
        "A": VALUES,
        "B": VALUES,
        "Tags": st.lists(HOSTILE, max_size=3) | st.none(),
        "Deep": st.dictionaries(st.sampled_from(["x", "y"]), VALUES, max_size=2),
    },
)


def stock(source: str, row: dict[str, Any], *, autoescape: bool = True) -> str | None:
    """What Django itself prints, in the process's own copy of it; None when it raises."""
    if not django_settings.configured:
        django_settings.configure(USE_I18N=False, USE_TZ=True, TIME_ZONE="UTC")
    top = {key: row[key] for key in ("first_name", "last_name") if row.get(key) is not None}
    person: dict[str, Any] = {**top, **{key: row[key] for key in ("A", "B", "Tags", "Deep") if key in row}}
    if row.get("location.city") is not None:
        person["City"] = row["location.city"]
    try:
        template = django.template.Engine().from_string(source)
        return template.render(django.template.Context({**top, "person": person}, autoescape=autoescape))
    except Exception:  # noqa: BLE001 - whatever Django raises, the email would not go out
        return None


@given(source=TEMPLATES, row=ROWS)
def test_django_prints_the_same(source, row):
    expected = stock(source, row)
    program = compiled(source)
    outcome = read(program.pieces, row)
    if expected is None:
        assert program.fatal or outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN), outcome
    else:
        assert outcome == Outcome(OutcomeKind.PRINTED, expected)


@given(source=TEMPLATES, row=ROWS)
def test_outside_html_only_what_escaping_cannot_change_is_certain(source, row):
    program = compiled(source, Part.SUBJECT)
    outcome = read(program.pieces, row)
    both = {stock(source, row), stock(source, row, autoescape=False)}
    if program.fatal:
        assert both == {None}
    elif outcome.kind is OutcomeKind.PRINTED:
        assert both == {outcome.text}
    elif outcome.kind is OutcomeKind.SKIPPED:
        assert None in both


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


# ------------------------------------------------------------------------------------------ expressions


@pytest.mark.parametrize(
    ("tag", "columns", "bare", "fallback"),
    [
        ("{{ first_name }}", ("first_name",), True, None),
        ("{{ first_name|default:'there' }}", ("first_name",), True, "there"),
        ("{{ first_name|default:'there'|title }}", ("first_name",), False, "There"),
        ("{{ first_name|default:'' }}", ("first_name",), False, ""),
        ("{{ first_name|default:person.nick }}", ("first_name", "nick"), False, None),
        ("{{ person|lookup:'Favorite Color' }}", ("Favorite Color",), True, None),
        ("{{ person.vip|safe }}", ("vip",), True, None),
        ("{{ person.vip|title }}", ("vip",), False, None),
        ("{{ person.vip.level }}", ("vip",), False, None),
        ("{{ full_name }}", ("first_name", "last_name"), False, None),
        ("{% firstof first_name person.nick 'you' %}", ("first_name", "nick"), False, "you"),
        ("{% for t in person.tags %}{{ t }}{{ person.vip }}{% endfor %}", ("tags", "vip"), False, None),
        ("{% with p=person %}{{ p.vip }}{% endwith %}", ("vip",), False, None),
    ],
)
def test_expression(tag, columns, bare, fallback):
    (expression,) = expressions(compiled(tag).pieces)
    assert (expression.columns, expression.bare, expression.fallback) == (columns, bare, fallback)
    assert not expression.test


SHAPES = {
    "empty": ["", ""],
    "blank": [" ", "\t\n"],
    "number": [0, 5, -1.5, True, False],
    "nested": [[], [1], ["a"], {}, {"a": "<"}],
    "delimiter": ["{{ x }}", "*|X|*", "{% a %}&", "a }} b"],
    "markup": ["a & b", "<b>", "O'Brien", '"x"'],
    "long": ["a" * 201, "b c " * 99],
    "other": ["Ann", "é", "0"],
}


@pytest.mark.parametrize("part", [Part.HTML, Part.SUBJECT, Part.TEXT])
@pytest.mark.parametrize(
    "tag", ["{{ first_name }}", "{{ person.X }}", "{{ person.X|default:'y' }}", "{{ person.X|safe }}"]
)
def test_where_a_column_is_printed_bare_the_shape_of_a_value_decides_the_kind(tag, part):
    (expression,) = expressions(compiled(tag, part).pieces)
    assert expression.bare
    (column,) = expression.columns
    for shape, values in SHAPES.items():
        assert len({expression.evaluate({column: value}).kind for value in values}) == 1, shape


def test_a_condition_is_a_choice_of_small_expressions():
    source = "{% if person.plan == 'pro' and 3 < person.points %}{{ first_name }}"
    source += "{% elif 'a' in person.vip %}b{% else %}c{% endif %}"
    program = compiled(source)
    (choice,) = program.pieces
    assert isinstance(choice, Choice)
    assert choice.span.end == len(source)
    first, second, last = choice.arms
    assert first.test is not None
    assert second.test is not None
    assert last.test is None
    assert first.test.source == source[: first.test.span.end]
    assert first.test.columns == ("plan", "points")
    assert first.test.compares == (Comparison("plan", "==", "pro"), Comparison("points", ">", 3))
    assert second.test.compares == (Comparison("vip", "contains", "a"),)
    assert source[second.test.span.start : second.test.span.end] == "{% elif 'a' in person.vip %}"
    assert first.test.test


def test_tags_of_the_platform_stay_as_they_are():
    source = "{% unsubscribe 'bye' %}|{% unsubscribe_link %}|{% coupon_code 'A' %}|"
    source += '{% catalog event.ID unpublished="cancel" %}{{ catalog_item.title }}{% endcatalog %}'
    found = expressions(compiled(source).pieces)
    assert [expression.effect for expression in found] == ["footer", "url", "coupon", "catalog"]
    kinds = [expression.evaluate({}).kind for expression in found]
    assert kinds == [OutcomeKind.LITERAL, OutcomeKind.LITERAL, OutcomeKind.UNKNOWN, OutcomeKind.UNKNOWN]
    assert found[0].evaluate({}).text == "{% unsubscribe 'bye' %}"


def test_normal_evens_out_white_space():
    (expression,) = expressions(compiled("{{first_name  |default:'a' }}").pieces)
    assert expression.normal == "{{ first_name |default:'a' }}"
    assert expression.source == "{{first_name  |default:'a' }}"


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("first_name", "first_name"),
        ("person.first_name", "first_name"),
        ("person.City", "location.city"),
        ("$timezone", "location.timezone"),
        ("person.Deep.er", "Deep"),
        ("X Y", "X Y"),
        ("person|lookup:'A.B'", "A.B"),
        ("First_Name", "First_Name"),
    ],
)
def test_column(written, column):
    assert DIALECT.column(written, VOCABULARY) == column


def test_names_are_as_written_and_lead_to_columns():
    source = "{{ First_Name }}{{ person.vip_note|default:x }}{{ person|lookup:'X Y' }}{{ person|lookup:'A.B' }}"
    source += "{{ full_name }}{% for t in person.tags %}{{ t.a }}{% endfor %}{{ event.ID }}"
    source += "{% if person.City == 'x' %}{% endif %}"
    names = DIALECT.parse(source, Part.HTML).names
    assert names == (
        "First_Name",
        "X Y",
        "event.ID",
        "first_name",
        "last_name",
        "person.City",
        "person.tags",
        "person.vip_note",
        "person|lookup:'A.B'",
        "x",
    )
    program = compiled(source)
    wanted = {column for expression in expressions(program.pieces) for column in expression.columns}
    assert wanted <= {DIALECT.column(name, VOCABULARY) for name in names}


def test_node_kinds_and_names():
    source = (
        "a{{ first_name|upper }}{% if person.x %}{# c #}{% comment %}{{ y }}{% endcomment %}{% endif %}{{ z|nope }}"
    )
    nodes = DIALECT.parse(source, Part.HTML).nodes
    assert [(node.kind, node.name) for node in nodes] == [
        (NodeKind.TEXT, ""),
        (NodeKind.OUTPUT, "first_name"),
        (NodeKind.TAG, "if"),
        (NodeKind.COMMENT, ""),
        (NodeKind.COMMENT, "comment"),
        (NodeKind.COMMENT, ""),
        (NodeKind.COMMENT, "endcomment"),
        (NodeKind.TAG, "endif"),
        (NodeKind.BROKEN, "z"),
    ]


# ------------------------------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("{{ first_name|default: 'there' }}", "{{ first_name|default:'there' }}"),
        ("{{ first_name|default:’there’ }}", "{{ first_name|default:'there' }}"),
        ("{{ first_name|default:&#39;there&#39; }}", "{{ first_name|default:'there' }}"),
        ("{{ first_name | default : 'x' }}", "{{ first_name | default:'x' }}"),
        ("{{ person.Favorite Color }}", "{{ person|lookup:'Favorite Color' }}"),
        ("{{ event|lookup:'Coupon Codes'.0 }}", "{{ event|lookup:'Coupon Codes'|lookup:'0' }}"),
        ("{{ person['X Y']|default('a') }}", "{{ person|lookup:'X Y'|default:'a' }}"),
        ("{{ First Name|default:'you' }}", "{{ first_name|default:'you' }}"),
        ("{{ Shoe Size }}", "{{ person|lookup:'Shoe Size' }}"),
        ("{{ first_name or 'friend' }}", "{{ first_name|default:'friend' }}"),
        ("{{ first_name|default:'there }}", "{{ first_name|default:'there' }}"),
        ("{{ first\u200b_name }}", "{{ first_name }}"),
        ("{% if a = 'x' %}{% endif %}", "{% if a == 'x' %}"),
        ("{% if a && b || !c %}{% endif %}", "{% if a and b or not c %}"),
        ("{% if a &gt; 3 %}{% endif %}", "{% if a > 3 %}"),
        ("{% if a==1 %}{% endif %}", "{% if a == 1 %}"),
        ("{% if a %}{% elsif b %}{% endif %}", "{% elif b %}"),
        ("{% if a %}{% end if %}", "{% endif %}"),
        ("{% IF a %}{% endif %}", "{% if a %}"),
        ("{% if person.Favorite Color == 'x' %}{% endif %}", "{% if person|lookup:'Favorite Color' == 'x' %}"),
    ],
)
def test_a_refused_tag_is_explained(tag, meant):
    program = compiled(f"x {tag} y")
    issue = only(program.issues, IssueKind.SYNTAX)
    assert issue.meant == meant
    assert meant in issue.fix
    assert "skips every recipient" in issue.says
    assert program.fatal.startswith("recipients are skipped: Email syntax error")


@pytest.mark.parametrize(
    ("source", "faulty", "word"),
    [
        ("{% if a %}x", "{% if a %}", "never closed"),
        ("{% for i in l %}{% if i %}{% endfor %}", "{% if i %}", "never closed"),
        ("x{% endif %}", "{% endif %}", "closes a block"),
        ("{% else %}", "{% else %}", "outside its block"),
        ("{% assign x = 1 %}", "{% assign x = 1 %}", "with"),
        ("{{ first_name|defualt:'a' }}", "{{ first_name|defualt:'a' }}", "no filter defualt"),
        ("{% include 'x' %}", "{% include 'x' %}", "no include"),
        ("{% section %}", "{% section %}", "no tag section"),
        ("{{ *|FNAME|* }}", "{{ *|FNAME|* }}", "Mailchimp"),
        ("{{ }}", "{{ }}", "empty"),
        ("{% if %}{% endif %}", "{% if %}", "the engine says"),
    ],
)
def test_a_fault_has_its_place(source, faulty, word):
    issue = only(compiled(source).issues, IssueKind.SYNTAX)
    assert issue.source == faulty
    assert word in issue.says


def test_after_a_fault_the_rest_is_still_read():
    program = compiled("{{ a|nope }}{{ person.vip }}{% if person.plan = 'x' %}{{ First_Name }}{% endif %}{% wrong %}")
    kinds = [issue.kind for issue in program.issues]
    assert kinds.count(IssueKind.SYNTAX) == 3
    assert kinds.count(IssueKind.UNKNOWN_NAME) == 1
    assert {c for expression in expressions(program.pieces) for c in expression.columns} == {"vip", "plan"}


def test_a_default_without_quotes_skips_everybody():
    program = compiled("{{ first_name|default:there }}")
    assert only(program.issues, IssueKind.SYNTAX).meant == "{{ first_name|default:'there' }}"
    assert not program.fatal
    for row in ({}, {"first_name": "Ann"}):
        assert read(program.pieces, row).kind is OutcomeKind.SKIPPED


def test_the_reason_of_a_skip_holds_nobody_s_data():
    outcome = arrives("{{ first_name|default:there }}{{ person.vip }}", {"first_name": "Zelda", "vip": "secret"})
    assert outcome.kind is OutcomeKind.SKIPPED
    assert "Zelda" not in outcome.reason


@pytest.mark.parametrize(
    ("source", "kind", "meant"),
    [
        ("{{ First_Name|default:'there' }}", IssueKind.UNKNOWN_NAME, "{{ first_name|default:'there' }}"),
        ("{{ vip }}", IssueKind.UNKNOWN_NAME, "{{ person.vip }}"),
        ("{{ person.VIP }}", IssueKind.UNKNOWN_NAME, "{{ person.vip }}"),
        ("{{ person.point }}", IssueKind.UNKNOWN_NAME, "{{ person.points }}"),
        ("{{ person.favorite_color }}", IssueKind.UNKNOWN_NAME, "{{ person|lookup:'Favorite Color' }}"),
        ("{{ person|lookup:'favorite color' }}", IssueKind.UNKNOWN_NAME, "{{ person|lookup:'Favorite Color' }}"),
        ("{{ person.city }}", IssueKind.UNKNOWN_NAME, "{{ person.City }}"),
        ("{{ person.qwerty }}", IssueKind.UNKNOWN_NAME, ""),
        ("{{ unsubscribe_link }}", IssueKind.UNKNOWN_NAME, "{% unsubscribe_link %}"),
        ("{{ today }}", IssueKind.UNKNOWN_NAME, '{% today "%Y-%m-%d" as today %}{{ today }}'),
        ("{% if person.vip == true %}{% endif %}", IssueKind.UNKNOWN_NAME, "{% if person.vip == True %}"),
        ("{% if person.plan == pro %}{% endif %}", IssueKind.UNKNOWN_NAME, "{% if person.plan == 'pro' %}"),
        ("{{ organization.adress }}", IssueKind.UNKNOWN_NAME, "{{ organization.full_address }}"),
        ('<a href="{% unsubscribe %}">x</a>', IssueKind.BROKEN_TAG, "{% unsubscribe_link %}"),
        ("{{ person.vip|date:'F d' }}", IssueKind.UNRELIABLE, "{{ person.vip|format_date_string|date:'F d' }}"),
        ("{{ event.ProductName }}", IssueKind.EVENT_DATA, ""),
        ("{% for i in event.Items %}{{ i.x }}{% endfor %}", IssueKind.EVENT_DATA, ""),
        ("{{ first_name|default:'' }}", IssueKind.EMPTY_FALLBACK, ""),
        ("{{ first_name|default:' '|title }}", IssueKind.EMPTY_FALLBACK, ""),
        ("{% regroup person.vip by a as b %}", IssueKind.UNSUPPORTED, ""),
        ("{{ contact.firstname }}", IssueKind.FOREIGN_TAG, None),
        ("Hi *|FNAME|*", IssueKind.FOREIGN_TAG, None),
        ("{{\nfirst_name }}", IssueKind.BROKEN_TAG, None),
        ("{{ first_name }", IssueKind.BROKEN_TAG, None),
        ("Hi [FIRST_NAME]", IssueKind.PLACEHOLDER, None),
        ('<a href="https://x.example/?e=%7B%7B%20email%20%7D%7D">x</a>', IssueKind.BROKEN_TAG, None),
        ("{%if person.VIP%}{%endif%}", IssueKind.UNKNOWN_NAME, "{%if person.vip%}"),
    ],
)
def test_issue(source, kind, meant):
    program = compiled(source)
    issue = only(program.issues, kind)
    assert len(program.issues) == 1, program.issues
    assert meant is None or issue.meant == meant
    assert not program.fatal


def test_a_template_in_order_has_no_issues():
    source = """<p>Hi {{ first_name|default:'there' }}, {{ person|lookup:"Favorite Color"|default:"blue" }}</p>
    {% if person.plan == "pro" and person.points|multiply:"1" > 10 %}{{ person.vip|default:"x" }}{% endif %}
    {% for t in person.vip %}{{ forloop.counter }} {{ t.name }}{% endfor %}{% current_year %} {{ organization.name }}
    {% today "%Y" as year %}{{ year }} <a href="{% unsubscribe_link %}">out</a> {% unsubscribe 'Bye' %} {{ email }}"""
    assert compiled(source).issues == ()


def test_what_nobody_can_know_is_not_certain():
    some = Vocabulary(fields=(Field("vip"),))
    issue = only(compiled("{{ person.vipp }}", vocabulary=some).issues, IssueKind.UNKNOWN_NAME)
    assert not issue.certain
    assert only(compiled("{{ person.VIP }}").issues, IssueKind.UNKNOWN_NAME).certain
    assert only(compiled("{{ First_Name }}", vocabulary=some).issues, IssueKind.UNKNOWN_NAME).certain
    assert compiled("{{ person.whatever }}", vocabulary=Vocabulary()).issues == ()
    assert not only(compiled("{{ person.First_name }}", vocabulary=Vocabulary()).issues, IssueKind.UNKNOWN_NAME).certain


def test_event_data_belongs_to_flows():
    assert arrives("[{{ event.X }}]", {}).text == "[]"
    assert arrives("{{ event.X }}", {}, kind=Kind.AUTOMATION).kind is OutcomeKind.UNKNOWN
    assert compiled("{{ event.X }}", kind=Kind.AUTOMATION).issues == ()


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
