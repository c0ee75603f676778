"""The distinct inputs of an audience, decoded once and shared by every expression that reads the same columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presend.audience.engine import Audience, Cells, Distinct
from presend.audience.values import Row, row_of

SHARED = 50_000
"""Up to so many decoded rows of one set of columns are kept."""

_PLAIN = re.compile(r'"[^\W_](?:[\w .,:;@/+-]{0,198}[\w.,])?"')


def is_plain(cell: str | None) -> bool:
    """Whether the cell is a text that nothing could be read into: letters, digits, spaces inside, no markup.

    Its value is then the cell without its quotes, and its value class is OTHER.
    """
    return cell is not None and _PLAIN.fullmatch(cell) is not None


class Inputs:
    """Distinct inputs by the columns they are of."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._known: dict[tuple[str, ...], tuple[list[Distinct], list[Row | None]]] = {}

    def of(self, columns: tuple[str, ...]) -> tuple[list[Distinct], list[Row | None]]:
        """The distinct cells with counts, and their rows; None for a row that must be decoded for each use."""
        if columns in self._known:
            return self._known[columns]
        found = self._audience.distinct(columns)
        rows = rows_of(columns, [one.cells for one in found])
        if len(found) <= SHARED:
            self._known[columns] = (found, rows)
        return found, rows


def rows_of(columns: tuple[str, ...], inputs: Sequence[Cells]) -> list[Row | None]:
    """The row of each input; None where it holds a list or an object, which no two users may share."""
    return [None if any(c is not None and c[0] in "[{" for c in cells) else row_of(columns, cells) for cells in inputs]
