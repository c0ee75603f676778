"""The account as a whole, in lines of text: what an audit adds to the report of a scan."""

from __future__ import annotations

from collections.abc import Iterator

from presend.scoring import Audit, Mend

NAMED = 8
"""Fields named before the rest is only counted; the JSON has all."""


def headline(audit: Audit) -> str:
    """`Score 83 of 100, of 12 campaigns and automations`."""
    if audit.score is None:
        return "No score: nothing is scheduled or live, or nothing of it could be read."
    left = f"; {audit.left_out} could not be read whole and count in no score" if audit.left_out else ""
    of = "1 campaign or automation" if audit.campaigns == 1 else f"{audit.campaigns} campaigns and automations"
    return f"Score {audit.score} of 100, of {of}{left}"


def mend(one: Mend) -> tuple[str, str]:
    """A mend in two lines: what it is worth and where, and what to do."""
    count = len(one.campaigns)
    where = f"in {one.campaigns[0]}" if count == 1 else f"in {count} campaigns"
    reach = "" if one.affected is None else f", {one.affected:,} recipients"
    snippet = f" {one.snippet}" if one.snippet else ""
    return f"{gain(one):>4}  {one.code} {one.name}{snippet}  {where}{reach}", one.fix


def gain(one: Mend) -> str:
    """Points with one decimal; less than a twentieth of one is still more than nothing."""
    return f"{one.gain:.1f}" if one.gain >= 0.05 else "<0.1"


def notes(audit: Audit) -> Iterator[str]:
    """What is to be said of fields, and what cannot be said of anything."""
    fields = audit.fields
    if fields.unused:
        yield f"{len(fields.unused)} of {fields.known} fields are in no copy and no segment: {_some(fields.unused)}"
    if fields.never_filled:
        yield f"used, and empty for everybody: {_some(fields.never_filled)}"
    for name, kinds in fields.mixed.items():
        yield f"values of several kinds in {name}: {', '.join(kinds)}"
    for what, why in audit.unknowable.items():
        yield f"not known, {what}: {why}"


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
