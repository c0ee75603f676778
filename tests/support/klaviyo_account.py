"""Klaviyo connectors for tests: on the sandbox or on a tiny server of a test's own, with a clock that never waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from presend.model import Campaign, Platform
from presend.ports import AccountConfig, Batch, Role, Trouble
from presend.retry import Clock
from presend_connectors.klaviyo.adapter import KlaviyoConnector
from presend_sandbox import Sandbox

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "pk_of_this_test_0123456789"


class Waits:
    """A clock whose sleeps pass at once and are kept."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start
        self.passed = 0.0
        self.sleeps: list[float] = []
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.passed += seconds
            self.sleeps.append(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: self.passed,
            sleep=self.sleep,
            now=lambda: self.start + timedelta(seconds=self.passed),
            random=lambda: 0.0,
        )


def on(origin: str, key: str = KEY, waits: Waits | None = None, **more: Any) -> KlaviyoConnector:
    """A connector that asks `origin`."""
    clock = (waits or Waits()).clock
    return KlaviyoConnector(AccountConfig("larkfield", Platform.KLAVIYO, key, origin, clock=clock, **more))


def at(box: Sandbox, waits: Waits | None = None, **more: Any) -> KlaviyoConnector:
    """A connector to the sandbox's account."""
    return on(box.origin, box.env()["PRESEND_KLAVIYO__API_KEY"], waits, **more)


def campaigns(connector: KlaviyoConnector, *, everything: bool = False) -> dict[str, Campaign]:
    """All that could be read, by id; the test fails when something could not."""
    found = list(connector.campaigns(everything=everything))
    assert not [each for each in found if isinstance(each, Trouble)]
    return {each.ref.id: each for each in found if isinstance(each, Campaign)}


def reached(batches: list[Batch]) -> list[str]:
    """Ids of those who get the mail, as the engine counts them: first row of an id, not excluded, not suppressed."""
    first: dict[str, str | None] = {}
    gone: set[str] = set()
    for batch in batches:
        if batch.role is Role.EXCLUDE:
            gone.update(batch.ids)
            continue
        for one, why in zip(batch.ids, batch.suppressed, strict=True):
            first.setdefault(one, why)
    return sorted(one for one, why in first.items() if why is None and one not in gone)


def cells(batches: list[Batch], column: str) -> dict[str, str | None]:
    """A column by person."""
    return {
        one: value
        for batch in batches
        if batch.role is Role.INCLUDE
        for one, value in zip(batch.ids, batch.columns.get(column, [None] * len(batch.ids)), strict=True)
    }


# ---- a tiny server


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Reply:
    """What goes out."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


Answers = Callable[[Asked], Reply]


@contextmanager
def served(answers: Answers) -> Iterator[tuple[str, list[Asked]]]:
    """A server on loopback that answers as told: its origin, and what it was asked."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(length)
            split = urlsplit(self.path)
            query = dict(parse_qsl(split.query))
            body = json.loads(raw) if raw else None
            asked.append(Asked(self.command, split.path, query, dict(self.headers), body))
            reply = answers(asked[-1])
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.data)))
            self.end_headers()
            self.wfile.write(reply.data)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(*rows: Any, next: str | None = None, included: list[Any] | None = None) -> Reply:
    """A page of a collection."""
    return Reply({"data": list(rows), "included": included or [], "links": {"next": next}})


def message(own: str = "M1", campaign: str = "C1", **options: Any) -> dict[str, Any]:
    """A scheduled message, as the platform shows it."""
    send = {"send_time": "2026-11-25T10:00:00+00:00", "send_strategy": "static", **options}
    return {
        "type": "campaign-message",
        "id": own,
        "attributes": {
            "definition": {"name": own, "status": "scheduled", "send_options": send},
            "created": "2026-11-01T00:00:00+00:00",
            "updated": "2026-11-02T00:00:00+00:00",
        },
        "relationships": {
            "campaign": {"data": {"type": "campaign", "id": campaign}},
            "campaign-audience": {"data": {"type": "campaign-audience", "id": f"{own}A"}},
            "campaign-variations": {"data": [{"type": "campaign-variation", "id": f"{own}V"}]},
        },
    }


def shell(own: str = "C1") -> dict[str, Any]:
    """A campaign."""
    return {"type": "campaign", "id": own, "attributes": {"definition": {"name": f"The {own}", "builder": "wizard"}}}


def variation(own: str = "M1", **details: Any) -> dict[str, Any]:
    """The e-mail of a message."""
    told = {"channel": "email", "template_id": f"{own}T", "subject": "Hello {{ first_name }}", **details}
    return {"type": "campaign-variation", "id": f"{own}V", "attributes": {"definition": {"details": told}}}


def audience(own: str = "M1") -> dict[str, Any]:
    """Whom a message goes to."""
    definition = {"included": ["LIST1"], "excluded": []}
    return {"type": "campaign-audience", "id": f"{own}A", "attributes": {"definition": definition}}


def profile(own: str = "P1", **attributes: Any) -> dict[str, Any]:
    """A person who may be mailed."""
    marketing = {"can_receive_email_marketing": True, "consent": "SUBSCRIBED"}
    told = {
        "email": f"{own.lower()}@example.com",
        "first_name": "Ada",
        "properties": {},
        "subscriptions": {"email": {"marketing": marketing}},
        **attributes,
    }
    return {"type": "profile", "id": own, "attributes": told}


def small(own: Mapping[str, Answers]) -> Answers:
    """An account with one campaign of one message to one list of one person; `own` answers some paths instead."""

    def answers(asked: Asked) -> Reply:
        path = asked.path
        for begin, answer in own.items():
            if path == begin or (begin.endswith("*") and path.startswith(begin[:-1])):
                return answer(asked)
        known: dict[str, Reply] = {
            "/api/campaign-messages": page(message(), included=[shell(), variation()]),
            "/api/campaign-messages/M1": Reply({"data": message()}),
            "/api/campaigns": page(shell(), included=[audience()]),
            "/api/campaigns/C1": Reply({"data": shell()}),
            "/api/templates/M1T": Reply({"data": {"id": "M1T", "attributes": {"html": "<p>Hi</p>", "text": "Hi"}}}),
            "/api/lists/LIST1": Reply({"data": {"id": "LIST1", "attributes": {"name": "Everyone"}}}),
            "/api/lists/LIST1/profiles": page(profile()),
            "/api/accounts": page({"id": "ACC", "attributes": {"timezone": "Europe/London"}}),
            "/api/metrics": page(),
            "/api/profiles": page(profile()),
        }
        nothing = Reply({"errors": [{"title": "Not found.", "detail": "There is no such thing."}]}, 404)
        return known.get(path, nothing)

    return answers
