"""From source to Django's node tree: lossless tokens, and a parse that goes on after a fault.

Django stops at the first fault. Here the faulty tag is mended or left out and the parse repeated, so that one run tells
all faults and the rest of the template can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from presend.dialects.base import Span
from presend.dialects.klaviyo import faults, listing, tags
from presend.dialects.klaviyo.engine import DJANGO
from presend.seek import Seeker

_base = DJANGO.base
_Parser: Any = DJANGO.base.Parser
_Lexer: Any = DJANGO.base.DebugLexer

_OPENER = re.compile(r"\{[{%#]")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}

_LIBRARIES = [tags.library(), listing.library()]
_ORIGIN = _base.Origin(_base.UNKNOWN_SOURCE)

MOST_FAULTS = 60
"""After so many faults in one part the rest is taken as text: it is no template any more."""

_COMPILE_ERRORS = (_base.TemplateSyntaxError, ValueError, TypeError, LookupError, AttributeError)


class Parser(_Parser):  # type: ignore[misc]  # Django has no types
    """Django's parser over this dialect's tags and filters; every node learns where it starts and ends."""

    def __init__(self, tokens: list[Any], source: str) -> None:
        super().__init__(tokens, {}, _LIBRARIES, _ORIGIN)
        self._source = source
        self._all = tokens

    def extend_nodelist(self, nodelist: Any, node: Any, token: Any) -> None:
        """Add the node, with `span` to the end of its closing tag and `source` as written in its (first) tag."""
        super().extend_nodelist(nodelist, node, token)
        last = self._all[len(self._all) - len(self.tokens) - 1]
        node.span = Span(token.position[0], last.position[1])
        node.source = self._source[slice(*token.position)]
        if hasattr(node, "arm_tokens"):
            node.arm_sources = [self._source[slice(*arm.position)] for arm in node.arm_tokens]


@dataclass(frozen=True, slots=True)
class Fault:
    """A tag that Klaviyo refuses."""

    span: Span
    source: str
    says: str
    fix: str
    meant: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tokens as written, Django's nodes of what could be parsed, and what could not."""

    tokens: tuple[Any, ...]
    nodes: Any
    faults: tuple[Fault, ...]
    too_deep: bool = False
    """Blocks are nested so deeply that nothing can be said."""


class Lexer(_Lexer):  # type: ignore[misc]  # Django has no types
    """Django's lexer, which does not look through the rest of the line for the end of each tag that has none."""

    def _tag_re_split_positions(self) -> Iterator[tuple[int, int]]:
        source = str(self.template_string)
        seeker = Seeker(source)
        last = at = 0
        while opener := _OPENER.search(source, at):
            start = opener.start()
            close = seeker.next(_CLOSERS[opener[0]], start + 2)
            line = seeker.next("\n", start)
            if close < 0 or 0 <= line < close:
                at = start + 1
                continue
            yield last, start
            last = at = close + 2
            yield start, last
        yield last, len(source)


def tokenize(source: str) -> list[Any]:
    """Django's tokens with their positions; joining the source at the positions gives the source."""
    tokens: list[Any] = Lexer(source).tokenize()
    return tokens


def parse(source: str) -> Parsed:
    """Parse any string; never raises."""
    written = tokenize(source)
    tokens = list(written)
    found: list[Fault] = []
    mended: set[int] = set()
    for _ in range(MOST_FAULTS):
        parser = Parser(tokens, source)
        try:
            nodes = parser.parse()
        except RecursionError:
            return Parsed(tuple(written), _base.NodeList(), tuple(found), too_deep=True)
        except _COMPILE_ERRORS as error:
            tokens, fault = _mend(tokens, parser, error, source, mended)
            if fault is not None:
                found.append(fault)
        else:
            return Parsed(tuple(written), nodes, tuple(sorted(found, key=lambda fault: fault.span)))
    return Parsed(tuple(written), _base.NodeList(), tuple(found), too_deep=True)


