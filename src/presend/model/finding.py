"""What came out: hits as check authors write them, findings as the engine stamps them, and the outcome of a check."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from presend.model.campaign import Part

if TYPE_CHECKING:
    from presend.audience.engine import Who


class Severity(IntEnum):
    """What it would do to the people it reaches. Never lowered because presend is unsure."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    BLOCKER = 4

    @property
    def word(self) -> str:
        """As settings and reports spell it."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure presend is."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def word(self) -> str:
        """As settings and reports spell it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Location:
    """Where in a message; `start` and `end` are character offsets into the part's source, None for the whole part."""

    part: Part
    start: int | None = None
    end: int | None = None
    expression: str = ""
    """The normalised expression, part of the fingerprint; empty for findings about the whole part."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check says: where, what, who. The engine stamps the rest."""

    at: Location
    says: str
    """One sentence in plain words; no personal data."""
    fix: str
    """What to do next."""
    who: Who | None = None
    """The recipients; None: everybody who could get this message."""
    reads: str | None = None
    """What an affected person would read, where it is the same for all; else taken from the reading."""
    severity: Severity | None = None
    """Only where it differs from the check's own."""
    confidence: Confidence = Confidence.HIGH
    reason: str = ""
    """The per-recipient reason in the `--recipients` file; `says` when empty."""
    column: str | None = None
    """The audience column whose value is at fault, so that examples can show it (masked)."""


class FindingState(StrEnum):
    """Whether this was there before, and whether somebody accepted it."""

    NEW = "new"
    KNOWN = "known"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Example:
    """One affected recipient: the platform's id, what they would read around the place."""

    recipient: str
    reads: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with everything the engine knows about it."""

    code: str
    name: str
    mishaps: tuple[str, ...]
    severity: Severity
    confidence: Confidence
    message_id: str
    message: str
    part: Part
    line: int | None
    column: int | None
    snippet: str
    says: str
    fix: str
    affected: int | None
    audience: int | None
    examples: tuple[Example, ...]
    fingerprint: str
    reason: str = ""
    state: FindingState = FindingState.NEW
    start: int | None = None
    end: int | None = None
    """Character offsets into the part's source, as `Location` has them."""
    who: Who | None = field(default=None, compare=False, repr=False)
    """The recipients, as a question the audience engine can still answer; never written to a report."""


class UncheckedKind(StrEnum):
    """FAILED: tried and did not get it. UNKNOWABLE: the platform, dialect or a missing fact cannot tell."""

    FAILED = "failed"
    UNKNOWABLE = "unknowable"


@dataclass(frozen=True, slots=True)
class Passed:
    """Looked, found nothing."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """Looked, found something."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Did not look, and this is why; `affected` recipients stay unjudged for this check."""

    reason: str
    kind: UncheckedKind = UncheckedKind.UNKNOWABLE
    affected: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The check itself failed: a bug in presend, said as such."""

    error: str


CheckOutcome = Passed | Flagged | Skipped | Broken
