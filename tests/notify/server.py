"""Slack, a webhook and whatever else a notice goes to, on loopback: keeps what it was sent, answers as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The body, JSON or a form (whose blocks are JSON again)."""
        text = self.raw.decode()
        if self.headers["content-type"].startswith("application/json"):
            return dict(json.loads(text))
        form = {name: values[0] for name, values in parse_qs(text).items()}
        return {name: json.loads(value) if name == "blocks" else value for name, value in form.items()}


@dataclass
class Answer:
    """What it says next."""

    status: int = 200
    body: dict[str, Any] | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    dead: bool = False
    """Take the request and hang up without an answer."""


@dataclass
class Service:
    """Where it is, what it got, and what it will answer: `next` once, `answers` to each path otherwise."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    next: list[Answer] = field(default_factory=list)
    answers: Callable[[Got], Answer] = lambda _got: Answer()

    def paths(self) -> list[str]:
        return [one.path for one in self.got]


@dataclass
class Slack:
    """The Web API as far as presend uses it: messages by their ts."""

    messages: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, got: Got) -> Answer:
        if got.headers.get("authorization") != "Bearer xoxb-good-token":
            return Answer(body={"ok": False, "error": "invalid_auth"})
        match got.path:
            case "/api/auth.test":
                return Answer(body={"ok": True})
            case "/api/chat.postMessage":
                ts = f"1700000000.{len(self.messages):06d}"
                self.messages[ts] = got.body
                return Answer(body={"ok": True, "channel": "C1", "ts": ts})
            case "/api/chat.update" if got.body["ts"] in self.messages and got.body["channel"] == "C1":
                self.messages[got.body["ts"]] = got.body
                return Answer(body={"ok": True, "channel": "C1", "ts": got.body["ts"]})
            case "/api/chat.update":
                return Answer(body={"ok": False, "error": "message_not_found"})
            case _:
                return Answer(404)


@contextmanager
def running() -> Iterator[Service]:
    """A service for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            got = Got(self.path, {k.lower(): v for k, v in self.headers.items()}, raw)
            service.got.append(got)
            answer = service.next.pop(0) if service.next else service.answers(got)
            if answer.dead:
                self.close_connection = True
                return
            body = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
