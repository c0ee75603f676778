"""What every channel is to the outbox: a name, whether it can update a message, and a send that says how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from presend.notify.digest import Notice

TIMEOUT_SECONDS = 10


class Fate(Enum):
    """How an attempt ended."""

    SENT = "sent"
    REFUSED = "refused"
    """It may be tried again by a later run: it surely did not arrive, or repeating it changes nothing."""
    UNKNOWN = "unknown"
    """It may have arrived: not sent again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt; `why` names no URL and no token."""

    fate: Fate
    why: str = ""
    handle: Mapping[str, Any] | None = None
    """How the service names the message."""
    wait: float | None = None
    """Seconds that the service asked to wait (Retry-After)."""
    down: bool = False
    """Nothing else will get through to it now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way: `id` is the same at every attempt, `handle` names the message to update."""

    notice: Notice
    id: str
    now: datetime
    handle: Mapping[str, Any] | None = None


class Channel(Protocol):
    """One place where people are told."""

    @property
    def id(self) -> str:
        """The key in the store: never changes for the same place, and tells nothing secret."""

    @property
    def name(self) -> str:
        """What the user calls it; shows no secret."""

    @property
    def updates(self) -> bool:
        """Whether a message can be changed after it was sent."""

    def send(self, letter: Letter) -> Outcome:
        """One attempt, or one update; raises nothing that can be foreseen."""

    def check(self, now: datetime) -> Outcome | None:
        """Whether a message would be taken, as far as that can be seen without sending one; None: not at all."""


@dataclass(frozen=True, slots=True)
class Post:
    """A channel that can only send anew."""

    id: str
    name: str
    deliver: Callable[[Letter], Outcome]
    updates: bool = False

    def send(self, letter: Letter) -> Outcome:
        """Send it."""
        return self.deliver(letter)

    def check(self, now: datetime) -> None:
        """Nobody can tell without sending."""
        del now


def answered(service: str, status: int, wait: float | None = None) -> Outcome:
    """What an HTTP status says of a message.

    A refusal by the service itself is sure; 502 and 504 come from something between, which cannot tell
    (RFC 9110, 15.6.3 and 15.6.5), and a redirect was not followed.
    """
    if 200 <= status < 300:
        return Outcome(Fate.SENT)
    if status in (502, 504):
        return Outcome(Fate.UNKNOWN, f"{service} answered {status}, so it may have arrived")
    advice = {
        401: ": the address or token is not valid any more",
        403: ": the address or token is not valid any more",
        404: ": there is nothing at this address any more; make a new one",
        410: ": there is nothing at this address any more; make a new one",
        429: ": too many messages",
    }
    why = f"{service} answered {status}{advice.get(status, '')}"
    return Outcome(Fate.REFUSED, why, wait=wait, down=status in (429, 503))


def unreachable(service: str, error: BaseException) -> Outcome:
    """The request never got there."""
    return Outcome(Fate.REFUSED, f"{service} could not be reached ({type(error).__name__})", down=True)


def unconfirmed(service: str, error: BaseException) -> Outcome:
    """The request went out, and no answer came that could be read."""
    return Outcome(Fate.UNKNOWN, f"{service} gave no answer ({type(error).__name__}), so it may have arrived")
