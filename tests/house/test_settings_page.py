"""docs/settings.md lists what presend.toml may hold: every table, every key and every default, and no other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from presend.audience.schema import FACTS
from presend.model import HALF_LIFE_DAYS
from presend.settings import FileSettings
from presend_checks import rulebook
from tests.house.tree import rows, section

KEYED = {
    "facts": "[facts.<account>]",
    "defaults": "[defaults.<account>]",
    "people": "[people]",
    "owners": "[owners]",
    "checks": "[checks.<CODE>]",
    "freshness": "[freshness]",
}
"""Tables whose keys are the user's own, and their headings."""


def model_in(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The pydantic model that a setting holds, and whether it holds several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    found = [model for model, _many in map(model_in, get_args(annotation)) if model is not None]
    return (found[0], True) if found else (None, False)


def tables(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel] | None]]:
    """Every table that a model's TOML has, by the heading it should have, with the model of its keys."""
    for name, info in model.model_fields.items():
        inner, many = model_in(info.annotation)
        if name in KEYED and not path:
            yield KEYED[name], inner
        elif inner is not None:
            here = f"{path}{name}"
            yield (f"[[{here}]]" if many else f"[{here}]"), inner
            yield from tables(inner, f"{here}.")


TABLES = dict(tables(FileSettings))
MODELS = {heading: model for heading, model in TABLES.items() if model is not None}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "settings.md").read_text()


def written(page: str, heading: str) -> dict[str, str]:
    """The keys of a table of the page, and what the last column says of each."""
    return {word: row[-1] for row in rows(section(page, heading)) for word in re.findall(r"`(\w+)`", row[0])}


def test_the_page_has_every_table_and_no_other(page: str) -> None:
    assert sorted(re.findall(r"^## (.+)$", page, re.MULTILINE)) == sorted(TABLES)


@pytest.mark.parametrize("heading", sorted(MODELS))
def test_a_table_has_every_key_and_no_other(page: str, heading: str) -> None:
    fields = MODELS[heading].model_fields
    own = {info.alias or name for name, info in fields.items() if heading != "[policy]" or name not in _INNER}

    assert set(written(page, heading)) == own


_INNER = {"rule", "approval"}
"""Keys of `[policy]` that are tables of their own."""


@pytest.mark.parametrize("heading", sorted(MODELS))
def test_a_plain_default_is_as_the_page_says(page: str, heading: str) -> None:
    """Numbers, flags and severities; "all", "none" and the like are words for an empty value."""
    told = written(page, heading)
    for name, info in MODELS[heading].model_fields.items():
        key = info.alias or name
        if info.is_required():
            assert told[key] == "required"
        elif key in told and isinstance(info.default, bool | int | str) and told[key].startswith("`"):
            assert tomllib.loads(f"x = {told[key].strip('`')}")["x"] == info.default


def test_the_facts(page: str) -> None:
    assert set(written(page, KEYED["facts"])) == set(FACTS)


def test_the_kinds_of_fact_and_how_long_they_hold(page: str) -> None:
    days = {role.value: "does not age" if age is None else f"`{age}d`" for role, age in HALF_LIFE_DAYS.items()}

    assert written(page, KEYED["freshness"]) == days


def test_the_options_of_the_checks(page: str) -> None:
    listed = {
        (code.strip("`"), key.strip("`")): tomllib.loads(f"x = {default.strip('`')}")["x"]
        for code, key, _meaning, default in rows(section(page, KEYED["checks"]))
    }

    assert listed == {(rule.code, key): value for rule in rulebook.rules for key, value in rule.options.items()}


def test_readme_and_the_error_lead_to_the_page(root: Path) -> None:
    assert "(docs/settings.md)" in (root / "README.md").read_text()
    assert "docs/settings.md" in (root / "src" / "presend" / "faults.py").read_text()
