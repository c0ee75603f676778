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
from presend_connectors.mailchimp import normalise, wire
from presend_connectors.mailchimp.narrowing import audience_of
from presend_connectors.mailchimp.times import next_quarter, stamp, timewarp_begins
from tests.support.mailchimp import LISTING

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
CONTENT = wire.Content("<p>*|FNAME|*</p>", "text")
READY = wire.Checklist(True, [])


def row(**more: Any) -> wire.Campaign:
    settings = {**ROW["settings"], **more.pop("settings", {})}
    return msgspec.convert({**ROW, **more, "settings": settings}, wire.Campaign)


def campaign(
    one: wire.Campaign | None = None, content: wire.Content = CONTENT, zone: str = "America/New_York", **more: Any
) -> Campaign:
    found, segment = one or row(), more.pop("segment", None)
    options = wire.SegmentOpts(saved_segment_id=9) if segment else found.recipients.segment_opts
    made = {"checklist": READY, "aim": audience_of(options, {9: segment} if segment else {}), **more}
    return normalise.campaign_of("acc", zone, found, content, listing=LISTING, centre="us21", **made)


# -- times

MOMENTS = st.integers(0, 366 * 24 * 3600).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n))


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


@given(MOMENTS, st.sampled_from(["Asia/Kathmandu", "America/Denver"]))
def test_nobody_anywhere_gets_a_timewarp_send_before_it_begins(send: datetime, zone: str) -> None:
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


@given(MOMENTS)
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
