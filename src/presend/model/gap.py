"""Known or not known: the two answers to every question about a platform's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value that the platform, or the user, really told us."""

    value: T


@dataclass(frozen=True, slots=True)
class Gap:
    """We do not have it, and `reason` is the sentence that says why; never `None`, never an empty string."""

    reason: str
