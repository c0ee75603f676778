"""Leaves people out of a held campaign by a mark of presend's own, and lets them in again; never schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from presend.errors import PlatformError
from presend.model import OUT, Campaign, DeedState, Receipt
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.abilities import KINDS
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.looking import HELD, Looker, attempt, because, surely_not
from presend_connectors.mailchimp.narrowing import (
    STAY,
    WAS,
    Audience,
    all_match,
    is_whole,
    meaning,
    read,
    tag_of,
    with_tag,
    without_tag,
    written,
)
from presend_connectors.mailchimp.normalise import digest, part_of
from presend_connectors.mailchimp.reader import Reader, sentence
from presend_connectors.mailchimp.segments import members
from presend_connectors.mailchimp.tagging import Tagger

LATER = "whoever joins its audience later is not among them"


class Narrower:
    """The writing half of a surgical hold."""

    def __init__(self, client: Client, reader: Reader, tagger: Tagger, look: Looker) -> None:
        self._client = client
        self._reader = reader
        self._tagger = tagger
        self._look = look

    # -- leaving out

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        """Leave exactly `ids` out. Raises PlatformError while nothing has been written."""
        row = self._look.row(campaign.ref.id)
        if refusal := _not_ready(row):
            return refusal
        aim = self._reader.aim(row)
        if aim.gap is not None:
            return Receipt(DeedState.FAILED, f"not narrowed: {aim.gap.reason}")
        if f"{row.recipients.list_id}/{part_of(aim.now)}" != campaign.audience.key:
            return Receipt(DeedState.LEFT_ALONE, "its audience was changed in Mailchimp since it was read")
        if aim.without.options is not None and aim.without.options.prebuilt_segment_id:
            return Receipt(
                DeedState.CANNOT, "it goes to one of Mailchimp's ready-made segments, which cannot be changed"
            )
        wanted = list(dict.fromkeys(ids))
        if not wanted and not aim.left_out:
            return Receipt(DeedState.DONE, "there was nobody to leave out")
        emails = self._tagger.emails(row.recipients.list_id, None, campaign.audience.stated_size, wanted)
        if len(emails) < len(wanted):
            gone = len(wanted) - len(emails)
            return Receipt(
                DeedState.FAILED, f"not narrowed: {gone} of {len(wanted)} people are not on the list any more"
            )
        chosen = _to_unfold(aim)
        stay = self._who_stay(row, chosen, emails) if chosen else {}
        if chosen and not stay:
            return Receipt(DeedState.CANNOT, "nobody would stay in its audience: hold it instead")
        try:
            if chosen is None:
                return self._by_condition(row, aim, label, emails)
            return self._by_staying(row, aim, chosen, label, emails, stay)
        except PlatformError as error:
            undo = _undo(row, aim, label)
            return Receipt(DeedState.FAILED, f"its audience was not narrowed: {sentence(error)}", undo)

    def _who_stay(self, row: wire.Campaign, chosen: wire.SegmentOpts, out: Mapping[str, str]) -> dict[str, str]:
        """Addresses by id of those who would get it now, without those to be left out. Raises PlatformError."""
        listing = self._reader.listing(row.recipients.list_id)
        return {
            one.id: one.email_address
            for page in members(self._client, row.id, chosen, listing)
            for one in page
            if one.status == "subscribed" and one.id not in out
        }

    def _by_condition(self, row: wire.Campaign, aim: Audience, label: str, emails: Mapping[str, str]) -> Receipt:
        """The tag, then the condition. Raises PlatformError where the campaign was surely not changed."""
        undo = _undo(row, aim, label)
        tag = self._tagger.exactly(row.recipients.list_id, label, emails)
        if isinstance(tag, Receipt):
            return _not_narrowed(tag, undo)
        said = f"{len(emails)} people are left out: they carry the tag {label}"
        return self._aim(row, aim, _with_condition(aim, tag), undo, said)

    def _by_staying(
        self,
        row: wire.Campaign,
        aim: Audience,
        chosen: wire.SegmentOpts,
        label: str,
        emails: Mapping[str, str],
        stay: Mapping[str, str],
    ) -> Receipt:
        """Two tags, then the campaign goes to one of them. Raises PlatformError as `_by_condition`."""
        list_id, undo = row.recipients.list_id, _undo(row, aim, label)
        tag = self._tagger.exactly(list_id, label, emails)
        if isinstance(tag, Receipt):
            return _not_narrowed(tag, undo)
        origin = self._origin(row, aim, chosen)
        if isinstance(origin, Receipt):
            return _not_narrowed(origin, undo)
        staying = self._tagger.exactly(list_id, f"{STAY}{row.id}:{origin}", stay)
        if isinstance(staying, Receipt):
            return _not_narrowed(staying, undo)
        # What was a saved segment stays one, and conditions stay conditions: mixing the two is not documented.
        means = wire.SegmentOpts(conditions=[with_tag(staying)])
        if chosen.saved_segment_id:
            means = wire.SegmentOpts(saved_segment_id=staying)
        said = f"{len(emails)} people are left out: it goes to the {len(stay)} others of now, {LATER}"
        return self._aim(row, aim, means, undo, said)

    def _origin(self, row: wire.Campaign, aim: Audience, chosen: wire.SegmentOpts) -> int | Receipt:
        """The segment for which those who stay stand; conditions of the campaign's own are kept as one first."""
        if chosen.saved_segment_id or aim.origin:
            return chosen.saved_segment_id or aim.origin
        list_id, means = row.recipients.list_id, meaning(chosen)
        name = f"{WAS}{row.id}:{digest(means)}"

        def kept() -> int:
            number = next((each.id for each in self._client.segments(list_id, "saved") if each.name == name), 0)
            held = self._client.segment(list_id, number).options if number else None
            shown = wire.SegmentOpts(match=held.match, conditions=held.conditions) if held else None
            return number if meaning(shown) == means else 0

        if found := kept():
            return found
        options = {"match": chosen.match, "conditions": chosen.conditions}
        refused = attempt(lambda: self._client.keep_segment(list_id, name, options))
        seen = self._look(kept, bool)
        if seen:
            return seen
        state = DeedState.FAILED if surely_not(refused) and seen == 0 else DeedState.UNKNOWN
        return Receipt(state, f"its conditions could not be kept as the segment {name}{because(refused)}")

    # -- letting in again

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        """Put back the audience that `undo` names, or the one without presend's mark where it names none."""
        row = self._look.row(campaign_id)
        if refusal := _not_ready(row):
            return refusal
        aim = self._reader.aim(row)
        if aim.gap is not None:
            return Receipt(DeedState.FAILED, f"not widened: {aim.gap.reason}")
        try:
            wanted = read(undo["segment_opts"]) if "segment_opts" in undo else aim.without.options
        except msgspec.ValidationError:
            return Receipt(DeedState.FAILED, "what was stored of its audience cannot be read: change it in Mailchimp")
        if meaning(aim.now.options) == meaning(wanted):
            return Receipt(DeedState.DONE, "nobody is left out of it by presend")
        same_list = undo.get("list_id", row.recipients.list_id) == row.recipients.list_id
        if not same_list or not aim.left_out or meaning(aim.without.options) != meaning(wanted):
            return Receipt(DeedState.LEFT_ALONE, "its audience was changed in Mailchimp since people were left out")
        receipt = self._aim(row, aim, wanted, {}, "it goes to everybody whom it was meant for again")
        if receipt.state is not DeedState.DONE:
            return receipt
        return replace(receipt, detail=receipt.detail + self._unmarked(row, aim))

    def _unmarked(self, row: wire.Campaign, aim: Audience) -> str:
        """Take presend's tags of this campaign off people again; the end of a sentence where that did not work."""
        if aim.left_out != f"{OUT}{row.id}":
            return ""  # a copy of a campaign carries the mark of the first one, which still needs it
        list_id = row.recipients.list_id
        try:
            tags = self._client.tags(list_id)
            names = [name for name, tag in tags.items() if name == aim.left_out or tag == aim.tag]
            left = [name for name in names if isinstance(self._tagger.exactly(list_id, name, {}), Receipt)]
        except PlatformError as error:
            return f"; its tags are still on people ({error.message})"
        return f"; the tag {left[0]} is still on people" if left else ""

    # -- the campaign

    def _aim(
        self, row: wire.Campaign, aim: Audience, wanted: wire.SegmentOpts | None, undo: Mapping[str, Any], said: str
    ) -> Receipt:
        """Change the audience, and look."""
        before, means = meaning(row.recipients.segment_opts), meaning(wanted)
        if means == before:
            # Only the tag's people changed. Recipients that Mailchimp fixed at an earlier scheduling may be taken anew
            # only when the definition changes, so it is taken out and put in again.
            refused, found = self._sent(row, aim.without.options)
            if found is None or meaning(found.recipients.segment_opts) != meaning(aim.without.options):
                state = DeedState.FAILED if found is not None and surely_not(refused) else DeedState.UNKNOWN
                why = (
                    "presend's condition could not be taken out and put in again, so that it may go to those of before"
                )
                return Receipt(state, f"{why}{because(refused)}", undo)
        refused, found = self._sent(row, wanted)
        if found is None:
            return Receipt(DeedState.UNKNOWN, f"it could not be read again after the change{because(refused)}", undo)
        if found.status not in HELD:
            return Receipt(DeedState.UNKNOWN, f"somebody scheduled it meanwhile: its status is {found.status}", undo)
        now = meaning(found.recipients.segment_opts)
        if now != means or found.recipients.list_id != row.recipients.list_id:
            if surely_not(refused) and now == before:
                return Receipt(DeedState.FAILED, f"its audience was not changed: {sentence(refused)}", undo)
            why = f"Mailchimp does not show the audience that was asked for{because(refused)}"
            return Receipt(DeedState.UNKNOWN, why, undo)
        if found.settings != row.settings:
            return Receipt(DeedState.UNKNOWN, "its audience was changed, and so were other settings; look at it", undo)
        return Receipt(DeedState.DONE, said, undo)

    def _sent(
        self, row: wire.Campaign, wanted: wire.SegmentOpts | None
    ) -> tuple[PlatformError | None, wire.Campaign | None]:
        """What was refused, and what is there afterwards."""
        means = meaning(wanted)

        def stands(found: wire.Campaign) -> bool:
            return meaning(found.recipients.segment_opts) == means

        refused = attempt(lambda: self._client.aim(row, written(wanted)))
        found = self._look(lambda: self._look.row(row.id), stands)
        if wanted is None and found is not None and found.status in HELD and not stands(found):
            # Whether a request without a segment takes it away is not documented; one without conditions may.
            refused = attempt(lambda: self._client.aim(row, {"match": "all", "conditions": []}))
            found = self._look(lambda: self._look.row(row.id), stands)
        return refused, found


