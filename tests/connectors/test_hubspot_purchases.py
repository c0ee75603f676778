"""Products from the line items of HubSpot's won deals, read in bulk and only where somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presend.audience.schema import fact
from presend_connectors.hubspot import purchases
from presend_sandbox import Sandbox
from tests.support.hubspot_account import SMALL, START, connect

LAST, ALL = fact("last_product"), fact("products")
PEOPLE = """
[[people]]
id = "700001"
lists = ["101"]
properties = { email = "ann@example.com" }
deals = [
  { closedate = "-40d", dealstage = "closedwon", items = ["Oak table", "Lamp"] },
  { closedate = "-3d", dealstage = "closedwon", items = ["Kettle"] },
  { closedate = "-2d", dealstage = "closedlost", items = ["Sofa"] },
  { closedate = "-200d", dealstage = "closedwon", items = ["Bed"] },
]

[[people]]
id = "700002"
lists = ["101"]
properties = { email = "bo@example.com" }
deals = [{ closedate = "-5d", dealstage = "closedwon" }]
"""

World = Callable[..., Sandbox]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Starts the small account with a few deals."""
    running: list[Sandbox] = []

    def start(account: str = "") -> Sandbox:
        text = SMALL.replace("[account]\n", f"[account]\n{account}\n") + PEOPLE
        (tmp_path / "hubspot.toml").write_text(text, "utf-8")
        running.append(Sandbox(str(tmp_path), start=START, only=["hubspot"]).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.close()


def cells(box: Sandbox, column: str, *asked: str, **settings: dict[str, str]) -> dict[str, str | None]:
    """A column by contact, as the connector tells it when these are asked for."""
    account = connect(box, **settings)
    try:
        batches = list(account.people(account.campaign("1"), frozenset(asked)))
    finally:
        account.close()
    found: dict[str, str | None] = {}
    for batch in batches:
        found |= dict(zip(batch.ids, batch.columns.get(column, [None] * len(batch.ids)), strict=True))
    return found


def test_the_products_of_deals_won_lately_are_told_the_newest_first(world: World) -> None:
    box = world()
    every = cells(box, ALL, ALL)

    assert every["700001"] == '["Kettle","Oak table","Lamp"]'
    assert (every["700002"], every["510001"]) == (None, None)  # a deal without items, and nobody's buyer: not known
    deals = [row["path"] for row in box.requests if "deals" in row["path"] or "line_items" in row["path"]]
    # One search, two batches of associations, one of line items, and nothing per person; the newest deal is a source.
    assert len(deals) == 5
    assert cells(box, LAST, LAST)["700001"] == '"Kettle"'


def test_nobody_is_asked_where_nobody_wants_to_know_and_a_property_goes_before(world: World) -> None:
    box = world()

    assert set(cells(box, LAST).values()) == {None}
    assert cells(box, LAST, LAST, facts={"last_product": "email"})["700001"] == '"ann@example.com"'


@pytest.mark.parametrize("scope", ["deals", "line_items"])
def test_without_the_right_to_see_them_nothing_is_known(world: World, scope: str) -> None:
    box = world(f'without_scopes = ["crm.objects.{scope}.read"]')

    assert set(cells(box, LAST, LAST).values()) == {None}


def test_over_the_budget_the_newest_deals_count(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchases, "MOST_DEALS", 1)
    monkeypatch.setattr("presend_connectors.hubspot.client.SEARCH_PAGE", 1)

    assert cells(world(), ALL, ALL)["700001"] == '["Kettle"]'
