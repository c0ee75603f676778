"""What a name means while HubL is compiled and while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from presend.audience.values import Row
from presend.dialects.hubspot.values import Unknowable, Value, missing


@dataclass(slots=True)
class Env:
    """One recipient's run: the row, the loop variables, and what a missing property is taken for."""

    row: Row
    vars: dict[str, Value] = field(default_factory=dict)
    void: Value = None
    defaults: Mapping[str, str] | None = None
    """When set, a missing property is the account's default instead of `void`."""
    unfiltered: bool = False
    """Filters do nothing to a contact's data: the vendor's pages disagree on whether they do in email."""
    filtered: bool = False
    """Set by the run: such a filter was met."""

    def inner(self, variables: dict[str, Value]) -> Env:
        """The run of a macro's body, which sees its own variables only."""
        return Env(self.row, variables, self.void, self.defaults, self.unfiltered)

    def property(self, column: str) -> Value:
        """The property's value, or what a missing one is taken for in this run."""
        value = self.row.get(column)
        if not missing(value):
            return value
        return self.void if self.defaults is None else self.defaults.get(column, "")


Fn = Callable[[Env], Value]


def never(reason: str) -> Fn:
    """A value nobody can know."""

    def raise_unknowable(_: Env) -> Value:
        raise Unknowable(reason)

    return raise_unknowable


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for: how to work it out, and the columns that takes."""

    value: Fn
    columns: frozenset[str] = frozenset()
    platform: bool = False
    crm: bool = False
    """A wrapper that crm_objects() or crm_associations() returned."""
    personal: bool = False
    """It holds a contact's data, though perhaps by way of a live name, which has no columns of its own."""
    alias: tuple[str, str] | None = None
    """(root, name) of the property that it is another name of."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: parameters in order (None: no default), the body's text, and the columns it reads."""

    params: tuple[tuple[str, Fn | None], ...]
    body: Callable[[Env], str]
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names in force at one place of the template; immutable, so that branches do not disturb each other."""

    names: Mapping[str, Bound] = field(default_factory=dict)
    macros: Mapping[str, Macro] = field(default_factory=dict)
    live: frozenset[str] = frozenset()
    """Names that a loop, macro or block sets while it runs."""
    personal: frozenset[str] = frozenset()
    """Those of them that hold a contact's data."""

    def bind(self, name: str, bound: Bound) -> Scope:
        """The scope in which `name` stands for `bound`."""
        return replace(self, names={**self.names, name: bound})

    def define(self, name: str, macro: Macro) -> Scope:
        """The scope in which `name` may be called."""
        return replace(self, macros={**self.macros, name: macro})

    def running(self, names: frozenset[str]) -> Scope:
        """The scope inside a body that sets `names` while it runs."""
        return replace(self, live=self.live | names, personal=self.personal - names)

    def holding(self, names: Iterable[str]) -> Scope:
        """The scope in which these live names hold a contact's data."""
        return replace(self, personal=self.personal | frozenset(names))


class Notes(Protocol):
    """Takes down what is wrong with an expression, in words of the syntax; the compiler makes issues of it."""

    def property(self, root: str, name: str) -> None:
        """A contact or company property is read."""

    def unknown(self, what: str, name: str) -> None:
        """A filter, function or test that HubL does not have."""

    def undefined(self, name: str) -> None:
        """A name that nothing defines."""

    def setting(self, name: str) -> None:
        """A detail of the account is read."""

    def record(self, name: str) -> None:
        """Data that only an automated or single-send email has."""

    def call(self, name: str) -> None:
        """A function that HubSpot limits is called."""

    def unquoted(self, name: str) -> None:
        """A word that nothing defines is compared with a property: a text whose quotes were forgotten."""

    def rootless(self, name: str) -> None:
        """personalization_token() is asked for a name without the record that it belongs to."""

    def dash(self, text: str) -> None:
        """A property name is cut in two by a hyphen, which is a minus."""
