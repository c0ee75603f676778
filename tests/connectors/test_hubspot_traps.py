"""The traps of HubSpot's SDK and API, one by one, against scripted servers: each guard is needed."""

from __future__ import annotations

import http.client
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from presend.errors import BadAnswer, Gone, Refused, Unconfirmed, Unreachable
from presend.model import Campaign, DeedState, Platform
from presend.ports import AccountConfig, Trouble
from presend_connectors.hubspot import paths, wire
from presend_connectors.hubspot.account import HubspotConnector
from tests.support.hubspot_account import KEY, START, Waits, connect_to, email, ok, scripted

JSON = {"Content-Type": "application/json"}
DETAILS = {"portalId": 1, "timeZone": "UTC", "uiDomain": "app.hubspot.com"}
SCHEDULED = {
    "id": "1",
    "name": "News",
    "state": "SCHEDULED",
    "type": "BATCH_EMAIL",
    "subject": "Hello",
    "isAb": False,
    "publishDate": "2026-11-24T09:00:00.000Z",
    "sendOnPublish": False,
    "content": {"widgets": {}},
    "to": {"contactIlsLists": {"include": ["101"], "exclude": []}},
}

Reply = tuple[int, bytes, dict[str, str]]


def routes(**by_path: Any) -> Callable[[str, str, int], Reply]:
    """Answers by the end of a path (`_` for `/`): a value, or a function of how often it was asked."""
    asked: dict[str, int] = {}
    named = {f"/{name.replace('_', '/')}": value for name, value in by_path.items()}
    table = dict(sorted(named.items(), key=lambda item: -len(item[0])))

    def answer(_method: str, path: str, _count: int) -> Reply:
        plain = path.partition("?")[0].rstrip("/")
        for end, value in table.items():
            if plain.endswith(end):
                asked[end] = asked.get(end, 0) + 1
                found = value(asked[end]) if callable(value) else value
                return found if isinstance(found, tuple) else ok(found)
        return 404, b'{"status":"error","message":"nothing here"}', JSON

    return answer


def account(**more: Any) -> Callable[[str, str, int], Reply]:
    """A small account; `more` replaces parts of it."""
    base = {
        "details": DETAILS,
        "properties_contacts": {"results": [{"name": "firstname", "label": "First", "type": "string"}]},
        "search": {"total": 0, "results": []},
        "memberships": {"results": [{"recordId": 7}, {"recordId": "8"}], "total": 2},
        "batch_read": {
            "results": [{"id": "7", "properties": {"email": "a@example.com"}}, {"id": "8", "properties": {}}]
        },
        "crm_v3_lists": {"lists": [{"listId": "101", "name": "All", "processingType": "MANUAL"}]},
        "emails_1": SCHEDULED,
        "emails": {"results": [SCHEDULED]},
    }
    return routes(**(base | more))


