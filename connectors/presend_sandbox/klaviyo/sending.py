"""Who would be mailed, when a scheduled message goes out, and what schedule, revert and cancel do to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from presend_sandbox.klaviyo.api import ApiError, invalid
from presend_sandbox.klaviyo.state import Account, Message
from presend_sandbox.klaviyo.switches import (
    AFTER_REVERT,
    AUDIENCE_EDIT,
    LATE_ERROR,
    RECIPIENTS,
    REVERT,
    REVERT_LATE,
    SNAPSHOT,
)

STRATEGIES = ("static", "local_timezone", "throttled", "smart_send_time")
ABOUT_TO_SEND = timedelta(minutes=15)
_LOCAL = ("local_timezone", "content_variation_local_timezone")
# The date line's far side reaches a wall-clock time fourteen hours before UTC does.
_EARLIEST_ZONE = timedelta(hours=14)
_SENDING_TAKES = timedelta(minutes=10)
_READS_UNTIL_REVERTED = 2


def members(account: Account, message: Message, at: datetime | None = None) -> frozenset[str]:
    """Ids of those the audience includes and does not exclude; with `at`, only who had joined by then."""
    audience = account.audiences[message.audience]

    def of(ids: list[str]) -> set[str]:
        groups = [account.groups[each] for each in ids if each in account.groups]
        return {who for group in groups for who, joined in group.members.items() if at is None or joined <= at}

    return frozenset(of(audience.included) - of(audience.excluded))


def mailable(account: Account, ids: frozenset[str], included: list[str], ignoring: bool = False) -> list[str]:
    """Those of `ids` with an address who are not suppressed, wholly or for every included list they are on.

    With `ignoring`, having unsubscribed keeps nobody out.
    """
    kept = []
    for each in ids:
        profile = account.profiles.get(each)
        if profile is None or not profile.attributes.get("email"):
            continue
        if not (profile.consent.can_receive_ignoring if ignoring else profile.consent.can_receive):
            continue
        barred = {row["list_id"] for row in profile.consent.list_suppressions}
        on = {group for group in included if group in account.groups and each in account.groups[group].members}
        if not on or on - barred:
            kept.append(each)
    return sorted(kept)


def recipients(account: Account, message: Message) -> list[str]:
    """Ids of those a message would be mailed to if it went out now."""
    included = account.audiences[message.audience].included
    variable = account.choice(RECIPIENTS) == "send" and not fixed_early(message)
    chosen = members(account, message) if variable or message.snapshot is None else message.snapshot
    return mailable(account, chosen, included, message.ignoring)


def fixed_early(message: Message) -> bool:
    """Whether the platform always fixes recipients at schedule time: local-time sends and A/B tests."""
    return message.strategy in _LOCAL or len(message.variations) > 1


def starts(message: Message) -> datetime | None:
    """When the first recipient is mailed."""
    if message.send_date is not None:
        return datetime.combine(date.fromisoformat(message.send_date), datetime.min.time(), UTC)
    if message.send_time is None:
        return None
    return message.send_time - _EARLIEST_ZONE if message.strategy in _LOCAL else message.send_time


def settle(account: Account) -> None:
    """Bring every message to what the clock says: scheduled, sending, sent."""
    now = account.now()
    for message in account.messages.values():
        begun = starts(message)
        if message.status == "scheduled" and not message.stuck and begun and now >= begun:
            message.sent_to = recipients(account, message)
            message.status, message.updated = "sending", begun
        if message.status == "sending" and begun and now >= begun + _duration(message):
            message.status = "sent"


def _duration(message: Message) -> timedelta:
    if message.strategy in _LOCAL:
        return timedelta(hours=26)
    if message.percentage:
        unit = timedelta(minutes=1) if message.throttle_unit == "minute" else timedelta(hours=1)
        return unit * (100 // message.percentage)
    return timedelta(days=1) if message.send_date else _SENDING_TAKES


def send(account: Account, campaign_id: str) -> list[str]:
    """Ids of all whom a campaign's messages would mail, or did; KeyError when there is none such."""
    settle(account)
    mailed: set[str] = set()
    for each in account.campaigns[campaign_id].messages:
        message = account.messages[each]
        if message.status == "scheduled" and not message.reverting:
            mailed.update(recipients(account, message))
        elif message.status in ("sending", "sent"):
            mailed.update(message.sent_to)
    return sorted(mailed)


def _refuse(account: Account, detail: str) -> ApiError:
    if account.choice(LATE_ERROR) == "400":
        return invalid(detail, "/data/attributes/action")
    return ApiError(409, "conflict", "Conflict.", detail)


