"""What a world's mailchimp.toml may hold."""

from __future__ import annotations

from collections.abc import Mapping

from presend_sandbox.keys import FAULT, HTML, TESTED, TEXT, Form, Kind, Named, Rows, Table

_COMPANY: Mapping[str, Form] = dict.fromkeys(("company", "city", "state", "zip", "country"), Kind.TEXT)
ACCOUNT = Table(
    other={
        **dict.fromkeys(("id", "name", "api_key", "email", "role", "plan", "tier", "timezone"), Kind.TEXT),
        "pro": Kind.FLAG,
        "contact": Table(other={**_COMPANY, "addr1": Kind.TEXT, "addr2": Kind.TEXT}),
        "domains": Rows(
            Table(
                needed={"domain": Kind.TEXT},
                other={"verification_email": Kind.TEXT, "verified": Kind.FLAG, "authenticated": Kind.FLAG},
            )
        ),
    }
)
FIELD = Table(
    needed={"tag": Kind.TEXT},
    other={
        **dict.fromkeys(("name", "type", "default", "help"), Kind.TEXT),
        "required": Kind.FLAG,
        "public": Kind.FLAG,
        "options": Kind.TABLE,
    },
)
CONDITION = Table(
    needed={"condition_type": Kind.TEXT},
    other={"field": Kind.TEXT, "op": Kind.TEXT, "value": Kind.ANY, "extra": Kind.ANY},
)
SEGMENT = Table(
    needed={"id": Kind.NUMBER, "name": Kind.TEXT},
    other={
        "type": Kind.TEXT,
        "match": Kind.TEXT,
        "conditions": Rows(CONDITION),
        "created": Kind.TIME,
        "updated": Kind.TIME,
    },
)
LIST = Table(
    needed={"id": Kind.TEXT, "name": Kind.TEXT},
    other={
        "fields": Rows(FIELD),
        "interests": Rows(Table(needed={"title": Kind.TEXT, "names": Kind.TEXTS}, other={"type": Kind.TEXT})),
        "segments": Rows(SEGMENT),
        "contact": Table(other={**_COMPANY, **dict.fromkeys(("address1", "address2", "phone"), Kind.TEXT)}),
        "defaults": Table(other=dict.fromkeys(("from_name", "from_email", "subject", "language"), Kind.TEXT)),
        "permission_reminder": Kind.TEXT,
        "created": Kind.TIME,
    },
)
_MEMBER: Mapping[str, Form] = {
    "status": Kind.TEXT,
    "timezone": Kind.TEXT,
    "tags": Kind.TEXTS,
    "interests": Kind.TEXTS,
}
PERSON = Table(
    needed={"list": Kind.TEXT, "email": Kind.TEXT},
    other={
        **_MEMBER,
        "values": Kind.TABLE,
        "nulls": Kind.TEXTS,
        "absent": Kind.TEXTS,
        "language": Kind.TEXT,
        "country": Kind.TEXT,
        "region": Kind.TEXT,
        "joined": Kind.TIME,
        "changed": Kind.TIME,
        "active": Kind.TIME,
    },
)
SLICE = Table(
    other={
        **dict.fromkeys(("field", "status", "tag", "interest", "case", "because"), Kind.TEXT),
        **dict.fromkeys(("from", "absent", "null", "empty", "blank", "count"), Kind.NUMBER),
        "values": Kind.LIST,
        "value": Kind.ANY,
    }
)
CROWD_ORDERS = Table(
    needed={"store": Kind.TEXT, "products": Kind.TEXTS, "placed": Kind.SPAN},
    other={"count": Kind.NUMBER, "total": Kind.NUMBER},
)
CROWD = Table(
    needed={"list": Kind.TEXT, "prefix": Kind.TEXT, "count": Kind.NUMBER},
    other={
        **_MEMBER,
        "seed": Kind.NUMBER,
        "fill": Named(Kind.TEXT),
        "set": Kind.TABLE,
        "cycle": Named(Kind.LIST),
        "spread": Named(Kind.SPAN),
        "slices": Rows(SLICE),
        "joined": Kind.SPAN,
        "changed": Kind.SPAN,
        "active": Kind.SPAN,
        "source": Kind.TEXT,
        "orders": CROWD_ORDERS,
    },
)
STORE = Table(
    needed={"id": Kind.TEXT, "list": Kind.TEXT, "name": Kind.TEXT},
    other={"domain": Kind.TEXT, "currency": Kind.TEXT, "created": Kind.TIME},
)
ORDER = Table(
    needed={
        "store": Kind.TEXT,
        "email": Kind.TEXT,
        "product": Kind.TEXT,
        "total": Kind.NUMBER,
        "placed": Kind.TIME,
    },
    other=dict.fromkeys(("id", "first", "last", "campaign"), Kind.TEXT),
)
_LETTER: Mapping[str, Form] = {
    **dict.fromkeys(("subject", "preview_text", "from_name", "reply_to"), Kind.TEXT),
    **HTML,
    **TEXT,
    "label": Kind.TEXT,
}
_CAMPAIGN: Mapping[str, Form] = {
    **_LETTER,
    **TESTED,
    "list": Kind.TEXT,
    "segment": Kind.NUMBER,
    "conditions": Rows(CONDITION),
    "match": Kind.TEXT,
    "status": Kind.TEXT,
    "send_at": Kind.TIME,
    "created": Kind.TIME,
    "type": Kind.TEXT,
    "variants": Rows(Table(other=_LETTER)),
    "to_name": Kind.TEXT,
    "timewarp": Kind.FLAG,
    "folder": Kind.TEXT,
    "auto_footer": Kind.FLAG,
    "batch_delivery": Kind.TABLE,
    "checklist": Rows(
        Table(
            needed={"type": Kind.TEXT, "heading": Kind.TEXT, "details": Kind.TEXT},
            other={"id": Kind.NUMBER},
        )
    ),
    "stuck": Kind.FLAG,
    "emails_sent": Kind.NUMBER,
    "grown_since": Kind.NUMBER,
}
_NAMED: Mapping[str, Form] = {"id": Kind.TEXT, "name": Kind.TEXT}
FILE = Table(
    other={
        "account": ACCOUNT,
        "lists": Rows(LIST),
        "people": Rows(PERSON),
        "crowd": Rows(CROWD),
        "stores": Rows(STORE),
        "orders": Rows(ORDER),
        "folders": Rows(Table(needed=_NAMED)),
        "campaigns": Rows(Table(needed=_NAMED, other=_CAMPAIGN)),
        "campaign_defaults": Table(other=_CAMPAIGN),
        "series": Rows(Table(needed={**_NAMED, "count": Kind.NUMBER}, other=_CAMPAIGN)),
        "overloads": Rows(FAULT),
        "faults": Rows(FAULT),
    }
)
