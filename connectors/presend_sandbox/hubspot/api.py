"""What every HubSpot request goes through: token, scopes, limits, JSON in and out, pages."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from presend_sandbox.hubspot.errors import Refusal, invalid, missing_scopes, rate_limited, unauthenticated
from presend_sandbox.hubspot.sending import settle
from presend_sandbox.hubspot.state import JSON, Account

_INTERVAL = timedelta(seconds=10)
_SEARCHES_A_SECOND = 5
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Call:
    """One request, taken apart. `query` keeps every value of a repeated parameter."""

    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    body: Any
    url: str

    def one(self, name: str) -> str | None:
        """The first value of a query parameter."""
        values = self.query.get(name)
        return values[0] if values else None

    def many(self, name: str) -> list[str]:
        """Every value of a query parameter, given repeatedly or with commas."""
        return [part for value in self.query.get(name, ()) for part in value.split(",") if part]

    def flag(self, name: str) -> bool | None:
        """A boolean in any case, since Python clients send `False`; None when absent."""
        value = self.one(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise invalid(f"{name} must be true or false, not {value}.", context={name: [value]})
        return value.lower() == "true"

    def moment(self, name: str) -> datetime | None:
        """An ISO 8601 date-time or milliseconds since 1970; None when absent."""
        value = self.one(name)
        if value is None:
            return None
        try:
            if value.isdigit():
                return datetime.fromtimestamp(int(value) / 1000, UTC)
            parsed = datetime.fromisoformat(value.replace(" ", "+"))
        except ValueError:
            raise invalid(f"{name} is not a date-time: {value}", context={name: [value]}) from None
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)

    def limit(self, default: int, largest: int, *, clamp: bool = False) -> int:
        """The page size asked for; a larger one than allowed is refused, or cut when `clamp`."""
        value = self.one("limit") or str(default)
        if not value.isdigit() or not int(value) > 0:
            raise invalid(f"limit must be a positive whole number, not {value}.", context={"limit": [value]})
        if int(value) > largest and not clamp:
            raise invalid(f"limit must not be more than {largest}.", context={"limit": [value]})
        return min(int(value), largest)

    def inputs(self, largest: int) -> list[Any]:
        """The `inputs` of a batch body; more than `largest` are refused."""
        found = self.object().get("inputs")
        if not isinstance(found, list):
            raise invalid("Invalid input JSON: inputs must be an array.")
        if len(found) > largest:
            raise invalid(f"The maximum number of inputs in one batch request is {largest}.")
        return found

    def ids(self, largest: int) -> list[str]:
        """The ids in the `inputs` of a batch body, which are objects with an id."""
        found = self.inputs(largest)
        if not all(isinstance(one, dict) and "id" in one for one in found):
            raise invalid("Invalid input JSON: every input needs an id.")
        return [str(one["id"]) for one in found]

    def number(self, name: str, default: int) -> int:
        """A whole number in the body, given as a number or as digits."""
        value = self.object().get(name)
        if value is None or value == "":
            return default
        if not str(value).isdigit():
            raise invalid(f"{name} must be a whole number, not {value}.", context={name: [str(value)]})
        return int(value)

    def object(self) -> JSON:
        """The body, which must be a JSON object."""
        if not isinstance(self.body, dict):
            raise invalid("Invalid input JSON: an object is needed.")
        return self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful reply; without `body` it has no content."""

    body: Any = None
    status: int = 200


