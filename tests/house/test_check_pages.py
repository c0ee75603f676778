"""docs/checks has a page for every check, and each says what the check, its cases and its figures say today."""

from __future__ import annotations

from pathlib import Path

from presend.check import HEADINGS
from presend.cli import pages
from presend.registry import rules


def test_the_pages_are_those_that_would_be_written_now(root: Path) -> None:
    folder = root / "docs" / "checks"
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*")}
    wanted = pages.pages(rules())

    stale = sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))
    assert stale == [], f"docs/checks is stale: run `{pages.AGAIN}`"


def test_every_check_says_why_how_and_what_it_cannot_see() -> None:
    lacking = [f"{rule.code}: {heading}" for rule in rules() for heading in HEADINGS if not rule.section(heading)]

    assert lacking == []


def test_writing_touches_only_what_differs_and_takes_away_what_is_gone(tmp_path: Path) -> None:
    some = rules()[:2]
    assert pages.write(tmp_path, some) == 3
    assert pages.write(tmp_path, some) == 0

    (tmp_path / f"{some[0].code}.md").write_text("by hand")
    assert pages.write(tmp_path, some) == 1
    assert pages.write(tmp_path, some[:1]) == 2  # the page that is gone, and the index
    assert {file.name for file in tmp_path.iterdir()} == {pages.INDEX, f"{some[0].code}.md"}
