"""The operations on the account itself, its shops and its sender domains."""

from __future__ import annotations

from presend_sandbox.mailchimp import shapes
from presend_sandbox.mailchimp.call import Call, Operation, Reply, page
from presend_sandbox.mailchimp.problem import not_found
from presend_sandbox.mailchimp.state import Order


def ping(_call: Call) -> Reply:
    """GET /ping."""
    return Reply(200, {"health_status": "Everything's Chimpy!"})


def root(call: Call) -> Reply:
    """GET /: who the key belongs to."""
    account = call.account
    subscribed = sum(each.status == "subscribed" for one in account.lists.values() for each in one.members.values())
    body = {
        "account_id": account.id,
        "login_id": f"login-{account.id}",
        "account_name": account.name,
        "email": account.email,
        "first_name": "Sandbox",
        "last_name": "Owner",
        "username": account.id,
        "avatar_url": "",
        "role": account.role,
        "member_since": "2019-03-04T10:00:00+00:00",
        "pricing_plan_type": account.plan,
        "first_payment": "2019-04-04T10:00:00+00:00" if account.plan != "forever_free" else "",
        "account_timezone": account.timezone,
        "account_industry": "Retail",
        "contact": account.contact,
        "pro_enabled": account.pro,
        "last_login": "",
        "total_subscribers": subscribed,
        "industry_stats": {"open_rate": 0.3, "bounce_rate": 0.01, "click_rate": 0.02},
        "_links": shapes.links(call.origin, "/"),
    }
    return Reply(200, body)


def verified_domains(call: Call) -> Reply:
    """GET /verified-domains."""
    return Reply(200, {"domains": call.account.domains, "total_items": len(call.account.domains), "_links": []})


def list_stores(call: Call) -> Reply:
    """GET /ecommerce/stores."""
    found = [shapes.store(each, call.origin) for each in call.account.stores.values()]
    return Reply(200, {"stores": list(page(call, found)), "total_items": len(found), "_links": []})


def list_orders(call: Call) -> Reply:
    """GET /ecommerce/orders; there is no filter by date."""
    return _orders(call, call.account.orders)


def list_store_orders(call: Call) -> Reply:
    """GET /ecommerce/stores/{store_id}/orders."""
    store = call.path["store_id"]
    if store not in call.account.stores:
        raise not_found()
    reply = _orders(call, [each for each in call.account.orders if each.store_id == store])
    return Reply(200, {"store_id": store} | reply.body)


def _orders(call: Call, orders: list[Order]) -> Reply:
    found = [
        each
        for each in orders
        if call.query.get("campaign_id", each.campaign_id) == each.campaign_id
        and call.query.get("customer_id", each.email) == each.email
    ]
    shown = [shapes.order(call.account, each, call.origin) for each in page(call, found)]
    return Reply(200, {"orders": shown, "total_items": len(found), "_links": []})


OPERATIONS = (
    Operation("GET", "/ping", ping),
    Operation("GET", "/", root),
    Operation("GET", "/verified-domains", verified_domains),
    Operation("GET", "/ecommerce/stores", list_stores),
    Operation("GET", "/ecommerce/stores/{store_id}/orders", list_store_orders),
    Operation("GET", "/ecommerce/orders", list_orders),
)
