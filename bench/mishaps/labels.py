"""What a generated campaign is known to have wrong with it: codes, places and recipients, by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from presend.model import NOTHING_DARK, Blackouts, Campaign, Confidence, Part, Record
from presend.ports import Batch

Ids = frozenset[str]


@dataclass(frozen=True, slots=True)
class Label:
    """One planted fault."""

    code: str
    """The check it was planted for."""
    affected: Ids
    """Recipients it does something to, known by construction."""
    needle: str = ""
    """Source text at the place; empty for faults of the campaign as a whole."""
    alternatives: tuple[str, ...] = ()
    """Codes under which the documents let the same fault be reported instead."""
    also: tuple[str, ...] = ()
    """Codes that are true beside it and count neither way."""
    or_affected: tuple[Ids, ...] = ()
    """Other sets that the documents leave open."""
    confidence: Confidence = Confidence.HIGH
    """How sure the documents let presend be."""
    why: str = ""
    """The reason, from the documents, for alternatives, further codes, other sets or less confidence."""
    column: str = ""
    """The column whose values are at fault, for showing which of them were missed."""
    info: bool = False
    """Whether the documents have it told as info, which counts nowhere else."""
    fault: str = ""
    """The name of the planting function and its variant."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that counts as having found it."""
        return (self.code, *self.alternatives)


@dataclass(frozen=True, slots=True)
class Mate:
    """Another campaign that is due beside the judged one, in the same account or in another."""

    campaign: Campaign
    people: Batch


@dataclass(frozen=True, slots=True)
class Case:
    """A generated campaign with its people and its labels; without labels it is clean."""

    name: str
    campaign: Campaign
    as_of: str
    people: Batch
    labels: tuple[Label, ...] = ()
    tricks: tuple[str, ...] = field(default=())
    """Hard negatives in it, by name."""
    record: Record = field(default_factory=Record)
    """What people said of it: approvals, tests, the sizes of the account's earlier campaigns."""
    blackouts: Blackouts = NOTHING_DARK
    """Places in which offers stay at home, as the account's settings name them."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of checks by code, where an account has its own."""
    mates: tuple[Mate, ...] = ()
    """What else is due."""
    opted_out: Mapping[str, frozenset[str] | Mapping[str, str]] = field(default_factory=dict)
    """By the name of another configured account, the addresses of those who have opted out there.

    With times (`YYYY-MM-DDTHH:MM:SSZ`) by address where the account dates them: only then may presend be sure.
    """

    @property
    def sources(self) -> dict[Part, str]:
        """The parts that have a source."""
        return {p: s for p, s in self.campaign.messages[0].parts.items() if isinstance(s, str)}
