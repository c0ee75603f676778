"""What a Mailchimp campaign prints for one member, read slowly and in one pass.

Written from section 1 of the vendor notes (cited as M1.1, M1.3 … and by row of the failure catalogue, section
7). Whatever those notes mark [U], or do not say, makes the whole text "unknown".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

TAG = re.compile(r"\*\|(.*?)\|\*", re.DOTALL)
CONDITION = re.compile(r"([A-Z][A-Z0-9_]*)(?:[ \t]*(!=|>=|<=|=|>|<)[ \t]*(.*))?\Z", re.DOTALL)
LOOKS_LIKE_CONTROL = re.compile(
    r"\s*(ELSE|ELSIF|ELSEIF|ELIF|END|ENDIF|ENDINTERESTED|IF|IFNOT|INTERESTED)(?![A-Z0-9_])", re.IGNORECASE
)
NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
MERGE = re.compile(r"M?MERGE([1-9][0-9]*)\Z")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")
MARKUP = set("&<>\"'")
HTML_PARTS = {"html", "link"}
# M1.2: true on the archive page only, so false in every mail.
NEVER_IN_A_MAIL = {"ARCHIVE_PAGE"}
LANGUAGE = {"tag": "MC_LANGUAGE", "type": "text", "default": ""}
EMAIL = {"tag": "EMAIL", "type": "email", "default": ""}


class Unknown(Exception):
    """The notes do not say what arrives."""


@dataclass
class Block:
    """One open IF or INTERESTED: which branch is printing, and whether one has printed already."""

    closer: str
    printing: bool
    taken: bool
    alive: bool
    dropped: bool = False
    has_else: bool = False
    first_branch: bool = True
    body_start: int = 0


@dataclass(frozen=True)
class Mail:
    """The member's values and what the audience knows about them."""

    member: dict[str, Any]
    fields: dict[str, dict[str, Any]]
    groups: dict[str, list[str]]
    part: str
    now: datetime


def render(
    source: str,
    member: dict[str, Any],
    *,
    fields: list[dict[str, Any]],
    groups: dict[str, list[str]],
    part: str,
    now: datetime,
) -> tuple[str, str | None]:
    """Return ("printed", text) or ("unknown", None).

    `member` maps audience tags to values; its key "interests" maps a group title to the names that the member
    has ticked. `fields` rows carry tag, name, type, required, default and, for MERGEn, merge_id. `groups` maps
    every group title of the audience to its names. `part` is one of subject, preview_text, from_name, reply_to,
    html, text, link. `now` is the moment of sending in the account's zone.
    """
    by_tag = {str(row["tag"]): row for row in fields}
    by_tag.setdefault("EMAIL", EMAIL)
    by_tag.setdefault("MC_LANGUAGE", LANGUAGE)
    mail = Mail(member, by_tag, groups, part, now)
    try:
        return "printed", _read(source, mail)
    except Unknown:
        return "unknown", None


def _read(source: str, mail: Mail) -> str:
    out: list[str] = []
    blocks: list[Block] = []
    position = 0
    for match in TAG.finditer(source):
        if all(block.printing for block in blocks):
            out.append(source[position : match.start()])
        _one_tag(match, source, blocks, out, mail)
        position = match.end()
    if blocks:
        raise Unknown("row 12: a block never closed")
    # Row 5, 26: half a delimiter has no partner, so it is plain text.
    out.append(source[position:])
    return "".join(out)


def _one_tag(match: re.Match[str], source: str, blocks: list[Block], out: list[str], mail: Mail) -> None:
    body = match.group(1)
    if "\n" in body or "\r" in body or "*|" in body:
        raise Unknown("M1.1: no nesting and no newline inside a tag in practice")
    if mail.part in {"from_name", "reply_to"}:
        raise Unknown("M1.3: tags in the sender are [U]")
    if body.startswith(("IF:", "IFNOT:", "INTERESTED:")):
        _open(body, match, source, blocks, mail)
    elif body.startswith("ELSEIF:"):
        _elseif(body, match, blocks, mail)
    elif body == "ELSE:":
        _else(match, blocks)
    elif body in {"END:IF", "END:INTERESTED"}:
        _close(body, match, blocks)
    elif LOOKS_LIKE_CONTROL.match(body):
        raise Unknown("row 13: a misspelt control tag breaks the block")
    elif all(block.printing for block in blocks):
        out.append(_value(body, mail))


def _open(body: str, match: re.Match[str], source: str, blocks: list[Block], mail: Mail) -> None:
    if mail.part == "subject":
        raise Unknown("M1.3, row 23: sources disagree about conditions in a subject")
    if "mc:edit" in source:
        raise Unknown("M1.1, row 14: a block across editable regions breaks, and regions are not parsed")
    keyword, _, rest = body.partition(":")
    alive = all(block.printing for block in blocks)
    closer = "END:INTERESTED" if keyword == "INTERESTED" else "END:IF"
    block = Block(closer, printing=False, taken=False, alive=alive, body_start=match.end())
    if alive and keyword == "INTERESTED":
        verdict = _interested(rest, mail)
        block.dropped = verdict is None
        block.printing = verdict is True
    elif alive:
        holds = _holds(rest, mail)
        block.printing = holds if keyword == "IF" else not holds
    block.taken = block.printing
    blocks.append(block)


def _elseif(body: str, match: re.Match[str], blocks: list[Block], mail: Mail) -> None:
    if not blocks or blocks[-1].closer != "END:IF" or blocks[-1].has_else:
        raise Unknown("M1.1: ELSEIF belongs to an IF, before its ELSE")
    block = blocks[-1]
    _leave_branch(block, match)
    block.printing = block.alive and not block.taken and _holds(body.removeprefix("ELSEIF:"), mail)
    block.taken = block.taken or block.printing


