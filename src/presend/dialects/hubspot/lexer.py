"""Cuts HubL source into tokens without losing a character, the way Jinjava's scanner does.

Delimiters inside quotes do not close a tag. Where a delimiter is left open Jinjava swallows text up to the next
closing one; here the broken stretch ends early, so that it can be shown and the rest still be read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from presend.seek import Seeker


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
    "{{": re.compile(r"['\"]|\}\}|\{[{%]"),
    "{%": re.compile(r"['\"]|%\}|\{[{%]"),
}
_STRINGS = re.compile(_STRING, re.DOTALL)
_BROKEN = re.compile(r"\{[{%]-?[^{}<\n]*\}|\{[{%]-?[ \t]*[\w.]*")
_NAME = re.compile(r"\s*([^\W\d]\w*)")
_ENDRAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_CLOSERS = {"{{": "}}", "{%": "%}"}


def without_strings(body: str) -> str:
    """The body with its quoted strings blanked out, length kept."""
    return _STRINGS.sub(lambda found: " " * len(found.group()), body)


class _Source:
    """A source under the scanner, which keeps what it has learned, so that no stretch is read once per open tag."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seeker = Seeker(text)
        self._closes: dict[tuple[str, int], int] = {}
        """Opener and an offset outside of quotes → where the tag that is open there closes."""
        self._quotes: dict[str, list[int]] = {}
        """The quotes of each sign that no backslash stands before."""

    def close(self, opener: str, start: int) -> int:
        """Offset after the closing delimiter, or -1 when the tag is not closed before another one opens."""
        passed: list[int] = []
        at, end = start, -1
        while (known := self._closes.get((opener, at))) is None:
            passed.append(at)
            found = _INSIDE[opener].search(self.text, at)
            if found is None:
                break
            if found[0] not in "'\"":
                end = -1 if found[0][0] == "{" else found.end()
                break
            quote = self._quote(found[0], found.end())
            at = quote + 1 if quote >= 0 else found.end()
            # A string that runs over markup or a line break is a forgotten quote, not a delimiter in quotes.
            closes = self.seeker.next(_CLOSERS[opener], found.start(), at)
            if closes >= 0 and any(self.seeker.next(sign, found.start(), at) >= 0 for sign in "<\n"):
                end = closes + 2
                break
        else:
            end = known
        self._closes.update(((opener, one), end) for one in passed)
        return end

    def _quote(self, sign: str, start: int) -> int:
        """Where the string that a quote opened before `start` ends: at the next one without a backslash, or -1."""
        if sign not in self._quotes:
            self._quotes[sign] = [one.start() for one in re.finditer(sign, self.text) if not self._escaped(one.start())]
        places = self._quotes[sign]
        index = bisect_left(places, start)
        return places[index] if index < len(places) else -1

    def _escaped(self, place: int) -> bool:
        """Whether an odd number of backslashes stands before a place."""
        first = place
        while first and self.text[first - 1] == "\\":
            first -= 1
        return (place - first) % 2 == 1

    def broken(self, start: int) -> Token:
        """The broken stretch: up to a lone brace, else the first word after the delimiter."""
        found = _BROKEN.match(self.text, start)
        text = found[0].rstrip() if found else self.text[start : start + 2]
        closed = self.seeker.next(_CLOSERS[text[:2]], start + len(text)) >= 0
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


def _next(known: _Source, start: int) -> Token:
    source = known.text
    opener = source[start : start + 2]
    if source.startswith("{#}", start):
        return Token(TokenKind.BROKEN, start, start + 3, "{#}")
    if opener == "{#":
        end = source.find("#}", start + 2)
        if end < 0:
            return Token(TokenKind.BROKEN, start, len(source), source[start:], source[start + 2 :])
        return Token(TokenKind.COMMENT, start, end + 2, source[start : end + 2])
    end = known.close(opener, start + 2)
    return known.broken(start) if end < 0 else _block(source, start, end)


def scan(source: str) -> tuple[Token, ...]:
    """The tokens of a source, in order and without gaps; never raises."""
    tokens: list[Token] = []
    known = _Source(source)
    position = 0

    def text(until: int) -> None:
        if until > position:
            tokens.append(Token(TokenKind.TEXT, position, until, source[position:until]))

    while opened := _OPEN.search(source, position):
        text(opened.start())
        token = _next(known, opened.start())
        tokens.append(token)
        position = token.end
        if token.kind is TokenKind.TAG and token.name == "raw":
            closing = _ENDRAW.search(source, position)
            until = closing.start() if closing else len(source)
            text(until)
            position = until
    text(len(source))
    return tuple(tokens)
