"""The worlds hold what they say they planted, counted a second way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3

from presend_sandbox import Sandbox
from presend_sandbox.klaviyo.state import Profile
from presend_sandbox.world import load_world
from tests.support.klaviyo_sdk import START, raw


def _name(profile: Profile) -> Any:
    return profile.attributes["first_name"]


def _own(profile: Profile, name: str) -> Any:
    return profile.attributes["properties"].get(name)


def _older(profile: Profile, name: str, days: int) -> bool:
    return START - datetime.fromisoformat(_own(profile, name)).replace(tzinfo=UTC) > timedelta(days=days)


def _silent(profile: Profile, days: int) -> bool:
    return profile.last_event is not None and START - profile.last_event > timedelta(days=days)


JUNK = {"asdf", "N/A", "test"}
ODD = {"info@example.org", "Garner Fencing Ltd"}
# Who is affected, said a second time, independently of the slices in the world's file.
AFFECTED: dict[tuple[str, str], Callable[[Profile], bool]] = {
    ("01LARKBARENAME", "TAG002"): lambda p: not _name(p),
    ("01LARKNOBODY", "TAG002"): lambda p: not _own(p, "preferred_name"),
    ("01LARKEMPTYDEFAULT", "TAG007"): lambda p: not _name(p),
    ("01LARKNONE", "TAG008"): lambda p: "vip_note" in p.attributes["properties"] and _own(p, "vip_note") is None,
    ("01LARKBLANKSUBJECT", "TAG011"): lambda p: not _name(p),
    ("01LARKBLANKSUBJECT", "TAG002"): lambda p: not _name(p),
    ("01LARKBLANKLINK", "TAG012"): lambda p: not _own(p, "voucher_code"),
    ("01LARKBLANKLINK", "TAG002"): lambda p: not _own(p, "voucher_code"),
    ("01LARKTIERCASE", "TAG013"): lambda p: _own(p, "loyalty_tier") == "Gold",
    ("01LARKTEXTNUMBER", "TAG013"): lambda p: float(_own(p, "points_text")) > 100,
    ("01LARKABTEST", "TAG002"): lambda p: not _name(p),
    ("01LARKSTALL", "VAL001"): lambda p: _name(p) == " ",
    ("01LARKSTALL", "VAL002"): lambda p: _name(p) in JUNK,
    ("01LARKSTALL", "VAL003"): lambda p: _name(p) in {"KATHERINE", "robert"},
    ("01LARKSTALL", "VAL004"): lambda p: _name(p) in ODD,
    ("01LARKSTALL", "VAL005"): lambda p: "{{" in _name(p),
    ("01LARKSTALL", "VAL006"): lambda p: "<" in _name(p) or "Ã" in _name(p),
    ("01LARKPLANT", "VAL007"): lambda p: _own(p, "favourite_plant") is None,
    ("01LARKOLDSTORE", "AGE001"): lambda p: _older(p, "favourite_store_as_of", 730),
    ("01LARKOLDDOG", "AGE005"): lambda p: _older(p, "dog_name_as_of", 1095),
    ("01LARKWINBACK", "AGE002"): lambda p: _silent(p, 730),
    ("01LARKWINBACK", "CON006"): lambda p: _silent(p, 730) and START - p.consent.at > timedelta(days=1095),
    ("01LARKIGNORING", "CON003"): lambda p: p.consent.status == "UNSUBSCRIBED",
    ("01LARKTASTING", "CON007"): lambda p: _own(p, "birthday") > "2008-12-01",
    ("01LARKTOMORROW", "TIM001"): lambda p: p.attributes["location"]["timezone"] == "Australia/Melbourne",
    ("01LARKTOMORROW", "TIM005"): lambda p: p.attributes["location"]["timezone"] == "Australia/Melbourne",
    ("01LARKNOTLEEDS", "SEG003"): lambda p: not p.attributes["location"].get("city"),
    ("01LARKVILLAGE", "SEG006"): lambda p: p.id.startswith("01VILLAGETEST"),
    ("01LARKVILLAGE", "DUP003"): lambda p: _own(p, "household") == "H-7",
    ("01LARKVILLAGE", "DUP004"): lambda p: p.id == "01VILLAGEOFFICE",
    ("01BIGDUEONE", "TAG002"): lambda p: not _name(p),
    ("01LARKPLANNAMES", "VAL009"): lambda p: _name(p) == "Thoams",
    ("01LARKPLANNAMES", "VAL010"): lambda p: _own(p, "preferred_name") == "Barb",
    ("01LARKPLANTITLE", "VAL011"): lambda p: not _own(p, "gender"),
    ("01LARKPLANTITLE", "VAL012"): lambda p: _own(p, "new_last_name") == "Osei",
    ("01LARKPLANFORMAT", "VAL008"): lambda p: _own(p, "visit_day") == "2026-10-24",
    ("01LARKPLANFORMAT", "VAL013"): lambda p: _own(p, "points") == "ask Tom",
    ("01LARKPLANSTREET", "AGE006"): lambda p: _older(p, "street_as_of", 1095),
    ("01LARKPLANSTREET", "AGE007"): lambda p: _older(p, "street_as_of", 1095),
    ("01LARKSEASONMUMS", "SEN006"): lambda p: _own(p, "no_mothers_day") is True,
    ("01LARKCOASTDARK", "SEN004"): lambda p: p.attributes["location"]["region"] == "Faro",
    ("01LARKTWICE", "DUP001"): lambda p: str(p.attributes["email"]).endswith("@gmail.com"),
    ("01LARKTWICE", "DUP002"): lambda p: p.attributes["last_name"] == "Holm",
    ("01LARKDRAWERS", "SEN005"): lambda p: _own(p, "car_model") is not None,
    ("01LARKSHARED", "CON004"): lambda p: p.attributes["first_name"] == "Edda",
    ("01LARKSHARED", "DUP005"): lambda p: p.attributes["first_name"] == "Britt",
    ("01LARKSHARED", "DUP006"): lambda p: p.attributes["first_name"] in ("Britt", "Greta"),
    ("01LARKCLAIMTHANKS", "CLM001"): lambda p: p.id.startswith("01NQ"),
    ("01LARKCLAIMTHANKS", "CLM003"): lambda p: p.id.startswith("01BQ"),
    ("01LARKCLAIMMISSED", "CLM002"): lambda p: p.id.startswith("01BQ"),
    ("01LARKCLAIMBIRTHDAY", "CLM006"): lambda p: p.id.startswith("01BQ"),
}


def _expectations(name: str) -> list[tuple[str, dict[str, Any]]]:
    campaigns = load_world(name).platforms["klaviyo"]["campaigns"]
    return [(row["id"], each) for row in campaigns for each in row.get("expect", [])]


@pytest.mark.parametrize("name", ["mishaps", "big", "cross"])
def test_the_worlds_count_what_they_planted(world: Callable[..., Sandbox], name: str) -> None:
    platform = world(name).platforms["klaviyo"]
    profiles: dict[str, Profile] = platform.state.profiles
    for campaign, expected in _expectations(name):
        mailed = [profiles[each] for each in platform.send(campaign)]
        by_name = AFFECTED.get((campaign, expected["code"]), lambda p: not _name(p) if name == "cross" else True)
        found = [p.id for p in mailed if by_name(p)]
        assert len(found) == expected["affected"], (campaign, expected["code"])
        assert sorted(expected.get("who", sorted(found))) == sorted(found), (campaign, expected["code"])


def test_the_mishaps_cover_what_klaviyo_can_express() -> None:
    spec = load_world("mishaps").platforms["klaviyo"]
    planted = {each["code"] for _, each in _expectations("mishaps")} | {each["code"] for each in spec["expect"]}
    wanted = {f"TAG{n:03d}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16)}
    wanted |= {f"VAL{n:03d}" for n in range(1, 14)} | {f"AGE{n:03d}" for n in (1, 2, 3, 5, 6, 7)} | {"OPS002"}
    wanted |= {f"SEN{n:03d}" for n in range(1, 7)} | {"OPS003", "OPS004", "OPS007", "DUP001", "DUP002"}
    wanted |= {"CON001", "CON002", "CON003", "CON005", "CON006", "CON007", "TIM001", "TIM002", "TIM004", "TIM005"}
    wanted |= {f"CLM{n:03d}" for n in range(1, 8)} | {"CPY001", "CPY002", "CPY003"}
    wanted |= {"SEG002", "SEG003", "SEG004", "SEG006", "DUP003", "DUP004"}
    wanted |= {"CON004", "DUP005", "DUP006"}
    assert planted >= wanted


def test_the_clean_world_is_as_broad_and_everyone_in_it_has_what_the_copy_prints(
    world: Callable[..., Sandbox],
) -> None:
    platform = world("clean").platforms["klaviyo"]
    state = platform.state
    due = [m for m in state.messages.values() if m.status == "scheduled" and platform.send(m.campaign)]
    assert len(due) >= 10
    assert all(_name(state.profiles[each]) for each in platform.send("01TIDEBARE"))
    assert all(_own(state.profiles[each], "portal_code") for each in platform.send("01TIDELINKS"))
    assert not any(_older(state.profiles[each], "grinder_as_of", 100) for each in platform.send("01TIDEGUARD"))


def test_cross_breaks_what_it_says_it_breaks(world: Callable[..., Sandbox]) -> None:
    box = world("cross")
    answers = {
        name: [raw(box, f"/api/lists/{name}/profiles").status for _ in range(3)] for name in ("XLTHRO", "XLFLAK")
    }
    assert answers == {"XLTHRO": [429, 200, 200], "XLFLAK": [503, 503, 200]}
    assert raw(box, "/api/lists/XLBARE/profiles").data == b""
    assert raw(box, "/api/lists/XLEMPT/profiles").data == b""
    assert raw(box, "/api/campaign-messages/01CROSSBRACESM1/campaign-variations").json() == {}
    assert b"<html" in raw(box, "/api/templates/01CROSSHTMLM1TA").data.lower()
    with pytest.raises(ValueError, match=r"char|Expecting|Unterminated"):
        raw(box, "/api/lists/XLTRNC/profiles").json()


def test_people_can_be_mended_from_outside(world: Callable[..., Sandbox]) -> None:
    box = world()
    changes = {"first_name": "Ada", "properties.vip_note": "Hello.", "suppressed": True}
    body = {"platform": "klaviyo", "id": "01CB0000000000000000000001", "set": changes}
    response = urllib3.request("POST", f"{box.origin}/_sandbox/people", json=body, retries=False)
    assert response.status == 200
    assert "01CB0000000000000000000001" not in box.platforms["klaviyo"].send("01LARKNONE")
    told = urllib3.request("GET", f"{box.origin}/_sandbox/state?platform=klaviyo", retries=False).json()
    assert told["campaigns"]["01LARKNONE"]["messages"] == {"01LARKNONEM1": "scheduled"}
