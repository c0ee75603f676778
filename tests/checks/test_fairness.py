"""Names of the world that no check of values may accuse, and bad values that exactly one of them must find."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from presend.cases import Case, opened
from presend.model import Confidence, Finding, Platform
from presend.rules import RuleSet, judge
from presend_checks import rulebook
from presend_checks.values._lexicons import lines

DATA = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
NAMES: Mapping[str, Mapping[str, list[str]]] = DATA["names"]
EAGER = {"VAL009": {"most_alike": 10_000, "least_common": 1, "times_as_many": 0}}
"""A slip of the keyboard is looked for however many people have the name and however few the usual one."""
RULES = RuleSet(tuple(rule for rule in rulebook.rules if rule.family == "VAL" and rule.code != "VAL007"), EAGER)
"""Every check of values but the one of what is missing: each of these people has one of two names only."""
SAID = ("VAL001", "VAL002", "VAL003", "VAL004", "VAL005", "VAL006")
"""The checks of which the file gives bad values."""
COMMON = tuple(line.partition(" | ")[0].capitalize() for line in lines("common_names"))
HTML = "<p>Hi {{ first_name|default:'there' }} {{ last_name|default:'friend' }},</p>"


def findings(people: list[dict[str, Any]]) -> Iterator[tuple[Finding, frozenset[str]]]:
    """What the checks of values say of these people, each finding with the ids of those it accuses."""
    case = Case("VAL", "names", "good", "", Platform.KLAVIYO, (), {"html": HTML, "people": people})
    with opened(case) as message:
        for verdict in judge(message, RULES, first=True, show_pii=True):
            assert verdict.missed is None
            for finding in verdict.findings:
                assert finding.who is not None
                assert message.audience is not None
                rows = message.audience.rows(finding.who, ())
                yield finding, frozenset(one.id for batch in rows for one in batch)


def people_of(values: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """One person for each name, under an id that says what it is."""
    columns = (("first_name", values.get("given", ())), ("last_name", values.get("family", ())))
    return [{"id": f"{column}: {name}", column: name} for column, names in columns for name in names]


@pytest.mark.parametrize("language", NAMES)
def test_names_are_left_alone(language: str) -> None:
    """No name of the language is called junk, shouting, garbled, a template or something other than a name."""
    people = people_of(NAMES[language])

    accused = {f"{one.code} {one.confidence.word} {who}" for one, ids in findings(people) for who in ids}

    assert accused == set()


CASES = {"as it is": str, "capitals": str.upper, "small": str.lower, "title": str.title}


@pytest.mark.parametrize("case", CASES)
def test_names_are_no_slips(case: str) -> None:
    """Among people with every common name there is, no name of the file is taken for a slip, however it is cased."""
    spelt = CASES[case]
    given = [spelt(name) for language in NAMES.values() for name in language.get("given", [])]
    family = [spelt(name) for language in NAMES.values() for name in language.get("family", [])]
    people = people_of({"given": [*given, *COMMON], "family": [*family, *COMMON]})

    accused = {who for one, ids in findings(people) for who in ids if one.code == "VAL009"}

    assert accused == set()


@pytest.mark.parametrize("language", NAMES)
def test_own_names_are_no_others(language: str) -> None:
    """Who stated the very name that is printed, in whatever case and with whatever accents, is called as they asked."""
    people = [
        {"first_name": name, "preferred_name": spelt(name), "last_name": name, "new_last_name": spelt(name)}
        for name in (*NAMES[language].get("given", ()), *NAMES[language].get("family", ()))
        for spelt in CASES.values()
    ]

    assert {one.code for one, _ids in findings(people)} & {"VAL010", "VAL012"} == set()


def test_there_are_names_enough() -> None:
    """The list is broad: three hundred names and more, thirty languages and more."""
    assert sum(len(names) for language in NAMES.values() for names in language.values()) >= 300
    assert len(NAMES) >= 30


@pytest.mark.parametrize("code", DATA["bad"])
def test_bad_values_are_found_by_one_check(code: str) -> None:
    """Each bad value is accused by its own check with certainty, and by no other."""
    values = DATA["bad"][code]
    people = [{"id": repr(value), "first_name": value} for value in values]

    said = [
        (one.code, who)
        for one, ids in findings(people)
        for who in ids
        if one.confidence >= Confidence.MEDIUM and one.code in SAID
    ]

    assert sorted(said) == sorted((code, repr(value)) for value in values)


@pytest.mark.parametrize("column", ["given", "family"])
def test_words_that_are_names_too_are_hinted_at(column: str) -> None:
    """Null and Friend are worth a look, with low confidence."""
    people = people_of({column: DATA["doubtful"][column]})

    found = list(findings(people))

    assert [(one.code, one.confidence) for one, _ids in found] == [("VAL002", Confidence.LOW)]
    assert found[0][1] == {person["id"] for person in people}
