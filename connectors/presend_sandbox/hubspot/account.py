"""The account itself and its contacts' subscriptions: account-info and communication-preferences."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from presend_sandbox.hubspot.api import Answer, Call
from presend_sandbox.hubspot.errors import invalid, not_found
from presend_sandbox.hubspot.state import JSON, Account, Record, Subscription, stamp

_BATCH = 100


def details(account: Account, _call: Call) -> Answer:
    """Portal id, time zone, currency. The subscription tier is not among them."""
    settings = account.settings
    offset = account.clock.now().astimezone(ZoneInfo(settings.time_zone)).utcoffset() or timedelta()
    seconds = int(offset.total_seconds())
    sign, hours, minutes = "-" if seconds < 0 else "+", abs(seconds) // 3600, abs(seconds) % 3600 // 60
    return Answer(
        {
            "portalId": settings.portal_id,
            "accountType": "STANDARD",
            "timeZone": settings.time_zone,
            "companyCurrency": "USD",
            "additionalCurrencies": [],
            "utcOffset": f"{sign}{hours:02d}:{minutes:02d}",
            "utcOffsetMilliseconds": seconds * 1000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }
    )


def daily_usage(account: Account, _call: Call) -> Answer:
    """How many of today's requests are used up."""
    now, settings = account.clock.now(), account.settings
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    usage = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": settings.daily,
        "currentUsage": account.requests,
        "collectedAt": stamp(now),
        "fetchStatus": "SUCCESS",
        "resetsAt": stamp(midnight),
    }
    return Answer({"results": [usage]})


def definitions_v3(account: Account, _call: Call) -> Answer:
    """Subscription types, v3 wording."""
    return Answer({"subscriptionDefinitions": [_definition(one) for one in account.subscriptions.values()]})


def definitions_v4(account: Account, _call: Call) -> Answer:
    """Subscription types, v4 wording."""
    return Answer(_completed(account, [_definition(one) for one in account.subscriptions.values()]))


def _definition(one: Subscription) -> JSON:
    return {
        "id": one.id,
        "name": one.name,
        "description": f"{one.name} by email",
        "purpose": "Marketing",
        "communicationMethod": "Email",
        "isActive": True,
        "isDefault": False,
        "isInternal": False,
        "businessUnitId": 0,
        "createdAt": stamp(one.created),
        "updatedAt": stamp(one.created),
    }


def status_v3(account: Account, call: Call) -> Answer:
    """One person's status for every subscription type."""
    address = call.path["email"]
    record = _by_email(account).get(address.lower())
    if record is None:
        raise not_found("contact", address)
    statuses = [
        {
            "id": one.id,
            "name": one.name,
            "description": f"{one.name} by email",
            "status": _status(record, one.id),
            "sourceOfStatus": "SUBSCRIPTION_STATUS",
            "preferenceGroupName": None,
            "legalBasis": "LEGITIMATE_INTEREST_CLIENT",
            "legalBasisExplanation": "",
            "brandId": 0,
        }
        for one in account.subscriptions.values()
    ]
    return Answer({"recipient": address, "subscriptionStatuses": statuses})


def statuses_v4(account: Account, call: Call) -> Answer:
    """The status of up to 100 people for every subscription type."""
    known = _by_email(account)
    addresses = [str(one) for one in _channel(call).inputs(_BATCH)]
    rows = [
        {
            "subscriberIdString": address,
            "statuses": [
                {
                    "channel": "EMAIL",
                    "subscriberIdString": address,
                    "subscriptionId": int(one.id),
                    "subscriptionName": one.name,
                    "status": _status(known.get(address.lower()), one.id),
                    "source": "SUBSCRIPTION_STATUS",
                    "timestamp": stamp(account.clock.now()),
                    "businessUnitId": 0,
                    "legalBasis": "LEGITIMATE_INTEREST_CLIENT",
                    "legalBasisExplanation": "",
                }
                for one in account.subscriptions.values()
            ],
        }
        for address in addresses
    ]
    return Answer(_completed(account, rows))


def wide_statuses_v4(account: Account, call: Call) -> Answer:
    """Whether up to 100 people opted out of everything."""
    known = _by_email(account)
    rows = []
    for address in (str(one) for one in _channel(call).inputs(_BATCH)):
        record = known.get(address.lower())
        out = record is not None and record.value("hs_email_optout") == "true"
        status = {
            "channel": "EMAIL",
            "subscriberIdString": address,
            "status": "UNSUBSCRIBED" if out else "NOT_SPECIFIED",
            "wideStatusType": "PORTAL_WIDE",
            "businessUnitId": 0,
            "timestamp": stamp(account.clock.now()),
        }
        rows.append({"subscriberIdString": address, "wideStatuses": [status]})
    return Answer(_completed(account, rows))


def _channel(call: Call) -> Call:
    if call.one("channel") != "EMAIL":
        raise invalid("channel must be EMAIL.", context={"channel": [call.one("channel") or ""]})
    return call


def _by_email(account: Account) -> dict[str, Record]:
    return {(record.value("email") or "").lower(): record for record in account.contacts.values()}


def _status(record: Record | None, subscription: str) -> str:
    if record is None:
        return "NOT_SPECIFIED"
    if "true" in (record.value("hs_email_optout"), record.value(f"hs_email_optout_{subscription}")):
        return "UNSUBSCRIBED"
    return "SUBSCRIBED"


def _completed(account: Account, rows: list[JSON]) -> JSON:
    now = stamp(account.clock.now())
    return {"status": "COMPLETE", "results": rows, "requestedAt": now, "startedAt": now, "completedAt": now}
