"""Templates, universal content, and rendering a template with a context (plain variables only)."""

from __future__ import annotations

import html
import re
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
from presend_sandbox.klaviyo.state import Block, Template

RATE = (75, 750)
RENDER_RATE = (3, 60)
_TIMES = ("equals", "greater-or-equal", "greater-than", "less-or-equal", "less-than")
_FILTERS = {
    "id": ("any", "equals"),
    "name": ("any", "contains", "equals"),
    "created": _TIMES,
    "updated": _TIMES,
}
_ORDER: dict[str, Callable[[Any], Any]] = {
    "created": lambda row: row.created,
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "updated": lambda row: row.updated,
}
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_PROFILE_BOUND = re.compile(r"\{%\s*(coupon_code|update_property_link|catalog)\b")
_LEFT = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
# Links the platform fills in itself; what they point at does not matter to a reader of the rendered text.
_LINKS = re.compile(r"\{%\s*(unsubscribe|manage_preferences|web_view)(_link)?\b[^%]*%\}")


def _find(call: Call, key: str | None = None) -> Template:
    own_id = key or call.path["id"]
    if (row := call.account.templates.get(own_id)) is None:
        raise not_found("template", own_id)
    return row


def _values(row: Template | Block) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "created": row.created, "updated": row.updated}


def list_templates(call: Call) -> Answer:
    rows = select(call, [(row, _values(row)) for row in call.account.templates.values()], _FILTERS)
    return page(call, ordered(call, rows, _ORDER), lambda row: shapes.template(call, row), 10, 10)


def get_template(call: Call) -> Answer:
    return one(call, shapes.template(call, _find(call)))


def list_blocks(call: Call) -> Answer:
    rows = select(call, [(row, _values(row)) for row in call.account.blocks.values()], _FILTERS)
    return page(call, ordered(call, rows, _ORDER), lambda row: shapes.block(call, row), 20, 100)


def get_block(call: Call) -> Answer:
    if (row := call.account.blocks.get(call.path["id"])) is None:
        raise not_found("template-universal-content", call.path["id"])
    return one(call, shapes.block(call, row))


def render(call: Call) -> Answer:
    """Replaces plain variables; anything more is refused, so that nobody takes this for the real engine."""
    data = call.data("template")
    row = _find(call, str(data.get("id")))
    context = (data.get("attributes") or {}).get("context")
    if not isinstance(context, dict):
        raise invalid("context is required.", "/data/attributes/context")
    shown: Resource = shapes.template(call, row)
    for part in ("html", "text"):
        if shown["attributes"][part] is not None:
            shown["attributes"][part] = _fill(shown["attributes"][part], context, part == "html")
    return one(call, shown, status=201)


def _fill(source: str, context: dict[str, Any], escaped: bool) -> str:
    if _PROFILE_BOUND.search(source):
        raise invalid("A customer profile is required to render this template.", "/data/id")

    def put(found: re.Match[str]) -> str:
        value: Any = context
        for name in found[1].split("."):
            value = value.get(name, "") if isinstance(value, dict) else ""
        return html.escape(str(value)) if escaped else str(value)

    plain = _LINKS.sub("https://links.example.com/own", source)
    if left := next((each for each in _LEFT.findall(plain) if not _VARIABLE.fullmatch(each)), None):
        raise invalid(f"The sandbox renders plain variables only, not {left[:40]}", "/data/id")
    return _VARIABLE.sub(put, plain)


OPERATIONS = [
    Operation("GET", "/api/templates", ("templates:read",), RATE, list_templates),
    Operation("GET", "/api/templates/{id}", ("templates:read",), RATE, get_template),
    Operation("GET", "/api/template-universal-content", ("templates:read",), RATE, list_blocks),
    Operation("GET", "/api/template-universal-content/{id}", ("templates:read",), RATE, get_block),
    Operation("POST", "/api/template-render", ("templates:read",), RENDER_RATE, render),
]
