"""The account itself, what people did (metrics, events), and the automations that react to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presend_sandbox.klaviyo import shapes
from presend_sandbox.klaviyo.api import (
    Answer,
    Call,
    Operation,
    Resource,
    invalid,
    not_found,
    one,
    ordered,
    page,
    select,
)
from presend_sandbox.klaviyo.state import Event, Flow, FlowAction, FlowMessage

ACCOUNT_RATE = (1, 15)
EVENT_RATE = (350, 3500)
METRIC_RATE = (10, 150)
FLOW_RATE = (3, 60)
_FOUR = ("greater-or-equal", "greater-than", "less-or-equal", "less-than")
_TIMES = ("equals", *_FOUR)
_EVENT_FILTERS = {
    "metric_id": ("equals",),
    "profile_id": ("equals",),
    "profile": ("has",),
    "metric": ("has",),
    "datetime": _FOUR,
    "timestamp": _FOUR,
}
_METRIC_FILTERS = {"integration.name": ("equals",), "integration.category": ("equals",)}
_FLOW_FILTERS = {
    "id": ("any",),
    "name": ("contains", "ends-with", "equals", "starts-with"),
    "status": ("equals",),
    "archived": ("equals",),
    "created": _TIMES,
    "updated": _TIMES,
    "trigger_type": ("equals",),
}
_STATUSES = ("draft", "manual", "live")
_FLOW_ORDER: dict[str, Callable[[Flow], Any]] = {
    "created": lambda row: row.created,
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "status": lambda row: row.status,
    "trigger_type": lambda row: row.trigger_type,
    "updated": lambda row: row.updated,
}


def list_accounts(call: Call) -> Answer:
    return page(call, [None], lambda _: shapes.account(call), 100, 100)


def get_account(call: Call) -> Answer:
    if call.path["id"] != call.account.info["id"]:
        raise not_found("account", call.path["id"])
    return one(call, shapes.account(call))


def _of_events(call: Call, wanted: list[str]) -> Callable[[list[Event]], list[Resource]] | None:
    def included(rows: list[Event]) -> list[Resource]:
        found: list[Resource] = []
        if "metric" in wanted:
            metrics = dict.fromkeys(row.metric for row in rows)
            found += [shapes.metric(call, call.account.metrics[each]) for each in metrics]
        if "profile" in wanted:
            people = dict.fromkeys(row.profile for row in rows)
            found += [shapes.profile(call, call.account.profiles[each]) for each in people]
        return found

    return included if wanted else None


def list_events(call: Call) -> Answer:
    def values(row: Event) -> dict[str, Any]:
        return {
            "metric_id": row.metric,
            "profile_id": row.profile,
            "profile": row.profile,
            "metric": row.metric,
            "datetime": row.at,
            "timestamp": int(row.at.timestamp()),
        }

    rows = select(call, ((row, values(row)) for row in call.account.events), _EVENT_FILTERS)
    included = _of_events(call, call.include("attributions", "metric", "profile"))
    rows = sorted(rows, key=lambda row: (row.at, row.id), reverse=True)
    rows = ordered(call, rows, dict.fromkeys(("datetime", "timestamp"), lambda row: (row.at, row.id)))
    return page(call, rows, lambda row: shapes.event(call, row), 200, 1000, included)


def list_metrics(call: Call) -> Answer:
    call.include("flow-triggers")
    values = [
        (row, {f"integration.{name}": row.integration.get(name) for name in ("name", "category")})
        for row in call.account.metrics.values()
    ]
    return page(call, select(call, values, _METRIC_FILTERS), lambda row: shapes.metric(call, row), 200, 200)


def get_metric(call: Call) -> Answer:
    if (row := call.account.metrics.get(call.path["id"])) is None:
        raise not_found("metric", call.path["id"])
    return one(call, shapes.metric(call, row))


def _flow(call: Call) -> Flow:
    if (row := call.account.flows.get(call.path["id"])) is None:
        raise not_found("flow", call.path["id"])
    return row


def _flow_action(call: Call) -> FlowAction:
    if (row := call.account.flow_actions.get(call.path["id"])) is None:
        raise not_found("flow-action", call.path["id"])
    return row


def _flow_message(call: Call) -> FlowMessage:
    if (row := call.account.flow_messages.get(call.path["id"])) is None:
        raise not_found("flow-message", call.path["id"])
    return row


def _of_flows(call: Call, rows: list[Flow], wanted: list[str]) -> list[Resource]:
    actions = [each for row in rows for each in row.actions] if "flow-actions" in wanted else []
    return [shapes.flow_action(call, call.account.flow_actions[each]) for each in actions]


def list_flows(call: Call) -> Answer:
    def values(row: Flow) -> dict[str, Any]:
        own = {"status": row.status, "archived": False, "trigger_type": row.trigger_type}
        return {"id": row.id, "name": row.name, "created": row.created, "updated": row.updated, **own}

    rows = select(call, ((row, values(row)) for row in call.account.flows.values()), _FLOW_FILTERS)
    wanted = call.include("flow-actions", "tags")
    included = (lambda shown: _of_flows(call, shown, wanted)) if wanted else None
    return page(call, ordered(call, rows, _FLOW_ORDER), lambda row: shapes.flow(call, row), 50, 50, included)


def get_flow(call: Call) -> Answer:
    row = _flow(call)
    wanted = call.include("flow-actions", "tags")
    return one(call, shapes.flow(call, row), _of_flows(call, [row], wanted) if wanted else None)


def patch_flow(call: Call) -> Answer:
    row = _flow(call)
    status = (call.data("flow").get("attributes") or {}).get("status")
    if status not in _STATUSES:
        raise invalid(f"status must be one of {', '.join(_STATUSES)}.", "/data/attributes/status")
    row.status, row.updated = status, call.account.now()
    return one(call, shapes.flow(call, row))


def actions_of_flow(call: Call) -> Answer:
    rows = [call.account.flow_actions[each] for each in _flow(call).actions]
    return page(call, rows, lambda row: shapes.flow_action(call, row), 50, 50)


def messages_of_action(call: Call) -> Answer:
    rows = [call.account.flow_messages[each] for each in _flow_action(call).messages]
    return page(call, rows, lambda row: shapes.flow_message(call, row), 50, 50)


def get_flow_message(call: Call) -> Answer:
    row = _flow_message(call)
    wanted = call.include("flow-action", "template")
    included: list[Resource] = []
    if "flow-action" in wanted:
        included.append(shapes.flow_action(call, call.account.flow_actions[row.action]))
    if "template" in wanted:
        included.append(shapes.template(call, call.account.templates[row.template]))
    return one(call, shapes.flow_message(call, row), included if wanted else None)


def template_of_flow_message(call: Call) -> Answer:
    return one(call, shapes.template(call, call.account.templates[_flow_message(call).template]))


_FLOWS = ("flows:read",)
OPERATIONS = [
    Operation("GET", "/api/accounts", ("accounts:read",), ACCOUNT_RATE, list_accounts),
    Operation("GET", "/api/accounts/{id}", ("accounts:read",), ACCOUNT_RATE, get_account),
    Operation("GET", "/api/events", ("events:read",), EVENT_RATE, list_events),
    Operation("GET", "/api/metrics", ("metrics:read",), METRIC_RATE, list_metrics),
    Operation("GET", "/api/metrics/{id}", ("metrics:read",), METRIC_RATE, get_metric),
    Operation("GET", "/api/flows", _FLOWS, FLOW_RATE, list_flows),
    Operation("GET", "/api/flows/{id}", _FLOWS, FLOW_RATE, get_flow),
    Operation("PATCH", "/api/flows/{id}", ("flows:write",), FLOW_RATE, patch_flow),
    Operation("GET", "/api/flows/{id}/flow-actions", _FLOWS, FLOW_RATE, actions_of_flow),
    Operation("GET", "/api/flow-actions/{id}/flow-messages", _FLOWS, FLOW_RATE, messages_of_action),
    Operation("GET", "/api/flow-messages/{id}", _FLOWS, FLOW_RATE, get_flow_message),
    Operation("GET", "/api/flow-messages/{id}/template", ("templates:read",), FLOW_RATE, template_of_flow_message),
]
