"""The operations on lists, their fields and groups, and their members."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from presend_sandbox.mailchimp import shapes
from presend_sandbox.mailchimp.call import Call, Operation, Reply, page, stamp
from presend_sandbox.mailchimp.problem import Problem, not_found
from presend_sandbox.mailchimp.state import Audience, Category, Member, Segment, subscriber_hash

_STATUSES = ("subscribed", "unsubscribed", "cleaned", "pending", "transactional", "archived")
_ACTIVITY_DAYS = 180
_ACTIVITIES = (
    "emails_sent",
    "unique_opens",
    "recipient_clicks",
    "hard_bounce",
    "soft_bounce",
    "subs",
    "unsubs",
    "other_adds",
    "other_removes",
)


def audience_of(call: Call) -> Audience:
    """The list the path names; Problem 404 when there is none."""
    found = call.account.lists.get(call.path["list_id"])
    if found is None:
        raise not_found()
    return found


def list_lists(call: Call) -> Reply:
    """GET /lists."""
    found = list(call.account.lists.values())
    if call.query.get("email"):
        wanted = subscriber_hash(call.query["email"])
        found = [each for each in found if wanted in each.members]
    body = {
        "lists": [shapes.audience(call.account, each, call.origin) for each in page(call, found)],
        "total_items": len(found),
        "constraints": {
            "may_create": False,
            "max_instances": 5,
            "current_total_instances": len(call.account.lists),
        },
        "_links": shapes.links(call.origin, "/lists"),
    }
    return Reply(200, body)


def get_list(call: Call) -> Reply:
    """GET /lists/{list_id}."""
    return Reply(200, shapes.audience(call.account, audience_of(call), call.origin))


def list_merge_fields(call: Call) -> Reply:
    """GET /lists/{list_id}/merge-fields; EMAIL is not among them."""
    audience = audience_of(call)
    found = [
        each
        for each in audience.fields
        if call.query.get("type", each.type) == each.type
        and ("required" not in call.query or call.flag("required") == each.required)
    ]
    body = {
        "merge_fields": [shapes.merge_field(each, audience.id, call.origin) for each in page(call, found)],
        "list_id": audience.id,
        "total_items": len(found),
        "_links": shapes.links(call.origin, f"/lists/{audience.id}/merge-fields"),
    }
    return Reply(200, body)


def list_categories(call: Call) -> Reply:
    """GET /lists/{list_id}/interest-categories."""
    audience = audience_of(call)
    found = [
        shapes.category(each, audience.id, order, call.origin) for order, each in enumerate(audience.categories, 1)
    ]
    body = {"list_id": audience.id, "categories": list(page(call, found)), "total_items": len(found), "_links": []}
    return Reply(200, body)


def list_interests(call: Call) -> Reply:
    """GET /lists/{list_id}/interest-categories/{category_id}/interests."""
    audience, category = audience_of(call), _category(call)
    found = shapes.interests(audience, category, call.origin)
    body = {
        "interests": list(page(call, found)),
        "list_id": audience.id,
        "category_id": category.id,
        "total_items": len(found),
        "_links": [],
    }
    return Reply(200, body)


def _category(call: Call) -> Category:
    for each in audience_of(call).categories:
        if each.id == call.path["category_id"]:
            return each
    raise not_found()


def list_members(call: Call) -> Reply:
    """GET /lists/{list_id}/members; archived contacts only when asked for."""
    audience = audience_of(call)
    status = call.query.get("status")
    if status is not None and status not in _STATUSES:
        raise Problem(400, "Your request could not be processed.", {"status": f"Must be one of {', '.join(_STATUSES)}"})
    found = [
        each
        for each in audience.members.values()
        if (each.status == status if status else each.status != "archived") and _in_times(call, each)
    ]
    if call.query.get("sort_field"):
        name = {"last_changed": "changed", "timestamp_opt": "opted_in", "timestamp_signup": "signed_up"}
        key = name.get(call.query["sort_field"], "changed")
        descending = call.query.get("sort_dir", "ASC").upper() == "DESC"
        found.sort(key=lambda each: (stamp(getattr(each, key)), each.id), reverse=descending)
    body = {
        "members": [shapes.member(call.account, audience, each, call.origin) for each in page(call, found)],
        "list_id": audience.id,
        "total_items": len(found),
        "_links": shapes.links(call.origin, f"/lists/{audience.id}/members"),
    }
    return Reply(200, body)


def _in_times(call: Call, each: Member) -> bool:
    bounds = (
        (each.changed, "since_last_changed", "before_last_changed"),
        (each.opted_in, "since_timestamp_opt", "before_timestamp_opt"),
        (each.changed if each.status == "unsubscribed" else None, "unsubscribed_since", ""),
    )
    return all(_between(call, moment, since, before) for moment, since, before in bounds) and (
        not call.flag("vip_only") or each.vip
    )


def _between(call: Call, moment: datetime | None, since: str, before: str) -> bool:
    low, high = call.moment(since), call.moment(before) if before else None
    if low is None and high is None:
        return True
    return moment is not None and (low is None or moment > low) and (high is None or moment < high)


def member_of(call: Call) -> tuple[Audience, Member]:
    """The member the path names, by hash or by address; Problem 404 when there is none."""
    audience = audience_of(call)
    name = call.path["subscriber_hash"]
    found = audience.members.get(subscriber_hash(name) if "@" in name else name)
    if found is None:
        raise not_found()
    return audience, found


def get_member(call: Call) -> Reply:
    """GET one member."""
    audience, each = member_of(call)
    return Reply(200, shapes.member(call.account, audience, each, call.origin))


def update_member(call: Call) -> Reply:
    """PATCH one member."""
    audience, each = member_of(call)
    _change(call, audience, each, call.body())
    return Reply(200, shapes.member(call.account, audience, each, call.origin))


def put_member(call: Call) -> Reply:
    """PUT one member: change it, or add it with `email_address` and `status_if_new`."""
    audience, body = audience_of(call), call.body()
    each = audience.members.get(call.path["subscriber_hash"])
    if each is None:
        email, status = str(body.get("email_address", "")), body.get("status_if_new") or body.get("status")
        if "@" not in email or status not in _STATUSES:
            raise Problem(400, "The resource submitted could not be validated.", {"email_address": "Required"})
        now = call.account.clock.now()
        each = Member(email, str(status), {}, {}, now, now, now, None)
        audience.members[each.id] = each
    _change(call, audience, each, body)
    return Reply(200, shapes.member(call.account, audience, each, call.origin))


def _change(call: Call, audience: Audience, each: Member, body: dict[str, Any]) -> None:
    known = {"status", "merge_fields", "interests", "language", "vip", "email_address", "status_if_new"}
    if body.get("status", each.status) not in _STATUSES:
        raise Problem(400, "The resource submitted could not be validated.", {"status": "Not a status"})
    values: dict[str, Any] = body.get("merge_fields", {})
    # The real API ignores merge fields a list does not have, rather than refusing them.
    each.values |= {tag: value for tag, value in values.items() if audience.field(tag) is not None}
    each.status = body.get("status", each.status)
    each.interests |= body.get("interests", {})
    each.language = body.get("language", each.language)
    each.vip = bool(body.get("vip", each.vip))
    if known & set(body):
        each.changed = call.account.clock.now()


def get_member_tags(call: Call) -> Reply:
    """GET one member's tags."""
    audience, each = member_of(call)
    found = [
        {"id": tag.id, "name": tag.name, "date_added": stamp(tag.members[each.id])}
        for tag in audience.segments.values()
        if tag.type == "static" and each.id in tag.members
    ]
    return Reply(200, {"tags": list(page(call, found)), "total_items": len(found), "_links": []})


