"""The operations on campaigns: read, change, schedule, take back, comment, file."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from presend_sandbox.mailchimp import campaign_shapes as shapes
from presend_sandbox.mailchimp.call import Call, Operation, Reply, page, read_moment, stamp
from presend_sandbox.mailchimp.problem import Problem, bad_request, not_found
from presend_sandbox.mailchimp.segments import ConditionError
from presend_sandbox.mailchimp.sending import addressed, begins, freeze, on_quarter
from presend_sandbox.mailchimp.shapes import links
from presend_sandbox.mailchimp.state import (
    BATCH_DELIVERY,
    FOLDER_MOVE,
    RECIPIENTS,
    SETTINGS,
    SNAPSHOT,
    TOO_LATE,
    UNSCHEDULED,
    Campaign,
)

_EDITABLE = ("save", "paused")
_NEEDED = ("subject_line", "from_name", "reply_to")


def _campaign(call: Call) -> Campaign:
    found = call.account.campaigns.get(call.path["campaign_id"])
    if found is None:
        raise not_found()
    return found


def list_campaigns(call: Call) -> Reply:
    """GET /campaigns."""
    found = [each for each in call.account.campaigns.values() if _wanted(call, each)]
    by_time = call.query.get("sort_field") == "send_time"
    found.sort(
        key=lambda each: (stamp(each.send_time if by_time else each.created), each.id),
        reverse=call.query.get("sort_dir", "DESC" if call.query.get("sort_field") else "ASC").upper() == "DESC",
    )
    body = {
        "campaigns": [shapes.campaign(call.account, each, call.origin) for each in page(call, found)],
        "total_items": len(found),
        "_links": links(call.origin, "/campaigns"),
    }
    return Reply(200, body)


def _wanted(call: Call, each: Campaign) -> bool:
    equal = {"type": each.type, "status": each.status, "list_id": each.list_id, "folder_id": each.folder_id}
    if any(call.query.get(name) and call.query[name] != have for name, have in equal.items()):
        return False
    times = {"send_time": each.send_time, "create_time": each.created}
    for name, have in times.items():
        before, since = call.moment(f"before_{name}"), call.moment(f"since_{name}")
        if (before and not (have and have <= before)) or (since and not (have and have >= since)):
            return False
    return True


def get_campaign(call: Call) -> Reply:
    """GET /campaigns/{campaign_id}."""
    return Reply(200, shapes.campaign(call.account, _campaign(call), call.origin))


def update_campaign(call: Call) -> Reply:
    """PATCH /campaigns/{campaign_id}: refused while scheduled, but for what the switches allow."""
    each, body = _campaign(call), call.body()
    settings: dict[str, Any] = body.get("settings", {})
    only_moves = set(body) == {"settings"} and set(settings) <= {"folder_id"} | set(_unchanged(each, settings))
    movable = each.status != "schedule" or call.account.switch(FOLDER_MOVE) == "allowed"
    if each.status not in _EDITABLE and not (only_moves and movable):
        raise bad_request("This campaign cannot be edited because it is scheduled or has been sent.")
    missing = [name for name in _NEEDED if name not in settings]
    if missing and call.account.switch(SETTINGS) == "whole":
        raise Problem(400, "The resource submitted could not be validated.", dict.fromkeys(missing, "Required"))
    if settings.get("folder_id") and settings["folder_id"] not in call.account.folders:
        raise Problem(400, "The resource submitted could not be validated.", {"settings.folder_id": "No such folder"})
    before = copy.deepcopy((each.list_id, each.segment, each.frozen))
    _apply_settings(each, settings)
    _apply_recipients(call, each, body.get("recipients"))
    try:
        addressed(call.account, each)
    except (ConditionError, KeyError, ValueError) as error:
        each.list_id, each.segment, each.frozen = before
        raise Problem(400, "Invalid segment options.", {"recipients.segment_opts": str(error)}) from error
    each.tracking |= body.get("tracking", {})
    return Reply(200, shapes.campaign(call.account, each, call.origin))


def _unchanged(each: Campaign, settings: dict[str, Any]) -> list[str]:
    """The settings that are sent as they are."""
    first = each.variants[0]
    now = {"subject_line": first.subject, "from_name": first.from_name, "reply_to": first.reply_to}
    now |= {"preview_text": first.preview_text, "title": each.title, "to_name": each.to_name}
    return [name for name, have in now.items() if settings.get(name) == have]


def _apply_settings(each: Campaign, settings: dict[str, Any]) -> None:
    for variant in each.variants if settings else []:
        variant.subject = settings.get("subject_line", variant.subject)
        variant.preview_text = settings.get("preview_text", variant.preview_text)
        variant.from_name = settings.get("from_name", variant.from_name)
        variant.reply_to = settings.get("reply_to", variant.reply_to)
    each.title = settings.get("title", each.title)
    each.to_name = settings.get("to_name", each.to_name)
    each.folder_id = settings.get("folder_id", each.folder_id)
    each.auto_footer = settings.get("auto_footer", each.auto_footer)


def _apply_recipients(call: Call, each: Campaign, wanted: dict[str, Any] | None) -> None:
    if wanted is None:
        return
    if wanted.get("list_id") not in call.account.lists:
        raise Problem(400, "The resource submitted could not be validated.", {"recipients.list_id": "No such list"})
    segment = wanted.get("segment_opts") or None
    if call.account.switch(RECIPIENTS) == "merged":
        segment = each.segment if segment is None else segment if _names_people(segment) else None
    changed = (each.list_id, each.segment) != (wanted["list_id"], segment)
    each.list_id, each.segment = wanted["list_id"], segment
    if changed or call.account.switch(SNAPSHOT) == "retaken":
        each.frozen = None


def _names_people(options: dict[str, Any]) -> bool:
    return any(options.get(name) for name in ("saved_segment_id", "prebuilt_segment_id", "conditions"))


def get_content(call: Call) -> Reply:
    """GET /campaigns/{campaign_id}/content."""
    return Reply(200, shapes.content(_campaign(call), call.origin))


def get_checklist(call: Call) -> Reply:
    """GET /campaigns/{campaign_id}/send-checklist."""
    return Reply(200, shapes.checklist(call.account, _campaign(call), call.origin))


def schedule(call: Call) -> Reply:
    """POST actions/schedule."""
    each, body = _campaign(call), call.body()
    if call.account.plan == "forever_free":
        raise Problem(403, "Your plan does not include scheduling campaigns.")
    if each.status not in _EDITABLE:
        raise bad_request("This campaign has already been scheduled or sent.")
    when = _schedule_time(call, body)
    timewarp, batches = bool(body.get("timewarp")), body.get("batch_delivery")
    if (timewarp and batches) or each.type == "rss":
        raise bad_request("This campaign cannot be scheduled: .")
    if not shapes.checklist(call.account, each, call.origin)["is_ready"]:
        raise bad_request("This campaign cannot be scheduled: .")
    each.send_time, each.timewarp, each.stuck = when, timewarp, False
    start = begins(call.account, each)
    if start is not None and start <= call.account.clock.now():
        each.send_time, each.timewarp = None, False
        raise Problem(400, "The scheduled time must be in the future.", {"schedule_time": "Too early for Timewarp"})
    if batches or call.account.switch(BATCH_DELIVERY) == "lost":
        each.batch_delivery = batches
    if each.frozen is None or call.account.switch(SNAPSHOT) == "retaken":
        freeze(call.account, each)
    each.status = "schedule"
    return Reply(204)


def _schedule_time(call: Call, body: dict[str, Any]) -> datetime:
    if not body.get("schedule_time"):
        raise Problem(400, "The resource submitted could not be validated.", {"schedule_time": "Required"})
    when = read_moment(str(body["schedule_time"]), "schedule_time")
    if not on_quarter(when):
        fields = {"schedule_time": "Campaigns may only be scheduled on the quarter-hour (:00, :15, :30, :45)"}
        raise Problem(400, "The resource submitted could not be validated.", fields)
    if when <= call.account.clock.now():
        raise Problem(400, "The scheduled time must be in the future.", {"schedule_time": "In the past"})
    return when


def unschedule(call: Call) -> Reply:
    """POST actions/unschedule: the send time is gone afterwards; too late is refused."""
    each = _campaign(call)
    if each.status in ("sending", "sent"):
        if call.account.switch(TOO_LATE) == "403":
            raise Problem(403, "This campaign is sending and cannot be unscheduled.")
        raise bad_request("Campaign has already started sending and cannot be unscheduled.")
    if each.status != "schedule":
        raise bad_request("This campaign is not scheduled.")
    each.status = call.account.switch(UNSCHEDULED)
    each.send_time, each.timewarp, each.stuck = None, False, False
    return Reply(204)


def rss_only(call: Call) -> Reply:
    """POST actions/pause and actions/resume: only RSS-driven campaigns can."""
    each = _campaign(call)
    if each.type != "rss":
        raise bad_request("Only RSS campaigns can be paused and resumed.")
    each.status = "paused" if each.status == "sending" else "sending"
    return Reply(204)


def cancel_send(call: Call) -> Reply:
    """POST actions/cancel-send: a feature of Mailchimp Pro."""
    _campaign(call)
    raise Problem(403, "Canceling a send requires Mailchimp Pro.")


def replicate(call: Call) -> Reply:
    """POST actions/replicate: a draft copy."""
    each = copy.deepcopy(_campaign(call))
    number = call.account.next_number()
    each.id, each.web_id, each.status = f"copy{number}", number, "save"
    each.send_time, each.frozen, each.emails_sent, each.timewarp = None, None, 0, False
    each.title, each.feedback, each.created = f"{each.title} (copy 01)", [], call.account.clock.now()
    call.account.campaigns[each.id] = each
    return Reply(200, shapes.campaign(call.account, each, call.origin))


def send_test(call: Call) -> Reply:
    """POST actions/test."""
    each, body = _campaign(call), call.body()
    if not body.get("test_emails") or body.get("send_type") not in ("html", "plaintext"):
        raise Problem(400, "The resource submitted could not be validated.", {"test_emails": "Required"})
    each.tests.append(list(body["test_emails"]))
    return Reply(204)


def list_feedback(call: Call) -> Reply:
    """GET /campaigns/{campaign_id}/feedback."""
    each = _campaign(call)
    items = [shapes.feedback(each, item, call.origin) for item in each.feedback]
    return Reply(200, {"feedback": items, "campaign_id": each.id, "total_items": len(items), "_links": []})


def add_feedback(call: Call) -> Reply:
    """POST /campaigns/{campaign_id}/feedback."""
    each, body = _campaign(call), call.body()
    if not str(body.get("message", "")).strip():
        raise Problem(400, "The resource submitted could not be validated.", {"message": "Required"})
    now = stamp(call.account.clock.now())
    item = {
        "feedback_id": call.account.next_number(),
        "parent_id": 0,
        "block_id": body.get("block_id", 0),
        "message": body["message"],
        "is_complete": bool(body.get("is_complete")),
        "created_by": call.account.name,
        "created_at": now,
        "updated_at": now,
        "source": "api",
    }
    each.feedback.append(item)
    return Reply(200, shapes.feedback(each, item, call.origin))


def _feedback(call: Call) -> tuple[Campaign, dict[str, Any]]:
    each = _campaign(call)
    for item in each.feedback:
        if str(item["feedback_id"]) == call.path["feedback_id"]:
            return each, item
    raise not_found()


def get_feedback(call: Call) -> Reply:
    """GET one comment."""
    each, item = _feedback(call)
    return Reply(200, shapes.feedback(each, item, call.origin))


def update_feedback(call: Call) -> Reply:
    """PATCH one comment."""
    each, item = _feedback(call)
    body = call.body()
    item |= {name: body[name] for name in ("message", "is_complete", "block_id") if name in body}
    item["updated_at"] = stamp(call.account.clock.now())
    return Reply(200, shapes.feedback(each, item, call.origin))


def delete_feedback(call: Call) -> Reply:
    """DELETE one comment."""
    each, item = _feedback(call)
    each.feedback.remove(item)
    return Reply(204)


def list_folders(call: Call) -> Reply:
    """GET /campaign-folders."""
    found = [_folder(call, folder) for folder in call.account.folders]
    return Reply(200, {"folders": list(page(call, found)), "total_items": len(found), "_links": []})


def create_folder(call: Call) -> Reply:
    """POST /campaign-folders."""
    name = str(call.body().get("name", "")).strip()
    if not name:
        raise Problem(400, "The resource submitted could not be validated.", {"name": "Required"})
    folder = f"folder{call.account.next_number()}"
    call.account.folders[folder] = name
    return Reply(200, _folder(call, folder))


def _folder(call: Call, folder: str) -> dict[str, Any]:
    return {
        "name": call.account.folders[folder],
        "id": folder,
        "count": sum(each.folder_id == folder for each in call.account.campaigns.values()),
        "_links": links(call.origin, f"/campaign-folders/{folder}", "/campaign-folders"),
    }


_ONE = "/campaigns/{campaign_id}"
OPERATIONS = (
    Operation("GET", "/campaigns", list_campaigns),
    Operation("GET", _ONE, get_campaign),
    Operation("PATCH", _ONE, update_campaign),
    Operation("GET", f"{_ONE}/content", get_content),
    Operation("GET", f"{_ONE}/send-checklist", get_checklist),
    Operation("POST", f"{_ONE}/actions/schedule", schedule),
    Operation("POST", f"{_ONE}/actions/unschedule", unschedule),
    Operation("POST", f"{_ONE}/actions/pause", rss_only),
    Operation("POST", f"{_ONE}/actions/resume", rss_only),
    Operation("POST", f"{_ONE}/actions/cancel-send", cancel_send),
    Operation("POST", f"{_ONE}/actions/replicate", replicate),
    Operation("POST", f"{_ONE}/actions/test", send_test),
    Operation("GET", f"{_ONE}/feedback", list_feedback),
    Operation("POST", f"{_ONE}/feedback", add_feedback),
    Operation("GET", f"{_ONE}/feedback/{{feedback_id}}", get_feedback),
    Operation("PATCH", f"{_ONE}/feedback/{{feedback_id}}", update_feedback),
    Operation("DELETE", f"{_ONE}/feedback/{{feedback_id}}", delete_feedback),
    Operation("GET", "/campaign-folders", list_folders),
    Operation("POST", "/campaign-folders", create_folder),
)