def schedule(account: Account, message: Message, wanted: dict[str, Any]) -> None:
    """Put a draft message on the calendar as the attributes of a schedule request say. Raises ApiError."""
    if message.status != "draft":
        raise _refuse(
            account, f"Campaign message {message.id} is {message.status}, not draft, and cannot be scheduled."
        )
    strategy = wanted.get("strategy")
    if strategy not in STRATEGIES:
        raise invalid(f"strategy must be one of {', '.join(STRATEGIES)}.", "/data/attributes/strategy")
    send_time, send_date = _times(account, wanted, strategy)
    message.percentage, message.throttle_unit = _throttle(wanted, strategy)
    message.send_time, message.send_date = send_time, send_date
    message.strategy = _stored_strategy(strategy, len(message.variations) > 1)
    message.status, message.reverting, message.stuck = "scheduled", 0, False
    message.updated = account.now()
    if message.snapshot is None or account.choice(SNAPSHOT) == "again":
        message.snapshot = members(account, message)


def _stored_strategy(strategy: str, several: bool) -> str:
    plain = {"smart_send_time": "send_time_optimization"}.get(strategy, strategy)
    tested = {
        "static": "content_variation",
        "local_timezone": "content_variation_local_timezone",
        "throttled": "variation_per_second_throttled",
    }
    return tested.get(plain, plain) if several else plain


def _times(account: Account, wanted: dict[str, Any], strategy: str) -> tuple[datetime | None, str | None]:
    name = "send_date" if strategy == "smart_send_time" else "send_time"
    pointer = f"/data/attributes/{name}"
    text = wanted.get(name)
    if not isinstance(text, str):
        raise invalid(f"{name} is required for the strategy {strategy}.", pointer)
    try:
        if name == "send_date":
            day = date.fromisoformat(text)
            if day < account.now().date():
                raise invalid("send_date must not be in the past.", pointer)
            return None, day.isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{name} is not a valid date.", pointer) from None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    if moment <= account.now():
        raise invalid("send_time must be in the future.", pointer)
    return moment, None


def _throttle(wanted: dict[str, Any], strategy: str) -> tuple[int | None, str | None]:
    if strategy != "throttled":
        return None, None
    options = wanted.get("throttled_options") or {}
    share = options.get("throttling_percentage")
    pointer = "/data/attributes/throttled_options/throttling_percentage"
    if not isinstance(share, int) or isinstance(share, bool) or not 1 <= share <= 99:
        raise invalid("throttling_percentage between 1 and 99 is required for the strategy throttled.", pointer)
    return share, options.get("throttle_unit") or "hour"


def stop(account: Account, message: Message, action: str) -> None:
    """Revert a scheduled message to draft, or cancel it for good. Raises ApiError when it cannot be."""
    if action not in ("revert", "cancel"):
        raise invalid("action must be one of 'cancel', 'revert'.", "/data/attributes/action")
    if message.status != "scheduled":
        raise _refuse(account, f"Campaign message {message.id} is {message.status} and cannot be {action}ed.")
    behaviour = account.choice(REVERT)
    begun = starts(message)
    if begun and begun - account.now() <= ABOUT_TO_SEND:
        behaviour = account.choice(REVERT_LATE)
    if behaviour == "refused":
        raise _refuse(account, f"Campaign message {message.id} can no longer be {action}ed.")
    if behaviour == "no_effect":
        return
    if action == "cancel":
        message.status, message.updated = "cancelled", account.now()
    elif behaviour == "slow":
        message.reverting = _READS_UNTIL_REVERTED
    else:
        to_draft(account, message)


def to_draft(account: Account, message: Message) -> None:
    """Take a message off the calendar."""
    message.status, message.updated, message.reverting = "draft", account.now(), 0
    if account.choice(AFTER_REVERT) == "time_cleared":
        message.send_time, message.send_date = None, None


def looked_at(account: Account, message: Message) -> None:
    """Count a look at a message whose revert takes effect late."""
    if message.reverting:
        message.reverting -= 1
        if not message.reverting:
            to_draft(account, message)


def audience_edited(account: Account, audience_id: str, included: list[str], excluded: list[str]) -> None:
    """Change whom an audience includes and excludes. Raises ApiError where its messages forbid it."""
    audience = account.audiences[audience_id]
    using = [each for each in account.messages.values() if each.audience == audience_id]
    if any(each.status in ("sending", "sent", "cancelled") for each in using):
        raise _refuse(account, "The audience of a message that was sent or cancelled cannot be changed.")
    scheduled = [each for each in using if each.status == "scheduled"]
    behaviour = account.choice(AUDIENCE_EDIT)
    if scheduled and behaviour == "refused":
        raise _refuse(account, "The audience of a scheduled message cannot be changed; revert it first.")
    audience.included, audience.excluded, audience.updated = included, excluded, account.now()
    for each in scheduled:
        if behaviour == "applies":
            each.snapshot = members(account, each)
