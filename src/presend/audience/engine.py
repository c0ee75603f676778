"""The port of the audience engine: recipients as columns, asked by SQL-shaped questions, answered with exact counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

Cells = tuple[str | None, ...]
"""The cells (JSON text or None for absent) of some columns of one recipient; see `presend.audience.values`."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """One distinct combination of cells, how many recipients have it, and the first of them."""

    cells: Cells
    count: int


@dataclass(frozen=True, slots=True)
class Who:
    """A set of recipients as a question: `condition` over the audience and the marks it needs.

    Made by an `Audience`; combined with `&`, `|` and `~`. Cheap until somebody counts it.
    """

    condition: str
    marks: frozenset[str] = frozenset()
    size: int | None = field(default=None, compare=False)
    """How many they are, where whoever asked the question already knew; `Audience.count` then need not look."""

    def __and__(self, other: Who) -> Who:
        if self.condition == "TRUE" or other.condition == "FALSE":
            return other
        if other.condition == "TRUE" or self.condition == "FALSE":
            return self
        return Who(f"({self.condition} AND {other.condition})", self.marks | other.marks)

    def __or__(self, other: Who) -> Who:
        if self.condition == "FALSE" or other.condition == "TRUE":
            return other
        if other.condition == "FALSE" or self.condition == "TRUE":
            return self
        return Who(f"({self.condition} OR {other.condition})", self.marks | other.marks)

    def __invert__(self) -> Who:
        if self.condition in ("TRUE", "FALSE"):
            return Who("FALSE" if self.condition == "TRUE" else "TRUE")
        if self.negated:
            return Who(self.condition.removeprefix(_NOT)[:-1], self.marks)
        return Who(f"{_NOT}{self.condition})", self.marks)

    @property
    def negated(self) -> bool:
        """Whether it is the inversion of a set, and no set of such sets: these have parentheses of their own."""
        return self.condition.startswith(_NOT)


_NOT = "(NOT "
EVERYONE = Who("TRUE")
NOBODY = Who("FALSE")


def anybody(sets: Iterable[Who]) -> Who:
    """Those who are in any of the sets: as `|` from one to the next, but each set once and none inside another."""
    different = dict.fromkeys(one for one in sets if one != NOBODY)
    if EVERYONE in different:
        return EVERYONE
    if len(different) < 2:
        return next(iter(different), NOBODY)
    marks = frozenset(mark for one in different for mark in one.marks)
    return Who(f"({' OR '.join(one.condition for one in different)})", marks)


def at_least(sets: Iterable[Who], number: int) -> Who:
    """Those who are in so many of the sets, or more."""
    some = [one for one in sets if one != NOBODY]
    if number <= 0 or len(some) < number:
        return EVERYONE if number <= 0 else NOBODY
    marks = frozenset(mark for one in some for mark in one.marks)
    counted = " + ".join(f"CASE WHEN {one.condition} THEN 1 ELSE 0 END" for one in some)
    return Who(f"({counted} >= {number})", marks)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient with the cells of the columns that were asked for."""

    id: str
    cells: Cells
    number: int
    """What the snapshot tells them by, for `Audience.these`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Names with which an e-mail address begins, and domains at which or below which it is, in small letters.

    What follows a plus, and digits or separators at the end, are no part of a name: `Test2+x@` begins with `test`. In a
    name a blank stands for nothing or for one of `.`, `_` and `-`, an underscore for one of these, a star for one or
    more letters, and two stars for anything or nothing in front of the @; `(a|b)` is one of the two, and a question
    mark says that what is before it may be missing. In a domain these signs mean the same: `test.**` is any domain with
    a label `test` but the last.
    """

    names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


