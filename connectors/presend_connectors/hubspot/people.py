"""Who gets an email: members of the lists and single contacts, minus the excluded, page by page as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from presend.audience.schema import fact
from presend.errors import Gone, PlatformError, Unknowable
from presend.ports import Batch, Role
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.client import BATCH_PAGE, HISTORY_PAGE, Client
from presend_connectors.hubspot.content import IN_LIST
from presend_connectors.hubspot.facts import Column, cell, columns_of, dated_by, listed, needed, suppressed, text, value
from presend_connectors.hubspot.normalise import Targets
from presend_connectors.hubspot.tickets import Cases

AT_ONCE = 4
"""Batches read side by side."""
COMPANY = "company."
_COMPANY_ID = "associatedcompanyid"
_NOBODY = wire.Record(id="", properties={})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which columns are asked of the people of an email."""

    columns: frozenset[str]
    mapped: Mapping[str, str]
    """The user's `[facts.<account>]`."""
    labels: Mapping[str, str]
    """Labels of the account's contact properties by name."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """Names of lists by id, for error texts."""
    cases: Cases | None = None
    """Who has an open support case; None where nobody asked."""
    bought: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What people bought lately, by contact, where somebody asked."""

    @property
    def own(self) -> list[str]:
        """Properties of the contact itself that the account has."""
        return sorted(name for name in self.columns if name in self.labels)

    @property
    def company(self) -> list[str]:
        """Properties of the contact's company."""
        return sorted(name.removeprefix(COMPANY) for name in self.columns if name.startswith(COMPANY))

    @property
    def inside(self) -> list[str]:
        """Lists whose members are told apart, for smart content."""
        return sorted(name.removeprefix(IN_LIST) for name in self.columns if name.startswith(IN_LIST))


def people(client: Client, targets: Targets, wanted: Wanted) -> Iterator[Batch]:
    """All recipients, INCLUDE pages first. Raises PlatformError when any list or page cannot be had."""
    if targets.missing:
        raise Gone(
            f"the email names lists that HubSpot does not have any more: {', '.join(targets.missing)}",
            help="Open the email's recipients in HubSpot and choose its lists again.",
        )
    out = {one for list_id in targets.exclude for page in _members(client, list_id, wanted) for one in page}
    out |= set(targets.exclude_ids)
    reader = _Reader(client, targets, wanted)
    seen: set[str] = set()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hubspot") as pool:
        for source, ids in _included(client, targets, wanted):
            fresh = [one for one in dict.fromkeys(ids) if one not in seen]
            seen.update(fresh)
            left_out = [one for one in fresh if one in out]
            if left_out:
                # Counted as excluded; nobody needs to know more of them.
                yield Batch(Role.INCLUDE, left_out, source=source)
            yield from reader.batches(pool, [one for one in fresh if one not in out], source)
    if out:
        yield Batch(Role.EXCLUDE, sorted(out), source="the excluded")


def _included(client: Client, targets: Targets, wanted: Wanted) -> Iterator[tuple[str, Sequence[str]]]:
    for list_id in targets.include:
        for page in _members(client, list_id, wanted):
            yield wanted.lists.get(list_id, list_id), page
    if targets.include_ids:
        yield "contacts chosen one by one", targets.include_ids


def _members(client: Client, list_id: str, wanted: Wanted) -> Iterator[list[str]]:
    try:
        yield from client.members(list_id)
    except Gone as error:
        name = wanted.lists.get(list_id, "")
        raise Gone(
            f"the list {list_id}{f' ({name})' if name else ''} is not there any more",
            help="Open the email's recipients in HubSpot and choose its lists again.",
            status=error.status,
        ) from error


