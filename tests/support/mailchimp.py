"""The Mailchimp connector against the sandbox, against a small world of a test's own, or against a scripted server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from presend.model import Campaign, DeedState, Platform, Receipt
from presend.ports import AccountConfig, Trouble
from presend.retry import Clock
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.adapter import MailchimpConnector
from presend_connectors.mailchimp.listing import Groups, Listing, fields_of
from presend_sandbox import Sandbox

START = datetime(2026, 11, 22, 9, 7, tzinfo=UTC)
ONLY = ("mailchimp",)
FRIENDS = "aa00000001"
KEY = "sandbox-larkspur-us99"

BLANK = {"condition_type": "TextMerge", "field": "PET", "op": "blank", "value": ""}
ADA = {"condition_type": "TextMerge", "field": "FNAME", "op": "is", "value": "Ada"}
MAIL = {"condition_type": "EmailAddress", "field": "EMAIL", "op": "contains", "value": "@example"}
LOCAL = {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_is", "value": 11}

FIELDS = [
    {"merge_id": 1, "tag": "FNAME", "name": "First Name", "default_value": ""},
    {"merge_id": 2, "tag": "CITY", "name": "City", "default_value": "your town", "required": True},
    {"merge_id": 3, "tag": "SIZE", "name": "Glove size", "default_value": 9},
    {"merge_id": 4, "tag": "SIZE_AS_OF", "name": "Dated", "type": "date"},
    {"merge_id": 5, "tag": "CAR", "name": "Car model", "default_value": ""},
    {"merge_id": 6, "tag": "MMERGE6", "name": "car model as of", "type": "date", "default_value": ""},
    {"merge_id": 7, "tag": "ADDRESS", "name": "Address", "type": "address", "default_value": ""},
    {"merge_id": 8, "tag": "BDAY", "name": "Birthday", "type": "birthday", "default_value": ""},
]
LISTING = Listing(
    "l1",
    fields_of(msgspec.convert(FIELDS, list[wire.MergeField])),
    (Groups("k1", "Topics", {"i1": "Tea", "i2": "Cake, dry"}),),
)
"""A list with a field of every sort that the connector treats in its own way."""


@dataclass
class FakeTime:
    """A clock that sleeps in no time and remembers how long it would have taken."""

    now: Callable[[], datetime] = lambda: START
    naps: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """As the connector wants it."""
        return Clock(
            monotonic=lambda: time.monotonic() + sum(self.naps), sleep=self.naps.append, now=self.now, random=lambda: 0
        )


def connector(origin: str | None, key: str = KEY, fake: FakeTime | None = None, **more: Any) -> MailchimpConnector:
    """A connector to an origin; its sleeping takes no time."""
    clock = (fake or FakeTime()).clock()
    return MailchimpConnector(AccountConfig("mailchimp", Platform.MAILCHIMP, key, origin, clock=clock, **more))


def of_box(box: Sandbox, **more: Any) -> MailchimpConnector:
    """A connector to a sandbox, living in the sandbox's time."""
    env = box.env()
    fake = more.pop("fake", None) or FakeTime(lambda: box.now)
    return connector(env["PRESEND_MAILCHIMP__BASE_URL"], env["PRESEND_MAILCHIMP__API_KEY"], fake, **more)


def campaigns_of(one: MailchimpConnector, **more: Any) -> dict[str, Campaign]:
    """Its campaigns by id; fails on a trouble, but not on what Mailchimp has no way to show."""
    found = list(one.campaigns(**more))
    assert [e for e in found if isinstance(e, Trouble) and not e.unknowable] == []
    return {each.ref.id: each for each in found if isinstance(each, Campaign)}


WORLD = """
[account]
plan = "{plan}"
role = "{role}"
timezone = "Europe/Berlin"

[[lists]]
id = "aa00000001"
name = "Friends"
fields = [{{ tag = "FNAME", name = "First Name" }}, {{ tag = "PET", name = "Pet" }}]
interests = [{{ title = "Likes", names = ["Tea", "Cake, dry"] }}]
segments = [{{ id = 11, name = "Locals" }}, {{ id = 12, name = "Named", conditions = [
  {{ condition_type = "TextMerge", field = "FNAME", op = "is", value = "Ada" }} ] }}]

[[crowd]]
list = "aa00000001"
prefix = "fr"
count = {count}
seed = 5
fill = {{ FNAME = "first" }}
tags = ["Locals"]

[campaign_defaults]
list = "aa00000001"
subject = "Hello"
from_name = "Friends"
reply_to = "friends@example.org"
html = "<p>Hello</p>"
text = "Hello"

[[campaigns]]
id = "plain"
name = "Plain"
send_at = "+5h"

[[campaigns]]
id = "part"
name = "Part"
segment = 11
send_at = "+6h"

[[campaigns]]
id = "warp"
name = "Warp"
send_at = "+40h"
timewarp = true

[[campaigns]]
id = "feed"
name = "Feed"
type = "rss"
status = "sending"

[[campaigns]]
id = "draft"
name = "Draft"
status = "save"
{more}
"""


