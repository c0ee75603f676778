"""From rows of a file to batches: names to columns, facts to fact columns, ids, and who will not be mailed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from math import isfinite
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from presend.audience import native
from presend.audience.schema import FACTS, NOBODY_BORN, FactType, as_of, as_of_target, fact, named
from presend.audience.values import encode
from presend.model import Platform
from presend.ports import Batch, Role


class _Missing(Enum):
    """The value that is not there; None is the explicit null."""

    MISSING = "missing"


MISSING: Final = _Missing.MISSING

Cell = Callable[[Any], str | None]
Cells = list[str | None]

_BIRTHDAY = re.compile(r"(?:--)?(\d\d)[-/](\d\d)")
_LIST = re.compile(r"\s*;\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows as columns of values (MISSING where a row has none), under the keys of `presend.audience.native`."""

    rows: Sequence[int]
    """Their numbers in the file, counted from 1."""
    columns: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Naming:
    """What the caller knows of names."""

    platform: Platform
    column: Callable[[str], str] = str
    """The audience column that a name as a template writes it reads."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """`[facts.<account>]`: fact → property."""
    null_is_absent: Callable[[str], bool] = lambda _column: False
    """Of which columns an explicit null means that there is no value (Klaviyo: attributes; HubSpot: all)."""


def plain(value: Any) -> str | None:
    """The cell of a value as it is."""
    return None if value is MISSING else encode(value)


def filled(value: Any) -> str | None:
    """The cell of a value whose null means absent."""
    return None if value is MISSING or value is None else encode(value)


def moment(value: Any) -> str | None:
    """An ISO 8601 time as the text of a fact, in UTC; None for what is none. Without an offset it is UTC."""
    if not isinstance(value, str) or len(value) < 8:
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    read = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    return f"{read:%Y-%m-%dT%H:%M:%SZ}"


def _day(value: Any) -> str | None:
    """A birthday: `1984-02-29`, or `--02-29` where the year is not stated."""
    text = str(value).strip()
    match = _BIRTHDAY.fullmatch(text)
    try:
        if match:
            return f"--{date(2000, int(match[1]), int(match[2])):%m-%d}"
        born = date.fromisoformat(text[:10])
        return born.isoformat() if born.year > NOBODY_BORN else None
    except ValueError:
        return None


def _number(value: Any) -> int | float | None:
    try:
        read = float(value)
    except (TypeError, ValueError):
        return None
    if not isfinite(read) or read < 0:
        return None  # what is counted is never less than nothing
    return int(read) if read.is_integer() else read


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    text = str(value)
    if text.lstrip().startswith("["):
        try:
            read = msgspec.json.decode(text)
        except msgspec.DecodeError:
            return [text]
        return read if isinstance(read, list) else [text]
    return [part for part in _LIST.split(text.strip()) if part]


def typed(kind: FactType, value: Any) -> Any:
    """A value as a fact of a kind, or None where it is none."""
    match kind:
        case FactType.TIME:
            return moment(value)
        case FactType.DATE:
            return _day(value)
        case FactType.NUMBER:
            return _number(value)
        case FactType.FLAG:
            word = str(value).strip().casefold()
            return True if word in ("true", "1", "yes") else False if word in ("false", "0", "no") else None
        case FactType.LIST:
            return _items(value)
        case FactType.TEXT:
            return str(value).strip() or None


@dataclass(frozen=True, slots=True)
class _Target:
    column: str
    cell: Cell
    fact: str = ""
    """Set for facts and dates: what is not readable as one is counted under this name."""


class People:
    """Makes batches of the pages of one file."""

    def __init__(self, naming: Naming, wanted: Collection[str]) -> None:
        self.naming = naming
        self.wanted = frozenset(wanted)
        self.unreadable: Counter[str] = Counter()
        """Values that stand where a fact should be and are none, by column: they are left out of the facts."""
        self._targets: dict[str, tuple[_Target, ...]] = {}
        self._names: dict[str, str] = {}

    def batch(self, page: Page, source: str) -> Batch:
        """A page of people, with the columns asked for and every fact."""
        columns: dict[str, Cells] = {}
        for key, values in page.columns.items():
            for target in self._plan(key):
                cells = self._cells(target, values)
                held = columns.get(target.column)
                if held is not None:
                    cells = [new if old is None else old for old, new in zip(held, cells, strict=True)]
                columns[target.column] = cells
        why = self._suppressed(page, columns)
        names = frozenset(self._names[key] for key in page.columns if key in self._names)
        return Batch(Role.INCLUDE, self._ids(page), columns, why, names, source)

    def _cells(self, target: _Target, values: Sequence[Any]) -> Cells:
        cells = [target.cell(value) for value in values]
        if target.fact:
            odd = sum(
                1
                for value, cell in zip(values, cells, strict=True)
                if cell is None and value is not MISSING and value is not None and str(value).strip()
            )
            if odd:
                self.unreadable[target.fact] += odd
        return cells

    # -- where a key goes

    def _plan(self, key: str) -> tuple[_Target, ...]:
        if key not in self._targets:
            found = [t for t in self._aims(key) if t.column in self.wanted]
            self._targets[key] = tuple(found)
        return self._targets[key]

    def _aims(self, key: str) -> list[_Target]:
        platform, naming = self.naming.platform, self.naming
        own = key.startswith(native.OWN)
        bare = key.removeprefix(native.OWN)
        found = [_fact(name, f"{bare}") for name in native.FACTS[platform].get(key, ())]
        if key == native.CONSENT.get(platform):
            found.append(_Target(fact("consent"), _consent))
        if key.casefold() in native.EMAILS:
            found += [_fact("email", bare), _Target("EMAIL" if platform is Platform.MAILCHIMP else "email", filled)]
        if key in native.COLUMNS[platform]:
            found.append(_Target(native.COLUMNS[platform][key], filled))
        if platform is Platform.MAILCHIMP and key.startswith("~interests."):
            found += self._interests()
        dated = as_of_target(bare)
        if dated is not None:
            found.append(_dated(as_of(naming.column(dated)), bare))
        if (states := bare if bare in FACTS else self._stated(key)) is not None:
            found.append(_fact(states, bare))
        for name, prop in naming.facts.items():
            if bare == prop and name in FACTS:
                found.append(_fact(name, bare))
            elif bare == prop and (target := as_of_target(name)) is not None:
                found.append(_dated(as_of(naming.column(target)), bare))
        if own or key == native.ID:
            return [*found, *([_Target(native.ID, filled)] if key == native.ID else [])]
        column = naming.column(key)
        if dated is None or column in self.wanted:
            self._names[key] = column
        return [*found, _Target(column, filled if naming.null_is_absent(column) else plain)]

    def _stated(self, name: str) -> str | None:
        """The fact that a column of the account's own states by its name, where no other was mapped to it."""
        platform = self.naming.platform
        if platform is Platform.HUBSPOT or name.startswith(native.OWN):
            return None  # on HubSpot the property counts that the platform has for it
        nickname = platform is Platform.KLAVIYO and name.casefold() == "nickname"
        states = "preferred_name" if nickname else named(name)
        return None if states in self.naming.facts else states

    def _interests(self) -> list[_Target]:
        """A member's interests are bare ids: which group they are of, a file does not tell, so nobody can say."""
        titles = [column for column in self.wanted if column.startswith("INTERESTED:")]
        return [_Target(title, lambda value: None if value is MISSING else '{"groups":"ids"}') for title in titles]

    # -- who it is

    def _ids(self, page: Page) -> list[str]:
        keys = [native.ID, native.OWN_ID, *(k for k in page.columns if k.casefold() in native.EMAILS)]
        found = [""] * len(page.rows)
        for key in keys:
            if key in page.columns:
                found = [have or _word(value) for have, value in zip(found, page.columns[key], strict=True)]
            if all(found):
                return found
        return [have or str(row) for have, row in zip(found, page.rows, strict=True)]

    def _suppressed(self, page: Page, columns: Mapping[str, Cells]) -> list[str | None]:
        why: list[str | None] = [None] * len(page.rows)
        for key, reason in native.REASONS[self.naming.platform].items():
            for index, value in enumerate(page.columns.get(key, ())):
                if value is not MISSING and why[index] is None:
                    why[index] = reason(value)
        for index, cell in enumerate(columns.get(fact("suppressed"), ())):
            if cell == "true" and why[index] is None:
                why[index] = "the file says that they may not be mailed"
        return why


