"""Tags, their one group, and the campaigns that carry them."""

from __future__ import annotations

from presend_sandbox.klaviyo import shapes
from presend_sandbox.klaviyo.api import (
    Answer,
    ApiError,
    Call,
    Operation,
    invalid,
    link,
    not_found,
    one,
    ordered,
    page,
    refer,
    select,
)
from presend_sandbox.klaviyo.state import Campaign, Tag

RATE = (3, 60)
MOST_TAGS = 500
MOST_ON_A_CAMPAIGN = 100
_FILTERS = {"name": ("contains", "ends-with", "equals", "starts-with")}


def _find(call: Call) -> Tag:
    if (row := call.account.tags.get(call.path["id"])) is None:
        raise not_found("tag", call.path["id"])
    return row


def list_tags(call: Call) -> Answer:
    rows = select(call, [(row, {"name": row.name}) for row in call.account.tags.values()], _FILTERS)
    rows = ordered(call, rows, {"id": lambda row: row.id, "name": lambda row: row.name})
    included = (lambda shown: [shapes.tag_group(call)] if shown else []) if call.include("tag-group") else None
    return page(call, rows, lambda row: shapes.tag(call, row), 50, 50, included)


def get_tag(call: Call) -> Answer:
    return one(call, shapes.tag(call, _find(call)))


def _name(call: Call) -> str:
    name = (call.data("tag").get("attributes") or {}).get("name")
    pointer = "/data/attributes/name"
    if not isinstance(name, str) or not name.strip():
        raise invalid("name is required.", pointer)
    if any(row.name == name for row in call.account.tags.values()):
        raise ApiError(409, "duplicate_tag", "Conflict.", f"A tag named {name} already exists.", pointer)
    return name


def create_tag(call: Call) -> Answer:
    name = _name(call)
    if len(call.account.tags) >= MOST_TAGS:
        raise invalid(f"An account can have at most {MOST_TAGS} tags.")
    row = Tag(call.account.new_id("tag"), name)
    call.account.tags[row.id] = row
    return one(call, shapes.tag(call, row), status=201)


def rename_tag(call: Call) -> Answer:
    row = _find(call)
    row.name = _name(call)
    return Answer(204)


def delete_tag(call: Call) -> Answer:
    row = _find(call)
    del call.account.tags[row.id]
    for campaign in call.account.campaigns.values():
        campaign.tags = [each for each in campaign.tags if each != row.id]
    return Answer(204)


def campaigns_of_tag(call: Call) -> Answer:
    row = _find(call)
    carrying = [each.id for each in call.account.campaigns.values() if row.id in each.tags]
    return Answer(
        200,
        {
            "data": refer("campaign", carrying),
            "links": {"self": link(call, "tags", row.id, "campaigns")["self"]},
        },
    )


def _campaigns(call: Call) -> list[Campaign]:
    data = call.body.get("data") if isinstance(call.body, dict) else None
    if not isinstance(data, list) or not data:
        raise invalid("data must be a list of campaigns.", "/data")
    ids = [str(each.get("id")) for each in data]
    if unknown := [each for each in ids if each not in call.account.campaigns]:
        raise not_found("campaign", unknown[0])
    return [call.account.campaigns[each] for each in ids]


def tag_campaigns(call: Call) -> Answer:
    row = _find(call)
    campaigns = _campaigns(call)
    if any(len(each.tags) >= MOST_ON_A_CAMPAIGN and row.id not in each.tags for each in campaigns):
        raise invalid(f"A campaign can have at most {MOST_ON_A_CAMPAIGN} tags.")
    for each in campaigns:
        if row.id not in each.tags:
            each.tags.append(row.id)
    return Answer(204)


def untag_campaigns(call: Call) -> Answer:
    row = _find(call)
    for each in _campaigns(call):
        each.tags = [own for own in each.tags if own != row.id]
    return Answer(204)


def list_tag_groups(call: Call) -> Answer:
    return page(call, [None], lambda _: shapes.tag_group(call), 25, 25)


_BOTH = ("tags:read", "tags:write")
_CAMPAIGNS = "/api/tags/{id}/relationships/campaigns"
OPERATIONS = [
    Operation("GET", "/api/tags", ("tags:read",), RATE, list_tags),
    Operation("POST", "/api/tags", _BOTH, RATE, create_tag),
    Operation("GET", "/api/tags/{id}", ("tags:read",), RATE, get_tag),
    Operation("PATCH", "/api/tags/{id}", _BOTH, RATE, rename_tag),
    Operation("DELETE", "/api/tags/{id}", _BOTH, RATE, delete_tag),
    Operation("GET", _CAMPAIGNS, ("campaigns:read", "tags:read"), RATE, campaigns_of_tag),
    Operation("POST", _CAMPAIGNS, ("campaigns:write", "tags:write"), RATE, tag_campaigns),
    Operation("DELETE", _CAMPAIGNS, ("campaigns:write", "tags:write"), RATE, untag_campaigns),
    Operation("GET", "/api/tag-groups", ("tags:read",), RATE, list_tag_groups),
]
