"""What the tests of the house share: the tracked files, and tables read out of Markdown."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def tracked(root: Path, *patterns: str) -> list[Path]:
    """The tracked files that match the patterns (all without one), as absolute paths."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=root, check=True, capture_output=True, text=True
    )
    return [root / name for name in listed.stdout.split("\0") if name and (root / name).exists()]


def text_of(path: Path) -> str | None:
    """The file's text, or None for a binary one."""
    data = path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8", errors="replace")


def section(markdown: str, heading: str) -> str:
    """The text below a second-level heading, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", markdown, re.DOTALL | re.MULTILINE)
    assert found, f"no section {heading!r}"
    return found[1]


def rows(markdown: str) -> list[list[str]]:
    """The body rows of the tables in the text, cell by cell; indented tables count too."""
    lines = [line.strip() for line in markdown.splitlines() if line.strip().startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    rules = [number for number, cells in enumerate(lines) if re.fullmatch(r"[|:\- ]+", cells)]
    heads = {number - 1 for number in rules}
    return [cells for number, cells in enumerate(table) if number not in heads and number not in rules]
