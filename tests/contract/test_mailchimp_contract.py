"""The imitated Mailchimp answers as Mailchimp's published description says it does."""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_core import OpenAPI

from presend_sandbox import Sandbox
from presend_sandbox.mailchimp.routes import Api
from tests.contract.oracle import SpecViolationError, check_request, check_response, load_spec

pytestmark = pytest.mark.contract

SERVER = "https://server.api.mailchimp.com/3.0"
START = datetime(2026, 11, 22, 9, 7, tzinfo=UTC)
LETTER = "/lists/9c41f2a7d0"
# What the SDK sends with every request: any user name, and the key.
KEY = {"Authorization": "Basic " + base64.b64encode(b"user:sandbox-larkspur-us99").decode()}
UNCOVERED = Path(__file__).with_name("uncovered.toml")
WHEN = "2026-11-24T10:00:00+00:00"


@pytest.fixture(scope="module")
def spec() -> OpenAPI:
    return load_spec("mailchimp")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", start=START, only=("mailchimp",)) as running:
        yield running


def uncovered() -> set[tuple[str, str]]:
    """The Mailchimp operations that have another oracle."""
    listed = tomllib.loads(UNCOVERED.read_text("utf-8")).get("operation", [])
    assert all(each["oracle"].strip() for each in listed)
    return {(each["method"], each["path"]) for each in listed if each["platform"] == "mailchimp"}


def exchange(box: Sandbox, spec: OpenAPI, method: str, path: str, body: Any = None) -> httpx.Response:
    """One request whose question and answer are both held against the description."""
    target, _, query = path.partition("?")
    raw = b"" if body is None else json.dumps(body).encode()
    check_request(spec, method, SERVER + target, query, KEY, raw)
    answer = httpx.request(method, f"{box.origin}/3.0{path}", content=raw or None, headers=KEY)
    content = json.dumps(_without_nulls(answer.json())).encode() if answer.content else b""
    check_response(spec, method, SERVER, target, query, answer.status_code, answer.headers, content)
    return answer


def _without_nulls(body: Any) -> Any:
    """The body with merge values of null written as "".

    The description knows no null there, though its words on default values do; the worlds plant some on purpose.
    """
    if isinstance(body, list):
        return [_without_nulls(item) for item in body]
    if not isinstance(body, dict):
        return body
    values = body.get("merge_fields")
    filled = (
        {tag: "" if stored is None else stored for tag, stored in values.items()} if isinstance(values, dict) else None
    )
    return {key: _without_nulls(item) for key, item in body.items()} | ({"merge_fields": filled} if filled else {})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ping",
        "/campaigns?count=1000&status=schedule&sort_field=send_time&sort_dir=ASC",
        "/campaigns?count=1000&status=sent",
        "/campaigns/mc-letter",
        "/campaigns/mc-split",
        "/campaigns/mc-patio?fields=id,status,settings.timewarp",
        "/campaigns/mc-letter/content",
        "/campaigns/mc-split/content",
        "/campaigns/mc-domain/send-checklist",
        "/campaigns/mc-letter/feedback",
        "/campaign-folders",
        "/lists",
        LETTER,
        f"{LETTER}/merge-fields?count=100",
        f"{LETTER}/members?count=1000",
        f"{LETTER}/members?count=1000&status=unsubscribed&sort_field=timestamp_opt&sort_dir=ASC",
        f"{LETTER}/members?fields=total_items,members.id,members.email_address,members.status,members.last_changed",
        f"{LETTER}/members?count=1000&status=unsubscribed&since_last_changed=2026-10-01T00:00:00%2B00:00",
        f"{LETTER}/members?fields=members.id,members.merge_fields,total_items",
        f"{LETTER}/segments?count=100",
        f"{LETTER}/segments/2201",
        f"{LETTER}/segments/2102/members?count=1000",
        f"{LETTER}/tag-search?name=B",
        "/ecommerce/stores",
        "/ecommerce/orders?count=1000",
        "/ecommerce/stores/trade-desk/orders?count=1000",
    ],
)
def test_what_is_read_is_as_described(box: Sandbox, spec: OpenAPI, path: str) -> None:
    assert exchange(box, spec, "GET", path).status_code == 200


def test_one_member_and_its_tags_are_as_described(box: Sandbox, spec: OpenAPI) -> None:
    for someone in box.platforms["mailchimp"].send("mc-bulbs")[:3]:
        exchange(box, spec, "GET", f"{LETTER}/members/{someone}")
    tags = {"tags": [{"name": "Seen", "status": "active"}], "is_syncing": True}
    path = f"{LETTER}/members/{box.platforms['mailchimp'].send('mc-bulbs')[0]}/tags"
    assert exchange(box, spec, "POST", path, tags).status_code == 204
    assert exchange(box, spec, "GET", path).json()["total_items"] == 2


