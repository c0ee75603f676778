"""Mailchimp's conditions, groups and own blocks (rows 8 to 16, 23, 24 of the failure catalogue)."""

from __future__ import annotations

from typing import Any

import pytest

from presend.dialects.base import Emit, IssueKind, OutcomeKind
from presend.model import Field, Part, Vocabulary
from tests.dialects.mailchimp_account import (
    ACCOUNT,
    PRINTED,
    UNKNOWN,
    compiled,
    first,
    issues,
    read,
)

# -- conditions


def test_row_8_no_branch_for_them() -> None:
    source = "<*|IF:PLAN=pro|*x*|END:IF|*>"

    assert read(source, PLAN="basic").text == "<>"
    test = first(source)
    assert (test.test, test.columns) == (True, ("PLAN",))
    assert [(c.column, c.op, c.literal) for c in test.compares] == [("PLAN", "==", "pro")]


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("*|IF:FNAME AND LNAME|*x*|END:IF|*", "*|IF:FNAME|**|IF:LNAME|*…*|END:IF|**|END:IF|*"),
        ("*|IF:PLAN=a OR VIP=b|*x*|END:IF|*", ""),
        ("*|IF:PLAN=a && VIP=b|*x*|END:IF|*", "*|IF:PLAN=a|**|IF:VIP=b|*…*|END:IF|**|END:IF|*"),
        ("*|IF:PLAN==a|*x*|END:IF|*", "*|IF:PLAN=a|*"),
        ("*|IF: FNAME|*x*|END:IF|*", "*|IF:FNAME|*"),
        ("*|IF:FNAME |*x*|END:IF|*", "*|IF:FNAME|*"),
        ("*|IF:PLAN=|*x*|END:IF|*", "*|IFNOT:PLAN|*"),
        ("*|IF:|*x*|END:IF|*", ""),
        ("*|IF FNAME|*x*|END:IF|*", "*|IF:FNAME|*"),
        ("*|if:FNAME|*x*|END:IF|*", "*|IF:FNAME|*"),
        ("*|IF:FNAME|*x*|ELSE|*y*|END:IF|*", "*|ELSE:|*"),
        ("*|IF:FNAME|*x*|else:|*y*|END:IF|*", "*|ELSE:|*"),
        ("*|IF:FNAME|*x*|ELSE IF:PLAN=a|*y*|END:IF|*", "*|ELSEIF:PLAN=a|*"),
        ("*|IF:FNAME|*x*|ELSIF:PLAN=a|*y*|END:IF|*", "*|ELSEIF:PLAN=a|*"),
        ("*|IF:FNAME|*x*|ENDIF|*", "*|END:IF|*"),
        ("*|IF:FNAME|*x*|END:IF:|*", "*|END:IF|*"),
        ("*|IF:FNAME|*x*|END IF|*", "*|END:IF|*"),
        ("*|IF:FNAME|*x*|end:if|*", "*|END:IF|*"),
        ("*|INTERESTED:Topic:Offers|*x*|ENDINTERESTED|*", "*|END:INTERESTED|*"),
    ],
)
def test_rows_9_and_13_misspelt_control_tags(source: str, meant: str) -> None:
    (issue,) = issues(source)

    assert (issue.kind, issue.meant, issue.certain) == (IssueKind.SYNTAX, meant, True)
    assert read(source, FNAME="Ann", PLAN="a").kind is UNKNOWN


def test_and_inside_a_value_is_a_value() -> None:
    source = "*|IF:PLAN=Rock AND Roll|*x*|END:IF|*"

    assert issues(source) == []
    assert read(source, PLAN="Rock AND Roll").text == "x"


def test_row_10_order_on_a_text_field() -> None:
    source = "*|IF:SCORE > 100|*x*|ELSE:|*y*|END:IF|*"

    assert [(i.kind, i.certain) for i in issues(source)] == [(IssueKind.UNRELIABLE, False)]
    assert read(source, SCORE="99").kind is UNKNOWN
    assert read(source, SCORE="200").text == "x"
    assert read(source, SCORE="100").text == "y"
    assert read(source, SCORE="many").kind is UNKNOWN


@pytest.mark.parametrize(("value", "text"), [("Yes", "x"), ("yes", "y"), ("Yes ", "y"), ("YES", "y"), (None, "y")])
def test_row_11_equality_is_exact(value: str | None, text: str) -> None:
    assert read("*|IF:VIP=Yes|*x*|ELSE:|*y*|END:IF|*", VIP=value).text == text


