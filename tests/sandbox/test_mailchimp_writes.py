"""What Mailchimp's own SDK changes in the imitated Mailchimp, under every switch."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from mailchimp_marketing.api_client import ApiClientError

from presend_sandbox import Sandbox
from tests.sandbox.mailchimp_sdk import LETTER, ONLY, START, hash_of, refused, sdk


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", only=ONLY, start=START) as running:
        yield running


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
        box.clock.advance(timedelta(hours=32, minutes=48))
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


def test_a_slow_batch_is_carried_out_when_it_is_through() -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.batches": "slow"}) as box:
        client = sdk(box)
        started = client.batches.start({"operations": [{"method": "POST", "path": "/campaign-folders", "body": NAMED}]})
        looks = [client.batches.status(started["id"]) for _ in range(3)]
        assert [look["status"] for look in looks] == ["started", "started", "finished"]
        assert [look["finished_operations"] for look in looks] == [0, 0, 1]
        assert len(box.state["mailchimp"].folders) == 1


NAMED = json.dumps({"name": "Held"})


@pytest.mark.parametrize("syncing", [True, False])
def test_a_tag_starts_a_journey_unless_it_is_synced(box: Sandbox, syncing: bool) -> None:
    client, someone = sdk(box), box.platforms["mailchimp"].send("mc-bulbs")[0]
    body = {"tags": [{"name": "Seen", "status": "active"}], "is_syncing": syncing}
    client.lists.update_list_member_tags(LETTER, someone, body)
    assert box.state["mailchimp"].journeys == ([] if syncing else [("Seen", someone)])


@pytest.mark.parametrize(("choice", "nothing", "empty"), [("replaced", None, 400), ("merged", 2102, None)])
def test_what_takes_a_segment_away_is_a_switch(choice: str, nothing: int | None, empty: int | None) -> None:
    with Sandbox("mishaps", only=ONLY, start=START, switches={"mailchimp.patch_recipients": choice}) as box:
        client, stored = sdk(box), box.state["mailchimp"].campaigns["mc-letter"]
        client.campaigns.unschedule("mc-letter")
        settings = {"subject_line": "S", "from_name": "F", "reply_to": "a@example.com"}

        def aim(**to: object) -> int | None:
            try:
                body = {"settings": settings, "recipients": {"list_id": LETTER, **to}}
                client.campaigns.update("mc-letter", body)
            except ApiClientError as error:
                return int(refused(error)["status"])
            return None

        assert aim(segment_opts={"saved_segment_id": 2102}) is None
        assert aim() is None
        assert (stored.segment or {}).get("saved_segment_id") == nothing
        assert aim(segment_opts={"match": "all", "conditions": []}) == empty
        assert stored.segment is None


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
