"""The platform's manner of speaking: who may call, errors, pages, sparse fieldsets and rate headers."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from presend_sandbox.klaviyo import filters
from presend_sandbox.klaviyo.limits import Limits
from presend_sandbox.klaviyo.state import Account
from presend_sandbox.klaviyo.switches import LAST_PAGE, RATE_LIMITS

MEDIA = "application/vnd.api+json"
REVISION = "2026-10-15"
_RETIRED_BEFORE = "2024-10-15"
_FIVE_MEGABYTES = 5 * 1024 * 1024

Resource = dict[str, Any]


class ApiError(Exception):
    """A refusal as the platform words it."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        pointer: str | None = None,
        parameter: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        source = {"pointer": pointer} if pointer else {"parameter": parameter} if parameter else {}
        self.status = status
        self.headers = dict(headers or {})
        self.error = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{status}{code}{detail}")),
            "status": status,
            "code": code,
            "title": title,
            "detail": detail,
            "source": source,
            "links": {},
            "meta": {},
        }


def not_found(kind: str, key: str) -> ApiError:
    """The refusal for an id that does not exist."""
    return ApiError(404, "not_found", "Not found.", f"A {kind} with id {key} does not exist.")


def invalid(detail: str, pointer: str | None = None, parameter: str | None = None) -> ApiError:
    """The refusal of a malformed request."""
    return ApiError(400, "invalid", "Invalid input.", detail, pointer, parameter)


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request."""

    account: Account
    origin: str
    route: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any

    def url(self, path: str) -> str:
        return f"{self.origin}/api/{path}"

    def data(self, kind: str) -> dict[str, Any]:
        """`data` of a body that must hold one resource of `kind`, with the id in the path, if any."""
        data = self.body.get("data") if isinstance(self.body, dict) else None
        if not isinstance(data, dict):
            raise invalid("The payload provided in the request is invalid: data is required.", "/data")
        if data.get("type") != kind:
            raise invalid(f"The type must be {kind!r}.", "/data/type")
        if "id" in self.path and data.get("id") != self.path["id"]:
            raise ApiError(409, "conflict", "Conflict.", "The id of the payload is not the one of the URL.", "/data/id")
        return data

    def names(self, parameter: str) -> list[str]:
        return [name.strip() for name in self.query.get(parameter, "").split(",") if name.strip()]

    def include(self, *allowed: str) -> list[str]:
        wanted = self.names("include")
        if unknown := [name for name in wanted if name not in allowed]:
            raise invalid(f"'{unknown[0]}' is not an allowed include; allowed: {', '.join(allowed)}", None, "include")
        return wanted

    def terms(self, allowed: filters.Allowed) -> list[filters.Term]:
        text = self.query.get("filter", "")
        try:
            return filters.parse(text, allowed) if text else []
        except filters.FilterError as error:
            raise invalid(f"Invalid filter provided: {error}", None, "filter") from error


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and, unless it is a 204, a document."""

    status: int
    document: dict[str, Any] | None = None


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path: the scopes a key needs and the calls allowed per second and minute."""

    method: str
    path: str
    scopes: tuple[str, ...]
    rate: tuple[int, int]
    handler: Handler


def time_text(moment: datetime | None) -> str | None:
    """A moment as the platform writes it."""
    return moment.isoformat(timespec="seconds") if moment else None


def link(call: Call, kind_path: str, own_id: str, name: str) -> dict[str, str]:
    """The links of one relationship."""
    base = call.url(f"{kind_path}/{own_id}")
    return {"self": f"{base}/relationships/{name}", "related": f"{base}/{name}"}


def refer(kind: str, ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"type": kind, "id": each} for each in ids]


def trim(call: Call, resource: Resource, keep: Sequence[str] = ()) -> Resource:
    """The resource with only the attributes that fields[type] names, and `keep`."""
    parameter = f"fields[{resource['type']}]"
    if parameter not in call.query or "attributes" not in resource:
        return resource
    kept: dict[str, Any] = {}
    for name in [*call.names(parameter), *keep]:
        _copy(resource["attributes"], kept, name.split("."))
    return {**resource, "attributes": kept}


def _copy(source: Mapping[str, Any], target: dict[str, Any], path: list[str]) -> None:
    if path[0] not in source:
        return
    inner = source[path[0]]
    if len(path) == 1 or not isinstance(inner, dict):
        target[path[0]] = inner
        return
    nested = target.setdefault(path[0], {})
    if isinstance(nested, dict):
        _copy(inner, nested, path[1:])


def one(call: Call, resource: Resource, included: list[Resource] | None = None, status: int = 200) -> Answer:
    """A document with one resource."""
    document: dict[str, Any] = {"data": trim(call, resource, call.names(f"additional-fields[{resource['type']}]"))}
    if included is not None:
        document["included"] = [trim(call, each) for each in included]
    document["links"] = {"self": _self(call)}
    return Answer(status, document)


def _self(call: Call) -> str:
    path = re.sub(r"\{(\w+)\}", lambda found: call.path[found[1]], call.route)
    query = urlencode(dict(call.query))
    return f"{call.origin}{path}" + (f"?{query}" if query else "")


def page(
    call: Call,
    rows: Sequence[Any],
    show: Callable[[Any], Resource],
    default: int,
    maximum: int,
    included: Callable[[list[Any]], list[Resource]] | None = None,
) -> Answer:
    """A page of a collection, with absolute links to the next and previous one."""
    size = _size(call, default, maximum)
    start = _cursor(call)
    shown = list(rows[start : start + size])
    data = [show(row) for row in shown]
    data = [trim(call, each, call.names(f"additional-fields[{each['type']}]")) for each in data]
    document: dict[str, Any] = {"data": data}
    if included is not None:
        document["included"] = [trim(call, each) for each in included(shown)]
    links: dict[str, str | None] = {"self": _self(call)}
    links["next"] = _turn(call, start + size) if start + size < len(rows) else None
    links["prev"] = _turn(call, max(start - size, 0)) if start else None
    if call.account.choice(LAST_PAGE) == "omitted":
        links = {name: target for name, target in links.items() if target}
    document["links"] = links
    return Answer(200, document)


def _size(call: Call, default: int, maximum: int) -> int:
    text = call.query.get("page[size]", str(default))
    if not text.isdigit() or not 1 <= int(text) <= maximum:
        raise invalid(f"Page size must be an integer between 1 and {maximum}.", None, "page[size]")
    return int(text)


def _turn(call: Call, start: int) -> str:
    cursor = base64.urlsafe_b64encode(f"at::{call.route}::{start}".encode()).decode()
    path = _self(call).partition("?")[0]
    return f"{path}?{urlencode({**call.query, 'page[cursor]': cursor})}"


def _cursor(call: Call) -> int:
    text = call.query.get("page[cursor]")
    if not text:
        return 0
    try:
        mark, route, start = base64.urlsafe_b64decode(text).decode().split("::")
    except ValueError:
        mark, route, start = "", "", ""
    if mark != "at" or route != call.route or not start.isdigit():
        raise invalid("The cursor is not one this collection gave out.", None, "page[cursor]")
    return int(start)


def select(call: Call, rows: Iterable[tuple[Any, Mapping[str, Any]]], allowed: filters.Allowed) -> list[Any]:
    """The rows whose filter values satisfy the request's filter."""
    terms = call.terms(allowed)
    try:
        return [row for row, values in rows if filters.matches(terms, values)]
    except filters.FilterError as error:
        raise invalid(f"Invalid filter provided: {error}", None, "filter") from error


