"""Worlds with an imitated Klaviyo, running for a test or a whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from presend_sandbox import Sandbox
from tests.support.klaviyo_sdk import START, client


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The mishaps world; tests that use it do not change it."""
    with Sandbox("mishaps", start=START) as running:
        yield running


@pytest.fixture(scope="module")
def k(box: Sandbox) -> Any:
    return client(box)


@pytest.fixture
def world() -> Iterator[Callable[..., Sandbox]]:
    """Starts worlds of a test's own, with switches."""
    running: list[Sandbox] = []

    def start(name: str = "mishaps", **switches: str) -> Sandbox:
        chosen = {f"klaviyo.{key}": value for key, value in switches.items()}
        running.append(Sandbox(name, start=START, switches=chosen).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()
