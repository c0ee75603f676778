"""What a check may see of one message: only what it declared that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from presend.audience.engine import EVERYONE, NOBODY, Audience, Between, Who
from presend.audience.schema import as_of as as_of_column
from presend.audience.schema import fact as fact_column
from presend.audience.values import Value, decode, row_of
from presend.check import Level, Need, Rule
from presend.dialects.base import Expression, Issue, IssueKind, Span
from presend.html import Place, Surface, places_of
from presend.model import (
    HALF_LIFE_DAYS,
    NOTHING_DARK,
    AudienceRef,
    Blackouts,
    Campaign,
    CampaignRef,
    ChecklistItem,
    Gap,
    Kind,
    Location,
    Message,
    Part,
    Platform,
    Record,
    Role,
    Schedule,
    Severity,
    Source,
    State,
    schedule_of,
)
from presend.reading import PartReading, Reading, Region

__all__ = ["Denied", "Mail", "Neighbour", "Opened", "Place", "Surface", "UndeclaredNeed"]


class UndeclaredNeed(RuntimeError):
    """A check looked at something that it had not declared: a bug in the check."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another campaign that is due, with how its people are compared with those of the mail."""

    opened: tuple[Opened, ...]
    """Its variants."""
    between: Between
    """The mail's audience is mine, the other campaign's theirs."""


