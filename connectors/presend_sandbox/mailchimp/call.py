"""One request to the imitated API and its answer; paging, `fields` and `exclude_fields` work here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from presend_sandbox.mailchimp.problem import Problem
from presend_sandbox.mailchimp.state import Account

DEFAULT_COUNT = 10
MAX_COUNT = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and a JSON body, None for an answer without one."""

    status: int
    body: Any = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request: path parameters, query, raw body, and the origin it came in on."""

    account: Account
    path: dict[str, str]
    query: dict[str, str]
    raw: bytes
    origin: str
    key: str = ""

    def number(self, name: str, default: int, limit: int | None = None) -> int:
        """A query parameter as a number; Problem 400 when it is none or out of bounds."""
        text = self.query.get(name, str(default))
        if not text.isdigit():
            raise Problem(400, "Your request could not be processed.", {name: "Schema describes integer"})
        if limit is not None and int(text) > limit:
            raise Problem(400, "Your request could not be processed.", {name: f"Value must be at most {limit}"})
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """A query parameter as a UTC moment, None when not given; Problem 400 when it is none."""
        if not self.query.get(name):
            return None
        return read_moment(self.query[name], name)

    def flag(self, name: str) -> bool:
        """A query parameter as a yes or no."""
        return self.query.get(name, "").lower() in ("true", "1")

    def body(self) -> dict[str, Any]:
        """The JSON body; an empty one, or the `null` the SDK sends for none, is {}. Problem 400 otherwise."""
        try:
            decoded = json.loads(self.raw) if self.raw.strip() else None
        except ValueError as error:
            raise Problem(400, "The request body could not be read.", title="JSON Parse Error") from error
        if decoded is None:
            return {}
        if not isinstance(decoded, dict):
            raise Problem(400, "The request body must be an object.", title="JSON Parse Error")
        return decoded


_T = TypeVar("_T")
Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path template of the API."""

    method: str
    template: str
    handler: Handler
    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.template.strip("/").split("/")))

    def match(self, parts: Sequence[str]) -> dict[str, str] | None:
        """The path parameters when the path is of this template."""
        if len(parts) != len(self.segments):
            return None
        found: dict[str, str] = {}
        for segment, part in zip(self.segments, parts, strict=True):
            if segment.startswith("{"):
                found[segment[1:-1]] = part
            elif segment != part:
                return None
        return found


def read_moment(text: str, name: str) -> datetime:
    """ISO 8601 as a UTC moment; Problem 400 names the field."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise Problem(400, "Your request could not be processed.", {name: "Schema describes date-time"}) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp(moment: datetime | None) -> str:
    """A moment as Mailchimp writes it; "" where there is none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00") if moment else ""


def page(call: Call, items: Sequence[_T]) -> Sequence[_T]:
    """The part of `items` that count and offset ask for."""
    count = call.number("count", DEFAULT_COUNT, MAX_COUNT)
    offset = call.number("offset", 0)
    return items[offset : offset + count]


def select(body: Any, query: dict[str, str]) -> Any:
    """The body reduced as `fields` and `exclude_fields` ask; names that do not exist leave nothing behind."""
    if query.get("fields"):
        body = _keep(body, _tree(query["fields"]))
    if query.get("exclude_fields"):
        body = _drop(body, _tree(query["exclude_fields"]))
    return body


_Tree = dict[str, "_Tree"]


def _tree(names: str) -> _Tree:
    root: _Tree = {}
    for name in names.split(","):
        node = root
        for part in name.strip().split("."):
            node = node.setdefault(part, {})
    return root


def _keep(value: Any, tree: _Tree) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_keep(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _keep(value[key], below) for key, below in tree.items() if key in value}


def _drop(value: Any, tree: _Tree) -> Any:
    if isinstance(value, list):
        return [_drop(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _drop(item, tree[key]) if key in tree else item
        for key, item in value.items()
        if key not in tree or tree[key]
    }
