"""Mailchimp's own SDK pointed at the sandbox, for the tests of the imitated Mailchimp."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import mailchimp_marketing
from mailchimp_marketing.api_client import ApiClientError

from presend_sandbox import Sandbox

START = datetime(2026, 11, 22, 9, 7, tzinfo=UTC)
LETTER = "9c41f2a7d0"
ONLY = ("mailchimp",)


def sdk(box: Sandbox, key: str = "") -> Any:
    """Mailchimp's SDK pointed at the sandbox."""
    client = mailchimp_marketing.Client({"api_key": key or box.env()["PRESEND_MAILCHIMP__API_KEY"]})
    client.api_client.host = box.origin + "/3.0"
    return client


def refused(error: ApiClientError) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(error.text)
    assert set(document) >= {"type", "title", "status", "detail", "instance"}
    assert document["status"] == error.status_code
    return document


def hash_of(email: str) -> str:
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()
