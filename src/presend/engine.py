"""Runs a scan: which campaigns are due, who gets them, what every check says of each; a generator of results.

Knows no platform and no check. What could not be looked at is a result too: `Unchecked`, never silence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import duckdb

from presend.audience.duck import DuckAudience
from presend.audience.engine import Audience
from presend.audience.snapshot import Snapshot
from presend.check import CROSSING, LAST
from presend.dialects import dialect_for
from presend.dialects.alternatives import with_alternatives
from presend.dialects.base import OutcomeKind, Program, Scene, Template
from presend.errors import PlatformError, PresendError, Unknowable
from presend.mail import Opened
from presend.model import (
    HALF_LIFE_DAYS,
    NOTHING_DARK,
    TEMPLATE_PARTS,
    Blackouts,
    Campaign,
    CampaignRef,
    Confidence,
    Field,
    Finding,
    Gap,
    Kind,
    Message,
    Part,
    Platform,
    Record,
    Role,
    Source,
    State,
    UncheckedKind,
    preference_names,
    schedule_of,
    standing_names,
)
from presend.ports import Connector, Trouble
from presend.reading import Reading
from presend.rules import RuleSet, Verdict, judge


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was selected but not judged, by which check, why, and for how many recipients."""

    platform: str
    account: str
    campaign_id: str
    code: str
    kind: UncheckedKind
    affected: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """A campaign with all that was found in it. `audience` stays open until `ScanResult.close`."""

    campaign: Campaign
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    audience: Audience | None
    coverage: str
    """`complete`, `estimated`, `frozen` or `partial`, as the report names it."""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    """By message label, for `--recipients` and `read`."""
    everybody: CampaignResult | None = None
    """Read once more as if presend had left nobody out, where it has and `Request.exclusions` asks; only to plan by."""
    held: bool = False
    """Whether it is a draft because presend holds it: looked at to see what is mended, and no part of what is due."""
    read: int = 0
    """Where coverage is `partial`, recipients that had been read by then; no check has looked at them."""

    @property
    def failed(self) -> bool:
        """Whether anything selected of it could not be had."""
        return any(u.kind is UncheckedKind.FAILED for u in self.unchecked)


@dataclass(frozen=True, slots=True)
class AccountFailure:
    """An account, or one of its campaigns, that could not be read."""

    unchecked: Unchecked
    campaign_name: str = ""
    busy: bool = False
    """Whether another run of presend is at work on it: an overlap, which is no news to anybody."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a scan."""

    as_of: datetime
    rules: RuleSet
    within: timedelta | None = timedelta(hours=48)
    """None: everything, as an audit does."""
    only: frozenset[str] = frozenset()
    """Campaign ids; empty: all that are due."""
    half_lives: Mapping[Role, int | None] = field(default_factory=lambda: dict(HALF_LIFE_DAYS))
    blackouts: Blackouts = NOTHING_DARK
    memory_limit: str = "2GB"
    show_pii: bool = False
    exclusions: bool = False
    """Whether anybody may be left out: then a campaign that leaves people out is also read as if it did not."""
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By account, the campaigns that presend holds: read too, if they are still held, to see what is mended."""
    records: Callable[[Campaign, int | None, Sequence[Finding]], Record | None] = lambda _c, _size, _found: None
    """What people said of a campaign, from its audience's size (None: not known) and what else was found in it."""
    progress: Callable[[str, int], None] = lambda _what, _count: None
    """Told what is being pulled and how many people of it are there already."""


HELD_STATES = (State.DRAFT, State.PAUSED)
"""States in which a campaign goes nowhere until somebody schedules it."""


def is_due(campaign: Campaign, as_of: datetime, within: timedelta | None) -> bool:
    """Still stoppable or sendable, and somebody could get it within the window (INTERFACE: what is due)."""
    if campaign.state in (State.DRAFT, State.SENT, State.CANCELLED):
        return False
    if within is None or isinstance(campaign.schedule.send_at, Gap):
        return True
    return campaign.schedule.send_at <= as_of + within


