"""Looks into the sandbox's accounts behind the API: what is scheduled, who is marked, what is noted, what was asked."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from presend_sandbox import Sandbox

FORBIDDEN = re.compile(r"/actions/(send|cancel-send|test|replicate)|campaign-send-jobs|preview-send-jobs|/clone$")
"""Requests that send, cancel or copy: presend makes none of them."""

OWN_MARK_OFF = re.compile(r"/api/tags/[^/]+/relationships/campaigns$")
"""The one DELETE that presend makes: its own tag comes off a Klaviyo campaign."""

READING_POSTS = ("/batch/read", "/search")

Schedule = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request that is no reading one."""

    method: str
    path: str
    status: int | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def writes(requests: Iterable[dict[str, Any]]) -> list[Asked]:
    """What was written, or tried to be, in order."""
    return [
        Asked(r["method"], r["path"], r["status"])
        for r in requests
        if r["method"] != "GET" and not r["path"].endswith(READING_POSTS)
    ]


class Account(ABC):
    """One imitated account; `holds` finds the campaign or message in a request that holds."""

    platform: str
    holds: re.Pattern[str]
    schedules: re.Pattern[str]
    """Requests that put a campaign back."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.state: Any = box.state[self.platform]

    @abstractmethod
    def keep(self, ids: Collection[str]) -> None:
        """Remove all other campaigns, so that a scan is short."""

    @abstractmethod
    def schedule(self, campaign: str) -> Schedule:
        """All that decides whether, when and how it goes out."""

    @property
    @abstractmethod
    def ids(self) -> Sequence[str]:
        """All campaigns."""

    @abstractmethod
    def held(self, campaign: str) -> bool:
        """Whether it is a draft that goes nowhere by itself."""

    @abstractmethod
    def parts(self, campaign: str) -> list[str]:
        """The ids that a hold of the campaign must name, one request each."""

    @abstractmethod
    def marked(self, label: str) -> set[str]:
        """Who carries a label."""

    @abstractmethod
    def notes(self, campaign: str) -> list[str]:
        """What presend said on the campaign."""

    @abstractmethod
    def edit(self, campaign: str) -> None:
        """Change the subject, as a person at the platform would."""

    @abstractmethod
    def due(self, campaign: str, at: datetime) -> None:
        """Move its time."""

    @abstractmethod
    def private(self) -> set[str]:
        """Addresses and full names of all people."""

    def schedules_now(self) -> dict[str, Schedule]:
        """Every campaign's schedule."""
        return {each: self.schedule(each) for each in self.ids}


class Mailchimp(Account):
    """Mailchimp's account."""

    platform = "mailchimp"
    holds = re.compile(r"POST /3\.0/campaigns/([^/]+)/actions/unschedule")
    schedules = re.compile(r"POST /3\.0/campaigns/([^/]+)/actions/schedule")

    @property
    def ids(self) -> Sequence[str]:
        return list(self.state.campaigns)

    def keep(self, ids: Collection[str]) -> None:
        for each in set(self.ids) - set(ids):
            del self.state.campaigns[each]

    def schedule(self, campaign: str) -> Schedule:
        one = self.state.campaigns[campaign]
        return {"status": one.status, "time": one.send_time, "timewarp": one.timewarp, "segment": one.segment}

    def held(self, campaign: str) -> bool:
        return self.state.campaigns[campaign].status in ("save", "paused")

    def parts(self, campaign: str) -> list[str]:
        return [campaign]

    def marked(self, label: str) -> set[str]:
        tags = [s for each in self.state.lists.values() for s in each.segments.values() if s.name == label]
        assert all(tag.type == "static" for tag in tags)
        return {member for tag in tags for member in tag.members}

    def notes(self, campaign: str) -> list[str]:
        return [n["message"] for n in self.state.campaigns[campaign].feedback if n["message"].startswith("presend")]

    def edit(self, campaign: str) -> None:
        self.state.campaigns[campaign].variants[0].subject += " (edited)"

    def due(self, campaign: str, at: datetime) -> None:
        self.state.campaigns[campaign].send_time = at

    def private(self) -> set[str]:
        people = [m for each in self.state.lists.values() for m in each.members.values()]
        names = {f"{m.values.get('FNAME')} {m.values.get('LNAME')}" for m in people}
        return {m.email for m in people} | {m.id for m in people} | {n for n in names if len(n.strip()) > 6}


