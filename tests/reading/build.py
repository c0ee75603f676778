"""Builds a reading over a small audience from plain Python rows, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from presend.audience.duck import DuckAudience
from presend.audience.snapshot import Snapshot
from presend.audience.values import encode
from presend.dialects import dialect_for
from presend.dialects.base import Program, Scene
from presend.model import Field, Kind, Known, Part, Platform, Vocabulary
from presend.ports import Batch, Role
from presend.reading import PartReading
from tests.oracles.generators import (
    HUBSPOT_DEFAULTS,
    HUBSPOT_PROPERTIES,
    KLAVIYO_COLUMNS,
    MAILCHIMP_FIELDS,
    MAILCHIMP_GROUPS,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def klaviyo_column(name: str) -> str:
    """The audience column of a name as a Klaviyo template writes it (person.City is location.city)."""
    return dialect_for(Platform.KLAVIYO).column(name, Vocabulary())


VOCABULARIES = {
    Platform.MAILCHIMP: Vocabulary(
        fields=(
            Field("EMAIL", ("EMAIL", "MERGE0", "MMERGE0"), type="text"),
            *(
                Field(
                    f["tag"],
                    (f["tag"], f"MERGE{f['merge_id']}", f"MMERGE{f['merge_id']}"),
                    type=f["type"],
                    default=Known(f["default"]),
                )
                for f in MAILCHIMP_FIELDS
            ),
        ),
        complete=True,
        groups={title: tuple(names) for title, names in MAILCHIMP_GROUPS.items()},
    ),
    Platform.KLAVIYO: Vocabulary(fields=tuple(Field(klaviyo_column(c)) for c in KLAVIYO_COLUMNS), complete=True),
    Platform.HUBSPOT: Vocabulary(
        fields=tuple(Field(p["name"], type=p["type"]) for p in HUBSPOT_PROPERTIES),
        complete=True,
        defaults=HUBSPOT_DEFAULTS,
    ),
}


def program_of(platform: Platform, source: str, part: Part, *, programmable: bool = True) -> Program:
    """The compiled program of a source under the platform's test vocabulary."""
    dialect = dialect_for(platform)
    scene = Scene(NOW, Kind.CAMPAIGN, {"programmable": programmable})
    return dialect.compile(dialect.parse(source, part), VOCABULARIES[platform], scene)


@contextmanager
def audience_of(rows: Sequence[dict[str, Any]]) -> Iterator[DuckAudience]:
    """An audience of these rows, ids r0, r1, …; a missing key is an absent value."""
    columns = sorted({name for row in rows for name in row})
    snapshot = Snapshot(columns)
    try:
        cells = {name: [encode(row[name]) if name in row else None for row in rows] for name in columns}
        snapshot.add(Batch(Role.INCLUDE, [f"r{i}" for i in range(len(rows))], cells))
        yield snapshot.finish()
    finally:
        snapshot.close()


def part_reading(program: Program) -> PartReading:
    """A part without an audience, for rendering single rows."""
    return PartReading(program, None)
