"""Who said no to an account's marketing mail: contacts that unsubscribed and get no other list of the account."""

from __future__ import annotations

from collections.abc import Iterator

from presend.ports import Answer, Known, OptOut
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.times import stamp

_NO, _YES = "unsubscribed", "subscribed"
"""Statuses of a contact in one list; looked at again, as a filter that is passed over must convict nobody."""


def opted_out(client: Client, known: Known) -> Iterator[list[OptOut]]:
    """The unsubscribed of every list, then, where that decides anything, who gets another list. Raises PlatformError.

    Mailchimp does not date an unsubscription: it came after the opt-in, and not after the last change of the record.
    """
    lists = client.lists()
    matters = False
    for row in lists:
        for page in client.answers(row.id, _NO):
            told = [one for one in page if one.status == _NO]
            matters = matters or bool(known([one.email_address for one in told]))
            yield [_said_no(one) for one in told]
    for row in lists if matters and len(lists) > 1 else ():
        for page in client.answers(row.id, _YES):
            yield [OptOut(one.email_address, Answer.AGREED) for one in page if one.status == _YES]


def _said_no(one: wire.Contact) -> OptOut:
    return OptOut(one.email_address, Answer.UNSUBSCRIBED, _bare(one.timestamp_opt), _bare(one.last_changed))


def _bare(time: str | None) -> str | None:
    cell = stamp(time)
    return cell.strip('"') if cell else None
