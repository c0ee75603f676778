"""The imitated Mailchimp, driven by Mailchimp's own SDK over loopback."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import mailchimp_marketing
import pytest
import requests
from mailchimp_marketing.api_client import ApiClientError

from presend_sandbox import Sandbox
from presend_sandbox.clock import Clock
from presend_sandbox.mailchimp import build
from presend_sandbox.world import load_world

START = datetime(2026, 11, 22, 9, 7, tzinfo=UTC)
LETTER = "9c41f2a7d0"
ONLY = ("mailchimp",)


def sdk(box: Sandbox, key: str = "") -> Any:
    """Mailchimp's SDK pointed at the sandbox."""
    client = mailchimp_marketing.Client({"api_key": key or box.env()["PRESEND_MAILCHIMP__API_KEY"]})
    client.api_client.host = box.origin + "/3.0"
    return client


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", only=ONLY, start=START) as running:
        yield running


def refused(error: ApiClientError) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(error.text)
    assert set(document) >= {"type", "title", "status", "detail", "instance"}
    assert document["status"] == error.status_code
    return document


def hash_of(email: str) -> str:
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()


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


def test_a_campaign_is_taken_back_and_scheduled_again(box: Sandbox) -> None:
    client = sdk(box)
    before = client.campaigns.get("mc-letter")
    assert client.campaigns.unschedule("mc-letter").status_code == 204
    draft = client.campaigns.get("mc-letter")
    assert (draft["status"], draft["send_time"]) == ("save", "")
    with pytest.raises(ApiClientError) as twice:
        client.campaigns.unschedule("mc-letter")
    assert refused(twice.value)["status"] == 400
    client.campaigns.schedule("mc-letter", {"schedule_time": before["send_time"]})
    after = client.campaigns.get("mc-letter")
    assert (after["status"], after["send_time"]) == ("schedule", before["send_time"])
    with pytest.raises(ApiClientError):
        client.campaigns.schedule("mc-letter", {"schedule_time": before["send_time"]})


@pytest.mark.parametrize(
    "when",
    ["2026-11-23T10:07:00+00:00", "2026-11-21T10:00:00+00:00", "soon", ""],
    ids=["not a quarter hour", "past", "no time", "none"],
)
def test_a_time_that_cannot_be_kept_is_refused(box: Sandbox, when: str) -> None:
    client = sdk(box)
    client.campaigns.unschedule("mc-letter")
    with pytest.raises(ApiClientError) as error:
        client.campaigns.schedule("mc-letter", {"schedule_time": when})
    assert refused(error.value)["errors"][0]["field"] == "schedule_time"
    assert client.campaigns.get("mc-letter")["status"] == "save"


def test_what_is_not_ready_cannot_be_scheduled(box: Sandbox) -> None:
    client = sdk(box)
    client.campaigns.unschedule("mc-domain")
    with pytest.raises(ApiClientError) as error:
        client.campaigns.schedule("mc-domain", {"schedule_time": "2026-11-24T10:00:00+00:00"})
    assert refused(error.value)["detail"] == "This campaign cannot be scheduled: ."


@pytest.mark.parametrize("status", [400, 403])
def test_too_late_is_refused_as_the_switch_says(status: int) -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.unschedule_too_late": str(status)}) as box:
        box.clock.advance(timedelta(hours=18, minutes=10))
        client = sdk(box)
        assert client.campaigns.get("mc-letter")["status"] == "sending"
        with pytest.raises(ApiClientError) as error:
            client.campaigns.unschedule("mc-letter")
        assert refused(error.value)["status"] == status
        box.clock.advance(timedelta(hours=1))
        assert client.campaigns.get("mc-letter")["status"] == "sent"
        # One campaign is stuck on purpose: its time is past and it still waits.
        assert client.campaigns.get("mc-stuck")["status"] == "schedule"


def test_timewarp_begins_most_of_a_day_early(box: Sandbox) -> None:
    client = sdk(box)
    send_time = datetime.fromisoformat(client.campaigns.get("mc-warp")["send_time"])
    # New York is five hours behind UTC in November, and the first zone fourteen ahead.
    box.clock.advance(send_time - timedelta(hours=19, minutes=1) - START)
    assert client.campaigns.get("mc-warp")["status"] == "schedule"
    box.clock.advance(timedelta(minutes=2))
    assert client.campaigns.get("mc-warp")["status"] == "sending"


