"""Who must approve a campaign and who has, whose own it is, and which findings are accepted; pure but for the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase

from presend.errors import UsageError
from presend.model import Campaign, Confidence, Finding, FindingState, Gap, Kind, Part, Record, Severity
from presend.settings import Approval, People
from presend.store.oversight import Ack, Approvals, Tests, TestSend

_BODY = (Part.HTML, Part.TEXT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the policy asks for a campaign: how many people, and why."""

    people: int
    why: str


def asked(approval: Approval, campaign: Campaign, size: int | None, findings: Sequence[Finding]) -> Asked:
    """How many people must approve the campaign under `[policy.approval]`; 0 where nothing asks for any.

    An audience of unknown size asks as the largest would: nobody can say that it is small.
    """
    why = _why(approval, campaign, size, findings)
    if not why:
        return Asked(0, "")
    # Where the platform does not tell who wrote it, one of two approvals is surely somebody else's.
    least = 2 if isinstance(campaign.authors, Gap) else 1
    return Asked(max(approval.people, least), why)


def _why(approval: Approval, campaign: Campaign, size: int | None, findings: Sequence[Finding]) -> str:
    account = campaign.ref.account
    if any(fnmatchcase(account, pattern) for pattern in approval.accounts):
        return f"the policy names the account {account}"
    if approval.recipients is not None and size is None:
        return "how many people it goes to is not known"
    if approval.recipients is not None and size is not None and size >= approval.recipients:
        return f"it goes to {size:,} people"
    if approval.severity == "never":
        return ""
    bar = Severity[approval.severity.upper()]
    worst = max((f.severity for f in findings if _counts(f)), default=None)
    return f"it has a finding of severity {worst.word}" if worst is not None and worst >= bar else ""


def _counts(finding: Finding) -> bool:
    # OPS003 itself must not make an approval necessary.
    sure = finding.confidence is Confidence.HIGH and finding.state is not FindingState.ACKNOWLEDGED
    return sure and finding.code != "OPS003"


def record(
    approval: Approval,
    campaign: Campaign,
    size: int | None,
    findings: Sequence[Finding],
    approvals: Approvals,
    tests: Tests,
    people: People,
    sizes: tuple[int, ...] = (),
) -> Record | None:
    """The campaign's record; None for what nobody schedules. Raises DeedError when the store fails."""
    ref = campaign.ref
    if ref.kind is not Kind.CAMPAIGN:
        return None
    given = approvals.of(ref.account, ref.id)
    now = {one.by for one in given if one.content_hash == campaign.revision}
    # Whoever left the team, or is or may be the author after all, counts no more.
    good = tuple(sorted(name for name in now if name in people and _may_approve(people, name, campaign)))
    sent = tests.of(ref.account, ref.id)
    current = [one for one in sent if one.content_hash == campaign.revision]
    need = asked(approval, campaign, size, findings)
    return Record(
        needed=need.people,
        why=need.why,
        approved_by=good,
        void=sum(1 for one in given if one.content_hash != campaign.revision),
        tested_at=max((one.at for one in current or sent), default=None),
        tested_now=bool(current),
        untested=_untested(campaign, current),
        unreadable=_unreadable(campaign),
        sizes=sizes,
    )


def _untested(campaign: Campaign, sent: Sequence[TestSend]) -> tuple[str, ...]:
    """The messages without a test among these, where there is one of another; a test without a message is of all."""
    looked_at = {one.message for one in sent}
    if not looked_at or None in looked_at:
        return ()
    return tuple(one.label for one in campaign.messages if one.label not in looked_at)


def _unreadable(campaign: Campaign) -> tuple[str, ...]:
    """The messages of which the platform gave neither HTML nor text, where it gave another's."""
    mute = tuple(one.label for one in campaign.messages if not any(isinstance(one.parts.get(p), str) for p in _BODY))
    return mute if len(mute) < len(campaign.messages) else ()


Recorder = Callable[[Campaign, int | None, Sequence[Finding]], Record | None]
"""From a campaign, the size of its audience and its findings to its record."""


def is_author(people: People, name: str, campaign: Campaign) -> bool:
    """Whether one of the person's ids on the campaign's platform is among those who wrote it."""
    authors = campaign.authors
    return not isinstance(authors, Gap) and bool(people.ids(name, campaign.ref.platform) & set(authors))


def _may_approve(people: People, name: str, campaign: Campaign) -> bool:
    unknown = isinstance(campaign.authors, Gap)
    return unknown or (bool(people.ids(name, campaign.ref.platform)) and not is_author(people, name, campaign))


def known_person(people: People, name: str) -> None:
    """Raises UsageError when `[people]` has no such entry."""
    if name in people:
        return
    if people:
        names = ", ".join(sorted(people.names))
        raise UsageError(f"{name!r} is not in [people]", help=f"There are: {names}. Names are as in presend.toml.")
    raise UsageError(
        "[people] is empty, so nobody can speak for the team",
        help='Add to presend.toml for example: [people], and a line "Dana" = { hubspot = "1234" }.',
    )


def no_author(people: People, name: str, campaign: Campaign) -> None:
    """Raises UsageError when the campaign is the person's own, or the person's id there is not known but matters."""
    if is_author(people, name, campaign):
        raise UsageError(
            f"{name} wrote or last changed this campaign, and nobody approves their own",
            help="Let somebody else look at it.",
        )
    platform = campaign.ref.platform
    if not isinstance(campaign.authors, Gap) and not people.ids(name, platform):
        raise UsageError(
            f"[people] has no {platform.value} id of {name}, so nobody can tell whether the campaign is their own",
            help=f'Add it: "{name}" = {{ {platform.value} = "the user id" }}; `presend doctor` shows who wrote what.',
        )


def accepted(findings: Sequence[Finding], acks: Mapping[str, Ack], baseline: frozenset[str]) -> dict[str, FindingState]:
    """The fingerprints that are acknowledged now: by somebody, while the numbers hold, or by the account's baseline."""
    found = {}
    most: dict[str, int | None] = {}
    for finding in findings:
        # The same place may be judged twice, for all and for those who are not left out: the larger number counts.
        numbers = [n for n in (most.get(finding.fingerprint), finding.affected) if n is not None]
        most[finding.fingerprint] = max(numbers, default=None)
    for finding in findings:
        ack = acks.get(finding.fingerprint)
        if (ack is not None and not ack.void(most[finding.fingerprint])) or finding.fingerprint in baseline:
            found[finding.fingerprint] = FindingState.ACKNOWLEDGED
    return found


def until(text: str, now: datetime) -> datetime:
    """The moment at which an acknowledgement ends: a date ends with its day in UTC. Raises UsageError."""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            last = datetime.combine(day, time.max, UTC)
            moment = last if day == date.max else last + timedelta(microseconds=1)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date", help="Write for example --until 2026-12-31.") from None
    if moment.tzinfo is None:
        raise UsageError(f"{text!r} has no offset", help="Add Z or for example +01:00, or give a date alone.")
    if moment <= now:
        raise UsageError(f"{text} is past", help="Give a date to come: an acknowledgement is for a time.")
    if moment > now + timedelta(days=366):
        raise UsageError(
            f"{text} is more than a year away",
            help="Nothing is accepted for ever: give a nearer date, and look again then.",
        )
    return moment.astimezone(UTC)
