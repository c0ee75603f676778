"""Which code a run ends with."""

from __future__ import annotations

import itertools

import pytest

from presend.exitcodes import PRIORITY, ExitCode, choose


def test_every_code_has_its_place() -> None:
    """The order is total: no code is forgotten, none is there twice."""
    assert sorted(PRIORITY) == sorted(ExitCode)


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.pairwise([5, 2, 1, 4, 3, 0])))
def test_the_stronger_code_wins_in_either_order(stronger: int, weaker: int) -> None:
    """A failed deed beats a usage error beats findings beats incomplete beats nothing beats clear."""
    codes = [ExitCode(stronger), ExitCode(weaker)]

    assert choose(codes) is ExitCode(stronger)
    assert choose(reversed(codes)) is ExitCode(stronger)


def test_a_run_in_which_nothing_applies_is_clear() -> None:
    """No code means nothing to complain of."""
    assert choose([]) is ExitCode.CLEAR
