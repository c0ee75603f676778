"""The property definitions an account starts with, and how a definition reads as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from presend_sandbox.hubspot.state import JSON, stamp

_DEFINED = datetime(2020, 3, 2, 9, 30, tzinfo=UTC)

# name, label, type, fieldType, group, and "r" where the value cannot be written through the API
_CONTACT = (
    ("email", "Email", "string", "text", "contactinformation", ""),
    ("firstname", "First Name", "string", "text", "contactinformation", ""),
    ("lastname", "Last Name", "string", "text", "contactinformation", ""),
    ("salutation", "Salutation", "string", "text", "contactinformation", ""),
    ("company", "Company Name", "string", "text", "contactinformation", ""),
    ("jobtitle", "Job Title", "string", "text", "contactinformation", ""),
    ("phone", "Phone Number", "string", "phonenumber", "contactinformation", ""),
    ("city", "City", "string", "text", "contactinformation", ""),
    ("state", "State/Region", "string", "text", "contactinformation", ""),
    ("country", "Country/Region", "string", "text", "contactinformation", ""),
    ("zip", "Postal Code", "string", "text", "contactinformation", ""),
    ("hs_timezone", "Time Zone", "enumeration", "select", "contactinformation", ""),
    ("hs_language", "Preferred language", "enumeration", "select", "contactinformation", ""),
    ("date_of_birth", "Date of birth", "string", "text", "contactinformation", ""),
    ("gender", "Gender", "string", "text", "contactinformation", ""),
    ("lifecyclestage", "Lifecycle Stage", "enumeration", "radio", "contactinformation", ""),
    ("createdate", "Create Date", "datetime", "date", "contactinformation", "r"),
    ("lastmodifieddate", "Last Modified Date", "datetime", "date", "contactinformation", "r"),
    ("hs_object_id", "Record ID", "number", "number", "contactinformation", "r"),
    ("hs_marketable_status", "Marketing contact status", "enumeration", "select", "contactinformation", "r"),
    ("hs_legal_basis", "Legal basis for processing contact's data", "enumeration", "select", "contactinformation", ""),
    ("hs_email_optout", "Unsubscribed from all email", "bool", "booleancheckbox", "emailinformation", "r"),
    ("hs_email_bounce", "Marketing emails bounced", "number", "number", "emailinformation", "r"),
    ("hs_email_hard_bounce_reason_enum", "Email hard bounce reason", "enumeration", "select", "emailinformation", "r"),
    ("hs_email_quarantined", "Email address quarantined", "bool", "booleancheckbox", "emailinformation", "r"),
    ("hs_email_last_send_date", "Last marketing email send date", "datetime", "date", "emailinformation", "r"),
    ("hs_email_last_open_date", "Last marketing email open date", "datetime", "date", "emailinformation", "r"),
    ("hs_email_last_click_date", "Last marketing email click date", "datetime", "date", "emailinformation", "r"),
    (
        "hs_email_sends_since_last_engagement",
        "Sends since last engagement",
        "number",
        "number",
        "emailinformation",
        "r",
    ),
    ("hs_analytics_last_timestamp", "Time last seen", "datetime", "date", "analyticsinformation", "r"),
    ("num_associated_deals", "Number of associated deals", "number", "number", "dealinformation", "r"),
    ("recent_deal_close_date", "Recent deal close date", "datetime", "date", "dealinformation", "r"),
)
_DEAL = (
    ("dealname", "Deal Name", "string", "text", "dealinformation", ""),
    ("amount", "Amount", "number", "number", "dealinformation", ""),
    ("closedate", "Close Date", "datetime", "date", "dealinformation", ""),
    ("hs_is_closed_won", "Is Closed Won", "bool", "booleancheckbox", "dealinformation", "r"),
    ("dealstage", "Deal Stage", "enumeration", "radio", "dealinformation", ""),
    ("pipeline", "Pipeline", "enumeration", "select", "dealinformation", ""),
    ("createdate", "Create Date", "datetime", "date", "dealinformation", "r"),
    ("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", "dealinformation", "r"),
)
_ORDER = (
    ("hs_order_name", "Order Name", "string", "text", "order_information", ""),
    ("hs_total_price", "Total price", "number", "number", "order_information", ""),
    ("hs_external_created_date", "Placed on", "datetime", "date", "order_information", ""),
    ("hs_createdate", "Create Date", "datetime", "date", "order_information", "r"),
    ("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", "order_information", "r"),
)
_LINE_ITEM = (
    ("name", "Name", "string", "text", "lineiteminformation", ""),
    ("quantity", "Quantity", "number", "number", "lineiteminformation", ""),
    ("price", "Unit price", "number", "number", "lineiteminformation", ""),
    ("createdate", "Create Date", "datetime", "date", "lineiteminformation", "r"),
    ("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", "lineiteminformation", "r"),
)
_TICKET = (
    ("subject", "Ticket name", "string", "text", "ticketinformation", ""),
    ("content", "Ticket description", "string", "textarea", "ticketinformation", ""),
    ("hs_pipeline", "Pipeline", "enumeration", "select", "ticketinformation", ""),
    ("hs_pipeline_stage", "Ticket status", "enumeration", "select", "ticketinformation", ""),
    ("hs_ticket_priority", "Priority", "enumeration", "select", "ticketinformation", ""),
    ("createdate", "Create date", "datetime", "date", "ticketinformation", "r"),
    ("hs_lastmodifieddate", "Last modified date", "datetime", "date", "ticketinformation", "r"),
)
_OPTIONS = {
    "lifecyclestage": (
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    ),
    "hs_marketable_status": ("true", "false"),
    "hs_legal_basis": (
        "Legitimate interest – prospect/lead",
        "Legitimate interest – existing customer",
        "Legitimate interest - other",
        "Performance of a contract",
        "Freely given consent from contact",
        "Not applicable",
    ),
    "hs_email_hard_bounce_reason_enum": ("UNKNOWN_USER", "MAILBOX_FULL", "SPAM", "OTHER"),
    "hs_language": ("en", "de", "fr", "es", "it", "nl", "sv"),
}


def definition(
    name: str,
    label: str,
    kind: str = "string",
    field_type: str = "text",
    group: str = "contactinformation",
    *,
    read_only: bool = False,
    custom: bool = False,
    options: Sequence[str] = (),
    made: datetime = _DEFINED,
) -> JSON:
    """One property definition as HubSpot lists it. There is no default value and no required flag in it."""
    return {
        "name": name,
        "label": label,
        "type": kind,
        "fieldType": field_type,
        "groupName": group,
        "description": "",
        "options": [
            {"label": option, "value": option, "description": "", "displayOrder": index, "hidden": False}
            for index, option in enumerate(options)
        ],
        "displayOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "hasUniqueValue": name == "email",
        "hidden": False,
        "hubspotDefined": not custom,
        "formField": custom or not read_only,
        "archived": False,
        "dataSensitivity": "non_sensitive",
        "modificationMetadata": {
            "archivable": custom,
            "readOnlyDefinition": not custom,
            "readOnlyValue": read_only,
            "readOnlyOptions": False,
        },
        "createdAt": stamp(made),
        "updatedAt": stamp(made),
    }


def starting_properties(
    custom: Sequence[Mapping[str, Any]], subscriptions: Sequence[str]
) -> dict[str, dict[str, JSON]]:
    """All definitions by object type and name: HubSpot's own, an opt-out per subscription, the custom ones."""
    tables = {"contacts": _CONTACT, "deals": _DEAL, "orders": _ORDER, "tickets": _TICKET, "line_items": _LINE_ITEM}
    found = {
        kind: {
            row[0]: definition(row[0], *row[1:5], read_only=row[5] == "r", options=_OPTIONS.get(row[0], ()))
            for row in table
        }
        for kind, table in tables.items()
    }
    for subscription in subscriptions:
        name = f"hs_email_optout_{subscription}"
        label = f"Opted out of email: {subscription}"
        found["contacts"][name] = definition(
            name, label, "enumeration", "booleancheckbox", "emailinformation", read_only=True, options=("true", "false")
        )
    for row in custom:
        kind, field_type = str(row.get("type", "string")), str(row.get("field_type", "text"))
        found[str(row.get("object", "contacts"))][row["name"]] = definition(
            row["name"], row["label"], kind, field_type, custom=True, options=row.get("options", ())
        )
    return found
