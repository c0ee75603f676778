"""Taking emails back and scheduling them again, under every plausible behaviour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from presend_sandbox.hubspot.sending import recipients
from tests.sandbox.hubspot.client import account_of, refused


@pytest.mark.parametrize("date", ["kept", "cleared"])
@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "ERROR"])
def test_unpublish_takes_a_scheduled_email_back(opened, state, date):
    box, client = opened(state_after_unpublish=state, publish_date_after_unpublish=date)
    api, platform = client.marketing.emails.marketing_emails_api, box.platforms["hubspot"]
    assert len(platform.send("190001")) == 118

    api.unpublish_or_cancel("190001")

    email = api.get_by_id("190001")
    assert (email.state, email.is_published) == (state, False)
    assert (email.publish_date is None) == (date == "cleared")
    assert platform.send("190001") == []
    box.clock.advance(timedelta(days=2))
    assert api.get_by_id("190001").state == state
    assert account_of(box).emails["190001"].sent_to is None


def test_an_unpublished_email_can_be_scheduled_again(opened):
    box, client = opened()
    api = client.marketing.emails.marketing_emails_api
    planned = api.get_by_id("190033").publish_date

    api.unpublish_or_cancel("190033")
    api.update("190033", {"publishDate": planned.isoformat(), "sendOnPublish": False})
    api.publish_or_send("190033")

    assert (api.get_by_id("190033").state, api.get_by_id("190033").publish_date) == ("SCHEDULED_AB", planned)
    assert len(box.platforms["hubspot"].send("190033")) == 302


def test_publishing_again_may_be_refused_or_too_late(opened):
    _, client = opened(publish_after_unpublish="refused")
    api = client.marketing.emails.marketing_emails_api
    api.unpublish_or_cancel("190001")

    assert refused(lambda: api.publish_or_send("190001"))[:1] == (400,)
    box, client = opened()
    api = client.marketing.emails.marketing_emails_api
    api.unpublish_or_cancel("190001")
    box.clock.advance(timedelta(hours=31))
    status, body, _ = refused(lambda: api.publish_or_send("190001"))
    assert (status, body["errors"][0]["code"]) == (400, "INVALID_DATE")


def test_publish_and_unpublish_need_enterprise(opened):
    box, client = opened("cross")
    api = client.marketing.emails.marketing_emails_api

    status, body, _ = refused(lambda: api.unpublish_or_cancel("490003"))

    assert (status, body["category"]) == (403, "MISSING_SCOPES")
    assert body["context"]["requiredScopes"] == ["marketing-email", "transactional-email"]
    assert account_of(box).emails["490003"].doc["state"] == "SCHEDULED"


@pytest.mark.parametrize(("answer", "status"), [("400", 400), ("404", 404), ("409", 409), ("204", 204)])
def test_unpublish_comes_too_late_once_sending_has_begun(opened, answer, status):
    box, client = opened(too_late=answer)
    api = client.marketing.emails.marketing_emails_api
    box.clock.advance(timedelta(hours=30, minutes=1))

    if status == 204:
        api.unpublish_or_cancel("190001")
    else:
        assert refused(lambda: api.unpublish_or_cancel("190001"))[0] == status

    assert api.get_by_id("190001").state == "PROCESSING"
    box.clock.advance(timedelta(minutes=20))
    assert api.get_by_id("190001").state == "PUBLISHED"
    assert len(account_of(box).emails["190001"].sent_to) == 118


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [("refuse_schedule", {"name"}), ("refuse_all", set()), ("accept", {"name", "publishDate"})],
)
def test_what_may_change_while_scheduled(opened, rule, allowed):
    _, client = opened(patch_scheduled=rule)
    api = client.marketing.emails.marketing_emails_api

    done = set()
    for name, value in {"name": "HELD Autumn fair", "publishDate": "2026-11-25T09:00:00Z"}.items():
        if name in allowed:
            api.update("190001", {name: value})
            done.add(name)
        else:
            assert refused(lambda sent={name: value}: api.update("190001", sent))[0] == 400

    email = api.get_by_id("190001")
    assert (email.name == "HELD Autumn fair") == ("name" in done)
    assert (email.publish_date.day == 25) == ("publishDate" in done)


def test_only_known_fields_can_be_written(opened):
    _, client = opened()

    status, body, _ = refused(lambda: client.marketing.emails.marketing_emails_api.update("190051", {"tags": ["x"]}))

    assert (status, body["errors"][0]["code"]) == (400, "UNKNOWN_FIELD")


@pytest.mark.parametrize("published", ["false", "true"])
def test_whether_a_scheduled_email_counts_as_published_is_open(opened, published):
    _, client = opened(scheduled_is_published=published)

    page = client.marketing.emails.marketing_emails_api.get_page(limit=100, is_published=False)

    assert ("190001" in {email.id for email in page.results}) == (published == "false")


def test_a_local_time_email_begins_half_a_day_early(opened):
    box, client = opened()
    box.clock.advance(timedelta(hours=40, minutes=1))

    assert client.marketing.emails.marketing_emails_api.get_by_id("190040").state == "PROCESSING"


@pytest.mark.parametrize(
    ("choice", "status", "left"),
    [("accept", None, 0), ("refuse", 400, 118), ("ignore", None, 118), ("draft_only", None, 118)],
)
def test_the_recipients_of_a_cancelled_email_may_or_may_not_be_changed(opened, choice, status, left):
    box, client = opened(patch_to_after_unpublish=choice)
    api, account = client.marketing.emails.marketing_emails_api, account_of(box)
    api.unpublish_or_cancel("190001")
    to = {**account.emails["190001"].doc["to"], "contactIlsLists": {"include": [], "exclude": []}}

    if status:
        assert refused(lambda: api.update("190001", {"to": to}))[0] == status
    else:
        api.update("190001", {"to": to})

    assert len(recipients(account, account.emails["190001"])) == left
    assert (account.emails["190001"].draft is not None) == (choice == "draft_only")
