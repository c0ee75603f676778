"""What people said of a campaign: who approved it as it is, who must, and when a test was last recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Record:
    """The store's record of one campaign, held against what the policy asks of it."""

    needed: int = 0
    """How many people must approve it; 0: nobody need."""
    why: str = ""
    """What makes an approval necessary, as the end of a sentence: `it goes to 12,000 people`."""
    approved_by: tuple[str, ...] = ()
    """Names of those whose approval is of exactly this content, audience definition and schedule."""
    void: int = 0
    """How many approvals are of an earlier state: an edit ended them."""
    tested_at: datetime | None = None
    """When the last test send was recorded; None: there is no record."""
    tested_now: bool = False
    """Whether that test was of the campaign, or of one of its messages, as it is now."""
    untested: tuple[str, ...] = ()
    """Labels of the messages of which no test as they are now is on record, where of another one is."""
    unreadable: tuple[str, ...] = ()
    """Labels of the messages of which the platform gave neither HTML nor text, where it gave another's."""
    sizes: tuple[int, ...] = ()
    """How many people the account's other campaigns went to, as far as presend has seen them, the latest first."""
