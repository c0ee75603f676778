"""Live flows as automations: each flow's e-mails, judged over everyone who might enter it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from presend.errors import PlatformError
from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    Gap,
    Kind,
    ListRef,
    Message,
    Platform,
    Schedule,
    State,
    Strategy,
    Vocabulary,
)
from presend.ports import Trouble
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import OTHER_CHANNELS, sentence, template
from presend_connectors.klaviyo.groups import EVERYONE
from presend_connectors.klaviyo.normalise import Around, digest, label, parts_of
from presend_connectors.klaviyo.shapes import Details, Document, Ref, TemplateRow
from presend_connectors.klaviyo.times import moment

_PAGE = ("page[size]", "50")
_ALWAYS = Gap("a flow sends whenever somebody enters it: it has no send time")


class FlowAttributes(msgspec.Struct, frozen=True):
    """Attributes of a flow."""

    name: str | None = None
    status: str | None = None
    updated: str | None = None


class FlowRow(msgspec.Struct, frozen=True):
    """A flow."""

    id: str
    attributes: FlowAttributes


class Content(msgspec.Struct, frozen=True):
    """The e-mail of a flow message, under the names that the API has given it over time."""

    subject: str | None = None
    subject_line: str | None = None
    preview_text: str | None = None
    from_label: str | None = None
    from_email: str | None = None
    reply_to_email: str | None = None
    template_id: str | None = None


class FlowMessageAttributes(msgspec.Struct, frozen=True):
    """Attributes of a flow message."""

    channel: str | None = None
    definition: Content | None = None
    content: Content | None = None
    updated: str | None = None


class FlowMessageRow(msgspec.Struct, frozen=True):
    """A message of a flow."""

    id: str
    attributes: FlowMessageAttributes


@dataclass(slots=True)
class _Mails:
    messages: list[Message] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    updated: list[str | None] = field(default_factory=list)


def live(client: Client, around: Around) -> Iterator[Campaign | Trouble]:
    """Every live flow with e-mails. Raises PlatformError when the list fails."""
    query = [("filter", 'equals(status,"live")'), _PAGE]
    for page in client.pages("/api/flows", FlowRow, "the list of live flows", query=query):
        for row in page.data:
            try:
                found = one(client, row, around)
            except PlatformError as error:
                yield Trouble(sentence(error), _ref(row, around))
            else:
                if found is not None:
                    yield found


def find(client: Client, flow_id: str) -> FlowRow:
    """The flow of that id. Raises Gone when there is none, PlatformError."""
    return client.read("/api/flows/{id}", Document[FlowRow], f"flow {flow_id}", id=flow_id).data


def one(client: Client, row: FlowRow, around: Around) -> Campaign | None:
    """A flow; None when it sends no e-mail. Raises PlatformError."""
    name = row.attributes.name or row.id
    mails = _Mails(updated=[row.attributes.updated])
    path = "/api/flows/{id}/flow-actions"
    for page in client.pages(path, Ref, f"the actions of flow {name}", query=[_PAGE], id=row.id):
        for action in page.data:
            _of_action(client, action.id, name, mails)
    if not mails.messages:
        return None
    parts = [
        [m.id, sorted((p.value, s if isinstance(s, str) else None) for p, s in m.parts.items())] for m in mails.messages
    ]
    return Campaign(
        ref=_ref(row, around),
        state=State.LIVE if row.attributes.status in (None, "live") else State.UNKNOWN,
        native_state=row.attributes.status or "live",
        schedule=Schedule(Strategy.IMMEDIATE, _ALWAYS, _ALWAYS, _ALWAYS, around.zone),
        messages=tuple(mails.messages),
        audience=AudienceRef((ListRef("", EVERYONE, "everyone who may enter the flow"),), key=EVERYONE),
        revision=digest([parts, row.attributes.status]),
        vocabulary=Vocabulary(constants=around.constants, zone=around.zone or "UTC"),
        sources=around.sources,
        url=f"https://www.klaviyo.com/flow/{row.id}/edit",
        updated_at=max((at for text in mails.updated if (at := moment(text))), default=None),
        gaps=tuple(mails.gaps),
    )


def _of_action(client: Client, action: str, flow: str, mails: _Mails) -> None:
    path = "/api/flow-actions/{id}/flow-messages"
    for page in client.pages(path, FlowMessageRow, f"the messages of flow {flow}", query=[_PAGE], id=action):
        for row in page.data:
            told = row.attributes.definition or row.attributes.content
            if told is None or row.attributes.channel in OTHER_CHANNELS:
                continue
            letter = label(len(mails.messages))
            what = f"the template of message {letter} of flow {flow}"
            got: TemplateRow | Gap = Gap("the e-mail has no template yet")
            if told.template_id:
                got = template(client, told.template_id, what)
            if isinstance(got, Gap):
                mails.gaps.append(Gap(f"the content of message {letter} could not be read: {got.reason}"))
            else:
                mails.updated.append(got.attributes.updated)
            mails.updated.append(row.attributes.updated)
            details = Details(
                from_label=told.from_label,
                from_email=told.from_email,
                reply_to_email=told.reply_to_email,
                subject=told.subject or told.subject_line,
                preview_text=told.preview_text,
            )
            mails.messages.append(Message(row.id, letter, parts_of(details, got)))


def _ref(row: FlowRow, around: Around) -> CampaignRef:
    return CampaignRef(Platform.KLAVIYO, around.account, Kind.AUTOMATION, row.id, row.attributes.name or row.id)