def test_what_is_written_is_as_described(box: Sandbox, spec: OpenAPI) -> None:
    assert exchange(box, spec, "POST", "/campaigns/mc-letter/actions/unschedule").status_code == 204
    settings = {"subject_line": "S", "from_name": "F", "reply_to": "a@example.com"}
    assert exchange(box, spec, "PATCH", "/campaigns/mc-letter", {"settings": settings}).status_code == 200
    assert (
        exchange(box, spec, "POST", "/campaigns/mc-letter/actions/schedule", {"schedule_time": WHEN}).status_code == 204
    )
    exchange(box, spec, "POST", "/campaigns/mc-letter/actions/unschedule")
    tag = exchange(
        box, spec, "POST", f"{LETTER}/segments", {"name": "presend:out:mc-letter", "static_segment": []}
    ).json()
    out = {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_not", "value": tag["id"]}
    for options in ({"match": "all", "conditions": [out]}, {"saved_segment_id": tag["id"]}):
        to = {"list_id": LETTER.removeprefix("/lists/"), "segment_opts": options}
        body = {"settings": settings, "recipients": to}
        shown = exchange(box, spec, "PATCH", "/campaigns/mc-letter", body).json()["recipients"]["segment_opts"]
        assert {name: shown[name] for name in options} == options
    copied = exchange(box, spec, "POST", "/campaigns/mc-letter/actions/replicate")
    assert copied.json()["status"] == "save"
    test = {"test_emails": ["me@example.com"], "send_type": "html"}
    assert exchange(box, spec, "POST", "/campaigns/mc-letter/actions/test", test).status_code == 204
    said = exchange(box, spec, "POST", "/campaigns/mc-letter/feedback", {"message": "Held"}).json()
    path = f"/campaigns/mc-letter/feedback/{said['feedback_id']}"
    assert exchange(box, spec, "PATCH", path, {"is_complete": True}).json()["is_complete"] is True
    assert exchange(box, spec, "GET", path).status_code == 200
    assert exchange(box, spec, "DELETE", path).status_code == 204
    assert exchange(box, spec, "POST", "/campaign-folders", {"name": "Held"}).status_code == 200


def test_segments_and_batches_are_as_described(box: Sandbox, spec: OpenAPI) -> None:
    email = next(iter(box.state["mailchimp"].lists["9c41f2a7d0"].members.values())).email
    made = exchange(box, spec, "POST", f"{LETTER}/segments", {"name": "New", "static_segment": [email]}).json()
    change = {"members_to_add": ["stranger@example.com"], "members_to_remove": [email]}
    changed = exchange(box, spec, "POST", f"{LETTER}/segments/{made['id']}", change).json()
    assert (changed["total_removed"], changed["error_count"]) == (1, 1)
    tags = json.dumps({"tags": [{"name": "Seen", "status": "active"}], "is_syncing": True})
    someone = box.platforms["mailchimp"].send("mc-bulbs")[0]
    tagging = {"method": "POST", "path": f"{LETTER}/members/{someone}/tags", "operation_id": "0", "body": tags}
    started = exchange(box, spec, "POST", "/batches", {"operations": [tagging]}).json()
    assert exchange(box, spec, "GET", f"/batches/{started['id']}").json()["status"] == "finished"
    kept = {"match": "any", "conditions": [{"condition_type": "TextMerge", "field": "FNAME", "op": "is", "value": "A"}]}
    assert exchange(box, spec, "POST", f"{LETTER}/segments", {"name": "Kept", "options": kept}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/campaigns/none", None, 404),
        ("POST", "/campaigns/mc-draft/actions/unschedule", None, 400),
        ("POST", "/campaigns/mc-draft/actions/schedule", {"schedule_time": "2026-11-24T10:07:00+00:00"}, 400),
        ("POST", "/campaigns/mc-letter/actions/pause", None, 400),
        ("POST", "/campaigns/mc-letter/actions/resume", None, 400),
        ("POST", "/campaigns/mc-letter/actions/cancel-send", None, 403),
    ],
)
def test_refusals_are_problem_documents(
    box: Sandbox, spec: OpenAPI, method: str, path: str, body: Any, status: int
) -> None:
    answer = exchange(box, spec, method, path, body)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_the_oracle_sees_a_bad_answer(box: Sandbox, spec: OpenAPI) -> None:
    good = exchange(box, spec, "GET", "/campaigns/mc-letter").json()
    for wrong in ({"status": "scheduled"}, {"web_id": "7"}, {"recipients": {"recipient_count": "many"}}):
        body = json.dumps(good | wrong).encode()
        with pytest.raises(SpecViolationError):
            check_response(
                spec, "GET", SERVER, "/campaigns/mc-letter", "", 200, {"content-type": "application/json"}, body
            )


def test_the_oracle_sees_a_bad_question(spec: OpenAPI) -> None:
    with pytest.raises(SpecViolationError):
        check_request(spec, "PATCH", f"{SERVER}/campaigns/x", "", KEY, b'{"settings": {"title": "only"}}')
    with pytest.raises(SpecViolationError):
        check_request(spec, "POST", f"{SERVER}/campaigns/x/actions/schedule", "", KEY, b"{}")


def test_every_operation_is_described_or_has_another_oracle(box: Sandbox, spec: OpenAPI) -> None:
    offered = {(each.method, each.template) for each in Api(box.state["mailchimp"]).operations}
    described = {
        (method.upper(), path.replace("{category_id}", "{interest_category_id}"))
        for path, item in spec.spec.read_value()["paths"].items()
        for method in item
    }
    assert offered - described == uncovered()
