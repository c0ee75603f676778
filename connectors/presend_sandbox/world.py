"""Reads a world: the TOML files that say what the imitated accounts hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from presend_sandbox.keys import WORLD, Table, faulty, hubspot, klaviyo, mailchimp

PLATFORMS = ("mailchimp", "klaviyo", "hubspot")
FORMS: Mapping[str, Table] = {
    "world": WORLD,
    "mailchimp": mailchimp.FILE,
    "klaviyo": klaviyo.FILE,
    "hubspot": hubspot.FILE,
}
"""What each file of a world may hold, by its name without the ending."""
WORLDS = Path(__file__).parent / "worlds"


class WorldError(ValueError):
    """A world that does not exist, cannot be read, or holds what no world may."""


@dataclass(frozen=True, slots=True)
class World:
    """A world's files as plain dicts; relative times are left as written, for a Clock to resolve."""

    name: str
    folder: Path
    settings: dict[str, Any]
    platforms: dict[str, dict[str, Any]] = field(default_factory=dict)
    presend: str = ""
    """The presend.toml that the world is to be scanned with, days written as `@@+1d@@`; empty where it needs none."""


def load_world(name: str) -> World:
    """The built-in world `name`, or the one in the folder that `name` is a path of. Raises WorldError."""
    folder = WORLDS / name if (WORLDS / name).is_dir() else Path(name)
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in WORLDS.iterdir() if path.is_dir()))
        raise WorldError(f"there is no world {name!r}; give a folder, or one of {known}")
    platforms = {platform: spec for platform in PLATFORMS if (spec := _read(folder / f"{platform}.toml")) is not None}
    wanted = folder / "presend.toml"
    presend = wanted.read_text("utf-8") if wanted.is_file() else ""
    return World(folder.name, folder, _read(folder / "world.toml") or {}, platforms, presend)


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        parsed, fault = _parsed(path.read_text("utf-8"), path.stem)
    except tomllib.TOMLDecodeError as error:
        raise WorldError(f"{path.parent.name}/{path.name} is not valid TOML: {error}") from error
    if fault is not None:
        raise WorldError(f"{path.parent.name}/{path.name}: {fault}")
    return {key: _expand(item, path) for key, item in parsed.items()}


@lru_cache(maxsize=32)
def _parsed(text: str, name: str) -> tuple[Mapping[str, Any], str | None]:
    """The tables of a TOML file, and what is wrong in them first.

    Kept, since a process that starts many sandboxes reads few worlds.
    """
    parsed = tomllib.loads(text)
    return parsed, next(faulty(parsed, FORMS[name]), None)


def _expand(value: Any, source: Path) -> Any:
    """Replace `html_file = "x.html"` by its text, and `layout = "x.html"` with `[slots]` by a filled `html`.

    A layout holds `@@name@@` where the slot `name` goes; `text_layout` fills `text` from the same slots.
    Files are looked up beside the TOML file.
    """
    if isinstance(value, list):
        return [_expand(item, source) for item in value]
    if not isinstance(value, dict):
        return value
    table = {key: _expand(item, source) for key, item in value.items()}
    for key in [key for key in table if key.endswith("_file")]:
        table[key.removesuffix("_file")] = _text(source, table.pop(key))
    slots = {key: str(item) for key, item in table.pop("slots", {}).items()} if "slots" in table else {}
    for layout, part in (("layout", "html"), ("text_layout", "text")):
        if layout in table:
            table[part] = _fill(_text(source, table.pop(layout)), slots, source)
    return table


def _text(source: Path, name: str) -> str:
    path = source.parent / name
    if not path.is_file():
        raise WorldError(f"{source.parent.name}/{source.name} names the file {name}, which is not beside it")
    return path.read_text("utf-8")


def _fill(layout: str, slots: dict[str, str], source: Path) -> str:
    head, *pieces = layout.split("@@")
    filled = [head]
    for index, piece in enumerate(pieces):
        if index % 2 == 0 and piece not in slots:
            raise WorldError(
                f"{source.parent.name}/{source.name}: a layout needs the slot {piece!r}, which is not given"
            )
        filled.append(slots[piece] if index % 2 == 0 else piece)
    return "".join(filled)
