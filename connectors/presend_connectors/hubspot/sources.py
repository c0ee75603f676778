"""Where HubSpot keeps what presend calls facts, in words for `presend doctor --facts`."""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "created_at": "createdate",
    "updated_at": "lastmodifieddate",
    "last_activity_at": "the latest of opens, clicks, replies, visits and forms (hs_email_last_open_date and others)",
    "orders": "num_associated_deals, where a deal was closed",
    "last_order_at": "recent_deal_close_date",
    "consent": "hs_email_optout and that of the subscription; HubSpot tells refusals only",
    "suppressed": "opt-outs, bounces, quarantine and the marketable status",
    "country": "hs_country_region_code, else country",
    "region": "hs_state_code, else state",
    "postcode": "zip",
    "timezone": "hs_timezone",
    "birthday": "date_of_birth",
    "title": "salutation",
    "gender": "gender",
    "preferred_name": "a property called preferred_name",
    "new_last_name": "a property called new_last_name",
    "email": "email",
    "<field>_as_of": "a property named like the field with _as_of behind it, else the field's own history",
}
"""By fact; a fact that is not here is nowhere unless the user maps a property to it."""
