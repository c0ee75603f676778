"""Turns a world's TOML for Klaviyo into an account in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from presend_sandbox.clock import Clock
from presend_sandbox.klaviyo import sending
from presend_sandbox.klaviyo.crowds import add_crowd, add_person
from presend_sandbox.klaviyo.state import (
    Account,
    Audience,
    Block,
    Campaign,
    Flow,
    FlowAction,
    FlowMessage,
    Group,
    Message,
    Metric,
    Tag,
    Template,
    Variation,
)

_FOUNDED = "-1100d"


def load(spec: Mapping[str, Any], clock: Clock, switches: Mapping[str, str]) -> Account:
    """The account that `spec` describes. Raises KeyError for a missing key, ValueError for a bad time."""
    account = Account(info=dict(spec["account"]), clock=clock, switches=switches)
    for row in spec.get("metrics", []):
        integration = {
            "object": "integration",
            "id": f"i{row['id']}",
            "name": row["integration"],
            "category": row["category"],
        }
        account.metrics[row["id"]] = Metric(row["id"], row["name"], integration, clock.resolve(_FOUNDED))
    for row in spec.get("tags", []):
        account.tags[row["id"]] = Tag(row["id"], row["name"])
    for row in spec.get("flows", []):
        _add_flow(account, row)
    for kind in ("list", "segment"):
        for row in spec.get(f"{kind}s", []):
            _add_group(account, kind, row)
    for row in spec.get("crowd", []):
        add_crowd(account, row)
    for row in spec.get("people", []):
        add_person(account, row)
    for row in spec.get("templates", []):
        _add_template(account, row["id"], row["name"], row, clock.resolve(row.get("updated", "-90d")))
    for row in spec.get("blocks", []):
        when = clock.resolve(row.get("updated", "-90d"))
        account.blocks[row["id"]] = Block(row["id"], row["name"], dict(row["definition"]), when, when)
    for row in spec.get("campaigns", []):
        for number in range(1, row.get("copies", 1) + 1):
            _add_campaign(account, _copy(row, number) if "copies" in row else row)
    return account


def _copy(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """One of many alike campaigns: `{n}` in its id and name is its number."""
    return {
        **row,
        "id": row["id"].replace("{n}", f"{number:04d}"),
        "name": row["name"].replace("{n}", str(number)),
    }


def _add_group(account: Account, kind: str, row: Mapping[str, Any]) -> None:
    resolve = account.clock.resolve
    account.groups[row["id"]] = Group(
        id=row["id"],
        kind=kind,
        name=row["name"],
        created=resolve(row.get("created", "-900d")),
        updated=resolve(row.get("updated", "-3h")),
        opt_in_process=row.get("opt_in_process", "double_opt_in"),
        definition={"condition_groups": row.get("condition_groups", [])} if kind == "segment" else None,
        unsettled=row.get("unsettled", False),
        starred=row.get("starred", False),
        flows=list(row.get("flows", [])),
    )


def _add_template(account: Account, own_id: str, name: str, row: Mapping[str, Any], when: datetime) -> str:
    account.templates[own_id] = Template(
        own_id, name, row.get("editor_type", "CODE"), row["html"], row.get("text"), when, when
    )
    return own_id


def _add_flow(account: Account, row: Mapping[str, Any]) -> None:
    created, updated = (
        account.clock.resolve(row.get("created", _FOUNDED)),
        account.clock.resolve(row["updated"]),
    )
    flow = Flow(row["id"], row["name"], row["status"], row["trigger_type"], created, updated)
    account.flows[flow.id] = flow
    for number, part in enumerate(row["messages"], start=1):
        action = FlowAction(f"{row['id']}A{number}", row["id"], [f"{row['id']}M{number}"])
        template = _add_template(account, f"{row['id']}T{number}", part["subject"], part, updated)
        definition = {
            "from_email": part.get("from_email", account.info["sender_email"]),
            "from_label": part.get("from_label", account.info["sender_name"]),
            "reply_to_email": part.get("reply_to"),
            "cc_email": None,
            "bcc_email": None,
            "subject_line": part["subject"],
            "preview_text": part.get("preview_text", ""),
            "template_id": template,
            "smart_sending_enabled": True,
            "transactional": False,
            "add_tracking_params": True,
            "name": part["subject"],
        }
        account.flow_actions[action.id] = action
        account.flow_messages[action.messages[0]] = FlowMessage(action.messages[0], action.id, template, definition)
        flow.actions.append(action.id)


def _add_campaign(account: Account, row: Mapping[str, Any]) -> None:
    resolve = account.clock.resolve
    created = resolve(row.get("created", "-12d"))
    touched = resolve(row.get("scheduled_at", row.get("updated", "-4d")))
    messages = row.get("messages", [row])
    definition = {
        "name": row["name"],
        "builder": "canvas" if len(messages) > 1 else "wizard",
        "archived": row.get("archived", False),
        "color": None,
        "description": row.get("description"),
        "send_settings": {
            "send_timezone": account.info["timezone"],
            "send_strategy": None,
            "send_passed_rltz_immediately": False,
            "exit_condition_enabled": False,
            "exit_condition_conversion_metric_id": None,
        },
    }
    campaign = Campaign(row["id"], definition, created, touched, tags=list(row.get("tags", [])))
    account.campaigns[campaign.id] = campaign
    for number, part in enumerate(messages, start=1):
        _add_message(account, campaign, number, {**row, **part})


def _add_message(account: Account, campaign: Campaign, number: int, row: Mapping[str, Any]) -> None:
    resolve = account.clock.resolve
    scheduled = resolve(row.get("scheduled_at", row.get("updated", "-4d")))
    audience = Audience(
        f"{campaign.id}A{number}",
        campaign.id,
        f"Audience {number}",
        list(row["included"]),
        list(row.get("excluded", [])),
        campaign.created,
        scheduled,
    )
    own_id = f"{campaign.id}M{number}"
    name = row["name"] if number == 1 else f"{row['name']} ({number})"
    message = Message(own_id, campaign.id, audience.id, name, row["status"], campaign.created, scheduled)
    account.audiences[audience.id], account.messages[own_id] = audience, message
    campaign.audiences.append(audience.id)
    campaign.messages.append(own_id)
    for letter, part in zip("ABCDEFGH", row["variants"], strict=False):
        _add_variation(account, message, letter, part)
    _put_on_calendar(account, message, row, scheduled)


def _put_on_calendar(account: Account, message: Message, row: Mapping[str, Any], scheduled: datetime) -> None:
    message.stuck, message.ignoring = row.get("stuck", False), row.get("ignoring_unsubscribes", False)
    message.percentage, message.throttle_unit = row.get("throttle_percentage"), row.get("throttle_unit")
    message.strategy = row.get("strategy", "static")
    if "send_at" in row:
        moment = account.clock.resolve(row["send_at"])
        if message.strategy == "smart_send_time":
            message.send_date = moment.date().isoformat()
        else:
            message.send_time = moment
    if message.strategy == "smart_send_time":
        message.strategy = "send_time_optimization"
    if message.status == "scheduled":
        message.snapshot = sending.members(account, message, scheduled)
    elif message.status in ("sent", "sending"):
        message.sent_to = sending.recipients(account, message)


def _add_variation(account: Account, message: Message, letter: str, row: Mapping[str, Any]) -> None:
    details = _sms(row) if row.get("channel") == "sms" else _email(account, message, letter, row)
    own_id = f"{message.id}V{letter}"
    account.variations[own_id] = Variation(
        own_id, message.id, f"Variation {letter}", details, message.created, message.updated
    )
    message.variations.append(own_id)


def _email(account: Account, message: Message, letter: str, row: Mapping[str, Any]) -> dict[str, Any]:
    template = _add_template(account, f"{message.id}T{letter}", f"{message.name} {letter}", row, message.updated)
    return {
        "channel": "email",
        "template_id": template,
        "from_label": row.get("from_label", account.info["sender_name"]),
        "from_email": row.get("from_email", account.info["sender_email"]),
        "reply_to_email": row.get("reply_to", account.info["sender_email"]),
        "cc_email": "",
        "bcc_email": "",
        "subject": row["subject"],
        "preview_text": row.get("preview_text", ""),
    }


def _sms(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "channel": "sms",
        "template_id": None,
        "body": row["body"],
        "shorten_links": True,
        "include_contact_card": False,
        "add_org_prefix": True,
        "add_opt_out_language": True,
        "text_message_type": "SMS",
    }
