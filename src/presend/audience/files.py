"""Audience files: CSV, JSON lines and Parquet as batches of people, streamed; broken rows are named, never fatal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import msgspec

from presend.audience import native
from presend.audience.casting import CASTS, Cast, misfits
from presend.audience.csvfile import Broken, CsvRows
from presend.audience.people import MISSING, Naming, Page, People
from presend.audience.schema import snapshot_columns
from presend.errors import AudienceFileError
from presend.ports import Batch

PAGE = 10_000
"""Rows in a batch."""
NAMED = 10
"""Broken rows named one by one; more are counted."""
SUFFIXES = (".csv", ".jsonl", ".parquet")


class AudienceFile:
    """One audience file. `broken`, `rows` and `odd` are complete once `batches` has been read to its end."""

    def __init__(self, path: Path, naming: Naming, types: Mapping[str, str] | None = None) -> None:
        """`types`: by audience column what a CSV file's texts are (`presend.audience.casting.CASTS`)."""
        self.path = path
        self.types = types or {}
        self.texts: dict[str, int] = {}
        """Columns left as the texts that they are in the file, since so many of their values are not of the type."""
        self.naming = naming
        self.rows = 0
        """Rows read, broken ones not among them."""
        self.lost = 0
        """Broken rows."""
        self.broken: list[Broken] = []
        """The first of them."""
        self.taken: dict[str, str] = {}
        """Headings of a platform's own export, and the columns that they were taken for."""
        self._wanted: frozenset[str] = frozenset()
        self.odd: Mapping[str, int] = {}
        """Values that are no time or number where the column's name promises one, by column: not used as facts."""
        if path.suffix.lower() not in SUFFIXES:
            raise AudienceFileError(
                f"{path} is no audience file that presend knows",
                help=f"Give one that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.",
            )

    def batches(self, wanted: Iterable[str]) -> Iterator[Batch]:
        """The people in pages, with the wanted columns, every fact and the names of all columns.

        Raises AudienceFileError when the file cannot be read at all. Row numbers count from 1, without the header.
        """
        self._wanted = frozenset(wanted)
        people = People(self.naming, snapshot_columns(self._wanted))
        self.odd = people.unreadable
        try:
            for page in self._pages():
                self.rows += len(page.rows)
                yield people.batch(page, self.path.name)
        except OSError as error:
            raise AudienceFileError(
                f"{self.path} cannot be read: {error.strerror or error}", help="Check the path and its rights."
            ) from error

    def trouble(self) -> str:
        """One sentence that names the broken rows, without any value; empty when there are none."""
        if not self.lost:
            return ""
        rows = "1 row" if self.lost == 1 else f"{self.lost:,} rows"
        more = f"; and {self.lost - len(self.broken):,} more" if self.lost > len(self.broken) else ""
        named = "; ".join(map(str, self.broken))
        return f"{self.path.name}: {rows} could not be read and nobody in them was checked: {named}{more}"

    def _pages(self) -> Iterator[Page]:
        match self.path.suffix.lower():
            case ".csv":
                with self.path.open("rb") as file:
                    yield from self._csv(file)
            case ".jsonl":
                with self.path.open("rb") as file:
                    yield from self._jsonl(file)
            case _:
                yield from self._parquet()

    def _lose(self, one: Broken) -> None:
        self.lost += 1
        if len(self.broken) < NAMED:
            self.broken.append(one)

    def _namer(self, headings: Sequence[str]) -> Callable[[str], str]:
        """From a heading to its key, the headings of a platform's own export among them."""
        platform = self.naming.platform
        name = native.naming(platform, headings)
        self.taken = native.exported(platform, map(name, headings), self.naming.column, self._wanted)
        return lambda heading: self.taken.get(name(heading), name(heading))

    # -- CSV

    def _csv(self, file: BinaryIO) -> Iterator[Page]:
        try:
            rows = CsvRows(file)
        except ValueError as error:
            raise AudienceFileError(f"{self.path} cannot be read as CSV: {error}", help="") from None
        twice = {name for name in rows.header if name and rows.header.count(name) > 1}
        if twice:
            raise AudienceFileError(
                f"two columns of {self.path} are called {min(twice)!r}", help="Give each column its own name."
            )
        name = self._namer(rows.header)
        # A column without a heading, such as a spreadsheet's trailing one, is nobody's.
        keys = [(index, name(heading)) for index, heading in enumerate(rows.header) if heading]
        casts = self._casts(keys)
        numbers: list[int] = []
        cells: list[list[str | None]] = []

        def page() -> Page:
            columns = list(zip(*cells, strict=True))
            taken: dict[str, list[Any]] = {
                key: [MISSING if v is None else v for v in columns[index]] if columns else [] for index, key in keys
            }
            for key, cast in casts.items():
                taken[key] = [cast(v) if isinstance(v, str) and v else v for v in taken[key]]
            return Page(tuple(numbers), taken)

        for one in rows:
            if isinstance(one, Broken):
                self._lose(one)
                continue
            numbers.append(one[0])
            cells.append(one[1])
            if len(numbers) == PAGE:
                yield page()
                numbers, cells = [], []
        yield page()

    def _casts(self, keys: Sequence[tuple[int, str]]) -> dict[str, Cast]:
        """What to read the columns as all of whose values are of their type, for which the file is read once before."""
        places = {index: key for index, key in keys if self.naming.column(key) in self.types}
        wanted = {index: CASTS[self.types[self.naming.column(key)]] for index, key in places.items()}
        if not wanted:
            return {}
        with self.path.open("rb") as file:
            odd = misfits(CsvRows(file), wanted)
        self.texts = {self.naming.column(places[index]): count for index, count in odd.items() if count}
        return {places[index]: cast for index, cast in wanted.items() if not odd[index]}

    # -- JSON lines

    def _jsonl(self, file: BinaryIO) -> Iterator[Page]:
        numbers: list[int] = []
        rows: list[dict[str, Any]] = []
        row = 0
        for line, raw in enumerate(file, start=1):
            text = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
            if not text.strip():
                continue
            row += 1
            found = _object(text)
            if isinstance(found, str):
                self._lose(Broken(row, line, found))
                continue
            numbers.append(row)
            rows.append(self._named(found))
            if len(rows) == PAGE:
                yield _page(numbers, rows)
                numbers, rows = [], []
        if rows:
            yield _page(numbers, rows)
        if self.lost and self.lost == row:
            raise AudienceFileError(
                f"{self.path} is not JSON lines: {self.broken[0]}", help="Write one JSON object a line, in UTF-8."
            )

    def _named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        flat = native.flatten(self.naming.platform, row)
        name = native.naming(self.naming.platform, flat)
        return {name(key): value for key, value in flat.items()}

    def _whole(self, numbers: list[int], names: list[str], values: Sequence[Sequence[Any]], *, opened: bool) -> Page:
        """A page of columns; where some hold objects, these are opened person by person."""
        if opened:
            people = zip(*values, strict=True)
            return _page(numbers, [self._named(dict(zip(names, one, strict=True))) for one in people])
        name = self._namer(names)
        return Page(numbers, {name(key): held for key, held in zip(names, values, strict=True)})

    # -- Parquet

    def _parquet(self) -> Iterator[Page]:
        import duckdb

        if not self.path.is_file():
            raise FileNotFoundError(2, "No such file")
        with contextlib.closing(duckdb.connect(":memory:")) as db:
            db.execute("SET autoinstall_known_extensions = false")
            source = f"read_parquet({_quote(_literal(str(self.path)))}, hive_partitioning = false)"
            try:
                described = db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
                columns = [(str(n), str(t)) for n, t, *_ in described if not str(n).startswith("__index_level_")]
                if not columns:
                    return
                cursor = db.execute(f"SELECT {', '.join(_selected(n, t) for n, t in columns)} FROM {source}")
                readers = [_reader(type_) for _name, type_ in columns]
                names = [name for name, _type in columns]
                opened = any(_nested(type_) for _name, type_ in columns)
                row = 0
                while rows := cursor.fetchmany(PAGE):
                    numbers = list(range(row + 1, row + 1 + len(rows)))
                    row += len(rows)
                    values = [
                        list(map(read, held)) if read else held
                        for read, held in zip(readers, zip(*rows, strict=True), strict=True)
                    ]
                    yield self._whole(numbers, names, values, opened=opened)
                if not row:
                    yield self._whole([], names, [[] for _name in names], opened=False)
            except duckdb.Error as error:
                why = str(error).splitlines()[0]
                raise AudienceFileError(
                    f"{self.path} cannot be read as Parquet: {why}", help="Write it anew, or save it as .csv or .jsonl."
                ) from error


