"""Faults as data: what goes wrong on which requests, how often, and how it looks to the client."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from presend_sandbox.keys import FAULT
from presend_sandbox.requestlog import UNANSWERED

# Where server.py puts the connection, for faults that must break it rather than answer.
TRANSPORT = "presend_sandbox.transport"

_HTML_PAGE = "<!doctype html><html><head><title>Just a moment</title></head><body><h1>Please wait</h1></body></html>"


class FaultError(ValueError):
    """A fault in a world that is not written as one."""


class Kind(StrEnum):
    """What the client gets instead of the platform's answer."""

    STATUS = "status"
    TOO_MANY = "429"
    RESET = "reset"
    TRUNCATE = "truncate"
    CUT = "cut"
    SLOW = "slow"
    HTML = "html"
    EMPTY = "empty"
    WRONG_JSON = "wrong_json"
    BARE_403 = "bare403"


@dataclass(slots=True)
class Fault:
    """One rule: after `after` matching requests, the next `count` (-1: all) go wrong as `kind` says."""

    kind: Kind
    path: re.Pattern[str]
    query: re.Pattern[str] | None = None
    method: str | None = None
    count: int = -1
    after: int = 0
    status: int = 503
    retry_after: str | None = None
    seconds: float = 1.0
    body: Any = field(default_factory=dict)
    seen: int = 0

    def strikes(self, method: str, path: str, query: str) -> bool:
        """Whether this request goes wrong; counts it when it matches."""
        if self.method and self.method != method:
            return False
        if not self.path.search(path) or (self.query and not self.query.search(query)):
            return False
        self.seen += 1
        return self.seen > self.after and (self.count < 0 or self.seen <= self.after + self.count)


def read_faults(rules: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """The faults of a world's [[faults]]; FaultError names the key that is wrong."""
    return [_read(rule) for rule in rules]


def _read(rule: Mapping[str, Any]) -> Fault:
    known = FAULT.all
    if unknown := sorted(set(rule) - set(known)):
        raise FaultError(f"a fault has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")
    try:
        return Fault(
            kind=Kind(str(rule["kind"])),
            path=re.compile(rule["path"]),
            query=re.compile(rule["query"]) if "query" in rule else None,
            method=rule.get("method"),
            count=rule.get("count", -1),
            after=rule.get("after", 0),
            status=rule.get("status", 503),
            retry_after=str(rule["retry_after"]) if "retry_after" in rule else None,
            seconds=float(rule.get("seconds", 1.0)),
            body=rule.get("body", {}),
        )
    except (KeyError, ValueError, re.error) as error:
        raise FaultError(f"a fault cannot be read ({error}); it needs a kind and a path") from error


class InjectFaults:
    """ASGI middleware that lets the first striking fault answer, break or delay a request."""

    def __init__(self, app: ASGIApp, faults: list[Fault]) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, break, delay or pass on one request."""
        fault = None if scope["type"] != "http" or scope["path"].startswith("/_sandbox") else self._struck(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        match fault.kind:
            case Kind.RESET:
                await send({"type": UNANSWERED})
                await _reset(scope)
            case Kind.TRUNCATE | Kind.CUT:
                await self._shortened(fault, scope, receive, send)
            case Kind.SLOW:
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case _:
                await _instead(fault, scope["path"])(scope, receive, send)

    def _struck(self, scope: Scope) -> Fault | None:
        query = scope["query_string"].decode("latin-1")
        # Every rule counts every request it matches: `after` must not depend on the order of the rules.
        struck = [fault for fault in self._faults if fault.strikes(scope["method"], scope["path"], query)]
        return struck[0] if struck else None

    async def _shortened(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self._app(scope, receive, keep)
        half = body[: len(body) // 2]
        if fault.kind is Kind.CUT:
            # The promised length stays: the connection ends before the body does.
            await send(start)
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await _reset(scope)
            return
        MutableHeaders(raw=start["headers"])["content-length"] = str(len(half))
        await send(start)
        await send({"type": "http.response.body", "body": half})


def _instead(fault: Fault, path: str) -> Response:
    wait = {"retry-after": fault.retry_after} if fault.retry_after is not None else None
    match fault.kind:
        case Kind.STATUS | Kind.TOO_MANY:
            status = 429 if fault.kind is Kind.TOO_MANY else fault.status
            content, media = platform_error(path, status)
            return Response(content, status, headers=wait, media_type=media)
        case Kind.HTML:
            return Response(_HTML_PAGE, 200, media_type="text/html")
        case Kind.EMPTY:
            return Response(b"", 200)
        case Kind.BARE_403:
            return Response(b"", 403)
        case Kind.WRONG_JSON:
            return Response(json.dumps(fault.body), 200, media_type="application/json")
        case _:
            raise FaultError(f"a {fault.kind} fault has no answer of its own")


def platform_error(path: str, status: int) -> tuple[str, str]:
    """The body and content type of an error, in the shape of the platform that `path` belongs to."""
    title = "Too Many Requests" if status == 429 else "Internal Server Error"
    detail = "You have exceeded the limit." if status == 429 else "An unexpected error occurred."
    if path.startswith("/3.0"):
        problem = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": "sandbox",
        }
        return json.dumps(problem), "application/problem+json"
    if path.startswith("/api"):
        code = "throttled" if status == 429 else "error"
        source = {"pointer": "/data/"}
        problem = {
            "id": "sandbox",
            "status": status,
            "code": code,
            "title": title,
            "detail": detail,
            "source": source,
        }
        return json.dumps({"errors": [problem]}), "application/vnd.api+json"
    category = "RATE_LIMITS" if status == 429 else "INTERNAL_ERROR"
    return json.dumps(
        {"status": "error", "message": detail, "correlationId": "sandbox", "category": category}
    ), "application/json;charset=utf-8"


async def _reset(scope: Scope) -> None:
    transport: asyncio.Transport = scope["extensions"][TRANSPORT]["transport"]
    connection = transport.get_extra_info("socket")
    # Lingering for no time makes closing send a reset instead of an orderly end.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    # The server learns of the loss in the next rounds of its loop; only then may the request end unanswered.
    await asyncio.sleep(0.01)
