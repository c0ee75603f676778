"""What changes in the imitated Klaviyo when the official SDK writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openapi_client.exceptions import ApiException

from presend_sandbox import Sandbox
from tests.support.klaviyo_sdk import client, error, raw


def test_a_profile_is_patched_and_properties_unset(world: Callable[..., Sandbox]) -> None:
    k = client(world())
    own = {"type": "profile", "id": "01STAFFMORAG"}
    k.Profiles.update_profile(
        own["id"],
        {"data": {**own, "attributes": {"first_name": "Mo", "properties": {"presend": ["TAG002"], "old": 1}}}},
    )
    patch = {"append": {"presend": "VAL001"}, "unset": ["old"]}
    k.Profiles.update_profile(own["id"], {"data": {**own, "attributes": {}, "meta": {"patch_properties": patch}}})
    found = k.Profiles.get_profile(own["id"])["data"]["attributes"]
    assert found["first_name"] == "Mo"
    assert found["properties"] == {"presend": ["TAG002", "VAL001"]}
    patch = {"unappend": {"presend": "TAG002"}}
    k.Profiles.update_profile(own["id"], {"data": {**own, "attributes": {}, "meta": {"patch_properties": patch}}})
    assert k.Profiles.get_profile(own["id"])["data"]["attributes"]["properties"] == {"presend": ["VAL001"]}


@pytest.mark.parametrize(("speed", "looks"), [("first_poll", 1), ("third_poll", 3)])
def test_a_bulk_import_is_performed(world: Callable[..., Sandbox], speed: str, looks: int) -> None:
    k = client(world(import_job=speed))
    people = [
        {"type": "profile", "id": "01STAFFMORAG", "attributes": {"properties": {"presend_note": "TAG002"}}},
        {"type": "profile", "attributes": {"email": "new.person@example.com"}},
        {"type": "profile", "attributes": {"first_name": "Nobody"}},
    ]
    body = {
        "type": "profile-bulk-import-job",
        "attributes": {"profiles": {"data": people}},
        "relationships": {"lists": {"data": [{"type": "list", "id": "STAFFX"}]}},
    }
    job = k.Profiles.bulk_import_profiles({"data": body})["data"]
    states = [k.Profiles.get_bulk_import_profiles_job(job["id"])["data"]["attributes"] for _ in range(looks)]
    assert [state["status"] == "complete" for state in states] == [False] * (looks - 1) + [True]
    assert (states[-1]["completed_count"], states[-1]["failed_count"]) == (2, 1)
    assert k.Profiles.get_profile("01STAFFMORAG")["data"]["attributes"]["properties"]["presend_note"] == "TAG002"
    found = k.Lists.get_profiles_for_list("STAFFX", filter='equals(email,["new.person@example.com"])')
    assert len(found["data"]) == 1


def test_a_list_is_made_filled_and_emptied(world: Callable[..., Sandbox]) -> None:
    k = client(world())
    made = k.Lists.create_list({"data": {"type": "list", "attributes": {"name": "presend: hold back"}}})["data"]
    people = {"data": [{"type": "profile", "id": each} for each in ("01STAFFMORAG", "01STAFFTOMASZ")]}
    k.Lists.add_profiles_to_list(made["id"], people)
    assert len(k.Lists.get_profile_ids_for_list(made["id"])["data"]) == 2
    k.Lists.remove_profiles_from_list(made["id"], {"data": people["data"][:1]})
    assert [row["id"] for row in k.Lists.get_profile_ids_for_list(made["id"])["data"]] == ["01STAFFTOMASZ"]
    with pytest.raises(ApiException) as caught:
        k.Lists.add_profiles_to_list(made["id"], {"data": people["data"][:1] * 1001})
    assert caught.value.status == 400


def test_tags_are_made_put_on_campaigns_and_taken_off(world: Callable[..., Sandbox]) -> None:
    box = world()
    k = client(box)
    tag = k.Tags.create_tag({"data": {"type": "tag", "attributes": {"name": "presend-hold"}}})["data"]["id"]
    campaign = {"data": [{"type": "campaign", "id": "01LARKNONE"}]}
    k.Tags.tag_campaigns(tag, campaign)
    assert k.Tags.get_campaign_ids_for_tag(tag)["data"] == campaign["data"]
    names = [row["attributes"]["name"] for row in k.Campaigns.get_tags_for_campaign("01LARKNONE")["data"]]
    assert names == ["presend-hold"]
    assert k.Tags.get_tags(filter='equals(name,"presend-hold")')["data"][0]["id"] == tag
    with pytest.raises(ApiException) as caught:
        k.Tags.create_tag({"data": {"type": "tag", "attributes": {"name": "presend-hold"}}})
    assert caught.value.status == 409
    k.Tags.remove_tag_from_campaigns(tag, campaign)
    assert k.Tags.get_campaign_ids_for_tag(tag)["data"] == []
    k.Tags.tag_campaigns(tag, campaign)
    k.Tags.delete_tag(tag)
    assert box.state["klaviyo"].campaigns["01LARKNONE"].tags == []


def test_a_campaigns_description_can_be_changed_and_its_status_cannot(world: Callable[..., Sandbox]) -> None:
    k = client(world())
    own = {"type": "campaign", "id": "01LARKNONE"}
    k.Campaigns.update_campaign(own["id"], {"data": {**own, "attributes": {"definition": {"description": "held"}}}})
    assert k.Campaigns.get_campaign(own["id"])["data"]["attributes"]["definition"]["description"] == "held"
    response = raw(
        world(),
        "/api/campaigns/01LARKNONE",
        "PATCH",
        {"data": {**own, "attributes": {"definition": {"status": "draft"}}}},
    )
    assert error(response)["source"] == {"pointer": "/data/attributes/definition/status"}
