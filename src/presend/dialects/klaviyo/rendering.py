"""Evaluates a stretch of nodes for one recipient: the real engine over only the columns that the stretch reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from presend.audience.values import Row, Value
from presend.dialects.base import Outcome, OutcomeKind, printed, skipped, unknown
from presend.dialects.klaviyo import names
from presend.dialects.klaviyo.engine import DJANGO
from presend.dialects.klaviyo.scope import Ref, Where
from presend.dialects.klaviyo.values import FrozenDict, Opaque, Person, Running, Session, Undecided, freeze
from presend.model import Kind, Part

_TEMPLATE = SimpleNamespace(engine=SimpleNamespace(string_if_invalid="", debug=False))
"""What nodes ask a template for while they render."""

_TEMPLATE_SYNTAX = re.compile(r"\*\||\|\*|\{\{|\}\}|\{%|%\}|\{#")

_ABSENT: Any = object()


class _Organization(FrozenDict):
    """`organization`: what is known of the account; anything else it may have is undecided."""

    def __missing__(self, key: str) -> Value:
        raise Undecided(f"the account's {key} is not known here")

    def __str__(self) -> str:
        raise Undecided("the template prints all of the account's details")


@dataclass(frozen=True, slots=True)
class World:
    """What is the same for every recipient of one compile."""

    now: datetime
    """In the account's zone."""
    kind: Kind
    part: Part
    constants: Mapping[str, Any]
    """`organization.name` → value."""

    @property
    def escapes(self) -> tuple[bool, ...]:
        """Whether values are escaped: on in HTML [verified]; in the other parts both are possible."""
        return (True,) if self.part is Part.HTML else (False, True)

    def shared(self) -> dict[str, Any]:
        """The variables that are not about the recipient."""
        known = {
            key.partition(".")[2]: freeze(value)
            for key, value in self.constants.items()
            if key.startswith("organization.")
        }
        variables: dict[str, Any] = {
            "organization": _Organization(known),
            "feeds": Opaque("the content of a web feed is fetched when the email is sent"),
        }
        if self.kind is not Kind.CAMPAIGN:
            reason = "what started the flow is not known here"
            variables |= {name: Opaque(reason) for name in names.TRIGGER_DATA}
        return variables


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where one column's value goes."""

    column: str
    bare: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Binder:
    """Makes the variables of a stretch from a row."""

    columns: tuple[str, ...]
    slots: tuple[_Slot, ...]
    expected: frozenset[str]
    needed: tuple[str, ...]
    """Profile attributes given to a filter: absent, the tag may or may not fail."""
    full_name: bool
    shared: Mapping[str, Any]
    prints: bool
    """Whether values get printed, so that template syntax in them matters."""
    single: bool
    """Prints lists and objects in a part where it is not known whether they are escaped."""

    def bind(self, row: Row) -> dict[str, Any]:
        """The variables. Raises Undecided."""
        variables = dict(self.shared)
        properties: dict[str, Value] = {}
        for slot in self.slots:
            value = row.get(slot.column, _ABSENT)
            if value is _ABSENT or (value is None and slot.column in names.NOT_CUSTOM):
                if slot.column in self.needed:
                    raise Undecided(f"whether Klaviyo passes an empty {slot.column} or none is not documented")
                continue
            value = self._usable(value)
            for key in slot.keys:
                properties[key] = value
            if slot.bare:
                variables[slot.bare] = value if slot.bare in names.BARE else _UNSURE_BARE
        if self.full_name:
            full = _full_name(row)
            variables[names.FULL_NAME] = properties[names.FULL_NAME] = full
        for key in self.expected:
            if key not in properties and key in ("id", "KlaviyoID"):
                properties[key] = _OWN_ID
        variables["person"] = Person(properties, self.expected)
        return variables

    def _usable(self, value: Value) -> Value:
        if isinstance(value, str):
            if self.prints and _TEMPLATE_SYNTAX.search(value):
                raise Undecided("the value holds template syntax, and what becomes of it is not documented")
        elif isinstance(value, dict | list):
            if self.single:
                raise Undecided("how lists and objects print in this part is not documented")
            return freeze(value)
        return value


