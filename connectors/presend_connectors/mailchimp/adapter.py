"""One Mailchimp account as presend's `Connector`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from presend.model import Able, Campaign, Gap, Platform
from presend.ports import AccountConfig, AccountInfo, Batch, Group, Known, OptOut, Right, Role, Trouble
from presend_connectors.mailchimp import inventory, optouts
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.facts import columns_of, suppressed
from presend_connectors.mailchimp.listing import Bought, Listing
from presend_connectors.mailchimp.reader import Reader
from presend_connectors.mailchimp.rights import Rights
from presend_connectors.mailchimp.segments import members
from presend_connectors.mailchimp.sources import SOURCES
from presend_connectors.mailchimp.writer import MailchimpWriter


class MailchimpConnector:
    """Reads and writes one account."""

    platform = Platform.MAILCHIMP

    def __init__(self, config: AccountConfig) -> None:
        self.account = config.name
        self._facts = config.facts
        self._client = Client(config)
        self._reader = Reader(self._client, config.name)
        self._writer = MailchimpWriter(self._client, self._reader)

    def __repr__(self) -> str:
        return f"MailchimpConnector({self.account})"

    @property
    def writer(self) -> MailchimpWriter:
        """The writing half."""
        return self._writer

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def info(self) -> AccountInfo:
        """Who this is and what plan and role allow. Raises PlatformError when the account cannot be reached."""
        root = self._reader.root
        rights = Rights(root)
        lines = (
            Right("read campaigns and contacts", Able.YES, "every key may"),
            Right("read automations", Able.NO, "Mailchimp's API does not show what automations and journeys say"),
            Right("hold and release", *rights.schedule),
            Right("leave people out", *rights.exclude),
            Right("tag people", *rights.contacts),
            Right("comment", *rights.comment),
        )
        details = {"account_id": root.account_id, "plan": root.pricing_plan_type, "role": root.role}
        return AccountInfo(root.account_name or self.account, root.account_timezone or "UTC", lines, details, SOURCES)

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign | Trouble]:
        """Scheduled campaigns and running RSS campaigns; `everything` adds paused ones, and says what it cannot see."""
        yield from self._reader.campaigns(everything=everything)
        if everything:
            yield Trouble(
                "Mailchimp's API does not show customer journeys, so automated e-mails were not looked at; "
                "look at them on the platform.",
                unknowable=True,
            )

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign, freshly read."""
        return self._reader.campaign(campaign_id)

    def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
        """The people of the list or segment, in pages; Mailchimp leaves people out by conditions, not by lists.

        `everybody`: as if presend left nobody out.
        """
        row, aim = self._reader.known(campaign.ref.id)
        options = aim.without.options if everybody else aim.now.options
        listing = self._reader.listing(row.recipients.list_id)
        made = columns_of(listing, sorted(columns), self._facts, self._bought(listing))
        source = row.recipients.list_name or listing.id
        for page in members(self._client, row.id, options, listing):
            yield Batch(
                role=Role.INCLUDE,
                ids=[member.id for member in page],
                columns={name: column(page) for name, column in made.items()},
                suppressed=[suppressed(member.status) for member in page],
                source=source,
            )

    def groups(self) -> Iterator[Group]:
        """Every list, saved segment and tag but presend's own. Raises PlatformError."""
        return inventory.groups(self._client)

    def contacts(self) -> Iterator[Batch]:
        """The contacts of every list with all their merge fields. Raises PlatformError."""
        return inventory.contacts(self._client)

    def _bought(self, listing: Listing) -> Mapping[str, Bought] | Gap:
        """Orders by person over all stores of a list; a Gap as soon as one store could not be read."""
        shops = [shop for shop in self._reader.shops() if shop.list_id == listing.id]
        if not shops:
            return Gap("no store is connected to this list")
        found: dict[str, Bought] = {}
        for shop in shops:
            if isinstance(shop.bought, Gap):
                return shop.bought
            for who, bought in shop.bought.items():
                found[who] = found[who].plus(bought) if who in found else bought
        return found

    def opted_out(self, known: Known) -> Iterator[Sequence[OptOut]]:
        """Contacts that unsubscribed and get no other list. Raises PlatformError."""
        return optouts.opted_out(self._client, known)

    def audience_schema(self) -> Mapping[str, str] | Gap:
        """Mailchimp has a schema for each list, none for the account; a campaign's vocabulary has its list's."""
        return Gap("Mailchimp's fields belong to a list; see the campaign's own vocabulary")
