"""The `.env` beside which presend runs: whether it can be read, and what stands in it."""

from __future__ import annotations

from pathlib import Path

from presend.errors import SettingsError

FILE = Path(".env")


def values() -> dict[str, str | None]:
    """Its variables; none where there is no such file."""
    from dotenv import dotenv_values

    return dotenv_values(FILE)


def readable(path: Path = FILE) -> None:
    """Whether `.env` can be read. Raises SettingsError: a key in a line that is passed over would be no account.

    A broken line that has nothing of presend's is somebody else's: other tools read the file too.
    """
    from dotenv.parser import parse_stream

    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8") as stream:
            broken = [one.original for one in parse_stream(stream) if one.error]
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8", help="Save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}", help="Check its rights.") from error
    for each in broken:
        if "PRESEND_" in each.string:
            line = each.line + each.string[: each.string.index("PRESEND_")].count("\n")
            raise SettingsError(f"{path}, line {line} cannot be read", help="Write NAME=value, or NAME='value'.")