_UNSURE_BARE = Opaque("this attribute is documented as person.… only, and may be blank without it")
_OWN_ID = Opaque("the profile's id is filled in by the platform")


def _full_name(row: Row) -> Value:
    first, last = row.get("first_name"), row.get("last_name")
    if isinstance(first, str) and isinstance(last, str) and first.strip() and last.strip():
        return f"{first} {last}"
    return Opaque("how full_name is made when a part of the name is missing is not documented")


def binder(refs: Iterable[Ref], world: World, extra: Mapping[str, Any], *, prints: bool, single: bool) -> Binder:
    """The binder for a stretch that reads `refs`; `extra` are variables set earlier in the template."""
    slots: dict[str, tuple[set[str], set[str]]] = {}
    expected: set[str] = set()
    needed: set[str] = set()
    full_name = False
    for ref in refs:
        if ref.where is not Where.PROFILE:
            continue
        if ref.key == names.FULL_NAME:
            full_name = True
            expected.add(ref.key)
            for half in ("first_name", "last_name"):
                slots.setdefault(half, (set(), set()))
            continue
        bare, keys = slots.setdefault(ref.column, (set(), set()))
        if ref.bare:
            bare.add(ref.key)
        else:
            keys.add(ref.key)
            expected.add(ref.key)
        if ref.argument and ref.column in names.NOT_CUSTOM:
            needed.add(ref.column)
    return Binder(
        columns=tuple(sorted(slots)),
        slots=tuple(_Slot(column, next(iter(bare), ""), tuple(keys)) for column, (bare, keys) in sorted(slots.items())),
        expected=frozenset(expected),
        needed=tuple(sorted(needed)),
        full_name=full_name,
        shared=world.shared() | dict(extra),
        prints=prints,
        single=single,
    )


@dataclass(slots=True)
class Evaluator:
    """`Expression.evaluate` of a stretch: every open choice is tried, and only agreement is an outcome."""

    work: Callable[[Any], str]
    """Renders into text, given Django's context."""
    binder: Binder
    now: datetime
    escapes: tuple[bool, ...]
    part: Part

    def __call__(self, row: Row) -> Outcome:
        """The outcome for one row; never raises."""
        try:
            variables = self.binder.bind(row)
            return self._agreed(variables)
        except Undecided as stop:
            return unknown(stop.reason)
        except RecursionError:
            return unknown("the value is nested too deeply to be read")

    def _agreed(self, variables: dict[str, Any]) -> Outcome:
        agreed: Outcome | None = None
        for escape in self.escapes:
            turn, turns = 0, 1
            while turn < turns:
                session = Session(self.now, turn)
                outcome = self._once(variables, session, escape=escape)
                turns, turn = max(turns, session.turns), turn + 1
                if agreed is None:
                    agreed = outcome
                elif outcome != agreed:
                    return unknown("; ".join(session.reasons) or self._unsure_of_escaping)
        assert agreed is not None
        return agreed

    @property
    def _unsure_of_escaping(self) -> str:
        return f"whether & < > \" ' are escaped in the {self.part.value.replace('_', ' ')} is not documented"

    def _once(self, variables: dict[str, Any], session: Session, *, escape: bool) -> Outcome:
        context = DJANGO.context.Context(variables, autoescape=escape)
        context.template = _TEMPLATE
        with Running(session):
            try:
                return printed(str(self.work(context)))
            except DJANGO.base.VariableDoesNotExist as missing:
                # Its own text would quote the recipient's data.
                name = missing.params[0] if missing.params else "a name"
                return skipped(f"Email syntax error: {name} in the tag stands for nothing")
            except RecursionError:
                raise  # a limit of ours
            except Exception as error:  # noqa: BLE001 - whatever stops the engine stops this recipient's email
                return skipped(f"Email syntax error: the tag fails on this recipient's values ({type(error).__name__})")


def constant(outcome: OutcomeKind, text: str) -> Callable[[Row], Outcome]:
    """An evaluator that gives the same for everybody."""
    fixed = Outcome(outcome, text)
    return lambda _: fixed
