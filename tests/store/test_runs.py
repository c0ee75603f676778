"""Runs on record: what history and the watch over accounts read."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from presend.model import Reversible, Step, Verb
from presend.store.journal import Journal
from presend.store.runs import AccountRow, Runs
from tests.deeds.fakes import NOW

HOUR = timedelta(hours=1)


def test_a_run_is_found_again_with_its_accounts_and_deeds(store: sa.Engine) -> None:
    runs = Runs(store)
    runs.start("r1", NOW)
    runs.account("r1", "shop", "klaviyo", True, 3, 7, NOW)
    runs.account("r1", "acme", "mailchimp", False, 1, 0, NOW)
    Journal(store, "r1").begin(Step(Verb.HOLD, "klaviyo", "shop", "c", "r", Reversible.EXACT, ""), "C", {}, NOW)
    runs.finish("r1", (5, 1), False, NOW + HOUR)
    runs.start("r2", NOW + HOUR)

    latest, first = runs.recent(10)

    assert (latest.run, latest.finished, latest.complete, latest.exit_codes, latest.accounts) == (
        "r2",
        None,
        None,
        (),
        (),
    )
    assert (first.started, first.finished, first.complete, first.exit_codes) == (NOW, NOW + HOUR, False, (5, 1))
    assert first.accounts == (AccountRow("acme", "mailchimp", False, 1, 0), AccountRow("shop", "klaviyo", True, 3, 7))
    assert (first.deeds, latest.deeds) == (1, 0)


def test_history_is_bounded_and_by_account(store: sa.Engine) -> None:
    runs = Runs(store)
    for n in range(5):
        runs.start(f"r{n}", NOW + n * HOUR)
        runs.account(f"r{n}", "shop" if n % 2 else "acme", "klaviyo", True, 0, 0, NOW + n * HOUR)

    assert [row.run for row in runs.recent(2)] == ["r4", "r3"]
    assert [row.run for row in runs.recent(9, "shop")] == ["r3", "r1"]
    assert runs.recent(9, "nobody") == []


def test_the_last_complete_scan_is_of_that_account_and_whole(store: sa.Engine) -> None:
    runs = Runs(store)
    assert runs.last_complete("shop") is None
    for n, complete in enumerate((True, True, False)):
        runs.start(f"r{n}", NOW + n * HOUR)
        runs.account(f"r{n}", "shop", "klaviyo", complete, 0, 0, NOW + n * HOUR)
    runs.account("r2", "acme", "klaviyo", True, 0, 0, NOW + 2 * HOUR)

    assert runs.last_complete("shop") == NOW + HOUR
    assert runs.last_complete("acme") == NOW + 2 * HOUR


def test_noting_the_same_twice_changes_nothing(store: sa.Engine) -> None:
    runs = Runs(store)
    for _ in range(2):
        runs.start("r1", NOW)
        runs.account("r1", "shop", "klaviyo", True, 1, 1, NOW)

    (row,) = runs.recent(5)
    assert len(row.accounts) == 1
