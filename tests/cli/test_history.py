"""`presend history` and `presend prune`: what they show, and what they say when the store cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from presend.model import Reversible, Step, Verb
from presend.settings import load
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.runs import Runs
from presend.store.tables import VERSION, meta
from tests.cli.conftest import Presend

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[sa.Engine]:
    """The store that the command will open."""
    with opened(load()) as engine:
        yield engine


def run(store: sa.Engine, name: str, at: datetime = START) -> None:
    runs = Runs(store)
    runs.start(name, at)
    runs.account(name, "shop", "klaviyo", True, 12, 345, at)
    runs.account(name, "acme", "mailchimp", False, 1, 0, at)
    runs.finish(name, (1, 4), False, at + timedelta(minutes=2))


def test_runs_are_shown_newest_first(presend: Presend, store: sa.Engine) -> None:
    run(store, "0123456789abcdef")
    Runs(store).start("killed", START + timedelta(hours=1))

    done = presend("history")

    assert done.code == 0
    assert done.out.splitlines() == [
        "started (UTC)     run           account  campaigns  findings  whole  deeds  exit",
        "2026-11-20 10:00  killed        -                                        0  never ended",
        "2026-11-20 09:00  0123456789ab  acme             1         0  no         0  1,4",
        "                                shop            12       345  yes",
    ]


def test_runs_as_json(presend: Presend, store: sa.Engine) -> None:
    run(store, "r1")
    step = Step(Verb.HOLD, "klaviyo", "shop", "c1", "r", Reversible.EXACT, "")
    Journal(store, "r1").begin(step, "Spring", {}, START)
    run(store, "r2", START + timedelta(days=1))

    done = presend("history", "--format", "json", "--limit", "5", "--account", "shop")

    shown = json.loads(done.out)
    assert shown["schema"] == "presend.history/v1"
    assert [one["run"] for one in shown["runs"]] == ["r2", "r1"]
    first = shown["runs"][1]
    assert (first["started"], first["finished"]) == ("2026-11-20T09:00:00Z", "2026-11-20T09:02:00Z")
    assert (first["complete"], first["exit_codes"], first["deeds"]) == (False, [1, 4], 1)
    assert first["accounts"][1] == {
        "account": "shop", "platform": "klaviyo", "complete": True, "campaigns": 12, "findings": 345,
    }  # fmt: skip


def test_nothing_on_record_is_said(presend: Presend, store: sa.Engine) -> None:
    run(store, "r1")

    done = presend("history", "--account", "nobody")

    assert (done.code, done.out) == (3, "")
    assert presend("history", "--account", "shop").code == 0
    assert presend("history", "--limit", "0").code == 2


def test_pruning_counts_before_it_removes(presend: Presend, store: sa.Engine) -> None:
    for number in range(3):
        Runs(store).start(f"r{number}", START - timedelta(days=1000 + number))
    step = Step(Verb.HOLD, "klaviyo", "shop", "c1", "r", Reversible.EXACT, "")
    Journal(store, "r2").begin(step, "Spring", {}, START - timedelta(days=1002))

    counted = presend("prune", "--dry-run")
    removed = presend("prune")
    again = presend("prune", "--older-than", "100d")

    kept = "kept although older: 1 deeds that hold a campaign, or may\n"
    assert (counted.code, removed.code, again.code) == (0, 0, 0)
    assert counted.out == f"would remove:\n        2 runs\n{kept}"
    assert removed.out == f"removed:\n        2 runs\n{kept}"
    assert again.out == f"removed:\n  nothing\n{kept}"


def test_a_span_that_is_none_is_refused(presend: Presend) -> None:
    assert presend("prune", "--older-than", "long").code == 2


@pytest.mark.parametrize("command", ["history", "prune"])
def test_the_store_of_a_newer_presend_is_refused(presend: Presend, store: sa.Engine, command: str) -> None:
    with store.begin() as connection:
        connection.execute(meta.update().values(version=VERSION + 1))

    done = presend(command)

    assert (done.code, done.out) == (2, "")
    assert "written by a newer presend" in done.err
    assert "Update presend" in done.err


@pytest.mark.parametrize("command", ["history", "prune"])
def test_a_store_out_of_reach_is_said(presend: Presend, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("PRESEND_STORE_URL", "postgresql://me:hidden@127.0.0.1:1/x")

    done = presend(command)

    assert done.code == 2
    assert done.err.splitlines()[0] == "error: the store cannot be used: the server cannot be reached"
    assert "hidden" not in done.err


def test_a_move_needs_somewhere_to_go(presend: Presend) -> None:
    done = presend("move")

    assert (done.code, done.out) == (2, "")
    assert "PRESEND_STORE_URL names no server" in done.err


@pytest.mark.postgres
def test_a_move_takes_everything_along_once(
    presend: Presend, store: sa.Engine, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    run(store, "r1")
    monkeypatch.setenv("PRESEND_STORE_URL", postgres_url)

    first, again, shown = presend("move"), presend("move"), presend("history")

    assert (first.code, again.code) == (0, 5)
    assert first.out.endswith("copied 3 rows into the database of PRESEND_STORE_URL\n")
    assert "nothing was copied" in again.err
    assert "2026-11-20 09:00  r1" in shown.out


def test_a_state_folder_that_is_a_file_is_said(
    presend: Presend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("PRESEND_STATE_DIR", str(tmp_path / "state"))

    done = presend("history")

    assert done.code == 2
    assert "PRESEND_STATE_DIR" in done.err
