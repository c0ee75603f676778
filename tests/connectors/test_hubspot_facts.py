"""HubSpot's property values as cells, facts and dates, and whom HubSpot will not mail."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from presend.audience.schema import FactType
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.facts import as_fact, cell, columns_of, dated_by, suppressed
from presend_connectors.hubspot.times import contact_zone, moment, stamp, written
from tests.support.hubspot_account import START, record


def test_null_is_absent_and_empty_and_blank_stay_what_they_are() -> None:
    one = record(a=None, b="", c=" ", d="x", e='say "hi" \u00e9', f=7, g=True)

    assert [cell(one, name) for name in "abcdfgz"] == [None, '""', '" "', '"x"', "7", "true", None]
    assert cell(one, "e") == cell(
        msgspec.json.decode(b'{"id":"7","properties":{"e":"say \\"hi\\" \xc3\xa9"}}', type=wire.Record), "e"
    )


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({}, None),
        ({"email": ""}, "no email"),
        ({"email": None}, "no email"),
        ({"hs_email_optout": "true"}, "all email"),
        ({"hs_email_optout": True}, "all email"),
        ({"hs_email_optout_4501": "true"}, "this type"),
        ({"hs_email_optout_9999": "true"}, None),
        ({"hs_email_hard_bounce_reason_enum": "SPAM"}, "bounced"),
        ({"hs_email_quarantined": "true"}, "quarantine"),
        ({"hs_marketable_status": "false"}, "marketing contact"),
        ({"hs_marketable_status": None}, None),
        ({"hs_email_bounce": "3"}, None),
        ({"hs_email_sends_since_last_engagement": "12"}, "not reacted"),
        ({"hs_email_sends_since_last_engagement": "11"}, None),
    ],
)
def test_whom_hubspot_will_not_mail_and_why(properties: dict[str, Any], reason: str | None) -> None:
    said = suppressed(record(**{"email": "ann@example.com", **properties}), "4501", graymail=True)

    assert (said is None) if reason is None else (reason in str(said))
    graymail = suppressed(
        record(email="ann@example.com", hs_email_sends_since_last_engagement="99"), "4501", graymail=False
    )
    assert graymail is None


@pytest.mark.parametrize(
    ("kind", "held", "expected"),
    [
        (FactType.TIME, '"2026-11-20T10:11:12.345Z"', '"2026-11-20T10:11:12Z"'),
        (FactType.TIME, '"1763633472000"', '"2025-11-20T10:11:12Z"'),
        (FactType.TIME, '"soon"', None),
        (FactType.TIME, '" "', None),
        (FactType.DATE, '"1984-02-29"', '"1984-02-29"'),
        (FactType.DATE, '"02/03/1984"', None),
        (FactType.NUMBER, '"3.0"', "3"),
        (FactType.NUMBER, '"many"', None),
        (FactType.FLAG, '"Yes"', "true"),
        (FactType.FLAG, '"perhaps"', None),
        (FactType.LIST, '"a; b,c"', '["a","b","c"]'),
        (FactType.TEXT, '" DE "', '"DE"'),
        (FactType.TEXT, None, None),
    ],
)
def test_properties_as_facts(kind: FactType, held: str | None, expected: str | None) -> None:
    assert as_fact(kind, held) == expected


def test_the_facts_of_a_contact() -> None:
    one = record(
        email="ann@example.com",
        createdate="2026-01-01T00:00:00Z",
        hs_email_last_open_date="2026-05-01T00:00:00Z",
        hs_email_last_click_date="2026-04-01T00:00:00Z",
        hs_analytics_last_timestamp="2026-06-01T00:00:00Z",
        hs_language="de",
        hs_legal_basis="Freely given consent from contact",
        date_of_birth="1900-01-01",
        pronouns="they/them",
        hs_timezone="america_slash_argentina_slash_buenos_aires",
        country="Argentina",
        hs_country_region_code="AR",
        num_associated_deals="2",
        tier_since="2026-02-02",
    )
    made = {
        name: make([one])[0]
        for name, make in columns_of(
            [], {"consent_at": "tier_since", "car_as_of": "tier_since"}, {}, "4501", graymail=False
        ).items()
    }

    assert made["@last_activity_at"] == '"2026-06-01T00:00:00Z"'
    assert made["@last_open_at"] == '"2026-05-01T00:00:00Z"'
    assert made["@last_click_at"] == '"2026-04-01T00:00:00Z"'
    assert made["@last_visit_at"] == '"2026-06-01T00:00:00Z"'
    assert (made["@locale"], made["@pronouns"]) == ('"de"', '"they/them"')
    assert made["@consent_source"] == '"Freely given consent from contact"'
    assert made["@birthday"] is None  # a form's zero, and nobody's day
    assert made["@as_of:car"] == '"2026-02-02T00:00:00Z"'
    assert made["@timezone"] == '"America/Argentina/Buenos_Aires"'
    assert made["@country"] == '"AR"'
    assert made["@orders"] is None  # two deals, none of them closed
    assert made["@consent_at"] == '"2026-02-02T00:00:00Z"'
    assert made["@suppressed"] == "false"


def test_a_value_is_dated_by_a_property_named_after_it_else_by_its_history() -> None:
    labels = {"car": "Car", "Car_As_Of": "", "x1": "Branch as of", "branch": "Branch", "lone": ""}
    assert [dated_by(labels, name) for name in ("car", "branch", "lone")] == ["Car_As_Of", "x1", None]

    history = {"car": [{"timestamp": "2026-03-01T00:00:00Z"}, {"timestamp": "2026-04-01T00:00:00Z"}]}
    row = {
        "id": "7",
        "properties": {"car": "Astra", "branch": None, "Car_As_Of": None},
        "propertiesWithHistory": history,
    }
    one = msgspec.json.decode(msgspec.json.encode(row), type=wire.Record)
    made = columns_of(["car", "branch"], {}, labels, "", graymail=False)
    assert made["@as_of:car"]([one]) == ['"2026-04-01T00:00:00Z"']
    assert made["@as_of:branch"]([one]) == [None]
    told = msgspec.json.decode(
        msgspec.json.encode(row | {"properties": {"car": "A", "Car_As_Of": "2026-05-05"}}), type=wire.Record
    )
    assert made["@as_of:car"]([told]) == ['"2026-05-05T00:00:00Z"']


def test_times_and_zones() -> None:
    assert moment("") is moment(None) is moment("tomorrow") is None
    assert moment("2026-11-23T09:00:00") == START
    assert stamp(1763633472000) == '"2025-11-20T10:11:12Z"'
    assert written(START) == "2026-11-23T09:00:00.000Z"
    assert contact_zone("europe_slash_berlin") == "Europe/Berlin"
    assert contact_zone("mars_slash_olympus") is contact_zone("utc") is contact_zone("") is None


def test_properties_that_state_a_name_by_theirs() -> None:
    one = record(preferred_name="Barb", new_last_name="Osei", salutation="Ms", gender="")
    made = columns_of((), {}, {}, "", graymail=False)
    names = ("preferred_name", "new_last_name", "title", "gender")

    assert [made[f"@{name}"]([one]) for name in names] == [['"Barb"'], ['"Osei"'], ['"Ms"'], [None]]
