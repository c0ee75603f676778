"""What is installed: entry points that load, types that ship, a lock that covers the dependencies."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

PACKAGES = {
    "presend": "src",
    "presend_connectors": "connectors",
    "presend_sandbox": "connectors",
    "presend_checks": "checks",
}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text())


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("presend.connectors", {"mailchimp", "klaviyo", "hubspot"}),
        ("presend.checks", {"core"}),
    ],
)
def test_entry_points_load(group: str, names: set[str]) -> None:
    """Each platform and the rule book can be found and imported by name."""
    found = {point.name: point for point in entry_points(group=group) if point.dist and point.dist.name == "presend"}

    assert set(found) == names
    assert all(callable(point.load()) or point.load() is not None for point in found.values())


@pytest.mark.parametrize("package", PACKAGES)
def test_types_ship(package: str, root: Path) -> None:
    """Whoever builds on presend gets its types."""
    assert (root / PACKAGES[package] / package / "py.typed").exists()


def test_lock_covers_every_dependency(project: dict[str, Any], root: Path) -> None:
    """Each requirement is in the lock, each pinned to one version, each with hashes."""
    extras = project["project"]["optional-dependencies"]
    wanted = {
        re.split(r"[\[<>=~! ]", requirement)[0].lower().replace("_", "-")
        for requirement in [*project["project"]["dependencies"], *extras["dev"], *extras["postgres"]]
    }
    lock = (root / "requirements" / "dev.txt").read_text()
    pin = re.compile(
        r"^([a-z0-9-]+)==\S+(?: ; [^\\\n]+)? \\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+",
        re.MULTILINE,
    )
    locked = pin.findall(lock)

    assert pin.sub("", lock) == ""
    assert len(locked) == len(set(locked))
    assert wanted <= set(locked)


HEAVY = {
    "mailchimp_marketing", "klaviyo_api", "openapi_client", "hubspot", "duckdb", "sqlalchemy", "django",
    "starlette", "uvicorn", "slack_sdk", "pydantic", "presend_connectors", "presend_sandbox", "presend_checks",
}  # fmt: skip
"""What a user who asks for help must not wait for."""


def test_help_imports_nothing_heavy() -> None:
    """`presend --help` answers without an SDK, a database or a rule book in memory."""
    program = (
        "import sys\n"
        "from presend.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print('modules:', *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    modules = set(done.stdout.rpartition("modules:")[2].split())

    assert done.returncode == 0, done.stderr
    assert "click" in modules
    assert modules & HEAVY == set()


def test_version_is_the_distributions(project: dict[str, Any]) -> None:
    """`presend.__version__` is what pyproject.toml says."""
    import presend

    assert presend.__version__ == project["project"]["version"]
