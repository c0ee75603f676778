"""HubSpot: reads scheduled marketing emails and their people, and holds, releases, tags and comments."""

from __future__ import annotations

from presend.ports import AccountConfig, Connector


def connector(config: AccountConfig) -> Connector:
    """The connector of one HubSpot account."""
    from presend_connectors.hubspot.account import HubspotConnector

    return HubspotConnector(config)
