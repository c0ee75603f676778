"""The store on SQLite and on a real PostgreSQL: the same tests, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from presend.errors import Busy, DeedError, SettingsError
from presend.model import DeedState, FindingState, Receipt, Reversible, Step, Verb
from presend.settings import Settings
from presend.store.database import VERSION, meta, metadata, open_database, opened
from presend.store.journal import Journal, remember, states
from presend.store.locks import account_lock
from presend.store.migrate import upgrade
from presend.store.outbox import Outbox
from tests.deeds.fakes import NOW, finding


def step(campaign: str = "c1", verb: Verb = Verb.HOLD) -> Step:
    return Step(verb, "klaviyo", "acme", campaign, "r1", Reversible.EXACT, "why")


def test_a_deed_is_found_until_it_is_taken_back(store: sa.Engine) -> None:
    journal = Journal(store, "run1")
    entry = journal.begin(step(), "Spring", {"at": "2026-11-20T15:00:00Z", "n": [1, None]}, NOW)
    journal.finish(entry, Receipt(DeedState.DONE, "read back"), NOW)

    held = journal.held("acme", "c1")
    assert held is not None
    assert (held.id, held.undo, held.state) == (entry, {"at": "2026-11-20T15:00:00Z", "n": [1, None]}, DeedState.DONE)
    assert held.started == NOW
    assert journal.held("acme", "c2") is None

    journal.released(held, by=journal.begin(step(verb=Verb.RELEASE), "Spring", {}, NOW))
    assert journal.held("acme", "c1") is None


def test_what_is_put_back_is_put_back_whole(store: sa.Engine) -> None:
    """An earlier hold of the campaign that nobody confirmed must not show up once a later one was taken back."""
    journal = Journal(store, "run1")
    journal.finish(journal.begin(step(), "Spring", {}, NOW), Receipt(DeedState.UNKNOWN, ""), NOW)
    journal.finish(journal.begin(step("c2"), "Other", {}, NOW), Receipt(DeedState.DONE, ""), NOW)
    journal.finish(journal.begin(step(), "Spring", {}, NOW), Receipt(DeedState.DONE, ""), NOW)
    held = journal.held("acme", "c1")
    assert held is not None

    journal.released(held, by=journal.begin(step(verb=Verb.RELEASE), "Spring", {}, NOW))

    assert journal.held("acme", "c1") is None
    assert journal.held("acme", "c2") is not None


def test_what_undoing_takes_is_completed_by_the_receipt(store: sa.Engine) -> None:
    journal = Journal(store, "run1")
    entry = journal.begin(step(), "Spring", {"at": "15:00", "label": "x"}, NOW)

    journal.finish(entry, Receipt(DeedState.DONE, "", {"label": "y", "list_id": "l1"}), NOW)

    held = journal.held("acme", "c1")
    assert held is not None
    assert held.undo == {"at": "15:00", "label": "y", "list_id": "l1"}


def test_how_the_last_deed_ended(store: sa.Engine) -> None:
    journal = Journal(store, "run1")
    assert journal.last(Verb.HOLD, "acme", "c1") is None

    journal.finish(journal.begin(step(), "Spring", {}, NOW), Receipt(DeedState.FAILED, ""), NOW)
    assert journal.last(Verb.HOLD, "acme", "c1") is DeedState.FAILED
    journal.begin(step(), "Spring", {}, NOW)

    assert journal.last(Verb.HOLD, "acme", "c1") is DeedState.UNKNOWN


def test_a_notice_waits_until_it_was_sent(store: sa.Engine) -> None:
    outbox = Outbox(store)
    assert outbox.last() is None

    outbox.put({"headline": "one", "footer": []}, NOW)
    outbox.put({"headline": "two", "footer": []}, NOW)
    first, second = outbox.waiting()
    outbox.sent(first.id, NOW)

    assert (first.notice["headline"], first.made) == ("one", NOW)
    assert [one.id for one in outbox.waiting()] == [second.id]
    assert outbox.last() == {"headline": "two", "footer": []}


def test_a_store_that_fails_later_is_said_without_what_was_to_be_stored(store: sa.Engine) -> None:
    journal = Journal(store, "run1")
    metadata.drop_all(store)

    for failing in (
        lambda: journal.begin(step(), "Spring for Ann", {}, NOW),
        lambda: journal.held("acme", "c1"),
        lambda: states(store, [finding()]),
        lambda: remember(store, "klaviyo", "acme", "c1", [finding()], NOW),
        lambda: Outbox(store).put({"headline": "for Ann"}, NOW),
    ):
        with pytest.raises(DeedError) as caught:
            failing()
        assert "Ann" not in f"{caught.value} {caught.value.help}"


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_store_is_brought_up_to_date(settings: Settings, version: int) -> None:
    with opened(settings) as engine, engine.begin() as connection:
        metadata.drop_all(connection)
        upgrade(connection, 0, to=version)

    with opened(settings) as engine:
        Outbox(engine).put({"headline": "one"}, NOW)
        with engine.connect() as connection:
            assert connection.execute(sa.select(meta.c.version)).scalars().all() == [VERSION]


@pytest.mark.parametrize("state", [DeedState.FAILED, DeedState.REFUSED, DeedState.CANNOT, DeedState.LEFT_ALONE])
def test_what_did_not_happen_is_not_held(store: sa.Engine, state: DeedState) -> None:
    journal = Journal(store, "run1")
    journal.finish(journal.begin(step(), "Spring", {}, NOW), Receipt(state, ""), NOW)

    assert journal.held("acme", "c1") is None


def test_what_nobody_confirmed_may_have_happened(store: sa.Engine) -> None:
    journal = Journal(store, "run1")
    journal.begin(step(), "Spring", {}, NOW)

    held = journal.held("acme", "c1")

    assert held is not None
    assert held.state is DeedState.UNKNOWN


def test_many_findings_are_remembered_once_each(store: sa.Engine) -> None:
    many = [finding(fingerprint=f"f{n:04}") for n in range(1200)]

    remember(store, "klaviyo", "acme", "c1", many[:1000], NOW)
    remember(store, "klaviyo", "acme", "c1", many[:1000], datetime(2026, 11, 21, tzinfo=UTC))

    found = states(store, many)
    assert sum(1 for s in found.values() if s is FindingState.KNOWN) == 1000
    assert found["f1199"] is FindingState.NEW


def test_opening_twice_keeps_what_is_there(settings: Settings) -> None:
    with opened(settings) as engine:
        Journal(engine, "run1").begin(step(), "Spring", {}, NOW)
    with opened(settings) as engine:
        assert Journal(engine, "run2").held("acme", "c1") is not None


def test_a_store_of_a_newer_presend_is_refused(settings: Settings) -> None:
    with opened(settings) as engine, engine.begin() as connection:
        connection.execute(meta.update().values(version=VERSION + 1))

    with pytest.raises(SettingsError, match="newer presend"), opened(settings):
        pass


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "presend.sqlite3"
    path.write_text("not a database, whatever it is called " * 100)

    with pytest.raises(SettingsError, match="cannot be used: the file is not a database") as caught:
        open_database(Settings(accounts=(), state_dir=tmp_path))

    assert str(path) in caught.value.message
    assert "move it away and presend makes a new one" in caught.value.help
    assert path.read_text().startswith("not a database")


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    (tmp_path / "presend.sqlite3").write_bytes(b"")

    open_database(Settings(accounts=(), state_dir=tmp_path)).dispose()


def test_a_wrong_url_is_said_without_its_password(tmp_path: Path) -> None:
    for url in ("nonsense", "postgresql+nodriver://me:hidden@127.0.0.1/x"):
        settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(url))
        with pytest.raises(SettingsError) as caught, opened(settings):
            pass
        assert "hidden" not in f"{caught.value} {caught.value.help}"


def test_a_file_of_sqlite_may_be_named_by_its_url(tmp_path: Path) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path / "state", store_url=SecretStr(f"sqlite:///{tmp_path}/own.db"))

    with opened(settings) as engine:
        Outbox(engine).put({"footer": []}, NOW)
    with opened(settings) as engine:
        assert len(Outbox(engine).waiting()) == 1

    assert (tmp_path / "own.db").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "state" / "presend.sqlite3").exists()


def test_a_file_of_ones_own_that_cannot_be_is_told_by_its_variable(tmp_path: Path) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(f"sqlite:///{tmp_path}/nowhere/own.db"))

    with pytest.raises(SettingsError, match=r"own\.db cannot be opened") as caught:
        open_database(settings)

    assert "PRESEND_STORE_URL" in caught.value.help
    assert "PRESEND_STATE_DIR" not in caught.value.help


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_that_would_forget_is_refused(tmp_path: Path, url: str) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(url))

    with pytest.raises(SettingsError, match="names no file"), opened(settings):
        pass


def test_a_state_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("")

    with pytest.raises(SettingsError, match="state folder"), opened(Settings(accounts=(), state_dir=blocked)):
        pass


def test_one_account_is_held_by_one_run(settings: Settings) -> None:
    with account_lock(settings, "acme"):
        with pytest.raises(Busy, match="another run"), account_lock(settings, "acme"):
            pass
        with account_lock(settings, "other"):
            pass
    with account_lock(settings, "acme"):
        pass


def test_a_lock_left_by_a_dead_process_does_not_bind(settings: Settings) -> None:
    folder = settings.state_dir / "locks"
    folder.mkdir(parents=True)
    (folder / "acme.lock").write_text(str(os.getpid()))

    with account_lock(settings, "acme"):
        pass


def test_the_file_is_in_wal_mode(tmp_path: Path) -> None:
    with opened(Settings(accounts=(), state_dir=tmp_path)):
        pass
    with sqlite3.connect(tmp_path / "presend.sqlite3") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
