"""Leaving people out of a held Klaviyo campaign: exactly them, seen to be so, at the time it had, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from presend.model import Able, DeedState, Gap, Reversible, State, Verb
from presend_sandbox import Sandbox
from presend_sandbox.klaviyo.state import Group
from tests.support.klaviyo_account import START, Waits, at, cells
from tests.support.klaviyo_leaving import BAD, LABEL, changes, excluded, held, who, worlds
from tests.support.klaviyo_world import LOCAL, PLAIN, SLOWED, SMART, STEPS, TESTED

World = Callable[..., Sandbox]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Starts small worlds of a test's own, with faults and switches."""
    with worlds(tmp_path) as start:
        yield start


# ---- the story


@pytest.mark.parametrize(
    ("campaign_id", "switches"),
    [
        (PLAIN, {}),
        (SLOWED, {}),
        (LOCAL, {"revert": "slow"}),
        (PLAIN, {"recipients": "send", "audience_patch": "replaces"}),
        (PLAIN, {"after_revert": "time_kept", "new_list": "later", "list_change_updates_profile": "yes"}),
    ],
)
def test_it_goes_to_everyone_but_them_at_the_time_it_had(
    world: World, campaign_id: str, switches: dict[str, str]
) -> None:
    box = world(**switches)
    message = box.state["klaviyo"].messages[f"{campaign_id}M1"]
    platform, time, label = box.platforms["klaviyo"], message.send_time, f"presend:out:{campaign_id}"
    everyone = platform.send(campaign_id)
    assert set(BAD) < set(everyone)

    connector, found, saved = held(box, campaign_id)
    assert connector.writer.ability(Verb.EXCLUDE, found).able is Able.YES
    before = who(connector, found)
    assert before == everyone
    draft = connector.campaign(campaign_id)
    assert draft.state is State.DRAFT
    receipt = connector.writer.narrow(draft, label, BAD)
    assert receipt.state is DeedState.DONE, receipt.detail
    assert excluded(box, campaign_id)[label] == set(BAD)
    again = connector.campaign(campaign_id)
    assert (again.left_out, again.state, again.revision) == (label, State.DRAFT, draft.revision)
    assert who(connector, again) == sorted(set(before) - set(BAD))
    assert who(connector, again, everybody=True) == before
    assert platform.send(campaign_id) == []  # still held

    assert connector.writer.release(campaign_id, saved).state is DeedState.DONE
    after = connector.campaign(campaign_id)
    assert after.revision == found.revision
    assert after.audience.key != found.audience.key
    assert message.send_time == time
    assert time is not None
    box.clock.advance(time - START + timedelta(minutes=1))
    assert platform.send(campaign_id) == sorted(set(everyone) - set(BAD))


def test_fewer_are_left_out_by_the_same_list_and_then_nobody(world: World) -> None:
    box = world()
    connector, found, saved = held(box)
    first = connector.writer.narrow(found, LABEL, BAD)
    assert first.state is DeedState.DONE
    assert connector.writer.release(PLAIN, saved).state is DeedState.DONE

    connector, narrowed, saved = held(box)
    fewer = connector.writer.narrow(narrowed, LABEL, BAD[:1])
    assert fewer.state is DeedState.DONE, fewer.detail
    assert excluded(box) == {"Staff": excluded(box)["Staff"], LABEL: {BAD[0]}}
    assert len([row for row in box.state["klaviyo"].groups.values() if row.name == LABEL]) == 1
    same = len(changes(box))
    assert connector.writer.narrow(connector.campaign(PLAIN), LABEL, BAD[:1]).state is DeedState.DONE
    assert len(changes(box)) == same  # what is so already is not written again

    undone = connector.writer.widen(PLAIN, json.loads(json.dumps(fewer.undo)))
    assert undone.state is DeedState.DONE
    assert set(excluded(box)) == {"Staff"}
    assert connector.campaign(PLAIN).left_out == ""
    assert who(connector, connector.campaign(PLAIN)) == who(at(world()), found)
    assert connector.writer.widen(PLAIN, fewer.undo).state is DeedState.DONE


def test_what_was_never_stored_is_undone_by_looking(world: World) -> None:
    box = world()
    connector, found, _saved = held(box)
    assert connector.writer.widen(PLAIN, {}).state is DeedState.DONE
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.DONE
    assert connector.writer.widen(PLAIN, {}).state is DeedState.DONE
    assert set(excluded(box)) == {"Staff"}


