"""Leaving people out of a held HubSpot email: exactly them, seen to be so, at the time it had, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presend.model import Able, DeedState, Gap, Reversible, State, Verb
from presend_sandbox import Sandbox
from tests.support.hubspot_account import START, connect, writes
from tests.support.hubspot_leaving import (
    BAD,
    EMAIL,
    LABEL,
    LOCAL,
    TEST,
    UNFINISHED,
    VARIANT,
    excluded,
    held,
    narrowed,
    who,
    worlds,
)

World = Callable[..., Sandbox]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Starts small worlds of a test's own, with faults and switches."""
    with worlds(tmp_path) as start:
        yield start


# -- the story


@pytest.mark.parametrize(
    ("campaign_id", "switches"),
    [
        (EMAIL, {}),
        (TEST, {"ids": "number"}),
        (LOCAL, {"ids": "number"}),
        (EMAIL, {"state_after_unpublish": "PUBLISHED"}),
        (TEST, {"state_after_unpublish": "PUBLISHED", "publish_date_after_unpublish": "cleared"}),
        (EMAIL, {"state_after_unpublish": "ERROR", "publish_date_after_unpublish": "cleared"}),
        (EMAIL, {"scheduled_is_published": "true"}),
    ],
)
def test_it_goes_to_everyone_but_them_at_the_time_it_had(
    world: World, campaign_id: str, switches: dict[str, str]
) -> None:
    box = world(**switches)
    email, platform = box.state["hubspot"].emails[campaign_id], box.platforms["hubspot"]
    everyone, time, label = platform.send(campaign_id), email.doc["publishDate"], f"presend:out:{campaign_id}"
    assert set(BAD) < set(everyone)

    connector, found, saved = held(box, campaign_id)
    assert connector.writer.ability(Verb.EXCLUDE, found).able is Able.YES
    before = who(connector, found)
    assert before == everyone
    draft = connector.campaign(campaign_id)
    assert draft.state is State.DRAFT
    receipt = connector.writer.narrow(draft, label, BAD)
    assert receipt.state is DeedState.DONE, receipt.detail
    emails = [message.id for message in found.messages]
    assert [excluded(box, one) for one in emails] == [{label: set(BAD)}] * len(emails)
    again = connector.campaign(campaign_id)
    assert (again.left_out, again.state, again.revision) == (label, State.DRAFT, draft.revision)
    assert who(connector, again) == [one for one in before if one not in BAD]
    assert who(connector, again, everybody=True) == before
    assert platform.send(campaign_id) == []  # still held

    released = connector.writer.release(campaign_id, saved)
    assert released.state is DeedState.DONE, released.detail
    after = connector.campaign(campaign_id)
    assert after.audience.key != found.audience.key
    assert email.doc["publishDate"] == time
    box.clock.advance(datetime.fromisoformat(time).astimezone(UTC) - START + timedelta(minutes=1))
    assert platform.send(campaign_id) == [one for one in everyone if one not in BAD]
    assert email.doc["state"] not in ("SCHEDULED", "SCHEDULED_AB")


def test_presends_exclusion_is_no_part_of_the_revision(world: World) -> None:
    box = world()
    connector, found, saved = held(box)
    connector.writer.narrow(found, LABEL, BAD)
    connector.writer.release(EMAIL, saved)
    assert connector.campaign(EMAIL).revision == found.revision
    box.state["hubspot"].emails[EMAIL].doc["to"]["contactIlsLists"]["exclude"].append("113")
    assert connector.campaign(EMAIL).revision != found.revision


def test_fewer_are_left_out_by_the_same_list_and_then_nobody(world: World) -> None:
    box = world()
    connector, found, saved = held(box)
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.DONE
    assert connector.writer.release(EMAIL, saved).state is DeedState.DONE

    connector, narrowed, _saved = held(box)
    fewer = connector.writer.narrow(narrowed, LABEL, BAD[:1])
    assert fewer.state is DeedState.DONE, fewer.detail
    assert excluded(box) == {LABEL: {BAD[0]}}
    same = len(writes(box))
    assert connector.writer.narrow(connector.campaign(EMAIL), LABEL, BAD[:1]).state is DeedState.DONE
    assert len(writes(box)) == same  # what is so already is not written again

    undone = connector.writer.widen(EMAIL, json.loads(json.dumps(fewer.undo)))
    assert undone.state is DeedState.DONE, undone.detail
    assert excluded(box) == {}
    assert connector.campaign(EMAIL).left_out == ""
    assert connector.writer.widen(EMAIL, fewer.undo).state is DeedState.DONE


