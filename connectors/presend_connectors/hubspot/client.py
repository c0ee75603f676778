"""The only file that sees HubSpot's SDK: raw calls on one API object, over our own line, decoded strictly.

Raw, because the typed calls turn a truncated page into an empty one, lose a page for one odd date, hide a partial
batch, open a connection per call and cost fifty times the CPU.
"""

from __future__ import annotations

import http.client
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from hubspot import Client as Sdk
from hubspot.marketing.emails.rest import RESTClientObject

from presend.errors import BadAnswer, Gone, Refused
from presend.ports import AccountConfig
from presend.retry import Budget, Deadline
from presend_connectors.hubspot import paths, wire
from presend_connectors.transport import Answer, Ask, Line, Pool, Words

T = TypeVar("T")
R = TypeVar("R")

ORIGIN = "https://api.hubapi.com"
KEY_HELP = (
    "Check the private app's token in HubSpot (Settings > Integrations > Private Apps) and give it the scopes named; "
    "`presend doctor` lists what it may do."
)
MEMBERS_PAGE = 250
LISTS_PAGE = 250
BATCH_PAGE = 100
HISTORY_PAGE = 50
"""Records of a batch read that asks for histories: HubSpot gives half as many then."""
SEARCH_PAGE = 200
LINKS_PAGE = 1000
EMAILS_PAGES = (100, 50, 10)
"""Page sizes to try for the list of emails: the largest allowed is not documented, 10 is the default."""

_DAY = 86_400.0
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")
_ADDRESS = re.compile(r"\S+@\S+")
_THIN = "id,name,state,type,publishDate,publishedAt,isPublished,archived,testing"

Query = Sequence[tuple[str, str]]
Filter = Mapping[str, Any]
"""One condition of a search: `propertyName`, `operator`, and `value` or `values`."""


class RawRest(RESTClientObject):  # type: ignore[misc]
    """The SDK's transport, taken over: answers come back whatever their status, undecoded.

    The SDK's own raises while it decodes an error's body (a body that is not UTF-8 hides the status), calls a method
    that urllib3 no longer has, and logs bodies, which hold people's data.
    """

    def __init__(self, pool: Pool) -> None:
        self.pool_manager = pool

    def request(
        self,
        method: str,
        url: str,
        query_params: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Any = None,
        _preload_content: bool = True,
        _request_timeout: Any = None,
    ) -> Any:
        """One request through the pool. Raises urllib3's errors, never for a status."""
        del post_params, _preload_content, _request_timeout  # never used here: the pool has its own rules
        full = f"{url}?{urlencode(query_params)}" if query_params else url
        content = None if body is None else msgspec.json.encode(body)
        sent = {**(headers or {}), **({} if body is None else {"Content-Type": "application/json"})}
        return self.pool_manager.request(method, full, body=content, headers=sent)


def _api_client(config: AccountConfig, pool: Pool) -> Any:
    """The SDK's API client, made once. What it changes for the whole process on the way is put back."""
    sdk_logs = ("urllib3", "hubspot.marketing.emails")
    levels = {name: logging.getLogger(name).level for name in sdk_logs}
    debugging = http.client.HTTPConnection.debuglevel

    def factory(package: Any, name: str, settings: Mapping[str, Any]) -> Any:
        configuration = package.Configuration(host=settings["host"])
        configuration.access_token = settings["access_token"]
        api_client = package.ApiClient(configuration=configuration)
        api_client.rest_client = RawRest(pool)
        return getattr(package, name)(api_client=api_client)

    origin = (config.base_url or ORIGIN).rstrip("/")
    try:
        sdk = Sdk.create(access_token=config.key, host=origin, base_url=origin, api_factory=factory)
        client = sdk.marketing.emails.marketing_emails_api.api_client
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        http.client.HTTPConnection.debuglevel = debugging
    client.set_default_header("Accept-Encoding", "gzip")
    return client


def _problem(answer: Answer) -> wire.Problem | None:
    try:
        return msgspec.json.decode(answer.body, type=wire.Problem)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None


def explain(answer: Answer) -> str:
    """What an error body says, with the scopes that are missing, without addresses; "" when there is none."""
    problem = _problem(answer)
    if problem is None:
        return ""
    scopes = (problem.context or {}).get("requiredScopes")
    needed = f" (one of these scopes is needed: {', '.join(map(str, scopes))})" if isinstance(scopes, list) else ""
    return _ADDRESS.sub("[address]", f"{problem.message}{needed}")[:300].strip().rstrip(".")


