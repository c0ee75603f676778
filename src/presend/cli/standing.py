"""Gathers how things stand, from the journal and the outbox, and says it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
import sqlalchemy as sa

from presend.actions.recover import recover
from presend.actions.steps import persons
from presend.actions.undo import went_at
from presend.cli.common import chosen_accounts, note
from presend.cli.deeds import connecting
from presend.errors import Busy, PlatformError
from presend.exitcodes import ExitCode
from presend.logs import clean
from presend.model import DeedState, Reversible, Verb
from presend.settings import Settings, load
from presend.store.database import opened
from presend.store.journal import Entry, Journal
from presend.store.locks import account_lock
from presend.store.marks import Marks
from presend.store.outbox import Outbox

SCHEMA = "presend.status/v1"
RECENT = 200
"""How many of the latest runs are looked through for what is unsure and who is left out."""


@dataclass(frozen=True, slots=True)
class Held:
    """A campaign that presend holds or may hold."""

    account: str
    platform: str
    campaign_id: str
    name: str
    since: str
    run: str
    sure: bool
    would_go: str | None
    """When it would have gone, in UTC; null where the platform did not tell."""
    put_back: str
    """How it can be put back: `exact`, `approximate`, `no`; `time` where its time has passed, so that one is needed."""
    put_back_until: str | None
    left_out: int
    """How many are left out of it at the same time."""
    said: str = ""
    """What the platform's connector said of holding it and putting it back; empty where it said nothing."""
    refused: str = ""
    """How the latest try to put it back failed; empty where none did."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A campaign that goes without some people."""

    account: str
    platform: str
    campaign_id: str
    name: str
    people: int
    since: str
    run: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A deed of which nobody knows how it ended, or that is at work now."""

    account: str
    platform: str
    campaign_id: str
    name: str
    verb: str
    since: str
    run: str
    at_work: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notices that have not gone out."""

    channel: str
    notices: int
    oldest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it."""

    held: tuple[Held, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    waiting: tuple[Waiting, ...] = field(default=())


def status(account: str | None, *, form: str, config: Path | None) -> ExitCode:
    """Look at what is unfinished, gather, show. Raises NothingSelected, SettingsError or DeedError."""
    settings = load(config)
    names = [a.name for a in chosen_accounts(settings, [account])] if account else [a.name for a in settings.accounts]
    with opened(settings) as engine:
        journal = Journal(engine, uuid.uuid4().hex)
        for name in names:
            _settle(settings, journal, Marks(engine), name)
        found = gather(engine, journal, account, datetime.now(UTC))
    click.echo(shown_as(found, form), nl=False)
    return ExitCode.DEED if any(not one.at_work for one in found.unsure) else ExitCode.CLEAR


def _settle(settings: Settings, journal: Journal, marks: Marks, account: str) -> None:
    """What became of deeds whose process ended; those of a run at work now are left to it."""
    if not journal.unfinished(account):
        return
    try:
        with ExitStack() as stack:
            stack.enter_context(account_lock(settings, account))
            connector = connecting(settings, stack)(account)
            recover(connector, journal, marks, account, lambda: datetime.now(UTC))
    except Busy as error:
        note(f"{error.message}: its deeds are shown as they are now")
    except PlatformError as error:
        note(f"{account}: what an earlier run left unfinished could not be looked at: {error.message}")


def gather(engine: sa.Engine, journal: Journal, account: str | None, now: datetime) -> Standing:
    """How things stand. Raises DeedError when the store cannot be read."""
    holding = journal.held_now(account)
    entries = [e for run in journal.runs(RECENT) for e in journal.entries(run) if account in (None, e.account)]
    left_out = {(e.account, e.campaign_id): e for e in _left_out(entries)}
    return Standing(
        held=tuple(_held(e, left_out.get((e.account, e.campaign_id)), _refusal(journal, e), now) for e in holding),
        left_out=tuple(_out(e) for e in left_out.values()),
        unsure=tuple(_unsure(e) for e in sorted(entries, key=lambda e: e.id) if _is_unsure(e, entries)),
        waiting=tuple(Waiting(channel, count, _stamp(made)) for channel, count, made in Outbox(engine).counts()),
    )


def _is_unsure(entry: Entry, entries: Sequence[Entry]) -> bool:
    open_ = entry.unfinished or entry.state is DeedState.UNKNOWN
    return open_ and entry.undone_by is None and not any(_settles(later, entry) for later in entries)


_MARKING = (Verb.TAG, Verb.UNTAG)


def _settles(later: Entry, entry: Entry) -> bool:
    """Whether it is known again how things stand, as a later deed about the same was seen to be done."""
    same = (later.account, later.campaign_id) == (entry.account, entry.campaign_id)
    if not same or later.id <= entry.id or later.state is not DeedState.DONE:
        return False
    if entry.verb is Verb.COMMENT:
        return later.verb is Verb.COMMENT
    both = entry.verb in _MARKING and later.verb in _MARKING and later.label == entry.label
    return both and set(entry.undo.get("ids", ())) <= set(later.undo.get("ids", ()))


def _left_out(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The latest exclusion of each campaign that leaves somebody out."""
    latest: dict[tuple[str, str], Entry] = {}
    for entry in sorted(entries, key=lambda e: e.id):
        changed = any(s.name == "narrowed" and s.data.get("state") == DeedState.DONE.value for s in entry.stages)
        if entry.verb is Verb.EXCLUDE and (entry.state is DeedState.DONE or changed):
            latest[entry.account, entry.campaign_id] = entry
    yield from (entry for entry in latest.values() if entry.undo.get("ids"))


