"""What a field prints for a value: Mailchimp's defaults, filters and types, and what is not known about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from presend.audience.values import Row, Value
from presend.dialects.base import Outcome, printed, unknown
from presend.model import Field, Gap, Known, Part

ESCAPED_PARTS = frozenset([Part.HTML, Part.LINK])
"""Parts in which Mailchimp may or may not escape & < > and quotes: that is documented for Mandrill only."""

_MARKUP = re.compile(r"[&<>\"']")
_DELIMITER = re.compile(r"\*\||\|\*")
_PLAIN_FRACTION = re.compile(r"-?\d+\.\d+")
_BIRTHDAY = re.compile(r"\d{1,2}/\d{1,2}")
_URL_UNSURE = re.compile(r"[!*'()~]")
_INNER_CAPITAL = re.compile(r"[^\W\d_]*[a-zß-ÿ][A-ZÀ-Þ]")
_WORD = re.compile(r"[^\W\d_]+[.,!?]*|[\W\d_]*")


def is_missing(value: Value) -> bool:
    """Absent, null and the empty string are one thing to Mailchimp: they print the field's default."""
    return value is None or value == ""


def default_of(field: Field | None) -> str | Gap:
    """The text that stands in for a missing value; "" when the field has no default."""
    if field is None:
        return Gap("the field is not described, so its default value is not known")
    return field.default.value if isinstance(field.default, Known) else field.default


def as_text(value: Value, type_: str) -> str | Outcome:
    """A present value as the text that Mailchimp prints, before any filter; UNKNOWN where its form is not known."""
    if type_ == "address":
        return unknown("an address prints as one block whose separators are not documented")
    if type_ == "date":
        return unknown("a date prints in the field's own format, which the platform does not tell")
    if isinstance(value, str):
        if type_ == "birthday" and value.strip() and not _BIRTHDAY.fullmatch(value.strip()):
            return unknown("how a birthday in this form prints is not documented")
        return value
    if isinstance(value, bool):
        return unknown("Mailchimp has no field of true and false, so what prints is not known")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and not value.is_integer() and _PLAIN_FRACTION.fullmatch(repr(value)):
        return repr(value)
    return unknown("how a number of this form, a list or an object prints is not documented")


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints one column through one filter; calling it never raises."""

    column: str
    type: str
    default: str | Gap
    show: Callable[[str], Outcome]

    def __call__(self, row: Row) -> Outcome:
        """What the recipient reads there."""
        value = row.get(self.column)
        if is_missing(value):
            if isinstance(self.default, Gap):
                return unknown(f"the value is missing, and {self.default.reason}")
            return self.show(self.default)
        text = as_text(value, self.type)
        return self.show(text) if isinstance(text, str) else text


def shower(filter_: str, part: Part) -> Callable[[str], Outcome]:
    """How text comes out of a filter ("" for none) in a part."""
    if filter_ == "HTML" or (not filter_ and part not in ESCAPED_PARTS):
        return _raw
    if filter_ == "URL":
        return _url
    change = {"UPPER": _upper, "LOWER": _lower, "TITLE": _title}.get(filter_, _as_is)
    escaped = part in ESCAPED_PARTS

    def show(text: str) -> Outcome:
        if escaped and _MARKUP.search(text):
            return unknown("whether Mailchimp escapes & < > and quotes in campaigns is not documented")
        outcome = change(text)
        return _raw(outcome) if isinstance(outcome, str) else outcome

    return show


def _raw(text: str) -> Outcome:
    if _DELIMITER.search(text):
        return unknown("the value holds a merge tag's delimiter; whether it is read again is not documented")
    return printed(text)


def _as_is(text: str) -> str:
    return text


def _upper(text: str) -> str | Outcome:
    upper = text.upper()
    return upper if len(upper) == len(text) else unknown("a letter of the value has no single capital")


def _lower(text: str) -> str | Outcome:
    if "Σ" in text:
        return unknown("a capital sigma has two small forms, and which one is chosen is not documented")
    lower = text.lower()
    return lower if len(lower) == len(text) else unknown("a letter of the value has no single small form")


def _title(text: str) -> str | Outcome:
    if not all(_WORD.fullmatch(word) for word in text.split(" ")):
        return unknown("whether a new word begins behind anything but a space is not documented")
    if _INNER_CAPITAL.search(text):
        return unknown("what becomes of capitals inside a word is not documented")
    small = _lower(text)
    if not isinstance(small, str):
        return small
    titled = re.sub(r"(?<!\S)\S", lambda found: found[0].upper(), small)
    return titled if len(titled) == len(text) else unknown("a letter of the value has no single capital")


def _url(text: str) -> Outcome:
    if _URL_UNSURE.search(text):
        return unknown("which punctuation Mailchimp percent-encodes is not documented")
    return printed(quote(text, safe="", errors="replace"))
