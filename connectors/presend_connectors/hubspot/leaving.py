"""Leaves people out of a held email: a static list of presend's own among its exclusions, read back; and undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from presend.errors import BadAnswer, Gone, PlatformError, Refused
from presend.model import Campaign, DeedState, Gap, Receipt, State, Strategy
from presend_connectors.hubspot import paths, wire
from presend_connectors.hubspot.client import Client
from presend_connectors.hubspot.marking import Lists
from presend_connectors.hubspot.normalise import (
    DRAFT,
    EITHER,
    LEGACY,
    LISTS,
    ONE_BY_ONE,
    SCHEDULED,
    SENDING,
    audience_key,
    is_own,
    is_taken_back,
)
from presend_connectors.hubspot.reader import Reader, sentence
from presend_connectors.hubspot.times import moment

T = TypeVar("T")

ROOM = timedelta(minutes=20)
"""What must be left before the first delivery, to take it back, read its recipients anew and schedule it again."""

_SIDES = ("contactIlsLists", "contactLists", "contactIds")
_CHANGED = "somebody changed its recipients meanwhile, so presend left them alone"


class Look(Protocol):
    """Reads until what is read is enough, once only after a plain refusal; None when it could not be read."""

    def __call__(
        self, read: Callable[[], T], enough: Callable[[T], bool], refused: PlatformError | None = None
    ) -> T | None:
        """The last thing read."""


def cannot(campaign: Campaign, now: datetime) -> str:
    """Why nobody can be left out of a campaign, whatever the account may do; "" when that is possible."""
    if campaign.state is not State.SCHEDULED:
        return f"it is not scheduled: its state is {campaign.native_state}"
    if campaign.schedule.strategy is Strategy.RECURRING:
        return "it is sent again and again, by itself: presend leaves nobody out of such an email"
    named_by = campaign.schedule.restore.get("namedBy")
    if named_by == ONE_BY_ONE:
        return "its recipients are contacts chosen one by one, and presend only adds a list to lists: hold it instead"
    if named_by != LISTS:
        return "its recipients are lists of the old kind, which presend only reads: choose them again in HubSpot"
    until = campaign.schedule.stoppable_until
    if isinstance(until, Gap):
        return f"when it goes is not known: {until.reason}"
    if until - ROOM <= now:
        minutes = int(ROOM.total_seconds() // 60)
        return f"less than {minutes} minutes are left before it goes, too few to take it back and schedule it again"
    return ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Changes who an email that was taken back leaves out."""

    client: Client
    reader: Reader
    lists: Lists
    look: Look

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Exclude the list `label`, with exactly `ids` in it, from the email and its variants."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return Receipt(DeedState.FAILED, "there is nobody to leave out: take the exclusion off instead")
        emails = list(dict.fromkeys([campaign.ref.id, *(message.id for message in campaign.messages)]))
        stated = campaign.schedule.stated
        due = None if isinstance(stated, Gap) else stated
        stored = str(campaign.schedule.restore.get("audience"))
        refused = self._ready(emails, stored, due)
        if refused is not None:
            return refused
        list_id = self.lists.exactly(label, wanted)
        if isinstance(list_id, Receipt):
            return Receipt(list_id.state, f"{list_id.detail}; its recipients were not changed")
        undo = {"emails": emails, "audience": stored, "due": campaign.schedule.restore.get("publishDate"),
                "label": label, "list": list_id}  # fmt: skip
        said = f"the list {label} with {len(wanted)} people is excluded"
        return self._exclude(emails, [list_id], said, undo)

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        """Take presend's own lists out of the exclusions again; without what was stored, as HubSpot shows it now."""
        emails = [str(one) for one in undo.get("emails") or ()]
        stored = undo.get("audience")
        try:
            if not emails:
                emails = [message.id for message in self.reader.campaign(campaign_id).messages]
        except PlatformError as error:
            return Receipt(DeedState.FAILED, f"nothing was changed, it could not be read: {sentence(error)}")
        due = moment(str(undo.get("due") or ""))
        refused = self._ready(emails, None if stored is None else str(stored), due)
        if refused is not None:
            return refused
        return self._exclude(emails, [], "presend leaves nobody out of it any more", {"emails": emails})

    def _ready(self, emails: Sequence[str], stored: str | None, due: datetime | None) -> Receipt | None:
        """Why the recipients must not be changed: not held, or others than were stored; None when they may be."""
        self.reader.forget_lists()
        try:
            rows = [self.client.email(one) for one in emails]
            now = self.client.clock.now()
            busy = next((row for row in rows if not _is_held(row, due, now)), None)
            if busy is not None:
                why = f"the email {busy.id} is not held (its state is {busy.state}), so its recipients were left"
                return Receipt(DeedState.FAILED, f"{why} as they are")
            targets = self.reader.resolve(rows[0])
        except PlatformError as error:
            return Receipt(DeedState.FAILED, f"nothing was changed, it could not be read: {sentence(error)}")
        if targets.named_by in (LEGACY, ONE_BY_ONE):
            return Receipt(DeedState.CANNOT, "its recipients are not named by lists of today's kind")
        if stored is not None and audience_key(targets) != stored:
            return Receipt(DeedState.LEFT_ALONE, _CHANGED)
        return None

    def _exclude(self, emails: Sequence[str], own: Sequence[str], said: str, undo: Mapping[str, Any]) -> Receipt:
        """Put just these lists of presend's own into the exclusions of every email, all else as it was."""
        for place, email_id in enumerate(emails):
            failed = self._write(email_id, own)
            if failed is not None and place:
                # One variant leaves them out and another does not.
                return Receipt(DeedState.UNKNOWN, f"{failed.detail}; its variants differ now", undo)
            if failed is not None:
                return Receipt(failed.state, failed.detail, undo if failed.state is DeedState.UNKNOWN else {})
        return Receipt(DeedState.DONE, said, undo)

    def _write(self, email_id: str, own: Sequence[str]) -> Receipt | None:
        """None once the exclusions were seen to be so, on an email that is still no scheduled one."""
        try:
            before = self.client.aimed(email_id).to
            theirs = self._theirs(before)
        except PlatformError as error:
            return Receipt(
                DeedState.FAILED, f"the recipients could not be read, nothing was changed: {sentence(error)}"
            )
        wanted = _with_excluded(before, [*theirs, *own])
        refused: PlatformError | None = None
        if _told(before) != _told(wanted):
            what, path = f"the recipients of the email {email_id}", paths.EMAIL
            try:
                # All recipients, said twice, are the recipients: it may be said again.
                self.client.write("PATCH", path, what, {"to": wanted}, repeatable=True, email_id=email_id)
            except PlatformError as error:
                refused = error
        sure = isinstance(refused, (Refused, Gone, BadAnswer))
        after = self.look(
            lambda: self.client.aimed(email_id),
            lambda seen: _told(seen.to) == _told(wanted),
            refused if sure else None,
        )
        because = f": {sentence(refused)}" if refused else ""
        if after is None:
            return Receipt(DeedState.UNKNOWN, f"the recipients of the email {email_id} could not be seen{because}")
        if after.state in SCHEDULED | EITHER | SENDING:
            return Receipt(DeedState.UNKNOWN, f"the email {email_id} is {after.state} now: somebody scheduled it")
        if _told(after.to) == _told(wanted):
            return None
        if sure and _told(after.to) == _told(before):
            return Receipt(DeedState.FAILED, f"the recipients of the email {email_id} were not changed{because}")
        return Receipt(DeedState.UNKNOWN, f"HubSpot does not show the new recipients of the email {email_id}{because}")

    def _theirs(self, to: Mapping[str, Any]) -> list[Any]:
        """The lists that people excluded themselves. Raises PlatformError."""
        excluded = (to.get("contactIlsLists") or {}).get("exclude") or []
        known = self.reader.lists([str(one) for one in excluded])
        return [one for one in excluded if not (str(one) in known and is_own(known[str(one)]))]


def _with_excluded(to: Mapping[str, Any], excluded: Sequence[Any]) -> dict[str, Any]:
    lists = dict(to.get("contactIlsLists") or {})
    numbers = any(isinstance(one, int) for one in lists.get("include") or ())
    return {**to, "contactIlsLists": {**lists, "exclude": [int(one) if numbers else str(one) for one in excluded]}}


def _told(to: Mapping[str, Any]) -> Any:
    """Recipients as they can be compared: neither the order of ids nor how they are written says anything."""
    sides = {
        (name, pick): frozenset(map(str, (to.get(name) or {}).get(pick) or ()))
        for name in _SIDES
        for pick in ("include", "exclude")
    }
    return sides, {name: value for name, value in to.items() if name not in _SIDES}


def _is_held(row: wire.Email, due: datetime | None, now: datetime) -> bool:
    """Whether an email goes out to nobody by itself."""
    return row.state in DRAFT or (row.state not in SCHEDULED | EITHER | SENDING and is_taken_back(row, now, due))
