"""A made-up report with everything that an output has to say, and names that try to break out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from presend.engine import AccountFailure, CampaignResult, Unchecked
from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    Confidence,
    DeedState,
    Example,
    Finding,
    FindingState,
    Gap,
    Kind,
    Message,
    Part,
    Platform,
    Reversible,
    Schedule,
    Severity,
    State,
    Strategy,
    UncheckedKind,
    Verb,
)
from presend.report import Deed, Report

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

HOSTILE = "<script>document.title='owned'</script>\"'>|`*_[x](javascript:alert(1)) @team {{ 7*7 }}"
"""A campaign's name, a value, a sentence: whatever it is, it is text."""


class Crowd:
    """As much of an audience as an output asks for."""

    size, excluded, suppressed = 1200, 40, 310


def finding(**changes: object) -> Finding:
    """A finding, changed as told."""
    base = Finding(
        code="TAG002",
        name="no-fallback",
        mishaps=("M02",),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message_id="m1",
        message="A",
        part=Part.HTML,
        line=12,
        column=9,
        snippet="{{ first_name }}",
        says="first_name prints nothing for some recipients.",
        fix="Write {{ first_name|default:'there' }}.",
        affected=41,
        audience=1200,
        examples=(Example("p-xx9", "Hi ,"),),
        fingerprint="00112233aabbccdd",
        start=100,
        end=116,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def campaign(
    name: str, *findings: Finding, hours: int = 5, template: bool = False, unchecked: tuple[Unchecked, ...] = ()
) -> CampaignResult:
    """A campaign that can be stopped for some hours, or a template on disk of that name."""
    when: datetime | Gap = Gap("no time") if template else NOW + timedelta(hours=hours)
    kind = Kind.TEMPLATE if template else Kind.CAMPAIGN
    options = {"files": {"html": name, "text": "mails/plain part.txt"}} if template else {}
    held = Campaign(
        ref=CampaignRef(Platform.KLAVIYO, "klaviyo", kind, name if template else f"c-{hours}", name),
        state=State.SCHEDULED,
        native_state="Scheduled",
        schedule=Schedule(Strategy.STATIC, when, when, when),
        messages=(Message("m1", "A", {Part.HTML: "x"}, options),),
        audience=AudienceRef(()),
        revision="r1",
        url=None if template else "https://www.example.com/campaign/1",
    )
    audience = None if template else Crowd()
    return CampaignResult(held, findings, unchecked, audience, "complete")  # type: ignore[arg-type]


def report(*campaigns: CampaignResult, deeds: tuple[Deed, ...] = (), failed: tuple[Unchecked, ...] = ()) -> Report:
    """The report of these campaigns."""
    return Report(
        version="0.1.0",
        as_of=NOW,
        started=NOW,
        finished=NOW + timedelta(seconds=3),
        campaigns=campaigns,
        failures=tuple(AccountFailure(one) for one in failed),
        accounts=1,
        deeds=deeds,
    )


def everything() -> Report:
    """All of it: two campaigns and a template, every severity, a deed, what failed and what nobody knows."""
    far = campaign("Spring", finding(severity=Severity.INFO, affected=0, examples=()), hours=30)
    near = campaign(
        HOSTILE,
        finding(says=HOSTILE, fix=HOSTILE, snippet=HOSTILE, examples=(Example("p-xx9", HOSTILE),)),
        finding(code="TAG001", name="syntax-error", severity=Severity.BLOCKER, affected=1200, line=2, column=1),
        finding(code="VAL003", name="shouting", severity=Severity.MEDIUM, confidence=Confidence.MEDIUM),
        finding(code="TAG017", name="tag-in-comment", severity=Severity.LOW, state=FindingState.ACKNOWLEDGED),
        hours=2,
        unchecked=(
            Unchecked("klaviyo", "klaviyo", "c-2", "TAG002", UncheckedKind.UNKNOWABLE, 17, f"html: {HOSTILE}: why"),
        ),
    )
    disk = campaign(
        "mails/a letter.html",
        finding(affected=None, audience=None, examples=()),
        finding(part=Part.LINK, line=20, column=3, snippet="{{ a }}", start=0, end=7),
        finding(part=Part.TEXT, line=1, column=1),
        finding(part=Part.SUBJECT, line=1, column=4),
        template=True,
    )
    deed = Deed(Verb.HOLD, "klaviyo", "klaviyo", "c-2", DeedState.PLANNED, Reversible.EXACT, HOSTILE)
    lost = Unchecked("hubspot", "hubspot", "", "", UncheckedKind.FAILED, None, "the key is refused")
    return report(far, near, disk, deeds=(deed,), failed=(lost,))
