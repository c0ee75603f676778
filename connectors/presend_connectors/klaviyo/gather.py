"""Reads the chain message → campaign, audience, variations → template, in bulk where Klaviyo allows it.

One list call brings messages with their campaigns and variations, one call brings the audiences of fifty campaigns;
what such a call leaves out is asked for singly. Templates come one by one, a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from presend.errors import BadAnswer, PlatformError
from presend.model import Gap
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.shapes import (
    AudienceRow,
    CampaignRow,
    Document,
    MessageRow,
    Page,
    Ref,
    TemplateRow,
    VariationRow,
)

T = TypeVar("T")

EMAIL = "email"
OTHER_CHANNELS = frozenset({"sms", "mobile_push", "push", "whatsapp"})
_AT_ONCE = 4
_IDS_A_CALL = 50
_PAGE = ("page[size]", "100")
_WITH = ("include", "campaign,campaign-variations")


@dataclass(slots=True)
class Found:
    """One campaign with all that was read of it, and why the rest was not."""

    id: str
    campaign: CampaignRow | None = None
    messages: list[MessageRow] = field(default_factory=list)
    """In the platform's order."""
    variations: dict[str, list[VariationRow]] = field(default_factory=dict)
    """By message id; no entry where they could not be read."""
    audiences: dict[str, AudienceRow] = field(default_factory=dict)
    """By message id."""
    templates: dict[str, TemplateRow | Gap] = field(default_factory=dict)
    """By template id."""
    error: str = ""
    """Why the campaign could not be read at all."""

    @property
    def name(self) -> str:
        """The campaign's name, or its id when it has none."""
        return (self.campaign and self.campaign.attributes.definition.name) or self.id


class _Kind(msgspec.Struct):
    type: str
    id: str


_kind_of = msgspec.json.Decoder(_Kind).decode
_message = msgspec.json.Decoder(MessageRow).decode
_campaign = msgspec.json.Decoder(CampaignRow).decode
_variation = msgspec.json.Decoder(VariationRow).decode
_audience = msgspec.json.Decoder(AudienceRow).decode


def sentence(error: PlatformError) -> str:
    """An error as one or two sentences for a user."""
    return f"{error.message}. {error.help}".strip() if error.help else f"{error.message}."


def scheduled(client: Client) -> list[Found]:
    """Every campaign that has scheduled messages, with those. Raises PlatformError when the list fails."""
    return _gather(client, "equals(status,'scheduled')", "the list of scheduled campaign messages")


def one(client: Client, campaign_id: str) -> Found:
    """One campaign with all its messages. Raises Gone when it is not there, PlatformError when it cannot be read."""
    what = f"campaign {campaign_id}"
    shell = client.read("/api/campaigns/{id}", Document[CampaignRow], what, id=campaign_id).data
    quoted = campaign_id.replace("\\", "\\\\").replace("'", "\\'")
    found = _gather(client, f"equals(campaign_id,'{quoted}')", f"the messages of {what}")
    mine = next((each for each in found if each.id == shell.id), Found(shell.id))
    if mine.error:
        raise BadAnswer(mine.error)
    mine.campaign = shell
    mine.messages = _in_order(mine.messages, _message_order(shell))
    return mine


def _gather(client: Client, which: str, what: str) -> list[Found]:
    found, inside = _messages(client, which, what)
    good = [each for each in found.values() if not each.error]
    for each in good:
        each.campaign = inside.campaigns.get(each.id)
        each.messages = _in_order(each.messages, _message_order(each.campaign))
    _side_by_side(_complete, [(client, each, inside) for each in good])
    mails = [each for each in good if not each.error and maybe_mail(each)]
    _audiences(client, mails)
    _templates(client, [each for each in mails if not each.error])
    return list(found.values())


# ---- messages


@dataclass(slots=True)
class _Inside:
    """What came along with the list of messages."""

    campaigns: dict[str, CampaignRow] = field(default_factory=dict)
    variations: dict[str, VariationRow] = field(default_factory=dict)


