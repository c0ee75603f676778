"""The local audience engine: DuckDB over one snapshot, a table or a Parquet file, out of core, within a memory cap.

Columns keep their names here and are called c0, c1, … in SQL, because SQL identifiers fold case and property names
do not. Only simple, portable SQL is used; everything that judges a value's text runs in Python on distinct values.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

import duckdb

from presend.audience.alike import Alike
from presend.audience.engine import (
    EVERYONE,
    NOBODY,
    SHAPES,
    Cells,
    Distinct,
    Fold,
    Listed,
    Recipient,
    Shape,
    Who,
    anybody,
)
from presend.audience.few import Few
from presend.audience.rooms import OwnRoom, Room, quote
from presend.audience.shapes import any_of, day_of, days_after, days_between, shape_of
from presend.errors import AudienceFileError

KEPT = 50_000
"""Answers of up to so many distinct values are kept for whoever asks next."""

INLINE = 16
"""Up to so many values of one column are written into the condition; more become a joined table."""

BATCH = 10_000
"""Recipients handed out at a time by `rows`."""

FIRST = 8
"""Of every set that is counted the numbers of so many are noted."""

_BY_SEQ = "__seq"
"""How the name of a mark ends that is keyed by recipients' numbers."""

HEAD = 20_000
"""Where `sample` looks first, in pages' order."""


