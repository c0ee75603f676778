"""Klaviyo imitated, with the campaign model of revision 2026-10-15."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import BaseRoute

from presend_sandbox.clock import Clock
from presend_sandbox.klaviyo import activity, campaigns, estimates, groups, library, profiles, sending, tags
from presend_sandbox.klaviyo.api import Operation, routes
from presend_sandbox.klaviyo.crowds import bar, put
from presend_sandbox.klaviyo.load import load
from presend_sandbox.klaviyo.state import Account

__all__ = ["OPERATIONS", "Klaviyo", "build"]

OPERATIONS: list[Operation] = [
    operation
    for part in (campaigns, estimates, groups, profiles, tags, library, activity)
    for operation in part.OPERATIONS
]


class Klaviyo:
    """One imitated Klaviyo account."""

    def __init__(self, account: Account) -> None:
        self.state = account
        self.routes: list[BaseRoute] = routes(account, OPERATIONS, lambda: sending.settle(account))

    def env(self, origin: str) -> dict[str, str]:
        """The settings that point presend at this account served under `origin`."""
        return {"PRESEND_KLAVIYO__API_KEY": self.state.info["api_key"], "PRESEND_KLAVIYO__BASE_URL": origin}

    def send(self, campaign_id: str) -> list[str]:
        """Ids of those it would mail now, or did mail; KeyError when there is no such campaign."""
        return sending.send(self.state, campaign_id)

    def describe(self) -> dict[str, Any]:
        """Campaigns with the status of their messages, sizes of lists and segments, number of people."""
        account = self.state
        sending.settle(account)
        return {
            "campaigns": {
                row.id: {
                    "name": row.definition["name"],
                    "description": row.definition["description"],
                    "tags": [account.tags[each].name for each in row.tags],
                    "messages": {each: account.messages[each].status for each in row.messages},
                }
                for row in account.campaigns.values()
            },
            "groups": {row.id: len(row.members) for row in account.groups.values()},
            "profiles": len(account.profiles),
        }

    def mend(self, person_id: str, changes: Mapping[str, Any]) -> None:
        """Set `first_name`, `location.city`, `properties.x` or `suppressed`; KeyError for an unknown one."""
        profile = self.state.profiles[person_id]
        now = self.state.now()
        for field, value in changes.items():
            if field != "suppressed":
                put(profile, field, value)
            elif value:
                bar(profile.consent, profile.consent.status, "USER_SUPPRESSED", now)
            else:
                profile.consent.suppression = []
        profile.updated = now


def build(spec: dict[str, Any], clock: Clock, switches: Mapping[str, str]) -> Klaviyo:
    """The account that a world's klaviyo.toml describes."""
    return Klaviyo(load(spec, clock, switches))
