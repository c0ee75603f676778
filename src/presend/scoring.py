"""What an audit says of an account as a whole: a score, what would raise it most, and fields nobody uses or fills.

docs/audit.md explains every number here; the two change together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from presend.audience.engine import Audience
from presend.engine import CampaignResult, columns_of
from presend.inventory import NESTED, NUMBERS, TEXT, Inventory
from presend.model import Confidence, Definition, Finding, FindingState, Gap, Ground, Severity
from presend.model.contradiction import impossible
from presend.model.segment import leaves
from presend.ports import Group

SEVERITY: Mapping[Severity, float] = {
    Severity.INFO: 0.0,
    Severity.LOW: 0.03,
    Severity.MEDIUM: 0.12,
    Severity.HIGH: 0.35,
    Severity.BLOCKER: 0.6,
}
"""The part of a campaign's worth that a finding costs when it is sure and reaches everybody."""

CONFIDENCE: Mapping[Confidence, float] = {Confidence.LOW: 0.25, Confidence.MEDIUM: 0.5, Confidence.HIGH: 1.0}
"""By how much of that a finding counts that presend is less sure of."""

MOST = 10
"""Mends that are named."""

NOT_READ = "the account was not asked for it"
NOT_SEEN = "forms, flows' triggers and other tools use lists too, and presend sees campaigns and live automations only"

_EMPTY = frozenset({"absent", "null", "empty", "blank"})
_KINDS = {"number": NUMBERS, "nested": NESTED}


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to put right, wherever in the account it stands."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    snippet: str
    says: str
    fix: str
    campaigns: tuple[str, ...]
    """Ids of the campaigns it is in, in the order of the report."""
    affected: int | None
    """Recipients over these campaigns, one who gets two of them twice; None where some audience is not known."""
    gain: float
    """Points by which the account's score would rise."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What the account's fields are used for, by the campaigns and live automations that were looked at."""

    known: int
    """Fields of the account; on Klaviyo, which has no schema, the names seen on recipients."""
    unused: tuple[str, ...]
    """In no copy and in no segment's conditions; the address, by which all mail goes, is never among them."""
    never_filled: tuple[str, ...]
    """Used, and nobody who gets the mail has anything in it."""
    mixed: Mapping[str, tuple[str, ...]]
    """Holding values of several kinds: the field and the kinds, most frequent first."""
    filled: Mapping[str, int] = field(default_factory=dict)
    """How many of the account's contacts have something in a field; empty where contacts were not looked at."""
    contacts: int = 0
    """Of how many."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The account's lists, segments and tags; presend's own are not counted."""

    known: int
    unused: tuple[str, ...]
    """Named by no campaign and no live automation that was looked at."""
    empty: tuple[str, ...]
    """Nobody is in them."""
    contradictory: Mapping[str, str]
    """Segments whose conditions exclude each other, and the field they ask about."""
    strange: Mapping[str, int]
    """Segments with conditions of a kind that presend does not know, and how many of them."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The account as a whole."""

    score: int | None
    """0 to 100, rounded down: 100 is an account in which nothing costs anything. None: there was nothing to score."""
    campaigns: int
    """How many campaigns and automations the score is of."""
    left_out: int
    """How many could not be read whole and showed nothing in what could be read: in no score, since nobody knows."""
    mends: tuple[Mend, ...]
    more: int
    """Further mends that would raise the score less."""
    fields: Fields
    segments: Segments | None
    """None where they could not be read; `unknowable` says why."""
    unknowable: Mapping[str, str]
    """What an audit should say and cannot, with the reason."""


Key = tuple[str, str, str]


def audit(results: Sequence[CampaignResult], held: Inventory | None = None) -> Audit:
    """The account by what was found in these, whose audiences must still be open, and by what it has besides."""
    held = held or Inventory(Gap(NOT_READ), Gap(NOT_READ))
    scored = [costs for result in results if (costs := _costs(result)) or not result.failed]
    points = [_points(costs.values()) for costs in scored]
    mends = sorted(_mends(results, len(scored)), key=_dearest)
    return Audit(
        score=math.floor(sum(points) / len(points)) if points else None,
        campaigns=len(scored),
        left_out=len(results) - len(scored),
        mends=tuple(mends[:MOST]),
        more=max(0, len(mends) - MOST),
        fields=_fields(results, held),
        segments=None if isinstance(held.groups, Gap) else _segments(results, held.groups),
        unknowable=_unknowable(held),
    )


def cost(finding: Finding) -> float:
    """What one finding costs of its campaign's worth, 0 to 1: severity by confidence by the share of the audience."""
    if finding.state is FindingState.ACKNOWLEDGED:
        return 0.0
    return SEVERITY[finding.severity] * CONFIDENCE[finding.confidence] * _share(finding)


def _share(finding: Finding) -> float:
    if finding.affected is None or finding.audience is None:
        return 1.0  # Nobody knows whom it spares.
    return finding.affected / finding.audience if finding.audience else 0.0


def _key(finding: Finding) -> Key:
    return finding.code, finding.snippet, finding.fix


