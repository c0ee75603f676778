"""What a template sees: people's values that cannot be changed, and what to do where Klaviyo's behaviour is open.

Two ways of being unsure, so that only the values concerned become unknown:

- `raise Undecided(reason)` stops: nobody can say what prints here for this value.
- `choose(reason, a, b, …)` goes on: the rendering is done once per candidate, and only when the results differ is the
  outcome unknown. `5|plus:3` may be 8 or 8.0; in a comparison it does not matter which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from presend.audience.values import Value


class Undecided(BaseException):
    """What prints cannot be known.

    Not an `Exception`, because Django's conditions swallow those and call them false.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Session:
    """One rendering: the frozen clock, and which candidate of each open choice it takes."""

    now: datetime
    """In the account's zone."""
    turn: int = 0
    turns: int = 1
    """How many renderings the choices met so far ask for."""
    reasons: list[str] = field(default_factory=list)


_session: ContextVar[Session] = ContextVar("klaviyo_session")


def session() -> Session:
    """The rendering under way."""
    return _session.get()


class Running:
    """`with Running(session):` makes it the rendering under way."""

    __slots__ = ("_session", "_token")

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> None:
        self._token = _session.set(self._session)

    def __exit__(self, *_: object) -> None:
        _session.reset(self._token)


def choose(reason: str, *candidates: Any) -> Any:
    """One of the candidates, each in its turn; see the module's docstring."""
    first = candidates[0]
    if all(type(other) is type(first) and other == first for other in candidates[1:]):
        return first
    current = _session.get()
    current.turns = max(current.turns, len(candidates))
    if reason not in current.reasons:
        current.reasons.append(reason)
    return candidates[min(current.turn, len(candidates) - 1)]


def _changes_data(*_: object, **__: object) -> NoReturn:
    # Django calls whatever can be called: {{ person.list.pop }} would alter what the next tag prints.
    raise Undecided("the template calls a method that changes the data")


class FrozenDict(dict[str, Any]):
    """An object of the data: behaves as a dict in a template, `{{ x.items }}` included, but cannot be changed."""

    clear = pop = popitem = setdefault = update = _changes_data
    __setitem__ = __delitem__ = _changes_data


class FrozenList(list[Any]):
    """A list of the data that cannot be changed from a template."""

    append = clear = extend = insert = pop = remove = reverse = sort = _changes_data
    __setitem__ = __delitem__ = _changes_data


def freeze(value: Value) -> Value:
    """The value as a template may see it."""
    match value:
        case dict():
            return FrozenDict((key, freeze(item)) for key, item in value.items())
        case list():
            return FrozenList(freeze(item) for item in value)
        case _:
            return value


class Opaque:
    """Something Klaviyo has and we have not (an event, a web feed): whoever looks into it gets `Undecided`."""

    __slots__ = ("_reason",)

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def _stop(self, *_: object) -> NoReturn:
        raise Undecided(self._reason)

    __str__ = __bool__ = __iter__ = __len__ = __getitem__ = __contains__ = _stop
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _stop
    __hash__ = object.__hash__


class MissingLookup(str):
    """What `|lookup` gives for a key that is not there: prints nothing and is false [documented].

    Whether Klaviyo has "" or None there is not, so comparing it with either is undecided.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other is None or other == "":
            raise Undecided("whether a missing lookup equals '' or None is not documented")
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


_MAPPING_METHODS = frozenset(name for name in dir(dict) if not name.startswith("_"))


class Person:
    """`person` in a template, restricted to the properties that the expression was found to read.

    Only names are answered. That Django would call `dict.items` for `person.items` says nothing of Klaviyo's own
    object, so such a name is undecided unless a property has it; so are printing, counting and looping over it all.
    """

    __slots__ = ("_expected", "_values")

    def __init__(self, values: Mapping[str, Value], expected: frozenset[str]) -> None:
        self._values = values
        self._expected = expected

    def __getitem__(self, key: object) -> Value:
        name = str(key)
        if name not in self._expected:
            raise Undecided("the name of the property is worked out while the email is rendered")
        return self._values[name]

    def __getattr__(self, name: str) -> NoReturn:
        if name in _MAPPING_METHODS:
            raise Undecided(f"person.{name} is no property, and what Klaviyo makes of it is not documented")
        raise AttributeError(name)

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        raise Undecided("the template prints the whole profile")

    def __iter__(self) -> Iterator[str]:
        raise Undecided("the template loops over the whole profile")

    def __len__(self) -> int:
        raise Undecided("the template counts the profile's properties")