@pytest.mark.parametrize("status", ["save", "paused"])
def test_the_status_after_taking_back_is_a_switch(status: str) -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.unscheduled_status": status}) as box:
        sdk(box).campaigns.unschedule("mc-letter")
        assert sdk(box).campaigns.get("mc-letter")["status"] == status


@pytest.mark.parametrize(("choice", "gained"), [("retaken", 12), ("kept", 0)])
def test_whether_recipients_are_taken_anew_is_a_switch(choice: str, gained: int) -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.snapshot_on_reschedule": choice}) as box:
        platform, client = box.platforms["mailchimp"], sdk(box)
        before = set(platform.send("mc-patio"))
        send_time = client.campaigns.get("mc-patio")["send_time"]
        client.campaigns.unschedule("mc-patio")
        client.campaigns.schedule("mc-patio", {"schedule_time": send_time})
        assert len(set(platform.send("mc-patio")) - before) == gained


@pytest.mark.parametrize(("choice", "left"), [("lost", None), ("survives", {"batch_delay": 5, "batch_count": 4})])
def test_whether_batch_delivery_survives_is_a_switch(choice: str, left: dict[str, int] | None) -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.batch_delivery": choice}) as box:
        client, when = sdk(box), "2026-11-24T10:00:00+00:00"
        client.campaigns.unschedule("mc-letter")
        batches = {"batch_delay": 5, "batch_count": 4}
        client.campaigns.schedule("mc-letter", {"schedule_time": when, "batch_delivery": batches})
        assert "batch_delivery" not in client.campaigns.get("mc-letter")
        client.campaigns.unschedule("mc-letter")
        client.campaigns.schedule("mc-letter", {"schedule_time": when})
        assert box.state["mailchimp"].campaigns["mc-letter"].batch_delivery == left


@pytest.mark.parametrize("choice", ["refused", "allowed"])
def test_whether_a_scheduled_campaign_changes_folders_is_a_switch(choice: str) -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.folder_while_scheduled": choice}) as box:
        client = sdk(box)
        folder = client.campaignFolders.create({"name": "Held"})["id"]
        now = client.campaigns.get("mc-letter")["settings"]
        move = {name: now[name] for name in ("subject_line", "from_name", "reply_to")} | {"folder_id": folder}
        if choice == "refused":
            with pytest.raises(ApiClientError):
                client.campaigns.update("mc-letter", {"settings": move})
            client.campaigns.unschedule("mc-letter")
        client.campaigns.update("mc-letter", {"settings": move})
        assert client.campaigns.get("mc-letter")["settings"]["folder_id"] == folder
        assert client.campaignFolders.list()["folders"][0]["count"] == 1


def test_partial_settings_are_a_switch() -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.patch_settings": "whole"}) as box:
        with pytest.raises(ApiClientError) as error:
            sdk(box).campaigns.update("mc-draft", {"settings": {"title": "Other"}})
        assert {each["field"] for each in refused(error.value)["errors"]} == {"subject_line", "from_name", "reply_to"}


def test_a_scheduled_campaign_cannot_be_edited(box: Sandbox) -> None:
    client = sdk(box)
    with pytest.raises(ApiClientError):
        client.campaigns.update("mc-letter", {"settings": {"subject_line": "Other"}})
    client.campaigns.unschedule("mc-letter")
    assert (
        client.campaigns.update("mc-letter", {"settings": {"subject_line": "Other"}})["settings"]["subject_line"]
        == "Other"
    )


