"""From Mailchimp's contacts to columns and facts, without a server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from presend.model import Field, Gap, Known
from presend_connectors.mailchimp import facts, listing, wire, wire_shops
from presend_connectors.mailchimp.times import moment
from tests.support.mailchimp import LISTING


def member(values: bytes = b"{}", **more: Any) -> wire.Member:
    plain = msgspec.json.encode({"id": "m", "email_address": "ada@example.org", "status": "subscribed", **more})
    return msgspec.json.decode(plain[:-1] + b',"merge_fields":' + values + b"}", type=wire.Member)


def cells(one: wire.Member, *asked: str, **more: Any) -> dict[str, str | None]:
    made = facts.columns_of(LISTING, asked, more.get("mapped", {}), more.get("bought", Gap("none")))
    return {name: column([one])[0] for name, column in made.items()}


def test_absent_null_empty_and_blank_stay_four_things() -> None:
    found = [
        cells(member(values), "FNAME")["FNAME"]
        for values in (b"{}", b'{"FNAME":null}', b'{"FNAME":""}', b'{"FNAME":" "}', b'{"FNAME": 1.50}')
    ]
    assert found == [None, "null", '""', '" "', "1.50"]


def test_text_has_one_spelling_whatever_its_escapes() -> None:
    assert cells(member(b'{"FNAME":"Zo\\u00eb"}'), "FNAME")["FNAME"] == '"Zoë"'


def test_columns_that_the_list_does_not_have_are_absent() -> None:
    assert "FRIST" not in cells(member(), "FRIST", "INTERESTED:Nothing")


def test_groups_language_and_address() -> None:
    found = cells(
        member(interests={"i1": False, "i2": True}, language="de"), "INTERESTED:Topics", "MC_LANGUAGE", "EMAIL"
    )
    assert found["INTERESTED:Topics"] == '["Cake, dry"]'
    assert (found["MC_LANGUAGE"], found["EMAIL"]) == ('"de"', '"ada@example.org"')


def test_facts_of_a_member() -> None:
    one = member(
        b'{"BDAY":"02/29"}',
        timestamp_signup="2020-01-01T00:00:00+00:00",
        timestamp_opt="2020-01-02T00:00:00+00:00",
        last_changed="2021-01-01T00:00:00+00:00",
        location={"country_code": "de", "region": "HH", "timezone": "Europe/Berlin"},
    )
    found = cells(one)
    assert found["@created_at"] == '"2020-01-01T00:00:00Z"'
    assert found["@confirmed_at"] == found["@consent_at"] == '"2020-01-02T00:00:00Z"'
    assert found["@updated_at"] == '"2021-01-01T00:00:00Z"'
    assert (found["@consent"], found["@suppressed"], found["@birthday"]) == ('"granted"', "false", '"--02-29"')
    assert (found["@country"], found["@region"], found["@timezone"]) == ('"DE"', '"HH"', '"Europe/Berlin"')
    assert "@last_activity_at" not in found  # no page of members tells it
    assert found["@orders"] is None


def test_what_mailchimp_counts_stands_in_for_orders_that_cannot_be_read() -> None:
    def counted(orders: int) -> str | None:
        return cells(member(stats={"ecommerce_data": {"number_of_orders": orders}}))["@orders"]

    # A nought may be no more than a shop that is not connected: nothing is known then.
    assert [counted(orders) for orders in (3, 0, -1)] == ["3", None, None]
    whole = cells(member(stats={"ecommerce_data": {"number_of_orders": 3}}), bought={})
    assert whole["@orders"] == "0"


def test_the_address_of_an_order_goes_before_a_guessed_place_and_behind_a_stated_one() -> None:
    told = wire_shops.Address(country_code="us", province_code="TX", postal_code="77002")
    who = wire_shops.Customer("c", "ada@example.org", told)
    bare = wire_shops.Customer("c", "ada@example.org", wire_shops.Address(province="Texas"))
    orders = [
        wire_shops.Order("1", who, "2026-01-01T00:00:00+00:00"),
        wire_shops.Order("2", bare, "2026-02-01T00:00:00+00:00"),
    ]
    bought, _newest = listing.tally([orders])
    guess = {"country_code": "DE", "region": "HH", "timezone": "Europe/Berlin"}

    def place(values: bytes) -> list[str | None]:
        one = msgspec.structs.replace(member(values, location=guess), id=listing.subscriber("ada@example.org"))
        found = cells(one, bought=bought)
        return [found["@country"], found["@region"], found["@postcode"]]

    assert place(b"{}") == ['"US"', '"TX"', '"77002"']
    stated = b'{"ADDRESS":{"addr1":"1 A","city":"Oslo","state":"","zip":"0150","country":"NO"}}'
    assert place(stated) == ['"NO"', None, '"0150"']


def test_where_a_contact_came_from_and_what_language_it_reads() -> None:
    found = cells(member(language="pt_PT", source="Signup Form"))
    assert (found["@locale"], found["@consent_source"]) == ('"pt_PT"', '"Signup Form"')
    thin = cells(member(language=""))  # a segment's members are shown without their source
    assert (thin["@locale"], thin["@consent_source"]) == (None, None)


def test_a_full_date_of_birth_goes_before_a_birthday_without_its_year() -> None:
    born = Field(
        tag="MMERGE9", names=("MMERGE9",), label="Date of birth", type="date", required=False, default=Known("")
    )
    made = facts.columns_of(replace(LISTING, fields=(*LISTING.fields, born)), (), {}, Gap("none"))["@birthday"]
    people = [
        member(b'{"BDAY":"02/29","MMERGE9":"1984-02-29"}'),
        member(b'{"BDAY":"02/29","MMERGE9":"1900-01-01"}'),
        member(b'{"BDAY":"","MMERGE9":""}'),
    ]
    assert made(people) == ['"1984-02-29"', '"--02-29"', None]


def test_users_say_which_property_dates_another() -> None:
    found = cells(member(b'{"SIZE_AS_OF":"2022-10-13"}'), mapped={"CITY_as_of": "SIZE_AS_OF"})
    assert found["@as_of:CITY"] == '"2022-10-13T00:00:00Z"'


def test_a_stated_address_goes_before_a_guessed_place_and_is_not_mixed_with_it() -> None:
    address = b'{"ADDRESS":{"addr1":"1 A","city":"Oslo","state":"","zip":"0150","country":"NO"}}'
    found = cells(member(address, location={"country_code": "DE", "region": "HH", "timezone": "604"}))
    assert (found["@country"], found["@region"], found["@postcode"]) == ('"NO"', None, '"0150"')
    assert found["@timezone"] is None
    blank = cells(member(b'{"ADDRESS":""}', location={"country_code": "DE", "region": "", "timezone": ""}))
    assert (blank["@country"], blank["@region"], blank["@postcode"]) == ('"DE"', None, None)


@pytest.mark.parametrize(
    ("status", "consent"), [("unsubscribed", '"denied"'), ("cleaned", '"unknown"'), ("x", '"unknown"')]
)
def test_whom_mailchimp_will_not_mail(status: str, consent: str) -> None:
    found = cells(member(status=status))
    assert (found["@consent"], found["@suppressed"]) == (consent, "true")
    assert facts.suppressed(status)
    assert facts.suppressed("subscribed") is None


def test_dates_of_fields_are_found_by_tag_and_by_label() -> None:
    found = cells(member(b'{"SIZE_AS_OF":"2022-10-13","MMERGE6":"2023-01-31"}'), "SIZE", "CAR", "CITY")
    assert found["@as_of:SIZE"] == '"2022-10-13T00:00:00Z"'
    assert found["@as_of:CAR"] == '"2023-01-31T00:00:00Z"'
    assert "@as_of:CITY" not in found


def test_users_say_which_property_holds_a_fact() -> None:
    mapped = {"last_activity_at": "SIZE_AS_OF", "title": "first name", "orders": "SIZE", "nonsense": "CITY"}
    found = cells(member(b'{"SIZE_AS_OF":"2022-10-13","FNAME":"Ms","SIZE":"4"}'), mapped=mapped)
    assert (found["@last_activity_at"], found["@title"], found["@orders"]) == ('"2022-10-13T00:00:00Z"', '"Ms"', "4")
    assert cells(member(b'{"FNAME":" "}'), mapped=mapped)["@title"] is None


def test_orders_are_counted_without_the_cancelled_ones() -> None:
    def order(at: str, title: str, **more: Any) -> wire_shops.Order:
        who = wire_shops.Customer("c", "Ada@Example.org")
        return wire_shops.Order("o" + at, who, at, lines=[wire_shops.Line(title)], **more)

    pages = [
        [order("2026-01-01T00:00:00+00:00", "Pot")],
        [
            order("2026-03-01T00:00:00+00:00", "Fork"),
            order("2026-09-01T00:00:00+00:00", "X", financial_status="cancelled"),
        ],
    ]
    bought, newest = listing.tally(pages)
    assert newest == moment("2026-09-01T00:00:00+00:00")
    one = member()
    one = msgspec.structs.replace(one, id=listing.subscriber("ada@example.org"))
    found = cells(one, bought=bought)
    assert (found["@orders"], found["@last_order_at"], found["@last_product"], found["@products"]) == (
        "2", '"2026-03-01T00:00:00Z"', '"Fork"', '["Fork","Pot"]'
    )  # fmt: skip
    assert (cells(member(), bought=bought)["@orders"], cells(member(), bought=bought)["@last_order_at"]) == ("0", None)


@pytest.mark.parametrize(
    ("tag", "label", "fact"),
    [
        ("MMERGE9", "Preferred name", "@preferred_name"),
        ("GOES_BY", "What you like", "@preferred_name"),
        ("MMERGE9", "Salutation", "@title"),
        ("GENDER", "", "@gender"),
        ("MMERGE9", "New last name", "@new_last_name"),
    ],
)
def test_fields_that_state_a_fact_by_their_name(tag: str, label: str, fact: str) -> None:
    named = replace(LISTING, fields=(*LISTING.fields, Field(tag, (tag,), label, "text", False, Known(""))))
    one = member(f'{{"{tag}":"Osei"}}'.encode())
    made = facts.columns_of(named, (), {}, Gap("none"))

    assert made[fact]([one]) == ['"Osei"']
    assert facts.columns_of(named, (), {fact[1:]: "CITY"}, Gap("none"))[fact]([one]) == [None]
    assert fact not in facts.columns_of(LISTING, (), {}, Gap("none"))
