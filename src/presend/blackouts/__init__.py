"""Where and when offers stay at home: from presend.toml, from files beside it, and from two public feeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from presend.blackouts.feeds import FEEDS, Fetch, fetched, read_feed
from presend.blackouts.files import rows_of
from presend.blackouts.places import gazetteer
from presend.blackouts.rows import BadRow, blackout_of
from presend.errors import SettingsError
from presend.model import NOTHING_DARK, Blackout, Blackouts, Gap

__all__ = ["Wanted", "gathered"]

MOST_FAULTS = 10
"""Broken rows that are named, at the most; the others are counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings ask for."""

    entries: tuple[Mapping[str, Any], ...] = ()
    """`[[blackouts]]`, each with reason, country, regions, postcodes, from and until."""
    files: tuple[Path, ...] = ()
    feeds: Mapping[str, str] = field(default_factory=dict)
    """URLs by the feed's name, for the feeds that are on."""
    aftermath_days: int = 14
    """For how long a place stays dark after an event of a feed is over."""


def gathered(wanted: Wanted, today: date, fetch: Fetch = fetched) -> Blackouts:
    """All blackouts that are asked for; feeds that fail are gaps, and nothing else of theirs is used.

    Raises SettingsError for an entry or a file's row that cannot be read: with row and reason, and for all at once,
    since a blackout that is silently missing is an offer into a flood.
    """
    if not (wanted.entries or wanted.files or wanted.feeds):
        return NOTHING_DARK
    dark: list[Blackout] = []
    faults: list[str] = []
    rows = [(f"presend.toml, entry {at} of [[blackouts]]", one) for at, one in enumerate(wanted.entries, 1)]
    for origin, row in (*rows, *_in_files(wanted.files)):
        try:
            dark.append(blackout_of(row, origin))
        except BadRow as bad:
            faults.append(f"{origin}: {bad}")
    if faults:
        more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        raise SettingsError(
            f"{'; '.join(faults[:MOST_FAULTS])}{more}",
            help="Mend them; docs/blackouts.md says what a blackout may hold. Nothing was checked.",
        )
    gaps: list[Gap] = []
    for name, url in wanted.feeds.items():
        found, said = read_feed(FEEDS[name], url, today, wanted.aftermath_days, fetch)
        dark += found
        gaps += said
    return Blackouts(tuple(dict.fromkeys(dark)), tuple(gaps), gazetteer())


def _in_files(files: Iterable[Path]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for path in files:
        for where, row in rows_of(path):
            yield f"{path.name}, {where}", row
