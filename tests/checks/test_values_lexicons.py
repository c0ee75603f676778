"""Every entry of the word lists of VAL008 and VAL011 is seen to count, in a template and with people of its own."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from presend.cases import Case, run
from presend.check import Rule
from presend.model import Platform
from presend_checks import rulebook
from presend_checks.values import _formats
from presend_checks.values._lexicons import lines

RULES = {rule.code: rule for rule in rulebook.rules}
TITLES = [tuple(line.split(" | ")) for line in lines("titles")]
GENDERS = [tuple(line.split(" | ")) for line in lines("genders")]


def affected(rule: Rule, html: str, people: list[dict[str, Any]]) -> list[int | None]:
    """How many people each finding of the check reaches."""
    case = Case(rule.code, "entry", "bad", "", Platform.KLAVIYO, (), {"html": html, "people": people})
    verdict = run(rule, case)
    assert verdict.missed is None
    return [finding.affected for finding in verdict.findings]


@pytest.mark.parametrize(("word", "sex", "kind"), TITLES)
def test_words_of_address(word: str, sex: str, kind: str) -> None:
    """The word is found in front of a name or by itself, and right for those who stated it, or a gender that fits."""
    rule = RULES["VAL011"]
    title = word.capitalize()
    people = [{"last_name": "Osei"}, {"last_name": "Lund", "gender": sex}, {"last_name": "Moor", "title": title}]

    named = f"<p>{title} {{{{ last_name|default:'x' }}}},</p>"
    assert affected(rule, named, people) == ([1] if kind != "group" else [])
    assert affected(rule, f"<p>{title}/x {{{{ last_name|default:'x' }}}},</p>", people) == []
    assert affected(rule, f"<p>Dear {title},</p>", people) == ([1] if kind in ("greeted", "group") else [])


@pytest.mark.parametrize(("said", "sex"), GENDERS)
def test_what_people_state(said: str, sex: str) -> None:
    """Who wrote this for a gender has stated one."""
    title = {"m": "Mr", "f": "Ms"}[sex]
    people = [{"last_name": "Osei", "gender": said}]

    assert affected(RULES["VAL011"], f"<p>{title} {{{{ last_name|default:'x' }}}},</p>", people) == []


@pytest.mark.parametrize("words", lines("for_one_sex"))
def test_words_of_offers(words: str) -> None:
    """The words count in the branch of those who stated nothing, and nowhere else."""
    html = "<p>{{% if person.gender == 'x' %}}All{{% else %}}{0}{{% endif %}}</p>"

    assert affected(RULES["VAL011"], html.format(words), [{}, {"gender": "f"}]) == [1]
    assert affected(RULES["VAL011"], f"<p>{words}</p>", [{}, {"gender": "f"}]) == []


@pytest.mark.parametrize("line", lines("subdivisions"))
def test_states(line: str) -> None:
    """The code and the name of each state are two ways to write it."""
    code, name = line.split(" | ")

    assert [_formats.state_formats(one) for one in (code, code.lower(), name, name.upper())] == [
        frozenset({"codes"}),
        frozenset({"codes"}),
        frozenset({"names"}),
        frozenset({"names"}),
    ]


@pytest.mark.parametrize("line", lines("country_names"))
def test_countries(line: str) -> None:
    """What people write for a country is known for what it is, and the code that it stands for is one."""
    name, code, kind = line.split(" | ")

    assert _formats.country_formats(name) == {"abbreviations" if kind == "short" else "English names"}
    assert _formats.country_formats(code) == {"two-letter codes"}


def test_lists_name_their_source() -> None:
    """Each list says at its head where it is from."""
    folder = resources.files("presend_checks.values").joinpath("lexicons")
    for name in (
        "titles",
        "genders",
        "for_one_sex",
        "common_names",
        "real_spellings",
        "letter_triples",
        "subdivisions",
    ):
        head = folder.joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()[:2]
        assert any("Source: " in line or "faker" in line for line in head), name
