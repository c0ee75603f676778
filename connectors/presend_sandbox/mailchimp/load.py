"""Builds an account from a world's mailchimp.toml.

[account] with its domains; [[lists]] with fields, interests and segments (a segment without conditions is a tag);
[[stores]]; [[crowd]] and [[people]], see crowds.py; [[orders]]; [campaign_defaults] and [[campaigns]], whose audience
is a list, a `segment` id or `conditions` (which name tags and groups, and dates as "-90d"), whose content is one of
its own or several `variants`; [[series]] of alike campaigns; [[overloads]] and [[faults]], see faults.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from presend_sandbox.clock import Clock
from presend_sandbox.faults import read_faults
from presend_sandbox.mailchimp.crowds import add_crowd, add_person
from presend_sandbox.mailchimp.sending import freeze, next_quarter
from presend_sandbox.mailchimp.state import (
    Account,
    Audience,
    Campaign,
    Category,
    Interest,
    MergeField,
    Order,
    Segment,
    Store,
    Variant,
    subscriber_hash,
)

_RELATIVE = re.compile(r"^[+-]\d+[wdhms]")
_OPTIONS: dict[str, dict[str, Any]] = {
    "date": {"date_format": "YYYY-MM-DD"},
    "birthday": {"date_format": "MM/DD"},
    "phone": {"phone_format": "none"},
    "address": {"default_country": 164},
    "text": {"size": 25},
}


def load_account(spec: dict[str, Any], clock: Clock, switches: dict[str, str]) -> Account:
    """The account of one world; KeyError or ValueError when the world contradicts itself."""
    about = spec.get("account", {})
    account = Account(
        id=about.get("id", "sandbox"),
        name=about.get("name", "Sandbox"),
        key=about.get("api_key", "sandbox-mailchimp-us99"),
        email=about.get("email", "owner@example.com"),
        role=about.get("role", "owner"),
        plan=about.get("plan", "monthly"),
        tier=about.get("tier", "standard"),
        pro=about.get("pro", False),
        timezone=about.get("timezone", "America/New_York"),
        contact=about.get("contact", {}),
        domains=about.get("domains", []),
        clock=clock,
        switches=switches,
        overloads=read_faults(spec.get("overloads", [])),
    )
    for number, each in enumerate(spec.get("lists", []), 1):
        account.lists[each["id"]] = _audience(each, number, clock)
    for each in spec.get("stores", []):
        account.stores[each["id"]] = _store(each, clock)
    for each in spec.get("crowd", []):
        add_crowd(account, account.lists[each["list"]], each)
    for each in spec.get("people", []):
        add_person(account, account.lists[each["list"]], each)
    for number, each in enumerate(spec.get("orders", []), 1):
        account.add_order(_order(each, number, clock))
    for folder in spec.get("folders", []):
        account.folders[folder["id"]] = folder["name"]
    for each in spec.get("lists", []):
        _complete_segments(account.lists[each["id"]], each.get("segments", []), clock)
    for number, each in enumerate(_campaign_specs(spec), 1):
        account.campaigns[each["id"]] = _campaign(account, each, number)
    return account


def _campaign_specs(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every campaign with the world's defaults; [[series]] stand for `count` alike ones, numbered from 1."""
    defaults = spec.get("campaign_defaults", {})
    for each in spec.get("campaigns", []):
        yield defaults | each
    for each in spec.get("series", []):
        for number in range(1, each["count"] + 1):
            yield defaults | each | {"id": f"{each['id']}-{number:04d}", "name": f"{each['name']} {number}"}


def _audience(spec: dict[str, Any], number: int, clock: Clock) -> Audience:
    company = {"address2": "", "city": "", "state": "", "zip": "", "country": "US", "phone": ""}
    return Audience(
        id=spec["id"],
        web_id=500000 + number,
        name=spec["name"],
        created=clock.resolve(spec.get("created", "-1600d")),
        contact=company | spec.get("contact", {"company": spec["name"], "address1": ""}),
        defaults={"from_name": "", "from_email": "", "subject": "", "language": "en"} | spec.get("defaults", {}),
        permission_reminder=spec.get("permission_reminder", "You asked for our letters."),
        fields=[_field(each, merge_id) for merge_id, each in enumerate(spec.get("fields", []), 1)],
        categories=[_category(spec["id"], each) for each in spec.get("interests", [])],
        segments={each["id"]: _segment(each, clock) for each in spec.get("segments", [])},
    )


def _field(spec: dict[str, Any], merge_id: int) -> MergeField:
    kind = spec.get("type", "text")
    return MergeField(
        merge_id=merge_id,
        tag=spec["tag"],
        name=spec.get("name", spec["tag"].title()),
        type=kind,
        required=spec.get("required", False),
        default=spec.get("default", ""),
        public=spec.get("public", False),
        options=_OPTIONS.get(kind, {}) | spec.get("options", {}),
        help_text=spec.get("help", ""),
    )


def _category(list_id: str, spec: dict[str, Any]) -> Category:
    title = spec["title"]
    names = [Interest(_short(list_id, title, name), name) for name in spec["names"]]
    return Category(_short(list_id, title), title, spec.get("type", "checkboxes"), names)


