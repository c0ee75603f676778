"""From source to merge tags: where they are, what each says, and what is wrong with its spelling.

No vocabulary here: whether a field exists is the compiler's question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from presend.dialects.base import Span
from presend.dialects.mailchimp import catalogue
from presend.dialects.shadow import fold_text


class TagKind(Enum):
    """What a merge tag does."""

    FIELD = auto()
    DATE = auto()
    YEAR = auto()
    SYSTEM = auto()
    EVENT = auto()
    IF = auto()
    IFNOT = auto()
    ELSEIF = auto()
    ELSE = auto()
    END = auto()
    INTERESTED = auto()
    INLINE_DEFAULT = auto()
    BROKEN = auto()
    HALF = auto()
    NONSENSE = auto()


OPENERS = frozenset([TagKind.IF, TagKind.IFNOT, TagKind.INTERESTED])
CONDITIONS = frozenset([TagKind.IF, TagKind.IFNOT, TagKind.ELSEIF])
CONTROLS = frozenset([*OPENERS, TagKind.ELSEIF, TagKind.ELSE, TagKind.END])


@dataclass(frozen=True, slots=True)
class Tag:
    """One merge tag, `*|body|*`."""

    kind: TagKind
    span: Span
    body: str
    name: str = ""
    """The field it reads or the block it closes; for INTERESTED everything behind the first colon."""
    filter: str = ""
    op: str = ""
    """= != < > <= >= or empty for a bare condition."""
    value: str = ""
    """The literal behind `op`, without leading spaces; for DATE the format."""
    effect: str = ""
    wrong: str = ""
    """Why Mailchimp would not take it as it is written; the rest of the tag says what it was meant to be."""
    fix: str = ""
    """The tag as it should be written, where `wrong` is set."""

    @property
    def source(self) -> str:
        """The tag as written."""
        return "*|" if self.kind is TagKind.HALF else f"*|{self.body}|*"


_TAG = re.compile(r"\*\|((?:[^*|\r\n]|\*(?!\|)|\|(?!\*))*+)\|\*")
_OPENER = re.compile(r"\*\|")
_DELIMITER = re.compile(r"\*\||\|\*")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_ANY_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CONDITION = re.compile(
    r"(?P<name>(?:[^=!<>]|!(?!=))*?)(?P<gap>\s*)(?:(?P<op>!=|>=|<=|=|>|<)\s*(?P<value>.*))?", re.DOTALL
)
_JOINED = re.compile(r"^(?P<left>.*?)\s*(?:\s(?:AND|OR|and|or)\s|&&|\|\||&amp;&amp;)\s*(?P<right>.+)$", re.DOTALL)
_INLINE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)\s*[:|,=?\s].*", re.DOTALL)
_LOOSE_IF = re.compile(
    r"\s*(?P<word>else[\s_:]*if(?:not)?|elsif|elif|if[\s_]*not|if)(?P<rest>[\s:].*|)", re.IGNORECASE | re.DOTALL
)
_LOOSE_END = re.compile(r"\s*end[\s:_/]*(?P<what>[a-z_]*)[\s:]*", re.IGNORECASE)
_SPACED_PIPE = re.compile(r"\s\||\|\s")
# With a head that only a tag has, a pipe with space beside it is a misspelt tag: a default, or an `or`.
_TAG_HEAD = re.compile(
    r"(?:[A-Z][A-Z0-9_]*|(?i:else\s?if(?:not)?|if\s?not|if|interested)):.*|[A-Z][A-Z0-9_]*\s*\|[^|]*", re.DOTALL
)
_OPAQUE_HEADS = re.compile(r"(?:FEED|RSS|SHARE|TWITTER|POLL|SURVEY|PROMO_CODE|PRODUCT|VIDEO|INTERESTED:)")


def tags_of(source: str) -> list[Tag]:
    """Every merge tag whose two delimiters stand on one line, in source order; never raises.

    An opening delimiter that may belong to a tag around other tags, or across lines, is a tag of kind HALF: what
    Mailchimp makes of such a pair is not documented. One without any partner is text, and so is a pair around
    dashes or around words with pipes between them: a drawing, or a footer.
    """
    if "*|" not in source:
        return []
    pairs = list(_TAG.finditer(source))
    whole = [_tag(found[1], Span(*found.span())) for found in pairs if not _is_drawing(found[1])]
    inside = {at for found in pairs for at in range(*found.span())}
    half = [Tag(TagKind.HALF, Span(at, at + 2), "") for at in _doubtful(source) if at not in inside]
    return sorted([*whole, *half], key=lambda tag: tag.span)


def _is_drawing(body: str) -> bool:
    folded = fold_text(body)
    if folded and not any(char.isalpha() for char in folded):
        return True
    return _SPACED_PIPE.search(folded) is not None and _TAG_HEAD.fullmatch(folded) is None


def _doubtful(source: str) -> Iterator[int]:
    """Where an opening delimiter stands that has a partner, though not of a whole tag on one line."""
    opened: list[int] = []
    at = 0
    # A closing delimiter with nothing open is text, and its asterisk may open the next tag.
    while found := (_DELIMITER if opened else _OPENER).search(source, at):
        at = found.end()
        if found[0] == "|*":
            yield opened.pop()
            continue
        if opened and source.startswith("|*", found.start() + 1):
            yield opened[-1]
        opened.append(found.start())


def _tag(body: str, span: Span) -> Tag:
    folded = fold_text(body)
    if folded != body and not _OPAQUE_HEADS.match(body) and not _entity_in_value(body):
        meant = _classify(" ".join(folded.split()), span)
        return Tag(
            meant.kind if meant.kind in CONTROLS else TagKind.BROKEN,
            span,
            body,
            name=meant.name,
            wrong="hidden",
            fix=f"*|{meant.body}|*",
        )
    return _classify(body, span)


def _entity_in_value(body: str) -> bool:
    """An editor writes & in a compared value as &amp;: that is how its html has to look."""
    head, equals, value = body.partition("=")
    return bool(equals) and fold_text(head) == head and re.sub(r"&amp;", "&", value) == fold_text(value)


def _classify(body: str, span: Span) -> Tag:
    head, colon, rest = body.partition(":")
    if head in ("IF", "IFNOT", "ELSEIF") and colon:
        return _condition(TagKind[head], rest, body, span)
    if body == "ELSE:":
        return Tag(TagKind.ELSE, span, body)
    if head == "END" and colon and (rest in catalogue.BLOCKS or rest in ("IF", "INTERESTED", "")):
        return Tag(TagKind.END, span, body, name=rest)
    if head == "INTERESTED" and colon:
        return Tag(TagKind.INTERESTED, span, body, name=rest)
    return _printing(body, head, rest, span) or _misspelt(body, span) or _other(body, span)


def _printing(body: str, head: str, rest: str, span: Span) -> Tag | None:
    if head == "DATE" and rest:
        return Tag(TagKind.DATE, span, body, value=rest)
    if body == "CURRENT_YEAR":
        return Tag(TagKind.YEAR, span, body)
    if catalogue.EVENT.fullmatch(body):
        return Tag(TagKind.EVENT, span, body)
    if (effect := catalogue.effect_of(body)) is not None:
        return Tag(TagKind.SYSTEM, span, body, name=head.rstrip(), effect=effect)
    if head in catalogue.FILTERS and _ANY_NAME.fullmatch(rest):
        return Tag(TagKind.FIELD, span, body, name=rest, filter=head)
    return None


def _other(body: str, span: Span) -> Tag:
    if body in catalogue.NOT_REAL:
        return Tag(TagKind.NONSENSE, span, body, name=body, fix=catalogue.NOT_REAL[body])
    if _ANY_NAME.fullmatch(body.strip()):
        return Tag(TagKind.FIELD, span, body, name=body)
    inline = _INLINE.fullmatch(body)
    return Tag(
        TagKind.INLINE_DEFAULT if inline else TagKind.NONSENSE, span, body, name=inline["name"] if inline else body
    )


def _condition(kind: TagKind, rest: str, body: str, span: Span) -> Tag:
    found = _CONDITION.fullmatch(rest)
    assert found is not None  # every part of the pattern may be empty, and `value` takes whatever follows
    name, op, value = found["name"], found["op"] or "", found["value"] or ""
    tag = Tag(kind, span, body, name=name.strip(), op=op, value=value)
    joined = _JOINED.match(rest)
    if joined and (not op or re.search(r"[=<>]", joined["right"]) or "&&" in rest or "||" in rest):
        return _wrongly(tag, "Mailchimp's conditions know no AND and no OR", _nested(kind, joined))
    if op == "=" and value.startswith("="):
        return _wrongly(tag, "equality is written with one =", f"*|{kind.name}:{tag.name}={value.lstrip('= ')}|*")
    if not tag.name:
        return _wrongly(tag, "the condition names no field", "")
    if name != tag.name or (not op and found["gap"]):
        tidy = f"{op}{value}" if op else ""
        return _wrongly(
            tag, "conditions do not forgive a space around the field's name", f"*|{kind.name}:{tag.name}{tidy}|*"
        )
    if op and not value:
        return _wrongly(tag, "the comparison has nothing to compare with", f"*|IFNOT:{tag.name}|*" if op == "=" else "")
    return tag


def _nested(kind: TagKind, joined: re.Match[str]) -> str:
    both = re.search(r"\s(?:AND|and)\s|&&|&amp;&amp;", joined[0]) is not None
    if not both or kind is not TagKind.IF:
        return ""
    return f"*|IF:{joined['left'].strip()}|**|IF:{joined['right'].strip()}|*…*|END:IF|**|END:IF|*"


def _misspelt(body: str, span: Span) -> Tag | None:
    key = re.sub(r"[\s:_/]+", "", body).upper()
    if key == "ELSE":
        return _wrongly(Tag(TagKind.ELSE, span, body), f"*|{body}|* is no control tag", "*|ELSE:|*")
    if key == "ENDIF" or (key.startswith("END") and _LOOSE_END.fullmatch(body)):
        what = key[3:]
        name = "INTERESTED" if what.startswith(("INTEREST", "GROUP")) else what if what in catalogue.BLOCKS else "IF"
        return _wrongly(Tag(TagKind.END, span, body, name=name), f"*|{body}|* is no control tag", f"*|END:{name}|*")
    loose = _LOOSE_IF.fullmatch(body)
    if loose is not None:
        word = re.sub(r"[\s_:]", "", loose["word"]).upper()
        kind = {"IF": TagKind.IF, "IFNOT": TagKind.IFNOT}.get(word, TagKind.ELSEIF)
        meant = _condition(kind, loose["rest"].lstrip(" :").rstrip(), body, span)
        fix = f"*|{kind.name}:{meant.name}{meant.op}{meant.value}|*" if meant.name else ""
        return _wrongly(meant, f"*|{body}|* is no control tag", fix)
    if key.startswith("INTERESTED") and not _NAME.fullmatch(body):
        rest = body.partition(":")[2]
        return _wrongly(Tag(TagKind.INTERESTED, span, body, name=rest), f"*|{body}|* is no control tag", "")
    return None


def _wrongly(tag: Tag, wrong: str, fix: str) -> Tag:
    return Tag(tag.kind, tag.span, tag.body, tag.name, tag.filter, tag.op, tag.value, tag.effect, wrong, fix)
