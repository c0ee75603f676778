"""Deeds by hand: hold one campaign, put it back, from the journal."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from presend.actions.apply import attempt
from presend.actions.apply import held as held_back
from presend.actions.known import BY_HAND
from presend.actions.putback import RELEASE
from presend.actions.undo import put_back
from presend.cli.common import account_config, campaign_of, find_campaign, note
from presend.errors import NothingSelected
from presend.exitcodes import ExitCode
from presend.model import Able, Campaign, DeedState, Receipt, Reversible, Step, Verb
from presend.registry import connector_for
from presend.settings import load
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.locks import account_lock

_CODES = {
    DeedState.DONE: ExitCode.CLEAR,
    DeedState.PLANNED: ExitCode.CLEAR,
    DeedState.LEFT_ALONE: ExitCode.CLEAR,
    DeedState.REFUSED: ExitCode.DEED,
    DeedState.FAILED: ExitCode.DEED,
    DeedState.UNKNOWN: ExitCode.DEED,
    DeedState.CANNOT: ExitCode.DEED,
}


def _say(verb: Verb, name: str, receipt: Receipt) -> ExitCode:
    click.echo(f"{verb.value} {name}: {receipt.state.value.replace('_', ' ')}. {receipt.detail}".rstrip())
    return _CODES[receipt.state]


def _step(verb: Verb, campaign: Campaign, reversible: Reversible, detail: str) -> Step:
    ref = campaign.ref
    return Step(verb, ref.platform.value, ref.account, ref.id, campaign.revision, reversible, detail)


def _now() -> datetime:
    return datetime.now(UTC)


def hold(name: str, *, dry_run: bool, config: Path | None) -> ExitCode:
    """Hold one campaign. What cannot be put back exactly is said before it is held."""
    settings = load(config)
    account, campaign_id = find_campaign(settings, name)
    with ExitStack() as stack:
        stack.enter_context(account_lock(settings, account.name))
        connector = connector_for(account_config(settings, account))
        stack.callback(connector.close)
        campaign = campaign_of(connector, campaign_id)
        ability = connector.writer.ability(Verb.HOLD, campaign)
        label = f"{name} ({campaign.ref.name})"
        if ability.able is Able.NO:
            return _say(Verb.HOLD, label, Receipt(DeedState.CANNOT, ability.detail))
        if dry_run:
            why = f"Would be taken back to draft; {ability.detail}"
            return _say(Verb.HOLD, label, Receipt(DeedState.PLANNED, why))
        if ability.reversible is not Reversible.EXACT:
            note(f"{label} cannot be put back exactly: {ability.detail}")
        journal = Journal(stack.enter_context(opened(settings)), uuid.uuid4().hex)
        step = _step(Verb.HOLD, campaign, ability.reversible, f"{BY_HAND}; {ability.detail}".rstrip("; "))
        entry = journal.begin(step, campaign.ref.name, connector.writer.saved(campaign), _now())
        act = partial(held_back, journal, entry, connector.writer, campaign)
        return _say(Verb.HOLD, label, attempt(journal, entry, act, _now))


def release(name: str, *, at: datetime | None, dry_run: bool, config: Path | None) -> ExitCode:
    """Put a campaign back that presend held."""
    settings = load(config)
    account, campaign_id = find_campaign(settings, name)
    with ExitStack() as stack:
        stack.enter_context(account_lock(settings, account.name))
        journal = Journal(stack.enter_context(opened(settings)), uuid.uuid4().hex)
        held = journal.held(account.name, campaign_id)
        if held is None:
            raise NothingSelected(
                f"presend has not held {name}, or has put it back already",
                help="What presend did not hold, it does not know how to put back: schedule it on the platform.",
            )
        connector = connector_for(account_config(settings, account))
        stack.callback(connector.close)
        campaign = connector.campaign(campaign_id)
        ability = connector.writer.ability(Verb.RELEASE, campaign)
        label = f"{name} ({campaign.ref.name})"
        if ability.able is Able.NO:
            return _say(Verb.RELEASE, label, Receipt(DeedState.CANNOT, ability.detail))
        if dry_run:
            why = f"Would be scheduled again; {ability.detail}"
            return _say(Verb.RELEASE, label, Receipt(DeedState.PLANNED, why))
        step = _step(
            Verb.RELEASE, campaign, ability.reversible, f"takes back the hold of {held.started:%Y-%m-%d %H:%M}"
        )
        if campaign.left_out:
            note(f"{label} leaves people out by {campaign.left_out}; `presend undo {held.run}` lets them in again")
        receipt = put_back(connector, journal, held, campaign, step, at, _now, RELEASE)
        return _say(Verb.RELEASE, label, receipt)
