"""The platforms' own shapes of a person, in files: which of their keys are names, which are facts, who is not mailed.

A row is flattened to dotted keys first (`merge_fields.FNAME`, `attributes.location.city`), so that JSON with objects
and a CSV export with dotted headings are one thing. Keys of the shape itself get a `~` in front (`~status`), so that
a property of the same name stays apart. Where each platform keeps what: see its API's description of the object.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from presend.model import Platform

OWN = "~"
"""Prefix of a key that belongs to the platform's shape, not to the person's properties."""

_CONTAINERS: dict[Platform, dict[str, str]] = {
    Platform.MAILCHIMP: {"merge_fields.": "", "interests.": "~interests.", "location.": "~location."},
    Platform.KLAVIYO: {
        "attributes.properties.": "",
        "attributes.location.": "location.",
        "attributes.subscriptions.email.marketing.": "~marketing.",
        "attributes.": "",
        "properties.": "",
    },
    Platform.HUBSPOT: {"properties.": ""},
}
"""Dotted beginnings by platform and what they become; the first that fits wins."""

_OPENED: dict[Platform, tuple[tuple[str, ...], ...]] = {
    Platform.MAILCHIMP: (("merge_fields",), ("interests",), ("location",)),
    Platform.KLAVIYO: (
        ("attributes",),
        ("attributes", "properties"),
        ("attributes", "location"),
        ("attributes", "subscriptions"),
        ("attributes", "subscriptions", "email"),
        ("attributes", "subscriptions", "email", "marketing"),
        ("properties",),
        ("location",),
    ),
    Platform.HUBSPOT: (("properties",),),
}
"""Objects that hold a person's keys; any other object is a value."""

_SHAPED = {Platform.MAILCHIMP: "merge_fields.", Platform.KLAVIYO: "attributes.", Platform.HUBSPOT: "properties."}
_MAILCHIMP_KEYS = frozenset(
    {"email_address", "status", "language", "timestamp_signup", "timestamp_opt", "last_changed"}
)
_ATTRIBUTES = frozenset({"created", "updated", "last_event_date", "joined_group_at", "anonymous_id", "_kx"})
"""What Klaviyo keeps about a profile beside what a template can say."""


