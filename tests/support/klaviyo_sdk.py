"""The official Klaviyo SDK and bare requests against the sandbox, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import urllib3
from klaviyo_api import KlaviyoAPI

from presend_sandbox import Sandbox

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLUB = "CLUBMB"
SCHEDULED = "equals(status,'scheduled')"


def client(box: Sandbox, typed: bool = False, key: str | None = None) -> Any:
    """The SDK pointed at the sandbox, one try a call; dicts unless `typed`."""
    options = {} if typed else {"USE_DICTIONARY_FOR_RESPONSE_DATA": True}
    return KlaviyoAPI(
        key or box.env()["PRESEND_KLAVIYO__API_KEY"], max_retries=1, test_host=box.origin, options=options
    )


def cursor(document: dict[str, Any]) -> str | None:
    following = (document["links"].get("next")) or ""
    return parse_qs(urlsplit(following).query).get("page[cursor]", [None])[0]


def every(call: Callable[..., dict[str, Any]], *args: Any, **kwargs: Any) -> tuple[list[dict[str, Any]], int]:
    """All rows of a collection and how many pages they came in."""
    rows: list[dict[str, Any]] = []
    pages, at = 0, None
    while True:
        document = call(*args, **kwargs, **({"page_cursor": at} if at else {}))
        rows += document["data"]
        pages += 1
        at = cursor(document)
        if at is None:
            return rows, pages


def raw(box: Sandbox, path: str, method: str = "GET", body: Any = None, **headers: str) -> urllib3.BaseHTTPResponse:
    key = box.env()["PRESEND_KLAVIYO__API_KEY"]
    sent = {"Authorization": f"Klaviyo-API-Key {key}", "revision": "2026-10-15", **headers}
    sent = {name: value for name, value in sent.items() if value}
    data = None if body is None else json.dumps(body).encode()
    if data:
        sent["Content-Type"] = "application/vnd.api+json"
    return urllib3.request(method, box.origin + path, headers=sent, body=data, retries=False, timeout=10)


def error(response: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    assert response.headers["content-type"].startswith("application/vnd.api+json")
    found: dict[str, Any] = response.json()["errors"][0]
    assert {"id", "status", "code", "title", "detail", "source"} <= found.keys()
    assert found["status"] == response.status
    return found


def stop(k: Any, message: str, action: str = "revert") -> None:
    body = {"data": {"type": "campaign-message-schedule", "id": message, "attributes": {"action": action}}}
    k.Campaigns.update_campaign_message_schedule(message, body)


def schedule(k: Any, message: str, **attributes: Any) -> dict[str, Any]:
    target = {"campaign-message": {"data": {"type": "campaign-message", "id": message}}}
    body = {"type": "campaign-message-schedule", "attributes": attributes, "relationships": target}
    found: dict[str, Any] = k.Campaigns.schedule_campaign_message({"data": body})
    return found


def status(k: Any, message: str) -> str:
    found: str = k.Campaigns.get_campaign_message(message)["data"]["attributes"]["definition"]["status"]
    return found
