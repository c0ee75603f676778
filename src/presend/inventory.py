"""What an account has, whether a campaign uses it or not: its lists and segments, and how its fields are filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from presend.audience.values import decode
from presend.errors import PlatformError
from presend.model import Gap
from presend.ports import Batch, Connector, Group

NUMBERS, NESTED, TEXT = "numbers or flags", "lists or objects", "text"


@dataclass(frozen=True, slots=True)
class Inventory:
    """One account; what could not be had is a Gap with a sentence."""

    groups: tuple[Group, ...] | Gap
    contacts: int | Gap
    """How many records were looked at; on Mailchimp somebody who is on two lists is two."""
    fields: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By field, how many contacts hold a value of each kind; an empty mapping: nobody holds any."""

    @property
    def gaps(self) -> tuple[str, ...]:
        """Why something is missing, one sentence each."""
        return tuple(found.reason for found in (self.groups, self.contacts) if isinstance(found, Gap))


def take(connector: Connector, tell: Callable[[str, int], None] = lambda _what, _count: None) -> Inventory:
    """Read every group and every contact of the account once; people's values are counted and not kept."""
    try:
        groups: tuple[Group, ...] | Gap = tuple(connector.groups())
    except PlatformError as error:
        groups = _gap("its lists and segments", error)
    fields: dict[str, Counter[str]] = {}
    count = 0
    try:
        for batch in connector.contacts():
            _count(batch, fields)
            count += len(batch.ids)
            tell(f"{connector.account}: all contacts", count)
    except PlatformError as error:
        return Inventory(groups, _gap("its contacts", error))
    return Inventory(groups, count, {name: dict(kinds) for name, kinds in fields.items()})


def _gap(what: str, error: PlatformError) -> Gap:
    why = f"{error.message}. {error.help}" if error.help else error.message
    return Gap(f"{what} could not be read: {why.rstrip('. ')}.")


def _count(batch: Batch, fields: dict[str, Counter[str]]) -> None:
    for name, cells in batch.columns.items():
        fields.setdefault(name, Counter()).update(kinds(cells))


def kinds(cells: Sequence[str | None]) -> Iterable[str]:
    """The kinds of the cells that hold something; nothing for absent, null, empty and blank ones."""
    for cell in cells:
        if cell is None or cell in ("null", '""'):
            continue
        match cell[0]:
            case '"':
                if str(decode(cell)).strip():
                    yield TEXT
            case "[" | "{":
                if len(cell) > 2:
                    yield NESTED
            case _:
                yield NUMBERS
