"""Puts people into a Mailchimp tag and takes them out, five hundred a call, and counts who is really in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from presend.errors import BadAnswer, Gone, PlatformError, Refused
from presend.model import DeedState, Gap, Receipt
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.client import BATCH, COUNT, Client
from presend_connectors.mailchimp.reader import sentence

T = TypeVar("T")


class Look(Protocol):
    """Reads until what is read is enough; None when it could not be read."""

    def __call__(self, read: Callable[[], T], enough: Callable[[T], bool]) -> T | None:
        """The last thing read."""


class Tagger:
    """Tags of one account's lists; a tag is a static segment."""

    def __init__(self, client: Client, look: Look) -> None:
        self._client = client
        self._look = look

    def tag(self, row: wire.Campaign, size: int | Gap, label: str, ids: Sequence[str]) -> Receipt:
        """Put `ids` into the tag `label`; DONE only when all of them were seen in it."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return Receipt(DeedState.DONE, "there was nobody to tag")
        list_id = row.recipients.list_id
        emails = self._emails(row, size, wanted)
        segment = self._found_or_made(list_id, label)
        if isinstance(segment, Receipt):
            return segment
        undo = {"list_id": list_id, "segment_id": segment, "label": label}
        sure, errors = self._change(list_id, segment, "members_to_add", list(emails.values()))
        inside = self._look(lambda: self._inside(list_id, segment), lambda found: found.issuperset(wanted))
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who carries the tag {label} could not be read{errors}", undo)
        missing = sum(1 for one in wanted if one not in inside)
        if missing:
            return Receipt(
                DeedState.FAILED if sure else DeedState.UNKNOWN,
                f"{len(wanted) - missing} of {len(wanted)} people carry the tag {label}; {missing} do not{errors}",
                undo,
            )
        return Receipt(DeedState.DONE, f"{len(wanted)} people carry the tag {label}", undo)

    def untag(self, list_id: str, label: str, ids: Sequence[str]) -> Receipt:
        """Take `ids` out of the tag; DONE only when none of them was seen in it any more."""
        wanted = set(ids)
        segment = self._client.find_tag(list_id, label)
        if segment is None:
            return Receipt(DeedState.DONE, f"the list has no tag {label}, so nobody carries it")
        emails = {
            one.id: one.email_address
            for page in self._client.contacts(list_id, segment)
            for one in page
            if one.id in wanted
        }
        sure, errors = self._change(list_id, segment, "members_to_remove", list(emails.values()))
        inside = self._look(lambda: self._inside(list_id, segment), lambda found: not found & wanted)
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who carries the tag {label} could not be read{errors}")
        left = len(inside & wanted)
        if left:
            state = DeedState.FAILED if sure else DeedState.UNKNOWN
            return Receipt(state, f"{left} of {len(wanted)} people still carry the tag {label}{errors}")
        return Receipt(DeedState.DONE, f"none of the {len(wanted)} people carries the tag {label} any more")

    def _found_or_made(self, list_id: str, label: str) -> int | Receipt:
        segment = self._client.find_tag(list_id, label)
        if segment is not None:
            return segment
        refused: PlatformError | None = None
        try:
            self._client.create_tag(list_id, label)
        except PlatformError as error:
            refused = error  # it may be there all the same: made meanwhile, or the answer was lost
        # All tags, not a search: what was just made may not be found by searching yet.
        found = self._look(lambda: self._client.tags(list_id).get(label, 0), bool)
        if found:
            return found
        if refused is not None and found == 0:
            return Receipt(DeedState.FAILED, f"the tag {label} could not be made: {sentence(refused)}")
        return Receipt(DeedState.UNKNOWN, f"whether the tag {label} was made could not be seen; nobody was tagged")

    def _emails(self, row: wire.Campaign, size: int | Gap, ids: Sequence[str]) -> dict[str, str]:
        """Addresses by id: Mailchimp tags by address. One by one where that is fewer calls than reading the list."""
        list_id = row.recipients.list_id
        pages = size // COUNT + 1 if isinstance(size, int) else len(ids)
        if len(ids) <= pages:
            return dict(self._one_by_one(list_id, ids))
        wanted = set(ids)
        found: dict[str, str] = {}
        options = row.recipients.segment_opts
        for page in self._client.contacts(list_id, (options.saved_segment_id or None) if options else None):
            found |= {one.id: one.email_address for one in page if one.id in wanted}
            if len(found) == len(wanted):
                break
        return found

    def _one_by_one(self, list_id: str, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        for one in ids:
            try:
                yield one, self._client.contact(list_id, one).email_address
            except Gone:
                continue  # left the list meanwhile; counted as missing when looking

    def _change(self, list_id: str, segment: int, verb: str, emails: Sequence[str]) -> tuple[bool, str]:
        """Send the change in calls of 500: whether each was answered, and what went wrong as a sentence's end."""
        said: list[str] = []
        sure = True
        for start in range(0, len(emails), BATCH):
            try:
                result = self._client.change_tag(list_id, segment, {verb: emails[start : start + BATCH]})
            except PlatformError as error:
                said.append(error.message)
                sure = sure and isinstance(error, (Refused, BadAnswer, Gone))
                continue
            if result is None:
                sure = False
                said.append("an answer of Mailchimp could not be read")
            elif result.errors:
                refused = sum(len(each.email_addresses) for each in result.errors)
                said.append(f"Mailchimp refused {refused} addresses")
        return sure, f" ({'; '.join(dict.fromkeys(said))})" if said else ""

    def _inside(self, list_id: str, segment: int) -> set[str]:
        return {one.id for page in self._client.contacts(list_id, segment) for one in page}
