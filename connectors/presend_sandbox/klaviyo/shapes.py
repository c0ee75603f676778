"""What each thing of the account looks like as a JSON:API resource."""

from __future__ import annotations

from typing import Any

from presend_sandbox.klaviyo.api import Call, Resource, link, refer, time_text
from presend_sandbox.klaviyo.state import (
    Audience,
    Block,
    Campaign,
    Event,
    Flow,
    FlowAction,
    FlowMessage,
    Group,
    Job,
    Message,
    Metric,
    Profile,
    Tag,
    Template,
    Variation,
)
from presend_sandbox.klaviyo.switches import SEGMENTS


def _resource(
    call: Call,
    kind: str,
    path: str,
    own_id: str,
    attributes: dict[str, Any],
    relationships: dict[str, Any] | None = None,
) -> Resource:
    shown: Resource = {"type": kind, "id": own_id, "attributes": attributes}
    if relationships is not None:
        shown["relationships"] = relationships
    shown["links"] = {"self": call.url(f"{path}/{own_id}")}
    return shown


def account(call: Call) -> Resource:
    info = call.account.info
    attributes = {
        "test_account": False,
        "contact_information": {
            "default_sender_name": info["sender_name"],
            "default_sender_email": info["sender_email"],
            "website_url": info.get("website"),
            "organization_name": info["organization"],
            "street_address": info.get("address", {}),
        },
        "industry": info.get("industry"),
        "timezone": info["timezone"],
        "preferred_currency": info["currency"],
        "public_api_key": info["id"],
        "locale": info["locale"],
    }
    return _resource(call, "account", "accounts", info["id"], attributes)


def campaign(call: Call, row: Campaign) -> Resource:
    attributes = {
        "definition": row.definition,
        "created_at": time_text(row.created),
        "updated_at": time_text(row.updated),
    }
    relations = {
        "campaign-messages": {
            "data": refer("campaign-message", row.messages),
            "links": link(call, "campaigns", row.id, "campaign-messages"),
        },
        "campaign-audiences": {
            "data": refer("campaign-audience", row.audiences),
            "links": link(call, "campaigns", row.id, "campaign-audiences"),
        },
        "tags": {"links": link(call, "campaigns", row.id, "tags")},
    }
    return _resource(call, "campaign", "campaigns", row.id, attributes, relations)


def message(call: Call, row: Message) -> Resource:
    options: dict[str, Any] = {
        "send_time": time_text(row.send_time),
        "send_times": None,
        "send_strategy": row.strategy,
        "recipient_percentage": row.percentage,
        "throttling_type": "throttle-for-campaigns" if row.percentage else "none",
        "throttle_unit": row.throttle_unit,
        "is_ignoring_unsubscribes": row.ignoring,
    }
    if row.send_date is not None:
        options["send_times"] = dict.fromkeys(row.variations, f"{row.send_date}T00:00:00+00:00")
    attributes = {
        "definition": {
            "name": row.name,
            "status": row.status,
            "tracking_options": {"is_add_utm": True, "is_tracking_clicks": True, "is_tracking_opens": True},
            "send_options": options,
        },
        "created": time_text(row.created),
        "updated": time_text(row.updated),
    }
    relations = {
        "campaign": {
            "data": {"type": "campaign", "id": row.campaign},
            "links": link(call, "campaign-messages", row.id, "campaign"),
        },
        "campaign-audience": {
            "data": {"type": "campaign-audience", "id": row.audience},
            "links": link(call, "campaign-messages", row.id, "campaign-audience"),
        },
        "campaign-variations": {
            "data": refer("campaign-variation", row.variations),
            "links": link(call, "campaign-messages", row.id, "campaign-variations"),
        },
    }
    return _resource(call, "campaign-message", "campaign-messages", row.id, attributes, relations)


def audience(call: Call, row: Audience) -> Resource:
    definition = {"name": row.name, "included": row.included, "excluded": row.excluded, "priority": None}
    attributes = {
        "definition": definition,
        "created": time_text(row.created),
        "updated": time_text(row.updated),
    }
    using = [each.id for each in call.account.messages.values() if each.audience == row.id]
    relations = {
        "campaign": {
            "data": {"type": "campaign", "id": row.campaign},
            "links": link(call, "campaign-audiences", row.id, "campaign"),
        },
        "campaign-messages": {
            "data": refer("campaign-message", using),
            "links": link(call, "campaign-audiences", row.id, "campaign-messages"),
        },
    }
    return _resource(call, "campaign-audience", "campaign-audiences", row.id, attributes, relations)


