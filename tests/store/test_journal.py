"""The journal beyond one hold: stages, exclusions that end held, what a crash left, runs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from presend.model import DeedState, Receipt, Reversible, Step, Verb
from presend.store.journal import Entry, Journal, Stage
from tests.deeds.fakes import NOW


def step(campaign: str = "c1", verb: Verb = Verb.HOLD, account: str = "acme", label: str = "") -> Step:
    return Step(verb, "klaviyo", account, campaign, "r1", Reversible.EXACT, "why", label=label)


def begun(journal: Journal, campaign: str = "c1", verb: Verb = Verb.HOLD, account: str = "acme") -> int:
    return journal.begin(step(campaign, verb, account), f"Campaign {campaign}", {}, NOW)


def ended(journal: Journal, entry: int, state: DeedState) -> int:
    journal.finish(entry, Receipt(state, state.value), NOW)
    return entry


def ids(entries: list[Entry]) -> list[int]:
    return [entry.id for entry in entries]


def test_stages_are_kept_in_their_order(store: sa.Engine) -> None:
    journal = Journal(store, "r1")
    first, second = begun(journal, verb=Verb.EXCLUDE), begun(journal, "c2", Verb.EXCLUDE)
    journal.stage(first, "hold", {"before": True})
    journal.stage(second, "hold", {})
    journal.stage(first, "narrow", {"ids": ["p1"], "none": None})
    journal.stage(first, "hold", {"after": [1]})

    one, other = journal.entries("r1")

    assert one.stages == (
        Stage("hold", {"before": True}),
        Stage("narrow", {"ids": ["p1"], "none": None}),
        Stage("hold", {"after": [1]}),
    )
    assert other.stages == (Stage("hold", {}),)


def test_what_ended_in_between_is_found_by_the_next_run(store: sa.Engine) -> None:
    dead, now = Journal(store, "r1"), Journal(store, "r2")
    left = begun(dead, verb=Verb.EXCLUDE)
    dead.stage(left, "hold", {"saved": {"at": "15:00"}})
    ended(dead, begun(dead, "c2"), DeedState.DONE)
    begun(dead, "c3", account="shop")
    begun(now, "c4")

    (entry,) = now.unfinished("acme")

    assert (entry.id, entry.unfinished, entry.state) == (left, True, DeedState.UNKNOWN)
    assert entry.stages == (Stage("hold", {"saved": {"at": "15:00"}}),)
    ended(now, left, DeedState.FAILED)
    assert now.unfinished("acme") == []
    assert now.entries("r1")[0].finished == NOW


def test_what_is_held_now_is_told_once_for_each_campaign(store: sa.Engine) -> None:
    journal = Journal(store, "r1")
    ended(journal, begun(journal), DeedState.UNKNOWN)
    second = ended(journal, begun(journal), DeedState.DONE)
    other = begun(journal, "c2")
    ended(journal, begun(journal, "c3"), DeedState.FAILED)
    ended(journal, begun(journal, "c4", Verb.TAG), DeedState.DONE)
    shop = ended(journal, begun(journal, account="shop"), DeedState.DONE)

    assert ids(journal.held_now()) == [second, other, shop]
    assert ids(journal.held_now("shop")) == [shop]


@pytest.mark.parametrize("state", [DeedState.FAILED, DeedState.UNKNOWN])
def test_an_exclusion_that_stopped_halfway_holds_its_campaign(store: sa.Engine, state: DeedState) -> None:
    journal = Journal(store, "r1")
    entry = begun(journal, verb=Verb.EXCLUDE)
    assert journal.held("acme", "c1") is None
    journal.holding(entry, True)
    ended(journal, entry, state)

    held = journal.held("acme", "c1")

    assert held is not None
    assert (held.id, held.verb, held.holding) == (entry, Verb.EXCLUDE, True)
    journal.released(held, begun(journal, verb=Verb.RELEASE))
    assert journal.held("acme", "c1") is None
    assert journal.entries("r1")[0].undone_by is None


def test_an_exclusion_that_scheduled_again_holds_nothing(store: sa.Engine) -> None:
    journal = Journal(store, "r1")
    entry = begun(journal, verb=Verb.EXCLUDE)
    journal.holding(entry, True)
    journal.holding(entry, False)
    ended(journal, entry, DeedState.DONE)

    assert journal.held_now() == []


def test_a_deed_of_any_kind_can_be_marked_as_taken_back(store: sa.Engine) -> None:
    journal = Journal(store, "r1")
    tag = ended(journal, begun(journal, verb=Verb.TAG), DeedState.DONE)
    journal.undone(tag, by=begun(journal, verb=Verb.UNTAG))

    first, second = journal.entries("r1")

    assert (first.undone_by, second.undone_by) == (second.id, None)


def test_runs_are_found_by_how_they_begin(store: sa.Engine) -> None:
    for run in ("aa1", "aa2", "b%1"):
        begun(Journal(store, run))
    journal = Journal(store, "now")

    assert journal.runs() == ["b%1", "aa2", "aa1"]
    assert journal.runs(1) == ["b%1"]
    assert journal.matching("aa") == ["aa2", "aa1"]
    assert journal.matching("b%") == ["b%1"]
    assert journal.matching("%") == []


def test_an_entry_tells_all_that_was_planned(store: sa.Engine) -> None:
    journal = Journal(store, "r1")
    journal.begin(step(verb=Verb.TAG, label="presend:TAG002"), "Spring", {"ids": ["p1"]}, NOW)

    (entry,) = journal.of("acme", "c1")

    assert (entry.run, entry.verb, entry.label, entry.revision) == ("r1", Verb.TAG, "presend:TAG002", "r1")
    assert (entry.reversible, entry.campaign_name, entry.detail) == (Reversible.EXACT, "Spring", "why")
    assert journal.of("acme", "c1", [Verb.HOLD]) == []