def scan_account(connector: Connector, request: Request) -> Iterator[CampaignResult | AccountFailure]:
    """Every due campaign of one account, judged; failures in between. Raises nothing but bugs."""
    due: list[Campaign] = []
    try:
        for item in connector.campaigns(everything=request.within is None):
            if isinstance(item, Trouble):
                yield _failure(connector, item)
            elif request.only and item.ref.id not in request.only:
                continue
            elif is_due(item, request.as_of, request.within):
                due.append(item)
    except PlatformError as error:
        yield _failure(connector, Trouble(_sentence(error)))
    for group in _by_audience(due):
        yield from _scan_group(connector, group, request)
    yield from _scan_held(connector, request, {campaign.ref.id for campaign in due})


def _scan_held(
    connector: Connector, request: Request, seen: Collection[str]
) -> Iterator[CampaignResult | AccountFailure]:
    """What presend holds and nobody has scheduled since. One that cannot be read was not due: no scan fails by it."""
    for campaign_id in sorted(request.held.get(connector.account, frozenset()) - set(seen)):
        try:
            campaign = connector.campaign(campaign_id)
        except PlatformError as error:
            ref = CampaignRef(connector.platform, connector.account, Kind.CAMPAIGN, campaign_id, campaign_id)
            why = f"presend holds it, and it could not be read again: {_sentence(error)}"
            yield _failure(connector, Trouble(why, ref, unknowable=True))
            continue
        if campaign.state in HELD_STATES:
            for item in _scan_group(connector, [campaign], request):
                yield replace(item, held=True) if isinstance(item, CampaignResult) else item


def _sentence(error: PresendError) -> str:
    return f"{error.message}. {error.help}".rstrip(". ") + "." if error.help else error.message


def _failure(connector: Connector, trouble: Trouble) -> AccountFailure:
    ref, kind = trouble.ref, UncheckedKind.UNKNOWABLE if trouble.unknowable else UncheckedKind.FAILED
    where = connector.platform.value, connector.account, ref.id if ref else ""
    return AccountFailure(Unchecked(*where, "", kind, None, trouble.reason), ref.name if ref else "")


def _by_audience(campaigns: Sequence[Campaign]) -> list[list[Campaign]]:
    groups: dict[str, list[Campaign]] = {}
    for campaign in campaigns:
        groups.setdefault(campaign.audience.key or campaign.ref.id, []).append(campaign)
    return list(groups.values())


Parsed = dict[str, dict[Part, Template]]
"""Templates by the message's label and part."""


def parse(campaign: Campaign) -> Parsed:
    """Every part that has a source, parsed."""
    dialect = dialect_for(campaign.ref.platform)
    return {
        message.label: {
            part: dialect.parse(source, part)
            for part in TEMPLATE_PARTS
            if isinstance(source := message.parts.get(part, Gap("")), str)
        }
        for message in campaign.messages
    }


def columns_of(campaign: Campaign, parsed: Parsed) -> frozenset[str]:
    """The audience columns that the campaign's copy and segment use, or that its copy may be held against."""
    words = campaign.vocabulary
    sources = [t.source for parts in parsed.values() for t in parts.values()]
    dear = preference_names(sources, words.fields, complete=words.complete)
    held = standing_names(sources, words.fields, complete=words.complete)
    named = {dialect_for(campaign.ref.platform).column(name, words) for name in dear}
    return used_columns(campaign, parsed) | named | held


def used_columns(campaign: Campaign, parsed: Parsed) -> frozenset[str]:
    """The audience columns that the campaign itself names, in its copy, its choices or its segment."""
    dialect, words = dialect_for(campaign.ref.platform), campaign.vocabulary
    wanted = {dialect.column(name, words) for parts in parsed.values() for t in parts.values() for name in t.names}
    chosen = {c for m in campaign.messages for a in m.alternatives for p in a.passages for c in p.columns}
    return frozenset(wanted | chosen | {c.column for c in campaign.audience.conditions})