@pytest.mark.parametrize(
    ("condition", "value", "text"),
    [
        ("IF:POINTS>=100", 100, "x"),
        ("IF:POINTS >= 100", "100.0", "x"),
        ("IF:POINTS = 100", "100.0", "x"),
        ("IF:POINTS!=100", 7, "x"),
        ("IF:POINTS<100", 7, "x"),
        ("IF:POINTS<=100", 101, "y"),
        ("IF:POINTS>100", None, "y"),
        ("IF:POINTS<100", None, None),
        ("IF:POINTS!=100", None, None),
        ("IFNOT:POINTS=100", None, "x"),
        ("IF:POINTS>100", "many", None),
        ("IF:POINTS>many", 5, None),
        ("IF:POINTS", 0, None),
        ("IF:POINTS", 5, "x"),
        ("IF:POINTS", True, None),
        ("IFNOT:POINTS", 5, "y"),
        ("IF:SCORE", "0", None),
        ("IF:SCORE", " ", "x"),
        ("IF:SCORE=1", "1.0", None),
        ("IF:SCORE=1", "2", "y"),
        ("IF:LNAME", None, None),
        ("IF:LNAME=Customer", None, None),
        ("IF:LNAME=Lee", None, "y"),
        ("IF:PET", None, None),
        ("IF:SINCE>01/01/2020", "02/02/2021", None),
        ('IF:PLAN="pro"', "pro", None),
        ('IF:PLAN="pro"', "basic", "y"),
        ("IF:PLAN=pro ", "pro", None),
        ("IF:PLAN=a &amp; b", "a & b", None),
        ("IF:PLAN=a &amp; b", "c", "y"),
        ("IF:ADDRESS", {"addr1": "x"}, "x"),
        ("IF:ADDRESS", {}, None),
        ("IF:ADDRESS=x", {"addr1": "x"}, None),
        ("IF:ARCHIVE_PAGE", None, "y"),
        ("IFNOT:ARCHIVE_PAGE", None, "x"),
        ("IF:MC_LANGUAGE=fr", "fr_CA", "y"),
        ("IF:NOSUCH", None, None),
    ],
)
def test_row_16_and_truth(condition: str, value: Any, text: str | None) -> None:
    column = "".join(c for c in condition.split(":", 1)[1] if c.isupper() or c == "_")
    name = next((f.tag for f in ACCOUNT.fields if column.startswith(f.tag)), column)
    rendered = read(f"*|{condition}|*x*|ELSE:|*y*|END:IF|*", **{name: value})

    assert rendered.kind is (UNKNOWN if text is None else PRINTED)
    assert text is None or rendered.text == text


def test_row_12_never_closed() -> None:
    (issue,) = issues("<p>*|IF:FNAME|*Hi *|FNAME|*</p>")

    assert (issue.kind, issue.source) == (IssueKind.SYNTAX, "*|IF:FNAME|*")
    assert "never closed" in issue.says
    assert read("<p>*|IF:FNAME|*Hi *|FNAME|*</p>", FNAME="Ann").kind is UNKNOWN


@pytest.mark.parametrize(
    "source",
    [
        "x*|END:IF|*",
        "x*|ELSE:|*y",
        "*|IF:FNAME|**|INTERESTED:Topic:Offers|*x*|END:IF|*y*|END:INTERESTED|*",
        "*|IF:FNAME|*x*|ELSE:|*y*|ELSE:|*z*|END:IF|*",
        "*|IF:FNAME|*x*|ELSE:|*y*|ELSEIF:VIP|*z*|END:IF|*",
        "*|INTERESTED:Topic:Offers|*x*|ELSEIF:VIP|*z*|END:INTERESTED|*",
        "*|FEEDBLOCK:https://x.example/feed|*x",
    ],
)
def test_blocks_that_do_not_fit(source: str) -> None:
    assert {i.kind for i in issues(source)} == {IssueKind.SYNTAX}
    assert read(source, FNAME="Ann").kind is UNKNOWN


def test_row_14_a_condition_over_two_editable_regions() -> None:
    across = '<td mc:edit="a">*|IF:FNAME|*x</td><td mc:edit="b">y*|END:IF|*</td>'
    inside = '<td mc:edit="a"><p>*|IF:FNAME|*x<br>*|END:IF|*</p></td>'
    around = '*|IF:FNAME|*<td mc:edit="a">x</td>*|END:IF|*'

    assert [i.kind for i in issues(across)] == [IssueKind.SYNTAX]
    assert "editable region" in issues(across)[0].says
    assert issues(inside) == issues(around) == []


