"""Which of the account's columns a name in a Klaviyo template reads.

Facts: Klaviyo Help Center, "Message personalization reference" (4408802648731): the tags listed there resolve bare or
under `person`; every other name is a custom property and is reached through `person` only. All of it is case-sensitive.
"""

from __future__ import annotations

import re

PROFILE = (
    "first_name",
    "last_name",
    "email",
    "phone_number",
    "organization",
    "title",
    "locale",
    "image",
    "external_id",
)
"""Attributes of a profile outside its custom properties; a null one is absent."""

BARE = frozenset({"first_name", "last_name", "email", "full_name"})
"""What the reference lists without `person.`."""

MAYBE_BARE = frozenset({"phone_number", "title", "locale", "image", "external_id"})
"""Attributes that the reference lists under `person.` only."""

FULL_NAME = "full_name"

_PLACES = {
    "City": "location.city",
    "Region": "location.region",
    "Country": "location.country",
    "Zipcode": "location.zip",
    "$city": "location.city",
    "$region": "location.region",
    "$country": "location.country",
    "$zip": "location.zip",
    "$timezone": "location.timezone",
    "$address1": "location.address1",
    "$address2": "location.address2",
    "$latitude": "location.latitude",
    "$longitude": "location.longitude",
}

ALIASES: dict[str, str] = {
    **{name: name for name in PROFILE},
    **_PLACES,
    **{f"${name}": name for name in PROFILE if name not in ("locale", "image", "external_id")},
    "id": "external_id",
}
"""Property name under `person` → column, for everything that is not a custom property."""

NOT_CUSTOM = frozenset(ALIASES.values())
"""Columns whose null means absent."""

ELSEWHERE = frozenset({"event", "object", "object_filter", "feeds", "organization", "catalog_item", "catalog_id"})
"""First words of names that are not about the profile."""

TRIGGER_DATA = frozenset({"event", "object", "object_filter"})
"""Filled only in flows that an event or an object starts; blank in a campaign."""

ORGANIZATION = (
    "name",
    "url",
    "full_address",
    "street_address",
    "street_address2",
    "city",
    "region",
    "zip_code",
)

TAGS_NOT_NAMES = {
    "unsubscribe": "{% unsubscribe %}",
    "unsubscribe_link": "{% unsubscribe_link %}",
    "manage_preferences": "{% manage_preferences %}",
    "manage_preferences_link": "{% manage_preferences_link %}",
    "web_view": "{% web_view %}",
    "web_view_link": "{% web_view_link %}",
    "current_day": "{% current_day %}",
    "current_month": "{% current_month %}",
    "current_year": "{% current_year %}",
    "current_weekday": "{% current_weekday %}",
    "current_month_name": "{% current_month_name %}",
    "today": '{% today "%Y-%m-%d" as today %}{{ today }}',
    "preview_text": "{% render_variable preview_text %}",
}
"""Tags that people write in braces, where they print nothing."""

_WORD = re.compile(r"\w+\Z")
_LOOKUP = re.compile(r"\s*person\s*\|\s*lookup:(?P<quote>['\"])(?P<key>.*?)(?P=quote)")


def column_of(key: str) -> str:
    """The column of a property of the profile."""
    return ALIASES.get(key, key)


def column(name: str) -> str:
    """The column that a name as written reads: `person.City` → `location.city`, `X Y` → `X Y`."""
    found = _LOOKUP.match(name)
    if found:
        return column_of(found["key"])
    head, dot, rest = name.partition(".")
    if head == "person" and dot:
        return column_of(rest.partition(".")[0])
    if head in ELSEWHERE:
        return name
    return column_of(name if not _WORD.match(head) else head)


def written(key: str) -> str:
    """How a property of the profile is said in a template, without braces."""
    if _WORD.match(key) and not key.startswith("_") and key.isascii():
        return f"person.{key}"
    quote = '"' if "'" in key else "'"
    return f"person|lookup:{quote}{key}{quote}"


def name_of(key: str) -> str:
    """The entry of `Template.names` for a property: a form that `column` maps."""
    if _WORD.match(key):
        return f"person.{key}"
    return written(key) if "." in key else key


def preferred(column_name: str) -> str:
    """How a column is best said in a template, without braces."""
    if column_name in BARE:
        return column_name
    for key, target in _PLACES.items():
        if target == column_name:
            return written(key)
    return written(column_name)
