"""Reads an offset-paged collection whole, or says that it could not: never a short list that looks complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from presend.errors import BadAnswer

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

TURNS = 2
"""How often a collection is walked through until as many rows were seen as it is said to have."""


class Page(Protocol[R_co]):
    """A page as Mailchimp sends it."""

    @property
    def total_items(self) -> int:
        """How many rows there are on all pages together."""

    @property
    def rows(self) -> Sequence[R_co]:
        """The rows of this page."""


def pages(what: str, fetch: Callable[[int], Page[R]], key: Callable[[R], object]) -> Iterator[list[R]]:
    """Every row once, a page at a time; `fetch` gets an offset.

    Offsets into a list that changes meanwhile skip and repeat rows. So rows are told apart by `key`, a list that
    shrinks is read again from as many rows further back, and one that stays short is walked through once more.
    Raises BadAnswer when fewer rows came than were promised, also where every page is the same page.
    """
    seen: set[int] = set()
    total = 0
    for _turn in range(TURNS):
        offset, before = 0, 0
        while True:
            page = fetch(offset)
            total = page.total_items
            if len(page.rows) > total:
                raise BadAnswer(
                    f"Mailchimp sent {len(page.rows)} rows of {what} and says there are {total}",
                    help="Run again; if it stays, report it to Mailchimp.",
                )
            if offset and total < before:
                offset, before = max(0, offset - (before - total)), total
                continue
            before = total
            fresh = []
            for row in page.rows:
                mark = hash(key(row))
                if mark not in seen:
                    seen.add(mark)
                    fresh.append(row)
            if fresh:
                yield fresh
            offset += len(page.rows)
            if not page.rows or offset >= total:
                break
        if len(seen) >= total:
            return
    raise BadAnswer(
        f"Mailchimp promised {total} rows of {what} and gave {len(seen)} different ones",
        help="The list may have changed while it was read: run again.",
    )
