"""What the documents promise is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from presend.cli.deeds import load_policy
from presend.exitcodes import ExitCode
from presend.settings import load
from tests.house.tree import rows, section


def test_readme_shows_the_exit_codes_of_the_program(root: Path) -> None:
    """One table in README and in the docstring, with a row for every member."""
    written = rows(section((root / "README.md").read_text(), "Exit codes"))

    assert written == rows(ExitCode.__doc__ or "")
    assert [(int(code), name.upper()) for code, name, _ in written] == [(int(c), c.name) for c in ExitCode]


def _commands_in_readme(root: Path) -> set[str]:
    """The commands that README's table names: `presend hold CAMPAIGN` is `hold`."""
    table = rows(section((root / "README.md").read_text(), "Commands"))
    return {name for cells in table for name in re.findall(r"`presend ([a-z]+)", cells[0])}


def test_readme_shows_the_commands_of_the_program(root: Path) -> None:
    """Every command is in README, and README has no other."""
    from presend.cli import cli

    shown = CliRunner().invoke(cli, ["--help"])
    listed = shown.output.partition("Commands:\n")[2]

    assert shown.exit_code == 0
    assert set(re.findall(r"^  ([a-z]+)", listed, re.MULTILINE)) == _commands_in_readme(root)


def test_env_example_lists_the_settings(root: Path) -> None:
    """Every setting is there once, commented out, and there is no other."""
    from presend.settings import env_names

    example = (root / ".env.example").read_text()
    listed = re.findall(r"^#? ?(PRESEND_[A-Z_]+)=", example, re.MULTILINE)

    assert sorted(listed) == sorted(env_names())
    assert re.findall(r"^PRESEND_\w+=\S", example, re.MULTILINE) == []


def test_readme_shows_the_settings(root: Path) -> None:
    """README's table names every setting that .env.example lists."""
    table = section((root / "README.md").read_text(), "Settings")
    example = (root / ".env.example").read_text()

    assert set(re.findall(r"`(PRESEND_[A-Z_]+)`", table)) == set(re.findall(r"PRESEND_[A-Z_]+(?==)", example))


def test_readme_and_contributing_name_real_make_targets(root: Path) -> None:
    """Every `make X` in the documents is a target, and every target has its line of help."""
    makefile = (root / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    named = {
        target
        for document in ("README.md", "CONTRIBUTING.md", "checks/README.md", "connectors/README.md")
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", (root / document).read_text(), re.MULTILINE)
    }

    assert named
    assert named <= targets
    assert explained == targets


def test_the_map_names_every_room(root: Path) -> None:
    """docs/architecture.md has a row for everything directly below src/presend, and no ghosts."""
    page = (root / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"^\| `([a-z]+(?:\.py|/))`", section(page, "Rooms of the core"), re.MULTILINE))
    core = root / "src" / "presend"
    there = {f"{path.name}/" for path in core.iterdir() if (path / "__init__.py").exists()}
    there |= {path.name for path in core.glob("*.py") if not path.name.startswith("__")}

    assert named == there


def test_the_policy_of_readme_is_one(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is read without a word, and holds, leaves out and asks as the text below it says."""
    (example,) = re.findall(r"```toml\n(.*?)```", section((root / "README.md").read_text(), "A policy"), re.DOTALL)
    (tmp_path / "presend.toml").write_text(example)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRM_WEBHOOK", "jsons://127.0.0.1/x")

    policy = load_policy(load(), None)

    assert (policy.hold, policy.exclude, policy.hold_irreversible) == ("blocker", "high", True)
    assert (policy.approval.recipients, policy.rule[0].owner) == (10000, "@crm")
