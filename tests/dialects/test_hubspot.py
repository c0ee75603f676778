"""The HubSpot dialect: its cases, and every HubSpot row of the failure catalogue."""

from __future__ import annotations

import pytest

from presend.dialects.base import IssueKind, OutcomeKind
from presend.model import Field, Gap, Kind, Known, Part, Vocabulary
from tests.dialects.hubspot_tools import ACCOUNT, DIALECT, compiled, first, issue, written
from tests.dialects.runner import case_ids, check_case, load_cases


@pytest.mark.parametrize("case", load_cases("hubspot"), ids=case_ids)
def test_case(case: dict[str, object]) -> None:
    check_case(case)


def test_the_template_itself_can_switch_programmable_on() -> None:
    head = "<!-- templateType: email isEnabledForEmailV3Rendering: true -->"
    source = head + "{% if contact.city %}a{% endif %}"
    assert written(compiled(source).pieces, {"city": "x"}) == head + "a"
    assert issue("{% if contact.city %}a{% endif %}", IssueKind.UNRELIABLE, programmable=True, part=Part.SUBJECT)


def test_a_file_does_not_say_whether_it_is_to_be_programmable() -> None:
    source = "{% if contact.city %}a{% endif %}"
    assert issue(source, IssueKind.UNRELIABLE).certain
    assert not issue(source, IssueKind.UNRELIABLE, programmable=None).certain
    assert issue(source, IssueKind.UNRELIABLE, programmable=None, part=Part.SUBJECT).certain


def test_row_53_blank_without_default_and_where_to_set_one() -> None:
    token = first("Hi {{ contact.firstname }},")
    assert (token.bare, token.columns, token.fallback) == (True, ("firstname",), None)
    assert token.evaluate({}).kind is token.evaluate({"firstname": None}).kind is OutcomeKind.BLANK
    assert 'personalization_token("contact.firstname", "there")' in token.fallback_place
    assert "cannot be read" in token.fallback_place
    assert "[defaults.<account>] firstname" in token.fallback_place


@pytest.mark.parametrize(
    "vocabulary",
    [
        Vocabulary(fields=(Field("firstname"),), defaults={"firstname": "there"}),
        Vocabulary(fields=(Field("firstname", default=Known("there")),)),
    ],
)
def test_account_default(vocabulary: Vocabulary) -> None:
    token = first("{{ contact.firstname }}", vocabulary=vocabulary)
    assert token.fallback == "there"
    assert token.evaluate({}).text == "there"
    assert token.evaluate({"firstname": ""}).kind is OutcomeKind.UNKNOWN
    assert token.evaluate({"firstname": " "}).kind is OutcomeKind.BLANK


def test_a_blank_default_is_none() -> None:
    field = Field("firstname", default=Gap("not told"))
    token = first("{{ contact.firstname }}", vocabulary=Vocabulary((field,), defaults={"firstname": " "}))
    assert token.fallback is None
    assert token.evaluate({}).kind is OutcomeKind.BLANK


def test_row_54_filter_on_a_token() -> None:
    source = "{{ contact.firstname|default('friend') }}"
    found, token = issue(source, IssueKind.UNRELIABLE), first(source)
    assert found.fix == 'Write {{ personalization_token("contact.firstname", "friend") }}.'
    assert token.evaluate({}).kind is OutcomeKind.UNKNOWN
    assert token.evaluate({"firstname": "Ann"}).text == "Ann"
    assert first("{{ contact.firstname|upper }}").evaluate({"firstname": "Ann"}).kind is OutcomeKind.UNKNOWN
    assert first("{{ contact.firstname|upper }}").evaluate({"firstname": "ANN"}).text == "ANN"


def test_row_55_invented_filter() -> None:
    source = "{{contact.firstname|there}}"
    assert "personalization_token" in issue(source, IssueKind.SYNTAX).fix
    assert compiled(source).fatal


@pytest.mark.parametrize("name", ["first_name", "FirstName", "firstname_", "fistname"])
def test_row_56_unknown_property(name: str) -> None:
    found = issue(f"Hi {{{{ contact.{name} }}}}", IssueKind.UNKNOWN_NAME)
    assert (found.meant, found.certain) == ("{{ contact.firstname }}", True)
    assert found.fix == "Write {{ contact.firstname }}."
    assert first(f"{{{{ contact.{name} }}}}").evaluate({"firstname": "Ann"}).kind is OutcomeKind.BLANK


