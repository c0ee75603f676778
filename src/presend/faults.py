"""What is wrong with settings, in plain words: where, what was expected, what may have been meant; never a value."""

from __future__ import annotations

import re
import tomllib
from calendar import month_name, monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from presend.errors import SettingsError

Loc = Sequence[int | str]

_EXPECTED = {
    "bool_type": "must be true or false, without quotes",
    "bool_parsing": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be a text in quotes",
    "path_type": "must be a text in quotes",
    "tuple_type": 'must be a list, as in ["one", "two"]',
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "date_type": "must be a day, as in 2026-11-20 without quotes",
    "date_parsing": "must be a day, as in 2026-11-20 without quotes",
    "date_from_datetime_parsing": "must be a day, as in 2026-11-20 without quotes",
    "date_from_datetime_inexact": "must be a day without a time",
}
_FORMS = {
    "name": 'must be of letters, digits, ".", "_" and "-" only',
    "key": "must be env: and the name of a variable, as in env:ACME_KEY; the secret itself never stands here",
    "owners": "must be slack: and a channel, or env: and the name of a variable",
    "openfema": "must be a URL that begins with http:// or https://",
    "gdacs": "must be a URL that begins with http:// or https://",
    "channel": "must be one channel, as in #marketing",
    "memory_limit": "must be a size, as in 2GB",
}
"""What a text must look like, by the key, or by the table whose keys are the user's own."""
_TABLES = (("accounts",), ("blackouts",), ("policy", "rule"))
"""What stands in presend.toml once for each entry."""
_BRANCHES = ("str", "tuple[str, ...]")
"""How pydantic names the two ways in which an id may be written; no part of the place."""


_A_SLIP = 0.95
"""How alike a variable must be to one of presend's to be taken for a slip of it: `PRESEND_KLAVIYO_API_KEY`."""
_DATED = re.compile(r"(?P<key>[A-Za-z_-]+)\s*=\s*(?P<day>\d{4}-\d{1,2}-\d{1,2})(?![\d-])")


def no_such_day(text: str) -> str:
    """Why a text of the shape 2026-11-31 is no day: `November 2026 has 30 days`. Empty for a day, and other shapes."""
    shape = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    if shape is None:
        return ""
    year, month, day = map(int, shape.groups())
    if not 1 <= month <= 12:
        return f"there is no month {shape[2]}"
    if year < 1:
        return f"there is no year {shape[1]}"
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"there is no such day: {month_name[month]} {year} has {days} days"
    right = date(year, month, day).isoformat()
    return "" if right == text.strip() else f"a day has two digits for month and day: {right}"


