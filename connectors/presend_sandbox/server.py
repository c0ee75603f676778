"""Serves a world on loopback, in a thread for tests and demos or until interrupted."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from presend_sandbox.app import assemble, build_platforms
from presend_sandbox.clock import Clock
from presend_sandbox.faults import TRANSPORT
from presend_sandbox.platform import Platform
from presend_sandbox.requestlog import RequestLog
from presend_sandbox.world import load_world

_HOST = "127.0.0.1"
_START_SECONDS = 20.0


class _Protocol(H11Protocol):
    """Hands the connection to the app, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does so only for sockets made with a protocol number; without it each answer's body waits 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        inner = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = {"transport": transport}
            await inner(scope, receive, send)

        self.app = with_transport


class Sandbox:
    """A world served on loopback while the `with` block runs; a second block goes on with it, at another port.

    `start` fixes the clock; without it the clock starts at the present moment and runs on.
    `only` serves some of its platforms instead of all.
    `around` puts a layer of the caller's own around everything, which sees each request first and each answer last.
    Raises WorldError, SwitchError or FaultError when the world or the switches cannot be used.
    """

    def __init__(
        self,
        world: str = "mishaps",
        port: int = 0,
        request_log: Path | None = None,
        start: datetime | None = None,
        switches: Mapping[str, str] | None = None,
        only: Collection[str] | None = None,
        around: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        self.world = load_world(world)
        self.clock = Clock(start) if start else _running_clock()
        self.platforms: dict[str, Platform] = build_platforms(self.world, self.clock, switches or {}, only)
        self.log = RequestLog(request_log)
        app = assemble(self.world, self.platforms, self.clock, self.log)
        self._app: ASGIApp = around(app) if around else app
        self._listen(port)

    def _listen(self, port: int) -> None:
        self._socket = socket.create_server((_HOST, port))
        self.origin = f"http://{_HOST}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self._app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            loop="asyncio",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def now(self) -> datetime:
        """The sandbox's present moment, in UTC."""
        return self.clock.now()

    @property
    def state(self) -> dict[str, Any]:
        """Each platform's account in memory, by platform name."""
        return {name: platform.state for name, platform in self.platforms.items()}

    @property
    def requests(self) -> list[dict[str, str | int | None]]:
        """Every platform request so far: method, path, query, status."""
        return self.log.entries

    def env(self) -> dict[str, str]:
        """The settings that point presend at this sandbox."""
        return {key: value for platform in self.platforms.values() for key, value in platform.env(self.origin).items()}

    def settings(self) -> str:
        """The presend.toml that the world wants to be scanned with, its days counted from the sandbox's start.

        Empty where the world wants none.
        """
        head, *pieces = self.world.presend.split("@@")
        days = (self.clock.resolve(piece).date().isoformat() for piece in pieces[::2])
        return head + "".join(day + after for day, after in zip(days, pieces[1::2], strict=True))

    def __enter__(self) -> Self:
        if self._server.should_exit:
            self._listen(0)
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.close()
                raise RuntimeError(f"the sandbox did not start on {self.origin}; see its log for why")
            time.sleep(0.005)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def wait(self) -> None:
        """Block until the server ends; KeyboardInterrupt comes through."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)

    def close(self) -> None:
        """Stop serving; further calls do nothing."""
        self._server.should_exit = True
        # Idle keep-alive connections of clients must not hold up the end.
        self._server.force_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._socket.close()
        self.log.close()


def _running_clock() -> Clock:
    begun = time.monotonic()
    return Clock(datetime.now(UTC).replace(microsecond=0), lambda: timedelta(seconds=time.monotonic() - begun))


@contextmanager
def _announced(box: Sandbox) -> Iterator[Sandbox]:
    with box:
        for name, value in box.env().items():
            sys.stdout.write(f"{name}={value}\n")
        sys.stdout.write("\n")
        sys.stdout.flush()
        yield box


def serve_forever(
    world: str = "mishaps",
    port: int = 0,
    request_log: Path | None = None,
    switches: Mapping[str, str] | None = None,
) -> None:
    """Serve until interrupted; prints the settings that point presend here, then a blank line, when ready."""
    with _announced(Sandbox(world, port, request_log, switches=switches)) as box:
        try:
            box.wait()
        except KeyboardInterrupt:
            sys.stderr.write("the sandbox has stopped\n")
