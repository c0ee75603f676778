"""Assembles the platforms of a world, the faults and the request log into one web application."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from presend_sandbox import switches as switching
from presend_sandbox.clock import Clock, span
from presend_sandbox.faults import InjectFaults, read_faults
from presend_sandbox.platform import Describes, Mends, Platform
from presend_sandbox.requestlog import LogRequests, RequestLog
from presend_sandbox.world import World, WorldError


def build_platforms(
    world: World, clock: Clock, switches: Mapping[str, str], only: Collection[str] | None = None
) -> dict[str, Platform]:
    """The platforms the world has a file for, each with its own account in memory; or `only` some of them.

    Raises SwitchError for a switch or value that does not exist, WorldError for what a world needs and does not have.
    """
    packages = {name: importlib.import_module(f"presend_sandbox.{name}") for name in world.platforms}
    values = switching.choose(world.settings.get("switches", {}), switches)
    wanted = {name: package for name, package in packages.items() if only is None or name in only}
    return {name: _built(package, world, name, clock, values) for name, package in wanted.items()}


def _built(package: ModuleType, world: World, name: str, clock: Clock, values: Mapping[str, str]) -> Platform:
    try:
        platform: Platform = package.build(world.platforms[name], clock, values)
    except KeyError as missing:
        where = f"{world.folder.name}/{name}.toml"
        raise WorldError(f"{where} needs {missing} and does not have it, as a key or as the id of something") from None
    return platform


def assemble(world: World, platforms: Mapping[str, Platform], clock: Clock, log: RequestLog) -> Starlette:
    """One application that serves all platforms and the sandbox's own controls under /_sandbox."""
    routes: list[BaseRoute] = [route for platform in platforms.values() for route in platform.routes]
    # A platform's own file may hold the faults of its own paths.
    faults = [rule for spec in (world.settings, *world.platforms.values()) for rule in spec.get("faults", [])]
    return Starlette(
        routes=[*_controls(platforms, clock), *routes],
        middleware=[
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1),
            Middleware(LogRequests, log=log),
            Middleware(InjectFaults, faults=read_faults(faults)),
        ],
    )


def _controls(platforms: Mapping[str, Platform], clock: Clock) -> list[BaseRoute]:
    async def state(request: Request) -> Response:
        platform: object = platforms.get(request.query_params.get("platform", ""))
        if not isinstance(platform, Describes):
            return _unknown(f"say which platform: {', '.join(platforms)}")
        return JSONResponse(platform.describe())

    async def move_clock(request: Request) -> Response:
        try:
            clock.advance(span(str((await request.json())["advance"])))
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"the clock was not moved: {error}"}, 400)
        return JSONResponse({"now": clock.now().isoformat()})

    async def send(request: Request) -> Response:
        platform = platforms.get(request.query_params.get("platform", ""))
        campaign = request.query_params.get("campaign", "")
        if platform is None:
            return _unknown(f"say which platform: {', '.join(platforms)}")
        try:
            return JSONResponse({"recipients": platform.send(campaign)})
        except KeyError:
            return _unknown(f"there is no campaign {campaign!r}")

    async def mend(request: Request) -> Response:
        wanted: dict[str, Any] = await request.json()
        platform: object = platforms.get(wanted.get("platform", ""))
        if not isinstance(platform, Mends):
            return _unknown(f"say which platform: {', '.join(platforms)}")
        try:
            platform.mend(wanted["id"], wanted["set"])
        except KeyError as missing:
            return _unknown(f"nothing was changed: {missing} is not there")
        return JSONResponse({"id": wanted["id"]})

    return [
        Route("/_sandbox/state", state, methods=["GET"]),
        Route("/_sandbox/clock", move_clock, methods=["POST"]),
        Route("/_sandbox/send", send, methods=["GET"]),
        Route("/_sandbox/people", mend, methods=["POST"]),
    ]


def _unknown(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, 404)
