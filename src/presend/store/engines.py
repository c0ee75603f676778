"""Engines for the two databases: SQLite by path, PostgreSQL by URL; what a connection is set to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from presend.errors import SettingsError
from presend.settings import Settings

_POSTGRES = "For PostgreSQL: postgresql+psycopg://user:password@host/name, and pip install presend[postgres]."

_SQLITE = "For SQLite: sqlite:////var/lib/presend/store.sqlite3, or leave it away: the file is in PRESEND_STATE_DIR."


def _given(settings: Settings) -> sa.URL | None:
    if settings.store_url is None:
        return None
    text = settings.store_url.get_secret_value()
    scheme, colon, rest = text.partition("://")
    if colon and scheme in ("postgres", "postgresql"):
        text = f"postgresql+psycopg://{rest}"
    try:
        url = sa.make_url(text)
        backend = url.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError("PRESEND_STORE_URL is not the URL of a database", help=_POSTGRES) from None
    if backend not in ("postgresql", "sqlite"):
        raise SettingsError(
            f"PRESEND_STORE_URL names a database of another kind ({backend[:40]})", help=f"{_POSTGRES} {_SQLITE}"
        )
    return url


def url_of(settings: Settings) -> sa.URL | None:
    """The server of PRESEND_STORE_URL, or None where the store is a file of SQLite.

    Raises SettingsError for a URL that presend cannot open.
    """
    url = _given(settings)
    return url if url is not None and url.get_backend_name() == "postgresql" else None


def file_of(settings: Settings) -> Path | None:
    """The file that PRESEND_STORE_URL names, or None where it names none: then it is in the state folder.

    Raises SettingsError for a database in memory, which would forget what is held as soon as the command ends.
    """
    url = _given(settings)
    if url is None or url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise SettingsError("PRESEND_STORE_URL names no file", help=_SQLITE)
    return Path(url.database)


def sqlite(path: Path) -> sa.Engine:
    """An engine for a file, whose transactions begin as `presend.store.access` says."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: Any) -> None:
        # sqlite3 would begin transactions by itself, and none for a change of tables.
        connection.isolation_level = None
        # The journal of deeds must survive a power cut, not only a crash of the process.
        connection.execute("PRAGMA synchronous = FULL")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        words = connection.get_execution_options().get("presend_begin", "BEGIN")
        if words:
            connection.exec_driver_sql(words)

    return engine


def postgres(url: sa.URL, **more: Any) -> sa.Engine:
    """An engine for a server; `more` goes to `create_engine`. Raises SettingsError when its driver is missing."""
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    try:
        # A scan may take minutes between two statements: a connection that was cut meanwhile is made anew.
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments, **more)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise SettingsError(
            f"PRESEND_STORE_URL is not a database that presend can open ({type(error).__name__})", help=_POSTGRES
        ) from None