def _messages(client: Client, which: str, what: str) -> tuple[dict[str, Found], _Inside]:
    found: dict[str, Found] = {}
    inside = _Inside()
    seen: set[str] = set()
    for page in _message_pages(client, which, what):
        for raw in page.data:
            row = _message_or_trouble(raw, found)
            if row is None or row.id in seen:
                continue
            seen.add(row.id)  # pages over a changing list may repeat a row
            owner = row.relationships.campaign
            key = owner.data.id if owner and owner.data else ""
            if not key:
                key = client.read(
                    "/api/campaign-messages/{id}/campaign",
                    Document[CampaignRow],
                    f"the campaign of {row.id}",
                    id=row.id,
                ).data.id
            found.setdefault(key, Found(key)).messages.append(row)
        _take_in(page.included, inside)
    return found, inside


def _message_pages(client: Client, which: str, what: str) -> Iterator[Page[msgspec.Raw]]:
    path = "/api/campaign-messages"
    query = [("filter", which), _PAGE, ("sort", "created")]
    pages = client.pages(path, msgspec.Raw, what, query=[*query, _WITH])
    try:
        first = next(pages)
    except BadAnswer as error:
        if error.status != 400:
            raise
        # A server that knows no such include: the singles follow.
        yield from client.pages(path, msgspec.Raw, what, query=query)
        return
    yield first
    yield from pages


def _message_or_trouble(raw: msgspec.Raw, found: dict[str, Found]) -> MessageRow | None:
    """The message; or None, and its campaign marked as unreadable: one odd record must not cost a page of a hundred."""
    try:
        return _message(raw)
    except msgspec.ValidationError as error:
        key = _owner(raw)
        if not key:
            raise BadAnswer("Klaviyo listed a message that is not what its API promises, without an id") from error
        broken = found.setdefault(key, Found(key))
        broken.error = (
            f"Klaviyo described a message of campaign {key} in a way its API does not promise, so it was not checked. "
            "Open it in Klaviyo before it goes out."
        )
        return None


class _OwnerRelations(msgspec.Struct):
    campaign: dict[str, Ref] | None = None


class _Owned(msgspec.Struct):
    id: str
    relationships: _OwnerRelations | None = None


def _owner(raw: msgspec.Raw) -> str:
    try:
        row = msgspec.json.decode(raw, type=_Owned)
    except msgspec.ValidationError:
        return ""
    owner = row.relationships.campaign if row.relationships else None
    return owner["data"].id if owner and "data" in owner else row.id


def _take_in(included: Iterable[msgspec.Raw], inside: _Inside) -> None:
    """Keep the included resources that can be read; the others are asked for singly and fail there, by name."""
    for raw in included:
        try:
            kind = _kind_of(raw)
            if kind.type == "campaign":
                inside.campaigns[kind.id] = _campaign(raw)
            elif kind.type == "campaign-variation":
                inside.variations[kind.id] = _variation(raw)
        except msgspec.ValidationError:
            continue  # asked for singly, where it fails by name


def _message_order(campaign: CampaignRow | None) -> list[str]:
    relations = campaign.relationships if campaign else None
    listed = relations.messages.data if relations and relations.messages else None
    return [each.id for each in listed or []]


def _in_order(rows: list[MessageRow], order: list[str]) -> list[MessageRow]:
    """Rows as listed by the campaign; those it does not list last, by age."""
    place = {each: index for index, each in enumerate(order)}
    return sorted(rows, key=lambda row: (place.get(row.id, len(order)), row.attributes.created or "", row.id))


# ---- what a campaign consists of


def _side_by_side(work: object, arguments: list[tuple[object, ...]]) -> None:
    """Run a call per row of arguments, a few at a time; an exception comes through."""
    assert callable(work)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for done in [pool.submit(work, *row) for row in arguments]:
            done.result()


