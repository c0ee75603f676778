"""What every test runs under: loopback only, no settings or state of the person running it, no real clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres import Server, running_server

# The same examples on every machine; "dev" looks further, anew each time (HYPOTHESIS_PROFILE=dev).
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.register_profile(
    "dev", deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A zone that is nobody's default and no whole hour from UTC: code that takes the machine's zone for
# the recipient's, or a local time for UTC, cannot pass by luck.
os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

KEPT = {"PRESEND_SPECS"}
"""The one variable of ours that tests read themselves: where the published API descriptions are."""

PROXIES = {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"}


def _is_private(name: str) -> bool:
    return (name.startswith("PRESEND_") and name not in KEPT) or name.lower() in PROXIES


@pytest.fixture(autouse=True)
def _nobodys_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Run in an empty folder with an empty home: no .env, presend.toml, keys, proxies or earlier runs."""
    for name in [name for name in os.environ if _is_private(name)]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    monkeypatch.setenv("PRESEND_STATE_DIR", str(home / "state"))
    # What a child process would fetch through a proxy fails at once, on loopback.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost,::1")
    work = home / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the project; tests run elsewhere."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def as_of() -> datetime:
    """The moment that tests judge from: a Monday morning, in UTC."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(as_of: datetime) -> Callable[[], datetime]:
    """A clock that stands still at `as_of`."""
    return lambda: as_of


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A throwaway PostgreSQL server for the whole run; only for tests marked `postgres`."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> str:
    """The SQLAlchemy URL of an empty database of this test's own."""
    return postgres_server.new_database()