def test_people_are_left_out_by_a_tag(box: Sandbox) -> None:
    client, platform = sdk(box), box.platforms["mailchimp"]
    members = client.lists.get_segment_members_list(LETTER, 2102, count=1000)["members"]
    nameless = [each["email_address"] for each in members if not each["merge_fields"].get("FNAME")]
    made = client.lists.create_segment(LETTER, {"name": "presend-hold", "static_segment": nameless[:30]})
    assert (made["type"], made["member_count"]) == ("static", 30)
    client.lists.batch_segment_members({"members_to_add": nameless[30:]}, LETTER, made["id"])
    client.campaigns.unschedule("mc-bulbs")
    conditions = [
        {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_is", "value": 2102},
        {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_not", "value": made["id"]},
    ]
    options = {"list_id": LETTER, "segment_opts": {"match": "all", "conditions": conditions}}
    client.campaigns.update("mc-bulbs", {"recipients": options})
    assert len(platform.send("mc-bulbs")) == 114 - 37
    assert not {hash_of(each) for each in nameless} & set(platform.send("mc-bulbs"))
    conditions[1]["value"] = 999999
    with pytest.raises(ApiClientError):
        client.campaigns.update("mc-bulbs", {"recipients": options})
    assert len(platform.send("mc-bulbs")) == 114 - 37


def test_tags_come_and_go(box: Sandbox) -> None:
    client = sdk(box)
    someone = client.lists.get_list_members_info(LETTER, count=1)["members"][0]
    client.lists.update_list_member_tags(LETTER, someone["id"], {"tags": [{"name": "Blank", "status": "active"}]})
    assert "Blank" in {tag["name"] for tag in client.lists.get_list_member_tags(LETTER, someone["id"])["tags"]}
    (found,) = client.lists.tag_search(LETTER, name="Blank")["tags"][-1:]
    answer = client.lists.batch_segment_members(
        {"members_to_add": ["stranger@example.com"], "members_to_remove": [someone["email_address"]]},
        LETTER,
        found["id"],
    )
    assert (answer["total_added"], answer["total_removed"], answer["error_count"]) == (0, 1, 1)
    with pytest.raises(ApiClientError):
        client.lists.batch_segment_members({"members_to_add": ["a@example.com"] * 501}, LETTER, found["id"])
    assert client.lists.delete_segment(LETTER, found["id"]).status_code == 204
    assert client.lists.tag_search(LETTER, name="Blank")["tags"] == [{"id": 2107, "name": "Blank names"}]
    with pytest.raises(ApiClientError):
        client.lists.create_segment(LETTER, {"name": "Letter", "static_segment": []})


def test_a_member_is_mended_and_its_change_is_seen(box: Sandbox) -> None:
    client = sdk(box)
    someone = client.lists.get_segment_members_list(LETTER, 2107, count=1)["members"][0]
    client.lists.update_list_member(LETTER, someone["id"], {"merge_fields": {"FNAME": "Ada", "NOSUCH": "x"}})
    now = client.lists.get_list_member(LETTER, someone["id"])
    assert now["merge_fields"]["FNAME"] == "Ada"
    assert "NOSUCH" not in now["merge_fields"]
    assert now["last_changed"] == "2026-11-22T09:07:00+00:00"
    added = {"email_address": "New.One@example.com", "status_if_new": "subscribed", "merge_fields": {"FNAME": "Ed"}}
    client.lists.set_list_member(LETTER, hash_of("new.one@example.com"), added)
    assert client.lists.get_list_member(LETTER, hash_of("new.one@example.com"))["full_name"] == "Ed"


def test_comments_are_kept_changed_and_removed(box: Sandbox) -> None:
    client = sdk(box)
    made = client.campaigns.add_feedback("mc-letter", {"message": "Held: 3 blank names"})
    assert (made["source"], made["is_complete"]) == ("api", False)
    client.campaigns.update_feedback_message("mc-letter", made["feedback_id"], {"is_complete": True})
    (kept,) = client.campaigns.get_feedback("mc-letter")["feedback"]
    assert (kept["message"], kept["is_complete"]) == ("Held: 3 blank names", True)
    client.campaigns.delete_feedback_message("mc-letter", made["feedback_id"])
    assert client.campaigns.get_feedback("mc-letter")["total_items"] == 0
    with pytest.raises(ApiClientError):
        client.campaigns.add_feedback("mc-letter", {"message": " "})


def test_a_batch_really_does_what_it_says(box: Sandbox) -> None:
    client = sdk(box)
    email = client.lists.get_list_members_info(LETTER, count=1)["members"][0]["email_address"]
    body = json.dumps({"tags": [{"name": "Batched", "status": "active"}]})
    path = f"/lists/{LETTER}/members/{hash_of(email)}/tags"
    operations = [
        {"method": "POST", "path": path, "body": body, "operation_id": "tag"},
        {"method": "GET", "path": "/campaigns/none", "operation_id": "miss"},
        {"method": "GET", "path": "/lists", "params": {"count": "1", "fields": "lists.id"}},
    ]
    started = client.batches.start({"operations": operations})
    assert started["status"] == "pending"
    done = client.batches.status(started["id"])
    assert (done["status"], done["total_operations"], done["errored_operations"]) == ("finished", 3, 1)
    packed = httpx.get(done["response_body_url"])
    with tarfile.open(fileobj=io.BytesIO(packed.content), mode="r:gz") as tar:
        member = tar.extractfile(tar.getnames()[0])
        assert member is not None
        results = json.loads(member.read())
    assert [each["status_code"] for each in results] == [204, 404, 200]
    assert json.loads(results[2]["response"]) == {"lists": [{"id": LETTER}]}
    assert "Batched" in {tag["name"] for tag in client.lists.get_list_member_tags(LETTER, hash_of(email))["tags"]}


def test_shops_and_orders_have_their_times(box: Sandbox) -> None:
    client = sdk(box)
    assert {each["id"] for each in client.ecommerce.stores()["stores"]} == {"larkspur-shop", "trade-desk"}
    late = client.ecommerce.get_store_orders("trade-desk", count=1000)["orders"]
    newest = max(datetime.fromisoformat(each["processed_at_foreign"]) for each in late)
    assert (START - newest).days == 46
    assert client.ecommerce.orders(count=1)["total_items"] == len(late) + 180
    someone = client.ecommerce.orders(count=1)["orders"][0]["customer"]["email_address"]
    assert client.lists.get_list_member(LETTER, hash_of(someone))["stats"]["ecommerce_data"]["number_of_orders"] == 1
    assert client.lists.get_list_recent_activity(LETTER, count=180)["activity"]
    assert client.verifiedDomains.get_verified_domains_all()["domains"][0]["verified"] is True


def test_what_the_platform_keeps_to_some_campaigns_or_plans(box: Sandbox) -> None:
    client = sdk(box)
    with pytest.raises(ApiClientError) as paused:
        client.campaigns.pause("mc-letter")
    with pytest.raises(ApiClientError) as cancelled:
        client.campaigns.cancel_send("mc-letter")
    assert (paused.value.status_code, cancelled.value.status_code) == (400, 403)
    test = {"test_emails": ["me@example.com"], "send_type": "html"}
    assert client.campaigns.send_test_email("mc-letter", test).status_code == 204
    assert client.campaigns.replicate("mc-letter")["status"] == "save"


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


@pytest.mark.parametrize(
    ("match", "conditions", "expected"),
    [
        ("any", [("TextMerge", "FNAME", "is", "ann"), ("TextMerge", "FNAME", "is", "bob")], "ab"),
        ("all", [("TextMerge", "FNAME", "contains", "b"), ("EmailAddress", "EMAIL", "ends", ".org")], "b"),
        ("all", [("TextMerge", "FNAME", "not", "ann")], "bcd"),
        ("all", [("TextMerge", "FNAME", "notcontain", "n")], "bcd"),
        ("all", [("TextMerge", "FNAME", "starts", "a")], "a"),
        ("all", [("TextMerge", "FNAME", "blank", "")], "cd"),
        ("all", [("TextMerge", "FNAME", "blank_not", "")], "ab"),
        ("all", [("TextMerge", "POINTS", "greater", "9")], "a"),
        ("all", [("TextMerge", "POINTS", "less", "9")], "b"),
        ("all", [("DateMerge", "SEEN", "greater", "2026-01-01")], "a"),
        ("all", [("DateMerge", "SEEN", "less", "2026-01-01")], "b"),
        ("all", [("DateMerge", "SEEN", "is", "2025-05-05")], "b"),
        ("all", [("DateMerge", "SEEN", "blank", "")], "cd"),
        ("all", [("Date", "info_changed", "within", "5")], "a"),
        ("all", [("Date", "info_changed", "notwithin", "5")], "bcd"),
        ("all", [("Interests", "Likes", "interestcontains", ["Tea", "Milk"])], "ab"),
        ("all", [("Interests", "Likes", "interestcontainsall", ["Tea", "Milk"])], "a"),
        ("all", [("Interests", "Likes", "interestnotcontains", ["Tea"])], "bcd"),
        ("all", [("StaticSegment", "", "static_is", "T")], "ac"),
        ("all", [("StaticSegment", "", "static_not", "T")], "bd"),
        ("all", [("Language", "language", "is", "en"), ("StaticSegment", "", "static_is", "T")], "ac"),
    ],
)
def test_conditions_are_really_evaluated(
    match: str, conditions: list[tuple[str, str, str, Any]], expected: str
) -> None:
    people = [
        {"email": "a@example.com", "values": {"FNAME": "Ann", "POINTS": 10, "SEEN": "2026-03-01"}, "changed": "-1d"},
        {"email": "b@example.org", "values": {"FNAME": "Bob", "POINTS": 8, "SEEN": "2025-05-05"}, "changed": "-9d"},
        {"email": "c@example.com", "nulls": ["FNAME"], "absent": ["SEEN"], "changed": "-9d"},
        {"email": "d@example.com", "values": {"FNAME": ""}, "changed": "-9d"},
    ]
    groups = {"a": ["Likes: Tea", "Likes: Milk"], "b": ["Likes: Milk"]}
    for person in people:
        person |= {"list": "l", "interests": groups.get(person["email"][0], [])}
        person["tags"] = ["T"] if person["email"][0] in "ac" else []
    names = ("condition_type", "field", "op", "value")
    spec: dict[str, Any] = {
        "lists": [
            {
                "id": "l",
                "name": "L",
                "fields": [{"tag": "FNAME"}, {"tag": "POINTS", "type": "number"}, {"tag": "SEEN", "type": "date"}],
                "interests": [{"title": "Likes", "names": ["Tea", "Milk"]}],
                "segments": [{"id": 1, "name": "T"}],
            }
        ],
        "people": people,
        "campaigns": [
            {
                "id": "c",
                "name": "C",
                "list": "l",
                "status": "save",
                "match": match,
                "conditions": [dict(zip(names, each, strict=True)) for each in conditions],
            }
        ],
    }
    platform = build(spec, Clock(START), {})
    emails = {each.id: each.email for each in platform.state.lists["l"].members.values()}
    assert "".join(sorted(emails[each][0] for each in platform.send("c"))) == expected


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


def _values(world: str, campaign: str, tag: str) -> list[Any]:
    """What the recipients of a campaign have stored under `tag`; "absent" where there is nothing."""
    platform = build(load_world(world).platforms["mailchimp"], Clock(START), {})
    members = platform.state.lists[platform.state.campaigns[campaign].list_id].members
    return [members[each].values.get(tag, "absent") for each in platform.send(campaign)]


def test_the_planted_counts_are_what_the_data_holds() -> None:
    blank = {None, "", "absent"}
    expected = {
        each["id"]: [one.get("affected") for one in each.get("expect", [])][:1]
        for each in load_world("mishaps").platforms["mailchimp"]["campaigns"]
    }
    counted = {
        "mc-bulbs": sum(each in blank for each in _values("mishaps", "mc-bulbs", "FNAME")),
        "mc-circle": sum(each in blank for each in _values("mishaps", "mc-circle", "NICK")),
        "mc-offer": sum(each in blank for each in _values("mishaps", "mc-offer", "OFFER")),
        "mc-makers": sum(each in blank for each in _values("mishaps", "mc-makers", "WEBSITE")),
        "mc-towns": sum(each in blank for each in _values("mishaps", "mc-towns", "CITY")),
        "mc-blank": sum(each == " " for each in _values("mishaps", "mc-blank", "FNAME")),
        "mc-kinds": sum(each == "Garden" for each in _values("mishaps", "mc-kinds", "PLAN")),
        "mc-loud": sum(each.isupper() or each.islower() for each in _values("mishaps", "mc-loud", "FNAME")),
        "mc-gloves": sum(each < "2025" for each in _values("mishaps", "mc-gloves", "SIZE_AS_OF")),
        "mc-drivers": sum(each < "2025" for each in _values("mishaps", "mc-drivers", "CAR_AS_OF")),
    }
    assert {name: [count] for name, count in counted.items()} == {name: expected[name] for name in counted}


@pytest.mark.parametrize("world", ["mishaps", "clean", "big", "cross"])
def test_every_world_can_be_sent(world: str) -> None:
    platform = build(load_world(world).platforms["mailchimp"], Clock(START), {})
    for campaign in platform.state.campaigns.values():
        assert platform.send(campaign.id), campaign.id
        assert all(variant.subject and variant.html and variant.text for variant in campaign.variants), campaign.id


def test_the_mishaps_of_a_campaign_as_a_whole_reach_its_whole_audience() -> None:
    spec = load_world("mishaps").platforms["mailchimp"]
    platform = build(spec, Clock(START), {})
    whole = {
        "TAG001",
        "TAG003",
        "TAG004",
        "TAG005",
        "TAG006",
        "TAG015",
        "TAG016",
        "TAG017",
        "OPS001",
        "OPS002",
        "AGE003",
    }
    for campaign in spec["campaigns"]:
        for expected in campaign.get("expect", []):
            if expected["code"] in whole:
                assert expected["affected"] == len(platform.send(campaign["id"])), campaign["id"]