def _else(match: re.Match[str], blocks: list[Block]) -> None:
    if not blocks or blocks[-1].has_else:
        raise Unknown("M1.1: one ELSE: to a block")
    block = blocks[-1]
    _leave_branch(block, match)
    block.has_else = True
    block.printing = block.alive and not block.taken and not block.dropped


def _close(body: str, match: re.Match[str], blocks: list[Block]) -> None:
    if not blocks or blocks[-1].closer != body:
        raise Unknown("M1.1: a closer without its opener")
    _leave_branch(blocks[-1], match)
    blocks.pop()


def _leave_branch(block: Block, match: re.Match[str]) -> None:
    if block.first_branch and block.closer == "END:IF" and match.start() == block.body_start:
        raise Unknown("M1.1: an empty IF body made Mailchimp complain of invalid merge tag content")
    block.first_branch = False


def _interested(rest: str, mail: Mail) -> bool | None:
    """Membership; None for a group that does not exist: the block is dropped, ELSE and all (M1.3)."""
    title, colon, tail = rest.partition(":")
    names = tail.split(",")
    if not colon or any(name != name.strip() or not name for name in names):
        raise Unknown("M1.1: INTERESTED:Title:Name[,Name]")
    existing = [name for name in names if name in mail.groups.get(title, [])]
    if not existing:
        return None
    if len(existing) < len(names):
        raise Unknown("M1.3 speaks of a name that does not exist, not of some among several")
    ticked = mail.member.get("interests", {}).get(title, [])
    inside = [name in ticked for name in names]
    if any(inside) != all(inside):
        raise Unknown("M1.1 does not say whether several names mean any or all")
    return all(inside)


def _holds(text: str, mail: Mail) -> bool:
    if re.search(r"\b(AND|OR)\b", text):
        raise Unknown("row 9: there is no AND/OR")
    match = CONDITION.match(text)
    if match is None:
        raise Unknown("M1.1: control tags are intolerant of typos and extra spaces")
    name, operator, operand = match.groups()
    if name in NEVER_IN_A_MAIL and operator is None:
        return False
    field = _field(name, mail)
    value = mail.member.get(field["tag"])
    if _blank(value):
        return _holds_when_blank(field, operator)
    text_value = _plain(value, field)
    if operator is None:
        if text_value.strip() == "0":
            raise Unknown('M1.3: the truth of "0" is undocumented')
        return True
    _check_operand(operand)
    if field.get("type") == "number":
        return _compare(_number(text_value), operator, _number(operand))
    if operator not in {"=", "!="}:
        raise Unknown("M1.3, row 10: order on a text field is unreliable")
    # Row 11: exact and case-sensitive.
    return (text_value == operand) == (operator == "=")


def _holds_when_blank(field: dict[str, Any], operator: str | None) -> bool:
    if not _blank(field.get("default")):
        raise Unknown("M1.3 does not say whether a condition sees the field's default")
    if operator in {None, "="}:
        return False  # M1.3: no value; "if the value is missing, IF:X=y is false"
    raise Unknown("M1.3: every other comparison with a missing value is [U]")


def _check_operand(operand: str) -> None:
    if not operand or operand != operand.strip() or operand[0] in "=<>" or MARKUP & set(operand):
        raise Unknown("M1.1: an empty, padded, quoted or escaped operand is not in the grammar")


def _compare(left: Decimal, operator: str, right: Decimal) -> bool:
    return {
        "=": left == right,
        "!=": left != right,
        ">": left > right,
        "<": left < right,
        ">=": left >= right,
        "<=": left <= right,
    }[operator]


def _number(text: str) -> Decimal:
    if NUMBER.match(text) is None:
        raise Unknown("M1.3 covers numbers in number fields only")
    try:
        return Decimal(text)
    except InvalidOperation as problem:
        raise Unknown("not a number") from problem


def _field(name: str, mail: Mail) -> dict[str, Any]:
    if name in mail.fields:
        return mail.fields[name]
    numbered = MERGE.match(name)
    for row in mail.fields.values():
        if numbered and str(row.get("merge_id")) == numbered.group(1):
            return row
    # M1.4 the big unknown; MERGE0 is a hypothesis [M]; system tags of M1.2 print what the platform makes.
    raise Unknown(f"M1.4: no such field: {name}")


def _value(body: str, mail: Mail) -> str:
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
    field = _field(name, mail)
    value = mail.member.get(field["tag"])
    if _blank(value) and field["tag"] == "MC_LANGUAGE":
        raise Unknown("M1.2 does not say what an undetected language prints")
    if _blank(value):
        value = field.get("default")
    text = "" if _blank(value) else _plain(value, field)
    if "*|" in text or "|*" in text:
        raise Unknown("row 69: a delimiter inside data is [U]")
    return text


def _escaped(text: str, mail: Mail) -> str:
    if mail.part in HTML_PARTS and MARKUP & set(text):
        raise Unknown("M1.3: whether campaigns escape a plain tag is [U]")
    return text


def _blank(value: Any) -> bool:
    return value is None or value == ""


def _plain(value: Any, field: dict[str, Any]) -> str:
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
    if any(len(char.upper()) != 1 or len(char.lower()) != 1 for char in text) or "Σ" in text:
        raise Unknown("M1.2 does not say how letters without a one-letter twin are cased")
    if function == "UPPER":
        return text.upper()
    if function == "LOWER":
        return text.lower()
    words = text.split(" ")
    if any(word and not word.isalpha() for word in words):
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