def toml_of(path: Path) -> dict[str, Any]:
    """What a TOML file holds. Raises SettingsError; a day that there is not is shown, and no other value."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        help_ = "Check the path and its rights."
        raise SettingsError(f"{path} cannot be read: {error.strerror}", help=help_) from error
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path} is not UTF-8 (line {line})", help="Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        why = _dated(str(error), raw.decode("utf-8", "replace").splitlines())
        help_ = "Correct that day." if why else "Correct the file at that line."
        raise SettingsError(f"{path} is not valid TOML: {error}{why}", help=help_) from error


def _dated(error: str, lines: Sequence[str]) -> str:
    """What the line that the parser names has for a day, where that is what is wrong with it."""
    at = re.search(r"\(at line (\d+),", error)
    line = lines[int(at[1]) - 1] if at is not None and int(at[1]) <= len(lines) else ""
    for found in _DATED.finditer(line):
        if at is not None and (why := no_such_day(found["day"])):
            return f". Line {at[1]} has `{found[0]}`: {why}"
    return ""


def slips(names: Iterable[str], known: Sequence[str]) -> str:
    """What to say of variables that are nearly one of presend's; empty where there is none.

    Whatever else begins with PRESEND_ is left alone: Kubernetes names the ports of a service so, and teams their keys.
    """
    said = []
    for name in sorted(set(names) - set(known)):
        numbered = any(sign.isdigit() for sign in name)  # a second account's key, or a port
        if name.upper().startswith("PRESEND_") and name.upper() not in known and not numbered:
            alike = [one for one in known if abs(len(one) - len(name)) <= 1]  # a sign left out, doubled or mistaken
            near = get_close_matches(name.upper(), alike, n=1, cutoff=_A_SLIP)
            said += [f"{name} is no variable of presend's; did you mean {near[0]}?"] if near else []
    return "; ".join(said)


def in_file(error: ValidationError, where: str, root: type[BaseModel], under: Loc = ()) -> SettingsError:
    """The error for a file of which `root` is the model of what stands under `under`."""
    said: list[str] = []
    for fault in error.errors(include_url=False):
        inner = tuple(step for step in fault["loc"] if step not in _BRANCHES)
        loc = (*under, *inner)
        match fault["type"]:
            case "extra_forbidden":
                line = f"{_unknown(loc)}{_meant(str(loc[-1]), _keys(root, inner[:-1]))}"
            case "missing":
                line = f"{_place(loc)} is missing"
            case _ if len(inner) != len(fault["loc"]):
                line = f"{_place(loc)} must be a text in quotes, or a list of such"
            case _:
                line = f"{_place(loc)} {_expected(dict(fault), loc)}"
        said += [] if line in said else [line]
    return SettingsError(
        f"{where} is not valid: " + "; ".join(said), help="docs/settings.md lists all that presend.toml may hold."
    )


def in_environment(error: ValidationError, names: Sequence[str]) -> SettingsError:
    """The error for variables; `names` are those that there are."""
    said = []
    for fault in error.errors(include_input=False, include_url=False):
        name = f"PRESEND_{'__'.join(map(str, fault['loc']))}".upper()
        unknown = fault["type"] == "extra_forbidden"
        said.append(
            f"{name} is no variable of presend's{_meant(name, names, all_of_them=False)}"
            if unknown
            else f"{name} {_expected(dict(fault), fault['loc'])}"
        )
    return SettingsError("the environment is not valid: " + "; ".join(said), help="README.md lists the variables.")


def _expected(fault: dict[str, Any], loc: Loc) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "date_from_datetime_parsing" | "date_parsing" if why := no_such_day(str(fault.get("input"))):
            return f"is {str(fault['input']).strip()}, and {why}"
        case "literal_error" | "enum":
            return f"must be one of {context['expected']}"
        case "value_error":
            return str(fault["msg"]).removeprefix("Value error, ")
        case "string_pattern_mismatch":
            known = (_FORMS[step] for step in reversed(loc) if step in _FORMS)
            return next(known, "does not look as it must")
        case "tuple_type" if tuple(loc) in _TABLES:
            name = ".".join(map(str, loc))
            return f"must be a list of tables: write [[{name}]] for each, with two brackets"
        case kind:
            return _EXPECTED.get(kind, "is not what it must be")


def _place(loc: Loc) -> str:
    """`[policy] hold`, `[[policy.rule]] number 1, codes`, `[owners] @crm, entry 2`; entries count from 1."""
    if not loc:
        return "the whole"
    *table, last = loc
    entry = ""
    if isinstance(last, int) and table:
        entry = f", entry {last + 1}"
        *table, last = table
    return f"{_heading(table)}{last}{entry}"


def _heading(table: Loc) -> str:
    if not table:
        return ""
    name = ".".join(step for step in table if isinstance(step, str))
    number = next((step for step in reversed(table) if isinstance(step, int)), None)
    return f"[{name}] " if number is None else f"[[{name}]] number {number + 1}, "


def _unknown(loc: Loc) -> str:
    heading = _heading(loc[:-1]).rstrip(", ")
    return f"{heading} has no key {loc[-1]!r}" if heading else f"there is no key or table {loc[-1]!r}"


def _meant(name: str, known: Sequence[str], *, all_of_them: bool = True) -> str:
    near = get_close_matches(name, known, n=1)
    asked = f"; did you mean {near[0]}?" if near else "."
    return f"{asked} There are: {', '.join(known)}" if all_of_them and known else asked.rstrip(".")


def _keys(root: type[BaseModel], path: Loc) -> list[str]:
    """The keys that the table at the path may have; empty where they are the user's own."""
    here: Any = root
    for step in path:
        model = _model_in(here)
        if model is not None and step in model.model_fields:
            here = model.model_fields[str(step)].annotation
    model = _model_in(here)
    return [] if model is None else sorted(info.alias or name for name, info in model.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one)) is not None), None)
