"""Forgetting: what is old goes, what is still relied on stays however old it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from presend.model import Campaign, DeedState, Receipt, Reversible, Schedule, Step, Strategy, Verb
from presend.store import oversight
from presend.store.journal import Journal
from presend.store.marks import Marks
from presend.store.outbox import Outbox
from presend.store.oversight import Acks, Approvals, Baselines
from presend.store.prune import Pruned, prune
from presend.store.runs import Runs
from presend.store.seen import Seen
from presend.store.tables import run_accounts, stages
from tests.deeds.fakes import NOW, campaign, finding, result

DAY = timedelta(days=1)
OLD = NOW - 200 * DAY
LIMIT = NOW - 90 * DAY


def pruned(store: sa.Engine, *, dry_run: bool = False) -> Pruned:
    return prune(store, LIMIT, NOW, dry_run=dry_run)


def counts(found: Pruned) -> dict[str, int]:
    return {name: count for name, count in found.removed if count}


def sent_at(number: int, at: datetime) -> Campaign:
    return replace(campaign(number), schedule=Schedule(Strategy.STATIC, at, at, at))


def deed(store: sa.Engine, verb: Verb, state: DeedState | None, at: datetime = OLD, number: int = 1) -> int:
    journal = Journal(store, f"r-{verb.value}-{number}")
    step = Step(verb, "klaviyo", "acme", f"c{number}", "r", Reversible.EXACT, "")
    entry = journal.begin(step, "Spring", {}, at)
    journal.stage(entry, "one", {})
    if state is not None:
        journal.finish(entry, Receipt(state, ""), at)
    return entry


def left(store: sa.Engine) -> list[int]:
    return [entry.id for entry in Journal(store, "now").of("acme", "c1")]


def test_what_is_old_and_over_goes(store: sa.Engine) -> None:
    Seen(store).remember(result(sent_at(1, OLD), [finding(fingerprint="f1")]), OLD)
    deed(store, Verb.TAG, DeedState.DONE)
    Acks(store).put("f1", "ann", "why", OLD + DAY, 1, OLD)
    Approvals(store).put("acme", "c1", "h", "ann", OLD)
    oversight.Tests(store).put("acme", "c1", "h", "ann", OLD)
    outbox = Outbox(store)
    for _ in range(2):
        outbox.sent(outbox.put({}, OLD), OLD)
    runs = Runs(store)
    for run, at in (("r-tag-1", OLD), ("later", OLD + DAY)):
        runs.start(run, at)
        runs.account(run, "acme", "klaviyo", True, 1, 1, at)
    expected = {
        "runs": 1, "deeds": 1, "findings": 1, "acknowledgements": 1, "approvals": 1, "records of tests": 1,
        "notices": 1, "campaigns": 1,
    }  # fmt: skip

    assert counts(pruned(store, dry_run=True)) == expected
    assert counts(pruned(store)) == expected
    assert counts(pruned(store)) == {}
    # The last time that the account was seen whole is what its watch goes by.
    assert [row.run for row in runs.recent(9)] == ["later"]
    with store.connect() as connection:
        assert connection.execute(stages.select()).all() == []
        assert [row.run for row in connection.execute(run_accounts.select())] == ["later"]


def test_what_is_recent_stays(store: sa.Engine) -> None:
    Seen(store).remember(result(sent_at(1, NOW), [finding(fingerprint="f1")]), LIMIT)
    deed(store, Verb.TAG, DeedState.DONE, at=LIMIT)
    Approvals(store).put("acme", "c1", "h", "ann", LIMIT)
    Runs(store).start("r1", LIMIT)

    assert counts(pruned(store)) == {}


@pytest.mark.parametrize(
    ("verb", "state", "stays"),
    [
        (Verb.HOLD, DeedState.DONE, True),
        (Verb.HOLD, DeedState.UNKNOWN, True),
        (Verb.HOLD, None, True),
        (Verb.TAG, None, True),
        (Verb.EXCLUDE, DeedState.DONE, True),
        (Verb.HOLD, DeedState.FAILED, False),
        (Verb.TAG, DeedState.DONE, False),
        (Verb.RELEASE, DeedState.UNKNOWN, False),
    ],
)
def test_deeds_that_are_still_needed_stay(store: sa.Engine, verb: Verb, state: DeedState | None, stays: bool) -> None:
    entry = deed(store, verb, state)
    Runs(store).start(f"r-{verb.value}-1", OLD)

    assert counts(pruned(store)) == ({} if stays else {"runs": 1, "deeds": 1})
    assert left(store) == ([entry] if stays else [])
    assert len(Runs(store).recent(9)) == int(stays)


def test_a_hold_that_was_taken_back_goes_with_its_campaign(store: sa.Engine) -> None:
    """While it may still go, that somebody put it back is what keeps it from being held again."""
    deed(store, Verb.HOLD, DeedState.DONE)
    journal = Journal(store, "r2")
    held = journal.held("acme", "c1")
    assert held is not None
    journal.released(held, deed(store, Verb.RELEASE, DeedState.DONE))

    assert counts(pruned(store)) == {}
    Seen(store).remember(result(sent_at(1, OLD + DAY), []), OLD)
    assert counts(pruned(store)) == {"deeds": 2, "campaigns": 1}


def test_an_exclusion_goes_with_its_campaign(store: sa.Engine) -> None:
    deed(store, Verb.EXCLUDE, DeedState.DONE)
    Seen(store).remember(result(sent_at(1, NOW + DAY), []), OLD)
    assert counts(pruned(store)) == {}

    Seen(store).remember(result(sent_at(1, OLD + DAY), []), OLD)
    assert counts(pruned(store)) == {"deeds": 1, "campaigns": 1}


def test_what_people_said_stays_while_it_may_count(store: sa.Engine) -> None:
    """An approval given half a year ago for a campaign of tomorrow, also where no run has seen it yet."""
    Seen(store).remember(result(sent_at(1, NOW + DAY), [finding(fingerprint="f1")]), OLD)
    for number in (1, 2):
        Approvals(store).put("acme", f"c{number}", "h", "ann", OLD)
        oversight.Tests(store).put("acme", f"c{number}", "h", "ann", OLD)
    Acks(store).put("f1", "ann", "for a year", NOW + DAY, 1, OLD)
    Baselines(store).put("acme", ["f9"], OLD)
    Marks(store).put("acme", "c1", "presend:TAG002", ["p1"], OLD)
    Outbox(store).put({"n": 1}, OLD)

    found = pruned(store)

    assert counts(found) == {}
    assert dict(found.kept) == {"acknowledgements that have not expired": 1, "notices that wait to be sent": 1}
    assert len(Approvals(store).of("acme", "c1")) == len(Approvals(store).of("acme", "c2")) == 1
    assert Marks(store).ids("acme", "c1", "presend:TAG002") == ["p1"]
    assert Seen(store).states([finding(fingerprint="f1")])


def test_what_stays_although_old_is_said(store: sa.Engine) -> None:
    deed(store, Verb.HOLD, None)
    deed(store, Verb.TAG, None)

    assert dict(pruned(store, dry_run=True).kept) == {
        "deeds that hold a campaign, or may": 1,
        "deeds that never came to an end": 1,
    }
