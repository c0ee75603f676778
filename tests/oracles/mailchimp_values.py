"""What Mailchimp's tags print: fields, their defaults and filters, and dates (M1.2, M1.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from tests.oracles.worlds import Unknown, World

NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
MERGE = re.compile(r"M?MERGE([1-9][0-9]*)\Z")
MARKUP = set("&<>\"'")
HTML_PARTS = {"html", "link"}


@dataclass(frozen=True)
class Mail:
    """The member's values and what the audience knows about them."""

    member: dict[str, Any]
    fields: dict[str, dict[str, Any]]
    groups: dict[str, list[str]]
    part: str
    now: datetime
    world: World


def field_of(name: str, mail: Mail) -> dict[str, Any]:
    if name in mail.fields:
        return mail.fields[name]
    numbered = MERGE.match(name)
    for row in mail.fields.values():
        if numbered and str(row.get("merge_id")) == numbered.group(1):
            return row
    # M1.4 the big unknown; MERGE0 is a hypothesis [M]; system tags of M1.2 print what the platform makes.
    raise Unknown(f"M1.4: no such field: {name}")


def value_of(body: str, mail: Mail) -> str:
    if NAME.match(body):
        if body == "CURRENT_YEAR":
            return str(mail.now.year)
        return _escaped(_printed(body, mail), mail)
    function, colon, argument = body.partition(":")
    if not colon or not argument:
        raise Unknown("M1.4: not a tag")
    if function == "DATE":
        return _php_date(argument, mail.now)
    if function not in {"UPPER", "LOWER", "TITLE", "HTML", "URL"} or NAME.match(argument) is None:
        raise Unknown("M1.2: opaque, or no tag at all (row 6: no inline fallback)")
    text = _printed(argument, mail)
    if function == "HTML":
        return text  # M1.2: "no HTML escaping"
    if function == "URL":
        return quote(text, safe="")  # M1.2: "percent-encode"
    return _escaped(_cased(function, text), mail)


def _printed(name: str, mail: Mail) -> str:
    """The value, or for absent, null and "" the field's default (section 7, head); whitespace as it is."""
    field = field_of(name, mail)
    value = mail.member.get(field["tag"])
    if blank(value) and field["tag"] == "MC_LANGUAGE":
        raise Unknown("M1.2 does not say what an undetected language prints")
    if blank(value):
        value = field.get("default")
    text = "" if blank(value) else plain_of(value, field)
    if "*|" in text or "|*" in text:
        raise Unknown("row 69: a delimiter inside data is [U]")
    return text


def _escaped(text: str, mail: Mail) -> str:
    if mail.part in HTML_PARTS and MARKUP & set(text):
        raise Unknown("M1.3: whether campaigns escape a plain tag is [U]")
    return text


def blank(value: Any) -> bool:
    return value is None or value == ""


def plain_of(value: Any, field: dict[str, Any]) -> str:
    if field.get("type") in {"address", "date"}:
        raise Unknown("M1.3: how addresses and dates are flattened is approximate")
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and 0.0001 <= abs(value) < 10**15 and not value.is_integer():
        return repr(value)
    raise Unknown("M1.3 tells no shape for booleans, lists, objects, nor for 12.0")


def _cased(function: str, text: str) -> str:
    used = {"UPPER": (str.upper,), "LOWER": (str.lower,), "TITLE": (str.upper, str.lower)}[function]
    if any(len(change(char)) != 1 for char in text for change in used) or ("Σ" in text and function != "UPPER"):
        raise Unknown("M1.2 does not say how letters without a one-letter twin are cased")
    if function == "UPPER":
        return text.upper()
    if function == "LOWER":
        return text.lower()
    words = text.split(" ")
    if any(not word.rstrip(".,!?").isalpha() and any(char.isalpha() for char in word) for word in words):
        raise Unknown("M1.2 does not say what a word is beside letters and spaces")
    # Row 22: "mcdonald" becomes "Mcdonald".
    return " ".join(word[:1].upper() + word[1:].lower() for word in words)


def _php_date(letters: str, now: datetime) -> str:
    hour12 = now.hour % 12 or 12
    known = {
        "d": f"{now.day:02}",
        "D": now.strftime("%a"),
        "j": str(now.day),
        "l": now.strftime("%A"),
        "N": str(now.isoweekday()),
        "w": str(now.isoweekday() % 7),
        "z": str(now.timetuple().tm_yday - 1),
        "W": f"{now.isocalendar().week:02}",
        "S": _ordinal(now.day),
        "F": now.strftime("%B"),
        "M": now.strftime("%b"),
        "m": f"{now.month:02}",
        "n": str(now.month),
        "Y": f"{now.year:04}",
        "y": f"{now.year % 100:02}",
        "a": "am" if now.hour < 12 else "pm",
        "A": "AM" if now.hour < 12 else "PM",
        "g": str(hour12),
        "G": str(now.hour),
        "h": f"{hour12:02}",
        "H": f"{now.hour:02}",
        "i": f"{now.minute:02}",
        "s": f"{now.second:02}",
    }
    out = []
    for letter in letters:
        # M1.2 says "PHP date letters" and no more: zones, escapes and the rarer letters are left alone.
        if (letter.isalpha() and letter not in known) or letter == "\\" or letter in MARKUP:
            raise Unknown(f"M1.2: {letter} in a date")
        out.append(known.get(letter, letter))
    return "".join(out)


def _ordinal(day: int) -> str:
    if day in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
