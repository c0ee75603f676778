"""Further fields that an account may have: phones, dates, countries, streets, titles, names people go by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bench.mishaps.accounts import Slot
from bench.mishaps.letters import Draft
from bench.mishaps.people import day
from bench.mishaps.planting import Unfit
from presend.audience.schema import as_of
from presend.model import Platform

_NAMES: dict[str, dict[Platform, tuple[str, ...]]] = {
    "phone": {
        Platform.MAILCHIMP: ("PHONE", "MOBILE"),
        Platform.KLAVIYO: ("Mobile", "contact_phone"),
        Platform.HUBSPOT: ("phone", "mobilephone"),
    },
    "date": {
        Platform.MAILCHIMP: ("RENEWDATE", "APPTDATE", "LASTVISIT"),
        Platform.KLAVIYO: ("Renewal Date", "appointment_date", "last_visit_date"),
        Platform.HUBSPOT: ("renewal_date", "next_appointment_date"),
    },
    "country": {
        Platform.MAILCHIMP: ("COUNTRY",),
        Platform.KLAVIYO: ("Ship Country", "shipping_country"),
        Platform.HUBSPOT: ("country",),
    },
    "state": {
        Platform.MAILCHIMP: ("STATE",),
        Platform.KLAVIYO: ("State", "shipping_state"),
        Platform.HUBSPOT: ("state",),
    },
    "seats": {
        Platform.MAILCHIMP: ("SEATS", "QUANTITY"),
        Platform.KLAVIYO: ("Quantity", "number_of_seats"),
        Platform.HUBSPOT: ("number_of_seats", "quantity"),
    },
    "page": {
        Platform.MAILCHIMP: ("PROFILEURL", "SHOPURL"),
        Platform.KLAVIYO: ("Profile URL", "shop_url"),
        Platform.HUBSPOT: ("profile_url", "shop_url"),
    },
    "street": {
        Platform.MAILCHIMP: ("STREET", "ADDRESS1"),
        Platform.KLAVIYO: ("Street", "street_address"),
        Platform.HUBSPOT: ("address", "street_address"),
    },
    "nickname": {
        Platform.MAILCHIMP: ("NICKNAME", "CALLME"),
        Platform.KLAVIYO: ("Preferred Name", "goes_by"),
        Platform.HUBSPOT: ("preferred_name", "goes_by"),
    },
    "newname": {
        Platform.MAILCHIMP: ("NEWLNAME",),
        Platform.KLAVIYO: ("New Last Name",),
        Platform.HUBSPOT: ("new_last_name",),
    },
    "salutation": {
        Platform.MAILCHIMP: ("SALUTE", "PREFIX"),
        Platform.KLAVIYO: ("Salutation",),
        Platform.HUBSPOT: ("salutation",),
    },
    "gender": {
        Platform.MAILCHIMP: ("GENDER",),
        Platform.KLAVIYO: ("Gender", "gender"),
        Platform.HUBSPOT: ("gender",),
    },
}
_LABELS = {
    "phone": "Phone",
    "date": "Date",
    "country": "Country",
    "state": "State",
    "seats": "Quantity",
    "page": "Page",
    "street": "Street address",
    "nickname": "Preferred name",
    "newname": "New last name",
    "salutation": "Salutation",
    "gender": "Gender",
}
LINES = {
    "phone": "The number in our book for you is {}.",
    "date": "The day in our book is {}.",
    "country": "Parcels to {} leave the yard on Fridays.",
    "state": "The van to {} is loaded on Tuesdays.",
    "seats": "We have put aside {} of them.",
    "page": "Your page is {}.",
    "street": "The catalogue goes to {}.",
}
"""How a letter prints each."""


def add(draft: Draft, key: str, values: Sequence[Any], type: str = "text") -> Slot:
    """Give the account a field of the kind and everybody a value, all of them fresh.

    Raises Unfit, before any change, where it has one or a fault is about it.
    """
    if draft.closed or key in draft.spoilt or key in draft.account.slots:
        raise Unfit
    column = draft.rng.choice(_NAMES[key][draft.platform])
    token = column
    if draft.platform is Platform.KLAVIYO:
        token = f"person|lookup:'{column}'" if " " in column or draft.rng.random() < 0.3 else f"person.{column}"
    elif draft.platform is Platform.HUBSPOT:
        token = f"contact.{column}"
    slot = Slot(key, column, token, _LABELS[key], type)
    draft.account.slots[key] = slot
    draft.crowd.columns[column] = list(values)
    draft.crowd.age(slot, draft.rng)
    if key == "street" and as_of(column) not in draft.crowd.columns:
        # An address by whatever name: as old as addresses in other fields.
        days = [draft.rng.uniform(20, 600) for _one in values]
        draft.crowd.columns[as_of(column)] = [day(draft.now - timedelta(days=one)) for one in days]
    return slot


def printed(draft: Draft, key: str, token: str) -> None:
    """A line of the letter with the token in it."""
    draft.say(LINES[key].format(token))
