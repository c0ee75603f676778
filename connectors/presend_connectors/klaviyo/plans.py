"""What it takes to put a send back: the schedule request that repeats saved options, and how exact it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from presend.model import Reversible, Strategy
from presend_connectors.klaviyo.times import STRATEGIES, moment, stamp

AGAIN = "Klaviyo takes the recipients anew when it is scheduled again"

# send_options.send_strategy → the strategy that POST /api/campaign-message-schedule takes.
_POSTED: Mapping[str, str] = {
    "static": "static",
    "content_variation": "static",
    "local_timezone": "local_timezone",
    "content_variation_local_timezone": "local_timezone",
    "throttled": "throttled",
    "variation_per_second_throttled": "throttled",
    "send_time_optimization": "smart_send_time",
    "personalized_send_time_optimization": "smart_send_time",
}
_TESTED = frozenset({"content_variation", "content_variation_local_timezone", "variation_per_second_throttled"})


@dataclass(frozen=True, slots=True)
class Saved:
    """One message as it was when it was held."""

    id: str
    options: Mapping[str, Any]
    settings: Mapping[str, Any]
    variations: int

    @property
    def word(self) -> str:
        """The strategy, as the platform says it."""
        return str(self.options.get("send_strategy") or "")

    @property
    def smart(self) -> bool:
        """Whether Klaviyo picks the hour itself, so that only a day can be given."""
        return STRATEGIES.get(self.word) is Strategy.SMART

    @property
    def at(self) -> datetime | None:
        """The stated time, or the first of the variations'."""
        own = moment(self.options.get("send_time"))
        if own is not None:
            return own
        times = self.options.get("send_times")
        found = [at for each in (times.values() if isinstance(times, dict) else []) if (at := moment(each))]
        return min(found, default=None)


def saved_messages(saved: Mapping[str, Any]) -> list[Saved]:
    """The messages of `Schedule.restore`, those that were scheduled."""
    return [
        Saved(row["id"], row["send_options"], row.get("send_settings", {}), int(row.get("variations", 1)))
        for row in saved.get("messages", [])
        if row.get("status") == "scheduled"
    ]


def reversible(message: Saved) -> tuple[Reversible, str]:
    """How exactly a message can be scheduled again, and what to say about it."""
    if message.word not in _POSTED:
        return Reversible.NO, f"Klaviyo's API cannot schedule the strategy {message.word or '(none)'} again"
    if _POSTED[message.word] == "throttled" and _share(message) is None:
        return Reversible.NO, "Klaviyo does not show how it is throttled, so that cannot be put back"
    if message.smart:
        return Reversible.APPROXIMATE, f"the day comes back, and Klaviyo picks the hours anew; {AGAIN}"
    if message.word in _TESTED or message.variations > 1:
        return Reversible.APPROXIMATE, f"the time comes back, the settings of the A/B test perhaps not; {AGAIN}"
    return Reversible.EXACT, f"the time comes back exactly; {AGAIN}"


def worst(messages: list[Saved]) -> tuple[Reversible, str]:
    """The least exact of several."""
    order = (Reversible.NO, Reversible.APPROXIMATE, Reversible.EXACT)
    found = [reversible(each) for each in messages]
    return min(found, key=lambda each: order.index(each[0])) if found else (Reversible.NO, "nothing of it is scheduled")


def _share(message: Saved) -> int | None:
    share = message.options.get("recipient_percentage")
    return share if isinstance(share, int) and not isinstance(share, bool) else None


def attributes(message: Saved, at: datetime) -> dict[str, Any]:
    """The attributes of the schedule request that repeats the saved options at a time."""
    posted = _POSTED[message.word]
    if posted == "smart_send_time":
        return {"strategy": posted, "send_date": at.date().isoformat()}
    found: dict[str, Any] = {"strategy": posted, "send_time": stamp(at)}
    if posted == "throttled":
        unit = message.options.get("throttle_unit") or "hour"
        found["throttled_options"] = {"throttling_percentage": _share(message), "throttle_unit": unit}
    if posted == "local_timezone" and "send_passed_rltz_immediately" in message.settings:
        passed = bool(message.settings["send_passed_rltz_immediately"])
        found["timezone_options"] = {"send_past_timezones_tomorrow": not passed}
    return found


def same(message: Saved, options: Mapping[str, Any], at: datetime) -> bool:
    """Whether options read back say what was asked: the strategy, and the time or, for a smart send, the day."""
    now = Saved(message.id, options, {}, message.variations)
    if now.at is None or _POSTED.get(now.word) != _POSTED.get(message.word):
        return False
    return now.at.date() == at.date() if message.smart else abs(now.at - at) < timedelta(minutes=1)
