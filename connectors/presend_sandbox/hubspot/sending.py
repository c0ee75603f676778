"""Who HubSpot would mail, and what time does to scheduled emails."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from presend_sandbox.hubspot.filters import in_branch
from presend_sandbox.hubspot.seed_emails import SCHEDULED_STATES
from presend_sandbox.hubspot.state import Account, ContactList, Email, Record, stamp

_SENDING_TAKES = timedelta(minutes=10)
# A local-time send begins where the hour comes first, which is at UTC+14.
_EARLIEST_ZONE = timedelta(hours=14)
_GRAYMAIL_AFTER = 11


def members_of(account: Account, found: ContactList) -> dict[str, datetime]:
    """Record id to the time it joined: computed for an active list, else as stored; SNAPSHOT lists are filled once."""
    branch = found.branch
    if branch is None or found.processing == "SNAPSHOT":
        return {name: joined for name, joined in found.members.items() if name in account.contacts}

    known: dict[str, Collection[str]] = {}

    def inside(list_id: str, record_id: str) -> bool:
        if list_id not in known:
            known[list_id] = members_of(account, account.lists[list_id])
        return record_id in known[list_id]

    return {
        record.id: max(record.updated, found.created)
        for record in account.contacts.values()
        if in_branch(branch, record, inside)
    }


def mailable(record: Record, subscription: str, *, suppress_graymail: bool) -> bool:
    """Whether HubSpot mails this contact for this subscription type at all."""
    if not record.value("email") or record.value("hs_marketable_status") != "true":
        return False
    if "true" in (record.value("hs_email_optout"), record.value(f"hs_email_optout_{subscription}")):
        return False
    if record.value("hs_email_hard_bounce_reason_enum") or record.value("hs_email_quarantined") == "true":
        return False
    ignored = int(record.value("hs_email_sends_since_last_engagement") or 0)
    return not (suppress_graymail and ignored > _GRAYMAIL_AFTER)


def recipients(account: Account, email: Email) -> list[str]:
    """Ids of the contacts this email would reach now, in the order of their ids, whatever its state."""
    to = email.doc["to"]
    chosen = _union(
        account, to["contactIlsLists"]["include"], to["contactLists"]["include"], to["contactIds"]["include"]
    )
    left_out = _union(
        account, to["contactIlsLists"]["exclude"], to["contactLists"]["exclude"], to["contactIds"]["exclude"]
    )
    subscription = str(email.doc["subscriptionDetails"]["subscriptionId"])
    graymail = bool(to["suppressGraymail"])
    return sorted(
        (
            name
            for name in chosen - left_out
            if name in account.contacts and mailable(account.contacts[name], subscription, suppress_graymail=graymail)
        ),
        key=int,
    )


def _union(
    account: Account, lists: Iterable[str | int], legacy: Iterable[str | int], people: Iterable[str | int]
) -> set[str]:
    old = {found.legacy_id: found.id for found in account.lists.values() if found.legacy_id}
    names = {str(one) for one in lists} | {old[str(one)] for one in legacy if str(one) in old}
    members = (members_of(account, account.lists[name]) for name in names if name in account.lists)
    return {record for listed in members for record in listed} | {str(one) for one in people}


def begins(email: Email) -> datetime | None:
    """The earliest possible delivery; None without a publishDate."""
    if not email.doc.get("publishDate"):
        return None
    planned = datetime.fromisoformat(email.doc["publishDate"])
    return planned - _EARLIEST_ZONE if email.doc["type"] == "LOCALTIME_EMAIL" else planned


def settle(account: Account) -> None:
    """Let due emails go: SCHEDULED becomes PROCESSING when sending begins and PUBLISHED ten minutes later."""
    now = account.clock.now()
    for email in account.emails.values():
        start = begins(email)
        if email.stuck or start is None or start > now or email.master_id:
            continue
        if email.doc["state"] in SCHEDULED_STATES:
            email.sent_to = recipients(account, email)
            _move(account, email, "PROCESSING")
        if email.doc["state"] == "PROCESSING" and start + _SENDING_TAKES <= now:
            _move(account, email, "PUBLISHED_AB" if email.variant_id else "PUBLISHED")


def _move(account: Account, email: Email, state: str) -> None:
    email.doc |= {"state": state, "isPublished": state != "PROCESSING", "updatedAt": stamp(account.clock.now())}
    if state != "PROCESSING":
        email.doc["publishedAt"] = stamp(account.clock.now())
    if email.variant_id:
        variant = account.emails[email.variant_id].doc
        variant["state"] = "PROCESSING" if state == "PROCESSING" else "PUBLISHED_AB_VARIANT"


def would_send(account: Account, email_id: str) -> list[str]:
    """Ids of those who would be mailed right now, or were when it began to go; KeyError for an unknown id.

    None unless the email is scheduled or went out while this account was imitated.
    """
    settle(account)
    email = account.emails[email_id]
    leader = account.emails[email.master_id] if email.master_id else email
    return recipients(account, leader) if leader.doc["state"] in SCHEDULED_STATES else leader.sent_to or []
