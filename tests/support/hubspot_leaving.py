"""What tests of leaving people out of HubSpot's emails share: worlds of their own, a hold, and a look inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from presend.model import Campaign, DeedState, Receipt
from presend_connectors.hubspot.account import HubspotConnector
from presend_sandbox import Sandbox
from tests.support.hubspot_account import START, connect, reached, small_world

EMAIL, TEST, VARIANT, LOCAL, UNFINISHED = "1", "2", "3", "4", "5"
LABEL = f"presend:out:{EMAIL}"
BAD = ["510001", "510002", "510003"]


@contextmanager
def worlds(folder: Path) -> Iterator[Callable[..., Sandbox]]:
    """Starts small worlds with faults and switches; all end with the block."""
    running: list[Sandbox] = []

    def start(*faults: dict[str, Any], **switches: str) -> Sandbox:
        chosen = {f"hubspot.{key}": value for key, value in switches.items()}
        name = small_world(folder, *faults)
        running.append(Sandbox(name, start=START, switches=chosen, only=["hubspot"]).__enter__())
        return running[-1]

    try:
        yield start
    finally:
        for each in running:
            each.close()


def who(connector: HubspotConnector, campaign: Campaign, *, everybody: bool = False) -> list[str]:
    """Whom presend takes for the recipients."""
    return reached(connector.people(campaign, frozenset(), everybody=everybody))


def held(box: Sandbox, campaign_id: str = EMAIL) -> tuple[HubspotConnector, Campaign, dict[str, Any]]:
    """A connector that has held the email, the campaign before that, and what was journalled."""
    connector = connect(box)
    found = connector.campaign(campaign_id)
    saved: dict[str, Any] = json.loads(json.dumps(connector.writer.saved(found)))
    assert connector.writer.hold(found).state is DeedState.DONE
    return connector, found, saved


def excluded(box: Sandbox, email_id: str = EMAIL) -> dict[str, set[str]]:
    """The lists that the email excludes, by name, and who is in them, as the platform has it."""
    account = box.state["hubspot"]
    lists = [account.lists[str(one)] for one in account.emails[email_id].doc["to"]["contactIlsLists"]["exclude"]]
    return {one.name: set(one.members) for one in lists}


def narrowed(box: Sandbox) -> Receipt:
    """The receipt of leaving people out, after which nothing may go."""
    connector, found, _saved = held(box)
    receipt = connector.writer.narrow(found, LABEL, BAD)
    assert box.platforms["hubspot"].send(EMAIL) == []
    assert "@" not in receipt.detail
    return receipt
