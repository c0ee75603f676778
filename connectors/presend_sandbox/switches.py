"""Open points of the platforms as switches: each plausible behaviour can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class SwitchError(ValueError):
    """A switch or value that does not exist was chosen."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A question no vendor page settles; `name` is `<platform>.<question>`, `allowed[0]` the default."""

    name: str
    allowed: tuple[str, ...]
    meaning: str

    @property
    def default(self) -> str:
        """The value of a switch nobody sets."""
        return self.allowed[0]


_REGISTERED: dict[str, Switch] = {}


def register(*switches: Switch) -> None:
    """Make switches known; a platform package calls this when it is imported."""
    for switch in switches:
        if _REGISTERED.setdefault(switch.name, switch) != switch:
            raise SwitchError(f"two different switches are called {switch.name}; rename one")


def registered() -> tuple[Switch, ...]:
    """Every known switch, by name."""
    return tuple(_REGISTERED[name] for name in sorted(_REGISTERED))


def choose(*chosen: Mapping[str, str]) -> dict[str, str]:
    """Every registered switch with its value; later mappings win. SwitchError for an unknown one."""
    values = {name: switch.default for name, switch in _REGISTERED.items()}
    for mapping in chosen:
        for name, value in mapping.items():
            if name not in _REGISTERED:
                raise SwitchError(f"no switch is called {name!r}; there are {', '.join(sorted(_REGISTERED))}")
            if value not in _REGISTERED[name].allowed:
                allowed = ", ".join(_REGISTERED[name].allowed)
                raise SwitchError(f"switch {name} cannot be {value!r}; it can be {allowed}")
            values[name] = value
    return values


def value(chosen: Mapping[str, str], name: str) -> str:
    """What `chosen` says about one registered switch, else its default."""
    return chosen.get(name, _REGISTERED[name].default)
