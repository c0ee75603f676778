"""Cuts HubL source into tokens without losing a character, the way Jinjava's scanner does.

Delimiters inside quotes do not close a tag. Where a delimiter is left open Jinjava swallows text up to the next
closing one; here the broken stretch ends early, so that it can be shown and the rest still be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class TokenKind(StrEnum):
    """What a stretch of HubL is."""

    TEXT = "text"
    OUTPUT = "output"
    TAG = "tag"
    COMMENT = "comment"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of source; `body` is what stands between the delimiters, without the trim marks."""

    kind: TokenKind
    start: int
    end: int
    text: str
    body: str = ""
    name: str = ""
    """The tag's name in lower case; empty for everything but tags."""
    args: str = ""
    """What follows the tag's name."""
    trim_left: bool = False
    trim_right: bool = False
    may_trim: bool = False
    """For an output: it has a trim mark beside white space, and versions of Jinjava differ on what that does."""
    closed_later: bool = False
    """For a broken one: a closing delimiter follows somewhere, so Jinjava would swallow the text up to there."""

    @property
    def normal(self) -> str:
        """The tag with white space collapsed and trimmed inside its delimiters."""
        return f"{self.text[:2]}{' '.join(self.body.split())}{self.text[-2:]}"


_OPEN = re.compile(r"\{[{%#]")
_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_INSIDE = {
    "{{": re.compile(rf"{_STRING}|\}}\}}|\{{[{{%]", re.DOTALL),
    "{%": re.compile(rf"{_STRING}|%\}}|\{{[{{%]", re.DOTALL),
}
_STRINGS = re.compile(_STRING, re.DOTALL)
_BROKEN = re.compile(r"\{[{%]-?[^{}<\n]*\}|\{[{%]-?[ \t]*[\w.]*")
_NAME = re.compile(r"\s*([^\W\d]\w*)")
_ENDRAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_CLOSERS = {"{{": "}}", "{%": "%}"}


def without_strings(body: str) -> str:
    """The body with its quoted strings blanked out, length kept."""
    return _STRINGS.sub(lambda found: " " * len(found.group()), body)


def _close(source: str, opener: str, start: int) -> int:
    """Offset after the closing delimiter, or -1 when the tag is not closed before another one opens."""
    closer = _CLOSERS[opener]
    for found in _INSIDE[opener].finditer(source, start):
        piece = found[0]
        if piece == closer:
            return found.end()
        if piece[0] == "{":
            return -1
        # A string that runs over markup or a line break is a forgotten quote, not a delimiter in quotes.
        if closer in piece and re.search(r"[<\n]", piece):
            return source.index(closer, found.start()) + 2
    return -1


def _broken(source: str, start: int) -> Token:
    """The broken stretch: up to a lone brace, else the first word after the delimiter."""
    found = _BROKEN.match(source, start)
    text = found[0].rstrip() if found else source[start : start + 2]
    closed = source.find(_CLOSERS[text[:2]], start + len(text)) >= 0
    return Token(TokenKind.BROKEN, start, start + len(text), text, text[2:], closed_later=closed)


def _block(source: str, start: int, end: int) -> Token:
    text = source[start:end]
    body = text[2:-2]
    left = body.startswith("-")
    body = body[left:]
    right = body.endswith("-")
    body = body[: len(body) - right]
    if text.startswith("{{"):
        trims = (left and source[start - 1 : start].isspace()) or (right and source[end : end + 1].isspace())
        return Token(TokenKind.OUTPUT, start, end, text, body, may_trim=trims)
    named = _NAME.match(body)
    name = named.group(1).lower() if named else ""
    args = body[named.end() :] if named else body
    return Token(TokenKind.TAG, start, end, text, body, name, args, left, right)


def _next(source: str, start: int) -> Token:
    opener = source[start : start + 2]
    if source.startswith("{#}", start):
        return Token(TokenKind.BROKEN, start, start + 3, "{#}")
    if opener == "{#":
        end = source.find("#}", start + 2)
        if end < 0:
            return Token(TokenKind.BROKEN, start, len(source), source[start:], source[start + 2 :])
        return Token(TokenKind.COMMENT, start, end + 2, source[start : end + 2])
    end = _close(source, opener, start + 2)
    return _broken(source, start) if end < 0 else _block(source, start, end)


def scan(source: str) -> tuple[Token, ...]:
    """The tokens of a source, in order and without gaps; never raises."""
    tokens: list[Token] = []
    position = 0

    def text(until: int) -> None:
        if until > position:
            tokens.append(Token(TokenKind.TEXT, position, until, source[position:until]))

    while opened := _OPEN.search(source, position):
        text(opened.start())
        token = _next(source, opened.start())
        tokens.append(token)
        position = token.end
        if token.kind is TokenKind.TAG and token.name == "raw":
            closing = _ENDRAW.search(source, position)
            until = closing.start() if closing else len(source)
            text(until)
            position = until
    text(len(source))
    return tuple(tokens)
