"""Marks of presend's own in HubSpot: static lists for people, a paragraph in a HubSpot campaign's notes for words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from presend.errors import BadAnswer, Gone, PlatformError, Refused, Unconfirmed
from presend.model import DeedState, Receipt
from presend_connectors.hubspot import paths, wire
from presend_connectors.hubspot.client import Client
from presend_connectors.hubspot.reader import sentence

T = TypeVar("T")

CHUNK = 5000
"""People a call; HubSpot takes a hundred thousand."""
_CONTACTS = "0-1"
_STATIC = frozenset({"MANUAL", "SNAPSHOT"})


class Look(Protocol):
    """Reads until what is read is enough; None when it could not be read."""

    def __call__(self, read: Callable[[], T], enough: Callable[[T], bool]) -> T | None:
        """The last thing read."""


class Lists:
    """Static lists that carry a label."""

    def __init__(self, client: Client, look: Look) -> None:
        self._client = client
        self._look = look

    def tag(self, label: str, ids: Sequence[str]) -> Receipt:
        """Put `ids` into the list `label`; DONE only when all of them were seen in it."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return Receipt(DeedState.DONE, "there was nobody to tag")
        found = self._found_or_made(label)
        if isinstance(found, Receipt):
            return found
        list_id = str(found.list_id)
        if found.processing_type not in _STATIC:
            why = f"the list {label} is worked out by HubSpot from filters: rename it, so that presend can make its own"
            return Receipt(DeedState.FAILED, f"nobody was tagged: {why}")
        gone, errors, sure = self._change(paths.ADD, list_id, wanted)
        undo = {"list_id": list_id, "label": label}
        inside = self._look(lambda: self._inside(list_id), lambda seen: seen.issuperset(set(wanted) - gone))
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who is in the list {label} could not be read{errors}", undo)
        missing = sum(1 for one in wanted if one not in inside)
        if missing:
            why = f" ({len(gone)} do not exist in HubSpot any more)" if gone else ""
            return Receipt(
                DeedState.FAILED if sure else DeedState.UNKNOWN,
                f"{len(wanted) - missing} of {len(wanted)} people are in the list {label}; "
                f"{missing} are not{why}{errors}",
                undo,
            )
        return Receipt(DeedState.DONE, f"{len(wanted)} people are in the static list {label}", undo)

    def untag(self, label: str, ids: Sequence[str]) -> Receipt:
        """Take `ids` out of the list `label`; DONE only when none of them was seen in it any more."""
        wanted = list(dict.fromkeys(ids))
        found = self._named(label)
        if found is None:
            return Receipt(DeedState.DONE, f"HubSpot has no list {label}, so nobody is in it")
        list_id = str(found.list_id)
        _gone, errors, sure = self._change(paths.REMOVE, list_id, wanted)
        inside = self._look(lambda: self._inside(list_id), lambda seen: not seen & set(wanted))
        if inside is None:
            return Receipt(DeedState.UNKNOWN, f"who is in the list {label} could not be read{errors}")
        if left := len(inside & set(wanted)):
            state = DeedState.FAILED if sure else DeedState.UNKNOWN
            return Receipt(state, f"{left} of {len(wanted)} people are still in the list {label}{errors}")
        return Receipt(DeedState.DONE, f"none of the {len(wanted)} people is in the list {label} any more")

    def exactly(self, label: str, ids: Sequence[str]) -> str | Receipt:
        """The id of the list `label` once exactly `ids` were seen in it; else the receipt that says why not."""
        wanted = set(ids)
        try:
            found = self._found_or_made(label)
            if isinstance(found, Receipt):
                return found
            if found.processing_type not in _STATIC:
                why = f"the list {label} is worked out by HubSpot from filters: rename it, so that presend can make one"
                return Receipt(DeedState.FAILED, why)
            list_id = str(found.list_id)
            before = self._inside(list_id)
        except PlatformError as error:
            return Receipt(DeedState.FAILED, f"the list {label} could not be read: {sentence(error)}")
        gone, errors, sure = set[str](), "", True
        for path, some in ((paths.ADD, wanted - before), (paths.REMOVE, before - wanted)):
            if some:
                missing, said, answered = self._change(path, list_id, sorted(some))
                gone, errors, sure = gone | missing, errors + said, sure and answered
        after = self._look(lambda: self._inside(list_id), lambda seen: seen == wanted)
        if after == wanted:
            return list_id
        if after is None:
            return Receipt(DeedState.UNKNOWN, f"who is in the list {label} could not be read{errors}")
        why = f", of whom {len(gone)} do not exist in HubSpot any more" if gone & wanted else ""
        shown = f"{len(after & wanted)} of {len(wanted)} people are in the list {label}{why}, and {len(after - wanted)}"
        return Receipt(DeedState.FAILED if sure else DeedState.UNKNOWN, f"{shown} others{errors}")

    def _named(self, label: str) -> wire.ContactList | None:
        try:
            return self._client.get(paths.LIST_NAMED, wire.OneList, f"the list {label}", name=label).list
        except Gone:
            return None

    def _found_or_made(self, label: str) -> wire.ContactList | Receipt:
        found = self._named(label)
        if found is not None:
            return found
        refused: PlatformError | None = None
        body = {"name": label, "objectTypeId": _CONTACTS, "processingType": "MANUAL"}
        try:
            self._client.write("POST", paths.LISTS, f"making the list {label}", body)
        except PlatformError as error:
            refused = error  # it may be there all the same: made meanwhile, or the answer was lost
        made = self._look(lambda: self._named(label), lambda seen: seen is not None)
        if made is not None:
            return made
        if refused is not None and not isinstance(refused, Unconfirmed):
            return Receipt(DeedState.FAILED, f"nobody was put in, the list {label} was not made: {sentence(refused)}")
        return Receipt(DeedState.UNKNOWN, f"whether the list {label} was made could not be seen; nobody was put in")

    def _change(self, path: str, list_id: str, ids: Sequence[str]) -> tuple[set[str], str, bool]:
        """Who does not exist, what went wrong as a sentence's end, and whether every call was answered."""
        gone: set[str] = set()
        said: list[str] = []
        sure = True
        for start in range(0, len(ids), CHUNK):
            chunk = list(ids[start : start + CHUNK])
            try:
                # Being in a list twice is being in it once: it may be said again.
                what = f"changing the list {list_id}"
                answer = self._client.write("PUT", path, what, chunk, repeatable=True, list_id=list_id)
                gone |= {str(one) for one in msgspec.json.decode(answer.body, type=wire.Changed).missing}
            except PlatformError as error:
                said.append(error.message)
                sure = sure and isinstance(error, (Refused, BadAnswer, Gone))
            except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
                said.append("an answer of HubSpot could not be read")
                sure = False
        return gone, f" ({'; '.join(dict.fromkeys(said))})" if said else "", sure

    def _inside(self, list_id: str) -> set[str]:
        return {one for page in self._client.members(list_id) for one in page}