def test_an_unknown_name_is_uncertain_without_the_whole_list() -> None:
    some = Vocabulary(fields=(Field("favourite_tea"),))
    assert not issue("{{ contact.favorite_tea }}", IssueKind.UNKNOWN_NAME, vocabulary=some).certain
    assert issue("{{ contact.FavouriteTea }}", IssueKind.UNKNOWN_NAME, vocabulary=some).certain
    assert not compiled("{{ contact.firstname }}", vocabulary=some).issues
    nothing = Vocabulary()
    assert not compiled("{{ contact.shoe_size }}{{ company.name }}", vocabulary=nothing).issues
    assert issue("{{ contact.first_name }}", IssueKind.UNKNOWN_NAME, vocabulary=nothing).meant


def test_row_57_hyphen_is_minus() -> None:
    found = issue("{{ contact.first-name }}", IssueKind.UNKNOWN_NAME)
    assert "minus" in found.says
    assert found.meant == "{{ contact.firstname }}"
    assert found.certain
    assert DIALECT.parse("{{ contact.first-name }}", Part.HTML).names == ("contact.first-name",)


def test_row_59_token_in_if_without_programmable_email() -> None:
    source = '{% if contact.city == "Paris" %}a{% endif %}'
    found, test = issue(source, IssueKind.UNRELIABLE), first(source)
    assert found.source == '{% if contact.city == "Paris" %}'
    assert test.test
    assert test.evaluate({"city": "Paris"}).kind is OutcomeKind.UNKNOWN
    assert [(c.column, c.op, c.literal) for c in test.compares] == [("city", "==", "Paris")]


@pytest.mark.parametrize(
    "source",
    [
        "{% for d in crm_objects('deal') %}{{ d.name }}{% endfor %}",
        "{% set all = crm_associations(1, 'x') %}{% for d in all %}{{ d.name }}{% endfor %}",
    ],
)
def test_row_60_loop_over_the_wrapper(source: str) -> None:
    assert ".results" in issue(source, IssueKind.UNRELIABLE).fix
    assert not compiled("{% for d in crm_objects('deal').results %}{{ d.name }}{% endfor %}").issues


def test_row_61_more_than_ten_crm_calls() -> None:
    call = "{{ crm_object('contact', 1) }}"
    assert not compiled(call * 10).issues
    assert "drops the recipient" in issue(call * 12, IssueKind.LIMIT).says


def test_row_62_single_send_data() -> None:
    assert "wrong branch" in issue("{% if custom.items %}a{% endif %}", IssueKind.UNRELIABLE).says
    assert not issue("{{ deal.amount }}", IssueKind.EVENT_DATA).certain
    assert not compiled("{{ deal.amount }}", kind=Kind.AUTOMATION).issues


def test_row_63_html_comments_hide_nothing() -> None:
    program = compiled("<!-- {{ contact.email }} -->{# {{ contact.city }} #}")
    assert written(program.pieces, {"email": "ann", "city": "x"}) == "<!-- ann -->"
    assert not program.issues


def test_row_64_values_that_hubspot_fills_in() -> None:
    effects = {
        "{{ unsubscribe_link }}": "url",
        "{{ view_as_page_url }}": "url",
        "{{ site_settings.company_name }}": "footer",
        "{{ content.name|upper }}": "content",
        "{{ owner.email }}": "content",
        "{% module 'm' path='@hubspot/rich_text', label='l' %}": "content",
        "{% email_subscriptions 'x' %}": "footer",
    }
    for source, effect in effects.items():
        expression = first(source)
        outcome = expression.evaluate({})
        assert (expression.effect, outcome.kind, outcome.text) == (effect, OutcomeKind.LITERAL, source)
        assert not compiled(source, kind=Kind.AUTOMATION).issues
    assert not issue("{{ owner.email }}", IssueKind.EVENT_DATA).certain


@pytest.mark.parametrize("source", ["[[MISSING TOKEN - FIRST NAME]]", "Dear [FIRST_NAME],", "Hi %%FNAME%%"])
def test_rows_65_and_66_placeholders(source: str) -> None:
    assert issue(source, IssueKind.PLACEHOLDER).reads


@pytest.mark.parametrize("value", ["Tom & Jo", "O'Brien", "<b>", 'a"b', "{{ x }}", "*|FNAME|*", ["a"], {"a": 1}])
def test_row_69_values_whose_printing_is_not_documented(value: object) -> None:
    assert first("{{ contact.firstname }}").evaluate({"firstname": value}).kind is OutcomeKind.UNKNOWN


def test_formatted_types_are_not_printed_raw() -> None:
    vocabulary = Vocabulary(fields=(Field("plan", type="enumeration"), Field("since", type="date")))
    for name in ("plan", "since"):
        token = first(f"{{{{ contact.{name} }}}}", vocabulary=vocabulary)
        assert token.evaluate({name: "x1"}).kind is OutcomeKind.UNKNOWN
        assert token.evaluate({}).kind is OutcomeKind.BLANK