def ordered(call: Call, rows: list[Any], keys: Mapping[str, Callable[[Any], Any]]) -> list[Any]:
    """The rows in the order of `sort`; as they are without it."""
    sort = call.query.get("sort", "")
    if not sort:
        return rows
    key = keys.get(sort.removeprefix("-"))
    if key is None:
        raise invalid(f"'{sort}' is not a sortable field; use one of {', '.join(keys)}", None, "sort")
    return sorted(rows, key=key, reverse=sort.startswith("-"))


def _document(status: int, document: Mapping[str, Any] | None, headers: Mapping[str, str]) -> Response:
    body = b"" if document is None else json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, dict(headers), media_type=MEDIA if document is not None else None)


def _refusal(error: ApiError) -> Response:
    return _document(error.status, {"errors": [error.error]}, error.headers)


def _authorise(account: Account, request: Request, operation: Operation) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme not in ("Klaviyo-API-Key", "Bearer") or not key:
        detail = "Missing or invalid authorization scheme. Please use Klaviyo-API-Key."
        raise ApiError(401, "not_authenticated", "Authentication credentials were not provided.", detail)
    wanted = account.info["api_key"] if scheme == "Klaviyo-API-Key" else account.info.get("access_token")
    if key != wanted:
        title = "Incorrect authentication credentials."
        raise ApiError(401, "authentication_failed", title, title)
    held = account.info.get("scopes")
    if held is not None and (missing := [scope for scope in operation.scopes if scope not in held]):
        detail = f"This key lacks the scopes: {', '.join(missing)}"
        raise ApiError(403, "permission_denied", "You do not have permission to perform this action.", detail)


