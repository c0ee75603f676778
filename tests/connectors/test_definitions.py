"""Segments as the three platforms show them, as conditions that are joined: what is known, and what is only counted."""

from __future__ import annotations

from typing import Any

import pytest

from presend.model import Condition, Definition, Ground, Joint, Leaf, Op
from presend.model.segment import leaves, verdict
from presend_connectors.hubspot.segments import definition as of_hubspot
from presend_connectors.klaviyo.definitions import definition_of as of_klaviyo
from presend_connectors.mailchimp.definitions import definition as of_mailchimp


def klaviyo(*rows: dict[str, Any]) -> tuple[Leaf, ...]:
    found = of_klaviyo("S", {"condition_groups": [{"conditions": list(rows)}]})
    return () if found is None else tuple(leaves(found.logic))


def hubspot(*rows: dict[str, Any]) -> tuple[Leaf, ...]:
    found = of_hubspot("S", "DYNAMIC", {"filterBranchType": "AND", "filters": list(rows), "filterBranches": []})
    return () if found is None else tuple(leaves(found.logic))


def neutral(row: dict[str, Any]) -> Condition:
    return Condition(str(row["field"]) if row["field"].isupper() else f"@{row['field']}", row["op"], row.get("value"))


def mailchimp(*rows: dict[str, Any]) -> tuple[Leaf, ...]:
    found = of_mailchimp("S", "all", list(rows), neutral)
    return () if found is None else tuple(leaves(found.logic))


def test_klaviyo_asks_for_all_groups_and_any_condition_of_each() -> None:
    def city(name: str) -> dict[str, Any]:
        test = {"type": "string", "operator": "equals", "value": name}
        return {"type": "profile-property", "property": "location['city']", "filter": test}

    shown = {"condition_groups": [{"conditions": [city("Leeds"), city("York")]}, {"conditions": [city("Hull")]}]}
    found = of_klaviyo("Towns", shown)

    def leaf(name: str) -> Leaf:
        return Leaf(Ground.FIELD, "location.city", Op.IS, (name,))

    groups = (Joint(False, (leaf("Leeds"), leaf("York"))), Joint(False, (leaf("Hull"),)))
    assert found == Definition("Towns", Joint(True, groups))


@pytest.mark.parametrize(
    ("row", "leaf"),
    [
        ({"type": "profile-metric", "metric_id": "M"}, Leaf(Ground.DEED)),
        ({"type": "profile-group-membership", "is_member": True}, Leaf(Ground.GROUP)),
        ({"type": "profile-marketing-consent"}, Leaf(Ground.OTHER)),
        ({"type": "profile-telepathy"}, Leaf(Ground.UNKNOWN)),
        ({"type": "profile-property"}, Leaf(Ground.UNKNOWN)),
        (
            {"type": "profile-predictive-analytics", "dimension": "predicted_gender"},
            Leaf(Ground.FIELD, "predicted_gender"),
        ),
        (
            {"type": "profile-property", "property": "age", "filter": {"type": "numeric", "operator": "less-than"}},
            Leaf(Ground.FIELD, "age", Op.BELOW),
        ),
        (
            {"type": "profile-property", "property": "seen", "filter": {"type": "date", "operator": "in-the-last"}},
            Leaf(Ground.FIELD, "seen"),
        ),
        (
            {
                "type": "profile-property",
                "property": "properties['vip']",
                "filter": {"type": "boolean", "operator": "equals", "value": True},
            },
            Leaf(Ground.FIELD, "vip", Op.IS, ("true",)),
        ),
    ],
)
def test_a_condition_of_klaviyo(row: dict[str, Any], leaf: Leaf) -> None:
    assert klaviyo(row) == (leaf,)


@pytest.mark.parametrize(
    ("row", "leaf"),
    [
        ({"filterType": "IN_LIST", "listId": "7"}, Leaf(Ground.GROUP)),
        ({"filterType": "PAGE_VIEW"}, Leaf(Ground.DEED)),
        ({"filterType": "PROPERTY", "property": "hs_email_last_open_date"}, Leaf(Ground.DEED)),
        ({"filterType": "HOROSCOPE"}, Leaf(Ground.UNKNOWN)),
        (
            {
                "filterType": "PROPERTY",
                "property": "country",
                "operation": {"operator": "IS_NONE_OF", "values": ["GB"], "includeObjectsWithNoValueSet": False},
            },
            Leaf(Ground.FIELD, "country", Op.IS_NOT, ("GB",), unset=False),
        ),
        (
            {"filterType": "PROPERTY", "property": "tier", "operation": {"operator": "IS_KNOWN"}},
            Leaf(Ground.FIELD, "tier", Op.SET),
        ),
        (
            {"filterType": "PROPERTY", "property": "tier", "operation": {"operator": "RESEMBLES", "value": 3}},
            Leaf(Ground.FIELD, "tier", Op.OTHER, ("3",)),
        ),
    ],
)
def test_a_filter_of_hubspot(row: dict[str, Any], leaf: Leaf) -> None:
    assert hubspot(row) == (leaf,)


