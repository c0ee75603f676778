"""A real PostgreSQL server for the tests that need one: made in a temporary folder, gone afterwards.

`python -m tests.support.postgres` says whether one could be started here, and exits 1 when not.
"""

from __future__ import annotations

import itertools
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps the server's programs, which it leaves off the path, a folder per version."""


class PostgresMissing(RuntimeError):
    """No server can be started here; the message says what to install."""


@dataclass(frozen=True)
class Server:
    """A running server on loopback, with the password of its owner."""

    port: int
    password: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg://presend:{self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; its SQLAlchemy URL."""
        import psycopg

        name = f"presend_{next(self._numbers)}"
        plain = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


def programs() -> Path:
    """The folder that holds initdb and pg_ctl, the newest version first; PostgresMissing without one."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresMissing("initdb and pg_ctl are not installed (Debian: apt-get install postgresql)")


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run the server as: it refuses to run as root. None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("running as root, and there is no user postgres or nobody to run the server as")


def free_port() -> int:
    """A port on loopback that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and stop it at the end, whatever happens; PostgresMissing when that is not possible."""
    folder = programs()
    owner = unprivileged()
    # Not below pytest's temporary folder: that one is closed to other users.
    base = Path(tempfile.mkdtemp(prefix="presend-postgres-"))
    password = secrets.token_hex(16)
    data, log, secret = base / "data", base / "log", base / "password"
    secret.write_text(password)
    if owner is not None:
        for path in (base, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def run(program: str, *arguments: str) -> None:
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        # A file and not a pipe: the server inherits it and would keep a pipe open for ever.
        with (base / "out").open("ab") as out:
            done = subprocess.run(
                [str(folder / program), *arguments],
                cwd=base,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(base)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
                **as_owner,
            )
        if done.returncode:
            said = (base / "out").read_text() + (log.read_text() if log.exists() else "")
            raise RuntimeError(f"{program} ended with {done.returncode}:\n{said}")

    port = free_port()
    try:
        login = ("-U", "presend", "-A", "scram-sha-256", f"--pwfile={secret}")
        run("initdb", "-D", str(data), *login, "-E", "UTF8", "--no-sync")
        # Durability is of no use to a database that lives for a minute.
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "-t", "60", "start")
        try:
            yield Server(port, password)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    try:
        programs()
        unprivileged()
    except PostgresMissing as missing:
        sys.exit(str(missing))
