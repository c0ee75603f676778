"""Reads CSV so that an empty cell and `""` stay two things, and one broken row does not take the rest with it.

Python's csv module cannot tell the two apart before 3.13, and a bulk reader that can stops at, or swallows, what is
broken. Rows without a quote, which is most of them, are cut by `str.split` alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

Record = list[str | None]
"""The cells of a row: None for an empty one, "" for `\"\"`."""

DELIMITERS = (",", ";", "\t", "|")
LONGEST = 1 << 18
"""A quoted cell may run over lines; one that is longer than this (bytes) was never closed."""

UNCLOSED = "a quote is never closed"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that was left out: `row` counts people from 1, `line` is where it starts in the file."""

    row: int
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"row {self.row} (line {self.line})" if self.line else f"row {self.row}"
        return f"{place}: {self.reason}"


class _Open:
    """A quoted cell goes on in the next line."""


OPEN = _Open()


def split(text: str, delimiter: str) -> Record | str | _Open:
    """The cells of one logical row; OPEN when a quote is not closed yet, a reason when the row is none."""
    if '"' not in text:
        return [cell or None for cell in text.split(delimiter)]
    easy = _split_easily(text, delimiter)
    if easy is not None:
        return easy
    found: Record = []
    at, end = 0, len(text)
    while True:
        if text.startswith('"', at):
            close = _closing(text, at + 1)
            if close < 0:
                return OPEN
            found.append(text[at + 1 : close].replace('""', '"'))
            at = close + 1
            if at < end and text[at] != delimiter:
                return "there is text behind a closing quote"
        else:
            stop = text.find(delimiter, at)
            stop = end if stop < 0 else stop
            found.append(text[at:stop] or None)
            at = stop
        if at >= end:
            return found
        at += 1


def _split_easily(text: str, delimiter: str) -> Record | None:
    """The cells where no quoted one holds a delimiter or a quote, which is most rows; None for the others."""
    found: Record = []
    for part in text.split(delimiter):
        if not part or part[0] != '"':
            found.append(part or None)
        elif len(part) > 1 and part.find('"', 1) == len(part) - 1:
            found.append(part[1:-1])
        else:
            return None
    return found


def _closing(text: str, at: int) -> int:
    """Where the quoted cell that begins at `at` closes; -1 when it does not."""
    while True:
        at = text.find('"', at)
        if at < 0 or not text.startswith('"', at + 1):
            return at
        at += 2


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


class CsvRows:
    """The rows of a CSV file in UTF-8 (with or without a byte-order mark), after its header."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._line = 0
        self._again: deque[bytes] = deque()
        self.delimiter = ","
        self.header = self._header()

    def _next(self) -> bytes | None:
        raw = self._again.popleft() if self._again else self._file.readline()
        if not raw:
            return None
        self._line += 1
        return raw

    def _header(self) -> list[str]:
        """The column names; empty for an empty file. Raises ValueError with the reason when it cannot be read."""
        first = self._next()
        while first is not None and not first.removeprefix(_BOM).strip():
            first = self._next()
        if first is None:
            return []
        if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in first:
            raise ValueError("it is not UTF-8 text; save it as CSV in UTF-8")
        try:
            text = first.removeprefix(_BOM).decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise ValueError("its first line is not UTF-8; save it as CSV in UTF-8") from None
        if "\r" in text:
            raise ValueError("its lines end in a bare carriage return; save it with LF or CRLF line ends")
        cut = [(split(text, d), d) for d in DELIMITERS]
        usable = [(cells, d) for cells, d in cut if isinstance(cells, list)]
        if not usable:
            raise ValueError("a quote in its first line is never closed")
        cells, self.delimiter = max(usable, key=lambda one: len(one[0]))
        return [(cell or "").strip() for cell in cells]

    def __iter__(self) -> Iterator[tuple[int, Record] | Broken]:
        """Every row with its number, in order; a broken one as what is wrong with it, and the next line goes on."""
        width = len(self.header)
        row = blanks = 0
        while (raw := self._next()) is not None:
            if not raw.strip(b"\r\n"):
                # In a file of one column an empty line is a person without a value, but not at the file's end.
                blanks += width == 1
                continue
            for _blank in range(blanks):
                row += 1
                yield row, [None]
            blanks = 0
            row += 1
            line = self._line
            cells = self._record(raw)
            if isinstance(cells, str):
                yield Broken(row, line, cells)
            elif len(cells) != width:
                yield Broken(row, line, f"{_fields(len(cells))} where the header has {width}")
            else:
                yield row, cells

    def _record(self, raw: bytes) -> Record | str:
        """The cells of the row that begins with this line, or why there are none."""
        taken = [raw]
        size = len(raw)
        while True:
            try:
                text = b"".join(taken).decode()
            except UnicodeDecodeError:
                return self._give_back(taken, "it is not UTF-8")
            cells = split(text.rstrip("\r\n"), self.delimiter)
            if isinstance(cells, list):
                return cells
            if isinstance(cells, str):
                return self._give_back(taken, cells)
            while True:
                more = self._next() if size < LONGEST else None
                if more is None:
                    return self._give_back(taken, UNCLOSED)
                taken.append(more)
                size += len(more)
                if b'"' in more:
                    break

    def _give_back(self, taken: list[bytes], reason: str) -> str:
        """Only the first line is lost: those read in search of a closing quote are looked at again."""
        self._again.extendleft(reversed(taken[1:]))
        self._line -= len(taken) - 1
        return reason if len(taken) == 1 else UNCLOSED