def test_a_platform_that_keeps_its_first_choice_is_spoken_of_beforehand(world: World) -> None:
    """No field tells whom Klaviyo fixed: what presend relies on is in the sentence that the plan shows."""
    box = world(snapshot="kept")
    connector, found, saved = held(box)
    says = connector.writer.ability(Verb.EXCLUDE, found).detail
    assert "recipients anew" in says
    assert "does not show whom it chose" in says
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.DONE
    assert connector.writer.release(PLAIN, saved).state is DeedState.DONE
    assert set(BAD) < set(box.platforms["klaviyo"].send(PLAIN))


# ---- where it cannot be


@pytest.mark.parametrize(
    ("campaign_id", "says"), [(TESTED, "A/B test"), (SMART, "picks the hours anew"), (STEPS, "audiences of their own")]
)
def test_what_cannot_be_put_back_exactly_is_not_taken_back_for_this(world: World, campaign_id: str, says: str) -> None:
    connector = at(world())
    ability = connector.writer.ability(Verb.EXCLUDE, connector.campaign(campaign_id))
    assert (ability.able, ability.reversible) == (Able.NO, Reversible.NO)
    assert says in ability.detail


def test_the_last_minutes_are_too_late(world: World) -> None:
    box = world()
    for left, able in ((timedelta(minutes=21), Able.YES), (timedelta(minutes=19), Able.NO)):
        connector = at(box, Waits(START + timedelta(hours=6) - left))
        ability = connector.writer.ability(Verb.EXCLUDE, connector.campaign(PLAIN))
        assert ability.able is able
    assert "20 minutes" in ability.detail


def test_a_campaign_with_other_messages_is_left_to_people(world: World) -> None:
    box = world()
    box.state["klaviyo"].messages[f"{STEPS}M2"].status = "draft"
    connector = at(box)
    ability = connector.writer.ability(Verb.EXCLUDE, connector.campaign(STEPS))
    assert ability.able is Able.NO
    assert "1 more messages" in ability.detail


def test_nothing_is_changed_while_it_is_scheduled(world: World) -> None:
    box = world()
    connector = at(box)
    found = connector.campaign(PLAIN)
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert receipt.state is DeedState.FAILED
    assert "is scheduled" in receipt.detail
    assert changes(box) == []


def test_two_audiences_and_nobody_at_all_are_no_narrowing(world: World) -> None:
    box = world()
    connector, found, _saved = held(box, STEPS)
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.CANNOT
    assert connector.writer.narrow(found, LABEL, []).state is DeedState.FAILED
    assert not [one for one in changes(box) if "lists" in one or "audiences" in one]


def test_an_audience_that_a_text_message_still_uses_is_left_as_it_is(world: World) -> None:
    box = world()
    account = box.state["klaviyo"]
    other = account.messages[f"{TESTED}M1"]
    connector, found, _saved = held(box)
    other.audience = account.messages[f"{PLAIN}M1"].audience
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert receipt.state is DeedState.FAILED
    assert f"{TESTED}M1" in receipt.detail
    assert set(excluded(box)) == {"Staff"}


def test_what_somebody_changed_meanwhile_is_left_alone(world: World) -> None:
    box = world()
    audience = box.state["klaviyo"].audiences[f"{PLAIN}A1"]
    connector, found, _saved = held(box)
    audience.excluded = []
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.LEFT_ALONE
    audience.excluded = ["STAFFX"]
    narrowed = connector.writer.narrow(found, LABEL, BAD)
    assert narrowed.state is DeedState.DONE
    audience.included = ["CLUBXX", "STAFFX"]
    now = list(audience.excluded)
    assert connector.writer.widen(PLAIN, narrowed.undo).state is DeedState.LEFT_ALONE
    assert audience.excluded == now


def test_what_somebody_scheduled_meanwhile_is_not_widened(world: World) -> None:
    box = world()
    connector, found, saved = held(box)
    narrowed = connector.writer.narrow(found, LABEL, BAD)
    connector.writer.release(PLAIN, saved)
    receipt = connector.writer.widen(PLAIN, narrowed.undo)
    assert receipt.state is DeedState.FAILED
    assert "hold it first" in receipt.detail
    assert LABEL in excluded(box)


def test_somebody_who_is_gone_is_not_said_to_be_left_out(world: World) -> None:
    box = world()
    connector, found, _saved = held(box)
    receipt = connector.writer.narrow(found, LABEL, [*BAD, "01GONE"])
    assert receipt.state is DeedState.FAILED
    assert "01GONE" not in receipt.detail
    assert set(excluded(box)) == {"Staff"}


