"""What goes wrong with Mailchimp's API and SDK (named by trap): each of these would fail open without its guard."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from presend.errors import BadAnswer, Gone, PlatformError, Refused, Unreachable
from presend.model import Campaign, DeedState
from presend.ports import Trouble
from presend_connectors.mailchimp.answers import data_centre
from presend_connectors.mailchimp.paging import pages
from tests.support.mailchimp import KEY, Asked, FakeTime, Said, Scripted, campaigns_of, connector, scripted

ROOT = {"account_id": "a1", "account_name": "A", "role": "owner", "account_timezone": "Europe/Berlin"}
ROW: dict[str, Any] = {
    "id": "c1",
    "type": "regular",
    "status": "schedule",
    "send_time": "2026-11-23T10:00:00+00:00",
    "recipients": {"list_id": "l1", "list_name": "L", "recipient_count": 2},
    "settings": {"title": "One", "subject_line": "Hi"},
}
MEMBER = {"id": "m1", "email_address": "ada@example.org", "status": "subscribed", "merge_fields": {"FNAME": "Ada"}}
EMPTY = {
    "campaigns": {"campaigns": [], "total_items": 0},
    "merge-fields": {"merge_fields": [{"merge_id": 1, "tag": "FNAME", "default_value": ""}], "total_items": 1},
    "interest-categories": {"categories": [], "total_items": 0},
    "members": {"members": [MEMBER], "total_items": 1},
    "stores": {"stores": [], "total_items": 0},
    "segments": {"segments": [], "total_items": 0},
    "content": {"html": "<p>Hi *|FNAME|*</p>", "plain_text": "Hi"},
    "send-checklist": {"is_ready": True, "items": []},
    "feedback": {"feedback": []},
    "3.0": ROOT,
    "c1": ROW,
}


def usual(asked: Asked) -> Said:
    """A small account that works."""
    last = asked.path.rstrip("/").rsplit("/", 1)[-1]
    if last == "campaigns" and asked.query.get("status") == "schedule":
        return Said({"campaigns": [ROW], "total_items": 1})
    if asked.method == "POST":
        return Said(status=204)
    return Said(EMPTY[last])


def but(path: str, *said: Said, method: str = "GET") -> Any:
    """The usual account, but for one path: the given answers in turn, the last one for good."""
    left = list(said)

    def answer(asked: Asked) -> Said:
        if asked.method == method and asked.path.endswith(path):
            return left.pop(0) if len(left) > 1 else left[0]
        return usual(asked)

    return answer


def pull(server: Scripted, **more: Any) -> list[str]:
    """Ids of the recipients of the one campaign."""
    one = connector(server.origin, **more)
    campaign = campaigns_of(one)["c1"]
    return [id_ for batch in one.people(campaign, frozenset({"FNAME"})) for id_ in batch.ids]


def problem(status: int, detail: str = "No.") -> Said:
    body = {"type": "about:blank", "title": "Forbidden", "status": status, "detail": detail, "instance": ""}
    return Said(body, status, {"Content-Type": "application/problem+json"})


# -- answers


@pytest.mark.parametrize(
    "said",
    [
        Said(status=500),
        Said(status=502, headers={"Content-Type": ""}),
        Said(b'{"title": "Unav', 503),
        Said(status=204),
        Said(b'{"members": [', 200),
        Said(b"<html>Just a moment</html>", 200, {"Content-Type": "text/html"}),
        Said({}),
        Said([]),
        Said({"members": [], "total_items": "0"}),
        Said({"members": None, "total_items": 0}),
        Said(b'{"members": [], "total_items": 0}', cut=20),
        Said({"members": [{"id": "m1"}], "total_items": 1}),
    ],
    ids=[
        "empty 500", "502 without a type", "truncated error", "204", "truncated 200", "html", "empty object", "a list",
        "count as text", "null for rows", "shorter than promised", "a member without a status",
    ],
)  # fmt: skip
def test_swallowed_errors_what_is_no_page_of_people_is_an_error_and_never_nobody(said: Said) -> None:
    with scripted(but("/members", said)) as server, pytest.raises(PlatformError) as error:
        pull(server)
    assert error.value.message
    assert error.value.help


def test_an_empty_list_is_no_error() -> None:
    with scripted(but("/members", Said({"members": [], "total_items": 0}))) as server:
        assert pull(server) == []


def test_bare_403_is_an_overload_and_is_tried_again() -> None:
    fake = FakeTime()
    with scripted(but("/merge-fields", Said(status=403), Said(EMPTY["merge-fields"]))) as server:
        assert pull(server, fake=fake) == ["m1"]
    assert max(fake.naps) >= 0.5


def test_a_403_with_a_reason_is_a_refusal_and_is_not_repeated() -> None:
    with scripted(but("/3.0/", problem(403, "Your role may not."))) as server:
        with pytest.raises(Refused, match="Your role may not"):
            connector(server.origin).info()
        assert len(server.asked) == 1


def test_retry_after_is_kept_although_the_sdk_loses_headers() -> None:
    fake = FakeTime()
    with scripted(
        but("/merge-fields", Said(status=429, headers={"Retry-After": "7"}), Said(EMPTY["merge-fields"]))
    ) as s:
        assert pull(s, fake=fake) == ["m1"]
    assert 7.0 in fake.naps


def test_one_odd_campaign_costs_only_itself() -> None:
    odd = {**ROW, "id": "c2", "recipients": None}
    page = Said({"campaigns": [odd, ROW], "total_items": 2})
    with scripted(lambda a: page if a.query.get("status") == "schedule" else usual(a)) as server:
        found = list(connector(server.origin).campaigns())
    troubles = [each for each in found if isinstance(each, Trouble)]
    assert [each.ref.id for each in found if isinstance(each, Campaign)] == ["c1"]
    assert [each.ref.id for each in troubles if each.ref] == ["c2"]
    assert "c2" in troubles[0].reason


def test_one_campaign_without_content_is_a_trouble_and_the_list_that_fails_is_an_error() -> None:
    with scripted(but("/content", problem(404))) as server:
        (trouble,) = connector(server.origin).campaigns()
    assert isinstance(trouble, Trouble)
    assert trouble.ref is not None
    with scripted(but("/campaigns", Said(status=500))) as server, pytest.raises(Unreachable):
        list(connector(server.origin).campaigns())


def test_unknown_words_are_kept_and_never_dropped() -> None:
    row = {**ROW, "status": "schedule", "type": "hologram"}
    with scripted(but("/campaigns/c1", Said({**row, "status": "thinking"}))) as server:
        campaign = connector(server.origin).campaign("c1")
    assert (campaign.state.value, campaign.native_state) == ("unknown", "thinking")
    assert any("hologram" in gap.reason for gap in campaign.gaps)


def test_php_writes_an_empty_map_as_a_list() -> None:
    member = {**MEMBER, "merge_fields": [], "interests": []}
    with scripted(but("/members", Said({"members": [member], "total_items": 1}))) as server:
        assert pull(server) == ["m1"]


# -- requests


def test_redirects_are_not_followed_an_unschedule_would_look_done() -> None:
    away = Said(status=302, headers={"Location": "/3.0/ping"})
    with scripted(but("/unschedule", away, method="POST")) as server:
        one = connector(server.origin)
        receipt = one.writer.hold(one.campaign("c1"))
        assert receipt.state is DeedState.FAILED
        assert "GET /3.0/ping" not in server.paths()


def test_an_empty_500_to_an_unschedule_is_not_done() -> None:
    with scripted(but("/unschedule", Said(status=500), method="POST")) as server:
        one = connector(server.origin)
        assert one.writer.hold(one.campaign("c1")).state is DeedState.UNKNOWN
        assert server.paths().count("POST /3.0/campaigns/c1/actions/unschedule") == 1


def test_actions_without_a_body_do_not_send_null() -> None:
    with scripted(usual) as server:
        one = connector(server.origin)
        one.writer.hold(one.campaign("c1"))
        (sent,) = [each for each in server.asked if each.method == "POST"]
    assert sent.body == b""


def test_fields_are_a_list_else_the_sdk_splits_them_into_letters() -> None:
    with scripted(usual) as server:
        pull(server)
        asked = [each.query["fields"] for each in server.asked if each.path.endswith("/members")]
    assert asked
    assert all({"total_items", "members.id"} <= set(each.split(",")) for each in asked)


@pytest.mark.parametrize(
    "key", ["zz-evil.example/x#", "zz-us21.example", "zz-", "zz", "zz-US21", "zz-us21\n", "zz-u1@h"]
)
def test_a_data_centre_is_validated_else_the_key_goes_to_a_stranger(key: str) -> None:
    assert data_centre(key) is None
    with pytest.raises(Refused) as error:
        connector(None, key)
    assert key not in error.value.message


def test_a_key_with_hyphens_has_a_data_centre() -> None:
    assert data_centre("a-b-us21") == "us21"


def test_ids_are_escaped_in_paths() -> None:
    with scripted(lambda _asked: problem(404)) as server:
        for strange in ("a/../b", "a?b=c", "a#b", "../lists"):
            with pytest.raises(Gone):
                connector(server.origin).campaign(strange)
        assert [each.path for each in server.asked] == [
            "/3.0/campaigns/a%2F..%2Fb", "/3.0/campaigns/a%3Fb%3Dc", "/3.0/campaigns/a%23b", "/3.0/campaigns/..%2Flists"
        ]  # fmt: skip
        for strange in ("..", ".", ""):
            with pytest.raises(Gone):
                connector(server.origin).campaign(strange)
        assert len(server.asked) == 4


def test_the_word_server_in_an_id_stays() -> None:
    store = {"id": "my-server-store", "list_id": "l1", "name": "S"}
    answer = but("/stores", Said({"stores": [store], "total_items": 1}))
    with scripted(answer) as server:
        list(connector(server.origin).campaigns())
        assert "GET /3.0/ecommerce/stores/my-server-store/orders" in server.paths()


def test_proxies_and_netrc_of_the_machine_do_not_touch_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    (Path.home() / ".netrc").write_text("machine 127.0.0.1 login evil password evil\n")
    with scripted(usual) as server:
        connector(server.origin).info()
        (asked,) = server.asked
    assert base64.b64decode(asked.headers["Authorization"].split()[1]).decode().endswith(f":{KEY}")


def test_connections_are_reused() -> None:
    with scripted(usual) as server:
        one = connector(server.origin)
        for _ in range(5):
            one.campaign("c1")
        one.close()
        assert len({each.connection for each in server.asked}) == 1
        assert len(server.asked) > 10


def test_neither_key_nor_people_are_in_errors_and_reprs() -> None:
    with scripted(but("/unschedule", problem(400, "ada@example.org cannot"), method="POST")) as server:
        one = connector(server.origin)
        receipt = one.writer.hold(one.campaign("c1"))
    shown = repr((one, one.writer, one._client, one._client.line, receipt))
    assert KEY not in shown
    assert "ada@example.org" not in shown
    assert "[address] cannot" in receipt.detail


# -- paging


class Sheet:
    """A page for the pager."""

    def __init__(self, rows: list[int], total: int) -> None:
        self.rows = rows
        self.total_items = total


def walk(fetch: Any) -> list[int]:
    return [row for page in pages("rows", fetch, lambda row: row) for row in page]


def test_fewer_rows_than_promised_is_an_error() -> None:
    with pytest.raises(BadAnswer, match="promised 3"):
        walk(lambda at: Sheet([1, 2][at:], 3))


def test_the_same_page_again_and_again_is_an_error_and_ends() -> None:
    with pytest.raises(BadAnswer):
        walk(lambda _at: Sheet([1, 2], 9))


def test_more_rows_than_there_are_said_to_be_is_an_error() -> None:
    with pytest.raises(BadAnswer):
        walk(lambda _at: Sheet([1, 2], 1))


def test_a_row_that_slipped_to_another_page_is_found_on_a_second_walk() -> None:
    turns = iter([[1, 2], [2, 3], [1, 2], [3, 4]])
    assert walk(lambda _at: Sheet(next(turns), 4)) == [1, 2, 3, 4]


def test_a_list_that_shrinks_while_it_is_read_loses_nobody() -> None:
    rows = list(range(10))

    def fetch(at: int) -> Sheet:
        if at == 4 and 0 in rows:
            rows.remove(0)  # somebody of the first page is deleted: 4 moves to place 3
        return Sheet(rows[at : at + 4], len(rows))

    assert walk(fetch) == list(range(10))
