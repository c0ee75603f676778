"""From HubSpot's JSON to presend's campaigns and columns: pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from presend.model import Gap, Kind, Part, State, Strategy, Vocabulary
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.content import read_content, render
from presend_connectors.hubspot.marking import with_note
from presend_connectors.hubspot.normalise import (
    Account,
    Targets,
    audience_of,
    campaign_of,
    fields_of,
    ref_of,
    revision_of,
    state_of,
)
from presend_connectors.hubspot.segments import conditions
from presend_connectors.hubspot.times import local_begins
from tests.support.hubspot_account import START, email

ACCOUNT = Account("acme", "8800551", "America/New_York", "app.hubspot.com", Vocabulary())
TARGETS = Targets(("101",), ("114",), (), (), "4501", graymail=False)


def whole(**more: Any) -> Any:
    return campaign_of(ACCOUNT, [email(**more)], TARGETS, {}, START)


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        ("SCHEDULED", {}, State.SCHEDULED),
        ("SCHEDULED_AB", {}, State.SCHEDULED),
        ("SCHEDULED", {"publishDate": "2020-01-01T00:00:00Z"}, State.SCHEDULED),
        ("PUBLISHED_OR_SCHEDULED", {}, State.SCHEDULED),
        ("SCHEDULED_OR_PUBLISHED", {"publishDate": None}, State.SCHEDULED),
        ("PUBLISHED_OR_SCHEDULED", {"publishDate": "2020-01-01T00:00:00Z"}, State.UNKNOWN),
        ("PUBLISHED_OR_SCHEDULED", {"publishDate": "2020-01-01T00:00:00Z", "isPublished": True}, State.SENT),
        ("DRAFT", {}, State.DRAFT),
        ("DRAFT_AB_VARIANT", {}, State.DRAFT),
        ("AUTOMATED_DRAFT", {}, State.DRAFT),
        ("AUTOMATED", {}, State.LIVE),
        ("PRE_PROCESSING", {}, State.SENDING),
        ("PUBLISHED", {}, State.SENT),
        ("ERROR", {}, State.DRAFT),
        ("SHINY_NEW_STATE", {}, State.UNKNOWN),
    ],
)
def test_every_state_has_a_neutral_word_and_unknown_ones_stay_in_sight(
    state: str, more: dict[str, Any], expected: State
) -> None:
    assert state_of(email(state=state, **more), START) is expected
    assert whole(state=state, **more).native_state == state


def test_an_automated_email_is_an_automation() -> None:
    assert ref_of("acme", email(state="AUTOMATED")).kind is Kind.AUTOMATION
    assert ref_of("acme", email(name=None)).name == "email 1"


def test_a_local_time_send_begins_up_to_a_day_before() -> None:
    nine_in_new_york = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)

    assert local_begins(nine_in_new_york, "America/New_York") == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    # East of Greenwich, HubSpot may read the wall time as UTC: the earlier of both counts.
    assert local_begins(nine_in_new_york, "Asia/Tokyo") == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert local_begins(nine_in_new_york, "") == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    schedule = whole(type="LOCALTIME_EMAIL").schedule
    assert schedule.strategy is Strategy.LOCAL_TIME
    assert schedule.send_at < schedule.stated


def test_a_schedule_without_a_time_says_so() -> None:
    schedule = whole(publishDate=None).schedule

    assert isinstance(schedule.send_at, Gap)
    assert "publishDate" in schedule.send_at.reason
    assert whole(type="A_NEW_TYPE").schedule.strategy is Strategy.UNKNOWN


def test_what_a_campaign_says_of_itself() -> None:
    campaign = whole(createdById=4410, updatedAt="2026-11-20T10:00:00.000Z")

    assert campaign.url == "https://app.hubspot.com/email/8800551/edit/1/settings"
    assert (campaign.owner, campaign.updated_at) == ("4410", datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert campaign.schedule.restore["publishDate"] == "2026-11-24T09:00:00.000Z"
    foreign = campaign_of(replace(ACCOUNT, domain="evil.example"), [email()], TARGETS, {}, START)
    assert foreign.url is None


# -- content


def test_modules_come_in_the_order_of_the_layout_then_the_rest() -> None:
    def area(*rows: list[str]) -> dict[str, Any]:
        return {"main": {"sections": [{"columns": [{"widgets": row} for row in rows]}]}}

    content = {
        "flexAreas": area(["two"], ["one", "not-there"]),
        "widgets": {
            "four": {"order": 9, "body": {"html": "4"}},
            "one": {"order": 1, "body": {"html": "1"}},
            "two": {"order": 2, "body": {"rich_text": "2"}},
            "three": {"order": 3, "body": {"value": "3"}},
            "preview_text": {"order": 0, "body": {"value": "peek"}},
        },
        "widgetContainers": {"old": {"widgets": [{"id": "five", "body": {"html": "5"}}]}},
    }
    read = read_content(content)

    assert read.html.split() == ["2", "1", "3", "4", "5"]
    assert read.preview_text == "peek"
    assert read.text is None


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ({"text": "Go", "destination": "https://example.com"}, '<p><a href="https://example.com">Go</a></p>'),
        (
            {"text": "Go", "link": {"url": {"href": "https://example.com"}}},
            '<p><a href="https://example.com">Go</a></p>',
        ),
        (
            {"text": "Go", "destination": '/x?n={{ personalization_token("contact.firstname", "") }}'},
            '<p><a href=\'/x?n={{ personalization_token("contact.firstname", "") }}\'>Go</a></p>',
        ),
        ({"img": {"src": "a.png", "alt": "A cat"}}, '<img src="a.png" alt="A cat">'),
        ({"img": {"src": "a.png", "alt": ""}, "link": "/c"}, '<a href="/c"><img src="a.png" alt=""></a>'),
        ({"path": "@hubspot/email_footer", "align": "center"}, ""),
        ({"cards": [{"heading": "Hi", "x": {"y": "{{ contact.city }}"}}]}, "<p>Hi</p><p>{{ contact.city }}</p>"),
        ({"items": ["plain", "{% if x %}"], "css_class": "dnd"}, "<p>{% if x %}</p>"),
    ],
)
def test_every_kind_of_module_shows_its_words(body: dict[str, Any], html: str) -> None:
    assert render(body) == html


def test_programmable_modules_and_the_footer_module_are_told() -> None:
    body = {"html": "x", "isEnabledForEmailV3Rendering": True}
    footer = {"path": "@hubspot/email_footer"}
    read = read_content({"widgets": {"a": {"body": body}, "b": {"body": footer}}})

    assert (read.programmable, read.footer) == (True, True)
    assert not read_content({"widgets": {"a": {"body": {**body, "isEnabledForEmailV3Rendering": "true"}}}}).programmable


RULE = {"id": "r", "name": "Austin", "criteria": {"listIds": ["113", 7]}, "body": {"html": "<b>A</b>"}}


@pytest.mark.parametrize(
    "fields",
    [
        {"w": {"id": "w", "type": "CONTACT_LIST", "rules": [RULE]}},
        {"definition-1": {"widgetId": "w", "smartType": "CONTACT_LIST", "values": {"1": RULE}}},
    ],
)
def test_smart_content_is_a_choice_by_list_in_either_shape(fields: dict[str, Any]) -> None:
    read = read_content({"widgets": {"w": {"body": {"html": "<i>all</i>"}}}, "smartFields": fields}, {"113": "Austin"})

    (group,) = read.alternatives
    assert group.part is Part.HTML
    assert [read.html[p.start : p.end] for p in group.passages] == ["<b>A</b>", "<i>all</i>"]
    assert group.passages[0].columns == ("in_list:113", "in_list:7")
    assert group.passages[0].label == "the list Austin or 7"
    assert (group.passages[1].columns, group.passages[1].unknown) == ((), "")
    assert read.lists == {"113", "7"}


def test_smart_content_for_nobody_knows_whom_and_in_unknown_forms_is_said() -> None:
    by_country = {"w": {"rules": [{"criteria": {"country": "DE"}, "body": {"html": "de"}}]}}
    read = read_content({"widgets": {"w": {"body": {"html": "x"}}}, "smartFields": by_country})
    assert "who gets this smart content" in read.alternatives[0].passages[0].unknown

    strange = read_content({"widgets": {}, "smartFields": {"subject": {"variants": ["a"]}}})
    assert len(strange.unread) == 1
    assert "smart content of subject" in strange.unread[0]


@pytest.mark.parametrize("odd", [{}, {"widgets": []}, {"widgets": {"a": None, "b": {"body": 7}}, "flexAreas": 3}])
def test_odd_content_reads_as_little_and_never_raises(odd: dict[str, Any]) -> None:
    assert not read_content(odd).html.strip()


# -- the audience and the revision


def a_list(list_id: str, branch: dict[str, Any] | None = None) -> wire.ContactList:
    return wire.ContactList(list_id, f"List {list_id}", "DYNAMIC" if branch else "MANUAL", filter_branch=branch)


BRANCH = {
    "filterBranchType": "OR",
    "filters": [],
    "filterBranches": [
        {
            "filterBranchType": "AND",
            "filters": [
                {"filterType": "IN_LIST", "listId": "101", "operator": "IN_LIST"},
                {
                    "filterType": "PROPERTY",
                    "property": "city",
                    "operation": {"operator": "IS_ANY_OF", "values": ["Austin"]},
                },
            ],
            "filterBranches": [
                {"filterBranchType": "ASSOCIATION", "filters": [{"filterType": "PROPERTY", "property": "x"}]}
            ],
        }
    ],
}


def test_filters_on_contacts_become_conditions_and_others_do_not() -> None:
    (found,) = conditions(BRANCH)

    assert (found.column, found.op, found.value) == ("city", "is any of", ("Austin",))
    assert list(conditions(None)) == []
    assert audience_of(TARGETS, {"101": a_list("101", BRANCH)}).conditions == (found,)


def test_the_key_of_an_audience_tells_apart_who_is_mailed() -> None:
    key = audience_of(TARGETS, {}).key

    assert audience_of(TARGETS, {"101": a_list("101")}).key == key
    for other in (
        {"include": ("102",)},
        {"exclude": ()},
        {"subscription": "9"},
        {"graymail": True},
        {"include_ids": ("5",)},
    ):
        assert audience_of(replace(TARGETS, **other), {}).key != key


def test_contacts_chosen_one_by_one_are_counted_not_named() -> None:
    found = audience_of(replace(TARGETS, include_ids=("690001", "690002")), {"101": a_list("101")})

    assert [ref.name for ref in found.included] == ["List 101", "2 contacts chosen one by one"]
    assert "690001" not in repr(found)


def test_a_revision_changes_with_every_edit_but_not_with_marks_of_our_own() -> None:
    def revision(branch: dict[str, Any] | None = None, **more: Any) -> str:
        return revision_of([email(**more)], TARGETS, {"101": a_list("101", branch)})

    first = revision()
    assert revision(updatedAt="2026-11-23T08:00:00Z", campaign="some-guid") == first
    edits: list[dict[str, Any]] = [
        {"subject": "Hi"},
        {"content": {"widgets": {"w1": {"body": {"html": "<p>Hi</p>"}}}}},
        {"publishDate": "2026-11-24T10:00:00.000Z"},
        {"state": "DRAFT"},
        {"from": {"fromName": "Else"}},
    ]
    assert all(revision(**edit) != first for edit in edits)
    assert revision(BRANCH) != first


def test_defaults_of_the_settings_are_defaults_of_fields() -> None:
    properties = [wire.Property("firstname", "First Name", "string"), wire.Property("city")]
    first, city = fields_of(properties, {"firstname": "there"})

    assert (first.tag, first.label, first.type) == ("firstname", "First Name", "string")
    assert getattr(first.default, "value", None) == "there"
    assert isinstance(city.default, Gap)


def test_a_note_of_ours_is_replaced_and_the_rest_of_the_notes_stays() -> None:
    notes = with_note("Owner: Robin.", "1", "two findings")
    again = with_note(with_note(notes, "2", "other"), "1", r"one finding \1")

    assert notes.startswith("Owner: Robin.\n\n[presend, email 1]\ntwo findings")
    assert "two findings" not in again
    assert again.count("[presend, email 1]") == again.count("[presend, email 2]") == 1
    assert r"one finding \1" in again
