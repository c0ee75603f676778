"""Traps of Klaviyo's SDK and API that fail open, each against a server that springs it."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest

from presend.errors import BadAnswer, Gone, PlatformError, Refused, Unreachable
from presend.model import DeedState, Gap, Part, Strategy
from presend.ports import Trouble
from tests.support.klaviyo_account import (
    KEY,
    Answers,
    Asked,
    Reply,
    Waits,
    audience,
    campaigns,
    cells,
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

MESSAGES = "/api/campaign-messages"
PEOPLE = "/api/lists/LIST1/profiles"


def says(*replies: Reply) -> Answers:
    """These answers one after another, the last for good."""
    left = list(replies)

    def answers(_: Asked) -> Reply:
        return left.pop(0) if len(left) > 1 else left[0]

    return answers


# ---- paging (SDK.md 3: cursors)


def test_a_cursor_that_comes_again_is_no_end_of_the_list() -> None:
    again = "https://a.klaviyo.com/api/lists/LIST1/profiles?page%5Bcursor%5D=bmV4dA"
    with served(small({PEOPLE: lambda _: page(profile(), next=again)})) as (origin, asked):
        connector = on(origin)
        with pytest.raises(BadAnswer, match="same page"):
            list(connector.people(connector.campaign("C1"), frozenset()))
        assert len([one for one in asked if one.path == PEOPLE]) == 2


def test_a_next_page_without_a_cursor_is_no_end_of_the_list() -> None:
    with served(small({PEOPLE: lambda _: page(profile(), next="https://a.klaviyo.com/api/more")})) as (origin, _):
        connector = on(origin)
        with pytest.raises(BadAnswer, match="without a cursor"):
            list(connector.people(connector.campaign("C1"), frozenset()))


def test_a_cursor_is_sent_as_it_was_given_and_its_link_is_never_followed() -> None:
    def answers(asked: Asked) -> Reply:
        if "page[cursor]" not in asked.query:
            return page(profile("P1"), next="http://127.0.0.1:9/steal?page%5Bcursor%5D=bmV4dA%3D%3D&page%5Bsize%5D=1")
        return page(profile("P2"))

    with served(small({PEOPLE: answers})) as (origin, asked):
        connector = on(origin)
        assert reached(list(connector.people(connector.campaign("C1"), frozenset()))) == ["P1", "P2"]
        second = [one for one in asked if one.path == PEOPLE][1]
        assert second.query["page[cursor]"] == "bmV4dA=="
        assert second.query["page[size]"] == "100"


@pytest.mark.parametrize("links", [None, {}, {"next": None}, {"next": ""}])
def test_the_last_page_says_so_in_any_way(links: Any) -> None:
    body: dict[str, Any] = {"data": [profile()]} | ({} if links is None else {"links": links})
    with served(small({PEOPLE: lambda _: Reply(body)})) as (origin, _):
        connector = on(origin)
        assert reached(list(connector.people(connector.campaign("C1"), frozenset()))) == ["P1"]


# ---- answers that are none (SDK.md 3: typed and dict paths turn garbage into emptiness or odd errors)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b""),
        Reply({}),
        Reply([]),
        Reply({"data": None}),
        Reply({"data": {}}),
        Reply(b'{"data": [{"id": "P1", '),
        Reply(b"<html>Please wait</html>", headers={"content-type": "text/html"}),
        Reply({"data": [{"id": 7, "attributes": {}}]}),
        Reply(b"\xff\xfe"),
    ],
)
def test_a_page_of_people_that_is_none_is_no_empty_page(reply: Reply) -> None:
    with served(small({PEOPLE: lambda _: reply})) as (origin, asked):
        connector = on(origin)
        with pytest.raises(BadAnswer):
            list(connector.people(connector.campaign("C1"), frozenset()))
        assert len([one for one in asked if one.path == PEOPLE]) == 5  # our own policy, and nobody else's


def test_a_list_of_campaigns_that_is_none_is_not_nothing_due() -> None:
    for reply in (Reply({}), Reply(b""), Reply({"data": {}}), Reply(status=204)):
        with served(small({MESSAGES: lambda _, reply=reply: reply})) as (origin, _):  # type: ignore[misc]
            with pytest.raises(BadAnswer):
                list(on(origin).campaigns())


def test_one_odd_message_costs_its_campaign_and_not_the_page() -> None:
    odd = message("M2", "C2")
    odd["attributes"]["definition"] = None
    with served(small({MESSAGES: lambda _: page(message(), odd, included=[shell(), variation()])})) as (origin, _):
        found = list(on(origin).campaigns())
    trouble = next(each for each in found if isinstance(each, Trouble))
    assert trouble.ref is not None
    assert trouble.ref.id == "C2"
    assert "not checked" in trouble.reason
    assert [each.ref.id for each in found if not isinstance(each, Trouble)] == ["C1"]


def test_a_status_or_strategy_nobody_knows_is_kept_and_counts_as_due() -> None:
    strange = message(send_strategy="by_the_moon", send_time="2027-01-01T00:00:00+00:00")
    with served(small({MESSAGES: lambda _: page(strange, included=[shell(), variation()])})) as (origin, _):
        schedule = campaigns(on(origin))["C1"].schedule
    assert schedule.strategy is Strategy.UNKNOWN
    assert isinstance(schedule.send_at, Gap)
    assert "by_the_moon" in schedule.send_at.reason
    assert not isinstance(schedule.stated, Gap)


def test_a_profile_without_the_consent_that_was_asked_for_is_not_taken_for_mailable() -> None:
    bare = profile()
    del bare["attributes"]["subscriptions"]
    with served(small({PEOPLE: lambda _: page(bare)})) as (origin, _):
        connector = on(origin)
        with pytest.raises(BadAnswer, match="subscriptions"):
            list(connector.people(connector.campaign("C1"), frozenset()))


@pytest.mark.parametrize("told", [None, {}, {"email": None}, {"email": {"marketing": None}}])
def test_consent_that_is_null_is_unknown(told: Any) -> None:
    with served(small({PEOPLE: lambda _: page(profile(subscriptions=told))})) as (origin, _):
        connector = on(origin)
        batches = list(connector.people(connector.campaign("C1"), frozenset()))
    assert cells(batches, "@consent") == {"P1": '"unknown"'}


# ---- what a list call leaves out is asked for singly


def test_a_server_without_includes_is_asked_for_every_part() -> None:
    def messages(asked: Asked) -> Reply:
        if "include" in asked.query:
            return Reply({"errors": [{"detail": "'campaign' is not an allowed include"}]}, 400)
        return page(message())

    own: dict[str, Answers] = {
        MESSAGES: messages,
        "/api/campaigns": lambda _: Reply({"errors": [{"detail": "no such include"}]}, 400),
        "/api/campaign-messages/M1/campaign-variations": lambda _: Reply({"data": [variation()]}),
        "/api/campaign-messages/M1/campaign-audience": lambda _: Reply({"data": audience()}),
    }
    with served(small(own)) as (origin, _):
        found = campaigns(on(origin))["C1"]
    assert found.ref.name == "The C1"
    assert found.messages[0].parts[Part.SUBJECT] == "Hello {{ first_name }}"
    assert [ref.name for ref in found.audience.included] == ["Everyone"]
    assert found.gaps == ()


def test_variations_that_stay_missing_make_the_campaign_trouble() -> None:
    two = message()
    two["relationships"]["campaign-variations"]["data"].append({"type": "campaign-variation", "id": "M1W"})
    own: dict[str, Answers] = {
        MESSAGES: lambda _: page(two, included=[shell(), variation()]),
        "/api/campaign-messages/M1/campaign-variations": lambda _: Reply({"data": [variation()]}),
    }
    with served(small(own)) as (origin, _):
        (found,) = on(origin).campaigns()
    assert isinstance(found, Trouble)
    assert "did not show all of the variations of message M1 of campaign The C1" in found.reason


def test_a_channel_nobody_knows_is_a_gap_and_a_known_other_one_is_left_out() -> None:
    for details, expected in (({"channel": "carrier_pigeon"}, 1), (None, 1), ({"channel": "whatsapp"}, 0)):
        row = variation()
        row["attributes"]["definition"]["details"] = details
        with served(small({MESSAGES: lambda _, row=row: page(message(), included=[shell(), row])})) as (origin, _):  # type: ignore[misc]
            found = campaigns(on(origin))
        assert [len(each.gaps) for each in found.values()] == [1] * expected


# ---- hidden retries, waiting, redirects (SDK.md 2 and 3)


@pytest.mark.parametrize(("asks", "waited"), [("3", 3.0), ("Mon, 23 Nov 2026 09:00:07 GMT", 7.0), (None, 0.5)])
def test_throttling_is_waited_for_once_as_asked(asks: str | None, waited: float) -> None:
    headers = {"Retry-After": asks} if asks else {}
    answers = says(Reply({"errors": []}, 429, headers), page(profile()))
    waits = Waits()
    with served(small({PEOPLE: answers})) as (origin, asked):
        connector = on(origin, waits=waits)
        found = connector.campaign("C1")
        waits.sleeps.clear()
        waits.passed = 0.0
        assert reached(list(connector.people(found, frozenset()))) == ["P1"]
        assert len([one for one in asked if one.path == PEOPLE]) == 2
    assert max(waits.sleeps) == pytest.approx(waited, abs=0.5)


def test_throttling_for_good_ends_as_unreachable() -> None:
    with served(small({MESSAGES: lambda _: Reply(status=429, headers={"Retry-After": "1"})})) as (origin, asked):
        with pytest.raises(Unreachable, match="limiting"):
            list(on(origin).campaigns())
        assert len(asked) == 5


def test_a_redirect_is_not_followed() -> None:
    away = Reply(status=302, headers={"Location": "/api/elsewhere"})
    with served(small({MESSAGES: lambda _: away})) as (origin, asked):
        with pytest.raises(BadAnswer, match="redirect"):
            list(on(origin).campaigns())
        assert [one.path for one in asked] == [MESSAGES]


@pytest.mark.parametrize("status", [500, 503, 504, 524])
def test_a_write_that_may_have_been_done_is_not_repeated_and_is_looked_for(status: int) -> None:
    stop = "/api/campaign-message-schedule/M1"
    with served(small({stop: lambda _: Reply(status=status)})) as (origin, asked):
        connector = on(origin)
        receipt = connector.writer.hold(connector.campaign("C1"))
        assert receipt.state is DeedState.UNKNOWN
        assert len([one for one in asked if one.path == stop]) == 1
    draft = message()
    draft["attributes"]["definition"]["status"] = "draft"
    own: dict[str, Answers] = {
        stop: lambda _: Reply(status=status),
        "/api/campaign-messages/M1": lambda _: Reply({"data": draft}),
    }
    with served(small(own)) as (origin, _):
        connector = on(origin)
        assert connector.writer.hold(connector.campaign("C1")).state is DeedState.DONE


def test_success_with_an_empty_look_is_not_done() -> None:
    own: dict[str, Answers] = {
        "/api/campaign-message-schedule/M1": lambda _: Reply(status=204),
        "/api/campaign-messages/M1": lambda _: Reply(b""),
    }
    with served(small(own)) as (origin, _):
        connector = on(origin)
        assert connector.writer.hold(connector.campaign("C1")).state is DeedState.UNKNOWN


def test_hold_asks_to_revert_and_never_to_cancel() -> None:
    stop = "/api/campaign-message-schedule/M1"
    with served(small({stop: lambda _: Reply(status=204)})) as (origin, asked):
        connector = on(origin)
        connector.writer.hold(connector.campaign("C1"))
        bodies = [one.body for one in asked if one.method != "GET"]
    attributes = {"action": "revert"}
    assert bodies == [{"data": {"type": "campaign-message-schedule", "id": "M1", "attributes": attributes}}]


def test_an_account_whose_deadline_has_passed_is_unreachable() -> None:
    waits = Waits()
    with served(small({})) as (origin, _):
        connector = on(origin, waits=waits, deadline_seconds=5.0)
        waits.sleep(6.0)
        with pytest.raises(Unreachable, match="deadline"):
            list(connector.campaigns())


# ---- requests


def test_what_is_sent_has_the_revision_the_key_and_asks_for_gzip() -> None:
    with served(small({})) as (origin, asked):
        list(on(origin).campaigns())
        headers = {name.casefold(): value for name, value in asked[0].headers.items()}
    assert headers["revision"] == "2026-10-15"
    assert headers["authorization"] == f"Klaviyo-API-Key {KEY}"
    assert headers["accept-encoding"] == "gzip"
    assert headers["accept"] == "application/vnd.api+json"
    assert asked[0].query["filter"] == "equals(status,'scheduled')"


def test_an_id_cannot_leave_its_place_in_the_path_or_the_filter() -> None:
    with served(small({})) as (origin, asked):
        with pytest.raises(Gone):
            on(origin).campaign("../lists/LIST1")
        assert [one.path for one in asked] == ["/api/campaigns/..%2Flists%2FLIST1", "/api/flows/..%2Flists%2FLIST1"]


def test_blanks_in_the_name_of_a_tag_survive() -> None:
    with served(small({"/api/tags": lambda _: page()})) as (origin, asked):
        connector = on(origin)
        connector.writer.mark(connector.campaign("C1"), 'VIP "Customers"')
        found = next(one for one in asked if one.path == "/api/tags")
    assert found.query["filter"] == 'equals(name,"VIP \\"Customers\\"")'


# ---- the key, the logger, the cost of importing


def test_no_repr_or_error_shows_the_key() -> None:
    with served(small({MESSAGES: lambda _: Reply({"errors": [{"detail": "no, ann@example.com"}]}, 403)})) as (
        origin,
        _,
    ):
        connector = on(origin)
        with pytest.raises(Refused) as caught:
            list(connector.campaigns())
    shown = f"{connector!r} {connector.writer!r} {vars(connector)!r} {caught.value!r} {caught.value.help}"
    assert KEY not in shown
    assert "ann@example.com" not in shown


@pytest.mark.parametrize("key", ["", "pk_with_a_line\nend", " pk_padded", "pk_\u00fcber"])
def test_a_key_that_cannot_be_one_is_refused_unseen(key: str) -> None:
    with pytest.raises(PlatformError, match="key") as caught:
        on("http://127.0.0.1:9", key)
    assert not key.strip() or key.strip() not in caught.value.message + caught.value.help


def test_the_loggers_of_others_keep_their_level() -> None:
    logger = logging.getLogger("urllib3")
    before = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        on("http://127.0.0.1:9")
        assert logger.level == logging.DEBUG
    finally:
        logger.setLevel(before)


def test_importing_the_package_loads_no_sdk_and_reading_loads_no_group_of_it() -> None:
    code = """
import sys
import presend_connectors.klaviyo
assert not [name for name in sys.modules if name.startswith(("klaviyo_api", "openapi_client"))]
from presend.model import Platform
from presend.ports import AccountConfig
presend_connectors.klaviyo.connector(AccountConfig("a", Platform.KLAVIYO, "pk_0123456789"))
assert "klaviyo_api" in sys.modules
assert not [name for name in sys.modules if name.startswith(("openapi_client.api.", "openapi_client.models."))]
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
