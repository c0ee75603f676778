"""HubSpot's filter branches as conditions in neutral words; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from presend.model import Condition, Definition, Ground, Joint, Leaf, Logic, Op

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


_DEEDS = re.compile(r"(?:hs_(?:email|analytics|sales|last)_|recent_|first_deal|num_|days_to_|notes_last_)\w*")
"""Properties that HubSpot keeps of what contacts do."""
_OPS: Final[Mapping[str, Op]] = {
    **dict.fromkeys(("IS_EQUAL_TO", "IS_ANY_OF", "IS", "IS_EXACTLY"), Op.IS),
    **dict.fromkeys(("IS_NOT_EQUAL_TO", "IS_NONE_OF", "IS_NOT"), Op.IS_NOT),
    **dict.fromkeys(("DOES_NOT_CONTAIN", "NOT_CONTAINS", "DOES_NOT_CONTAIN_ALL", "IS_NOT_EXACTLY"), Op.LACKS),
    **dict.fromkeys(("IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO", "IS_AFTER"), Op.ABOVE),
    **dict.fromkeys(("IS_LESS_THAN", "IS_LESS_THAN_OR_EQUAL_TO", "IS_BEFORE"), Op.BELOW),
    "IS_KNOWN": Op.SET,
    "IS_UNKNOWN": Op.UNSET,
}
_GROUNDS: Final[Mapping[str, Ground]] = {
    **dict.fromkeys(
        (
            *("EMAIL_EVENT", "FORM_SUBMISSION", "FORM_SUBMISSION_ON_PAGE", "PAGE_VIEW", "CTA", "EVENT", "ADS_TIME"),
            *("ADS_SEARCH", "UNIFIED_EVENTS", "UNIFIED_EVENTS_IN_LAST", "INTEGRATION_EVENT", "WEBINAR"),
            *("SURVEY_MONKEY", "SURVEY_MONKEY_VALUE", "CAMPAIGN_INFLUENCED"),
        ),
        Ground.DEED,
    ),
    "IN_LIST": Ground.GROUP,
    **dict.fromkeys(
        (
            *("EMAIL_SUBSCRIPTION", "COMMUNICATION_SUBSCRIPTION", "PRIVACY", "CONSTANT", "NUM_ASSOCIATIONS"),
            *("ASSOCIATION", "PROPERTY_ASSOCIATION", "RESTRICTED", "NOT_ALL", "NOT_ANY"),
        ),
        Ground.OTHER,
    ),
}
"""Kinds of filters and branches by what they ask about (the enums of HubSpot's lists API, version 3)."""


def definition(name: str, processing: str, branch: Mapping[str, Any] | None) -> Definition | None:
    """A list's filters as they are joined; None for a list that has none."""
    logic = _logic(branch, 0) if isinstance(branch, Mapping) else None
    return Definition(name, logic, fixed=processing == "SNAPSHOT") if logic is not None else None


def _logic(branch: Mapping[str, Any], depth: int) -> Logic | None:
    kind = str(branch.get("filterBranchType"))
    if kind not in ("OR", "AND") or depth > _DEPTH:
        return Leaf(_GROUNDS.get(kind, Ground.UNKNOWN))
    rows = [row for row in branch.get("filters") or () if isinstance(row, Mapping)]
    inner = [row for row in branch.get("filterBranches") or () if isinstance(row, Mapping)]
    parts = [*map(_leaf, rows), *(each for row in inner if (each := _logic(row, depth + 1)) is not None)]
    return Joint(kind == "AND", tuple(parts)) if parts else None


def _leaf(row: Mapping[str, Any]) -> Leaf:
    kind, name = str(row.get("filterType")), row.get("property")
    if kind != "PROPERTY" or not name:
        return Leaf(_GROUNDS.get(kind, Ground.UNKNOWN))
    if _DEEDS.fullmatch(str(name)):
        return Leaf(Ground.DEED)
    operation = row.get("operation")
    told = operation if isinstance(operation, Mapping) else {}
    value = told.get("values", told.get("value"))
    values = value if isinstance(value, list) else [] if value is None else [value]
    unset = told.get("includeObjectsWithNoValueSet")
    op = _OPS.get(str(told.get("operator")), Op.OTHER)
    return Leaf(Ground.FIELD, str(name), op, tuple(map(str, values)), unset if isinstance(unset, bool) else None)
