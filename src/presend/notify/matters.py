"""What there is to tell of each campaign and account as a run found it, before anyone knows what was told already."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from presend.engine import AccountFailure, CampaignResult
from presend.logs import clean
from presend.model import Campaign, DeedState, Finding, FindingState, Gap, Severity, UncheckedKind, Verb
from presend.model.counting import many
from presend.notify.digest import Key
from presend.policy import Decision
from presend.report import Report, order
from presend.store.journal import Entry

UNAPPROVED = "OPS003"
"""The finding of a campaign that nobody has approved yet: it is repeated as the time runs out."""


NONE_PLANNED: Mapping[Key, Campaign] = MappingProxyType({})


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
    what: str = ""
    """Why, or with how many people, as far as that is known."""


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
    rest_worst: Severity = Severity.INFO
    """How severe the worst of that is."""
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
    audience = many(finding.audience or 0, "recipient")
    reach = f" - {finding.affected:,} of {audience}" if finding.affected is not None else ""
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


def _whole(result: CampaignResult) -> CampaignResult:
    """The campaign as everybody would read it: whom presend left out is not mended by not being written to."""
    whole = result.everybody
    if whole is None:
        return result
    return replace(whole, unchecked=tuple(dict.fromkeys((*result.unchecked, *whole.unchecked))))


def _judged(result: CampaignResult, codes: Collection[str] | None) -> Callable[[str], bool]:
    missed = {u.code for u in _whole(result).unchecked}
    unread = bool(result.campaign.left_out) and result.everybody is None
    sure = not _whole(result).failed and "" not in missed and not unread
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


def _plain(campaign: Campaign) -> Matter:
    """A campaign of which nothing was looked for."""
    ref, until = campaign.ref, campaign.schedule.stoppable_until
    return Matter(
        account=ref.account,
        campaign_id=ref.id,
        platform=ref.platform.value,
        title=title_of(ref.platform.value, ref.name),
        url=_link(campaign.url),
        until=None if isinstance(until, Gap) else until,
        zone=_zone(campaign.schedule.zone),
        owner=campaign.owner,
    )


def _campaign(
    result: CampaignResult, decisions: Mapping[str, Decision], judged: Callable[[str], bool], *, held: bool
) -> Matter:
    result = _whole(result)
    plain = _plain(result.campaign)
    tell: dict[str, Open] = {}
    rest: list[Open] = []
    for finding in sorted(result.findings, key=order):
        decision = decisions.get(finding.fingerprint)
        if decision is not None and Verb.NOTIFY in decision.verbs:
            tell[finding.fingerprint] = _open(finding, decision.owner)
        elif finding.state is not FindingState.ACKNOWLEDGED:
            rest.append(_open(finding, None))
    failed = [u.reason for u in result.unchecked if u.kind is UncheckedKind.FAILED]
    return replace(
        plain,
        until=None if held else plain.until,
        open=tell,
        rest=tuple(one.text for one in rest),
        rest_worst=max((one.severity for one in rest), default=Severity.INFO),
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


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _what(verb: Verb, state: DeedState, detail: str, undo: Mapping[str, Any]) -> str:
    """What a hold or an exclusion was for and whom it was about: codes and counts, from its plan and the journal.

    Of the plan's sentence only what stands before the first semicolon: the rest is not all of presend's own making.
    """
    if verb not in (Verb.HOLD, Verb.EXCLUDE):
        return ""
    codes = sorted(set(re.findall(r"\b[A-Z]{3}\d{3}\b", detail.split(";", 1)[0])))
    told = [_crowd(undo, done=state is DeedState.DONE)] if verb is Verb.EXCLUDE and "ids" in undo else []
    return ", ".join([*told, *([f"for {', '.join(codes)}"] if codes else [])])


def _crowd(undo: Mapping[str, Any], *, done: bool) -> str:
    out, was = len(undo["ids"]), len(undo.get("was", ()))
    if not out:
        return f"{'let' if done else 'to let'} {_people(was)} in again"
    if was:
        return f"{'left' if done else 'to leave'} out {_people(out)} (before: {was:,})"
    return f"{'left' if done else 'to leave'} out {_people(out)}"


def _events(
    report: Report, earlier: Iterable[Entry], found: dict[Key, Matter], planned: Mapping[Key, Campaign]
) -> None:
    """Adds what was done, first what the journal knows and the report does not."""
    known = {(d.account, d.campaign_id, d.verb) for d in report.deeds}
    written = {(e.account, e.campaign_id, e.verb): e for e in earlier}

    def add(key: Key, platform: str, name: str, event: Event) -> None:
        seen = planned.get(key)
        matter = found.get(key) or (_plain(seen) if seen else Matter(*key, platform, title_of(platform, name)))
        others = (e for e in matter.events if e.verb is not event.verb)
        found[key] = replace(matter, events=(*others, event))

    for (account, campaign_id, verb), entry in written.items():
        if (account, campaign_id, verb) not in known and _news(verb, entry.state):
            event = Event(verb, entry.state, _what(verb, entry.state, entry.detail, entry.undo))
            add((account, campaign_id), entry.platform, entry.campaign_name, event)
    for deed in report.deeds:
        if not _news(deed.verb, deed.state):
            continue
        own = written.get((deed.account, deed.campaign_id, deed.verb))
        undo = own.undo if own is not None and own.state is deed.state else {}
        event = Event(deed.verb, deed.state, _what(deed.verb, deed.state, deed.detail, undo))
        add((deed.account, deed.campaign_id), deed.platform, deed.campaign_id, event)


def matters(
    report: Report,
    decisions: Mapping[str, Decision],
    *,
    reached: Collection[str],
    earlier: Iterable[Entry] = (),
    codes: Collection[str] | None = None,
    of_sending: Collection[str] = (),
    planned: Mapping[Key, Campaign] = NONE_PLANNED,
) -> list[Matter]:
    """Every campaign of the report, the drafts that presend holds, every account that was asked for.

    `decisions` are the policy's, by fingerprint; `reached` names the accounts of this run; `earlier` are deeds of the
    journal that this report does not know; `codes` are the checks that ran, None: all of them. `of_sending` are those
    that look at when and how it goes: a draft that presend holds goes at no time, so there they resolve nothing.
    `planned` are campaigns of a saved plan, which the report does not have.
    """
    found: dict[Key, Matter] = {}
    # Doing a saved plan looks for nothing: it cannot say that an account can be read again.
    looked = codes is None or bool(codes)
    for account in reached:
        found[(account, "")] = Matter(account, "", "", title_of("account", account), read=looked)
    for result in report.campaigns:
        matter = _campaign(result, decisions, _judged(result, codes), held=False)
        found[matter.key] = matter
    for result in report.held:
        judged = _judged(result, codes)
        matter = _campaign(result, decisions, partial(_of_a_draft, judged, of_sending), held=True)
        found[matter.key] = matter
    for failure in report.failures:
        if failure.unchecked.kind is UncheckedKind.FAILED and not failure.busy:
            found[(failure.unchecked.account, failure.unchecked.campaign_id)] = _failure(failure)
    _events(report, earlier, found, planned)
    for deed in report.deeds:
        offered = found.get((deed.account, deed.campaign_id))
        if offered is not None and offered.held and (deed.verb, deed.state) == (Verb.RELEASE, DeedState.PLANNED):
            found[offered.key] = replace(offered, offer=True)
    return list(found.values())


def for_channel(matter: Matter, serves: Callable[[str | None], bool], *, told: bool) -> Matter | None:
    """The matter as a channel sees it, or None where it is others' business.

    A channel gets the findings of the owners it serves; what happened to a campaign goes where its findings go, and
    without any to its own owner, and to whom it was told before.
    """
    mine = {p: o for p, o in matter.open.items() if serves(o.owner)}
    if mine or told:
        return replace(matter, open=mine)
    return matter if not matter.open and serves(matter.owner) else None
