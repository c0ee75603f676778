"""What the core asks of a platform: protocols for connector and writer, and the shapes that cross the border."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from presend.model import Ability, Able, Campaign, CampaignRef, Definition, Gap, ListRef, Platform, Receipt, Verb
from presend.retry import Clock


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """What a connector is given to reach one account; the key shows in no repr."""

    name: str
    platform: Platform
    key: str = field(repr=False)
    base_url: str | None = None
    """An origin to use instead of the vendor's."""
    deadline_seconds: float = 600.0
    facts: Mapping[str, str] = field(default_factory=dict)
    """`[facts.<account>]`: fact name → the property that holds it."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """`[defaults.<account>]`: HubSpot property → default of the account."""
    hubspot_enterprise: bool | None = None
    """What no API tells; None: not said."""
    clock: Clock = field(default_factory=Clock)


class Role(StrEnum):
    """What a batch of people means for the audience."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Batch:
    """A page of people as columns; all columns have `len(ids)` cells (JSON text, or None for absent).

    Facts are columns named `@<fact>` (`@last_order_at`), as-of dates `@as_of:<column>`. An EXCLUDE batch needs ids
    only. `suppressed[i]` is the reason why the platform will not mail that person, or None.
    """

    role: Role
    ids: Sequence[str]
    columns: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    suppressed: Sequence[str | None] = ()
    names: frozenset[str] = frozenset()
    """Names of all properties seen on these people, also those not asked for: the vocabulary where no schema exists."""
    source: str = ""
    """The list or segment these came from, for progress and error texts."""


class Answer(StrEnum):
    """What a person told an account about its marketing mail."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    """Reported it as spam."""
    AGREED = "agreed"
    """Gets mail of another list of the same account, so that a no to one list was none to the account."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """One person's answer by address; addresses show in no repr.

    `since` and `until` are the earliest and the latest moment at which it may have been given, `YYYY-MM-DDTHH:MM:SSZ`,
    the same where it is known, None where nothing bounds it.
    """

    address: str = field(repr=False)
    answer: Answer
    since: str | None = None
    until: str | None = None


Known = Callable[[Sequence[str]], Collection[str]]
"""Which of some addresses somebody asks for: an answer about anybody else need not be dated."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something selected that could not be read: it makes the campaign (or the account, without one) incomplete."""

    reason: str
    """A sentence for the user: what happened, to what, what to do next. No secret, no personal data."""
    ref: CampaignRef | None = None
    unknowable: bool = False
    """True where the platform has no way to tell, so that nobody failed: listed, but the scan stays complete."""


@dataclass(frozen=True, slots=True)
class Group:
    """A list, segment or tag of the account, whether anything goes to it or not."""

    ref: ListRef
    size: int | Gap
    """Its members, also those whom the platform will not mail; a Gap when it has some and nobody counts them."""
    definition: Definition | None = None
    """The conditions of a segment, where it has any and the platform shows how they are joined."""


@dataclass(frozen=True, slots=True)
class Right:
    """One line of `presend doctor`."""

    name: str
    able: Able
    detail: str


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """What an account says of itself."""

    name: str
    zone: str
    rights: tuple[Right, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    """Where the platform itself keeps each fact, in words; `<field>_as_of` stands for the dates of fields."""


class Writer(Protocol):
    """The only part of a connector that changes anything at the platform. Every write is read back before returning.

    A method returns a `Receipt`; it raises only `presend.errors.PlatformError` and only when the request surely
    never reached the platform. When the platform may have done it, the receipt's state is UNKNOWN.
    """

    def ability(self, verb: Verb, campaign: Campaign) -> Ability:
        """Whether the verb works on this campaign, before it is tried; asks the platform for nothing new."""

    def saved(self, campaign: Campaign) -> Mapping[str, Any]:
        """All that undoing a hold takes, to be journalled before `hold`."""

    def hold(self, campaign: Campaign) -> Receipt:
        """Take the campaign back to draft."""

    def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
        """Schedule it again as saved, or at another time."""

    def tag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Mark people with a label."""

    def untag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Take the label off again."""

    def comment(self, campaign: Campaign, text: str) -> Receipt:
        """Say it where the team works on the campaign, by the nearest native means (updates presend's own note)."""

    def resolve(self, campaign: Campaign, text: str) -> Receipt:
        """Say in presend's own comment that nothing is left, and complete or remove it where the platform can.

        DONE also where presend has no comment there. `text` is what it says now.
        """

    def mark(self, campaign: Campaign, label: str) -> Receipt:
        """Tag the campaign itself where the platform can."""

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Leave exactly `ids` out of a held campaign's audience, by a mark of presend's own; never schedules.

        `label` is the mark's name, one per campaign; people who carry it already and are not in `ids` lose it. The
        receipt's `undo` holds what `widen` needs. DONE only when both the mark's members and the audience's
        definition were seen to be so. The campaign must have been held first: FAILED when it is not a draft.
        """

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        """Take presend's own exclusion out of a held campaign's audience again, as `narrow` or what it stored says.

        LEFT_ALONE when somebody else changed the audience meanwhile.
        """

    def bound(self, label: str) -> Sequence[str] | Gap:
        """Names of live automations that the label would start; a Gap when the platform does not tell.

        An empty answer says that none was seen, not that there is none where the platform shows only some.
        """


class Connector(Protocol):
    """One account of one platform."""

    @property
    def platform(self) -> Platform:
        """Which platform."""

    @property
    def account(self) -> str:
        """The account's name in settings and reports."""

    def info(self) -> AccountInfo:
        """Who this is and what the key may do; raises PlatformError when the account cannot be reached."""

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign | Trouble]:
        """Scheduled campaigns with content, variants, schedule, audience definition and vocabulary.

        `everything` adds live automations. One campaign that cannot be read is a Trouble, not the end of the rest.
        """

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign, freshly read; raises Gone when it is not there."""

    def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
        """All recipients of the campaign in pages, INCLUDE first, then EXCLUDE, with the columns and all facts known.

        `everybody`: also those whom presend left out by a mark of its own (`Campaign.left_out`). Raises PlatformError
        when a page cannot be had: an audience is whole or not at all.
        """

    def opted_out(self, known: Known) -> Iterator[Sequence[OptOut]]:
        """Everybody who said no to the account's marketing mail, in pages; bounces say nothing.

        `known` tells whose answer matters where dating one costs a request. Raises PlatformError when a page cannot
        be had, Unknowable where the platform does not tell: what came before is then not all.
        """

    def groups(self) -> Iterator[Group]:
        """Every list, segment and tag of the account but presend's own. Raises PlatformError when any is not had."""

    def contacts(self) -> Iterator[Batch]:
        """Everybody the account knows with every field it has, for an audit; the same person may come twice.

        Raises PlatformError when a page cannot be had.
        """

    def audience_schema(self) -> Mapping[str, str] | Gap:
        """Property names and the platform's types, where it has a schema."""

    @property
    def writer(self) -> Writer:
        """The writing half."""

    def close(self) -> None:
        """Give connections back."""
