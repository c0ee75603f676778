"""Opening: made, brought up to date, by several at once, on whose machine, and from which version."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from presend.errors import SettingsError
from presend.model import DeedState, Verb
from presend.settings import Settings
from presend.store import database
from presend.store.database import open_database, opened
from presend.store.engines import postgres, sqlite, url_of
from presend.store.host import host
from presend.store.journal import Journal
from presend.store.locks import state_dir
from presend.store.migrate import BOOKKEEPING, upgrade
from presend.store.outbox import Outbox
from presend.store.seen import Seen
from presend.store.tables import VERSION, meta, metadata
from tests.deeds.fakes import NOW, finding

FIRST = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)


def bare(settings: Settings) -> sa.Engine:
    """The database of the settings, as it is."""
    url = url_of(settings)
    return sqlite(state_dir(settings) / "presend.sqlite3") if url is None else postgres(url)


def made(settings: Settings, version: int) -> None:
    """A store as an older presend made it, without alembic's bookkeeping, with something in it."""
    engine = bare(settings)
    with engine.begin() as connection:
        upgrade(connection, 0, to=version)
        connection.execute(sa.text(f"DROP TABLE {BOOKKEEPING}"))
        at = "2026-10-01 08:30:00.000000" + ("" if engine.dialect.name == "sqlite" else "+00")
        connection.execute(
            sa.text(
                "INSERT INTO presend_seen (fingerprint, platform, account, campaign_id, code, affected, first_seen, "
                "last_seen) VALUES ('f1', 'klaviyo', 'acme', 'c1', 'TAG002', 100, :at, :at)"
            ),
            {"at": at},
        )
        connection.execute(
            sa.text(
                "INSERT INTO presend_journal (run, verb, platform, account, campaign_id, campaign_name, revision, "
                "reversible, detail, undo, state, result, started) VALUES ('r0', 'hold', 'klaviyo', 'acme', 'c1', "
                "'Spring', 'r1', 'exact', 'why', '{\"at\": \"15:00\"}', 'done', 'read back', :at)"
            ),
            {"at": at},
        )
        if version > 1:
            notice = sa.text('INSERT INTO presend_outbox (notice, made) VALUES (\'{"headline": "one"}\', :at)')
            connection.execute(notice, {"at": at})
    engine.dispose()


@pytest.mark.parametrize("version", [1, 2])
def test_nothing_is_lost_on_the_way_to_now(settings: Settings, version: int) -> None:
    made(settings, version)

    with opened(settings) as engine:
        held = Journal(engine, "now").held("acme", "c1")
        assert held is not None
        assert (held.state, held.undo, held.started, held.holding) == (DeedState.DONE, {"at": "15:00"}, FIRST, False)
        row = Seen(engine).states([finding(fingerprint="f1")])["f1"]
        assert (row.first_seen, row.affected, row.told, row.resolved) == (FIRST, 100, 100, None)
        assert not Seen(engine).changes("acme", "c1", [finding(fingerprint="f1", affected=100)], True).any
        assert [one.notice for one in Outbox(engine).waiting()] == ([{"headline": "one"}] if version > 1 else [])
        assert Journal(engine, "now").last(Verb.HOLD, "acme", "c1") is DeedState.DONE


