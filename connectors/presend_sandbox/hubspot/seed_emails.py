"""Turns a world's campaigns into marketing emails, with variant B of a test as an email of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from presend_sandbox.hubspot.content import build_content
from presend_sandbox.hubspot.points import SCHEDULED_IS_PUBLISHED, SMART_FIELDS, VARIANT_STATE
from presend_sandbox.hubspot.state import JSON, Account, Email, stamp

Resolve = Callable[[str], datetime]
SCHEDULED_STATES = frozenset({"SCHEDULED", "SCHEDULED_AB", "SCHEDULED_OR_PUBLISHED", "PUBLISHED_OR_SCHEDULED"})
_SENT_STATES = frozenset({"PUBLISHED", "PUBLISHED_AB"})


def add_emails(account: Account, spec: Mapping[str, Any], resolve: Resolve) -> None:
    """Add every campaign of the world; a `b` table in one makes it an A/B test. `repeat = n` makes n like it."""
    for row in spec.get("campaigns", ()):
        for number in range(row.get("repeat", 1)):
            one = nth(row, number)
            frame = spec.get("frames", {}).get(one.get("frame", "main"), {})
            _add_email(account, one, frame, resolve)


def nth(row: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """The row itself, then rows like it with the next ids and a number after the name."""
    return row if number == 0 else {**row, "id": str(int(row["id"]) + number), "name": f"{row['name']} {number + 1}"}


def _add_email(account: Account, row: Mapping[str, Any], frame: Mapping[str, Any], resolve: Resolve) -> None:
    email = Email(str(row["id"]), _document(account, row, frame, resolve), stuck=row.get("stuck", False))
    account.emails[email.id] = email
    if guid := row.get("hubspot_campaign"):
        email.doc |= {"campaign": guid, "campaignName": account.campaigns[guid]["properties"]["hs_name"]}
    if "b" not in row:
        return
    test = {
        "testId": f"test-{row['id']}",
        "abTestPercentage": row.get("test_percentage", 40),
        "hoursToWait": 4,
        "abSuccessMetric": "OPENS_BY_DELIVERED",
        "abSamplingDefault": "master",
        "abSampleSizeDefault": "master",
    }
    shared = {key: value for key, value in row.items() if key != "b"}
    other = shared | {"type": "AB_EMAIL", "subcategory": "ab_variant"} | dict(row["b"])
    variant = Email(str(other["id"]), _document(account, other, frame, resolve), master_id=email.id)
    scheduled = email.doc["state"] in SCHEDULED_STATES
    variant.doc["state"] = account.switch(VARIANT_STATE) if scheduled else f"{email.doc['state']}_VARIANT"
    email.variant_id = variant.id
    email.doc |= {"isAb": True, "testing": test | {"abStatus": "master", "isAbVariation": False}}
    variant.doc |= {"isAb": True, "testing": test | {"abStatus": "variant", "isAbVariation": True}}
    account.emails[variant.id] = variant


def _document(account: Account, row: Mapping[str, Any], frame: Mapping[str, Any], resolve: Resolve) -> JSON:
    state = row.get("state", "SCHEDULED")
    created, updated = resolve(row.get("created", "-12d")), resolve(row.get("updated", "-2d"))
    send_at = stamp(resolve(row["send_at"])) if "send_at" in row else None
    document: JSON = {
        "id": str(row["id"]),
        "name": row["name"],
        "subject": row["subject"],
        "type": row.get("type", "AB_EMAIL" if "b" in row else "BATCH_EMAIL"),
        "subcategory": row.get("subcategory", "ab_master" if "b" in row else "batch"),
        "state": state,
        "isAb": False,
        "isPublished": _published(account, state),
        "isTransactional": False,
        "emailTemplateMode": "DRAG_AND_DROP",
        "language": row.get("language", "en"),
        "activeDomain": account.settings.domain,
        "archived": row.get("archived", False),
        "businessUnitId": "0",
        "folderIdV2": row.get("folder", 700100),
        "from": {"fromName": row["from_name"], "replyTo": row["reply_to"], "customReplyTo": ""},
        "jitterSendTime": False,
        "sendOnPublish": row.get("send_on_publish", False),
        "subscriptionDetails": {
            "subscriptionId": str(row["subscription"]),
            "officeLocationId": "55501",
            "preferencesGroupId": None,
        },
        "to": _recipients(account, row),
        "webversion": {
            "domain": account.settings.domain,
            "slug": f"web-{row['id']}",
            "title": row["name"],
        },
        "content": build_content(row, frame, account.switch(SMART_FIELDS)),
        "createdAt": stamp(created),
        "createdById": account.reference(str(row.get("owner", "4410"))),
        "updatedAt": stamp(updated),
        "updatedById": account.reference(str(row.get("owner", "4410"))),
    }
    if send_at:
        document["publishDate"] = send_at
    if state in _SENT_STATES:
        document |= {"publishedAt": send_at, "publishedById": str(row.get("owner", "4410"))}
    return document


def _published(account: Account, state: str) -> bool:
    if state in SCHEDULED_STATES:
        return account.switch(SCHEDULED_IS_PUBLISHED) == "true"
    return state.startswith("PUBLISHED") or state == "AUTOMATED"


def _recipients(account: Account, row: Mapping[str, Any]) -> JSON:
    def side(included: str, excluded: str) -> JSON:
        return {
            "include": [account.reference(str(one)) for one in row.get(included, ())],
            "exclude": [account.reference(str(one)) for one in row.get(excluded, ())],
        }

    return {
        "contactIlsLists": side("include", "exclude"),
        "contactLists": side("include_legacy", "exclude_legacy"),
        "contactIds": side("include_contacts", "exclude_contacts"),
        "limitSendFrequency": False,
        "suppressGraymail": row.get("suppress_graymail", False),
    }
