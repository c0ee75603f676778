"""Decides who matches: the filter branches of active lists, and the filter groups of CRM search."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from presend_sandbox.hubspot.errors import invalid
from presend_sandbox.hubspot.state import Record

InList = Callable[[str, str], bool]
"""(list id, record id) -> whether the record is in the list."""


def measure(text: str) -> float | None:
    """A number, or a date as milliseconds since 1970 (HubSpot writes moments both ways); None for other text."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def compare(left: str, right: str) -> int:
    """-1, 0 or 1; by number or date where both are one, else by text without regard to case."""
    a, b = measure(left), measure(right)
    if a is not None and b is not None:
        return (a > b) - (a < b)
    x, y = left.lower(), right.lower()
    return (x > y) - (x < y)


def in_branch(branch: Mapping[str, Any], record: Record, in_list: InList) -> bool:
    """Whether a record matches a list's filterBranch (types OR and AND, filters PROPERTY and IN_LIST)."""
    parts = [in_branch(part, record, in_list) for part in branch.get("filterBranches", ())]
    parts += [_list_filter(part, record, in_list) for part in branch.get("filters", ())]
    return any(parts) if branch["filterBranchType"] == "OR" else all(parts)


def _list_filter(part: Mapping[str, Any], record: Record, in_list: InList) -> bool:
    if part["filterType"] == "IN_LIST":
        inside = in_list(str(part["listId"]), record.id)
        return inside if part["operator"] == "IN_LIST" else not inside
    operation = part["operation"]
    held = record.value(part["property"])
    if held is None or held == "":
        if operation["operator"] in ("IS_KNOWN", "IS_UNKNOWN"):
            return bool(operation["operator"] == "IS_UNKNOWN")
        return bool(operation.get("includeObjectsWithNoValueSet", False))
    return _operation(operation, held)


def _operation(operation: Mapping[str, Any], held: str) -> bool:
    values = [str(value) for value in operation.get("values", [operation.get("value", operation.get("timestamp", ""))])]
    among = held.lower() in {value.lower() for value in values}
    match operation["operator"]:
        case "IS_KNOWN":
            return True
        case "IS_UNKNOWN":
            return False
        case "IS_EQUAL_TO" | "IS_ANY_OF" | "IS":
            return among or any(compare(held, value) == 0 for value in values)
        case "IS_NOT_EQUAL_TO" | "IS_NONE_OF" | "IS_NOT":
            return not among
        case "CONTAINS":
            return any(value.lower() in held.lower() for value in values)
        case "IS_GREATER_THAN" | "IS_AFTER":
            return compare(held, values[0]) > 0
        case "IS_LESS_THAN" | "IS_BEFORE":
            return compare(held, values[0]) < 0
        case "IS_GREATER_THAN_OR_EQUAL_TO":
            return compare(held, values[0]) >= 0
        case "IS_LESS_THAN_OR_EQUAL_TO":
            return compare(held, values[0]) <= 0
        case other:
            raise invalid(f"The operator {other} is not one that lists of this account use.")


def matches_groups(groups: list[Mapping[str, Any]], record: Record) -> bool:
    """Whether all filters of any of a search's groups hold for a record; without groups everything matches."""
    return not groups or any(all(_search_filter(part, record) for part in group.get("filters", ())) for group in groups)


def _search_filter(part: Mapping[str, Any], record: Record) -> bool:
    held = record.value(part["propertyName"])
    operator = part["operator"]
    known = held is not None and held != ""
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return known is bool(operator == "HAS_PROPERTY")
    if held is None or held == "":
        return operator in ("NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN")
    return _search_operator(operator, held, part)


def _search_operator(operator: str, held: str, part: Mapping[str, Any]) -> bool:
    value = str(part.get("value", ""))
    match operator:
        case "EQ":
            return compare(held, value) == 0
        case "NEQ":
            return compare(held, value) != 0
        case "LT":
            return compare(held, value) < 0
        case "LTE":
            return compare(held, value) <= 0
        case "GT":
            return compare(held, value) > 0
        case "GTE":
            return compare(held, value) >= 0
        case "BETWEEN":
            return compare(held, value) >= 0 and compare(held, str(part["highValue"])) <= 0
        case "IN":
            return any(compare(held, str(one)) == 0 for one in part.get("values", ()))
        case "NOT_IN":
            return all(compare(held, str(one)) != 0 for one in part.get("values", ()))
        case "CONTAINS_TOKEN":
            return _has_token(held, value)
        case "NOT_CONTAINS_TOKEN":
            return not _has_token(held, value)
        case other:
            raise invalid(f"{other} is not a search operator.", code="INVALID_OPERATOR", context={"operator": [other]})


def _has_token(held: str, pattern: str) -> bool:
    words = [held, *held.replace("@", " ").replace(".", " ").split()]
    return any(fnmatch.fnmatchcase(word.lower(), pattern.lower()) for word in words)
