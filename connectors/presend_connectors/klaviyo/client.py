"""The only file that sees Klaviyo's SDK: raw calls on its one API client, over our own line, decoded strictly.

Raw, because the typed calls lose a page of a hundred for one odd record, drop unknown keys of a request without a
word, garble cursors, wait and repeat behind our back, and cost seconds of import.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from presend.errors import BadAnswer, Refused
from presend.ports import AccountConfig
from presend.retry import Budget, Deadline
from presend_connectors.klaviyo.shapes import Page
from presend_connectors.transport import Answer, Ask, Line, Words

T = TypeVar("T")

MEDIA = "application/vnd.api+json"
KEY_HELP = (
    "Check the private key in Klaviyo under Settings > API keys, and give it the scopes named in the answer; "
    "`presend doctor` lists what it may do."
)

Query = Sequence[tuple[str, str]]


class Rate(StrEnum):
    """Classes of endpoints that share a pace."""

    ACCOUNTS = "accounts"
    CAMPAIGNS = "campaigns"
    PEOPLE = "people"
    EVENTS = "events"
    METRICS = "metrics"
    FLOWS = "flows"
    TAGS = "tags"
    IMPORTS = "imports"


# Requests a second (bursts, the spec's x-klaviyo-ratelimit), and how many at once. The limit per minute is
# not paced for: a 429 names the seconds to wait, and the line waits them.
_PACE: Mapping[Rate, tuple[float, int]] = {
    Rate.ACCOUNTS: (1, 1),
    Rate.CAMPAIGNS: (10, 4),
    Rate.PEOPLE: (75, 4),
    Rate.EVENTS: (350, 4),
    Rate.METRICS: (10, 2),
    Rate.FLOWS: (3, 2),
    Rate.TAGS: (3, 1),
    Rate.IMPORTS: (10, 1),
}
_RATES: Mapping[str, Rate] = {
    "accounts": Rate.ACCOUNTS,
    "events": Rate.EVENTS,
    "metrics": Rate.METRICS,
    "flows": Rate.FLOWS,
    "flow-actions": Rate.FLOWS,
    "flow-messages": Rate.FLOWS,
    "tags": Rate.TAGS,
    "profile-bulk-import-jobs": Rate.IMPORTS,
    "profiles": Rate.PEOPLE,
    "lists": Rate.PEOPLE,
    "segments": Rate.PEOPLE,
    "templates": Rate.PEOPLE,
}
_ADDRESS = re.compile(r"\S+@\S+")
_KEY = re.compile(r"[\x21-\x7e]+\Z")


class Client:
    """One account, asked and written to through the official SDK. Its repr shows no key.

    Raises Refused for a key that cannot be one: a line break in it would come back in an error text, with the key.
    """

    def __init__(self, config: AccountConfig) -> None:
        if not _KEY.match(config.key):
            raise Refused(
                f"the Klaviyo key of account {config.name} is empty or holds blanks or characters that no key has",
                help="Copy the private key again, without quotes and line ends.",
            )
        self.account = config.name
        self.clock = config.clock
        self.deadline = Deadline(config.deadline_seconds, config.clock)
        words = Words("Klaviyo", config.name, KEY_HELP)
        self._lines = {
            rate: Line(words, self.deadline, Budget(many, pace, config.clock), explain=_explain)
            for rate, (pace, many) in _PACE.items()
        }
        self._pool = self._lines[Rate.CAMPAIGNS].pool
        self._api = _api_client(config, self._pool)

    def __repr__(self) -> str:
        return f"Client(Klaviyo, {self.account})"

    def read(self, path: str, shape: type[T], what: str, *, query: Query = (), **ids: str) -> T:
        """GET one document. Raises Refused, Gone, Unreachable or BadAnswer."""
        return self._line(path).read(what, self._ask("GET", path, ids, query), shape, strict=True)

    def pages(self, path: str, row: type[T], what: str, *, query: Query = (), **ids: str) -> Iterator[Page[T]]:
        """GET every page of a collection, by our own reading of the cursor in `links.next`.

        Raises BadAnswer when a cursor comes twice or is missing from the link: what would follow is unknown, and a
        collection is whole or not at all.
        """
        shape = Page[row]  # type: ignore[valid-type]
        seen: set[str] = set()
        more: list[tuple[str, str]] = []
        while True:
            page = self.read(path, shape, what, query=[*query, *more], **ids)
            yield page
            following = page.links.next if page.links else None
            if not following:
                return
            cursor = _cursor(following, what)
            if cursor in seen:
                raise BadAnswer(
                    f"Klaviyo handed out the same page of {what} again, so it cannot be read whole",
                    help="Run again; if it stays, report it to Klaviyo.",
                )
            seen.add(cursor)
            more = [("page[cursor]", cursor)]

    def write(
        self, method: str, path: str, body: Mapping[str, Any], what: str, *, repeatable: bool = False, **ids: str
    ) -> Answer:
        """POST, PATCH or DELETE. Raises Refused, Gone, BadAnswer, or Unconfirmed when it may have been done."""
        ask = self._ask(method, path, ids, (), body)
        return self._line(path).write(what, ask, repeatable=repeatable)

    def close(self) -> None:
        """Give connections back."""
        for line in self._lines.values():
            line.pool.clear()

    def _line(self, path: str) -> Line:
        return self._lines[_RATES.get(path.split("/")[2], Rate.CAMPAIGNS)]

    def _ask(
        self, method: str, path: str, ids: Mapping[str, str], query: Query, body: Mapping[str, Any] | None = None
    ) -> Ask:
        headers = {"Accept": MEDIA} | ({"Content-Type": MEDIA} if body is not None else {})

        def ask() -> Answer:
            serial = self._api.param_serialize(
                method,
                path,
                path_params=dict(ids),
                query_params=list(query),
                header_params=dict(headers),
                body=body,
                auth_settings=["Klaviyo-API-Key", "OAuth"],
            )
            response = self._api.call_api(*serial)
            return Answer(response.status, response.getheaders(), response.read() or b"")

        return ask


def _api_client(config: AccountConfig, pool: Any) -> Any:
    """The SDK's one API client: one attempt a call, no models, gzip, our pool, the vendor's logging left alone."""
    logger = logging.getLogger("urllib3")
    level = logger.level
    from klaviyo_api import KlaviyoAPI

    options = {"USE_DICTIONARY_FOR_RESPONSE_DATA": True}
    base = (config.base_url or "").rstrip("/")
    api = KlaviyoAPI(config.key, test_host=base, max_retries=1, options=options).api_client
    logger.setLevel(level)  # making a client turns urllib3's logger to WARNING for the whole process
    api.rest_client.pool_manager = pool
    api.set_default_header("Accept-Encoding", "gzip")
    return api


def _cursor(link: str, what: str) -> str:
    """The cursor in a link to the next page; the link itself is never followed: it names a host."""
    found = parse_qs(urlsplit(link).query).get("page[cursor]")
    if not found:
        raise BadAnswer(f"Klaviyo gave a next page of {what} without a cursor, so it cannot be read whole")
    return found[0]


class _Said(msgspec.Struct):
    title: str | None = None
    detail: str | None = None


class _Errors(msgspec.Struct):
    errors: list[_Said] = []


_decode_errors = msgspec.json.Decoder(_Errors).decode


def _explain(answer: Answer) -> str:
    """What a refusal says of itself, without addresses of people."""
    try:
        said = _decode_errors(answer.body).errors
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    texts = [text for each in said[:3] if (text := each.detail or each.title)]
    return _ADDRESS.sub("[address]", "; ".join(dict.fromkeys(texts)))[:400].rstrip(". ")