Handler = Callable[[Account, Call], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `scopes` are alternatives with path names in braces; `search` has its own limit."""

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    search: bool = False


def page(call: Call, rows: Sequence[Any], limit: int, *, total: bool = True) -> JSON:
    """A page of `rows` from the opaque cursor `after`, with `paging.next` while there is more."""
    start = _position(call.one("after"))
    answer: JSON = {"results": list(rows[start : start + limit])}
    if total:
        answer["total"] = len(rows)
    if start + limit < len(rows):
        after = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
        query = [(name, value) for name, values in call.query.items() if name != "after" for value in values]
        answer["paging"] = {"next": {"after": after, "link": f"{call.url}?{urlencode([*query, ('after', after)])}"}}
    return answer


def _position(cursor: str | None) -> int:
    if cursor is None or cursor == "":
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError):
        raise invalid(f"The cursor {cursor} is not one of this endpoint.", context={"after": [cursor]}) from None


class Gate:
    """Turns operations into routes; keeps the counts that the limits need."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._window: list[datetime] = []
        self._searches: list[datetime] = []

    def routes(self, operations: Sequence[Operation]) -> list[BaseRoute]:
        """One route per operation, with and without a slash at the end."""
        found: list[BaseRoute] = []
        for path in dict.fromkeys(operation.path for operation in operations):
            table = {operation.method: operation for operation in operations if operation.path == path}
            endpoint = self._endpoint(table)
            found += [Route(written, endpoint, methods=_METHODS) for written in (path, f"{path}/")]
        return found

    def _endpoint(self, table: Mapping[str, Operation]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            return self._answer(table, request, await request.body())

        return endpoint

    def _answer(self, table: Mapping[str, Operation], request: Request, body: bytes) -> Response:
        account = self._account
        account.requests += 1
        correlation = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{account.settings.portal_id}/{account.requests}"))
        headers: dict[str, str] = {}
        try:
            self._authenticate(request)
            operation = table.get("GET" if request.method == "HEAD" else request.method)
            if operation is None:
                raise Refusal(405, "METHOD_NOT_ALLOWED", f"{request.method} is not possible on this path.")
            needed = [scope.format(**request.path_params) for scope in operation.scopes]
            if needed and not account.settings.scopes & set(needed):
                raise missing_scopes(needed)
            headers = self._count(operation)
            settle(account)
            answer = operation.handler(account, _call(request, body))
        except Refusal as refusal:
            return _json(refusal.body(correlation), refusal.status, headers | refusal.headers, correlation)
        if answer.body is None:
            return Response(status_code=answer.status, headers=headers | {"X-HubSpot-Correlation-Id": correlation})
        return _json(answer.body, answer.status, headers, correlation)

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self._account.settings.token:
            raise unauthenticated()

    def _count(self, operation: Operation) -> dict[str, str]:
        now, settings = self._account.clock.now(), self._account.settings
        if settings.enforce and self._account.requests > settings.daily:
            raise rate_limited("DAILY", self._headers(0))
        if operation.search:
            # Replies of search carry no rate headers.
            self._searches = [at for at in self._searches if now - at < timedelta(seconds=1)] + [now]
            if settings.enforce and len(self._searches) > _SEARCHES_A_SECOND:
                raise rate_limited("SECONDLY")
            return {}
        if not self._window or now - self._window[0] >= _INTERVAL:
            self._window = []
        self._window.append(now)
        used = len(self._window)
        if used > settings.limit:
            if settings.enforce:
                raise rate_limited("TEN_SECONDLY_ROLLING", self._headers(0))
            # Limits that do not bind start over, so that nobody waits for a clock that stands still.
            self._window = self._window[-1:]
            used = 1
        return self._headers(settings.limit - used)

    def _headers(self, remaining: int) -> dict[str, str]:
        settings = self._account.settings
        return {
            "X-HubSpot-RateLimit-Daily": str(settings.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, settings.daily - self._account.requests)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(settings.limit),
            "X-HubSpot-RateLimit-Remaining": str(remaining),
        }


def _call(request: Request, body: bytes) -> Call:
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(value)
    try:
        parsed = json.loads(body) if body else None
    except ValueError:
        raise invalid("Invalid input JSON.") from None
    return Call(request.path_params, query, parsed, str(request.url.replace(query="")))


def _json(body: Any, status: int, headers: Mapping[str, str], correlation: str) -> Response:
    return Response(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        status,
        headers={**headers, "X-HubSpot-Correlation-Id": correlation},
        media_type="application/json;charset=utf-8",
    )
