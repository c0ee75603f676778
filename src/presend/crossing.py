"""Runs the checks that look across campaigns and accounts, once a run has read all of them and holds their people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import duckdb

from presend.audience.duck import DuckAudience
from presend.audience.meeting import Meeting
from presend.check import CROSSING, LAST, Need, Rule
from presend.engine import AccountFailure, CampaignResult, Request, Unchecked, conclude
from presend.errors import PlatformError, Unknowable
from presend.mail import Beside, Crossed, Denied, Opened
from presend.model import Kind, Platform, UncheckedKind
from presend.ports import Answer, Known, OptOut
from presend.rules import RuleSet, Verdict, judge

Result = CampaignResult | AccountFailure
Asked = Callable[[Known], Iterator[Sequence[OptOut]]]
"""`Connector.opted_out` of an account."""


@dataclass(frozen=True, slots=True)
class Account:
    """A configured account, and whether a run may ask it who has opted out."""

    name: str
    platform: Platform
    ask: Asked | None
    """None: it is not asked, and `why` says so."""
    why: str = ""
    read: bool = True
    """Whether what is due in it was looked for."""


@dataclass(frozen=True, slots=True)
class _Unheard:
    """Why nobody knows who opted out in an account."""

    kind: UncheckedKind
    why: str


def crosses(rules: RuleSet) -> bool:
    """Whether any of the rules looks across campaigns or accounts."""
    return any(rule.needs & CROSSING for rule in rules.rules)


def asks_everywhere(rules: RuleSet) -> bool:
    """Whether accounts are asked who has opted out that were not selected for the run."""
    options = (
        {**rule.options, **rules.options.get(rule.code, {})} for rule in rules.rules if Need.OPTOUTS in rule.needs
    )
    return any(bool(one.get("ask_unselected")) for one in options)


def cross(results: Sequence[Result], accounts: Sequence[Account], request: Request) -> list[Result]:
    """The results with what is found across them; audiences must be open. Raises nothing but bugs.

    `accounts` are all that are configured. With one of them and one campaign nothing is asked and nothing said.
    """
    rules, _others = request.rules.split(lambda rule: bool(rule.needs & CROSSING))
    found = [one for one in results if isinstance(one, CampaignResult)]
    if not rules.rules or not found or (len(found) < 2 and len(accounts) < 2):
        return list(results)
    audiences = [one for result in found for one in _audiences(result)]
    try:
        meeting = Meeting(audiences, memory_limit=request.memory_limit)
    except duckdb.Error as error:
        why = (
            f"the recipients of all campaigns could not be compared ({type(error).__name__}): raise "
            "PRESEND_MEMORY_LIMIT, or make room on the disk that holds temporary files"
        )
        return [_unjudged(one, rules, why) if isinstance(one, CampaignResult) else one for one in results]
    try:
        crossing = _Crossing(meeting, results, accounts, rules, request)
        return [crossing.judged(one) if isinstance(one, CampaignResult) else one for one in results]
    finally:
        meeting.close()


def _audiences(result: CampaignResult) -> Iterator[DuckAudience]:
    for one in (result, result.everybody):
        if one is not None and isinstance(one.audience, DuckAudience):
            yield one.audience


def _unjudged(result: CampaignResult, rules: RuleSet, why: str) -> CampaignResult:
    missed = [_unchecked(result, rule.code, UncheckedKind.FAILED, None, why) for rule in rules.rules]
    whole = None if result.everybody is None else _unjudged(result.everybody, rules, why)
    return replace(result, unchecked=(*result.unchecked, *missed), everybody=whole)


def _unchecked(result: CampaignResult, code: str, kind: UncheckedKind, affected: int | None, reason: str) -> Unchecked:
    ref = result.campaign.ref
    return Unchecked(ref.platform.value, ref.account, ref.id, code, kind, affected, reason)


@dataclass
class _Crossing:
    """One run's campaigns beside each other."""

    meeting: Meeting
    results: Sequence[Result]
    accounts: Sequence[Account]
    rules: RuleSet
    request: Request
    _heard: dict[str, _Unheard | None] = field(default_factory=dict)
    """By account that was asked: None when it has told."""

    def judged(self, result: CampaignResult) -> CampaignResult:
        """The campaign with what these checks say of it, and what depends on that judged again."""
        whole = None if result.everybody is None else self.judged(result.everybody)
        result = replace(result, everybody=whole)
        variants = self._opened(result)
        if not variants:
            return result
        crossed = Crossed(variants, self._beside(result), self.meeting.several, self._denied(result))
        # Only now is known who could not be asked.
        findings, missed = list(result.findings), [*result.unchecked, *self._missed(result)]

        def take(verdicts: Iterator[Verdict]) -> None:
            for verdict in verdicts:
                findings.extend(verdict.findings)
                if verdict.missed is not None:
                    missed.append(_unchecked(result, verdict.code, *verdict.missed))

        for number, opened in enumerate(variants):
            here = replace(opened, crossed=crossed)
            take(judge(here, self.rules, first=not number, show_pii=self.request.show_pii))
        if len(findings) > len(result.findings):
            last = {rule.code for rule in self.request.rules.rules if rule.needs & LAST}
            findings = [one for one in findings if one.code not in last]
            missed = [one for one in missed if one.code not in last]
            take(conclude(variants, tuple(findings), self.request))
        return replace(result, findings=tuple(findings), unchecked=tuple(dict.fromkeys(missed)))

    def _opened(self, result: CampaignResult) -> tuple[Opened, ...]:
        """The campaign's messages as checks see them."""
        by = self.request.as_of, self.request.half_lives, self.request.blackouts
        return tuple(
            Opened(result.campaign, message, reading, result.audience, *by)
            for message in result.campaign.messages
            if (reading := result.readings.get(message.label)) is not None
        )

    @cached_property
    def _unread(self) -> list[tuple[str, str]]:
        """Id and name of each due campaign whose people could not be read: who gets it as well, nobody knows."""
        found = []
        for one in self.results:
            if isinstance(one, AccountFailure):
                if one.unchecked.campaign_id and one.unchecked.kind is UncheckedKind.FAILED:
                    found.append((one.unchecked.campaign_id, one.campaign_name or one.unchecked.campaign_id))
            elif one.failed and one.audience is None and not one.held and one.campaign.ref.kind is Kind.CAMPAIGN:
                found.append((one.campaign.ref.id, one.campaign.ref.name))
        return found

    # -- other campaigns

    def _beside(self, result: CampaignResult) -> tuple[Beside, ...]:
        mine = result.audience
        if not isinstance(mine, DuckAudience) or not self._needs(Need.NEIGHBOURS):
            return ()
        found = []
        for other in self.results:
            # What presend holds is not due.
            if not isinstance(other, CampaignResult) or other.held or other.campaign.ref == result.campaign.ref:
                continue
            opened = self._opened(other)
            if opened and isinstance(other.audience, DuckAudience):
                found.append(Beside(opened, self.meeting.between(mine, other.audience)))
        return tuple(found)

    def _needs(self, need: Need) -> list[Rule]:
        return [rule for rule in self.rules.rules if need in rule.needs]

    # -- who opted out elsewhere

    def _denied(self, result: CampaignResult) -> tuple[Denied, ...]:
        mine = result.audience
        if not isinstance(mine, DuckAudience) or not mine.size or not self._needs(Need.OPTOUTS):
            return ()
        return tuple(
            Denied(account.name, account.platform, *self.meeting.denied(mine, account.name))
            for account in self._elsewhere(result)
            if self._listen(account) is None
        )

    def _elsewhere(self, result: CampaignResult) -> list[Account]:
        return [one for one in self.accounts if one.name != result.campaign.ref.account]

    def _listen(self, account: Account) -> _Unheard | None:
        """Ask an account who has opted out, once a run; None when it told all of it."""
        if account.name not in self._heard:
            self._heard[account.name] = self._asked(account)
        return self._heard[account.name]

    def _asked(self, account: Account) -> _Unheard | None:
        if account.ask is None:
            return _Unheard(UncheckedKind.UNKNOWABLE, account.why)
        count = 0
        try:
            for page in account.ask(self.meeting.known):
                rows = [(one.address, one.since, one.until, one.answer is Answer.AGREED) for one in page]
                self.meeting.take(account.name, rows)
                count += len(rows)
                self.request.progress(f"{account.name}: who has opted out", count)
        except Unknowable as error:
            return _Unheard(
                UncheckedKind.UNKNOWABLE, f"{account.name} does not tell who has opted out: {error.message}"
            )
        except PlatformError as error:
            why = f"{error.message}. {error.help}" if error.help else error.message
            return _Unheard(UncheckedKind.FAILED, f"who has opted out in {account.name} could not be read: {why}")
        except duckdb.Error as error:
            why = f"who has opted out in {account.name} could not be held ({type(error).__name__})"
            return _Unheard(UncheckedKind.FAILED, f"{why}: raise PRESEND_MEMORY_LIMIT")
        return None

    # -- what was not looked at

    def _missed(self, result: CampaignResult) -> Iterator[Unchecked]:
        """One line for each check that had to do without an account."""
        if result.audience is None:
            return
        unheard = [heard for one in self._elsewhere(result) if (heard := self._heard.get(one.name)) is not None]
        if unheard:
            failed = any(one.kind is UncheckedKind.FAILED for one in unheard)
            kind = UncheckedKind.FAILED if failed else UncheckedKind.UNKNOWABLE
            reason = "; ".join(one.why.rstrip(".") for one in unheard)
            yield from (_unchecked(result, rule.code, kind, None, reason) for rule in self._needs(Need.OPTOUTS))
        broken = {f.unchecked.account for f in self.results if isinstance(f, AccountFailure) and _whole(f)}
        unread = [one.name for one in self._elsewhere(result) if not one.read or one.name in broken]
        unread += [name for ref, name in self._unread if ref != result.campaign.ref.id]
        for rule in self._needs(Need.NEIGHBOURS) if unread else ():
            reason = f"what is due in {', '.join(unread)} is not known, so not who gets both"
            yield _unchecked(result, rule.code, UncheckedKind.UNKNOWABLE, None, reason)


def _whole(failure: AccountFailure) -> bool:
    """Whether it is the account that could not be read, not one campaign of it."""
    return not failure.unchecked.campaign_id and failure.unchecked.kind is UncheckedKind.FAILED
