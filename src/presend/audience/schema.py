"""The vocabulary of facts about a recipient, and the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from presend.audience.values import AS_OF, FACT


class FactType(StrEnum):
    """What the cells of a fact hold."""

    TIME = "time"
    """ISO 8601 in UTC with a trailing Z, as a JSON string."""
    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    LIST = "list"
    DATE = "date"


FACTS: dict[str, FactType] = {
    "created_at": FactType.TIME,
    "updated_at": FactType.TIME,
    "confirmed_at": FactType.TIME,
    "last_activity_at": FactType.TIME,
    "last_open_at": FactType.TIME,
    "last_click_at": FactType.TIME,
    "last_visit_at": FactType.TIME,
    "orders": FactType.NUMBER,
    "last_order_at": FactType.TIME,
    "last_product": FactType.TEXT,
    "products": FactType.LIST,
    "consent": FactType.TEXT,
    "consent_at": FactType.TIME,
    "consent_source": FactType.TEXT,
    "suppressed": FactType.FLAG,
    "country": FactType.TEXT,
    "region": FactType.TEXT,
    "postcode": FactType.TEXT,
    "timezone": FactType.TEXT,
    "locale": FactType.TEXT,
    "birthday": FactType.DATE,
    "title": FactType.TEXT,
    "pronouns": FactType.TEXT,
    "gender": FactType.TEXT,
    "preferred_name": FactType.TEXT,
    "new_last_name": FactType.TEXT,
    "household": FactType.TEXT,
    "role_account": FactType.FLAG,
    "support": FactType.TEXT,
    "email": FactType.TEXT,
}
"""Every fact presend knows (docs/facts.md), with `email` for telling people apart."""

DEAR = frozenset({"last_open_at", "last_click_at", "last_visit_at", "last_product", "products", "support"})
"""Facts that may cost a platform requests of their own: a connector asks for them only where their column is wanted."""

NOBODY_BORN = 1900
"""A birthday of this year or before stands for "not known" (1900-01-01, a spreadsheet's zero): nobody is that old."""

NAMED: Mapping[str, str] = {
    **dict.fromkeys(("birthday", "birthdate", "date of birth", "dob"), "birthday"),
    **dict.fromkeys(("salutation", "courtesy title", "name prefix"), "title"),
    **dict.fromkeys(("pronouns", "pronoun", "preferred pronouns"), "pronouns"),
    **dict.fromkeys(("gender", "sex"), "gender"),
    **dict.fromkeys(("preferred name", "goes by"), "preferred_name"),
    **dict.fromkeys(("new last name",), "new_last_name"),
    **dict.fromkeys(("household", "household id"), "household"),
}
"""Properties of an account's own that state a fact by their name, folded; on Mailchimp and Klaviyo."""

_NOISE = re.compile(r"[\W_]+")


@lru_cache(maxsize=16384)
def named(name: str) -> str | None:
    """The fact that a property states by its name or label (`Date_of_Birth` → `birthday`), or None."""
    return NAMED.get(" ".join(_NOISE.sub(" ", name).split()).casefold())


def fact(name: str) -> str:
    """The column of a fact. Raises KeyError for a fact that presend does not know: a bug, not bad input."""
    return f"{FACT}{name}" if FACTS[name] else name


def as_of(column: str) -> str:
    """The column that says when another column's value was last known true."""
    return f"{AS_OF}{column}"


def snapshot_columns(asked: Iterable[str]) -> tuple[str, ...]:
    """The columns of a snapshot: those asked for, every fact, and the as-of date of each asked column."""
    plain = sorted({name for name in asked if not name.startswith(FACT)})
    return (*plain, *(f"{FACT}{name}" for name in FACTS), *(as_of(name) for name in plain))


AS_OF_SUFFIXES = ("_as_of", " as of")
"""A property named like another with one of these behind it is that other's as-of date, whatever its case."""


def as_of_target(name: str) -> str | None:
    """The name whose as-of date a property holds (`car_model_as_of` → `car_model`), or None."""
    folded = name.casefold()
    for suffix in AS_OF_SUFFIXES:
        if folded.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return None
