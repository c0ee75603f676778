"""The case runner itself: what a case may say, what becomes of its people, and that no miss goes unnoticed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from presend.cases import Case, load_cases, misses, opened, run
from presend.check import Need, Rule, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Platform, Severity
from presend.reading import EVERYONE


@check("ZZZ001", "reply-to", mishaps=(), severity=Severity.LOW, needs=[Need.PARTS])
def reply_to(mail: Mail) -> Iterator[Hit]:
    """Flags every part; a check for this file only."""
    for part in mail.parts:
        yield Hit(Location(part.part, 0, 2), says="It is there.", fix="Take it away.")


def case(**data: object) -> Case:
    """A Klaviyo case of the check above."""
    keys = {"platform": "klaviyo", **data}
    return Case("ZZZ001", "x", "bad", "y", Platform(str(keys["platform"])), tuple(keys.get("expect", ())), keys)


def test_finding_that_was_not_expected_is_a_miss() -> None:
    one = case(subject="Hello")

    assert len(misses(one, run(reply_to, one))) == 1


def test_expectation_that_was_not_met_is_a_miss() -> None:
    one = case(subject="Hello", expect=[{"part": "subject", "line": 2}])

    assert len(misses(one, run(reply_to, one))) == 2


def test_every_expected_key_is_held_against_the_finding() -> None:
    wanted = {
        "severity": "low",
        "confidence": "high",
        "part": "subject",
        "line": 1,
        "column": 1,
        "snippet": "He",
        "affected": 2,
        "reads": "Hello",
        "says": "there",
        "fix": "away",
        "message": "A",
    }
    one = case(subject="Hello", people=[{}, {}], expect=[wanted])

    assert misses(one, run(reply_to, one)) == []


@pytest.mark.parametrize("key", ["severity", "part", "line", "column", "snippet", "affected", "reads", "says", "fix"])
def test_no_expected_key_is_ignored(key: str) -> None:
    one = case(subject="Hello", people=[{}, {}], expect=[{key: "something else"}])

    assert misses(one, run(reply_to, one))


def test_people_become_cells_facts_and_dates() -> None:
    """Absent, null and empty stay apart; facts stand in their own columns; as-of dates date their column."""
    people = [
        {"first_name": "Ann", "City": "Ulm", "last_order_at": "2026-01-02T00:00:00Z", "City_as_of": "2020-01-01"},
        {"first_name": {"null": True}},
        {"first_name": ""},
        {},
    ]
    with opened(case(subject="{{ first_name }}", people=people)) as message:
        assert message.audience is not None
        cells = [one.cells[0] for one in message.audience.sample(EVERYONE, ("first_name",), 9)]

        assert cells == ['"Ann"', "null", '""', None]
        assert {"@last_order_at", "last_order_at", "location.city", "@as_of:location.city"} <= message.audience.columns


def test_names_seen_are_the_vocabulary_where_there_is_no_schema() -> None:
    with opened(case(subject="x", people=[{"first_name": "Ann"}])) as message:
        assert message.campaign.vocabulary.complete
        assert [field.tag for field in message.campaign.vocabulary.fields] == ["first_name"]
    with opened(case(subject="x")) as message:
        assert not message.campaign.vocabulary.complete


def test_without_people_there_is_no_audience() -> None:
    with opened(case(subject="x")) as message:
        assert message.audience is None
        assert list(message.reading.parts) == [Part.SUBJECT]


@pytest.mark.parametrize(
    "text",
    [
        '[[case]]\nname="a"\nwhy="b"\nkind="bad"\nplatform="klaviyo"\nsubjekt="x"',
        '[[case]]\nname="a"\nwhy="b"\nkind="bad"\nplatform="klaviyo"\nexpect=[{sevrity="high"}]',
        '[[case]]\nname="a"\nkind="bad"\nplatform="klaviyo"',
        '[[case]]\nname="a"\nwhy="b"\nkind="worse"\nplatform="klaviyo"',
    ],
)
def test_slips_in_case_files_are_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt key would otherwise be a case that says nothing."""
    rule = rule_beside(text, tmp_path, monkeypatch)

    with pytest.raises(ValueError, match="ZZZ001"):
        load_cases(rule)


def test_keys_above_the_first_case_hold_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'platform="klaviyo"\nkind="good"\n[[case]]\nname="a b"\nwhy="c"\n[[case]]\nname="d"\nwhy="e"\nkind="bad"'
    first, second = load_cases(rule_beside(text, tmp_path, monkeypatch))

    assert (first.id, first.kind, first.platform) == ("ZZZ001-a-b", "good", Platform.KLAVIYO)
    assert second.kind == "bad"


def rule_beside(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Rule:
    """The check above, as though it lived in a package next to a case file with this text."""
    package = folder / "casebook"
    package.mkdir()
    (package / "__init__.py").write_text('"""For one test."""\n')
    (package / "odd.toml").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "casebook", raising=False)
    return Rule("ZZZ001", "odd", (), Severity.LOW, frozenset(), reply_to.level, reply_to.run, "", "casebook.odd")
