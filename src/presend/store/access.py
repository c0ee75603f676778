"""How repositories reach the database: reading and writing in transactions, and its failures in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from presend.errors import DeedError

HELP = "Check that the disk has room and that the store of PRESEND_STORE_URL or PRESEND_STATE_DIR is up."

WRITES = {"presend_begin": "BEGIN IMMEDIATE"}
"""Options of an SQLite connection that takes the right to write before it reads; without them it is `BEGIN`."""

OUTSIDE = {"presend_begin": ""}
"""Options of an SQLite connection whose statements stand outside of any transaction."""

DAMAGED = "the file is damaged"
NO_DATABASE = "the file is not a database"

_SQLITE = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the file or its folder may only be read",
    "SQLITE_BUSY": "another process keeps it locked",
    "SQLITE_LOCKED": "another process keeps it locked",
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": NO_DATABASE,
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_IOERR": "the disk is full, or failed",
    "SQLITE_PERM": "the file may not be opened",
}
"""The primary result codes of sqlite.org/rescode.html; extended ones begin with them."""

_POSTGRES = {
    "08": "the connection to the server was lost",
    "28": "the server refused the user or the password",
    "3D": "the server has no database of that name",
    "40": "another process wrote at the same time",
    "42501": "the user of the database lacks a right",
    "25006": "the database may only be read",
    "53": "the server has no room or no connections left",
    "57": "the server is shutting down or starting",
}
"""SQLSTATE codes and classes, of PostgreSQL's appendix A; the longest that fits wins."""


def reason(error: sa.exc.SQLAlchemyError) -> str:
    """Why a statement failed, in our own words only: the database's may hold values, hosts and users."""
    fault = getattr(error, "orig", None)
    name = getattr(fault, "sqlite_errorname", None)
    if name:
        known = next((said for code, said in _SQLITE.items() if name == code or name.startswith(f"{code}_")), None)
        return known or name
    state = getattr(fault, "sqlstate", None)
    if state:
        known = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
        return known or f"SQLSTATE {state}"
    if isinstance(error, sa.exc.OperationalError) and type(fault).__module__.startswith("psycopg"):
        # While connecting there is no SQLSTATE; FATAL is what a server says that was there and would not.
        refused = "FATAL:" in str(fault)
        return "the server refused user, password or database" if refused else "the server cannot be reached"
    return type(error).__name__


@contextmanager
def stored(what: str) -> Iterator[None]:
    """Turn a failure of the database into DeedError: `what` could not be done, without any of the values."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        raise DeedError(f"{what}: {reason(error)}", help=HELP) from None


@contextmanager
def reading(engine: sa.Engine, what: str) -> Iterator[sa.Connection]:
    """A connection to read from; a failure is DeedError, and `what` says what could not be done."""
    with stored(what), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine, what: str) -> Iterator[sa.Connection]:
    """One transaction, durable when the block ends; a failure is DeedError and leaves everything as it was.

    On SQLite it has the only right to write from its first statement on: what it reads is still so when it writes.
    """
    with stored(what), engine.execution_options(**WRITES).begin() as connection:
        yield connection


def chunks(items: list[str], size: int = 500) -> Iterator[list[str]]:
    """The items in pieces that every database takes as parameters of one statement."""
    for at in range(0, len(items), size):
        yield items[at : at + size]
