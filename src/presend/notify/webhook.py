"""A webhook of the user's own: the notice as JSON (presend.notice/v1), signed, each one sent at most once."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from presend.notify.channel import TIMEOUT_SECONDS, Letter, Outcome, answered, unconfirmed, unreachable
from presend.notify.digest import Notice, deadline, footers, headline, ordered
from presend.retry import retry_after

SCHEMA = "presend.notice/v1"


def document(notice: Notice, number: str, now: datetime) -> dict[str, Any]:
    """The public form of a notice; docs/notices.md describes each key."""
    matters = [
        {
            "platform": item.platform,
            "account": item.account,
            "campaign_id": item.campaign_id or None,
            "name": item.title,
            "url": item.url,
            "stoppable_until": item.until.isoformat() if item.until else None,
            "time_left": deadline(item, now),
            "held": item.held,
            "severity": item.worst.word,
            "owners": list(item.owners),
            "lines": [{"section": line.section.value, "text": line.text} for line in item.lines],
        }
        for item in ordered(notice.items, now)
    ]
    return {
        "schema": SCHEMA,
        "id": number,
        "made": notice.made.isoformat(),
        "headline": headline(notice),
        "campaigns": matters,
        "notes": footers(notice, now),
    }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 of `<timestamp>.<body>`, in hex."""
    return f"v1={hmac.new(secret.encode(), timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that gets signed notices."""

    id: str
    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    updates: bool = False

    def send(self, letter: Letter) -> Outcome:
        """One request; no redirect is followed, as the signature is for this receiver only."""
        body = json.dumps(document(letter.notice, letter.id, letter.now), ensure_ascii=False).encode()
        timestamp = str(int(letter.now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "presend",
            "X-Presend-Id": letter.id,
            "X-Presend-Timestamp": timestamp,
            "X-Presend-Signature": signature(self.secret, timestamp, body),
        }
        address = self.url.replace("+json://", "://", 1)
        try:
            answer = requests.post(
                address, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            return _ended(self.name, error)
        with answer:
            wait = retry_after(answer.headers.get("Retry-After"), letter.now)
            return answered(self.name, answer.status_code, wait)

    def check(self, now: datetime) -> None:
        """Nobody can tell without sending."""
        del now


_BEFORE = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)
"""What goes wrong before a byte of the request is out."""


def _ended(name: str, error: requests.RequestException) -> Outcome:
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, _BEFORE) or isinstance(cause, NewConnectionError):
        return unreachable(name, error)
    return unconfirmed(name, error)


