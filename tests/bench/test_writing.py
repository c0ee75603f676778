"""What the benchmark measured is written as the figures that `presend explain` reads."""

from __future__ import annotations

import tomllib

import pytest

from bench.mishaps import __main__ as command
from bench.mishaps.scoring import Board, Score
from bench.mishaps.writing import figures
from presend.cli import figures as reading
from presend.cli.figures import Figures, figures_of
from presend.registry import rules


def test_counts_and_intervals_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = {"TAG002": Score("TAG002", planted=20, recalled=19, true=30), "AGE001": Score("AGE001")}
    book = tomllib.loads(figures(Board(scores=scores, campaigns=400, clean=150, noisy_clean=1), (21, 22)))

    assert (book["campaigns"], book["clean"], book["clean_with_notice"]) == (400, 150, 1)
    monkeypatch.setattr(reading, "_book", lambda _package: book)
    found = figures_of(next(rule for rule in rules() if rule.code == "TAG002"))
    assert isinstance(found, Figures)
    assert (str(found.recall), found.seeds) == ("0.950 of 20 (95 %: 0.76 to 0.99)", (21, 22))
    assert str(found.precision) == "1.000 of 30 (95 %: 0.89 to 1.00)"


def test_only_write_writes(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "figures.toml"
    monkeypatch.setattr(command, "FIGURES", target)

    assert command.main(["--seed", "5", "--campaigns", "2"]) == 0
    assert not target.exists()
    assert command.main(["--seed", "5", "6", "--campaigns", "2", "--write"]) == 0
    assert "seed 5, 6: 4 campaigns" in capsys.readouterr().out
    assert tomllib.loads(target.read_text())["seeds"] == [5, 6]