def test_row_23_a_condition_in_the_subject() -> None:
    source = "*|IF:FNAME|**|FNAME|*, *|END:IF|*hello"

    assert [i.kind for i in issues(source, Part.SUBJECT)] == [IssueKind.UNRELIABLE]
    assert read(source, Part.SUBJECT, FNAME="Ann").kind is UNKNOWN
    assert issues(source, Part.PREVIEW_TEXT) == []


@pytest.mark.parametrize("part", [Part.FROM_NAME, Part.REPLY_TO])
def test_a_tag_in_the_sender(part: Part) -> None:
    assert [i.kind for i in issues("*|FNAME|*", part)] == [IssueKind.UNRELIABLE]
    assert read("*|FNAME|*", part, FNAME="Ann").kind is UNKNOWN


def test_an_empty_branch_is_a_doubt() -> None:
    source = "*|IF:FNAME|**|ELSE:|*you*|END:IF|*"

    assert [(i.kind, i.certain) for i in issues(source)] == [(IssueKind.UNRELIABLE, False)]
    assert read(source).kind is UNKNOWN
    assert read(source.replace("|**|ELSE", "|* *|ELSE")).text == "you"


def test_nesting_and_elseif() -> None:
    source = "*|IF:PLAN=a|*1*|IFNOT:VIP|*2*|ELSE:|*3*|END:IF|**|ELSEIF:PLAN=b|*4*|ELSE:|*5*|END:IF|*"

    assert read(source, PLAN="a").text == "12"
    assert read(source, PLAN="a", VIP="Yes").text == "13"
    assert read(source, PLAN="b").text == "4"
    assert read(source).text == "5"
    assert issues(source) == []


# -- groups


@pytest.mark.parametrize(
    ("groups", "value", "text"),
    [
        ("Offers", ["Offers"], "x"),
        ("Offers", ["News & Updates"], "y"),
        ("Offers", [], "y"),
        ("Offers", None, "y"),
        ("Offers", "News & Updates, Offers", "x"),
        ("Offers", {"a": 1}, None),
        ("News & Updates", ["News & Updates"], "x"),
        ("News &amp; Updates", ["News & Updates"], "x"),
        ("Food, Drink", ["Food, Drink"], "x"),
        ("Food, Drink,Offers", ["Food, Drink", "Offers"], "x"),
        ("Food, Drink,Offers", ["Offers"], None),
        ("Food, Drink,Offers", [], "y"),
        ("Offers,Nothing", ["Offers"], None),
        ("Offers,Nothing", [], "y"),
    ],
)
def test_interest_groups(groups: str, value: Any, text: str | None) -> None:
    source = f"*|INTERESTED:Topic:{groups}|*x*|ELSE:|*y*|END:INTERESTED|*"
    rendered = read(source, **{"INTERESTED:Topic": value})

    assert rendered.kind is (UNKNOWN if text is None else PRINTED)
    assert text is None or rendered.text == text


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("*|INTERESTED:Topic:News|*", "*|INTERESTED:Topic:News & Updates|*"),
        ("*|INTERESTED:Topics:Offers|*", "*|INTERESTED:Topic:Offers|*"),
        ("*|INTERESTED:Topic:offers|*", "*|INTERESTED:Topic:Offers|*"),
    ],
)
def test_row_15_a_group_that_does_not_exist(tag: str, meant: str) -> None:
    source = f"<{tag}x*|END:INTERESTED|*>"
    (issue,) = issues(source)

    assert (issue.kind, issue.meant) == (IssueKind.UNKNOWN_GROUP, meant)
    assert read(source, **{"INTERESTED:Topic": ["Offers"]}).text == "<>"


def test_groups_that_could_not_be_read_are_taken_as_written() -> None:
    source = "*|INTERESTED:Any:Thing,Else|*x*|END:INTERESTED|*"
    nothing = Vocabulary()

    assert issues(source, vocabulary=nothing) == []
    assert read(source, vocabulary=nothing, **{"INTERESTED:Any": ["Thing", "Else"]}).text == "x"


def test_a_block_that_names_no_group() -> None:
    assert [i.kind for i in issues("*|INTERESTED:Topic|*x*|END:INTERESTED|*")] == [IssueKind.SYNTAX]


# -- system tags


