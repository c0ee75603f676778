"""Leaving people out of a Mailchimp campaign: it goes to everyone but them at its own time, or it ends held."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.model import Able, DeedState, Reversible, Verb
from presend_connectors.mailchimp.narrowing import meaning, read
from presend_sandbox import Sandbox
from presend_sandbox.mailchimp import campaigns
from tests.support.mailchimp import (
    ADA,
    BLANK,
    FRIENDS,
    LOCAL,
    MAIL,
    account,
    carried,
    fault,
    goes_to,
    held,
    label,
    mailed,
    of_box,
    sane,
    stored,
    writes,
)

OTHER = {
    "mailchimp.snapshot_on_reschedule": "kept",
    "mailchimp.patch_recipients": "merged",
    "mailchimp.patch_settings": "whole",
    "mailchimp.unscheduled_status": "paused",
}
AUDIENCES: dict[str, Any] = {
    "the whole list": None,
    "one condition of any": {"match": "any", "conditions": [BLANK]},
    "two conditions of all": {"match": "all", "conditions": [BLANK, MAIL]},
    "a condition on a tag": {"match": "all", "conditions": [LOCAL]},
    "a tag": {"saved_segment_id": 11},
    "a saved segment": {"saved_segment_id": 12},
    "two conditions of any": {"match": "any", "conditions": [BLANK, ADA]},
}
BY_NAME = ("a tag", "a saved segment", "two conditions of any")


def aimed(box: Sandbox, audience: str, name: str = "plain") -> None:
    """Aim a campaign in the sandbox, at people who are not all alike."""
    people = box.state["mailchimp"].lists[FRIENDS].members
    for place, one in enumerate(people.values()):
        one.values |= {"PET": "" if place % 3 else "a cat", "FNAME": "Ada" if place % 2 else "Bea"}
    each = stored(box, name)
    each.segment, each.frozen = AUDIENCES[audience], None
    fixed = each.segment and box.state["mailchimp"].tier == "standard"
    each.frozen = frozenset(box.platforms["mailchimp"].send(name)) if fixed else None


# -- the whole deed


@pytest.mark.parametrize(
    ("switches", "tier"), [({}, "essentials"), (OTHER, "standard")], ids=["fixed when sent", "fixed when scheduled"]
)
@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_everyone_but_them_gets_it_at_its_own_time(
    tmp_path: Path, switches: dict[str, str], tier: str, audience: str
) -> None:
    with account(tmp_path, switches, count=18) as (box, one):
        box.state["mailchimp"].tier = tier
        aimed(box, audience)
        before = one.campaign("plain")
        time, everyone = stored(box, "plain").send_time, mailed(one, before)
        assert everyone == goes_to(box, "plain")
        out = set(sorted(everyone)[:3])
        ability = one.writer.ability(Verb.EXCLUDE, before)
        exact = audience not in BY_NAME
        assert (ability.able, ability.reversible is Reversible.EXACT) == (Able.YES, exact), ability.detail

        first, saved = held(one)
        receipt = sane(one.writer.narrow(first, label("plain"), sorted(out)))
        assert ("joins its audience later" in receipt.detail) is not exact
        assert carried(box, label("plain")) == out
        now = one.campaign("plain")
        assert (now.left_out, now.revision) == (label("plain"), first.revision)
        assert now.audience.key != first.audience.key
        assert now.audience.conditions == first.audience.conditions
        assert mailed(one, now) == everyone - out
        assert mailed(one, now, everybody=True) == everyone
        sane(one.writer.release("plain", saved))
        assert one.campaign("plain").revision == before.revision
        assert (stored(box, "plain").status, stored(box, "plain").send_time) == ("schedule", time)
        assert goes_to(box, "plain") == everyone - out

        # One of them is mended: only the tag's people change, and the mail still goes to the right ones.
        fewer = set(sorted(out)[:1])
        second, saved = held(one)
        again = sane(one.writer.narrow(second, label("plain"), sorted(fewer)))
        assert meaning(read(again.undo["segment_opts"])) == meaning(read(receipt.undo["segment_opts"]))
        assert mailed(one, one.campaign("plain")) == everyone - fewer
        sane(one.writer.release("plain", saved))
        assert goes_to(box, "plain") == everyone - fewer
        box.clock.advance(time - box.now)
        assert goes_to(box, "plain") == everyone - fewer
        assert (stored(box, "plain").status, stored(box, "plain").emails_sent) == ("sending", len(everyone - fewer))


@pytest.mark.parametrize(("switches", "told"), [({}, False), (OTHER, True)], ids=["from what is there", "as stored"])
@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_they_come_in_again(tmp_path: Path, switches: dict[str, str], audience: str, told: bool) -> None:
    with account(tmp_path, switches, count=12) as (box, one):
        aimed(box, audience)
        before, segment = one.campaign("plain"), stored(box, "plain").segment
        everyone = mailed(one, before)
        first, saved = held(one)
        receipt = sane(one.writer.narrow(first, label("plain"), sorted(everyone)[:2]))
        sane(one.writer.release("plain", saved))
        box.clock.advance(timedelta(hours=1))
        next_run = of_box(box)
        _second, saved = held(next_run)
        sane(next_run.writer.widen("plain", receipt.undo if told else {}))
        sane(next_run.writer.release("plain", saved))
        assert meaning(read(stored(box, "plain").segment)) == meaning(read(segment))
        assert goes_to(box, "plain") == everyone
        after = next_run.campaign("plain")
        assert (after.left_out, after.revision) == ("", before.revision)
        assert not [tag for tag in (label("plain"), "presend:stay:plain:11") if carried(box, tag)]
        asked = len(writes(box))
        assert next_run.writer.hold(after).state is DeedState.DONE
        sane(next_run.writer.widen("plain", receipt.undo))
        assert len(writes(box)) == asked + 1  # nobody is left out: nothing to do
        next_run.close()


def test_recipients_that_may_be_those_of_before_are_never_done(tmp_path: Path) -> None:
    refused = fault("status", "/campaigns/plain$", "PATCH", status=400, after=1, count=1)
    with account(tmp_path, {"mailchimp.snapshot_on_reschedule": "kept"}, more=refused) as (box, one):
        first, saved = held(one)
        everyone = mailed(one, first)
        out = sorted(everyone)[:2]
        sane(one.writer.narrow(first, label("plain"), out))
        sane(one.writer.release("plain", saved))
        second, _saved = held(one)
        receipt = one.writer.narrow(second, label("plain"), out[:1])
        assert receipt.state is DeedState.FAILED
        assert "those of before" in receipt.detail
        assert stored(box, "plain").frozen == everyone - set(out)


def test_settings_that_are_lost_with_the_change_are_never_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = campaigns._apply_settings

    def forgetful(each: Any, settings: dict[str, Any]) -> None:
        usual(each, settings)
        each.to_name = ""

    with account(tmp_path) as (box, one):
        stored(box, "plain").to_name = "*|FNAME|*"
        first, _saved = held(one)
        monkeypatch.setattr(campaigns, "_apply_settings", forgetful)
        receipt = one.writer.narrow(first, label("plain"), sorted(mailed(one, first))[:2])
        assert receipt.state is DeedState.UNKNOWN
        assert "other settings" in receipt.detail


def test_nothing_but_the_audience_is_changed(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        stored(box, "plain").title, stored(box, "plain").to_name = "Its title", "*|FNAME|*"
        stored(box, "plain").variants[0].preview_text = "Preview"
        first, _saved = held(one)
        sane(one.writer.narrow(first, label("plain"), sorted(mailed(one, first))[:2]))
        now = one.campaign("plain")
        assert (now.messages, now.ref, now.revision) == (first.messages, first.ref, first.revision)


# -- near twins


def test_nobody_to_leave_out_writes_nothing(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        first, _saved = held(one)
        sane(one.writer.narrow(first, label("plain"), []))
        assert writes(box) == ["POST /campaigns/plain/actions/unschedule"]


def test_a_campaign_that_is_not_held_is_not_touched(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        plain = one.campaign("plain")
        ids = sorted(mailed(one, plain))[:2]
        receipts = [one.writer.narrow(plain, label("plain"), ids), one.writer.widen("plain", {})]
        assert [each.state for each in receipts] == [DeedState.FAILED] * 2
        assert "not held" in receipts[0].detail
        assert not writes(box)


def test_an_audience_that_a_stranger_changed_is_left_alone(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        first, _saved = held(one)
        ids = sorted(mailed(one, first))[:2]
        stored(box, "plain").segment = {"saved_segment_id": 11}
        assert one.writer.narrow(first, label("plain"), ids).state is DeedState.LEFT_ALONE
        receipt = sane(one.writer.narrow(one.campaign("plain"), label("plain"), ids))
        stored(box, "plain").segment = {"saved_segment_id": 12}
        assert one.writer.widen("plain", receipt.undo).state is DeedState.LEFT_ALONE
        assert stored(box, "plain").segment == {"saved_segment_id": 12}


def test_a_condition_that_a_stranger_adds_beside_presends_own_is_seen_and_kept(tmp_path: Path) -> None:
    with account(tmp_path, count=9) as (box, one):
        first, _saved = held(one)
        everyone = mailed(one, first)
        out = sorted(everyone)[:2]
        receipt = sane(one.writer.narrow(first, label("plain"), out))
        stored(box, "plain").segment["conditions"].append(MAIL)
        changed = one.campaign("plain")
        assert (changed.left_out, changed.revision == first.revision) == (label("plain"), False)
        assert one.writer.widen("plain", receipt.undo).state is DeedState.LEFT_ALONE
        sane(one.writer.narrow(changed, label("plain"), out[:1]))
        assert [each["field"] for each in stored(box, "plain").segment["conditions"]] == ["EMAIL", "static_segment"]
        sane(one.writer.widen("plain", {}))
        assert stored(box, "plain").segment["conditions"] == [MAIL]


def test_a_tag_of_the_teams_own_that_is_left_out_is_no_mark_of_presends(tmp_path: Path) -> None:
    with account(tmp_path, count=9) as (box, one):
        stored(box, "plain").segment = {"match": "all", "conditions": [LOCAL | {"op": "static_not"}, MAIL]}
        plain = one.campaign("plain")
        assert plain.left_out == ""
        assert mailed(one, plain, everybody=True) == mailed(one, plain) == goes_to(box, "plain")


def test_a_copy_of_a_narrowed_campaign_does_not_empty_the_tag_of_the_first(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        first, _saved = held(one)
        out = set(sorted(mailed(one, first))[:2])
        sane(one.writer.narrow(first, label("plain"), sorted(out)))
        stored(box, "draft").segment = dict(stored(box, "plain").segment)
        assert one.campaign("draft").left_out == label("plain")
        sane(one.writer.widen("draft", {}))
        assert stored(box, "draft").segment is None
        assert carried(box, label("plain")) == out


def test_who_left_the_list_meanwhile_keeps_it_held(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        first, _saved = held(one)
        ids = sorted(mailed(one, first))
        del box.state["mailchimp"].lists[FRIENDS].members[ids[0]]
        receipt = one.writer.narrow(first, label("plain"), ids[:2])
        assert (receipt.state, stored(box, "plain").segment) == (DeedState.FAILED, None)


def test_when_nobody_would_stay_it_cannot(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        first, _saved = held(one, "part")
        receipt = one.writer.narrow(first, label("part"), sorted(mailed(one, first)))
        assert receipt.state is DeedState.CANNOT
        assert stored(box, "part").segment == {"saved_segment_id": 11}


# -- what goes wrong on the wire

STEPS = {
    "make the tag": ("POST", "/segments$"),
    "fill the tag": ("POST", r"/segments/\\d+$"),
    "change the campaign": ("PATCH", "/campaigns/plain$"),
    "look at the tag": ("GET", r"/segments/\\d+/members$"),
    "find the tag": ("GET", "/tag-search$"),
}
KINDS = ("reset", "status", "html", "truncate", "empty", "cut")
CASES = [(step, kind) for step, (method, _path) in STEPS.items() for kind in KINDS[: 6 if method != "GET" else 3]]


@pytest.mark.parametrize(("step", "kind"), CASES)
def test_no_fault_makes_it_done_before_it_is(tmp_path: Path, step: str, kind: str) -> None:
    method, path = STEPS[step]
    with account(tmp_path, more=fault(kind, path, method)) as (box, one):
        first, _saved = held(one)
        everyone = mailed(one, first)
        out = set(sorted(everyone)[:2])
        receipt = one.writer.narrow(first, label("plain"), sorted(out))
        assert stored(box, "plain").status == "save"
        narrowed = goes_to(box, "plain") == everyone - out
        if receipt.state is DeedState.DONE:
            assert narrowed
        else:
            assert receipt.state in (DeedState.FAILED, DeedState.UNKNOWN)
            assert receipt.undo["segment_opts"] is None
        if kind == "cut" and method != "GET":
            assert receipt.state is DeedState.DONE  # it was done, and was seen to be


@pytest.mark.parametrize(
    ("step", "status"), [("make the tag", 403), ("change the campaign", 403), ("fill the tag", 400)]
)
def test_a_refusal_is_failed_and_leaves_the_audience_as_it_was(tmp_path: Path, step: str, status: int) -> None:
    method, path = STEPS[step]
    with account(tmp_path, more=fault("status", path, method, status=status)) as (box, one):
        first, _saved = held(one)
        receipt = one.writer.narrow(first, label("plain"), sorted(mailed(one, first))[:2])
        assert (receipt.state, stored(box, "plain").segment) == (DeedState.FAILED, None)
        assert str(status) in receipt.detail


def test_a_campaign_that_cannot_be_looked_at_is_unknown(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("html", "/campaigns/plain$", "GET", after=4)) as (_box, one):
        first, _saved = held(one)
        ids = sorted(mailed(one, first))[:2]
        assert one.writer.narrow(first, label("plain"), ids).state is DeedState.UNKNOWN


@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_makes_widening_done_before_it_is(tmp_path: Path, kind: str) -> None:
    with account(tmp_path, more=fault(kind, "/campaigns/plain$", "PATCH", after=1)) as (box, one):
        first, _saved = held(one)
        everyone = mailed(one, first)
        receipt = sane(one.writer.narrow(first, label("plain"), sorted(everyone)[:2]))
        widened = one.writer.widen("plain", receipt.undo)
        assert (widened.state is DeedState.DONE) is (stored(box, "plain").segment is None)
        assert (widened.state is DeedState.DONE) is (kind in ("cut", "truncate"))


def test_conditions_that_cannot_be_kept_leave_it_as_it_was(tmp_path: Path) -> None:
    refused = fault("status", "/segments$", "POST", status=400, after=1)
    with account(tmp_path, more=refused, count=12) as (box, one):
        aimed(box, "two conditions of any")
        first, _saved = held(one)
        receipt = one.writer.narrow(first, label("plain"), sorted(mailed(one, first))[:2])
        assert receipt.state is DeedState.FAILED
        assert stored(box, "plain").segment == AUDIENCES["two conditions of any"]


def test_what_was_stored_must_be_an_audience(tmp_path: Path) -> None:
    with account(tmp_path) as (_box, one):
        held(one)
        assert one.writer.widen("plain", {"segment_opts": {"conditions": 7}}).state is DeedState.FAILED