def _object(text: bytes) -> dict[str, Any] | str:
    try:
        found = msgspec.json.decode(text)
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except (msgspec.DecodeError, RecursionError):
        return "it is not valid JSON"
    return found if isinstance(found, dict) else "it is not a JSON object"


def _page(numbers: list[int], rows: list[dict[str, Any]]) -> Page:
    """Rows as columns; a key that a row does not have is MISSING there."""
    keys = dict.fromkeys(key for row in rows for key in row)
    return Page(tuple(numbers), {key: [row.get(key, MISSING) for row in rows] for key in keys})


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _literal(path: str) -> str:
    """A path in which DuckDB sees no pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)


def _selected(name: str, type_: str) -> str:
    """The column as something that needs no further module to fetch: nested values and times with a zone are text."""
    column = '"' + name.replace('"', '""') + '"'
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))"
    return f"to_json({column})::VARCHAR" if _nested(type_) else column


def _nested(type_: str) -> bool:
    return type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "JSON"))


def _reader(type_: str) -> Callable[[Any], Any] | None:
    """What makes a fetched value one that JSON has; None where it is one already."""
    if _nested(type_):
        return lambda value: None if value is None else msgspec.json.decode(value)
    plain = type_ in ("VARCHAR", "BOOLEAN") or type_.endswith(("INT", "INTEGER"))
    return None if plain else _json_value


def _json_value(value: Any) -> Any:
    """A value of a Parquet file as JSON has it; times in UTC."""
    match value:
        case None | str() | bool() | int():
            return value
        case float():
            return value if value == value and abs(value) != float("inf") else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        case date() | time():
            return value.isoformat()
        case timedelta() | UUID():
            return str(value)
        case bytes():
            return value.decode("utf-8", errors="replace")
        case _:
            return str(value)