# -- a good status with a bad body


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"results": [{"id": "1"', b"<html>wait</html>", b'{"results": null}']
)
def test_trap_garbage_is_no_empty_page(body: bytes) -> None:
    # The SDK's models read every one of these as a page without results, and a run would be "clear".
    with (
        scripted(account(emails=(200, body, JSON))) as server,
        pytest.raises(BadAnswer, match="list of marketing emails"),
    ):
        list(connect_to(server.origin).campaigns())


def test_trap_a_truncated_page_is_read_again() -> None:
    def first_cut(count: int) -> Any:
        return (200, b'{"results": [{"id"', JSON) if count == 1 else {"results": [SCHEDULED]}

    with scripted(account(emails=first_cut)) as server:
        assert [type(one) for one in connect_to(server.origin).campaigns()] == [Campaign]


def test_trap_one_odd_email_is_a_trouble_and_the_rest_go_on() -> None:
    two = [SCHEDULED, SCHEDULED | {"id": "2", "name": "Odd"}]
    odd = {"id": "2", "state": "SCHEDULED", "content": None}
    with scripted(account(emails={"results": two}, emails_2=odd)) as server:
        found = list(connect_to(server.origin).campaigns())

    troubles = [one for one in found if isinstance(one, Trouble)]
    assert [one.ref.id for one in troubles if one.ref] == ["2"]
    assert "the marketing email 2" in troubles[0].reason
    assert [one.ref.id for one in found if isinstance(one, Campaign)] == ["1"]


def test_trap_unknown_words_and_fields_lose_nothing() -> None:
    shiny = SCHEDULED | {"state": "SHINY", "type": "NEW", "jitterSendTime": None, "testing": {}, "extra": {"a": [1]}}
    with scripted(account(emails={"results": [shiny]}, emails_1=shiny)) as server:
        (found,) = connect_to(server.origin).campaigns()

    assert isinstance(found, Campaign)
    assert (found.native_state, found.gaps) == ("SHINY", ())


# -- pages


def test_trap_a_cursor_that_repeats_ends_the_reading() -> None:
    # The SDK's get_all followed thirty identical pages.
    page = {"results": [{"recordId": "7"}], "paging": {"next": {"after": "x"}}}
    with scripted(account(memberships=page)) as server:
        connector = connect_to(server.origin)
        with pytest.raises(BadAnswer, match="same page again"):
            list(connector.people(connector.campaign("1"), frozenset()))
        assert sum("memberships" in path for _method, path in server.asked) <= 4


def test_trap_fewer_rows_than_promised_are_no_short_list() -> None:
    with scripted(account(memberships={"results": [{"recordId": "7"}], "total": 3})) as server:
        connector = connect_to(server.origin)
        with pytest.raises(BadAnswer, match="1 of 3"):
            list(connector.people(connector.campaign("1"), frozenset()))


def test_somebody_who_leaves_between_pages_is_no_fault() -> None:
    def pages(count: int) -> Any:
        first = {"results": [{"recordId": "7"}], "total": 3, "paging": {"next": {"after": "x"}}}
        return first if count == 1 else {"results": [{"recordId": "8"}, {"recordId": "7"}], "total": 2}

    def one(count: int) -> Any:
        return {"results": [{"id": "78"[count - 1], "properties": {}}]}

    with scripted(account(memberships=pages, batch_read=one)) as server:
        connector = connect_to(server.origin)
        batches = list(connector.people(connector.campaign("1"), frozenset()))
    assert [each for batch in batches for each in batch.ids] == ["7", "8"]


def test_trap_a_partial_batch_names_those_who_are_gone() -> None:
    # 207 with the SDK's typed call: a shorter list and no exception.
    error = {"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": ["8"]}}
    partial = {"results": [{"id": "7", "properties": {"email": "a@example.com"}}], "numErrors": 1, "errors": [error]}
    with scripted(account(batch_read=(207, json.dumps(partial).encode(), JSON))) as server:
        connector = connect_to(server.origin)
        batches = list(connector.people(connector.campaign("1"), frozenset()))

    told = {one: why for batch in batches for one, why in zip(batch.ids, batch.suppressed, strict=True)}
    assert told == {"7": None, "8": "the contact does not exist in HubSpot any more"}


def test_trap_a_batch_that_is_short_without_a_word_is_no_answer() -> None:
    with scripted(account(batch_read={"results": [{"id": "7", "properties": {}}]})) as server:
        connector = connect_to(server.origin)
        with pytest.raises(BadAnswer, match="gave 1 and named 0"):
            list(connector.people(connector.campaign("1"), frozenset()))


def test_trap_a_page_of_emails_that_is_too_large_is_asked_for_in_smaller_ones() -> None:
    with scripted(account()) as server:
        plain = server.answer

        def strict(method: str, path: str, count: int) -> Reply:
            if "/emails?" in path and "limit=10&" not in path:
                return 400, b'{"status":"error","message":"limit must not be more than 20."}', JSON
            return plain(method, path, count)

        server.answer = strict
        assert len(list(connect_to(server.origin).campaigns())) == 1


def test_trap_a_list_that_hubspot_leaves_out_without_a_word_is_missing() -> None:
    with scripted(account(crm_v3_lists={"lists": []})) as server:
        connector = connect_to(server.origin)
        campaign = connector.campaign("1")
        assert "101" in campaign.gaps[0].reason
        with pytest.raises(Gone, match="101"):
            list(connector.people(campaign, frozenset()))


# -- statuses


def test_trap_an_error_body_that_is_not_utf8_keeps_its_status() -> None:
    # The SDK decodes it before it raises, and the status is lost in a UnicodeDecodeError.
    with scripted(account(details=(403, b"\xff\xfe no", {}))) as server, pytest.raises(Refused) as caught:
        connect_to(server.origin).info()
    assert caught.value.status == 403


