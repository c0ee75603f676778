"""A set of recipients as a number and a digest, so that two readings of an audience can be held against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from presend.audience.engine import EVERYONE, Audience, Who
from presend.audience.snapshot import Snapshot
from presend.model import Campaign
from presend.ports import Connector


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many, and a SHA-256 over their sorted ids: equal exactly if they are the same people."""

    count: int
    digest: str

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> Crowd:
        """From JSON. Raises KeyError where it is none."""
        return cls(int(data["count"]), str(data["digest"]))


def crowd_of(ids: Iterable[str], without: Collection[str] = frozenset()) -> Crowd:
    """The crowd of these ids, less some."""
    kept = sorted(set(ids) - set(without))
    said = hashlib.sha256()
    for one in kept:
        # An id may hold any character, so that its length has to stand in front of it.
        raw = one.encode()
        said.update(b"%d:" % len(raw) + raw)
    return Crowd(len(kept), said.hexdigest())


def ids_of(audience: Audience, who: Who = EVERYONE) -> list[str]:
    """The ids of a set of recipients, in snapshot order."""
    return [one.id for batch in audience.rows(who, ()) for one in batch]


def read(connector: Connector, campaign: Campaign, *, everybody: bool = False) -> list[str]:
    """Who would be mailed, read anew. Raises PlatformError, or duckdb.Error when they cannot be held."""
    nothing: frozenset[str] = frozenset()
    people = connector.people(campaign, nothing, everybody=True) if everybody else connector.people(campaign, nothing)
    with Snapshot(nothing) as snapshot:
        for batch in people:
            snapshot.add(batch)
        return ids_of(snapshot.finish())