def _waits(answer: Answer) -> Answer:
    """A 429 with the wait that HubSpot means but does not write: no Retry-After is documented."""
    if answer.status != 429 or answer.headers.get("Retry-After"):
        return answer
    problem = _problem(answer)
    policy = problem.policy_name.upper() if problem else ""
    interval = str(answer.headers.get("X-HubSpot-RateLimit-Interval-Milliseconds") or "")
    if policy == "DAILY":
        seconds = _DAY  # until midnight: longer than any run waits
    elif policy == "SECONDLY":
        seconds = 1.0
    elif policy.startswith("TEN_SECONDLY"):
        seconds = int(interval) / 1000 if interval.isdigit() else 10.0
    else:
        return answer
    return Answer(answer.status, {**answer.headers, "Retry-After": str(seconds)}, answer.body)


class Client:
    """HubSpot's calls that presend makes. Its repr shows no key.

    Raises Refused for a token that cannot be one: a line break in it would come back in an error text, with the token.
    """

    def __init__(self, config: AccountConfig) -> None:
        if not _TOKEN.match(config.key):
            raise Refused(
                f"the HubSpot token of account {config.name} is empty or holds blanks or characters that no token has",
                help="Copy the private app's token again, without quotes and line ends.",
            )
        self.account = config.name
        self.clock = config.clock
        self.deadline = Deadline(config.deadline_seconds, config.clock)
        words = Words("HubSpot", config.name, KEY_HELP)
        live = config.base_url is None
        # 100 requests in 10 s is the smallest limit of any plan; search has 5 a second for the whole account.
        self.line = Line(words, self.deadline, Budget(4, 10.0 if live else 2000.0, config.clock), explain=explain)
        self._searches = Line(words, self.deadline, Budget(1, 4.0 if live else 500.0, config.clock), explain=explain)
        self._api = _api_client(config, self.line.pool)
        self._page_size = 0

    def __repr__(self) -> str:
        return f"Client(HubSpot, {self.account})"

    def close(self) -> None:
        """Give the connections back."""
        self.line.pool.clear()

    def _ask(self, method: str, path: str, ids: Mapping[str, str], query: Query = (), body: Any = None) -> Ask:
        for name, value in ids.items():
            if value.strip(".") == "":
                raise Gone(f"HubSpot has nothing under an id that is empty or made of dots ({name})")

        def ask() -> Answer:
            got = self._api.call_api(
                path,
                method,
                dict(ids),
                list(query),
                {"Accept": "application/json"},
                body=body,
                response_types_map={},
                auth_settings=["oauth2"],
                _preload_content=False,
            )
            return _waits(Answer(got.status, got.headers, got.data))

        return ask

    def get(self, path: str, shape: type[T], what: str, *, query: Query = (), **ids: str) -> T:
        """GET one document. Raises Refused, Gone, Unreachable or BadAnswer."""
        return self.line.read(what, self._ask("GET", path, ids, query), shape, strict=True)

    def post(self, path: str, shape: type[T], what: str, body: Any, **ids: str) -> T:
        """A POST that only reads: batch read."""
        return self.line.read(what, self._ask("POST", path, ids, (), body), shape, strict=True)

    def write(
        self, method: str, path: str, what: str, body: Any = None, *, repeatable: bool = False, **ids: str
    ) -> Answer:
        """A request that changes something; only the writer calls it. Raises as `Line.write` does."""
        return self.line.write(what, self._ask(method, path, ids, (), body), repeatable=repeatable)

    def pages(
        self, path: str, row: type[R], what: str, *, limit: int, query: Query = (), **ids: str
    ) -> Iterator[list[R]]:
        """Every page of a collection.

        Raises BadAnswer when a cursor comes twice, or when fewer rows came than HubSpot counts: a collection is
        whole or not at all.
        """
        shape = wire.Page[row]  # type: ignore[valid-type]
        seen: set[str] = set()
        after: list[tuple[str, str]] = []
        got, promised = 0, None
        while True:
            page = self.get(path, shape, what, query=[("limit", str(limit)), *query, *after], **ids)
            yield page.results
            got += len(page.results)
            if page.total is not None:
                # People come and go while pages are read: the smallest count is the one that must be met.
                promised = page.total if promised is None else min(promised, page.total)
            if page.paging is None or page.paging.next is None:
                break
            cursor = str(page.paging.next.after)
            if cursor in seen:
                raise self._broken(what, "handed out the same page again")
            seen.add(cursor)
            after = [("after", cursor)]
        if promised is not None and got < promised:
            raise self._broken(what, f"showed {got} of {promised}")

    @staticmethod
    def _broken(what: str, how: str) -> BadAnswer:
        return BadAnswer(
            f"HubSpot {how} of {what}, so it cannot be read whole",
            help="Run again; if it stays, report it to HubSpot.",
        )

    # -- emails

    def emails(self, *, archived: bool = False) -> Iterator[list[wire.Row]]:
        """All marketing emails, newest change first, few fields each: HubSpot has no filter by state."""
        # A filter by isPublished could hide scheduled ones: what it is for them is not documented.
        query = [("sort", "-updatedAt"), ("includedProperties", _THIN), ("archived", str(archived).lower())]
        what = "the list of marketing emails"
        for size in EMAILS_PAGES:
            begun = False
            try:
                for page in self.pages(paths.EMAILS, wire.Row, what, limit=size, query=query):
                    begun = True
                    yield page
            except BadAnswer as error:
                if begun or error.status != 400 or size == EMAILS_PAGES[-1]:
                    raise
                continue
            return

    def email(self, email_id: str) -> wire.Email:
        """One email as it is published or scheduled."""
        return self.get(paths.EMAIL, wire.Email, f"the marketing email {email_id}", email_id=email_id)

    def aimed(self, email_id: str) -> wire.Aimed:
        """An email's recipients as HubSpot writes them."""
        return self.get(paths.EMAIL, wire.Aimed, f"the recipients of the email {email_id}", email_id=email_id)

    def variation(self, email_id: str) -> wire.Email:
        """The other variant of an A/B test."""
        what = f"the other variant of the marketing email {email_id}"
        return self.get(paths.VARIATION, wire.Email, what, email_id=email_id)

    # -- lists and contacts

    def lists(self, ids: Sequence[str]) -> list[wire.ContactList]:
        """Lists with their filters; unknown ids are missing from the answer."""
        found: list[wire.ContactList] = []
        for start in range(0, len(ids), 50):
            query = [("listIds", one) for one in ids[start : start + 50]] + [("includeFilters", "true")]
            found += self.get(paths.LISTS, wire.Lists, f"the lists {', '.join(ids)}", query=query).lists
        return found

    def all_lists(self) -> Iterator[wire.FoundList]:
        """Every list of the account, without filters. Raises BadAnswer for pages without end, or too few lists."""
        what, offset, got = "the account's lists", 0, 0
        while True:
            body = {"count": LISTS_PAGE, "offset": offset, "query": "", "additionalProperties": ["hs_list_size"]}
            ask = self._ask("POST", paths.LIST_SEARCH, {}, (), body)
            page = self._searches.read(what, ask, wire.FoundLists, strict=True)
            yield from page.lists
            got += len(page.lists)
            if not page.has_more:
                if page.total is not None and got < page.total:
                    raise self._broken(what, f"showed {got} of {page.total}")
                return
            if page.offset <= offset:
                raise self._broken(what, "handed out the same page again")
            offset = page.offset

    def legacy_list(self, legacy_id: str) -> str | None:
        """The list that an id of the old lists API means; None when HubSpot knows none."""
        query = [("legacyListId", legacy_id)]
        try:
            return str(self.get(paths.LEGACY, wire.Legacy, f"the legacy list {legacy_id}", query=query).list_id)
        except Gone:
            return None

    def members(self, list_id: str) -> Iterator[list[str]]:
        """Who is in a list, by record id."""
        what = f"the members of the list {list_id}"
        for page in self.pages(paths.MEMBERS, wire.Member, what, limit=MEMBERS_PAGE, list_id=list_id):
            yield [str(one.record_id) for one in page]

    def some_members(self, list_id: str, count: int) -> list[str]:
        """The first members of a list."""
        what, query = f"the members of the list {list_id}", [("limit", str(count))]
        page = self.get(paths.MEMBERS, wire.Page[wire.Member], what, query=query, list_id=list_id)
        return [str(one.record_id) for one in page.results]

    def records(
        self, kind: str, ids: Sequence[str], properties: Sequence[str], history: Sequence[str] = ()
    ) -> tuple[list[wire.Record], set[str]]:
        """Records by id and the ids that HubSpot says do not exist. Raises BadAnswer when some are neither."""
        body: dict[str, Any] = {"inputs": [{"id": one} for one in ids], "properties": list(properties)}
        if history:
            body["propertiesWithHistory"] = list(history)
        what = f"a batch of {len(ids)} {kind}"
        batch = self.post(paths.BATCH, wire.Batch, what, body, kind=kind)
        gone = {
            str(one)
            for error in batch.errors or ()
            if error.category == "OBJECT_NOT_FOUND"
            for one in (error.context or {}).get("ids", ())
        }
        if len(batch.results) + len(gone) < len(set(ids)):
            raise self._broken(what, f"gave {len(batch.results)} and named {len(gone)} as missing")
        return batch.results, gone

    def some(self, kind: str) -> wire.Page[wire.Record]:
        """One record of a kind, to see whether the token may read them."""
        return self.get(paths.OBJECTS, wire.Page[wire.Record], f"the {kind}", query=[("limit", "1")], kind=kind)

    def newest(self, kind: str, by: str) -> wire.Page[wire.Record]:
        """The record of a kind that changed last."""
        body = {"limit": 1, "properties": [by], "sorts": [{"propertyName": by, "direction": "DESCENDING"}]}
        return self.search(kind, f"the newest change in {kind}", body)

    def search(self, kind: str, what: str, body: Mapping[str, Any]) -> wire.Page[wire.Record]:
        """One page of a search, which shows no more than 10,000 records in all."""
        ask = self._ask("POST", paths.SEARCH, {"kind": kind}, (), body)
        return self._searches.read(what, ask, wire.Page[wire.Record], strict=True)

    def pipelines(self, kind: str) -> list[wire.Pipeline]:
        """The pipelines of a kind of record with their stages."""
        return self.get(paths.PIPELINES, wire.Pipelines, f"the pipelines of {kind}", kind=kind).results

    def search_ids(
        self, kind: str, filters: Sequence[Filter], most: int, *, newest: str = ""
    ) -> tuple[list[str], bool]:
        """Ids of records that fit all filters, and whether these are all of them; by the property `newest`, if any."""
        sorts = [{"propertyName": newest, "direction": "DESCENDING"}] if newest else []
        body: dict[str, Any] = {"filterGroups": [{"filters": list(filters)}], "sorts": sorts, "limit": SEARCH_PAGE}
        found: dict[str, None] = {}
        what, after = f"the {kind} by {filters[0]['propertyName']}", ""
        while True:
            page = self.search(kind, what, body | ({"after": after} if after else {}))
            found.update(dict.fromkeys(str(row.id) for row in page.results))
            before, after = after, str(page.paging.next.after) if page.paging and page.paging.next else ""
            if not after:
                return list(found), page.total is None or len(found) >= page.total
            if after == before or not page.results:
                raise self._broken(what, "handed out the same page again")
            if len(found) >= most:
                return list(found), False

    def links(self, kind: str, to_kind: str, ids: Sequence[str]) -> tuple[dict[str, list[str]], bool]:
        """What each of up to 1,000 records is associated with, by id, and whether that is all of it.

        A record without any such association is not in the answer.
        """
        body, what = {"inputs": [{"id": one} for one in ids]}, f"what a batch of {kind} is associated with"
        found = self.post(paths.LINKS, wire.Links, what, body, kind=kind, to_kind=to_kind).results
        linked = {str(row.origin.id): [str(one.to_object_id) for one in row.to] for row in found}
        return linked, not any(row.paging for row in found)

    def properties(self, kind: str) -> list[wire.Property]:
        """All property definitions."""
        what = f"the properties of {kind}"
        return [one for one in self.get(paths.PROPERTIES, wire.Properties, what, kind=kind).results if not one.archived]

    def details(self) -> wire.Details:
        """The account."""
        return self.get(paths.DETAILS, wire.Details, "the account")
