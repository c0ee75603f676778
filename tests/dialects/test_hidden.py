"""Tags that a platform will not see are found, and ordinary mail is left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.dialects import dialect_for
from presend.dialects.base import Issue, IssueKind, Scene, Span
from presend.dialects.hidden import find_hidden
from presend.dialects.shadow import streams
from presend.model import Kind, Part, Platform, Vocabulary

MC, KL, HS = Platform.MAILCHIMP, Platform.KLAVIYO, Platform.HUBSPOT
BROKEN, FOREIGN, PLACEHOLDER = IssueKind.BROKEN_TAG, IssueKind.FOREIGN_TAG, IssueKind.PLACEHOLDER


def hunt(source: str, platform: Platform = MC, part: Part = Part.HTML, names: tuple[str, ...] = ()) -> list[Issue]:
    """What is found with no intact tag masked."""
    return find_hidden(source, part, platform, [], names)


BROKEN_IN_MAILCHIMP = [
    ("Hi *|<b>FNAME</b>|*,", "*|<b>FNAME</b>|*", "*|FNAME|*"),
    ("Hi *|FNA<span style='color:red'>ME</span>|*,", "*|FNA<span style='color:red'>ME</span>|*", "*|FNAME|*"),
    ("Hi *<i>|</i>FNAME|*", "*<i>|</i>FNAME|*", "*|FNAME|*"),
    ('<a href="https://x.example/?e=*%7CEMAIL%7C*">x</a>', "*%7CEMAIL%7C*", "*|EMAIL|*"),
    ('<a href="https://x.example/?e=%2A%7CEMAIL%7C%2A">x</a>', "%2A%7CEMAIL%7C%2A", "*|EMAIL|*"),
    ('<a href="https://x.example/?e=*%257CEMAIL%257C*">x</a>', "*%257CEMAIL%257C*", "*|EMAIL|*"),
    ("Hi *&#124;FNAME|*", "*&#124;FNAME|*", "*|FNAME|*"),
    ("Hi &#42;&#x7C;FNAME&#x7C;&#42;", "&#42;&#x7C;FNAME&#x7C;&#42;", "*|FNAME|*"),
    ("Hi *&amp;#124;FNAME|*", "*&amp;#124;FNAME|*", "*|FNAME|*"),
    ("Hi ＊|FNAME|*", "＊|FNAME|*", "*|FNAME|*"),
    ("Hi *｜FNAME｜*", "*｜FNAME｜*", "*|FNAME|*"),
    ("Hi *\u200b|FNAME|*", "*\u200b|FNAME|*", "*|FNAME|*"),
    ("Hi *|FNAME*,", "*|FNAME*", "*|FNAME|*"),
    ("Hi * |FNAME| *,", "* |FNAME| *", "*|FNAME|*"),
    ("Hi |FNAME|,", "|FNAME|", "*|FNAME|*"),
    ("Hi *FNAME*,", "*FNAME*", "*|FNAME|*"),
    ("Hi *|FNAME,", "*|FNAME", "*|FNAME|*"),
    ("Hi FNAME|*,", "FNAME|*", "*|FNAME|*"),
    ("Hi |FNAME|*,", "|FNAME|*", "*|FNAME|*"),
    ("|UNSUB:url|", "|UNSUB:url|", "*|UNSUB|*"),
    ("*IELSEIF:PLAN=pro", "*IELSEIF:PLAN=pro", "*|ELSEIF:PLAN=pro|*"),
    ("*|\nFNAME|*", "*|\nFNAME|*", "*|FNAME|*"),
    ('<img alt="*&#124;FNAME&#124;*">', "*&#124;FNAME&#124;*", "*|FNAME|*"),
    ("<!--[if mso]>Hi *&#124;FNAME|*<![endif]-->", "*&#124;FNAME|*", "*|FNAME|*"),
    ("*|<div>FNAME</div>|*", "*|<div>FNAME</div>|*", "*|FNAME|*"),
]


@pytest.mark.parametrize(("source", "written", "meant"), BROKEN_IN_MAILCHIMP)
def test_a_damaged_merge_tag_is_found_where_it_stands(source: str, written: str, meant: str) -> None:
    (issue,) = hunt(source)

    assert (issue.kind, issue.source, issue.meant) == (BROKEN, written, meant)
    assert source[issue.span.start : issue.span.end] == written
    assert issue.reads


BROKEN_BRACES = [
    ("Hi {{ first_<span>name</span> }}", "{{ first_<span>name</span> }}", "{{ first_name }}"),
    ("Hi {<b>{ first_name }</b>}", "{<b>{ first_name }</b>}", "{{ first_name }}"),
    ('<a href="https://x.example/?e=%7B%7B%20email%20%7D%7D">', "%7B%7B%20email%20%7D%7D", "{{ email }}"),
    ("Hi &#123;&#123; first_name &#125;&#125;", "&#123;&#123; first_name &#125;&#125;", "{{ first_name }}"),
    ("Hi {{ first_name }", "{{ first_name }", "{{ first_name }}"),
    ("Hi { first_name }},", "{ first_name }}", "{{ first_name }}"),
    ("Hi { first_name },", "{ first_name }", "{{ first_name }}"),
    ("Hi { { first_name } },", "{ { first_name } }", "{{ first_name }}"),
    ("Hi ｛｛ first_name ｝｝", "｛｛ first_name ｝｝", "{{ first_name }}"),
    ("Hi {{ first_name, ok", "{{ first_name", "{{ first_name }}"),
    ("{ % if vip % }x", "{ % if vip % }", "{% if vip %}"),
    ("{&#37; if vip &#37;}x", "{&#37; if vip &#37;}", "{% if vip %}"),
    ("Hi first_name }},", "first_name }}", "{{ first_name }}"),
    ("Hi contact.firstname }},", "contact.firstname }}", "{{ contact.firstname }}"),
    ("Hi first_name|default:'you' }},", "first_name|default:'you' }}", "{{ first_name }}"),
    ("<p>{% unsubscribe } now</p>", "{% unsubscribe }", "{% unsubscribe %}"),
    ("<p>% unsubscribe %} now</p>", "% unsubscribe %}", "{% unsubscribe %}"),
    ("<p>{% unsubscribe_link % now</p>", "{% unsubscribe_link %", "{% unsubscribe_link %}"),
    ("<p>{% unsubscribe_link %</p>", "{% unsubscribe_link %", "{% unsubscribe_link %}"),
]


@pytest.mark.parametrize("platform", [KL, HS])
@pytest.mark.parametrize(("source", "written", "meant"), BROKEN_BRACES)
def test_damaged_braces_are_found_where_they_stand(platform: Platform, source: str, written: str, meant: str) -> None:
    (issue,) = hunt(source, platform)

    assert (issue.kind, issue.source, issue.meant) == (BROKEN, written, meant)


@pytest.mark.parametrize("platform", [KL, HS])
@pytest.mark.parametrize(("source", "written", "meant"), BROKEN_BRACES[-7:])
def test_half_delimiters_reach_the_reader_of_the_program(
    platform: Platform, source: str, written: str, meant: str
) -> None:
    dialect = dialect_for(platform)
    scene = Scene(now=datetime(2026, 11, 22, tzinfo=UTC), kind=Kind.CAMPAIGN)
    program = dialect.compile(dialect.parse(source, Part.HTML), Vocabulary(), scene)

    (issue,) = program.issues

    assert (issue.kind, issue.meant) == (BROKEN, meant)
    assert written.startswith(issue.source)  # HubSpot's own lexer ends `{% name %` before the last sign


def test_klaviyo_does_not_see_a_tag_over_two_lines() -> None:
    (issue,) = hunt("Hi {{\nfirst_name }}", KL)

    assert issue.kind is BROKEN
    assert "line break" in issue.says


FOREIGNERS = [
    (MC, "Hi {{ contact.firstname }}", "{{ contact.firstname }}", "*|FNAME|*"),
    (MC, "Hi {{ first_name|default:'there' }}", "{{ first_name|default:'there' }}", "*|FNAME|*"),
    (MC, "{% if person.vip %}", "{% if person.vip %}", ""),
    (MC, "{# a remark #}", "{# a remark #}", ""),
    (MC, "{{#each items}}", "{{#each items}}", ""),
    (MC, "{{{ html_body }}}", "{{{ html_body }}}", ""),
    (MC, "{{ customer.first_name | default: 'x' }}", "{{ customer.first_name | default: 'x' }}", "*|FNAME|*"),
    (MC, "{{ first_name }", "{{ first_name }", "*|FNAME|*"),
    (MC, "%%=v(@first)=%%", "%%=v(@first)=%%", ""),
    (KL, "Hi *|FNAME|*", "*|FNAME|*", "{{ first_name }}"),
    (HS, "Hi *|FNAME|*", "*|FNAME|*", "{{ contact.firstname }}"),
    (KL, '<a href="https://x.example/?e=*%7CEMAIL%7C*">', "*%7CEMAIL%7C*", "{{ email }}"),
    (HS, "*|IF:PLAN=pro|*", "*|IF:PLAN=pro|*", ""),
    (KL, "*|UNSUB|*", "*|UNSUB|*", "{% unsubscribe_link %}"),
    (KL, "<%= user.name %>", "<%= user.name %>", ""),
]


@pytest.mark.parametrize(("platform", "source", "written", "meant"), FOREIGNERS)
def test_another_platforms_tag_is_told_from_our_own(platform: Platform, source: str, written: str, meant: str) -> None:
    (issue,) = hunt(source, platform)

    assert (issue.kind, issue.source, issue.meant) == (FOREIGN, written, meant)


PLACEHOLDERS = [
    "[FIRST_NAME]",
    "[First Name]",
    "[first name]",
    "[FNAME]",
    "[Name]",
    "[Your Name]",
    "[Insert name here]",
    "[COMPANY NAME]",
    "[City]",
    "[[FIRSTNAME]]",
    "[[MISSING TOKEN - FIRST NAME]]",
    "[[MISSING TOKEN - DEAL STAGE]]",
    '[[FIRSTNAME OR "Friend"]]',
    "[firstname,fallback=there]",
    "[XX]",
    "%%FNAME%%",
    "%%First Name%%",
    "%FIRST_NAME%",
    "%FIRSTNAME%",
    "<<Name>>",
    "<<First Name>>",
    "{FirstName}",
    "{first_name}",
    "{Name}",
    "{FIRST NAME}",
    "${name}",
    "${customer.first_name}",
    "#{first_name}",
    "{!Contact.FirstName}",
    "«First Name»",
    "__FIRST_NAME__",
    "INSERT NAME HERE",
    "INSERT LINK",
    "FIRSTNAME",
    "Lorem ipsum",
    "$XX",
    "XX%",
    "[TBC]",
    "[Vorname]",
    "[Prénom]",
    "##FNAME##",
    "@@FNAME@@",
    "@@First Name@@",
    "[Recipient]",
    "[Customer]",
    "-first_name-",
    "<fname>",
    "[DATE]",
    "[START DATE]",
    "[COUPON CODE]",
    "[ALT TEXT]",
    "«Prénom»",
    "« First_Name »",
]


@pytest.mark.parametrize("platform", [MC, KL, HS])
@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_placeholder_left_in_is_found(platform: Platform, text: str) -> None:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    (issue,) = hunt(f"<p>Hello {escaped}, welcome</p>", platform)

    assert (issue.kind, issue.source, issue.reads) == (PLACEHOLDER, escaped, text)


@pytest.mark.parametrize("text", ["Dear Name,", "Hi First Name!", "Hello XX,", "Hi NAME"])
def test_a_greeting_of_nobody_is_a_placeholder(text: str) -> None:
    (issue,) = hunt(text, part=Part.TEXT)

    assert issue.kind is PLACEHOLDER


def test_raw_chevrons_and_links_are_looked_into() -> None:
    assert [i.source for i in hunt("<p>Hi <<Name>>,</p>")] == ["<<Name>>"]
    assert [i.source for i in hunt('<a href="https://x.example/?n=[FIRST_NAME]">x</a>')] == ["[FIRST_NAME]"]
    assert [i.source for i in hunt('<a href="https://x.example/%7Bfirst_name%7D">x</a>')] == ["%7Bfirst_name%7D"]
    assert [i.source for i in hunt('<img alt="[Product Name]">')] == ["[Product Name]"]
    assert [i.source for i in hunt('<img alt="##FNAME##">')] == ["##FNAME##"]


PLACEHOLDERS_IN_PLACE = [
    ("<p>Hi <fname>, hello</p>", "<fname>"),
    ("<p>Hi <first_name>, hello</p>", "<first_name>"),
    ("<p>Hi <First Name>, hello</p>", "<First Name>"),
    ("<p>Cher «Prénom»,</p>", "«Prénom»"),
    ("<p>Bonjour &laquo;Prénom&raquo;,</p>", "&laquo;Prénom&raquo;"),
    ("<p>Bonjour «Nom»,</p>", "«Nom»"),
    ("<p>Votre code, «NOM_DE_FAMILLE»</p>", "«NOM_DE_FAMILLE»"),
    ('<a href="[LINK]">x</a>', "[LINK]"),
    ('<a href=" [Insert link] ">x</a>', "[Insert link]"),
    ('<a href="[cta url]">x</a>', "[cta url]"),
    ('<img src="[URL]">', "[URL]"),
    ('<a href="https://[URL]">x</a>', "[URL]"),
    ('<a href="[LANDING_PAGE]">x</a>', "[LANDING_PAGE]"),
    ('<a href="https://x.example/?id=[ID]">x</a>', "[ID]"),
    ('<a href="https://x.example/?id=%5BORDER_ID%5D&amp;x=1">x</a>', "%5BORDER_ID%5D"),
    ('<img alt="[ALT TEXT]">', "[ALT TEXT]"),
    ("<p>This is a text block. Click here to edit it.</p>", "This is a text block. Click here to edit it."),
    (
        "<p>This is a text block. You can use it to add\ntext to your template.</p>",
        "This is a text block. You can use it to add\ntext to your template.",
    ),
    ("<h1>Add a headline</h1>", "Add a headline"),
    ("<h1> <b>Your headline here</b> </h1>", "Your headline here"),
    ("<div>Your text caption goes here</div>", "Your text caption goes here"),
]


@pytest.mark.parametrize("platform", [MC, KL, HS])
@pytest.mark.parametrize(("source", "written"), PLACEHOLDERS_IN_PLACE)
def test_a_placeholder_is_known_by_its_place(platform: Platform, source: str, written: str) -> None:
    (issue,) = hunt(source, platform)

    assert (issue.kind, issue.source) == (PLACEHOLDER, written)


def test_a_test_subject_is_a_guess_only() -> None:
    (issue,) = hunt("[TEST] Spring sale", part=Part.SUBJECT)

    assert (issue.kind, issue.certain) == (PLACEHOLDER, False)


def test_what_the_dialect_already_took_is_left_to_it() -> None:
    source = "Hi *|FNAME|* and {{ first_name }}"
    mailchimp, klaviyo = Span(3, 12), Span(17, 33)

    assert [i.kind for i in find_hidden(source, Part.HTML, MC, [mailchimp])] == [FOREIGN]
    assert [i.kind for i in find_hidden(source, Part.HTML, KL, [klaviyo])] == [FOREIGN]
    assert find_hidden(source, Part.HTML, MC, [mailchimp, klaviyo]) == []


def test_the_accounts_names_tell_half_a_tag_from_decoration() -> None:
    assert hunt("Hi |PETNAME|, hello") == []
    assert [i.source for i in hunt("Hi |PETNAME|, hello", names=("PETNAME",))] == ["|PETNAME|"]
    assert [i.source for i in hunt("Hi { petname }", KL, names=("petname",))] == ["{ petname }"]


_SCRAPS = st.sampled_from(
    [
        "*|",
        "|*",
        "{{",
        "}}",
        "{%",
        "%}",
        "[",
        "]",
        "<b>",
        "</b>",
        '<a href="',
        '">',
        "&#124;",
        "%7C",
        "FNAME",
        "name",
        "first_name",
        "<!--",
        "-->",
        "<style>",
        "</style>",
        "<<",
        ">>",
        "\n",
        " ",
        "\u200b",
        "＊",
        "&amp;",
        "'",
        "<",
    ]
)
# fmt: on


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(_SCRAPS, st.text(max_size=4)), max_size=24).map("".join),
    st.sampled_from(list(Platform)),
    st.sampled_from(list(Part)),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3),
)
def test_it_never_raises_and_its_spans_quote_the_source(
    source: str, platform: Platform, part: Part, spans: list[tuple[int, int]]
) -> None:
    masked = [Span(min(pair), min(max(pair), len(source))) for pair in spans if min(pair) < len(source)]

    found = find_hidden(source, part, platform, masked)

    assert all(source[i.span.start : i.span.end] == i.source and i.source for i in found)
    assert found == sorted(found, key=lambda i: i.span)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(_SCRAPS, st.text(max_size=4)), max_size=24).map("".join))
def test_every_shadow_character_has_its_place_in_the_source(source: str) -> None:
    for stream in streams(source, Part.HTML, []):
        assert len(stream.text) == len(stream.starts) == len(stream.ends)
        assert all(0 <= a < b <= len(source) for a, b in zip(stream.starts, stream.ends, strict=True))
