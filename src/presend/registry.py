"""Finds connectors and rule books by entry point, lazily: listing what there is imports none of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from presend.check import Rule, Rulebook
from presend.errors import UsageError
from presend.ports import AccountConfig, Connector

CONNECTORS = "presend.connectors"
CHECKS = "presend.checks"

Factory = Callable[[AccountConfig], Connector]
"""What a `presend.connectors` entry point names."""


@cache
def _points(group: str) -> dict[str, EntryPoint]:
    # What is installed does not change under a running process, and reading it takes long.
    return {point.name: point for point in entry_points(group=group)}


def platforms() -> list[str]:
    """The platforms for which a connector is installed, by name."""
    return sorted(_points(CONNECTORS))


def connector_for(config: AccountConfig) -> Connector:
    """The connector of an account. Raises UsageError when none is installed for its platform."""
    point = _points(CONNECTORS).get(config.platform.value)
    if point is None:
        raise UsageError(
            f"no connector is installed for {config.platform.value}",
            help=f"Installed: {', '.join(platforms()) or 'none'}. Install presend again.",
        )
    factory: Factory = _loaded(point, "the connector")
    return factory(config)


def _loaded(point: EntryPoint, what: str) -> Any:
    """What an entry point names. Raises UsageError when it cannot be imported: it may be somebody else's package."""
    try:
        return point.load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise UsageError(
            f"{what} {point.name!r} ({point.value}) cannot be loaded: {error}",
            help=f"Install the distribution that has {point.module} again, or remove it.",
        ) from error


def rulebooks() -> tuple[Rulebook, ...]:
    """Every installed rule book. Raises UsageError when two rules share a code or one cannot be loaded."""
    found: list[Rulebook] = []
    for _name, point in sorted(_points(CHECKS).items()):
        loaded: Rulebook = _loaded(point, "the checks")
        found.append(loaded)
    codes: dict[str, str] = {}
    for book in found:
        for rule in book.rules:
            if rule.code in codes:
                raise UsageError(
                    f"the rule books {codes[rule.code]!r} and {book.name!r} both have a rule {rule.code}",
                    help="Remove one of the two distributions.",
                )
            codes[rule.code] = book.name
    return tuple(found)


def rules() -> tuple[Rule, ...]:
    """All rules of all rule books, by code."""
    return tuple(sorted((rule for book in rulebooks() for rule in book.rules), key=lambda rule: rule.code))
