"""Whether people can be left out of a campaign, told from what was read of it already."""

from __future__ import annotations

from datetime import datetime, timedelta

from presend.errors import PlatformError
from presend.model import Ability, Able, Campaign, Gap, Reversible, State, Strategy
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.narrowing import Audience, all_match
from presend_connectors.mailchimp.normalise import RSS
from presend_connectors.mailchimp.reader import Reader
from presend_connectors.mailchimp.rights import Rights
from presend_connectors.mailchimp.segments import listable
from presend_connectors.mailchimp.times import next_quarter

KINDS = frozenset({"regular", "plaintext"})
"""Types of campaigns whose audience presend changes: Mailchimp wants subject, sender and reply address with every
change, and the other types have several of them."""

MARGIN = timedelta(minutes=15)
"""How far ahead the time must be: leaving people out takes a dozen requests, and scheduling wants it still to come."""

WARP_AHEAD = timedelta(hours=24)
"""How far ahead of its stated time Mailchimp says a Timewarp send must be scheduled."""


def exclude(campaign: Campaign, reader: Reader, rights: Rights, now: datetime) -> Ability:
    """Leaving people out: taken back, narrowed, scheduled again at its own time."""
    able, detail = rights.exclude
    if able is Able.NO:
        return _no(detail)
    found = reader.seen.get(campaign.ref.id)
    if found is None:
        return Ability(Able.UNKNOWN, Reversible.APPROXIMATE, "its audience was not read in this run")
    row, aim = found
    reason = _of_kind(row) or _of_state(campaign) or _of_time(campaign, now) or _of_audience(aim, row, reader)
    if reason:
        return _no(reason)
    said = [] if able is Able.YES else [detail]
    options = aim.without.options
    stays = options is not None and (bool(options.saved_segment_id) or not all_match(options))
    if stays:
        said.append("it goes to those who are in its audience now, so whoever joins it later is not among them")
    else:
        said.append("by a tag and a condition, so Mailchimp may fix its recipients when it is scheduled")
    said.append("batch delivery, had it been set, could not be read and would be off")
    return Ability(able, Reversible.APPROXIMATE if stays else Reversible.EXACT, "; ".join(said))


def _no(reason: str) -> Ability:
    return Ability(Able.NO, Reversible.NO, reason)


def _of_kind(row: wire.Campaign) -> str:
    if row.type == RSS:
        return "an RSS campaign goes again and again: it is never scheduled for one time, so nobody can be left out"
    if row.type not in KINDS:
        return (
            f"it is of the type {row.type}: Mailchimp wants one subject, sender and reply address with every change, "
            "so presend leaves people out of regular and plain-text campaigns only"
        )
    return ""


def _of_state(campaign: Campaign) -> str:
    return "" if campaign.state is State.SCHEDULED else f"it is not scheduled: its status is {campaign.native_state}"


def _of_time(campaign: Campaign, now: datetime) -> str:
    """Why it could not be scheduled again at its own time; "" where it could."""
    until, stated = campaign.schedule.stoppable_until, campaign.schedule.stated
    if isinstance(until, Gap) or isinstance(stated, Gap):
        gap = until if isinstance(until, Gap) else stated
        return f"it could not be scheduled again: {gap.reason if isinstance(gap, Gap) else ''}"
    if next_quarter(stated) != stated:
        return f"its time {stated:%H:%M} UTC is no quarter of an hour, and Mailchimp schedules at no other"
    if until - MARGIN <= now:
        return (
            f"there is too little time: it can be taken back until {until:%Y-%m-%d %H:%M} UTC, and must be scheduled "
            f"again at least {MARGIN.seconds // 60} minutes before that"
        )
    if campaign.schedule.strategy is Strategy.LOCAL_TIME and stated - WARP_AHEAD - MARGIN <= now:
        return (
            f"it is a Timewarp send for {stated:%Y-%m-%d %H:%M} UTC, and Mailchimp wants those scheduled 24 hours ahead"
        )
    return ""


def _of_audience(aim: Audience, row: wire.Campaign, reader: Reader) -> str:
    for gap in (aim.gap, aim.now.segment, aim.without.segment):
        if isinstance(gap, Gap):
            return gap.reason
    options = aim.without.options
    if options is not None and options.prebuilt_segment_id:
        return "it goes to one of Mailchimp's ready-made segments, whose people Mailchimp does not list"
    try:
        known = listable(options, reader.listing(row.recipients.list_id))
    except PlatformError as error:
        return error.message
    return "" if known else "it goes to a part of its list by conditions whose people Mailchimp does not list"
