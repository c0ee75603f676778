"""The HubSpot connector against the sandbox, or against a server scripted by a test."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from presend.model import Campaign, Platform
from presend.ports import AccountConfig, Batch, Role
from presend.retry import Clock
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.account import HubspotConnector
from presend_sandbox import Sandbox

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "pat-na1-very-secret"


SMALL = """
[account]
token = "pat-na1-small-sandbox"
enterprise = true
time_zone = "America/New_York"

[[subscriptions]]
id = "4501"
name = "News"

[[lists]]
id = "101"
name = "Everybody"

[[lists]]
id = "113"
name = "Worked out"
where = [[{ property = "city", operator = "IS_ANY_OF", values = ["Austin"] }]]

[[crowd]]
prefix = "p"
seed = 3
first_id = 510001
count = 12
lists = ["101"]

[[hubspot_campaigns]]
id = "guid-1"
name = "Winter"
notes = "Owner: Robin."

[[campaigns]]
id = "1"
name = "One email"
send_at = "+6h"
subject = "Hello"
from_name = "Club"
reply_to = "hello@example.com"
include = ["101"]
subscription = "4501"
hubspot_campaign = "guid-1"
modules = [{ html = "<p>Hello</p>" }]

[[campaigns]]
id = "2"
name = "A test"
state = "SCHEDULED_AB"
send_at = "+6h"
subject = "Hello"
from_name = "Club"
reply_to = "hello@example.com"
include = ["101"]
subscription = "4501"
modules = [{ html = "<p>Hello</p>" }]
b = { id = "3", name = "A test (B)", subject = "Hi" }

[[campaigns]]
id = "4"
name = "In the morning"
type = "LOCALTIME_EMAIL"
send_at = "+40h"
subject = "Hello"
from_name = "Club"
reply_to = "hello@example.com"
include = ["101"]
subscription = "4501"
modules = [{ html = "<p>Hello</p>" }]

[[campaigns]]
id = "5"
name = "Not finished"
state = "DRAFT"
subject = "Hello"
from_name = "Club"
reply_to = "hello@example.com"
include = ["101"]
subscription = "4501"
modules = [{ html = "<p>Hello</p>" }]
"""
"""A HubSpot account with one email, one test, one local-time send and one draft: quick to start."""


def small_world(folder: Path, *faults: dict[str, Any]) -> str:
    """The name of a world with the small account, and with these faults."""
    rules = [
        "\n".join(["[[faults]]", *(f"{name} = {json.dumps(value)}" for name, value in fault.items())])
        for fault in faults
    ]
    (folder / "hubspot.toml").write_text("\n".join([SMALL, *rules]), "utf-8")
    return str(folder)


@dataclass
class Waits:
    """A clock whose sleeps take no time and are remembered."""

    now: Callable[[], datetime] = lambda: START
    naps: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """As the connector wants it."""
        return Clock(
            monotonic=lambda: time.monotonic() + sum(self.naps), sleep=self.naps.append, now=self.now, random=lambda: 0
        )


def connect(box: Sandbox, **settings: Any) -> HubspotConnector:
    """The connector of the imitated account."""
    told = {"hubspot_enterprise": True, "clock": Waits(lambda: box.now).clock(), **settings}
    key = box.env()["PRESEND_HUBSPOT__ACCESS_TOKEN"]
    return HubspotConnector(AccountConfig("acme", Platform.HUBSPOT, key, base_url=box.origin, **told))


def connect_to(origin: str, waits: Waits | None = None, **settings: Any) -> HubspotConnector:
    """The connector of a scripted server."""
    told = {"clock": (waits or Waits()).clock(), **settings}
    return HubspotConnector(AccountConfig("acme", Platform.HUBSPOT, KEY, base_url=origin, **told))


def campaigns(connector: HubspotConnector) -> dict[str, Campaign]:
    """The campaigns by id; troubles are no campaigns."""
    return {one.ref.id: one for one in connector.campaigns() if isinstance(one, Campaign)}


def reached(batches: Iterable[Batch]) -> list[str]:
    """Ids of those who get the mail, as the engine counts them: not excluded, not suppressed."""
    found: dict[str, str | None] = {}
    gone: set[str] = set()
    for batch in batches:
        if batch.role is Role.EXCLUDE:
            gone.update(batch.ids)
        else:
            reasons = batch.suppressed or [None] * len(batch.ids)
            found |= dict(zip(batch.ids, reasons, strict=True))
    return sorted((one for one, why in found.items() if why is None and one not in gone), key=int)


def writes(box: Sandbox) -> list[str]:
    """Every request that changes something, as `METHOD path`."""
    reading = ("/batch/read", "/search")
    return [
        f"{row['method']} {row['path']}"
        for row in box.requests
        if row["method"] != "GET" and not str(row["path"]).endswith(reading)
    ]


def email(**more: Any) -> wire.Email:
    """A scheduled email with what a test says of it."""
    row: dict[str, Any] = {
        "id": "1",
        "name": "News",
        "state": "SCHEDULED",
        "type": "BATCH_EMAIL",
        "subject": "Hello",
        "publishDate": "2026-11-24T09:00:00.000Z",
        "content": {"widgets": {"w1": {"body": {"html": "<p>Hello</p>"}}}},
    }
    return msgspec.convert(row | more, wire.Email)


def record(**properties: Any) -> wire.Record:
    """A contact with these properties."""
    text = json.dumps({"id": "7", "properties": properties})
    return msgspec.json.decode(text, type=wire.Record)


class Server(ThreadingHTTPServer):
    """Answers by a function of method, path and how often anything was asked before."""

    daemon_threads = True
    asked: list[tuple[str, str]]
    headers: list[dict[str, str]]
    peers: set[Any]
    answer: Callable[[str, str, int], tuple[int, bytes, dict[str, str]]]

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


def ok(body: Any) -> tuple[int, bytes, dict[str, str]]:
    """A good answer with a JSON body."""
    return 200, json.dumps(body).encode(), {"Content-Type": "application/json"}


@contextmanager
def scripted(answer: Callable[[str, str, int], tuple[int, bytes, dict[str, str]]]) -> Iterator[Server]:
    """A server on loopback while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            served.asked.append((self.command, self.path))
            served.headers.append(dict(self.headers.items()))
            served.peers.add(self.client_address)
            status, body, headers = served.answer(self.command, self.path, len(served.asked))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = headers.get("Connection") == "close"

        do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815 - the server's own naming

        def log_message(self, *_args: object) -> None:
            pass

    served = Server(("127.0.0.1", 0), Handler)
    served.asked, served.headers, served.peers, served.answer = [], [], set(), answer
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.shutdown()
        served.server_close()
        thread.join()
