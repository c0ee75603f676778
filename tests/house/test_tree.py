"""What no file of the project may hold, and how long one may be."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import text_of, tracked

MACHINE_PATHS = re.compile(r"(?:^|[^A-Za-z0-9_.~-])/(?:work|farm|root|home|Users|tmp|opt)/[A-Za-z0-9_.]")
"""A folder of somebody's machine; what a test needs comes from tmp_path or tempfile."""

REGISTRY_HOSTS = re.compile(
    r"py[p]i\.(?:org|io)|python[h]osted|npm[j]s|file:/{3}|--find-[l]inks|--(?:extra-)?index-[u]rl"
)
"""A package index: whoever installs presend says where from, never a file of ours."""

LONG_FILES: dict[str, str] = {}
"""Python files of more than 400 lines, each with the reason why it is one file."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions of more than 50 lines (path::name), each with its reason."""

CODE = ("src/*.py", "connectors/*.py", "checks/*.py", "tests/*.py")


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRY_HOSTS], ids=["machine paths", "package indexes"])
def test_no_file_tells_where_it_was_made(root: Path, pattern: re.Pattern[str]) -> None:
    """A clone works the same anywhere: nothing in it points at one machine or one index."""
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path in tracked(root)
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (MACHINE_PATHS, "see /" + "home/someone/notes"),
        (MACHINE_PATHS, "open('/" + "tmp/x')"),
        (REGISTRY_HOSTS, "--index-" + "url https://example.org/simple"),
        (REGISTRY_HOSTS, "https://py" + "pi.org/simple"),
    ],
)
def test_the_patterns_see_what_they_are_for(pattern: re.Pattern[str], bad: str) -> None:
    """The search above can fail."""
    assert pattern.search(bad)


def test_files_stay_short_enough_to_read(root: Path) -> None:
    """At most 400 lines, or a reason; and no reason outlives the file it was for."""
    lengths = {
        str(path.relative_to(root)): len(path.read_text().splitlines()) for path in tracked(root, *CODE)
    }

    assert {name: lines for name, lines in lengths.items() if lines > 400 and name not in LONG_FILES} == {}
    assert {name for name in LONG_FILES if lengths.get(name, 0) <= 400} == set()


def _functions(path: Path) -> list[tuple[str, int]]:
    """Each function of the file with the lines of its body, its docstring left out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            found.append((node.name, lines))
    return found


def test_functions_stay_short_enough_to_read(root: Path) -> None:
    """At most 50 lines without the docstring, or a reason; tests may tell a longer story."""
    lengths = {
        f"{path.relative_to(root)}::{name}": lines
        for path in tracked(root, "src/*.py", "connectors/*.py", "checks/*.py")
        for name, lines in _functions(path)
        if lines > 50
    }

    assert {name: lines for name, lines in lengths.items() if name not in LONG_FUNCTIONS} == {}
    assert {name for name in LONG_FUNCTIONS if name not in lengths} == set()
