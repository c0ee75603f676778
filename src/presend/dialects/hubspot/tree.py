"""Nests tokens into blocks as Jinjava's tree parser does, and notes what does not nest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from presend.dialects.hubspot.catalogue import CORE_BLOCKS, CORE_LEAVES, PLATFORM_ENDS, PLATFORM_TAGS, TAG_SLIPS
from presend.dialects.hubspot.lexer import Token, TokenKind, without_strings


@dataclass(frozen=True, slots=True)
class TextLeaf:
    """Text as it prints: trimmed where a neighbouring tag trims."""

    token: Token
    text: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """An output, a tag without a body, a broken stretch, or a block nested too deeply to follow."""

    token: Token


@dataclass(frozen=True, slots=True)
class Branch:
    """One arm of an if or unless; an else has no test."""

    token: Token
    tested: bool
    body: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """if / elif / else; `negated` for unless, whose elif arms Jinjava negates too."""

    start: int
    end: int
    negated: bool
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """for, macro, call, block, autoescape, ifchanged, or a set with a body."""

    token: Token
    start: int
    end: int
    body: tuple[Tree, ...]


_MAX_DEPTH = 60
"""Blocks nested deeper stay leaves: nobody writes them, and Python's stack is finite."""

Tree = TextLeaf | Leaf | Fork | Block


@dataclass(frozen=True, slots=True)
class Misnest:
    """A tag that does not pair; `opener` tells an unclosed block from a stray closer or a stray else."""

    token: Token
    opener: bool
    closer: str = ""
    """The end tag that is missing, for an opener."""
    inside: str = ""
    """The block in which a stray else stands."""


@dataclass(slots=True)
class _Frame:
    token: Token
    body: list[Tree] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    arm: Token | None = None

    @property
    def forks(self) -> bool:
        return self.token.name in ("if", "unless")

    def close_arm(self) -> None:
        token = self.arm or self.token
        self.branches.append(Branch(token, token.name != "else", tuple(self.body)))
        self.body = []

    def flat(self) -> list[Tree]:
        """Everything inside, as it would stand there without the tag."""
        return [tree for branch in self.branches for tree in branch.body] + self.body


def opens(token: Token) -> bool:
    """Whether a tag needs an end tag; `set` does when it assigns nothing on the spot."""
    if token.name == "set":
        return "=" not in without_strings(token.args)
    return token.name in CORE_BLOCKS


def is_platform_tag(name: str) -> bool:
    """Whether HubSpot fills this tag in by itself, an end tag of such a block included."""
    return name in PLATFORM_TAGS or name in PLATFORM_ENDS or name.removeprefix("end_") in PLATFORM_TAGS


def is_known_leaf(name: str) -> bool:
    """Whether a tag that opens no block exists in HubL."""
    return name in CORE_LEAVES or is_platform_tag(name)


def _closes(name: str) -> str:
    """The block that an end tag closes, or an empty string."""
    block = name.removeprefix("end")
    return block if name != block and (block in CORE_BLOCKS or block == "set") else ""


def slip_of(token: Token) -> str:
    """HubL's own word for a tag of another language or of two words: `elseif`, `end if`; empty where it is none."""
    words = token.body.split()
    if words[:1] == ["end"] and len(words) == 2 and _closes(f"end{words[1]}"):
        return f"end{words[1]}"
    return TAG_SLIPS.get(token.name, "")


class _Builder:
    def __init__(self) -> None:
        self.root: list[Tree] = []
        self.frames: list[_Frame] = []
        self.open: Counter[str] = Counter()
        """How many frames there are of each tag."""
        self.misnests: list[Misnest] = []

    def add(self, tree: Tree) -> None:
        (self.frames[-1].body if self.frames else self.root).append(tree)

    def tag(self, token: Token) -> None:
        if token.name in ("else", "elif"):
            self.middle(token)
        elif block := _closes(token.name):
            self.close(token, block)
        elif opens(token):
            self.frames.append(_Frame(token))
            self.open[token.name] += 1
        else:
            self.add(Leaf(token))
            if (block := _closes(slip_of(token))) and self.open[block]:
                self.close(token, block)  # it is misspelt, as the leaf will tell, and the block is not unclosed besides

    def middle(self, token: Token) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or not frame.forks:
            self.misnests.append(Misnest(token, opener=False, inside=frame.token.name if frame else ""))
            return
        frame.close_arm()
        frame.arm = token

    def abandon(self, first: int) -> None:
        """Leaves the blocks from `first` inwards open: their tags become nothing and their content stays."""
        left = self.frames[first:]
        del self.frames[first:]
        for frame in reversed(left):
            self.open[frame.token.name] -= 1
            self.misnests.append(Misnest(frame.token, opener=True, closer=f"end{frame.token.name}"))
        inside = self.frames[-1].body if self.frames else self.root
        for frame in left:
            inside.extend(frame.flat())

    def close(self, token: Token, block: str) -> None:
        if not self.open[block]:
            self.misnests.append(Misnest(token, opener=False))
            return
        place = len(self.frames) - 1
        while self.frames[place].token.name != block:
            place -= 1
        self.abandon(place + 1)
        frame = self.frames.pop()
        self.open[block] -= 1
        start, end = frame.token.start, token.end
        if len(self.frames) >= _MAX_DEPTH:
            self.add(Leaf(frame.token))
        elif frame.forks:
            frame.close_arm()
            self.add(Fork(start, end, block == "unless", tuple(frame.branches)))
        else:
            self.add(Block(frame.token, start, end, tuple(frame.body)))


def _trimmed(tokens: Sequence[Token], index: int) -> str:
    text = tokens[index].text
    if index + 1 < len(tokens) and tokens[index + 1].trim_left:
        text = text.rstrip()
    if index and tokens[index - 1].trim_right:
        text = text.lstrip()
    return text


def nest(tokens: Sequence[Token]) -> tuple[tuple[Tree, ...], tuple[Misnest, ...]]:
    """The tree of a token sequence and what does not pair in it; never raises."""
    builder = _Builder()
    for index, token in enumerate(tokens):
        match token.kind:
            case TokenKind.TEXT:
                builder.add(TextLeaf(token, _trimmed(tokens, index)))
            case TokenKind.COMMENT:
                builder.add(TextLeaf(token, ""))
            case TokenKind.TAG:
                builder.tag(token)
            case TokenKind.OUTPUT | TokenKind.BROKEN:
                builder.add(Leaf(token))
    builder.abandon(0)
    return tuple(builder.root), tuple(builder.misnests)
