"""One HubSpot account as presend's `Connector`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from presend.audience.schema import fact
from presend.errors import PlatformError, Refused
from presend.model import Able, Campaign, Gap, Kind, Platform
from presend.ports import AccountConfig, AccountInfo, Batch, Group, Known, OptOut, Right, Trouble
from presend_connectors.hubspot import inventory, optouts, purchases, tickets
from presend_connectors.hubspot.client import Client
from presend_connectors.hubspot.people import Wanted, people, unreadable
from presend_connectors.hubspot.reader import Reader, sentence
from presend_connectors.hubspot.sources import SOURCES
from presend_connectors.hubspot.writer import HubspotWriter

PRODUCTS = frozenset({fact("last_product"), fact("products")})
_INEXACT = "but not exactly: the policy needs hold_irreversible = true"
_LEAVING = "needs what hold and release need, and the scope crm.lists.write"


class HubspotConnector:
    """Reads and writes one account."""

    platform = Platform.HUBSPOT

    def __init__(self, config: AccountConfig) -> None:
        self.account = config.name
        self._facts = dict(config.facts)
        self._client = Client(config)
        self._reader = Reader(self._client, config)
        self._cases: tickets.Cases | None = None
        self._bought: Mapping[str, Sequence[str]] | None = None
        self._writer = HubspotWriter(self._client, self._reader, enterprise=config.hubspot_enterprise)

    def __repr__(self) -> str:
        return f"HubspotConnector({self.account})"

    @property
    def writer(self) -> HubspotWriter:
        """The writing half."""
        return self._writer

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def info(self) -> AccountInfo:
        """Who this is and what the token may read. Raises PlatformError when the account cannot be reached."""
        details = self._client.details()
        hold = self._writer.may_publish
        lines = (
            _right("read marketing emails", lambda: next(self._client.emails(), None)),
            _right("read contacts", lambda: self._client.some("contacts")),
            _right("read contact properties", lambda: self._client.properties("contacts")),
            _right("read lists", lambda: self._client.lists(["1"])),
            _right("read deals (orders)", lambda: self._client.newest("deals", "hs_lastmodifieddate")),
            _right("read line items (what was bought)", lambda: self._client.some("line_items")),
            _right("read tickets (open support cases)", lambda: self._client.some("tickets")),
            Right("hold and release", hold[0], hold[1] if hold[0] is Able.NO else f"{hold[1]}; {_INEXACT}"),
            Right("leave people out", Able.NO if hold[0] is Able.NO else Able.UNKNOWN, f"{_LEAVING}; {hold[1]}"),
            Right("tag people", Able.UNKNOWN, "needs the scope crm.lists.write; HubSpot tells only when it is tried"),
            Right("comment", Able.UNKNOWN, "on the HubSpot campaign of an email, with marketing.campaigns.write"),
        )
        more = {"portal_id": str(details.portal_id), "account_type": details.account_type}
        return AccountInfo(f"HubSpot {details.portal_id}", details.time_zone or "UTC", lines, more, SOURCES)

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign | Trouble]:
        """Scheduled marketing emails; `everything` adds automated ones that are live."""
        yield from self._reader.campaigns(everything=everything)

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign, freshly read; B of a test leads to its A."""
        return self._reader.campaign(campaign_id)

    def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
        """Members of the email's lists and its single contacts, then the excluded. Raises PlatformError.

        `everybody`: as if presend left nobody out. That it did makes nobody look fresh: `lastmodifieddate` is when a
        property of the contact changed, and being in a static list is none.
        """
        _emails, targets = self._reader.known(campaign)
        if everybody:
            targets = replace(targets, exclude=targets.others)
        if campaign.ref.kind is Kind.AUTOMATION and not (targets.include or targets.include_ids):
            raise unreadable(campaign.ref.name)
        lists = self._reader.lists([*targets.include, *targets.exclude])
        labels = {field.tag: field.label for field in self._reader.account.vocabulary.fields}
        support = fact("support") in columns and "support" not in self._facts
        wanted = Wanted(
            columns,
            {meaning: _property(name, labels) for meaning, name in self._facts.items()},
            labels,
            {one: found.name for one, found in lists.items()},
            self._open_cases() if support else None,
            self._purchases() if PRODUCTS & columns else {},
        )
        yield from people(self._client, targets, wanted)

    def _purchases(self) -> Mapping[str, Sequence[str]]:
        if self._bought is None:
            self._bought = purchases.pull(self._client, self._client.clock.now())
        return self._bought

    def _open_cases(self) -> tickets.Cases:
        if self._cases is None:
            self._cases = tickets.pull(self._client)
        return self._cases

    def groups(self) -> Iterator[Group]:
        """Every list of contacts but presend's own. Raises PlatformError."""
        return inventory.groups(self._client)

    def contacts(self) -> Iterator[Batch]:
        """Every contact with the properties of the account's vocabulary. Raises PlatformError."""
        return inventory.contacts(self._client, [field.tag for field in self._reader.account.vocabulary.fields])

    def opted_out(self, known: Known) -> Iterator[Sequence[OptOut]]:
        """Contacts that opted out of all email. Raises PlatformError."""
        return optouts.opted_out(self._client, known)

    def audience_schema(self) -> Mapping[str, str] | Gap:
        """Contact properties with HubSpot's type words."""
        try:
            return {field.tag: field.type for field in self._reader.account.vocabulary.fields}
        except Refused as error:
            return Gap(sentence(error))


def _property(name: str, labels: Mapping[str, str]) -> str:
    """The property that a user means by its name, or by the label that HubSpot shows for it."""
    if name in labels:
        return name
    return next((tag for tag, label in labels.items() if label.casefold() == name.casefold()), name)


def _right(name: str, probe: Callable[[], object]) -> Right:
    """What a small read says about a right."""
    try:
        probe()
    except PlatformError as error:
        return Right(name, Able.NO if isinstance(error, Refused) else Able.UNKNOWN, sentence(error))
    return Right(name, Able.YES, "tried just now")
