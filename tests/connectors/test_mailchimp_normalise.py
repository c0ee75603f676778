"""From Mailchimp's JSON to the model, without a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presend.model import Campaign, Condition, Gap, ItemState, Known, Part, State, Strategy
from presend_connectors.mailchimp import facts, listing, normalise, wire
from presend_connectors.mailchimp.times import moment, next_quarter, stamp, timewarp_begins

ROW: dict[str, Any] = {
    "id": "c1",
    "web_id": 77,
    "type": "regular",
    "status": "schedule",
    "send_time": "2026-11-24T15:00:00+00:00",
    "recipients": {"list_id": "l1", "list_name": "Letter", "recipient_count": 40},
    "settings": {
        "title": "One",
        "subject_line": "Hi",
        "preview_text": "P",
        "from_name": "N",
        "reply_to": "r@example.org",
    },
}
FIELDS = [
    {"merge_id": 1, "tag": "FNAME", "name": "First Name", "default_value": ""},
    {"merge_id": 2, "tag": "CITY", "name": "City", "default_value": "your town", "required": True},
    {"merge_id": 3, "tag": "SIZE", "name": "Glove size", "default_value": 9},
    {"merge_id": 4, "tag": "SIZE_AS_OF", "name": "Dated", "type": "date"},
    {"merge_id": 5, "tag": "CAR", "name": "Car model", "default_value": ""},
    {"merge_id": 6, "tag": "MMERGE6", "name": "car model as of", "type": "date", "default_value": ""},
    {"merge_id": 7, "tag": "ADDRESS", "name": "Address", "type": "address", "default_value": ""},
    {"merge_id": 8, "tag": "BDAY", "name": "Birthday", "type": "birthday", "default_value": ""},
]
LISTING = listing.Listing(
    "l1",
    listing.fields_of(msgspec.convert(FIELDS, list[wire.MergeField])),
    (listing.Groups("k1", "Topics", {"i1": "Tea", "i2": "Cake, dry"}),),
)
CONTENT = wire.Content("<p>*|FNAME|*</p>", "text")
READY = wire.Checklist(True, [])


def row(**more: Any) -> wire.Campaign:
    settings = {**ROW["settings"], **more.pop("settings", {})}
    return msgspec.convert({**ROW, **more, "settings": settings}, wire.Campaign)


def campaign(
    one: wire.Campaign | None = None, content: wire.Content = CONTENT, zone: str = "America/New_York", **more: Any
) -> Campaign:
    made = {"checklist": READY, "segment": None, **more}
    return normalise.campaign_of("acc", zone, one or row(), content, listing=LISTING, centre="us21", **made)


# -- times


def test_a_plain_campaign_goes_when_it_says() -> None:
    schedule = campaign().schedule
    at = datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert (schedule.strategy, schedule.stated, schedule.send_at, schedule.stoppable_until) == (
        Strategy.STATIC, at, at, at
    )  # fmt: skip
    assert schedule.restore == {
        "type": "regular", "status": "schedule", "timewarp": False, "schedule_time": "2026-11-24T15:00:00+00:00"
    }  # fmt: skip


def test_timewarp_begins_when_the_first_zone_reaches_the_stated_local_hour() -> None:
    schedule = campaign(row(settings={"timewarp": True})).schedule
    # 15:00 UTC is 10:00 in New York; it is 10:00 in UTC+14 at 20:00 UTC of the day before.
    assert schedule.strategy is Strategy.LOCAL_TIME
    assert schedule.send_at == schedule.stoppable_until == datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert schedule.stated == datetime(2026, 11, 24, 15, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from(["Asia/Kathmandu", "America/Denver"]))
def test_nobody_anywhere_gets_a_timewarp_send_before_it_begins(at: datetime, zone: str) -> None:
    send = at.replace(tzinfo=UTC)
    begins = timewarp_begins(send, zone)
    local_hour = send.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    earliest = min(local_hour - timedelta(hours=offset) for offset in range(-12, 15))
    assert begins.replace(tzinfo=None) == earliest
    assert timewarp_begins(send, "Mars/Base") <= begins


@pytest.mark.parametrize("send_time", ["", None, "soon"])
def test_a_missing_time_is_a_gap(send_time: str | None) -> None:
    schedule = campaign(row(send_time=send_time)).schedule
    assert isinstance(schedule.send_at, Gap)
    assert schedule.strategy is Strategy.UNKNOWN


def test_an_rss_campaign_recurs_and_runs_while_it_is_sending() -> None:
    feed = campaign(row(type="rss", status="sending", rss_opts={"frequency": "daily"}))
    assert (feed.state, feed.schedule.strategy) == (State.LIVE, Strategy.RECURRING)
    assert isinstance(feed.schedule.send_at, Gap)
    assert "daily" in feed.schedule.send_at.reason
    assert campaign(row(status="sending")).state is State.SENDING


def test_a_test_of_send_times_counts_from_the_earliest() -> None:
    times = {"send_times": ["2026-11-24T12:00:00+00:00", "2026-11-24T18:00:00+00:00"]}
    schedule = campaign(row(type="variate", variate_settings=times)).schedule
    assert schedule.send_at == datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_the_next_quarter_is_at_most_a_quarter_away(at: datetime) -> None:
    found = next_quarter(at)
    assert (found.minute % 15, found.second, found.microsecond) == (0, 0, 0)
    assert timedelta(0) <= found - at < timedelta(minutes=15)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("2026-11-22T09:07:00+00:00", '"2026-11-22T09:07:00Z"'),
        ("2026-11-22T11:07:00+02:00", '"2026-11-22T09:07:00Z"'),
        ("2026-11-22 09:07:00", '"2026-11-22T09:07:00Z"'),
        ("2026-11-22", '"2026-11-22T00:00:00Z"'),
        ("", None),
        (None, None),
        ("0000-00-00", None),
    ],
)
def test_times_become_one_form(text: str | None, cell: str | None) -> None:
    assert stamp(text) == cell


# -- messages


def test_a_single_message_is_a() -> None:
    (message,) = campaign().messages
    assert (message.id, message.label) == ("c1", "A")
    assert message.parts == {
        Part.SUBJECT: "Hi", Part.PREVIEW_TEXT: "P", Part.FROM_NAME: "N", Part.REPLY_TO: "r@example.org",
        Part.HTML: "<p>*|FNAME|*</p>", Part.TEXT: "text",
    }  # fmt: skip


def test_a_plain_text_campaign_has_no_html_and_missing_content_is_a_gap() -> None:
    (message,) = campaign(row(type="plaintext"), wire.Content("", "text")).messages
    assert Part.HTML not in message.parts
    without = campaign(content=wire.Content(None, None))
    assert isinstance(without.messages[0].parts[Part.HTML], Gap)
    assert without.gaps


def variate(**more: Any) -> wire.Campaign:
    choices = {
        "subject_lines": ["S0", "S1"],
        "from_names": ["N0"],
        "reply_to_addresses": [],
        "contents": ["Warm", "Cold"],
        "combinations": [
            {"id": "x", "subject_line": 1, "from_name": 0, "content_description": 1},
            {"id": "y", "subject_line": 0, "from_name": 0, "content_description": 0},
        ],
    }
    return row(type="variate", variate_settings={**choices, **more}, settings={"subject_line": ""})


BODIES = wire.Content(
    "first", "t", [wire.VariateContent("Warm", "<p>warm</p>", "w"), wire.VariateContent("Cold", "<p>cold</p>", "c")]
)


def test_variants_are_mailchimps_combinations_in_its_order() -> None:
    first, second = campaign(variate(), BODIES).messages
    assert (first.id, first.label, first.parts[Part.SUBJECT], first.parts[Part.HTML]) == ("x", "A", "S1", "<p>cold</p>")
    assert (second.id, second.label, second.parts[Part.SUBJECT], second.parts[Part.TEXT]) == ("y", "B", "S0", "w")
    assert first.parts[Part.REPLY_TO] == "r@example.org"


def test_combinations_that_are_not_told_are_all_of_them() -> None:
    messages = campaign(variate(combinations=[]), BODIES).messages
    assert [(m.label, m.parts[Part.SUBJECT], m.parts[Part.HTML]) for m in messages] == [
        ("A", "S0", "<p>warm</p>"), ("B", "S0", "<p>cold</p>"), ("C", "S1", "<p>warm</p>"), ("D", "S1", "<p>cold</p>")
    ]  # fmt: skip


def test_a_choice_that_is_not_there_is_a_gap_and_never_another_variants_text() -> None:
    odd = [{"id": "z", "subject_line": 5, "from_name": 0, "content_description": 7}]
    found = campaign(variate(combinations=odd), BODIES)
    assert isinstance(found.messages[0].parts[Part.SUBJECT], Gap)
    assert isinstance(found.messages[0].parts[Part.HTML], Gap)
    assert len(found.gaps) >= 2


def test_labels_go_on_after_z() -> None:
    many = [{"id": str(i), "subject_line": 0, "content_description": 0} for i in range(28)]
    labels = [m.label for m in campaign(variate(combinations=many), BODIES).messages]
    assert labels[24:] == ["Y", "Z", "AA", "AB"]


# -- fields, audience, checklist


def test_fields_know_their_names_and_defaults() -> None:
    by_tag = {field.tag: field for field in LISTING.fields}
    assert by_tag["EMAIL"].all_names == ("EMAIL", "MERGE0", "MMERGE0")
    assert by_tag["FNAME"].all_names == ("FNAME", "MERGE1", "MMERGE1")
    assert by_tag["MMERGE6"].all_names == ("MMERGE6", "MERGE6")
    assert by_tag["FNAME"].default == Known("")
    assert by_tag["CITY"].default == Known("your town")
    assert by_tag["SIZE"].default == Known("9")
    assert isinstance(by_tag["SIZE_AS_OF"].default, Gap)
    assert campaign().vocabulary.groups == {"Topics": ("Tea", "Cake, dry")}
    assert campaign().vocabulary.complete


@pytest.mark.parametrize(
    ("raw", "condition"),
    [
        ({"field": "FNAME", "op": "is", "value": "Ada"}, Condition("FNAME", "is", "Ada")),
        ({"field": "MERGE2", "op": "blank"}, Condition("CITY", "blank")),
        ({"field": "merge0", "op": "contains", "value": "x"}, Condition("EMAIL", "contains", "x")),
        (
            {"field": "interests-k1", "op": "interestcontains", "value": ["i2", "gone"]},
            Condition("INTERESTED:Topics", "interestcontains", ["Cake, dry", "gone"]),
        ),
        (
            {"field": "timestamp_opt", "op": "greater", "value": "date", "extra": "2026-01-01"},
            Condition("@confirmed_at", "greater", "2026-01-01"),
        ),
        ({"field": "static_segment", "op": "static_is", "value": 5}, Condition("@static_segment", "static_is", 5)),
        ({"condition_type": "VIP", "op": "member"}, Condition("@VIP", "member")),
    ],
)
def test_conditions_in_neutral_words(raw: dict[str, Any], condition: Condition) -> None:
    assert normalise.condition_of(raw, LISTING) == condition


def test_audiences_have_a_key_of_their_own() -> None:
    segment = wire.Segment(9, "Vips", "static")
    whole, part = campaign().audience, campaign(segment=segment).audience
    assert (whole.key, whole.included[0].kind, whole.stated_size) == ("l1/all", "list", 40)
    assert (part.key, part.included[0].kind, part.included[0].name) == ("l1/9", "tag", "Vips")

    def by(value: str) -> str:
        options = {"conditions": [{"field": "FNAME", "op": "is", "value": value}]}
        return campaign(row(recipients={"list_id": "l1", "segment_opts": options})).audience.key

    assert by("Ada") == by("Ada") != by("Bea")


def test_a_segment_that_is_gone_is_a_gap_of_the_campaign() -> None:
    assert Gap("deleted") in campaign(segment=Gap("deleted")).gaps


def test_the_checklist_takes_unknown_words_for_warnings_and_believes_not_ready() -> None:
    rows = [wire.ChecklistRow("success", "A"), wire.ChecklistRow("odd", "B"), wire.ChecklistRow("warning", "C")]
    items = normalise.checklist_of(wire.Checklist(False, rows))
    assert [item.state for item in items] == [ItemState.OK, ItemState.WARNING, ItemState.WARNING, ItemState.ERROR]
    gap = Gap("no right")
    assert campaign(checklist=gap).checklist == gap


def test_the_revision_follows_content_audience_and_schedule_only() -> None:
    before = campaign().revision
    same = {**ROW["recipients"], "recipient_count": 41}
    assert campaign(row(recipients=same)).revision == before
    assert campaign(checklist=wire.Checklist(True, [wire.ChecklistRow("warning", "X")])).revision == before
    edits = [
        campaign(content=wire.Content("<p>new</p>", "text")),
        campaign(row(send_time="2026-11-24T15:15:00+00:00")),
        campaign(row(settings={"subject_line": "Ho"})),
        campaign(row(settings={"timewarp": True})),
        campaign(row(status="save")),
        campaign(row(recipients={"list_id": "l2"})),
        campaign(segment=wire.Segment(9, "Vips", "static")),
    ]
    revisions = {each.revision for each in edits}
    assert len(revisions) == len(edits)
    assert before not in revisions


def test_the_campaign_can_be_opened() -> None:
    assert campaign().url == "https://us21.admin.mailchimp.com/campaigns/edit?id=77"
    assert campaign(row(settings={"title": ""})).ref.name == "Hi"


# -- people


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
    assert "@orders" not in found


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
    def order(at: str, title: str, **more: Any) -> wire.Order:
        who = wire.Customer("c", "Ada@Example.org")
        return wire.Order("o" + at, who, at, lines=[wire.Line(title)], **more)

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
