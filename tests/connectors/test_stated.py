"""A property's value as a fact: the same words on every platform, and impossible values are not there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from presend.audience.schema import NAMED, FactType, named
from presend_connectors.stated import stated


def read(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        (FactType.DATE, "1984-02-29", '"1984-02-29"'),
        (FactType.DATE, "1984-02-29T00:00:00Z", '"1984-02-29"'),
        (FactType.DATE, "19840229", '"1984-02-29"'),
        (FactType.DATE, "--02-29", '"--02-29"'),
        # Which of the two is the month, nobody says.
        (FactType.DATE, "03/04", None),
        (FactType.DATE, "1983-02-29", None),
        (FactType.DATE, "--02-30", None),
        # What stands where nobody knows the day: forms' and spreadsheets' zeros.
        (FactType.DATE, "1900-01-01", None),
        (FactType.DATE, "1899-12-30", None),
        (FactType.DATE, "0001-01-01", None),
        (FactType.DATE, "1901-01-01", '"1901-01-01"'),
        (FactType.NUMBER, 3, "3"),
        (FactType.NUMBER, "3.0", "3"),
        (FactType.NUMBER, "2.5", "2.5"),
        (FactType.NUMBER, 0, "0"),
        (FactType.NUMBER, -1, None),
        (FactType.NUMBER, "-4", None),
        (FactType.NUMBER, "nan", None),
        (FactType.NUMBER, "inf", None),
        (FactType.NUMBER, True, None),
        (FactType.NUMBER, "many", None),
        (FactType.TIME, "2026-11-20T10:00:00+00:00", '"2026-11-20T10:00:00Z"'),
        (FactType.TIME, "soon", None),
        (FactType.FLAG, "Yes", "true"),
        (FactType.FLAG, False, "false"),
        (FactType.FLAG, "perhaps", None),
        (FactType.LIST, "a; b,c", '["a","b","c"]'),
        (FactType.LIST, ["a", "b"], '["a","b"]'),
        (FactType.LIST, ";", None),
        (FactType.TEXT, " DE ", '"DE"'),
        (FactType.TEXT, 7, '"7"'),
        (FactType.TEXT, True, '"true"'),
        (FactType.TEXT, {"a": 1}, None),
        (FactType.TEXT, " ", None),
        (FactType.TEXT, None, None),
    ],
)
def test_a_value_is_a_fact_or_it_is_not_there(kind: FactType, value: Any, cell: str | None) -> None:
    assert stated(kind, value, read) == cell


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Date_of_Birth", "birthday"),
        ("PRONOUNS", "pronouns"),
        ("Household ID", "household"),
        ("Courtesy title", "title"),
        ("title", None),  # a job, on the platforms that have such a field
        ("Birthday gift", None),
    ],
)
def test_a_property_states_a_fact_by_its_name(name: str, meaning: str | None) -> None:
    assert named(name) == meaning


def test_every_name_is_found_however_it_is_written() -> None:
    assert [name for name, meaning in NAMED.items() if named(name.upper().replace(" ", "_")) != meaning] == []
