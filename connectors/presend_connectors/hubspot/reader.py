"""Reads one account: what all emails share once, then each email that may still go out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from presend.audience.schema import as_of
from presend.errors import Gone, PlatformError, Refused
from presend.model import Campaign, Field, Gap, Kind, Source, State, Vocabulary
from presend.ports import AccountConfig, Trouble
from presend_connectors.hubspot import wire
from presend_connectors.hubspot.client import HISTORY_PAGE, Client
from presend_connectors.hubspot.content import read_content
from presend_connectors.hubspot.normalise import (
    LEGACY,
    LISTS,
    ONE_BY_ONE,
    Account,
    Targets,
    campaign_of,
    fields_of,
    is_own,
    is_variant,
    ref_of,
    state_of,
)
from presend_connectors.hubspot.people import COMPANY
from presend_connectors.hubspot.times import moment

_COMPANY_TOKEN = re.compile(r"\b(?:company|account)\s*(?:\.|\[)")
_TOKEN = re.compile(r"\bcontact\.([a-z0-9_]+)")
_MACHINES = frozenset({"INTEGRATION", "API", "SALESFORCE", "DATA_SYNC"})
"""Who wrote a property, in the words of its history, where a feed did."""
_GOING = frozenset({State.SCHEDULED, State.UNKNOWN})
_CHANGES = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}


def sentence(error: PlatformError) -> str:
    """An error with what to do about it, for people."""
    return f"{error.message}. {error.help}".strip() if error.help else f"{error.message}."


class Reader:
    """What has been read of an account in this run, so that it is read once."""

    def __init__(self, client: Client, config: AccountConfig) -> None:
        self.client = client
        self._config = config
        self._account: Account | None = None
        self._lists: dict[str, wire.ContactList | None] = {}
        self._fed: dict[tuple[str, str], bool] = {}
        self._legacy: dict[str, str | None] = {}
        self._company_fields: tuple[Field, ...] | None = None
        self.emails: dict[str, tuple[wire.Email, ...]] = {}
        """Each campaign's emails as they were read last, by campaign id."""
        self.targets: dict[str, Targets] = {}

    # -- what all emails share

    @property
    def account(self) -> Account:
        """The account with its vocabulary. Raises like any read, the first time."""
        if self._account is None:
            details = self.client.details()
            fields = fields_of(self.client.properties("contacts"), self._config.defaults)
            vocabulary = Vocabulary(
                fields=fields,
                complete=bool(fields),
                defaults=dict(self._config.defaults),
                zone=details.time_zone or "UTC",
            )
            self._account = Account(
                name=self._config.name,
                portal_id=str(details.portal_id),
                zone=details.time_zone,
                domain=details.ui_domain or "app.hubspot.com",
                vocabulary=vocabulary,
                sources=tuple(self._source(kind, by) for kind, by in _CHANGES.items()),
            )
        return self._account

    def _source(self, kind: str, by: str) -> Source:
        try:
            rows = self.client.newest(kind, by).results
        except PlatformError as error:
            return Source(kind, Gap(sentence(error)))
        newest = [
            at for row in rows if (raw := row.properties.get(by)) and (at := moment(bytes(raw).decode().strip('"')))
        ]
        return Source(kind, newest[0] if newest else Gap(f"the account has no {kind} with a date of change"))

    def lists(self, ids: Sequence[str]) -> dict[str, wire.ContactList]:
        """The lists of these ids that exist."""
        unknown = [one for one in dict.fromkeys(ids) if one not in self._lists]
        if unknown:
            found = {str(one.list_id): one for one in self.client.lists(unknown)}
            self._lists |= {one: found.get(one) for one in unknown}
        return {one: held for one in ids if (held := self._lists[one]) is not None}

    # -- one email

    def resolve(self, email: wire.Email) -> Targets:
        """Who an email is for, with the ids of old lists translated."""
        to = email.to or wire.To()
        sides: list[tuple[str, ...]] = []
        missing: list[str] = []
        for pick in ("include", "exclude"):
            today = _ids(to.contact_ils_lists, pick)
            old = {one: self._translated(one) for one in _ids(to.contact_lists, pick)}
            # Legacy ids are long dead; they matter only where nothing else says who is meant.
            missing += [f"legacy list {one}" for one, new in old.items() if new is None and not today]
            sides.append(tuple(dict.fromkeys([*today, *(new for new in old.values() if new)])))
        include, exclude = sides
        known = self.lists([*include, *exclude])
        missing += [one for one in (*include, *exclude) if one not in known]
        details = email.subscription_details
        named_by = LISTS if _ids(to.contact_ils_lists, "include") else LEGACY if include else ONE_BY_ONE
        return Targets(
            include,
            exclude,
            _ids(to.contact_ids, "include"),
            _ids(to.contact_ids, "exclude"),
            str(details.subscription_id) if details and details.subscription_id else "",
            bool(to.suppress_graymail),
            tuple(missing),
            tuple(one for one in exclude if one in known and is_own(known[one])),
            named_by,
        )

    def _translated(self, legacy_id: str) -> str | None:
        if legacy_id not in self._legacy:
            self._legacy[legacy_id] = self.client.legacy_list(legacy_id)
        return self._legacy[legacy_id]

    def _whole(self, email: wire.Email) -> Campaign:
        """The campaign of an email: of its test, if it is A or B of one."""
        gaps: list[str] = []
        emails = [email]
        if email.is_ab or is_variant(email):
            try:
                emails.append(self.client.variation(str(email.id)))
            except Gone as error:
                if is_variant(email):
                    raise
                gaps.append(f"variant B could not be read: {sentence(error)}")
            emails.sort(key=is_variant)
        first = emails[0]
        targets = self.resolve(first)
        campaign_id = str(first.id)
        self.emails[campaign_id], self.targets[campaign_id] = tuple(emails), targets
        lists = self.lists([*targets.include, *targets.exclude, *_smart_lists(emails)])
        gaps += _list_gaps(targets, lists)
        account = self._with_companies(emails)
        return campaign_of(account, emails, targets, lists, self._now(), gaps, self._feeds(emails, targets))

    def _feeds(self, emails: Sequence[wire.Email], targets: Targets) -> list[Source]:
        """Properties that an integration writes and the emails use: when it wrote last, the recipients will show."""
        known = {field.tag for field in self.account.vocabulary.fields}
        said = {name for email in emails for name in _TOKEN.findall(f"{email.subject}{email.content}")}
        wanted = sorted(said & known)
        if not wanted or not targets.include:
            return []
        list_id = targets.include[0]
        missing = [name for name in wanted if (list_id, name) not in self._fed]
        if missing:
            self._fed |= {(list_id, name): fed for name, fed in self._look_at(list_id, missing).items()}
        why = Gap("known when the recipients have been read")
        return [
            Source(f"the integration that writes {name}", why, as_of(name))
            for name in wanted
            if self._fed[list_id, name]
        ]

    def _look_at(self, list_id: str, names: Sequence[str]) -> dict[str, bool]:
        """Which properties integrations write, judged by the first members of a list."""
        try:
            ids = self.client.some_members(list_id, HISTORY_PAGE)
            rows = self.client.records("contacts", ids, (), names)[0] if ids else []
        except PlatformError:
            # The recipients cannot be read either then, and that is said when they are asked for.
            return dict.fromkeys(names, False)
        found = {}
        for name in names:
            newest = [versions[0] for row in rows if (versions := (row.properties_with_history or {}).get(name))]
            by_machine = sum(1 for version in newest if (version.source_type or "").upper() in _MACHINES)
            found[name] = bool(newest) and by_machine * 2 > len(newest)
        return found

    def _now(self) -> datetime:
        return self.client.clock.now()

    def _with_companies(self, emails: Sequence[wire.Email]) -> Account:
        """The account; with the properties of companies too where an email speaks of them."""
        account = self.account
        if not any(_COMPANY_TOKEN.search(f"{email.subject}{email.content}") for email in emails):
            return account
        if self._company_fields is None:
            try:
                properties = self.client.properties("companies")
                self._company_fields = fields_of(properties, self._config.defaults, COMPANY)
            except Refused:
                # Without the right to see them, a name of a company's property cannot be judged.
                self._company_fields = ()
        fields = (*account.vocabulary.fields, *self._company_fields)
        return replace(account, vocabulary=replace(account.vocabulary, fields=fields))

    # -- all of them

    def rows(self, *, everything: bool) -> list[wire.Row]:
        """The emails that may still go out, soonest first; with `everything` those that run by themselves too."""
        now = self._now()
        wanted = _GOING | ({State.LIVE} if everything else set())
        rows: dict[str, wire.Row] = {}
        for page in self.client.emails():
            for row in page:
                if not row.archived and state_of(row, now) in wanted:
                    rows.setdefault(str(row.id), row)
        tests = {row.testing.test_id for row in rows.values() if row.testing and not is_variant(row)}
        # B of a test goes with its A; alone, it leads to its A itself.
        kept = [row for row in rows.values() if not (is_variant(row) and row.testing and row.testing.test_id in tests)]
        return sorted(kept, key=lambda row: (row.publish_date or "", str(row.id)))

    def campaigns(self, *, everything: bool) -> Iterator[Campaign | Trouble]:
        """Every one of them, read whole; one that cannot be read is a Trouble. Raises when the account cannot be."""
        rows = self.rows(everything=everything)
        self.account  # noqa: B018 - what all of them need fails here, once, rather than in each of them
        seen: set[str] = set()
        now = self._now()
        for row in rows:
            try:
                campaign = self._whole(self.client.email(str(row.id)))
            except PlatformError as error:
                yield Trouble(sentence(error), ref_of(self._config.name, row))
                continue
            live = campaign.ref.kind is Kind.AUTOMATION
            going = state_of(self.emails[campaign.ref.id][0], now) in _GOING or live
            if going and campaign.ref.id not in seen:
                seen.add(campaign.ref.id)
                yield campaign

    def forget_lists(self) -> None:
        """Ask for lists anew."""
        self._lists.clear()

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign, freshly read, whatever its state; by the id of B too."""
        self.forget_lists()
        return self._whole(self.client.email(campaign_id))

    def known(self, campaign: Campaign) -> tuple[tuple[wire.Email, ...], Targets]:
        """A campaign's emails and targets as read before, or now."""
        if campaign.ref.id not in self.targets:
            self.campaign(campaign.ref.id)
        return self.emails[campaign.ref.id], self.targets[campaign.ref.id]


def _ids(side: wire.Side | None, pick: str) -> tuple[str, ...]:
    if side is None:
        return ()
    held = side.include if pick == "include" else side.exclude
    return tuple(dict.fromkeys(str(one) for one in held or ()))


def _smart_lists(emails: Sequence[wire.Email]) -> list[str]:
    return sorted({one for email in emails for one in read_content(email.content).lists})


def _list_gaps(targets: Targets, lists: Mapping[str, wire.ContactList]) -> Iterator[str]:
    for name in targets.missing:
        yield f"the list {name}, which the email names, does not exist in HubSpot any more"
    for one in (*targets.include, *targets.exclude):
        found = lists.get(one)
        if found is not None and found.processing_status.upper() in ("PROCESSING", "INITIALIZING"):
            yield f"HubSpot is still working out who is in the list {found.name or one}: run again later"
