"""Holding, releasing, marking and noting in the imitated Klaviyo, under every switch: never a false "done"."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from presend.model import Able, Campaign, DeedState, Reversible, Verb
from presend_connectors.klaviyo.adapter import KlaviyoConnector
from presend_sandbox import Sandbox
from tests.support.klaviyo_account import START, Waits, at

CAMPAIGN = "01LARKNONE"
LABEL = "presend:TAG002"


@pytest.fixture
def world() -> Iterator[Callable[..., Sandbox]]:
    """Starts worlds of a test's own, with switches."""
    running: list[Sandbox] = []

    def start(**switches: str) -> Sandbox:
        chosen = {f"klaviyo.{key}": value for key, value in switches.items()}
        running.append(Sandbox("mishaps", start=START, switches=chosen, only=["klaviyo"]).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Callable[..., Sandbox]]:
    """Worlds by their switches, for tests that put everything back or touch a campaign that is theirs alone."""
    running: dict[tuple[tuple[str, str], ...], Sandbox] = {}

    def start(**switches: str) -> Sandbox:
        key = tuple(sorted(switches.items()))
        if key not in running:
            chosen = {f"klaviyo.{name}": value for name, value in switches.items()}
            running[key] = Sandbox("mishaps", start=START, switches=chosen, only=["klaviyo"]).__enter__()
        return running[key]

    yield start
    for each in running.values():
        each.close()


def statuses(box: Sandbox, campaign: str) -> list[str]:
    """Statuses of the campaign's messages as the platform has them, without a look through its API."""
    account = box.state["klaviyo"]
    return [account.messages[each].status for each in account.campaigns[campaign].messages]


def options(box: Sandbox, message: str) -> tuple[Any, ...]:
    row = box.state["klaviyo"].messages[message]
    return row.strategy, row.send_time, row.send_date, row.percentage, row.throttle_unit


def journalled(connector: KlaviyoConnector, campaign: Campaign) -> dict[str, Any]:
    """What `saved` gives, after a stay in a database."""
    kept: dict[str, Any] = json.loads(json.dumps(connector.writer.saved(campaign)))
    return kept


# ---- hold and release


@pytest.mark.parametrize(
    ("campaign", "reversible"),
    [
        (CAMPAIGN, Reversible.EXACT),
        ("01LARKWRONGCASE", Reversible.EXACT),
        ("01LARKEMPTYDEFAULT", Reversible.EXACT),
        ("01LARKABTEST", Reversible.APPROXIMATE),
        ("01LARKPLANT", Reversible.APPROXIMATE),
        ("01LARKTWOSTEP", Reversible.EXACT),
    ],
)
@pytest.mark.parametrize("after", ["time_cleared", "time_kept"])
def test_a_held_campaign_goes_out_to_nobody_and_comes_back_as_it_was(
    shared: Callable[..., Sandbox], campaign: str, reversible: Reversible, after: str
) -> None:
    box = shared(after_revert=after)
    platform = box.platforms["klaviyo"]
    messages = list(box.state["klaviyo"].campaigns[campaign].messages)
    before, mailed = [options(box, each) for each in messages], platform.send(campaign)
    connector = at(box)
    found = connector.campaign(campaign)
    ability = connector.writer.ability(Verb.HOLD, found)
    assert (ability.able, ability.reversible) == (Able.YES, reversible)
    assert "recipients anew" in ability.detail
    saved = journalled(connector, found)

    held = connector.writer.hold(found)
    assert held.state is DeedState.DONE
    assert statuses(box, campaign) == ["draft"] * len(messages)
    assert platform.send(campaign) == []
    assert connector.writer.hold(connector.campaign(campaign)).state is DeedState.CANNOT

    released = connector.writer.release(campaign, saved)
    assert released.state is DeedState.DONE, released.detail
    assert [options(box, each) for each in messages] == before
    assert platform.send(campaign) == mailed
    assert connector.campaign(campaign).revision == found.revision
    assert connector.writer.release(campaign, saved).state is DeedState.DONE


