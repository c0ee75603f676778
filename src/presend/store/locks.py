"""Keeps two runs on one account apart: a file lock on one machine, PostgreSQL's advisory lock across machines.

Both belong to the process that holds them and end with it, however it ends: there is nothing to clean up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from presend.errors import Busy, SettingsError
from presend.settings import Settings
from presend.store.access import reason
from presend.store.engines import postgres, url_of

_SESSION = {
    # A machine that lost its power says nothing: the server finds out by itself, within a minute.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    # The session of a lock is idle for as long as the run takes.
    "idle_session_timeout": "0",
}
"""Settings of the server's side of a connection that holds a lock; those that a version does not have are left."""


def state_dir(settings: Settings) -> Path:
    """The state folder, made with rights 0700. Raises SettingsError when it cannot be used."""
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"the state folder {settings.state_dir} cannot be made: {error.strerror}",
            help="Set PRESEND_STATE_DIR to a folder that presend may write to.",
        ) from error
    return settings.state_dir


def number(what: str) -> int:
    """The key of an advisory lock: PostgreSQL takes a signed integer of 64 bits, shared by all of a database."""
    digest = hashlib.sha256(f"presend\n{what}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _busy(account: str, where: str = "") -> Busy:
    return Busy(
        f"another run of presend{where} is at work on account {account}",
        help="Wait for it to end, or run with --account for the others.",
    )


@contextmanager
def _file_lock(folder: Path, account: str) -> Iterator[None]:
    # A digest, since two names may look the same to a file system: acme and Acme, a_b and a/b.
    readable = re.sub(r"[^A-Za-z0-9._-]", "_", account)[:80]
    name = f"{readable}-{hashlib.sha256(account.encode()).hexdigest()[:8]}.lock"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = FileLock(folder / name, timeout=0)
        lock.acquire()
    except Timeout:
        raise _busy(account) from None
    except OSError as error:
        raise SettingsError(
            f"the lock folder {folder} cannot be used: {error.strerror}",
            help="Set PRESEND_STATE_DIR to a folder that presend may write to.",
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _server_lock(url: sa.URL, account: str) -> Iterator[None]:
    engine = postgres(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    try:
        try:
            connection = engine.connect()
            for name, value in _SESSION.items():
                known = sa.text("SELECT set_config(name, :value, false) FROM pg_settings WHERE name = :name")
                connection.execute(known, {"name": name, "value": value})
            got = connection.execute(sa.select(sa.func.pg_try_advisory_lock(number(f"account {account}")))).scalar()
        except sa.exc.SQLAlchemyError as error:
            raise SettingsError(
                f"account {account} could not be locked in the store: {reason(error)}",
                help="Check that the database of PRESEND_STORE_URL is up.",
            ) from None
        with connection:
            if not got:
                raise _busy(account, ", perhaps on another machine,")
            yield
    finally:
        engine.dispose()


@contextmanager
def account_lock(settings: Settings, account: str) -> Iterator[None]:
    """Hold the account's lock for the length of a block, in the state folder and, where there is one, in PostgreSQL.

    Raises Busy when another run has it, SettingsError for an unusable state folder or a database out of reach.
    """
    url = url_of(settings)
    with _file_lock(state_dir(settings) / "locks", account):
        if url is None:
            yield
        else:
            with _server_lock(url, account):
                yield
