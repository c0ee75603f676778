"""Klaviyo's segment definitions: conditions in neutral words, and how they are joined; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from presend.model import Condition, Definition, Ground, Joint, Leaf, Op

_BRACKETS = re.compile(r"(properties|location)\[(['\"])(.+)\2\]\Z")
_OPS: Final[Mapping[str, Op]] = {
    **dict.fromkeys(("equals", "in"), Op.IS),
    **dict.fromkeys(("not-equals", "not-in"), Op.IS_NOT),
    **dict.fromkeys(
        ("not-contains", "not-ends-with", "not-starts-with", "nregex", "not-contains-substring"),
        Op.LACKS,
    ),
    **dict.fromkeys(("greater-than", "greater-than-or-equal", "after"), Op.ABOVE),
    **dict.fromkeys(("less-than", "less-than-or-equal", "before"), Op.BELOW),
    "is-set": Op.SET,
    "not-set": Op.UNSET,
}
_GROUNDS: Final[Mapping[str, Ground]] = {
    **dict.fromkeys(
        (
            *("profile-metric", "profile-metric-funnel", "profile-not-sent-email", "profile-not-sent-sms"),
            *("profile-not-sent-push", "profile-not-in-flow", "profile-predictive-analytics"),
        ),
        Ground.DEED,
    ),
    "profile-group-membership": Ground.GROUP,
    **dict.fromkeys(
        (
            *("profile-marketing-consent", "profile-permissions", "profile-region", "profile-postal-code-distance"),
            *("profile-sample", "profile-has-custom-object"),
        ),
        Ground.OTHER,
    ),
}
"""Types of conditions by what they ask about (Klaviyo's API, revision 2025-10-15, SegmentDefinition)."""


def conditions_of(definition: dict[str, Any] | None) -> tuple[Condition, ...]:
    """The conditions of a segment that look at a property or a place of the profile, in neutral words."""
    out: list[Condition] = []
    for row in (row for group in _groups(definition) for row in group):
        name = row.get("property")
        if isinstance(name, str) and name:
            test = _test(row)
            out.append(Condition(column_of(name), str(test.get("operator", "")), test.get("value")))
    return tuple(out)


def definition_of(name: str, definition: dict[str, Any] | None) -> Definition | None:
    """The conditions as they are joined: any one of each group, all of the groups. None where nothing is shown."""
    groups = [Joint(False, tuple(map(_leaf, rows))) for rows in _groups(definition) if rows]
    return Definition(name, Joint(True, tuple(groups))) if groups else None


def column_of(name: str) -> str:
    """The audience column of a property as a segment names it: `properties['X']` → `X`, `location['city']`."""
    found = _BRACKETS.match(name)
    if found is None:
        return name
    return found[3] if found[1] == "properties" else f"location.{found[3]}"


def _groups(definition: dict[str, Any] | None) -> list[list[dict[str, Any]]]:
    groups = (definition or {}).get("condition_groups")
    found = [g.get("conditions") for g in groups if isinstance(g, dict)] if isinstance(groups, list) else []
    return [[row for row in rows if isinstance(row, dict)] for rows in found if isinstance(rows, list)]


def _test(row: Mapping[str, Any]) -> Mapping[str, Any]:
    test = row.get("filter")
    return test if isinstance(test, dict) else {}


def _leaf(row: Mapping[str, Any]) -> Leaf:
    name, test, kind = row.get("property"), _test(row), str(row.get("type"))
    if kind == "profile-predictive-analytics" and row.get("dimension") == "predicted_gender":
        return Leaf(Ground.FIELD, "predicted_gender")
    if kind != "profile-property" or not isinstance(name, str) or not name:
        return Leaf(_GROUNDS.get(kind, Ground.UNKNOWN))
    value = test.get("value")
    values = value if isinstance(value, list) else [] if value is None else [value]
    words = tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)
    # An operator of a date filter ("in-the-last") or of lists compares something else than the value itself.
    plain = test.get("type") in ("string", "numeric", "boolean", "existence")
    op = _OPS.get(str(test.get("operator")), Op.OTHER) if plain else Op.OTHER
    return Leaf(Ground.FIELD, column_of(name), op, words)
