"""Mailchimp's calls, through its SDK: every request on one hardened line, every answer decoded strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from mailchimp_marketing.api.batches_api import BatchesApi
from mailchimp_marketing.api.campaigns_api import CampaignsApi
from mailchimp_marketing.api.ecommerce_api import EcommerceApi
from mailchimp_marketing.api.lists_api import ListsApi
from mailchimp_marketing.api.root_api import RootApi

from presend.errors import BadAnswer, Refused, Unconfirmed
from presend.ports import AccountConfig
from presend.retry import Budget, Deadline
from presend_connectors.mailchimp import wire, wire_shops
from presend_connectors.mailchimp.answers import data_centre, explain, overloaded
from presend_connectors.mailchimp.paging import Page, pages
from presend_connectors.mailchimp.rawapi import RawApi
from presend_connectors.transport import Answer, Line, Words

T = TypeVar("T")
R = TypeVar("R")

COUNT = 1000
"""Rows a page: the most Mailchimp gives."""
CAMPAIGNS = 200
"""Campaigns a page: they are big, and few."""
BATCH = 500
"""People a call when a tag's members are changed."""
OPERATIONS = 1000
"""Operations a batch: the most Mailchimp takes."""

_STATUSES = {"include_cleaned": True, "include_transactional": True, "include_unsubscribed": True}
_WHO = ["id", "email_address", "status"]
_TIMES = ["timestamp_signup", "timestamp_opt", "last_changed"]
_MEMBER = [*_WHO, *_TIMES, "merge_fields", "interests", "language", "location"]


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
        self._batches = BatchesApi(api)

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

    def lists(self) -> list[wire.ListRow]:
        """All lists (audiences) of the account."""

        def ask(offset: int) -> Answer:
            fields = ["total_items", "lists.id", "lists.name", "lists.stats.member_count"]
            answer: Answer = self._lists.get_all_lists(count=COUNT, offset=offset, fields=fields)
            return answer

        return [row for page in self._all("the lists of the account", ask, wire.ListPage, _id) for row in page]

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

    def answers(self, list_id: str, status: str) -> Iterator[list[wire.Contact]]:
        """Ids, addresses and dates of a list's contacts of one status."""
        return self._members(list_id, None, wire.ContactPage, [*_WHO, "timestamp_opt", "last_changed"], status=status)

    def _members(
        self, list_id: str, segment_id: int | None, shape: type[Page[R]], names: Sequence[str], **only: str
    ) -> Iterator[list[R]]:
        fields = ["total_items", *(f"members.{name}" for name in names)]

        def ask(offset: int) -> Answer:
            if segment_id is None:
                order = {"sort_field": "timestamp_opt", "sort_dir": "ASC", **only}
                of_list: Answer = self._lists.get_list_members_info(
                    list_id, count=COUNT, offset=offset, fields=fields, **order
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

    def newest_changes(self, list_id: str, count: int) -> wire.ContactPage:
        """The contacts that changed last, the newest first."""
        fields = ["total_items", "members.id", "members.last_changed"]
        return self._get(
            f"the newest changes in the list {list_id}",
            lambda: self._lists.get_list_members_info(
                list_id, count=count, fields=fields, sort_field="last_changed", sort_dir="DESC"
            ),
            wire.ContactPage,
        )

    # -- shops

    def stores(self) -> list[wire_shops.Store]:
        """The stores connected to the account."""

        def ask(offset: int) -> Answer:
            fields = ["total_items", "stores.id", "stores.list_id", "stores.name"]
            answer: Answer = self._shops.stores(count=COUNT, offset=offset, fields=fields)
            return answer

        found = self._all("the list of stores", ask, wire_shops.StorePage, lambda row: row.id)
        return [row for page in found for row in page]

    def orders(self, store_id: str, most: int) -> Iterator[list[wire_shops.Order]]:
        """All orders of a store. Raises BadAnswer when there are more than `most`: there is no filter by date."""
        names = ("id", "customer.id", "customer.email_address", "processed_at_foreign", "cancelled_at_foreign")
        fields = ["total_items", *(f"orders.{name}" for name in (*names, "financial_status", "lines.product_title"))]
        what = f"the orders of the store {store_id}"

        def fetch(offset: int) -> wire_shops.OrderPage:
            page = self._get(
                what,
                lambda: self._shops.get_store_orders(store_id, count=COUNT, offset=offset, fields=fields),
                wire_shops.OrderPage,
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

    def aim(self, row: wire.Campaign, options: Mapping[str, Any] | None) -> None:
        """Another part of the same list for a campaign; None: all of it. Nothing else is changed."""
        to: dict[str, Any] = {"list_id": row.recipients.list_id}
        # Mailchimp wants these three with every change.
        same = {name: getattr(row.settings, name) for name in ("subject_line", "from_name", "reply_to")}
        body = {"settings": same, "recipients": to if options is None else to | {"segment_opts": options}}
        what = f"change the audience of the campaign {row.id}"
        self.line.write(what, lambda: self._campaigns.update(row.id, body))

    def find_tag(self, list_id: str, name: str) -> int | None:
        """The id of the tag of exactly that name. Raises like any read."""

        def ask() -> Answer:
            answer: Answer = self._lists.tag_search(list_id, name=name)
            return answer

        found = self._get(f"the tags of the list {list_id}", ask, wire.TagSearch)
        return next((tag.id for tag in found.tags if tag.name == name), None)

    def tags(self, list_id: str) -> dict[str, int]:
        """All tags of a list by name: slower than a search, and whole."""
        return {tag.name: tag.id for tag in self.segments(list_id, "static")}

    def segments(self, list_id: str, kind: str) -> list[wire.Segment]:
        """All segments of a list of one kind, `saved` or `static` (tags), without their conditions."""
        what = f"the {'tags' if kind == 'static' else 'segments'} of the list {list_id}"
        return self._segments(what, list_id, (), type=kind)

    def whole_segments(self, list_id: str) -> list[wire.Segment]:
        """All segments and tags of a list with their sizes and conditions."""
        return self._segments(f"the segments and tags of the list {list_id}", list_id, ("member_count", "options"))

    def _segments(self, what: str, list_id: str, more: Sequence[str], **kind: str) -> list[wire.Segment]:
        def ask(offset: int) -> Answer:
            names = ("id", "name", "type", "created_at", "updated_at", *more)
            fields = ["total_items", *(f"segments.{name}" for name in names)]
            answer: Answer = self._lists.list_segments(list_id, count=COUNT, offset=offset, fields=fields, **kind)
            return answer

        return [row for page in self._all(what, ask, wire.SegmentPage, _id) for row in page]

    def keep_segment(self, list_id: str, name: str, options: Mapping[str, Any]) -> None:
        """A new saved segment of these conditions."""
        body = {"name": name, "options": options}
        self.line.write(f"make the segment {name}", lambda: self._lists.create_segment(list_id, body))

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

    def put_tag(self, list_id: str, member_id: str, name: str, *, on: bool) -> None:
        """Put a tag on one contact or take it off, without starting what waits for the tag. May be repeated safely.

        Raises Unconfirmed also for an answer that is not the promised one.
        """
        answer = self.line.write(
            f"{'put' if on else 'take'} the tag {name} {'on' if on else 'off'} a member of the list {list_id}",
            lambda: self._lists.update_list_member_tags(list_id, member_id, _tagged(name, on=on)),
            repeatable=True,
        )
        if answer.status != 204:
            raise Unconfirmed(f"Mailchimp answered {answer.status} to the change of a tag, where 204 was promised")

    def start_batch(self, list_id: str, member_ids: Sequence[str], name: str, *, on: bool) -> str:
        """The same for at most `OPERATIONS` contacts in one request: the batch's id. Raises Unconfirmed without one."""
        body = msgspec.json.encode(_tagged(name, on=on)).decode()
        operations = [
            {
                "method": "POST",
                "path": f"/lists/{quote(list_id, safe='')}/members/{quote(one, safe='')}/tags",
                "operation_id": str(place),
                "body": body,
            }
            for place, one in enumerate(member_ids)
        ]
        what = f"change the tag {name} of {len(operations)} members of the list {list_id}"
        answer = self.line.write(what, lambda: self._batches.start({"operations": operations}))
        try:
            return msgspec.json.decode(answer.body, type=wire.BatchJob).id
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise Unconfirmed(f"Mailchimp's answer to a batch could not be read ({len(answer.body)} bytes)") from error

    def batch(self, batch_id: str) -> wire.BatchJob:
        """How far a batch is."""
        fields = ["id", "status", "total_operations", "finished_operations", "errored_operations"]
        return self._get(f"the batch {batch_id}", lambda: self._batches.status(batch_id, fields=fields), wire.BatchJob)

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


def _tagged(name: str, *, on: bool) -> dict[str, Any]:
    """The change of one tag; `is_syncing` keeps automations and journeys that wait for it from starting."""
    return {"tags": [{"name": name, "status": "active" if on else "inactive"}], "is_syncing": True}


def _id(row: Any) -> object:
    return row.id


def _campaign_key(row: msgspec.Raw) -> object:
    try:
        return msgspec.json.decode(row, type=wire.OddCampaign).id
    except (msgspec.DecodeError, msgspec.ValidationError):
        return bytes(row)
