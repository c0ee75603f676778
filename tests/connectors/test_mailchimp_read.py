"""Reading Mailchimp through its own SDK from the sandbox: the right campaigns, the right people, or an error."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from presend.errors import Gone, PlatformError, Refused
from presend.model import Able, Campaign, Gap, State, Strategy
from presend.ports import Batch, Trouble
from presend_connectors.mailchimp.adapter import MailchimpConnector
from presend_connectors.mailchimp.narrowing import audience_of
from presend_connectors.mailchimp.wire import SegmentOpts
from presend_sandbox import Sandbox
from tests.support.mailchimp import START, FakeTime, campaigns_of, connector, of_box, world

ONLY = ("mailchimp",)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", only=ONLY, start=START) as running:
        yield running


@pytest.fixture(scope="module")
def one(box: Sandbox) -> MailchimpConnector:
    return of_box(box)


@pytest.fixture(scope="module")
def found(one: MailchimpConnector) -> dict[str, Campaign]:
    return campaigns_of(one)


def people(one: MailchimpConnector, campaign: Campaign, *columns: str) -> list[Batch]:
    return list(one.people(campaign, frozenset(columns)))


def mailed(batches: list[Batch]) -> list[str]:
    """Ids of those who are not suppressed."""
    return [id_ for b in batches for id_, why in zip(b.ids, b.suppressed, strict=True) if why is None]


def column(batches: list[Batch], name: str) -> list[str | None]:
    return [cell for batch in batches for cell in batch.columns[name]]


# -- campaigns


def test_every_scheduled_campaign_is_read_soonest_first(box: Sandbox, found: dict[str, Campaign]) -> None:
    stored = box.state["mailchimp"].campaigns
    assert set(found) == {each.id for each in stored.values() if each.status == "schedule"}
    times = [stored[each].send_time for each in found]
    assert times == sorted(times)
    assert {each.state for each in found.values()} == {State.SCHEDULED}
    assert all(not each.gaps for each in found.values())


def test_a_campaign_is_read_whole(box: Sandbox, found: dict[str, Campaign]) -> None:
    bulbs, stored = found["mc-bulbs"], box.state["mailchimp"].campaigns["mc-bulbs"]
    assert bulbs.ref.name == "Bulbs for spring"
    assert bulbs.schedule.send_at == stored.send_time
    assert bulbs.messages[0].parts["html"] == stored.variants[0].html
    assert bulbs.messages[0].parts["text"] == stored.variants[0].text
    assert (bulbs.audience.included[0].kind, bulbs.audience.included[0].name) == ("tag", "Bulbs")
    assert bulbs.audience.stated_size == 114
    assert bulbs.vocabulary.groups == {"Topics": ("Houseplants", "Kitchen garden", "Furniture")}
    assert bulbs.vocabulary.zone == "America/New_York"


def test_variants_timewarp_checklists_and_conditions(found: dict[str, Campaign]) -> None:
    assert [m.parts["subject"] for m in found["mc-split"].messages] == [
        "A fifth off, *|FNAME|*",
        "The winter sale has begun",
    ]
    warp = found["mc-warp"].schedule
    assert warp.strategy is Strategy.LOCAL_TIME
    assert not isinstance(warp.stated, Gap)
    assert not isinstance(warp.send_at, Gap)
    assert (
        timedelta(hours=18) <= warp.stated - warp.send_at <= timedelta(hours=20)
    )  # New York is 5 behind, UTC+14 ahead
    checklist = found["mc-domain"].checklist
    assert not isinstance(checklist, Gap)
    assert Counter(item.state.value for item in checklist)["error"] == 1
    assert [(c.column, c.op, c.value) for c in found["mc-patio"].audience.conditions] == [
        ("PLAN", "is", "Patio"),
        ("PLAN", "is", "Balcony"),
    ]


def test_sources_have_watermarks(found: dict[str, Campaign]) -> None:
    trade = {source.name: source.watermark for source in found["mc-trade"].sources}
    assert START - trade["orders of Trade desk"] == timedelta(days=46)
    assert START - trade["contacts of the list d3a9467f2e"] == timedelta(days=47)
    winback = {source.name: source.watermark for source in found["mc-winback"].sources}
    assert isinstance(winback["orders"], Gap)


def test_reading_again_gives_the_same_revision(one: MailchimpConnector, found: dict[str, Campaign]) -> None:
    for name in ("mc-bulbs", "mc-split", "mc-warp", "mc-patio"):
        assert one.campaign(name).revision == found[name].revision


def test_reading_writes_nothing(box: Sandbox, one: MailchimpConnector, found: dict[str, Campaign]) -> None:
    people(one, found["mc-bulbs"], "FNAME")
    assert {entry["method"] for entry in box.requests} == {"GET"}
    assert {entry["status"] for entry in box.requests} <= {200, 404}


def test_a_campaign_that_is_not_there(one: MailchimpConnector) -> None:
    with pytest.raises(Gone):
        one.campaign("nothing")


def test_what_the_account_says_of_itself(one: MailchimpConnector) -> None:
    info = one.info()
    assert (info.name, info.zone) == ("Larkspur & Pine", "America/New_York")
    assert {right.name: right.able for right in info.rights}["read automations"] is Able.NO


def test_a_wrong_key_is_refused(box: Sandbox) -> None:
    with pytest.raises(Refused) as error:
        list(connector(box.origin, "another-us21").campaigns())
    assert error.value.status == 401
    assert "another" not in error.value.message + error.value.help


# -- people


@pytest.mark.parametrize("name", ["mc-bulbs", "mc-winback", "mc-trade", "mc-letter", "mc-topics"])
def test_those_who_are_not_suppressed_are_those_who_would_be_mailed(
    box: Sandbox, one: MailchimpConnector, found: dict[str, Campaign], name: str
) -> None:
    batches = people(one, found[name])
    assert sorted(mailed(batches)) == sorted(box.platforms["mailchimp"].send(name))


def test_the_others_have_a_reason(one: MailchimpConnector, found: dict[str, Campaign]) -> None:
    reasons = Counter(why for batch in people(one, found["mc-letter"]) for why in batch.suppressed if why)
    assert {why.split()[0].strip(":"): count for why, count in reasons.items()} == {"unsubscribed": 12, "cleaned": 5}


def test_pending_people_of_a_whole_list_have_a_reason_too(tmp_path: Path) -> None:
    with Sandbox(world(tmp_path / "w"), only=ONLY, start=START) as small:
        members = list(small.state["mailchimp"].lists["aa00000001"].members.values())
        for member, status in zip(members, ("pending", "transactional", "archived"), strict=False):
            member.status = status
        single = of_box(small)
        batches = people(single, campaigns_of(single)["plain"])
    reasons = [why for batch in batches for why in batch.suppressed if why]
    assert len(reasons) == 2
    assert len(mailed(batches)) == 3


def test_blanks_keep_their_kind(one: MailchimpConnector, found: dict[str, Campaign]) -> None:
    cells = column(people(one, found["mc-bulbs"], "FNAME"), "FNAME")
    assert (cells.count(None), cells.count("null"), cells.count('""')) == (5, 2, 30)


def test_groups_facts_and_dates(one: MailchimpConnector, found: dict[str, Campaign]) -> None:
    batches = people(one, found["mc-letter"], "INTERESTED:Topics", "ADDRESS")
    groups = Counter(column(batches, "INTERESTED:Topics"))
    assert sum(count for cell, count in groups.items() if cell and "Houseplants" in cell) == 100
    assert sum(cell != "0" for cell in column(batches, "@orders")) == 180
    assert None not in column(batches, "@created_at") + column(batches, "@updated_at") + column(batches, "@country")
    gloves = column(people(one, found["mc-gloves"], "SIZE"), "@as_of:SIZE")
    assert sum(cell is not None and cell < '"2024' for cell in gloves) == 25


def test_a_fact_from_a_property(box: Sandbox) -> None:
    mapped = of_box(box, facts={"last_activity_at": "SIZE_AS_OF"})
    cells = column(people(mapped, mapped.campaign("mc-gloves")), "@last_activity_at")
    assert len([cell for cell in cells if cell]) == 80


def test_pages_are_put_together(box: Sandbox) -> None:
    with Sandbox("big", only=ONLY, start=START) as big:
        one = of_box(big)
        found = campaigns_of(one)
        assert len(found) == 14
        tables = people(one, found["fb-tables"], "FNAME")
        assert [len(batch.ids) for batch in tables] == [1000, 1000, 400]
        assert len(set(mailed(tables))) == 2340
        assert column(tables, "FNAME").count('""') == 40
        assert len(mailed(people(one, found["fb-poets"]))) == 1300
        assert found["fb-tables"].vocabulary.groups["Shelves"][-1] == "Children"  # type: ignore[index]
        assert len(found["fb-tables"].vocabulary.fields) == 14
        assert found["fb-club-0001"].audience.key == found["fb-club-0012"].audience.key


# -- people by conditions that are saved nowhere


def pull_by(tmp_path: Path, match: str, *conditions: dict[str, object]) -> tuple[list[str], list[str]]:
    """Those whom the connector finds by inline conditions, and those whom the sandbox would mail."""
    with Sandbox(world(tmp_path / "w"), only=ONLY, start=START) as small:
        account = small.state["mailchimp"]
        members = list(account.lists["aa00000001"].members.values())
        interest = account.lists["aa00000001"].categories[0].interests[0].id
        members[0].values["FNAME"], members[1].values["FNAME"] = "Ada", "ADA"
        members[0].interests[interest] = True
        filled = [{**c, "value": [interest]} if c.get("value") == "TEA" else c for c in conditions]
        account.campaigns["plain"].segment = {"match": match, "conditions": filled}
        one = of_box(small)
        found = sorted(mailed(people(one, campaigns_of(one)["plain"])))
        return found, sorted(small.platforms["mailchimp"].send("plain"))


@pytest.mark.parametrize(
    ("match", "conditions", "count"),
    [
        ("all", [{"field": "static_segment", "op": "static_is", "value": 11}], 6),
        ("all", [{"field": "static_segment", "op": "static_not", "value": 11}], 0),
        ("any", [{"field": "interests-x", "op": "interestcontains", "value": "TEA"}], 1),
        ("all", [{"field": "interests-x", "op": "interestnotcontains", "value": "TEA"}], 5),
        ("all", [{"field": "PET", "op": "blank"}, {"field": "EMAIL", "op": "contains", "value": "example"}], 6),
        ("any", [{"field": "FNAME", "op": "starts", "value": "Q"}], 0),
    ],
)  # fmt: skip
def test_conditions_that_mean_one_thing_are_followed(
    tmp_path: Path, match: str, conditions: list[dict[str, object]], count: int
) -> None:
    found, sent = pull_by(tmp_path, match, *conditions)
    assert found == sent
    assert len(found) == count


def aim(one: MailchimpConnector, name: str, options: SegmentOpts) -> None:
    """As if the campaign had been read with this audience."""
    row, _aim = one._reader.seen[name]
    one._reader.seen[name] = (row, audience_of(options, {}))


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "FNAME", "op": "is", "value": "ada"},  # hangs on capitals
        {"field": "timestamp_opt", "op": "within", "value": 9},
        {"field": "FNAME", "op": "greater", "value": "B"},
        {"field": "interests-x", "op": "interestcontains_odd", "value": "TEA"},
    ],
)
def test_conditions_that_may_mean_two_things_are_an_error_and_never_a_guess(
    tmp_path: Path, condition: dict[str, object]
) -> None:
    with Sandbox(world(tmp_path / "w"), only=ONLY, start=START) as small:
        next(iter(small.state["mailchimp"].lists["aa00000001"].members.values())).values["FNAME"] = "Ada"
        one = of_box(small)
        campaign = campaigns_of(one)["plain"]
        # Put in here: the sandbox refuses some of these conditions itself.
        aim(one, "plain", SegmentOpts(conditions=[condition]))
        with pytest.raises(PlatformError, match="Mailchimp does not list those people"):
            people(one, campaign)


def test_a_ready_made_segment_is_an_error(one: MailchimpConnector, found: dict[str, Campaign]) -> None:
    before = one._reader.seen["mc-winback"]
    aim(one, "mc-winback", SegmentOpts(prebuilt_segment_id="subscribers-lapsed"))
    with pytest.raises(PlatformError, match="ready-made"):
        people(one, found["mc-winback"])
    one._reader.seen["mc-winback"] = before


def test_a_deleted_segment_is_never_nobody(tmp_path: Path) -> None:
    with Sandbox(world(tmp_path / "w"), only=ONLY, start=START) as small:
        account = small.state["mailchimp"]
        one = of_box(small)
        part = campaigns_of(one)["part"]
        del account.lists["aa00000001"].segments[11]
        with pytest.raises(Gone):
            people(one, part)


# -- when things go wrong


@pytest.fixture(scope="module")
def cross() -> Iterator[tuple[Sandbox, MailchimpConnector, list[Campaign | Trouble]]]:
    with Sandbox("cross", only=ONLY, start=START) as running:
        one = of_box(running)
        yield running, one, list(one.campaigns())


@pytest.mark.parametrize(
    "name", ["good", "polite", "curt", "tired", "cutoff", "short", "blank", "wall", "shut", "void"]
)
def test_an_audience_is_whole_or_an_error(
    cross: tuple[Sandbox, MailchimpConnector, list[Campaign | Trouble]], name: str
) -> None:
    running, one, found = cross
    campaign = next(each for each in found if isinstance(each, Campaign) and each.ref.id == f"hc-{name}")
    specs = {each["id"]: each for each in running.world.platforms["mailchimp"]["campaigns"]}
    if not specs[campaign.ref.id]["incomplete"]:
        assert sorted(mailed(people(one, campaign))) == sorted(running.platforms["mailchimp"].send(campaign.ref.id))
    else:
        with pytest.raises(PlatformError) as error:
            people(one, campaign)
        assert error.value.help


@pytest.mark.parametrize("overload", ["429", "bare403"])
def test_an_overload_is_waited_out(overload: str) -> None:
    switches = {"mailchimp.overload": overload}
    with Sandbox("cross", only=ONLY, start=START, switches=switches) as running:
        fake = FakeTime(lambda: running.now)
        one = of_box(running, fake=fake)
        assert one.campaign("hc-good").vocabulary.complete
        assert fake.naps


def test_shops_that_may_not_be_read_are_a_gap_of_the_source(tmp_path: Path) -> None:
    fault = '[[faults]]\nkind = "status"\nstatus = 400\npath = "ecommerce"'
    with Sandbox(world(tmp_path / "w", more=fault), only=ONLY, start=START) as small:
        one = of_box(small)
        plain = campaigns_of(one)["plain"]
        assert isinstance({s.name: s.watermark for s in plain.sources}["orders"], Gap)
        assert set(people(one, plain)[0].columns["@orders"]) == {None}


def test_a_list_whose_fields_fail_makes_troubles_of_its_campaigns(tmp_path: Path) -> None:
    fault = '[[faults]]\nkind = "truncate"\npath = "merge-fields"'
    with Sandbox(world(tmp_path / "w", more=fault), only=ONLY, start=START) as small:
        found = list(of_box(small).campaigns())
    assert {each.ref.id for each in found if isinstance(each, Trouble) and each.ref} == {
        "plain",
        "part",
        "warp",
        "feed",
    }
    assert len(found) == 4


def test_rss_campaigns_run_and_everything_adds_paused_ones(tmp_path: Path) -> None:
    with Sandbox(world(tmp_path / "w"), only=ONLY, start=START) as small:
        one = of_box(small)
        assert campaigns_of(one)["feed"].schedule.strategy is Strategy.RECURRING
        small.state["mailchimp"].campaigns["feed"].status = "paused"
        assert "feed" not in campaigns_of(one)
        assert campaigns_of(one, everything=True)["feed"].state is State.PAUSED


def test_importing_the_package_does_not_import_the_sdk() -> None:
    code = "import sys, presend_connectors.mailchimp; sys.exit('mailchimp_marketing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
