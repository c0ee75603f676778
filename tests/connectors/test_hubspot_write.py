"""Holding, releasing, marking and noting in the imitated HubSpot, under every switch: never a false "done"."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.model import Able, DeedState, Reversible, Verb
from presend_connectors.hubspot.account import HubspotConnector
from presend_sandbox import Sandbox
from tests.support.hubspot_account import START, connect, small_world, writes

EMAIL = "1"
TEST = "2"
VARIANT = "3"
LOCAL = "4"
UNFINISHED = "5"
LABEL = "presend:TAG002"
GUID = "guid-1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Starts small worlds of a test's own, with switches."""
    running: list[Sandbox] = []
    name = small_world(tmp_path)

    def start(**switches: str) -> Sandbox:
        chosen = {f"hubspot.{key}": value for key, value in switches.items()}
        running.append(Sandbox(name, start=START, switches=chosen, only=["hubspot"]).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()


def goes_out(box: Sandbox, campaign_id: str) -> bool:
    """Whether the sandbox would send it as things stand, or has begun to."""
    platform = box.platforms["hubspot"]
    return bool(platform.send(campaign_id)) or platform.state.emails[campaign_id].sent_to is not None


def held(box: Sandbox, campaign_id: str = EMAIL) -> tuple[HubspotConnector, Any]:
    """A connector that has held a campaign, and what undoing takes."""
    account = connect(box)
    campaign = account.campaign(campaign_id)
    receipt = account.writer.hold(campaign)
    assert receipt.state is DeedState.DONE, receipt.detail
    return account, receipt.undo


# -- holding


@pytest.mark.parametrize("campaign_id", [EMAIL, TEST])
@pytest.mark.parametrize("date", ["kept", "cleared"])
@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "ERROR"])
def test_a_hold_is_done_only_when_nothing_goes_out(
    world: Callable[..., Sandbox], state: str, date: str, campaign_id: str
) -> None:
    box = world(state_after_unpublish=state, publish_date_after_unpublish=date, ab_variant_state="SCHEDULED_AB")
    account = connect(box)
    campaign = account.campaign(campaign_id)
    assert goes_out(box, campaign_id)

    receipt = account.writer.hold(campaign)

    assert receipt.state is DeedState.DONE
    assert not goes_out(box, campaign_id)
    assert receipt.undo == account.writer.saved(campaign)
    assert receipt.undo["publishDate"]
    assert writes(box) == [f"POST /marketing/v3/emails/{campaign_id}/unpublish"]


@pytest.mark.parametrize("answer", ["400", "404", "409", "204"])
def test_a_hold_that_comes_too_late_is_a_failure_whatever_hubspot_answers(
    world: Callable[..., Sandbox], answer: str
) -> None:
    box = world(too_late=answer)
    account = connect(box)
    campaign = account.campaign(EMAIL)
    box.clock.advance(timedelta(hours=6, minutes=1))

    receipt = account.writer.hold(campaign)

    assert receipt.state is DeedState.FAILED
    assert "too late" in receipt.detail
    assert goes_out(box, EMAIL)


def test_an_email_sent_meanwhile_is_no_hold_even_if_its_state_could_mean_both(world: Callable[..., Sandbox]) -> None:
    box = world(too_late="204", state_after_unpublish="PUBLISHED")
    account = connect(box)
    campaign = account.campaign(EMAIL)
    box.clock.advance(timedelta(hours=7))

    receipt = account.writer.hold(campaign)

    assert receipt.state is DeedState.FAILED
    assert "PUBLISHED" in receipt.detail


def test_without_enterprise_a_hold_is_refused_with_a_sentence(world: Callable[..., Sandbox]) -> None:
    box = world()
    box.state["hubspot"].settings.enterprise = False
    campaign = connect(box).campaign(EMAIL)

    unsure = connect(box, hubspot_enterprise=None)
    receipt = unsure.writer.hold(campaign)
    assert receipt.state is DeedState.FAILED
    assert "it will go out" in receipt.detail
    assert "Enterprise" in receipt.detail
    assert goes_out(box, EMAIL)
    ability = unsure.writer.ability(Verb.HOLD, campaign)
    assert (ability.able, ability.reversible) == (Able.UNKNOWN, Reversible.APPROXIMATE)
    assert "may be refused" in ability.detail
    surely_not = connect(box, hubspot_enterprise=False).writer
    assert surely_not.ability(Verb.HOLD, campaign).able is Able.NO
    assert surely_not.ability(Verb.RELEASE, campaign).able is Able.NO