def test_empty_fallback() -> None:
    source = "{{ personalization_token('contact.firstname', ' ') }}"
    assert "there" in issue(source, IssueKind.EMPTY_FALLBACK).fix
    assert first(source).evaluate({}).kind is OutcomeKind.BLANK


@pytest.mark.parametrize(
    ("source", "span", "kind", "says"),
    [
        ("a{% if 1 %}b", (1, 11), IssueKind.SYNTAX, "never closed"),
        ("a{% endfor %}b", (1, 13), IssueKind.SYNTAX, "closes nothing"),
        ("{% if 1 %}a{% elsif 2 %}{% endif %}", (11, 24), IssueKind.SYNTAX, "no tag `elsif`"),
        ("{% if 1 %}a{% end if %}{% endif %}", (11, 23), IssueKind.SYNTAX, "no tag `end`"),
        ("{% frobnicate %}", (0, 16), IssueKind.SYNTAX, "no tag"),
        ("{{ a b }}", (0, 9), IssueKind.SYNTAX, "not parse"),
        ("{{ shout('x') }}", (0, 16), IssueKind.SYNTAX, "no function `shout`"),
        ("{% if 1 is funny %}{% endif %}", (0, 19), IssueKind.SYNTAX, "no expression test"),
        ("{% unsubscribe %}", (0, 17), IssueKind.FOREIGN_TAG, "another platform"),
        ("{{ contact.city|default: 'x' }}", (0, 31), IssueKind.FOREIGN_TAG, "colon"),
        ("{{ contact.<b>city</b> }}", (0, 25), IssueKind.BROKEN_TAG, "formatting"),
        ("{{ contact.city|default(’x’) }}", (0, 31), IssueKind.BROKEN_TAG, "curly quotes"),
        ("{{\u00a0contact.city }}", (0, 18), IssueKind.BROKEN_TAG, "non-breaking"),
        ("{{ contact.city } and {{ contact.email }}", (0, 17), IssueKind.BROKEN_TAG, "never closed"),
    ],
)
def test_what_hubspot_refuses(source: str, span: tuple[int, int], kind: IssueKind, says: str) -> None:
    program = compiled(source)
    found = next(each for each in program.issues if each.kind is kind)
    assert (found.span.start, found.span.end) == span
    assert says in found.says
    assert program.fatal.startswith("HubSpot refuses to publish the email: ")


def test_what_a_broken_tag_has_swallowed_is_told_once() -> None:
    """The beginning of a block stands inside it, so that its end is no slip of its own; another block's end is."""
    # Up to the next apostrophe it is one text in quotation marks.
    within = "{% if 1 %}<p>{{ contact.city }}</p>{% endif %}"
    broken = f"<p>{{{{ contact.city }},</p><p>l'heure</p>{within}<p>Haven't</p> {{{{ contact.city }}}}"
    assert [one.kind for one in compiled(broken).issues] == [IssueKind.BROKEN_TAG]
    stray = compiled(f"{broken}{{% endfor %}}")
    assert [one.kind for one in stray.issues] == [IssueKind.BROKEN_TAG, IssueKind.SYNTAX]
    assert "closes nothing" in compiled("{% endif %}" + broken).issues[0].says


def test_after_an_error_the_rest_is_still_compiled() -> None:
    program = compiled("{% if 1 %}a {{ contact.firstname }} {{ x y }} {{ contact.city }}")
    assert written(program.pieces, {"firstname": "Ann", "city": "Rome"}) == "a Ann  Rome"
    assert len(program.issues) == 2


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Hi *|FNAME|*", IssueKind.FOREIGN_TAG),
        ("{{ person.first_name }}", IssueKind.FOREIGN_TAG),
        ("%7B%7B%20contact.city%20%7D%7D", IssueKind.BROKEN_TAG),
        ("{{ first_name }}", IssueKind.UNKNOWN_NAME),
    ],
)
def test_other_languages_and_hidden_tags(source: str, kind: IssueKind) -> None:
    assert "contact." in issue(source, kind).meant


def test_columns() -> None:
    for name, column in {"contact.city": "city", "city": "city", "account.name": "company.name"}.items():
        assert DIALECT.column(name, ACCOUNT) == column
    known = Vocabulary(fields=(Field("company.name"),))
    assert first("{{ account.name }}", vocabulary=known).evaluate({}).kind is OutcomeKind.BLANK
    assert first("{{ company.name }}").evaluate({}).kind is OutcomeKind.UNKNOWN
    assert first("{{ company.name }}").evaluate({"company.name": "Acme"}).text == "Acme"


def test_nesting_without_end_does_not_raise() -> None:
    for opening, closing in (("{% if 1 %}", "{% endif %}"), ("{% for x in [1] %}", "{% endfor %}")):
        program = compiled(opening * 400 + closing * 400)
        assert any(each.kind is IssueKind.UNSUPPORTED for each in program.issues)
