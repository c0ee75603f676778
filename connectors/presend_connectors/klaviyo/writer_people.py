"""The part of the writer that marks people: a custom property by bulk import, waited for, and looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from presend.errors import PlatformError, Unconfirmed
from presend.model import OWN, DeedState, Receipt
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.shapes import Document, ProfileRow, RawMap

MOST_IN_A_JOB = 10_000
LOOKS = 40
"""How often a job is asked for: with the pauses, about two and a half minutes."""

MOST_LOOKED_AT = 2_000
"""Up to so many profiles all are read back; of more, evenly spread ones."""

_IDS_A_CALL = 100
_AGAIN = 3

Pause = Callable[[int], None]


class _JobAttributes(msgspec.Struct, frozen=True):
    status: str | None = None
    failed_count: int | None = None


class JobRow(msgspec.Struct, frozen=True):
    """A bulk import."""

    id: str
    attributes: _JobAttributes


def property_name(label: str) -> str:
    """The custom property that a label becomes."""
    return label if label.startswith(OWN) else f"{OWN}{label}"


def put(client: Client, label: str, ids: Sequence[str], pause: Pause) -> Receipt:
    """Set the property to true."""
    name = property_name(label)
    return _import(client, name, ids, {"attributes": {"properties": {name: True}}}, pause, there=True)


def take(client: Client, label: str, ids: Sequence[str], pause: Pause) -> Receipt:
    """Unset the property."""
    name = property_name(label)
    return _import(client, name, ids, {"meta": {"patch_properties": {"unset": name}}}, pause, there=False)


def _import(
    client: Client, name: str, ids: Sequence[str], change: dict[str, Any], pause: Pause, *, there: bool
) -> Receipt:
    done = "set" if there else "taken off"
    undo = {"property": name, "ids": list(ids)}
    if not ids:
        return Receipt(DeedState.DONE, f"nobody to have {name} {done}", undo)
    said: list[str] = []
    for start in range(0, len(ids), MOST_IN_A_JOB):
        some = ids[start : start + MOST_IN_A_JOB]
        try:
            said += _job(client, name, some, change, pause)
        except Unconfirmed:
            said.append("the answer to an import was lost")
        except PlatformError as error:
            if start == 0:
                return Receipt(DeedState.FAILED, f"{name} was not {done}: {sentence(error)}", {})
            said.append(sentence(error))
            break  # what would follow would be refused as well
    return _looked_at(client, name, ids, said, undo, pause, there=there)


def _job(client: Client, name: str, ids: Sequence[str], change: dict[str, Any], pause: Pause) -> list[str]:
    """Import one batch and wait for it; sentences about what did not go well. Raises PlatformError."""
    people = [{"type": "profile", "id": one, "attributes": {}, **change} for one in ids]
    data = {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": people}}}
    answer = client.write("POST", "/api/profile-bulk-import-jobs", {"data": data}, f"importing {name}")
    try:
        job = msgspec.json.decode(answer.body, type=Document[JobRow]).data
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ["Klaviyo took an import without naming its job"]
    for look in range(LOOKS):
        if look:
            pause(look)
        path = "/api/profile-bulk-import-jobs/{id}"
        try:
            told = client.read(path, Document[JobRow], f"import {job.id}", id=job.id).data.attributes
        except PlatformError as error:
            return [sentence(error)]
        if told.status == "complete":
            return [f"Klaviyo left {told.failed_count} profiles out"] if told.failed_count else []
        if told.status == "cancelled":
            return ["Klaviyo cancelled the import"]
    return [f"the import {job.id} was not complete after {LOOKS} looks"]


def _looked_at(
    client: Client, name: str, ids: Sequence[str], said: list[str], undo: dict[str, Any], pause: Pause, *, there: bool
) -> Receipt:
    chosen = _spread(ids)
    right = 0
    try:
        for look in range(_AGAIN):
            if look:
                pause(look)
            right = sum(1 for has in _has(client, name, chosen) if has is there)
            if right == len(chosen):
                break
    except PlatformError as error:
        why = "; ".join([*said, f"could not be looked at: {sentence(error)}"])
        return Receipt(DeedState.UNKNOWN, f"{name}: {why}", undo)
    done = "set on" if there else "taken off"
    seen = f"{right} of {len(chosen)} profiles looked at"
    if right == len(chosen) and not said:
        return Receipt(DeedState.DONE, f"{name} {done} {len(ids)} profiles ({seen} show it)", undo)
    return Receipt(DeedState.UNKNOWN, "; ".join([f"{name}: {seen} show it {done}", *said]), undo)


def _spread(ids: Sequence[str]) -> Sequence[str]:
    if len(ids) <= MOST_LOOKED_AT:
        return ids
    step = len(ids) / MOST_LOOKED_AT
    return [ids[int(index * step)] for index in range(MOST_LOOKED_AT)]


def _has(client: Client, name: str, ids: Sequence[str]) -> Iterator[bool]:
    """For each profile that Klaviyo shows, whether it has the property set to true."""
    for start in range(0, len(ids), _IDS_A_CALL):
        wanted = ",".join(f'"{one}"' for one in ids[start : start + _IDS_A_CALL])
        query = [
            ("filter", f"any(id,[{wanted}])"),
            ("page[size]", "100"),
            ("fields[profile]", "properties"),
        ]
        for page in client.pages("/api/profiles", ProfileRow, "the profiles just changed", query=query):
            for row in page.data:
                raw = row.attributes.get("properties")
                custom = msgspec.json.decode(raw, type=RawMap | None) if raw is not None else None
                yield bytes((custom or {}).get(name, msgspec.Raw(b"null"))) == b"true"