def test_a_variant_that_would_still_go_is_no_hold(world: Callable[..., Sandbox]) -> None:
    box = world()
    account = connect(box)
    campaign = account.campaign(TEST)
    emails = box.state["hubspot"].emails
    emails[TEST].variant_id = None  # B no longer goes along
    emails[VARIANT].doc["state"] = "SCHEDULED_AB"

    receipt = account.writer.hold(campaign)

    assert receipt.state is DeedState.UNKNOWN
    assert "SCHEDULED_AB" in receipt.detail


def test_what_is_a_draft_already_is_left_alone(world: Callable[..., Sandbox]) -> None:
    box = world()
    account = connect(box)
    campaign = account.campaign(UNFINISHED)

    assert account.writer.hold(campaign).state is DeedState.LEFT_ALONE
    assert account.writer.ability(Verb.HOLD, campaign).able is Able.NO
    assert writes(box) == []


def test_what_a_hold_is_said_to_be_beforehand(world: Callable[..., Sandbox]) -> None:
    box = world()
    writer = connect(box).writer
    campaign = connect(box).campaign(EMAIL)

    assert writer.ability(Verb.HOLD, campaign).able is Able.YES
    assert writer.ability(Verb.HOLD, campaign).reversible is Reversible.APPROXIMATE
    assert writer.ability(Verb.RELEASE, campaign).able is Able.NO  # it is not held
    box.clock.advance(timedelta(hours=6, minutes=5))
    assert "refused" in writer.ability(Verb.HOLD, campaign).detail


# -- putting it back


@pytest.mark.parametrize(
    ("state", "date", "publish", "patch"),
    list(
        itertools.product(
            ("DRAFT", "PUBLISHED"), ("kept", "cleared"), ("accepted", "refused"), ("refuse_all", "accept")
        )
    ),
)
def test_a_release_is_done_only_when_it_is_scheduled_as_before(
    world: Callable[..., Sandbox], state: str, date: str, publish: str, patch: str
) -> None:
    box = world(
        state_after_unpublish=state,
        publish_date_after_unpublish=date,
        publish_after_unpublish=publish,
        patch_scheduled=patch,
    )
    account, undo = held(box)

    receipt = account.writer.release(EMAIL, undo)

    document = box.state["hubspot"].emails[EMAIL].doc
    if publish == "accepted":
        assert receipt.state is DeedState.DONE, receipt.detail
        assert goes_out(box, EMAIL)
        assert (document["publishDate"], document["sendOnPublish"]) == (undo["publishDate"], False)
    else:
        assert receipt.state is DeedState.FAILED
        assert "clone it" in receipt.detail
        assert not goes_out(box, EMAIL)


def test_a_test_goes_back_with_both_variants(world: Callable[..., Sandbox]) -> None:
    box = world()
    account, undo = held(box, TEST)

    assert account.writer.release(TEST, undo).state is DeedState.DONE
    assert goes_out(box, TEST)


def test_a_time_that_has_passed_asks_for_another(world: Callable[..., Sandbox]) -> None:
    box = world()
    account, undo = held(box)
    box.clock.advance(timedelta(hours=6))

    late = account.writer.release(EMAIL, undo)
    assert late.state is DeedState.FAILED
    assert "--at" in late.detail
    assert not goes_out(box, EMAIL)
    again = account.writer.release(EMAIL, undo, at=box.now + timedelta(days=1))
    assert again.state is DeedState.DONE
    assert account.writer.release(EMAIL, undo).state is DeedState.LEFT_ALONE


def test_a_local_time_send_goes_back_only_before_the_first_zone(world: Callable[..., Sandbox]) -> None:
    box = world()
    account, undo = held(box, LOCAL)
    box.clock.advance(timedelta(hours=22))  # the first zone begins 19 hours before its time

    receipt = account.writer.release(LOCAL, undo)
    assert receipt.state is DeedState.FAILED
    assert "first zone" in receipt.detail


def test_nothing_is_published_while_it_would_send_at_once(world: Callable[..., Sandbox]) -> None:
    box = world()
    account, undo = held(box)
    document = box.state["hubspot"].emails[EMAIL].doc

    class Stubborn(dict[str, Any]):
        def __ior__(self, changes: Any) -> Any:
            self.update({**changes, "sendOnPublish": True})
            return self

    box.state["hubspot"].emails[EMAIL].doc = Stubborn(document)
    receipt = account.writer.release(EMAIL, undo)

    assert receipt.state is DeedState.FAILED
    assert "still held" in receipt.detail
    assert not any(path.endswith("/publish") for path in writes(box))


