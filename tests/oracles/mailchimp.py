"""What a Mailchimp campaign prints for one member, read slowly and in one pass.

Written from section 1 of the vendor notes (cited as M1.1, M1.3 … and by row of the failure catalogue, section
7). What those notes do not say makes the whole text "unknown". Where they leave a question open between answers
that can be listed, the mail is read under every answer, and is "unknown" only when two readings differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.oracles.mailchimp_values import MARKUP, Mail, blank, field_of, plain_of, value_of
from tests.oracles.worlds import Unknown, same_in_every_world

OPENER = re.compile(r"\*\|")
DELIMITER = re.compile(r"\*\||\|\*")
CONDITION = re.compile(r"([A-Z][A-Z0-9_]*)(?:[ \t]*(!=|>=|<=|=|>|<)[ \t]*(.*))?\Z", re.DOTALL)
LOOKS_LIKE_CONTROL = re.compile(
    r"\s*(ELSE|ELSIF|ELSEIF|ELIF|END|ENDIF|ENDINTERESTED|IF|IFNOT|INTERESTED)(?![A-Z0-9_])", re.IGNORECASE
)
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")
# M1.2: true on the archive page only, so false in every mail.
NEVER_IN_A_MAIL = {"ARCHIVE_PAGE"}
LANGUAGE = {"tag": "MC_LANGUAGE", "type": "text", "default": ""}
EMAIL = {"tag": "EMAIL", "type": "email", "default": ""}


@dataclass(frozen=True)
class Tag:
    """A tag's text between its delimiters, and where it stands with them."""

    body: str
    start: int
    end: int


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
    try:
        return "printed", same_in_every_world(
            lambda world: _read(source, Mail(member, by_tag, groups, part, now, world))
        )
    except Unknown:
        return "unknown", None


def _read(source: str, mail: Mail) -> str:
    out: list[str] = []
    blocks: list[Block] = []
    position = 0
    for start, end in _tags(source):
        if all(block.printing for block in blocks):
            out.append(source[position:start])
        _one_tag(Tag(source[start + 2 : end - 2], start, end), source, blocks, out, mail)
        position = end
    if blocks:
        raise Unknown("row 12: a block never closed")
    out.append(source[position:])
    return "".join(out)


def _tags(source: str) -> list[tuple[int, int]]:
    """Where the tags stand. Half a delimiter has no partner, so it is plain text (rows 5 and 26)."""
    opened: list[int] = []
    tags: list[tuple[int, int]] = []
    position = 0
    # Where nothing is open there is nothing to close, so that in |*|FNAME|* the first asterisk opens.
    while match := (DELIMITER if opened else OPENER).search(source, position):
        position = match.end()
        if match.group() == "*|":
            if opened and source.startswith("|*", match.start() + 1):
                raise Unknown("M1.1: one asterisk that may close a tag as well as open the next")
            opened.append(match.start())
            continue
        start = opened.pop()
        if tags and tags[-1][0] > start:
            raise Unknown("M1.1: no tag inside a tag")
        tags.append((start, position))
    return tags


def _one_tag(tag: Tag, source: str, blocks: list[Block], out: list[str], mail: Mail) -> None:
    body = tag.body
    if "\n" in body or "\r" in body:
        raise Unknown("M1.1: no newline inside a tag in practice")
    if mail.part in {"from_name", "reply_to"}:
        raise Unknown("M1.3: tags in the sender are [U]")
    if body.startswith(("IF:", "IFNOT:", "INTERESTED:")):
        _open(body, tag, source, blocks, mail)
    elif body.startswith("ELSEIF:"):
        _elseif(body, tag, blocks, mail)
    elif body == "ELSE:":
        _else(tag, blocks)
    elif body in {"END:IF", "END:INTERESTED"}:
        _close(body, tag, blocks)
    elif LOOKS_LIKE_CONTROL.match(body):
        raise Unknown("row 13: a misspelt control tag breaks the block")
    elif all(block.printing for block in blocks):
        out.append(value_of(body, mail))


def _open(body: str, tag: Tag, source: str, blocks: list[Block], mail: Mail) -> None:
    if mail.part == "subject":
        raise Unknown("M1.3, row 23: sources disagree about conditions in a subject")
    if "mc:edit" in source:
        raise Unknown("M1.1, row 14: a block across editable regions breaks, and regions are not parsed")
    keyword, _, rest = body.partition(":")
    alive = all(block.printing for block in blocks)
    closer = "END:INTERESTED" if keyword == "INTERESTED" else "END:IF"
    block = Block(closer, printing=False, taken=False, alive=alive, body_start=tag.end)
    if alive and keyword == "INTERESTED":
        verdict = _interested(rest, mail)
        block.dropped = verdict is None
        block.printing = verdict is True
    elif alive:
        holds = _holds(rest, mail)
        block.printing = holds if keyword == "IF" else not holds
    block.taken = block.printing
    blocks.append(block)


