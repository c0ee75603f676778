"""When people opened, clicked or visited last, from the account's events: newest first, within a budget."""

from __future__ import annotations

from collections.abc import Mapping

from presend.errors import BadAnswer, Gone, Refused
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.orders import metrics_named, name_of
from presend_connectors.klaviyo.shapes import EventRow
from presend_connectors.klaviyo.times import time_text

METRICS: Mapping[str, frozenset[str]] = {
    "last_open_at": frozenset({"opened email"}),
    "last_click_at": frozenset({"clicked email"}),
    "last_visit_at": frozenset({"active on site", "viewed product"}),
}
"""Names of Klaviyo's own metrics by the fact that their newest event states."""

MOST_PAGES = 50
"""Pages of a thousand events that are read for one fact: whoever did nothing in that long a time is not known."""


def pull(client: Client, fact: str) -> Mapping[str, str]:
    """The newest event of each profile, as `YYYY-MM-DDTHH:MM:SSZ` by profile id.

    Who is not in here may have done the same longer ago: nothing is known of that. Empty where Klaviyo will not show
    events. Raises PlatformError when they should have come and did not.
    """
    found: dict[str, str] = {}
    left = MOST_PAGES
    try:
        for metric in metrics_named(client, METRICS[fact]):
            query = [
                ("filter", f'equals(metric_id,"{metric.id}")'),
                ("page[size]", "1000"),
                ("sort", "-datetime"),
                ("fields[event]", "datetime"),
            ]
            for page in client.pages("/api/events", EventRow, f"the events of {name_of(metric)}", query=query):
                _newest(page.data, found)
                left -= 1
                if left <= 0:
                    return found
    except (Refused, Gone):
        return {}
    except BadAnswer as error:
        if error.status is None or not 400 <= error.status < 500:
            raise
        return {}
    return found


def _newest(events: list[EventRow], found: dict[str, str]) -> None:
    for event in events:
        owner = event.relationships.profile if event.relationships else None
        at = time_text(event.attributes.datetime)
        if owner is not None and owner.data is not None and at is not None:
            found[owner.data.id] = max(at, found.get(owner.data.id, at))
