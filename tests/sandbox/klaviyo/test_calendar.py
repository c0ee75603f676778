"""Scheduling, reverting and cancelling in the imitated Klaviyo, under every switch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from openapi_client.exceptions import ApiException

from presend_sandbox import Sandbox
from tests.support.klaviyo_sdk import CLUB, client, error, raw, schedule, status, stop


def test_revert_takes_a_message_off_the_calendar_and_schedule_puts_it_back(world: Callable[..., Sandbox]) -> None:
    box = world()
    k = client(box)
    before = k.Campaigns.get_campaign_message("01LARKNONEM1")["data"]["attributes"]["definition"]["send_options"]
    stop(k, "01LARKNONEM1")
    reverted = k.Campaigns.get_campaign_message("01LARKNONEM1")["data"]["attributes"]["definition"]
    assert reverted["status"] == "draft"
    assert reverted["send_options"]["send_time"] is None
    assert box.platforms["klaviyo"].send("01LARKNONE") == []
    answer = schedule(k, "01LARKNONEM1", strategy="static", send_time=before["send_time"])
    assert answer["data"]["id"] == "01LARKNONEM1"
    after = k.Campaigns.get_campaign_message("01LARKNONEM1")["data"]["attributes"]["definition"]
    assert (after["status"], after["send_options"]) == ("scheduled", before)
    assert len(box.platforms["klaviyo"].send("01LARKNONE")) == 252


@pytest.mark.parametrize(
    ("campaign", "attributes", "stored"),
    [
        (
            "01LARKWRONGCASEM1",
            {"strategy": "throttled", "throttled_options": {"throttling_percentage": 20}},
            "throttled",
        ),
        ("01LARKEMPTYDEFAULTM1", {"strategy": "local_timezone"}, "local_timezone"),
        ("01LARKABTESTM1", {"strategy": "static"}, "content_variation"),
    ],
)
def test_each_strategy_can_be_put_back(
    world: Callable[..., Sandbox], campaign: str, attributes: dict[str, Any], stored: str
) -> None:
    k = client(world())
    before = k.Campaigns.get_campaign_message(campaign)["data"]["attributes"]["definition"]["send_options"]
    assert before["send_strategy"] == stored
    stop(k, campaign)
    schedule(k, campaign, send_time=before["send_time"], **attributes)
    assert k.Campaigns.get_campaign_message(campaign)["data"]["attributes"]["definition"]["send_options"] == before


def test_smart_send_time_has_a_date_and_times_per_variation(world: Callable[..., Sandbox]) -> None:
    k = client(world())
    stop(k, "01LARKPLANTM1")
    answer = schedule(k, "01LARKPLANTM1", strategy="smart_send_time", send_date="2026-11-25")
    assert answer["data"]["attributes"]["send_date"] == "2026-11-25"
    options = k.Campaigns.get_campaign_message("01LARKPLANTM1")["data"]["attributes"]["definition"]["send_options"]
    assert options["send_time"] is None
    assert options["send_times"] == {"01LARKPLANTM1VA": "2026-11-25T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({"strategy": "static"}, "/data/attributes/send_time"),
        ({"strategy": "static", "send_time": "2026-11-22T09:00:00+00:00"}, "/data/attributes/send_time"),
        ({"strategy": "smart_send_time"}, "/data/attributes/send_date"),
        (
            {"strategy": "throttled", "send_time": "2026-12-01T09:00:00Z"},
            "/data/attributes/throttled_options/throttling_percentage",
        ),
        ({"strategy": "whenever", "send_time": "2026-12-01T09:00:00Z"}, "/data/attributes/strategy"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(box: Sandbox, attributes: dict[str, Any], pointer: str) -> None:
    target = {"campaign-message": {"data": {"type": "campaign-message", "id": "01LARKDRAFTM1"}}}
    body = {"type": "campaign-message-schedule", "attributes": attributes, "relationships": target}
    response = raw(box, "/api/campaign-message-schedule", "POST", {"data": body})
    assert response.status == 400
    assert error(response)["source"] == {"pointer": pointer}


def test_cancel_is_for_good(world: Callable[..., Sandbox]) -> None:
    k = client(world())
    stop(k, "01LARKNONEM1", "cancel")
    assert status(k, "01LARKNONEM1") == "cancelled"
    for attempt in (
        lambda: stop(k, "01LARKNONEM1"),
        lambda: schedule(k, "01LARKNONEM1", strategy="static", send_time="2026-12-01T09:00:00Z"),
    ):
        with pytest.raises(ApiException) as caught:
            attempt()
        assert caught.value.status == 409


@pytest.mark.parametrize(
    ("switches", "refused", "after"),
    [
        ({}, None, ["draft"]),
        ({"revert": "refused"}, 409, ["scheduled"]),
        ({"revert": "refused", "late_error": "400"}, 400, ["scheduled"]),
        ({"revert": "no_effect"}, None, ["scheduled", "scheduled", "scheduled"]),
        ({"revert": "slow"}, None, ["scheduled", "draft"]),
    ],
)
def test_revert_behaves_as_switched(
    world: Callable[..., Sandbox], switches: dict[str, str], refused: int | None, after: list[str]
) -> None:
    k = client(world(**switches))
    if refused:
        with pytest.raises(ApiException) as caught:
            stop(k, "01LARKNONEM1")
        assert caught.value.status == refused
    else:
        stop(k, "01LARKNONEM1")
    assert [status(k, "01LARKNONEM1") for _ in after] == after


@pytest.mark.parametrize(("choice", "outcome"), [("refused", 409), ("accepted", "draft"), ("no_effect", "scheduled")])
def test_a_late_revert_behaves_as_switched(world: Callable[..., Sandbox], choice: str, outcome: int | str) -> None:
    box = world(revert_about_to_send=choice)
    k = client(box)
    box.clock.advance(timedelta(hours=31, minutes=35))
    if isinstance(outcome, int):
        with pytest.raises(ApiException) as caught:
            stop(k, "01LARKNONEM1")
        assert caught.value.status == outcome
    else:
        stop(k, "01LARKNONEM1")
        assert status(k, "01LARKNONEM1") == outcome


def test_time_sends_what_is_scheduled_and_leaves_the_stuck_one(world: Callable[..., Sandbox]) -> None:
    box = world()
    k = client(box)
    box.clock.advance(timedelta(hours=31, minutes=46))
    assert status(k, "01LARKNONEM1") == "sending"
    with pytest.raises(ApiException) as caught:
        stop(k, "01LARKNONEM1")
    assert caught.value.status == 409
    box.clock.advance(timedelta(hours=1))
    assert status(k, "01LARKNONEM1") == "sent"
    assert status(k, "01LARKOVERDUEM1") == "scheduled"
    assert status(k, "01LARKEMPTYDEFAULTM1") == "scheduled"
    box.clock.advance(timedelta(hours=3))
    assert status(k, "01LARKEMPTYDEFAULTM1") == "sending", "a local-time send begins where the day begins"


@pytest.mark.parametrize(("choice", "mailed"), [("schedule", False), ("send", True)])
def test_recipients_are_fixed_as_switched_and_rescheduling_takes_them_anew(
    world: Callable[..., Sandbox], choice: str, mailed: bool
) -> None:
    box = world(recipients=choice)
    k = client(box)
    new = "01STAFFMORAG"
    k.Lists.add_profiles_to_list(CLUB, {"data": [{"type": "profile", "id": new}]})
    assert (new in box.platforms["klaviyo"].send("01LARKNONE")) is mailed
    stop(k, "01LARKNONEM1")
    schedule(k, "01LARKNONEM1", strategy="static", send_time="2026-11-24T12:00:00Z")
    assert new in box.platforms["klaviyo"].send("01LARKNONE")


@pytest.mark.parametrize(("choice", "left"), [("refused", None), ("applies", 0), ("waits", 252)])
def test_an_audience_is_edited_as_switched(world: Callable[..., Sandbox], choice: str, left: int | None) -> None:
    box = world(audience_edit_while_scheduled=choice)
    k = client(box)
    audience = k.Campaigns.get_audience_for_campaign_message("01LARKNONEM1")["data"]["id"]
    definition = {"included": [CLUB], "excluded": [CLUB]}
    body = {"data": {"type": "campaign-audience", "id": audience, "attributes": {"definition": definition}}}
    if left is None:
        with pytest.raises(ApiException) as caught:
            k.Campaigns.update_campaign_audience(audience, body)
        assert caught.value.status == 409
        stop(k, "01LARKNONEM1")
    k.Campaigns.update_campaign_audience(audience, body)
    assert len(box.platforms["klaviyo"].send("01LARKNONE")) == (left or 0)


@pytest.mark.parametrize(("choice", "left"), [("again", 0), ("kept", 252)])
def test_a_message_scheduled_again_chooses_its_recipients_as_switched(
    world: Callable[..., Sandbox], choice: str, left: int
) -> None:
    box = world(snapshot=choice)
    k = client(box)
    stop(k, "01LARKNONEM1")
    definition = {"included": [CLUB], "excluded": [CLUB]}
    body = {"data": {"type": "campaign-audience", "id": "01LARKNONEA1", "attributes": {"definition": definition}}}
    k.Campaigns.update_campaign_audience("01LARKNONEA1", body)
    schedule(k, "01LARKNONEM1", strategy="static", send_time="2026-11-24T12:00:00Z")
    assert len(box.platforms["klaviyo"].send("01LARKNONE")) == left


@pytest.mark.parametrize(("choice", "kept"), [("merges", True), ("replaces", False)])
def test_a_part_of_an_audience_that_is_not_named_stays_as_switched(
    world: Callable[..., Sandbox], choice: str, kept: bool
) -> None:
    k = client(world(audience_patch=choice))
    stop(k, "01LARKNONEM1")
    definition = {"included": [CLUB]}
    body = {"data": {"type": "campaign-audience", "id": "01LARKNONEA1", "attributes": {"definition": definition}}}
    k.Campaigns.update_campaign_audience("01LARKNONEA1", body)
    after = k.Campaigns.get_campaign_audience("01LARKNONEA1")["data"]["attributes"]["definition"]
    assert (after["name"] is not None) is kept


@pytest.mark.parametrize(("choice", "looks"), [("at_once", 1), ("later", 3)])
def test_a_new_list_is_found_by_name_as_switched(world: Callable[..., Sandbox], choice: str, looks: int) -> None:
    box = world(new_list=choice)
    raw(box, "/api/lists", "POST", {"data": {"type": "list", "attributes": {"name": "Brand new"}}})
    path = "/api/lists?filter=equals(name,%22Brand%20new%22)"
    assert [len(raw(box, path).json()["data"]) for _ in range(looks)] == [0] * (looks - 1) + [1]


@pytest.mark.parametrize(("choice", "changed"), [("no", False), ("yes", True)])
def test_joining_a_list_changes_a_profile_as_switched(
    world: Callable[..., Sandbox], choice: str, changed: bool
) -> None:
    box = world(list_change_updates_profile=choice)
    profile = box.state["klaviyo"].profiles["01STAFFMORAG"]
    client(box).Lists.add_profiles_to_list(CLUB, {"data": [{"type": "profile", "id": profile.id}]})
    assert (profile.updated == box.now) is changed


def test_the_estimate_counts_those_who_would_be_mailed(k: Any) -> None:
    k.Campaigns.refresh_campaign_recipient_estimation(
        {"data": {"type": "campaign-recipient-estimation-job", "id": "01LARKOLDDOG"}}
    )
    assert (
        k.Campaigns.get_campaign_recipient_estimation_job("01LARKOLDDOG")["data"]["attributes"]["status"] == "complete"
    )
    estimate = k.Campaigns.get_campaign_recipient_estimation("01LARKOLDDOG")["data"]["attributes"]
    assert estimate["estimated_recipient_count"] == 150


def test_someone_suppressed_for_every_included_list_is_not_mailed(world: Callable[..., Sandbox]) -> None:
    box = world()
    k = client(box)
    stop(k, "01LARKNONEM1")
    definition = {"included": ["STAFFX"], "excluded": []}
    own = "01LARKNONEA1"
    k.Campaigns.update_campaign_audience(
        own, {"data": {"type": "campaign-audience", "id": own, "attributes": {"definition": definition}}}
    )
    schedule(k, "01LARKNONEM1", strategy="static", send_time="2026-11-24T12:00:00Z")
    assert box.platforms["klaviyo"].send("01LARKNONE") == ["01STAFFMORAG"]
