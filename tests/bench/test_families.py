"""The mail for comparing the families of checks is one of which each has something to say."""

from __future__ import annotations

from pathlib import Path

from bench.audience import write
from bench.familiar import FAMILIAR
from bench.families import cost_of, is_main, ratios, table
from presend.registry import rules


def test_every_family_speaks_and_the_main_job_is_a_part_of_it(tmp_path: Path) -> None:
    """Otherwise what it prints would flatter: a check that finds nothing counts nobody and shows nobody."""
    write(tmp_path, 600, FAMILIAR)

    every = cost_of("all", tmp_path)

    assert set(every.families) == {rule.family for rule in rules()}
    assert set(every.seconds) <= {rule.code for rule in rules()}
    assert {rule.code for rule in rules() if is_main(rule)} >= {"TAG001", "TAG018", "VAL007", "AGE005", "OPS002"}
    assert not {rule.code for rule in rules() if is_main(rule)} & {"VAL008", "AGE006", "OPS003", "CLM001"}
    assert ratios({"main": every, "all": every}) == {"cpu": 1.0, "memory": 1.0}
    assert "TAG002" in table({"main": every, "all": every}, 100)
