"""Who said no to an account's marketing mail: profiles that unsubscribed from everything or reported spam."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from presend.ports import Answer, OptOut
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.shapes import AddresseeRow
from presend_connectors.klaviyo.times import time_text

_REASONS: Mapping[str, Answer] = {"UNSUBSCRIBE": Answer.UNSUBSCRIBED, "SPAM_COMPLAINT": Answer.COMPLAINED}
"""Reasons of a suppression that are a person's own; bounces and what the account suppressed itself are not."""
_ASKED = [
    ("page[size]", "100"),
    ("additional-fields[profile]", "subscriptions"),
    ("fields[profile]", "email,subscriptions"),
]


def opted_out(client: Client) -> Iterator[list[OptOut]]:
    """Everybody who is suppressed for a reason of their own, page by page. Raises PlatformError.

    Being suppressed for one list only is no opt-out of the account.
    """
    for reason, answer in _REASONS.items():
        query = [*_ASKED, ("filter", f'equals(subscriptions.email.marketing.suppression.reason,"{reason}")')]
        what = f"the profiles suppressed for {reason.lower().replace('_', ' ')}"
        for page in client.pages("/api/profiles", AddresseeRow, what, query=query):
            yield [one for row in page.data if (one := _of(row, reason, answer)) is not None]


def _of(row: AddresseeRow, reason: str, answer: Answer) -> OptOut | None:
    told = row.attributes.subscriptions.email
    found = (told.marketing.suppression if told and told.marketing else None) or []
    mine = [each for each in found if each.reason == reason]
    if not mine or not row.attributes.email:
        return None
    times = [time_text(each.timestamp) for each in mine]
    # The last one counts, where all are dated.
    at = max((time for time in times if time), default=None) if all(times) else None
    return OptOut(row.attributes.email, answer, at, at)
