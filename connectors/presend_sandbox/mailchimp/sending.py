"""Who would get a campaign, and how scheduling, starting and taking it back work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from presend_sandbox.mailchimp.segments import matching
from presend_sandbox.mailchimp.state import Account, Audience, Campaign, Member

_FIRST_ZONE = timedelta(hours=14)
_DELIVERY = timedelta(minutes=30)


def members_of(account: Account, audience: Audience, segment_id: int) -> list[Member]:
    """The members of a saved segment or tag, whatever their status."""
    segment = audience.segments[segment_id]
    if segment.type == "static":
        return [member for member in audience.members.values() if member.id in segment.members]
    return matching(audience, segment.match, segment.conditions, account.clock.now())


def addressed(account: Account, campaign: Campaign) -> list[Member]:
    """The subscribed members whom the campaign's list and segment match at this moment."""
    audience = account.lists[campaign.list_id]
    options = campaign.segment
    if not options or options.get("prebuilt_segment_id"):  # a ready-made segment stands for anybody here
        found = list(audience.members.values())
    elif options.get("conditions"):
        found = matching(audience, options.get("match", "all"), options["conditions"], account.clock.now())
    else:
        found = members_of(account, audience, int(options["saved_segment_id"]))
    return [member for member in found if member.status == "subscribed"]


def recipients(account: Account, campaign: Campaign) -> list[str]:
    """The ids of those who would be mailed right now: the fixed recipients if any, less those who left since."""
    if campaign.fixed is None:
        return [member.id for member in addressed(account, campaign)]
    members = account.lists[campaign.list_id].members.values()
    return [each.id for each in members if each.id in campaign.fixed and each.status == "subscribed"]


def freeze(account: Account, campaign: Campaign) -> None:
    """Fix the recipients of a segment, as plans from Standard up do when a campaign is scheduled."""
    if campaign.segment and account.tier == "standard":
        campaign.frozen = frozenset(member.id for member in addressed(account, campaign))


def begins(account: Account, campaign: Campaign) -> datetime | None:
    """When sending starts; Timewarp starts when the easternmost zone reaches the stated local hour."""
    if campaign.send_time is None or not campaign.timewarp:
        return campaign.send_time
    wall = campaign.send_time.astimezone(ZoneInfo(account.timezone)).replace(tzinfo=UTC)
    return wall - _FIRST_ZONE


def let_time_pass(account: Account) -> None:
    """Start and finish the sending of whatever is due by now."""
    now = account.clock.now()
    for campaign in account.campaigns.values():
        start = begins(account, campaign)
        if start is None or campaign.stuck:
            continue
        if campaign.status == "schedule" and start <= now:
            campaign.emails_sent = len(recipients(account, campaign))
            campaign.status = "sending"
        if campaign.status == "sending" and campaign.send_time and campaign.send_time + _DELIVERY <= now:
            campaign.status = "sent"


def on_quarter(moment: datetime) -> bool:
    """Whether a moment is one that can be scheduled: 00, 15, 30 or 45 past the hour."""
    return moment.minute % 15 == 0 and moment.second == 0 and moment.microsecond == 0


def next_quarter(moment: datetime) -> datetime:
    """The first quarter hour at or after a moment."""
    short = moment.replace(second=0, microsecond=0, minute=moment.minute - moment.minute % 15)
    return short if short == moment else short + timedelta(minutes=15)
