"""The notices of a run: for each channel what is news to it, through the outbox, so that none is lost or told twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from presend.actions.plan import Plan
from presend.addresses import lacking
from presend.check import Need
from presend.cli.common import note
from presend.engine import HELD_STATES
from presend.errors import Busy, DeedError, SettingsError
from presend.model import Able, DeedState, Reversible, Verb
from presend.model.counting import many
from presend.notify.changes import Told
from presend.notify.channel import Channel, Fate
from presend.notify.channels import Routed, channels
from presend.notify.digest import Notice
from presend.notify.matters import Matter, for_channel, matters
from presend.notify.outgoing import Ended, Outgoing, name_of
from presend.policy import Decision, decide_all
from presend.ports import Right
from presend.registry import rules
from presend.report import Deed, Report
from presend.retry import Clock
from presend.settings import PolicySettings, Settings
from presend.store.database import opened
from presend.store.journal import Entry, Journal
from presend.store.locks import account_lock
from presend.store.outbox import Outbox

_LOCK = "(notices)"
"""No account is called so: names have no brackets."""
_TRIES = 30

_SENDING = {Need.SCHEDULE, Need.CHECKLIST, Need.RECORD}

LOOK_BACK = timedelta(hours=48)
"""Deeds older than this are not told to a channel that was told of none yet."""


def _deed(state: DeedState, detail: str) -> Deed:
    return Deed(Verb.NOTIFY, "", "", "", state, Reversible.NO, detail)


def _decisions(report: Report, plan: Plan, policy: PolicySettings) -> Mapping[str, Decision]:
    """What the policy says of the findings; where presend left people out, of those that were found with them."""
    made = report.decisions or {d.finding.fingerprint: d for found in plan.decisions.values() for d in found}
    whole = [r.everybody for r in report.campaigns if r.everybody is not None]
    again = [d for each in whole for d in decide_all(policy, each.findings, each.campaign.ref.account)]
    return {**made, **{d.finding.fingerprint: d for d in again}}


def worth_telling(journal: Journal, plan: Plan, made: datetime, deeds: Sequence[Deed]) -> tuple[Deed, ...]:
    """The deeds of a saved plan of `made` without what was left alone because it was done before.

    A journal that cannot be read keeps nothing quiet.
    """
    drafts = {(p.step.account, p.step.campaign_id) for p in plan.planned if p.campaign.state in HELD_STATES}

    def done_before(deed: Deed) -> bool:
        if deed.state is not DeedState.LEFT_ALONE:
            return False
        if deed.verb is Verb.HOLD and (deed.account, deed.campaign_id) in drafts:
            return True
        since = [e for e in journal.of(deed.account, deed.campaign_id, (deed.verb,)) if e.started >= made]
        return any(e.state is DeedState.DONE and e.undone_by is None for e in since)

    try:
        return tuple(deed for deed in deeds if not done_before(deed))
    except DeedError:
        return tuple(deeds)


def _earlier(journal: Journal, accounts: Mapping[str, int], now: datetime) -> list[Entry]:
    """Deeds of the journal that a channel was not told of: after the number told for each account."""
    found: list[Entry] = []
    for run in journal.runs(50):
        entries = journal.entries(run)
        for entry in entries:
            upto = accounts.get(entry.account)
            if upto is not None and entry.id > upto and (upto or entry.started > now - LOOK_BACK):
                found.append(entry)
        if entries and all(e.id <= accounts.get(e.account, 0) for e in entries):
            break
    return sorted(found, key=lambda entry: entry.id)


def _newest(journal: Journal) -> int:
    return max((e.id for run in journal.runs(1) for e in journal.entries(run)), default=0)


class Teller:
    """Tells every channel what is news to it; `codes` are the checks that ran, None: all, `reached` the accounts."""

    def __init__(
        self,
        settings: Settings,
        engine: sa.Engine,
        report: Report,
        plan: Plan,
        now: datetime,
        *,
        reached: Collection[str] | None = None,
        codes: Collection[str] | None = None,
        policy: PolicySettings | None = None,
    ) -> None:
        self._settings = settings
        self._outbox = Outbox(engine)
        self._journal = Journal(engine, "")
        self._report = report
        self._plan = plan
        self._now = now
        self._reached = [a.name for a in settings.accounts] if reached is None else list(reached)
        self._codes = codes
        self._policy = policy or settings.file.policy

    def outgoing(self, routed: Routed) -> Outgoing:
        """The way of one channel. Raises DeedError."""
        return Outgoing(self._outbox, routed.channel, self._now, messages=self._settings.notify_messages)

    def news(self, routed: Routed, outgoing: Outgoing) -> Notice:
        """What is news to a channel; counts as told in `outgoing`. Raises DeedError."""
        told = outgoing.told
        upto = {name: told.get(name_of((name, "")), Told()).upto for name in self._reached}
        found = matters(
            self._report,
            _decisions(self._report, self._plan, self._policy),
            reached=self._reached,
            earlier=_earlier(self._journal, upto, self._now),
            codes=self._codes,
            of_sending={rule.code for rule in rules() if rule.needs & _SENDING},
            planned={(p.step.account, p.step.campaign_id): p.campaign for p in self._plan.planned},
        )
        mine: list[Matter] = []
        for matter in found:
            before = told.get(name_of(matter.key), Told())
            seen = for_channel(matter, routed.serves, told=before.anything)
            mine += [seen] if seen is not None else []
        notice = outgoing.news(mine, self._plan.over if routed.rest else "")
        newest = _newest(self._journal)
        for name in self._reached:
            key = name_of((name, ""))
            outgoing.told[key] = replace(outgoing.told.get(key, Told(at=self._now)), upto=newest)
        return notice

    def tell(self, routed: Routed) -> tuple[Deed, ...]:
        """Tell one channel what is news, after what could not go out earlier; how that went, as deeds."""
        name = routed.channel.name
        try:
            outgoing = self.outgoing(routed)
            lost = outgoing.settle()
            outgoing.store(self.news(routed, outgoing))
            ended = outgoing.deliver()
        except DeedError as error:
            note(f"the notice to {name} may not have gone out: {error.message}")
            return (_deed(DeedState.FAILED, f"the digest may not have gone out to {name}: {error.message}"),)
        return (*_said(name, lost), *_said(name, ended))


def _said(name: str, ended: Ended) -> tuple[Deed, ...]:
    deeds = []
    if ended.sent:
        deeds.append(_deed(DeedState.DONE, f"{many(ended.sent, 'digest')} sent to {name}"))
    if ended.unsure:
        note(f"the notice to {name} may not have gone out: {ended.why}. It is not sent again.")
        deeds.append(_deed(DeedState.UNKNOWN, f"{many(ended.unsure, 'digest')} to {name} not confirmed: {ended.why}"))
    if ended.left:
        note(f"the notice to {name} did not go out: {ended.why}. It waits, and the next run with --apply tries again.")
        left = many(ended.left, "digest")
        deeds.append(_deed(DeedState.FAILED, f"{left} to {name} did not go out: {ended.why}; kept for the next run"))
    return tuple(deeds)


def notice_planned(
    settings: Settings, report: Report, plan: Plan, policy: PolicySettings | None = None
) -> tuple[Deed, ...]:
    """The notices that a run with --apply would send now; `policy` as for `notify`. A lack is a note."""
    if settings.lacks:
        error = lacking(settings.lacks)
        note(f"note: --apply could tell nobody, and would not begin: {error.message}. {error.help}")
        return ()
    there = channels(settings)
    if not there:
        return ()
    with opened(settings) as engine:
        teller = Teller(settings, engine, report, plan, report.as_of, policy=policy)
        try:
            told = [r.channel.name for r in there if not teller.news(r, teller.outgoing(r)).empty]
        except DeedError as error:
            note(f"{error.message}: what would be told is not known")
            return ()
    return tuple(_deed(DeedState.PLANNED, f"send one digest to {name}") for name in told)


def notify(
    settings: Settings,
    engine: sa.Engine,
    report: Report,
    plan: Plan,
    now: datetime,
    *,
    reached: Collection[str] | None = None,
    codes: Collection[str] | None = None,
    policy: PolicySettings | None = None,
    clock: Clock | None = None,
) -> tuple[Deed, ...]:
    """Tell every channel what is news to it. A failure is a note and a deed, never an error.

    `reached` names the accounts of this run, None: all that are configured; `codes` are the checks that ran.
    `policy` is the one of this run, None: that of the settings.
    """
    there = channels(settings)
    if not there:
        return ()
    teller = Teller(settings, engine, report, plan, now, reached=reached, codes=codes, policy=policy)
    with ExitStack() as stack:
        try:
            stack.enter_context(_alone(settings, clock or Clock()))
        except (Busy, SettingsError) as error:
            why = "another run is telling" if isinstance(error, Busy) else error.message
            note(f"nobody is told now: {why}. The next run with --apply tells what is news.")
            return (_deed(DeedState.FAILED, f"nobody was told: {why}"),)
        return tuple(deed for routed in there for deed in teller.tell(routed))


def _alone(settings: Settings, clock: Clock) -> ExitStack:
    """Two runs on two accounts may end together; what each tells must count for the other. Raises Busy."""
    stack = ExitStack()
    for _try in range(_TRIES - 1):
        try:
            stack.enter_context(account_lock(settings, _LOCK))
        except Busy:
            clock.sleep(0.5)
        else:
            return stack
    stack.enter_context(account_lock(settings, _LOCK))
    return stack


def must_tell(settings: Settings) -> None:
    """Before a run that sends notices. Raises SettingsError, with all that they need and do not have."""
    if settings.lacks:
        raise lacking(settings.lacks)


def rights(settings: Settings, now: datetime) -> list[Right]:
    """For each channel, whether it would take a notice, as far as that can be seen without sending one."""
    if settings.lacks:
        return [Right("all channels", Able.NO, f"{one.why}. {one.help}") for one in settings.lacks]
    there = channels(settings)
    if not there:
        return []
    try:
        with opened(settings) as engine:
            return [_right(routed.channel, Outbox(engine), now) for routed in there]
    except (SettingsError, DeedError) as error:
        return [Right("all channels", Able.NO, error.message)]


def _right(channel: Channel, outbox: Outbox, now: datetime) -> Right:
    outcome = channel.check(now)
    failed = [one.why for one in outbox.waiting(channel.id) if one.why]
    if outcome is not None and outcome.fate is not Fate.SENT:
        return Right(channel.name, Able.NO, outcome.why)
    if failed:
        return Right(channel.name, Able.NO, f"the last notice did not go out and waits: {failed[-1]}")
    if outcome is None:
        return Right(channel.name, Able.UNKNOWN, "nobody can tell without sending something there")
    return Right(channel.name, Able.YES, "it takes presend's token")
