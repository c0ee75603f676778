"""For check authors: declare what a check is called, what it needs, how bad it is; write where, what, who."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from presend.model import Hit, Severity

if TYPE_CHECKING:
    from presend.mail import Mail
    from presend.model.claim import Claim


class Need(StrEnum):
    """What a check may look at. `Mail` hands out nothing that was not declared, and an unmet need skips it."""

    PARTS = "parts"
    """The compiled parts of the message; with an audience, also what they print."""
    AUDIENCE = "audience"
    """The recipients: without them the check does not run."""
    FACTS = "facts"
    """Fact columns (`@…`) of the recipients; implies AUDIENCE."""
    SCHEDULE = "schedule"
    CHECKLIST = "checklist"
    SOURCES = "sources"
    BLACKOUTS = "blackouts"
    """Places in which offers stay at home for some days."""
    SEGMENT = "segment"
    """The audience definition: conditions, what is included, since when it is frozen."""
    FOUND = "found"
    """How bad the worst is of what else was found in the campaign: such a check comes after all others."""
    NEIGHBOURS = "neighbours"
    """What else is due, to some of the same people, in all accounts: such a check comes when all are read."""
    OPTOUTS = "optouts"
    """Who has opted out in another configured account; asked for only where a check needs it."""
    RECORD = "record"
    """What people said of the campaign; a template on disk has none, so there the check does not run."""


LAST = frozenset({Need.RECORD, Need.FOUND})
"""Needs of checks that depend on what else was found."""
CROSSING = frozenset({Need.NEIGHBOURS, Need.OPTOUTS})
"""Needs of checks that look across campaigns and accounts; they judge when a run has read them all."""


class Level(StrEnum):
    """How often a check runs."""

    MESSAGE = "message"
    """Once per variant."""
    CAMPAIGN = "campaign"
    """Once per campaign."""
    TIME = "time"
    """Once for each of the times at which messages of the campaign go; nearly always that is once."""


HEADINGS = ("Why it matters", "How to fix", "Known limits")
"""The headings every check's docstring has, in this order; `presend explain` and the documentation print them."""

Run = Callable[["Mail"], Iterator[Hit]]


class CannotTell(Exception):
    """A check raises this when it cannot judge, or not any further: a missing fact, a time that nobody states."""

    def __init__(self, reason: str, affected: int | None = None) -> None:
        """`reason` is a sentence without anybody's data, `affected` how many recipients stay unjudged."""
        super().__init__(reason)
        self.reason = reason
        self.affected = affected


@dataclass(frozen=True, slots=True)
class Rule:
    """A check as the engine sees it."""

    code: str
    name: str
    """Reads well after "allow": `no-fallback`."""
    mishaps: tuple[str, ...]
    """The mishaps it serves (M01 … M30)."""
    severity: Severity
    needs: frozenset[Need]
    level: Level
    run: Run
    doc: str
    module: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """Settings of `[checks.<CODE>]` with their defaults; the default's type is the setting's type."""
    asks: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)
    """Facts that cost a platform requests of their own (`presend.audience.schema.DEAR`) and that the rule looks at.

    Each with the question whether the source of a template may need it: only then a platform is asked.
    """

    @property
    def family(self) -> str:
        """The three letters in front of the number."""
        return self.code[:3]

    @property
    def summary(self) -> str:
        """The docstring's first line."""
        return self.doc.splitlines()[0] if self.doc else ""

    def section(self, heading: str) -> str:
        """The text under one of `HEADINGS`; empty when the docstring lacks it."""
        lines = self.doc.splitlines()
        try:
            start = lines.index(heading)
        except ValueError:
            return ""
        body = []
        for line in lines[start + 1 :]:
            if line in HEADINGS:
                break
            body.append(line)
        return "\n".join(body).strip().lstrip("-").strip()


def check(
    code: str,
    name: str,
    *,
    mishaps: Iterable[str],
    severity: Severity,
    needs: Iterable[Need],
    level: Level = Level.MESSAGE,
    options: Mapping[str, Any] | None = None,
    asks: Mapping[str, Callable[[str], bool]] | None = None,
) -> Callable[[Run], Rule]:
    """Turn a generator of hits into a `Rule`; its docstring becomes the rule's page."""

    def decorate(run: Run) -> Rule:
        return Rule(
            code=code,
            name=name,
            mishaps=tuple(mishaps),
            severity=severity,
            needs=frozenset(needs),
            level=level,
            run=run,
            doc=inspect.cleandoc(run.__doc__ or ""),
            module=run.__module__,
            options=dict(options or {}),
            asks=dict(asks or {}),
        )

    return decorate


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A named collection of rules, found by the entry point group `presend.checks`."""

    name: str
    rules: tuple[Rule, ...]
    claims: Callable[[Mail], Iterator[Claim]] | None = None
    """What a message says of its readers, with its counts (`presend read --claims`); None: this book does not look.

    The mail lets it look at parts, facts and the schedule.
    """
