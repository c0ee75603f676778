"""Everybody else's services (mail, Teams, Discord, PagerDuty …) through Apprise, an extra, loaded when first used."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from presend.notify.channel import Fate, Letter, Outcome, unreachable
from presend.notify.digest import headline, plain

MISSING = "Apprise is not installed: pip install 'presend[notify]'"

_REFUSED = re.compile(r"error=(\d{3})\b")
_BEFORE = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|Connection refused|Name or service|SSLErr")
"""What Apprise's own log holds when the service was never reached."""


class _Kept(logging.Handler):
    """Keeps Apprise's lines in memory, never shown: they may hold URLs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[_Kept]:
    """Apprise only says whether it went well; its log, which goes nowhere else, tells why not."""
    log, kept = logging.getLogger("apprise"), _Kept()
    before = log.level, log.propagate, list(log.handlers)
    log.setLevel(logging.DEBUG)
    log.propagate, log.handlers = False, [kept]
    try:
        with warnings.catch_warnings():
            # Some of its plugins import what Python is about to drop; nobody here can mend that.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield kept
    finally:
        log.propagate, log.handlers = before[1], before[2]
        log.setLevel(before[0])


@dataclass(frozen=True, slots=True)
class Service:
    """One Apprise URL."""

    id: str
    name: str
    url: str = field(repr=False)
    updates: bool = False

    def send(self, letter: Letter) -> Outcome:
        """One message as Markdown, which each service turns into what it takes."""
        with _listening() as kept:
            sender = self._sender()
            if isinstance(sender, Outcome):
                return sender
            text = plain(letter.notice, letter.now)
            done = sender.notify(title=headline(letter.notice), body=text, body_format="markdown")
        return Outcome(Fate.SENT) if done else _ended(self.name, "\n".join(kept.text))

    def check(self, now: datetime) -> Outcome | None:
        """Whether Apprise is there and knows the URL; whether the service takes it, nobody can tell without sending."""
        del now
        with _listening():
            sender = self._sender()
        return sender if isinstance(sender, Outcome) else None

    def _sender(self) -> Any:
        """Apprise with the URL, or why there is none."""
        try:
            import apprise
        except ImportError:
            return Outcome(Fate.REFUSED, MISSING, down=True)
        sender = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, app_id="presend"))
        if not sender.add(self.url):
            return Outcome(Fate.REFUSED, f"{self.name} is no URL that Apprise knows", down=True)
        return sender


def _ended(name: str, log: str) -> Outcome:
    """Why Apprise failed, as far as its log tells; the log's own words stay here."""
    if match := _REFUSED.search(log):
        status = int(match[1])
        if status not in (502, 504):
            return Outcome(Fate.REFUSED, f"{name} answered {status}", down=status in (429, 503))
    elif match := _BEFORE.search(log):
        return unreachable(name, ConnectionError())
    return Outcome(Fate.UNKNOWN, f"{name} did not confirm, so it may have arrived")
