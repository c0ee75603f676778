"""The part of the writer that marks campaigns: presend's block in the description, and a tag of the account."""

from __future__ import annotations

import re

import msgspec

from presend.errors import BadAnswer, PlatformError, Unconfirmed, Unreachable
from presend.model import OWN, Campaign, DeedState, Kind, Receipt
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.shapes import CampaignRow, Document

OWN_TAG = "presend"
"""The tag that presend puts on campaigns; others of its own begin as its marks on people do."""

_BEGIN, _END = "[presend]", "[/presend]"
_BLOCK = re.compile(r"\n*\[presend\]\n.*?\n\[/presend\]", re.DOTALL)
_CAMPAIGN = "/api/campaigns/{id}"


class _TagAttributes(msgspec.Struct, frozen=True):
    name: str | None = None


class TagRow(msgspec.Struct, frozen=True):
    """A tag of the account."""

    id: str
    attributes: _TagAttributes


def with_block(description: str | None, text: str) -> str:
    """The description with presend's block in it once, last, and everything else as it was; no text: no block."""
    others = _BLOCK.sub("", description or "").rstrip("\n")
    inner = text.strip().replace(_BEGIN, "presend").replace(_END, "")
    if not inner:
        return others
    block = f"{_BEGIN}\n{inner}\n{_END}"
    return f"{others}\n\n{block}" if others else block


def resolve(client: Client, campaign: Campaign) -> Receipt:
    """Take the block and presend's tags off a campaign, and see that both are gone; DONE where there were none."""
    if campaign.ref.kind is not Kind.CAMPAIGN:
        return Receipt(DeedState.DONE, "presend notes nothing on flows")
    try:
        noted = note(client, campaign, "")
    except PlatformError as error:
        noted = Receipt(DeedState.FAILED, f"the description could not be read: {sentence(error)}")
    untagged = _unmark(client, campaign)
    for state in (DeedState.UNKNOWN, DeedState.FAILED):
        if state in (noted.state, untagged.state):
            return Receipt(state, f"{noted.detail}; {untagged.detail}", noted.undo)
    return Receipt(DeedState.DONE, "presend's note and tag are off the campaign", noted.undo)


def _unmark(client: Client, campaign: Campaign) -> Receipt:
    ref = campaign.ref
    body = {"data": [{"type": "campaign", "id": ref.id}]}
    refused = ""
    try:
        for tag in _own_tags(client, ref.id):
            path = "/api/tags/{id}/relationships/campaigns"
            client.write("DELETE", path, body, f"taking a tag off campaign {ref.name}", repeatable=True, id=tag)
    except (Unconfirmed, Unreachable):
        pass  # the look that follows tells
    except PlatformError as error:
        refused = f": {sentence(error)}"
    try:
        left = _own_tags(client, ref.id)
    except PlatformError as error:
        return Receipt(DeedState.UNKNOWN, f"the campaign's tags could not be looked at: {sentence(error)}")
    if not left:
        return Receipt(DeedState.DONE, "it has no tag of presend's")
    state = DeedState.FAILED if refused else DeedState.UNKNOWN
    return Receipt(state, f"presend's tag is still on the campaign{refused}")


def _own_tags(client: Client, campaign_id: str) -> list[str]:
    rows = _tag_rows(client, campaign_id)
    names = {row.id: row.attributes.name or "" for row in rows}
    return [key for key, name in names.items() if name == OWN_TAG or name.startswith(OWN)]


def note(client: Client, campaign: Campaign, text: str) -> Receipt:
    """Write the block and see that it is there; without a text, that there is none."""
    ref = campaign.ref
    if ref.kind is not Kind.CAMPAIGN:
        return Receipt(DeedState.CANNOT, "Klaviyo has no place for a note on a flow that presend writes to")
    before = _description(client, ref.id)
    wanted = with_block(before, text)
    undo = {"description": before}
    if (before or "").rstrip("\n") == wanted:  # line ends that people left are no reason to write
        return Receipt(DeedState.DONE, "the campaign's description says it already", undo)
    data = {"type": "campaign", "id": ref.id, "attributes": {"definition": {"description": wanted}}}
    try:
        client.write("PATCH", _CAMPAIGN, {"data": data}, f"the note on campaign {ref.name}", repeatable=True, id=ref.id)
    except (Unconfirmed, Unreachable):
        pass  # the look that follows tells
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"the description was not changed: {sentence(error)}")
    try:
        after = _description(client, ref.id)
    except PlatformError as error:
        return Receipt(DeedState.UNKNOWN, f"the description could not be looked at: {sentence(error)}", undo)
    if (after or "").strip() == wanted.strip():
        return Receipt(DeedState.DONE, "noted in the campaign's description", undo)
    return Receipt(DeedState.UNKNOWN, "Klaviyo took the note, but the description does not show it", undo)


def _description(client: Client, campaign_id: str) -> str | None:
    row = client.read(_CAMPAIGN, Document[CampaignRow], f"campaign {campaign_id}", id=campaign_id).data
    return row.attributes.definition.description


def mark(client: Client, campaign: Campaign, label: str) -> Receipt:
    """Put the tag on the campaign and see that it is there."""
    ref = campaign.ref
    if ref.kind is not Kind.CAMPAIGN:
        return Receipt(DeedState.CANNOT, "presend does not tag flows")
    try:
        tag = _find(client, label) or _make(client, label)
        if tag.id in _tags(client, ref.id):
            return Receipt(DeedState.DONE, f"the campaign has the tag {label} already", {"tag": tag.id})
        path = "/api/tags/{id}/relationships/campaigns"
        body = {"data": [{"type": "campaign", "id": ref.id}]}
        client.write("POST", path, body, f"tagging campaign {ref.name}", repeatable=True, id=tag.id)
    except Unconfirmed:
        return Receipt(DeedState.UNKNOWN, f"whether the campaign got the tag {label} is not known: the answer was lost")
    except PlatformError as error:
        return Receipt(DeedState.FAILED, f"the campaign was not tagged: {sentence(error)}")
    try:
        there = tag.id in _tags(client, ref.id)
    except PlatformError as error:
        return Receipt(DeedState.UNKNOWN, f"the campaign's tags could not be looked at: {sentence(error)}")
    if there:
        return Receipt(DeedState.DONE, f"tagged {label}", {"tag": tag.id})
    return Receipt(DeedState.UNKNOWN, f"Klaviyo took the tag {label}, but the campaign does not show it")


def _find(client: Client, label: str) -> TagRow | None:
    quoted = label.replace("\\", "\\\\").replace('"', '\\"')
    for page in client.pages("/api/tags", TagRow, "the account's tags", query=[("filter", f'equals(name,"{quoted}")')]):
        for row in page.data:
            if row.attributes.name == label:
                return row
    return None


def _make(client: Client, label: str) -> TagRow:
    data = {"type": "tag", "attributes": {"name": label}}
    answer = client.write("POST", "/api/tags", {"data": data}, f"making the tag {label}")
    try:
        return msgspec.json.decode(answer.body, type=Document[TagRow]).data
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(f"Klaviyo made the tag {label} without naming it; run again") from error


def _tags(client: Client, campaign_id: str) -> set[str]:
    return {row.id for row in _tag_rows(client, campaign_id)}


def _tag_rows(client: Client, campaign_id: str) -> list[TagRow]:
    path = "/api/campaigns/{id}/tags"
    what = f"the tags of campaign {campaign_id}"
    return [row for page in client.pages(path, TagRow, what, id=campaign_id) for row in page.data]