def test_trap_429_without_retry_after_waits_as_the_policy_says() -> None:
    body = json.dumps({"status": "error", "message": "limit", "policyName": "TEN_SECONDLY_ROLLING"}).encode()
    limited = (429, body, JSON | {"X-HubSpot-RateLimit-Interval-Milliseconds": "7000"})
    waits = Waits()
    with scripted(account(details=lambda count: limited if count == 1 else DETAILS)) as server:
        connect_to(server.origin, waits)._client.details()
    assert 7.0 in waits.naps


def test_trap_the_daily_limit_is_not_waited_for() -> None:
    body = json.dumps(
        {"status": "error", "message": "You have reached your daily limit.", "policyName": "DAILY"}
    ).encode()
    waits = Waits()
    with scripted(account(details=(429, body, JSON))) as server:
        with pytest.raises(Unreachable, match="daily limit"):
            connect_to(server.origin, waits)._client.details()
        assert len(server.asked) == 1
    assert sum(waits.naps) < 1


def test_trap_a_reading_post_is_repeated_too() -> None:
    # The SDK never repeats a POST: one 429 and a batch read is lost.
    good = {"results": [{"id": "7", "properties": {}}, {"id": "8", "properties": {}}]}
    with scripted(account(batch_read=lambda count: (503, b"", {}) if count == 1 else good)) as server:
        connector = connect_to(server.origin)
        assert sum(len(batch.ids) for batch in connector.people(connector.campaign("1"), frozenset())) == 2


def test_trap_a_redirected_hold_is_no_hold() -> None:
    # Followed, the POST becomes a GET, which succeeds.
    with scripted(account(unpublish=(302, b"", {"Location": "/crm/v3/lists"}))) as server:
        connector = connect_to(server.origin, hubspot_enterprise=True)
        receipt = connector.writer.hold(connector.campaign("1"))
        assert [path for method, path in server.asked if method == "POST" and "unpublish" in path] == [
            "/marketing/v3/emails/1/unpublish"
        ]
    assert receipt.state is DeedState.FAILED
    assert "redirect" in receipt.detail


def test_trap_a_hold_whose_answer_is_lost_is_sent_once_and_looked_at() -> None:
    with scripted(account(unpublish=(502, b"", {}))) as server:
        connector = connect_to(server.origin, hubspot_enterprise=True)
        receipt = connector.writer.hold(connector.campaign("1"))
        assert sum("unpublish" in path for _method, path in server.asked) == 1
    assert receipt.state is DeedState.UNKNOWN
    assert "SCHEDULED" in receipt.detail


def test_a_hold_that_was_done_although_its_answer_was_lost_is_done() -> None:
    def email_1(count: int) -> Any:
        return SCHEDULED if count <= 2 else SCHEDULED | {"state": "DRAFT"}

    with scripted(account(unpublish=(502, b"", {}), emails_1=email_1)) as server:
        connector = connect_to(server.origin, hubspot_enterprise=True)
        assert connector.writer.hold(connector.campaign("1")).state is DeedState.DONE


def test_a_hold_that_cannot_be_looked_at_is_unknown() -> None:
    def email_1(count: int) -> Any:
        return SCHEDULED if count <= 2 else (200, b"{", JSON)

    with scripted(account(unpublish=(204, b"", {}), emails_1=email_1)) as server:
        connector = connect_to(server.origin, hubspot_enterprise=True)
        assert connector.writer.hold(connector.campaign("1")).state is DeedState.UNKNOWN


def test_a_list_that_could_not_be_seen_made_is_unknown() -> None:
    with scripted(account(crm_v3_lists=(502, b"", {}))) as server:
        connector = connect_to(server.origin)
        campaign = _campaign()
        receipt = connector.writer.tag(campaign, "presend:X", ["7"])
        assert receipt.state is DeedState.UNKNOWN
        with pytest.raises(Unconfirmed):
            connector._client.write("POST", paths.LISTS, "making a list", {})


def _campaign() -> Campaign:
    from presend.model import Vocabulary
    from presend_connectors.hubspot.normalise import Account, Targets, campaign_of

    targets = Targets((), (), (), (), "", graymail=False)
    return campaign_of(Account("acme", "1", "UTC", "", Vocabulary()), [email()], targets, {}, START)


# -- what the SDK does behind our back


