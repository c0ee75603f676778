"""The value of one recipient's one field, and its cell: absent, null, empty and blank stay four things.

A cell is JSON text, or None (SQL NULL) when the field is absent. `null` is the platform's explicit null, `""` the
empty string, `" "` a blank one; numbers, booleans, lists and objects keep their JSON form. So a column of any
platform, of any mixture of types, survives a Parquet file and a GROUP BY without loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

Value = Any
"""str | int | float | bool | None | list | dict, as JSON has them."""

Row = Mapping[str, Value]
"""One recipient's values by column; a column that is absent has no key."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def encode(value: Value) -> str:
    """The cell of a present value (use None, not this, for an absent one)."""
    return _encode(value).decode()


@lru_cache(maxsize=65536)
def _decode_scalar(cell: str) -> Value:
    return _decode(cell)


def decode(cell: str) -> Value:
    """The value of a present cell. Raises msgspec.DecodeError for text that no encoder of ours wrote."""
    if cell[0] in "[{":
        return _decode(cell)  # fresh every time: a template engine must not share mutable values
    return _decode_scalar(cell)


def row_of(columns: tuple[str, ...], cells: tuple[str | None, ...]) -> dict[str, Value]:
    """The row of decoded values, leaving absent ones out."""
    return {name: decode(cell) for name, cell in zip(columns, cells, strict=True) if cell is not None}


FACT = "@"
"""Prefix of fact columns (`@last_order_at`), so that a merge field of the same name stays apart from the fact."""

AS_OF = "@as_of:"
"""Prefix of the column that tells when a field was last known true (`@as_of:car_model`)."""
