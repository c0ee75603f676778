"""Serves the worlds with HubSpot alone in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hubspot
import pytest
import urllib3
from hubspot.discovery.discovery_base import DiscoveryBase

from presend_sandbox import Sandbox
from tests.sandbox.hubspot.client import FOLDER, START, WORLDS, Open


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worlds with nothing but HubSpot in them, and without faults."""
    folder = tmp_path_factory.mktemp("worlds")
    for world in WORLDS:
        (folder / world).mkdir()
        shutil.copy(FOLDER / world / "hubspot.toml", folder / world)
    return folder


@pytest.fixture
def opened(alone: Path) -> Iterator[Open]:
    """A function that serves a world and gives HubSpot's client for it; everything closes with the test."""
    with ExitStack() as stack:
        pool = urllib3.PoolManager(maxsize=4, retries=False)
        stack.callback(pool.clear)

        def factory(package: str, name: str, config: Any) -> Any:
            api = DiscoveryBase._default_api_factory(package, name, config)
            api.api_client.rest_client.pool_manager = pool
            return api

        def open_world(world: str = "mishaps", token: str | None = None, **switches: str) -> tuple[Sandbox, Any]:
            chosen = {f"hubspot.{name}": value for name, value in switches.items()}
            box = stack.enter_context(Sandbox(str(alone / world), start=START, switches=chosen))
            env = box.env()
            key = token or env["PRESEND_HUBSPOT__ACCESS_TOKEN"]
            origin = env["PRESEND_HUBSPOT__BASE_URL"]
            client = hubspot.Client.create(access_token=key, host=origin, base_url=origin, api_factory=factory)
            return box, client

        yield open_world
