"""One Klaviyo account as a connector: puts the reading parts together and remembers what is asked once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from presend.audience.schema import fact
from presend.errors import Gone, PlatformError, Refused
from presend.model import Campaign, Gap, Platform, Source
from presend.ports import AccountConfig, AccountInfo, Batch, Group, Known, OptOut, Trouble
from presend_connectors.klaviyo import activity, flows, gather, inventory, normalise, optouts, orders, people
from presend_connectors.klaviyo.account import constants
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.facts import Wanted
from presend_connectors.klaviyo.groups import Groups
from presend_connectors.klaviyo.rights import rights
from presend_connectors.klaviyo.shapes import AccountRow
from presend_connectors.klaviyo.sources import SOURCES
from presend_connectors.klaviyo.writer import KlaviyoWriter

_NO_SCHEMA = Gap("Klaviyo has no schema of profile properties: the names seen on profiles stand in for it")


class KlaviyoConnector:
    """One account of Klaviyo. Its repr shows no key."""

    def __init__(self, config: AccountConfig) -> None:
        self._config = config
        self._client = Client(config)
        self._groups = Groups(self._client)
        self._writer = KlaviyoWriter(self._client, self._groups)
        self._account: AccountRow | Gap | None = None
        self._sources: tuple[Source, ...] | None = None
        self._orders: orders.Orders | None = None
        self._activity: dict[str, Mapping[str, str]] = {}

    def __repr__(self) -> str:
        return f"KlaviyoConnector({self.account})"

    @property
    def platform(self) -> Platform:
        """Klaviyo."""
        return Platform.KLAVIYO

    @property
    def account(self) -> str:
        """The account's name in settings and reports."""
        return self._config.name

    @property
    def writer(self) -> KlaviyoWriter:
        """The writing half."""
        return self._writer

    def info(self) -> AccountInfo:
        """Who this is and which scopes the key has. Raises PlatformError when the account cannot be reached."""
        found = rights(self._client)
        row = self._who()
        if isinstance(row, Gap):
            return AccountInfo(self.account, "unknown", found, {"account": row.reason}, SOURCES)
        told = row.attributes.contact_information
        name = (told and told.organization_name) or row.id
        return AccountInfo(name, row.attributes.timezone or "unknown", found, {"id": row.id}, SOURCES)

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign | Trouble]:
        """Campaigns with a scheduled e-mail; with `everything` live flows as well. Text messages are left out."""
        found = gather.scheduled(self._client)
        around = self._around(found)
        for each in found:
            if each.error:
                yield Trouble(each.error, normalise.ref_of(each, self.account))
            elif (campaign := normalise.campaign(each, around)) is not None:
                yield campaign
        if everything:
            yield from flows.live(self._client, around)

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign or flow, freshly read, whatever its state. Raises Gone when it is not there or has no e-mail."""
        try:
            found = gather.one(self._client, campaign_id)
        except Gone as error:
            return self._flow(campaign_id, error)
        campaign = normalise.campaign(found, self._around([found]))
        if campaign is None:
            raise Gone(
                f"campaign {campaign_id} ({found.name}) has no e-mail in Klaviyo",
                help="presend reads e-mails only; text and push messages are left alone.",
            )
        return campaign

    def _flow(self, flow_id: str, gone: Gone) -> Campaign:
        try:
            row = flows.find(self._client, flow_id)
        except (Gone, Refused):
            raise gone from None
        found = flows.one(self._client, row, self._around([]))
        if found is None:
            raise gone
        return found

    def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
        """All recipients with the columns and every fact known; `everybody`: with those whom presend leaves out.

        Opens, clicks and visits are known where their columns are asked for. Raises PlatformError when any page cannot
        be had.
        """
        asked = [name for name in activity.METRICS if fact(name) in columns and name not in self._config.facts]
        active = {name: self._active(name) for name in asked}
        wanted = Wanted(columns, self._config.facts, self._bought(), active)
        return people.read(self._client, self._groups, campaign, wanted, everybody=everybody)

    def groups(self) -> Iterator[Group]:
        """Every list and segment but presend's own. Raises PlatformError."""
        return inventory.groups(self._client)

    def contacts(self) -> Iterator[Batch]:
        """Every profile with all its properties. Raises PlatformError."""
        return inventory.contacts(self._client)

    def opted_out(self, known: Known) -> Iterator[Sequence[OptOut]]:  # noqa: ARG002 - all of them come with dates
        """Profiles that unsubscribed from everything or reported spam. Raises PlatformError."""
        return optouts.opted_out(self._client)

    def audience_schema(self) -> Mapping[str, str] | Gap:
        """Klaviyo has none."""
        return _NO_SCHEMA

    def close(self) -> None:
        """Give connections back."""
        self._client.close()

    # ---- asked once

    def _around(self, found: list[gather.Found]) -> normalise.Around:
        definitions = [row.attributes.definition for each in found for row in each.audiences.values()]
        keys = [key for one in definitions for key in (*(one.included or []), *(one.excluded or []))]
        row = self._who()
        return normalise.Around(
            account=self.account,
            zone=None if isinstance(row, Gap) else row.attributes.timezone,
            constants={} if isinstance(row, Gap) else constants(row),
            groups=self._groups.every(keys),
            sources=self._fresh(),
        )

    def _who(self) -> AccountRow | Gap:
        """The account, or why it does not say who it is: at one question a second, it is asked once."""
        if self._account is None:
            try:
                pages = self._client.pages("/api/accounts", AccountRow, "the account")
                rows = [row for page in pages for row in page.data]
                self._account = rows[0] if rows else Gap("Klaviyo named no account for this key")
            except Refused as error:
                if error.status == 401:
                    raise
                self._account = Gap(gather.sentence(error))
            except PlatformError as error:
                self._account = Gap(gather.sentence(error))
        return self._account

    def _fresh(self) -> tuple[Source, ...]:
        if self._sources is None:
            self._sources = orders.sources(self._client)
        return self._sources

    def _bought(self) -> orders.Orders:
        if self._orders is None:
            self._orders = orders.pull(self._client)
        return self._orders

    def _active(self, name: str) -> Mapping[str, str]:
        if name not in self._activity:
            self._activity[name] = activity.pull(self._client, name)
        return self._activity[name]
