"""Mailchimp: reads scheduled campaigns and their people, and holds, releases, tags and comments."""

from __future__ import annotations

from presend.ports import AccountConfig, Connector


def connector(config: AccountConfig) -> Connector:
    """The connector of one Mailchimp account. Raises Refused when the key cannot be one of Mailchimp's."""
    from presend_connectors.mailchimp.adapter import MailchimpConnector

    return MailchimpConnector(config)
