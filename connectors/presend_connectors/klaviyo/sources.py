"""Where Klaviyo keeps what presend calls facts, in words for `presend doctor --facts`."""

from __future__ import annotations

from collections.abc import Mapping

_ORDERS = "events of the account's order metrics (Placed Order and its like)"

_EVENTS = "the newest 50,000 events of"
_ASKED = ", where a check asks for it"

SOURCES: Mapping[str, str] = {
    "created_at": "the profile's created",
    "updated_at": "the profile's updated, unless presend's own mark may have been that change",
    "confirmed_at": "consent_timestamp, where consent was given by double opt-in",
    "last_activity_at": "the profile's last_event_date, and the newest of the three below",
    "last_open_at": f"{_EVENTS} Opened Email{_ASKED}",
    "last_click_at": f"{_EVENTS} Clicked Email{_ASKED}",
    "last_visit_at": f"{_EVENTS} Active on Site and Viewed Product{_ASKED}",
    "orders": _ORDERS,
    "last_order_at": _ORDERS,
    "last_product": _ORDERS,
    "products": _ORDERS,
    "consent": "subscriptions.email.marketing.consent",
    "consent_at": "subscriptions.email.marketing.consent_timestamp",
    "consent_source": "subscriptions.email.marketing.method, with its detail",
    "suppressed": "subscriptions.email.marketing, its suppressions",
    "country": "location.country",
    "region": "location.region",
    "postcode": "location.zip",
    "timezone": "location.timezone",
    "locale": "the profile's locale",
    "birthday": "a custom property called birthday, birthdate, date of birth or dob",
    "title": "a custom property called salutation, courtesy title or name prefix",
    "pronouns": "a custom property called pronouns, pronoun or preferred pronouns",
    "gender": "a custom property called gender or sex",
    "preferred_name": "a custom property called preferred name, nickname or goes by",
    "new_last_name": "a custom property called new last name",
    "household": "a custom property called household or household id",
    "email": "the profile's email",
    "<field>_as_of": "a custom property named like the field, with _as_of behind it",
}
"""By fact; a fact that is not here is nowhere unless the user maps a property to it."""