def test_a_release_without_a_known_time_asks_for_one(world: Callable[..., Sandbox]) -> None:
    account, _undo = held(world())

    assert "--at" in account.writer.release(EMAIL, {}).detail


# -- people and words


def test_people_are_put_into_a_static_list_and_taken_out(world: Callable[..., Sandbox]) -> None:
    box = world(ids="number")
    account = connect(box)
    campaign = account.campaign(EMAIL)
    lists = box.state["hubspot"].lists

    first = account.writer.tag(campaign, LABEL, ["510001", "510002", "510002"])
    more = account.writer.tag(campaign, LABEL, ["510003"])
    assert (first.state, more.state) == (DeedState.DONE, DeedState.DONE)
    (made,) = (one for one in lists.values() if one.name == LABEL)
    assert (made.processing, set(made.members)) == ("MANUAL", {"510001", "510002", "510003"})
    assert account.writer.untag(campaign, LABEL, ["510001"]).state is DeedState.DONE
    assert set(made.members) == {"510002", "510003"}
    assert account.campaign(EMAIL).revision == campaign.revision


def test_people_who_are_gone_are_not_said_to_be_tagged(world: Callable[..., Sandbox]) -> None:
    account = connect(world())
    campaign = account.campaign(EMAIL)

    receipt = account.writer.tag(campaign, LABEL, ["510001", "999999999"])
    assert receipt.state is DeedState.FAILED
    assert "1 of 2 people" in receipt.detail
    assert "1 do not exist" in receipt.detail
    assert account.writer.untag(campaign, "presend:NONE", ["510001"]).state is DeedState.DONE
    assert account.writer.tag(campaign, LABEL, []).state is DeedState.DONE


def test_a_list_that_hubspot_fills_itself_is_not_taken_for_ours(world: Callable[..., Sandbox]) -> None:
    box = world()
    box.state["hubspot"].lists["113"].name = LABEL

    receipt = connect(box).writer.tag(connect(box).campaign(EMAIL), LABEL, ["510001"])
    assert receipt.state is DeedState.FAILED
    assert "filters" in receipt.detail


def test_without_the_scope_nobody_is_tagged(world: Callable[..., Sandbox]) -> None:
    box = world()
    settings = box.state["hubspot"].settings
    settings.scopes = settings.scopes - {"crm.lists.write", "marketing.campaigns.write"}
    account = connect(box)
    campaign = account.campaign(EMAIL)

    tagged = account.writer.tag(campaign, LABEL, ["510001"])
    assert tagged.state is DeedState.FAILED
    assert "crm.lists.write" in tagged.detail
    noted = account.writer.comment(campaign, "presend: 2 findings")
    assert noted.state is DeedState.CANNOT
    assert "marketing.campaigns.write" in noted.detail


def test_a_comment_goes_into_the_notes_of_the_hubspot_campaign(world: Callable[..., Sandbox]) -> None:
    box = world()
    account = connect(box)
    campaign = account.campaign(EMAIL)
    notes = box.state["hubspot"].campaigns[GUID]["properties"]

    first = account.writer.comment(campaign, "presend: 2 findings")
    second = account.writer.comment(campaign, "presend: 1 finding")
    same = account.writer.comment(campaign, "presend: 1 finding")
    assert [one.state for one in (first, second, same)] == [DeedState.DONE] * 3
    assert notes["hs_notes"].startswith("Owner: Robin.")
    assert "1 finding" in notes["hs_notes"]
    assert "2 findings" not in notes["hs_notes"]
    assert len(writes(box)) == 2  # what is said already is not said again
    assert account.campaign(EMAIL).revision == campaign.revision


def test_an_email_without_a_hubspot_campaign_cannot_be_commented_or_marked(world: Callable[..., Sandbox]) -> None:
    box = world()
    account = connect(box)
    campaign = account.campaign(LOCAL)

    assert account.writer.ability(Verb.COMMENT, campaign).able is Able.NO
    assert account.writer.comment(campaign, "x").state is DeedState.CANNOT
    assert account.writer.mark(campaign, "presend").state is DeedState.CANNOT
    assert writes(box) == []
