"""Tags on people in Mailchimp: put on and taken off without starting anything, and never done before they are seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from presend.model import DeedState, Gap
from presend_connectors.mailchimp.adapter import MailchimpConnector
from presend_sandbox import Sandbox
from tests.support.mailchimp import FRIENDS, account, carried, fault, ids_of, of_box, writes

ONE = "/members/[0-9a-f]+/tags$"


def test_people_are_tagged_and_untagged_and_nothing_starts(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        plain = one.campaign("plain")
        ids = ids_of(one, plain)
        assert one.writer.tag(plain, "presend:TAG002", ids[:4]).state is DeedState.DONE
        assert carried(box, "presend:TAG002") == set(ids[:4])
        assert one.writer.tag(plain, "presend:TAG002", ids[3:5]).state is DeedState.DONE
        assert carried(box, "presend:TAG002") == set(ids[:5])
        assert one.writer.untag(plain, "presend:TAG002", ids[1:]).state is DeedState.DONE
        assert carried(box, "presend:TAG002") == set(ids[:1])
        assert one.writer.untag(plain, "presend:NONE", ids).state is DeedState.DONE
        assert one.writer.tag(plain, "presend:TAG002", []).state is DeedState.DONE
        assert {each.rpartition("/")[2] for each in writes(box)} == {"tags"}
        assert box.state["mailchimp"].journeys == []


@pytest.mark.parametrize("speed", ["at_once", "slow"])
def test_many_go_in_one_request_and_nothing_starts(tmp_path: Path, speed: str) -> None:
    with account(tmp_path, {"mailchimp.batches": speed}, count=20) as (box, one):
        plain = one.campaign("plain")
        ids = ids_of(one, plain)
        assert one.writer.tag(plain, "presend:VAL002", ids).state is DeedState.DONE
        assert carried(box, "presend:VAL002") == set(ids)
        assert one.writer.untag(plain, "presend:VAL002", ids[:15]).state is DeedState.DONE
        assert carried(box, "presend:VAL002") == set(ids[15:])
        assert writes(box) == ["POST /batches"] * 2
        assert box.state["mailchimp"].journeys == []


def test_a_thousand_a_request(tmp_path: Path) -> None:
    with account(tmp_path, count=1003) as (box, one):
        plain = one.campaign("plain")
        ids = ids_of(one, plain)[:1001]
        assert one.writer.tag(plain, "presend:VAL002", ids).state is DeedState.DONE
        assert carried(box, "presend:VAL002") == set(ids)
        assert writes(box) == ["POST /batches"] * 2


@pytest.mark.parametrize("count", [6, 14])
def test_who_left_meanwhile_is_counted_and_is_not_done(tmp_path: Path, count: int) -> None:
    with account(tmp_path, count=count) as (box, one):
        plain = one.campaign("plain")
        ids = ids_of(one, plain)
        del box.state["mailchimp"].lists[FRIENDS].members[ids[0]]
        receipt = one.writer.tag(plain, "presend:X", ids)
        assert receipt.state is DeedState.FAILED
        assert f"{count - 1} of {count}" in receipt.detail


@pytest.mark.parametrize("kind", ["empty", "html", "wrong_json", "reset", "status", "bare403"])
@pytest.mark.parametrize(("path", "count"), [(ONE, 2), ("/batches$", 12)])
def test_tagging_that_did_not_happen_is_never_done(tmp_path: Path, kind: str, path: str, count: int) -> None:
    with account(tmp_path, count=count, more=fault(kind, path)) as (box, one):
        plain = one.campaign("plain")
        receipt = one.writer.tag(plain, "presend:X", ids_of(one, plain))
        assert receipt.state is DeedState.UNKNOWN
        assert not carried(box, "presend:X")


@pytest.mark.parametrize(("path", "count"), [(ONE, 2), ("/batches$", 12)])
def test_a_lost_answer_to_tagging_that_was_done_is_done(tmp_path: Path, path: str, count: int) -> None:
    with account(tmp_path, count=count, more=fault("cut", path)) as (box, one):
        plain = one.campaign("plain")
        ids = ids_of(one, plain)
        assert one.writer.tag(plain, "presend:X", ids).state is DeedState.DONE
        assert carried(box, "presend:X") == set(ids)


def test_where_batches_are_refused_the_segment_is_changed_and_what_that_may_start_is_said(tmp_path: Path) -> None:
    with account(tmp_path, count=12, more=fault("status", "/batches$", status=400)) as (box, one):
        plain = one.campaign("plain")
        ids = ids_of(one, plain)
        receipt = one.writer.tag(plain, "presend:X", ids)
        assert receipt.state is DeedState.DONE
        assert "may start a journey" in receipt.detail
        assert carried(box, "presend:X") == set(ids)
        assert not [each for each in box.requests if str(each["path"]).rpartition("/members/")[2] in ids]
        assert one.writer.untag(plain, "presend:X", ids).state is DeedState.DONE
        assert carried(box, "presend:X") == set()


@pytest.mark.parametrize("kind", ["html", "status"])
def test_a_batch_that_cannot_be_watched_is_judged_by_who_carries_the_tag(tmp_path: Path, kind: str) -> None:
    for speed, state in (("at_once", DeedState.DONE), ("slow", DeedState.UNKNOWN)):
        more = fault(kind, "/batches/[^/]+$", "GET")
        with account(tmp_path / speed, {"mailchimp.batches": speed}, count=12, more=more) as (_box, one):
            plain = one.campaign("plain")
            assert one.writer.tag(plain, "presend:X", ids_of(one, plain)).state is state


def test_a_batch_that_never_ends_is_unknown(tmp_path: Path) -> None:
    body = '{ id = "b", status = "started", total_operations = 12 }'
    more = f'[[faults]]\nkind = "wrong_json"\npath = "/batches/[^/]+$"\nbody = {body}\n'
    with account(tmp_path, {"mailchimp.batches": "slow"}, count=12, more=more) as (_box, one):
        plain = one.campaign("plain")
        receipt = one.writer.tag(plain, "presend:X", ids_of(one, plain))
        assert receipt.state is DeedState.UNKNOWN
        assert "still at it" in receipt.detail


def test_who_carries_the_tag_cannot_be_read(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("truncate", r"/segments/\\d+/members$", "GET")) as (_box, one):
        plain = one.campaign("plain")
        assert one.writer.tag(plain, "presend:X", ids_of(one, plain)).state is DeedState.UNKNOWN


def test_an_account_of_tags_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("truncate", "/segments$", "GET", after=1)) as (_box, one):
        plain = one.campaign("plain")
        assert one.writer.tag(plain, "presend:X", ids_of(one, plain)).state is DeedState.UNKNOWN


# -- a change of presend's own is no news of a record


def updated(one: MailchimpConnector) -> dict[str, str | None]:
    return {
        id_: msgspec.json.decode(cell) if cell else None
        for batch in one.people(one.campaign("plain"), frozenset())
        for id_, cell in zip(batch.ids, batch.columns["@updated_at"], strict=True)
    }


def test_a_tag_of_presends_own_makes_no_record_look_fresh(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        before = updated(one)
        assert all(before.values())
        source = one.campaign("plain").sources[0]
        ids = list(before)
        one.writer.tag(one.campaign("plain"), "presend:TAG002", ids[:2])
        tagged = of_box(box)
        assert updated(tagged) == before | dict.fromkeys(ids[:2])
        now = tagged.campaign("plain").sources[0]
        assert now.watermark == max(each.changed for who, each in members(box).items() if who not in ids[:2])
        assert now.name == source.name
        tagged.close()
        box.clock.advance(timedelta(days=1))
        one.writer.untag(one.campaign("plain"), "presend:TAG002", ids[:1])
        off = of_box(box)
        assert updated(off) == before | dict.fromkeys(ids[:2])
        off.close()


def test_a_change_before_the_tag_or_by_another_tag_is_known(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        before = updated(one)
        ids = list(before)
        one.writer.tag(one.campaign("plain"), "Loyal", ids[:2])
        box.clock.advance(timedelta(hours=1))
        one.writer.tag(one.campaign("plain"), "presend:TAG002", ids[2:3])
        members(box)[ids[2]].changed -= timedelta(days=9)  # as if tagging were no change of the record
        after = of_box(box)
        found = updated(after)
        assert all(found.values())
        assert found[ids[3]] == before[ids[3]]
        after.close()


def test_when_presends_tags_cannot_be_read_no_change_is_known(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("status", "/segments$", "GET", status=500)) as (_box, one):
        assert set(updated(one).values()) == {None}
        assert isinstance(one.campaign("plain").sources[0].watermark, Gap)


def members(box: Sandbox) -> dict[str, Any]:
    found: dict[str, Any] = box.state["mailchimp"].lists[FRIENDS].members
    return found
