"""The one small tree all three template languages parse to, and the program it compiles to.

Two steps, because a name can only be judged once the account's vocabulary is known:

    source ── Dialect.parse ──▶ Template   lossless nodes, columns it may read, what is broken
    Template + Vocabulary ── Dialect.compile ──▶ Program   pieces that print, choose or stop; issues in neutral words

Laws: joining `Template.nodes` gives the source for any string; nothing raises on any source; an `Expression` never
raises on any row. What the platform would do with a construct that is not certain is `OutcomeKind.UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from presend.audience.values import Row
from presend.model import Kind, Part, Platform, Vocabulary


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Character offsets into the source, end exclusive."""

    start: int
    end: int


class NodeKind(StrEnum):
    """What a stretch of source is."""

    TEXT = "text"
    OUTPUT = "output"
    TAG = "tag"
    COMMENT = "comment"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Node:
    """One stretch of source; a template is a flat, gapless sequence of them."""

    kind: NodeKind
    span: Span
    text: str
    name: str = ""
    """The tag's or field's name where there is one."""


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed part. `native` is the dialect's own tree; only the dialect that made it looks inside."""

    platform: Platform
    part: Part
    source: str
    nodes: tuple[Node, ...]
    names: tuple[str, ...]
    """Every field or property name the template may read, as written (before any vocabulary), sorted, unique."""
    native: Any = field(default=None, compare=False, repr=False)


class OutcomeKind(StrEnum):
    """What becomes of an expression for one recipient."""

    PRINTED = "printed"
    BLANK = "blank"
    LITERAL = "literal"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression prints. `text` is exact for PRINTED, BLANK (may be spaces) and LITERAL (source shows through).

    SKIPPED: the platform would not mail this recipient. UNKNOWN: nobody can say what prints; `reason` says why.
    """

    kind: OutcomeKind
    text: str = ""
    reason: str = ""


def printed(text: str) -> Outcome:
    """The outcome of printing `text`: BLANK when nobody could see it, the text kept byte for byte."""
    return Outcome(OutcomeKind.PRINTED if text.strip() else OutcomeKind.BLANK, text)


def skipped(reason: str) -> Outcome:
    """The platform leaves this recipient out."""
    return Outcome(OutcomeKind.SKIPPED, "", reason)


def unknown(reason: str) -> Outcome:
    """What prints cannot be known from here."""
    return Outcome(OutcomeKind.UNKNOWN, "", reason)


@dataclass(frozen=True, slots=True)
class Expression:
    """Something that is worked out per recipient: a value that prints, a condition, or a whole block.

    `evaluate` gets the row restricted to `columns` and returns an `Outcome`; for a condition (`test` true) PRINTED
    means true and BLANK means false. It never raises and depends on nothing but the row and the compile's inputs.
    """

    span: Span
    source: str
    """As written, for snippets."""
    normal: str
    """Normalised (white space, quotes) for fingerprints."""
    columns: tuple[str, ...]
    evaluate: Callable[[Row], Outcome] = field(compare=False, repr=False)
    test: bool = False
    bare: bool = False
    """Prints one column with escaping at most, or (a condition) asks only whether it has a value: its value classes
    may stand for its values. Texts of letters, digits and spaces all print as they are, or all come to the same."""
    fallback: str | None = None
    """The text that prints for a missing value where the template or account gives one; None: there is none."""
    fallback_place: str = ""
    """Where a fallback has to be added on this platform, as a phrase for `fix` (`set a default value for FNAME …`)."""
    compares: tuple[Comparison, ...] = ()
    """For conditions: the comparisons inside, in neutral words."""
    effect: str = ""
    """For opaque platform tags: `url`, `footer`, `content`, `catalog`, …; empty for fields. `binds` for a tag that only
    gives values names, and prints nothing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`column op literal` inside a condition; op is one of == != < <= > >= in contains truthy."""

    column: str
    op: str
    literal: Any = None


@dataclass(frozen=True, slots=True)
class Text:
    """Prints the same for everybody; `text` differs from the source for comments, raw blocks and the like."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Emit:
    """Prints what its expression gives."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Arm:
    """One branch of a choice; `test` None is the else branch."""

    test: Expression | None
    body: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """if / elif / else: the first arm whose test is true prints; none prints nothing."""

    span: Span
    arms: tuple[Arm, ...]


Piece = Text | Emit | Choice


class IssueKind(StrEnum):
    """What can be wrong with a template before anybody's data is looked at; checks turn these into findings."""

    SYNTAX = "syntax"
    UNKNOWN_NAME = "unknown_name"
    BROKEN_TAG = "broken_tag"
    FOREIGN_TAG = "foreign_tag"
    PLACEHOLDER = "placeholder"
    EMPTY_FALLBACK = "empty_fallback"
    EVENT_DATA = "event_data"
    UNKNOWN_GROUP = "unknown_group"
    UNRELIABLE = "unreliable"
    UNSUPPORTED = "unsupported"
    LIMIT = "limit"
    """More calls than the platform makes for one recipient: it drops them."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A fault in the source, in neutral words."""

    kind: IssueKind
    span: Span
    source: str
    says: str
    """What is wrong and what happens at send, one sentence, no personal data."""
    fix: str
    reads: str = ""
    """What everybody would read there, where that is certain (a literal tag); empty when not."""
    certain: bool = True
    """False where the vendor's behaviour is undocumented or the vocabulary is not complete."""
    normal: str = ""
    meant: str = ""
    """The tag that was probably meant, in the platform's own syntax; empty when nobody can tell."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled part. `fatal` set: the platform refuses the message or skips everybody, and says why."""

    template: Template
    pieces: tuple[Piece, ...]
    issues: tuple[Issue, ...]
    fatal: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What compiling needs to know besides the vocabulary; times are injected, never read from a clock."""

    now: datetime
    """Render time for date tags: the send time where known."""
    kind: Kind = Kind.CAMPAIGN
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the message, e.g. {"programmable": True} for HubSpot."""


class Dialect(Protocol):
    """A platform's template language."""

    @property
    def platform(self) -> Platform:
        """Whose language this is."""

    def parse(self, source: str, part: Part) -> Template:
        """The lossless template; never raises."""

    def column(self, name: str, vocabulary: Vocabulary) -> str:
        """The canonical audience column that a name as written reads (MERGE1 → FNAME, person.City → location.city)."""

    def compile(self, template: Template, vocabulary: Vocabulary, scene: Scene) -> Program:
        """The program and what is wrong with the source; never raises."""
