"""Faults and hard negatives of CLM001 to CLM007."""

from __future__ import annotations

from collections.abc import Callable

from bench.mishaps.letters import Draft
from bench.mishaps.planting import Plant

PLANTS: tuple[tuple[Plant, int], ...] = ()
"""Faults with their weights."""

TRICKS: tuple[Callable[[Draft], bool], ...] = ()
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
