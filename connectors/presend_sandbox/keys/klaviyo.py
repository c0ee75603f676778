"""What a world's klaviyo.toml may hold."""

from __future__ import annotations

from collections.abc import Mapping

from presend_sandbox.keys import EXPECT, FAULT, HTML, TESTED, TEXT, Form, Kind, Rows, Table

_ADDRESS: Mapping[str, Form] = dict.fromkeys(("address1", "address2", "city", "region", "zip", "country"), Kind.TEXT)
ACCOUNT = Table(
    needed=dict.fromkeys(
        ("id", "api_key", "organization", "sender_name", "sender_email", "timezone", "currency", "locale"), Kind.TEXT
    ),
    other={
        "website": Kind.TEXT,
        "industry": Kind.TEXT,
        "access_token": Kind.TEXT,
        "address": Table(other=_ADDRESS),
    },
)
_GROUP: Mapping[str, Form] = {
    "flows": Kind.TEXTS,
    "opt_in_process": Kind.TEXT,
    "unsettled": Kind.FLAG,
    "starred": Kind.FLAG,
    "created": Kind.TIME,
    "updated": Kind.TIME,
}
_NAMED: Mapping[str, Form] = {"id": Kind.TEXT, "name": Kind.TEXT}
PERSON = Table(
    needed={"id": Kind.TEXT, "groups": Kind.TEXTS},
    other={
        **dict.fromkeys(("email", "first_name", "last_name", "phone_number", "external_id", "organization"), Kind.TEXT),
        **dict.fromkeys(("locale", "title", "image", "consent", "suppression"), Kind.TEXT),
        "location": Table(other={**_ADDRESS, **dict.fromkeys(("latitude", "longitude", "timezone", "ip"), Kind.ANY)}),
        "properties": Kind.TABLE,
        "nulls": Kind.TEXTS,
        "suppressed_for": Kind.TEXTS,
        "consent_at": Kind.TIME,
        "created": Kind.TIME,
        "updated": Kind.TIME,
        "joined": Kind.TIME,
        "last_event": Kind.TIME,
    },
)
SLICE = Table(
    needed={"field": Kind.TEXT},
    other={
        **dict.fromkeys(("from", "absent", "null", "empty", "blank"), Kind.NUMBER),
        "set": Rows(Table(needed={"count": Kind.NUMBER}, other={"value": Kind.ANY, "time": Kind.TIME})),
    },
)
CROWD_ORDERS = Table(
    needed={"metric": Kind.TEXT, "people": Kind.NUMBER, "items": Kind.LIST, "days": Kind.SPAN},
    other={"from": Kind.NUMBER},
)
CROWD = Table(
    needed={"prefix": Kind.TEXT, "seed": Kind.NUMBER, "count": Kind.NUMBER, "groups": Kind.TEXTS},
    other={
        "properties": Kind.TABLE,
        "slices": Rows(SLICE),
        **dict.fromkeys(("unsubscribed", "bounced", "complained", "suppressed", "never_subscribed"), Kind.NUMBER),
        **dict.fromkeys(("created", "updated", "joined", "last_event"), Kind.SPAN),
        "timezone": Kind.TEXT,
        "orders": Rows(CROWD_ORDERS),
    },
)
_LETTER: Mapping[str, Form] = {
    **dict.fromkeys(("subject", "preview_text", "from_label", "from_email", "reply_to", "editor_type"), Kind.TEXT),
    **HTML,
    **TEXT,
}
_MESSAGE: Mapping[str, Form] = {
    "included": Kind.TEXTS,
    "excluded": Kind.TEXTS,
    "status": Kind.TEXT,
    "variants": Rows(Table(other={**_LETTER, "channel": Kind.TEXT, "body": Kind.TEXT})),
    "send_at": Kind.TIME,
    "scheduled_at": Kind.TIME,
    "updated": Kind.TIME,
    "strategy": Kind.TEXT,
    "throttle_percentage": Kind.NUMBER,
    "throttle_unit": Kind.TEXT,
    "ignoring_unsubscribes": Kind.FLAG,
    "stuck": Kind.FLAG,
}
CAMPAIGN = Table(
    needed=_NAMED,
    other={
        **_MESSAGE,
        **TESTED,
        "messages": Rows(Table(other={**_MESSAGE, "name": Kind.TEXT})),
        "description": Kind.TEXT,
        "tags": Kind.TEXTS,
        "archived": Kind.FLAG,
        "created": Kind.TIME,
        "copies": Kind.NUMBER,
    },
)
_WRITTEN: Mapping[str, Form] = {"html": Kind.TEXT}
FLOW = Table(
    needed={
        **_NAMED,
        "status": Kind.TEXT,
        "trigger_type": Kind.TEXT,
        "updated": Kind.TIME,
        "messages": Rows(Table(needed={"subject": Kind.TEXT, **_WRITTEN}, other=_LETTER)),
    },
    other={"created": Kind.TIME, "expect": Rows(EXPECT)},
)
FILE = Table(
    needed={"account": ACCOUNT},
    other={
        "lists": Rows(Table(needed=_NAMED, other=_GROUP)),
        "segments": Rows(Table(needed=_NAMED, other={**_GROUP, "condition_groups": Rows(Kind.TABLE)})),
        "people": Rows(PERSON),
        "crowd": Rows(CROWD),
        "campaigns": Rows(CAMPAIGN),
        "flows": Rows(FLOW),
        "templates": Rows(
            Table(
                needed={**_NAMED, **_WRITTEN},
                other={**HTML, **TEXT, "editor_type": Kind.TEXT, "updated": Kind.TIME},
            )
        ),
        "blocks": Rows(Table(needed={**_NAMED, "definition": Kind.TABLE}, other={"updated": Kind.TIME})),
        "tags": Rows(Table(needed=_NAMED)),
        "metrics": Rows(Table(needed={**_NAMED, "integration": Kind.TEXT, "category": Kind.TEXT})),
        "expect": Rows(EXPECT),
        "faults": Rows(FAULT),
    },
)
