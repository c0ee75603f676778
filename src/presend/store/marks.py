"""Who carries which of presend's labels at the moment, and because of which campaign, so that they come off again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from presend.store.access import chunks, reading, writing
from presend.store.tables import marks


class Marks:
    """Each call is its own transaction and may raise DeedError. A person may carry a label for several campaigns."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, account: str, campaign_id: str, label: str, ids: Collection[str], now: datetime) -> None:
        """Note that these people carry the label because of the campaign; who does already keeps the first time."""
        with writing(self._engine, "who was marked could not be stored") as connection:
            there = set(connection.execute(_ids(account, campaign_id, label)).scalars())
            key = {"account": account, "campaign_id": campaign_id, "label": label, "since": now}
            rows = [{**key, "recipient_id": one} for one in sorted(set(ids) - there)]
            if rows:
                connection.execute(marks.insert(), rows)

    def remove(self, account: str, campaign_id: str, label: str, ids: Collection[str]) -> None:
        """Note that these people no longer carry the label because of the campaign."""
        this = (marks.c.account == account, marks.c.campaign_id == campaign_id, marks.c.label == label)
        with writing(self._engine, "whose mark came off could not be stored") as connection:
            for some in chunks(sorted(set(ids))):
                connection.execute(marks.delete().where(*this, marks.c.recipient_id.in_(some)))

    def ids(self, account: str, campaign_id: str, label: str) -> list[str]:
        """Who carries the label because of the campaign, sorted."""
        with reading(self._engine, "who is marked could not be read") as connection:
            return sorted(connection.execute(_ids(account, campaign_id, label)).scalars())

    def labels(self, account: str, campaign_id: str) -> list[str]:
        """The labels that somebody carries because of the campaign, sorted."""
        query = (
            sa.select(marks.c.label)
            .where(marks.c.account == account, marks.c.campaign_id == campaign_id)
            .group_by(marks.c.label)
        )
        with reading(self._engine, "who is marked could not be read") as connection:
            return sorted(connection.execute(query).scalars())

    def campaigns(self, account: str) -> list[str]:
        """The ids of the campaigns that anybody of the account is marked for, also of those long sent; sorted."""
        query = sa.select(marks.c.campaign_id).where(marks.c.account == account).group_by(marks.c.campaign_id)
        with reading(self._engine, "who is marked could not be read") as connection:
            return sorted(connection.execute(query).scalars())

    def elsewhere(self, account: str, campaign_id: str, label: str, ids: Collection[str]) -> frozenset[str]:
        """Of these people, those who carry the same label because of another campaign too: it must stay on them."""
        others = (marks.c.account == account, marks.c.campaign_id != campaign_id, marks.c.label == label)
        found: set[str] = set()
        with reading(self._engine, "who is marked could not be read") as connection:
            for some in chunks(sorted(set(ids))):
                query = sa.select(marks.c.recipient_id).where(*others, marks.c.recipient_id.in_(some))
                found |= set(connection.execute(query).scalars())
        return frozenset(found)


def _ids(account: str, campaign_id: str, label: str) -> sa.Select[str]:
    this = (marks.c.account == account, marks.c.campaign_id == campaign_id, marks.c.label == label)
    return sa.select(marks.c.recipient_id).where(*this)