class Audience(Protocol):
    """The mailable recipients of a campaign: included, minus excluded, minus those the platform will not mail.

    Every method looks at mailable recipients only. Conditions inside `Who` are the engine's own; nobody else
    writes SQL. Raises `presend.errors.PresendError` when the snapshot cannot be read.
    """

    @property
    def size(self) -> int:
        """How many recipients there are."""

    @property
    def excluded(self) -> int:
        """Included by a list but excluded by another."""

    @property
    def suppressed(self) -> int:
        """Included, not excluded, but the platform will not mail them."""

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the snapshot, facts (`@…`) among them. Asking for another one gives absent everywhere."""

    def distinct(self, columns: Sequence[str], within: Who = EVERYONE) -> list[Distinct]:
        """Every distinct combination of the columns' cells with its count, most frequent first."""

    def distinct_count(self, columns: Sequence[str]) -> int:
        """How many distinct combinations there are, exactly."""

    def exceeds(self, column: str, limit: int) -> bool:
        """Whether the column has more than `limit` distinct values, exactly, but without counting all of them."""

    def where(self, columns: Sequence[str], cells: Iterable[Cells]) -> Who:
        """Those whose cells of the columns are among the given ones (joins a value → verdict table)."""

    def shapes(self, column: str, within: Who = EVERYONE) -> list[tuple[Shape, int, str | None]]:
        """The value classes of a near-unique column: shape, count, and the first cell of that shape."""

    def shaped(self, column: str, shapes: Iterable[Shape]) -> Who:
        """Those whose cell of the column has one of the shapes."""

    def count(self, who: Who) -> int:
        """How many recipients are in the set."""

    def split(self, within: Who, sets: Sequence[Who]) -> list[Who]:
        """Each of some sets as far as it is within another, and last those in any of them, counted in one look."""

    def sample(self, who: Who, columns: Sequence[str], limit: int) -> list[Recipient]:
        """The first recipients of the set in snapshot order, with the cells of the columns."""

    def rows(self, who: Who, columns: Sequence[str]) -> Iterator[list[Recipient]]:
        """All recipients of the set, in batches, in snapshot order."""

    def days(self, column: str, within: Who = EVERYONE) -> list[tuple[str | None, int]]:
        """A time column by day: (`2026-11-20` or None when absent, null or unreadable), count."""

    def day_between(self, column: str, since: str | None, until: str | None) -> Who:
        """Those whose time in the column is on a day in [since, until); None leaves that end open."""

    def day_after(self, column: str, other: str) -> Who:
        """Those whose time in the column is on a later day than the one in another; nobody who lacks either."""

    def sharing(
        self, columns: Sequence[str], fold: Fold, apart: Sequence[str] = (), within: Who = EVERYONE
    ) -> Who:
        """Those who share the folded texts of all the columns with somebody else; who lacks one shares nothing.

        With columns that tell them `apart`, those are left out of whom all who share have the same in these too: of
        the homes where one name occurs twice, those where another name occurs stay whole. Of those who are found only
        those within a set are given, whoever they share it with.
        """

    def these(self, numbers: Iterable[int]) -> Who:
        """Those with the numbers, as `rows` and `sample` hand them out."""

    def addressed(self, column: str, listed: Listed, soon: Sequence[Listed] = ()) -> Who:
        """Those whose e-mail address is on a list; the same look prepares the answers for lists asked for `soon`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that two audiences hold of the same people, as cells, and how many of mine have them so."""

    mine: str
    theirs: str
    fresher: int | None
    """1 where my copy is the fresher one, -1 where theirs is, None where their dates do not tell."""
    count: int


class Between(Protocol):
    """Two audiences, mine and theirs: the same person is who has the same address, by `Fold.CASE`."""

    @property
    def apart(self) -> bool:
        """Whether surely nobody is in both."""

    def shared(self, theirs: Who = EVERYONE) -> Who:
        """My recipients who are in a set of theirs."""

    def differing(self, mine: str, theirs: str) -> list[Pair]:
        """Distinct texts of a column of mine and one of theirs that are not the same for the same person.

        Cells differ by more than case and blanks around them, and hold something; most people first.
        """

    def where(self, mine: str, theirs: str, pairs: Iterable[Pair]) -> Who:
        """My recipients with one of the pairs that `differing` gave for the same columns."""


class Fold(Enum):
    """What two texts may differ by and still be the same."""

    CASE = "case"
    """Case and blanks around it."""
    MAILBOX = "mailbox"
    """Also what follows a plus in an address, and dots at Gmail. What has no @ is no text to this fold."""


class Shape(str):
    """A class of values that may stand for its members where a near-unique column is printed bare.

    One of: absent, null, empty, blank, markup (has any of & < > " '), delimiter (has template syntax), long
    (over 200 characters), number (any JSON scalar that is not a string), nested (list or object), other.
    """


ABSENT, NULL, EMPTY, BLANK = Shape("absent"), Shape("null"), Shape("empty"), Shape("blank")
MARKUP, DELIMITER, LONG = Shape("markup"), Shape("delimiter"), Shape("long")
NUMBER, NESTED, OTHER = Shape("number"), Shape("nested"), Shape("other")
SHAPES = (ABSENT, NULL, EMPTY, BLANK, NUMBER, NESTED, DELIMITER, MARKUP, LONG, OTHER)
"""In the order in which they are tried: the first that fits is the value's shape."""

Judge = Callable[[Cells], object]
"""A verdict per distinct value, in Python, so that engines cannot differ."""
