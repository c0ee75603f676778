"""What became of deeds whose process ended in between: the journal says how far they got, the platform what is so.

Nothing is ever done here: a deed is found done, found not done, or called unknown with what to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from presend.actions.exclude import Stage
from presend.actions.faults import said
from presend.actions.putback import RELEASE, noted
from presend.engine import HELD_STATES
from presend.errors import DeedError, Gone, PlatformError
from presend.logs import logger
from presend.model import Campaign, DeedState, Receipt, State, Verb
from presend.ports import Connector
from presend.report import Deed
from presend.store.journal import Entry, Journal
from presend.store.marks import Marks

ENDED = "an earlier run ended before it was known"


def recover(
    connector: Connector, journal: Journal, marks: Marks, account: str, now: Callable[[], datetime]
) -> tuple[Deed, ...]:
    """Look at every unfinished deed of an account and close its entry; call it under the account's lock.

    Raises DeedError when the journal cannot be read. An entry that cannot be written stays for the next run.
    """
    found = []
    for entry in journal.unfinished(account):
        receipt = looked_at(connector, journal, marks, entry)
        logger("actions").info(
            "recovered", verb=entry.verb.value, campaign=entry.campaign_id, state=receipt.state.value
        )
        try:
            journal.finish(entry.id, receipt, now())
        except DeedError as error:
            receipt = replace(receipt, detail=f"{receipt.detail}; {error.message}")
        found.append(deed(entry, receipt))
    return tuple(found)


def deed(entry: Entry, receipt: Receipt) -> Deed:
    """A deed of the journal as the report shows it."""
    return Deed(
        verb=entry.verb,
        platform=entry.platform,
        account=entry.account,
        campaign_id=entry.campaign_id,
        state=receipt.state,
        reversible=entry.reversible,
        detail=f"{entry.detail}; {receipt.detail}".strip("; "),
    )


def looked_at(connector: Connector, journal: Journal, marks: Marks, entry: Entry) -> Receipt:
    """What became of one unfinished deed. Raises DeedError when the journal fails."""
    try:
        campaign = connector.campaign(entry.campaign_id)
    except Gone:
        return Receipt(DeedState.UNKNOWN, f"{ENDED}, and the campaign is not there any more")
    except PlatformError as error:
        return Receipt(DeedState.UNKNOWN, f"{ENDED}, and the campaign could not be read: {said(error)}")
    match entry.verb:
        case Verb.HOLD:
            return _hold(entry, campaign)
        case Verb.EXCLUDE:
            return _exclude(journal, entry, campaign)
        case Verb.RELEASE:
            return _release(journal, entry, campaign)
        case Verb.TAG | Verb.UNTAG:
            return _people(marks, entry)
        case Verb.COMMENT:
            return Receipt(
                DeedState.UNKNOWN, f"{ENDED} whether it was said; the next complete scan says it if it was not"
            )
        case Verb.NOTIFY:
            return Receipt(DeedState.UNKNOWN, f"{ENDED} whether it went out")


def _people(marks: Marks, entry: Entry) -> Receipt:
    """The platforms do not show marks as they show campaigns; but what was seen to be so was stored before the end."""
    carry = set(marks.ids(entry.account, entry.campaign_id, entry.label))
    ids = set(entry.undo.get("ids", ()))
    if ids <= carry if entry.verb is Verb.TAG else not ids & carry:
        return Receipt(DeedState.DONE, f"{ENDED}; who carries {entry.label} was seen to be right before")
    return Receipt(DeedState.UNKNOWN, f"{ENDED} who carries {entry.label}; the next complete scan puts it right")


def _hold(entry: Entry, campaign: Campaign) -> Receipt:
    if campaign.state in HELD_STATES:
        return Receipt(DeedState.DONE, f"{ENDED}; the platform shows it as {campaign.native_state}, so it is held")
    if campaign.state is State.SCHEDULED and campaign.revision == entry.revision:
        return Receipt(DeedState.FAILED, "was not done: an earlier run ended before, and it is scheduled as it was")
    return Receipt(DeedState.UNKNOWN, f"{ENDED}; {_shown(campaign)}, so look at it there")


def _shown(campaign: Campaign) -> str:
    return f"the platform shows it as {campaign.native_state}"


def _release(journal: Journal, entry: Entry, campaign: Campaign) -> Receipt:
    if campaign.state is State.SCHEDULED:
        hold = journal.held(entry.account, entry.campaign_id)
        if hold is not None and hold.id < entry.id:
            journal.released(hold, entry.id)
        noted(journal, entry.id, campaign.revision, RELEASE, entry.started)
        return Receipt(DeedState.DONE, f"{ENDED}; the platform shows it as scheduled")
    if campaign.state in HELD_STATES:
        name = f"{entry.account}:{entry.campaign_id}"
        return Receipt(DeedState.FAILED, f"was not done: it is still held; `presend release {name}` puts it back")
    return Receipt(DeedState.UNKNOWN, f"{ENDED}; {_shown(campaign)}, so look at it there")


def _exclude(journal: Journal, entry: Entry, campaign: Campaign) -> Receipt:
    """By how far it got. It is never scheduled from here: who would get it was right then, and need not be now."""
    stages = {stage.name for stage in entry.stages}
    held = campaign.state in HELD_STATES
    name = f"{entry.account}:{entry.campaign_id}"
    if Stage.HOLD not in stages:
        journal.holding(entry.id, held=False)
        return Receipt(DeedState.FAILED, "was not done: an earlier run ended before it was begun")
    if held:
        journal.holding(entry.id, held=True)
        sure = Stage.NARROW not in stages or Stage.VERIFIED in stages
        how = "" if sure else ", and whom it would reach is not sure"
        why = f"an earlier run ended in between; it is held and goes to nobody{how}"
        state = DeedState.FAILED if sure else DeedState.UNKNOWN
        return Receipt(state, f"{why}; look at who gets it, then `presend release {name}`")
    if Stage.HELD not in stages and campaign.state is State.SCHEDULED and campaign.revision == entry.revision:
        journal.holding(entry.id, held=False)
        return Receipt(DeedState.FAILED, "was not done: an earlier run ended before, and it is scheduled as it was")
    if Stage.RELEASE in stages and campaign.state is State.SCHEDULED and _as_wished(entry, campaign):
        journal.holding(entry.id, held=False)
        return Receipt(DeedState.DONE, f"{ENDED}; it is scheduled again, without those who were to be left out")
    return Receipt(DeedState.UNKNOWN, f"{ENDED}; {_shown(campaign)}, so look there at who gets it, and when")


def _as_wished(entry: Entry, campaign: Campaign) -> bool:
    """Whether the exclusion and the time are those that were verified before it was scheduled."""
    at = campaign.schedule.send_at
    there = at.isoformat() if isinstance(at, datetime) else None
    return bool(campaign.left_out) == bool(entry.undo.get("ids")) and there == entry.undo.get("send_at")
