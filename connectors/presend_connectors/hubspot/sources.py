"""Where HubSpot keeps what presend calls facts, in words for `presend doctor --facts`."""

from __future__ import annotations

from collections.abc import Mapping

_BOUGHT = "the line items of deals won in the last 90 days, where a check asks for it"

SOURCES: Mapping[str, str] = {
    "created_at": "createdate",
    "updated_at": "lastmodifieddate",
    "last_activity_at": "the latest of opens, clicks, replies, visits and forms (hs_email_last_open_date and others)",
    "last_open_at": "hs_email_last_open_date",
    "last_click_at": "hs_email_last_click_date",
    "last_visit_at": "hs_analytics_last_timestamp",
    "orders": "num_associated_deals, where a deal was closed",
    "last_order_at": "recent_deal_close_date",
    "last_product": _BOUGHT,
    "products": _BOUGHT,
    "consent": "hs_email_optout and that of the subscription; HubSpot tells refusals only",
    "consent_source": "hs_legal_basis",
    "suppressed": "opt-outs, bounces, quarantine and the marketable status",
    "country": "hs_country_region_code, else country",
    "region": "hs_state_code, else state",
    "postcode": "zip",
    "timezone": "hs_timezone",
    "locale": "hs_language",
    "birthday": "date_of_birth",
    "title": "salutation",
    "pronouns": "a property called pronouns",
    "gender": "gender",
    "preferred_name": "a property called preferred_name",
    "new_last_name": "a property called new_last_name",
    "household": "a property called household",
    "support": "open or none: tickets by the state of their stage and their contacts, where a check asks for it",
    "email": "email",
    "<field>_as_of": "a property named like the field with _as_of behind it, else the field's own history",
}
"""By fact; a fact that is not here is nowhere unless the user maps a property to it."""
