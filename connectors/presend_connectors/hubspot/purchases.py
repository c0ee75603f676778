"""What people bought lately: the line items of deals won in the last months, in bulk and within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from presend.errors import Gone, Refused
from presend_connectors.hubspot.client import BATCH_PAGE, LINKS_PAGE, Client
from presend_connectors.hubspot.facts import value

LATELY = timedelta(days=90)
MOST_DEALS = 2_000
"""Deals that are read, the newest first: ten searches, and about a hundred requests for what they hold."""
MOST_PRODUCTS = 12
"""Products kept per person, newest first."""


def pull(client: Client, now: datetime) -> Mapping[str, Sequence[str]]:
    """Names of products by contact, the last deal's first. Who is not in here may have bought all the same.

    Empty where the token may not see deals or line items. Raises PlatformError when they should have come and did not.
    """
    won = {"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"}
    since = {"propertyName": "closedate", "operator": "GTE", "value": str(int((now - LATELY).timestamp() * 1000))}
    try:
        deals, _whole = client.search_ids("deals", [won, since], MOST_DEALS, newest="closedate")
        items = _links(client, "line_items", deals)
        buyers = _links(client, "contacts", [deal for deal in deals if deal in items])
        names = _names(client, dict.fromkeys(item for deal in buyers for item in items[deal]))
    except (Refused, Gone):
        return {}
    found: dict[str, dict[str, None]] = {}
    for deal in deals:
        products = [names[item] for item in items.get(deal, ()) if names.get(item)]
        for contact in buyers.get(deal, ()) if products else ():
            found.setdefault(contact, {}).update(dict.fromkeys(products))
    return {contact: list(products)[:MOST_PRODUCTS] for contact, products in found.items()}


def _links(client: Client, kind: str, deals: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for start in range(0, len(deals), LINKS_PAGE):
        found |= client.links("deals", kind, deals[start : start + LINKS_PAGE])[0]
    return found


def _names(client: Client, items: Iterable[str]) -> dict[str, str]:
    wanted = list(items)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), BATCH_PAGE):
        records, _gone = client.records("line_items", wanted[start : start + BATCH_PAGE], ["name"])
        found |= {str(one.id): value(one, "name") for one in records}
    return found
