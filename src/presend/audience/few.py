"""What an audience starts with, counted as its pages come in while they are few: each question to the engine costs."""

from __future__ import annotations

from presend.ports import Batch

SMALL = 5_000
"""Up to so many recipients stay a table: a file costs more to write, and to open for each question."""


class Few:
    """Counts of a small audience; no more than `SMALL` people are looked at."""

    def __init__(self) -> None:
        self.rows = 0
        """Rows of all pages, the same person twice included."""
        self.mailable = 0
        self.filled: set[str] = set()
        """Columns in which somebody mailable has a cell."""
        self._ids: set[str] = set()

    @property
    def each_once(self) -> bool:
        """Whether they are few, and nobody came twice: then the counts hold."""
        return len(self._ids) == self.rows <= SMALL

    def note(self, batch: Batch) -> None:
        """Count a page of included people."""
        self.rows += len(batch.ids)
        if self.rows > SMALL:
            return
        self._ids.update(batch.ids)
        why = batch.suppressed or [None] * len(batch.ids)
        rows = [row for row, reason in enumerate(why) if reason is None]
        self.mailable += len(rows)
        for name, cells in batch.columns.items():
            if name not in self.filled and any(cells[row] is not None for row in rows):
                self.filled.add(name)