def set_member_tags(call: Call) -> Reply:
    """POST one member's tags; a tag that does not exist is created when made active."""
    audience, each = member_of(call)
    body = call.body()
    tags = body.get("tags")
    if not isinstance(tags, list) or not all(isinstance(tag, dict) and tag.get("name") for tag in tags):
        raise Problem(400, "The resource submitted could not be validated.", {"tags": "Required"})
    now = call.account.clock.now()
    for tag in tags:
        found = find_tag(audience, str(tag["name"]))
        if tag.get("status") == "inactive":
            if found is not None:
                found.members.pop(each.id, None)
                found.updated = now
            continue
        if found is None:
            found = Segment(call.account.next_number(), str(tag["name"]), "static", now, now)
            audience.segments[found.id] = found
        if each.id not in found.members and not body.get("is_syncing"):
            call.account.journeys.append((found.name, each.id))
        found.members.setdefault(each.id, now)
        found.updated = now
    each.changed = now
    return Reply(204)


def find_tag(audience: Audience, name: str) -> Segment | None:
    """The tag of that name."""
    return next((each for each in audience.segments.values() if each.type == "static" and each.name == name), None)


def tag_search(call: Call) -> Reply:
    """GET /lists/{list_id}/tag-search: names that contain what was asked."""
    wanted = call.query.get("name", "").casefold()
    tags = [each for each in audience_of(call).segments.values() if each.type == "static"]
    found = [{"id": each.id, "name": each.name} for each in tags if wanted in each.name.casefold()]
    return Reply(200, {"tags": found, "total_items": len(found)})