class Klaviyo(Account):
    """Klaviyo's account."""

    platform = "klaviyo"
    holds = re.compile(r"PATCH /api/campaign-message-schedule/([^/]+)")
    schedules = re.compile(r"POST /api/campaign-message-schedule()$")

    @property
    def ids(self) -> Sequence[str]:
        return list(self.state.campaigns)

    def keep(self, ids: Collection[str]) -> None:
        for each in set(self.ids) - set(ids):
            for message in self.state.campaigns.pop(each).messages:
                del self.state.messages[message]

    def _messages(self, campaign: str) -> list[Any]:
        return [self.state.messages[each] for each in self.state.campaigns[campaign].messages]

    def schedule(self, campaign: str) -> Schedule:
        names = ("status", "strategy", "send_time", "send_date", "percentage", "throttle_unit")
        return {
            m.id: {name: getattr(m, name) for name in names} | {"audience": self.state.audiences[m.audience]}
            for m in self._messages(campaign)
        }

    def held(self, campaign: str) -> bool:
        return all(m.status == "draft" for m in self._messages(campaign))

    def parts(self, campaign: str) -> list[str]:
        return [m.id for m in self._messages(campaign)]

    def marked(self, label: str) -> set[str]:
        return {p.id for p in self.state.profiles.values() if p.attributes["properties"].get(label) is True}

    def notes(self, campaign: str) -> list[str]:
        said = self.state.campaigns[campaign].definition.get("description") or ""
        return re.findall(r"\[presend\]\n(.*?)\n\[/presend\]", said, re.DOTALL)

    def edit(self, campaign: str) -> None:
        variation = self.state.variations[self._messages(campaign)[0].variations[0]]
        variation.details["subject"] += " (edited)"

    def due(self, campaign: str, at: datetime) -> None:
        for message in self._messages(campaign):
            message.send_time = at

    def private(self) -> set[str]:
        people = [(p.id, p.attributes) for p in self.state.profiles.values()]
        names = {f"{a.get('first_name')} {a.get('last_name')}" for _id, a in people}
        emails = {a["email"] for _id, a in people if a.get("email")}
        return emails | {one for one, _a in people} | {n for n in names if len(n.strip()) > 6}


class Hubspot(Account):
    """HubSpot's account."""

    platform = "hubspot"
    holds = re.compile(r"POST /marketing/v3/emails/([^/]+)/unpublish")
    schedules = re.compile(r"POST /marketing/v3/emails/([^/]+)/publish")

    @property
    def ids(self) -> Sequence[str]:
        return [each for each, email in self.state.emails.items() if email.master_id is None]

    def keep(self, ids: Collection[str]) -> None:
        for each in [e for e, email in self.state.emails.items() if (email.master_id or e) not in ids]:
            del self.state.emails[each]

    def schedule(self, campaign: str) -> Schedule:
        both = [self.state.emails[campaign]]
        if both[0].variant_id:
            both.append(self.state.emails[both[0].variant_id])
        names = ("state", "type", "publishDate", "sendOnPublish", "jitterSendTime", "isPublished", "to")
        return {each.id: {name: each.doc.get(name) for name in names} for each in both}

    def held(self, campaign: str) -> bool:
        email = self.state.emails[campaign]
        return email.doc["state"].startswith("DRAFT") or email.was_unpublished

    def parts(self, campaign: str) -> list[str]:
        return [campaign]

    def marked(self, label: str) -> set[str]:
        return {who for each in self.state.lists.values() if each.name == label for who in each.members}

    def notes(self, campaign: str) -> list[str]:
        said = "\n".join(c["properties"].get("hs_notes") or "" for c in self.state.campaigns.values())
        first, last = f"[presend, email {campaign}]", f"[end of presend, email {campaign}]"
        return re.findall(re.escape(first) + r"\n(.*?)\n" + re.escape(last), said, re.DOTALL)

    def edit(self, campaign: str) -> None:
        self.state.emails[campaign].doc["subject"] += " (edited)"

    def due(self, campaign: str, at: datetime) -> None:
        self.state.emails[campaign].doc["publishDate"] = f"{at:%Y-%m-%dT%H:%M:%S.000Z}"

    def private(self) -> set[str]:
        people = [
            (c.id, {n: c.value(n) for n in ("email", "firstname", "lastname")}) for c in self.state.contacts.values()
        ]
        names = {f"{v['firstname']} {v['lastname']}" for _id, v in people}
        return {v["email"] for _id, v in people if v["email"]} | {n for n in names if len(n.strip()) > 6}


ACCOUNTS: dict[str, type[Account]] = {each.platform: each for each in (Mailchimp, Klaviyo, Hubspot)}

FAULTY = {"mailchimp": "mc-bench", "klaviyo": "01LARKSPLIT", "hubspot": "190004"}
"""A campaign of `mishaps` with a blocker, per platform."""

SECOND = {"mailchimp": "mc-wreath", "klaviyo": "01LARKFOREIGN", "hubspot": "190006"}
"""Another one."""


def log_of(account: Account, since: int = 0) -> list[Asked]:
    """Everything written so far, held against what must never be asked."""
    found = writes(account.box.requests[since:])
    deletes = [each for each in found if each.method == "DELETE" and not OWN_MARK_OFF.search(each.path)]
    assert not [str(each) for each in found if FORBIDDEN.search(each.path)] + [str(each) for each in deletes]
    return found
