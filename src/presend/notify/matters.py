"""What there is to tell of each campaign and account as a run found it, before anyone knows what was told already."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from presend.engine import AccountFailure, CampaignResult
from presend.logs import clean
from presend.model import DeedState, Finding, Gap, Severity, UncheckedKind, Verb
from presend.notify.digest import Key
from presend.policy import Decision
from presend.report import Report, order
from presend.store.journal import Entry

UNAPPROVED = "OPS003"
"""The finding of a campaign that nobody has approved yet: it is repeated as the time runs out."""


@dataclass(frozen=True, slots=True)
class Open:
    """A finding that is to be told."""

    code: str
    text: str
    short: str
    """Without numbers, for when it is gone."""
    severity: Severity
    affected: int | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """A deed and how it ended."""

    verb: Verb
    state: DeedState


@dataclass(frozen=True, slots=True)
class Matter:
    """A campaign, or an account where `campaign_id` is empty."""

    account: str
    campaign_id: str
    platform: str
    title: str
    url: str | None = None
    until: datetime | None = None
    zone: str = "UTC"
    owner: str | None = None
    open: Mapping[str, Open] = field(default_factory=dict)
    """By fingerprint, what the policy says to tell."""
    rest: tuple[str, ...] = ()
    """What else was found, said only where something else is news of the campaign."""
    present: frozenset[str] = frozenset()
    """Every fingerprint found, also of what is acknowledged or not to be told."""
    nobody: frozenset[str] = frozenset()
    """Those of them that affect nobody (any more): a fault of the template that nobody's data brings out."""
    undecided: frozenset[str] = frozenset()
    """Those of them of which the policy was not asked, as presend holds the campaign already."""
    judged: Callable[[str], bool] = lambda _code: False
    """Whether a code was looked for, for everybody: only then is one that is missing resolved."""
    trouble: str = ""
    """Why it could not be read whole."""
    read: bool = False
    """Whether this run looked at it at all."""
    held: bool = False
    """Whether presend holds it."""
    offer: bool = False
    """Whether nothing is left that it would be held for."""
    events: tuple[Event, ...] = ()

    @property
    def key(self) -> Key:
        """Which matter it is."""
        return self.account, self.campaign_id


def _open(finding: Finding, owner: str | None) -> Open:
    reach = f" - {finding.affected:,} of {finding.audience:,} recipients" if finding.affected is not None else ""
    line = f", line {finding.line}" if finding.line else ""
    variant = f" (variant {finding.message})" if finding.message != "A" else ""
    short = f"{finding.code} {finding.name} in {finding.part.value}{line}{variant}"
    text = f"{finding.severity.word}: {short}{reach}"
    return Open(finding.code, text, short, finding.severity, finding.affected, owner)


def _zone(name: str | None) -> str:
    """The zone's name where it is one, else UTC."""
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ValueError, OSError, KeyError):
        return "UTC"


def _judged(result: CampaignResult, codes: Collection[str] | None) -> Callable[[str], bool]:
    missed = {u.code for u in result.unchecked}
    sure = not result.failed and "" not in missed
    return lambda code: sure and code not in missed and (codes is None or code in codes)


def _of_a_draft(judged: Callable[[str], bool], of_sending: Collection[str], code: str) -> bool:
    return judged(code) and code not in of_sending


def words(text: str, most: int) -> str:
    """A text from a platform as a notice shows it: one line, cut, without addresses and keys.

    Cut before it is cleaned, so that a name of a megabyte costs nothing, and after: half an address is not known.
    """
    printed = "".join(sign if sign.isprintable() else " " for sign in text[: 2 * most])
    return clean(" ".join(printed.split()))[:most]


def title_of(platform: str, name: str) -> str:
    """How a notice calls a campaign."""
    return words(f"{platform}: {name}", 200)


def _link(url: str | None) -> str | None:
    """The platform's address of the campaign, where it is one that may be shown as a link."""
    return url if url and url.isprintable() and re.fullmatch(r"https?://[^\s<>|]{1,500}", url) else None


