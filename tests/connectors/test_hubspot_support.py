"""Open support cases from HubSpot's tickets, asked for in bulk and only where somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presend.audience.schema import fact
from presend.model import Able
from presend_connectors.hubspot import tickets
from presend_sandbox import Sandbox
from tests.support.hubspot_account import SMALL, START, connect

SUPPORT = fact("support")
PEOPLE = """
[[people]]
id = "700001"
lists = ["101"]
properties = { email = "ann@example.com", firstname = "Ann" }
tickets = [{ subject = "Broken", hs_pipeline_stage = "2" }, { subject = "Old", hs_pipeline_stage = "4" }]

[[people]]
id = "700002"
lists = ["101"]
properties = { email = "bo@example.com", firstname = "Bo" }
tickets = [{ subject = "Old", hs_pipeline_stage = "4" }]
"""

World = Callable[[str], Sandbox]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Starts the small account with a few tickets, and with more settings in front."""
    running: list[Sandbox] = []

    def start(account: str = "") -> Sandbox:
        text = SMALL.replace("[account]\n", f"[account]\n{account}\n") + PEOPLE
        (tmp_path / "hubspot.toml").write_text(text, "utf-8")
        running.append(Sandbox(str(tmp_path), start=START, only=["hubspot"]).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()


def support(box: Sandbox, *columns: str, facts: dict[str, str] | None = None) -> dict[str, str | None]:
    """The fact by contact, as the connector tells it."""
    account = connect(box, facts=facts or {})
    try:
        batches = list(account.people(account.campaign("1"), frozenset(columns)))
    finally:
        account.close()
    found: dict[str, str | None] = {}
    for batch in batches:
        found |= dict(zip(batch.ids, batch.columns.get(SUPPORT, [None] * len(batch.ids)), strict=True))
    return found


def asked(box: Sandbox) -> list[str]:
    return [row["path"] for row in box.requests if "tickets" in row["path"]]


def test_an_open_ticket_is_an_open_case_and_a_closed_one_is_none(world: World) -> None:
    box = world("")
    found = support(box, SUPPORT)

    assert (found["700001"], found["700002"], found["510001"]) == ('"open"', '"none"', '"none"')
    # The stages, one search and one batch of associations, for however many people.
    assert len(asked(box)) == 3


def test_nobody_is_asked_where_nobody_wants_to_know_or_a_property_tells(world: World) -> None:
    box = world("")

    assert set(support(box).values()) == {None}
    assert support(box, SUPPORT, facts={"support": "First Name"})["700002"] == '"Bo"'  # by the label that is shown
    assert asked(box) == []


def test_without_the_right_to_see_tickets_nothing_is_known(world: World) -> None:
    box = world('without_scopes = ["crm.objects.tickets.read"]')

    assert set(support(box, SUPPORT).values()) == {None}
    account = connect(box)
    rights = {right.name: right.able for right in account.info().rights}
    account.close()
    assert rights["read tickets (open support cases)"] is Able.NO
    assert rights["read line items (what was bought)"] is Able.YES


def test_over_the_budget_only_what_was_seen_is_known(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "MOST", 1)
    monkeypatch.setattr("presend_connectors.hubspot.client.SEARCH_PAGE", 1)
    box = world("")
    state = box.state["hubspot"]
    for ticket in state.objects["tickets"].values():
        ticket.set("hs_pipeline_stage", "1", START)
    found = support(box, SUPPORT)

    assert list(found.values()).count('"open"') == 1
    assert '"none"' not in found.values()