def _scan_group(
    connector: Connector, group: list[Campaign], request: Request
) -> Iterator[CampaignResult | AccountFailure]:
    """Campaigns that go to the same people: pulled once, with the columns that any of them uses."""
    parsed = [parse(campaign) for campaign in group]
    columns = frozenset().union(*(columns_of(c, p) for c, p in zip(group, parsed, strict=True)))
    columns |= request.rules.dear([t.source for each in parsed for parts in each.values() for t in parts.values()])
    pulled = _pull(connector, group[0], columns, request)
    for campaign, templates in zip(group, parsed, strict=True):
        result = _judged(pulled, campaign, templates, request)
        if campaign.left_out and request.exclusions:
            whole = _pull(connector, campaign, columns, request, everybody=True)
            result = replace(result, everybody=_judged(whole, campaign, templates, request))
        yield result


@dataclass(frozen=True, slots=True)
class _Pulled:
    """The people of a campaign, or the sentence why there are none."""

    audience: DuckAudience | None
    names: frozenset[str] = frozenset()
    trouble: str = ""
    unknowable: str = ""
    read: int = 0


def _pull(
    connector: Connector, campaign: Campaign, columns: frozenset[str], request: Request, *, everybody: bool = False
) -> _Pulled:
    snapshot, count = Snapshot(columns, memory_limit=request.memory_limit), 0
    try:
        told = connector.people(campaign, columns, everybody=True) if everybody else connector.people(campaign, columns)
        for batch in told:
            snapshot.add(batch)
            count += len(batch.ids)
            request.progress(f"{connector.account}: {campaign.ref.name}", count)
        return _Pulled(snapshot.finish(), frozenset(snapshot.names))
    except Unknowable as error:
        snapshot.close()
        return _Pulled(None, unknowable=_sentence(error))
    except PlatformError as error:
        snapshot.close()
        return _Pulled(None, trouble=_sentence(error), read=count)
    except duckdb.Error as error:
        snapshot.close()
        why = f"the recipients of {campaign.ref.name} could not be held ({type(error).__name__}): "
        mend = "raise PRESEND_MEMORY_LIMIT, or make room on the disk that holds temporary files."
        return _Pulled(None, trouble=why + mend, read=count)


def _judged(pulled: _Pulled, campaign: Campaign, templates: Parsed, request: Request) -> CampaignResult:
    seen = with_watermarks(with_names(campaign, set(pulled.names)), pulled.audience)
    found = examine(seen, templates, pulled.audience, request, trouble=pulled.trouble, unknowable=pulled.unknowable)
    return replace(found, read=pulled.read)


def with_names(campaign: Campaign, names: set[str]) -> Campaign:
    """The campaign with the property names seen in its audience as vocabulary, where the platform has no schema."""
    known = {n for f in campaign.vocabulary.fields for n in f.all_names}
    if campaign.ref.platform is not Platform.KLAVIYO or not names:
        return campaign
    fields = (*campaign.vocabulary.fields, *(Field(tag=n) for n in sorted(names - known)))
    return replace(campaign, vocabulary=replace(campaign.vocabulary, fields=fields, complete=True))


def with_watermarks(campaign: Campaign, audience: Audience | None) -> Campaign:
    """The campaign with the watermarks that only its recipients show: the newest day of a column of times."""
    if audience is None or not any(source.column for source in campaign.sources):
        return campaign

    def seen(source: Source) -> Source:
        days = [day for day, _count in audience.days(source.column) if day is not None] if source.column else []
        return replace(source, watermark=datetime.fromisoformat(f"{max(days)}T00:00:00+00:00")) if days else source

    return replace(campaign, sources=tuple(map(seen, campaign.sources)))


def compile_message(
    campaign: Campaign, message: Message, templates: Mapping[Part, Template], as_of: datetime
) -> dict[Part, Program]:
    """The programs of one message under the account's vocabulary, at the time it would be rendered."""
    dialect, send_at = dialect_for(campaign.ref.platform), schedule_of(campaign, message).send_at
    scene = Scene(as_of if isinstance(send_at, Gap) else send_at, campaign.ref.kind, message.options)
    return {
        part: with_alternatives(dialect.compile(template, campaign.vocabulary, scene), message.alternatives)
        for part, template in templates.items()
    }


