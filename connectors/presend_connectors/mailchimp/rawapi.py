"""Mailchimp's own client with its transport taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import urllib3
from mailchimp_marketing.api_client import ApiClient

from presend.errors import Gone
from presend_connectors.transport import Answer, Pool


class RawApi(ApiClient):  # type: ignore[misc]
    """Mailchimp's own client with its transport taken over: answers come back raw, whatever their status.

    The SDK as it is returns an error with an empty body as if it were an answer, follows redirects (a POST becomes
    a GET and looks done), replaces the word `server` anywhere in a URL, leaves slashes in ids unescaped, spells a
    missing body `null`, and opens a connection per call.
    """

    def __init__(self, pool: Pool, origin: str, key: str) -> None:
        super().__init__({})
        self.host = origin
        self._pool = pool
        self._secret = urllib3.make_headers(basic_auth=f"presend:{key}", accept_encoding=True)

    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: Mapping[str, Any] | None = None,
        query_params: Sequence[tuple[str, Any]] | None = None,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        collection_formats: Mapping[str, str] | None = None,
        **_unused: Any,
    ) -> Answer:
        """One request. Raises urllib3's errors; never for a status. Raises Gone for what cannot be an id."""
        for name, value in (path_params or {}).items():
            if str(value) in ("", ".", ".."):
                raise Gone("Mailchimp has nothing under an id that is empty or made of dots", help="Check the id.")
            resource_path = resource_path.replace(f"{{{name}}}", quote(str(value), safe=""))
        given = [
            (name, _word(value)) for name, value in self.parameters_to_tuples(query_params or [], collection_formats)
        ]
        query = f"?{urlencode(given)}" if given else ""
        answer: Answer = self.request(method, f"{self.host}{resource_path}{query}", headers=header_params, body=body)
        return answer

    def request(
        self,
        method: str,
        url: str,
        query_params: Any = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """One request through the pool."""
        del query_params  # already part of the URL
        sent = {**self.default_headers, **(headers or {}), **self._secret}
        content = None if body is None else msgspec.json.encode(body)
        answer = self._pool.request(method, url, headers=sent, body=content)
        return Answer(answer.status, answer.headers, answer.data)


def _word(value: Any) -> Any:
    """Booleans as Mailchimp spells them, not as Python does."""
    return str(value).lower() if isinstance(value, bool) else value