def _short(*names: str) -> str:
    return subscriber_hash("/".join(names))[:10]


def _segment(spec: dict[str, Any], clock: Clock) -> Segment:
    return Segment(
        id=spec["id"],
        name=spec["name"],
        type=spec.get("type", "saved" if "conditions" in spec else "static"),
        created=clock.resolve(spec.get("created", "-300d")),
        updated=clock.resolve(spec.get("updated", "-2d")),
        match=spec.get("match", "all"),
    )


def _complete_segments(audience: Audience, specs: list[dict[str, Any]], clock: Clock) -> None:
    """Conditions may name tags and groups, so they are read when all of those exist."""
    for spec in specs:
        conditions = [_condition(audience, each, clock) for each in spec.get("conditions", [])]
        audience.segments[spec["id"]].conditions = conditions


def _condition(audience: Audience, spec: dict[str, Any], clock: Clock) -> dict[str, Any]:
    condition = dict(spec)
    match condition["condition_type"]:
        case "StaticSegment":
            condition |= {"field": "static_segment", "value": _tag(audience, str(spec["value"])).id}
        case "Interests":
            category = next(each for each in audience.categories if each.title == spec["field"])
            ids = {each.name: each.id for each in category.interests}
            condition |= {"field": f"interests-{category.id}", "value": [ids[name] for name in spec["value"]]}
        case "Date" | "DateMerge":
            for name in ("value", "extra"):
                if _RELATIVE.match(str(spec.get(name, ""))):
                    condition[name] = clock.resolve(spec[name]).date().isoformat()
    return condition


def _tag(audience: Audience, name: str) -> Segment:
    for each in audience.segments.values():
        if each.type == "static" and each.name == name:
            return each
    raise ValueError(f"no tag is called {name!r} in the list {audience.name!r}")


def _store(spec: dict[str, Any], clock: Clock) -> Store:
    return Store(
        id=spec["id"],
        list_id=spec["list"],
        name=spec["name"],
        domain=spec.get("domain", "example.com"),
        currency=spec.get("currency", "USD"),
        created=clock.resolve(spec.get("created", "-1500d")),
    )


def _order(spec: dict[str, Any], number: int, clock: Clock) -> Order:
    return Order(
        id=spec.get("id", f"order-{number}"),
        store_id=spec["store"],
        email=spec["email"],
        first=spec.get("first", ""),
        last=spec.get("last", ""),
        product=spec["product"],
        total=float(spec["total"]),
        placed=clock.resolve(spec["placed"]),
        campaign_id=spec.get("campaign", ""),
    )


def _campaign(account: Account, spec: dict[str, Any], number: int) -> Campaign:
    audience, clock = account.lists[spec["list"]], account.clock
    status = spec.get("status", "schedule")
    send_time = clock.resolve(spec["send_at"]) if "send_at" in spec else None
    variants = [
        _variant(spec | each, label) for each, label in zip(spec.get("variants", [{}]), "ABCDEFGH", strict=False)
    ]
    campaign = Campaign(
        id=spec["id"],
        web_id=700000 + number,
        type=spec.get("type", "variate" if len(variants) > 1 else "regular"),
        status=status,
        title=spec["name"],
        list_id=audience.id,
        variants=variants,
        created=clock.resolve(spec.get("created", "-6d")),
        send_time=next_quarter(send_time) if send_time and status == "schedule" else send_time,
        to_name=spec.get("to_name", ""),
        segment=_segment_options(audience, spec, clock),
        timewarp=spec.get("timewarp", False),
        folder_id=spec.get("folder", ""),
        auto_footer=spec.get("auto_footer", False),
        stuck=spec.get("stuck", False),
        emails_sent=spec.get("emails_sent", 0),
        batch_delivery=spec.get("batch_delivery"),
        checklist=spec.get("checklist", []),
    )
    if status == "schedule":
        freeze(account, campaign)
        _forget_newcomers(campaign, audience, spec.get("grown_since", 0))
    return campaign


def _forget_newcomers(campaign: Campaign, audience: Audience, count: int) -> None:
    """Take the last `count` of the fixed recipients out again: they joined after the campaign was scheduled."""
    if count and campaign.frozen is not None:
        kept = [member_id for member_id in audience.members if member_id in campaign.frozen]
        campaign.frozen = frozenset(kept[:-count])


def _variant(spec: dict[str, Any], label: str) -> Variant:
    return Variant(
        label=spec.get("label", f"Content {label}"),
        subject=spec.get("subject", ""),
        preview_text=spec.get("preview_text", ""),
        from_name=spec.get("from_name", ""),
        reply_to=spec.get("reply_to", ""),
        html=spec.get("html", ""),
        text=spec.get("text", ""),
    )


def _segment_options(audience: Audience, spec: dict[str, Any], clock: Clock) -> dict[str, Any] | None:
    if "segment" in spec:
        return {"saved_segment_id": audience.segments[spec["segment"]].id}
    if "conditions" in spec:
        conditions = [_condition(audience, each, clock) for each in spec["conditions"]]
        return {"match": spec.get("match", "all"), "conditions": conditions}
    return None
