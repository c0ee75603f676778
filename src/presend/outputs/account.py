"""The account as a whole, in lines of text: what an audit adds to the report of a scan."""

from __future__ import annotations

from collections.abc import Iterator

from presend.model.counting import many
from presend.scoring import Audit, Fields, Mend, Segments

NAMED = 8
"""Fields named before the rest is only counted; the JSON has all."""


MEANS = ": the mean of what findings leave of each campaign's 100 points"
"""What the score is, in half a line; docs/audit.md has the rest."""


def people(count: int) -> str:
    """`1 recipient`, `1,200 recipients`."""
    return many(count, "recipient")


def headline(audit: Audit) -> str:
    """`Score 83 of 100, of 12 campaigns and automations`, and what a score is."""
    if audit.score is None:
        return "No score: nothing is scheduled or live, or nothing of it could be read."
    left = f"; {audit.left_out} could not be read whole and count in no score" if audit.left_out else ""
    of = "1 campaign or automation" if audit.campaigns == 1 else f"{audit.campaigns} campaigns and automations"
    return f"Score {audit.score} of 100, of {of}{left}{MEANS}"


def mend(one: Mend) -> tuple[str, str]:
    """A mend in two lines: what it is worth and where, and what to do."""
    count = len(one.campaigns)
    where = f"in {one.campaigns[0]}" if count == 1 else f"in {count} campaigns"
    reach = "" if one.affected is None else f", {many(one.affected, 'mail')}"
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
        yield f"empty for everybody: {_some(fields.never_filled)}"
    if half := half_empty(fields):
        shares = tuple(f"{name} ({_share(share)})" for name, share in half)
        yield f"used, and filled for fewer than half of {fields.contacts:,} contacts: {_some(shares)}"
    for name, kinds in fields.mixed.items():
        yield f"values of several kinds in {name}: {', '.join(kinds)}"
    if audit.segments is not None:
        yield from _segments(audit.segments)
    for what, why in audit.unknowable.items():
        yield f"not known, {what}: {why}"


def _share(share: float) -> str:
    """`25%`; what is something and rounds to nothing is `<1 %`."""
    return "<1 %" if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")


def half_empty(fields: Fields) -> list[tuple[str, float]]:
    """Fields that copy or segments use and fewer than half of the contacts have, the emptiest first."""
    unused = {*fields.unused, *fields.never_filled}
    shares = [(name, count / fields.contacts) for name, count in fields.filled.items() if fields.contacts]
    return sorted([each for each in shares if each[1] < 0.5 and each[0] not in unused], key=lambda each: each[1])


def _segments(segments: Segments) -> Iterator[str]:
    if segments.unused:
        where = "lists, segments and tags are in no campaign and no live automation"
        yield f"{len(segments.unused)} of {segments.known} {where}: {_some(segments.unused)}"
    if segments.empty:
        yield f"nobody is in: {_some(segments.empty)}"
    for name, field in segments.contradictory.items():
        yield f"the conditions of {name} on {field} exclude each other: nobody can be in it"
    if segments.strange:
        counts = tuple(f"{name} ({count})" for name, count in segments.strange.items())
        yield f"conditions of a kind that presend does not know, not judged: {_some(counts)}"


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
