"""What the imitated Klaviyo answers, and what is sent to it, is as Klaviyo's published descriptions say."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from openapi_core import OpenAPI

from presend_sandbox import Sandbox
from presend_sandbox.klaviyo import OPERATIONS
from tests.contract.oracle import SpecViolationError, check_request, check_response, load_spec, specs_folder

pytestmark = pytest.mark.contract

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERVER = "https://a.klaviyo.com"
MEDIA = "application/vnd.api+json"
SPECS = ("klaviyo.campaigns-beta", "klaviyo.rest")


@pytest.fixture(scope="module")
def specs() -> dict[str, OpenAPI]:
    return {name: load_spec(name) for name in SPECS}


@pytest.fixture(scope="module")
def described() -> dict[tuple[str, str], str]:
    """Which description covers a method and path; campaigns come from the newer one."""
    found: dict[tuple[str, str], str] = {}
    for name in reversed(SPECS):
        paths = json.loads((specs_folder() / f"{name}.31.json").read_text("utf-8"))["paths"]
        found |= {(method.upper(), path): name for path, methods in paths.items() for method in methods}
    return found


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", start=START) as running:
        yield running


@pytest.fixture
def own_box() -> Iterator[Sandbox]:
    with Sandbox("mishaps", start=START) as running:
        yield running


def ask(box: Sandbox, method: str, path: str, query: str = "", body: Any = None) -> urllib3.BaseHTTPResponse:
    key = box.env()["PRESEND_KLAVIYO__API_KEY"]
    headers = {"Authorization": f"Klaviyo-API-Key {key}", "revision": "2026-10-15", "Content-Type": MEDIA}
    data = json.dumps(body).encode() if body is not None else None
    url = box.origin + path + (f"?{query}" if query else "")
    return urllib3.request(method, url, headers=headers, body=data, retries=False, timeout=10)


def covering(specs: dict[str, OpenAPI], described: dict[tuple[str, str], str], method: str, path: str) -> OpenAPI:
    """The description of a concrete path."""
    for (known, template), name in described.items():
        if known == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return specs[name]
    raise AssertionError(f"no description covers {method} {path}")


READS = [
    ("/api/accounts", ""),
    ("/api/campaigns", "include=campaign-messages,campaign-audiences&page[size]=100"),
    ("/api/campaigns/01LARKTWOSTEP", "include=campaign-messages"),
    ("/api/campaigns/01LARKTWOSTEP/campaign-messages", ""),
    ("/api/campaigns/01LARKTWOSTEP/campaign-audiences", ""),
    ("/api/campaign-messages", "filter=equals(status,'scheduled')&include=campaign&page[size]=100"),
    ("/api/campaign-messages", "page[size]=5&include=campaign-variations&sort=-updated"),
    ("/api/campaign-messages/01LARKPLANTM1", ""),
    ("/api/campaign-messages/01LARKDRAFTM1", "include=campaign"),
    ("/api/campaign-messages/01LARKBARENAMEM1/campaign", ""),
    ("/api/campaign-messages/01LARKBARENAMEM1/relationships/campaign", ""),
    ("/api/campaign-messages/01LARKBARENAMEM1/campaign-audience", ""),
    ("/api/campaign-messages/01LARKABTESTM1/campaign-variations", ""),
    ("/api/campaign-messages/01LARKBARENAMEM1/tags", ""),
    ("/api/campaign-audiences/01LARKBARENAMEA1", "include=campaign,campaign-messages"),
    ("/api/campaign-variations/01LARKABTESTM1VB", "include=campaign-message"),
    ("/api/campaign-variations/01LARKSMSM1VA", ""),
    ("/api/campaign-variations/01LARKABTESTM1VB/campaign-message", ""),
    ("/api/campaign-recipient-estimation-jobs/01LARKNONE", ""),
    ("/api/campaign-recipient-estimations/01LARKNONE", ""),
    ("/api/templates", ""),
    ("/api/templates/01LARKBARENAMEM1TA", ""),
    ("/api/lists", "include=flow-triggers"),
    ("/api/lists", "filter=equals(name,%22Larkfield%20Club%22)&page[size]=10&include=flow-triggers"),
    ("/api/lists/CLUBMB", "additional-fields[list]=profile_count&include=flow-triggers"),
    ("/api/lists/CLUBMB/profiles", "page[size]=100&additional-fields[profile]=subscriptions"),
    ("/api/lists/STAFFX/profiles", "additional-fields[profile]=subscriptions,predictive_analytics"),
    ("/api/lists/NEWSLT/relationships/profiles", "page[size]=100"),
    ("/api/segments", ""),
    ("/api/segments", "page[size]=10&include=flow-triggers"),
    ("/api/segments/LAPSED", "additional-fields[segment]=profile_count"),
    ("/api/segments/DOGOWN/profiles", "page[size]=100&additional-fields[profile]=subscriptions"),
    ("/api/profiles", "page[size]=100&sort=-updated"),
    (
        "/api/profiles",
        (
            "page[size]=100&additional-fields[profile]=subscriptions&fields[profile]=email,subscriptions"
            "&filter=equals(subscriptions.email.marketing.suppression.reason,%22UNSUBSCRIBE%22)"
        ),
    ),
    ("/api/profiles/01STAFFMORAG", "include=lists,segments&additional-fields[profile]=subscriptions"),
    ("/api/tags", "include=tag-group"),
    ("/api/tags/5a1e0001-0000-4000-8000-000000000001/relationships/campaigns", ""),
    ("/api/events", "page[size]=100&include=metric,profile"),
    ("/api/metrics", ""),
    ("/api/flows", "include=flow-actions"),
    ("/api/flows/FWELCM", ""),
    ("/api/flows/FWELCM/flow-actions", ""),
    ("/api/flow-actions/FWELCMA1/flow-messages", ""),
    ("/api/flow-messages/FWELCMM1", "include=template"),
    ("/api/flow-messages/FWELCMM1/template", ""),
]


@pytest.mark.parametrize(("path", "query"), READS)
def test_answers_are_as_described(
    box: Sandbox, specs: dict[str, OpenAPI], described: dict[tuple[str, str], str], path: str, query: str
) -> None:
    answer = ask(box, "GET", path, query)
    assert answer.status == 200
    spec = covering(specs, described, "GET", path)
    check_response(spec, "GET", SERVER, path, query, answer.status, answer.headers, answer.data)


def _relation(kind: str, *ids: str) -> dict[str, Any]:
    return {"data": [{"type": kind, "id": each} for each in ids]}


def _schedule() -> dict[str, Any]:
    target = {"campaign-message": {"data": {"type": "campaign-message", "id": "01LARKDRAFTM1"}}}
    attributes = {
        "strategy": "throttled",
        "send_time": "2026-12-01T09:00:00+00:00",
        "throttled_options": {"throttling_percentage": 25, "throttle_unit": "hour"},
    }
    return {"data": {"type": "campaign-message-schedule", "attributes": attributes, "relationships": target}}


def _one(kind: str, own_id: str | None, attributes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"type": kind, **({"id": own_id} if own_id else {}), **more}
    return {"data": {**data, **({"attributes": attributes} if attributes is not None else {})}}


_TAG = "5a1e0001-0000-4000-8000-000000000001"
_IMPORTED = {"type": "profile", "attributes": {"email": "someone.new@example.com", "properties": {"note": None}}}
WRITES = [
    (
        "PATCH",
        "/api/campaigns/01LARKNONE",
        _one("campaign", "01LARKNONE", {"definition": {"description": "x"}}),
        200,
    ),
    (
        "PATCH",
        "/api/campaign-audiences/01LARKDRAFTA1",
        _one("campaign-audience", "01LARKDRAFTA1", {"definition": {"excluded": ["STAFFX"]}}),
        200,
    ),
    (
        "PATCH",
        "/api/campaign-audiences/01LARKDRAFTA1",
        _one(
            "campaign-audience",
            "01LARKDRAFTA1",
            {"definition": {"name": None, "included": ["CLUBMB"], "excluded": ["STAFFX"], "priority": None}},
        ),
        200,
    ),
    ("POST", "/api/campaign-message-schedule", _schedule(), 201),
    (
        "PATCH",
        "/api/campaign-message-schedule/01LARKNONEM1",
        _one("campaign-message-schedule", "01LARKNONEM1", {"action": "revert"}),
        204,
    ),
    (
        "POST",
        "/api/campaign-recipient-estimation-jobs",
        _one("campaign-recipient-estimation-job", "01LARKNONE"),
        202,
    ),
    (
        "POST",
        "/api/template-render",
        _one("template", "01LARKBARENAMEM1TA", {"context": {"first_name": "Ada"}}),
        201,
    ),
    ("POST", "/api/lists", _one("list", None, {"name": "Held back"}), 201),
    ("POST", "/api/lists/CLUBMB/relationships/profiles", _relation("profile", "01STAFFMORAG"), 204),
    ("DELETE", "/api/lists/STAFFX/relationships/profiles", _relation("profile", "01STAFFMORAG"), 204),
    (
        "PATCH",
        "/api/profiles/01STAFFMORAG",
        _one("profile", "01STAFFMORAG", {"title": None}, meta={"patch_properties": {"unset": ["x"]}}),
        200,
    ),
    (
        "POST",
        "/api/profile-bulk-import-jobs",
        _one("profile-bulk-import-job", None, {"profiles": {"data": [_IMPORTED]}}),
        202,
    ),
    ("POST", "/api/tags", _one("tag", None, {"name": "held"}), 201),
    ("POST", f"/api/tags/{_TAG}/relationships/campaigns", _relation("campaign", "01LARKNONE"), 204),
    ("DELETE", f"/api/tags/{_TAG}/relationships/campaigns", _relation("campaign", "01LARKBARENAME"), 204),
    ("PATCH", "/api/flows/FBASKT", _one("flow", "FBASKT", {"status": "manual"}), 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), WRITES, ids=[f"{each[0]} {each[1]}" for each in WRITES])
def test_writes_and_their_answers_are_as_described(
    own_box: Sandbox,
    specs: dict[str, OpenAPI],
    described: dict[tuple[str, str], str],
    method: str,
    path: str,
    body: dict[str, Any],
    status: int,
) -> None:
    spec = covering(specs, described, method, path)
    headers = {"Authorization": "Klaviyo-API-Key pk_x", "revision": "2026-10-15", "Content-Type": MEDIA}
    check_request(spec, method, SERVER + path, "", headers, json.dumps(body).encode())
    answer = ask(own_box, method, path, "", body)
    assert answer.status == status, answer.data
    check_response(spec, method, SERVER, path, "", answer.status, answer.headers, answer.data)


def test_a_bulk_import_job_is_as_described(
    own_box: Sandbox, specs: dict[str, OpenAPI], described: dict[tuple[str, str], str]
) -> None:
    body = _one("profile-bulk-import-job", None, {"profiles": {"data": [_IMPORTED]}})
    own_id = ask(own_box, "POST", "/api/profile-bulk-import-jobs", "", body).json()["data"]["id"]
    path = f"/api/profile-bulk-import-jobs/{own_id}"
    answer = ask(own_box, "GET", path)
    spec = covering(specs, described, "GET", path)
    check_response(spec, "GET", SERVER, path, "", answer.status, answer.headers, answer.data)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/lists/NOPE", None),
        ("PATCH", "/api/campaign-message-schedule/01LARKSENTM1", {"action": "revert"}),
    ],
)
def test_refusals_are_as_described(
    box: Sandbox,
    specs: dict[str, OpenAPI],
    described: dict[tuple[str, str], str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    sent = _one("campaign-message-schedule", path.rpartition("/")[2], body) if body else None
    answer = ask(box, method, path, "", sent)
    assert 400 <= answer.status < 500
    spec = covering(specs, described, method, path)
    check_response(spec, method, SERVER, path, "", answer.status, answer.headers, answer.data)


@pytest.mark.parametrize(
    ("path", "spoil"),
    [
        ("/api/campaign-messages/01LARKNONEM1", lambda data: data.update(type="campaignX")),
        (
            "/api/campaign-messages/01LARKNONEM1",
            lambda data: data["attributes"]["definition"].update(status="paused"),
        ),
        ("/api/campaign-messages/01LARKNONEM1", lambda data: data["attributes"].pop("updated")),
        ("/api/lists/CLUBMB", lambda data: data.pop("links")),
        ("/api/segments/DOGOWN", lambda data: data["attributes"].update(is_processing="no")),
    ],
)
def test_the_oracle_looks(
    box: Sandbox,
    specs: dict[str, OpenAPI],
    described: dict[tuple[str, str], str],
    path: str,
    spoil: Any,
) -> None:
    """A known-bad answer is refused, so that the tests above mean something."""
    answer = ask(box, "GET", path)
    document = answer.json()
    spoil(document["data"])
    spec = covering(specs, described, "GET", path)
    with pytest.raises(SpecViolationError):
        check_response(spec, "GET", SERVER, path, "", 200, answer.headers, json.dumps(document).encode())


def test_a_known_bad_request_is_refused(specs: dict[str, OpenAPI]) -> None:
    body = _one("campaign-message-schedule", "01LARKNONEM1", {"action": "pause"})
    path = "/api/campaign-message-schedule/01LARKNONEM1"
    headers = {"Authorization": "Klaviyo-API-Key pk_x", "revision": "2026-10-15", "Content-Type": MEDIA}
    with pytest.raises(SpecViolationError, match="pause"):
        check_request(specs["klaviyo.campaigns-beta"], "PATCH", SERVER + path, "", headers, json.dumps(body).encode())


def test_every_operation_is_described_or_listed_as_uncovered(
    described: dict[tuple[str, str], str],
) -> None:
    listed = tomllib.loads((Path(__file__).parent / "uncovered.toml").read_text("utf-8"))["operation"]
    uncovered = {(row["method"], row["path"]) for row in listed if row["platform"] == "klaviyo"}
    offered = {(operation.method, operation.path) for operation in OPERATIONS}
    assert offered - described.keys() == uncovered


def test_every_described_operation_on_offer_is_checked_above(
    described: dict[tuple[str, str], str],
) -> None:
    checked = {("GET", path) for path, _ in READS} | {(method, path) for method, path, _, _ in WRITES}
    checked.add(("GET", "/api/profile-bulk-import-jobs/x"))
    missing = []
    for operation in OPERATIONS:
        pattern = re.sub(r"\{\w+\}", "[^/]+", operation.path)
        known = (operation.method, operation.path) in described
        if known and not any(m == operation.method and re.fullmatch(pattern, p) for m, p in checked):
            missing.append(f"{operation.method} {operation.path}")
    assert missing == []
