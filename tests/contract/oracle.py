"""Checks requests and answers against the platforms' published API descriptions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.response.exceptions import MissingData

NO_CONTENT = 204
_SPECS_BESIDE_THE_PROJECT = Path(__file__).parents[3] / "shared" / "specs"


class SpecViolationError(AssertionError):
    """A request or an answer that the published description does not allow."""


def _decode(body: bytes, **_: Any) -> Any:
    return json.loads(body)


def specs_folder() -> Path:
    """Where the published descriptions are; fails the test with a sentence when they are absent."""
    folder = Path(os.environ.get("PRESEND_SPECS") or _SPECS_BESIDE_THE_PROJECT)
    if not folder.is_dir():
        _absent(f"no folder {folder.name!r} with API descriptions was found")
    return folder


def load_spec(name: str) -> OpenAPI:
    """The description `name`.31.json (mailchimp, klaviyo.rest, klaviyo.campaigns-beta), ready for checks."""
    path = specs_folder() / f"{name}.31.json"
    if not path.is_file():
        _absent(f"there is no {path.name} among the API descriptions")
    kinds = ("application/vnd.api+json", "application/problem+json", "*/*")
    media: dict[str, Callable[[bytes], Any]] = dict.fromkeys(kinds, _decode)
    config = Config(spec_validator_cls=None, extra_media_type_deserializers=media)
    return OpenAPI.from_dict(json.loads(path.read_text("utf-8")), config=config)


def _absent(what: str) -> NoReturn:
    pytest.fail(f"{what}; set PRESEND_SPECS to the folder of API descriptions")


def check_request(
    spec: OpenAPI,
    method: str,
    url: str,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> None:
    """Raise SpecViolationError unless the description allows this request; `url` is whole, on its server."""
    request = _request(method, url, query, headers or {}, body)
    try:
        spec.validate_request(request)
    except OpenAPIError as error:
        raise SpecViolationError(f"{method} {url}: the request is not as described: {_why(error)}") from error


def check_response(
    spec: OpenAPI,
    method: str,
    url: str,
    path: str,
    query: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Raise SpecViolationError unless the description allows this answer.

    `url` is a server of the description (its `servers` entry), `path` the path under it, `query` has no "?".
    """
    request = _request(method, url.rstrip("/") + path, query, {}, b"")
    kind = next((value for key, value in headers.items() if key.lower() == "content-type"), "application/json")
    response = MockResponse(body, status_code=status, content_type=kind.partition(";")[0].strip())
    try:
        spec.validate_response(request, response)
    except MissingData as error:
        # The descriptions give even a 204 a content type; HTTP gives it no body.
        if status != NO_CONTENT or body:
            raise SpecViolationError(f"{method} {path} {status}: the answer has no body") from error
    except OpenAPIError as error:
        raise SpecViolationError(f"{method} {path} {status}: the answer is not as described: {_why(error)}") from error


def _request(method: str, url: str, query: str, headers: Mapping[str, str], body: bytes) -> MockRequest:
    host, slash, path = url.partition("://")[2].partition("/")
    kind = next((value for key, value in headers.items() if key.lower() == "content-type"), "application/json")
    return MockRequest(
        url.partition("://")[0] + "://" + host,
        method.lower(),
        slash + path,
        args=dict(parse_qsl(query, keep_blank_values=True)),
        headers=dict(headers),
        content_type=kind.partition(";")[0].strip(),
        data=body or None,
    )


def _why(error: BaseException) -> str:
    """The deepest reason the validator gives, without the body itself."""
    reasons: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        details = getattr(cause, "schema_errors", None)
        reasons.append(
            "; ".join(f"{list(each.path)} {each.message[:160]}" for each in details) if details else str(cause)
        )
        cause = cause.__cause__ or cause.__context__
    return " <- ".join(reason[:400] for reason in reasons)