def _not_ready(row: wire.Campaign) -> Receipt | None:
    if row.status not in HELD:
        return Receipt(DeedState.FAILED, f"it is not held: its status is {row.status}, so its audience was not changed")
    if row.type not in KINDS:
        return Receipt(DeedState.CANNOT, f"presend does not change the audience of campaigns of the type {row.type}")
    return None


def _not_narrowed(receipt: Receipt, undo: Mapping[str, Any]) -> Receipt:
    return Receipt(receipt.state, f"its audience was not narrowed: {receipt.detail}", undo)


def _to_unfold(aim: Audience) -> wire.SegmentOpts | None:
    """The audience to which no condition can be added, so that those who stay must be named; None for any other."""
    options = aim.without.options
    if options is None or is_whole(options) or (all_match(options) and not options.saved_segment_id):
        return None
    return options


def _with_condition(aim: Audience, tag: int) -> wire.SegmentOpts:
    options = aim.without.options
    before = options.conditions if options is not None and not is_whole(options) else []
    kept = [each for each in before if tag_of(each, "static_not") != tag]
    return wire.SegmentOpts(match="all", conditions=[*kept, without_tag(tag)])


def _undo(row: wire.Campaign, aim: Audience, label: str) -> dict[str, Any]:
    """What `widen` needs: where it was aimed without presend's mark."""
    return {
        "list_id": row.recipients.list_id,
        "segment_opts": written(aim.without.options),
        "label": label,
    }
