"""Stands around the sandbox: kills the asking process before a request is taken in, or before its answer leaves.

What is killed before the answer was done by the platform all the same, and nobody heard of it. The gate is Slack and
a webhook as well, so that notices are cut off in the same way.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOOK = "/told"
SLACK = "/api/chat."
TOKEN = "xoxb-good-token"


@dataclass
class Told:
    """What the webhook got, and Slack's messages by their ts with how often each was changed."""

    hook: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, list[str]] = field(default_factory=dict)

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Take one notice in."""
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if scope["path"] == HOOK:
            self.hook.append(json.loads(body))
            return Response(status_code=204)
        if dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/json"):
            form = json.loads(body)
        else:
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        ts = form.get("ts") or f"1700000000.{len(self.messages):06d}"
        if scope["path"].endswith("/chat.postMessage"):
            self.messages[ts] = [str(form["blocks"])]
        elif ts in self.messages:
            self.messages[ts].append(str(form["blocks"]))
        else:
            return JSONResponse({"ok": False, "error": "message_not_found"})
        return JSONResponse({"ok": True, "channel": "C1", "ts": ts})


@dataclass
class Gate:
    """Requests of one process, counted from the moment it began to write; `die` 0 kills nobody."""

    told: Told
    app: ASGIApp | None = None
    armed: Callable[[], bool] = lambda: False
    kill: Callable[[], None] = lambda: None
    look: Callable[[], None] = lambda: None
    """Called after every request that was done: how things stand then."""
    die: int = 0
    after: bool = False
    count: int = 0
    at_work: int = 0
    closed: bool = False
    seen: list[dict[str, Any]] = field(default_factory=list)

    def around(self, app: ASGIApp) -> ASGIApp:
        """As `Sandbox` takes it."""
        self.app = app
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        if scope["type"] != "http" or scope["path"].startswith("/_sandbox"):
            await self.app(scope, receive, send)
            return
        self.at_work += 1
        try:
            await self._counted(scope, receive, send)
        finally:
            self.at_work -= 1

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.closed:
            return
        number = 0
        if self.armed():
            self.count += 1
            number = self.count
            self.seen.append({"at": time.monotonic(), "label": f"{scope['method']} {scope['path']}"})
        mine = bool(self.die) and number == self.die
        if mine and not self.after:
            self._end()
            return
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        if scope["path"].startswith((HOOK, SLACK)):
            await (await self.told.answer(scope, receive))(scope, receive, keep)
        else:
            assert self.app is not None
            await self.app(scope, receive, keep)
        self.look()
        if mine:
            self._end()
            return
        for message in kept:
            await send(message)

    def _end(self) -> None:
        # What the dead process sent at the same time is not taken in any more.
        self.closed = True
        self.kill()
