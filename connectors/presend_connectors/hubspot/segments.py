"""HubSpot's filter branches as conditions in neutral words; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from presend.model import Condition

_DEPTH = 30


def conditions(branch: Mapping[str, Any] | None, depth: int = 0) -> Iterator[Condition]:
    """Every comparison with a contact's own property inside a list's filter branch, outermost first.

    Branches about other records (companies, deals, events) look at no column of the audience and are left out.
    """
    if not isinstance(branch, Mapping) or depth > _DEPTH or str(branch.get("filterBranchType")) not in ("OR", "AND"):
        return
    for part in branch.get("filters") or ():
        if isinstance(part, Mapping) and part.get("filterType") == "PROPERTY" and part.get("property"):
            operation = part.get("operation")
            told = operation if isinstance(operation, Mapping) else {}
            value = next((told[key] for key in ("values", "value", "timestamp") if key in told), None)
            op = str(told.get("operator") or "unknown").lower().replace("_", " ")
            yield Condition(str(part["property"]), op, tuple(value) if isinstance(value, list) else value)
    for inner in branch.get("filterBranches") or ():
        yield from conditions(inner, depth + 1)
