"""Reading the imitated Klaviyo account through the real SDK: campaigns, schedules, people, facts, flows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from presend.errors import Gone, PlatformError
from presend.model import Able, Campaign, Gap, Kind, Part, State, Strategy
from presend.ports import Role, Trouble
from presend_connectors.klaviyo.adapter import KlaviyoConnector
from presend_sandbox import Sandbox
from tests.support.klaviyo_account import START, at, campaigns, cells, on, reached


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The mishaps world; nothing here changes it."""
    with Sandbox("mishaps", start=START, only=["klaviyo"]) as running:
        yield running


@pytest.fixture(scope="module")
def lark(box: Sandbox) -> KlaviyoConnector:
    return at(box)


@pytest.fixture(scope="module")
def found(lark: KlaviyoConnector) -> dict[str, Campaign]:
    """Every scheduled campaign of the mishaps world, read once."""
    return campaigns(lark)


@pytest.fixture
def world() -> Iterator[Callable[..., Sandbox]]:
    """Starts worlds of a test's own, with switches."""
    running: list[Sandbox] = []

    def start(name: str = "mishaps", **switches: str) -> Sandbox:
        chosen = {f"klaviyo.{key}": value for key, value in switches.items()}
        running.append(Sandbox(name, start=START, switches=chosen, only=["klaviyo"]).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()


def test_every_scheduled_email_is_found_and_text_messages_are_left_out(
    box: Sandbox, lark: KlaviyoConnector, found: dict[str, Campaign]
) -> None:
    state = box.state["klaviyo"]
    due = {row.campaign for row in state.messages.values() if row.status == "scheduled"}
    assert set(found) == due - {"01LARKSMS"}
    with pytest.raises(Gone, match="no e-mail"):
        lark.campaign("01LARKSMS")


def test_a_campaign_has_its_content_schedule_audience_and_vocabulary(found: dict[str, Campaign]) -> None:
    one = found["01LARKBARENAME"]
    assert (one.ref.name, one.ref.kind, one.state) == ("Autumn bulbs are in", Kind.CAMPAIGN, State.SCHEDULED)
    assert one.native_state == "scheduled"
    assert one.schedule.strategy is Strategy.STATIC
    assert one.schedule.send_at == one.schedule.stated == START + timedelta(hours=30)
    assert one.schedule.stoppable_until == START + timedelta(hours=29, minutes=40)
    assert one.schedule.zone == "Europe/London"
    (message,) = one.messages
    assert (message.id, message.label) == ("01LARKBARENAMEM1", "A")
    assert message.parts[Part.SUBJECT] == "The autumn bulbs are in"
    assert message.parts[Part.PREVIEW_TEXT] == "Plant now, be glad in April"
    assert message.parts[Part.FROM_NAME] == "Larkfield Pets & Garden"
    assert message.parts[Part.REPLY_TO] == "hello@larkfield.example"
    assert "<p>Hi {{ first_name }},</p>" in str(message.parts[Part.HTML])
    assert str(message.parts[Part.TEXT]).startswith("Hi {{ first_name }},")
    assert [(ref.kind, ref.name) for ref in one.audience.included] == [("list", "Newsletter")]
    assert [(ref.kind, ref.name) for ref in one.audience.excluded] == [("list", "Staff and friends")]
    assert one.audience.frozen_since is None
    assert one.vocabulary.constants["organization.name"] == "Larkfield Pets & Garden"
    assert (one.vocabulary.zone, one.vocabulary.complete) == ("Europe/London", False)
    assert one.gaps == ()
    assert one.url == "https://www.klaviyo.com/campaign/01LARKBARENAME/wizard/1"


def test_a_template_without_text_says_so_and_is_no_failure(found: dict[str, Campaign]) -> None:
    one = found["01LARKNOBODY"]
    assert isinstance(one.messages[0].parts[Part.TEXT], Gap)
    assert one.gaps == ()


def test_variations_and_messages_are_labelled_in_the_platforms_order(found: dict[str, Campaign]) -> None:
    tested = found["01LARKABTEST"].messages
    assert [(each.label, each.id) for each in tested] == [
        ("A", "01LARKABTESTM1"),
        ("B", "01LARKABTESTM1"),
    ]
    two = found["01LARKTWOSTEP"]
    assert [(each.label, each.id) for each in two.messages] == [("A", "01LARKTWOSTEPM1"), ("B", "01LARKTWOSTEPM2")]
    assert two.schedule.send_at == START + timedelta(hours=31)


@pytest.mark.parametrize(
    ("campaign", "strategy", "send_at"),
    [
        ("01LARKWRONGCASE", Strategy.THROTTLED, START + timedelta(hours=30, minutes=30)),
        ("01LARKEMPTYDEFAULT", Strategy.LOCAL_TIME, START + timedelta(hours=49 - 14)),
        ("01LARKABTEST", Strategy.STATIC, START + timedelta(hours=34, minutes=15)),
        ("01LARKPLANT", Strategy.SMART, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("01LARKOVERDUE", Strategy.STATIC, START - timedelta(hours=2)),
    ],
)
def test_the_earliest_delivery_follows_the_strategy(
    found: dict[str, Campaign], campaign: str, strategy: Strategy, send_at: datetime
) -> None:
    schedule = found[campaign].schedule
    assert (schedule.strategy, schedule.send_at) == (strategy, send_at)


def test_sources_tell_the_newest_event_of_each_order_metric(found: dict[str, Campaign]) -> None:
    sources = {each.name: each.watermark for each in found["01LARKBARENAME"].sources}
    assert sources["Placed Order (Shopify)"] == START - timedelta(hours=7)
    assert sources["Store Purchase (Larkfield Tills)"] == START - timedelta(days=38)
    assert isinstance(sources["profiles"], datetime)


def test_one_campaign_read_again_is_the_same_and_an_edit_changes_its_revision(world: Callable[..., Sandbox]) -> None:
    box = world()
    first = at(box)
    before = campaigns(first)
    assert {key: first.campaign(key).revision for key in list(before)[:6]} == {
        key: before[key].revision for key in list(before)[:6]
    }
    box.state["klaviyo"].templates["01LARKNONEM1TA"].html += " "
    assert first.campaign("01LARKNONE").revision != before["01LARKNONE"].revision
    with pytest.raises(Gone, match="campaign 01NOSUCH"):
        first.campaign("01NOSUCH")
    assert first.campaign("01LARKDRAFT").state is State.DRAFT
    assert first.campaign("01LARKCANCELLED").state is State.CANCELLED


def test_recipients_are_those_whom_the_platform_would_mail(
    box: Sandbox, lark: KlaviyoConnector, found: dict[str, Campaign]
) -> None:
    platform = box.platforms["klaviyo"]
    by_audience = {campaign.audience.key: campaign for campaign in found.values()}
    assert len(by_audience) >= 7
    for campaign in by_audience.values():
        assert reached(list(lark.people(campaign, frozenset()))) == platform.send(campaign.ref.id), campaign.ref.id


def test_the_big_account_is_read_over_every_page_limit(world: Callable[..., Sandbox]) -> None:
    box = world("big")
    connector = at(box)
    found = campaigns(connector)
    assert len(found) == 112
    listed = [one for one in box.requests if one["path"] == "/api/campaign-messages"]
    assert len(listed) == 2
    assert reached(list(connector.people(found["01BIGDUEONE"], frozenset()))) == box.platforms["klaviyo"].send(
        "01BIGDUEONE"
    )
    assert len(box.requests) < 112 + 80  # a template each; everything else in bulk


def test_being_suppressed_for_one_list_counts_unless_another_reaches_the_person(world: Callable[..., Sandbox]) -> None:
    box = world("big")
    state, platform = box.state["klaviyo"], box.platforms["klaviyo"]
    both = state.groups["BLST02"].members.keys() & state.groups["BSEG12"].members.keys()
    only = sorted(state.groups["BLST02"].members.keys() - state.groups["BSEG12"].members.keys())
    mailed = platform.send("01BIGDUETWO")
    barred = [one for one in only if one in mailed][:2] + [one for one in sorted(both) if one in mailed][:2]
    row = {"list_id": "BLST02", "reason": "UNSUBSCRIBE", "timestamp": "2026-11-01T00:00:00+00:00"}
    for one in barred:
        state.profiles[one].consent.list_suppressions.append(row)
    connector = at(box)
    batches = list(connector.people(connector.campaign("01BIGDUETWO"), frozenset()))
    assert reached(batches) == platform.send("01BIGDUETWO")
    assert [one for one in barred[:2] if one in reached(batches)] == []


def test_columns_keep_absent_null_empty_and_blank_apart(world: Callable[..., Sandbox]) -> None:
    box = world()
    state = box.state["klaviyo"]
    ids = sorted(state.groups["CLUBMB"].members)[:6]
    for one, value in zip(ids, [None, "", " ", 'a"b\u00e9', ["x", 1], 3.0], strict=True):
        state.profiles[one].attributes["properties"]["made_up"] = value
        state.profiles[one].attributes["title"] = value if isinstance(value, str) else None
    connector = at(box)
    columns = frozenset({"made_up", "title", "location.city"})
    batches = list(connector.people(connector.campaign("01LARKNONE"), columns))
    made_up = cells(batches, "made_up")
    assert [made_up[one] for one in ids] == ["null", '""', '" "', '"a\\"bé"', '["x",1]', "3.0"]
    assert made_up[sorted(state.groups["CLUBMB"].members)[6]] is None
    title = cells(batches, "title")
    assert [title[one] for one in ids] == [None, '""', '" "', '"a\\"bé"', None, None]
    assert None not in cells(batches, "location.city").values()
    names = frozenset().union(*(batch.names for batch in batches))
    assert {"made_up", "title", "first_name", "location.city", "loyalty_tier"} <= names
    assert "organization" not in names


def test_facts_are_filled_from_where_klaviyo_keeps_them(box: Sandbox) -> None:
    connector = at(box, facts={"birthday": "club_since", "car_model_as_of": "club_since"})
    batches = list(connector.people(connector.campaign("01LARKOLDSTORE"), frozenset({"favourite_store"})))
    one = min(box.state["klaviyo"].groups["CLUBMB"].members)
    told = box.state["klaviyo"].profiles[one]

    def fact(name: str) -> str | None:
        return cells(batches, f"@{name}")[one]

    since = told.attributes["properties"]["club_since"]
    assert fact("created_at") == f'"{told.created:%Y-%m-%dT%H:%M:%SZ}"'
    assert fact("updated_at") == f'"{told.updated:%Y-%m-%dT%H:%M:%SZ}"'
    assert fact("last_activity_at") == f'"{told.last_event:%Y-%m-%dT%H:%M:%SZ}"'
    assert (fact("consent"), fact("suppressed")) == ('"granted"', "false")
    assert fact("confirmed_at") == fact("consent_at") == f'"{told.consent.at:%Y-%m-%dT%H:%M:%SZ}"'
    assert fact("timezone") == f'"{told.attributes["location"]["timezone"]}"'
    assert len(str(fact("country"))) == 4
    assert fact("birthday") == f'"{since}"'
    assert fact("as_of:car_model") == f'"{since}T00:00:00Z"'
    stored = told.attributes["properties"]["favourite_store_as_of"]
    assert fact("as_of:favourite_store") == f'"{stored}T00:00:00Z"'


def test_orders_come_from_the_events_of_order_metrics(box: Sandbox, lark: KlaviyoConnector) -> None:
    batches = list(lark.people(lark.campaign("01LARKBARENAME"), frozenset()))
    events = [row for row in box.state["klaviyo"].events if row.profile in cells(batches, "@orders")]
    orders, last = cells(batches, "@orders"), cells(batches, "@last_order_at")
    assert sum(int(str(each)) for each in orders.values()) == len(events)
    newest = max(events, key=lambda row: row.at)
    assert last[newest.profile] == f'"{newest.at:%Y-%m-%dT%H:%M:%SZ}"'
    assert cells(batches, "@last_product")[newest.profile] == f'"{newest.properties["Items"][0]}"'
    none = [one for one, count in orders.items() if count == "0"]
    assert none
    assert all(last[one] is None for one in none)


def test_an_audit_adds_live_flows_over_everyone(box: Sandbox, lark: KlaviyoConnector) -> None:
    found = campaigns(lark, everything=True)
    flow = found["FWELCM"]
    assert (flow.ref.kind, flow.state, flow.schedule.strategy) == (Kind.AUTOMATION, State.LIVE, Strategy.IMMEDIATE)
    assert isinstance(flow.schedule.send_at, Gap)
    assert flow.messages[0].parts[Part.SUBJECT] == "Welcome to the club"
    assert "{{ first_name|default:'there' }}" in str(flow.messages[0].parts[Part.HTML])
    assert "FOLDIE" not in found
    assert lark.campaign("FWELCM").revision == flow.revision
    people = [batch for batch in lark.people(flow, frozenset()) if batch.role is Role.INCLUDE]
    assert sum(len(batch.ids) for batch in people) == len(box.state["klaviyo"].profiles)


@pytest.mark.parametrize("switches", [{"last_page_links": "null"}, {"rate_limits": "enforced"}, {"recipients": "send"}])
def test_reading_is_the_same_under_every_switch(world: Callable[..., Sandbox], switches: dict[str, str]) -> None:
    box = world(**switches)
    connector = at(box)
    found = campaigns(connector)
    scheduled = {m.campaign for m in box.state["klaviyo"].messages.values() if m.status == "scheduled"}
    assert set(found) == scheduled - {"01LARKSMS"}
    assert reached(list(connector.people(found["01LARKNONE"], frozenset()))) == box.platforms["klaviyo"].send(
        "01LARKNONE"
    )


def test_a_segment_that_is_being_computed_makes_the_campaign_incomplete(world: Callable[..., Sandbox]) -> None:
    found = campaigns(at(world(segments="processing")))
    assert ["computing the segment Has a dog" in gap.reason for gap in found["01LARKOLDDOG"].gaps] == [True]
    assert found["01LARKNONE"].gaps == ()


def test_conditions_of_a_segment_name_the_columns_they_look_at(found: dict[str, Campaign]) -> None:
    assert [(each.column, each.op) for each in found["01LARKOLDDOG"].audience.conditions] == [("dog_name", "is-set")]
    assert found["01LARKWINBACK"].audience.conditions == ()


def test_what_goes_wrong_for_one_campaign_stays_with_it(world: Callable[..., Sandbox]) -> None:
    connector = at(world("cross"))
    found = campaigns(connector)
    broken = {key for key, each in found.items() if each.gaps}
    for key, each in found.items():
        try:
            size = len(reached(list(connector.people(each, frozenset()))))
        except PlatformError:
            broken.add(key)
        else:
            assert size == 24
    assert broken == {"01CROSSHTML", "01CROSSBRACES", "01CROSSTRUNC", "01CROSSEMPTY", "01CROSSBARE"}


def test_a_key_without_rights_is_told_and_reads_what_it_may(world: Callable[..., Sandbox]) -> None:
    box = world()
    scopes = ["campaigns:read", "templates:read", "segments:read", "lists:read", "profiles:read"]
    box.state["klaviyo"].info["scopes"] = scopes
    connector = at(box)
    info = connector.info()
    able = {right.name: right.able for right in info.rights}
    assert (able["profiles:read"], able["events:read"], able["campaigns:write"]) == (Able.YES, Able.NO, Able.UNKNOWN)
    assert "metrics:read" in next(right.detail for right in info.rights if right.name == "metrics:read")
    found = campaigns(connector)["01LARKNONE"]
    (orders, profiles) = found.sources
    assert isinstance(orders.watermark, Gap)
    assert "metrics:read" in orders.watermark.reason
    assert isinstance(profiles.watermark, datetime)
    assert found.vocabulary.constants == {}
    batches = list(connector.people(found, frozenset()))
    assert reached(batches) == box.platforms["klaviyo"].send("01LARKNONE")
    assert set(cells(batches, "@orders").values()) == {None}


def test_a_key_without_the_right_to_templates_leaves_every_campaign_incomplete(world: Callable[..., Sandbox]) -> None:
    box = world()
    box.state["klaviyo"].info["scopes"] = ["campaigns:read", "segments:read", "lists:read", "profiles:read"]
    found = campaigns(at(box))["01LARKNONE"]
    assert "templates:read" in found.gaps[0].reason
    assert isinstance(found.messages[0].parts[Part.HTML], Gap)
    assert isinstance(found.messages[0].parts[Part.SUBJECT], str)


def test_a_wrong_key_is_refused_with_what_to_do(box: Sandbox) -> None:
    for ask in (lambda c: list(c.campaigns()), lambda c: c.info()):
        with pytest.raises(PlatformError, match="401") as caught:
            ask(on(box.origin, "pk_wrong_0123456789"))
        assert "private key" in caught.value.help
        assert "pk_wrong" not in f"{caught.value!r}{caught.value.message}{caught.value.help}"


def test_a_list_that_is_gone_is_said_and_ends_the_audience(world: Callable[..., Sandbox]) -> None:
    box = world()
    del box.state["klaviyo"].groups["CLUBMB"]
    connector = at(box)
    found = [each for each in connector.campaigns() if not isinstance(each, Trouble)]
    one = next(each for each in found if each.ref.id == "01LARKNONE")
    assert "neither a segment nor a list CLUBMB" in one.gaps[0].reason
    with pytest.raises(Gone, match="CLUBMB"):
        list(connector.people(one, frozenset()))
