"""What an audit reads of an account: every list and segment, every contact; and that nothing short passes for whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from presend.errors import BadAnswer
from presend.model import Gap, Platform
from presend.ports import AccountConfig, Connector
from presend_connectors.hubspot import tickets
from presend_connectors.hubspot.account import HubspotConnector
from presend_connectors.hubspot.client import Client
from presend_connectors.klaviyo.adapter import KlaviyoConnector
from presend_connectors.mailchimp.adapter import MailchimpConnector
from presend_sandbox import Sandbox
from tests.support.hubspot_account import START, connect_to, ok, scripted

KINDS: dict[Platform, tuple[type, str]] = {
    Platform.MAILCHIMP: (MailchimpConnector, "PRESEND_MAILCHIMP__API_KEY"),
    Platform.KLAVIYO: (KlaviyoConnector, "PRESEND_KLAVIYO__API_KEY"),
    Platform.HUBSPOT: (HubspotConnector, "PRESEND_HUBSPOT__ACCESS_TOKEN"),
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The mishaps world; nothing here changes it."""
    with Sandbox("mishaps", start=START) as running:
        yield running


@pytest.mark.parametrize("platform", KINDS)
def test_all_groups_and_all_contacts_are_read(box: Sandbox, platform: Platform) -> None:
    kind, key = KINDS[platform]
    account: Connector = kind(AccountConfig("acme", platform, box.env()[key], base_url=box.origin))
    try:
        groups = list(account.groups())
        people = [one for batch in account.contacts() for one in batch.ids]
    finally:
        account.close()

    state: Any = box.state[platform.value]
    there = {Platform.KLAVIYO: "profiles", Platform.HUBSPOT: "contacts"}
    if platform in there:
        assert len(people) == len(set(people)) == len(getattr(state, there[platform]))
    assert len(people) > 1000
    assert len({group.ref.id for group in groups}) == len(groups) > 10
    assert any(group.definition is not None for group in groups)
    assert all(isinstance(group.size, Gap | int) for group in groups)
    assert not [group for group in groups if group.ref.name.startswith("presend:")]


def lists(count: int, total: int) -> dict[str, Any]:
    rows = [{"listId": str(n), "name": f"L{n}", "objectTypeId": "0-1"} for n in range(count)]
    return {"lists": rows, "hasMore": False, "offset": count, "total": total}


@pytest.mark.parametrize(("total", "shown"), [(3, 2), (2, 1)])
def test_fewer_lists_than_hubspot_counts_or_names_are_no_inventory(total: int, shown: int) -> None:
    def answer(_method: str, path: str, _number: int) -> tuple[int, bytes, dict[str, str]]:
        return ok(lists(2, total) if path.endswith("/search") else {"lists": lists(shown, shown)["lists"]})

    with scripted(answer) as server:
        account = connect_to(server.origin)
        with pytest.raises(BadAnswer, match=r"showed 2 of 3|did not show it"):
            list(account.groups())
        account.close()


def test_where_no_stage_is_open_nobody_has_an_open_case_and_nothing_is_searched() -> None:
    closed = {"id": "4", "label": "Closed", "archived": False, "metadata": {"ticketState": "CLOSED"}}
    body = {"results": [{"id": "0", "label": "Support", "stages": [closed]}]}
    with scripted(lambda _m, _p, _n: ok(json.loads(json.dumps(body)))) as server:
        client = Client(AccountConfig("acme", Platform.HUBSPOT, "pat-na1-x", base_url=server.origin))
        found = tickets.pull(client)
        client.close()

    assert (found.of("1"), len(server.asked)) == ("none", 1)