def test_more_than_a_call_takes_go_in_several(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presend_connectors.klaviyo.writer_lists.MOST_A_CALL", 2)
    box = world()
    connector, found, _saved = held(box)
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.DONE
    joins = [row for row in box.requests if row["method"] == "POST" and "relationships" in str(row["path"])]
    assert len(joins) == 2


# ---- a list that starts something


def test_a_list_that_starts_a_live_flow_is_told_by_name_and_not_filled(world: World) -> None:
    box = world()
    account = box.state["klaviyo"]
    connector, found, _saved = held(box)
    assert connector.writer.bound(LABEL) == ()
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert receipt.state is DeedState.DONE
    (own,) = [row for row in account.groups.values() if row.name == LABEL]
    own.flows = ["FLWTWO"]
    assert connector.writer.bound(LABEL) == ()  # a draft starts nothing
    own.flows = ["FLWONE", "FLWTWO"]
    assert connector.writer.bound(LABEL) == ("Welcome",)
    fewer = connector.writer.narrow(connector.campaign(PLAIN), LABEL, BAD[:1])
    assert fewer.state is DeedState.FAILED
    assert "Welcome" in fewer.detail
    assert set(own.members) == set(BAD)


def test_flows_of_a_property_are_seen_only_where_a_segment_looks_at_it(world: World) -> None:
    box = world()
    account = box.state["klaviyo"]
    writer = at(box).writer
    condition = {"type": "profile-property", "property": "properties['presend:TAG0021']"}
    account.groups["SEGONE"] = Group(
        "SEGONE", "segment", "Those at fault", START, START,
        definition={"condition_groups": [{"conditions": [condition]}]}, flows=["FLWONE"],
    )  # fmt: skip
    gap = writer.bound("presend:TAG002")
    assert isinstance(gap, Gap)
    assert "presend:TAG002" in gap.reason
    condition["property"] = "properties['presend:TAG002']"
    assert writer.bound("presend:TAG002") == ("Welcome",)
    account.flows["FLWONE"].status = "manual"
    assert isinstance(writer.bound("presend:TAG002"), Gap)


def test_flows_of_a_segment_that_looks_at_the_list_are_told(world: World) -> None:
    box = world()
    account = box.state["klaviyo"]
    connector, found, _saved = held(box)
    membership = {"type": "profile-group-membership", "is_member": True, "group_ids": ["CLUBXX"]}
    account.groups["SEGONE"] = Group(
        "SEGONE", "segment", "Left out once", START, START,
        definition={"condition_groups": [{"conditions": [membership]}]}, flows=["FLWONE"],
    )  # fmt: skip
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.DONE
    assert connector.writer.bound(LABEL) == ()
    membership["group_ids"] = [row.id for row in account.groups.values() if row.name == LABEL]
    assert connector.writer.bound(LABEL) == ("Welcome",)


@pytest.mark.parametrize("path", ["^/api/lists$", "^/api/segments$"])
def test_what_cannot_be_looked_at_is_a_gap(world: World, path: str) -> None:
    gap = at(world({"kind": "bare403", "path": path})).writer.bound("presend:TAG002")
    assert isinstance(gap, Gap)
    assert "could not be looked at" in gap.reason


def test_two_lists_of_the_name_are_not_chosen_between(world: World) -> None:
    box = world()
    connector, found, _saved = held(box)
    for key in ("CLUBXX", "STAFFX"):
        box.state["klaviyo"].groups[key].name = LABEL
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert receipt.state in (DeedState.FAILED, DeedState.LEFT_ALONE)
    assert changes(box)[1:] == []


# ---- freshness


def test_marks_of_presend_make_nobody_look_fresh(world: World) -> None:
    box = world(list_change_updates_profile="yes")
    connector, found, _saved = held(box)
    at_first = cells(list(connector.people(found, frozenset())), "@updated_at")
    assert all(at_first.values())
    assert connector.writer.tag(found, "presend:TAG002", BAD[:1]).state is DeedState.DONE
    assert connector.writer.narrow(found, LABEL, BAD[:2]).state is DeedState.DONE
    again = connector.campaign(PLAIN)
    seen = cells(list(connector.people(again, frozenset(), everybody=True)), "@updated_at")
    assert sorted(one for one in seen if seen[one] is None) == BAD[:2]
    assert {one: seen[one] for one in seen if one not in BAD[:2]} == {
        one: at_first[one] for one in at_first if one not in BAD[:2]
    }
