"""The public report, `presend.report/v1`: its own types, so that nothing inside can change it by accident.

Additions are free, changes are a new module. The shapes are those of the interface document; `presend schema report`
prints their JSON Schema.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from presend.engine import CampaignResult, Unchecked
from presend.model import CampaignRef, Finding, Gap
from presend.policy import Decision
from presend.report import Deed, Report, verdict
from presend.scoring import Audit, Mend, Segments

SCHEMA = "presend.report/v1"


class AudienceV1(msgspec.Struct, frozen=True):
    """Who gets the campaign: `size` mailable recipients; who was left out, by whom.

    Where coverage is `partial`, `size` is how many had been read when a list could not be: nobody knows how many more
    there are, and no check has looked at them.
    """

    size: int
    excluded: int
    suppressed: int
    coverage: Literal["complete", "estimated", "frozen", "partial"]


class CampaignV1(msgspec.Struct, frozen=True):
    """One campaign that was looked at. Times are ISO 8601 in UTC, null where the platform does not tell."""

    platform: str
    account: str
    id: str
    name: str
    send_at: str | None
    stoppable_until: str | None
    audience: AudienceV1 | None
    verdict: Literal["clear", "flagged", "incomplete"]
    url: str | None


class ExampleV1(msgspec.Struct, frozen=True):
    """What one affected recipient would read; masked unless --show-pii."""

    recipient: str
    reads: str


class FindingV1(msgspec.Struct, frozen=True):
    """One finding; `affected` and `audience` are null where there is no audience."""

    code: str
    name: str
    mishaps: list[str]
    severity: Literal["info", "low", "medium", "high", "blocker"]
    confidence: Literal["low", "medium", "high"]
    platform: str
    account: str
    campaign_id: str
    message_id: str
    message: str
    part: str
    line: int | None
    column: int | None
    snippet: str
    says: str
    fix: str
    affected: int | None
    audience: int | None
    examples: list[ExampleV1]
    fingerprint: str
    state: Literal["new", "known", "acknowledged"]
    rule: str | None = None
    """Of the policy: `default`, or the number of the `[[policy.rule]]` that matched; null where no policy was asked."""
    verbs: list[str] = []
    """What the policy makes of it; empty with a rule: no deed."""


class UncheckedV1(msgspec.Struct, frozen=True):
    """Something selected that was not judged."""

    platform: str
    account: str
    campaign_id: str
    code: str
    kind: Literal["failed", "unknowable"]
    affected: int | None
    reason: str


class DeedV1(msgspec.Struct, frozen=True):
    """Something presend plans to do, or did."""

    verb: Literal["hold", "release", "tag", "untag", "exclude", "comment", "notify"]
    platform: str
    account: str
    campaign_id: str
    state: Literal["planned", "done", "left_alone", "refused", "failed", "unknown", "cannot"]
    reversible: Literal["exact", "approximate", "no"]
    detail: str


class MendV1(msgspec.Struct, frozen=True):
    """One thing to put right wherever it stands, and by how many points the account's score would rise."""

    code: str
    name: str
    severity: Literal["info", "low", "medium", "high", "blocker"]
    confidence: Literal["low", "medium", "high"]
    snippet: str
    says: str
    fix: str
    campaigns: list[str]
    affected: int | None
    gain: float


class MixedV1(msgspec.Struct, frozen=True):
    """A field that holds values of several kinds, the most frequent first."""

    field: str
    kinds: list[str]


class FieldsV1(msgspec.Struct, frozen=True):
    """Fields that no copy or segment uses, that are used and empty, and that hold several kinds of values."""

    known: int
    unused: list[str]
    never_filled: list[str]
    mixed: list[MixedV1]
    contacts: int = 0
    """How many records of the account `filled` is of."""
    filled: dict[str, int] = {}
    """How many of them have something in a field."""


class UnknowableV1(msgspec.Struct, frozen=True):
    """What an audit should say and cannot, and why."""

    what: str
    reason: str


class ContradictionV1(msgspec.Struct, frozen=True):
    """A segment whose conditions on one field exclude each other."""

    segment: str
    field: str


class StrangeV1(msgspec.Struct, frozen=True):
    """A segment with conditions of a kind that presend does not know."""

    segment: str
    conditions: int


class SegmentsV1(msgspec.Struct, frozen=True):
    """The account's lists, segments and tags, by name."""

    known: int
    unused: list[str]
    empty: list[str]
    contradictory: list[ContradictionV1]
    unknown_conditions: list[StrangeV1]


class AuditV1(msgspec.Struct, frozen=True):
    """The account as a whole; the score is null where there was nothing to score."""

    score: int | None
    campaigns: int
    left_out: int
    mends: list[MendV1]
    more_mends: int
    fields: FieldsV1
    segments: SegmentsV1 | None
    unknowable: list[UnknowableV1]


