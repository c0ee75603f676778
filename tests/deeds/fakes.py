"""A platform in memory for the tests of planning and doing; end-to-end tests use the sandbox instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from presend.audience.duck import DuckAudience
from presend.audience.snapshot import Snapshot
from presend.audience.values import encode
from presend.engine import CampaignResult
from presend.errors import PlatformError
from presend.model import (
    Ability,
    Able,
    AudienceRef,
    Campaign,
    CampaignRef,
    Confidence,
    DeedState,
    Finding,
    Gap,
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
    """A platform of one account, connector and writer in one, that remembers what it was asked.

    `held` are the campaigns as they are now; `crowds` who is on their lists; `out` whom each leaves out.
    """

    platform = Platform.KLAVIYO
    account = "acme"

    def __init__(self, *campaigns: Campaign, reversible: Reversible = Reversible.EXACT) -> None:
        self.held = {c.ref.id: c for c in campaigns}
        self.crowds: dict[str, list[str]] = {}
        self.out: dict[str, set[str]] = {}
        self.did: list[tuple[Any, ...]] = []
        self.reversible = reversible
        self.answers: dict[Verb | str, Receipt | Exception] = {}
        self.unable: set[Verb] = set()
        self.unsure: set[Verb] = set()
        self.live: dict[str, Sequence[str] | Gap | PlatformError] = {}

    @property
    def writer(self) -> FakeConnector:
        return self

    def campaign(self, campaign_id: str) -> Campaign:
        return self.held[campaign_id]

    def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
        ids = self.crowds.get(campaign.ref.id, ["p1", "p2", "p3", "p4"])
        yield Batch(Role.INCLUDE, list(ids))
        if not everybody:
            yield Batch(Role.EXCLUDE, sorted(self.out.get(campaign.ref.id, set())))

    def ability(self, verb: Verb, campaign: Campaign) -> Ability:
        able = Able.NO if verb in self.unable else Able.UNKNOWN if verb in self.unsure else Able.YES
        return Ability(able, self.reversible, f"{verb.value} of {campaign.ref.id}")

    def saved(self, campaign: Campaign) -> Mapping[str, Any]:
        return {"send_time": str(campaign.schedule.send_at)}

    def bound(self, label: str) -> Sequence[str] | Gap:
        answer = self.live.get(label, ())
        if isinstance(answer, PlatformError):
            raise answer
        return answer

    def _answer(self, verb: Verb | str, *what: Any) -> Receipt:
        self.did.append((verb, *what))
        answer = self.answers.get(verb, Receipt(DeedState.DONE, "read back"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _now(self, campaign_id: str, state: State, **changes: Any) -> None:
        if campaign_id in self.held:
            self.held[campaign_id] = replace(self.held[campaign_id], state=state, native_state=state.value, **changes)

    def hold(self, campaign: Campaign) -> Receipt:
        receipt = self._answer(Verb.HOLD, campaign.ref.id)
        if receipt.state is DeedState.DONE:
            self._now(campaign.ref.id, State.DRAFT)
        return receipt

    def release(self, campaign_id: str, saved: Mapping[str, Any], at: datetime | None = None) -> Receipt:
        receipt = self._answer(Verb.RELEASE, campaign_id, dict(saved), at)
        if receipt.state is DeedState.DONE:
            self._now(campaign_id, State.SCHEDULED)
        return receipt

    def narrow(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        receipt = self._answer("narrow", campaign.ref.id, label, list(ids))
        if receipt.state is DeedState.DONE:
            self.out[campaign.ref.id] = set(ids)
            self._now(campaign.ref.id, self.held[campaign.ref.id].state, left_out=label)
            receipt = replace(receipt, undo={"list": "L1", **receipt.undo})
        return receipt

    def widen(self, campaign_id: str, undo: Mapping[str, Any]) -> Receipt:
        receipt = self._answer("widen", campaign_id, dict(undo))
        if receipt.state is DeedState.DONE:
            self.out[campaign_id] = set()
            self._now(campaign_id, self.held[campaign_id].state, left_out="")
        return receipt

    def tag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        return self._answer(Verb.TAG, campaign.ref.id, label, list(ids))

    def untag(self, campaign: Campaign, label: str, ids: Sequence[str]) -> Receipt:
        return self._answer(Verb.UNTAG, campaign.ref.id, label, list(ids))

    def comment(self, campaign: Campaign, text: str) -> Receipt:
        return self._answer(Verb.COMMENT, campaign.ref.id, text)

    def resolve(self, campaign: Campaign, text: str) -> Receipt:
        return self._answer("resolve", campaign.ref.id, text)

    def mark(self, campaign: Campaign, label: str) -> Receipt:
        del campaign, label
        return Receipt(DeedState.DONE, "")