def world(folder: Path, *, count: int = 6, plan: str = "monthly", role: str = "owner", more: str = "") -> str:
    """A small world of a test's own; `more` is TOML, for faults and the like."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mailchimp.toml").write_text(WORLD.format(count=count, plan=plan, role=role, more=more), "utf-8")
    return str(folder)


@contextmanager
def account(
    folder: Path, switches: dict[str, str] | None = None, **more: Any
) -> Iterator[tuple[Sandbox, MailchimpConnector]]:
    """A small account and a connector to it."""
    with Sandbox(world(folder / "w", **more), only=ONLY, start=START, switches=switches) as box:
        one = of_box(box)
        yield box, one
        one.close()


def fault(kind: str, path: str, method: str = "POST", **more: object) -> str:
    """A fault as TOML."""
    rest = "".join(f"\n{key} = {value!r}" for key, value in more.items())
    return f'[[faults]]\nkind = "{kind}"\npath = "{path}"\nmethod = "{method}"{rest}\n'


def stored(box: Sandbox, name: str) -> Any:
    return box.state["mailchimp"].campaigns[name]


def writes(box: Sandbox) -> list[str]:
    return [f"{e['method']} {str(e['path']).removeprefix('/3.0')}" for e in box.requests if e["method"] != "GET"]


def ids_of(one: MailchimpConnector, campaign: Campaign) -> list[str]:
    return [id_ for batch in one.people(campaign, frozenset()) for id_ in batch.ids]


def carried(box: Sandbox, label: str) -> set[str]:
    tags = {s.name: s for s in box.state["mailchimp"].lists[FRIENDS].segments.values() if s.type == "static"}
    return set(tags[label].members) if label in tags else set()


def label(name: str) -> str:
    return f"presend:out:{name}"


def mailed(one: MailchimpConnector, campaign: Campaign, *, everybody: bool = False) -> set[str]:
    return {
        id_
        for batch in one.people(campaign, frozenset(), everybody=everybody)
        for id_, why in zip(batch.ids, batch.suppressed, strict=True)
        if why is None
    }


def goes_to(box: Sandbox, name: str) -> set[str]:
    return set(box.platforms["mailchimp"].send(name))


def held(one: MailchimpConnector, name: str = "plain") -> tuple[Campaign, dict[str, Any]]:
    campaign = one.campaign(name)
    saved = dict(one.writer.saved(campaign))
    assert one.writer.hold(campaign).state is DeedState.DONE
    return one.campaign(name), saved


def sane(receipt: Receipt) -> Receipt:
    """The receipt, if it is done."""
    assert receipt.state is DeedState.DONE, receipt.detail
    return receipt


@dataclass(frozen=True)
class Asked:
    """One request that a scripted server got."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    connection: int
    """Tells connections apart."""


@dataclass(frozen=True)
class Said:
    """What a scripted server answers."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    """Bytes promised and not sent."""

    @property
    def content(self) -> bytes:
        """The body as bytes; anything but bytes is written as JSON."""
        return self.body if isinstance(self.body, bytes) else msgspec.json.encode(self.body)


@dataclass
class Scripted:
    """A server on loopback that answers as a test says, and keeps what it was asked."""

    origin: str
    asked: list[Asked]

    def paths(self) -> list[str]:
        """What was asked, as `GET /3.0/…`."""
        return [f"{each.method} {each.path}" for each in self.asked]


@contextmanager
def scripted(answer: Callable[[Asked], Said]) -> Iterator[Scripted]:
    """Serve `answer` while the block runs."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _any(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            one = Asked(
                self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, body, self.client_address[1]
            )
            asked.append(one)
            said = answer(one)
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.content) + said.cut))
            self.end_headers()
            self.wfile.write(said.content)
            if said.cut:
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: pytest shows what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Scripted(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
