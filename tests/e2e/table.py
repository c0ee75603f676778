"""Writes docs/worlds.md: which mishap the world `mishaps` has where; `python -m tests.e2e.table` writes it anew."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from tests.e2e.worlds import PLATFORMS, planted

PAGE = Path(__file__).parents[2] / "docs" / "worlds.md"
AGAIN = "python -m tests.e2e.table"
ROWS = tuple(f"M{number:02d}" for number in range(1, 31))
_BEGIN, _END = "<!-- table -->\n", "<!-- end of table -->\n"

CANNOT = {
    ("M28", "mailchimp"): "Mailchimp's API does not show what its automations and journeys say",
}
"""Why a row is not there on a platform."""


def cells() -> dict[tuple[str, str], str]:
    """By row and platform, what is planted, or why nothing is; "" where nobody has said."""
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in (*planted("mishaps"), *planted("mishaps", audit=True)):
        if one.expect.get("optional"):
            continue
        names = found[one.expect["mishap"], one.platform][one.expect["code"]]
        if f"`{one.campaign}`" not in names:
            names.append(f"`{one.campaign}`")
    return {
        (row, platform): "; ".join(f"{code} {', '.join(names)}" for code, names in sorted(each.items()))
        if (each := found.get((row, platform)))
        else CANNOT.get((row, platform), "")
        for row in ROWS
        for platform in PLATFORMS
    }


def table() -> str:
    """The table in Markdown."""
    known = cells()
    lines = [f"| | {' | '.join(PLATFORMS)} |", f"|---|{'---|' * len(PLATFORMS)}"]
    lines += [f"| {row} | {' | '.join(known[row, platform] for platform in PLATFORMS)} |" for row in ROWS]
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with the table of today in place of the one it has."""
    head, _begin, rest = text.partition(_BEGIN)
    _old, _end, tail = rest.partition(_END)
    return head + _BEGIN + "\n" + table() + "\n" + _END + tail


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
