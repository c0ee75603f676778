"""Every case beside every check, and what every check must have: headings, a code of its own, both kinds of cases."""

from __future__ import annotations

from collections import Counter
from functools import cache
from unittest.mock import patch

import pytest

from presend.cases import Case, load_cases, misses, opened, run
from presend.check import HEADINGS, Need, Rule
from presend.mail import Mail
from presend.model import UncheckedKind
from presend.rules import Verdict
from presend_checks import rulebook

RULES = {rule.code: rule for rule in rulebook.rules}
CASES = [case for rule in rulebook.rules for case in load_cases(rule)]
BY_ID = {case.id: case for case in CASES}
LEAST = 3
"""Cases of each kind that a check needs at the least."""

# The tests of one rule look at the same verdicts, which one worker keeps.
every_rule = pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.code, marks=pytest.mark.xdist_group(rule.code)) for rule in rulebook.rules]
)


@cache
def judged(case_id: str) -> tuple[Verdict, frozenset[Need]]:
    """What the check says of a case, and which of its needs it looked at on the way."""
    case = BY_ID[case_id]
    used: set[Need] = set()
    plain = Mail._need

    def noted(self: Mail, *needs: Need) -> None:
        used.add(needs[0])
        plain(self, *needs)

    with patch.object(Mail, "_need", noted):
        return run(RULES[case.code], case), frozenset(used)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.id, marks=pytest.mark.xdist_group(case.code)) for case in CASES]
)
def test_case_comes_out_as_it_says(case: Case) -> None:
    """The check finds exactly what the case expects of it."""
    rule = RULES[case.code]
    verdict, _used = judged(case.id)
    if verdict.missed is not None and verdict.missed[0] is UncheckedKind.FAILED:
        with opened(case) as message:
            list(rule.run(Mail(message, rule, case.data.get("settings"))))  # raises what the engine caught

    assert not misses(case, verdict)
    # Whoever accepts one finding accepts no other with it.
    assert max(Counter(one.fingerprint for one in verdict.findings).values(), default=1) == 1


@every_rule
def test_docstring_has_every_heading(rule: Rule) -> None:
    """`presend explain` has something to print under each heading."""
    assert rule.summary
    assert [heading for heading in HEADINGS if not rule.section(heading)] == []


@every_rule
def test_both_kinds_of_cases(rule: Rule) -> None:
    """A check is shown what it must find and what it must leave alone."""
    cases = load_cases(rule)
    kinds = Counter(case.kind for case in cases)

    assert kinds["bad"] >= LEAST
    assert kinds["good"] >= LEAST
    assert all(case.expect for case in cases if case.kind == "bad")


@every_rule
def test_file_is_named_by_what_it_flags(rule: Rule) -> None:
    """no-fallback lives in no_fallback.py."""
    assert rule.module.rpartition(".")[2] == rule.name.replace("-", "_")


@every_rule
def test_declared_needs_are_used(rule: Rule) -> None:
    """A check looks at everything it asked for in one case or another; AUDIENCE may serve as a precondition only."""
    used = {need for case in load_cases(rule) for need in judged(case.id)[1]}

    assert rule.needs - {Need.AUDIENCE} <= used


def test_codes_and_names_are_unique() -> None:
    """No two checks share a code or a name, and no two cases of a check a name."""
    assert max(Counter(rule.code for rule in rulebook.rules).values(), default=1) == 1
    assert max(Counter(rule.name for rule in rulebook.rules).values(), default=1) == 1
    assert max(Counter(case.id for case in CASES).values(), default=1) == 1