def test_branches_of_hubspot() -> None:
    """Inside each other; a kind of branch that is no and and no or is one condition of its own."""
    inner = {"filterBranchType": "AND", "filters": [{"filterType": "IN_LIST"}], "filterBranches": []}
    deed, strange = {"filterBranchType": "UNIFIED_EVENTS"}, {"filterBranchType": "XOR"}
    found = of_hubspot("S", "SNAPSHOT", {"filterBranchType": "OR", "filterBranches": [inner, deed, strange]})

    parts = (Joint(True, (Leaf(Ground.GROUP),)), Leaf(Ground.DEED), Leaf(Ground.UNKNOWN))
    assert found == Definition("S", Joint(False, parts), fixed=True)
    assert of_hubspot("S", "MANUAL", None) is None
    assert of_hubspot("S", "DYNAMIC", {"filterBranchType": "AND"}) is None


@pytest.mark.parametrize(
    ("row", "leaf"),
    [
        ({"condition_type": "TextMerge", "field": "CITY", "op": "not", "value": "Dover"}, ("CITY", Op.IS_NOT)),
        ({"condition_type": "TextMerge", "field": "CITY", "op": "blank"}, ("CITY", Op.UNSET)),
        ({"condition_type": "DateMerge", "field": "SEEN", "op": "is", "value": "2026-01-01"}, ("SEEN", Op.OTHER)),
        ({"condition_type": "PredictedAge", "field": "predicted_age_range", "op": "is"}, ("predicted_age", Op.OTHER)),
    ],
)
def test_a_condition_of_mailchimp(row: dict[str, Any], leaf: tuple[str, Op]) -> None:
    assert [(one.ground, one.column, one.op) for one in mailchimp(row)] == [(Ground.FIELD, *leaf)]


@pytest.mark.parametrize(
    ("row", "ground"),
    [
        ({"condition_type": "StaticSegment", "field": "static_segment", "op": "static_is", "value": 7}, Ground.GROUP),
        ({"field": "interests-1", "op": "interestcontains", "value": ["a"]}, Ground.GROUP),
        ({"condition_type": "Aim", "field": "aim", "op": "open", "value": "any"}, Ground.DEED),
        ({"condition_type": "VIP", "field": "gmonkey", "op": "member"}, Ground.OTHER),
        ({"condition_type": "Weather", "field": "weather", "op": "is"}, Ground.UNKNOWN),
        ({"condition_type": "Weather", "field": "CITY", "op": "is"}, Ground.UNKNOWN),
    ],
)
def test_what_a_condition_of_mailchimp_asks_about(row: dict[str, Any], ground: Ground) -> None:
    assert mailchimp(row) == (Leaf(ground),)


def test_a_join_of_mailchimp_that_is_not_known() -> None:
    rows = [{"condition_type": "TextMerge", "field": "CITY", "op": "blank"}]
    assert of_mailchimp("S", "most", rows * 2, neutral) is None
    assert of_mailchimp("S", "most", rows, neutral) is not None
    assert of_mailchimp("S", "all", [], neutral) is None


# ------------------------------------------------------------------------------------------- three-valued logic


@pytest.mark.parametrize(
    ("leaf", "value", "holds"),
    [
        (Leaf(Ground.FIELD, "x", Op.IS, ("Leeds",)), " leeds", True),
        (Leaf(Ground.FIELD, "x", Op.IS, ("Leeds",)), "York", False),
        (Leaf(Ground.FIELD, "x", Op.IS, ("5",)), 5.0, True),
        (Leaf(Ground.FIELD, "x", Op.IS, ("a",)), "b;A", True),
        (Leaf(Ground.FIELD, "x", Op.IS, ("a",)), ["b", "a"], True),
        (Leaf(Ground.FIELD, "x", Op.IS, ("true",)), True, True),
        (Leaf(Ground.FIELD, "x", Op.IS, ("a",)), {"city": "a"}, None),
        (Leaf(Ground.FIELD, "x", Op.IS), "a", None),
        (Leaf(Ground.FIELD, "x", Op.IS, ("a",)), None, False),
        (Leaf(Ground.FIELD, "x", Op.IS, ("",)), "", None),
        (Leaf(Ground.FIELD, "x", Op.IS, ("a",), unset=True), "", True),
        (Leaf(Ground.FIELD, "x", Op.IS_NOT, ("a",)), "b", True),
        (Leaf(Ground.FIELD, "x", Op.IS_NOT, ("a",)), "", None),
        (Leaf(Ground.FIELD, "x", Op.IS_NOT, ("a",), unset=False), " ", False),
        (Leaf(Ground.FIELD, "x", Op.SET), "0", True),
        (Leaf(Ground.FIELD, "x", Op.SET), "", False),
        (Leaf(Ground.FIELD, "x", Op.UNSET), None, True),
        (Leaf(Ground.FIELD, "x", Op.ABOVE, ("3",)), 9, None),
        (Leaf(Ground.DEED), None, None),
    ],
)
def test_what_a_condition_says_of_a_value(leaf: Leaf, value: object, holds: bool | None) -> None:
    assert leaf.holds(value) is holds


@pytest.mark.parametrize(
    ("every", "parts", "comes_to"),
    [
        (True, (True, None), None),
        (True, (False, None), False),
        (True, (True, True), True),
        (False, (False, None), None),
        (False, (True, None), True),
        (False, (False, False), False),
        (True, (), None),
        (False, (), None),
    ],
)
def test_joined_conditions(every: bool, parts: tuple[bool | None, ...], comes_to: bool | None) -> None:
    asked = [Leaf(Ground.FIELD, str(number)) for number in range(len(parts))]
    said = dict(zip(asked, parts, strict=True))
    assert verdict(Joint(every, tuple(asked)), said.__getitem__) is comes_to
