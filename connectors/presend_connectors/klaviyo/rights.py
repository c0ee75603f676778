"""What a key may do, found by asking for one row of each thing presend reads."""

from __future__ import annotations

from presend.errors import BadAnswer, Gone, Refused
from presend.model import Able
from presend.ports import Right
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.shapes import Page, Ref

_READS = (
    ("campaigns:read", "/api/campaign-messages", "read scheduled campaigns"),
    ("templates:read", "/api/templates", "read their content"),
    ("segments:read", "/api/segments", "read segments"),
    ("lists:read", "/api/lists", "read lists"),
    ("profiles:read", "/api/profiles", "read recipients"),
    ("metrics:read", "/api/metrics", "find the order metrics"),
    ("events:read", "/api/events", "read orders"),
    ("flows:read", "/api/flows", "audit flows"),
    ("tags:read", "/api/tags", "find tags"),
)
_WITHOUT_SIZE = frozenset({"/api/metrics"})
_WRITES = (
    ("campaigns:write", "hold and release campaigns, change whom they leave out, note findings in their description"),
    ("profiles:write, lists:write", "mark the people affected, and list those to leave out"),
    ("tags:write", "tag campaigns"),
)


def rights(client: Client) -> tuple[Right, ...]:
    """One line per scope. Raises PlatformError when the key itself is refused, or Klaviyo cannot be reached."""
    found: list[Right] = []
    for scope, path, use in _READS:
        query = [] if path in _WITHOUT_SIZE else [("page[size]", "1")]
        try:
            client.read(path, Page[Ref], f"one row of {path.rpartition('/')[2]}", query=query)
        except Refused as error:
            if error.status == 401:
                raise
            found.append(Right(scope, Able.NO, f"needed to {use}: {sentence(error)}"))
        except (Gone, BadAnswer) as error:
            found.append(Right(scope, Able.UNKNOWN, f"needed to {use}: {sentence(error)}"))
        else:
            found.append(Right(scope, Able.YES, use))
    for scope, use in _WRITES:
        found.append(Right(scope, Able.UNKNOWN, f"needed to {use}; Klaviyo tells only when it is tried"))
    return tuple(found)
