"""What is news of a matter for one channel: what is there now against what the channel was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from presend.model import DeedState, Severity
from presend.model.counting import many
from presend.model.escalation import Level, escalation
from presend.notify.digest import Item, Line, Section
from presend.notify.matters import UNAPPROVED, Event, Matter, Open
from presend.store.seen import GROWTH


@dataclass(frozen=True, slots=True)
class Said:
    """What a channel was told of a finding."""

    code: str
    short: str
    severity: int
    affected: int | None
    """When it was last news, or the lowest since: what growth is measured against."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel was told of a matter."""

    findings: Mapping[str, Said] = field(default_factory=dict)
    deeds: Mapping[str, str] = field(default_factory=dict)
    level: int = 0
    """The highest `Level` at which it was told that it waits."""
    trouble: bool = False
    offered: bool = False
    """That a held campaign can be put back."""
    message: str = ""
    """The key of the message that shows it, where messages can be updated."""
    upto: int = 0
    """Of an account: the last entry of the journal that was told."""
    over: str = ""
    """Of the whole run: the limit that refused the plan."""
    at: datetime | None = None
    """When it was last looked at."""

    @property
    def anything(self) -> bool:
        """Whether the channel was told of the matter, and nothing since that would end it."""
        return bool(self.findings or self.deeds or self.trouble or self.message)


LOUD = (Section.WAITS, Section.UNCONFIRMED, Section.DONE)
"""What must be seen: a message updated in place rings nobody's bell, so these begin a new one."""

_SECTIONS = {DeedState.DONE: Section.DONE, DeedState.UNKNOWN: Section.UNCONFIRMED}


def _grown(now: Open, said: Said) -> bool:
    more = now.affected is not None and said.affected is not None and now.affected >= GROWTH * said.affected
    return now.severity > said.severity or (more and now.affected != said.affected)


def _said(now: Open, before: Said | None, *, news: bool) -> Said:
    if before is None or news:
        return Said(now.code, now.short, int(now.severity), now.affected)
    counts = [n for n in (now.affected, before.affected) if n is not None]
    return replace(before, affected=min(counts, default=None))


def _level(matter: Matter, now: datetime) -> Level | None:
    waits = any(one.code == UNAPPROVED for one in matter.open.values())
    return escalation(matter.until, now) if waits and matter.until is not None else None


def _findings(matter: Matter, told: Told, pressing: bool) -> tuple[list[Line], dict[str, Said]]:
    lines, said = [], {}
    for print_, one in matter.open.items():
        before = told.findings.get(print_)
        section, text = Section.STILL, one.text
        if one.code == UNAPPROVED and (before is None or pressing or _grown(one, before)):
            section = Section.WAITS
        elif before is None:
            section = Section.NEW
        elif _grown(one, before):
            was = f", {many(before.affected, 'recipient')}" if before.affected is not None else ""
            section, text = Section.GREW, f"{one.text} (was {Severity(before.severity).word}{was})"
        lines.append(Line(section, print_, text))
        said[print_] = _said(one, before, news=section is not Section.STILL)
    for print_, before in told.findings.items():
        if print_ in matter.open:
            continue
        if print_ in matter.nobody or (print_ not in matter.present and matter.judged(before.code)):
            lines.append(Line(Section.RESOLVED, print_, before.short))
        elif print_ not in matter.present or print_ in matter.undecided:
            said[print_] = before
        # Else it is there and not to be told any more: acknowledged, or somebody else's. That is not resolved.
    return lines, said


def _event(event: Event, told: Told) -> Line | None:
    """What is done is news each time; what did not come about, when it did so in another way than before."""
    if event.state is not DeedState.DONE and told.deeds.get(event.verb.value) == event.state.value:
        return None
    words = f"{event.verb.value}: {event.state.value.replace('_', ' ')}"
    words += f", {event.what}" if event.what else ""
    if event.state is DeedState.CANNOT:
        words += "; somebody must act on the platform in time (`presend scan` says why)"
    elif event.state is DeedState.UNKNOWN:
        words += "; look at it on the platform"
    return Line(_SECTIONS.get(event.state, Section.NOT_DONE), f"deed:{event.verb.value}", words)


def _trouble(matter: Matter, told: Told) -> Line | None:
    if matter.trouble and not told.trouble:
        return Line(Section.UNREAD, "trouble", matter.trouble)
    if told.trouble and matter.read and not matter.trouble:
        return Line(Section.RESOLVED, "trouble", "can be read again")
    return None


def compare(matter: Matter, told: Told, now: datetime) -> tuple[Item | None, Told]:
    """What to tell of the matter, None when nothing changed, and what will have been told then."""
    level = _level(matter, now)
    lines, said = _findings(matter, told, level is not None and level > told.level)
    happened = [line for event in matter.events if (line := _event(event, told))]
    lines += happened
    trouble = _trouble(matter, told)
    lines += [trouble] if trouble else []
    if matter.offer and not told.offered:
        back = f"`presend release {matter.account}:{matter.campaign_id}` puts it back"
        lines.append(Line(Section.RESOLVED, "offer", f"nothing is left that it would be held for: {back}"))
    after = replace(
        told,
        findings=said,
        deeds=_deeds(matter, told),
        level=max(told.level, level or 0) if any(o.code == UNAPPROVED for o in matter.open.values()) else 0,
        trouble=bool(matter.trouble) if matter.read else told.trouble,
        offered=matter.offer if matter.read else told.offered,
        at=now,
    )
    if all(line.section is Section.STILL for line in lines):
        return None, after
    if happened and not matter.open:
        lines += [Line(Section.STILL, f"rest:{at}", text) for at, text in enumerate(matter.rest)]
    return _item(matter, lines), after


def _deeds(matter: Matter, told: Told) -> dict[str, str]:
    """How each deed ended; one that a run no longer wanted is forgotten, so that it is news when it comes back."""
    kept = {} if matter.read else dict(told.deeds)
    return kept | {event.verb.value: event.state.value for event in matter.events}


def _item(matter: Matter, lines: list[Line]) -> Item:
    news = {line.key for line in lines if line.section is not Section.STILL}
    owners = sorted({o.owner for p, o in matter.open.items() if p in news and o.owner})
    return Item(
        account=matter.account,
        campaign_id=matter.campaign_id,
        platform=matter.platform,
        title=matter.title,
        url=matter.url,
        until=matter.until,
        zone=matter.zone,
        worst=max((o.severity for o in matter.open.values()), default=matter.rest_worst),
        lines=tuple(lines),
        owners=tuple(owners),
        held=matter.held,
    )
