"""Writes to HubSpot, with `marking` and `leaving`: each deed is looked at again afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from presend.errors import BadAnswer, Gone, PlatformError, Refused, Unconfirmed
from presend.model import Ability, Able, Campaign, DeedState, Gap, Receipt, Reversible, State, Verb
from presend_connectors.hubspot import paths, wire
from presend_connectors.hubspot.client import Client
from presend_connectors.hubspot.leaving import Leaving, cannot
from presend_connectors.hubspot.marking import Lists, Notes
from presend_connectors.hubspot.normalise import DRAFT, EITHER, SCHEDULED, SENDING, SENT
from presend_connectors.hubspot.reader import Reader, sentence
from presend_connectors.hubspot.times import local_begins, moment, written

T = TypeVar("T")

LOOKS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds to wait before each look at what came of a write."""

MARGIN = timedelta(minutes=2)
"""A time nearer than this is not scheduled for: HubSpot might take it for now, and presend never sends."""

_NEEDS = "HubSpot lets only Marketing Hub Enterprise, or the transactional email add-on, cancel and schedule by API"
_APPROXIMATE = "HubSpot does not document that a cancelled email can be scheduled again: it may have to be cloned"


class HubspotWriter:
    """The writing half of one account."""

    def __init__(self, client: Client, reader: Reader, *, enterprise: bool | None) -> None:
        self._client = client
        self._reader = reader
        self._enterprise = enterprise
        self._lists = Lists(client, self._look)
        self._notes = Notes(client, self._look)
        self._leaving = Leaving(client, reader, self._lists, self._look)

    # -- what is possible

    @property
    def may_publish(self) -> tuple[Able, str]:
        """Whether the account may unpublish and publish: no API tells, so what the user said counts."""
        match self._enterprise:
            case True:
                return Able.YES, "hubspot_enterprise = true in the settings"
            case False:
                return Able.NO, f"{_NEEDS}, and this account has neither (hubspot_enterprise = false)"
            case _:
                return Able.UNKNOWN, f"{_NEEDS}; say hubspot_enterprise = true or false, until then it may be refused"

    def ability(self, verb: Verb, campaign: Campaign) -> Ability:
        """From the settings and from what was read already."""
        match verb:
            case Verb.HOLD:
                return self._hold_ability(campaign)
            case Verb.RELEASE:
                able, detail = self.may_publish
                if able is not Able.NO and campaign.state is State.SCHEDULED:
                    return Ability(Able.NO, Reversible.NO, f"it is not held: its state is {campaign.native_state}")
                return Ability(able, Reversible.APPROXIMATE, detail if able is Able.NO else _APPROXIMATE)
            case Verb.TAG | Verb.UNTAG:
                return Ability(Able.YES, Reversible.EXACT, "as a static list of that name")
            case Verb.COMMENT:
                return self._comment_ability(campaign)
            case Verb.EXCLUDE:
                return self._exclude_ability(campaign)
            case Verb.NOTIFY:
                return Ability(Able.NO, Reversible.NO, "notices do not go through HubSpot")

    def _hold_ability(self, campaign: Campaign) -> Ability:
        able, detail = self.may_publish
        if able is Able.NO:
            return Ability(able, Reversible.NO, f"{detail}; {_by_hand(campaign, 'cancel it')}")
        if campaign.state not in (State.SCHEDULED, State.UNKNOWN):
            return Ability(Able.NO, Reversible.NO, f"it is not scheduled: its state is {campaign.native_state}")
        until = campaign.schedule.stoppable_until
        if not isinstance(until, Gap) and until <= self._now():
            why = "its time has come, so sending may have begun and a hold be refused"
            return Ability(Able.UNKNOWN, Reversible.APPROXIMATE, f"{why}; {_APPROXIMATE}")
        unsure = f"{detail}; " if able is Able.UNKNOWN else ""
        return Ability(able, Reversible.APPROXIMATE, f"{unsure}{_APPROXIMATE}")

    def _exclude_ability(self, campaign: Campaign) -> Ability:
        able, detail = self.may_publish
        if able is Able.NO:
            return Ability(able, Reversible.NO, f"{detail}; {_by_hand(campaign, 'leave them out')}")
        if why := cannot(campaign, self._now()):
            return Ability(Able.NO, Reversible.NO, why)
        how = "it is taken back, a static list of those left out is excluded, and it is scheduled for the same time"
        unsure = f"{detail}; " if able is Able.UNKNOWN else ""
        return Ability(able, Reversible.APPROXIMATE, f"{unsure}{how}; {_APPROXIMATE}")

    def _comment_ability(self, campaign: Campaign) -> Ability:
        emails = self._reader.emails.get(campaign.ref.id)
        if emails is not None and not emails[0].campaign:
            return Ability(Able.NO, Reversible.NO, _NO_CAMPAIGN)
        return Ability(Able.UNKNOWN, Reversible.APPROXIMATE, "in the notes of its HubSpot campaign, if the token may")

    def saved(self, campaign: Campaign) -> Mapping[str, Any]:
        """Name, state, type, time and how it was to be published: all of a schedule that HubSpot shows."""
        return dict(campaign.schedule.restore)

    # -- holding

    def hold(self, campaign: Campaign) -> Receipt:
        """Unpublish it (A of a test: B goes along), and look at both."""
        undo = self.saved(campaign)
        before = self._client.email(campaign.ref.id)
        if before.state in DRAFT:
            return Receipt(DeedState.LEFT_ALONE, f"it is not scheduled any more: its state is {before.state}")
        path, what = paths.UNPUBLISH, f"the hold of the email {campaign.ref.id}"
        refused = self._try(lambda: self._client.write("POST", path, what, email_id=campaign.ref.id))
        variants = [message.id for message in campaign.messages[1:]]

        def both() -> list[wire.Email]:
            return [self._client.email(one) for one in (campaign.ref.id, *variants)]

        found = self._look(both, lambda seen: self._is_held(seen, before), refused)
        if found is None:
            return Receipt(DeedState.UNKNOWN, f"it could not be read again after the hold{_because(refused)}", undo)
        state = found[0].state
        if self._is_held(found, before):
            return Receipt(DeedState.DONE, f"HubSpot shows it as {state}, not scheduled", undo)
        if state in SENDING | SENT:
            return Receipt(DeedState.FAILED, f"too late: its state is {state}{_because(refused)}")
        if isinstance(refused, Refused):
            return Receipt(DeedState.FAILED, f"not held, it will go out: {sentence(refused)} {_NEEDS}.")
        if refused is not None and not isinstance(refused, Unconfirmed):
            return Receipt(DeedState.FAILED, f"not held, it will go out: {sentence(refused)}")
        shown = ", ".join(one.state for one in found)
        return Receipt(DeedState.UNKNOWN, f"HubSpot shows it as {shown}{_because(refused)}; look at it there", undo)

    def _is_held(self, found: Sequence[wire.Email], before: wire.Email) -> bool:
        """Whether the first is a draft again, or was surely unpublished before its time, and no other goes out."""
        first, *others = found
        if any(other.state in SCHEDULED | EITHER | SENDING for other in others):
            return False
        if first.state in DRAFT:
            return True
        # Which state follows is not documented. PUBLISHED may mean that it went out: only a new unpublishedAt on an
        # email whose time has not come yet says that it did not.
        due = moment(first.publish_date or before.publish_date)
        return (
            first.state not in SCHEDULED | EITHER | SENDING
            and first.unpublished_at is not None
            and first.unpublished_at != before.unpublished_at
            and first.is_published is False
            and due is not None
            and due > self._now()
        )

    # -- putting it back

    def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
        """Set the time without sending, look that it is set, publish, and look again."""
        row = self._client.email(campaign_id)
        if row.state in SCHEDULED | EITHER | SENDING:
            return Receipt(DeedState.LEFT_ALONE, f"it is not held any more: its state is {row.state}")
        when = self._time(saved, at, row)
        if isinstance(when, str):
            return Receipt(DeedState.FAILED, when)
        refused = self._set(campaign_id, when)
        if refused is not None:
            return refused
        path, what = paths.PUBLISH, f"scheduling the email {campaign_id}"
        error = self._try(lambda: self._client.write("POST", path, what, email_id=campaign_id))
        found = self._look(lambda: self._client.email(campaign_id), lambda seen: _is_set(seen, when), error)
        if found is None:
            return Receipt(DeedState.UNKNOWN, f"it could not be read again after scheduling{_because(error)}")
        if _is_set(found, when):
            return Receipt(DeedState.DONE, f"scheduled for {when:%Y-%m-%d %H:%M} UTC")
        if error is not None and not isinstance(error, Unconfirmed) and found.state not in SCHEDULED | EITHER | SENDING:
            return Receipt(DeedState.FAILED, _clone(error))
        return Receipt(
            DeedState.UNKNOWN,
            f"HubSpot shows it as {found.state} for {found.publish_date or 'no time'}{_because(error)}; "
            "look at it there",
        )

    def _time(self, saved: Mapping[str, Any], at: datetime | None, row: wire.Email) -> datetime | str:
        """The time to schedule for, or the sentence why there is none."""
        asked = at.astimezone(UTC) if at else moment(str(saved.get("publishDate") or ""))
        if asked is None:
            return "the time it had was not known: give one with --at"
        when = asked.replace(microsecond=asked.microsecond // 1000 * 1000)
        local = (saved.get("type") or row.type) == "LOCALTIME_EMAIL"
        begins = local_begins(when, self._reader.account.zone) if local else when
        if begins <= self._now() + MARGIN:
            why = "it would have begun in the first zone of the day at" if local else "that is past or too near:"
            return (
                f"the time {when:%Y-%m-%d %H:%M} UTC cannot be used: {why} {begins:%Y-%m-%d %H:%M} UTC; "
                "give a later one with --at"
            )
        return when

    def _set(self, campaign_id: str, when: datetime) -> Receipt | None:
        """Write the time and that publishing must not send now; None when both were seen."""
        body = {"publishDate": written(when), "sendOnPublish": False}
        what = f"the time of the email {campaign_id}"
        path = paths.EMAIL
        error = self._try(lambda: self._client.write("PATCH", path, what, body, repeatable=True, email_id=campaign_id))
        ready = self._look(lambda: self._client.email(campaign_id), lambda seen: _is_ready(seen, when), error)
        if ready is not None and _is_ready(ready, when):
            return None
        if error is not None and not isinstance(error, Unconfirmed):
            return Receipt(DeedState.FAILED, _clone(error))
        # Publishing without having seen the time could send at once.
        return Receipt(
            DeedState.FAILED,
            f"not scheduled: its time could not be seen to be set{_because(error)}; "
            "it is still held, schedule it by hand",
        )

    # -- people and words

    def tag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Put people into the static list of that name, and look who is in it."""
        del campaign
        return self._lists.tag(label, ids)

    def untag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Take people out of the static list of that name, and look who is in it."""
        del campaign
        return self._lists.untag(label, ids)

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Exclude the static list of that name, with exactly these people in it, from a held email."""
        return self._leaving.narrow(campaign, label, ids)

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        """Take presend's list out of the exclusions again; the list itself stays, for the next time."""
        return self._leaving.widen(campaign_id, undo)

    def bound(self, label: str) -> Sequence[str] | Gap:
        """Always a Gap: workflows are another API with rights of its own, which presend does not ask for."""
        return Gap(f"presend does not read HubSpot's workflows: one that looks at the list {label} would start")

    def resolve(self, campaign: Campaign, text: str) -> Receipt:
        """Say so in presend's paragraph in the notes of the HubSpot campaign; DONE where there is none."""
        emails, _targets = self._reader.known(campaign)
        guid = emails[0].campaign
        if not guid:
            return Receipt(DeedState.DONE, "it belongs to no HubSpot campaign, so presend noted nothing")
        return self._notes.resolve(guid, campaign.ref.id, text)

    def comment(self, campaign: Campaign, text: str) -> Receipt:
        """Presend's own paragraph in the notes of the email's HubSpot campaign: a later one replaces it."""
        emails, _targets = self._reader.known(campaign)
        guid = emails[0].campaign
        if not guid:
            return Receipt(DeedState.CANNOT, _NO_CAMPAIGN)
        return self._notes.write(guid, campaign.ref.id, text)

    def mark(self, campaign: Campaign, label: str) -> Receipt:
        """HubSpot has no tags for emails."""
        del campaign, label
        return Receipt(DeedState.CANNOT, "HubSpot has no tags for emails")

    # -- looking

    def _now(self) -> datetime:
        return self._client.clock.now()

    @staticmethod
    def _try(write: Callable[[], object]) -> PlatformError | None:
        """What a write raised, if anything: what was done is seen by looking."""
        try:
            write()
        except PlatformError as error:
            return error
        return None

    def _look(
        self, read: Callable[[], T], enough: Callable[[T], bool], refused: PlatformError | None = None
    ) -> T | None:
        """What is there, looked at a few times until it is what was wanted; None when it could not be read.

        Once is enough after a plain refusal: nothing is on its way then.
        """
        seen: T | None = None
        for wait in LOOKS if refused is None or isinstance(refused, Unconfirmed) else LOOKS[:1]:
            if wait:
                self._client.clock.sleep(min(wait, self._client.deadline.remaining()))
            try:
                seen = read()
            except (Gone, BadAnswer):
                seen = None
                break
            except PlatformError:
                seen = None  # an older look says nothing about now
                continue
            if enough(seen):
                break
        return seen


_NO_CAMPAIGN = "HubSpot has no comments on emails, and this one belongs to no HubSpot campaign whose notes could say it"


def _by_hand(campaign: Campaign, what: str) -> str:
    """Who must do what by when, where presend may not."""
    until = campaign.schedule.stoppable_until
    when = "before it goes" if isinstance(until, Gap) else f"before {until:%Y-%m-%d %H:%M} UTC"
    return f"somebody who may publish emails must {what} in HubSpot {when}"


def _because(error: PlatformError | None) -> str:
    return f" ({error.message})" if error else ""


def _clone(error: PlatformError) -> str:
    return (
        f"HubSpot would not schedule it again: {sentence(error)} It stays held: "
        "clone it in HubSpot and schedule the clone."
    )


def _is_ready(row: wire.Email, when: datetime) -> bool:
    return moment(row.publish_date) == when and row.send_on_publish is False


def _is_set(row: wire.Email, when: datetime) -> bool:
    return row.state in SCHEDULED | EITHER and moment(row.publish_date) == when
