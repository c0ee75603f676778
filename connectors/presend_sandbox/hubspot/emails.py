"""Marketing emails: list, read, edit, clone, revisions."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from presend_sandbox.hubspot import points
from presend_sandbox.hubspot.api import Answer, Call, page
from presend_sandbox.hubspot.errors import invalid, not_found
from presend_sandbox.hubspot.seed_emails import SCHEDULED_STATES
from presend_sandbox.hubspot.state import JSON, Account, Email, stamp

_SORTS = ("createdAt", "updatedAt", "name", "publishDate", "id")
_WRITABLE = frozenset({
    "activeDomain", "archived", "businessUnitId", "campaign", "content", "folderIdV2", "from", "jitterSendTime",
    "language", "name", "publishDate", "rssData", "sendOnPublish", "state", "subcategory", "subject",
    "subscriptionDetails", "testing", "to", "webversion",
})  # fmt: skip
_SCHEDULE = frozenset({"publishDate", "sendOnPublish", "state", "content", "subject", "from", "to"})


def find_email(account: Account, call: Call) -> Email:
    """The email that the path names."""
    name = call.path["email_id"]
    if name not in account.emails:
        raise not_found("marketing email", name)
    return account.emails[name]


def list_emails(account: Account, call: Call) -> Answer:
    """A page of emails. There is neither a filter by state nor one by publishDate."""
    limit = call.limit(
        10, int(account.switch(points.EMAILS_PAGE_MAX)), clamp=account.switch(points.EMAILS_PAGE_OVER) == "clamp"
    )
    wanted = [email.doc for email in account.emails.values() if _passes(email.doc, call)]
    for key in reversed(call.many("sort") or ["id"]):
        name = key.lstrip("-")
        if name not in _SORTS:
            raise invalid(f"Emails cannot be sorted by {name}.", context={"sort": [name]})
        wanted.sort(key=lambda doc: str(doc.get(name) or ""), reverse=key.startswith("-"))
    return Answer(page(call, [_shown(doc, call) for doc in wanted], limit))


def _passes(doc: JSON, call: Call) -> bool:
    if bool(doc["archived"]) != bool(call.flag("archived")):
        return False
    published = call.flag("isPublished")
    if published is not None and doc["isPublished"] != published:
        return False
    if call.one("type") and doc["type"] != call.one("type"):
        return False
    if call.one("campaign") and doc.get("campaign") != call.one("campaign"):
        return False
    return all(_in_time(doc, call, name) for name in ("created", "updated", "published"))


def _in_time(doc: JSON, call: Call, name: str) -> bool:
    bounds = {suffix: call.moment(name + suffix) for suffix in ("At", "After", "Before")}
    if not any(bounds.values()):
        return True
    written = doc.get(f"{name}At")
    if not written:
        return False
    at, after, before = datetime.fromisoformat(written), bounds["After"], bounds["Before"]
    exact = bounds["At"]
    return (exact is None or at == exact) and (after is None or at > after) and (before is None or at < before)


def _shown(doc: JSON, call: Call) -> JSON:
    shown = {
        name: value for name, value in doc.items() if name != "campaignName" or call.flag("marketingCampaignNames")
    }
    if call.flag("workflowNames"):
        shown["workflowNames"] = []
    if properties := call.many("includedProperties"):
        shown = {name: value for name, value in shown.items() if name in {"id", *properties}}
    return shown


def get_email(account: Account, call: Call) -> Answer:
    """One email as it is published or scheduled."""
    return Answer(_shown(find_email(account, call).doc, call))


def get_draft(account: Account, call: Call) -> Answer:
    """The unpublished edits of an email, or the email itself when there are none."""
    email = find_email(account, call)
    return Answer(email.draft or email.doc)


def get_variation(account: Account, call: Call) -> Answer:
    """The other variant of an A/B email: B for A, A for B."""
    email = find_email(account, call)
    other = email.variant_id or email.master_id
    if other is None:
        raise not_found("A/B variation of the marketing email", email.id)
    return Answer(account.emails[other].doc)


def patch_email(account: Account, call: Call) -> Answer:
    """Change an email; what may change while it is scheduled is an open point."""
    email, changes = find_email(account, call), _changes(account, call)
    scheduled = email.doc["state"] in SCHEDULED_STATES
    rule = account.switch(points.PATCH_SCHEDULED)
    blocked = set(changes) if rule == "refuse_all" else set(changes) & _SCHEDULE if rule == "refuse_schedule" else set()
    if scheduled and blocked:
        raise invalid(f"A scheduled email cannot be changed: {', '.join(sorted(blocked))}.", code="EMAIL_SCHEDULED")
    if email.doc["state"] in ("PROCESSING", "PRE_PROCESSING"):
        raise invalid("An email that is being sent cannot be changed.", code="EMAIL_SENDING")
    keep_revision(account, email)
    if "to" in changes and unpublished(account, email):
        match account.switch(points.PATCH_TO_AFTER_UNPUBLISH):
            case "refuse":
                raise invalid("The recipients of a cancelled email cannot be changed.", code="EMAIL_CANCELLED")
            case "ignore":
                changes.pop("to")
            case "draft_only":
                email.draft = copy.deepcopy(email.draft or email.doc) | {"to": changes.pop("to")}
            case _:
                pass
    email.doc |= changes | {"updatedAt": stamp(account.clock.now())}
    return Answer(email.doc)


def unpublished(account: Account, email: Email) -> bool:
    """Whether the email, or the A of its test, was taken back."""
    return email.was_unpublished or (email.master_id is not None and account.emails[email.master_id].was_unpublished)


def patch_draft(account: Account, call: Call) -> Answer:
    """Change the unpublished edits only; what goes out stays as it is."""
    email = find_email(account, call)
    edited = copy.deepcopy(email.draft or email.doc) | _changes(account, call)
    email.draft = edited | {"updatedAt": stamp(account.clock.now())}
    return Answer(email.draft)


def reset_draft(account: Account, call: Call) -> Answer:
    """Throw the unpublished edits away."""
    find_email(account, call).draft = None
    return Answer(status=204)


def _changes(account: Account, call: Call) -> JSON:
    body = call.object()
    if unknown := sorted(set(body) - _WRITABLE):
        raise invalid(f"The field {unknown[0]} cannot be written.", code="UNKNOWN_FIELD", context={"field": unknown})
    changes = {name: value for name, value in body.items() if value is not None}
    if "publishDate" in changes:
        changes["publishDate"] = stamp(_moment(changes["publishDate"]))
    if (guid := changes.get("campaign")) and guid not in account.campaigns:
        raise not_found("campaign", str(guid))
    if guid:
        changes["campaignName"] = account.campaigns[guid]["properties"]["hs_name"]
    return changes


def _moment(written: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(written))
    except ValueError:
        raise invalid(f"publishDate is not a date-time: {written}", context={"publishDate": [str(written)]}) from None


def keep_revision(account: Account, email: Email) -> None:
    """Remember the document as it is now, before it changes."""
    email.revisions.append((account.clock.now(), copy.deepcopy(email.doc)))


def clone(account: Account, call: Call) -> Answer:
    """A new draft with the same content and audience and no schedule."""
    body = call.object()
    name = str(body.get("id", ""))
    if name not in account.emails:
        raise not_found("marketing email", name)
    now = stamp(account.clock.now())
    document = copy.deepcopy(account.emails[name].doc)
    for key in ("publishDate", "publishedAt", "publishedById", "unpublishedAt", "testing"):
        document.pop(key, None)
    document |= {
        "id": account.fresh_id(),
        "name": body.get("cloneName") or f"{document['name']} (clone)",
        "language": body.get("language") or document["language"],
        "state": "DRAFT",
        "type": "BATCH_EMAIL" if document["isAb"] else document["type"],
        "isAb": False,
        "isPublished": False,
        "clonedFrom": name,
        "createdAt": now,
        "updatedAt": now,
    }
    account.emails[document["id"]] = Email(document["id"], document)
    return Answer(document)


def _versions(email: Email) -> list[JSON]:
    user = {"id": str(email.doc["updatedById"]), "fullName": "Robin Example", "email": "robin@example.org"}
    kept = [*email.revisions, (datetime.fromisoformat(email.doc["updatedAt"]), email.doc)]
    rows = [
        {"id": f"{email.id}{number:02d}", "updatedAt": stamp(at), "user": user, "object": document}
        for number, (at, document) in enumerate(kept, start=1)
    ]
    return rows[::-1]


def list_revisions(account: Account, call: Call) -> Answer:
    """The present document and the older ones, newest first."""
    return Answer(page(call, _versions(find_email(account, call)), call.limit(10, 100)))


def get_revision(account: Account, call: Call) -> Answer:
    """One document of the history; revision -1 is the present one."""
    versions = _versions(find_email(account, call))
    wanted = call.path["revision_id"]
    for version in versions:
        if wanted in ("-1", version["id"]):
            return Answer(version)
    raise not_found("revision of the marketing email", wanted)
