"""Doing a plan: looking again, journalling, and what an answer, or none, is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.actions.plan import make
from presend.errors import Refused, Unconfirmed
from presend.model import DeedState, FindingState, Receipt, Severity, Verb
from presend.report import Deed
from presend.settings import PolicySettings, Settings
from presend.store.database import journal as journal_table
from presend.store.database import opened
from presend.store.journal import Journal, remember, states
from tests.deeds.fakes import NOW, FakeConnector, campaign, finding, result

HOLD = PolicySettings(hold="blocker", tag="never", comment="never")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=tmp_path / "state")) as engine:
        yield engine


def do(store: sa.Engine, connector: FakeConnector, policy: PolicySettings = HOLD) -> tuple[Deed, ...]:
    plan = make(policy, [result(campaign(), [finding(severity=Severity.BLOCKER)])], {"acme": connector})
    return Doer({"acme": connector}, Journal(store, "run1"), lambda: NOW).do(plan)  # type: ignore[dict-item]


def test_a_confirmed_hold_is_done_and_can_be_found_again(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())

    (deed,) = do(store, connector)

    assert deed.state is DeedState.DONE
    held = Journal(store, "run2").held("acme", "c1")
    assert held is not None
    assert held.undo == {"send_time": "2026-11-20 15:00:00+00:00"}


def test_an_edited_campaign_is_left_alone(store: sa.Engine) -> None:
    connector = FakeConnector(replace(campaign(), revision="r2"))

    (deed,) = do(store, connector)

    assert deed.state is DeedState.LEFT_ALONE
    assert connector.did == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Refused("no right", status=403), DeedState.FAILED),
        (Unconfirmed("lost"), DeedState.UNKNOWN),
        (Receipt(DeedState.UNKNOWN, "still scheduled when read back"), DeedState.UNKNOWN),
    ],
)
def test_what_was_not_confirmed_is_never_done(store: sa.Engine, answer: Receipt | Exception, state: DeedState) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.HOLD] = answer

    (deed,) = do(store, connector)

    assert deed.state is state


def test_the_intent_is_stored_before_the_platform_is_asked(store: sa.Engine) -> None:
    seen: list[tuple[str, object]] = []

    class Peeking(FakeConnector):
        def hold(self, campaign: object) -> Receipt:
            with store.connect() as connection:
                row = connection.execute(sa.select(journal_table)).mappings().one()
                seen.append((row["state"], row["undo"]))
            raise SystemExit("killed here")

    with pytest.raises(SystemExit):
        do(store, Peeking(campaign()))

    assert seen == [("started", {"send_time": "2026-11-20 15:00:00+00:00"})]
    held = Journal(store, "run2").held("acme", "c1")
    assert held is not None
    assert held.state is DeedState.UNKNOWN


def test_findings_are_new_once(store: sa.Engine) -> None:
    one = finding()

    before = states(store, [one])
    remember(store, "klaviyo", "acme", "c1", [one, one], NOW)
    remember(store, "klaviyo", "acme", "c1", [one], NOW)

    assert before == {one.fingerprint: FindingState.NEW}
    assert states(store, [one]) == {one.fingerprint: FindingState.KNOWN}


def test_the_state_folder_is_private(tmp_path: Path) -> None:
    with opened(Settings(accounts=(), state_dir=tmp_path / "state")):
        pass

    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    assert (tmp_path / "state" / "presend.sqlite3").stat().st_mode & 0o077 == 0
