"""What the tests of the imitated HubSpot share: its worlds, and calls through its own client."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from presend_sandbox import Sandbox
from presend_sandbox import world as world_files
from presend_sandbox.hubspot.state import Account

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FOLDER = world_files.WORLDS
WORLDS = ("mishaps", "clean", "big", "cross")
Open = Callable[..., tuple[Sandbox, Any]]
"""(world, token, **switches) -> the served world and HubSpot's client for it."""


def account_of(box: Sandbox) -> Account:
    return box.state["hubspot"]


def refused(call: Callable[[], Any]) -> tuple[int, dict[str, Any], Any]:
    """Status, body and headers of the error that a call ends in."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the client's packages share no exception class
        call()
    error: Any = caught.value
    return error.status, json.loads(error.body), error.headers


def raw(client: Any, method: str, path: str, query: list[tuple[str, str]] | None = None, body: Any = None) -> Any:
    """A call on a path that the client has no method for; the decoded answer."""
    api = client.crm.contacts.basic_api.api_client
    answer = api.call_api(
        path,
        method,
        {},
        query or [],
        {"Accept": "application/json", "Content-Type": "application/json"},
        body=body,
        response_types_map={},
        auth_settings=["oauth2"],
        _preload_content=False,
    )
    return json.loads(answer.data) if answer.data else answer.status
