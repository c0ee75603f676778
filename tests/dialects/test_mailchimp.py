"""Mailchimp's merge tags: the three laws, the case file, names and their spelling (rows 3 to 7, 17, 18, 26, 66)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.dialects.base import Emit, IssueKind, OutcomeKind
from presend.model import Part, Vocabulary
from tests.dialects.mailchimp_account import (
    ACCOUNT,
    BLANK,
    MC,
    PRINTED,
    UNKNOWN,
    compiled,
    expressions,
    first,
    issues,
    read,
)
from tests.dialects.runner import case_ids, check_case, load_cases

# -- laws

# fmt: off
SCRAPS = st.sampled_from([
    "*|", "|*", "*|FNAME|*", "*|IF:FNAME|*", "*|IFNOT:VIP|*", "*|ELSEIF:PLAN=pro|*", "*|ELSE:|*", "*|END:IF|*",
    "*|ELSE|*", "*|INTERESTED:Topic:Offers|*", "*|INTERESTED:A:B|*", "*|END:INTERESTED|*", "*|FEEDBLOCK:https://x.example|*",
    "*|END:FEEDBLOCK|*", "*|POLL:RATING:x|*", "*|END:POLL|*", "*|END:|*", "*|IF:REWARDS|*", "*|IF:POINTS > 3|*",
    "*|DATE:\\", "d|*", "*|URL:FNAME|*", "*|UNSUB|*", "<b>", "</b>", '<td mc:edit="x">', "</td>", "\n", "|", "*", ":",
    "&gt;", "＊", "*|fname|*", "*|FNAME:x|*", "*|<i>FNAME</i>|*", "*|IF:", "*|INTERESTED:", " AND ", "=", "**", "||",
])
# fmt: on
SOURCES = st.lists(st.one_of(SCRAPS, st.text(max_size=5)), max_size=20).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["0", " ", "1.0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(SOURCES, st.text()), st.sampled_from(list(Part)))
def test_the_nodes_make_up_the_source(source: str, part: Part) -> None:
    template = MC.parse(source, part)

    assert "".join(node.text for node in template.nodes) == source
    assert all(source[node.span.start : node.span.end] == node.text for node in template.nodes)


@settings(max_examples=300, deadline=None)
@given(SOURCES, st.sampled_from(list(Part)), st.booleans(), st.data())
def test_compiling_and_evaluating_never_raise(source: str, part: Part, complete: bool, data: st.DataObject) -> None:
    vocabulary = ACCOUNT if complete else Vocabulary()
    program = compiled(source, part, vocabulary)

    assert all(source[i.span.start : i.span.end] == i.source for i in program.issues)
    for expression in expressions(program.pieces):
        row = {column: data.draw(JSON) for column in expression.columns if data.draw(st.booleans())}
        outcome = expression.evaluate(row)
        assert outcome == expression.evaluate(dict(row))
        assert outcome.kind is not OutcomeKind.SKIPPED
        assert (outcome.kind is UNKNOWN) == bool(outcome.reason)
        if expression.test:
            assert outcome.kind in (PRINTED, BLANK, UNKNOWN)


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_the_pieces_cover_the_source_in_order(source: str) -> None:
    at = 0
    for piece in compiled(source).pieces:
        span = piece.expression.span if isinstance(piece, Emit) else piece.span
        assert span.start == at
        at = span.end
    assert at == len(source)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="*|&<>\"'", exclude_categories=["Cs"])))
def test_a_plain_value_prints_byte_for_byte(value: str) -> None:
    rendered = read("a*|FNAME|*b", FNAME=value)

    assert (rendered.kind, rendered.text) == (PRINTED, f"a{value}b")


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="a& <'*|é\u00a0")), st.sampled_from([Part.HTML, Part.TEXT, Part.SUBJECT]))
def test_the_class_of_a_value_tells_what_becomes_of_a_bare_print(value: str, part: Part) -> None:
    expression = first("*|LNAME|*", part)
    outcome = expression.evaluate({"LNAME": value})

    assert expression.bare
    if not value:
        assert (outcome.kind, outcome.text) == (PRINTED, expression.fallback)
    elif "*|" in value or "|*" in value or (part is Part.HTML and set(value) & set("&<>\"'")):
        assert outcome.kind is UNKNOWN
    else:
        assert (outcome.kind, outcome.text) == (PRINTED if value.strip() else BLANK, value)


def test_a_thousand_nested_conditions_are_an_issue_and_no_crash() -> None:
    source = "*|IF:FNAME|*" * 1000 + "x" + "*|END:IF|*" * 1000

    assert any(i.kind is IssueKind.SYNTAX for i in issues(source))
    assert read(source, FNAME="Ann").kind is UNKNOWN


# -- case file


@pytest.mark.parametrize("case", load_cases("mailchimp"), ids=case_ids)
def test_case_file(case: dict[str, Any]) -> None:
    check_case(case)


# -- names


def test_row_3_an_unknown_tag() -> None:
    (issue,) = issues("Hi *|FNAM|*")

    assert (issue.kind, issue.meant, issue.certain) == (IssueKind.UNKNOWN_NAME, "*|FNAME|*", True)
    assert "print literally or vanish" in issue.says
    assert issue.reads == ""
    assert read("Hi *|FNAM|*").kind is UNKNOWN


def test_row_4_tags_are_case_sensitive() -> None:
    (issue,) = issues("*|fname|*", vocabulary=Vocabulary())

    assert (issue.kind, issue.meant, issue.certain) == (IssueKind.UNKNOWN_NAME, "*|FNAME|*", True)
    assert "case sensitive" in issue.says


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("*|FNAME |*", "*|FNAME|*"),
        ("*|FIRSTNAME|*", "*|FNAME|*"),
        ("*|F_NAME|*", "*|FNAME|*"),
        ("*|UPPER:FNAM|*", "*|UPPER:FNAME|*"),
        ("*|IF:PLANN=pro|*x*|END:IF|*", "*|IF:PLAN=pro|*"),
        ("*|MC:URL|*", "*|ARCHIVE|*"),
        ("*|UNSUBSCRIBE|*", "*|UNSUB|*"),
        ("*|HTML:LIST:ADDRESS_HTML|*", "*|HTML:LIST_ADDRESS_HTML|*"),
        ("*|ZQX|*", ""),
    ],
)
def test_what_was_meant(tag: str, meant: str) -> None:
    (issue,) = issues(tag)

    assert (issue.kind, issue.meant) == (IssueKind.UNKNOWN_NAME, meant)


def test_an_empty_tag_is_one_that_nobody_knows() -> None:
    assert [(i.kind, i.says.split(",")[0]) for i in issues("*||*")] == [
        (IssueKind.UNKNOWN_NAME, "The tag names nothing")
    ]


@pytest.mark.parametrize(
    "source",
    ["*|---|*", r"*| \ /|*", "*||||*", "*|<b>-</b>|*", "*|  Terms  |  Privacy |*", "*|HOME | SHOP | CONTACT|*"],
)
def test_a_drawing_or_a_footer_with_pipes_is_text(source: str) -> None:
    assert issues(source) == []
    assert read(source).text == source


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("*|Terms|*", IssueKind.UNKNOWN_NAME),
        ("*|---FNAME---|*", IssueKind.UNKNOWN_NAME),
        ("*|Terms of use|*", IssueKind.UNKNOWN_NAME),
        ("*|FNAME | there|*", IssueKind.EMPTY_FALLBACK),
        ("*|IF:PLAN=a || PLAN=b|*x*|END:IF|*", IssueKind.SYNTAX),
    ],
)
def test_near_a_drawing_a_misspelt_tag_is_still_a_tag(source: str, kind: IssueKind) -> None:
    assert [issue.kind for issue in issues(source)] == [kind]


def test_without_a_vocabulary_only_an_impossible_or_misspelt_name_is_reported() -> None:
    nothing = Vocabulary()

    assert issues("*|FNAME|* *|LNAME|* *|PETNAME|*", vocabulary=nothing) == []
    assert [(i.meant, i.certain) for i in issues("*|FNAM|*", vocabulary=nothing)] == [("*|FNAME|*", False)]
    assert read("*|PETNAME|*", vocabulary=nothing, PETNAME="Rex").text == "Rex"
    assert read("*|PETNAME|*", vocabulary=nothing).kind is UNKNOWN


def test_names_are_listed_as_written() -> None:
    source = "*|MERGE1|* *|URL:EMAIL|* *|IF:PLAN=a|**|INTERESTED:Topic:Offers|* *|UNSUB|* *|IF:REWARDS|* *|FNAME:x|*"

    assert MC.parse(source, Part.HTML).names == ("EMAIL", "FNAME", "INTERESTED:Topic", "MERGE1", "PLAN")


# -- spelling


@pytest.mark.parametrize("source", ["*|FNAME*", "* |FNAME| *", "|UNSUB:url|"])
def test_rows_5_and_26_a_broken_delimiter_is_read_as_it_stands(source: str) -> None:
    (issue,) = issues(f"Hi {source}, you")

    assert (issue.kind, issue.reads) == (IssueKind.BROKEN_TAG, source)
    assert read(f"Hi {source}, you").text == f"Hi {source}, you"


@pytest.mark.parametrize(
    "source",
    ["*|FNAME|fallback:there|*", "*|FNAME:there|*", '*|FNAME|default:"there"|*', "*|FNAME|there|*", "*|FNAME=there|*"],
)
def test_row_6_there_is_no_inline_default(source: str) -> None:
    (issue,) = issues(source)

    assert issue.kind is IssueKind.EMPTY_FALLBACK
    assert "Mailchimp has no inline default" in issue.says
    assert issue.meant == "*|IF:FNAME|**|FNAME|**|ELSE:|*there*|END:IF|*"
    assert read(source).kind is UNKNOWN


@pytest.mark.parametrize("source", ["{{ first_name }}", "{{ contact.firstname }}"])
def test_row_7_another_platforms_tag(source: str) -> None:
    (issue,) = issues(source)

    assert (issue.kind, issue.meant, issue.reads) == (IssueKind.FOREIGN_TAG, "*|FNAME|*", source)


def test_row_17_markup_inside_a_tag() -> None:
    (issue,) = issues("*|<strong>FNAME</strong>|*")

    assert (issue.kind, issue.meant, issue.reads) == (IssueKind.BROKEN_TAG, "*|FNAME|*", "")
    assert read("*|<strong>FNAME</strong>|*").kind is UNKNOWN


def test_row_18_percent_encoded_in_a_link() -> None:
    (issue,) = issues('<a href="https://x.example/?e=*%7CEMAIL%7C*">x</a>')

    assert (issue.kind, issue.meant, issue.source) == (IssueKind.BROKEN_TAG, "*|EMAIL|*", "*%7CEMAIL%7C*")


@pytest.mark.parametrize("body", ["FNA\u200bME", "FNAME&nbsp;", "\u00a0FNAME", "ＦNAME", "%46NAME%20"])
def test_a_tag_with_something_unseen_inside(body: str) -> None:
    assert [i.kind for i in issues(f"*|{body}|*")] in ([IssueKind.BROKEN_TAG], [IssueKind.UNKNOWN_NAME])
    assert read(f"*|{body}|*", FNAME="Ann").kind is UNKNOWN


def test_row_66_placeholders() -> None:
    source = "[FIRST_NAME] %%FNAME%% &lt;&lt;Name&gt;&gt; {FirstName}"

    assert [i.kind for i in issues(source)] == [IssueKind.PLACEHOLDER] * 4
    assert {i.meant for i in issues(source)} == {"*|FNAME|*"}
