"""The operations on segments and tags."""

from __future__ import annotations

from typing import Any

from presend_sandbox.mailchimp import shapes
from presend_sandbox.mailchimp.call import Call, Operation, Reply, page
from presend_sandbox.mailchimp.lists import audience_of, find_tag
from presend_sandbox.mailchimp.problem import Problem, not_found
from presend_sandbox.mailchimp.segments import ConditionError, matching
from presend_sandbox.mailchimp.sending import members_of
from presend_sandbox.mailchimp.state import Audience, Member, Segment, subscriber_hash

MAX_BATCH = 500
_EXTRA = {
    "unsubscribed": "include_unsubscribed",
    "cleaned": "include_cleaned",
    "transactional": "include_transactional",
}


def _segment(call: Call) -> tuple[Audience, Segment]:
    audience = audience_of(call)
    number = call.path["segment_id"]
    found = audience.segments.get(int(number)) if number.isdigit() else None
    if found is None:
        raise not_found()
    return audience, found


def _counted(call: Call, audience: Audience, each: Segment) -> list[Member]:
    """The segment's subscribed members, and of the others those the request asks to include."""
    shown = {"subscribed"} | {status for status, name in _EXTRA.items() if call.flag(name)}
    return [member for member in members_of(call.account, audience, each.id) if member.status in shown]


def _shape(call: Call, audience: Audience, each: Segment) -> dict[str, Any]:
    return shapes.segment(audience, each, len(_counted(call, audience, each)), call.origin)


def list_segments(call: Call) -> Reply:
    """GET /lists/{list_id}/segments."""
    audience = audience_of(call)
    since, before = call.moment("since_updated_at"), call.moment("before_updated_at")
    found = [
        each
        for each in audience.segments.values()
        if call.query.get("type", each.type) == each.type
        and (since is None or each.updated > since)
        and (before is None or each.updated < before)
    ]
    body = {
        "segments": [_shape(call, audience, each) for each in page(call, found)],
        "list_id": audience.id,
        "total_items": len(found),
        "_links": shapes.links(call.origin, f"/lists/{audience.id}/segments"),
    }
    return Reply(200, body)


def get_segment(call: Call) -> Reply:
    """GET one segment."""
    return Reply(200, _shape(call, *_segment(call)))


def create_segment(call: Call) -> Reply:
    """POST /lists/{list_id}/segments: a tag from addresses, or a saved segment from conditions."""
    audience, body = audience_of(call), call.body()
    name = str(body.get("name", "")).strip()
    emails, options = body.get("static_segment"), body.get("options")
    if not name or (emails is None) == (options is None):
        fields = {"name": "Required", "static_segment": "Give this or options, not both"}
        raise Problem(400, "The resource submitted could not be validated.", fields)
    if emails is not None and find_tag(audience, name) is not None:
        raise Problem(400, f'Sorry, that tag already exists: "{name}".', title="Bad Request")
    now = call.account.clock.now()
    each = Segment(call.account.next_number(), name, "static" if options is None else "saved", now, now)
    if options is not None:
        each.match, each.conditions = options.get("match", "all"), list(options.get("conditions", []))
        try:
            matching(audience, each.match, each.conditions, now)
        except (ConditionError, ValueError) as error:
            raise Problem(400, "Invalid segment options.", {"options": str(error)}) from error
    _add(call, audience, each, list(emails or []))
    audience.segments[each.id] = each
    return Reply(200, _shape(call, audience, each))


def _add(call: Call, audience: Audience, each: Segment, emails: list[str]) -> tuple[list[Member], list[str]]:
    members = [audience.members.get(subscriber_hash(email)) for email in emails]
    added = [member for member in members if member is not None]
    for member in added:
        if member.id not in each.members:
            call.account.journeys.append((each.name, member.id))
        each.members.setdefault(member.id, call.account.clock.now())
        member.changed = call.account.clock.now()
    return added, [email for email, member in zip(emails, members, strict=True) if member is None]


def change_members(call: Call) -> Reply:
    """POST one tag: add and remove at most 500 members each."""
    audience, each = _segment(call)
    if each.type != "static":
        raise Problem(400, "Only static segments can be changed this way.", title="Bad Request")
    body = call.body()
    adding, removing = list(body.get("members_to_add") or []), list(body.get("members_to_remove") or [])
    if max(len(adding), len(removing)) > MAX_BATCH:
        fields = {"members_to_add": f"Array must have at most {MAX_BATCH} items"}
        raise Problem(400, "The resource submitted could not be validated.", fields)
    added, missing = _add(call, audience, each, adding)
    removed = [audience.members[key] for key in map(subscriber_hash, removing) if key in each.members]
    strangers = [email for email in removing if subscriber_hash(email) not in audience.members]
    for member in removed:
        del each.members[member.id]
        member.changed = call.account.clock.now()
    each.updated = call.account.clock.now()
    wrong = [(missing, "Email addresses are not subscribed to the list."), (strangers, "Email addresses are unknown.")]
    errors = [{"email_addresses": emails, "error": text} for emails, text in wrong if emails]
    body = {
        "members_added": [shapes.segment_member(audience, member, call.origin) for member in added],
        "members_removed": [shapes.segment_member(audience, member, call.origin) for member in removed],
        "errors": errors,
        "total_added": len(added),
        "total_removed": len(removed),
        "error_count": len(errors),
        "_links": shapes.links(call.origin, f"/lists/{audience.id}/segments/{each.id}"),
    }
    return Reply(200, body)


def delete_segment(call: Call) -> Reply:
    """DELETE one segment or tag."""
    audience, each = _segment(call)
    del audience.segments[each.id]
    return Reply(204)


def list_segment_members(call: Call) -> Reply:
    """GET the members of one segment or tag."""
    audience, each = _segment(call)
    found = _counted(call, audience, each)
    body = {
        "members": [shapes.segment_member(audience, member, call.origin) for member in page(call, found)],
        "total_items": len(found),
        "_links": shapes.links(call.origin, f"/lists/{audience.id}/segments/{each.id}/members"),
    }
    return Reply(200, body)


_ALL = "/lists/{list_id}/segments"
_ONE = f"{_ALL}/{{segment_id}}"
OPERATIONS = (
    Operation("GET", _ALL, list_segments),
    Operation("POST", _ALL, create_segment),
    Operation("GET", _ONE, get_segment),
    Operation("POST", _ONE, change_members),
    Operation("DELETE", _ONE, delete_segment),
    Operation("GET", f"{_ONE}/members", list_segment_members),
)