class DuckAudience:
    """An audience in one table or Parquet file; see `presend.audience.engine.Audience` for what each method answers."""

    def __init__(
        self,
        room: Room,
        source: str,
        columns: Sequence[str],
        included: int | None = None,
        few: Few | None = None,
    ) -> None:
        self._room = room
        self._db = room.db
        self._physical = {name: f"c{i}" for i, name in enumerate(columns)}
        if few is None:
            counts = f"SELECT count(*), count(*) FILTER (WHERE why IS NULL) FROM {source}"
            kept, mailable = self._db.execute(counts).fetchall()[0]
        else:
            kept, mailable = few.rows, few.mailable
        self._size = int(mailable)
        self._db.execute(f"CREATE VIEW a AS SELECT * FROM {source} WHERE why IS NULL")
        self._excluded = 0 if included is None else included - int(kept)
        self._suppressed = int(kept) - self._size
        self._marks: dict[tuple[tuple[str, ...], frozenset[Cells]], Who] = {}
        self._distinct: dict[tuple[str, ...], list[Distinct]] = {}
        self._alike = Alike(self._db, self._size, self._sql, self.marked)
        self._groups: dict[str, str] = {}
        self._counts: dict[Who, int] = {}
        self._sizes: dict[tuple[str, ...], dict[Cells, int]] = {}
        self._first: dict[Who, tuple[int, ...]] = {}
        self._samples: dict[tuple[Who, tuple[str, ...], int], list[Recipient]] = {}
        self._shapes: dict[str, list[tuple[Shape, int, str | None]]] = {}
        self._tables = itertools.count()
        self._present = self._filled() if few is None else few.filled & self._physical.keys()

    @classmethod
    def open(cls, files: Sequence[Path], columns: Sequence[str], *, memory_limit: str = "2GB") -> Self:
        """An audience from snapshot files that stay where they are: columns seq, id, why, c0, c1, … in that order.

        Raises AudienceFileError when the files cannot be read as such.
        """
        paths = [file.resolve() for file in files]
        room = OwnRoom(memory_limit, paths)
        try:
            return cls(room, f"read_parquet([{', '.join(quote(str(path)) for path in paths)}])", columns)
        except duckdb.Error as error:
            room.close()
            names = ", ".join(file.name for file in files)
            raise AudienceFileError(f"{names}: not a snapshot of these columns ({type(error).__name__})") from error

    @property
    def size(self) -> int:
        """Mailable recipients."""
        return self._size

    @property
    def excluded(self) -> int:
        """Recipients left out by an exclusion."""
        return self._excluded

    @property
    def suppressed(self) -> int:
        """Recipients whom the platform itself will not mail."""
        return self._suppressed

    @property
    def columns(self) -> frozenset[str]:
        """Columns in which at least one recipient has something."""
        return frozenset(self._present)

    def close(self) -> None:
        """Give the room back."""
        self._room.close()

    def _filled(self) -> set[str]:
        """The columns in which somebody has something."""
        cells = self._physical.values()
        if self._size <= HEAD:
            counts = self._db.execute(f"SELECT 1{''.join(f', count({c})' for c in cells)} FROM a").fetchall()[0][1:]
        else:
            # One question per column stops at its first cell; one for all would read the whole file.
            first = (self._db.execute(f"SELECT 1 FROM a WHERE {c} IS NOT NULL LIMIT 1").fetchall() for c in cells)
            counts = tuple(len(found) for found in first)
        return {name for name, count in zip(self._physical, counts, strict=True) if count}

    @cached_property
    def place(self) -> str:
        """The schema of this audience's tables; `a` in it has the recipients, told apart by `seq`."""
        return f"memory.{self._db.execute('SELECT current_schema()').fetchall()[0][0]}"

    def cell(self, column: str, table: str) -> str:
        """A column in SQL, of `a` under another name."""
        return self._sql(column).replace("a.", f"{table}.", 1)

    def numbered(self, who: Who) -> str:
        """A new table with the numbers of a set."""
        name = f"{self.place}.n{next(self._tables)}"
        self._db.execute(f"CREATE TABLE {name} AS SELECT a.seq {self._from(who)}")
        return name

    def marked(self, numbers: str) -> Who:
        """The set of those whose numbers a question gives that names its tables with their schemas."""
        mark = f"w{next(self._tables)}{_BY_SEQ}"
        self._db.execute(f"CREATE TABLE {mark} AS SELECT DISTINCT seq, TRUE AS hit FROM ({numbers})")
        size = self._value(f"SELECT count(*) FROM {mark}")
        return Who(f"({mark}.hit IS NOT NULL)", frozenset({mark}), size) if size else NOBODY

    def these(self, numbers: Iterable[int]) -> Who:
        """The set of those with the numbers."""
        listed = sorted(set(numbers))
        if not listed:
            return NOBODY
        mark = f"w{next(self._tables)}{_BY_SEQ}"
        self._db.execute(f"CREATE TABLE {mark} (seq BIGINT, hit BOOLEAN)")
        with self._db.appender(mark) as table:
            table.append_rows([(number, True) for number in listed])
        who = Who(f"({mark}.hit IS NOT NULL)", frozenset({mark}), len(listed))
        self._first[who] = tuple(listed[:FIRST])
        return who

    def _value(self, sql: str) -> int:
        return int(self._db.execute(sql).fetchall()[0][0])

    def _sql(self, column: str) -> str:
        name = self._physical.get(column)
        return f"a.{name}" if name and column in self._present else "NULL::VARCHAR"

    def _from(self, who: Who, *, bare: bool = False) -> str:
        """Where a set is and how it is told; `bare` when of the recipients no more than their numbers is asked."""
        joins = []
        for mark in sorted(who.marks):
            # A mark's name says which columns it is keyed by: v3__c1_c4.
            keys = mark.split("__")[1].split("_")
            on = " AND ".join(f"a.{key} IS NOT DISTINCT FROM {mark}.{key}" for key in keys)
            joins.append(f" LEFT JOIN {mark} ON {on}")
        by_number = "a." not in who.condition and all(mark.endswith(_BY_SEQ) for mark in who.marks)
        people = f"{self._alike.numbers} AS a" if bare and by_number and self._alike.numbers else "a"
        return f"FROM {people}{''.join(joins)} WHERE {who.condition}"

    def distinct(self, columns: Sequence[str], within: Who = EVERYONE) -> list[Distinct]:
        """Distinct combinations of cells, most frequent first, then by cell."""
        key = tuple(columns)
        if within == EVERYONE and key in self._distinct:
            return self._distinct[key]
        known = [c for c in columns if c in self._present]
        if not known:
            size = self.count(within)
            return [Distinct((None,) * len(columns), size)] if size else []
        cells = ", ".join(self._sql(c) for c in known)
        sql = f"SELECT count(*), {cells} {self._from(within)} GROUP BY ALL ORDER BY count(*) DESC, {cells}"
        if len(known) == 1 and within == EVERYONE and self._size > HEAD:
            sql = f"SELECT n, c FROM {self._grouped(known[0])} ORDER BY n DESC, c"
        found = []
        for count, *got in self._db.execute(sql).fetchall():
            named = dict(zip(known, got, strict=True))
            found.append(Distinct(tuple(named.get(c) for c in columns), int(count)))
        if within == EVERYONE and len(found) <= KEPT:
            self._distinct[key] = found
        elif within == EVERYONE and len(known) == 1 and (table := self._groups.pop(known[0], "")):
            self._db.execute(f"DROP TABLE {table}")
        return found

    def _grouped(self, column: str) -> str:
        """A table of a column's distinct cells (`c`), how many have each (`n`) and who first (`seq`)."""
        if column not in self._groups:
            table = f"g{next(self._tables)}"
            each = f"{self._sql(column)} AS c, count(*) AS n, min(a.seq) AS seq"
            self._db.execute(f"CREATE TABLE {table} AS SELECT {each} FROM a GROUP BY c")
            self._groups[column] = table
        return self._groups[column]

    def distinct_count(self, columns: Sequence[str]) -> int:
        """The exact number of distinct combinations."""
        known = [c for c in columns if c in self._present]
        if not known:
            return min(self._size, 1)
        cells = ", ".join(self._sql(c) for c in known)
        return self._value(f"SELECT count(*) FROM (SELECT DISTINCT {cells} FROM a)")

    def exceeds(self, column: str, limit: int) -> bool:
        """Whether there are more than `limit` distinct cells; a near-unique column shows it among its first rows."""
        if self._size <= limit:
            return False
        if column not in self._present:
            return limit < 1
        if (column,) not in self._distinct:
            first = f"SELECT {self._sql(column)} AS c FROM a LIMIT {int(limit) * 3}"
            if self._value(f"SELECT count(DISTINCT c) FROM ({first})") > limit:
                return True
        return len(self.distinct((column,))) > limit

    def where(self, columns: Sequence[str], cells: Iterable[Cells]) -> Who:
        """Recipients with one of the given combinations of cells."""
        wanted = list(dict.fromkeys(cells))
        absent = [i for i, c in enumerate(columns) if c not in self._present]
        wanted = [w for w in wanted if all(w[i] is None for i in absent)]
        known = [i for i, c in enumerate(columns) if c in self._present]
        if not wanted:
            return NOBODY
        if not known:
            return EVERYONE
        if len(known) == 1 and len(wanted) <= INLINE:
            column = self._sql(columns[known[0]])
            held = [w[known[0]] for w in wanted]
            tests = [f"{column} IS NULL" if cell is None else f"{column} = {quote(cell)}" for cell in held]
            # An absent cell compares as NULL; a set must be TRUE or FALSE for NOT to work.
            return self._sized(Who("COALESCE(" + " OR ".join(tests) + ", FALSE)"), tuple(columns), wanted)
        key = (tuple(columns), frozenset(wanted))
        if key not in self._marks:
            mark = self._mark([self._physical[columns[i]] for i in known], known, wanted)
            self._marks[key] = self._sized(mark, tuple(columns), wanted)
        return self._marks[key]

    def _sized(self, who: Who, columns: tuple[str, ...], wanted: Sequence[Cells]) -> Who:
        """The set with its size, where the distinct values were counted before."""
        if columns not in self._distinct:
            return who
        if columns not in self._sizes:
            self._sizes[columns] = {one.cells: one.count for one in self._distinct[columns]}
        counts = self._sizes[columns]
        self._counts[who] = sum(counts.get(cells, 0) for cells in wanted)
        return replace(who, size=self._counts[who])

    def _mark(self, keys: list[str], known: list[int], wanted: list[Cells]) -> Who:
        """A table of the wanted combinations, to be joined."""
        mark = f"v{len(self._marks)}__{'_'.join(keys)}"
        self._db.execute(f"CREATE TABLE {mark} ({', '.join(f'{k} VARCHAR' for k in keys)}, hit BOOLEAN)")
        with self._db.appender(mark) as table:
            table.append_rows([(*(w[i] for i in known), True) for w in wanted])
        return Who(f"({mark}.hit IS NOT NULL)", frozenset({mark}))

    def shapes(self, column: str, within: Who = EVERYONE) -> list[tuple[Shape, int, str | None]]:
        """Value classes with counts and the first cell of each."""
        if within == EVERYONE and column in self._shapes:
            return self._shapes[column]
        # Texts that many share are looked at once each.
        cell = self._sql(column)
        source = f"(SELECT {cell} AS c, 1 AS n, a.seq {self._from(within)})"
        if within == EVERYONE and column in self._present and self._size > HEAD and not self.exceeds(column, KEPT):
            source = self._grouped(column)
        sql = f"SELECT {shape_of('d.c')} AS s, sum(n), arg_min(d.c, d.seq) FROM {source} d GROUP BY s"
        found = {row[0]: (int(row[1]), row[2]) for row in self._db.execute(sql).fetchall()}
        answer = [(shape, *found[shape]) for shape in SHAPES if shape in found]
        if within == EVERYONE:
            self._shapes[column] = answer
        return answer

    def shaped(self, column: str, shapes: Iterable[Shape]) -> Who:
        """Recipients whose cell has one of the shapes."""
        wanted, known = frozenset(shapes), self._shapes.get(column, ())
        size = sum(count for shape, count, _cell in known if shape in wanted) if known else None
        if not wanted or size == 0:
            return NOBODY
        return Who(any_of(self._sql(column), wanted), size=size)

    def count(self, who: Who) -> int:
        """How many are in the set."""
        if who == EVERYONE:
            return self._size
        if who.size is not None:
            return who.size
        if who not in self._counts and who.negated and ~who in self._counts:
            self._counts[who] = self._size - self._counts[~who]
        if who not in self._counts:
            # Who is counted is most often shown next: to note the first of them costs little while all are looked at.
            sql = f"SELECT count(*), min(a.seq, {FIRST}) {self._from(who, bare=True)}"
            size, first = self._db.execute(sql).fetchall()[0]
            self._counts[who], self._first[who] = int(size), tuple(first or ())
        return self._counts[who]

    def split(self, within: Who, sets: Sequence[Who]) -> list[Who]:
        """The sets within another and their union; every person is looked at once, and `within` asked of them once."""
        flags = [f"q{number}" for number in range(len(sets))]
        told = ", ".join(f"{one.condition} AS {flag}" for one, flag in zip(sets, flags, strict=True))
        every = Who(within.condition, within.marks.union(*(one.marks for one in sets)))
        people = f"SELECT a.seq, {told} {self._from(every)}"
        sql = f"SELECT {', '.join(flags)}, count(*), min(seq, {FIRST}) FROM ({people}) GROUP BY ALL"
        groups = self._db.execute(sql).fetchall() if sets else []
        found = []
        for at, one in enumerate((*sets, anybody(sets))):
            mine = [row for row in groups if (any(row[:-2]) if at == len(sets) else row[at])]
            who = replace(within & one, size=sum(row[-2] for row in mine))
            self._first[who] = tuple(sorted(number for row in mine for number in row[-1])[:FIRST])
            found.append(who)
        return found

    def sample(self, who: Who, columns: Sequence[str], limit: int) -> list[Recipient]:
        """The first `limit` of the set; a few people are kept for whoever asks next."""
        key = (who, tuple(columns), limit)
        if key in self._samples:
            return self._samples[key]
        numbers = self._numbers(who, limit)
        cells = "".join(f", {self._sql(c)}" for c in columns)
        listed = ", ".join(map(str, numbers))
        # The bounds tell the file which of its groups of rows need not be looked at.
        place = f"a.seq BETWEEN {numbers[0]} AND {numbers[-1]} AND a.seq IN ({listed})" if numbers else "FALSE"
        found = self._db.execute(f"SELECT a.seq, a.id{cells} FROM a WHERE {place} ORDER BY a.seq").fetchall()
        people = [Recipient(row[1], tuple(row[2:]), row[0]) for row in found]
        if limit * len(columns) <= INLINE * INLINE and len(self._samples) < KEPT:
            self._samples[key] = people
        return people

    def _numbers(self, who: Who, limit: int) -> tuple[int, ...]:
        """The numbers of the first `limit` of a set."""
        if limit <= FIRST and who in self._first:
            return self._first[who][:limit]
        found: list[int] = []
        # Most sets show themselves among the first people; only a rare one is looked for in all of them.
        for head in (f" AND a.seq < {HEAD}", ""):
            sql = f"SELECT min(a.seq, {int(limit)}) {self._from(who, bare=True)}{head}"
            found = self._db.execute(sql).fetchall()[0][0] or []
            if len(found) == limit:
                break
        return tuple(found)

    def rows(self, who: Who, columns: Sequence[str]) -> Iterator[list[Recipient]]:
        """The whole set in batches."""
        cells = "".join(f", {self._sql(c)}" for c in columns)
        cursor = self._room.cursor()
        cursor.execute(f"SELECT a.seq, a.id{cells} {self._from(who)} ORDER BY a.seq")
        while rows := cursor.fetchmany(BATCH):
            yield [Recipient(row[1], tuple(row[2:]), row[0]) for row in rows]

    def days(self, column: str, within: Who = EVERYONE) -> list[tuple[str | None, int]]:
        """Counts by day, earliest first, unknown last."""
        sql = f"SELECT {day_of(self._sql(column))} AS d, count(*) {self._from(within)} GROUP BY d ORDER BY d NULLS LAST"
        return [(row[0], int(row[1])) for row in self._db.execute(sql).fetchall()]

    def day_between(self, column: str, since: str | None, until: str | None) -> Who:
        """Recipients whose day is in [since, until)."""
        return Who(days_between(self._sql(column), since, until))

    def day_after(self, column: str, other: str) -> Who:
        """Recipients whose day is later than that of another column."""
        return Who(days_after(self._sql(column), self._sql(other)))

    def sharing(self, columns: Sequence[str], fold: Fold, apart: Sequence[str] = (), within: Who = EVERYONE) -> Who:
        """Recipients whose folded texts somebody else has too; worked out once."""
        if not columns or any(column not in self._present for column in columns):
            return NOBODY
        return self._alike.sharing(columns, fold, apart, within)

    def addressed(self, column: str, listed: Listed, soon: Sequence[Listed] = ()) -> Who:
        """Recipients whose address is on a list; worked out once."""
        return self._alike.addressed(column, listed, soon)
