"""Writing to Mailchimp under every behaviour its documentation leaves open: never a false `done`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.errors import Gone
from presend.model import Able, DeedState, Reversible, Verb
from presend_connectors.mailchimp.adapter import MailchimpConnector
from presend_sandbox import Sandbox
from tests.support.mailchimp import FRIENDS, START, account, campaigns_of, fault, stored, writes

# -- hold and release


@pytest.mark.parametrize("unscheduled", ["save", "paused"])
@pytest.mark.parametrize("name", ["plain", "part", "warp"])
def test_a_hold_is_done_when_it_is_seen_and_is_put_back_exactly(tmp_path: Path, unscheduled: str, name: str) -> None:
    with account(tmp_path, {"mailchimp.unscheduled_status": unscheduled}) as (box, one):
        campaign = one.campaign(name)
        before = (stored(box, name).send_time, stored(box, name).timewarp)
        assert one.writer.ability(Verb.HOLD, campaign).reversible is Reversible.EXACT
        saved = one.writer.saved(campaign)
        receipt = one.writer.hold(campaign)
        assert (receipt.state, stored(box, name).status) == (DeedState.DONE, unscheduled)
        assert receipt.undo == saved
        held = one.campaign(name)
        assert one.writer.ability(Verb.RELEASE, held).able is Able.YES
        assert one.writer.ability(Verb.HOLD, held).able is Able.NO
        assert one.writer.release(name, saved).state is DeedState.DONE
        assert (stored(box, name).status, stored(box, name).send_time, stored(box, name).timewarp) == (
            "schedule",
            *before,
        )
        assert one.campaign(name).revision == campaign.revision


@pytest.mark.parametrize("answer", ["400", "403"])
def test_too_late_is_failed_and_not_done(tmp_path: Path, answer: str) -> None:
    with account(tmp_path, {"mailchimp.unschedule_too_late": answer}) as (box, one):
        campaign = one.campaign("plain")
        box.clock.advance(timedelta(hours=5, minutes=10))
        late = one.writer.ability(Verb.HOLD, campaign)
        assert (late.able, late.reversible) == (Able.UNKNOWN, Reversible.NO)
        receipt = one.writer.hold(campaign)
        assert receipt.state is DeedState.FAILED
        assert "too late" in receipt.detail
        assert stored(box, "plain").status == "sending"


def test_a_refused_hold_is_failed(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("status", "unschedule$", status=404)) as (box, one):
        receipt = one.writer.hold(one.campaign("plain"))
        assert receipt.state is DeedState.FAILED
        assert "will go out" in receipt.detail
        assert stored(box, "plain").status == "schedule"


def test_a_lost_answer_to_a_hold_that_was_done_is_done(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("cut", "unschedule$")) as (box, one):
        assert one.writer.hold(one.campaign("plain")).state is DeedState.DONE
        assert stored(box, "plain").status == "save"
        assert len(writes(box)) == 1


@pytest.mark.parametrize("kind", ["reset", "status", "empty", "html", "wrong_json"])
def test_a_hold_that_cannot_be_confirmed_is_unknown_and_is_not_repeated(tmp_path: Path, kind: str) -> None:
    with account(tmp_path, more=fault(kind, "unschedule$")) as (box, one):
        receipt = one.writer.hold(one.campaign("plain"))
        assert receipt.state is DeedState.UNKNOWN
        assert receipt.undo
        assert writes(box) == ["POST /campaigns/plain/actions/unschedule"]


@pytest.mark.parametrize("kind", ["truncate", "html", "bare403", "empty", "reset"])
def test_a_hold_that_cannot_be_looked_at_is_unknown(tmp_path: Path, kind: str) -> None:
    with account(tmp_path, more=fault(kind, "/campaigns/plain$", "GET", after=1)) as (_box, one):
        assert one.writer.hold(one.campaign("plain")).state is DeedState.UNKNOWN


def test_a_bare_403_to_a_hold_is_an_overload_and_is_tried_again(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("bare403", "unschedule$", count=1)) as (box, one):
        assert one.writer.hold(one.campaign("plain")).state is DeedState.DONE
        assert len(writes(box)) == 2


def test_a_stranger_who_took_it_back_first_leaves_it_held(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        campaign = one.campaign("plain")
        stored(box, "plain").status = "save"
        assert one.writer.hold(campaign).state is DeedState.DONE


def hold(one: MailchimpConnector, name: str) -> dict[str, Any]:
    campaign = one.campaign(name)
    assert one.writer.hold(campaign).state is DeedState.DONE
    return dict(one.writer.saved(campaign))


@pytest.mark.parametrize("name", ["plain", "warp"])
def test_a_time_that_has_passed_asks_for_another(tmp_path: Path, name: str) -> None:
    with account(tmp_path) as (box, one):
        saved = hold(one, name)
        # Timewarp would begin 13 hours before the stated time, which is still ahead then.
        box.clock.advance(timedelta(hours=6 if name == "plain" else 28))
        receipt = one.writer.release(name, saved)
        assert receipt.state is DeedState.FAILED
        assert "--at" in receipt.detail
        assert stored(box, name).status == "save"
        later = box.now + timedelta(days=3)
        assert one.writer.release(name, saved, later).state is DeedState.DONE


def test_a_time_between_quarters_becomes_the_next_one_and_says_so(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        saved = hold(one, "plain")
        receipt = one.writer.release("plain", saved, START + timedelta(hours=9, minutes=1))
        assert receipt.state is DeedState.DONE
        assert "next quarter" in receipt.detail
        assert stored(box, "plain").send_time == datetime(2026, 11, 22, 18, 15, tzinfo=START.tzinfo)


def test_a_release_finds_out_what_happened_meanwhile(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        saved = hold(one, "plain")
        stored(box, "plain").status = "schedule"
        assert one.writer.release("plain", saved).state is DeedState.LEFT_ALONE
        del box.state["mailchimp"].campaigns["plain"]
        with pytest.raises(Gone):
            one.writer.release("plain", saved)


def test_a_release_that_mailchimp_refuses_says_what_its_checklist_says(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        saved = hold(one, "plain")
        stored(box, "plain").variants[0].subject = ""
        receipt = one.writer.release("plain", saved)
        assert receipt.state is DeedState.FAILED
        assert "Subject" in receipt.detail


def test_a_release_without_a_known_time_asks_for_one(tmp_path: Path) -> None:
    with account(tmp_path) as (_box, one):
        hold(one, "plain")
        receipt = one.writer.release("plain", {})
        assert receipt.state is DeedState.FAILED
        assert "--at" in receipt.detail


@pytest.mark.parametrize(
    ("kind", "state"), [("cut", DeedState.DONE), ("reset", DeedState.UNKNOWN), ("html", DeedState.UNKNOWN)]
)
def test_a_release_is_done_only_when_status_and_time_are_seen(tmp_path: Path, kind: str, state: DeedState) -> None:
    with account(tmp_path, more=fault(kind, "actions/schedule$")) as (box, one):
        saved = hold(one, "plain")
        assert one.writer.release("plain", saved).state is state
        assert (stored(box, "plain").status == "schedule") is (state is DeedState.DONE)


def test_another_time_than_asked_for_is_not_done(tmp_path: Path) -> None:
    body = (
        '{ id = "plain", type = "regular", status = "schedule", send_time = "2026-11-30T10:00:00+00:00", '
        f'recipients = {{ list_id = "{FRIENDS}" }} }}'
    )
    more = f'[[faults]]\nkind = "wrong_json"\npath = "/campaigns/plain$"\nafter = 3\nbody = {body}\n'
    with account(tmp_path, more=more) as (_box, one):
        saved = hold(one, "plain")
        assert one.writer.release("plain", saved).state is DeedState.UNKNOWN


@pytest.mark.parametrize("batches", ["lost", "survives"])
@pytest.mark.parametrize("snapshot", ["retaken", "kept"])
def test_what_a_hold_may_cost_is_said_before(tmp_path: Path, batches: str, snapshot: str) -> None:
    switches = {"mailchimp.batch_delivery": batches, "mailchimp.snapshot_on_reschedule": snapshot}
    with account(tmp_path, switches) as (_box, one):
        detail = one.writer.ability(Verb.HOLD, one.campaign("part")).detail
        assert "batch delivery" in detail
        assert "recipients anew" in detail
        assert one.writer.release("part", hold(one, "part")).state is DeedState.DONE


def test_an_rss_campaign_is_paused_and_resumed(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        feed = one.campaign("feed")
        saved = one.writer.saved(feed)
        assert one.writer.hold(feed).state is DeedState.DONE
        assert stored(box, "feed").status == "paused"
        assert one.writer.release("feed", saved).state is DeedState.DONE
        assert stored(box, "feed").status == "sending"
        assert writes(box) == ["POST /campaigns/feed/actions/pause", "POST /campaigns/feed/actions/resume"]


def test_an_rss_campaign_that_does_not_stop_is_not_done(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("empty", "actions/pause$")) as (_box, one):
        assert one.writer.hold(one.campaign("feed")).state is DeedState.UNKNOWN


@pytest.mark.parametrize(
    ("plan", "role", "able"),
    [("forever_free", "owner", Able.NO), ("monthly", "author", Able.NO), ("monthly", "", Able.UNKNOWN)],
)
def test_plan_and_role_are_known_before(tmp_path: Path, plan: str, role: str, able: Able) -> None:
    with account(tmp_path, plan=plan, role=role) as (_box, one):
        plain = one.campaign("plain")
        ability = one.writer.ability(Verb.HOLD, plain)
        assert ability.able is able
        assert ability.detail
        assert one.writer.ability(Verb.HOLD, one.campaign("draft")).able is Able.NO


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_has_an_answer(tmp_path: Path, verb: Verb) -> None:
    with account(tmp_path) as (_box, one):
        plain = one.campaign("plain")
        asked = len(_box.requests)
        assert one.writer.ability(verb, plain).able in Able
        assert len(_box.requests) == asked  # it asks the platform for nothing new


# -- words


def test_a_comment_is_made_once_and_changed_afterwards(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        plain = one.campaign("plain")
        stored(box, "plain").feedback.append(
            {"feedback_id": 1, "message": "presend looks nice", "source": "web", "parent_id": 0}
        )
        first = one.writer.comment(plain, "presend: 2 findings before sending\n- high TAG002 <a & b>")
        assert first.state is DeedState.DONE
        assert (
            one.writer.comment(plain, "presend: 2 findings before sending\n- high TAG002 <a & b>").state
            is DeedState.DONE
        )
        second = one.writer.comment(plain, "nothing left")
        assert second.state is DeedState.DONE
        assert second.undo["previous"].startswith("presend: 2 findings")
        assert [note["message"] for note in stored(box, "plain").feedback] == [
            "presend looks nice",
            "presend: nothing left",
        ]
        assert len(writes(box)) == 2


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("empty", DeedState.UNKNOWN),
        ("reset", DeedState.UNKNOWN),
        ("cut", DeedState.DONE),
        ("bare403", DeedState.FAILED),
    ],
)
def test_a_comment_is_done_when_it_is_seen(tmp_path: Path, kind: str, state: DeedState) -> None:
    with account(tmp_path, more=fault(kind, "feedback$")) as (_box, one):
        assert one.writer.comment(one.campaign("plain"), "presend: look").state is state


def note(box: Sandbox) -> tuple[str, bool]:
    (said,) = [(each["message"], each["is_complete"]) for each in stored(box, "plain").feedback]
    return said


def test_a_comment_is_completed_when_nothing_is_left_and_opened_when_it_comes_again(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        plain = one.campaign("plain")
        assert one.writer.resolve(plain, "nothing is left").state is DeedState.DONE
        assert not writes(box)  # presend said nothing there
        one.writer.comment(plain, "3 people read a blank name")
        assert one.writer.resolve(plain, "nothing is left").state is DeedState.DONE
        assert note(box) == ("presend: nothing is left", True)
        asked = len(writes(box))
        assert one.writer.resolve(plain, "nothing is left").state is DeedState.DONE
        assert len(writes(box)) == asked
        assert one.writer.comment(plain, "nothing is left").state is DeedState.DONE
        assert note(box) == ("presend: nothing is left", False)


@pytest.mark.parametrize("kind", ["empty", "html", "wrong_json", "reset", "status", "cut", "truncate"])
def test_a_comment_is_completed_when_it_is_seen(tmp_path: Path, kind: str) -> None:
    with account(tmp_path, more=fault(kind, "/feedback/", "PATCH")) as (box, one):
        plain = one.campaign("plain")
        one.writer.comment(plain, "3 people read a blank name")
        receipt = one.writer.resolve(plain, "nothing is left")
        done = receipt.state is DeedState.DONE
        assert done is note(box)[1] is (kind in ("cut", "truncate"))
        assert done or receipt.state is DeedState.UNKNOWN


def test_campaigns_cannot_be_tagged(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        receipt = one.writer.mark(one.campaign("plain"), "presend")
        assert receipt.state is DeedState.CANNOT
        assert receipt.detail
        assert not writes(box)


def test_nothing_that_presend_does_sends_or_cancels(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        for campaign in campaigns_of(one).values():
            saved = one.writer.saved(campaign)
            one.writer.hold(campaign)
            one.writer.release(campaign.ref.id, saved)
        assert not [each for each in writes(box) if "cancel" in each or each.endswith("/send") or "DELETE" in each]
