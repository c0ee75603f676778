"""The only file that writes to Mailchimp: hold, release, tag, untag and comment, each looked at again afterwards."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from presend.errors import PlatformError
from presend.model import Ability, Able, Campaign, DeedState, Gap, Receipt, Reversible, State, Strategy, Verb
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.abilities import exclude
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.leaving_out import Narrower
from presend_connectors.mailchimp.looking import HELD, Looker, attempt, because, surely_not
from presend_connectors.mailchimp.normalise import RSS
from presend_connectors.mailchimp.reader import Reader, sentence
from presend_connectors.mailchimp.rights import Rights
from presend_connectors.mailchimp.tagging import Tagger
from presend_connectors.mailchimp.times import moment, next_quarter, timewarp_begins, written

OWN = "presend"
"""How presend's own comments begin."""

_BATCHES = "batch delivery, had it been set, could not be read and would be off"
_SNAPSHOT = "Mailchimp may choose the segment's recipients anew"


class MailchimpWriter:
    """The writing half of one account."""

    def __init__(self, client: Client, reader: Reader) -> None:
        self._client = client
        self._reader = reader
        self._look = Looker(client)
        self._tagger = Tagger(client, self._look)
        self._narrower = Narrower(client, reader, self._tagger, self._look)

    # -- what is possible

    def ability(self, verb: Verb, campaign: Campaign) -> Ability:
        """From what was read already: plan, role, and the campaign's own state."""
        rights = Rights(self._reader.root)
        match verb:
            case Verb.HOLD:
                return self._hold_ability(campaign, rights)
            case Verb.RELEASE:
                return self._release_ability(campaign, rights)
            case Verb.TAG | Verb.UNTAG:
                able, detail = rights.contacts
                return Ability(able, Reversible.EXACT, detail if able is not Able.YES else "")
            case Verb.COMMENT:
                able, detail = rights.comment
                return Ability(able, Reversible.APPROXIMATE, detail if able is not Able.YES else "")
            case Verb.EXCLUDE:
                return exclude(campaign, self._reader, rights, self._now())
            case Verb.NOTIFY:
                return Ability(Able.NO, Reversible.NO, "notices do not go through Mailchimp")

    def _hold_ability(self, campaign: Campaign, rights: Rights) -> Ability:
        able, detail = rights.schedule
        if able is Able.NO:
            return Ability(able, Reversible.NO, detail)
        if campaign.state is State.LIVE:
            return Ability(able, Reversible.EXACT, "pausing and resuming puts an RSS campaign back as it was")
        if campaign.state is not State.SCHEDULED:
            return Ability(Able.NO, Reversible.NO, f"it is not scheduled: its status is {campaign.native_state}")
        until = campaign.schedule.stoppable_until
        if isinstance(until, Gap):
            return Ability(able, Reversible.NO, f"the time could not be put back: {until.reason}")
        if until <= self._now():
            return Ability(
                Able.UNKNOWN, Reversible.NO, "its time has come, so sending may have begun and a hold be refused"
            )
        said = [f"can be put back until {until:%Y-%m-%d %H:%M} UTC", _BATCHES]
        if campaign.schedule.strategy is Strategy.LOCAL_TIME:
            said[1] = "Timewarp sends begin that early, in the first zone of the day"
        if any(ref.kind != "list" for ref in campaign.audience.included):
            said.append(_SNAPSHOT)
        return Ability(able, Reversible.EXACT, "; ".join(said))

    def _release_ability(self, campaign: Campaign, rights: Rights) -> Ability:
        able, detail = rights.schedule
        if able is Able.NO:
            return Ability(able, Reversible.NO, detail)
        if campaign.native_state not in HELD:
            why = f"it is not held: its status is {campaign.native_state}"
            return Ability(Able.NO, Reversible.NO, why)
        return Ability(able, Reversible.EXACT, f"at its saved time, on a quarter of an hour; {_BATCHES}")

    def saved(self, campaign: Campaign) -> Mapping[str, Any]:
        """Type, status, time and Timewarp: all of a schedule that Mailchimp shows."""
        return {"name": campaign.ref.name, **campaign.schedule.restore}

    # -- holding

    def hold(self, campaign: Campaign) -> Receipt:
        """Unschedule it, or pause it if it is driven by RSS, and look."""
        undo = self.saved(campaign)
        rss = campaign.schedule.restore.get("type") == RSS
        refused = attempt(lambda: self._client.act(campaign.ref.id, "pause" if rss else "unschedule"))
        wanted = frozenset({"paused"}) if rss else HELD
        row = self._look(lambda: self._look.row(campaign.ref.id), lambda found: found.status in wanted)
        if row is None:
            return Receipt(DeedState.UNKNOWN, f"it could not be read again after the hold{because(refused)}", undo)
        if row.status in wanted:
            return Receipt(DeedState.DONE, f"Mailchimp shows it as {row.status}", undo)
        if row.status in ("sending", "sent") and not rss:
            return Receipt(DeedState.FAILED, f"too late: its status is {row.status}{because(refused)}")
        if surely_not(refused):
            return Receipt(DeedState.FAILED, f"not held, it will go out: {sentence(refused)}")
        return Receipt(
            DeedState.UNKNOWN, f"Mailchimp still shows it as {row.status}{because(refused)}; look at it there", undo
        )

    def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
        """Schedule it as saved or at another time, if it is still held; resume it if it is driven by RSS."""
        row = self._look.row(campaign_id)
        if row.status not in HELD:
            where = f" for {row.send_time}" if row.send_time else ""
            return Receipt(DeedState.LEFT_ALONE, f"it is not held any more: its status is {row.status}{where}")
        if saved.get("type") == RSS or row.type == RSS:
            return self._resume(campaign_id)
        warp = bool(saved.get("timewarp"))
        chosen = self._time(saved, at, warp=warp)
        if isinstance(chosen, str):
            return Receipt(DeedState.FAILED, chosen)
        when, note = chosen
        body = {"schedule_time": written(when), "timewarp": warp}
        refused = attempt(lambda: self._client.act(campaign_id, "schedule", body))
        found = self._look(lambda: self._look.row(campaign_id), lambda seen: _is_set(seen, when, warp=warp))
        if found is None:
            return Receipt(DeedState.UNKNOWN, f"it could not be read again after scheduling{because(refused)}")
        if _is_set(found, when, warp=warp):
            return Receipt(DeedState.DONE, f"scheduled for {when:%Y-%m-%d %H:%M} UTC{note}; {_BATCHES}")
        if found.status in HELD and surely_not(refused):
            return Receipt(DeedState.FAILED, f"not scheduled: {sentence(refused)}{self._why_not(campaign_id)}")
        return Receipt(
            DeedState.UNKNOWN,
            f"Mailchimp shows it as {found.status} for {found.send_time or 'no time'}"
            f"{because(refused)}; look at it there",
        )

    def _resume(self, campaign_id: str) -> Receipt:
        refused = attempt(lambda: self._client.act(campaign_id, "resume"))
        found = self._look(lambda: self._look.row(campaign_id), lambda seen: seen.status == "sending")
        if found is not None and found.status == "sending":
            return Receipt(DeedState.DONE, "the RSS campaign runs again")
        if found is not None and surely_not(refused):
            return Receipt(DeedState.FAILED, f"not resumed: {sentence(refused)}")
        shown = found.status if found else "unreadable"
        return Receipt(DeedState.UNKNOWN, f"Mailchimp shows it as {shown}{because(refused)}; look at it there")

    def _time(self, saved: Mapping[str, Any], at: datetime | None, *, warp: bool) -> tuple[datetime, str] | str:
        """The time to schedule for and what to say of it, or the sentence why there is none."""
        asked = at.astimezone(UTC) if at else moment(str(saved.get("schedule_time", "")))
        if asked is None:
            return "the time it had was not known: give one with --at"
        when = next_quarter(asked)
        moved = f" (the next quarter of an hour after {asked:%H:%M})" if when != asked else ""
        begins = timewarp_begins(when, self._reader.root.account_timezone) if warp else when
        if begins <= self._now():
            why = "Timewarp would have begun in the first zone of the day at" if warp else "that was"
            return (
                f"the time {when:%Y-%m-%d %H:%M} UTC cannot be used: {why} {begins:%Y-%m-%d %H:%M} UTC; "
                "give a later one with --at"
            )
        return when, moved + (", with Timewarp" if warp else "")

    def _why_not(self, campaign_id: str) -> str:
        """What Mailchimp's checklist complains of; its refusal often gives no reason at all."""
        try:
            items = self._client.checklist(campaign_id).items
        except PlatformError:
            return ""
        errors = [item.heading for item in items if item.type == "error"]
        return f" Mailchimp's checklist says: {', '.join(errors)}." if errors else ""

    # -- people

    def tag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Put people into the tag of that name in the campaign's list, and look who is in it."""
        row, _aim = self._reader.known(campaign.ref.id)
        return self._tagger.tag(row.recipients.list_id, label, ids)

    def untag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Take people out of the tag, and look who is in it."""
        row, _aim = self._reader.known(campaign.ref.id)
        return self._tagger.untag(row.recipients.list_id, label, ids)

    # -- words

    def comment(self, campaign: Campaign, text: str) -> Receipt:
        """One comment of presend's own on the campaign: a later one replaces it, and opens it again."""
        own = next((note for note in self._client.notes(campaign.ref.id) if _is_own(note)), None)
        return self._say(campaign.ref.id, own, text, complete=False)

    def resolve(self, campaign: Campaign, text: str) -> Receipt:
        """Say it in presend's own comment and mark that as complete; nothing where presend never commented."""
        own = next((note for note in self._client.notes(campaign.ref.id) if _is_own(note)), None)
        if own is None:
            return Receipt(DeedState.DONE, "presend has no comment on the campaign")
        return self._say(campaign.ref.id, own, text, complete=True)

    def _say(self, campaign_id: str, own: wire.Note | None, text: str, *, complete: bool) -> Receipt:
        said = text if text.startswith(OWN) else f"{OWN}: {text}"

        def stands(note: wire.Note) -> bool:
            return _is_own(note) and _same(note.message, said) and note.is_complete is complete

        if own is not None and stands(own):
            detail = "the comment on the campaign says so already"
            return Receipt(DeedState.DONE, detail, {"feedback_id": own.feedback_id})
        if own is None:
            refused = attempt(lambda: self._client.add_note(campaign_id, said))
        else:
            refused = attempt(lambda: self._client.change_note(campaign_id, own.feedback_id, said, complete=complete))
        notes = self._look(lambda: self._client.notes(campaign_id), lambda found: any(map(stands, found)))
        seen = next((note for note in notes or [] if stands(note)), None)
        if seen is not None:
            undo = {"feedback_id": seen.feedback_id, "previous": own.message if own else ""}
            done = "completed presend's comment in Mailchimp" if complete else "commented on the campaign in Mailchimp"
            return Receipt(DeedState.DONE, done, undo)
        if notes is not None and surely_not(refused):
            return Receipt(DeedState.FAILED, f"not commented: {sentence(refused)}")
        return Receipt(DeedState.UNKNOWN, f"the comment could not be seen on the campaign{because(refused)}")

    def mark(self, campaign: Campaign, label: str) -> Receipt:
        """Mailchimp has no tags for campaigns."""
        del campaign, label
        return Receipt(DeedState.CANNOT, "Mailchimp has no tags for campaigns; the comment says it instead")

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """By a tag and a condition where every condition must hold, else by naming those who stay."""
        return self._narrower.narrow(campaign, label, ids)

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        """Back to the audience before presend's exclusion."""
        return self._narrower.widen(campaign_id, undo)

    def bound(self, label: str) -> Sequence[str] | Gap:
        """Mailchimp's API shows neither customer journeys nor what starts them."""
        return Gap(
            f"Mailchimp's API does not show customer journeys, so one that starts with the tag {label} "
            "cannot be ruled out; look for it on the platform"
        )

    def _now(self) -> datetime:
        return self._client.clock.now()


def _is_set(row: wire.Campaign, when: datetime, *, warp: bool) -> bool:
    return row.status == "schedule" and moment(row.send_time) == when and row.settings.timewarp is warp


def _is_own(note: wire.Note) -> bool:
    return note.source == "api" and note.message.startswith(OWN)


def _same(shown: str, said: str) -> bool:
    """Whether a comment is the one that was written, however Mailchimp shows its lines and signs."""
    return " ".join(html.unescape(shown).split()) == " ".join(html.unescape(said).split())