class ReportV1(msgspec.Struct, frozen=True):
    """The whole report."""

    schema: Literal["presend.report/v1"]
    version: str
    as_of: str
    started: str
    finished: str
    complete: bool
    exit_codes: list[int]
    campaigns: list[CampaignV1]
    findings: list[FindingV1]
    unchecked: list[UncheckedV1]
    deeds: list[DeedV1]
    audit: AuditV1 | msgspec.UnsetType = msgspec.UNSET
    """Only of `presend audit`."""


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, with Z."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _moment(value: datetime | Gap) -> str | None:
    return None if isinstance(value, Gap) else stamp(value)


def _campaign(result: CampaignResult) -> CampaignV1:
    ref, people = result.campaign.ref, result.audience
    audience = None
    if people is not None:
        audience = AudienceV1(people.size, people.excluded, people.suppressed, result.coverage)  # type: ignore[arg-type]
    elif result.coverage == "partial":
        audience = AudienceV1(result.read, 0, 0, "partial")
    return CampaignV1(
        platform=ref.platform.value,
        account=ref.account,
        id=ref.id,
        name=ref.name,
        send_at=_moment(result.campaign.schedule.send_at),
        stoppable_until=_moment(result.campaign.schedule.stoppable_until),
        audience=audience,
        verdict=verdict(result),  # type: ignore[arg-type]
        url=result.campaign.url,
    )


def _finding(ref: CampaignRef, finding: Finding, decision: Decision | None) -> FindingV1:
    return FindingV1(
        code=finding.code,
        name=finding.name,
        mishaps=list(finding.mishaps),
        severity=finding.severity.word,  # type: ignore[arg-type]
        confidence=finding.confidence.word,  # type: ignore[arg-type]
        platform=ref.platform.value,
        account=ref.account,
        campaign_id=ref.id,
        message_id=finding.message_id,
        message=finding.message,
        part=finding.part.value,
        line=finding.line,
        column=finding.column,
        snippet=finding.snippet,
        says=finding.says,
        fix=finding.fix,
        affected=finding.affected,
        audience=finding.audience,
        examples=[ExampleV1(e.recipient, e.reads) for e in finding.examples],
        fingerprint=finding.fingerprint,
        state=finding.state.value,
        rule=decision.rule if decision else None,
        verbs=sorted(decision.verbs) if decision else [],
    )


def _unchecked(item: Unchecked) -> UncheckedV1:
    where = (item.platform, item.account, item.campaign_id)
    return UncheckedV1(*where, item.code, item.kind.value, item.affected, item.reason)


def _deed(deed: Deed) -> DeedV1:
    where = (deed.platform, deed.account, deed.campaign_id)
    return DeedV1(deed.verb.value, *where, deed.state.value, deed.reversible.value, deed.detail)


def _audit(audit: Audit) -> AuditV1:
    fields = audit.fields
    return AuditV1(
        score=audit.score,
        campaigns=audit.campaigns,
        left_out=audit.left_out,
        mends=[_mend(one) for one in audit.mends],
        more_mends=audit.more,
        fields=FieldsV1(
            known=fields.known,
            unused=list(fields.unused),
            never_filled=list(fields.never_filled),
            mixed=[MixedV1(name, list(kinds)) for name, kinds in fields.mixed.items()],
            contacts=fields.contacts,
            filled=dict(fields.filled),
        ),
        segments=None if audit.segments is None else _segments(audit.segments),
        unknowable=[UnknowableV1(what, why) for what, why in audit.unknowable.items()],
    )


def _segments(found: Segments) -> SegmentsV1:
    return SegmentsV1(
        found.known,
        list(found.unused),
        list(found.empty),
        [ContradictionV1(name, field) for name, field in found.contradictory.items()],
        [StrangeV1(name, count) for name, count in found.strange.items()],
    )


def _mend(mend: Mend) -> MendV1:
    return MendV1(
        code=mend.code,
        name=mend.name,
        severity=mend.severity.word,  # type: ignore[arg-type]
        confidence=mend.confidence.word,  # type: ignore[arg-type]
        snippet=mend.snippet,
        says=mend.says,
        fix=mend.fix,
        campaigns=list(mend.campaigns),
        affected=mend.affected,
        gain=round(mend.gain, 3),
    )


def public(report: Report) -> ReportV1:
    """The report in its public shape."""
    return ReportV1(
        schema="presend.report/v1",
        version=report.version,
        as_of=stamp(report.as_of),
        started=stamp(report.started),
        finished=stamp(report.finished),
        complete=report.complete,
        exit_codes=[int(code) for code in report.exit_codes],
        campaigns=[_campaign(result) for result in report.campaigns],
        findings=[_finding(ref, f, report.decisions.get(f.fingerprint)) for ref, f in report.findings],
        unchecked=[_unchecked(item) for item in report.unchecked],
        deeds=[_deed(deed) for deed in report.deeds],
        audit=msgspec.UNSET if report.audit is None else _audit(report.audit),
    )


def write(report: Report) -> str:
    """The report as indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(public(report)), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ReportV1)}
