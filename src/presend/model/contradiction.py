"""Conditions of a segment that no single value can meet together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from presend.model.segment import Ground, Leaf, Logic, Op


def impossible(logic: Logic) -> str:
    """The field of which the conditions ask what no single value can meet; empty where there is none."""
    if isinstance(logic, Leaf):
        return ""
    inner = [impossible(part) for part in logic.parts]
    if not logic.every:
        return inner[0] if inner and all(inner) else ""
    if any(inner):
        return next(filter(None, inner))
    of: dict[str, list[Leaf]] = defaultdict(list)
    for leaf in _together(logic):
        if leaf.ground is Ground.FIELD and leaf.column:
            of[leaf.column].append(leaf)
    return next((column for column, asked in of.items() if _clash(asked)), "")


def _together(logic: Logic) -> Iterator[Leaf]:
    """The conditions that must all hold."""
    if isinstance(logic, Leaf):
        yield logic
    elif logic.every or len(logic.parts) == 1:
        for part in logic.parts:
            yield from _together(part)


def _clash(asked: Sequence[Leaf]) -> bool:
    ops = {leaf.op for leaf in asked}
    wanted = [{v.strip().casefold() for v in leaf.values} for leaf in asked if leaf.op is Op.IS and leaf.values]
    if Op.UNSET in ops and (Op.SET in ops or any("" not in values for values in wanted)):
        return True
    if wanted:
        fit = set.intersection(*wanted)
        denied = {v.strip().casefold() for leaf in asked if leaf.op is Op.IS_NOT for v in leaf.values}
        if not fit or fit <= denied:
            return True
    floors = [number for leaf in asked if leaf.op is Op.ABOVE for number in _numbers(leaf)]
    ceilings = [number for leaf in asked if leaf.op is Op.BELOW for number in _numbers(leaf)]
    return bool(floors and ceilings and max(floors) > min(ceilings))


def _numbers(leaf: Leaf) -> list[float]:
    """What is compared with, if it is one plain number; dates are not judged."""
    one = leaf.values[0] if len(leaf.values) == 1 else ""
    plain = one.removeprefix("-").replace(".", "", 1)
    return [float(one)] if plain.isascii() and plain.isdigit() else []
