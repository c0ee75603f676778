"""What a run leaves in the store, and what it does when the store cannot say what was done before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from presend.actions.plan import Given, make, undone
from presend.cli.remembered import memory, remember
from presend.engine import CampaignResult
from presend.errors import DeedError
from presend.model import DeedState
from presend.report import Report
from presend.settings import PolicySettings, Settings
from presend.store.database import opened
from presend.store.seen import Seen
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=tmp_path)) as engine:
        yield engine


def reported(*results: CampaignResult) -> Report:
    """A report of these campaigns."""
    return Report("1", NOW, NOW, NOW, results, (), 1)


def resolved(store: sa.Engine) -> list[bool]:
    """Of each finding on record, whether it counts as gone."""
    return [row.resolved is not None for row in Seen(store).of("acme", "c1")]


def test_what_is_wrong_with_those_left_out_is_not_gone(store: sa.Engine) -> None:
    out = campaign(left_out="presend:out:c1")
    with audience() as people:
        before = result(campaign(), [finding()], people)
        whole = result(out, [finding()], people)
        remember(store, reported(before), None, NOW)
        remember(store, reported(replace(result(out, [], people), everybody=whole)), None, NOW + timedelta(hours=1))
        assert resolved(store) == [False]

        # Nobody looked at those who are left out.
        remember(store, reported(result(out, [], people)), None, NOW + timedelta(hours=2))
        assert resolved(store) == [False]

        mended = replace(result(out, [], people), everybody=result(out, [], people))
        remember(store, reported(mended), None, NOW + timedelta(hours=3))
        assert resolved(store) == [True]


def test_a_store_that_cannot_say_what_was_done_is_no_empty_one(store: sa.Engine) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql("DROP TABLE presend_mark")

    with pytest.raises(DeedError):
        memory(store, ["acme"], [("acme", "c1")])


def test_without_knowing_what_was_done_nothing_is() -> None:
    with audience() as people:
        plan = make(
            PolicySettings(hold="high"),
            [result(campaign(), [finding()], people)],
            {"acme": FakeConnector(campaign()).writer},
            Given(NOW),
        )
        assert plan.open
        stopped = undone(plan, "the store could not be read")

    assert stopped.open == ()
    assert {p.state for p in stopped.planned} == {DeedState.FAILED}
    assert all("not done: the store could not be read" in p.step.detail for p in stopped.planned)
