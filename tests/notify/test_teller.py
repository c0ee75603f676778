"""All channels of a run: who is told what, what the journal knows and nobody was told; nothing of it fails a scan."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from presend.actions.plan import Plan
from presend.cli.notices import notice_planned, notify
from presend.engine import CampaignResult
from presend.model import DeedState, Receipt, Reversible, Severity, Step, Verb
from presend.policy import Decision
from presend.report import Deed
from presend.retry import Clock
from presend.settings import FileSettings, PolicySettings, Settings
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.locks import account_lock
from presend.store.tables import metadata
from tests.deeds.fakes import NOW, campaign, finding, result
from tests.notify.server import Answer, Service, running
from tests.notify.test_changes import report

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with running() as made:
        yield made


@pytest.fixture
def service(served: Service) -> Service:
    served.got.clear()
    served.next.clear()
    return served


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def database(state: Path) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=state)) as engine:
        yield engine


@pytest.fixture
def store(database: sa.Engine) -> sa.Engine:
    with database.begin() as connection:
        for table in ("presend_outbox", "presend_journal"):
            connection.execute(metadata.tables[table].delete())
    return database


class World:
    """Runs one after the other, an hour apart, with a webhook for everybody and perhaps one for each owner."""

    def __init__(self, service: Service, store: sa.Engine, state: Path, **owners: str) -> None:
        self.service, self.store, self.now = service, store, NOW
        urls = {name: SecretStr(f"{service.url}/{path}") for name, path in owners.items()}
        given = {f"@{name}": (f"env:{name}",) for name in owners}
        self.settings = Settings(
            accounts=(),
            state_dir=state,
            notify_urls=(SecretStr(f"{service.url}/all"),),
            notify_secret=SecretStr("s"),
            owner_urls=urls,
            file=FileSettings(owners=given),
        )

    def run(self, *results: CampaignResult, owners: Any = None, deeds: tuple[Deed, ...] = ()) -> tuple[Deed, ...]:
        decisions = {
            f.fingerprint: Decision(f, frozenset({Verb.NOTIFY}), "default", (owners or {}).get(f.code))
            for r in results
            for f in r.findings
        }
        made = report(*results, decisions=decisions, deeds=deeds)
        told = notify(self.settings, self.store, made, Plan((), {}), self.now, reached=["acme"])
        self.now += HOUR
        return told

    def hold(self, run: str, at: datetime, state: DeedState | None = DeedState.DONE) -> None:
        """A hold in the journal; None: the process ended before its result."""
        journal = Journal(self.store, run)
        step = Step(Verb.HOLD, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "why")
        entry = journal.begin(step, "Spring", {}, at)
        if state is not None:
            journal.finish(entry, Receipt(state, "said Ann"), at)

    def told(self) -> list[tuple[str, str]]:
        """Where and what, line by line; forgets it."""
        lines = [
            (got.path, line["section"])
            for got in self.service.got
            for one in got.body["campaigns"]
            for line in one["lines"]
        ]
        self.service.got.clear()
        return lines


@pytest.fixture
def world(service: Service, store: sa.Engine, state: Path) -> World:
    return World(service, store, state)


def test_a_hold_that_a_run_did_and_did_not_tell_is_told_by_the_next(world: World) -> None:
    world.hold("run1", NOW - HOUR)

    world.run()
    assert "Ann" not in json.dumps(world.service.got[0].body)
    assert world.told() == [("/all", "held, released, left out")]
    world.run()
    assert world.told() == []


@pytest.mark.parametrize("by_itself", [True, False], ids=["deed", "journal"])
@pytest.mark.parametrize(
    ("ended", "ids", "was", "said"),
    [
        (DeedState.DONE, 62, 0, "exclude: done, left out 62 people, for CLM001"),
        (DeedState.DONE, 1, 62, "exclude: done, left out 1 person (before: 62), for CLM001"),
        (DeedState.DONE, 0, 62, "exclude: done, let 62 people in again, for CLM001"),
        (DeedState.FAILED, 62, 0, "exclude: failed, to leave out 62 people, for CLM001"),
        (DeedState.FAILED, 0, 62, "exclude: failed, to let 62 people in again, for CLM001"),
    ],
)
def test_an_exclusion_says_what_it_was(
    world: World, by_itself: bool, ended: DeedState, ids: int, was: int, said: str
) -> None:
    journal = Journal(world.store, "run1")
    step = Step(Verb.EXCLUDE, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "for CLM001; Ann")
    undo = {"ids": [f"p{n}" for n in range(ids)], "was": [f"q{n}" for n in range(was)]}
    journal.finish(journal.begin(step, "Spring", undo, NOW), Receipt(ended, "said Ann"), NOW)
    deed = Deed(Verb.EXCLUDE, "klaviyo", "acme", "c1", ended, Reversible.EXACT, "for CLM001; Ann")

    world.run(deeds=(deed,) if by_itself else ())

    ((line,),) = [one["lines"] for got in world.service.got for one in got.body["campaigns"]]
    assert line["text"] == said


def test_a_deed_that_came_to_nothing_is_not_told_with_an_older_ones_numbers(world: World) -> None:
    journal = Journal(world.store, "run1")
    step = Step(Verb.EXCLUDE, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "")
    journal.finish(journal.begin(step, "Spring", {"ids": ["p1"]}, NOW), Receipt(DeedState.DONE, ""), NOW)
    cannot = Deed(Verb.EXCLUDE, "klaviyo", "acme", "c1", DeedState.CANNOT, Reversible.EXACT, "")

    world.run(deeds=(cannot,))

    ((line,),) = [one["lines"] for got in world.service.got for one in got.body["campaigns"]]
    assert line["text"].startswith("exclude: cannot; ")


def test_the_policy_of_the_run_decides_on_those_who_are_left_out(world: World) -> None:
    of = campaign(left_out="presend:out:c1")
    seen = replace(result(of, []), everybody=result(of, [finding(severity=Severity.MEDIUM)]))
    quiet = PolicySettings(notify="high")

    assert notify(world.settings, world.store, report(seen), Plan((), {}), NOW, policy=quiet) == ()
    assert [d.state for d in notify(world.settings, world.store, report(seen), Plan((), {}), NOW)] == [DeedState.DONE]


def test_what_a_run_did_itself_is_told_once(world: World) -> None:
    world.hold("run1", NOW)
    done = Deed(Verb.HOLD, "klaviyo", "acme", "c1", DeedState.DONE, Reversible.EXACT, "")

    world.run(deeds=(done,))
    assert world.told() == [("/all", "held, released, left out")]
    world.run()
    assert world.told() == []


def test_a_deed_whose_end_nobody_saw_is_called_so(world: World) -> None:
    world.hold("run1", NOW - HOUR, None)

    world.run()

    assert world.told() == [("/all", "not confirmed")]


def test_deeds_of_long_ago_are_not_told_to_a_channel_that_is_new(world: World) -> None:
    world.hold("run1", NOW - 49 * HOUR)

    world.run()

    assert world.told() == []


def test_however_long_nobody_was_told_a_channel_that_was_told_before_hears_of_it(world: World) -> None:
    world.hold("run1", NOW - HOUR)
    world.run()
    world.told()
    world.hold("run2", NOW + HOUR)
    world.now += 100 * HOUR

    world.run()

    assert world.told() == [("/all", "held, released, left out")]


def test_a_deed_of_another_account_waits_for_a_run_of_that_account(world: World) -> None:
    journal = Journal(world.store, "run1")
    step = Step(Verb.HOLD, "klaviyo", "other", "c1", "r1", Reversible.EXACT, "why")
    journal.begin(step, "Spring", {}, NOW)

    world.run()

    assert world.told() == []


@pytest.mark.parametrize(
    ("owner", "places"),
    [("@crm", {"/crm"}), ("@news", {"/news"}), ("@nobody", {"/all"}), (None, {"/all"})],
)
def test_findings_go_to_their_owner_and_the_rest_to_everybody(
    service: Service, store: sa.Engine, state: Path, owner: str | None, places: set[str]
) -> None:
    world = World(service, store, state, crm="crm", news="news")

    world.run(result(campaign(), [finding()]), owners={"TAG002": owner})

    assert {path for path, _section in world.told()} == places


def test_what_an_owner_was_told_is_resolved_there_too(service: Service, store: sa.Engine, state: Path) -> None:
    world = World(service, store, state, crm="crm")
    world.run(result(campaign(), [finding()]), owners={"TAG002": "@crm"})
    service.got.clear()

    world.run(result(campaign(), []))

    assert world.told() == [("/crm", "resolved")]


def test_a_campaign_that_was_clean_is_told_to_its_new_faults_owner_only(
    service: Service, store: sa.Engine, state: Path
) -> None:
    world = World(service, store, state, crm="crm")
    world.run(result(campaign(), []))
    done = Deed(Verb.HOLD, "klaviyo", "acme", "c1", DeedState.DONE, Reversible.EXACT, "")

    world.run(result(campaign(), [finding()]), owners={"TAG002": "@crm"}, deeds=(done,))

    assert {path for path, _section in world.told()} == {"/crm"}


def test_a_campaign_of_two_owners_is_told_to_each_with_what_is_theirs(
    service: Service, store: sa.Engine, state: Path
) -> None:
    world = World(service, store, state, crm="crm", news="news")
    done = Deed(Verb.HOLD, "klaviyo", "acme", "c1", DeedState.DONE, Reversible.EXACT, "")

    world.run(
        result(campaign(), [finding(), finding("VAL002")]), owners={"TAG002": "@crm", "VAL002": "@news"}, deeds=(done,)
    )

    hold = "held, released, left out"
    assert sorted(world.told()) == [("/crm", hold), ("/crm", "new"), ("/news", hold), ("/news", "new")]


def test_one_channel_that_is_down_keeps_nobody_else_from_being_told(
    service: Service, store: sa.Engine, state: Path
) -> None:
    world = World(service, store, state, crm="crm")
    service.next.append(Answer(500))

    told = world.run(result(campaign(), [finding(), finding("VAL002")]), owners={"TAG002": "@crm"})

    assert [d.state for d in told] == [DeedState.FAILED, DeedState.DONE]
    assert "crm" not in told[0].detail
    assert {path for path, _section in world.told()} == {"/all", "/crm"}


def test_a_dry_run_says_who_would_be_told_and_tells_nobody(world: World) -> None:
    seen = result(campaign(), [finding()])
    decisions = {"f-TAG002-3": Decision(seen.findings[0], frozenset({Verb.NOTIFY}), "default")}
    made = replace(report(seen), decisions=decisions)

    assert [d.state for d in notice_planned(world.settings, made, Plan((), {}))] == [DeedState.PLANNED]
    assert world.told() == []
    world.run(seen)
    assert notice_planned(world.settings, made, Plan((), {})) == ()


def test_a_run_that_ends_at_the_same_time_is_waited_for(world: World, store: sa.Engine) -> None:
    """Else both would tell what waits, and each would forget what the other told."""
    free, slept = threading.Event(), []
    lock = account_lock(world.settings, "(notices)")
    lock.__enter__()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            lock.__exit__(None, None, None)
            free.set()

    made = report(result(campaign(), [finding()]))
    assert notify(world.settings, store, made, Plan((), {}), NOW, clock=Clock(sleep=sleep)) == ()
    assert free.is_set()


def test_a_run_that_never_ends_is_left_to_it(world: World, store: sa.Engine) -> None:
    with account_lock(world.settings, "(notices)"):
        (deed,) = notify(world.settings, store, report(), Plan((), {}), NOW, clock=Clock(sleep=lambda _s: None))

    assert (deed.state, deed.detail) == (DeedState.FAILED, "nobody was told: another run is telling")


def test_a_store_that_fails_fails_no_scan(world: World, store: sa.Engine, capfd: pytest.CaptureFixture[str]) -> None:
    broken = sa.create_engine("sqlite://")

    (deed,) = notify(world.settings, broken, report(), Plan((), {}), NOW)

    assert deed.state is DeedState.FAILED
    assert "may not have gone out" in capfd.readouterr().err
    broken.dispose()