def variation(call: Call, row: Variation) -> Resource:
    attributes = {
        "definition": {"name": row.name, "details": row.details},
        "created": time_text(row.created),
        "updated": time_text(row.updated),
    }
    relations = {
        "campaign-message": {
            "data": {"type": "campaign-message", "id": row.message},
            "links": link(call, "campaign-variations", row.id, "campaign-message"),
        }
    }
    return _resource(call, "campaign-variation", "campaign-variations", row.id, attributes, relations)


def group(call: Call, row: Group, counted: bool = False) -> Resource:
    """A list or a segment, with its flow triggers; `counted` adds profile_count."""
    attributes: dict[str, Any] = {
        "name": row.name,
        "created": time_text(row.created),
        "updated": time_text(row.updated),
    }
    if row.kind == "list":
        attributes["opt_in_process"] = row.opt_in_process
    else:
        attributes |= {
            "definition": row.definition,
            "is_active": True,
            "is_processing": computing(call, row),
            "is_starred": row.starred,
        }
    if counted:
        attributes["profile_count"] = len(row.members)
    path = f"{row.kind}s"
    relations = {
        "profiles": {"links": link(call, path, row.id, "profiles")},
        "tags": {"links": link(call, path, row.id, "tags")},
        "flow-triggers": {
            "data": refer("flow", row.flows),
            "links": link(call, path, row.id, "flow-triggers"),
        },
    }
    return _resource(call, row.kind, path, row.id, attributes, relations)


def computing(call: Call, row: Group) -> bool:
    """Whether a segment is still being computed."""
    told = call.account.choice(SEGMENTS)
    return row.kind == "segment" and (told == "processing" or (told == "as_world" and row.unsettled))


def profile(call: Call, row: Profile, joined: Any = None) -> Resource:
    """A person; subscriptions and predictions only when additional-fields asks for them."""
    attributes: dict[str, Any] = dict(row.attributes)
    attributes |= {
        "created": time_text(row.created),
        "updated": time_text(row.updated),
        "last_event_date": time_text(row.last_event),
    }
    if joined is not None:
        attributes["joined_group_at"] = time_text(joined)
    extra = call.names("additional-fields[profile]")
    if "subscriptions" in extra:
        attributes["subscriptions"] = _subscriptions(row)
    if "predictive_analytics" in extra:
        attributes["predictive_analytics"] = None
    relations = {name: {"links": link(call, "profiles", row.id, name)} for name in ("lists", "segments", "push-tokens")}
    return _resource(call, "profile", "profiles", row.id, attributes, relations)


def _subscriptions(row: Profile) -> dict[str, Any]:
    told = row.consent.status != "NEVER_SUBSCRIBED"
    marketing = {
        "can_receive_email_marketing": row.consent.can_receive,
        "consent": row.consent.status,
        "consent_timestamp": time_text(row.consent.at) if told else None,
        "last_updated": time_text(row.consent.at) if told else None,
        "method": row.consent.method if told else None,
        "method_detail": None,
        "custom_method_detail": None,
        "double_optin": row.consent.double_optin if told else None,
        "suppression": row.consent.suppression,
        "list_suppressions": row.consent.list_suppressions,
    }
    return {"email": {"marketing": marketing}, "sms": None, "mobile_push": None, "whatsapp": None}


def template(call: Call, row: Template) -> Resource:
    attributes = {
        "name": row.name,
        "editor_type": row.editor_type,
        "html": row.html,
        "text": row.text,
        "amp": None,
        "created": time_text(row.created),
        "updated": time_text(row.updated),
    }
    return _resource(call, "template", "templates", row.id, attributes)


def block(call: Call, row: Block) -> Resource:
    attributes = {
        "name": row.name,
        "definition": row.definition,
        "created": time_text(row.created),
        "updated": time_text(row.updated),
        "screenshot_status": "completed",
        "screenshot_url": f"https://images.example.com/{row.id}.png",
    }
    return _resource(call, "template-universal-content", "template-universal-content", row.id, attributes)


def tag(call: Call, row: Tag) -> Resource:
    relations: dict[str, Any] = {
        name: {"links": link(call, "tags", row.id, name)} for name in ("lists", "segments", "campaigns", "flows")
    }
    relations["tag-group"] = {
        "data": {"type": "tag-group", "id": tag_group_id(call)},
        "links": link(call, "tags", row.id, "tag-group"),
    }
    return _resource(call, "tag", "tags", row.id, {"name": row.name}, relations)


