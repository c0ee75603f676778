"""Looking again after a write: what was done is what is seen, whatever the answer to the write said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard, TypeVar

from presend.errors import Gone, PlatformError, Unconfirmed, Unreachable
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.reader import parsed

T = TypeVar("T")

LOOKS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds to wait before each look at what came of a write."""

HELD = frozenset({"save", "paused"})
"""Statuses in which a campaign does not go out by itself: which of the two follows a hold is not documented."""


class Looker:
    """Reads until what is read is enough."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, read: Callable[[], T], enough: Callable[[T], bool]) -> T | None:
        """What is there, looked at a few times until it is what was wanted; None when it could not be read."""
        seen: T | None = None
        for wait in LOOKS:
            if wait:
                self._client.clock.sleep(min(wait, self._client.deadline.remaining()))
            try:
                seen = read()
            except Gone:
                return None
            except PlatformError:
                seen = None  # an older look says nothing about now
                continue
            if enough(seen):
                break
        return seen

    def row(self, campaign_id: str) -> wire.Campaign:
        """Mailchimp's own record of a campaign, as it is now. Raises PlatformError."""
        return parsed(self._client.campaign(campaign_id))


def attempt(write: Callable[[], object]) -> PlatformError | None:
    """What a write raised, if anything: what was done is seen by looking. Gone reached the platform too."""
    try:
        write()
    except PlatformError as error:
        return error
    return None


def because(refused: PlatformError | None) -> str:
    """The end of a sentence: why, where there is a why."""
    return f" ({refused.message})" if refused else ""


def surely_not(refused: PlatformError | None) -> TypeGuard[PlatformError]:
    """Whether the platform surely did nothing: it said so, or limited the request."""
    if isinstance(refused, Unreachable):
        return refused.status in (429, 403)  # else a connection may have been lost after the request arrived
    return refused is not None and not isinstance(refused, Unconfirmed)
