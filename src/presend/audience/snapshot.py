"""Collects the pages of an audience into what no longer changes, for `presend.audience.duck` to ask questions of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from presend.audience.duck import DuckAudience
from presend.audience.few import SMALL, Few
from presend.audience.rooms import Room, quote
from presend.audience.schema import snapshot_columns
from presend.errors import BadAnswer
from presend.ports import Batch, Role


class Snapshot:
    """Collects the pages of an audience and closes it into what no longer changes: a table, or a file if they are many.

    Use as a context manager or call `close`: tables and files hold people's data, files have rights 0700, and all go
    with it. All snapshots of a process share one `memory_limit`.
    """

    def __init__(self, columns: Iterable[str], *, memory_limit: str = "2GB") -> None:
        self.columns = snapshot_columns(columns)
        self.names: set[str] = set()
        self._room = Room(memory_limit)
        self.db = self._room.db
        cells = "".join(f", c{i} VARCHAR" for i in range(len(self.columns)))
        self.db.execute(f"CREATE TABLE page (seq BIGINT, id VARCHAR, why VARCHAR{cells})")
        self._gone = False
        self._pages = self.db.appender("page")
        self._few = Few()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def add(self, batch: Batch) -> None:
        """Take a page in. Raises BadAnswer when its columns are not as long as its ids."""
        self.names |= batch.names
        size = len(batch.ids)
        if batch.role is Role.EXCLUDE:
            if not self._gone:
                self.db.execute("CREATE TABLE gone (id VARCHAR)")
            self._gone = True
            with self.db.appender("gone") as gone:
                gone.append_rows([(one,) for one in batch.ids])
            return
        absent: Sequence[str | None] = [None] * size
        columns = [batch.columns.get(name, absent) for name in self.columns]
        why = batch.suppressed or absent
        if any(len(column) != size for column in (*columns, why)):
            raise BadAnswer(f"a page of {batch.source or 'people'} has columns of unequal length")
        first = self._few.rows
        self._pages.append_rows(list(zip(range(first, first + size), batch.ids, why, *columns, strict=True)))
        self._few.note(batch)

    def finish(self) -> DuckAudience:
        """The audience: one row per id (its first page wins), without the excluded; mailable rows in page order."""
        self._pages.flush()
        if self._few.each_once and not self._gone:
            return DuckAudience(self._room, "page", self.columns, self._few.rows, self._few)
        cells = "".join(f", c{i}" for i in range(len(self.columns)))
        rows, total = self.db.execute("SELECT count(*), count(DISTINCT id) FROM page").fetchall()[0]
        source = "people"
        once = f"SELECT seq, id, why{cells} FROM page"
        if rows != total:
            once += " QUALIFY row_number() OVER (PARTITION BY id ORDER BY seq) = 1"
        left = " WHERE id NOT IN (SELECT id FROM gone)" if self._gone else ""
        kept = f"SELECT * FROM ({once}) p{left} ORDER BY seq"
        if rows <= SMALL:
            self.db.execute(f"CREATE TABLE people AS {kept}")
        else:
            target = quote(str(self._room.folder() / "people.parquet"))
            source = f"read_parquet([{target}])"
            self.db.execute(f"COPY ({kept}) TO {target} (FORMAT parquet, COMPRESSION snappy)")
        self.db.execute("DROP TABLE page")
        self.db.execute("DROP TABLE IF EXISTS gone")
        return DuckAudience(self._room, source, self.columns, total)

    def close(self) -> None:
        """Give the room back."""
        self._room.close()
