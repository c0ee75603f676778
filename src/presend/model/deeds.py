"""What presend can do about a finding: verbs, planned steps, receipts, and what an account is able to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

OWN = "presend:"
"""How every mark of presend's own begins: tags, lists and properties of people."""
OUT = "presend:out:"
"""How the mark of those begins who are left out of one campaign; the campaign's id follows."""


class Verb(StrEnum):
    """Everything presend may do; nothing here sends or cancels."""

    HOLD = "hold"
    RELEASE = "release"
    TAG = "tag"
    UNTAG = "untag"
    EXCLUDE = "exclude"
    COMMENT = "comment"
    NOTIFY = "notify"


class Reversible(StrEnum):
    """Whether a deed can be taken back."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    NO = "no"


class Able(StrEnum):
    """Whether an account can do something; UNKNOWN is planned as `may be refused`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ability:
    """Whether a verb works on this campaign, how well it can be undone, and the sentence to show."""

    able: Able
    reversible: Reversible
    detail: str


class DeedState(StrEnum):
    """Where a deed stands. UNKNOWN: the platform may have done it, presend could not confirm."""

    PLANNED = "planned"
    DONE = "done"
    LEFT_ALONE = "left_alone"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Step:
    """One planned deed on one campaign."""

    verb: Verb
    platform: str
    account: str
    campaign_id: str
    revision: str
    reversible: Reversible
    detail: str
    recipients: int = 0
    label: str = ""
    """The tag to put on people, or the text of a comment."""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a step, after reading back."""

    state: DeedState
    detail: str
    undo: Mapping[str, Any] = field(default_factory=dict)
    """What taking it back needs, in the platform's own words."""
