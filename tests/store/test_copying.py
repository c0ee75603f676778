"""Taking everything along to another store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from presend.errors import DeedError
from presend.model import DeedState, Receipt, Reversible, Step, Verb
from presend.settings import Settings
from presend.store import oversight
from presend.store.copying import BATCH, copy
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.marks import Marks
from presend.store.outbox import Outbox
from presend.store.oversight import Acks, Approvals, Baselines
from presend.store.runs import Runs
from presend.store.seen import Seen
from presend.store.tables import meta, metadata
from tests.deeds.fakes import NOW, campaign, finding, result

STEP = Step(Verb.HOLD, "klaviyo", "acme", "c1", "r", Reversible.EXACT, "")


@pytest.fixture
def full(tmp_path: Path) -> Iterator[sa.Engine]:
    """A file with something in every table, and more than one batch in one."""
    with opened(Settings(accounts=(), state_dir=tmp_path / "old")) as engine:
        journal = Journal(engine, "r1")
        entry = journal.begin(STEP, "Spring", {"at": None}, NOW)
        journal.stage(entry, "one", {"ids": ["p1"]})
        journal.finish(entry, Receipt(DeedState.DONE, "seen"), NOW)
        Runs(engine).start("r1", NOW)
        Runs(engine).account("r1", "acme", "klaviyo", True, 1, 1, NOW)
        Seen(engine).remember(result(campaign(), [finding(fingerprint="f1")]), NOW)
        Acks(engine).put("f1", "ann", "why", NOW, 1, NOW)
        Approvals(engine).put("acme", "c1", "h", "ann", NOW)
        oversight.Tests(engine).put("acme", "c1", "h", "ann", NOW)
        Baselines(engine).put("acme", ["f1"], NOW)
        Marks(engine).put("acme", "c1", "presend:TAG002", [f"p{n}" for n in range(2 * BATCH + 1)], NOW)
        for _ in range(2):
            Outbox(engine).put({"n": 1}, NOW)
        yield engine


def everything(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = [table for table in metadata.sorted_tables if table is not meta]
    with engine.connect() as connection:
        return {t.name: sorted((tuple(r) for r in connection.execute(t.select())), key=repr) for t in tables}


def test_everything_is_taken_along(full: sa.Engine, store: sa.Engine) -> None:
    before = everything(full)
    assert all(before.values())

    counts = copy(full, store)

    assert everything(store) == everything(full) == before
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert counts["presend_mark"] == 2 * BATCH + 1


def test_what_comes_after_is_numbered_on(full: sa.Engine, store: sa.Engine) -> None:
    copy(full, store)

    assert Outbox(store).put({"n": 3}, NOW) == 3
    held = Journal(store, "r2").held("acme", "c1")
    assert held is not None
    assert Journal(store, "r2").begin(STEP, "Spring", {}, NOW) == held.id + 1
    # A missing value stays missing.
    assert Outbox(store).handle("slack", "") is None
    with store.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM presend_outbox WHERE handle IS NULL")).scalar() == 3


def test_nothing_is_copied_over_what_is_there(full: sa.Engine, store: sa.Engine) -> None:
    Runs(store).start("mine", NOW)
    before = everything(store)

    with pytest.raises(DeedError, match="has rows in presend_run already"):
        copy(full, store)

    assert everything(store) == before


def test_a_copy_that_fails_leaves_nothing(full: sa.Engine, store: sa.Engine) -> None:
    with store.begin() as connection:
        connection.execute(sa.text("DROP TABLE presend_stage"))

    with pytest.raises(DeedError, match="nothing was copied"):
        copy(full, store)

    assert Marks(store).labels("acme", "c1") == []
    assert Runs(store).recent(1) == []
