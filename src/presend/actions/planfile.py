"""A plan as a file, `presend.plan/v1`: exactly what would be done, to be done later if nothing changed since.

The digest finds a file that was cut or edited; it is no signature, since whoever can write the file can write that
too. Keep the file where only those can write it who may run `presend apply`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from presend.actions.crowd import Crowd, crowd_of, ids_of
from presend.actions.plan import Plan
from presend.engine import CampaignResult
from presend.errors import UsageError
from presend.model import Gap, Reversible, Step, Verb
from presend.settings import PolicySettings

SCHEMA = "presend.plan/v1"

_AGAIN = "Make it anew with `presend scan --plan FILE`."


class CrowdV1(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The recipients at the time of the plan."""

    count: int
    digest: str


class CampaignV1(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign that the plan is about; `people` is null where they could not be read."""

    platform: str
    account: str
    id: str
    name: str
    revision: str
    send_at: datetime | None
    people: CrowdV1 | None


class StepV1(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One deed."""

    verb: Literal["hold", "tag", "untag", "exclude", "comment"]
    account: str
    campaign_id: str
    reversible: Literal["exact", "approximate", "no"]
    detail: str
    label: str
    recipients: int
    ids: list[str]


class LimitsV1(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policy's limits when it was made."""

    max_holds: int
    max_recipients: int


class PlanV1(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schema: Literal["presend.plan/v1"]
    version: str
    made: datetime
    limits: LimitsV1
    campaigns: list[CampaignV1]
    steps: list[StepV1]
    digest: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A step of a plan file with what must not have changed since."""

    step: Step
    ids: tuple[str, ...]
    name: str
    people: Crowd | None


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan file that was read and is whole."""

    made: datetime
    max_holds: int
    max_recipients: int
    steps: tuple[Saved, ...]


def write(
    plan: Plan, results: Sequence[CampaignResult], policy: PolicySettings, *, version: str, made: datetime
) -> str:
    """The open steps of a plan. One that a limit refuses has none: it would be refused again."""
    by_ref = {(r.campaign.ref.account, r.campaign.ref.id): r for r in results}
    refs = dict.fromkeys((p.step.account, p.step.campaign_id) for p in plan.open)
    body = {
        "schema": SCHEMA,
        "version": version,
        "made": made.isoformat(),
        "limits": {"max_holds": policy.max_holds, "max_recipients": policy.max_recipients},
        "campaigns": [_campaign(by_ref[ref]) for ref in refs],
        "steps": [
            {
                "verb": p.step.verb.value,
                "account": p.step.account,
                "campaign_id": p.step.campaign_id,
                "reversible": p.step.reversible.value,
                "detail": p.step.detail,
                "label": p.step.label,
                "recipients": p.step.recipients,
                "ids": list(p.ids),
            }
            for p in plan.open
        ],
    }
    return json.dumps(body | {"digest": _digest(body)}, indent=1, ensure_ascii=False) + "\n"


def _campaign(result: CampaignResult) -> dict[str, Any]:
    campaign, audience = result.campaign, result.audience
    at = campaign.schedule.send_at
    return {
        "platform": campaign.ref.platform.value,
        "account": campaign.ref.account,
        "id": campaign.ref.id,
        "name": campaign.ref.name,
        "revision": campaign.revision,
        "send_at": None if isinstance(at, Gap) else at.isoformat(),
        "people": None if audience is None else asdict(crowd_of(ids_of(audience))),
    }


def _digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of the file without its digest, whatever its layout."""
    plain = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def read(data: bytes, now: datetime, name: str) -> SavedPlan:
    """A plan file. Raises UsageError where it is none, was changed, or if a send came due since."""
    try:
        raw = json.loads(data)
        found = msgspec.convert(raw, PlanV1)
    except (ValueError, msgspec.ValidationError) as error:
        kind = "no JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else f"no {SCHEMA}"
        raise UsageError(f"{name} is {kind}, so nothing is done", help=_AGAIN) from None
    if _digest({key: value for key, value in raw.items() if key != "digest"}) != found.digest:
        raise UsageError(f"{name} was changed after it was made, so nothing is done", help=_AGAIN)
    campaigns = {(c.account, c.id): c for c in found.campaigns}
    for campaign in found.campaigns:
        # One that was overdue when the plan was made is as it was: it keeps nobody from applying the rest.
        if campaign.send_at is not None and found.made < campaign.send_at <= now:
            late = f"{campaign.account}:{campaign.id} was to go at {campaign.send_at:%Y-%m-%d %H:%M} UTC"
            raise UsageError(f"{name} is too old: {late}, so nothing is done", help=_AGAIN)
    if any((step.account, step.campaign_id) not in campaigns for step in found.steps):
        raise UsageError(f"{name} has a step about no campaign, so nothing is done", help=_AGAIN)
    steps = tuple(_saved(step, campaigns[step.account, step.campaign_id]) for step in found.steps)
    return SavedPlan(found.made, found.limits.max_holds, found.limits.max_recipients, steps)


def _saved(step: StepV1, campaign: CampaignV1) -> Saved:
    made = Step(
        verb=Verb(step.verb),
        platform=campaign.platform,
        account=campaign.account,
        campaign_id=campaign.id,
        revision=campaign.revision,
        reversible=Reversible(step.reversible),
        detail=step.detail,
        recipients=step.recipients,
        label=step.label,
    )
    people = None if campaign.people is None else Crowd(campaign.people.count, campaign.people.digest)
    return Saved(made, tuple(step.ids), campaign.name, people)


def refused(plan: SavedPlan, policy: PolicySettings) -> str:
    """Why the limits refuse it, with both numbers, or nothing; the stricter of those of then and of now count."""
    holds = sum(1 for s in plan.steps if s.step.verb is Verb.HOLD)
    # The people themselves are counted, not the number that the file gives.
    people = sum(max(len(s.ids), s.step.recipients) for s in plan.steps if s.step.verb is not Verb.COMMENT)
    most_holds = min(plan.max_holds, policy.max_holds)
    most = min(plan.max_recipients, policy.max_recipients)
    if holds > most_holds:
        return f"{holds} campaigns would be held, and max_holds is {most_holds}"
    if people > most:
        return f"{people} records would be written, and max_recipients is {most}"
    return ""
