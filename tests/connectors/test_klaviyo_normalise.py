"""The pure parts of the Klaviyo connector: times, columns, facts, reasons, schedule requests, notes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from presend.model import Gap, Strategy
from presend.ports import Role
from presend_connectors.klaviyo.definitions import column_of, conditions_of
from presend_connectors.klaviyo.facts import Wanted, cell, person
from presend_connectors.klaviyo.normalise import label
from presend_connectors.klaviyo.orders import Bought, Orders, products_of
from presend_connectors.klaviyo.places import country_code, region_code
from presend_connectors.klaviyo.shapes import ProfileRow
from presend_connectors.klaviyo.times import STRATEGIES, first_delivery, moment, stated, time_text
from presend_connectors.klaviyo.writer_notes import with_block
from presend_connectors.klaviyo.writer_people import property_name
from tests.support.klaviyo_account import (
    Answers,
    Reply,
    message,
    on,
    page,
    profile,
    reached,
    served,
    shell,
    small,
    variation,
)

AT = "2026-11-25T10:00:00+00:00"
TEN = datetime(2026, 11, 25, 10, tzinfo=UTC)


# ---- times


@pytest.mark.parametrize(
    ("word", "zone", "before"),
    [
        ("static", "America/New_York", 0),
        ("content_variation", "Europe/London", 0),
        ("throttled", None, 0),
        ("variation_per_second_throttled", None, 0),
        ("local_timezone", "Europe/London", 14),
        ("local_timezone", "America/New_York", 19),
        ("local_timezone", "Pacific/Auckland", 14),
        ("content_variation_local_timezone", None, 26),
        ("local_timezone", "Not/AZone", 26),
        ("send_time_optimization", "Europe/London", 14),
        ("personalized_send_time_optimization", "Europe/London", 14),
    ],
)
def test_the_first_delivery_is_as_early_as_it_can_be(word: str, zone: str | None, before: int) -> None:
    options = {"send_time": AT, "send_strategy": word}
    assert first_delivery(options, zone) == TEN - timedelta(hours=before)


@pytest.mark.parametrize("word", [None, "", "by_the_moon", 7])
def test_an_unknown_strategy_has_no_known_first_delivery(word: Any) -> None:
    assert isinstance(first_delivery({"send_time": AT, "send_strategy": word}, "UTC"), Gap)


def test_a_missing_or_unreadable_time_is_a_gap_and_variations_may_have_their_own() -> None:
    assert isinstance(first_delivery({"send_time": None, "send_strategy": "static"}, "UTC"), Gap)
    assert isinstance(stated({"send_time": "soon"}), Gap)
    times = {"send_times": {"B": "2026-11-25T12:00:00Z", "A": AT, "C": None}}
    assert stated(times) == TEN


def test_every_strategy_of_the_revision_is_known() -> None:
    assert Strategy.UNKNOWN not in STRATEGIES.values()
    assert len(STRATEGIES) == 9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01T10:00:00+00:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01T10:00:00+05:45", "2024-05-01T04:15:00Z"),
        ("2024-05-01T10:00:00.123456Z", "2024-05-01T10:00:00Z"),
        ("2024-05-01 10:00:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01", "2024-05-01T00:00:00Z"),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1714557600, None),
    ],
)
def test_times_become_one_form(text: Any, expected: str | None) -> None:
    assert time_text(text) == expected
    assert (moment(text) is None) is (expected is None)


# ---- cells


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'"Ann"', '"Ann"'),
        (b'"Jos\\u00e9"', '"José"'),
        (b'"a\\/b"', '"a/b"'),
        (b'{ "b" : 1 }', '{"b":1}'),
        (b"3.0", "3.0"),
        (b"12345678901234567890", "12345678901234567890"),
        (b"null", "null"),
        (b'" "', '" "'),
    ],
)
def test_a_cell_is_the_platforms_text_where_that_is_the_only_way_to_write_it(raw: bytes, expected: str) -> None:
    assert cell(raw) == expected


def row(**told: Any) -> ProfileRow:
    return msgspec.json.decode(msgspec.json.encode(profile(**told)), type=ProfileRow)


def marketing(**told: Any) -> dict[str, Any]:
    return {"email": {"marketing": {"can_receive_email_marketing": True, "consent": "SUBSCRIBED", **told}}}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({}, None),
        ({"email": None}, "no e-mail address"),
        ({"email": ""}, "no e-mail address"),
        ({"subscriptions": marketing(consent="UNSUBSCRIBED")}, "unsubscribed"),
        ({"subscriptions": marketing(consent="NEVER_SUBSCRIBED")}, None),
        ({"subscriptions": marketing(suppression=[{"reason": "HARD_BOUNCE"}])}, "mail to the address bounced"),
        ({"subscriptions": marketing(suppression=[{"reason": "ACT_OF_GOD"}])}, "suppressed (act_of_god)"),
        (
            {"subscriptions": marketing(can_receive_email_marketing=False)},
            "Klaviyo says that the profile cannot receive e-mail marketing",
        ),
        (
            {"subscriptions": marketing(list_suppressions=[{"list_id": "L", "reason": "UNSUBSCRIBE"}])},
            "unsubscribed for the list that is written to",
        ),
        ({"subscriptions": marketing(list_suppressions=[{"list_id": "OTHER", "reason": "UNSUBSCRIBE"}])}, None),
    ],
)
def test_who_is_not_mailed_has_the_reason(told: dict[str, Any], reason: str | None) -> None:
    found = person(row(**told), Wanted(frozenset(), lists=frozenset({"L"})))
    assert found.why_not == reason
    assert found.cells["@suppressed"] == ("false" if reason is None else "true")
    assert found.only_here is (reason is not None and "the list" in reason)


def test_a_message_that_ignores_unsubscribes_reaches_those_who_opted_out_but_not_bounced_addresses() -> None:
    wanted = Wanted(frozenset(), ignoring_unsubscribes=True)
    out = marketing(consent="UNSUBSCRIBED", can_receive_email_marketing=False, suppression=[{"reason": "UNSUBSCRIBE"}])
    found = person(row(subscriptions=out), wanted)
    assert found.why_not is None
    assert found.cells["@consent"] == '"denied"'
    bounced = marketing(suppression=[{"reason": "UNSUBSCRIBE"}, {"reason": "HARD_BOUNCE"}])
    assert person(row(subscriptions=bounced), wanted).why_not == "mail to the address bounced"


@pytest.mark.parametrize(
    ("told", "source"),
    [
        ({"method": "FORM", "custom_method_detail": "Footer"}, '"FORM (Footer)"'),
        ({"method": "API", "method_detail": "", "custom_method_detail": None}, '"API"'),
        ({"method": "API", "consent": "UNSUBSCRIBED"}, '"API"'),
        ({"method": "API", "consent": "NEVER_SUBSCRIBED"}, None),
        ({"method": None}, None),
    ],
)
def test_how_consent_was_given_is_told_in_klaviyos_words(told: dict[str, Any], source: str | None) -> None:
    found = person(row(subscriptions=marketing(**told), locale="en-GB"), Wanted(frozenset())).cells
    assert found.get("@consent_source") == source
    assert found["@locale"] == '"en-GB"'


def test_impossible_values_are_not_there() -> None:
    told = row(
        location={"country": "Atlantis", "timezone": "Mars/Olympus"},
        properties={"Birthday": "1900-01-01", "count": -3, "visited": "yesterday"},
    )
    facts = {"orders": "count", "last_visit_at": "visited", "household": "no_such_thing"}
    found = person(told, Wanted(frozenset(), facts)).cells
    assert found["@country"] == '"Atlantis"'  # as written: nobody knows such a place, and nobody is taken for another
    absent = ("@timezone", "@birthday", "@orders", "@last_visit_at", "@household")
    assert {name: found.get(name) for name in absent} == dict.fromkeys(absent)


def test_facts_come_from_places_names_and_the_users_mapping() -> None:
    told = row(
        location={"country": "Deutschland", "region": "Bayern", "zip": 80331, "timezone": "Europe/Berlin"},
        properties={
            "Date of Birth": "1980-02-29",
            "Preferred Name": "Barb",
            "salutation": "Ms",
            "gender": None,
            "Last Purchase": "2026-10-01T12:00:00+02:00",
            "Orders": "7",
            "dog_name": "Otto",
            "Dog_Name_As_Of": "2021-05-05",
            "presend:TAG002": True,
        },
        title="Head of Sales",
    )
    facts = {"last_order_at": "Last Purchase", "orders": "Orders", "not_a_fact": "Orders"}
    found = person(told, Wanted(frozenset({"dog_name", "title"}), facts)).cells
    expected = {
        "dog_name": '"Otto"',
        "title": '"Head of Sales"',
        "@as_of:dog_name": '"2021-05-05T00:00:00Z"',
        "@country": '"DE"',
        "@region": '"Bayern"',
        "@postcode": '"80331"',
        "@timezone": '"Europe/Berlin"',
        "@birthday": '"1980-02-29"',
        "@preferred_name": '"Barb"',
        "@title": '"Ms"',
        "@last_order_at": '"2026-10-01T10:00:00Z"',
        "@orders": "7",
        "@email": '"p1@example.com"',
        "@consent": '"granted"',
        "@suppressed": "false",
    }
    assert expected == {name: value for name, value in found.items() if value is not None}


def test_presends_own_marks_are_no_vocabulary_and_null_attributes_are_absent() -> None:
    told = row(properties={"presend:TAG002": True, "vip": None}, title=None, location={"city": None, "region": ""})
    found = person(told, Wanted(frozenset({"vip", "title", "location.city", "location.region"})))
    assert set(found.names) == {"email", "first_name", "vip", "location.region"}
    assert {name: found.cells.get(name) for name in ("vip", "title", "location.city", "location.region")} == {
        "vip": "null",
        "title": None,
        "location.city": None,
        "location.region": '""',
    }


def test_orders_are_zero_only_when_every_order_was_seen() -> None:
    bought = Bought(2, "2026-10-01T10:00:00Z", ["Tulips"])
    for whole, mine, others in ((True, "2", "0"), (False, None, None)):
        orders = Orders({"P1": bought}, whole=whole)
        assert person(row(), Wanted(frozenset(), orders=orders)).cells.get("@orders") == mine
        other = person(row(own="P2"), Wanted(frozenset(), orders=orders)).cells
        assert (other.get("@orders"), other.get("@last_order_at")) == (others, None)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Items": ["Tulips", "Tulips", "Oak feeder"]}, ["Tulips", "Oak feeder"]),
        ({"Items": [{"ProductName": "Tulips"}, {"Name": "Fern"}, {"SKU": 1}]}, ["Tulips", "Fern"]),
        ({"ItemNames": ["Tulips"], "ProductName": "Fern"}, ["Tulips", "Fern"]),
        ({"Items": None, "$value": 3}, []),
    ],
)
def test_products_are_named_however_the_shop_writes_them(properties: dict[str, Any], expected: list[str]) -> None:
    assert products_of(properties) == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("usa", "US"),
        ("us", "US"),
        (" Österreich ", "AT"),
        ("Korea", None),
        ("Congo", None),
        ("Narnia", None),
        ("Georgia", "GE"),
    ],
)
def test_a_country_has_a_code_only_when_it_is_certain(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_two_letters_are_a_state_in_the_us_and_canada_only() -> None:
    assert region_code("tx", "US") == "US-TX"
    assert region_code("Texas", "US") == "Texas"
    assert region_code("BY", "DE") == "BY"
    assert region_code("ON", "CA") == "CA-ON"


# ---- segments and labels


def test_conditions_name_columns_as_the_dialect_does() -> None:
    assert column_of("properties['car model']") == "car model"
    assert column_of('location["city"]') == "location.city"
    assert column_of("email") == "email"
    groups = [{"conditions": [{"type": "profile-property", "property": "properties['x']", "filter": None}, {}, 3]}, 4]
    assert [(each.column, each.op) for each in conditions_of({"condition_groups": groups})] == [("x", "")]
    assert conditions_of(None) == ()


def test_labels_go_on_after_z() -> None:
    assert [label(index) for index in (0, 1, 25, 26, 27, 51, 52)] == ["A", "B", "Z", "AA", "AB", "AZ", "BA"]


# ---- notes


def test_the_block_of_a_description_is_presends_and_the_rest_is_peoples() -> None:
    first = with_block("Signed off.", "one")
    assert first == "Signed off.\n\n[presend]\none\n[/presend]"
    assert with_block(first, "two") == "Signed off.\n\n[presend]\ntwo\n[/presend]"
    assert with_block(f"{first}\nMore by people.", "two").startswith("Signed off.\nMore by people.")
    assert with_block(first, "") == "Signed off."
    assert with_block(None, "one [/presend] more") == "[presend]\none  more\n[/presend]"
    assert property_name("TAG002") == property_name("presend:TAG002") == "presend:TAG002"


# ---- several audiences in one campaign


def test_messages_with_audiences_of_their_own_reach_the_union_of_their_recipients() -> None:
    first, second = message("M1"), message("M2")
    audiences = [
        {"id": "M1A", "type": "campaign-audience", "attributes": {"definition": definition}}
        for definition in ({"included": ["LIST1"], "excluded": ["LIST3"]},)
    ]
    audiences.append(
        {
            "id": "M2A",
            "type": "campaign-audience",
            "attributes": {"definition": {"included": ["LIST2"], "excluded": []}},
        }
    )
    own: dict[str, Answers] = {
        "/api/campaign-messages": lambda _: page(first, second, included=[shell(), variation("M1"), variation("M2")]),
        "/api/campaigns": lambda _: page(shell(), included=audiences),
        "/api/templates/*": lambda _: page(),
        "/api/lists/LIST1/profiles": lambda _: page(profile("P1"), profile("P2"), profile("P3")),
        "/api/lists/LIST2/profiles": lambda _: page(profile("P3"), profile("P4")),
        "/api/lists/LIST3/relationships/profiles": lambda _: page({"id": "P2"}, {"id": "P3"}, {"id": "P4"}),
    }
    for key in ("LIST1", "LIST2", "LIST3"):
        own[f"/api/lists/{key}"] = lambda _, key=key: _named(key)  # type: ignore[misc]
    with served(small(own)) as (origin, _):
        connector = on(origin)
        found = connector.campaign("C1")
        batches = list(connector.people(found, frozenset()))
    assert reached(batches) == ["P1", "P3", "P4"]
    assert [batch.ids for batch in batches if batch.role is Role.EXCLUDE] == [["P2"]]
    assert [ref.id for ref in found.audience.included] == ["LIST1", "LIST2"]
    assert found.audience.excluded == ()


def _named(key: str) -> Any:
    return Reply({"data": {"id": key, "attributes": {"name": key}}})
