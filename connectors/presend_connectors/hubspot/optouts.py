"""Who said no to an account's marketing mail: contacts that opted out of all email."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from presend.errors import BadAnswer
from presend.ports import Answer, Known, OptOut
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.client import HISTORY_PAGE, SEARCH_PAGE, Client
from presend_connectors.hubspot.facts import OPT_OUT, value
from presend_connectors.hubspot.times import stamp

_ID = "hs_object_id"
_WHAT = "the contacts that opted out"


def opted_out(client: Client, known: Known) -> Iterator[list[OptOut]]:
    """Everybody who opted out of all email, page by page. Raises PlatformError.

    Since when, only the history of the property tells: asked for those who matter. To opt out of one type of email is
    no opt-out of the account.
    """
    for page in _found(client):
        people = {str(row.id): address for row in page if (address := value(row, "email"))}
        asked = set(known(list(people.values())))
        dates = _dates(client, [one for one, address in people.items() if address in asked])
        yield [OptOut(address, Answer.UNSUBSCRIBED, dates.get(one), dates.get(one)) for one, address in people.items()]


def _found(client: Client) -> Iterator[list[wire.Record]]:
    """All of them by ascending id: a search ends after 10,000, so each page asks for what is beyond the last."""
    beyond = 0
    while True:
        body: dict[str, Any] = {
            "filterGroups": [
                {
                    "filters": [
                        {"propertyName": OPT_OUT, "operator": "EQ", "value": "true"},
                        {"propertyName": _ID, "operator": "GT", "value": str(beyond)},
                    ]
                }
            ],
            "sorts": [{"propertyName": _ID, "direction": "ASCENDING"}],
            "properties": ["email", OPT_OUT],
            "limit": SEARCH_PAGE,
        }
        page = client.search("contacts", _WHAT, body)
        rows = page.results
        if any(value(row, OPT_OUT) != "true" for row in rows) or (page.total and not rows):
            raise BadAnswer(f"HubSpot did not show {_WHAT} as it was asked, so who did is not known", help="Run again.")
        yield rows
        # The total counts what is beyond the last page asked for.
        if len(rows) >= page.total if page.total is not None else len(rows) < SEARCH_PAGE:
            return
        beyond = _last(rows, beyond)


def _last(rows: Sequence[wire.Record], beyond: int) -> int:
    """The largest id of a page. Raises BadAnswer when it is no further than the page before."""
    last = max((int(row.id) for row in rows if str(row.id).isdigit()), default=0)
    if last <= beyond:
        raise BadAnswer(f"HubSpot handed out the same page of {_WHAT} again", help="Run again; if it stays, report it.")
    return last


def _dates(client: Client, ids: Sequence[str]) -> dict[str, str]:
    """When the property was written last, by contact; nothing where HubSpot shows no history."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), HISTORY_PAGE):
        rows, _gone = client.records("contacts", ids[start : start + HISTORY_PAGE], ["email"], [OPT_OUT])
        for row in rows:
            versions = (row.properties_with_history or {}).get(OPT_OUT, ())
            if times := [at for version in versions if (at := stamp(version.timestamp))]:
                found[str(row.id)] = max(times).strip('"')
    return found
