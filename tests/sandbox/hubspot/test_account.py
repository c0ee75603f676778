"""The account, consent, campaigns, refusals and limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.sandbox.hubspot.client import account_of, raw, refused


def test_the_account_tells_its_zone_and_its_use(opened):
    _, client = opened()

    details = raw(client, "GET", "/account-info/v3/details")
    usage = raw(client, "GET", "/account-info/v3/api-usage/daily/private-apps")["results"][0]

    assert (details["timeZone"], details["utcOffset"]) == ("America/New_York", "-05:00")
    assert (usage["currentUsage"], usage["usageLimit"]) == (2, 625_000)


def test_consent_is_readable_in_both_versions(opened):
    box, client = opened()
    contacts = account_of(box).contacts
    everything, one_kind, kept = (str(contacts[name].value("email")) for name in ("510001", "510011", "510300"))

    v3 = client.communication_preferences.status_api.get_email_status(one_kind)
    body = {"inputs": [everything, one_kind, kept, "nobody@example.org"]}
    v4 = raw(client, "POST", "/communication-preferences/v4/statuses/batch/read", [("channel", "EMAIL")], body)
    wide = raw(
        client,
        "POST",
        "/communication-preferences/v4/statuses/batch/unsubscribe-all/read",
        [("channel", "EMAIL")],
        body,
    )

    assert {one.id: one.status for one in v3.subscription_statuses} == {"4501": "UNSUBSCRIBED", "4502": "SUBSCRIBED"}
    assert [[one["status"] for one in row["statuses"]] for row in v4["results"]] == [
        ["UNSUBSCRIBED", "UNSUBSCRIBED"],
        ["UNSUBSCRIBED", "SUBSCRIBED"],
        ["SUBSCRIBED", "SUBSCRIBED"],
        ["NOT_SPECIFIED", "NOT_SPECIFIED"],
    ]
    assert [row["wideStatuses"][0]["status"] for row in wide["results"]][:2] == ["UNSUBSCRIBED", "NOT_SPECIFIED"]
    names = client.communication_preferences.definition_api.get_page().subscription_definitions
    assert [one.name for one in names] == ["Club news", "Offers"]
    assert [one["id"] for one in raw(client, "GET", "/communication-preferences/v4/definitions")["results"]] == [
        "4501",
        "4502",
    ]


def test_campaign_notes_are_read_and_written(opened):
    _, client = opened()
    guid = "7c1d2f00-0000-4000-8000-000000000001"
    path = f"/marketing/v3/campaigns/{guid}"

    before = raw(client, "GET", path, [("properties", "hs_name,hs_notes")])
    raw(client, "PATCH", path, body={"properties": {"hs_notes": f"{before['properties']['hs_notes']} presend: held"}})

    assert raw(client, "GET", path)["properties"] == {}
    assert raw(client, "GET", path, [("properties", "hs_notes")])["properties"]["hs_notes"].endswith("presend: held")
    assert [one["id"] for one in raw(client, "GET", "/marketing/v3/campaigns", [("name", "winter")])["results"]] == [
        guid
    ]
    assert raw(client, "PUT", f"{path}/assets/MARKETING_EMAIL/190001") == 204
    email = client.marketing.emails.marketing_emails_api.get_by_id("190001", marketing_campaign_names=True)
    assert (email.campaign, email.campaign_name) == (guid, "Winter readiness")
    assert raw(client, "DELETE", f"{path}/assets/MARKETING_EMAIL/190001") == 204
    assert client.marketing.emails.marketing_emails_api.get_by_id("190001").campaign is None


def test_a_wrong_token_is_refused(opened):
    _, client = opened(token="pat-na1-somebody-else")

    status, body, _ = refused(client.marketing.emails.marketing_emails_api.get_page)

    assert (status, body["status"], body["category"]) == (401, "error", "INVALID_AUTHENTICATION")
    assert body["correlationId"]


def test_a_missing_scope_is_named(opened):
    box, client = opened()
    settings = account_of(box).settings
    settings.scopes -= {"crm.lists.read"}

    status, body, _ = refused(lambda: client.crm.lists.memberships_api.get_page("101"))

    assert (status, body["category"]) == (403, "MISSING_SCOPES")
    assert body["context"]["requiredScopes"] == ["crm.lists.read"]
    assert client.crm.contacts.basic_api.get_page(limit=1).results


def test_unknown_things_and_methods_are_refused(opened):
    _, client = opened()

    status, body, _ = refused(lambda: client.marketing.emails.marketing_emails_api.get_by_id("1"))

    assert (status, body["category"]) == (404, "OBJECT_NOT_FOUND")
    assert refused(lambda: raw(client, "DELETE", "/marketing/v3/emails/190001"))[0] == 405
    assert refused(lambda: client.marketing.emails.marketing_emails_api.get_page(after="not-a-cursor"))[0] == 400
    for body in ([1], {"inputs": 7}, {"inputs": ["690001"]}):
        assert (
            refused(lambda sent=body: raw(client, "POST", "/crm/v3/objects/contacts/batch/read", body=sent))[0] == 400
        )
    assert refused(lambda: raw(client, "POST", "/crm/v3/objects/contacts/search", body={"limit": "many"}))[0] == 400


def test_rate_headers_count_down_and_search_has_none(opened):
    _, client = opened()

    def headers(call: Callable[..., Any], *arguments: Any) -> Any:
        return call(*arguments, _preload_content=False).headers

    first = headers(client.crm.properties.core_api.get_all, "contacts")
    second = headers(client.crm.properties.core_api.get_all, "contacts")
    searched = headers(client.crm.contacts.search_api.do_search, {"filterGroups": []})

    assert (first["X-HubSpot-RateLimit-Max"], first["X-HubSpot-RateLimit-Interval-Milliseconds"]) == ("190", "10000")
    assert int(first["X-HubSpot-RateLimit-Remaining"]) - int(second["X-HubSpot-RateLimit-Remaining"]) == 1
    assert not [name for name in searched if "ratelimit" in name.lower()]


def test_limits_that_bind_answer_429_with_their_policy(opened):
    box, client = opened()
    settings = account_of(box).settings
    settings.enforce, settings.limit = True, 3
    for _ in range(3):
        client.crm.contacts.basic_api.get_page(limit=1)

    status, body, headers = refused(lambda: client.crm.contacts.basic_api.get_page(limit=1))

    assert (status, body["errorType"], body["policyName"]) == (429, "RATE_LIMIT", "TEN_SECONDLY_ROLLING")
    assert (headers["X-HubSpot-RateLimit-Remaining"], headers.get("Retry-After")) == ("0", None)
    box.clock.advance(timedelta(seconds=10))
    assert client.crm.contacts.basic_api.get_page(limit=1).results
    for _ in range(5):
        client.crm.contacts.search_api.do_search({"limit": 1})
    assert refused(lambda: client.crm.contacts.search_api.do_search({"limit": 1}))[1]["policyName"] == "SECONDLY"
    settings.daily = 5
    assert refused(lambda: client.crm.contacts.basic_api.get_page(limit=1))[1]["policyName"] == "DAILY"
