"""What a plan is made of: steps with the people they are about, and how one is drawn up for a campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from presend.actions.known import Known
from presend.engine import CampaignResult
from presend.errors import PlatformError
from presend.model import Able, Campaign, DeedState, Gap, Severity, Step, Verb
from presend.policy import Decision
from presend.ports import Writer
from presend.settings import PolicySettings


def persons(count: int) -> str:
    """`1 person`, `2 people`."""
    return f"{count} {'person' if count == 1 else 'people'}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A step, the state it has before anything is done, and the people it is about."""

    step: Step
    state: DeedState
    campaign: Campaign
    ids: tuple[str, ...] = field(default=(), repr=False)
    """Who is marked, unmarked or left out. Empty too where a limit refuses the step whatever their names."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run means to do, in that order. `over` is set when a limit refuses the whole of it."""

    planned: tuple[Planned, ...]
    decisions: Mapping[str, tuple[Decision, ...]]
    """By `account/campaign id`: what each finding leads to, also those that lead to nothing."""
    over: str = ""
    offers: tuple[Planned, ...] = ()
    """What presend never does by itself, and a person may: putting a campaign back of which nothing is left to say."""

    @property
    def open(self) -> tuple[Planned, ...]:
        """The steps that can be tried."""
        return tuple(p for p in self.planned if p.state is DeedState.PLANNED)


@dataclass(frozen=True, slots=True)
class Case:
    """All that decides what is done about one campaign."""

    policy: PolicySettings
    result: CampaignResult
    writer: Writer
    decisions: Sequence[Decision]
    known: Known
    now: datetime
    ran: frozenset[str] | None
    """The codes that were looked for; None: all. Only of these it can be said that they are gone."""
    of_sending: frozenset[str]
    """The codes of checks on when and how it goes."""
    severities: Mapping[str, Severity]
    """How bad what each code finds is; a code that is not here may find anything."""
    bound: Callable[[str], Sequence[str] | Gap]
    """`Writer.bound` of the account, asked once per label."""
    wanted_elsewhere: Callable[[str], frozenset[str]]
    """Who carries a label rightly because of another campaign of the account."""

    def leading_to(self, verb: Verb) -> list[Decision]:
        """The decisions for a verb."""
        return [d for d in self.decisions if verb in d.verbs]

    def looked_for(self, code: str) -> bool:
        """Whether this check was among those that ran."""
        return self.ran is None or code in self.ran

    def step(self, verb: Verb, detail: str, *, label: str = "", ids: Sequence[str] = ()) -> Planned:
        """A step as planned, or as what the account cannot do."""
        campaign = self.result.campaign
        ability = self.writer.ability(verb, campaign)
        if ability.able is Able.UNKNOWN and "may be refused" not in ability.detail:
            detail = f"{detail}; may be refused"
        step = Step(
            verb=verb,
            platform=campaign.ref.platform.value,
            account=campaign.ref.account,
            campaign_id=campaign.ref.id,
            revision=campaign.revision,
            reversible=ability.reversible,
            detail=f"{detail}; {ability.detail}" if ability.detail else detail,
            recipients=len(ids),
            label=label,
        )
        state = DeedState.CANNOT if ability.able is Able.NO else DeedState.PLANNED
        return Planned(step, state, campaign, tuple(ids))


def cannot(planned: Planned, why: str) -> Planned:
    """The step as one that will not be tried, with the reason."""
    return replace(planned, state=DeedState.CANNOT, step=replace(planned.step, detail=why), ids=())


def left_alone(planned: Planned, why: str) -> Planned:
    """The step as one that is not tried, as somebody said otherwise; it still says what it would be."""
    return replace(
        planned, state=DeedState.LEFT_ALONE, step=replace(planned.step, detail=f"{planned.step.detail}; {why}")
    )


def asked_once(writer: Writer) -> Callable[[str], Sequence[str] | Gap]:
    """`Writer.bound`, each label asked once; what cannot be read is a Gap."""
    answers: dict[str, Sequence[str] | Gap] = {}

    def bound(label: str) -> Sequence[str] | Gap:
        if label not in answers:
            try:
                answers[label] = writer.bound(label)
            except PlatformError as error:
                answers[label] = Gap(error.message)
        return answers[label]

    return bound
