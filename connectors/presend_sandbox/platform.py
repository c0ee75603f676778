"""What every imitated platform offers to the app that serves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from starlette.routing import BaseRoute


class Platform(Protocol):
    """One imitated platform with its account in memory."""

    routes: list[BaseRoute]
    state: Any

    def env(self, origin: str) -> dict[str, str]:
        """The settings that point presend at this platform served under `origin`."""

    def send(self, campaign_id: str) -> list[str]:
        """The ids of those who would be mailed right now; KeyError when there is no such campaign."""


@runtime_checkable
class Describes(Protocol):
    """A platform that can show its state as plain JSON."""

    def describe(self) -> dict[str, Any]:
        """The account as plain JSON values."""


@runtime_checkable
class Mends(Protocol):
    """A platform whose people can be changed from outside, as in the platform's own pages."""

    def mend(self, person_id: str, changes: Mapping[str, Any]) -> None:
        """Set values of one person; KeyError when there is no such person."""
