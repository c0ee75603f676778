"""The database: SQLite in the state folder by default, PostgreSQL by URL; its tables, and errors in plain words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from presend.errors import SettingsError
from presend.settings import Settings
from presend.store.locks import state_dir

VERSION = 2
"""Of the tables: 2 added the outbox. An older store is brought up to date, a newer one is refused."""

metadata = sa.MetaData()

meta = sa.Table("presend_meta", metadata, sa.Column("version", sa.Integer, nullable=False))

seen = sa.Table(
    "presend_seen",
    metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("platform", sa.String(32), nullable=False),
    sa.Column("account", sa.String(255), nullable=False),
    sa.Column("campaign_id", sa.String(255), nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("affected", sa.BigInteger),
    sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
)

journal = sa.Table(
    "presend_journal",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.String(32), nullable=False),
    sa.Column("verb", sa.String(16), nullable=False),
    sa.Column("platform", sa.String(32), nullable=False),
    sa.Column("account", sa.String(255), nullable=False),
    sa.Column("campaign_id", sa.String(255), nullable=False),
    sa.Column("campaign_name", sa.Text, nullable=False),
    sa.Column("revision", sa.String(64), nullable=False),
    sa.Column("reversible", sa.String(16), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("undo", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("result", sa.Text, nullable=False, default=""),
    sa.Column("started", sa.DateTime(timezone=True), nullable=False),
    sa.Column("finished", sa.DateTime(timezone=True)),
    sa.Column("undone_by", sa.Integer),
    sa.Index("presend_journal_campaign", "account", "campaign_id"),
)

outbox = sa.Table(
    "presend_outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("notice", sa.JSON, nullable=False),
    sa.Column("made", sa.DateTime(timezone=True), nullable=False),
    sa.Column("sent", sa.DateTime(timezone=True)),
)


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # The journal of deeds must survive a power cut, not only a crash of the process.
        connection.execute("PRAGMA synchronous = FULL")

    return engine


def open_database(settings: Settings) -> sa.Engine:
    """The engine, tables made. Raises SettingsError when it cannot be opened or is from a newer presend."""
    if settings.store_url is None:
        path = state_dir(settings) / "presend.sqlite3"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise SettingsError(
                f"the store {path} cannot be opened: {error.strerror}",
                help="Set PRESEND_STATE_DIR to a folder that presend may write to.",
            ) from error
        engine = _sqlite(path)
    else:
        try:
            engine = sa.create_engine(settings.store_url.get_secret_value(), hide_parameters=True)
        except (sa.exc.ArgumentError, ImportError) as error:
            raise SettingsError(
                f"PRESEND_STORE_URL is not a database that presend can open ({type(error).__name__})",
                help="For PostgreSQL: postgresql+psycopg://user:password@host/name, and pip install presend[postgres].",
            ) from None
    try:
        _prepare(engine)
    except SettingsError:
        engine.dispose()
        raise
    return engine


def _prepare(engine: sa.Engine) -> None:
    try:
        metadata.create_all(engine)
        with engine.begin() as connection:
            version = connection.execute(sa.select(meta.c.version)).scalar()
            if version is None:
                connection.execute(meta.insert().values(version=VERSION))
            elif version < VERSION:
                # All that came since are whole tables, which create_all has made.
                connection.execute(meta.update().values(version=VERSION))
    except sa.exc.SQLAlchemyError as error:
        raise SettingsError(
            f"the store cannot be used ({type(error).__name__})",
            help="Check that the disk has room, that the file or database may be written, and PRESEND_STORE_URL.",
        ) from None
    if version is not None and version > VERSION:
        raise SettingsError(
            f"the store was written by a newer presend (version {version}, this one knows {VERSION})",
            help="Update presend on this machine.",
        )


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The database for the length of a block."""
    engine = open_database(settings)
    try:
        yield engine
    finally:
        engine.dispose()
