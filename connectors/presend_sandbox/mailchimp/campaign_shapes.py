"""A campaign as Mailchimp's JSON: settings, recipients, content, and the check before sending."""

from __future__ import annotations

from typing import Any

from presend_sandbox.mailchimp.call import stamp
from presend_sandbox.mailchimp.sending import addressed
from presend_sandbox.mailchimp.shapes import links
from presend_sandbox.mailchimp.state import Account, Campaign, Variant

_READY = {
    "subject": "Your campaign has a subject line.",
    "sender": "Your campaign has a from name and reply-to address.",
    "content": "Your campaign has content.",
    "audience": "Your campaign has recipients.",
}


def campaign(account: Account, each: Campaign, origin: str) -> dict[str, Any]:
    """One campaign, whole."""
    sending = each.status == "sending"
    shape: dict[str, Any] = {
        "id": each.id,
        "web_id": each.web_id,
        "type": each.type,
        "create_time": stamp(each.created),
        "archive_url": f"https://example.com/archive/{each.id}",
        "long_archive_url": f"https://example.com/archive/long/{each.id}",
        "status": each.status,
        "emails_sent": each.emails_sent,
        "send_time": stamp(each.send_time),
        "content_type": "html",
        "needs_block_refresh": False,
        "resendable": each.status == "sent",
        "recipients": _recipients(account, each),
        "settings": _settings(each),
        "tracking": each.tracking,
        "delivery_status": {"enabled": sending} | ({"status": "delivering", "can_cancel": False} if sending else {}),
        "_links": links(origin, f"/campaigns/{each.id}", "/campaigns"),
    }
    if each.type == "variate":
        shape["variate_settings"] = _variate(each)
    return shape


def _settings(each: Campaign) -> dict[str, Any]:
    first = each.variants[0]
    # A combination's own subject, name or address leaves the plain setting blank.
    split = {name for name in ("subject", "from_name", "reply_to") if len(_choices(each, name)) > 1}
    return {
        "subject_line": "" if "subject" in split else first.subject,
        "preview_text": first.preview_text,
        "title": each.title,
        "from_name": "" if "from_name" in split else first.from_name,
        "reply_to": "" if "reply_to" in split else first.reply_to,
        "use_conversation": False,
        "to_name": each.to_name,
        "folder_id": each.folder_id,
        "authenticate": True,
        "auto_footer": each.auto_footer,
        "inline_css": False,
        "auto_tweet": False,
        "fb_comments": False,
        "timewarp": each.timewarp,
        "template_id": 0,
        "drag_and_drop": False,
    }


def _choices(each: Campaign, name: str) -> list[str]:
    return list(dict.fromkeys(str(getattr(variant, name)) for variant in each.variants))


def _variate(each: Campaign) -> dict[str, Any]:
    subjects, names, addresses = (_choices(each, name) for name in ("subject", "from_name", "reply_to"))
    contents = _choices(each, "label")
    many_contents = len({variant.html for variant in each.variants}) > 1
    return {
        "winner_criteria": "opens",
        "wait_time": 240,
        "test_size": 100,
        "subject_lines": subjects,
        "from_names": names,
        "reply_to_addresses": addresses,
        "send_times": [],
        "contents": contents if many_contents else [],
        "combinations": [
            {
                "id": f"{each.id}{index}",
                "subject_line": subjects.index(variant.subject),
                "send_time": 0,
                "from_name": names.index(variant.from_name),
                "reply_to": addresses.index(variant.reply_to),
                "content_description": contents.index(variant.label) if many_contents else 0,
                "recipients": 0,
            }
            for index, variant in enumerate(each.variants)
        ],
    }


def _recipients(account: Account, each: Campaign) -> dict[str, Any]:
    audience = account.lists[each.list_id]
    count = len(addressed(account, each)) if each.fixed is None else len(each.fixed)
    shape: dict[str, Any] = {
        "list_id": each.list_id,
        "list_is_active": True,
        "list_name": audience.name,
        "segment_text": "",
        "recipient_count": each.emails_sent if each.status == "sent" else count,
    }
    if each.segment:
        saved = each.segment.get("saved_segment_id")
        shape["segment_text"] = (
            f"<p>{audience.segments[saved].name}</p>" if saved in audience.segments else "<p>Segment</p>"
        )
        shape["segment_opts"] = _segment_options(account, each)
    return shape


def _segment_options(account: Account, each: Campaign) -> dict[str, Any]:
    options = dict(each.segment or {})
    saved = account.lists[each.list_id].segments.get(options.get("saved_segment_id", 0))
    if saved is not None and saved.type == "static":
        means = {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_is", "value": saved.id}
        return {"match": "any", "conditions": [means]} | options
    if saved is not None:
        return {"match": saved.match, "conditions": saved.conditions} | options
    return options


def content(each: Campaign, origin: str) -> dict[str, Any]:
    """What a campaign says, merge tags unrendered; each content of a multivariate one apart."""
    first = each.variants[0]
    shape: dict[str, Any] = {
        "plain_text": first.text,
        "html": first.html,
        "archive_html": first.html,
        "_links": links(origin, f"/campaigns/{each.id}/content", f"/campaigns/{each.id}"),
    }
    if each.type == "variate":
        shape["variate_contents"] = [
            {"content_label": variant.label, "plain_text": variant.text, "html": variant.html}
            for variant in _contents(each)
        ]
    return shape


def _contents(each: Campaign) -> list[Variant]:
    return list({variant.label: variant for variant in each.variants}.values())


def checklist(account: Account, each: Campaign, origin: str) -> dict[str, Any]:
    """Mailchimp's own check before sending: what the campaign lacks, and what the world adds."""
    lacking = {
        "subject": any(not variant.subject.strip() for variant in each.variants),
        "sender": any(not variant.from_name.strip() or "@" not in variant.reply_to for variant in each.variants),
        "content": any(not variant.html.strip() and not variant.text.strip() for variant in each.variants),
        "audience": not addressed(account, each),
    }
    items: list[dict[str, Any]] = [
        {
            "type": "error" if missing else "success",
            "id": 100 + number,
            "heading": name.capitalize(),
            "details": _READY[name] if not missing else f"Your campaign is missing its {name}.",
        }
        for number, (name, missing) in enumerate(lacking.items(), 1)
    ]
    items += [
        {
            "type": item["type"],
            "id": item.get("id", 500 + number),
            "heading": item["heading"],
            "details": item["details"],
        }
        for number, item in enumerate(each.checklist, 1)
    ]
    return {
        "is_ready": all(item["type"] != "error" for item in items),
        "items": items,
        "_links": links(origin, f"/campaigns/{each.id}/send-checklist", f"/campaigns/{each.id}"),
    }


def feedback(each: Campaign, item: dict[str, Any], origin: str) -> dict[str, Any]:
    """One comment on a campaign."""
    path = f"/campaigns/{each.id}/feedback"
    return item | {"campaign_id": each.id, "_links": links(origin, f"{path}/{item['feedback_id']}", path)}