def _campaign(
    result: CampaignResult, decisions: Mapping[str, Decision], judged: Callable[[str], bool], *, held: bool
) -> Matter:
    campaign, ref = result.campaign, result.campaign.ref
    until = campaign.schedule.stoppable_until
    tell: dict[str, Open] = {}
    rest = []
    for finding in sorted(result.findings, key=order):
        decision = decisions.get(finding.fingerprint)
        if decision is not None and Verb.NOTIFY in decision.verbs:
            tell[finding.fingerprint] = _open(finding, decision.owner)
        else:
            rest.append(_open(finding, None).text)
    failed = [u.reason for u in result.unchecked if u.kind is UncheckedKind.FAILED]
    return Matter(
        account=ref.account,
        campaign_id=ref.id,
        platform=ref.platform.value,
        title=title_of(ref.platform.value, ref.name),
        url=_link(campaign.url),
        until=None if isinstance(until, Gap) or held else until,
        zone=_zone(campaign.schedule.zone),
        owner=campaign.owner,
        open=tell,
        rest=tuple(rest),
        present=frozenset(f.fingerprint for f in result.findings),
        nobody=frozenset(f.fingerprint for f in result.findings if f.affected == 0),
        undecided=frozenset(f.fingerprint for f in result.findings if f.fingerprint not in decisions),
        judged=judged,
        trouble=words(failed[0], 300) if failed else "",
        read=True,
        held=held,
    )


def _failure(failure: AccountFailure) -> Matter:
    missed = failure.unchecked
    name = failure.campaign_name if missed.campaign_id else f"account {missed.account}"
    title = title_of(missed.platform, name)
    trouble = words(missed.reason, 300)
    return Matter(missed.account, missed.campaign_id, missed.platform, title, trouble=trouble, read=True)


_TOLD = (Verb.HOLD, Verb.RELEASE, Verb.EXCLUDE)
"""The deeds that are news in themselves; of others only that they went wrong."""


def _news(verb: Verb, state: DeedState) -> bool:
    bad = state in (DeedState.FAILED, DeedState.UNKNOWN)
    return verb is not Verb.NOTIFY and state is not DeedState.PLANNED and (bad or verb in _TOLD)


def matters(
    report: Report,
    decisions: Mapping[str, Decision],
    *,
    reached: Collection[str],
    earlier: Iterable[Entry] = (),
    codes: Collection[str] | None = None,
    of_sending: Collection[str] = (),
) -> list[Matter]:
    """Every campaign of the report, the drafts that presend holds, every account that was asked for.

    `decisions` are the policy's, by fingerprint; `reached` names the accounts of this run; `earlier` are deeds of the
    journal that this report does not know; `codes` are the checks that ran, None: all of them. `of_sending` are those
    that look at when and how it goes: a draft that presend holds goes at no time, so there they resolve nothing.
    """
    found: dict[Key, Matter] = {}
    for account in reached:
        found[(account, "")] = Matter(account, "", "", title_of("account", account), read=True)
    for result in report.campaigns:
        matter = _campaign(result, decisions, _judged(result, codes), held=False)
        found[matter.key] = matter
    for result in report.held:
        judged = _judged(result, codes)
        matter = _campaign(result, decisions, partial(_of_a_draft, judged, of_sending), held=True)
        found[matter.key] = matter
    for failure in report.failures:
        if failure.unchecked.kind is UncheckedKind.FAILED:
            found[(failure.unchecked.account, failure.unchecked.campaign_id)] = _failure(failure)
    known = {(d.account, d.campaign_id, d.verb) for d in report.deeds}
    for entry in earlier:
        if (entry.account, entry.campaign_id, entry.verb) not in known and _news(entry.verb, entry.state):
            title = title_of(entry.platform, entry.campaign_name)
            blank = Matter(entry.account, entry.campaign_id, entry.platform, title)
            _add(found, blank, Event(entry.verb, entry.state))
    for deed in report.deeds:
        offered = found.get((deed.account, deed.campaign_id))
        if offered is not None and offered.held and (deed.verb, deed.state) == (Verb.RELEASE, DeedState.PLANNED):
            found[offered.key] = replace(offered, offer=True)
        if _news(deed.verb, deed.state):
            blank = Matter(deed.account, deed.campaign_id, deed.platform, title_of(deed.platform, deed.campaign_id))
            _add(found, blank, Event(deed.verb, deed.state))
    return list(found.values())


def _add(found: dict[Key, Matter], blank: Matter, event: Event) -> None:
    matter = found.get(blank.key, blank)
    found[blank.key] = replace(matter, events=(*(e for e in matter.events if e.verb is not event.verb), event))


def for_channel(matter: Matter, serves: Callable[[str | None], bool], *, told: bool) -> Matter | None:
    """The matter as a channel sees it, or None where it is others' business.

    A channel gets the findings of the owners it serves; what happened to a campaign goes where its findings go, and
    without any to its own owner, and to whom it was told before.
    """
    mine = {p: o for p, o in matter.open.items() if serves(o.owner)}
    if mine or told:
        return replace(matter, open=mine)
    return matter if not matter.open and serves(matter.owner) else None
