"""Doing a plan: looking again, journalling, and what an answer, or none, is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.actions.plan import Given, make
from presend.errors import DeedError, Refused, Unconfirmed
from presend.model import Campaign, DeedState, FindingState, Receipt, Severity, Verb
from presend.ports import Connector
from presend.report import Deed
from presend.settings import PolicySettings, Settings
from presend.store.database import opened
from presend.store.journal import Journal, remember, states
from presend.store.marks import Marks
from presend.store.tables import journal as journal_table
from presend.store.tables import metadata
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

HOLD = PolicySettings(hold="blocker", tag="never", comment="never")


def given(connector: FakeConnector) -> Callable[[str], Connector]:
    return {"acme": cast("Connector", connector)}.__getitem__


def doer(store: sa.Engine, connector: FakeConnector) -> Doer:
    return Doer(given(connector), Journal(store, "run1"), Marks(store), lambda: NOW)


def do(store: sa.Engine, connector: FakeConnector, policy: PolicySettings = HOLD) -> tuple[Deed, ...]:
    plan = make(policy, [result(campaign(), [finding(severity=Severity.BLOCKER)])], {"acme": connector}, Given(NOW))
    return doer(store, connector).do(plan)


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


def rows(store: sa.Engine) -> list[dict[str, object]]:
    with store.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(journal_table)).mappings()]


def test_what_undoing_a_tag_and_a_comment_takes_is_in_the_journal(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.TAG] = Receipt(DeedState.DONE, "seen", {"list_id": "l1"})
    connector.answers[Verb.COMMENT] = Receipt(DeedState.DONE, "seen", {"previous": "before"})
    with audience() as people:
        found = [finding(who=people.where(("first_name",), [(None,)]))]
        plan = make(PolicySettings(), [result(campaign(), found, people)], {"acme": connector}, Given(NOW))
        doer(store, connector).do(plan)

    assert [(row["verb"], row["undo"]) for row in rows(store)] == [
        ("tag", {"label": "presend:TAG002", "ids": ["p2", "p4"], "list_id": "l1"}),
        ("comment", {"comment": {"previous": "before"}}),
    ]


def test_the_people_of_a_tag_are_stored_before_they_are_marked(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    connector.answers[Verb.TAG] = Unconfirmed("lost")
    with audience() as people:
        found = [finding(who=people.where(("first_name",), [(None,)]))]
        policy = PolicySettings(comment="never")
        plan = make(policy, [result(campaign(), found, people)], {"acme": connector}, Given(NOW))
        doer(store, connector).do(plan)

    assert [row["undo"] for row in rows(store)] == [{"label": "presend:TAG002", "ids": ["p2", "p4"]}]


@pytest.mark.parametrize(
    ("comment", "mark", "state"),
    [
        (DeedState.DONE, DeedState.CANNOT, DeedState.DONE),
        (DeedState.DONE, DeedState.FAILED, DeedState.FAILED),
        (DeedState.DONE, DeedState.UNKNOWN, DeedState.UNKNOWN),
        (DeedState.CANNOT, DeedState.DONE, DeedState.DONE),
        (DeedState.CANNOT, DeedState.CANNOT, DeedState.CANNOT),
        (DeedState.CANNOT, DeedState.FAILED, DeedState.FAILED),
        (DeedState.FAILED, DeedState.DONE, DeedState.FAILED),
        (DeedState.UNKNOWN, DeedState.FAILED, DeedState.UNKNOWN),
    ],
)
def test_a_comment_and_its_mark_are_one_deed(
    store: sa.Engine, comment: DeedState, mark: DeedState, state: DeedState
) -> None:
    class Marking(FakeConnector):
        def mark(self, campaign: object, label: str) -> Receipt:
            return Receipt(mark, "marked")

    connector = Marking(campaign())
    connector.answers[Verb.COMMENT] = Receipt(comment, "said")

    (deed,) = do(store, connector, PolicySettings(tag="never"))

    assert deed.state is state


def test_a_fault_in_one_campaign_does_not_stop_the_others(store: sa.Engine) -> None:
    class Broken(FakeConnector):
        def hold(self, campaign: Campaign) -> Receipt:
            if campaign.ref.id == "c1":
                raise KeyError("ann@example.com")
            return super().hold(campaign)

    connector = Broken(campaign(1), campaign(2))
    results = [result(campaign(n), [finding(severity=Severity.BLOCKER)]) for n in (1, 2)]
    plan = make(HOLD, results, {"acme": connector}, Given(NOW))

    first, second = doer(store, connector).do(plan)

    assert (first.campaign_id, first.state) == ("c1", DeedState.UNKNOWN)
    assert "KeyError" in first.detail
    assert "ann@" not in first.detail
    assert (second.campaign_id, second.state) == ("c2", DeedState.DONE)


def test_a_campaign_that_cannot_be_read_again_does_not_stop_the_others(store: sa.Engine) -> None:
    connector = FakeConnector(campaign(2))
    results = [result(campaign(n), [finding(severity=Severity.BLOCKER)]) for n in (1, 2)]

    deeds = doer(store, connector).do(make(HOLD, results, {"acme": connector}, Given(NOW)))

    assert [(d.campaign_id, d.state) for d in deeds] == [("c1", DeedState.FAILED), ("c2", DeedState.DONE)]
    assert connector.did == [(Verb.HOLD, "c2")]


def test_without_a_journal_nothing_is_written(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    metadata.drop_all(store)

    (deed,) = do(store, connector)

    assert deed.state is DeedState.FAILED
    assert "journal could not be written, so nothing was done" in deed.detail
    assert connector.did == []


def test_without_the_time_it_had_in_the_journal_nothing_is_held(store: sa.Engine) -> None:
    class Full(Journal):
        def stage(self, entry: int, name: str, data: Mapping[str, Any]) -> None:
            raise DeedError("the journal could not be written: the disk is full")

    connector = FakeConnector(campaign())
    plan = make(HOLD, [result(campaign(), [finding(severity=Severity.BLOCKER)])], {"acme": connector}, Given(NOW))

    (deed,) = Doer(given(connector), Full(store, "run1"), Marks(store), lambda: NOW).do(plan)

    assert deed.state is DeedState.FAILED
    assert "the disk is full" in deed.detail
    assert connector.did == []
    assert Journal(store, "run2").held("acme", "c1") is None


def test_a_result_that_cannot_be_journalled_is_said(store: sa.Engine) -> None:
    class Dropping(FakeConnector):
        def hold(self, campaign: Campaign) -> Receipt:
            metadata.drop_all(store)
            return super().hold(campaign)

    (deed,) = do(store, Dropping(campaign()))

    assert deed.state is DeedState.DONE
    assert "could not be written into the journal" in deed.detail


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
