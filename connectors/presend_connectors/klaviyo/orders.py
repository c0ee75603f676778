"""What people bought, from the account's order events, and how fresh each source of such events is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from presend.errors import BadAnswer, Gone, PlatformError, Refused
from presend.model import Gap, Source
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.shapes import EventRow, MetricRow, Page, ProfileRow
from presend_connectors.klaviyo.times import moment

ORDER_METRICS = frozenset(
    {
        "placed order",
        "store purchase",
        "in-store purchase",
        "pos purchase",
        "purchase",
        "purchased",
        "order placed",
        "completed order",
        "made purchase",
    }
)
"""Names of metrics that mean a purchase; `Placed Order` is what Klaviyo's shop integrations call theirs."""

MOST_PAGES = 400
"""Pages of a thousand events, newest first, that are read for one account."""

MOST_PRODUCTS = 12
"""Products kept per person, newest first."""


@dataclass(slots=True)
class Bought:
    """One person's orders, as far as the events reach back."""

    orders: int = 0
    last_order_at: str | None = None
    products: list[str] = field(default_factory=list)
    """Newest first."""


@dataclass(slots=True)
class Orders:
    """Orders by profile id. `whole`: every order event was seen, so who is not in here has bought nothing."""

    people: dict[str, Bought] = field(default_factory=dict)
    whole: bool = False


def metrics_named(client: Client, names: Collection[str]) -> list[MetricRow]:
    """The metrics of these names, whatever their integration. Raises PlatformError."""
    pages = client.pages("/api/metrics", MetricRow, "the account's metrics")
    rows = [row for page in pages for row in page.data]
    return [row for row in rows if (row.attributes.name or "").strip().casefold() in names]


def order_metrics(client: Client) -> list[MetricRow]:
    """The metrics that mean a purchase. Raises PlatformError."""
    return metrics_named(client, ORDER_METRICS)


def pull(client: Client) -> Orders:
    """All orders, newest first, within `MOST_PAGES`.

    Where Klaviyo will not show them (no right, no such metrics) nothing is known, and `sources` says why. Raises
    PlatformError when they should have come and did not.
    """
    try:
        metrics = order_metrics(client)
        found = Orders(whole=True)
        left = MOST_PAGES
        for metric in metrics:
            for page in _events(client, metric, "1000"):
                if left == 0:
                    found.whole = False
                    break
                left -= 1
                for event in page.data:
                    _count(event, found)
    except (Refused, Gone):
        return Orders()
    except BadAnswer as error:
        if error.status is None or not 400 <= error.status < 500:
            raise
        return Orders()
    if not metrics:
        found.whole = False  # an account without order events tells nothing about who bought
    return found


def _events(client: Client, metric: MetricRow, size: str) -> Iterator[Page[EventRow]]:
    query = [
        ("filter", f'equals(metric_id,"{metric.id}")'),
        ("page[size]", size),
        ("sort", "-datetime"),
        ("fields[event]", "datetime,event_properties"),
    ]
    yield from client.pages("/api/events", EventRow, f"the events of {name_of(metric)}", query=query)


def _count(event: EventRow, found: Orders) -> None:
    owner = event.relationships.profile if event.relationships else None
    at = moment(event.attributes.datetime)
    if owner is None or owner.data is None or at is None:
        found.whole = False
        return
    bought = found.people.setdefault(owner.data.id, Bought())
    bought.orders += 1
    text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    newest = bought.last_order_at is None or text > bought.last_order_at
    products = products_of(event.attributes.event_properties or {})
    bought.products = list(dict.fromkeys([*products, *bought.products] if newest else [*bought.products, *products]))
    del bought.products[MOST_PRODUCTS:]
    if newest:
        bought.last_order_at = text


def products_of(properties: dict[str, Any]) -> list[str]:
    """Names of the products of an order: `Items` as names or as objects, `ItemNames`, `ProductName`."""
    names: list[Any] = []
    for key in ("ItemNames", "Items", "ProductName", "Product Name"):
        value = properties.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                each = each.get("ProductName") or each.get("Name") or each.get("name") or each.get("title")
            names.append(each)
    return list(dict.fromkeys(name.strip() for name in names if isinstance(name, str) and name.strip()))


def name_of(metric: MetricRow) -> str:
    """A metric with the integration that it comes from."""
    integration = metric.attributes.integration
    name = metric.attributes.name or metric.id
    return f"{name} ({integration.name})" if integration and integration.name else name


def sources(client: Client) -> tuple[Source, ...]:
    """The newest event of each order metric and the newest change of a profile, or why there is none. Never raises."""
    return (*_order_sources(client), Source("profiles", _newest_profile(client)))


def _order_sources(client: Client) -> list[Source]:
    try:
        return [Source(name_of(metric), _newest_event(client, metric)) for metric in order_metrics(client)]
    except PlatformError as error:
        return [Source("orders", Gap(sentence(error)))]


def _newest_event(client: Client, metric: MetricRow) -> datetime | Gap:
    try:
        first = next(_events(client, metric, "1"))
    except PlatformError as error:
        return Gap(sentence(error))
    at = moment(first.data[0].attributes.datetime) if first.data else None
    return at or Gap(f"{name_of(metric)} has no event")


def _newest_profile(client: Client) -> datetime | Gap:
    query = [("sort", "-updated"), ("page[size]", "1"), ("fields[profile]", "updated")]
    try:
        first = next(client.pages("/api/profiles", ProfileRow, "the profile changed last", query=query))
    except PlatformError as error:
        return Gap(sentence(error))
    raw = first.data[0].attributes.get("updated") if first.data else None
    at = moment(bytes(raw).decode().strip('"')) if raw is not None else None
    return at or Gap("the account has no profiles")
