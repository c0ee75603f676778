"""What the imitated Mailchimp answers to Mailchimp's own SDK over loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
import requests
from mailchimp_marketing.api_client import ApiClientError

from presend_sandbox import Sandbox
from tests.sandbox.mailchimp_sdk import LETTER, ONLY, START, hash_of, refused, sdk


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", only=ONLY, start=START) as running:
        yield running


def test_the_key_decides_who_comes_in(box: Sandbox) -> None:
    assert sdk(box).ping.get() == {"health_status": "Everything's Chimpy!"}
    assert sdk(box).root.get_root(fields=["account_name", "pricing_plan_type"]) == {
        "account_name": "Larkspur & Pine",
        "pricing_plan_type": "monthly",
    }
    with pytest.raises(ApiClientError) as error:
        sdk(box, "wrong-us1").ping.get()
    assert refused(error.value)["title"] == "API Key Invalid"


def test_what_is_not_there_and_what_cannot_be_done_are_said_apart(box: Sandbox) -> None:
    with pytest.raises(ApiClientError) as missing:
        sdk(box).campaigns.get("nobody")
    assert refused(missing.value)["title"] == "Resource Not Found"
    answer = httpx.delete(f"{box.origin}/3.0/campaign-folders", auth=("x", box.state["mailchimp"].key))
    assert (answer.status_code, answer.json()["title"]) == (405, "Method Not Allowed")


def test_scheduled_campaigns_come_by_send_time_in_pages(box: Sandbox) -> None:
    client = sdk(box)
    first = client.campaigns.list(status="schedule", sort_field="send_time", sort_dir="ASC")
    rest = client.campaigns.list(status="schedule", sort_field="send_time", sort_dir="ASC", count=1000, offset=10)
    found = first["campaigns"] + rest["campaigns"]
    assert len(first["campaigns"]) == 10
    assert len(found) == first["total_items"] == len({each["id"] for each in found})
    times = [each["send_time"] for each in found]
    assert times == sorted(times)
    assert {datetime.fromisoformat(each).minute % 15 for each in times} == {0}
    # The SDK itself refuses to ask for more, so this goes past it.
    answer = httpx.get(f"{box.origin}/3.0/campaigns?count=1001", auth=("x", box.state["mailchimp"].key))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "count")


def test_fields_keep_exclude_fields_drop_and_wrong_names_leave_nothing(box: Sandbox) -> None:
    client = sdk(box)
    kept = client.lists.get_list_members_info(
        LETTER, count=3, fields=["members.id", "members.tags.name", "total_items"]
    )
    assert set(kept) == {"members", "total_items"}
    assert all(set(each) == {"id", "tags"} and set(each["tags"][0]) == {"name"} for each in kept["members"])
    dropped = client.lists.get_list_members_info(LETTER, count=1, exclude_fields=["members._links", "_links"])
    assert "_links" not in dropped
    assert "_links" not in dropped["members"][0]
    assert "merge_fields" in dropped["members"][0]
    # The SDK takes `{}` for no body at all, which is the trap this imitates.
    assert isinstance(client.lists.get_list_members_info(LETTER, fields=["id", "tags"]), requests.Response)


def test_members_come_in_pages_by_status_and_by_change(box: Sandbox) -> None:
    client = sdk(box)
    everyone = client.lists.get_list_members_info(LETTER, count=1000, offset=0)["members"]
    everyone += client.lists.get_list_members_info(LETTER, count=1000, offset=1000)["members"]
    total = client.lists.get_list_members_info(LETTER, count=1)["total_items"]
    assert len({each["id"] for each in everyone}) == total > 1000
    assert all(each["id"] == hash_of(each["email_address"]) for each in everyone)
    gone = client.lists.get_list_members_info(LETTER, count=1000, status="unsubscribed")
    assert gone["total_items"] == sum(each["status"] == "unsubscribed" for each in everyone)
    since = (START - timedelta(days=10)).isoformat()
    fresh = client.lists.get_list_members_info(LETTER, count=1000, since_last_changed=since)["members"]
    assert 0 < len(fresh) < total
    assert {each["id"] for each in fresh} == {each["id"] for each in everyone if each["last_changed"] > since}
    with pytest.raises(ApiClientError):
        client.lists.get_list_members_info(LETTER, status="asleep")


def test_gaps_are_stored_as_the_world_says(box: Sandbox) -> None:
    members = sdk(box).lists.get_segment_members_list(LETTER, 2102, count=1000)["members"]
    values = [each["merge_fields"] for each in members]
    assert sum("FNAME" not in each for each in values) == 5
    assert sum(each.get("FNAME", "-") is None for each in values) == 2
    assert sum(each.get("FNAME") == "" for each in values) == 30
    letter = sdk(box).lists.get_segment_members_list(LETTER, 2101, count=1)["members"][0]
    assert set(letter["merge_fields"]["ADDRESS"]) == {"addr1", "addr2", "city", "state", "zip", "country"}
    assert values[0]["ADDRESS"] == ""
    assert set(map(type, letter["interests"].values())) == {bool}


def test_defaults_and_groups_can_be_read(box: Sandbox) -> None:
    client = sdk(box)
    fields = client.lists.get_list_merge_fields(LETTER, count=100)["merge_fields"]
    assert {each["tag"]: each["default_value"] for each in fields}["CITY"] == "your neighborhood"
    assert "EMAIL" not in {each["tag"] for each in fields}
    dates = client.lists.get_list_merge_fields(LETTER, type="date", count=100)["merge_fields"]
    assert {each["tag"] for each in dates} == {"SIZE_AS_OF", "CAR_AS_OF", "LASTVISIT"}
    (topics,) = client.lists.get_list_interest_categories(LETTER)["categories"]
    groups = client.lists.list_interest_category_interests(LETTER, topics["id"])["interests"]
    assert [each["name"] for each in groups] == ["Houseplants", "Kitchen garden", "Furniture"]
    assert groups[0]["subscriber_count"] == "100"


def test_a_campaign_says_its_audience_and_its_content(box: Sandbox) -> None:
    client = sdk(box)
    campaign = client.campaigns.get("mc-patio")
    assert campaign["recipients"]["segment_opts"]["saved_segment_id"] == 2201
    live = client.lists.get_segment(LETTER, 2201)["member_count"]
    assert live - campaign["recipients"]["recipient_count"] == 12
    content = client.campaigns.get_content("mc-patio")
    assert "*|FNAME|*" in content["html"]
    assert "*|UNSUB|*" in content["plain_text"]


def test_a_split_campaign_keeps_its_subjects_apart(box: Sandbox) -> None:
    campaign = sdk(box).campaigns.get("mc-split")
    assert campaign["type"] == "variate"
    assert campaign["settings"]["subject_line"] == ""
    assert len(campaign["variate_settings"]["subject_lines"]) == 2
    assert [each["subject_line"] for each in campaign["variate_settings"]["combinations"]] == [0, 1]
    assert len(sdk(box).campaigns.get_content("mc-split")["variate_contents"]) == 2


def test_the_checklist_tells_what_is_wrong(box: Sandbox) -> None:
    client = sdk(box)
    assert client.campaigns.get_send_checklist("mc-letter")["is_ready"] is True
    wrong = client.campaigns.get_send_checklist("mc-domain")
    assert wrong["is_ready"] is False
    assert [each["heading"] for each in wrong["items"] if each["type"] == "error"] == ["From address"]


def test_shops_and_orders_have_their_times(box: Sandbox) -> None:
    client = sdk(box)
    shops = {each["id"] for each in client.ecommerce.stores()["stores"]}
    assert shops >= {"larkspur-shop", "trade-desk"}
    late = client.ecommerce.get_store_orders("trade-desk", count=1000)["orders"]
    newest = max(datetime.fromisoformat(each["processed_at_foreign"]) for each in late)
    assert (START - newest).days == 46
    each_has = [client.ecommerce.get_store_orders(shop, count=1)["total_items"] for shop in sorted(shops)]
    assert client.ecommerce.orders(count=1)["total_items"] == sum(each_has) > len(late)
    someone = client.ecommerce.orders(count=1)["orders"][0]["customer"]["email_address"]
    assert client.lists.get_list_member(LETTER, hash_of(someone))["stats"]["ecommerce_data"]["number_of_orders"] == 1
    assert client.lists.get_list_recent_activity(LETTER, count=180)["activity"]
    assert client.verifiedDomains.get_verified_domains_all()["domains"][0]["verified"] is True


@pytest.mark.parametrize("status", ["429", "bare403"])
def test_an_overload_looks_as_the_switch_says(status: str) -> None:
    with Sandbox("cross", only=ONLY, start=START, switches={"mailchimp.overload": status}) as box:
        lists = sdk(box).lists
        if status == "429":
            with pytest.raises(ApiClientError) as error:
                lists.get_list_merge_fields("hc00000001")
            assert refused(error.value)["status"] == 429
        else:
            # The SDK hands a refusal without a body back as if all were well.
            assert lists.get_list_merge_fields("hc00000001").status_code == 403
        assert lists.get_list_merge_fields("hc00000001")["total_items"] == 2


def test_a_person_can_be_mended_from_outside(box: Sandbox) -> None:
    someone = box.platforms["mailchimp"].send("mc-blank")[0]
    answer = httpx.post(
        f"{box.origin}/_sandbox/people", json={"platform": "mailchimp", "id": someone, "set": {"FNAME": "Ida"}}
    )
    assert answer.status_code == 200
    assert sdk(box).lists.get_list_member(LETTER, someone)["merge_fields"]["FNAME"] == "Ida"
    state = httpx.get(f"{box.origin}/_sandbox/state?platform=mailchimp").json()
    assert state["lists"][LETTER]["members"][someone]["values"]["FNAME"] == "Ida"
    sent = httpx.get(f"{box.origin}/_sandbox/send?platform=mailchimp&campaign=mc-blank").json()
    assert len(sent["recipients"]) == 57