def _costs(result: CampaignResult) -> dict[Key, float]:
    """What each mend costs the campaign: needed in several places, it counts once, where it costs most."""
    found: dict[Key, float] = {}
    for finding in result.findings:
        if price := cost(finding):
            found[_key(finding)] = max(price, found.get(_key(finding), 0.0))
    return found


def _points(costs: Iterable[float]) -> float:
    """A campaign's points: 100, of which each cost takes its part of what the others leave, in a fixed order."""
    return 100 * math.prod(1 - price for price in sorted(costs))


def _dearest(mend: Mend) -> tuple[float, int, float, str, str, str]:
    """By the gain as it is shown, with one decimal; of those that look equal, by severity first."""
    return -round(mend.gain, 1), -mend.severity, -mend.gain, mend.code, mend.snippet, mend.fix


def _mends(results: Sequence[CampaignResult], count: int) -> Iterator[Mend]:
    places: dict[Key, list[tuple[CampaignResult, Finding]]] = defaultdict(list)
    gains: dict[Key, float] = defaultdict(float)
    for result in results:
        costs = _costs(result)
        whole = _points(costs.values())
        for key in costs:
            gains[key] += _points(price for other, price in costs.items() if other != key) - whole
        for finding in result.findings:
            if _key(finding) in costs:
                places[_key(finding)].append((result, finding))
    for key, found in places.items():
        worst = max((finding for _result, finding in found), key=lambda f: (cost(f), f.severity, f.confidence))
        reach: dict[str, int | None] = {}
        for result, finding in found:
            known = reach.get(result.campaign.ref.id, 0)
            reach[result.campaign.ref.id] = (
                None if known is None or finding.affected is None else max(known, finding.affected)
            )
        counts = [each for each in reach.values() if each is not None]
        yield Mend(
            code=worst.code,
            name=worst.name,
            severity=worst.severity,
            confidence=worst.confidence,
            snippet=worst.snippet,
            says=worst.says,
            fix=worst.fix,
            campaigns=tuple(reach),
            affected=sum(counts) if len(counts) == len(reach) else None,
            gain=gains[key] / count,
        )


# ---------------------------------------------------------------------------------------------------- fields


def _fields(results: Sequence[CampaignResult], held: Inventory) -> Fields:
    known = set(held.fields)
    used: set[str] = set()
    kinds: dict[str, dict[str, int]] = {}
    for result in results:
        campaign = result.campaign
        fields = {field.tag for field in campaign.vocabulary.fields}
        parsed = {label: reading.templates for label, reading in result.readings.items()}
        columns = columns_of(campaign, parsed) & fields
        known |= fields
        used |= columns
        if result.audience is not None and result.audience.size:
            for column in columns:
                _count(result.audience, column, kinds.setdefault(column, {}))
    # What recipients have in it goes first: a field may be filled for everybody but those who are written to.
    of = {name: kinds.get(name, held.fields.get(name, {})) for name in kinds.keys() | held.fields.keys()}
    return Fields(
        known=len(known),
        unused=tuple(sorted(name for name in known - used if name.casefold() != "email")),
        never_filled=tuple(sorted(name for name, found in of.items() if not found)),
        mixed={
            name: tuple(sorted(found, key=lambda kind: (-found[kind], kind)))
            for name, found in sorted(of.items())
            if len(found) > 1
        },
        filled={name: sum(found.values()) for name, found in sorted(held.fields.items())},
        contacts=0 if isinstance(held.contacts, Gap) else held.contacts,
    )


# -------------------------------------------------------------------------------------------------- segments


def _segments(results: Sequence[CampaignResult], groups: Sequence[Group]) -> Segments:
    audiences = [result.campaign.audience for result in results]
    used = {ref.id for each in audiences for ref in (*each.included, *each.excluded)}
    shown = [(group.ref.name or group.ref.id, group.definition) for group in groups if group.definition is not None]
    strange = {name: sum(leaf.ground is Ground.UNKNOWN for leaf in leaves(made.logic)) for name, made in shown}
    return Segments(
        known=len(groups),
        unused=_names(group for group in groups if group.ref.id not in used),
        empty=_names(group for group in groups if group.size == 0),
        contradictory={name: field for name, made in sorted(shown, key=_first) if (field := impossible(made.logic))},
        strange={name: count for name, count in sorted(strange.items()) if count},
    )


def _first(pair: tuple[str, Definition]) -> str:
    return pair[0]


def _names(groups: Iterable[Group]) -> tuple[str, ...]:
    return tuple(sorted(group.ref.name or group.ref.id for group in groups))


def _unknowable(held: Inventory) -> dict[str, str]:
    found = {"whether something else uses a list or segment": NOT_SEEN}
    if isinstance(held.contacts, Gap):
        found["how all fields are filled"] = held.contacts.reason
    if isinstance(held.groups, Gap):
        found["lists and segments"] = held.groups.reason
    return found


def _count(audience: Audience, column: str, into: dict[str, int]) -> None:
    """Add how many recipients have a value of each kind in the column."""
    if column not in audience.columns:
        return
    for shape, count, _first in audience.shapes(column):
        if shape not in _EMPTY and count:
            kind = _KINDS.get(shape, TEXT)
            into[kind] = into.get(kind, 0) + count
