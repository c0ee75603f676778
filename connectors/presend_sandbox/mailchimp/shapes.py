"""The account's things as Mailchimp's JSON: lists, members, segments, orders."""

from __future__ import annotations

from typing import Any

from presend_sandbox.mailchimp.call import stamp
from presend_sandbox.mailchimp.state import Account, Audience, Category, Member, MergeField, Order, Segment, Store

MAX_TAGS_SHOWN = 50
_ADDRESS_PARTS = ("addr1", "addr2", "city", "state", "zip", "country")


def links(origin: str, path: str, parent: str = "") -> list[dict[str, str]]:
    """The `_links` of a thing at `path`, and of what holds it."""
    found = [{"rel": "self", "href": f"{origin}/3.0{path}", "method": "GET"}]
    if parent:
        found.append({"rel": "parent", "href": f"{origin}/3.0{parent}", "method": "GET"})
    return found


def audience(account: Account, each: Audience, origin: str) -> dict[str, Any]:
    """One list."""
    return {
        "id": each.id,
        "web_id": each.web_id,
        "name": each.name,
        "contact": each.contact,
        "permission_reminder": each.permission_reminder,
        "use_archive_bar": True,
        "campaign_defaults": each.defaults,
        "notify_on_subscribe": "",
        "notify_on_unsubscribe": "",
        "date_created": stamp(each.created),
        "list_rating": 4,
        "email_type_option": False,
        "subscribe_url_short": f"https://example.com/s/{each.id}",
        "subscribe_url_long": f"https://example.com/subscribe?id={each.id}",
        "beamer_address": f"inbox.{each.id}@example.com",
        "visibility": "prv",
        "double_optin": False,
        "has_welcome": False,
        "marketing_permissions": False,
        "modules": [],
        "stats": _list_stats(account, each),
        "_links": links(origin, f"/lists/{each.id}", "/lists"),
    }


def _list_stats(account: Account, each: Audience) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for member in each.members.values():
        counts[member.status] = counts.get(member.status, 0) + 1
    sent = [one for one in account.campaigns.values() if one.list_id == each.id and one.status == "sent"]
    last_sent = max((one.send_time for one in sent if one.send_time and one.emails_sent >= 10), default=None)
    joined = [member.opted_in for member in each.members.values() if member.opted_in]
    left = [member.changed for member in each.members.values() if member.status == "unsubscribed"]
    return {
        "member_count": counts.get("subscribed", 0),
        "total_contacts": len(each.members),
        "unsubscribe_count": counts.get("unsubscribed", 0),
        "cleaned_count": counts.get("cleaned", 0),
        "member_count_since_send": 0,
        "unsubscribe_count_since_send": 0,
        "cleaned_count_since_send": 0,
        "campaign_count": sum(one.list_id == each.id for one in account.campaigns.values()),
        "campaign_last_sent": stamp(last_sent),
        "merge_field_count": len(each.fields),
        "avg_sub_rate": 12.0,
        "avg_unsub_rate": 1.0,
        "target_sub_rate": 2.0,
        "open_rate": 31.5,
        "click_rate": 2.4,
        "last_sub_date": stamp(max(joined, default=None)),
        "last_unsub_date": stamp(max(left, default=None)),
    }


def merge_field(each: MergeField, list_id: str, origin: str) -> dict[str, Any]:
    """One merge field with its default."""
    return {
        "merge_id": each.merge_id,
        "tag": each.tag,
        "name": each.name,
        "type": each.type,
        "required": each.required,
        "default_value": each.default,
        "public": each.public,
        "display_order": each.merge_id + 1,
        "options": each.options,
        "help_text": each.help_text,
        "list_id": list_id,
        "_links": links(origin, f"/lists/{list_id}/merge-fields/{each.merge_id}", f"/lists/{list_id}/merge-fields"),
    }


def category(each: Category, list_id: str, order: int, origin: str) -> dict[str, Any]:
    """One group title."""
    return {
        "list_id": list_id,
        "id": each.id,
        "title": each.title,
        "display_order": order,
        "type": each.type,
        "_links": links(origin, f"/lists/{list_id}/interest-categories/{each.id}"),
    }


def interests(lists: Audience, each: Category, origin: str) -> list[dict[str, Any]]:
    """The groups of a title."""
    base = f"/lists/{lists.id}/interest-categories/{each.id}/interests"
    return [
        {
            "category_id": each.id,
            "list_id": lists.id,
            "id": one.id,
            "name": one.name,
            "subscriber_count": str(sum(member.interests.get(one.id, False) for member in lists.members.values())),
            "display_order": order,
            "_links": links(origin, f"{base}/{one.id}", base),
        }
        for order, one in enumerate(each.interests, 1)
    ]


