"""What a person put back is left alone by later scans, until it is edited or held by hand again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.actions.known import BY_HAND, Known, Memory, PutBack
from presend.actions.plan import Given, make
from presend.actions.putback import RELEASE, UNDO, last_word, noted
from presend.actions.recover import recover
from presend.actions.undo import Undoer, plan_undo, put_back
from presend.cli.remembered import memory
from presend.errors import Unreachable
from presend.model import Campaign, DeedState, Receipt, Reversible, Severity, Step, Verb
from presend.ports import Connector
from presend.settings import PolicySettings
from presend.store.journal import Journal
from presend.store.marks import Marks
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

HOLD = PolicySettings(hold="high", tag="never", comment="never")
EXCLUDE = PolicySettings(exclude="high", tag="never", comment="never")


def scan(
    store: sa.Engine, connector: FakeConnector, policy: PolicySettings, name: str
) -> list[tuple[Verb, DeedState, str]]:
    """A run with --apply over a campaign of which two of four would read a blank."""
    given = cast("Callable[[str], Connector]", lambda _name: connector)
    known = memory(store, ["acme"], [("acme", "c1")])
    with audience() as people:
        found = [finding(who=people.where(("first_name",), [(None,)]))]
        plan = make(policy, [result(connector.held["c1"], found, people)], {"acme": connector}, Given(NOW, known))
        deeds = Doer(given, Journal(store, name), Marks(store), lambda: NOW).do(plan)
    return [(d.verb, d.state, d.detail) for d in deeds]


def released(store: sa.Engine, connector: FakeConnector) -> Receipt:
    """As `presend release` does it."""
    journal = Journal(store, "hand")
    held = journal.held("acme", "c1")
    assert held is not None
    now = connector.held["c1"]
    step = Step(Verb.RELEASE, "klaviyo", "acme", "c1", now.revision, Reversible.EXACT, "takes back the hold")
    return put_back(cast("Connector", connector), journal, held, now, step, None, lambda: NOW, RELEASE)


def undone(store: sa.Engine, connector: FakeConnector, name: str) -> list[str]:
    given = cast("Callable[[str], Connector]", lambda _name: connector)
    journal = Journal(store, f"undo-{name}")
    backs = plan_undo(journal.entries(name), NOW)
    deeds = Undoer(given, journal, Marks(store), lambda: NOW).undo(backs)
    assert {d.state for d in deeds} == {DeedState.DONE}
    return [d.detail for d in deeds]


def edited(connector: FakeConnector) -> None:
    connector.held["c1"] = replace(connector.held["c1"], revision="r2")


def held_by_hand(store: sa.Engine, connector: FakeConnector) -> None:
    journal = Journal(store, "hand2")
    step = Step(Verb.HOLD, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, f"{BY_HAND}; as it was")
    entry = journal.begin(step, "Campaign 1", {}, NOW)
    journal.finish(entry, connector.hold(connector.held["c1"]), NOW)


def test_what_was_released_by_hand_is_not_held_again(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    scan(store, connector, HOLD, "run1")
    receipt = released(store, connector)
    connector.did.clear()

    ((verb, state, detail),) = scan(store, connector, HOLD, "run2")

    assert (verb, state, connector.did) == (Verb.HOLD, DeedState.LEFT_ALONE, [])
    assert "a person put it back by `presend release` on 2026-11-20 09:00 UTC" in detail
    assert "an edit of it, or `presend hold`, ends that" in detail
    assert "scans leave it so until it is edited" in receipt.detail


def test_an_edit_ends_that(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    scan(store, connector, HOLD, "run1")
    released(store, connector)
    edited(connector)

    assert [each[:2] for each in scan(store, connector, HOLD, "run2")] == [(Verb.HOLD, DeedState.DONE)]


def test_a_hold_by_hand_ends_that(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    scan(store, connector, HOLD, "run1")
    released(store, connector)
    held_by_hand(store, connector)

    known = memory(store, ["acme"], [("acme", "c1")]).of("acme", "c1")

    assert (known.put_back, known.held_for) == (None, "")


@pytest.mark.parametrize(("first", "second"), [(HOLD, HOLD), (EXCLUDE, EXCLUDE), (HOLD, EXCLUDE), (EXCLUDE, HOLD)])
def test_what_was_undone_is_neither_held_nor_narrowed(
    store: sa.Engine, first: PolicySettings, second: PolicySettings
) -> None:
    connector = FakeConnector(campaign())
    scan(store, connector, first, "run1")
    (told,) = undone(store, connector, "run1")
    connector.did.clear()

    ((_verb, state, detail),) = scan(store, connector, second, "run2")

    assert (state, connector.did) == (DeedState.LEFT_ALONE, [])
    assert "by `presend undo`" in detail
    assert "scans leave it so until it is edited" in told
    edited(connector)
    assert [each[1] for each in scan(store, connector, second, "run3")] == [DeedState.DONE]


def test_notes_and_marks_are_said_of_it_still(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    known = Memory({("acme", "c1"): Known(put_back=PutBack("r1", NOW, RELEASE))})
    with audience() as people:
        found = [finding(severity=Severity.BLOCKER, who=people.where(("first_name",), [(None,)]))]
        one = result(campaign(), found, people)
        plan = make(PolicySettings(hold="blocker"), [one], {"acme": connector}, Given(NOW, known))

    assert [(p.step.verb, p.state) for p in plan.planned] == [
        (Verb.HOLD, DeedState.LEFT_ALONE),
        (Verb.TAG, DeedState.PLANNED),
        (Verb.COMMENT, DeedState.PLANNED),
    ]
    assert plan.decisions["acme/c1"][0].verbs >= {Verb.HOLD, Verb.NOTIFY}


def test_a_release_that_was_killed_after_it_took_counts(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    scan(store, connector, HOLD, "run1")
    step = Step(Verb.RELEASE, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "takes back the hold")
    Journal(store, "killed").begin(step, "Campaign 1", {}, NOW)
    connector.held["c1"] = campaign()
    recover(cast("Connector", connector), Journal(store, "run2"), Marks(store), "acme", lambda: NOW)

    assert [each[1] for each in scan(store, connector, HOLD, "run2")] == [DeedState.LEFT_ALONE]


def test_what_could_not_be_kept_is_said(store: sa.Engine) -> None:
    class Away(FakeConnector):
        def campaign(self, campaign_id: str) -> Campaign:
            if any(each[0] is Verb.RELEASE for each in self.did):
                raise Unreachable("no answer")
            return super().campaign(campaign_id)

    connector = Away(campaign())
    scan(store, connector, HOLD, "run1")

    receipt = released(store, connector)

    assert receipt.state is DeedState.DONE
    assert "could not be kept (no answer" in receipt.detail
    assert "the next scan may hold it again" in receipt.detail


@pytest.mark.parametrize(
    ("later", "state", "still"),
    [
        (Verb.HOLD, DeedState.FAILED, True),
        (Verb.HOLD, DeedState.UNKNOWN, False),
        (Verb.EXCLUDE, DeedState.DONE, False),
        (Verb.TAG, DeedState.DONE, True),
        (Verb.RELEASE, DeedState.FAILED, True),
    ],
)
def test_the_last_word_counts(store: sa.Engine, later: Verb, state: DeedState, still: bool) -> None:
    journal = Journal(store, "hand")

    def did(verb: Verb, ended: DeedState) -> int:
        step = Step(verb, "klaviyo", "acme", "c1", "r1", Reversible.EXACT, "")
        entry = journal.begin(step, "Campaign 1", {}, NOW)
        journal.finish(entry, Receipt(ended, ""), NOW)
        return entry

    noted(journal, did(Verb.RELEASE, DeedState.DONE), "r1", UNDO, NOW)
    did(later, state)
    found: Any = last_word(journal.of("acme", "c1"))

    assert found == (PutBack("r1", NOW, UNDO) if still else None)
