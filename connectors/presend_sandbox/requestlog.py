"""Writes one JSON line per request that a platform received, so that tests can see what was really asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A message of our own, from whatever breaks a connection: no answer will come.
UNANSWERED = "presend_sandbox.unanswered"


class RequestLog:
    """The requests so far, in memory and, when a file is given, as flushed JSON lines in it."""

    def __init__(self, path: Path | None = None) -> None:
        self.entries: list[dict[str, str | int | None]] = []
        self._file: TextIO | None = path.open("a", encoding="utf-8") if path else None

    def add(self, method: str, path: str, query: str, status: int | None) -> None:
        """Record one request; `status` is None when no answer was given."""
        entry: dict[str, str | int | None] = {
            "method": method,
            "path": path,
            "query": query,
            "status": status,
        }
        self.entries.append(entry)
        if self._file:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file; further requests are kept in memory only."""
        if self._file:
            self._file.close()
            self._file = None


class LogRequests:
    """ASGI middleware that records every platform request; the sandbox's own controls are not recorded."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record it with its status."""
        if scope["type"] != "http" or scope["path"].startswith("/_sandbox"):
            await self._app(scope, receive, send)
            return
        written = False

        def write(status: int | None) -> None:
            nonlocal written
            if not written:
                self._log.add(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), status)
            written = True

        async def watched(message: Message) -> None:
            # Before the first byte leaves, or the connection breaks: whoever has seen either can count on the line.
            if message["type"] == UNANSWERED:
                write(None)
                return
            if message["type"] == "http.response.start":
                write(message["status"])
            await send(message)

        await self._app(scope, receive, watched)
        write(None)
