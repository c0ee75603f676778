"""The cases in tests/dialects/cases say what the oracles say: two readings of the vendor notes must agree."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.oracles import django_plain, hubspot, mailchimp

FOLDER = Path(__file__).parent.parent / "dialects" / "cases"
FILES = {
    name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    for name in ("mailchimp", "hubspot", "klaviyo")
}
KEYS = {"name", "part", "source", "values", "expect", "source_of_fact"}
OPTIONAL = {"text", "defaults", "programmable", "engine"}
ARRIVES = {"printed", "blank", "literal"}


def cases(platform: str) -> list[Any]:
    return [pytest.param(case, id=f"{case['name']} [{case['source_of_fact']}]") for case in FILES[platform]["case"]]


def plain(value: Any) -> Any:
    """{ null = true } is how TOML spells null."""
    if value == {"null": True}:
        return None
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


@pytest.mark.parametrize("platform", FILES)
def test_cases_are_whole(platform: str) -> None:
    found = FILES[platform]["case"]

    assert len(found) >= 60
    assert len({case["name"] for case in found}) == len(found)
    for case in found:
        assert case.keys() >= KEYS
        assert case.keys() <= KEYS | OPTIONAL
        assert case["expect"] in ARRIVES | {"skipped", "unknown"}
        assert ("text" in case) == (case["expect"] in ARRIVES)
        assert case["source_of_fact"]
        if case["expect"] == "literal":
            assert case["text"] in {case["source"], case["source"].replace("{% raw %}", "").replace("{% endraw %}", "")}


@pytest.mark.parametrize("case", cases("mailchimp"))
def test_mailchimp(case: dict[str, Any]) -> None:
    file = FILES["mailchimp"]
    fields = [
        {**field, "default": case.get("defaults", {}).get(field["tag"], field["default"])} for field in file["fields"]
    ]
    values = plain(case["values"])

    outcome, text = mailchimp.render(
        case["source"], values, fields=fields, groups=file["groups"], part=case["part"], now=file["now"]
    )

    assert (outcome, text) == expected(case)


@pytest.mark.parametrize("case", cases("hubspot"))
def test_hubspot(case: dict[str, Any]) -> None:
    outcome, text = hubspot.render(
        case["source"],
        plain(case["values"]),
        properties=FILES["hubspot"]["properties"],
        defaults=case.get("defaults", {}),
        programmable=case.get("programmable", False),
        part=case["part"],
    )

    # The oracle has no word for a refusal; it must not print what HubSpot would not publish.
    assert (outcome, text) == (("unknown", None) if case["expect"] == "skipped" else expected(case))


@pytest.mark.parametrize("case", [param for param in cases("klaviyo") if param.values[0]["engine"] == "django"])
def test_klaviyo_where_stock_django_decides(case: dict[str, Any]) -> None:
    assert django_plain.render(case["source"], plain(case["values"])) == expected(case)


@pytest.mark.parametrize("case", [param for param in cases("klaviyo") if param.values[0]["engine"] == "klaviyo"])
def test_stock_django_cannot_decide_klaviyos_own(case: dict[str, Any]) -> None:
    """What stock Django prints right is no tag of Klaviyo's own; what it refuses, it may refuse for its own reasons."""
    answer = django_plain.render(case["source"], plain(case["values"]))

    assert answer != expected(case) or case["expect"] == "skipped"


def expected(case: dict[str, Any]) -> tuple[str, str | None]:
    outcome = "printed" if case["expect"] in ARRIVES else case["expect"]
    return outcome, case.get("text")
