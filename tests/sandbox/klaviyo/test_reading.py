"""What the imitated Klaviyo tells the official SDK about campaigns and people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from openapi_client.exceptions import ApiException

from presend_sandbox import Sandbox
from tests.support.klaviyo_sdk import CLUB, SCHEDULED, START, client, every


def test_scheduled_messages_lead_to_campaign_audience_content_and_people(k: Any) -> None:
    messages, _ = every(k.Campaigns.get_campaign_messages, filter=SCHEDULED, page_size=10)
    message = next(m for m in messages if m["id"].startswith("01LARKBARENAME"))
    options = message["attributes"]["definition"]["send_options"]
    assert datetime.fromisoformat(options["send_time"]) == START + timedelta(hours=30)
    assert options["send_strategy"] == "static"
    campaign = k.Campaigns.get_campaign(message["relationships"]["campaign"]["data"]["id"])
    assert campaign["data"]["attributes"]["definition"]["name"] == "Autumn bulbs are in"
    audience = k.Campaigns.get_audience_for_campaign_message(message["id"])["data"]
    assert audience["attributes"]["definition"]["included"] == ["NEWSLT"]
    assert audience["attributes"]["definition"]["excluded"] == ["STAFFX"]
    variation = k.Campaigns.get_variations_for_campaign_message(message["id"])["data"][0]
    details = variation["attributes"]["definition"]["details"]
    assert details["subject"] == "The autumn bulbs are in"
    template = k.Templates.get_template(details["template_id"])["data"]["attributes"]
    assert "<p>Hi {{ first_name }},</p>" in template["html"]
    assert "{% unsubscribe_link %}" in template["text"]
    people, pages = every(
        k.Lists.get_profiles_for_list, "NEWSLT", page_size=100, additional_fields_profile=["subscriptions"]
    )
    assert (len(people), pages) == (420, 5)
    mailable = [
        p for p in people if p["attributes"]["subscriptions"]["email"]["marketing"]["can_receive_email_marketing"]
    ]
    assert len(mailable) == 385


def test_lists_of_messages_filter_sort_page_and_include(k: Any) -> None:
    everything, _ = every(k.Campaigns.get_campaign_messages, page_size=100)
    statuses = {m["attributes"]["definition"]["status"] for m in everything}
    assert statuses == {"scheduled", "draft", "sent", "cancelled"}
    scheduled, pages = every(k.Campaigns.get_campaign_messages, filter=SCHEDULED, page_size=7, sort="updated")
    assert len(scheduled) == sum(m["attributes"]["definition"]["status"] == "scheduled" for m in everything)
    assert pages == -(-len(scheduled) // 7)
    one = k.Campaigns.get_campaign_messages(
        filter="and(equals(campaign_id,'01LARKTWOSTEP'),equals(status,\"scheduled\"))", include=["campaign"]
    )
    assert len(one["data"]) == 2
    assert [row["id"] for row in one["included"]] == ["01LARKTWOSTEP"]


def test_an_ab_test_is_one_message_with_several_variations(k: Any) -> None:
    variations = k.Campaigns.get_variations_for_campaign_message("01LARKABTESTM1")["data"]
    assert len(variations) == 2
    subjects = {v["attributes"]["definition"]["details"]["subject"] for v in variations}
    assert len(subjects) == 2


def test_all_strategies_appear(k: Any) -> None:
    messages, _ = every(k.Campaigns.get_campaign_messages, filter=SCHEDULED, page_size=100)
    used = {m["attributes"]["definition"]["send_options"]["send_strategy"] for m in messages}
    expected = {"static", "throttled", "local_timezone", "send_time_optimization", "content_variation"}
    assert expected <= used


def test_sparse_fieldsets_go_into_nested_fields(k: Any) -> None:
    page = k.Campaigns.get_campaign_messages(
        filter=SCHEDULED, fields_campaign_message=["definition.send_options.send_time", "updated"]
    )
    attributes = page["data"][0]["attributes"]
    assert set(attributes) == {"definition", "updated"}
    assert list(attributes["definition"]) == ["send_options"]
    people = k.Lists.get_profiles_for_list(CLUB, fields_profile=["email", "properties.vip_note"], page_size=100)
    assert all(set(p["attributes"]) <= {"email", "properties"} for p in people["data"])


def test_a_template_is_rendered_with_plain_variables_only(k: Any) -> None:
    body = {"data": {"type": "template", "id": "01LARKBARENAMEM1TA", "attributes": {"context": {"first_name": "A&B"}}}}
    shown = k.Templates.render_template(body)["data"]["attributes"]
    assert "Hi A&amp;B," in shown["html"]
    assert "Hi A&B," in shown["text"]
    body["data"]["id"] = "01LARKGUARDEDM1TA"
    with pytest.raises(ApiException, match="plain variables only"):
        k.Templates.render_template(body)
    body["data"]["id"] = "TPLCOUPON"
    with pytest.raises(ApiException, match="customer profile is required"):
        k.Templates.render_template(body)


def test_the_typed_models_of_the_sdk_take_every_answer(box: Sandbox) -> None:
    typed = client(box, typed=True)
    messages = typed.Campaigns.get_campaign_messages(filter=SCHEDULED, include=["campaign"], page_size=100)
    assert messages.data[0].attributes.definition.status == "scheduled"
    typed.Campaigns.get_campaigns(include=["campaign-messages"], page_size=100)
    typed.Campaigns.get_campaign("01LARKTWOSTEP", include=["campaign-messages", "campaign-audiences"])
    typed.Campaigns.get_campaign_audience("01LARKTWOSTEPA1")
    typed.Campaigns.get_campaign_variation("01LARKABTESTM1VB")
    typed.Campaigns.get_variations_for_campaign_message("01LARKABTESTM1")
    typed.Campaigns.get_tags_for_campaign("01LARKBARENAME")
    typed.Templates.get_templates()
    typed.Templates.get_all_universal_content()
    typed.Lists.get_lists(include=["flow-triggers"])
    typed.Segments.get_segments()
    assert typed.Segments.get_segment("DOGOWN", additional_fields_segment=["profile_count"]).data.id == "DOGOWN"
    people = typed.Lists.get_profiles_for_list(CLUB, page_size=100, additional_fields_profile=["subscriptions"])
    assert people.data[0].attributes.subscriptions.email.marketing.can_receive_email_marketing is not None
    typed.Profiles.get_profiles(page_size=100, sort="updated")
    typed.Events.get_events(page_size=1000, include=["profile", "metric"])
    typed.Metrics.get_metrics()
    typed.Tags.get_tags()
    typed.Tags.get_tag_groups()
    typed.Accounts.get_accounts()
    typed.Flows.get_flows(include=["flow-actions"])


def test_null_absent_empty_and_blank_values_stay_apart(box: Sandbox, k: Any) -> None:
    people, _ = every(k.Lists.get_profiles_for_list, CLUB, page_size=100)
    notes = [p["attributes"]["properties"] for p in people]
    assert sum("vip_note" in p and p["vip_note"] is None for p in notes) == 23
    assert sum("voucher_code" not in p for p in notes) == 11
    assert sum(p.get("voucher_code") == "" for p in notes) == 6
    stall, _ = every(k.Lists.get_profiles_for_list, "STALLS", page_size=100)
    assert sum(p["attributes"]["first_name"] == " " for p in stall) == 3
    news, _ = every(k.Lists.get_profiles_for_list, "NEWSLT", page_size=100)
    names = [p["attributes"]["first_name"] for p in news]
    assert (names.count(None), names.count("")) == (14, 5)


def test_membership_can_be_read_as_ids_and_filtered(k: Any) -> None:
    ids, pages = every(k.Lists.get_profile_ids_for_list, "NEWSLT", page_size=100)
    assert (len({row["id"] for row in ids}), pages) == (420, 5)
    newest = k.Lists.get_profiles_for_list("NEWSLT", page_size=1, sort="-joined_group_at")["data"][0]
    joined = newest["attributes"]["joined_group_at"]
    late = k.Lists.get_profiles_for_list("NEWSLT", filter=f"greater-or-equal(joined_group_at,{joined})")
    assert [row["id"] for row in late["data"]] == [newest["id"]]
    address = newest["attributes"]["email"]
    same = k.Lists.get_profiles_for_list("NEWSLT", filter=f'any(email,["{address}"])')
    assert [row["id"] for row in same["data"]] == [newest["id"]]


def test_lists_and_segments_are_told_apart_and_come_ten_a_page(k: Any) -> None:
    with pytest.raises(ApiException) as caught:
        k.Segments.get_segment("NEWSLT")
    assert caught.value.status == 404
    counted = k.Lists.get_list("NEWSLT", additional_fields_list=["profile_count"], include=["flow-triggers"])
    assert counted["data"]["attributes"]["profile_count"] == 420
    club = k.Lists.get_list(CLUB, include=["flow-triggers"])
    assert [flow["id"] for flow in club["included"]] == ["FWELCM"]


def test_big_goes_over_every_page_limit(world: Callable[..., Sandbox]) -> None:
    k = client(world("big"))
    assert every(k.Lists.get_lists)[1] == 2
    assert every(k.Segments.get_segments)[1] == 2
    assert every(k.Tags.get_tags)[1] == 2
    messages, pages = every(k.Campaigns.get_campaign_messages, filter=SCHEDULED, page_size=100)
    assert (len(messages), pages) == (112, 2)
    events, pages = every(k.Events.get_events, filter='equals(metric_id,"BORDER")', page_size=1000)
    assert (len(events), pages) == (2300, 3)
    profiles, pages = every(k.Profiles.get_profiles, page_size=100, sort="updated")
    assert (len({p["id"] for p in profiles}), pages) == (2690, 27)


def test_events_are_filtered_by_metric_and_person(k: Any) -> None:
    newest = k.Events.get_events(filter='equals(metric_id,"MTILLS")', sort="-datetime", page_size=1)["data"][0]
    age = START - datetime.fromisoformat(newest["attributes"]["datetime"])
    assert age == timedelta(days=38)
    person = newest["relationships"]["profile"]["data"]["id"]
    own = k.Events.get_events(filter=f'equals(profile_id,"{person}")', include=["metric"])
    assert {row["relationships"]["profile"]["data"]["id"] for row in own["data"]} == {person}
    shop = k.Metrics.get_metrics(filter="equals(integration.name,'Shopify')")["data"]
    assert [row["id"] for row in shop] == ["MORDER"]


def test_a_computing_segment_says_so_and_shows_only_some(world: Callable[..., Sandbox]) -> None:
    k = client(world(segments="processing"))
    assert k.Segments.get_segment("DOGOWN")["data"]["attributes"]["is_processing"] is True
    people, _ = every(k.Segments.get_profiles_for_segment, "DOGOWN", page_size=100)
    assert 0 < len(people) < 155


def test_a_text_message_is_scheduled_among_the_emails(k: Any) -> None:
    variation = k.Campaigns.get_variations_for_campaign_message("01LARKSMSM1")["data"][0]
    assert variation["attributes"]["definition"]["details"]["channel"] == "sms"


def test_the_typed_models_take_the_answers_no_description_covers(world: Callable[..., Sandbox]) -> None:
    typed = client(world(), typed=True)
    tag = "5a1e0001-0000-4000-8000-000000000001"
    assert typed.Accounts.get_account("LRK001").data.attributes.timezone == "Europe/London"
    assert typed.Metrics.get_metric("MORDER").data.attributes.name == "Placed Order"
    assert typed.Lists.get_flows_triggered_by_list("CLUBMB").data[0].id == "FWELCM"
    assert typed.Segments.get_flows_triggered_by_segment("DOGOWN").data == []
    assert len(typed.Segments.get_profile_ids_for_segment("DOGOWN", page_size=100).data) == 100
    assert typed.Templates.get_universal_content("UCSHOPHOURS").data.attributes.name == "Shop hours"
    assert typed.Campaigns.get_tag_ids_for_campaign("01LARKBARENAME").data[0].id == tag
    typed.Tags.update_tag(tag, {"data": {"type": "tag", "id": tag, "attributes": {"name": "winter"}}})
    assert typed.Tags.get_tag(tag).data.attributes.name == "winter"
    typed.Tags.delete_tag(tag)
    assert typed.Campaigns.get_tags_for_campaign("01LARKBARENAME").data == []
    schedules = [{"message_id": "01LARKDRAFTM1", "strategy": "static", "send_time": "2026-12-01T09:00:00+00:00"}]
    body = {
        "type": "campaign-schedule",
        "attributes": {"message_schedules": schedules},
        "relationships": {"campaign": {"data": {"type": "campaign", "id": "01LARKDRAFT"}}},
    }
    done = typed.Campaigns.schedule_campaign({"data": body}).data.attributes.messages
    assert [each.id for each in done] == ["01LARKDRAFTM1"]
