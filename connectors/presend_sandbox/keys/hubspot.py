"""What a world's hubspot.toml may hold."""

from __future__ import annotations

from collections.abc import Mapping

from presend_sandbox.keys import FAULT, HTML, TESTED, TEXT, Form, Kind, Named, Rows, Table

ACCOUNT = Table(
    other={
        **dict.fromkeys(("token", "time_zone", "domain"), Kind.TEXT),
        **dict.fromkeys(("portal_id", "limit", "daily"), Kind.NUMBER),
        **dict.fromkeys(("enterprise", "transactional_addon", "enforce_limits"), Kind.FLAG),
        "scopes": Kind.TEXTS,
        "without_scopes": Kind.TEXTS,
    }
)
PROPERTY = Table(
    needed={"name": Kind.TEXT, "label": Kind.TEXT},
    other={**dict.fromkeys(("type", "field_type", "object"), Kind.TEXT), "options": Kind.TEXTS},
)
WHERE = Table(
    needed={"operator": Kind.TEXT},
    other={
        "property": Kind.TEXT,
        "list": Kind.ID,
        "type": Kind.TEXT,
        "values": Kind.LIST,
        "value": Kind.ANY,
        "at": Kind.TIME,
        "or_unknown": Kind.FLAG,
    },
)
_NAMED: Mapping[str, Form] = {"id": Kind.ID, "name": Kind.TEXT}
LIST = Table(
    needed=_NAMED,
    other={
        "where": Rows(Rows(WHERE)),
        "processing": Kind.TEXT,
        "legacy_id": Kind.ID,
        "created": Kind.TIME,
        "updated": Kind.TIME,
        "repeat": Kind.NUMBER,
    },
)
_CONTACT: Mapping[str, Form] = {
    "lists": Kind.IDS,
    "properties": Kind.TABLE,
    "set_at": Named(Kind.TIME),
    "sources": Named(Kind.TEXT),
}
_DEALT = Table(other={"created": Kind.TIME}, open=True)
PERSON = Table(
    needed={"id": Kind.ID},
    other={
        **_CONTACT,
        "created": Kind.TIME,
        "seen": Kind.TIME,
        "deals": Rows(Table(other={"created": Kind.TIME, "items": Kind.TEXTS}, open=True)),
        "orders": Rows(_DEALT),
        "tickets": Rows(_DEALT),
    },
)
SLICE = Table(
    needed={"field": Kind.TEXT},
    other={
        **dict.fromkeys(("start", "absent", "empty", "blank", "upper", "lower", "count"), Kind.NUMBER),
        "values": Kind.LIST,
        "value": Kind.ANY,
    },
)
CROWD = Table(
    needed={"count": Kind.NUMBER, "first_id": Kind.NUMBER},
    other={
        **_CONTACT,
        "prefix": Kind.TEXT,
        "seed": Kind.NUMBER,
        "slices": Rows(SLICE),
        "age_days": Kind.NUMBER,
        "seen_days": Kind.NUMBER,
    },
)
MODULE = Table(
    other={
        **HTML,
        **dict.fromkeys(("button", "url", "image", "alt", "link"), Kind.TEXT),
        "footer": Kind.FLAG,
        "programmable": Kind.FLAG,
    }
)
FRAME = Table(other={"head": Kind.TEXT, "middle": Rows(MODULE), "foot": Kind.TEXT})
_LETTER: Mapping[str, Form] = {
    **dict.fromkeys(("subject", "preview_text", "from_name", "reply_to", "template_path", "frame"), Kind.TEXT),
    **TEXT,
    "slots": Kind.TABLE,
    "modules": Rows(MODULE),
    "smart": Rows(
        Table(needed={"module": Kind.NUMBER, "list": Kind.ID, "html": Kind.TEXT}, other={**HTML, "name": Kind.TEXT}),
    ),
    "subscription": Kind.ID,
    "include": Kind.IDS,
    "exclude": Kind.IDS,
    "include_legacy": Kind.IDS,
    "exclude_legacy": Kind.IDS,
    "include_contacts": Kind.IDS,
    "exclude_contacts": Kind.IDS,
    "suppress_graymail": Kind.FLAG,
    "state": Kind.TEXT,
    "send_at": Kind.TIME,
    "type": Kind.TEXT,
    "subcategory": Kind.TEXT,
    "language": Kind.TEXT,
    "archived": Kind.FLAG,
    "send_on_publish": Kind.FLAG,
    "folder": Kind.NUMBER,
    "owner": Kind.ID,
    "created": Kind.TIME,
    "updated": Kind.TIME,
}
_ALWAYS = ("subject", "from_name", "reply_to", "subscription")
CAMPAIGN = Table(
    needed={**_NAMED, **{name: _LETTER[name] for name in _ALWAYS}},
    other={
        **{name: form for name, form in _LETTER.items() if name not in _ALWAYS},
        **TESTED,
        "b": Table(needed={"id": Kind.ID}, other={"name": Kind.TEXT, **_LETTER}),
        "test_percentage": Kind.NUMBER,
        "hubspot_campaign": Kind.TEXT,
        "stuck": Kind.FLAG,
        "repeat": Kind.NUMBER,
    },
)
FILE = Table(
    other={
        "account": ACCOUNT,
        "subscriptions": Rows(Table(needed=_NAMED, other={"created": Kind.TIME})),
        "properties": Rows(PROPERTY),
        "lists": Rows(LIST),
        "people": Rows(PERSON),
        "crowd": Rows(CROWD),
        "campaigns": Rows(CAMPAIGN),
        "frames": Named(FRAME),
        "hubspot_campaigns": Rows(
            Table(
                needed={"id": Kind.TEXT, "name": Kind.TEXT},
                other={"notes": Kind.TEXT, "created": Kind.TIME},
            )
        ),
        "faults": Rows(FAULT),
    }
)
