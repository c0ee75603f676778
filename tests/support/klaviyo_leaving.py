"""What tests of leaving people out of Klaviyo's campaigns share: worlds of their own, a hold, and a look inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from presend.model import Campaign, DeedState
from presend_connectors.klaviyo.adapter import KlaviyoConnector
from presend_sandbox import Sandbox
from tests.support.klaviyo_account import START, at, reached
from tests.support.klaviyo_world import PLAIN, small_world

LABEL = f"presend:out:{PLAIN}"
BAD = [f"01CL{number:022d}" for number in (1, 2, 3)]


@contextmanager
def worlds(folder: Path) -> Iterator[Callable[..., Sandbox]]:
    """Starts small worlds with faults and switches; all end with the block."""
    running: list[Sandbox] = []

    def start(*faults: dict[str, Any], **switches: str) -> Sandbox:
        chosen = {f"klaviyo.{key}": value for key, value in switches.items()}
        name = small_world(folder, *faults)
        running.append(Sandbox(name, start=START, switches=chosen, only=["klaviyo"]).__enter__())
        return running[-1]

    try:
        yield start
    finally:
        for each in running:
            each.close()


def who(connector: KlaviyoConnector, campaign: Campaign, *, everybody: bool = False) -> list[str]:
    """Whom presend takes for the recipients."""
    return reached(list(connector.people(campaign, frozenset(), everybody=everybody)))


def held(box: Sandbox, campaign_id: str = PLAIN) -> tuple[KlaviyoConnector, Campaign, dict[str, Any]]:
    """A connector that has held the campaign, the campaign before that, and what was journalled."""
    connector = at(box)
    found = connector.campaign(campaign_id)
    saved: dict[str, Any] = json.loads(json.dumps(connector.writer.saved(found)))
    assert connector.writer.hold(found).state is DeedState.DONE
    return connector, found, saved


def excluded(box: Sandbox, campaign_id: str = PLAIN) -> dict[str, set[str]]:
    """The lists that the campaign's audience excludes, by name, and who is on them, as the platform has it."""
    account = box.state["klaviyo"]
    (audience,) = account.campaigns[campaign_id].audiences
    return {account.groups[key].name: set(account.groups[key].members) for key in account.audiences[audience].excluded}


def changes(box: Sandbox) -> list[str]:
    """Every request that changes something."""
    return [f"{row['method']} {row['path']}" for row in box.requests if row["method"] != "GET"]
