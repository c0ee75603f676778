"""Where the report cannot be written, or nobody reads it to the end: a sentence, the right code, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Presend

PRESEND = [sys.executable, "-c", "from presend.cli import main; main()"]


def lint(folder: Path, people: str) -> list[str]:
    """The words that lint a clear template for these people."""
    (folder / "l.html").write_text("<p>Hello {{ first_name|default:'there' }}</p>")
    (folder / "p.csv").write_text(people)
    return [*PRESEND, "lint", "l.html", "--platform", "klaviyo", "--audience", "p.csv", "--format", "json"]


ANN = "id,email,first_name\n1,a@example.com,Ann\n"


def test_a_full_disk_behind_stdout_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            lint(tmp_path, ANN), cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == 2
    assert "stdout cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_who_goes_away_is_no_finding(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            lint(tmp_path, ANN), cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(write)

    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["checks", "history", "status --format json", "schema report", "--help", "--version"])
def test_a_full_disk_is_said_by_every_command(presend: Presend, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        done = presend(*words.split())

    assert done.code == 2
    assert done.err.startswith("error: stdout cannot be written: No space left on device\n")


@pytest.mark.parametrize(("words", "code"), [("checks", 0), ("explain TAG002", 0), ("status --account nosuch", 3)])
def test_a_reader_who_goes_away_leaves_every_command_its_own_code(
    presend: Presend, monkeypatch: pytest.MonkeyPatch, words: str, code: int
) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        done = presend(*words.split())

    assert done.code == code


def test_a_closed_stdout_is_said(presend: Presend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    done = presend("checks")

    assert (done.code, done.err.splitlines()[0]) == (2, "error: stdout is closed")


def test_a_row_that_repeats_an_id_is_not_passed_over(tmp_path: Path) -> None:
    words = lint(tmp_path, ANN + "1,b@example.com,\n")

    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 4
    assert "repeat an earlier id" in done.stderr
    assert "b@example.com" not in done.stderr