def _mend(
    tokens: list[Any], parser: Any, error: Exception, source: str, mended: set[int]
) -> tuple[list[Any], Fault | None]:
    token = getattr(error, "token", None)
    place = next((i for i, one in enumerate(tokens) if one is token), None)
    if token is None or place is None:
        return [], None
    place = _culprit(tokens, place)
    token, name = tokens[place], _name(tokens[place])
    unclosed = _unclosed(parser, token, name, str(error))
    if unclosed is not None:
        closer = tags.CLOSERS[_name(unclosed)]
        at = place if unclosed is not token else len(tokens)
        position = tokens[at].position[0] if at < len(tokens) else len(source)
        added = _base.Token(_base.TokenType.BLOCK, closer, (position, position), token.lineno)
        fault = _never_closed(unclosed, closer, source)
        return [*tokens[:at], added, *tokens[at:]], fault
    span = Span(*token.position)
    if closer := _right_closer(parser, token, name, tokens[place + 1 :]):
        meant = "{% " + closer + " %}"
        says = f"The block that is open here is closed by {meant}. {faults.SKIPPED}"
        right = _base.Token(_base.TokenType.BLOCK, closer, token.position, token.lineno)
        fault = Fault(span, source[span.start : span.end], says, f"Write {meant}", meant)
        return [*tokens[:place], right, *tokens[place + 1 :]], fault
    explained = faults.explain(token, str(error), can_parse)
    first = span.start not in mended
    mended.add(span.start)
    if first and explained.contents is not None:
        replacement = _base.Token(token.token_type, explained.contents, token.position, token.lineno)
    else:
        replacement = _base.Token(_base.TokenType.COMMENT, "", token.position, token.lineno)
    fault = Fault(span, source[span.start : span.end], explained.says, explained.fix, explained.meant)
    return [*tokens[:place], replacement, *tokens[place + 1 :]], fault if first else None


def _culprit(tokens: list[Any], place: int) -> int:
    """The place of the tag that is at fault: Django blames the `if` for what is wrong in an `elif` of it."""
    if _name(tokens[place]) != "if" or not can_parse(tokens[place].contents, block=True):
        return place
    depth = 0
    for at in range(place + 1, len(tokens)):
        if tokens[at].token_type is not _base.TokenType.BLOCK:
            continue
        name = _name(tokens[at])
        if name in tags.CLOSERS:
            depth += 1
        elif name in tags.CLOSERS.values():
            if not depth:
                break
            depth -= 1
        elif name == "elif" and not depth and not can_parse(f"if {tokens[at].contents.strip()[4:]}", block=True):
            return at
    return place


def _name(token: Any) -> str:
    return str(token.contents.split(None, 1)[0]) if token.contents.strip() else ""


def _unclosed(parser: Any, token: Any, name: str, message: str) -> Any:
    """The opening tag that lacks its end, if that is what went wrong at `token`."""
    if message.startswith("Unclosed tag"):
        return token if name in tags.CLOSERS else None
    opener = next((opener for opener, closer in tags.CLOSERS.items() if closer == name), None)
    openers = {opener} if opener else set(tags.COMPANIONS.get(name, ()))
    stack = [one for one in parser.command_stack if one[1] is not token]
    if not openers or not stack or stack[-1][0] in openers or stack[-1][0] not in tags.CLOSERS:
        return None
    return stack[-1][1] if any(command in openers for command, _ in stack) else None


def _right_closer(parser: Any, token: Any, name: str, after: list[Any]) -> str:
    """What an end tag should have been that closes no open block, where the innermost one has no end of its own."""
    stack = [one[0] for one in parser.command_stack if one[1] is not token]
    opener = next((opener for opener, closer in tags.CLOSERS.items() if closer == name), None)
    if opener is None or not stack or opener in stack or stack[-1] not in tags.CLOSERS:
        return ""
    closer = tags.CLOSERS[stack[-1]]
    return "" if any(_name(one) == closer for one in after) else closer


def _never_closed(token: Any, closer: str, source: str) -> Fault:
    span = Span(*token.position)
    written = source[span.start : span.end]
    closing = "{% " + closer + " %}"
    says = f"This block is never closed with {closing}. {faults.SKIPPED}"
    return Fault(span, written, says, f"Add {closing} where the block ends.", "")


def can_parse(contents: str, *, block: bool) -> bool:
    """Whether a tag of these contents would be accepted (a block with its end added)."""
    kind = _base.TokenType.BLOCK if block else _base.TokenType.VAR
    tokens = [_base.Token(kind, contents, (0, 0), 1)]
    name = contents.split(None, 1)[0] if contents.strip() else ""
    if block and name in tags.CLOSERS:
        tokens.append(_base.Token(kind, tags.CLOSERS[name], (0, 0), 1))
    try:
        Parser(tokens, "").parse()
    except (*_COMPILE_ERRORS, RecursionError):
        return False
    return True