@dataclass(frozen=True, slots=True)
class Denied:
    """Recipients who opted out in another configured account, and did not agree here after that."""

    account: str
    platform: Platform
    sure: Who
    """Those who surely opted out there after they agreed here."""
    unclear: Who
    """Those of whom the dates do not tell which came last."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """What a run knows of a campaign's people besides the campaign."""

    variants: tuple[Opened, ...] = ()
    """The campaign's own messages."""
    beside: tuple[Beside, ...] = ()
    several: Callable[[Sequence[Between], int], Who] = lambda _others, _number: NOBODY
    """Who is in so many or more of other audiences."""
    denied: tuple[Denied, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A campaign's message with everything the engine has about it; a `Mail` is this, restricted to a rule's needs."""

    campaign: Campaign
    message: Message
    reading: Reading
    audience: Audience | None
    now: datetime
    """The moment that everything is judged from (`--as-of`)."""
    half_lives: Mapping[Role, int | None] = field(default_factory=lambda: dict(HALF_LIFE_DAYS))
    """Days after which a fact of a kind is too old, None for never; `[freshness]` overrides the defaults."""
    blackouts: Blackouts = NOTHING_DARK
    """Places in which offers stay at home, as the user and the feeds name them."""
    record: Record | None = None
    """What people said of the campaign; None where there is no campaign that anybody could have spoken of."""
    found: Severity | None = None
    """The worst that other checks are sure of; None: nothing, or they have not looked yet."""
    crossed: Crossed = Crossed()
    """What looks across campaigns and accounts found; nothing before a run has read all of them."""


class Mail:
    """One message, as one check may see it."""

    def __init__(self, opened: Opened, rule: Rule, options: Mapping[str, Any] | None = None) -> None:
        self._opened = opened
        self._rule = rule
        self.options: Mapping[str, Any] = {**rule.options, **(options or {})}
        self.platform: Platform = opened.campaign.ref.platform
        self.kind: Kind = opened.campaign.ref.kind
        self.account: str = opened.campaign.ref.account
        self.now = opened.now
        self.message: Message = opened.message
        campaign = opened.campaign
        whole = rule.level is Level.CAMPAIGN
        self._schedule = campaign.schedule if whole else schedule_of(campaign, opened.message)

    def _need(self, *needs: Need) -> None:
        if not self._rule.needs & set(needs):
            raise UndeclaredNeed(f"{self._rule.code} uses {needs[0].value} without declaring it")

    # -- the template

    @property
    def reading(self) -> Reading:
        """All parts, compiled, over the audience if there is one."""
        self._need(Need.PARTS)
        return self._opened.reading

    @property
    def parts(self) -> Iterator[PartReading]:
        """The parts in the order subject, preview text, sender name, reply-to, html, text."""
        self._need(Need.PARTS)
        yield from self._opened.reading.parts.values()

    def regions(self) -> Iterator[Region]:
        """Every personalised region of every part, in order."""
        for part in self.parts:
            yield from part.regions

    def tests(self) -> Iterator[Region]:
        """Every condition of every part, in order."""
        for part in self.parts:
            yield from part.tests

    def issues(self, *kinds: IssueKind) -> Iterator[tuple[PartReading, Issue]]:
        """The static faults of the given kinds, with the part they stand in."""
        for part in self.parts:
            for issue in part.program.issues:
                if issue.kind in kinds:
                    yield part, issue

    def place(self, part: PartReading, offset: int) -> Place:
        """What an offset of a part is to a reader; parts other than html are text throughout."""
        if part.part is not Part.HTML:
            return Place(Surface.TEXT, 0, len(part.source))
        return places_of(part.source).at(offset)

    def links(self, part: PartReading) -> list[Place]:
        """The link targets of a part in source order; only html has any."""
        return places_of(part.source).links() if part.part is Part.HTML else []

    def at(self, part: PartReading, thing: Region | Expression | Issue | Span) -> Location:
        """The location of a region, an expression, an issue or a bare span; a link target in html is part `link`."""
        if isinstance(thing, Region):
            thing = thing.expression
        if isinstance(thing, Span):
            span, normal = thing, " ".join(part.source[thing.start : thing.end].split())
        else:
            span, normal = thing.span, thing.normal or " ".join(thing.source.split())
        linked = self.place(part, span.start).surface is Surface.LINK
        return Location(Part.LINK if linked else part.part, span.start, span.end, normal)

    # -- the campaign

    @property
    def schedule(self) -> Schedule:
        """When it goes: this message or, for a check that looks at the campaign, the first of its messages."""
        self._need(Need.SCHEDULE)
        return self._schedule

    @property
    def state(self) -> State:
        """What the platform says it is doing with the campaign."""
        self._need(Need.SCHEDULE)
        return self._opened.campaign.state

    @property
    def send_at(self) -> datetime:
        """The moment at which recipients' data is judged: the send time where known, else now; never before now."""
        stated = self._schedule.send_at
        return self.now if isinstance(stated, Gap) else max(stated, self.now)

    @property
    def updated_at(self) -> datetime | None:
        """When the campaign was changed last; None where the platform does not tell."""
        self._need(Need.SCHEDULE)
        return self._opened.campaign.updated_at

    @property
    def found(self) -> Severity | None:
        """The severity of the worst that other checks found in the campaign with high confidence."""
        self._need(Need.FOUND)
        return self._opened.found

    @property
    def checklist(self) -> tuple[ChecklistItem, ...] | Gap:
        """The platform's own pre-send checklist."""
        self._need(Need.CHECKLIST)
        return self._opened.campaign.checklist

    @property
    def sources(self) -> tuple[Source, ...]:
        """The feeds that the data comes from, with their watermarks."""
        self._need(Need.SOURCES)
        return self._opened.campaign.sources

    @property
    def blackouts(self) -> Blackouts:
        """Places in which offers stay at home for some days."""
        self._need(Need.BLACKOUTS)
        return self._opened.blackouts

    @property
    def segment(self) -> AudienceRef:
        """The audience definition."""
        self._need(Need.SEGMENT)
        return self._opened.campaign.audience

    @property
    def record(self) -> Record:
        """What people said of the campaign: approvals, tests."""
        self._need(Need.RECORD)
        if self._opened.record is None:
            raise UndeclaredNeed(f"{self._rule.code} looks at a record where there is none")
        return self._opened.record

    @property
    def neighbours(self) -> Iterator[Neighbour]:
        """The other campaigns that are due, whoever of these recipients gets them."""
        self._need(Need.NEIGHBOURS)
        for one in self._opened.crossed.beside:
            mails = tuple(Mail(opened, self._rule, self.options) for opened in one.opened)
            yield Neighbour(one.opened[0].campaign.ref, mails, one.between)

    def getting(self, others: Sequence[Neighbour], number: int) -> Who:
        """The recipients who get so many or more of some other campaigns."""
        self._need(Need.NEIGHBOURS)
        return self._opened.crossed.several([one.between for one in others], number)

    @property
    def variants(self) -> tuple[Mail, ...]:
        """This campaign's messages, this one among them."""
        self._need(Need.NEIGHBOURS)
        return tuple(Mail(opened, self._rule, self.options) for opened in self._opened.crossed.variants)

    @property
    def opted_out_elsewhere(self) -> tuple[Denied, ...]:
        """By other configured account, the recipients who said no there."""
        self._need(Need.OPTOUTS)
        return self._opened.crossed.denied

    @property
    def reference(self) -> str:
        """The campaign as commands take it: `account:id`."""
        ref = self._opened.campaign.ref
        return f"{ref.account}:{ref.id}"

    @property
    def labels(self) -> Mapping[str, str]:
        """The human label of each known field by its column, for telling what a column means."""
        return {f.tag: f.label for f in self._opened.campaign.vocabulary.fields}

    @property
    def field_types(self) -> Mapping[str, str]:
        """The platform's type word of each known field by its column."""
        return {f.tag: f.type for f in self._opened.campaign.vocabulary.fields}

    # -- the recipients

    @property
    def has_audience(self) -> bool:
        """Whether recipients are known; checks that only need PARTS must handle both."""
        return self._opened.audience is not None

    @property
    def audience(self) -> Audience:
        """The mailable recipients. Raises UndeclaredNeed when neither declared nor there."""
        self._need(Need.AUDIENCE, Need.FACTS, Need.PARTS)
        if self._opened.audience is None:
            raise UndeclaredNeed(f"{self._rule.code} looks at recipients where there are none")
        return self._opened.audience

    def values(self, column: str, within: Who = EVERYONE) -> Iterator[tuple[Value, str, int]]:
        """Each distinct present value of a column: (value, cell, count). Absent ones are left out."""
        for one in self.audience.distinct((column,), within):
            cell = one.cells[0]
            if cell is not None:
                yield decode(cell), cell, one.count

    def with_values(self, column: str, cells: list[str]) -> Who:
        """Those whose cell of the column is among the given ones."""
        return self.audience.where((column,), [(cell,) for cell in cells])

    def half_life(self, role: Role) -> int | None:
        """Days after which a fact of this kind is too old to rely on, or None where it does not age."""
        return self._opened.half_lives.get(role)

    def has_fact(self, name: str) -> bool:
        """Whether any recipient has the fact (`last_activity_at`)."""
        self._need(Need.FACTS)
        return fact_column(name) in self.audience.columns

    def fact(self, name: str) -> str:
        """The column of a fact, for the audience's methods."""
        self._need(Need.FACTS)
        return fact_column(name)

    def as_of(self, column: str) -> str | None:
        """The column that dates another column's values, or None when nobody has one."""
        self._need(Need.FACTS)
        name = as_of_column(column)
        return name if name in self.audience.columns else None

    @staticmethod
    def row(columns: tuple[str, ...], cells: tuple[str | None, ...]) -> dict[str, Value]:
        """Decoded values of some cells, absent ones left out."""
        return row_of(columns, cells)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another campaign that is due, as the check of a mail may see it."""

    ref: CampaignRef
    mails: tuple[Mail, ...]
    """Its variants, restricted as the mail itself is."""
    between: Between
    """How its people are compared with the mail's own, which are mine."""

    @property
    def reference(self) -> str:
        """The campaign as commands take it: `account:id`."""
        return f"{self.ref.account}:{self.ref.id}"
