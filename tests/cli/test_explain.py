"""`presend explain`: everything there is to say of a check, with figures or the reason why there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from presend.check import HEADINGS, Need
from presend.cli import figures as module
from presend.cli.figures import Figures, Share, figures_of
from presend.cli.mishaps import MISHAPS, told
from presend.cli.pages import SHOWN, cases_of, pages, plain
from presend.model import Gap, Severity
from presend.registry import rules

RULES = rules()
BY_CODE = {rule.code: rule for rule in RULES}


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_every_code_is_explained_in_full(code: str) -> None:
    said = plain(BY_CODE[code])

    for heading in (*HEADINGS, "Finds", "Stays silent on", "Measured"):
        assert said.partition(f"\n{heading}\n{'-' * len(heading)}\n")[2].strip(), heading
    assert said.startswith(f"{code} ")
    assert "\n- " in said


def test_the_command_takes_a_code_or_a_name_and_refuses_a_family(presend) -> None:
    assert presend("explain", "tag002").out == presend("explain", "no-fallback").out == plain(BY_CODE["TAG002"])

    family = presend("explain", "TAG")
    assert family.code == 2
    assert "is a family of rules" in family.err
    assert presend("explain", "TAG0002").code == 2


def test_blanks_around_a_code_are_no_part_of_it(presend) -> None:
    assert presend("explain", " TAG002 ").out == plain(BY_CODE["TAG002"])

    nothing = presend("explain", " ")
    assert nothing.code == 2
    assert "no rule is named" in nothing.err


def test_what_a_check_serves_is_said_in_words() -> None:
    assert {code for rule in RULES for code in rule.mishaps} <= set(MISHAPS)
    assert list(MISHAPS) == [f"M{number:02}" for number in range(1, 31)]
    assert "; serves M19 (one inbox that several people read)\n" in plain(BY_CODE["DUP004"])
    found = pages(RULES)
    assert "Serves M19 (one inbox that several people read). Looks at:" in found["DUP004.md"]
    assert "\n| M07 | duplicate people, with data in conflict |\n" in found["README.md"]
    # A rule book of somebody else's may have codes of its own.
    assert told(["X1", "M27"]) == "X1, M27 (typing errors, and notes that were left in)"


BOOK = {
    "seeds": [1, 2],
    "campaigns": 400,
    "checks": {
        "TAG002": {
            "planted": 20,
            "recalled": 19,
            "recall_interval": [0.7639, 0.9911],
            "findings": 30,
            "right": 30,
            "precision_interval": [0.8865, 1.0],
        },
        "TAG016": {
            "planted": 0,
            "recalled": 0,
            "recall_interval": [0.0, 1.0],
            "findings": 0,
            "right": 0,
            "precision_interval": [0.0, 1.0],
        },
    },
}


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_book", lambda package: BOOK if package == "presend_checks" else {})


def test_figures_are_told_with_their_intervals(book: None) -> None:
    found = figures_of(BY_CODE["TAG002"])

    assert found == Figures(Share(30, 30, 0.8865, 1.0), Share(19, 20, 0.7639, 0.9911), (1, 2), 400)
    precision, recall, where = found.lines()
    assert precision == "precision 1.000 of 30 findings of high confidence (95 %: 0.89 to 1.00)"
    assert recall == "recall 0.950 of 20 planted faults (95 %: 0.76 to 0.99)"
    assert "400 generated campaigns (seeds 1, 2)" in where


def test_no_tries_are_no_figure(book: None) -> None:
    found = figures_of(BY_CODE["TAG016"])

    assert isinstance(found, Figures)
    assert isinstance(found.precision, Gap)
    assert isinstance(found.recall, Gap)
    assert found.lines()[1] == "recall not measured: no campaign of these has a fault of this kind"


def test_findings_that_no_label_is_for_are_no_precision(book: None, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {**BOOK["checks"]["TAG016"], "findings": 30, "precision_interval": [0.0, 0.1135]}
    monkeypatch.setattr(module, "_book", lambda _package: {**BOOK, "checks": {"TAG016": row}})
    found = figures_of(BY_CODE["TAG016"])

    assert isinstance(found, Figures)
    assert (
        found.lines()[0]
        == "precision not measured: it spoke 30 times there, and the labels do not tell whether rightly"
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"module": "elsewhere.rules.one"}, "its rule book ships no figures.toml"),
        ({"severity": Severity.INFO}, "it informs"),
        ({"needs": frozenset({Need.RECORD}), "severity": Severity.LOW}, "nobody records anything"),
        (
            {"severity": Severity.LOW},
            "no campaign of the benchmark has a fault of this kind, and this check found nothing",
        ),
    ],
)
def test_a_check_without_figures_says_why(book: None, changes: dict[str, object], why: str) -> None:
    rule = replace(BY_CODE["TAG001"], code="XYZ001", **changes)

    found = figures_of(rule)
    assert isinstance(found, Gap)
    assert why in found.reason


def test_some_cases_are_shown_and_no_platform_is_crowded_out() -> None:
    for rule in RULES:
        for kind in ("bad", "good"):
            shown, more = cases_of(rule, kind)
            assert len(shown) <= SHOWN
            assert more == 0 or len(shown) == SHOWN
    shown, more = cases_of(BY_CODE["TAG002"], "bad")
    assert more > 0
    assert {case.platform.value for case in shown} == {"mailchimp", "klaviyo", "hubspot"}


def test_a_page_shows_tags_as_they_are_written() -> None:
    page = pages([BY_CODE["TAG001"]])["TAG001.md"]

    assert "`<p>Hi {{ first_name|default:'there' }},</p>`" in page
    assert "<p>" not in "".join(page.split("`")[::2])