def member(account: Account, lists: Audience, each: Member, origin: str) -> dict[str, Any]:
    """One contact of a list, whole."""
    tags = [
        {"id": one.id, "name": one.name}
        for one in lists.segments.values()
        if one.type == "static" and each.id in one.members
    ]
    placed = account.orders_of(each.email)
    stats: dict[str, Any] = {"avg_open_rate": 0.3 if each.last_active else 0.0, "avg_click_rate": 0.02}
    if placed:
        stats["ecommerce_data"] = {
            "total_revenue": round(sum(order.total for order in placed), 2),
            "number_of_orders": len(placed),
            "currency_code": account.stores[placed[0].store_id].currency,
        }
    return segment_member(lists, each, origin) | {
        "contact_id": each.id[::-1],
        "web_id": int(each.id[:8], 16),
        "unsubscribe_reason": each.left_because,
        "consents_to_one_to_one_messaging": True,
        "stats": stats,
        "location": _location(each) | {"region": each.region},
        "marketing_permissions": [],
        "source": each.source,
        "tags_count": len(tags),
        "tags": tags[:MAX_TAGS_SHOWN],
    }


def segment_member(lists: Audience, each: Member, origin: str) -> dict[str, Any]:
    """One contact as a segment's member list shows it: thinner than the list's own."""
    names = [str(each.values.get(tag) or "") for tag in ("FNAME", "LNAME")]
    return {
        "id": each.id,
        "email_address": each.email,
        "unique_email_id": each.id[:10],
        "full_name": " ".join(name for name in names if name),
        "email_type": "html",
        "status": each.status,
        "merge_fields": {tag: _shown(lists, tag, stored) for tag, stored in each.values.items()},
        "interests": {
            one.id: each.interests.get(one.id, False) for title in lists.categories for one in title.interests
        },
        "stats": {"avg_open_rate": 0.3 if each.last_active else 0.0, "avg_click_rate": 0.02},
        "ip_signup": "",
        "timestamp_signup": stamp(each.signed_up),
        "ip_opt": "",
        "timestamp_opt": stamp(each.opted_in),
        "member_rating": 4 if each.last_active else 2,
        "last_changed": stamp(each.changed),
        "language": each.language,
        "vip": each.vip,
        "email_client": "",
        "location": _location(each),
        "list_id": lists.id,
        "_links": links(origin, f"/lists/{lists.id}/members/{each.id}", f"/lists/{lists.id}/members"),
    }


def _shown(lists: Audience, tag: str, stored: Any) -> Any:
    field = lists.field(tag)
    if field is not None and field.type == "address" and isinstance(stored, dict):
        return {part: stored.get(part, "") for part in _ADDRESS_PARTS}
    return stored


def _location(each: Member) -> dict[str, Any]:
    return {
        "latitude": 0,
        "longitude": 0,
        "gmtoff": 0,
        "dstoff": 0,
        "country_code": each.country,
        "timezone": each.timezone,
    }


def segment(lists: Audience, each: Segment, count: int, origin: str) -> dict[str, Any]:
    """One segment or tag; only saved segments have options."""
    shape: dict[str, Any] = {
        "id": each.id,
        "name": each.name,
        "member_count": count,
        "type": each.type,
        "created_at": stamp(each.created),
        "updated_at": stamp(each.updated),
        "list_id": lists.id,
        "_links": links(origin, f"/lists/{lists.id}/segments/{each.id}", f"/lists/{lists.id}/segments"),
    }
    if each.type != "static":
        shape["options"] = {"match": each.match, "conditions": each.conditions}
    return shape


def store(each: Store, origin: str) -> dict[str, Any]:
    """One e-commerce store."""
    return {
        "id": each.id,
        "list_id": each.list_id,
        "name": each.name,
        "platform": "Custom",
        "domain": each.domain,
        "is_syncing": False,
        "email_address": f"shop@{each.domain}",
        "currency_code": each.currency,
        "money_format": "",
        "primary_locale": "en",
        "timezone": "",
        "phone": "",
        "created_at": stamp(each.created),
        "updated_at": stamp(each.created),
        "_links": links(origin, f"/ecommerce/stores/{each.id}", "/ecommerce/stores"),
    }


def order(account: Account, each: Order, origin: str) -> dict[str, Any]:
    """One order with its customer and its one line."""
    others = [one for one in account.orders_of(each.email) if one.store_id == each.store_id]
    return {
        "id": each.id,
        "customer": {
            "id": each.email,
            "email_address": each.email,
            "opt_in_status": True,
            "company": "",
            "first_name": each.first,
            "last_name": each.last,
            "orders_count": len(others),
            "total_spent": round(sum(one.total for one in others), 2),
            "created_at": stamp(min(one.placed for one in others)),
            "updated_at": stamp(max(one.placed for one in others)),
        },
        "store_id": each.store_id,
        "campaign_id": each.campaign_id,
        "landing_site": "",
        "financial_status": "paid",
        "fulfillment_status": "shipped",
        "currency_code": account.stores[each.store_id].currency,
        "order_total": each.total,
        "order_url": "",
        "discount_total": 0,
        "tax_total": 0,
        "shipping_total": 0,
        "processed_at_foreign": stamp(each.placed),
        "cancelled_at_foreign": "",
        "updated_at_foreign": stamp(each.placed),
        "lines": [
            {
                "id": f"{each.id}-1",
                "product_id": each.product.lower().replace(" ", "-"),
                "product_title": each.product,
                "product_variant_id": each.product.lower().replace(" ", "-"),
                "product_variant_title": each.product,
                "quantity": 1,
                "price": each.total,
                "discount": 0,
            }
        ],
        "_links": links(origin, f"/ecommerce/stores/{each.store_id}/orders/{each.id}"),
    }