def examine(
    campaign: Campaign,
    templates: Parsed,
    audience: Audience | None,
    request: Request,
    *,
    trouble: str = "",
    unknowable: str = "",
) -> CampaignResult:
    """All rules over all messages of one campaign.

    `trouble` says why an audience is missing that should be there, `unknowable` why nobody could have had it.
    """
    ref = campaign.ref

    def unchecked(code: str, kind: UncheckedKind, affected: int | None, reason: str) -> Unchecked:
        return Unchecked(ref.platform.value, ref.account, ref.id, code, kind, affected, reason)

    missed = [unchecked("", UncheckedKind.FAILED, None, gap.reason) for gap in campaign.gaps]
    if unknowable:
        missed.append(unchecked("", UncheckedKind.UNKNOWABLE, None, unknowable))
    if trouble:
        missed.append(unchecked("", UncheckedKind.FAILED, None, trouble))
    findings: list[Finding] = []
    readings: dict[str, Reading] = {}

    def take(verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            findings.extend(verdict.findings)
            if verdict.missed is not None:
                kind, affected, reason = verdict.missed
                missed.append(unchecked(verdict.code, kind, affected, reason))

    # What looks across campaigns waits until all are read (`presend.crossing`).
    rules, _later = request.rules.split(lambda rule: not rule.needs & (LAST | CROSSING))
    seen: list[Opened] = []
    for message in campaign.messages:
        programs = compile_message(campaign, message, templates[message.label], request.as_of)
        reading = Reading(programs, audience)
        readings[message.label] = reading
        opened = Opened(campaign, message, reading, audience, request.as_of, request.half_lives, request.blackouts)
        take(judge(opened, rules, first=not seen, show_pii=request.show_pii))
        seen.append(opened)
        missed += [unchecked("TAG002", UncheckedKind.UNKNOWABLE, n, why) for why, n in _unknown(reading)]
    if seen:
        take(conclude(seen, tuple(findings), request))
    coverage = "partial" if trouble else "frozen" if campaign.audience.frozen_since else "complete"
    return CampaignResult(campaign, tuple(findings), tuple(dict.fromkeys(missed)), audience, coverage, readings)


def conclude(messages: Sequence[Opened], found: Sequence[Finding], request: Request) -> Iterator[Verdict]:
    """What must be approved or reviewed depends on what else was found: rules on that come last."""
    _first, last = request.rules.split(lambda rule: not rule.needs & LAST)
    if last.rules:
        size = None if messages[0].audience is None else messages[0].audience.size
        record = request.records(messages[0].campaign, size, found)
        worst = max((f.severity for f in found if f.confidence is Confidence.HIGH), default=None)
        for number, one in enumerate(messages):
            told = replace(one, record=record, found=worst)
            yield from judge(told, last, first=not number, show_pii=request.show_pii)


def _unknown(reading: Reading) -> Iterator[tuple[str, int]]:
    """Regions of which nobody can say what some recipients would read: reason and how many."""
    if reading.audience is None:
        return
    for region in (*reading.regions, *(t for part in reading.parts.values() for t in part.tests)):
        reasons = {e.outcome.reason for e in region.entries() if e.outcome.kind is OutcomeKind.UNKNOWN}
        for reason in sorted(reasons):
            count = reading.audience.count(
                region.who(lambda _r, o, why=reason: o.kind is OutcomeKind.UNKNOWN and o.reason == why)  # type: ignore[misc]
            )
            if count:
                snippet = " ".join(region.expression.source.split())[:80]
                yield f"{region.part.value}: {snippet}: {reason}", count


def close(results: Sequence[CampaignResult | AccountFailure]) -> None:
    """Close every audience that the results still hold."""
    seen: set[int] = set()
    for result in results:
        if not isinstance(result, CampaignResult):
            continue
        for audience in (result.audience, result.everybody.audience if result.everybody else None):
            if isinstance(audience, DuckAudience) and id(audience) not in seen:
                seen.add(id(audience))
                audience.close()