def activity_feed(call: Call) -> Reply:
    """GET one member's activity feed: the last open, and the orders."""
    _, each = member_of(call)
    events: list[dict[str, Any]] = [
        {"activity_type": "order", "created_at_timestamp": stamp(order.placed), "order_id": order.id}
        for order in call.account.orders_of(each.email)
    ]
    if each.last_active:
        events.append({"activity_type": "open", "created_at_timestamp": stamp(each.last_active)})
    events.sort(key=lambda event: str(event["created_at_timestamp"]), reverse=True)
    body = {"activity": list(page(call, events)), "email_id": each.id, "list_id": call.path["list_id"]}
    return Reply(200, body | {"total_items": len(events), "_links": []})


def list_activity(call: Call) -> Reply:
    """GET /lists/{list_id}/activity: up to 180 days with something in them, newest first."""
    audience = audience_of(call)
    now = call.account.clock.now()
    days: dict[str, dict[str, int]] = {}
    for each in audience.members.values():
        seen = [("subs", each.opted_in), ("unique_opens", each.last_active)]
        seen += [("unsubs", each.changed)] if each.status == "unsubscribed" else []
        for name, moment in seen:
            if moment and (now - moment).days < _ACTIVITY_DAYS:
                day = days.setdefault(moment.date().isoformat(), {})
                day[name] = day.get(name, 0) + 1
    found = [
        {"day": day, **{name: days[day].get(name, 0) for name in _ACTIVITIES}} for day in sorted(days, reverse=True)
    ]
    body = {"activity": list(page(call, found)), "list_id": audience.id, "total_items": len(found), "_links": []}
    return Reply(200, body)


_LIST = "/lists/{list_id}"
_MEMBER = f"{_LIST}/members/{{subscriber_hash}}"
OPERATIONS = (
    Operation("GET", "/lists", list_lists),
    Operation("GET", _LIST, get_list),
    Operation("GET", f"{_LIST}/activity", list_activity),
    Operation("GET", f"{_LIST}/merge-fields", list_merge_fields),
    Operation("GET", f"{_LIST}/interest-categories", list_categories),
    Operation("GET", f"{_LIST}/interest-categories/{{category_id}}/interests", list_interests),
    Operation("GET", f"{_LIST}/members", list_members),
    Operation("GET", _MEMBER, get_member),
    Operation("PATCH", _MEMBER, update_member),
    Operation("PUT", _MEMBER, put_member),
    Operation("GET", f"{_MEMBER}/tags", get_member_tags),
    Operation("POST", f"{_MEMBER}/tags", set_member_tags),
    Operation("GET", f"{_MEMBER}/activity-feed", activity_feed),
    Operation("GET", f"{_LIST}/tag-search", tag_search),
)
