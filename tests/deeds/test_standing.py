"""`presend status`: what the journal and the outbox say of how things stand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from presend.actions.exclude import WAS, times
from presend.cli.standing import Standing, gather, shown_as
from presend.model import DeedState, Receipt, Reversible, Step, Verb
from presend.store.journal import Journal
from presend.store.outbox import Outbox
from tests.deeds.fakes import NOW, campaign


def noted(
    store: sa.Engine,
    verb: Verb,
    state: DeedState | None,
    undo: dict[str, Any] | None = None,
    reversible: Reversible = Reversible.EXACT,
    run: str = "0123456789abcdef",
    account: str = "acme",
    detail: str = "as planned",
    result: str = "read back",
) -> int:
    """A deed of the journal, ended or not."""
    journal = Journal(store, run)
    step = Step(verb, "klaviyo", account, "c1", "r1", reversible, detail, label="presend:out:c1")
    entry = journal.begin(step, "Spring sale", undo or {}, NOW)
    if verb is Verb.HOLD:
        journal.stage(entry, WAS, times(campaign()))
    if state is not None:
        journal.finish(entry, Receipt(state, result), NOW)
    return entry


def standing(store: sa.Engine, account: str | None = None, **later: float) -> Standing:
    return gather(store, Journal(store, "look"), account, NOW + timedelta(**later))


def test_nothing(store: sa.Engine) -> None:
    assert standing(store) == Standing()
    assert shown_as(standing(store), "table") == "Nothing is held, left out, unsure or waiting.\n"
    assert json.loads(shown_as(standing(store), "json"))["schema"] == "presend.status/v1"


@pytest.mark.parametrize(
    ("reversible", "later", "put_back", "until", "says"),
    [
        (Reversible.EXACT, 1, "exact", "2026-11-20T15:00:00Z", "puts it back exactly until 2026-11-20T15:00:00Z"),
        (Reversible.APPROXIMATE, 1, "approximate", "2026-11-20T15:00:00Z", "though perhaps not exactly"),
        (Reversible.NO, 1, "no", None, "schedule it on the platform"),
        (Reversible.EXACT, 6, "time", None, "`presend release acme:c1 --at TIME`"),
    ],
)
def test_what_is_held_and_how_it_comes_back(
    store: sa.Engine, reversible: Reversible, later: int, put_back: str, until: str | None, says: str
) -> None:
    noted(store, Verb.HOLD, DeedState.DONE, {"send_time": "x"}, reversible)

    found = standing(store, hours=later)

    (held,) = found.held
    assert (held.put_back, held.put_back_until, held.would_go) == (put_back, until, "2026-11-20T15:00:00Z")
    assert held.sure
    assert says in shown_as(found, "table")
    assert "by run 01234567" in shown_as(found, "table")


def test_a_deed_that_never_ended_is_not_sure(store: sa.Engine) -> None:
    noted(store, Verb.HOLD, None)

    found = standing(store)

    assert [held.sure for held in found.held] == [False]
    assert [(one.verb, one.at_work) for one in found.unsure] == [("hold", True)]
    assert "not sure" in shown_as(found, "table")


def test_who_is_left_out_of_what(store: sa.Engine) -> None:
    entry = noted(store, Verb.EXCLUDE, DeedState.DONE, {"saved": {}, "ids": ["p2", "p4"], "was": []})
    journal = Journal(store, "x")
    journal.stage(entry, "narrowed", {"state": "done"})

    (out,) = standing(store).left_out

    assert (out.campaign_id, out.people) == ("c1", 2)
    assert "2 people left out" in shown_as(standing(store), "table")
    noted(store, Verb.EXCLUDE, DeedState.DONE, {"saved": {}, "ids": [], "was": ["p2", "p4"]}, run="later")
    assert standing(store).left_out == ()


def test_an_exclusion_that_ended_held(store: sa.Engine) -> None:
    undo = {"saved": {}, "ids": ["p2"], "was": [], **times(campaign())}
    entry = noted(store, Verb.EXCLUDE, DeedState.FAILED, undo)
    journal = Journal(store, "x")
    journal.holding(entry, held=True)
    journal.stage(entry, "narrowed", {"state": "done"})

    found = standing(store)

    assert [(held.sure, held.left_out, held.would_go) for held in found.held] == [(True, 1, "2026-11-20T15:00:00Z")]
    assert [out.people for out in found.left_out] == [1]


def test_what_nobody_knows_and_what_waits(store: sa.Engine) -> None:
    noted(store, Verb.TAG, DeedState.UNKNOWN)
    Outbox(store).put({"headline": "x"}, NOW)
    Outbox(store).put({"headline": "y"}, NOW + timedelta(hours=1))

    found = standing(store)

    assert [(one.verb, one.at_work, one.detail) for one in found.unsure] == [("tag", False, "read back")]
    assert [(w.channel, w.notices, w.oldest) for w in found.waiting] == [("slack", 2, "2026-11-20T09:00:00Z")]
    text = shown_as(found, "table")
    assert "unconfirmed" in text
    assert "2 for slack, since 2026-11-20T09:00:00Z" in text


@pytest.mark.parametrize(
    ("first", "second", "ids", "state", "unsure"),
    [
        (Verb.TAG, Verb.TAG, ["p1", "p2"], DeedState.DONE, []),
        (Verb.TAG, Verb.UNTAG, ["p1", "p2", "p3"], DeedState.DONE, []),
        (Verb.COMMENT, Verb.COMMENT, ["p1", "p2"], DeedState.DONE, []),
        (Verb.TAG, Verb.TAG, ["p1"], DeedState.DONE, ["tag"]),
        (Verb.TAG, Verb.TAG, ["p1", "p2"], DeedState.FAILED, ["tag"]),
        (Verb.TAG, Verb.COMMENT, ["p1", "p2"], DeedState.DONE, ["tag"]),
        (Verb.HOLD, Verb.COMMENT, ["p1", "p2"], DeedState.DONE, ["hold"]),
    ],
)
def test_what_a_later_deed_settled_is_not_unsure_any_more(
    store: sa.Engine, first: Verb, second: Verb, ids: list[str], state: DeedState, unsure: list[str]
) -> None:
    noted(store, first, DeedState.UNKNOWN, {"ids": ["p1", "p2"]})
    noted(store, second, state, {"ids": ids}, run="later")

    assert [one.verb for one in standing(store).unsure] == unsure


def test_of_one_account_only(store: sa.Engine) -> None:
    noted(store, Verb.HOLD, DeedState.DONE, account="other")
    noted(store, Verb.TAG, DeedState.UNKNOWN, account="other")

    assert standing(store, "acme") == Standing()
    assert len(standing(store).held) == 1


BATCHES = "can be put back until 15:00; batch delivery, had it been set, could not be read and would be off"


@pytest.mark.parametrize(("said", "exactly"), [(BATCHES, False), ("", True)])
def test_exactly_is_only_promised_where_nothing_was_said(store: sa.Engine, said: str, exactly: bool) -> None:
    noted(store, Verb.HOLD, DeedState.DONE, detail=f"take back to draft for TAG002; {said}".rstrip("; "))

    text = shown_as(standing(store), "table")

    assert ("puts it back exactly" in text) == exactly
    assert "`presend release acme:c1` puts it back" in text
    assert said in text


@pytest.mark.parametrize(("state", "shown"), [(DeedState.FAILED, True), (DeedState.DONE, False)])
def test_a_refused_release_is_said(store: sa.Engine, state: DeedState, shown: bool) -> None:
    noted(store, Verb.RELEASE, DeedState.FAILED, run="before")
    noted(store, Verb.HOLD, DeedState.DONE)
    noted(store, Verb.RELEASE, DeedState.FAILED, run="first")
    noted(store, Verb.RELEASE, state, run="hand", result="Mailchimp's checklist says no")

    found = standing(store)

    text = shown_as(found, "table")
    assert ("the latest try to put it back failed, 2026-11-20T09:00:00Z: Mailchimp's checklist" in text) == shown
    assert ("puts it back exactly" in text) != shown
    assert bool(found.held[0].refused) == shown