@pytest.mark.parametrize(
    ("source", "effect"),
    [
        ("*|UNSUB|*", "url"),
        ("*|ARCHIVE|*", "url"),
        ("*|LIST:ADDRESS|*", "footer"),
        ("*|HTML:LIST_ADDRESS_HTML|*", "footer"),
        ("*|MC:SUBJECT|*", "content"),
        ("*|LIST:RECENT5|*", "content"),
        ("*|TRANSLATE:en|*", "content"),
        ("*|PROMO_CODE:[$store_id=x, $rule_id=y, $code_id=z]|*", "content"),
        ("*|PRODUCT_RECOMMENDATION:[$total=3]|*", "content"),
        ("*|TWITTER:TWEET [$text=hello there]|*", "content"),
        ("*|FEED:https://x.example/?a=b&amp;c=%20 [$count=8]|*", "content"),
        (
            "*|FEEDBLOCK:https://x.example|**|FEEDITEMS:[$count=2]|**|FEEDITEM:TITLE|**|END:FEEDITEMS|**|END:FEEDBLOCK|*",
            "",
        ),
        ("*|RSSITEMS:|**|RSSITEM:DATE:d/m/y|**|END:RSSITEMS|*", "content"),
        ("*|POLL:RATING:How was it?|*How was it?*|END:POLL|*", "content"),
        ("*|SURVEY:Like it?|*Yes*|END:|*", "content"),
        ("*|IF:REWARDS|**|HTML:REWARDS|**|END:IF|*", "content"),
        ("*|IFNOT:MC_PREVIEW_TEXT|*a*|ELSE:|**|MC_PREVIEW_TEXT|**|END:IF|*", "content"),
    ],
)
def test_mailchimps_own_tags_are_left_for_mailchimp(source: str, effect: str) -> None:
    program = compiled(source)

    assert program.issues == ()
    (piece,) = program.pieces
    assert isinstance(piece, Emit)
    assert piece.expression.effect == (effect or "content")
    outcome = piece.expression.evaluate({})
    assert (outcome.kind, outcome.text) == (OutcomeKind.LITERAL, source)


def test_personal_tags_inside_an_opaque_block_are_not_promised() -> None:
    source = "*|RSSITEMS:|*Hi *|FNAME|* *|RSSITEM:TITLE|**|END:RSSITEMS|*"

    assert first(source).columns == ("FNAME",)
    assert read(source, FNAME="Ann").kind is UNKNOWN
    assert read("*|IF:REWARDS|**|FNAME|**|END:IF|*", FNAME="Ann").kind is UNKNOWN


def test_a_constant_of_the_account_prints() -> None:
    vocabulary = Vocabulary(constants={"LIST:COMPANY": "Example Shop"})

    assert read("© *|LIST:COMPANY|*", vocabulary=vocabulary).text == "© Example Shop"


def test_an_orders_data_has_no_place_in_a_campaign() -> None:
    assert [i.kind for i in issues("*|ORDER:TOTAL|*")] == [IssueKind.EVENT_DATA]
    assert read("*|ORDER:TOTAL|*").kind is UNKNOWN


def test_row_24_an_ordinary_campaign_has_no_issue() -> None:
    source = """<html><head><title>*|MC:SUBJECT|*</title><style>@media(max-width:9px){.a{b:c}}</style></head><body>
    *|IF:MC_PREVIEW_TEXT|*<!--[if !gte mso 9]><!----><span class="mcn">*|MC_PREVIEW_TEXT|*</span><!--<![endif]-->
    *|END:IF|*<td mc:edit="body">Hi *|IF:FNAME|**|FNAME|**|ELSE:|*there*|END:IF|*,
    <a href="https://x.example/?e=*|URL:EMAIL|*&amp;p=*|POINTS|*">100% yours</a></td>
    *|IFNOT:ARCHIVE_PAGE|* <a href="*|ARCHIVE|*">View online</a> *|END:IF|*
    <em>Copyright &copy; *|CURRENT_YEAR|* *|LIST:COMPANY|*</em> *|IFNOT:ARCHIVE_PAGE|* *|LIST:DESCRIPTION|*
    *|END:IF|* *|HTML:LIST_ADDRESS_HTML|* <a href="*|UPDATE_PROFILE|*">a</a> <a href="*|UNSUB|*">b</a> *|IF:REWARDS|*
    *|HTML:REWARDS|* *|END:IF|*</body></html>"""

    assert issues(source) == []
    rendered = read(source, FNAME="", EMAIL="ann@example.com", POINTS=3)
    assert rendered.kind is PRINTED
    assert "Hi there," in rendered.text
    assert "?e=ann%40example.com&amp;p=3" in rendered.text


TOLD = Vocabulary(fields=(Field("INTERESTED:Topics"),))


def test_groups_that_nobody_told_are_unknown() -> None:
    """A file without a column of groups says of nobody that they are in none."""
    source = "*|INTERESTED:Topics:Roses|*a*|ELSE:|*b*|END:INTERESTED|*"
    read_of = [read(source, vocabulary=words).kind for words in (Vocabulary(), TOLD)]
    assert read_of == [OutcomeKind.UNKNOWN, OutcomeKind.PRINTED]