def _refusal(journal: Journal, hold: Entry) -> str:
    """How the latest try to put it back since ended, where that was not well."""
    tries = [e for e in journal.of(hold.account, hold.campaign_id, (Verb.RELEASE,)) if e.id > hold.id]
    if not tries or tries[-1].unfinished or tries[-1].state is DeedState.DONE:
        return ""
    return f"{_stamp(tries[-1].started)}: {tries[-1].result}"


def _held(entry: Entry, out: Entry | None, refused: str, now: datetime) -> Held:
    at = went_at(entry)
    passed = at is not None and at <= now
    return Held(
        account=entry.account,
        platform=entry.platform,
        campaign_id=entry.campaign_id,
        name=entry.campaign_name,
        since=_stamp(entry.started),
        run=entry.run,
        sure=entry.state in (DeedState.DONE, DeedState.FAILED),
        would_go=None if at is None else _stamp(at),
        put_back="time" if passed else entry.reversible.value,
        put_back_until=None if at is None or passed or entry.reversible is Reversible.NO else _stamp(at),
        left_out=len(out.undo.get("ids", ())) if out is not None else 0,
        said=entry.detail.partition("; ")[2] if entry.verb is Verb.HOLD else "",
        refused=refused,
    )


def _out(entry: Entry) -> LeftOut:
    where = (entry.account, entry.platform, entry.campaign_id, entry.campaign_name)
    return LeftOut(*where, len(entry.undo["ids"]), _stamp(entry.started), entry.run)


def _unsure(entry: Entry) -> Unsure:
    where = (entry.account, entry.platform, entry.campaign_id, entry.campaign_name)
    said = entry.result or entry.detail
    return Unsure(*where, entry.verb.value, _stamp(entry.started), entry.run, entry.unfinished, said)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def shown_as(found: Standing, form: str) -> str:
    """As `table` or `json`."""
    return _json(found) if form == "json" else _table(found)


def _json(found: Standing) -> str:
    shown: dict[str, Any] = {"schema": SCHEMA, **asdict(found)}
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n"


_BACK = {
    "exact": "`presend release {name}` puts it back exactly",
    "said": "`presend release {name}` puts it back",
    "approximate": "`presend release {name}` puts it back, though perhaps not exactly",
    "no": "it cannot be put back by presend: schedule it on the platform",
    "time": "its time has passed: `presend release {name} --at TIME`",
}


def _table(found: Standing) -> str:
    lines: list[str] = []

    def head(title: str) -> None:
        lines.extend([*([""] if lines else []), title])

    if found.held:
        head("Held")
    for held in found.held:
        name = f"{held.account}:{held.campaign_id}"
        would = f"would have gone {held.would_go}" if held.would_go else "when it would have gone is not known"
        kind = "said" if held.put_back == "exact" and (held.said or held.refused) else held.put_back
        back = _BACK[kind].format(name=name)
        until = f" until {held.put_back_until}" if held.put_back_until and held.put_back != "no" else ""
        lines.append(f"  {name}  {clean(held.name)}" + ("" if held.sure else "  (not sure: look at it there)"))
        lines.append(f"    since {held.since} by run {held.run[:8]}; {would}; {back}{until}")
        if held.said and held.put_back != "time":
            lines.append(f"    said when it was held: {clean(held.said)}")
        if held.refused:
            lines.append(f"    the latest try to put it back failed, {clean(held.refused)}")
    if found.left_out:
        head("Left out")
    for out in found.left_out:
        people = f"{persons(out.people)} left out"
        lines.append(f"  {out.account}:{out.campaign_id}  {clean(out.name)}")
        lines.append(f"    {people} since {out.since} by run {out.run[:8]}; `presend undo {out.run[:8]}` lets them in")
    if found.unsure:
        head("Not known")
    for one in found.unsure:
        state = "at work now, or its process ended" if one.at_work else "unconfirmed"
        lines.append(f"  {one.verb} {one.account}:{one.campaign_id}  {clean(one.name)}  ({state}, run {one.run[:8]})")
        lines.append(f"    since {one.since}; {clean(one.detail)}")
    if found.waiting:
        head("Waiting to be told")
    lines.extend(f"  {w.notices} for {w.channel}, since {w.oldest}" for w in found.waiting)
    return "\n".join(lines or ["Nothing is held, left out, unsure or waiting."]) + "\n"