def _word(value: Any) -> str:
    return "" if value is MISSING or value is None else str(value).strip()


def _consent(value: Any) -> str | None:
    said = None if value is MISSING else native.consent(value)
    return None if said is None else encode(said)


def _as_cell(kind: FactType, value: Any) -> str | None:
    read = typed(kind, value)
    return None if read is None else encode(read)


_as_cell_of_text = lru_cache(maxsize=65536)(_as_cell)


def _typed_cell(kind: FactType) -> Cell:
    def cell(value: Any) -> str | None:
        if value is MISSING or value is None:
            return None
        return _as_cell_of_text(kind, value) if isinstance(value, str) else _as_cell(kind, value)

    return cell


def _fact(name: str, source: str) -> _Target:
    return _Target(fact(name), _zone if name == "timezone" else _typed_cell(FACTS[name]), source)


def _zone(value: Any) -> str | None:
    """The cell of a time zone that exists: PST8 and GMT+2 name none."""
    return None if value is MISSING or value is None else _zone_named(str(value).strip())


@lru_cache(maxsize=4096)
def _zone_named(name: str) -> str | None:
    try:
        return encode(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):  # what is no name of a file, and what is a folder of them
        return None


def _dated(column: str, source: str) -> _Target:
    return _Target(column, _typed_cell(FactType.TIME), source)