def _elseif(body: str, tag: Tag, blocks: list[Block], mail: Mail) -> None:
    if not blocks or blocks[-1].closer != "END:IF" or blocks[-1].has_else:
        raise Unknown("M1.1: ELSEIF belongs to an IF, before its ELSE")
    block = blocks[-1]
    _leave_branch(block, tag)
    block.printing = block.alive and not block.taken and _holds(body.removeprefix("ELSEIF:"), mail)
    block.taken = block.taken or block.printing


def _else(tag: Tag, blocks: list[Block]) -> None:
    if not blocks or blocks[-1].has_else:
        raise Unknown("M1.1: one ELSE: to a block")
    block = blocks[-1]
    _leave_branch(block, tag)
    block.has_else = True
    block.printing = block.alive and not block.taken and not block.dropped


def _close(body: str, tag: Tag, blocks: list[Block]) -> None:
    if not blocks or blocks[-1].closer != body:
        raise Unknown("M1.1: a closer without its opener")
    _leave_branch(blocks[-1], tag)
    blocks.pop()


def _leave_branch(block: Block, tag: Tag) -> None:
    if block.first_branch and block.closer == "END:IF" and tag.start == block.body_start:
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
    field = field_of(name, mail)
    value = mail.member.get(field["tag"])
    if blank(value) and not blank(field.get("default")) and mail.world.holds("conditions see the field's default"):
        value = field["default"]
    if blank(value):
        return _holds_when_missing(operator, operand, mail)
    if operator is None:
        return _has_value(value)
    text_value = plain_of(value, field)
    _check_operand(operand)
    if field.get("type") == "number":
        return _numbers(text_value, operator, operand, mail)
    if operator in {"=", "!="}:
        return _texts(text_value, operator, operand, mail)
    # M1.3, row 10: order on a text field is unreliable, "string comparison".
    numbers = (_as_number(text_value), _as_number(operand))
    if None in numbers:
        raise Unknown("M1.3, row 10: order on a text field is unreliable")
    if mail.world.holds("order on a text field is that of texts"):
        return _compare(text_value, operator, operand)
    return _compare(numbers[0], operator, numbers[1])


def _has_value(value: Any) -> bool:
    if isinstance(value, dict) and any(not blank(part) for part in value.values()):
        return True  # M1.3: it has a value, whatever that prints
    if isinstance(value, str):
        value = _as_number(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise Unknown("M1.3 tells no shape for booleans and lists")
    if value == 0:
        raise Unknown('M1.3: the truth of "0" is undocumented')
    return True


def _texts(left: str, operator: str, right: str, mail: Mail) -> bool:
    """Row 11: exact and case-sensitive; that 1 equals 1.0 in a text field is nowhere said."""
    same = left == right
    if not same and _as_number(left) is not None and _as_number(left) == _as_number(right):
        same = mail.world.holds("two spellings of a number are equal in a text field")
    return same == (operator == "=")


def _numbers(left: str, operator: str, right: str, mail: Mail) -> bool:
    """M1.3: number fields compare numerically; what that is for a word that is no number is not said."""
    numbers = [_as_number(left), _as_number(right)]
    if None in numbers:
        if operator not in {"=", "!="}:
            raise Unknown("M1.3 covers numbers in number fields only")
        if not mail.world.holds("a word counts as zero in a number field"):
            return (left == right) == (operator == "=")
        numbers = [number or Decimal(0) for number in numbers]
    return _compare(numbers[0], operator, numbers[1])


def _holds_when_missing(operator: str | None, operand: str, mail: Mail) -> bool:
    if operator in {None, "="}:
        return False  # M1.3: no value; "if the value is missing, IF:X=y is false"
    _check_operand(operand)
    if operator == "!=":
        return mail.world.holds("a missing value differs from a given one")  # M1.3 [U]
    # M1.3 is silent: nothing has an order, or a missing value is nought, or it is the empty text.
    if mail.world.holds("nothing has an order with a missing value"):
        return False
    if mail.world.holds("a missing value is the empty text to an order"):
        return _compare("", operator, operand)
    if _as_number(operand) is None:
        raise Unknown("M1.3: a missing value against a word")
    return _compare(Decimal(0), operator, _as_number(operand))


def _check_operand(operand: str) -> None:
    if not operand or operand != operand.strip() or operand[0] in "=<>" or MARKUP & set(operand):
        raise Unknown("M1.1: an empty, padded, quoted or escaped operand is not in the grammar")


def _compare(left: Any, operator: str, right: Any) -> bool:
    return bool(
        {
            "=": left == right,
            "!=": left != right,
            ">": left > right,
            "<": left < right,
            ">=": left >= right,
            "<=": left <= right,
        }[operator]
    )


def _as_number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.match(text) else None
