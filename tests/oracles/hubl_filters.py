"""The few HubL filters whose effect is certain, each as Jinjava's source does it (vendor notes S10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracles.hubl_values import text, truth
from tests.oracles.worlds import Unknown


def apply(name: str, value: Any, arguments: list[Any]) -> Any:
    """The filtered value; Unknown for a filter or an argument that is not described."""
    if name not in FILTERS:
        raise Unknown(f"no certain filter: {name}")
    return FILTERS[name](value, arguments)


def _default(value: Any, arguments: list[Any]) -> Any:
    """Fires on null alone; with true as second argument on everything false (H3.2)."""
    if len(arguments) not in {1, 2} or (len(arguments) == 2 and not isinstance(arguments[1], bool)):
        raise Unknown("default takes a fallback and a boolean")
    keeps = truth(value) if arguments[1:] == [True] else value is not None
    if keeps:
        return value
    return "null" if arguments[0] is None else text(arguments[0])


def _upper(value: Any, arguments: list[Any]) -> Any:
    _none(arguments)
    return value.upper() if isinstance(value, str) else value


def _lower(value: Any, arguments: list[Any]) -> Any:
    _none(arguments)
    return value.lower() if isinstance(value, str) else value


def _capitalize(value: Any, arguments: list[Any]) -> Any:
    _none(arguments)
    if not isinstance(value, str):
        return value
    return _first_up(value)


def _title(value: Any, arguments: list[Any]) -> Any:
    _none(arguments)
    if not isinstance(value, str):
        return value
    if any(char.isspace() and char != " " for char in value):
        raise Unknown("what parts words beside a space")
    return " ".join(_first_up(word) for word in value.split(" "))


def _first_up(word: str) -> str:
    """The documentation lowers the rest, the code leaves it: certain only where that is the same."""
    if word[1:] != word[1:].lower() or len(word[:1].upper()) > 1:
        raise Unknown("documentation and source disagree")
    return word[:1].upper() + word[1:]


def _trim(value: Any, arguments: list[Any]) -> Any:
    _none(arguments)
    if not isinstance(value, str):
        raise Unknown("trim makes text of everything, null becomes a word")
    # Java's trim takes everything up to U+0020 and leaves the no-break space.
    return value.strip("".join(map(chr, range(0x21))))


def _length(value: Any, arguments: list[Any]) -> Any:
    _none(arguments)
    if value is None:
        return 0
    if isinstance(value, str):
        return len(value.encode("utf-16-be")) // 2
    return len(value) if isinstance(value, list) else 0


def _truncate(value: Any, arguments: list[Any]) -> Any:
    length, whole, end = [*arguments, *[255, False, "..."][len(arguments) :]][:3]
    if len(arguments) > 3 or not _is_int(length) or not isinstance(whole, bool) or not isinstance(end, str):
        raise Unknown("truncate takes a length, a boolean and an ending")
    if not isinstance(value, str):
        return value
    if any(ord(char) > 0xFFFF for char in value):
        raise Unknown("Java counts such a character twice")
    if len(value) <= length:
        return value
    if not whole:
        at = length
        while at > 0:
            at -= 1
            if value[at].isspace():
                break
        length = at + 1
    return value[:length] + end


def _replace(value: Any, arguments: list[Any]) -> Any:
    if len(arguments) not in {2, 3} or not all(isinstance(argument, str) for argument in arguments[:2]):
        raise Unknown("replace takes two texts and a count")
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unknown("replace makes text of everything")
    old, new, *count = arguments
    if not old:
        return value
    if count and not (_is_int(count[0]) and count[0] > 0):
        raise Unknown("a count below one")
    return value.replace(old, new, *count)


def _join(value: Any, arguments: list[Any]) -> Any:
    if len(arguments) > 1 or not isinstance(value, list) or not all(map(_is_text, arguments)):
        raise Unknown("join takes a list and a separator")
    return (arguments or [""])[0].join(text(item) for item in value)


def _none(arguments: list[Any]) -> None:
    if arguments:
        raise Unknown("no argument is described")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


FILTERS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "default": _default,
    "upper": _upper,
    "lower": _lower,
    "capitalize": _capitalize,
    "title": _title,
    "trim": _trim,
    "length": _length,
    "truncate": _truncate,
    "replace": _replace,
    "join": _join,
}
