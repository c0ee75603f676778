"""Audience files in the platforms' own shapes."""

from __future__ import annotations

from pathlib import Path

from presend.model import Platform
from tests.audience.test_files import csv, jsonl, read


def test_a_mailchimp_member(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path,
        '{"id":"m1","email_address":"ann@example.com","status":"subscribed","language":"fr","merge_fields":'
        '{"FNAME":"Ann","ADDRESS":{"city":"Oslo"}},"interests":{"9a":true},"timestamp_signup":"2025-01-01T00:00:00+00:00"}',
        '{"id":"m2","email_address":"bo@example.com","status":"cleaned","merge_fields":{"FNAME":""}}',
    )

    found = read(path, {"FNAME", "EMAIL", "MC_LANGUAGE", "ADDRESS", "INTERESTED:Topic"}, Platform.MAILCHIMP)

    assert found.ids == ["m1", "m2"]
    assert found["FNAME"] == ['"Ann"', '""']
    assert found["EMAIL"] == ['"ann@example.com"', '"bo@example.com"']
    assert found["MC_LANGUAGE"] == ['"fr"', None]
    assert found["ADDRESS"] == ['{"city":"Oslo"}', None]
    assert found["@created_at"] == ['"2025-01-01T00:00:00Z"', None]
    assert found["@consent"] == ['"granted"', '"unknown"']
    assert found.why == [None, "cleaned: the address bounced"]
    assert found.names == {"FNAME", "ADDRESS"}
    # Ids of groups without their titles: neither in nor out of the group, so it must not read as out.
    assert found["INTERESTED:Topic"][0] is not None


def test_a_flattened_mailchimp_member_in_csv(tmp_path: Path) -> None:
    text = "email_address,status,merge_fields.FNAME\nann@example.com,unsubscribed,Ann\n"

    found = read(csv(tmp_path, text), {"FNAME"}, Platform.MAILCHIMP)

    assert (found["FNAME"], found.why) == (['"Ann"'], ["unsubscribed from the list"])


def test_a_klaviyo_profile(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path,
        '{"type":"profile","id":"01A","attributes":{"email":"ann@example.com","first_name":null,"created":'
        '"2025-01-01T00:00:00Z","location":{"city":"Oslo","country":"NO"},"properties":{"tier":null,"City":"x"},'
        '"subscriptions":{"email":{"marketing":{"can_receive_email_marketing":true,"consent":"SUBSCRIBED"}}}}}',
        '{"type":"profile","id":"01B","attributes":{"email":"bo@example.com","subscriptions":{"email":{"marketing":'
        '{"can_receive_email_marketing":false,"consent":"UNSUBSCRIBED","suppression":[{"reason":"USER_SUPPRESSED"}]}}}}}',
    )

    found = read(path, {"first_name", "tier", "location.city", "email"})

    assert found.ids == ["01A", "01B"]
    assert found["first_name"] == [None, None]
    assert found["tier"] == ["null", None]
    assert found["location.city"] == ['"Oslo"', None]
    assert found["@country"] == ['"NO"', None]
    assert found["@consent"] == ['"granted"', '"denied"']
    assert [bool(why) for why in found.why] == [False, True]


def test_a_klaviyo_heading_as_the_template_names_it(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "id,City,person.tier,a.b\n1,Oslo,gold,x\n"), {"location.city", "tier", "a.b"})

    assert (found["location.city"], found["tier"], found["a.b"]) == (['"Oslo"'], ['"gold"'], ['"x"'])


def test_a_hubspot_contact(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path,
        '{"id":"51","properties":{"email":"ann@example.com","firstname":null,"hs_email_optout":"false"},'
        '"createdAt":"2025-01-01T00:00:00Z"}',
        '{"id":"52","properties":{"firstname":"Bo","hs_email_optout":"true"}}',
        '{"id":"53","properties":{"firstname":"Cy","hs_marketable_status":"false"}}',
    )

    found = read(path, {"firstname"}, Platform.HUBSPOT)

    assert found.ids == ["51", "52", "53"]
    assert found["firstname"] == [None, '"Bo"', '"Cy"']
    assert found["@created_at"] == ['"2025-01-01T00:00:00Z"', None, None]
    assert found.why == [None, "opted out of all email", "is not a marketing contact"]


def test_activity_by_kind_language_and_source_of_consent_in_the_platforms_shapes(tmp_path: Path) -> None:
    hubspot = jsonl(
        tmp_path,
        '{"id":"51","properties":{"hs_email_last_open_date":"2026-05-01T00:00:00Z","hs_language":"de",'
        '"hs_email_last_click_date":"2026-04-01T00:00:00Z","hs_analytics_last_timestamp":"2026-06-01T00:00:00Z",'
        '"hs_legal_basis":"Performance of a contract"}}',
    )
    found = read(hubspot, set(), Platform.HUBSPOT)
    assert found["@last_open_at"] == found["@last_activity_at"] == ['"2026-05-01T00:00:00Z"']
    assert (found["@last_click_at"], found["@last_visit_at"]) == (
        ['"2026-04-01T00:00:00Z"'], ['"2026-06-01T00:00:00Z"']
    )  # fmt: skip
    assert (found["@locale"], found["@consent_source"]) == (['"de"'], ['"Performance of a contract"'])

    klaviyo = jsonl(
        tmp_path,
        '{"id":"a","attributes":{"locale":"en-GB","last_event_date":"2026-05-01T00:00:00Z","properties":{},'
        '"subscriptions":{"email":{"marketing":{"consent":"SUBSCRIBED","method":"FORM"}}}}}',
    )
    found = read(klaviyo, set(), Platform.KLAVIYO)
    assert (found["@locale"], found["@consent_source"]) == (['"en-GB"'], ['"FORM"'])
    assert found["@last_activity_at"] == ['"2026-05-01T00:00:00Z"']

    member = jsonl(
        tmp_path,
        '{"id":"m","email_address":"a@example.com","language":"fr","source":"API","merge_fields":{"FNAME":"Ann"}}',
    )
    found = read(member, set(), Platform.MAILCHIMP)
    assert (found["@locale"], found["@consent_source"]) == (['"fr"'], ['"API"'])
