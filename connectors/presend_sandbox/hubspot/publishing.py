"""Taking a scheduled marketing email back, and scheduling it again."""

from __future__ import annotations

from datetime import datetime

from presend_sandbox.hubspot import points
from presend_sandbox.hubspot.api import Answer, Call
from presend_sandbox.hubspot.emails import find_email, keep_revision
from presend_sandbox.hubspot.errors import Refusal, invalid, missing_scopes, not_found
from presend_sandbox.hubspot.seed_emails import SCHEDULED_STATES
from presend_sandbox.hubspot.sending import begins, recipients
from presend_sandbox.hubspot.state import Account, Email, stamp

_GONE_STATES = frozenset({"PROCESSING", "PRE_PROCESSING", "PUBLISHED", "PUBLISHED_AB"})
_PUBLISHABLE = frozenset({"DRAFT", "DRAFT_AB", "PUBLISHED", "ERROR"})


def _may_publish(account: Account) -> None:
    settings = account.settings
    if not (settings.enterprise or settings.transactional_addon):
        raise missing_scopes(["marketing-email", "transactional-email"])


def unpublish(account: Account, call: Call) -> Answer:
    """Cancel a scheduled email; needs Marketing Hub Enterprise or the transactional add-on."""
    _may_publish(account)
    email = find_email(account, call)
    if email.doc["state"] in _GONE_STATES and not email.was_unpublished:
        return _too_late(account, email)
    if email.doc["state"] not in SCHEDULED_STATES:
        raise invalid("Only a scheduled or published email can be unpublished.", code="EMAIL_NOT_PUBLISHED")
    keep_revision(account, email)
    state = account.switch(points.STATE_AFTER_UNPUBLISH)
    now = stamp(account.clock.now())
    email.was_unpublished = True
    email.doc |= {
        "state": f"{state}_AB" if email.variant_id and state != "ERROR" else state,
        "isPublished": False,
        "unpublishedAt": now,
        "updatedAt": now,
    }
    if account.switch(points.PUBLISH_DATE_AFTER_UNPUBLISH) == "cleared":
        email.doc.pop("publishDate", None)
    if email.variant_id:
        account.emails[email.variant_id].doc |= {"state": "DRAFT_AB_VARIANT", "updatedAt": now}
    return Answer(status=204)


def _too_late(account: Account, email: Email) -> Answer:
    match account.switch(points.TOO_LATE):
        case "204":
            return Answer(status=204)
        case "404":
            raise not_found("scheduled marketing email", email.id)
        case "409":
            raise Refusal(409, "CONFLICT", "The email is being sent or was sent.", sub_category="EMAIL_ALREADY_SENDING")
        case _:
            raise invalid("The email is being sent or was sent and cannot be cancelled.", code="EMAIL_ALREADY_SENDING")


def publish(account: Account, call: Call) -> Answer:
    """Send now (sendOnPublish) or schedule for publishDate; needs Enterprise or the transactional add-on."""
    _may_publish(account)
    email = find_email(account, call)
    if email.was_unpublished and account.switch(points.PUBLISH_AFTER_UNPUBLISH) == "refused":
        raise invalid("A cancelled email cannot be published again; clone it.", code="EMAIL_CANCELLED")
    if (email.doc["state"] not in _PUBLISHABLE and not email.was_unpublished) or email.doc["state"] in SCHEDULED_STATES:
        raise invalid(f"An email in state {email.doc['state']} cannot be published.", code="EMAIL_NOT_PUBLISHABLE")
    if email.doc["state"] == "PUBLISHED" and not email.was_unpublished:
        raise invalid("The email was sent already.", code="EMAIL_ALREADY_SENDING")
    keep_revision(account, email)
    if email.doc.get("sendOnPublish"):
        _send_now(account, email)
    else:
        _schedule(account, email)
    return Answer(status=204)


def _send_now(account: Account, email: Email) -> None:
    now = stamp(account.clock.now())
    email.sent_to = recipients(account, email)
    email.doc |= {"state": "PROCESSING", "publishDate": now, "updatedAt": now}


def _schedule(account: Account, email: Email) -> None:
    start, now = begins(email), account.clock.now()
    if start is None or start <= now:
        planned: datetime | str = start or "none"
        raise invalid(f"publishDate must lie in the future to schedule an email; it is {planned}.", code="INVALID_DATE")
    email.was_unpublished = False
    published = account.switch(points.SCHEDULED_IS_PUBLISHED) == "true"
    email.doc |= {
        "state": "SCHEDULED_AB" if email.variant_id else "SCHEDULED",
        "isPublished": published,
        "updatedAt": stamp(now),
    }
    email.doc.pop("unpublishedAt", None)
    if email.variant_id:
        account.emails[email.variant_id].doc["state"] = account.switch(points.VARIANT_STATE)
