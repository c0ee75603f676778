"""HubSpot imitated on loopback: marketing emails, lists, contacts, properties, subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import BaseRoute

from presend_sandbox.clock import Clock
from presend_sandbox.hubspot.api import Gate
from presend_sandbox.hubspot.routes import OPERATIONS
from presend_sandbox.hubspot.seed import build_account
from presend_sandbox.hubspot.sending import members_of, would_send
from presend_sandbox.hubspot.state import Account

__all__ = ["HubspotPlatform", "build"]


class HubspotPlatform:
    """One imitated HubSpot account and the routes that serve it."""

    def __init__(self, account: Account) -> None:
        self.state = account
        self.routes: list[BaseRoute] = Gate(account).routes(OPERATIONS)

    def env(self, origin: str) -> dict[str, str]:
        """The settings that point presend at this account served under `origin`."""
        return {"PRESEND_HUBSPOT__ACCESS_TOKEN": self.state.settings.token, "PRESEND_HUBSPOT__BASE_URL": origin}

    def send(self, campaign_id: str) -> list[str]:
        """Ids of the contacts who would be mailed right now, or were; KeyError when there is no such email."""
        return would_send(self.state, campaign_id)

    def mend(self, person_id: str, changes: Mapping[str, Any]) -> None:
        """Set properties of one contact, read-only ones too, as its owner would; null clears.

        KeyError when there is no such contact.
        """
        record = self.state.contacts[person_id]
        for name, value in changes.items():
            record.set(name, None if value is None else str(value), self.state.clock.now())

    def describe(self) -> dict[str, Any]:
        """The account's emails, list sizes and campaigns as plain JSON values."""
        account = self.state
        return {
            "contacts": len(account.contacts),
            "lists": {
                found.id: {"name": found.name, "size": len(members_of(account, found))}
                for found in account.lists.values()
            },
            "emails": {email.id: {**email.doc, "sentTo": email.sent_to} for email in account.emails.values()},
            "campaigns": account.campaigns,
        }


def build(spec: dict[str, Any], clock: Clock, switches: Mapping[str, str]) -> HubspotPlatform:
    """The platform that a parsed `hubspot.toml` describes; relative times in it count from the clock's start."""
    return HubspotPlatform(build_account(spec, clock, switches))