def test_trap_connections_are_reused_and_bodies_compressed() -> None:
    # The SDK opens a connection for every `client.x.y_api.method()`, and asks for no compression.
    with scripted(account()) as server:
        client = connect_to(server.origin)._client
        for _ in range(10):
            client.details()
        assert len(server.peers) == 1
        assert server.headers[0]["Accept-Encoding"] == "gzip"
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert server.headers[0]["User-Agent"]


def test_trap_making_a_client_leaves_the_logging_of_the_process_alone() -> None:
    logger = logging.getLogger("urllib3")
    before, debugging = logger.level, http.client.HTTPConnection.debuglevel
    try:
        logger.setLevel(logging.DEBUG)
        http.client.HTTPConnection.debuglevel = 1
        connect_to("http://127.0.0.1:1").close()
        assert (logger.level, http.client.HTTPConnection.debuglevel) == (logging.DEBUG, 1)
    finally:
        logger.setLevel(before)
        http.client.HTTPConnection.debuglevel = debugging


def test_trap_no_log_holds_a_body_or_the_key(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), scripted(account()) as server:
        connector = connect_to(server.origin)
        logging.getLogger("hubspot.marketing.emails").setLevel(logging.DEBUG)
        assert list(connector.people(connector.campaign("1"), frozenset({"firstname"})))
    assert "a@example.com" not in caplog.text
    assert KEY not in caplog.text


def test_trap_an_id_cannot_climb_out_of_its_path() -> None:
    with scripted(account()) as server:
        client = connect_to(server.origin)._client
        for odd in ("", ".", ".."):
            with pytest.raises(Gone):
                client.email(odd)
        with pytest.raises(Gone):
            client.email("a/../../account-info/v3/details")
        assert [path for _method, path in server.asked] == [
            "/marketing/v3/emails/a%2F..%2F..%2Faccount-info%2Fv3%2Fdetails"
        ]


def test_trap_errors_hold_neither_key_nor_address() -> None:
    said = json.dumps(
        {"message": "Contact ann@example.com is odd.", "context": {"requiredScopes": ["content"]}}
    ).encode()
    with scripted(account(details=(403, said, JSON))) as server, pytest.raises(Refused) as caught:
        connect_to(server.origin).info()
    text = f"{caught.value!r} {caught.value} {caught.value.help}"
    assert "ann@" not in text
    assert KEY not in text
    assert "content" in text


@pytest.mark.parametrize("token", ["", "pat-na1-with-a-line\nend", " pat-na1-padded", "pat-na1-\u00fcber"])
def test_trap_a_token_that_cannot_be_one_is_refused_unseen(token: str) -> None:
    with pytest.raises(Refused, match="token") as caught:
        HubspotConnector(AccountConfig("acme", Platform.HUBSPOT, token, base_url="http://127.0.0.1:9")).info()

    assert not token.strip() or token.strip() not in f"{caught.value!r} {caught.value.help}"


def test_trap_importing_the_connector_imports_no_sdk() -> None:
    code = "import sys, presend_connectors.hubspot; sys.exit('hubspot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_trap_ids_are_texts_or_numbers() -> None:
    import msgspec

    page = msgspec.json.decode(
        b'{"results": [{"recordId": 7}, {"recordId": "7"}]}', type=wire.Page[wire.Member], strict=True
    )
    assert {str(one.record_id) for one in page.results} == {"7"}


def test_companies_are_read_where_an_email_speaks_of_them() -> None:
    said = SCHEDULED | {
        "content": {"widgets": {"w": {"body": {"html": "{{ company.name }} and {{ contact.firstname }}"}}}}
    }
    contact = {"id": "7", "properties": {"email": "a@example.com", "associatedcompanyid": "70"}}
    company = {"id": "70", "properties": {"name": "Acme"}}
    answer = account(
        emails_1=said,
        companies_batch_read={"results": [company]},
        contacts_batch_read={"results": [contact, {"id": "8", "properties": {"email": "b@example.com"}}]},
        properties_companies={"results": [{"name": "name", "label": "Name", "type": "string"}]},
    )
    with scripted(answer) as server:
        connector = connect_to(server.origin)
        campaign = connector.campaign("1")
        batches = list(connector.people(campaign, frozenset({"company.name", "firstname"})))

    assert "company.name" in {field.tag for field in campaign.vocabulary.fields}
    assert batches[0].columns["company.name"] == ['"Acme"', None]