@pytest.mark.parametrize(
    ("switches", "state", "really", "says"),
    [
        ({}, DeedState.DONE, "draft", "draft"),
        ({"revert": "slow"}, DeedState.DONE, "draft", "draft"),
        ({"revert": "no_effect"}, DeedState.UNKNOWN, "scheduled", "shows it scheduled"),
        ({"revert": "refused"}, DeedState.FAILED, "scheduled", "can no longer be reverted"),
        ({"revert": "refused", "late_error": "400"}, DeedState.FAILED, "scheduled", "can no longer be reverted"),
    ],
)
def test_a_hold_is_done_only_when_it_is_seen(
    world: Callable[..., Sandbox], switches: dict[str, str], state: DeedState, really: str, says: str
) -> None:
    box = world(**switches)
    waits = Waits()
    connector = at(box, waits)
    receipt = connector.writer.hold(connector.campaign(CAMPAIGN))
    assert receipt.state is state
    assert says in receipt.detail
    assert statuses(box, CAMPAIGN) == [really]
    assert waits.passed < 60


@pytest.mark.parametrize(
    ("late", "state"),
    [("refused", DeedState.FAILED), ("accepted", DeedState.DONE), ("no_effect", DeedState.UNKNOWN)],
)
def test_minutes_before_the_send_it_may_be_too_late(world: Callable[..., Sandbox], late: str, state: DeedState) -> None:
    box = world(revert_about_to_send=late)
    waits = Waits(START + timedelta(hours=9, minutes=50))
    connector = at(box, waits)
    found = connector.campaign(CAMPAIGN)
    box.clock.advance(found.schedule.stated - START - timedelta(minutes=8))  # type: ignore[operator]
    receipt = connector.writer.hold(found)
    assert receipt.state is state
    assert (statuses(box, CAMPAIGN) == ["draft"]) is (state is DeedState.DONE)


def test_past_the_last_moment_the_ability_says_that_it_may_be_refused(shared: Callable[..., Sandbox]) -> None:
    box = shared()
    connector = at(box, Waits(START + timedelta(days=2)))
    ability = connector.writer.ability(Verb.HOLD, connector.campaign("01LARKOVERDUE"))
    assert ability.able is Able.UNKNOWN
    assert "may refuse" in ability.detail


def test_what_is_being_sent_was_not_held(world: Callable[..., Sandbox]) -> None:
    box = world()
    connector = at(box)
    found = connector.campaign(CAMPAIGN)
    box.clock.advance(timedelta(hours=31, minutes=45))
    receipt = connector.writer.hold(found)
    assert receipt.state is DeedState.FAILED
    assert statuses(box, CAMPAIGN)[0] in ("sending", "sent")
    assert statuses(box, CAMPAIGN)[0] in receipt.detail


def test_one_message_held_and_another_not_is_unknown_and_can_be_put_back(world: Callable[..., Sandbox]) -> None:
    box = world()
    connector = at(box)
    found = connector.campaign("01LARKTWOSTEP")
    saved = journalled(connector, found)
    box.state["klaviyo"].messages["01LARKTWOSTEPM2"].status = "sending"
    receipt = connector.writer.hold(found)
    assert receipt.state is DeedState.UNKNOWN
    assert "01LARKTWOSTEPM1 is a draft again" in receipt.detail
    assert "01LARKTWOSTEPM2 was not taken back" in receipt.detail
    box.state["klaviyo"].messages["01LARKTWOSTEPM2"].status = "scheduled"
    assert connector.writer.release("01LARKTWOSTEP", saved).state is DeedState.DONE
    assert statuses(box, "01LARKTWOSTEP") == ["scheduled", "scheduled"]


def test_only_the_emails_of_a_campaign_are_held(world: Callable[..., Sandbox]) -> None:
    box = world()
    account = box.state["klaviyo"]
    second = account.messages["01LARKTWOSTEPM2"]
    account.variations[second.variations[0]].details = {"channel": "sms", "body": "The sale ends tonight"}
    connector = at(box)
    found = connector.campaign("01LARKTWOSTEP")
    assert [each.id for each in found.messages] == ["01LARKTWOSTEPM1"]
    assert connector.writer.hold(found).state is DeedState.DONE
    assert statuses(box, "01LARKTWOSTEP") == ["draft", "scheduled"]


