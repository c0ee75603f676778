"""What is known before people are left out of a Mailchimp campaign: whether it can be done, and why not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.model import Able, Campaign, Gap, Strategy, Verb
from presend_connectors.mailchimp.adapter import MailchimpConnector
from presend_connectors.mailchimp.narrowing import origin_of
from tests.support.mailchimp import ADA, LOCAL, MAIL, account, fault, goes_to, held, label, mailed, sane, stored


def exclude(one: MailchimpConnector, name: str = "plain") -> tuple[Able, str]:
    ability = one.writer.ability(Verb.EXCLUDE, one.campaign(name))
    return ability.able, ability.detail


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "rss"}, "again and again"),
        ({"type": "variate"}, "of the type variate"),
        ({"status": "save"}, "not scheduled"),
        ({"send_time": timedelta(minutes=8)}, "too little time"),
        ({"send_time": timedelta(hours=3)}, "no quarter of an hour"),
        ({"segment": {"prebuilt_segment_id": "lapsed"}}, "ready-made"),
        ({"segment": {"match": "all", "conditions": [{"field": "timestamp_opt", "op": "within", "value": 9}]}}, "list"),
        ({"segment": {"match": "any", "conditions": [MAIL, ADA | {"op": "greater"}]}}, "does not list"),
    ],
)
def test_what_cannot_be_done_is_said_before(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    with account(tmp_path) as (box, one):
        for name, value in change.items():
            setattr(stored(box, "plain"), name, box.now + value if isinstance(value, timedelta) else value)
        able, detail = exclude(one)
        assert able is Able.NO
        assert why in detail


@pytest.mark.parametrize(
    ("plan", "role", "able"),
    [("forever_free", "owner", Able.NO), ("monthly", "author", Able.NO), ("monthly", "", Able.UNKNOWN)],
)
def test_plan_and_role_are_known_before(tmp_path: Path, plan: str, role: str, able: Able) -> None:
    with account(tmp_path, plan=plan, role=role) as (_box, one):
        assert exclude(one)[0] is able


def test_a_timewarp_send_needs_a_day(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        assert one.campaign("warp").schedule.strategy is Strategy.LOCAL_TIME
        assert exclude(one, "warp")[0] is Able.YES
        first, saved = held(one, "warp")
        everyone = mailed(one, first)
        sane(one.writer.narrow(first, label("warp"), sorted(everyone)[:2]))
        sane(one.writer.release("warp", saved))
        assert stored(box, "warp").timewarp
        assert goes_to(box, "warp") == everyone - set(sorted(everyone)[:2])
        box.clock.advance(timedelta(hours=16, minutes=15))
        able, detail = exclude(one, "warp")
        assert (able, "24 hours" in detail) == (Able.NO, True)


def test_a_tag_whose_name_cannot_be_read_makes_the_campaign_incomplete(tmp_path: Path) -> None:
    with account(tmp_path, more=fault("status", "/segments/11$", "GET", status=500)) as (box, one):
        stored(box, "plain").segment = {"match": "all", "conditions": [LOCAL | {"op": "static_not"}, MAIL]}
        plain = one.campaign("plain")
        assert plain.gaps
        assert exclude(one)[0] is Able.NO


def test_journeys_cannot_be_ruled_out(tmp_path: Path) -> None:
    with account(tmp_path) as (box, one):
        bound = one.writer.bound("presend:TAG002")
        assert isinstance(bound, Gap)
        assert "journeys" in bound.reason
        assert not box.requests


def test_a_whole_account_is_read_with_the_exclusion_told_apart(tmp_path: Path) -> None:
    with account(tmp_path) as (_box, one):
        first, saved = held(one)
        everyone = mailed(one, first)
        sane(one.writer.narrow(first, label("plain"), sorted(everyone)[:2]))
        sane(one.writer.release("plain", saved))
        found = {each.ref.id: each for each in one.campaigns() if isinstance(each, Campaign)}
        assert (found["plain"].left_out, found["part"].left_out) == (label("plain"), "")
        assert found["plain"].audience.excluded[0].name == label("plain")


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("presend:stay:c1:12", 12),
        ("presend:stay:c:1:12", 12),
        ("presend:stay:12", 0),
        ("presend:stay:c1:x", 0),
        ("presend:stay:c1:²", 0),
        ("presend:out:c1:12", 0),
        ("stay:c1:12", 0),
    ],
)
def test_a_tag_of_those_who_stay_names_its_segment(name: str, origin: int) -> None:
    assert origin_of(name) == origin
