"""A presend process that can be killed: forked before any thread runs, told later what to do, dead at a chosen write.

Forking a process that has everything imported saves the seconds that starting one takes. Nothing of presend is
replaced: its store is watched through SQLAlchemy's own events.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from presend.cli import main
from tests.e2e.worlds import Hurried, Outcome

ARMED = b"!"
"""What the child says on its pipe before the first write of a deed or notice."""

END = b"\n"
"""The end of a job on its pipe."""

_TABLE = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) presend_(\w+)(?: SET (.*?) WHERE)?")
_DEEDS = ("journal", "stage", "mark", "outbox")


@dataclass(frozen=True)
class Job:
    """One command, and at which write of the store it dies: the number counted from the first of a deed, 0 for none."""

    words: Sequence[str]
    env: dict[str, str]
    cwd: str
    out: str
    origin: str
    die: int = 0
    after: bool = False
    notes: str = ""
    """A file for the writes that it made, one JSON line each."""


class _RemoteClock:
    """The sandbox's clock, moved through its controls."""

    def __init__(self, origin: str) -> None:
        self._url = f"{origin}/_sandbox/clock"
        self._rest = 0.0

    def advance(self, by: timedelta) -> None:
        self._rest += by.total_seconds()
        whole = int(self._rest)
        if not whole:
            return
        self._rest -= whole
        body = json.dumps({"advance": f"+{whole}s"}).encode()
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=10):
            pass


@dataclass
class _Box:
    clock: _RemoteClock


@dataclass
class Watch:
    """Counts the store's writes from the first one of a deed on, and dies at the chosen one."""

    job: Job
    pipe: int
    count: int = 0
    armed: bool = False
    seen: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """To every engine that will be made."""
        sa.event.listen(sa.Engine, "before_cursor_execute", self._executing)
        sa.event.listen(sa.Engine, "commit", self._committing)
        sa.event.listen(sa.pool.Pool, "checkin", self._ended)

    def _executing(
        self, connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        found = _TABLE.match(" ".join(statement.split()))
        if found is None:
            return
        table, change = found.groups()
        what = statement.split(maxsplit=1)[0].lower()
        if table == "stage":
            what = str(parameters[1])
        elif change:
            what = "set " + ", ".join(part.split("=")[0].strip() for part in change.split(","))
        label = f"{table} {what}"
        connection.info["wrote"] = table
        connection.info["label"] = label

    def _committing(self, connection: sa.Connection) -> None:
        table = connection.info.pop("wrote", None)
        if table is None or not (self.armed or table in _DEEDS):
            return
        if not self.armed:
            self.armed = True
            os.write(self.pipe, ARMED)
        self.count += 1
        self._note(connection.info["label"])
        connection.info["committed"] = True
        if self.job.die == self.count and not self.job.after:
            _die()

    def _ended(self, _connection: Any, record: Any) -> None:
        # A connection goes back into the pool once its transaction is over.
        if record.info.pop("committed", False) and self.job.die == self.count and self.job.after:
            _die()

    def _note(self, label: str) -> None:
        if self.job.notes:
            with Path(self.job.notes).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"at": time.monotonic(), "label": label}) + "\n")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


class Child:
    """A process that waits for its job; `armed` tells whether it has begun to write."""

    def __init__(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        job_read, self._job = os.pipe()
        self._armed, armed_write = os.pipe()
        self._out = ""
        self.dead: int | None = None
        self._is_armed = False
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._job)
            _serve(job_read, armed_write)
        os.close(job_read)
        os.close(armed_write)
        os.set_blocking(self._armed, False)

    @property
    def armed(self) -> bool:
        """Whether it has begun to write into the journal, the marks or the outbox."""
        if not self._is_armed:
            try:
                self._is_armed = os.read(self._armed, 1) == ARMED
            except BlockingIOError:
                return False
        return self._is_armed

    def kill(self) -> None:
        """The end, without a word."""
        os.kill(self.pid, signal.SIGKILL)

    def run(self, job: Job) -> Outcome:
        """Let it do its job and wait for its end; the code of a killed one is negative."""
        self._out = job.out
        os.write(self._job, json.dumps(asdict(job)).encode() + END)
        os.close(self._job)
        _pid, status = os.waitpid(self.pid, 0)
        os.close(self._armed)
        self.dead = os.waitstatus_to_exitcode(status)
        return Outcome(self.dead, Path(f"{job.out}.out").read_text(), Path(f"{job.out}.err").read_text())

    def dismiss(self) -> None:
        """End one that had no job."""
        os.write(self._job, END)
        os.close(self._job)
        os.close(self._armed)
        os.waitpid(self.pid, 0)


def _serve(pipe: int, armed: int) -> None:
    """In the child: wait for the job, do it, end without cleaning up what the parent owns."""
    told = b""
    # Processes forked later have the other end open too: there is no end of file to wait for.
    while not told.endswith(END):
        told += os.read(pipe, 65536)
    if told == END:
        os._exit(0)
    job = Job(**json.loads(told))
    code = 70
    with (
        Path(f"{job.out}.out").open("w", encoding="utf-8") as out,
        Path(f"{job.out}.err").open("w", encoding="utf-8") as err,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        for name in [name for name in os.environ if name.startswith("PRESEND_")]:
            del os.environ[name]
        os.environ.update(job.env)
        os.chdir(job.cwd)
        # A killed process cannot tidy up: its files of people go with the row's folder.
        tempfile.tempdir = job.cwd
        Watch(job, armed).listen()
        try:
            main(job.words, clock=Hurried(_Box(_RemoteClock(job.origin))).clock)  # type: ignore[arg-type]
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 70
        except BaseException as error:  # noqa: BLE001 - said on stderr, where the matrix shows it
            err.write(f"{type(error).__name__}: {error}\n")
    os._exit(code)
