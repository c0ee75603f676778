"""What Klaviyo templates compile to: small expressions, choices, names, and what is said of faulty templates."""

from __future__ import annotations

import pytest

from presend.dialects.base import (
    Choice,
    Comparison,
    IssueKind,
    NodeKind,
    OutcomeKind,
)
from presend.model import Field, Kind, Part, Vocabulary
from tests.dialects.klaviyo_pieces import (
    DIALECT,
    VOCABULARY,
    arrives,
    compiled,
    expressions,
    only,
    read,
)

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
        ("{% with p=person %}{{ p.vip }}{% endwith %}", ("vip",), True, None),
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
