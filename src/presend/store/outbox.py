"""Notices on their way, per channel: stored before they are sent, so that one that could not go out waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from presend.store.access import reading, writing
from presend.store.tables import outbox

SLACK = "slack"
"""The channel of notices that name none."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that has not gone out."""

    id: int
    notice: Mapping[str, Any]
    made: datetime
    channel: str = SLACK
    key: str = ""
    attempts: int = 0
    tried: datetime | None = None
    """Set: an attempt was begun and nobody knows how it ended. A service that cannot tell must not be sent it twice."""
    why: str = ""
    """Why the last attempt did not arrive."""


class Outbox:
    """Notices as JSON; each call is its own transaction and may raise DeedError; times come back in UTC.

    An attempt is `trying`, the request, then one of `sent`, `failed` (it surely did not arrive) and `give_up`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, notice: Mapping[str, Any], now: datetime, *, channel: str = SLACK, key: str = "") -> int:
        """Store a notice that is to be sent; its number. `key` names what it is about, for `handle`."""
        values = {"notice": dict(notice), "made": now, "channel": channel, "key": key}
        with writing(self._engine, "the notice could not be stored") as connection:
            made = connection.execute(outbox.insert().values(**values)).inserted_primary_key
        assert made is not None
        return int(made[0])

    def counts(self) -> list[tuple[str, int, datetime]]:
        """By channel in their order, how many notices have not gone out, and when the oldest was made."""
        query = (
            sa.select(outbox.c.channel, sa.func.count(), sa.func.min(outbox.c.made))
            .where(outbox.c.sent.is_(None), outbox.c.given_up.is_(None))
            .group_by(outbox.c.channel)
            .order_by(outbox.c.channel)
        )
        with reading(self._engine, "the outbox could not be read") as connection:
            return [(channel, count, oldest) for channel, count, oldest in connection.execute(query)]

    def waiting(self, channel: str = SLACK, now: datetime | None = None) -> list[Waiting]:
        """What has not gone out on a channel, oldest first; with `now` without what must wait longer."""
        query = outbox.select().where(outbox.c.sent.is_(None), outbox.c.given_up.is_(None))
        query = query.where(outbox.c.channel == channel).order_by(outbox.c.id)
        if now is not None:
            query = query.where(outbox.c.not_before.is_(None) | (outbox.c.not_before <= now))
        with reading(self._engine, "the outbox could not be read") as connection:
            rows = connection.execute(query).mappings().all()
        names = ("id", "notice", "made", "channel", "key", "attempts", "tried", "why")
        return [Waiting(**{name: row[name] for name in names}) for row in rows]

    def trying(self, notice: int, now: datetime) -> None:
        """Note that the first byte is about to go out."""
        self._change(notice, tried=now, attempts=outbox.c.attempts + 1)

    def sent(self, notice: int, now: datetime, *, handle: Mapping[str, Any] | None = None) -> None:
        """Note that a notice went out, and how the service names the message."""
        # An empty value of a JSON column would be the JSON null.
        self._change(notice, sent=now, handle=sa.null() if handle is None else dict(handle))

    def failed(self, notice: int, why: str, not_before: datetime | None = None) -> None:
        """Note that an attempt surely did not arrive, why (nothing secret), and until when to wait with the next."""
        self._change(notice, tried=None, not_before=not_before, why=why)

    def give_up(self, notice: int, why: str, now: datetime) -> None:
        """Note that it will not be sent any more: the service refuses it, or may have it and cannot tell."""
        self._change(notice, given_up=now, why=why)

    def handle(self, channel: str, key: str) -> Mapping[str, Any] | None:
        """The name of the latest message about a matter, to update it in place; None when there is none."""
        query = (
            sa.select(outbox.c.handle)
            .where(outbox.c.channel == channel, outbox.c.key == key)
            .where(outbox.c.sent.is_not(None), outbox.c.handle.is_not(None))
            .order_by(outbox.c.id.desc())
            .limit(1)
        )
        with reading(self._engine, "the outbox could not be read") as connection:
            found: Mapping[str, Any] | None = connection.execute(query).scalar()
        return found

    def last(self, channel: str = SLACK, key: str | None = None) -> Mapping[str, Any] | None:
        """The newest notice of a channel, sent or waiting; with `key` the newest about that."""
        query = sa.select(outbox.c.notice).where(outbox.c.channel == channel).order_by(outbox.c.id.desc()).limit(1)
        if key is not None:
            query = query.where(outbox.c.key == key)
        with reading(self._engine, "the outbox could not be read") as connection:
            found: Mapping[str, Any] | None = connection.execute(query).scalar()
        return found

    def _change(self, notice: int, **values: Any) -> None:
        with writing(self._engine, "the outbox could not be written") as connection:
            connection.execute(outbox.update().where(outbox.c.id == notice).values(**values))
