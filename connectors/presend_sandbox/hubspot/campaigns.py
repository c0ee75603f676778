"""HubSpot campaigns, the folders of a marketing effort: read, write their notes, attach emails to them."""

from __future__ import annotations

from presend_sandbox.hubspot.api import Answer, Call, page
from presend_sandbox.hubspot.errors import invalid, not_found
from presend_sandbox.hubspot.state import JSON, Account, stamp

_WRITABLE = ("hs_name", "hs_notes", "hs_audience", "hs_goal", "hs_start_date", "hs_end_date")


def _find(account: Account, call: Call) -> JSON:
    guid = call.path["guid"]
    if guid not in account.campaigns:
        raise not_found("campaign", guid)
    return account.campaigns[guid]


def _shown(campaign: JSON, call: Call) -> JSON:
    """Only properties that were asked for are shown."""
    wanted = call.many("properties")
    properties = {name: value for name, value in campaign["properties"].items() if name in wanted}
    return {key: value for key, value in campaign.items() if key != "assets"} | {"properties": properties}


def list_campaigns(account: Account, call: Call) -> Answer:
    """A page of campaigns, optionally those whose name holds `name`."""
    name, sort = (call.one("name") or "").lower(), call.one("sort") or "hs_name"
    key = sort.lstrip("-")
    if key not in ("hs_name", "createdAt", "updatedAt"):
        raise invalid(f"Campaigns cannot be sorted by {key}.", context={"sort": [sort]})
    found = [one for one in account.campaigns.values() if name in one["properties"]["hs_name"].lower()]
    found.sort(key=lambda one: str(one.get(key) or one["properties"].get(key)), reverse=sort.startswith("-"))
    return Answer(page(call, [_shown(one, call) for one in found], call.limit(50, 100)))


def get_campaign(account: Account, call: Call) -> Answer:
    """One campaign with its number of attached emails."""
    campaign = _find(account, call)
    attached = {"results": [{"id": name} for name in campaign["assets"]["MARKETING_EMAIL"]]}
    return Answer(_shown(campaign, call) | {"assets": {"MARKETING_EMAIL": attached}})


def patch_campaign(account: Account, call: Call) -> Answer:
    """Write properties; the reply holds those that were written."""
    campaign, changes = _find(account, call), call.object().get("properties", {})
    if unknown := sorted(set(changes) - set(_WRITABLE)):
        raise invalid(f"{unknown[0]} is not a property of campaigns.", code="PROPERTY_DOESNT_EXIST")
    campaign["properties"] |= changes
    campaign["updatedAt"] = stamp(account.clock.now())
    return Answer({key: value for key, value in campaign.items() if key != "assets"} | {"properties": dict(changes)})


def attach(account: Account, call: Call) -> Answer:
    """Put an email into a campaign."""
    campaign, email = _find(account, call), _email(account, call)
    if email not in campaign["assets"]["MARKETING_EMAIL"]:
        campaign["assets"]["MARKETING_EMAIL"].append(email)
    account.emails[email].doc |= {"campaign": campaign["id"], "campaignName": campaign["properties"]["hs_name"]}
    return Answer(status=204)


def detach(account: Account, call: Call) -> Answer:
    """Take an email out of a campaign."""
    campaign, email = _find(account, call), _email(account, call)
    campaign["assets"]["MARKETING_EMAIL"] = [name for name in campaign["assets"]["MARKETING_EMAIL"] if name != email]
    for key in ("campaign", "campaignName"):
        account.emails[email].doc.pop(key, None)
    return Answer(status=204)


def _email(account: Account, call: Call) -> str:
    if call.path["asset_type"] != "MARKETING_EMAIL":
        raise invalid(
            f"{call.path['asset_type']} cannot be attached.", context={"assetType": [call.path["asset_type"]]}
        )
    if call.path["asset_id"] not in account.emails:
        raise not_found("marketing email", call.path["asset_id"])
    return call.path["asset_id"]
