"""Property definitions: read, create, archive."""

from __future__ import annotations

import re

from presend_sandbox.hubspot.api import Answer, Call
from presend_sandbox.hubspot.errors import Refusal, invalid, not_found
from presend_sandbox.hubspot.schema import definition
from presend_sandbox.hubspot.state import JSON, Account

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,99}$")
_TYPES = ("string", "number", "date", "datetime", "enumeration", "bool", "phone_number")


def _defined(account: Account, call: Call) -> dict[str, JSON]:
    kind = call.path["kind"]
    if kind not in account.properties:
        raise Refusal(404, "OBJECT_NOT_FOUND", f"Unable to infer object type from: {kind}")
    return account.properties[kind]


def list_properties(account: Account, call: Call) -> Answer:
    """Every definition of an object type, without pages; no default and no required flag is among their fields."""
    archived = bool(call.flag("archived"))
    return Answer({"results": [row for row in _defined(account, call).values() if row["archived"] == archived]})


def get_property(account: Account, call: Call) -> Answer:
    """One definition."""
    defined, name = _defined(account, call), call.path["name"]
    if name not in defined:
        raise not_found("property", name)
    return Answer(defined[name])


def create_property(account: Account, call: Call) -> Answer:
    """A new custom property."""
    defined, body = _defined(account, call), call.object()
    for needed in ("name", "label", "type", "fieldType", "groupName"):
        if not body.get(needed):
            raise invalid(f"{needed} is missing.", code="REQUIRED_FIELD", context={"property": [needed]})
    name = str(body["name"])
    if not _NAME.match(name) or body["type"] not in _TYPES:
        raise invalid(f"{name} of type {body['type']} is not a possible property.", code="INVALID_PROPERTY")
    if name in defined:
        raise Refusal(409, "OBJECT_ALREADY_EXISTS", f"A property named {name} exists already.")
    options = [str(option["value"]) for option in body.get("options", ())]
    defined[name] = definition(
        name, body["label"], body["type"], body["fieldType"], body["groupName"],
        custom=True, options=options, made=account.clock.now(),
    )  # fmt: skip
    defined[name]["description"] = body.get("description", "")
    return Answer(defined[name], 201)


def archive_property(account: Account, call: Call) -> Answer:
    """Remove a custom property; HubSpot's own stay."""
    defined, name = _defined(account, call), call.path["name"]
    if name not in defined:
        raise not_found("property", name)
    if not defined[name]["modificationMetadata"]["archivable"]:
        raise invalid(f"{name} is HubSpot's own and cannot be archived.", code="READ_ONLY_DEFINITION")
    del defined[name]
    return Answer(status=204)
