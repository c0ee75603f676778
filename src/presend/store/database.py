"""Opens the store: SQLite in the state folder by default, PostgreSQL by URL; made or brought up to date first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from presend.errors import SettingsError
from presend.settings import Settings
from presend.store.access import DAMAGED, NO_DATABASE, OUTSIDE, WRITES, reason
from presend.store.engines import file_of, postgres, sqlite, url_of
from presend.store.host import host
from presend.store.locks import number, state_dir
from presend.store.tables import VERSION, journal, meta, metadata, outbox, seen

__all__ = ["VERSION", "journal", "meta", "metadata", "open_database", "opened", "outbox", "seen"]

_FOLDER = "Set PRESEND_STATE_DIR to a folder that presend may write to."
_WAIT_SECONDS = 60
"""For another process that makes or updates the tables; either takes a second or two."""


def open_database(settings: Settings, *, here: str | None = None) -> sa.Engine:
    """The engine, its tables made or brought up to date; `here` is the machine, by default this one.

    Raises SettingsError (exit 2) when it cannot be opened or written, is from a newer presend, or is another
    machine's file of SQLite.
    """
    url = url_of(settings)
    path: Path | None = None
    if url is None:
        named = file_of(settings)
        path = named or state_dir(settings) / "presend.sqlite3"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            help_ = "Name a file in PRESEND_STORE_URL that presend may write to." if named else _FOLDER
            raise SettingsError(f"the store {path} cannot be opened: {error.strerror}", help=help_) from error
        engine = sqlite(path)
    else:
        engine = postgres(url)
    try:
        _prepare(engine, path, here or host())
    except sa.exc.SQLAlchemyError as error:
        engine.dispose()
        which = "the store" if path is None else f"the store {path}"
        raise SettingsError(f"{which} cannot be used: {reason(error)}", help=_mend(error, path)) from None
    except BaseException:
        engine.dispose()
        raise
    return engine


def _mend(error: sa.exc.SQLAlchemyError, path: Path | None) -> str:
    """What to do about a store that cannot be used."""
    if path is None:
        return "Check PRESEND_STORE_URL, that the server runs, and that its user may write to the database."
    if reason(error) in (DAMAGED, NO_DATABASE):
        return (
            "Put a backup in its place, or move it away and presend makes a new one. What it held is then forgotten: "
            "look on the platforms for campaigns that presend had taken back to draft."
        )
    return "Check that the disk has room and that the file and its folder may be written, or set PRESEND_STATE_DIR."


def _prepare(engine: sa.Engine, path: Path | None, here: str) -> None:
    with engine.connect() as connection:
        version = _version(connection)
        owner = _owner(connection, version)
    if version == VERSION and (path is None or owner == here):
        return
    _belongs(path, version, owner, here)
    with ExitStack() as stack:
        if path is not None:
            _alone(path, stack)
            with engine.execution_options(**OUTSIDE).connect() as connection:
                # The mode stays with the file, and cannot be changed within a transaction.
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection = stack.enter_context(engine.execution_options(**WRITES).begin())
        if path is None:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number("tables"))))
        # Another process may have been first.
        version = _version(connection)
        _belongs(path, version, _owner(connection, version), here)
        _bring_up(connection, version)
        if path is not None:
            connection.execute(meta.update().values(host=here))


def _bring_up(connection: sa.Connection, version: int | None) -> None:
    if version is None:
        metadata.create_all(connection)
        connection.execute(meta.insert().values(version=VERSION))
    elif version < VERSION:
        # Here and not above: alembic takes half a second to import, and few openings need it.
        from presend.store.migrate import upgrade

        upgrade(connection, version)


def _version(connection: sa.Connection) -> int | None:
    """Of the tables that are there; None for an empty database."""
    if not sa.inspect(connection).has_table(meta.name):
        return None
    found: int | None = connection.execute(sa.select(meta.c.version)).scalar()
    return found


def _owner(connection: sa.Connection, version: int | None) -> str | None:
    """Which machine's file it is; None where that was never noted."""
    if version is None or version < 3:
        return None
    found: str | None = connection.execute(sa.select(meta.c.host)).scalar()
    return found


def _belongs(path: Path | None, version: int | None, owner: str | None, here: str) -> None:
    """Raises SettingsError for the store of a newer presend, and for another machine's file."""
    if version is not None and version > VERSION:
        raise SettingsError(
            f"the store was written by a newer presend (version {version}, this one knows {VERSION})",
            help="Update presend on this machine.",
        )
    if path is not None and owner not in (None, here):
        raise SettingsError(
            f"the store {path} belongs to another machine, and SQLite cannot be shared between machines",
            help="Set PRESEND_STORE_URL to a PostgreSQL database that both use, or PRESEND_STATE_DIR to a folder of "
            "this machine's own. A container needs a host name that stays the same; docs/store.md says how to move a "
            "store to another machine.",
        )


def _alone(path: Path, stack: ExitStack) -> None:
    """Keep other processes from making or changing the tables of this file at the same time."""
    lock = FileLock(path.with_name("store.lock"), timeout=_WAIT_SECONDS)
    try:
        stack.enter_context(lock)
    except Timeout:
        raise SettingsError(
            f"another process has been preparing the store {path} for {_WAIT_SECONDS} seconds",
            help="End it, or wait and try again.",
        ) from None
    except OSError as error:
        raise SettingsError(f"the folder of the store {path} cannot be used: {error.strerror}", help=_FOLDER) from error


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The database for the length of a block."""
    engine = open_database(settings)
    try:
        yield engine
    finally:
        engine.dispose()
