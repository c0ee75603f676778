"""Puts tags on people and takes them off, and counts who really carries them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from presend.errors import BadAnswer, Gone, PlatformError, Refused
from presend.model import DeedState, Gap, Receipt
from presend_connectors.mailchimp.client import BATCH, COUNT, OPERATIONS, Client
from presend_connectors.mailchimp.looking import Looker, attempt
from presend_connectors.mailchimp.reader import sentence

ONE_BY_ONE = 10
"""Up to so many people get a call each; more of them go in batches of operations."""

BATCH_SECONDS = 240.0
"""How long a batch of operations is waited for."""

MAY_START = "by a call that may start a journey which waits for the tag"


class Tagger:
    """Tags of one account's lists; a tag is a static segment."""

    def __init__(self, client: Client, look: Looker) -> None:
        self._client = client
        self._look = look

    def tag(self, list_id: str, label: str, ids: Sequence[str]) -> Receipt:
        """Put the tag `label` on `ids`; DONE only when all of them were seen to carry it."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return Receipt(DeedState.DONE, "there was nobody to tag")
        sure, said = self._put(list_id, label, wanted, on=True)
        # All tags, not a search: what was just made may not be found by searching yet.
        segment = self._look(lambda: self._client.tags(list_id).get(label, 0), bool)
        undo = {"list_id": list_id, "segment_id": segment or 0, "label": label}
        if not segment:
            state = DeedState.FAILED if sure and segment == 0 else DeedState.UNKNOWN
            return Receipt(state, f"the list shows no tag {label}{_tail(said)}", undo)
        inside = self._look(lambda: self.inside(list_id, segment), lambda found: found.keys() >= set(wanted))
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who carries the tag {label} could not be read{_tail(said)}", undo)
        missing = sum(1 for one in wanted if one not in inside)
        if missing:
            return Receipt(
                DeedState.FAILED if sure else DeedState.UNKNOWN,
                f"{len(wanted) - missing} of {len(wanted)} people carry the tag {label}; {missing} do not{_tail(said)}",
                undo,
            )
        return Receipt(DeedState.DONE, f"{len(wanted)} people carry the tag {label}{_tail(said)}", undo)

    def untag(self, list_id: str, label: str, ids: Sequence[str]) -> Receipt:
        """Take the tag off `ids`; DONE only when none of them was seen to carry it any more."""
        wanted = set(ids)
        segment = self._client.tags(list_id).get(label)
        if segment is None:
            return Receipt(DeedState.DONE, f"the list has no tag {label}, so nobody carries it")
        carriers = [one for one in self.inside(list_id, segment) if one in wanted]
        sure, said = self._put(list_id, label, carriers, on=False)
        inside = self._look(lambda: self.inside(list_id, segment), lambda found: not found.keys() & wanted)
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who carries the tag {label} could not be read{_tail(said)}")
        left = len(inside.keys() & wanted)
        if left:
            state = DeedState.FAILED if sure else DeedState.UNKNOWN
            return Receipt(state, f"{left} of {len(wanted)} people still carry the tag {label}{_tail(said)}")
        return Receipt(DeedState.DONE, f"none of the {len(wanted)} people carries the tag {label} any more")

    # -- without starting anything

    def _put(self, list_id: str, label: str, ids: Sequence[str], *, on: bool) -> tuple[bool, list[str]]:
        """Send the change: whether each part was answered, and what is to be said of it."""
        if len(ids) <= ONE_BY_ONE:
            return self._each(list_id, label, ids, on=on)
        sure, said = True, list[str]()
        for start in range(0, len(ids), OPERATIONS):
            part = ids[start : start + OPERATIONS]
            try:
                answered, errors = self._batch(list_id, label, part, on=on)
            except (Refused, BadAnswer, Gone) as error:
                answered, errors = self._by_segment(list_id, label, part, on=on)
                said += [error.message, MAY_START]
            except PlatformError as error:
                answered, errors = False, [error.message]
            sure, said = sure and answered, said + errors
        return sure, list(dict.fromkeys(said))

    def _each(self, list_id: str, label: str, ids: Sequence[str], *, on: bool) -> tuple[bool, list[str]]:
        """A call for each."""
        sure, said = True, list[str]()
        for one in ids:
            try:
                self._client.put_tag(list_id, one, label, on=on)
            except PlatformError as error:
                sure = sure and isinstance(error, (Refused, BadAnswer, Gone))
                said.append(error.message)
        return sure, list(dict.fromkeys(said))

    def _batch(self, list_id: str, label: str, ids: Sequence[str], *, on: bool) -> tuple[bool, list[str]]:
        """Many at once: waits until Mailchimp is through. Raises PlatformError when it was not taken at all."""
        job = self._client.start_batch(list_id, ids, label, on=on)
        waited, nap = 0.0, 1.0
        while True:
            try:
                now = self._client.batch(job)
            except PlatformError as error:
                return False, [error.message]
            if now.status == "finished":
                failed = now.errored_operations
                return True, [f"Mailchimp refused {failed} of {now.total_operations}"] if failed else []
            nap = min(nap, BATCH_SECONDS - waited, self._client.deadline.remaining())
            if nap <= 0:
                return False, [f"Mailchimp was still at it after {waited:.0f} seconds"]
            self._client.clock.sleep(nap)
            waited, nap = waited + nap, nap * 1.5

    def _by_segment(self, list_id: str, label: str, ids: Sequence[str], *, on: bool) -> tuple[bool, list[str]]:
        """The older way: members of the static segment, by address."""
        try:
            segment = self.found_or_made(list_id, label)
            if isinstance(segment, Receipt):
                return segment.state is DeedState.FAILED, [segment.detail]
            size = self._client.newest_changes(list_id, 1).total_items
            emails = self.emails(list_id, None, size, ids)
        except PlatformError as error:
            return False, [error.message]
        return self._change(list_id, segment, "members_to_add" if on else "members_to_remove", list(emails.values()))

    # -- exactly these

    def exactly(self, list_id: str, label: str, emails: Mapping[str, str]) -> int | Receipt:
        """Make a tag's members just those of `emails` (addresses by id); its id once they were seen to be.

        By the segment's members: nothing can wait for a tag that is made for one campaign. Raises PlatformError.
        """
        segment = self.found_or_made(list_id, label)
        if isinstance(segment, Receipt):
            return segment
        held = self.inside(list_id, segment)
        added = [email for one, email in emails.items() if one not in held]
        dropped = [email for one, email in held.items() if one not in emails]
        sure, said = self._change(list_id, segment, "members_to_add", added)
        more_sure, more = self._change(list_id, segment, "members_to_remove", dropped)
        inside = self._look(lambda: self.inside(list_id, segment), lambda found: found.keys() == emails.keys())
        tail = _tail(list(dict.fromkeys(said + more)))
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who carries the tag {label} could not be read{tail}")
        if inside.keys() != emails.keys():
            state = DeedState.FAILED if sure and more_sure else DeedState.UNKNOWN
            missing, over = len(emails.keys() - inside.keys()), len(inside.keys() - emails.keys())
            return Receipt(state, f"the tag {label} lacks {missing} people and has {over} that it should not{tail}")
        return segment

    def found_or_made(self, list_id: str, label: str) -> int | Receipt:
        """The id of the tag of that name, made where there is none. Raises PlatformError when it cannot be looked."""
        segment = self._client.find_tag(list_id, label)
        if segment is not None:
            return segment
        refused = attempt(lambda: self._client.create_tag(list_id, label))
        # It may be there all the same: made meanwhile, or the answer was lost.
        found = self._look(lambda: self._client.tags(list_id).get(label, 0), bool)
        if found:
            return found
        if refused is not None and found == 0:
            return Receipt(DeedState.FAILED, f"the tag {label} could not be made: {sentence(refused)}")
        return Receipt(DeedState.UNKNOWN, f"whether the tag {label} was made could not be seen; nobody was tagged")

    def emails(self, list_id: str, segment: int | None, size: int | Gap, ids: Sequence[str]) -> dict[str, str]:
        """Addresses by id, of the list or a segment. One by one where that is fewer calls than reading `size` people.

        Those who are not there any more are not in the answer. Raises PlatformError.
        """
        pages = size // COUNT + 1 if isinstance(size, int) else len(ids)
        if len(ids) <= pages:
            return dict(self._one_by_one(list_id, ids))
        wanted = set(ids)
        found: dict[str, str] = {}
        for page in self._client.contacts(list_id, segment):
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

    def _change(self, list_id: str, segment: int, verb: str, emails: Sequence[str]) -> tuple[bool, list[str]]:
        """Send the change in calls of 500: whether each was answered, and what went wrong."""
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
        return sure, list(dict.fromkeys(said))

    def inside(self, list_id: str, segment: int) -> dict[str, str]:
        """Who carries a tag: addresses by id. Raises PlatformError."""
        return {one.id: one.email_address for page in self._client.contacts(list_id, segment) for one in page}


def _tail(said: Sequence[str]) -> str:
    return f" ({'; '.join(said)})" if said else ""
