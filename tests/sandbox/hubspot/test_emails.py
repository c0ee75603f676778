"""Marketing emails as HubSpot's own client reads and edits them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.sandbox.hubspot.client import START, raw, refused


def test_emails_are_paged_and_have_no_filter_by_state(opened):
    box, client = opened("big")
    api = client.marketing.emails.marketing_emails_api

    pages = [api.get_page(limit=100)]
    while pages[-1].paging:
        pages.append(api.get_page(limit=100, after=pages[-1].paging.next.after))

    ids = [email.id for one in pages for email in one.results]
    assert [len(one.results) for one in pages] == [100, 40]
    assert len(set(ids)) == 140 == pages[0].total
    assert {email.state for one in pages for email in one.results} == {"PUBLISHED", "SCHEDULED"}
    assert "390501" not in {email.id for email in pages[0].results}
    assert box.requests[0]["path"] == "/marketing/v3/emails/"


def test_booleans_as_python_writes_them_are_understood(opened):
    box, client = opened()
    api = client.marketing.emails.marketing_emails_api

    unpublished = api.get_page(limit=100, is_published=False)
    published = api.get_page(limit=100, is_published=True)

    assert "isPublished=False" in str(box.requests[0]["query"])
    assert {email.state for email in published.results} == {"PUBLISHED", "AUTOMATED"}
    assert "SCHEDULED" in {email.state for email in unpublished.results}
    everything = api.get_page(limit=100)
    assert 0 < published.total < unpublished.total
    assert unpublished.total + published.total == everything.total


def test_emails_can_be_narrowed_sorted_and_shown_in_part(opened):
    _, client = opened()
    api = client.marketing.emails.marketing_emails_api

    variants = api.get_page(type="AB_EMAIL", limit=100)
    archived = api.get_page(archived=True, limit=100)
    by_date = api.get_page(sort=["-publishDate"], limit=3, included_properties=["name", "publishDate"])
    late = api.get_page(updated_after=START - timedelta(days=1), limit=100)

    assert [email.id for email in variants.results] == ["190033", "190034"]
    assert [email.id for email in archived.results] == ["190054"]
    days = [email.publish_date for email in by_date.results]
    assert len(set(days)) == 3
    assert days == sorted(days, reverse=True)
    assert by_date.results[0].state is None
    assert late.results == []


@pytest.mark.parametrize(("over", "status"), [("refuse", 400), ("clamp", 200)])
def test_a_page_above_the_maximum_is_refused_or_cut(opened, over, status):
    _, client = opened("big", emails_page_max="50", emails_page_over=over)
    api = client.marketing.emails.marketing_emails_api

    if status == 400:
        assert refused(lambda: api.get_page(limit=51))[0] == 400
    else:
        assert len(api.get_page(limit=51).results) == 50


def test_content_is_modules_in_order_with_preview_text_and_plain_text(opened):
    _, client = opened()

    email = client.marketing.emails.marketing_emails_api.get_by_id("190001")

    content = email.content
    sections = content.flex_areas["main"]["sections"]
    order = [name for section in sections for column in section["columns"] for name in column["widgets"]]
    bodies = [content.widgets[name]["body"] for name in order]
    assert content.widgets["preview_text"]["body"]["value"] == "What we talked about, in one place"
    assert [body["path"].removeprefix("@hubspot/") for body in bodies] == [
        "rich_text", "rich_text", "rich_text", "email_button", "rich_text",
    ]  # fmt: skip
    assert "{{ contact.firstname }}" in bodies[1]["html"]
    assert "Hi {{ contact.firstname }}," in content.plain_text_version
    assert "{{ unsubscribe_link_all }}" in bodies[-1]["html"]
    assert email.to.contact_ils_lists.include == ["102"]
    assert email.subscription_details.subscription_id == "4501"
    assert email.publish_date == START + timedelta(hours=30)


@pytest.mark.parametrize("shape", ["by_widget", "by_definition"])
def test_a_smart_variant_alone_may_hold_a_token(opened, shape):
    _, client = opened(smart_fields=shape)

    content = client.marketing.emails.marketing_emails_api.get_by_id("190013").content

    assert "fristname" not in json.dumps(content.widgets)
    assert "{{ contact.fristname }}" in json.dumps(content.smart_fields)
    assert '"113"' in json.dumps(content.smart_fields)


@pytest.mark.parametrize("state", ["DRAFT_AB_VARIANT", "SCHEDULED_AB"])
def test_variant_b_is_an_email_of_its_own(opened, state):
    _, client = opened(ab_variant_state=state)
    api = client.marketing.emails.marketing_emails_api

    first, second = api.get_by_id("190033"), api.get_by_id("190034")

    assert (first.state, second.state) == ("SCHEDULED_AB", state)
    assert first.testing.test_id == second.testing.test_id
    assert (first.testing.ab_status, second.testing.ab_status) == ("master", "variant")
    assert api.get_ab_test_variation("190033").id == "190034"
    assert api.get_ab_test_variation("190034").id == "190033"
    assert refused(lambda: api.get_ab_test_variation("190001"))[0] == 404


def test_ids_may_be_numbers(opened):
    _, client = opened(ids="number")

    email = raw(client, "GET", "/marketing/v3/emails/190008")
    members = raw(client, "GET", "/crm/v3/lists/114/memberships")

    assert email["to"]["contactIlsLists"] == {"include": [101], "exclude": [114]}
    assert [row["recordId"] for row in members["results"]] == [690001, 690002]


def test_a_draft_does_not_change_what_goes_out(opened):
    _, client = opened()
    api = client.marketing.emails.marketing_emails_api

    api.upsert_draft("190001", {"subject": "Better"})

    assert (api.get_draft("190001").subject, api.get_by_id("190001").subject) == ("Better", "Thank you for stopping by")
    api.reset_draft("190001")
    assert api.get_draft("190001").subject == "Thank you for stopping by"


def test_a_clone_is_a_draft_without_a_schedule(opened):
    _, client = opened()
    api = client.marketing.emails.marketing_emails_api

    copy = api.clone({"id": "190033", "cloneName": "Again"})

    assert (copy.name, copy.state, copy.publish_date, copy.type) == ("Again", "DRAFT", None, "BATCH_EMAIL")
    assert copy.content.widgets == api.get_by_id("190033").content.widgets
    assert api.get_by_id(copy.id).to.contact_ils_lists.include == ["101"]


def test_revisions_keep_what_was_there_before(opened):
    _, client = opened(patch_scheduled="accept")
    api = client.marketing.emails.marketing_emails_api

    api.update("190001", {"subject": "New"})

    versions = api.get_revisions("190001").results
    assert [version.object.subject for version in versions] == ["New", "Thank you for stopping by"]
    assert api.get_revision_by_id("190001", -1).object.subject == "New"
    assert api.get_revision_by_id("190001", versions[1].id).object.subject == "Thank you for stopping by"