def flatten(platform: Platform, row: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row with the platform's containers opened and their keys dotted; everything else stays as it is."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        here = (*path, key)
        if isinstance(value, dict) and here in _OPENED[platform]:
            found |= flatten(platform, value, here)
        else:
            found[".".join(here)] = value
    return found


def naming(platform: Platform, keys: Iterable[str]) -> Callable[[str], str]:
    """How the dotted keys of a file (or of one row) are called from here on: `~…` for the shape's own."""
    held = list(keys)
    shaped = any(key.startswith(_SHAPED[platform]) for key in held)
    member = platform is Platform.MAILCHIMP and "email_address" in held

    def name(key: str) -> str:
        for start, instead in _CONTAINERS[platform].items():
            if key.startswith(start) and len(key) > len(start):
                rest = key[len(start) :]
                if platform is Platform.KLAVIYO and start == "attributes." and _of_shape(rest):
                    return OWN + rest
                return instead + rest
        return OWN + key if shaped or (member and key in _MAILCHIMP_KEYS) else key

    return name


def _of_shape(attribute: str) -> bool:
    return attribute in _ATTRIBUTES or attribute.startswith(("subscriptions", "predictive_analytics"))


ID = "id"
OWN_ID = f"{OWN}id"

EMAILS = frozenset({"email", "~email_address", "email address", "email_address", "$email"})
"""Keys (in lower case) under which an address may stand."""

COLUMNS: dict[Platform, dict[str, str]] = {
    Platform.MAILCHIMP: {"~email_address": "EMAIL", "~language": "MC_LANGUAGE"},
    Platform.KLAVIYO: {},
    Platform.HUBSPOT: {"~id": "hs_object_id"},
}
"""Keys of the shape that a template can print, and under which name."""

FACTS: dict[Platform, dict[str, tuple[str, ...]]] = {
    Platform.MAILCHIMP: {
        "~timestamp_signup": ("created_at",),
        "~timestamp_opt": ("confirmed_at", "created_at"),
        "~last_changed": ("updated_at",),
        "~location.country_code": ("country",),
        "~location.region": ("region",),
        "~location.timezone": ("timezone",),
        "~language": ("locale",),
        "~source": ("consent_source",),
    },
    Platform.KLAVIYO: {
        "~created": ("created_at",),
        "~updated": ("updated_at",),
        "~last_event_date": ("last_activity_at",),
        "~marketing.consent_timestamp": ("consent_at",),
        "~marketing.method": ("consent_source",),
        "location.country": ("country",),
        "location.region": ("region",),
        "location.zip": ("postcode",),
        "location.timezone": ("timezone",),
    },
    Platform.HUBSPOT: {
        "~createdAt": ("created_at",),
        "~updatedAt": ("updated_at",),
        "createdate": ("created_at",),
        "lastmodifieddate": ("updated_at",),
        "hs_email_last_open_date": ("last_open_at", "last_activity_at"),
        "hs_email_last_click_date": ("last_click_at",),
        "hs_analytics_last_timestamp": ("last_visit_at",),
        "hs_legal_basis": ("consent_source",),
        "hs_language": ("locale",),
        "state": ("region",),
        "zip": ("postcode",),
        "date_of_birth": ("birthday",),
        "salutation": ("title",),
    },
}
"""Where a shape keeps what presend calls facts; earlier keys of a row win."""

_MEMBER = {
    "unsubscribed": "unsubscribed from the list",
    "cleaned": "cleaned: the address bounced",
    "pending": "has not confirmed the subscription yet",
    "transactional": "gets transactional mail only, has not subscribed",
    "archived": "archived",
}
_FALSE = ("false", "0", "no", "")


def _said(value: Any) -> bool:
    """Whether a flag is set, be it a boolean or text."""
    return value is not None and str(value).strip().casefold() not in _FALSE


def _member_status(value: Any) -> str | None:
    return _MEMBER.get(str(value).casefold()) if value else None


def _cannot_receive(value: Any) -> str | None:
    return None if value is None or _said(value) else "has no consent to email marketing, or is suppressed"


def _has_suppression(value: Any) -> str | None:
    return "suppressed in Klaviyo" if value not in (None, "", "[]", []) else None


def _opted_out(value: Any) -> str | None:
    return "opted out of all email" if _said(value) else None


def _bounced(value: Any) -> str | None:
    return "the address bounced for good" if _said(value) else None


def _quarantined(value: Any) -> str | None:
    return "the address is quarantined" if _said(value) else None


def _not_marketing(value: Any) -> str | None:
    return "is not a marketing contact" if value is not None and str(value).strip().casefold() == "false" else None


def _denied(value: Any) -> str | None:
    return "unsubscribed" if str(value).casefold() == "unsubscribed" else None


REASONS: dict[Platform, dict[str, Callable[[Any], str | None]]] = {
    Platform.MAILCHIMP: {"~status": _member_status},
    Platform.KLAVIYO: {
        "~marketing.can_receive_email_marketing": _cannot_receive,
        "~marketing.suppression": _has_suppression,
        "~marketing.consent": _denied,
    },
    Platform.HUBSPOT: {
        "hs_email_optout": _opted_out,
        "hs_email_hard_bounce_reason_enum": _bounced,
        "hs_email_quarantined": _quarantined,
        "hs_marketable_status": _not_marketing,
    },
}
"""Why the platform will not mail somebody, by the key that tells."""

_CONSENT = {"subscribed": "granted", "unsubscribed": "denied"}
CONSENT = {Platform.MAILCHIMP: "~status", Platform.KLAVIYO: "~marketing.consent"}
"""The key that tells consent."""


def consent(value: Any) -> str | None:
    """`granted`, `denied` or `unknown`; None where nothing is said."""
    return None if value is None or value == "" else _CONSENT.get(str(value).casefold(), "unknown")


_NAMES = {"First Name": "first_name", "Last Name": "last_name", "Phone Number": "phone_number"}
HEADINGS: dict[Platform, dict[str, str]] = {
    Platform.MAILCHIMP: {"First Name": "FNAME", "Last Name": "LNAME", "Phone Number": "PHONE", "Birthday": "BIRTHDAY"},
    Platform.KLAVIYO: {
        **_NAMES,
        "Organization": "organization",
        "Title": "title",
        "State / Region": "location.region",
        "Zip Code": "location.zip",
    },
    Platform.HUBSPOT: {
        "First Name": "firstname",
        "Last Name": "lastname",
        "Phone Number": "phone",
        "Mobile Phone Number": "mobilephone",
        "Company Name": "company",
        "Job Title": "jobtitle",
        "City": "city",
        "State/Region": "state",
        "Postal Code": "zip",
        "Country/Region": "country",
    },
}
"""Headings of the platforms' own CSV exports and the columns that they surely stand for.

Mailchimp heads an export with the fields' names, which are these until somebody renames a field (`--fields` tells the
others); HubSpot with its properties' labels. The address is in `EMAILS`.
"""


def exported(
    platform: Platform, keys: Iterable[str], column: Callable[[str], str], wanted: Collection[str]
) -> dict[str, str]:
    """Which keys of a file are an export's headings, and the columns to take them for.

    Left alone is a key that a template reads by that very name (`wanted`), one that `column` knows as another column,
    and one for whose column the file has a key of its own.
    """
    held = list(keys)
    own = {column(key) for key in held}
    found = {key: target for key, target in HEADINGS[platform].items() if key in held and target not in own}
    return {key: target for key, target in found.items() if key not in wanted and column(key) == key}


def _folded(name: str) -> str:
    return "".join(c for c in name if c.isalnum()).casefold()


def nearly(platform: Platform, keys: Iterable[str], columns: Iterable[str]) -> dict[str, str]:
    """Columns that no key names, with the key that was probably meant: `first_name` by `First_Name`."""
    meant = {_folded(heading): target for heading, target in HEADINGS[platform].items()}
    by_fold: dict[str, str] = {}
    for key in keys:
        folded = _folded(key)
        by_fold.setdefault(folded, key)
        if folded in meant:
            by_fold.setdefault(_folded(meant[folded]), key)
    return {column: by_fold[_folded(column)] for column in sorted(columns) if _folded(column) in by_fold}
