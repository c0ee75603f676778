"""The Mailchimp worlds hold what they say, and segments are evaluated really."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from presend_sandbox import Sandbox
from presend_sandbox.clock import Clock
from presend_sandbox.mailchimp import build
from presend_sandbox.world import load_world
from tests.sandbox.mailchimp_sdk import ONLY, START, sdk


@pytest.mark.parametrize(
    ("match", "conditions", "expected"),
    [
        ("any", [("TextMerge", "FNAME", "is", "ann"), ("TextMerge", "FNAME", "is", "bob")], "ab"),
        ("all", [("TextMerge", "FNAME", "contains", "b"), ("EmailAddress", "EMAIL", "ends", ".org")], "b"),
        ("all", [("TextMerge", "FNAME", "not", "ann")], "bcd"),
        ("all", [("TextMerge", "FNAME", "notcontain", "n")], "bcd"),
        ("all", [("TextMerge", "FNAME", "starts", "a")], "a"),
        ("all", [("TextMerge", "FNAME", "blank", "")], "cd"),
        ("all", [("TextMerge", "FNAME", "blank_not", "")], "ab"),
        ("all", [("TextMerge", "POINTS", "greater", "9")], "a"),
        ("all", [("TextMerge", "POINTS", "less", "9")], "b"),
        ("all", [("DateMerge", "SEEN", "greater", "2026-01-01")], "a"),
        ("all", [("DateMerge", "SEEN", "less", "2026-01-01")], "b"),
        ("all", [("DateMerge", "SEEN", "is", "2025-05-05")], "b"),
        ("all", [("DateMerge", "SEEN", "blank", "")], "cd"),
        ("all", [("Date", "info_changed", "within", "5")], "a"),
        ("all", [("Date", "info_changed", "notwithin", "5")], "bcd"),
        ("all", [("Interests", "Likes", "interestcontains", ["Tea", "Milk"])], "ab"),
        ("all", [("Interests", "Likes", "interestcontainsall", ["Tea", "Milk"])], "a"),
        ("all", [("Interests", "Likes", "interestnotcontains", ["Tea"])], "bcd"),
        ("all", [("StaticSegment", "", "static_is", "T")], "ac"),
        ("all", [("StaticSegment", "", "static_not", "T")], "bd"),
        ("all", [("Language", "language", "is", "en"), ("StaticSegment", "", "static_is", "T")], "ac"),
    ],
)
def test_conditions_are_really_evaluated(
    match: str, conditions: list[tuple[str, str, str, Any]], expected: str
) -> None:
    people = [
        {"email": "a@example.com", "values": {"FNAME": "Ann", "POINTS": 10, "SEEN": "2026-03-01"}, "changed": "-1d"},
        {"email": "b@example.org", "values": {"FNAME": "Bob", "POINTS": 8, "SEEN": "2025-05-05"}, "changed": "-9d"},
        {"email": "c@example.com", "nulls": ["FNAME"], "absent": ["SEEN"], "changed": "-9d"},
        {"email": "d@example.com", "values": {"FNAME": ""}, "changed": "-9d"},
    ]
    groups = {"a": ["Likes: Tea", "Likes: Milk"], "b": ["Likes: Milk"]}
    for person in people:
        person |= {"list": "l", "interests": groups.get(person["email"][0], [])}
        person["tags"] = ["T"] if person["email"][0] in "ac" else []
    names = ("condition_type", "field", "op", "value")
    spec: dict[str, Any] = {
        "lists": [
            {
                "id": "l",
                "name": "L",
                "fields": [{"tag": "FNAME"}, {"tag": "POINTS", "type": "number"}, {"tag": "SEEN", "type": "date"}],
                "interests": [{"title": "Likes", "names": ["Tea", "Milk"]}],
                "segments": [{"id": 1, "name": "T"}],
            }
        ],
        "people": people,
        "campaigns": [
            {
                "id": "c",
                "name": "C",
                "list": "l",
                "status": "save",
                "match": match,
                "conditions": [dict(zip(names, each, strict=True)) for each in conditions],
            }
        ],
    }
    platform = build(spec, Clock(START), {})
    emails = {each.id: each.email for each in platform.state.lists["l"].members.values()}
    assert "".join(sorted(emails[each][0] for each in platform.send("c"))) == expected


def _values(world: str, campaign: str, tag: str) -> list[Any]:
    """What the recipients of a campaign have stored under `tag`; "absent" where there is nothing."""
    platform = build(load_world(world).platforms["mailchimp"], Clock(START), {})
    members = platform.state.lists[platform.state.campaigns[campaign].list_id].members
    return [members[each].values.get(tag, "absent") for each in platform.send(campaign)]


def test_the_planted_counts_are_what_the_data_holds() -> None:
    blank = {None, "", "absent"}
    expected = {
        each["id"]: [one.get("affected") for one in each.get("expect", [])][:1]
        for each in load_world("mishaps").platforms["mailchimp"]["campaigns"]
    }
    counted = {
        "mc-bulbs": sum(each in blank for each in _values("mishaps", "mc-bulbs", "FNAME")),
        "mc-circle": sum(each in blank for each in _values("mishaps", "mc-circle", "NICK")),
        "mc-offer": sum(each in blank for each in _values("mishaps", "mc-offer", "OFFER")),
        "mc-makers": sum(each in blank for each in _values("mishaps", "mc-makers", "WEBSITE")),
        "mc-towns": sum(each in blank for each in _values("mishaps", "mc-towns", "CITY")),
        "mc-blank": sum(each == " " for each in _values("mishaps", "mc-blank", "FNAME")),
        "mc-kinds": sum(each == "Garden" for each in _values("mishaps", "mc-kinds", "PLAN")),
        "mc-loud": sum(each.isupper() or each.islower() for each in _values("mishaps", "mc-loud", "FNAME")),
        "mc-gloves": sum(each < "2025" for each in _values("mishaps", "mc-gloves", "SIZE_AS_OF")),
        "mc-drivers": sum(each < "2025" for each in _values("mishaps", "mc-drivers", "CAR_AS_OF")),
    }
    assert {name: [count] for name, count in counted.items()} == {name: expected[name] for name in counted}


@pytest.mark.parametrize("world", ["mishaps", "clean", "big", "cross"])
def test_every_world_can_be_sent(world: str) -> None:
    platform = build(load_world(world).platforms["mailchimp"], Clock(START), {})
    for campaign in platform.state.campaigns.values():
        assert platform.send(campaign.id), campaign.id
        assert all(variant.subject and variant.html and variant.text for variant in campaign.variants), campaign.id


def test_the_mishaps_of_a_campaign_as_a_whole_reach_its_whole_audience() -> None:
    spec = load_world("mishaps").platforms["mailchimp"]
    platform = build(spec, Clock(START), {})
    whole = {
        "TAG001",
        "TAG003",
        "TAG004",
        "TAG005",
        "TAG006",
        "TAG015",
        "TAG016",
        "TAG017",
        "OPS001",
        "OPS002",
        "AGE003",
    }
    for campaign in spec["campaigns"]:
        for expected in campaign.get("expect", []):
            if expected["code"] in whole:
                assert expected["affected"] == len(platform.send(campaign["id"])), campaign["id"]


def _patiently(box: Sandbox, path: str) -> bool:
    """Whether four tries get a page of members, as a careful client would judge it."""
    for _ in range(4):
        try:
            answer = httpx.get(f"{box.origin}/3.0{path}", auth=("x", box.state["mailchimp"].key))
            if answer.status_code == 200 and "members" in answer.json():
                return True
        except (httpx.TransportError, ValueError):
            continue
    return False


def test_the_faulty_world_is_as_complete_as_it_says() -> None:
    campaigns = load_world("cross").platforms["mailchimp"]["campaigns"]
    with Sandbox("cross", only=ONLY, start=START) as box:
        found = {each["id"]: _patiently(box, f"/lists/{each['list']}/members") for each in campaigns}
    assert found == {each["id"]: not each["incomplete"] for each in campaigns}
    assert len(set(found.values())) == 2


def test_a_big_list_needs_every_page() -> None:
    with Sandbox("big", only=ONLY, start=START) as box:
        client = sdk(box)
        pages = [
            client.lists.get_list_members_info(
                "fb00000001", count=1000, offset=offset, status="subscribed", fields=["members.merge_fields"]
            )["members"]
            for offset in (0, 1000, 2000)
        ]
        assert [len(each) for each in pages] == [1000, 1000, 340]
        assert [sum(one["merge_fields"]["FNAME"] == "" for one in each) for each in pages] == [0, 0, 40]
        assert client.campaigns.list(status="sent", count=1000)["total_items"] > 1000
        assert client.lists.get_all_lists(count=1000)["total_items"] > 10
        assert client.ecommerce.orders(count=1000)["total_items"] > 1000
