"""What a world's files may hold: forms of values, and the first thing in a file that has another form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, assert_never


class Kind(StrEnum):
    """A value that is no table of named keys; its text is what docs/worlds.md calls it."""

    TEXT = "text"
    NUMBER = "number"
    ID = "id"
    FLAG = "true or false"
    TIME = "time"
    SPAN = "two times"
    TEXTS = "texts"
    IDS = "ids"
    LIST = "list"
    TABLE = "table"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of named keys, some of which it cannot be without; `open` takes other keys as well."""

    needed: Mapping[str, Form] = field(default_factory=dict)
    other: Mapping[str, Form] = field(default_factory=dict)
    open: bool = False

    @property
    def all(self) -> dict[str, Form]:
        """Every key with its form."""
        return {**self.needed, **self.other}


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of which each entry has one form."""

    of: Form


@dataclass(frozen=True, slots=True)
class Named:
    """A table with names of the author's own, each of one form."""

    of: Form


Form = Kind | Table | Rows | Named

HTML: Mapping[str, Form] = {"html": Kind.TEXT, "layout": Kind.TEXT, "slots": Kind.TABLE}
TEXT: Mapping[str, Form] = {"text": Kind.TEXT, "text_layout": Kind.TEXT}

FAULT = Table(
    needed={"kind": Kind.TEXT, "path": Kind.TEXT},
    other={
        "query": Kind.TEXT,
        "method": Kind.TEXT,
        "after": Kind.NUMBER,
        "count": Kind.NUMBER,
        "status": Kind.NUMBER,
        "retry_after": Kind.ID,
        "seconds": Kind.NUMBER,
        "body": Kind.ANY,
        "why": Kind.TEXT,
    },
)

EXPECT = Table(
    needed={"code": Kind.TEXT},
    other={
        "mishap": Kind.TEXT,
        "part": Kind.TEXT,
        "severity": Kind.TEXT,
        "confidence": Kind.TEXT,
        "message": Kind.TEXT,
        "affected": Kind.NUMBER,
        "audit": Kind.FLAG,
        "optional": Kind.FLAG,
        "who": Kind.IDS,
        "when": Kind.TABLE,
        "about": Kind.TEXT,
    },
)
TESTED: Mapping[str, Form] = {
    "expect": Rows(EXPECT),
    "clean": Kind.FLAG,
    "tested": Kind.TEXTS,
    "incomplete": Kind.FLAG,
}
"""What only tests read of a campaign."""

WORLD = Table(other={"about": Kind.TEXT, "switches": Named(Kind.TEXT), "faults": Rows(FAULT)})

_FITS: Mapping[Kind, tuple[type[Any], ...]] = {
    Kind.TEXT: (str,),
    Kind.NUMBER: (int, float),
    Kind.ID: (str, int),
    Kind.FLAG: (bool,),
    Kind.TIME: (str, datetime, date),
    Kind.SPAN: (list,),
    Kind.TEXTS: (list,),
    Kind.IDS: (list,),
    Kind.LIST: (list,),
    Kind.TABLE: (dict,),
    Kind.ANY: (str, int, float, bool, list, dict, datetime, date, time),
}
_PARTS = {Kind.SPAN: Kind.TIME, Kind.TEXTS: Kind.TEXT, Kind.IDS: Kind.ID}


def faulty(value: Any, form: Form, place: str = "") -> Iterator[str]:
    """A sentence for each unknown key, missing key and value of another form in `value`, which stands at `place`."""
    match form:
        case Kind():
            yield from _no_fit(value, form, place)
        case Table():
            yield from _keys(value, form, place) if isinstance(value, dict) else _not(value, place, "a table")
        case Named():
            if not isinstance(value, dict):
                yield from _not(value, place, "a table")
                return
            for name, one in value.items():
                yield from faulty(one, form.of, _below(place, name))
        case Rows():
            if not isinstance(value, list):
                yield from _not(value, place, "a list")
                return
            for number, one in enumerate(value, start=1):
                yield from faulty(one, form.of, f"{place} number {number}")
        case _:
            assert_never(form)


def _keys(value: Mapping[str, Any], form: Table, place: str) -> Iterator[str]:
    where = place or "the file"
    written = {key.removesuffix("_file"): key for key in value}
    if form.needed.get("html") is Kind.TEXT and "layout" in written:
        written["html"] = "layout"
    for name in form.needed:
        if name not in written:
            yield f"{where} has no {name!r}, which it needs"
    for name, key in written.items():
        if name in form.all:
            yield from faulty(value[key], form.all[name], _below(place, key))
        elif not form.open:
            near = get_close_matches(name, form.all, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(form.all))}"
            yield f"{where} has the unknown key {key!r}; {advice}"


def _below(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _no_fit(value: Any, kind: Kind, place: str) -> Iterator[str]:
    # TOML's true and false are no numbers, although Python takes them for such.
    if not isinstance(value, _FITS[kind]) or (isinstance(value, bool) and kind in (Kind.NUMBER, Kind.ID)):
        yield from _not(value, place, kind.value)
        return
    if kind is Kind.SPAN and len(value) != 2:
        yield f"{place} must be two times and has {len(value)}"
    if kind in _PARTS:
        for number, one in enumerate(value, start=1):
            yield from _no_fit(one, _PARTS[kind], f"{place} number {number}")


def _not(value: Any, place: str, wanted: str) -> Iterator[str]:
    names = {bool: "true or false", str: "text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    yield f"{place} is {names.get(type(value), 'a time')} and must be: {wanted}"
