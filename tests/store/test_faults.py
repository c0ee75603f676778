"""A full disk, a folder that may only be read, a server that is gone: a sentence, and never what was to be stored."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from presend.errors import DeedError, SettingsError
from presend.model import Reversible, Step, Verb
from presend.settings import Settings
from presend.store import database
from presend.store.access import reason
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.marks import Marks
from presend.store.outbox import Outbox
from presend.store.oversight import Acks, Approvals, Baselines
from presend.store.prune import prune
from presend.store.runs import Runs
from presend.store.seen import Seen
from presend.store.tables import metadata
from tests.deeds.fakes import NOW, campaign, finding, result

WIDE = "Ann " * 20_000


def begin(store: sa.Engine) -> int:
    step = Step(Verb.HOLD, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, WIDE)
    return Journal(store, "run1").begin(step, "Spring", {}, NOW)


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=tmp_path)) as engine:
        yield engine


def pragma(engine: sa.Engine, words: str) -> None:
    """Set on the one connection that the engine has in hand."""
    with engine.connect() as connection:
        connection.exec_driver_sql(words)


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow: what a quota does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_stops_the_deed_before_it_is_done(file_store: sa.Engine) -> None:
    pragma(file_store, "PRAGMA max_page_count = 1")

    with pytest.raises(DeedError) as caught:
        begin(file_store)

    assert caught.value.message == "the journal could not be written, so nothing was done: the disk is full"
    assert "Ann" not in f"{caught.value} {caught.value.help}"
    pragma(file_store, "PRAGMA max_page_count = 1073741823")
    assert begin(file_store) == 1


def test_a_store_that_may_only_be_read_says_so(file_store: sa.Engine) -> None:
    pragma(file_store, "PRAGMA query_only = ON")

    with pytest.raises(DeedError, match="the file or its folder may only be read"):
        begin(file_store)
    assert Journal(file_store, "r").held_now() == []


def test_a_disk_without_room_is_said_at_opening(tmp_path: Path) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path / "state")

    with no_room(), pytest.raises(SettingsError) as caught, opened(settings):
        pass

    assert "cannot be used" in caught.value.message
    assert "room" in caught.value.help
    with opened(settings) as engine:
        assert begin(engine) == 1


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refused(path: object, *more: object) -> int:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(database.os, "open", refused)

    with (
        pytest.raises(SettingsError, match=os.strerror(code)) as caught,
        opened(Settings(accounts=(), state_dir=tmp_path)),
    ):
        pass

    assert "PRESEND_STATE_DIR" in caught.value.help


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://me:hidden@127.0.0.1:1/x", "the server cannot be reached"),
        ("postgres://me:hidden@127.0.0.1:1/x", "the server cannot be reached"),
        ("postgresql+psycopg://me:hidden@127.0.0.1:1/x", "the server cannot be reached"),
        ("mysql://me:hidden@127.0.0.1/x", "a database of another kind"),
        ("hidden", "not the URL of a database"),
        ("postgresql://me:hidden@127.0.0.1:port/x", "not the URL of a database"),
        ("postgresql+nodriver://me:hidden@127.0.0.1/x", "cannot be opened|can open|not the URL"),
    ],
)
def test_a_url_that_leads_nowhere_is_said_without_its_secrets(tmp_path: Path, url: str, said: str) -> None:
    with (
        pytest.raises(SettingsError, match=said) as caught,
        opened(Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(url))),
    ):
        pass

    shown = f"{caught.value} {caught.value.help}"
    assert "hidden" not in shown
    assert "me:" not in shown
    assert caught.value.__cause__ is None
    assert caught.value.help


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", ["password", "database"])
def test_a_server_that_refuses_is_not_called_out_of_reach(postgres_url: str, tmp_path: Path, wrong: str) -> None:
    url = sa.make_url(postgres_url)
    url = url.set(password="hidden") if wrong == "password" else url.set(database="nowhere")
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(url.render_as_string(hide_password=False)))

    with pytest.raises(SettingsError, match="refused user, password or database") as caught, opened(settings):
        pass

    assert "hidden" not in f"{caught.value} {caught.value.help}"


@pytest.mark.postgres
def test_a_connection_cut_between_two_deeds_is_made_anew(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(postgres_url))
    with opened(settings) as engine, opened(settings) as other:
        assert begin(engine) == 1
        with other.begin() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
            connection.execute(sa.text(f"{cut} AND datname = current_database()"))

        assert begin(engine) == 2


def fault(**names: str) -> sa.exc.OperationalError:
    return sa.exc.OperationalError("INSERT hidden", {}, Exception("hidden") if not names else _orig(**names))


def _orig(**names: str) -> Exception:
    error = Exception("hidden")
    for name, value in names.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (fault(sqlite_errorname="SQLITE_FULL"), "the disk is full"),
        (fault(sqlite_errorname="SQLITE_READONLY_DBMOVED"), "the file or its folder may only be read"),
        (fault(sqlite_errorname="SQLITE_BUSY_SNAPSHOT"), "another process keeps it locked"),
        (fault(sqlite_errorname="SQLITE_IOERR_WRITE"), "the disk is full, or failed"),
        (fault(sqlite_errorname="SQLITE_TOOBIG"), "SQLITE_TOOBIG"),
        (fault(sqlstate="53100"), "the server has no room or no connections left"),
        (fault(sqlstate="42501"), "the user of the database lacks a right"),
        (fault(sqlstate="57P01"), "the server is shutting down or starting"),
        (fault(sqlstate="25006"), "the database may only be read"),
        (fault(sqlstate="42P01"), "SQLSTATE 42P01"),
        (fault(), "OperationalError"),
    ],
)
def test_reasons_are_in_our_own_words(error: sa.exc.SQLAlchemyError, said: str) -> None:
    assert reason(error) == said


Call = Callable[[sa.Engine], object]

CALLS: dict[str, Call] = {
    "begin": begin,
    "stage": lambda e: Journal(e, "r").stage(1, "Ann", {}),
    "holding": lambda e: Journal(e, "r").holding(1, True),
    "undone": lambda e: Journal(e, "r").undone(1, 2),
    "held": lambda e: Journal(e, "r").held("acme", "Ann"),
    "held_now": lambda e: Journal(e, "r").held_now(),
    "unfinished": lambda e: Journal(e, "r").unfinished("Ann"),
    "runs": lambda e: Journal(e, "r").runs(),
    "matching": lambda e: Journal(e, "r").matching("Ann"),
    "states": lambda e: Seen(e).states([finding(says="Ann")]),
    "changes": lambda e: Seen(e).changes("acme", "Ann", [], True),
    "remember": lambda e: Seen(e).remember(result(campaign(), [finding(says="Ann")]), NOW),
    "run start": lambda e: Runs(e).start("Ann", NOW),
    "run account": lambda e: Runs(e).account("Ann", "a", "p", True, 1, 1, NOW),
    "run finish": lambda e: Runs(e).finish("Ann", [0], True, NOW),
    "run last": lambda e: Runs(e).last_complete("Ann"),
    "run recent": lambda e: Runs(e).recent(5, "Ann"),
    "ack put": lambda e: Acks(e).put("f", "Ann", "Ann", NOW, 1, NOW),
    "ack get": lambda e: Acks(e).get("Ann"),
    "ack active": lambda e: Acks(e).active(NOW),
    "approval put": lambda e: Approvals(e).put("acme", "c", "h", "Ann", NOW),
    "approval of": lambda e: Approvals(e).of("acme", "Ann"),
    "baseline put": lambda e: Baselines(e).put("acme", ["Ann"], NOW),
    "baseline get": lambda e: Baselines(e).get("Ann"),
    "marks put": lambda e: Marks(e).put("acme", "c", "l", ["Ann"], NOW),
    "marks remove": lambda e: Marks(e).remove("acme", "c", "l", ["Ann"]),
    "marks ids": lambda e: Marks(e).ids("acme", "c", "Ann"),
    "marks labels": lambda e: Marks(e).labels("acme", "Ann"),
    "marks elsewhere": lambda e: Marks(e).elsewhere("acme", "c", "l", ["Ann"]),
    "outbox put": lambda e: Outbox(e).put({"n": "Ann"}, NOW, channel="Ann"),
    "outbox waiting": lambda e: Outbox(e).waiting("Ann"),
    "outbox sent": lambda e: Outbox(e).sent(1, NOW, handle={"n": "Ann"}),
    "outbox handle": lambda e: Outbox(e).handle("slack", "Ann"),
    "prune": lambda e: prune(e, NOW, NOW),
}


def test_every_call_fails_with_a_sentence_and_without_its_values(store: sa.Engine) -> None:
    metadata.drop_all(store)

    for name, call in CALLS.items():
        with pytest.raises(DeedError) as caught:
            call(store)
        assert "Ann" not in f"{caught.value} {caught.value.help}", name
        assert caught.value.__cause__ is None, name
        assert caught.value.help, name


def test_a_time_without_an_offset_is_never_stored(store: sa.Engine) -> None:
    with pytest.raises(DeedError):
        Runs(store).start("r1", datetime(2026, 11, 20, 9, 0))  # noqa: DTZ001 - that is the point

    assert Runs(store).recent(1) == []