class Notes:
    """Presend's paragraphs in the notes of HubSpot campaigns: one per email, between marks of its own."""

    def __init__(self, client: Client, look: Look) -> None:
        self._client = client
        self._look = look

    def write(self, guid: str, email_id: str, text: str) -> Receipt:
        """Put or replace the paragraph of one email; what people wrote around it stays."""
        try:
            before = self._read(guid)
        except Refused as error:
            return Receipt(DeedState.CANNOT, f"not commented: {sentence(error)}")
        wanted = with_note(before, email_id, text)
        if _same(before, wanted):
            return Receipt(DeedState.DONE, "the notes of its HubSpot campaign say so already", {"guid": guid})
        body: dict[str, Any] = {"properties": {"hs_notes": wanted}}
        refused: PlatformError | None = None
        try:
            what = f"the notes of the HubSpot campaign {guid}"
            self._client.write("PATCH", paths.CAMPAIGN, what, body, repeatable=True, guid=guid)
        except PlatformError as error:
            refused = error
        after = self._look(lambda: self._read(guid), lambda seen: _same(seen, wanted))
        if after is not None and _same(after, wanted):
            undo = {"guid": guid, "previous": before}
            return Receipt(DeedState.DONE, "said in the notes of its HubSpot campaign", undo)
        if isinstance(refused, Refused):
            return Receipt(DeedState.CANNOT, f"not commented: {sentence(refused)}")
        if after is not None and refused is not None and not isinstance(refused, Unconfirmed):
            return Receipt(DeedState.FAILED, f"not commented: {sentence(refused)}")
        return Receipt(DeedState.UNKNOWN, "the comment could not be seen in the notes of its HubSpot campaign")

    def resolve(self, guid: str, email_id: str, text: str) -> Receipt:
        """Say `text` in the paragraph of one email where there is one; DONE where there is none."""
        try:
            before = self._read(guid)
        except PlatformError as error:
            return Receipt(DeedState.FAILED, f"not looked at, so not resolved: {sentence(error)}")
        if not has_note(before, email_id):
            return Receipt(DeedState.DONE, "the notes of its HubSpot campaign have nothing of presend's about it")
        return self.write(guid, email_id, text)

    def _read(self, guid: str) -> str:
        query = [("properties", "hs_notes")]
        what = f"the notes of the HubSpot campaign {guid}"
        found = self._client.get(paths.CAMPAIGN, wire.Notes, what, query=query, guid=guid)
        return found.properties.get("hs_notes") or ""


def has_note(notes: str, email_id: str) -> bool:
    """Whether the notes have a paragraph of one email."""
    return f"[presend, email {email_id}]" in notes


def with_note(notes: str, email_id: str, text: str) -> str:
    """The notes with the paragraph of one email in place of its older one, or at the end."""
    first, last = f"[presend, email {email_id}]", f"[end of presend, email {email_id}]"
    paragraph = f"{first}\n{text}\n{last}"
    older = re.compile(re.escape(first) + ".*?" + re.escape(last), re.DOTALL)
    if older.search(notes):
        return older.sub(lambda _found: paragraph, notes, count=1)
    return f"{notes.rstrip()}\n\n{paragraph}".lstrip()


def _same(shown: str, said: str) -> bool:
    return shown.split() == said.split()