@pytest.mark.parametrize("status", ["201", "202"])
def test_a_time_that_has_passed_is_not_guessed(world: Callable[..., Sandbox], status: str) -> None:
    box = world(schedule_status=status)
    first = at(box)
    found = first.campaign(CAMPAIGN)
    saved = journalled(first, found)
    assert first.writer.hold(found).state is DeedState.DONE
    box.clock.advance(timedelta(days=3))
    connector = at(box, Waits(START + timedelta(days=3)))
    late = connector.writer.release(CAMPAIGN, saved)
    assert late.state is DeedState.FAILED
    assert "--at" in late.detail
    assert statuses(box, CAMPAIGN) == ["draft"]
    another = START + timedelta(days=4)
    assert connector.writer.release(CAMPAIGN, saved, another).state is DeedState.DONE
    assert options(box, f"{CAMPAIGN}M1")[:2] == ("static", another)


def test_another_time_keeps_the_distance_between_messages(shared: Callable[..., Sandbox]) -> None:
    box = shared()
    connector = at(box)
    found = connector.campaign("01LARKTWOSTEP")
    apart = options(box, "01LARKTWOSTEPM2")[1] - options(box, "01LARKTWOSTEPM1")[1]
    saved = journalled(connector, found)
    connector.writer.hold(found)
    assert connector.writer.release("01LARKTWOSTEP", saved, START + timedelta(days=3)).state is DeedState.DONE
    assert options(box, "01LARKTWOSTEPM1")[1] == START + timedelta(days=3)
    assert options(box, "01LARKTWOSTEPM2")[1] == START + timedelta(days=3) + apart


def test_a_strategy_that_cannot_be_scheduled_again_is_told_before_it_is_held(world: Callable[..., Sandbox]) -> None:
    box = world()
    box.state["klaviyo"].messages[f"{CAMPAIGN}M1"].strategy = "by_the_moon"
    connector = at(box)
    found = connector.campaign(CAMPAIGN)
    ability = connector.writer.ability(Verb.HOLD, found)
    assert (ability.able, ability.reversible) == (Able.YES, Reversible.NO)
    assert "by_the_moon" in ability.detail
    saved = journalled(connector, found)
    assert connector.writer.hold(found).state is DeedState.DONE
    receipt = connector.writer.release(CAMPAIGN, saved)
    assert receipt.state is DeedState.FAILED
    assert "by hand" in receipt.detail


def test_a_draft_a_flow_and_a_sent_campaign_cannot_be_held(shared: Callable[..., Sandbox]) -> None:
    connector = at(shared())
    for key, word in (("01LARKDRAFT", "draft"), ("01LARKSENT", "sent"), ("FWELCM", "flows")):
        ability = connector.writer.ability(Verb.HOLD, connector.campaign(key))
        assert ability.able is Able.NO
        assert word in ability.detail


def test_every_verb_has_an_ability(shared: Callable[..., Sandbox]) -> None:
    connector = at(shared())
    found = connector.campaign(CAMPAIGN)
    for verb in Verb:
        assert connector.writer.ability(verb, found).detail


# ---- people


@pytest.mark.parametrize("finished", ["first_poll", "third_poll"])
def test_people_are_marked_and_unmarked(shared: Callable[..., Sandbox], finished: str) -> None:
    box = shared(import_job=finished)
    profiles = box.state["klaviyo"].profiles
    connector = at(box)
    found = connector.campaign(CAMPAIGN)
    ids = sorted(box.state["klaviyo"].groups["CLUBMB"].members)[:120]
    kept = dict(profiles[ids[0]].attributes["properties"])
    receipt = connector.writer.tag(found, LABEL, [*ids, ids[0]])
    assert receipt.state is DeedState.DONE
    marked = {one for one, row in profiles.items() if row.attributes["properties"].get(LABEL) is True}
    assert marked == set(ids)
    assert profiles[ids[0]].attributes["properties"] == {**kept, LABEL: True}
    assert connector.campaign(CAMPAIGN).revision == found.revision
    names = frozenset().union(*(batch.names for batch in connector.people(found, frozenset())))
    assert not [name for name in names if name.startswith("presend:")]

    assert connector.writer.untag(found, LABEL, ids).state is DeedState.DONE
    assert not [one for one in ids if LABEL in profiles[one].attributes["properties"]]
    assert profiles[ids[0]].attributes["properties"] == kept


