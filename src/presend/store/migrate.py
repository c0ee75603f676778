"""Brings an older store up to date with alembic, in the transaction it is given: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from presend.store.tables import VERSION, meta

MIGRATIONS = Path(__file__).parent / "migrations"
"""Part of the package, in `versions` a file for each version of the tables."""

BOOKKEEPING = "presend_alembic"
"""alembic's own table. What counts is `presend_meta.version`: a new store is made without alembic."""


def revision(version: int) -> str:
    """How alembic names a version of the tables: `0003`; the empty database is its base."""
    return f"{version:04}" if version else "base"


def upgrade(connection: sa.Connection, version: int, to: int = VERSION) -> None:
    """From `version` (0: an empty database) to another, within the connection's transaction.

    Raises SQLAlchemyError as the statements do; the caller's transaction then takes everything back.
    """
    script = ScriptDirectory(str(MIGRATIONS))

    def steps(heads: Any, context: MigrationContext) -> Any:
        del context
        return script._upgrade_revs(revision(to), heads)  # noqa: SLF001 - alembic's own recipe for use without env.py

    context = MigrationContext.configure(
        connection,
        opts={"fn": steps, "version_table": BOOKKEEPING, "transactional_ddl": True, "target_metadata": None},
    )
    context.stamp(script, revision(version))
    with Operations.context(context):
        context.run_migrations()
    connection.execute(meta.update().values(version=to))
