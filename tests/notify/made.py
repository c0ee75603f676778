"""Notices for the tests of channels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from presend.model import Severity
from presend.notify.channel import Letter
from presend.notify.digest import Item, Line, Notice, Section
from tests.deeds.fakes import NOW


def item(number: int = 1, **changes: Any) -> Item:
    """A campaign with one new finding, five hours and forty minutes left."""
    values: dict[str, Any] = {
        "account": "acme",
        "campaign_id": f"c{number}",
        "platform": "klaviyo",
        "title": f"klaviyo: Campaign {number}",
        "url": None,
        "until": NOW + timedelta(hours=5, minutes=40),
        "zone": "UTC",
        "worst": Severity.HIGH,
        "lines": (Line(Section.NEW, "f1", "high: TAG002 no-fallback in html, line 3 - 2 of 4 recipients"),),
    }
    return Item(**values | changes)


def notice(*items: Item, **changes: Any) -> Notice:
    """A notice of now."""
    values: dict[str, Any] = {"made": NOW, "items": items or (item(),)}
    return Notice(**values | changes)


def letter(of: Notice | None = None, handle: dict[str, Any] | None = None, now: datetime = NOW) -> Letter:
    """A notice on its way."""
    return Letter(of or notice(), "k" * 32, now, handle)