def tag_group_id(call: Call) -> str:
    return f"{call.account.info['id']}-default-tag-group"


def tag_group(call: Call) -> Resource:
    own_id = tag_group_id(call)
    relations = {"tags": {"links": link(call, "tag-groups", own_id, "tags")}}
    attributes = {"name": "Default", "exclusive": False, "default": True}
    return _resource(call, "tag-group", "tag-groups", own_id, attributes, relations)


def metric(call: Call, row: Metric) -> Resource:
    attributes = {
        "name": row.name,
        "created": time_text(row.created),
        "updated": time_text(row.created),
        "integration": row.integration,
    }
    relations = {"flow-triggers": {"data": [], "links": link(call, "metrics", row.id, "flow-triggers")}}
    return _resource(call, "metric", "metrics", row.id, attributes, relations)


def event(call: Call, row: Event) -> Resource:
    attributes = {
        "timestamp": int(row.at.timestamp()),
        "event_properties": row.properties,
        "datetime": time_text(row.at),
        "uuid": row.id,
    }
    relations = {
        "profile": {
            "data": {"type": "profile", "id": row.profile},
            "links": link(call, "events", row.id, "profile"),
        },
        "metric": {
            "data": {"type": "metric", "id": row.metric},
            "links": link(call, "events", row.id, "metric"),
        },
        "attributions": {"data": []},
    }
    return _resource(call, "event", "events", row.id, attributes, relations)


def flow(call: Call, row: Flow) -> Resource:
    attributes = {
        "name": row.name,
        "status": row.status,
        "archived": False,
        "created": time_text(row.created),
        "updated": time_text(row.updated),
        "trigger_type": row.trigger_type,
    }
    relations = {
        "flow-actions": {
            "data": refer("flow-action", row.actions),
            "links": link(call, "flows", row.id, "flow-actions"),
        },
        "tags": {"links": link(call, "flows", row.id, "tags")},
    }
    return _resource(call, "flow", "flows", row.id, attributes, relations)


def flow_action(call: Call, row: FlowAction) -> Resource:
    owner = call.account.flows[row.flow]
    first = call.account.flow_messages[row.messages[0]]
    definition = {
        "id": row.id,
        "type": "send-email",
        "links": {"next": None},
        "data": {"message": {"id": first.id, **first.definition}, "status": owner.status},
    }
    attributes = {
        "definition": definition,
        "created": time_text(owner.created),
        "updated": time_text(owner.updated),
    }
    relations = {
        "flow": {
            "data": {"type": "flow", "id": row.flow},
            "links": link(call, "flow-actions", row.id, "flow"),
        },
        "flow-messages": {
            "data": refer("flow-message", row.messages),
            "links": link(call, "flow-actions", row.id, "flow-messages"),
        },
    }
    return _resource(call, "flow-action", "flow-actions", row.id, attributes, relations)


def flow_message(call: Call, row: FlowMessage) -> Resource:
    owner = call.account.flows[call.account.flow_actions[row.action].flow]
    attributes = {
        "channel": "email",
        "definition": row.definition,
        "created": time_text(owner.created),
        "updated": time_text(owner.updated),
    }
    relations = {
        "flow-action": {
            "data": {"type": "flow-action", "id": row.action},
            "links": link(call, "flow-messages", row.id, "flow-action"),
        },
        "template": {
            "data": {"type": "template", "id": row.template},
            "links": link(call, "flow-messages", row.id, "template"),
        },
    }
    return _resource(call, "flow-message", "flow-messages", row.id, attributes, relations)


def job(call: Call, row: Job, complete: bool) -> Resource:
    done = time_text(row.created) if complete else None
    attributes = {
        "status": "complete" if complete else "queued" if not row.looks else "processing",
        "created_at": time_text(row.created),
        "total_count": row.total,
        "completed_count": row.total - row.failed if complete else 0,
        "failed_count": row.failed if complete else 0,
        "completed_at": done,
        "started_at": done,
        "expires_at": None,
    }
    path = "profile-bulk-import-jobs"
    relations = {
        "lists": {"data": refer("list", row.lists), "links": link(call, path, row.id, "lists")},
        "profiles": {"links": link(call, path, row.id, "profiles")},
        "import-errors": {"links": {"related": call.url(f"{path}/{row.id}/import-errors")}},
    }
    return _resource(call, "profile-bulk-import-job", path, row.id, attributes, relations)
