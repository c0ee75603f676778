"""A platform in memory for the tests of planning and doing; end-to-end tests use the sandbox instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from presend.audience.duck import DuckAudience, Snapshot
from presend.audience.values import encode
from presend.engine import CampaignResult
from presend.model import (
    Ability,
    Able,
    AudienceRef,
    Campaign,
    CampaignRef,
    Confidence,
    DeedState,
    Finding,
    Kind,
    Part,
    Platform,
    Receipt,
    Reversible,
    Schedule,
    Severity,
    State,
    Strategy,
    Verb,
)
from presend.ports import Batch, Role

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def campaign(number: int = 1, **changes: Any) -> Campaign:
    """A scheduled campaign, six hours ahead."""
    at = NOW + timedelta(hours=6)
    made = Campaign(
        ref=CampaignRef(Platform.KLAVIYO, "acme", Kind.CAMPAIGN, f"c{number}", f"Campaign {number}"),
        state=State.SCHEDULED,
        native_state="scheduled",
        schedule=Schedule(Strategy.STATIC, at, at, at - timedelta(minutes=20)),
        messages=(),
        audience=AudienceRef(()),
        revision="r1",
    )
    return replace(made, **changes)


def finding(code: str = "TAG002", severity: Severity = Severity.HIGH, **changes: Any) -> Finding:
    """A finding at high confidence."""
    made = Finding(
        code=code,
        name="no-fallback",
        mishaps=("M02",),
        severity=severity,
        confidence=Confidence.HIGH,
        message_id="m1",
        message="A",
        part=Part.HTML,
        line=3,
        column=4,
        snippet="{{ first_name }}",
        says="Blank for some.",
        fix="Add a fallback.",
        affected=2,
        audience=4,
        examples=(),
        fingerprint=f"f-{code}-{severity}",
    )
    return replace(made, **changes)


@contextmanager
def audience() -> Iterator[DuckAudience]:
    """Four people, two without a name."""
    snapshot = Snapshot(["first_name"])
    try:
        names = [encode("Ann"), None, encode("Bo"), None]
        snapshot.add(Batch(Role.INCLUDE, ["p1", "p2", "p3", "p4"], {"first_name": names}))
        yield snapshot.finish()
    finally:
        snapshot.close()


def result(of: Campaign, findings: Sequence[Finding], people: DuckAudience | None = None) -> CampaignResult:
    """A scanned campaign."""
    return CampaignResult(of, tuple(findings), (), people, "complete")


class FakeConnector:
    """A connector and writer in one, that remembers what it was asked."""

    platform = Platform.KLAVIYO
    account = "acme"

    def __init__(self, *campaigns: Campaign, reversible: Reversible = Reversible.EXACT) -> None:
        self.held = {c.ref.id: c for c in campaigns}
        self.did: list[tuple[Any, ...]] = []
        self.reversible = reversible
        self.answers: dict[Verb, Receipt | Exception] = {}
        self.unable: set[Verb] = set()

    @property
    def writer(self) -> FakeConnector:
        return self

    def campaign(self, campaign_id: str) -> Campaign:
        return self.held[campaign_id]

    def ability(self, verb: Verb, campaign: Campaign) -> Ability:
        able = Able.NO if verb in self.unable else Able.YES
        return Ability(able, self.reversible, f"{verb.value} of {campaign.ref.id}")

    def saved(self, campaign: Campaign) -> Mapping[str, Any]:
        return {"send_time": str(campaign.schedule.send_at)}

    def _answer(self, verb: Verb, *what: Any) -> Receipt:
        self.did.append((verb, *what))
        answer = self.answers.get(verb, Receipt(DeedState.DONE, "read back"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def hold(self, campaign: Campaign) -> Receipt:
        return self._answer(Verb.HOLD, campaign.ref.id)

    def tag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        return self._answer(Verb.TAG, campaign.ref.id, label, list(ids))

    def comment(self, campaign: Campaign, text: str) -> Receipt:
        return self._answer(Verb.COMMENT, campaign.ref.id, text)

    def mark(self, campaign: Campaign, label: str) -> Receipt:
        del campaign, label
        return Receipt(DeedState.DONE, "")
