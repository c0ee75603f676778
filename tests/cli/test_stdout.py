"""Where the report cannot be written, or nobody reads it to the end: a sentence, the right code, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_a_row_that_repeats_an_id_is_not_passed_over(tmp_path: Path) -> None:
    words = lint(tmp_path, ANN + "1,b@example.com,\n")

    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 4
    assert "repeat an earlier id" in done.stderr
    assert "b@example.com" not in done.stderr
