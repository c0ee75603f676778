"""Where Mailchimp keeps what presend calls facts, in words for `presend doctor --facts`."""

from __future__ import annotations

from collections.abc import Mapping

_ORDERS = "e-commerce orders of the stores connected to the list"
_ADDRESS = "the list's address field, else the customer's in the latest order, else Mailchimp's guess by IP address"

SOURCES: Mapping[str, str] = {
    "created_at": "timestamp_signup, else timestamp_opt",
    "updated_at": "last_changed, unless presend's own tag may have been that change",
    "confirmed_at": "timestamp_opt",
    "orders": f"{_ORDERS}, else the contact's stats.ecommerce_data where that counts any",
    "last_order_at": _ORDERS,
    "last_product": _ORDERS,
    "products": _ORDERS,
    "consent": "status",
    "consent_at": "timestamp_opt of people who are subscribed",
    "consent_source": "source, which a segment's members are shown without",
    "suppressed": "status",
    "country": _ADDRESS,
    "region": _ADDRESS,
    "postcode": "the list's address field, else the customer's in the latest order, else the list's zip field",
    "timezone": "location, guessed by Mailchimp",
    "locale": "language",
    "birthday": "a date field called birthday, birthdate, date of birth or dob, else the list's birthday field",
    "title": "a merge field called salutation, courtesy title or name prefix",
    "pronouns": "a merge field called pronouns, pronoun or preferred pronouns",
    "gender": "a merge field called gender or sex",
    "preferred_name": "a merge field called preferred name or goes by",
    "new_last_name": "a merge field called new last name",
    "household": "a merge field called household or household id",
    "email": "email_address",
    "<field>_as_of": "a merge field named like the field, with _as_of behind it",
}
"""By fact; a fact that is not here is nowhere unless the user maps a merge field to it."""
