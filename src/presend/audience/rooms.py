"""Rooms in DuckDB: the engine is started once per process and memory cap, and each snapshot has a schema of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

_engines: dict[str, duckdb.DuckDBPyConnection] = {}
_lock = threading.Lock()
_numbers = count()


def quote(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def connect(memory_limit: str, directory: Path, files: Sequence[Path] = ()) -> duckdb.DuckDBPyConnection:
    """A private DuckDB that may touch nothing but `directory` and `files`, and that no SQL can reconfigure."""
    db = duckdb.connect(":memory:")
    db.execute(f"SET memory_limit = {quote(memory_limit)}")
    db.execute(f"SET temp_directory = {quote(str(directory / 'spill'))}")
    db.execute("SET preserve_insertion_order = true")
    db.execute("SET autoinstall_known_extensions = false")
    db.execute("SET autoload_known_extensions = false")
    db.execute(f"SET allowed_directories = [{quote(str(directory))}]")
    db.execute(f"SET allowed_paths = [{', '.join(quote(str(file)) for file in files)}]")
    db.execute("SET enable_external_access = false")
    db.execute("SET lock_configuration = true")
    return db


_PREFIX = "presend-people-"
_LOCK = "alive.lock"


@cache
def _home() -> Path:
    """The folder of this process's snapshots, rights 0700; it goes when the process ends, or with the next one's."""
    sweep(Path(tempfile.gettempdir()))
    home = Path(tempfile.mkdtemp(prefix=_PREFIX))
    # Held for as long as the process lives, and let go by the system however it ends.
    lock = FileLock(home / _LOCK)
    lock.acquire()
    atexit.register(_leave, home, lock)
    return home


def _leave(home: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(home, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove the snapshots that a killed process of the same user left in a folder: they hold people's data.

    A folder whose lock is held belongs to a process that lives; one without a lock is being made this moment.
    """
    for left in folder.glob(f"{_PREFIX}*"):
        lock = left / _LOCK
        with suppress(OSError, Timeout):
            if left.is_symlink() or left.stat().st_uid != os.getuid() or not lock.is_file():
                continue
            with FileLock(lock, timeout=0):
                shutil.rmtree(left, ignore_errors=True)


class Room:
    """Where the tables of one snapshot live; `close` takes them and every file away."""

    def __init__(self, memory_limit: str) -> None:
        self._schema = f"s{next(_numbers)}"
        self._folder: Path | None = None
        with _lock:
            try:
                self.db = self._enter(_engines[memory_limit])
            except (KeyError, duckdb.Error):
                # The first of its cap, or the engine has ended over a fault, which those before this one were told.
                _engines[memory_limit] = connect(memory_limit, _home())
                self.db = self._enter(_engines[memory_limit])

    def _enter(self, engine: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        db = engine.cursor()
        db.execute(f"CREATE SCHEMA {self._schema}")
        db.execute(f"USE memory.{self._schema}")
        return db

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, for answers that are fetched little by little."""
        cursor = self.db.cursor()
        cursor.execute(f"USE memory.{self._schema}")
        return cursor

    def folder(self) -> Path:
        """A folder for this room's files."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="people-", dir=_home()))
        return self._folder

    def close(self) -> None:
        """Remove the tables and the folder; further calls do nothing."""
        # Closed already, or the engine ended over a fault and its tables with it.
        with suppress(duckdb.Error):
            self.db.execute(f"DROP SCHEMA IF EXISTS memory.{self._schema} CASCADE")
        self.db.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


class OwnRoom(Room):
    """A room in an engine of its own, which may read `files` where they are."""

    def __init__(self, memory_limit: str, files: Sequence[Path]) -> None:
        self._schema = "main"
        self._folder = Path(tempfile.mkdtemp(prefix="people-", dir=_home()))
        self.db = connect(memory_limit, self._folder, files)

    def close(self) -> None:
        """Give the engine back and remove its folder; further calls do nothing."""
        self.db.close()
        shutil.rmtree(self.folder(), ignore_errors=True)