def test_somebody_who_is_not_there_any_more_leaves_the_tagging_unconfirmed(shared: Callable[..., Sandbox]) -> None:
    box = shared()
    connector = at(box)
    ids = [*sorted(box.state["klaviyo"].groups["CLUBMB"].members)[:3], "01GONE"]
    receipt = connector.writer.tag(connector.campaign(CAMPAIGN), LABEL, ids)
    assert receipt.state is DeedState.UNKNOWN
    assert "left 1 profiles out" in receipt.detail
    assert "01GONE" not in receipt.detail


# ---- campaigns


def test_a_note_keeps_what_people_wrote_and_is_replaced_by_the_next(world: Callable[..., Sandbox]) -> None:
    box = world()
    definition = box.state["klaviyo"].campaigns[CAMPAIGN].definition
    definition["description"] = "Signed off by Morag.\n"
    connector = at(box)
    found = connector.campaign(CAMPAIGN)
    for text in ("presend: 1 finding\n- high TAG002", "presend: 2 findings"):
        assert connector.writer.comment(found, text).state is DeedState.DONE
        assert definition["description"] == f"Signed off by Morag.\n\n[presend]\n{text}\n[/presend]"
    writes = [one for one in box.requests if one["method"] == "PATCH"]
    assert connector.writer.comment(found, "presend: 2 findings").state is DeedState.DONE
    assert [one for one in box.requests if one["method"] == "PATCH"] == writes
    again = connector.campaign(CAMPAIGN)
    assert (again.revision, again.updated_at) == (found.revision, found.updated_at)


def test_a_campaign_is_tagged_once_with_a_tag_that_is_made_once(world: Callable[..., Sandbox]) -> None:
    box = world()
    account = box.state["klaviyo"]
    connector = at(box)
    for key in (CAMPAIGN, "01LARKBARENAME", CAMPAIGN):
        found = connector.campaign(key)
        assert connector.writer.mark(found, "presend").state is DeedState.DONE
        assert connector.campaign(key).revision == found.revision
    (tag,) = [row.id for row in account.tags.values() if row.name == "presend"]
    assert account.campaigns[CAMPAIGN].tags == [tag]
    assert len(account.campaigns["01LARKBARENAME"].tags) == 2


# ---- rights


def test_a_key_that_may_not_write_fails_every_deed_and_names_the_scope(world: Callable[..., Sandbox]) -> None:
    box = world()
    reads = ["campaigns", "templates", "segments", "lists", "profiles", "tags", "accounts", "metrics", "events"]
    box.state["klaviyo"].info["scopes"] = [f"{each}:read" for each in reads]
    connector = at(box)
    found = connector.campaign(CAMPAIGN)
    writer = connector.writer
    ids = sorted(box.state["klaviyo"].groups["CLUBMB"].members)[:2]
    receipts = {
        "campaigns:write": [writer.hold(found), writer.comment(found, "presend: 1 finding")],
        "profiles:write": [writer.tag(found, LABEL, ids), writer.untag(found, LABEL, ids)],
        "tags:write": [writer.mark(found, "presend")],
    }
    for scope, some in receipts.items():
        for receipt in some:
            assert receipt.state is DeedState.FAILED
            assert scope in receipt.detail
    assert statuses(box, CAMPAIGN) == ["scheduled"]


def test_reading_writes_nothing(world: Callable[..., Sandbox]) -> None:
    box = world()
    connector = at(box)
    found = list(connector.campaigns(everything=True))
    connector.info()
    list(connector.people(connector.campaign(CAMPAIGN), frozenset()))
    for verb in Verb:
        connector.writer.ability(verb, connector.campaign(CAMPAIGN))
    assert found
    assert {one["method"] for one in box.requests} == {"GET"}
