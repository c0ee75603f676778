"""Who has an open support case: the account's open tickets and their contacts, in bulk and within a budget."""

from __future__ import annotations

from dataclasses import dataclass

from presend.errors import Gone, Refused
from presend_connectors.hubspot.client import LINKS_PAGE, Client

MOST = 5_000
"""Open tickets that are read: search shows no more than 10,000 records, 200 a call and few calls a second."""

OPEN, NONE = "open", "none"
"""The words of the fact `support`."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Contacts with an open ticket. `whole`: every open ticket was seen, so who is not in here has none."""

    contacts: frozenset[str] = frozenset()
    whole: bool = False

    def of(self, contact: str) -> str | None:
        """`open`, `none`, or None where it is not known."""
        return OPEN if contact in self.contacts else NONE if self.whole else None


def pull(client: Client) -> Cases:
    """The account's open cases. Nothing is known where the token may not see tickets, or their stages do not tell.

    A ticket is open by the `ticketState` of its stage. Raises PlatformError when they should have come and did not.
    """
    try:
        stages = [stage for pipeline in client.pipelines("tickets") for stage in pipeline.stages if not stage.archived]
        if not stages or any(stage.metadata.get("ticketState") not in ("OPEN", "CLOSED") for stage in stages):
            return Cases()
        open_stages = [str(stage.id) for stage in stages if stage.metadata.get("ticketState") == "OPEN"]
        if not open_stages:
            return Cases(whole=True)
        in_them = {"propertyName": "hs_pipeline_stage", "operator": "IN", "values": open_stages}
        tickets, whole = client.search_ids("tickets", [in_them], MOST)
        contacts: set[str] = set()
        for start in range(0, len(tickets), LINKS_PAGE):
            theirs, every = client.links("tickets", "contacts", tickets[start : start + LINKS_PAGE])
            contacts.update(*theirs.values())
            whole &= every
    except (Refused, Gone):
        return Cases()
    return Cases(frozenset(contacts), whole)