@pytest.mark.parametrize("campaign_id", [EMAIL, TEST])
def test_what_was_never_stored_is_undone_by_looking(world: World, campaign_id: str) -> None:
    box = world()
    connector, found, _saved = held(box, campaign_id)
    assert connector.writer.widen(campaign_id, {}).state is DeedState.DONE
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.DONE
    assert connector.writer.widen(campaign_id, {}).state is DeedState.DONE
    assert [excluded(box, message.id) for message in found.messages] == [{}] * len(found.messages)


# -- where it cannot be


def test_without_enterprise_it_is_said_beforehand_who_must_act_by_when(world: World) -> None:
    box = world()
    campaign = connect(box).campaign(EMAIL)
    surely_not = connect(box, hubspot_enterprise=False).writer
    for verb in (Verb.EXCLUDE, Verb.HOLD):
        ability = surely_not.ability(verb, campaign)
        assert (ability.able, ability.reversible) == (Able.NO, Reversible.NO)
        assert "Enterprise" in ability.detail
        assert "somebody who may publish emails must" in ability.detail
        assert "before 2026-11-23 15:00 UTC" in ability.detail
    unsure = connect(box, hubspot_enterprise=None).writer.ability(Verb.EXCLUDE, campaign)
    assert unsure.able is Able.UNKNOWN
    assert "may be refused" in unsure.detail


def test_recipients_without_lists_of_today_are_left_to_people(world: World) -> None:
    box = world()
    account = box.state["hubspot"]
    to = account.emails[EMAIL].doc["to"]
    account.lists["101"].legacy_id = "7"
    to["contactIlsLists"] = {"include": [], "exclude": []}
    for side, says in (("contactLists", "lists of the old kind"), ("contactIds", "chosen one by one")):
        to |= {"contactLists": {"include": [], "exclude": []}, "contactIds": {"include": [], "exclude": []}}
        to[side]["include"] = ["7"] if side == "contactLists" else BAD
        connector = connect(box)
        ability = connector.writer.ability(Verb.EXCLUDE, connector.campaign(EMAIL))
        assert ability.able is Able.NO
        assert says in ability.detail
        account.emails[EMAIL].doc["state"] = "DRAFT"
        assert connector.writer.narrow(connector.campaign(EMAIL), LABEL, BAD).state is DeedState.CANNOT
        account.emails[EMAIL].doc["state"] = "SCHEDULED"


def test_the_last_minutes_a_draft_and_a_recurring_email_are_no_place_for_it(world: World) -> None:
    box = world()
    writer, campaign = connect(box).writer, connect(box).campaign(EMAIL)
    assert "not scheduled" in writer.ability(Verb.EXCLUDE, connect(box).campaign(UNFINISHED)).detail
    box.state["hubspot"].emails[EMAIL].doc["type"] = "RSS_EMAIL"
    assert "again and again" in writer.ability(Verb.EXCLUDE, connect(box).campaign(EMAIL)).detail
    for advance, able in ((timedelta(hours=5, minutes=39), Able.YES), (timedelta(minutes=2), Able.NO)):
        box.clock.advance(advance)
        assert writer.ability(Verb.EXCLUDE, campaign).able is able
    assert "20 minutes" in writer.ability(Verb.EXCLUDE, campaign).detail


def test_a_local_time_send_must_be_changed_before_the_first_zone_begins(world: World) -> None:
    box = world()
    campaign = connect(box).campaign(LOCAL)
    writer = connect(box).writer
    assert writer.ability(Verb.EXCLUDE, campaign).able is Able.YES
    box.clock.advance(timedelta(hours=22))
    assert writer.ability(Verb.EXCLUDE, campaign).able is Able.NO


def test_nothing_is_changed_while_it_is_scheduled(world: World) -> None:
    box = world()
    connector = connect(box)
    receipt = connector.writer.narrow(connector.campaign(EMAIL), LABEL, BAD)
    assert receipt.state is DeedState.FAILED
    assert "not held" in receipt.detail
    assert writes(box) == []