def _check_revision(request: Request) -> None:
    revision = request.headers.get("revision", "")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?", revision):
        raise invalid("A revision header of the form YYYY-MM-DD is required.", None, "revision")
    if revision[:10] < _RETIRED_BEFORE:
        detail = f"Revision {revision} has been removed; use {REVISION}."
        raise ApiError(410, "gone", "The revision is no longer available.", detail)
    if revision[:10] < REVISION:
        # The older campaign model is not imitated; answering it with the new shapes would mislead a client.
        raise invalid(f"This account answers revision {REVISION} only.", None, "revision")


async def _body(request: Request) -> Any:
    raw = await request.body()
    if request.method == "GET" or not raw:
        return None
    if len(raw) > _FIVE_MEGABYTES:
        raise ApiError(413, "payload_too_large", "Payload too large.", "The payload must not exceed 5 MB.")
    if request.headers.get("content-type", "").partition(";")[0] not in (MEDIA, "application/json"):
        raise ApiError(415, "unsupported_media_type", "Unsupported media type.", f"Send {MEDIA}.")
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, "parse_error", "Malformed request.", "The body is not JSON.") from None


def _query(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query, keep_blank_values=True))


def routes(account: Account, operations: Sequence[Operation], settle: Callable[[], None]) -> list[BaseRoute]:
    """One route a path, each answering its methods, and a JSON:API 404 for everything else under /api."""
    limits = Limits()
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation

    def endpoint(methods: Mapping[str, Operation]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                if request.method not in methods:
                    detail = f'Method "{request.method}" not allowed.'
                    raise ApiError(405, "method_not_allowed", detail, detail, headers={"Allow": ", ".join(methods)})
                operation = methods[request.method]
                _authorise(account, request, operation)
                _check_revision(request)
                enforced = account.choice(RATE_LIMITS) == "enforced"
                headers, wait = limits.count(f"{operation.method} {operation.path}", operation.rate, enforced)
                if wait:
                    detail = f"Request was throttled. Expected available in {wait} second."
                    raise ApiError(429, "throttled", detail, detail, headers={"Retry-After": str(wait)})
                settle()
                origin = f"{request.url.scheme}://{request.url.netloc}"
                call = Call(
                    account,
                    origin,
                    operation.path,
                    request.path_params,
                    _query(request),
                    await _body(request),
                )
                answer = operation.handler(call)
            except ApiError as error:
                return _refusal(error)
            return _document(answer.status, answer.document, headers)

        return answer

    verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    found: list[BaseRoute] = [
        Route(path, endpoint(methods), methods=verbs, include_in_schema=False) for path, methods in by_path.items()
    ]

    async def nowhere(_: Request) -> Response:
        return _refusal(ApiError(404, "not_found", "Not found.", "The path could not be found."))

    found.append(Route("/api/{rest:path}", nowhere, methods=verbs, include_in_schema=False))
    return found
