"""One run for each account: on one machine, across machines, and after a run that was killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from presend.errors import Busy, SettingsError
from presend.settings import Settings
from presend.store.engines import postgres, url_of
from presend.store.locks import account_lock, number

HOLDER = """
import sys
from pathlib import Path
from pydantic import SecretStr
from presend.settings import Settings
from presend.store.locks import account_lock
url = sys.argv[2] and SecretStr(sys.argv[2]) or None
with account_lock(Settings(accounts=(), state_dir=Path(sys.argv[1]), store_url=url), "acme"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the lock of account acme."""
    url = settings.store_url.get_secret_value() if settings.store_url else ""
    words = [sys.executable, "-c", HOLDER, str(settings.state_dir), url]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_lock_of_a_killed_process_heals(settings: Settings) -> None:
    with holder(settings) as process:
        with pytest.raises(Busy, match="at work on account acme"), account_lock(settings, "acme"):
            pass
        process.kill()
        process.wait()
        _soon(settings)


def _soon(settings: Settings) -> None:
    """Take the lock; a server needs a moment to see that a connection has ended."""
    until = time.monotonic() + 10
    while True:
        try:
            with account_lock(settings, "acme"):
                return
        except Busy:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_run_that_fails_gives_the_lock_back(settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="in between"), account_lock(settings, "acme"):
        raise RuntimeError("in between")
    with account_lock(settings, "acme"):
        pass


@pytest.mark.parametrize(("one", "other"), [("acme", "Acme"), ("a/b", "a_b"), ("a" * 300, "a" * 299 + "b")])
def test_accounts_that_look_alike_are_apart(tmp_path: Path, one: str, other: str) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path)
    with account_lock(settings, one), account_lock(settings, other):
        pass


def test_keys_are_stable_and_fit_the_server() -> None:
    """The same on every machine and version of Python, within a signed integer of 64 bits."""
    assert number("account acme") == 1031593780201449932
    assert all(-(2**63) <= number(f"account {n}") < 2**63 for n in range(500))
    assert any(number(f"account {n}") < 0 for n in range(20))


@pytest.mark.postgres
def test_two_machines_exclude_each_other(postgres_url: str, tmp_path: Path) -> None:
    """Folders of their own, one database."""
    here, there = (
        Settings(accounts=(), state_dir=tmp_path / name, store_url=SecretStr(postgres_url)) for name in ("a", "b")
    )
    with account_lock(here, "acme"):
        with pytest.raises(Busy, match="another machine"), account_lock(there, "acme"):
            pass
        with account_lock(there, "shop"):
            pass
    with account_lock(there, "acme"):
        pass


@pytest.mark.postgres
def test_a_lock_outlives_the_servers_patience(postgres_url: str, tmp_path: Path) -> None:
    """A server that ends idle sessions must not end the lock of a long run; a dead machine is noticed."""
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(postgres_url))
    url = url_of(settings)
    assert url is not None
    engine = postgres(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER ROLE presend SET idle_session_timeout = '50ms'"))
    try:
        with account_lock(settings, "acme"):
            time.sleep(0.2)
            with engine.connect() as connection:
                locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                assert (
                    connection.execute(
                        sa.text(
                            f"{locks} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                        )
                    ).scalar()
                    == 1
                )
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("ALTER ROLE presend RESET idle_session_timeout"))
        engine.dispose()


def test_a_server_out_of_reach_is_said_before_anything_is_read(tmp_path: Path) -> None:
    url = SecretStr("postgresql://me:hidden@127.0.0.1:1/x")
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=url)

    with pytest.raises(SettingsError, match="cannot be reached") as caught, account_lock(settings, "acme"):
        pass

    assert "hidden" not in f"{caught.value} {caught.value.help}"
    # The file lock was given back.
    with account_lock(Settings(accounts=(), state_dir=tmp_path), "acme"):
        pass


@pytest.mark.postgres
def test_a_server_that_ends_the_session_of_a_lock_ends_no_run(postgres_url: str, tmp_path: Path) -> None:
    """A restart in the middle of a run: its deeds are guarded by reading again, and it comes to its end."""
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(postgres_url))
    url = url_of(settings)
    assert url is not None
    engine = postgres(url, poolclass=sa.NullPool)
    with account_lock(settings, "acme"), engine.connect() as connection:
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
        assert connection.execute(sa.text(f"{cut} AND datname = current_database()")).scalar() == 1
    engine.dispose()
    with account_lock(settings, "acme"):
        pass
