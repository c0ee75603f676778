"""Reads one account: lists with their fields and shops once, campaigns a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec

from presend.errors import BadAnswer, Gone, PlatformError, Unknowable
from presend.model import OWN, Campaign, CampaignRef, Gap, Kind, Platform, Source
from presend.ports import Trouble
from presend_connectors.mailchimp import wire, wire_shops
from presend_connectors.mailchimp.client import COUNT, Client
from presend_connectors.mailchimp.listing import Groups, Listing, Marks, Shop, fields_of, tally, watermark
from presend_connectors.mailchimp.narrowing import Audience, asked_for, audience_of, origin_of
from presend_connectors.mailchimp.normalise import campaign_of, ref_of
from presend_connectors.mailchimp.times import moment

Known = Mapping[tuple[str, int], wire.Segment | Gap]
"""Segments by list and id, or why one could not be read."""

AT_ONCE = 4
"""Campaigns read side by side."""
MOST_ORDERS = 200_000
"""Orders of a store that presend reads: Mailchimp can give no part of them by date."""


def sentence(error: PlatformError) -> str:
    """An error with what to do about it, for people."""
    return f"{error.message}. {error.help}".strip() if error.help else f"{error.message}."


def known_id(raw: msgspec.Raw) -> str:
    """The id of a campaign that may be otherwise than promised, or ""."""
    try:
        return msgspec.json.decode(raw, type=wire.OddCampaign).id
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ""


def parsed(raw: msgspec.Raw) -> wire.Campaign:
    """One campaign of a page. Raises BadAnswer that names the campaign, for one that is not as promised."""
    try:
        return msgspec.json.decode(raw, type=wire.Campaign)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadAnswer(
            f"the campaign {known_id(raw) or 'without an id'} is not what Mailchimp's API promises",
            help="Open it in Mailchimp; if it looks right there, report it.",
        ) from error


class Reader:
    """What has been read of an account in this run, so that it is read once."""

    def __init__(self, client: Client, account: str) -> None:
        self.client = client
        self.account = account
        self._root: wire.Root | None = None
        self._listings: dict[str, Listing | PlatformError] = {}
        self._shops: list[Shop] | None = None
        self._stores_gap: Gap | None = None
        self.seen: dict[str, tuple[wire.Campaign, Audience]] = {}
        """Mailchimp's own record of each campaign and to whom it goes, as last read."""

    @property
    def root(self) -> wire.Root:
        """The account. Raises like any read, the first time."""
        if self._root is None:
            self._root = self.client.root()
        return self._root

    # -- lists and shops

    def listing(self, list_id: str) -> Listing:
        """A list's fields, groups and sources. Raises what reading them raised, every time."""
        if list_id not in self._listings:
            try:
                self._listings[list_id] = self._read_listing(list_id)
            except PlatformError as error:
                self._listings[list_id] = error
        found = self._listings[list_id]
        if isinstance(found, PlatformError):
            raise found
        return found

    def _read_listing(self, list_id: str) -> Listing:
        fields = fields_of(self.client.merge_fields(list_id))
        groups = tuple(
            Groups(each.id, each.title, {one.id: one.name for one in self.client.interests(list_id, each.id)})
            for each in self.client.categories(list_id)
        )
        marks = self._marks(list_id)
        return Listing(list_id, fields, groups, (self._changes(list_id, marks), *self._orders(list_id)), marks)

    def _marks(self, list_id: str) -> Marks:
        """Who carries a tag of presend's, and when those tags changed."""
        carriers: dict[str, datetime] = {}
        changed: list[datetime] = []
        try:
            for tag in self.client.segments(list_id, "static"):
                if not tag.name.startswith(OWN):
                    continue
                since = moment(tag.created_at) or datetime.min.replace(tzinfo=UTC)
                changed += [at for at in (moment(tag.updated_at),) if at]
                for page in self.client.contacts(list_id, tag.id):
                    carriers |= {one.id: min(since, carriers.get(one.id, since)) for one in page}
        except PlatformError:
            return Marks(unreadable=True)
        return Marks(carriers, tuple(changed))

    def _changes(self, list_id: str, marks: Marks) -> Source:
        def newest() -> datetime | None:
            page = self.client.newest_changes(list_id, 1 if marks == Marks() else COUNT)
            if page.total_items and not page.rows:
                raise BadAnswer(f"Mailchimp showed none of the {page.total_items} members of the list {list_id}")
            found = [(row.id, at) for row in page.rows if (at := moment(row.last_changed))]
            others = [at for who, at in found if not marks.may_explain(who, at)]
            if found and not others:
                raise Unknowable("the newest changes may all be of presend's own tags")
            return max(others, default=None)

        return watermark(f"contacts of the list {list_id}", newest, "the list has no contacts with a date of change")

    def _orders(self, list_id: str) -> list[Source]:
        shops = [shop for shop in self.shops() if shop.list_id == list_id]
        if self._stores_gap is not None:
            return [Source("orders", self._stores_gap)]
        return [Source(f"orders of {shop.name}", shop.newest) for shop in shops] or [
            Source("orders", Gap("no store is connected to this list, so there are no orders to judge by"))
        ]

    def shops(self) -> list[Shop]:
        """Every store with its orders, read once; empty also where stores may not be read (a Gap in the sources)."""
        if self._shops is None:
            try:
                self._shops = [self._shop(store) for store in self.client.stores()]
            except PlatformError as error:
                self._shops, self._stores_gap = [], Gap(sentence(error))
        return self._shops

    def _shop(self, store: wire_shops.Store) -> Shop:
        name = store.name or store.id
        try:
            bought, newest = tally(self.client.orders(store.id, MOST_ORDERS))
        except PlatformError as error:
            gap = Gap(sentence(error))
            return Shop(name, store.list_id, gap, gap)
        return Shop(name, store.list_id, bought, newest or Gap(f"the store {name} has no orders with a date"))

    # -- campaigns

    def rows_of(self, *, everything: bool) -> Iterator[wire.Campaign | Trouble]:
        """Scheduled campaigns and running RSS campaigns; with `everything` the paused ones too."""
        asked: list[dict[str, str]] = [{"status": "schedule"}, {"type": "rss", "status": "sending"}]
        if everything:
            asked.append({"status": "paused"})
        seen: set[str] = set()
        for filters in asked:
            for page in self.client.campaigns(**filters):
                for raw in page:
                    try:
                        row = parsed(raw)
                    except BadAnswer as error:
                        odd = known_id(raw)
                        ref = CampaignRef(Platform.MAILCHIMP, self.account, Kind.CAMPAIGN, odd, odd) if odd else None
                        yield Trouble(sentence(error), ref)
                        continue
                    if row.id not in seen:
                        seen.add(row.id)
                        yield row

    def campaigns(self, *, everything: bool) -> Iterator[Campaign | Trouble]:
        """Every one of them, read whole, soonest first; troubles come first."""
        zone = self.root.account_timezone
        rows: list[wire.Campaign] = []
        for each in self.rows_of(everything=everything):
            if isinstance(each, Trouble):
                yield each
            else:
                rows.append(each)
        rows.sort(key=lambda row: (row.send_time or "", row.id))
        for list_id in dict.fromkeys(row.recipients.list_id for row in rows):
            # Read here rather than by four threads at once.
            self._try_listing(list_id)
        segments = self._segments(rows)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mailchimp") as pool:
            try:
                yield from pool.map(lambda row: self._whole_or_trouble(row, zone, segments), rows)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _try_listing(self, list_id: str) -> None:
        try:
            self.listing(list_id)
        except PlatformError:
            return  # kept, and raised again for each campaign of the list

    def _segments(self, rows: Sequence[wire.Campaign]) -> Known:
        """Every segment and tag that must be known by name to say to whom these campaigns go."""
        found: dict[tuple[str, int], wire.Segment | Gap] = {}
        for row in rows:
            wanted = asked_for(row.recipients.segment_opts)
            while wanted:
                key = (row.recipients.list_id, wanted.pop())
                if key not in found:
                    found[key] = each = self._segment(*key)
                    if isinstance(each, wire.Segment) and (origin := origin_of(each.name)):
                        wanted.append(origin)
        return found

    def aim(self, row: wire.Campaign, segments: Known | None = None) -> Audience:
        """To whom a campaign goes, with presend's exclusion told apart; asks for its segments where they are not given.

        A segment that cannot be read is a gap in the answer.
        """
        known = self._segments([row]) if segments is None else segments
        mine = {key: each for (list_id, key), each in known.items() if list_id == row.recipients.list_id}
        return audience_of(row.recipients.segment_opts, mine)

    def _segment(self, list_id: str, segment_id: int) -> wire.Segment | Gap:
        try:
            return self.client.segment(list_id, segment_id)
        except Gone:
            return Gap(f"the segment {segment_id} of this campaign does not exist any more: nobody would get it")
        except PlatformError as error:
            return Gap(sentence(error))

    def _whole_or_trouble(self, row: wire.Campaign, zone: str, segments: Known) -> Campaign | Trouble:
        try:
            return self._whole(row, zone, segments)
        except PlatformError as error:
            return Trouble(sentence(error), ref_of(self.account, row))

    def _whole(self, row: wire.Campaign, zone: str, segments: Known) -> Campaign:
        listing = self.listing(row.recipients.list_id)
        content = self.client.content(row.id)
        aim = self.aim(row, segments)
        self.seen[row.id] = (row, aim)
        return campaign_of(self.account, zone, row, content, self._checklist(row.id), aim, listing, self.client.centre)

    def _checklist(self, campaign_id: str) -> wire.Checklist | Gap:
        try:
            return self.client.checklist(campaign_id)
        except PlatformError as error:
            return Gap(sentence(error))

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign, freshly read; its list's fields as they were read in this run."""
        row = parsed(self.client.campaign(campaign_id))
        return self._whole(row, self.root.account_timezone, self._segments([row]))

    def known(self, campaign_id: str) -> tuple[wire.Campaign, Audience]:
        """Mailchimp's own record of a campaign and to whom it goes, read before or now."""
        if campaign_id not in self.seen:
            row = parsed(self.client.campaign(campaign_id))
            self.seen[campaign_id] = (row, self.aim(row))
        return self.seen[campaign_id]
