"""Opens, clicks and visits from Klaviyo's events: newest first, within a budget, and only where asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from presend.audience.schema import fact
from presend_connectors.klaviyo import activity
from presend_sandbox import Sandbox
from presend_sandbox.klaviyo.state import Event, Metric
from tests.support.klaviyo_account import START, at, campaigns, cells

OPEN, VISIT, LAST = fact("last_open_at"), fact("last_visit_at"), fact("last_activity_at")


def written(moment: datetime) -> str:
    return f'"{moment:%Y-%m-%dT%H:%M:%SZ}"'


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The clean world, with some events of Klaviyo's own metrics for the first profiles of all."""
    with Sandbox("clean", start=START, only=["klaviyo"]) as running:
        state = running.state["klaviyo"]
        for key, name in (("MOPEN", "Opened Email"), ("MSITE", "Active on Site"), ("MVIEW", "Viewed Product")):
            state.metrics[key] = Metric(key, name, {"id": "0rG4eQ", "name": "Klaviyo", "category": "Internal"}, START)
        for place, who in enumerate(sorted(state.profiles)):
            for metric, days in (("MOPEN", 2), ("MOPEN", 9), ("MSITE", 30), ("MVIEW", 29)) if place % 2 else ():
                when = START - timedelta(days=days, minutes=place)
                state.events.append(Event(f"EV{metric}{days}{who}", metric, who, when, {}))
        yield running


def some(box: Sandbox) -> str:
    """A campaign of the world."""
    return min(campaigns(at(box)))


def asked(box: Sandbox, metric: str) -> int:
    return sum(metric in str(row["query"]) for row in box.requests if row["path"] == "/api/events")


def test_the_newest_event_of_each_kind_is_told_where_it_is_asked_for(box: Sandbox) -> None:
    connector = at(box)
    batches = list(connector.people(connector.campaign(some(box)), frozenset({OPEN, VISIT})))
    opened, visited, last = cells(batches, OPEN), cells(batches, VISIT), cells(batches, LAST)
    everybody = sorted(box.state["klaviyo"].profiles)
    who = next(one for one in everybody[1::2] if one in opened)
    minutes = timedelta(minutes=everybody.index(who))

    assert opened[who] == written(START - timedelta(days=2) - minutes)
    assert visited[who] == written(START - timedelta(days=29) - minutes)
    told = box.state["klaviyo"].profiles[who].last_event
    assert last[who] == max(opened[who], written(told) if told else "")
    silent = next(one for one in everybody[::2] if one in opened)
    assert (opened[silent], visited[silent]) == (None, None)  # nobody knows, which is not "never"


def test_events_are_read_once_for_an_account_and_not_where_nobody_asks(box: Sandbox) -> None:
    connector = at(box)
    before = asked(box, "MOPEN")
    mapped = at(box, facts={"last_open_at": "opened_on"})
    batches = list(connector.people(connector.campaign(some(box)), frozenset({"first_name"})))
    list(mapped.people(mapped.campaign(some(box)), frozenset({OPEN})))
    assert OPEN not in {name for batch in batches for name in batch.columns}
    assert asked(box, "MOPEN") == before

    for _ in range(2):
        list(connector.people(connector.campaign(some(box)), frozenset({OPEN})))
    assert asked(box, "MOPEN") == before + 1


def test_no_more_pages_are_read_than_the_budget_has(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST_PAGES", 1)
    connector = at(box)
    sites, views = asked(box, "MSITE"), asked(box, "MVIEW")
    list(connector.people(connector.campaign(some(box)), frozenset({VISIT})))

    assert (asked(box, "MSITE") - sites) + (asked(box, "MVIEW") - views) == 1


def test_an_account_without_such_metrics_tells_nothing(box: Sandbox) -> None:
    connector = at(box)
    batches = list(connector.people(connector.campaign(some(box)), frozenset({fact("last_click_at")})))
    assert set(cells(batches, fact("last_click_at")).values()) == {None}