class _Reader:
    """Reads contacts in batches and makes their columns."""

    def __init__(self, client: Client, targets: Targets, wanted: Wanted) -> None:
        self._client = client
        self._targets = targets
        self._wanted = wanted
        own = wanted.own
        dated = [found for name in own if (found := dated_by(wanted.labels, name))]
        asked = [*own, *dated, *([_COMPANY_ID] if wanted.company else [])]
        self._properties = needed(asked, wanted.mapped, targets.subscription)
        self._history = own
        self._made: dict[str, Column] = columns_of(
            own, wanted.mapped, wanted.labels, targets.subscription, graymail=targets.graymail
        )
        self._inside = {one: self._ids_in(one) for one in wanted.inside}
        self._companies: dict[str, wire.Record] = {}

    def _ids_in(self, list_id: str) -> frozenset[str] | None:
        """Who is in a list that smart content asks for; None where that cannot be read: then nobody can tell."""
        try:
            return frozenset(one for page in self._client.members(list_id) for one in page)
        except PlatformError:
            return None

    def batches(self, pool: ThreadPoolExecutor, ids: Sequence[str], source: str) -> Iterator[Batch]:
        """Contacts by id, as many at once as HubSpot gives, a few calls side by side, in order."""
        size = HISTORY_PAGE if self._history else BATCH_PAGE
        chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
        for records, gone in pool.map(self._read, chunks):
            yield from self._batch(records, gone, source)

    def _read(self, ids: Sequence[str]) -> tuple[list[wire.Record], set[str]]:
        return self._client.records("contacts", ids, self._properties, self._history)

    def _batch(self, records: Sequence[wire.Record], gone: set[str], source: str) -> Iterator[Batch]:
        columns = {name: make(records) for name, make in self._made.items()}
        for list_id, members in self._inside.items():
            columns[f"{IN_LIST}{list_id}"] = [_flag(str(one.id), members) for one in records]
        columns |= self._company_columns(records)
        if self._wanted.cases is not None:
            columns[fact("support")] = [_text(self._wanted.cases.of(str(one.id))) for one in records]
        columns |= _products(self._wanted, [str(one.id) for one in records])
        subscription, graymail = self._targets.subscription, self._targets.graymail
        yield Batch(
            Role.INCLUDE,
            [str(one.id) for one in records],
            columns,
            [suppressed(one, subscription, graymail=graymail) for one in records],
            source=source,
        )
        if gone:
            why = "the contact does not exist in HubSpot any more"
            yield Batch(Role.INCLUDE, sorted(gone), suppressed=[why] * len(gone), source=source)

    def _company_columns(self, records: Sequence[wire.Record]) -> dict[str, list[str | None]]:
        """Columns of the companies that the contacts belong to first of all."""
        names = self._wanted.company
        if not names:
            return {}
        ids = [value(record, _COMPANY_ID) for record in records]
        self._fetch({one for one in ids if one and one not in self._companies}, names)
        held = [self._companies.get(one, _NOBODY) for one in ids]
        return {f"{COMPANY}{name}": [cell(company, name) for company in held] for name in names}

    def _fetch(self, ids: Iterable[str], names: Sequence[str]) -> None:
        wanted = sorted(ids)
        for start in range(0, len(wanted), BATCH_PAGE):
            found, _gone = self._client.records("companies", wanted[start : start + BATCH_PAGE], names)
            self._companies |= {str(one.id): one for one in found}


def _products(wanted: Wanted, ids: Sequence[str]) -> dict[str, list[str | None]]:
    """The facts about what was bought, but for those that the user maps."""
    if not wanted.bought:
        return {}
    held = [wanted.bought.get(one, ()) for one in ids]
    made = {
        "last_product": [text(names[0]) if names else None for names in held],
        "products": [listed(names) if names else None for names in held],
    }
    return {fact(name): cells for name, cells in made.items() if name not in wanted.mapped}


def _text(words: str | None) -> str | None:
    return None if words is None else text(words)


def _flag(contact: str, members: frozenset[str] | None) -> str | None:
    return None if members is None else "true" if contact in members else "false"


def unreadable(campaign: str) -> Unknowable:
    """The error for an automated email: people come to it by a workflow."""
    return Unknowable(
        f"the email {campaign} is sent by a workflow, and HubSpot lists nobody whom it will reach",
        help="Its text was read; look at the workflow's enrolment for who gets it.",
    )