def test_a_variant_that_would_go_is_no_draft(world: World) -> None:
    box = world()
    connector, found, _saved = held(box, TEST)
    box.state["hubspot"].emails[VARIANT].doc["state"] = "SCHEDULED_AB"
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.FAILED
    assert excluded(box, TEST) == {}
    assert connector.writer.narrow(found, LABEL, []).state is DeedState.FAILED


def test_an_email_that_was_sent_is_not_changed_even_if_its_state_could_mean_both(world: World) -> None:
    box = world(state_after_unpublish="PUBLISHED", publish_date_after_unpublish="cleared")
    connector, found, _saved = held(box)
    box.clock.advance(timedelta(hours=7))
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert receipt.state is DeedState.FAILED
    assert "PUBLISHED" in receipt.detail
    email = box.state["hubspot"].emails[EMAIL].doc
    email["publishedAt"] = email["updatedAt"]
    sent = connector.campaign(EMAIL)
    assert sent.state is State.SENT
    assert connector.writer.narrow(sent, LABEL, BAD).state is DeedState.FAILED


def test_what_somebody_changed_meanwhile_is_left_alone(world: World) -> None:
    box = world()
    connector, found, _saved = held(box)
    lists = box.state["hubspot"].emails[EMAIL].doc["to"]["contactIlsLists"]
    lists["exclude"] = ["113"]
    assert connector.writer.narrow(found, LABEL, BAD).state is DeedState.LEFT_ALONE
    lists["exclude"] = []
    narrowed = connector.writer.narrow(found, LABEL, BAD)
    assert narrowed.state is DeedState.DONE
    lists = box.state["hubspot"].emails[EMAIL].doc["to"]["contactIlsLists"]
    lists["include"] = ["101", "113"]
    assert connector.writer.widen(EMAIL, narrowed.undo).state is DeedState.LEFT_ALONE
    assert LABEL in excluded(box)


def test_what_somebody_scheduled_meanwhile_is_not_widened(world: World) -> None:
    box = world()
    connector, found, saved = held(box)
    narrowed = connector.writer.narrow(found, LABEL, BAD)
    connector.writer.release(EMAIL, saved)
    assert connector.writer.widen(EMAIL, narrowed.undo).state is DeedState.FAILED
    assert LABEL in excluded(box)


@pytest.mark.parametrize(
    ("choice", "state"),
    [("refuse", DeedState.FAILED), ("ignore", DeedState.UNKNOWN), ("draft_only", DeedState.UNKNOWN)],
)
def test_recipients_that_hubspot_does_not_change_are_not_said_to_be(
    world: World, choice: str, state: DeedState
) -> None:
    box = world(patch_to_after_unpublish=choice)
    receipt = narrowed(box)
    assert receipt.state is state
    assert excluded(box) == {}


def test_everything_else_of_the_recipients_stays(world: World) -> None:
    box = world()
    document = box.state["hubspot"].emails[EMAIL].doc
    document["to"] |= {"suppressGraymail": True, "limitSendFrequency": True, "somethingNew": {"a": 1}}
    before = json.loads(json.dumps(document["to"]))
    assert narrowed(box).state is DeedState.DONE
    (own,) = document["to"]["contactIlsLists"]["exclude"]
    before["contactIlsLists"]["exclude"] = [own]
    assert document["to"] == before


def test_a_list_that_hubspot_fills_itself_is_not_taken_for_ours(world: World) -> None:
    box = world()
    box.state["hubspot"].lists["113"].name = LABEL
    receipt = narrowed(box)
    assert receipt.state is DeedState.FAILED
    assert "filters" in receipt.detail


def test_somebody_who_is_gone_is_not_said_to_be_left_out(world: World) -> None:
    connector, found, _saved = held(world())
    receipt = connector.writer.narrow(found, LABEL, [*BAD, "999999999"])
    assert receipt.state is DeedState.FAILED
    assert "1 do not exist" in receipt.detail
    assert "999999999" not in receipt.detail


def test_who_wrote_it_and_what_cannot_be_seen(world: World) -> None:
    box = world()
    connector = connect(box)
    document = box.state["hubspot"].emails[EMAIL].doc
    document |= {"createdById": "11", "updatedById": "12"}
    assert connector.campaign(EMAIL).authors == ("11", "12")
    del document["createdById"], document["updatedById"]
    assert isinstance(connector.campaign(EMAIL).authors, Gap)
    workflows = connector.writer.bound("presend:TAG002")
    assert isinstance(workflows, Gap)
    assert "workflows" in workflows.reason
