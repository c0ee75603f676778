"""Notices on their way: stored before they are sent, so that one that could not go out waits for the next run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from presend.store.database import outbox
from presend.store.journal import stored


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that has not gone out."""

    id: int
    notice: Mapping[str, Any]
    made: datetime


class Outbox:
    """Notices as JSON; each call is its own transaction and may raise DeedError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, notice: Mapping[str, Any], now: datetime) -> None:
        """Store a notice that is to be sent."""
        with stored("the notice could not be stored"), self._engine.begin() as connection:
            connection.execute(outbox.insert().values(notice=dict(notice), made=now))

    def waiting(self) -> list[Waiting]:
        """What has not gone out, oldest first."""
        query = sa.select(outbox).where(outbox.c.sent.is_(None)).order_by(outbox.c.id)
        with stored("the outbox could not be read"), self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Waiting(row["id"], row["notice"], _aware(row["made"])) for row in rows]

    def sent(self, notice: int, now: datetime) -> None:
        """Note that a notice went out."""
        with stored("the outbox could not be written"), self._engine.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.id == notice).values(sent=now))

    def last(self) -> Mapping[str, Any] | None:
        """The newest notice, sent or waiting."""
        query = sa.select(outbox.c.notice).order_by(outbox.c.id.desc()).limit(1)
        with stored("the outbox could not be read"), self._engine.connect() as connection:
            found: Mapping[str, Any] | None = connection.execute(query).scalar()
        return found


def _aware(moment: datetime) -> datetime:
    """SQLite forgets the offset; what is stored is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
