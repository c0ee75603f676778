"""What presend did before to the campaigns of a scan, as the store has it: so that nothing is done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

MAYBE = "?"
"""In front of a label in the store: these people may carry it, as nobody saw whether they got it."""

BY_HAND = "held by hand"
"""What the journal says of a hold that a person asked for: then presend does not know what for."""

PERHAPS = "perhaps: "
"""In front of a comment of which nobody saw whether it was made: it is no text that presend would say."""

Labelled = Mapping[str, frozenset[str]]
"""Recipients by label."""


def maybe(label: str) -> str:
    """The store's name for those who may carry a label."""
    return f"{MAYBE}{label}"


@dataclass(frozen=True, slots=True)
class PutBack:
    """That a person put a campaign back which presend had held or changed."""

    revision: str
    """The campaign's, as it was put back."""
    at: datetime
    by: str
    """The command."""

    @property
    def said(self) -> str:
        """Why it is left alone, and what ends that."""
        return (
            f"left alone: a person put it back by `{self.by}` on {self.at:%Y-%m-%d %H:%M} UTC, and it is unchanged "
            "since; an edit of it, or `presend hold`, ends that"
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one campaign."""

    marks: Labelled = field(default_factory=dict)
    """Who carries what because of it, by label; those who only may under `maybe(label)`."""
    said: str = ""
    """The text of presend's comment on it as it was last confirmed; empty where there is none."""
    held_for: str = ""
    """Why the policy has it held, as the journal says; empty where it is not, or where a person held it."""
    put_back: PutBack | None = None
    """Set where the last word on its going was a person's, who put it back."""

    def stays_put_back(self, revision: str) -> str:
        """Why a campaign of this revision is not held or changed again, or nothing."""
        return self.put_back.said if self.put_back is not None and self.put_back.revision == revision else ""

    def carry(self, label: str) -> frozenset[str]:
        """Who surely carries the label."""
        return self.marks.get(label, frozenset())

    def may_carry(self, label: str) -> frozenset[str]:
        """Who carries the label, or may."""
        return self.carry(label) | self.marks.get(maybe(label), frozenset())

    @property
    def labels(self) -> frozenset[str]:
        """Every label that somebody carries or may carry."""
        return frozenset(name.removeprefix(MAYBE) for name, ids in self.marks.items() if ids)


NOTHING = Known()
"""Of a campaign that presend never touched."""

Ref = tuple[str, str]
"""A campaign as account and id."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of all campaigns of a scan."""

    campaigns: Mapping[Ref, Known] = field(default_factory=dict)

    def of(self, account: str, campaign_id: str) -> Known:
        """Of one campaign."""
        return self.campaigns.get((account, campaign_id), NOTHING)

    def elsewhere(self, account: str, campaign_id: str, label: str) -> dict[Ref, frozenset[str]]:
        """Who carries the label because of other campaigns of the account."""
        return {
            ref: ids
            for ref, known in self.campaigns.items()
            if ref[0] == account and ref[1] != campaign_id and (ids := known.carry(label))
        }
