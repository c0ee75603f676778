"""The only file that sees Mailchimp's SDK: every request through one hardened line, every answer decoded strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import urllib3
from mailchimp_marketing.api.campaigns_api import CampaignsApi
from mailchimp_marketing.api.ecommerce_api import EcommerceApi
from mailchimp_marketing.api.lists_api import ListsApi
from mailchimp_marketing.api.root_api import RootApi
from mailchimp_marketing.api_client import ApiClient

from presend.errors import BadAnswer, Gone, Refused
from presend.ports import AccountConfig
from presend.retry import Budget, Deadline
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.answers import data_centre, explain, overloaded
from presend_connectors.mailchimp.paging import Page, pages
from presend_connectors.transport import Answer, Line, Pool, Words

T = TypeVar("T")
R = TypeVar("R")

COUNT = 1000
"""Rows a page: the most Mailchimp gives."""
CAMPAIGNS = 200
"""Campaigns a page: they are big, and few."""
BATCH = 500
"""People a call when tagging."""

_STATUSES = {"include_cleaned": True, "include_transactional": True, "include_unsubscribed": True}
_WHO = ["id", "email_address", "status"]
_TIMES = ["timestamp_signup", "timestamp_opt", "last_changed"]
_MEMBER = [*_WHO, *_TIMES, "merge_fields", "interests", "language", "location"]


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


class Client:
    """Mailchimp's calls that presend makes, one method each."""

    def __init__(self, config: AccountConfig) -> None:
        centre = data_centre(config.key)
        if centre is None and config.base_url is None:
            raise Refused(
                f"the key of the account {config.name} does not end in a data centre such as -us21",
                help="Copy the whole key from Mailchimp: Account, Extras, API keys.",
            )
        self.centre = centre
        origin = (config.base_url or f"https://{centre}.api.mailchimp.com").rstrip("/").removesuffix("/3.0")
        self.clock = config.clock
        self.deadline = Deadline(config.deadline_seconds, config.clock)
        # Mailchimp allows ten connections a user, other programs of the user included; it names no rate.
        budget = Budget(6, 20.0 if config.base_url is None else 2000.0, config.clock)
        help_ = f"Check the key of the account {config.name} and its user's role in Mailchimp."
        self.line = Line(
            Words("Mailchimp", config.name, help_), self.deadline, budget, overloaded=overloaded, explain=explain
        )
        api = RawApi(self.line.pool, f"{origin}/3.0", config.key)
        self._root, self._campaigns = RootApi(api), CampaignsApi(api)
        self._lists, self._shops = ListsApi(api), EcommerceApi(api)

    def __repr__(self) -> str:
        return f"Client({self.line!r})"

    def close(self) -> None:
        """Give the connections back."""
        self.line.pool.clear()

    def _get(self, what: str, ask: Callable[[], Answer], shape: type[T]) -> T:
        return self.line.read(what, ask, shape, strict=True)

    def _all(
        self, what: str, ask: Callable[[int], Answer], shape: type[Page[R]], key: Callable[[R], object]
    ) -> Iterator[list[R]]:
        return pages(what, lambda offset: self._get(what, lambda: ask(offset), shape), key)

    # -- the account and its campaigns

    def root(self) -> wire.Root:
        """Whose key this is."""
        return self._get("the account", self._root.get_root, wire.Root)

    def campaigns(self, **filters: str) -> Iterator[list[msgspec.Raw]]:
        """The campaigns of a status and type, each undecoded."""

        def ask(offset: int) -> Answer:
            answer: Answer = self._campaigns.list(
                count=CAMPAIGNS,
                offset=offset,
                sort_field="create_time",
                sort_dir="ASC",
                exclude_fields=["campaigns._links"],
                **filters,
            )
            return answer

        return self._all("the list of campaigns", ask, wire.CampaignPage, _campaign_key)

    def campaign(self, campaign_id: str) -> msgspec.Raw:
        """One campaign, undecoded."""
        return self._get(f"the campaign {campaign_id}", lambda: self._campaigns.get(campaign_id), msgspec.Raw)

    def content(self, campaign_id: str) -> wire.Content:
        """Its bodies."""
        fields = ["html", "plain_text", "variate_contents"]
        what = f"the content of the campaign {campaign_id}"
        return self._get(what, lambda: self._campaigns.get_content(campaign_id, fields=fields), wire.Content)

    def checklist(self, campaign_id: str) -> wire.Checklist:
        """Mailchimp's own check of it."""
        what = f"the checklist of the campaign {campaign_id}"
        return self._get(what, lambda: self._campaigns.get_send_checklist(campaign_id), wire.Checklist)

    # -- lists

    def merge_fields(self, list_id: str) -> list[wire.MergeField]:
        """All merge fields of a list."""

        def ask(offset: int) -> Answer:
            answer: Answer = self._lists.get_list_merge_fields(
                list_id, count=COUNT, offset=offset, exclude_fields=["merge_fields._links"]
            )
            return answer

        found = self._all(f"the merge fields of the list {list_id}", ask, wire.MergeFieldPage, lambda row: row.merge_id)
        return [row for page in found for row in page]

    def categories(self, list_id: str) -> list[wire.Category]:
        """The group titles of a list."""

        def ask(offset: int) -> Answer:
            answer: Answer = self._lists.get_list_interest_categories(list_id, count=COUNT, offset=offset)
            return answer

        found = self._all(f"the groups of the list {list_id}", ask, wire.CategoryPage, lambda row: row.id)
        return [row for page in found for row in page]

    def interests(self, list_id: str, category_id: str) -> list[wire.Interest]:
        """The groups under a title."""

        def ask(offset: int) -> Answer:
            answer: Answer = self._lists.list_interest_category_interests(
                list_id, category_id, count=COUNT, offset=offset
            )
            return answer

        found = self._all(f"the groups of the list {list_id}", ask, wire.InterestPage, lambda row: row.id)
        return [row for page in found for row in page]

    def segment(self, list_id: str, segment_id: int) -> wire.Segment:
        """One saved segment or tag."""
        what = f"the segment {segment_id} of the list {list_id}"
        return self._get(what, lambda: self._lists.get_segment(list_id, str(segment_id)), wire.Segment)

    def members(self, list_id: str) -> Iterator[list[wire.Member]]:
        """All contacts of a list but the archived, whatever their status."""
        return self._members(list_id, None, wire.MemberPage, _MEMBER)

    def segment_members(self, list_id: str, segment_id: int) -> Iterator[list[wire.Member]]:
        """All contacts of a segment; Mailchimp lists no pending ones there."""
        return self._members(list_id, segment_id, wire.MemberPage, _MEMBER)

    def contacts(self, list_id: str, segment_id: int | None) -> Iterator[list[wire.Contact]]:
        """Ids and addresses of a list or a segment."""
        return self._members(list_id, segment_id, wire.ContactPage, _WHO)

    def _members(
        self, list_id: str, segment_id: int | None, shape: type[Page[R]], names: Sequence[str]
    ) -> Iterator[list[R]]:
        fields = ["total_items", *(f"members.{name}" for name in names)]

        def ask(offset: int) -> Answer:
            if segment_id is None:
                of_list: Answer = self._lists.get_list_members_info(
                    list_id, count=COUNT, offset=offset, fields=fields, sort_field="timestamp_opt", sort_dir="ASC"
                )
                return of_list
            of_segment: Answer = self._lists.get_segment_members_list(
                list_id, str(segment_id), count=COUNT, offset=offset, fields=fields, **_STATUSES
            )
            return of_segment

        where = f"the list {list_id}" if segment_id is None else f"the segment {segment_id} of the list {list_id}"
        return self._all(f"the members of {where}", ask, shape, _id)

    def contact(self, list_id: str, member_id: str) -> wire.Contact:
        """One contact's address."""
        return self._get(
            f"a member of the list {list_id}",
            lambda: self._lists.get_list_member(list_id, member_id, fields=_WHO),
            wire.Contact,
        )

    def newest_change(self, list_id: str) -> wire.ContactPage:
        """The contact that changed last."""
        fields = ["total_items", "members.id", "members.last_changed"]
        return self._get(
            f"the newest change in the list {list_id}",
            lambda: self._lists.get_list_members_info(
                list_id, count=1, fields=fields, sort_field="last_changed", sort_dir="DESC"
            ),
            wire.ContactPage,
        )

    # -- shops

    def stores(self) -> list[wire.Store]:
        """The stores connected to the account."""

        def ask(offset: int) -> Answer:
            fields = ["total_items", "stores.id", "stores.list_id", "stores.name"]
            answer: Answer = self._shops.stores(count=COUNT, offset=offset, fields=fields)
            return answer

        found = self._all("the list of stores", ask, wire.StorePage, lambda row: row.id)
        return [row for page in found for row in page]

    def orders(self, store_id: str, most: int) -> Iterator[list[wire.Order]]:
        """All orders of a store. Raises BadAnswer when there are more than `most`: there is no filter by date."""
        names = ("id", "customer.id", "customer.email_address", "processed_at_foreign", "cancelled_at_foreign")
        fields = ["total_items", *(f"orders.{name}" for name in (*names, "financial_status", "lines.product_title"))]
        what = f"the orders of the store {store_id}"

        def fetch(offset: int) -> wire.OrderPage:
            page = self._get(
                what,
                lambda: self._shops.get_store_orders(store_id, count=COUNT, offset=offset, fields=fields),
                wire.OrderPage,
            )
            if page.total_items > most:
                raise BadAnswer(f"the store {store_id} has {page.total_items} orders, more than presend reads ({most})")
            return page

        return pages(what, fetch, _id)

    # -- writes; each answers what came back, and the writer looks for itself

    def act(self, campaign_id: str, action: str, body: Mapping[str, Any] | None = None) -> None:
        """One of `unschedule`, `schedule`, `pause`, `resume`."""
        given = () if body is None else (body,)
        self.line.write(
            f"{action} the campaign {campaign_id}", lambda: getattr(self._campaigns, action)(campaign_id, *given)
        )

    def find_tag(self, list_id: str, name: str) -> int | None:
        """The id of the tag of exactly that name. Raises like any read."""

        def ask() -> Answer:
            answer: Answer = self._lists.tag_search(list_id, name=name)
            return answer

        found = self._get(f"the tags of the list {list_id}", ask, wire.TagSearch)
        return next((tag.id for tag in found.tags if tag.name == name), None)

    def tags(self, list_id: str) -> dict[str, int]:
        """All tags of a list by name: slower than a search, and whole."""

        def ask(offset: int) -> Answer:
            fields = ["total_items", "segments.id", "segments.name", "segments.type"]
            answer: Answer = self._lists.list_segments(
                list_id, type="static", count=COUNT, offset=offset, fields=fields
            )
            return answer

        found = self._all(f"the tags of the list {list_id}", ask, wire.SegmentPage, _id)
        return {tag.name: tag.id for page in found for tag in page}

    def create_tag(self, list_id: str, name: str) -> None:
        """A tag without members."""
        body = {"name": name, "static_segment": []}
        self.line.write(f"make the tag {name}", lambda: self._lists.create_segment(list_id, body))

    def change_tag(self, list_id: str, segment_id: int, change: Mapping[str, Sequence[str]]) -> wire.BatchResult | None:
        """Add or remove at most 500 addresses; None when the answer was not readable. May be repeated safely."""
        answer = self.line.write(
            f"change the tag {segment_id} of the list {list_id}",
            # The one call of the SDK that wants the body first.
            lambda: self._lists.batch_segment_members(dict(change), list_id, str(segment_id)),
            repeatable=True,
        )
        try:
            return msgspec.json.decode(answer.body, type=wire.BatchResult)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
            return None

    def notes(self, campaign_id: str) -> list[wire.Note]:
        """The comments on a campaign."""
        what = f"the comments on the campaign {campaign_id}"
        return self._get(what, lambda: self._campaigns.get_feedback(campaign_id), wire.Notes).feedback

    def add_note(self, campaign_id: str, message: str) -> None:
        """A new comment."""
        what = f"comment on the campaign {campaign_id}"
        self.line.write(what, lambda: self._campaigns.add_feedback(campaign_id, {"message": message}))

    def change_note(self, campaign_id: str, note_id: int, message: str, *, complete: bool) -> None:
        """Another text for a comment, open or complete."""
        body = {"message": message, "is_complete": complete}
        self.line.write(
            f"change a comment on the campaign {campaign_id}",
            lambda: self._campaigns.update_feedback_message(campaign_id, str(note_id), body),
            repeatable=True,
        )


def _id(row: Any) -> object:
    return row.id


def _campaign_key(row: msgspec.Raw) -> object:
    try:
        return msgspec.json.decode(row, type=wire.OddCampaign).id
    except (msgspec.DecodeError, msgspec.ValidationError):
        return bytes(row)
