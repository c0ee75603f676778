"""Tables of facts: one row a fact, its reference in the test's name."""

from __future__ import annotations

from typing import Any

import pytest

UNKNOWN = None
"""What a table expects where the vendor notes do not say what arrives."""


def facts(*rows: tuple[Any, ...]) -> list[Any]:
    """The first of a row is the reference and the fact; it becomes the test's name."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]
