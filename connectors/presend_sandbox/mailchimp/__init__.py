"""Mailchimp's Marketing API 3.0 imitated: what mailchimp-marketing 3.0.80 sends, answered from an account in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.routing import BaseRoute

from presend_sandbox.clock import Clock
from presend_sandbox.mailchimp.load import load_account
from presend_sandbox.mailchimp.routes import Api
from presend_sandbox.mailchimp.sending import let_time_pass, recipients
from presend_sandbox.mailchimp.state import Account, subscriber_hash

__all__ = ["MailchimpPlatform", "build"]


class MailchimpPlatform:
    """One imitated Mailchimp account."""

    def __init__(self, account: Account) -> None:
        self.state = account
        self.routes: list[BaseRoute] = Api(account).routes

    def env(self, origin: str) -> dict[str, str]:
        """The settings that point presend at this account."""
        return {"PRESEND_MAILCHIMP__API_KEY": self.state.key, "PRESEND_MAILCHIMP__BASE_URL": origin}

    def send(self, campaign_id: str) -> list[str]:
        """The subscriber hashes of those who would be mailed right now; KeyError without such a campaign."""
        let_time_pass(self.state)
        return recipients(self.state, self.state.campaigns[campaign_id])

    def describe(self) -> dict[str, Any]:
        """What tests want to see: campaigns, tags and comments, as plain JSON values."""
        let_time_pass(self.state)
        return {
            "campaigns": {key: _campaign(asdict(each)) for key, each in self.state.campaigns.items()},
            "folders": self.state.folders,
            "lists": {
                key: {
                    "members": {one.id: {"status": one.status, "values": one.values} for one in each.members.values()},
                    "tags": {tag.name: sorted(tag.members) for tag in each.segments.values() if tag.type == "static"},
                }
                for key, each in self.state.lists.items()
            },
        }

    def mend(self, person_id: str, changes: Mapping[str, Any]) -> None:
        """Set merge values (or `status`) of one member, by hash or address, in every list; KeyError without one."""
        key = subscriber_hash(person_id) if "@" in person_id else person_id
        found = [each.members[key] for each in self.state.lists.values() if key in each.members]
        if not found:
            raise KeyError(person_id)
        for member in found:
            member.status = str(changes.get("status", member.status))
            member.values |= {tag: value for tag, value in changes.items() if tag != "status"}
            member.changed = self.state.clock.now()


def _campaign(fields: dict[str, Any]) -> dict[str, Any]:
    """Without the bodies, and with times as text."""
    times = {name: fields[name].isoformat() for name in ("created", "send_time") if fields[name] is not None}
    frozen = fields["frozen"]
    bulky = {name: value for name, value in fields.items() if name not in ("variants", "frozen")}
    return bulky | times | {"frozen": None if frozen is None else sorted(frozen)}


def build(spec: dict[str, Any], clock: Clock, switches: Mapping[str, str]) -> MailchimpPlatform:
    """The account that `spec` (a parsed mailchimp.toml) describes."""
    return MailchimpPlatform(load_account(spec, clock, dict(switches)))
