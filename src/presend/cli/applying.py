"""Does a saved plan: holds it against the campaigns and people of now, then does what is left of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click
import duckdb

from presend.actions import planfile
from presend.actions.apply import Doer
from presend.actions.crowd import crowd_of
from presend.actions.crowd import read as read_people
from presend.actions.faults import said
from presend.actions.known import Memory
from presend.actions.plan import past_stopping
from presend.actions.planfile import Saved, SavedPlan
from presend.actions.steps import Plan, Planned, cannot, left_alone
from presend.cli.common import chosen_accounts, note
from presend.cli.deeds import connecting, load_policy, recovered, tell_run
from presend.cli.notices import must_tell, notify, worth_telling
from presend.cli.remembered import memory
from presend.engine import HELD_STATES
from presend.errors import PlatformError, UsageError
from presend.exitcodes import ExitCode
from presend.logs import clean
from presend.model import Campaign, CampaignRef, DeedState, Gap, Kind, Platform, Schedule, State, Strategy, Verb
from presend.model.campaign import AudienceRef
from presend.ports import Connector
from presend.report import Deed, Report
from presend.settings import Settings, load
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.locks import account_lock
from presend.store.marks import Marks


def apply_file(file: Path, *, policy_file: Path | None, form: str, config: Path | None) -> ExitCode:
    """Read the file, do it, say what came of it. Raises UsageError for a file that is no plan of these accounts."""
    settings = load(config)
    must_tell(settings)
    policy = load_policy(settings, policy_file)
    started = _now()
    try:
        plan = planfile.read(file.read_bytes(), started, str(file))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", help="Check the path.") from error
    accounts = sorted({saved.step.account for saved in plan.steps})
    _configured(settings, file, plan)
    with ExitStack() as stack:
        for name in accounts:
            stack.enter_context(account_lock(settings, name))
        engine = stack.enter_context(opened(settings))
        journal = Journal(engine, uuid.uuid4().hex)
        connect = connecting(settings, stack)
        over = planfile.refused(plan, policy)
        found: tuple[Deed, ...] = ()
        if over:
            note(f"nothing is done: {over}. Raise the limit in [policy], or make a smaller plan.")
            made = Plan(tuple(_refused(each, over) for each in plan.steps), {}, over)
        else:
            found = recovered(journal, Marks(engine), accounts, connect, _now)
            refs = [(saved.step.account, saved.step.campaign_id) for saved in plan.steps]
            made = Plan(tuple(Checked(connect, memory(engine, accounts, refs), started).steps(plan.steps)), {})
        done = (*found, *Doer(connect, journal, Marks(engine), _now).do(made))
        tell_run(journal, done)
        # A plan without a deed is done: it asks for no account, and that is not an account that is missing.
        report = as_report(started, max(len(accounts), 1), done)
        news = replace(report, deeds=worth_telling(journal, made, plan.made, done))
        told = notify(settings, engine, news, made, _now(), reached=accounts, codes=())
        report = replace(report, deeds=(*done, *told), finished=_now())
    click.echo(in_format(report, form), nl=False)
    return report.exit_code


def _now() -> datetime:
    return datetime.now(UTC)


def _configured(settings: Settings, file: Path, plan: SavedPlan) -> None:
    """Whether this plan is for these accounts. Raises UsageError or NothingSelected."""
    for saved in plan.steps:
        (account,) = chosen_accounts(settings, [saved.step.account])
        if account.platform.value != saved.step.platform:
            raise UsageError(
                f"{file} is about {account.name} of {saved.step.platform}, which here is {account.platform.value}",
                help="Apply it where it was made, or make it anew with `presend scan --plan FILE`.",
            )


Stopped = tuple[DeedState, str, Campaign | None]
"""What a step that is not tried ends as, why, and the campaign where it could be read."""

_OF_PEOPLE = (Verb.TAG, Verb.UNTAG, Verb.EXCLUDE)


class Checked:
    """Holds saved steps against what is so now; each campaign is read once."""

    def __init__(self, connect: Callable[[str], Connector], memory: Memory, now: datetime) -> None:
        self._connect = connect
        self._memory = memory
        self._now = now
        self._seen: dict[tuple[str, str], Campaign | Stopped] = {}
        self._others: dict[tuple[str, str], Stopped | None] = {}

    def steps(self, saved: Sequence[Saved]) -> list[Planned]:
        """What can be tried as planned; the rest with the reason why not."""
        return [self._one(each) for each in saved]

    def _one(self, saved: Saved) -> Planned:
        key = (saved.step.account, saved.step.campaign_id)
        if key not in self._seen:
            self._seen[key] = self._look(saved)
        found = self._seen[key]
        # A hold or a note is about the campaign: one subscriber more or less does not make it another.
        if isinstance(found, Campaign) and saved.step.verb in _OF_PEOPLE:
            if key not in self._others:
                self._others[key] = self._changed(saved, found)
            found = self._others[key] or found
        if isinstance(found, tuple):
            state, why, read = found
            step = replace(saved.step, detail=f"{saved.step.detail}; {why}")
            return Planned(step, state, read or nobody(saved), saved.ids)
        known = self._memory.of(*key)
        step, ids = saved.step, saved.ids
        again = step.verb is Verb.HOLD and found.state in HELD_STATES
        if step.verb in (Verb.TAG, Verb.UNTAG):
            # Who carries it since, or no longer, was marked by another run: nobody is marked twice.
            carry = known.carry(step.label)
            ids = tuple(one for one in ids if (one in carry) is (step.verb is Verb.UNTAG))
            again = not ids
        again = again or (step.verb is Verb.COMMENT and known.said == step.label)
        if again:
            return Planned(
                replace(step, detail=f"{step.detail}; left alone: it is so already"), DeedState.LEFT_ALONE, found
            )
        planned = Planned(replace(step, recipients=len(ids)), DeedState.PLANNED, found, ids)
        if step.verb in (Verb.HOLD, Verb.EXCLUDE) and (why := known.stays_put_back(found.revision)):
            return left_alone(planned, why)
        if step.verb is Verb.HOLD and (late := past_stopping(found, self._now)):
            return cannot(planned, f"{step.detail}; {late}")
        return planned

    def _look(self, saved: Saved) -> Campaign | Stopped:
        """The campaign as it is now; or why nothing is done to it, with the campaign where it could be read."""
        campaign: Campaign | None = None
        try:
            connector = self._connect(saved.step.account)
            campaign = connector.campaign(saved.step.campaign_id)
            if campaign.revision != saved.step.revision:
                return DeedState.LEFT_ALONE, "left alone: the campaign changed since the plan was made", campaign
        except PlatformError as error:
            return DeedState.FAILED, f"not done: {said(error)}", campaign
        return campaign

    def _changed(self, saved: Saved, campaign: Campaign) -> Stopped | None:
        """Why nobody is marked or left out, where the campaign goes to others than when the plan was made."""
        if saved.people is None:
            return None
        try:
            if crowd_of(read_people(self._connect(saved.step.account), campaign)) == saved.people:
                return None
        except (PlatformError, duckdb.Error) as error:
            return DeedState.FAILED, f"not done: {said(error)}", campaign
        return DeedState.LEFT_ALONE, "left alone: its recipients are others than when the plan was made", campaign


def nobody(saved: Saved) -> Campaign:
    """A campaign that was not read, by its name alone."""
    step, unread = saved.step, Gap("it was not read")
    ref = CampaignRef(Platform(step.platform), step.account, Kind.CAMPAIGN, step.campaign_id, saved.name)
    schedule = Schedule(Strategy.UNKNOWN, unread, unread, unread)
    return Campaign(ref, State.UNKNOWN, "", schedule, (), AudienceRef(()), step.revision)


def _refused(saved: Saved, over: str) -> Planned:
    step = replace(saved.step, detail=f"{saved.step.detail}; refused: {over}")
    return Planned(step, DeedState.REFUSED, nobody(saved), saved.ids)


def as_report(started: datetime, accounts: int, deeds: Sequence[Deed]) -> Report:
    """A report of nothing but deeds."""
    return Report(
        version=version("presend"),
        as_of=started,
        started=started,
        finished=_now(),
        campaigns=(),
        failures=(),
        accounts=accounts,
        deeds=tuple(deeds),
    )


def lines(deeds: Sequence[Deed]) -> str:
    """Deeds for a terminal, one a line."""
    if not deeds:
        return "nothing to do\n"
    rows = [
        f"{d.verb.value:<8} {d.state.value.replace('_', ' '):<10} "
        f"{':'.join(filter(None, (d.account, d.campaign_id)))}  {clean(d.detail)}"
        for d in deeds
    ]
    return "\n".join(rows) + "\n"


def in_format(report: Report, form: str) -> str:
    """The deeds as lines, or the whole as JSON."""
    if form == "table":
        return lines(report.deeds)
    from presend.outputs import Format, writer

    return writer(Format.JSON)(report)