def _complete(client: Client, found: Found, inside: _Inside) -> None:
    """The campaign and its variations, singly where the list left them out; an error marks the campaign."""
    try:
        if found.campaign is None:
            what = f"campaign {found.id}"
            found.campaign = client.read("/api/campaigns/{id}", Document[CampaignRow], what, id=found.id).data
        for row in found.messages:
            found.variations[row.id] = _variations(client, row, inside.variations, found.name)
    except PlatformError as error:
        found.error = sentence(error)


def _variations(client: Client, row: MessageRow, known: Mapping[str, VariationRow], name: str) -> list[VariationRow]:
    listed = row.relationships.variations
    ids = [each.id for each in (listed.data if listed else None) or []]
    if ids and all(each in known for each in ids):
        return [known[each] for each in ids]
    what = f"the variations of message {row.id} of campaign {name}"
    path = "/api/campaign-messages/{id}/campaign-variations"
    rows = [each for page in client.pages(path, VariationRow, what, id=row.id) for each in page.data]
    got = {each.id for each in rows}
    if not rows or any(each not in got for each in ids):
        raise BadAnswer(f"Klaviyo did not show all of {what}", help="Run again, or check the campaign in Klaviyo.")
    return rows


def _audiences(client: Client, founds: list[Found]) -> None:
    known = _bulk_audiences(client, [each.id for each in founds])
    _side_by_side(_audience_of, [(client, each, known) for each in founds])


def _bulk_audiences(client: Client, ids: list[str]) -> dict[str, AudienceRow]:
    """Audiences by id; those of campaigns that such a call does not bring are asked for singly."""
    known: dict[str, AudienceRow] = {}
    for start in range(0, len(ids), _IDS_A_CALL):
        wanted = ",".join(f'"{each}"' for each in ids[start : start + _IDS_A_CALL])
        query = [("filter", f"any(id,[{wanted}])"), _PAGE, ("include", "campaign-audiences")]
        try:
            for page in client.pages("/api/campaigns", msgspec.Raw, "the audiences of campaigns", query=query):
                for raw in page.included:
                    if _kind_of(raw).type == "campaign-audience":
                        row = _audience(raw)
                        known[row.id] = row
        except (BadAnswer, msgspec.ValidationError):
            continue  # each is asked for singly, and fails there by name
    return known


def _audience_of(client: Client, found: Found, known: Mapping[str, AudienceRow]) -> None:
    try:
        for row in found.messages:
            named = row.relationships.audience
            key = named.data.id if named and named.data else ""
            found.audiences[row.id] = known[key] if key in known else _single_audience(client, row, found.name)
    except PlatformError as error:
        found.error = sentence(error)


def _single_audience(client: Client, row: MessageRow, name: str) -> AudienceRow:
    what = f"the audience of message {row.id} of campaign {name}"
    return client.read("/api/campaign-messages/{id}/campaign-audience", Document[AudienceRow], what, id=row.id).data


# ---- templates


def maybe_mail(found: Found) -> bool:
    """Whether any variation is an e-mail, or of a channel of which one cannot say."""
    details = [each.attributes.definition.details for rows in found.variations.values() for each in rows]
    return any(each is None or each.channel not in OTHER_CHANNELS for each in details)


def template_ids(found: Found) -> list[str]:
    """Ids of the templates of the e-mail variations."""
    details = [each.attributes.definition.details for rows in found.variations.values() for each in rows]
    return list(dict.fromkeys(each.template_id for each in details if each and each.template_id))


def _templates(client: Client, founds: list[Found]) -> None:
    _side_by_side(_template, [(client, each, key) for each in founds for key in template_ids(each)])


def _template(client: Client, found: Found, key: str) -> None:
    what = f"template {key} of campaign {found.name}"
    found.templates[key] = template(client, key, what)


def template(client: Client, key: str, what: str) -> TemplateRow | Gap:
    """A template, or the sentence why there is none."""
    try:
        return client.read("/api/templates/{id}", Document[TemplateRow], what, id=key).data
    except PlatformError as error:
        return Gap(sentence(error))
