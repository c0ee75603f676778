"""Copies everything from one store into another that is empty: from SQLite's file to a team's PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa

from presend.errors import DeedError
from presend.store.access import writing
from presend.store.tables import meta, metadata

BATCH = 1000
"""Rows held in memory at a time."""


def copy(source: sa.Engine, target: sa.Engine) -> dict[str, int]:
    """Copy all rows, by table; both stores are of this version, as opening makes them.

    One transaction at either end: the copy is of one moment, and whole or not there. Raises DeedError when the target
    has anything in it already, or either store fails.
    """
    counts: dict[str, int] = {}
    with (
        writing(target, "nothing was copied") as into,
        writing(source, "nothing was copied") as out,
    ):
        tables = [table for table in metadata.sorted_tables if table is not meta]
        for table in tables:
            if into.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
                raise DeedError(
                    f"nothing was copied: the store to copy into has rows in {table.name} already",
                    help="Copy into an empty database, before presend first runs with it.",
                )
        for table in tables:
            counts[table.name] = _copy(table, out, into)
    return counts


def _copy(table: sa.Table, out: sa.Connection, into: sa.Connection) -> int:
    count = 0
    for rows in out.execute(sa.select(table)).mappings().partitions(BATCH):
        into.execute(table.insert(), [_whole(table, row) for row in rows])
        count += len(rows)
    if count and "id" in table.c and into.dialect.name == "postgresql":
        # The rows brought their numbers along, and the server would begin to count at one.
        newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        into.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), newest)))
    return count


def _whole(table: sa.Table, row: sa.RowMapping) -> dict[str, object]:
    """The row as it is inserted: a missing value of a JSON column stays missing, and is not the JSON null."""
    json = {column.name for column in table.c if isinstance(column.type, sa.JSON)}
    return {name: sa.null() if name in json and value is None else value for name, value in row.items()}