def shape(connection: sa.Connection) -> dict[str, object]:
    """Everything that the database says of each table of presend's, but for the order of its columns."""
    look = sa.inspect(connection)

    def columns(table: str) -> list[tuple[str, ...]]:
        found = look.get_columns(table)
        return sorted((c["name"], str(c["type"]), str(c["nullable"]), str(c["default"])) for c in found)

    def indexes(table: str) -> list[tuple[object, ...]]:
        return sorted((i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in look.get_indexes(table))

    def keys(table: str) -> list[object]:
        unique = sorted(tuple(u["column_names"]) for u in look.get_unique_constraints(table))
        return [tuple(look.get_pk_constraint(table)["constrained_columns"]), unique]

    names = [name for name in look.get_table_names() if name != BOOKKEEPING]
    return {name: (columns(name), indexes(name), keys(name)) for name in names}


def test_the_ladder_of_migrations_ends_at_the_tables_of_now(settings: Settings) -> None:
    """Made at once or step by step, a store is the same: alembic would change nothing."""
    made(settings, 1)
    with opened(settings) as engine, engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": BOOKKEEPING})
        assert compare_metadata(context, metadata) == []
        assert connection.execute(sa.select(meta.c.version)).scalars().all() == [VERSION]
        number = connection.execute(sa.text(f"SELECT version_num FROM {BOOKKEEPING}")).scalars().all()
        assert number == [f"{VERSION:04}"]
        by_steps = shape(connection)
        metadata.drop_all(connection)
    with opened(settings) as engine, engine.connect() as connection:
        assert shape(connection) == by_steps


def test_a_migration_that_fails_leaves_the_store_as_it_was(settings: Settings) -> None:
    made(settings, 2)
    engine = bare(settings)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE presend_stage (mine INTEGER)"))
    before = sa.inspect(engine).get_table_names()

    with pytest.raises(SettingsError, match=r"the store .*cannot be used"), opened(settings):
        pass

    with engine.begin() as connection:
        assert sorted(sa.inspect(connection).get_table_names()) == sorted(before)
        assert connection.execute(sa.text("SELECT version FROM presend_meta")).scalars().all() == [2]
        assert "host" not in {column["name"] for column in sa.inspect(connection).get_columns("presend_meta")}
        connection.execute(sa.text("DROP TABLE presend_stage"))
    engine.dispose()
    with opened(settings) as found:
        assert Journal(found, "now").held("acme", "c1") is not None


def test_alembic_is_not_imported_where_nothing_is_old(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs half a second: neither a new store nor one of this version needs it."""
    monkeypatch.setitem(sys.modules, "presend.store.migrate", None)
    for _ in range(2):
        with opened(settings) as engine:
            Outbox(engine).put({}, NOW)


@pytest.mark.parametrize("version", [0, 2])
def test_several_may_open_it_at_once(settings: Settings, version: int) -> None:
    """A new store or an old one; each finds it whole."""
    if version:
        made(settings, version)
    start = Barrier(4)

    def one(number: int) -> int:
        start.wait()
        with opened(settings) as engine:
            return Outbox(engine).put({"n": number}, NOW, channel="here")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 4
    with opened(settings) as engine, engine.connect() as connection:
        assert len(Outbox(engine).waiting("here")) == 4
        assert connection.execute(sa.select(meta.c.version)).scalars().all() == [VERSION]


OPENER = """
import sys
from pathlib import Path
from pydantic import SecretStr
from presend.settings import Settings
from presend.store.database import opened
from presend.store.runs import Runs
from datetime import UTC, datetime
print("ready", flush=True)
sys.stdin.readline()
url = sys.argv[2] and SecretStr(sys.argv[2]) or None
with opened(Settings(accounts=(), state_dir=Path(sys.argv[1]), store_url=url)) as engine:
    Runs(engine).start(sys.argv[3], datetime.now(UTC))
    print(len(Runs(engine).recent(9)))
"""


def test_two_processes_may_make_it_at_once(settings: Settings) -> None:
    url = settings.store_url.get_secret_value() if settings.store_url else ""
    words = [sys.executable, "-c", OPENER, str(settings.state_dir), url]
    both = [
        subprocess.Popen([*words, f"r{n}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for n in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()

    said = [process.communicate(timeout=60)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert "2\n" in said


def test_a_file_belongs_to_one_machine(tmp_path: Path) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path)
    open_database(settings, here="a" * 64).dispose()
    open_database(settings, here="a" * 64).dispose()

    with pytest.raises(SettingsError, match="belongs to another machine") as caught:
        open_database(settings, here="b" * 64)

    assert "PRESEND_STORE_URL" in caught.value.help
    assert "PRESEND_STATE_DIR" in caught.value.help


def test_an_older_file_belongs_to_who_opens_it_first(tmp_path: Path) -> None:
    settings = Settings(accounts=(), state_dir=tmp_path)
    made(settings, 2)
    open_database(settings, here="a" * 64).dispose()

    with pytest.raises(SettingsError, match="belongs to another machine"):
        open_database(settings, here="b" * 64)


def test_a_file_can_be_given_to_another_machine(tmp_path: Path) -> None:
    """As docs/store.md says: whoever opens it next has it."""
    settings = Settings(accounts=(), state_dir=tmp_path)
    engine = open_database(settings, here="a" * 64)
    with engine.begin() as connection:
        connection.execute(meta.update().values(host=None))
    engine.dispose()

    open_database(settings, here="b" * 64).dispose()

    with pytest.raises(SettingsError, match="belongs to another machine"):
        open_database(settings, here="a" * 64)


@pytest.mark.postgres
def test_a_server_belongs_to_all_machines(postgres_url: str, tmp_path: Path) -> None:
    from pydantic import SecretStr

    settings = Settings(accounts=(), state_dir=tmp_path, store_url=SecretStr(postgres_url))
    for here in ("a" * 64, "b" * 64):
        open_database(settings, here=here).dispose()


def test_a_machine_is_known_by_name_and_id() -> None:
    assert host("laptop.example.com", "1") == host("LAPTOP.example.net", "1")
    assert len({host("laptop", "1"), host("laptop", "2"), host("desk", "1"), host("laptop", "")}) == 4
    assert host() == host()
    assert len(host()) == 64


def test_migrations_are_part_of_the_package() -> None:
    """Beside the code and not in a folder of the project; those of the wheel are seen by `make wheel`."""
    folder = Path(database.__file__).parent / "migrations" / "versions"
    numbers = [path.name[1:5] for path in sorted(folder.glob("v*.py"))]

    assert numbers == [f"{n:04}" for n in range(1, VERSION + 1)]
