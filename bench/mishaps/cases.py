"""Draws campaigns from a seed: half of them clean, the others with one fault or two."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bench.mishaps import (
    faults_blank,
    faults_claims,
    faults_consent,
    faults_copy,
    faults_crossing,
    faults_fields,
    faults_oversight,
    faults_people,
    faults_rest,
    faults_segments,
    faults_sensitive,
    faults_tags,
    faults_timing,
    faults_values,
    healthy,
    trust,
    twins_segments,
)
from bench.mishaps.accounts import account
from bench.mishaps.finishing import finished
from bench.mishaps.labels import Case, Label
from bench.mishaps.letters import Draft, draft
from bench.mishaps.people import crowd, day
from bench.mishaps.places import CHANGES, home
from bench.mishaps.planting import Plant, Unfit
from presend.model import (
    ChecklistItem,
    Confidence,
    Gap,
    ItemState,
    Kind,
    Platform,
    Source,
)

CLEAN = 0.4
"""Share of campaigns without a fault."""
TWO = 0.3
"""Share of the faulty ones with a second fault."""

CHANGING = 0.12
"""Share of campaigns on the eve of a change of the clocks."""

UNPLANTED: frozenset[str] = frozenset()
"""Codes for which nobody has written a fault yet: their pages say "not measured"."""

PLANTS: tuple[tuple[Plant, int], ...] = (
    (faults_tags.syntax, 8),
    (faults_blank.no_fallback, 3),
    (faults_tags.unknown, 3),
    (faults_tags.broken, 9),
    (faults_tags.foreign, 2),
    (faults_tags.placeholder, 2),
    (faults_blank.empty_fallback, 2),
    (faults_blank.prints_none, 4),
    (faults_blank.skipped, 4),
    (faults_blank.event_data, 4),
    (faults_blank.blank_part, 3),
    (faults_blank.blank_link, 3),
    (faults_blank.never_matches, 2),
    (faults_tags.group, 5),
    (faults_blank.unreliable, 5),
    (faults_tags.parts_disagree, 2),
    (faults_tags.in_comment, 3),
    (faults_values.blank_value, 2),
    (faults_values.junk, 2),
    (faults_values.shouting, 2),
    (faults_values.no_name, 2),
    (faults_values.template, 3),
    (faults_values.garbled, 3),
    (faults_blank.incomplete, 3),
    (faults_rest.stale_fact, 4),
    (faults_rest.dormant, 2),
    (faults_rest.stale_source, 3),
    (faults_rest.frozen, 3),
    (faults_rest.stale_possession, 8),
    (faults_rest.checklist, 4),
    (faults_rest.past, 3),
    (faults_blank.cut_link, 1),
    *faults_fields.PLANTS,
    *faults_consent.PLANTS,
    *faults_timing.PLANTS,
    *faults_oversight.PLANTS,
    *faults_segments.PLANTS,
    *faults_people.PLANTS,
    *faults_crossing.PLANTS,
    *faults_claims.PLANTS,
    *faults_sensitive.PLANTS,
    *faults_copy.PLANTS,
)
"""Faults with their weights; those that one platform alone can have weigh more. The rates that MISHAP_RATES gives
are rates of people within an audience, and are in the faults; a benchmark with one faulty campaign in three hundred,
as in the field, would take a hundred thousand campaigns to say anything of recall."""

HARD = (
    *faults_fields.TRICKS,
    *faults_consent.TRICKS,
    *faults_timing.TRICKS,
    *faults_oversight.TRICKS,
    *twins_segments.TRICKS,
    *faults_people.TRICKS,
    *faults_crossing.TRICKS,
    *faults_claims.TRICKS,
    *faults_sensitive.TRICKS,
    *faults_copy.TRICKS,
)
"""Hard negatives of the families, put into clean and faulty letters alike; each says whether it could stand there."""


def cases(seed: int, campaigns: int, *, held: bool = True) -> Iterator[Case]:
    """The campaigns of a seed, one at a time; the n-th depends on the seed, n and the half of the phrases alone."""
    for number in range(campaigns):
        yield case(seed, number, held=held)


def case(seed: int, number: int, *, held: bool = True, clean: bool = False) -> Case:
    """One campaign with its people and labels.

    `held`: with phrases that no check was mended by; `clean`: without a fault, whatever the dice say.
    """
    rng = random.Random(f"mishaps/{seed}/{number}")
    platform = tuple(Platform)[number % 3]
    now = datetime(2026, 1, 5, 7, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 300))
    if rng.random() < CHANGING:
        now = rng.choice(CHANGES) - timedelta(minutes=rng.randrange(18 * 60, 40 * 60))
    owner = account(platform, rng)
    where = home(rng)
    made = draft(owner, crowd(owner, rng, now, home=where), rng, now, now + timedelta(hours=rng.uniform(1, 24)))
    made.held = held
    _settle(made)
    healthy.settle(made, where)
    trust.settle(made)
    for trick in rng.sample(HARD, min(len(HARD), rng.randint(0, 4))):
        if trick(made):
            made.tricks.append(trick.__name__.strip("_"))
    labels: list[Label] = []
    wanted = 0 if clean or rng.random() < CLEAN else 2 if rng.random() < TWO else 1
    for _fault in range(wanted):
        labels += _plant(made, rng)
    trust.keep_true(made)
    campaign = finished(made, number)
    for edit in made.edits:
        campaign = edit(campaign)
    if campaign.ref.kind is Kind.AUTOMATION:
        labels = [_less_sure(one) for one in labels]
    return Case(
        f"{seed}/{number}",
        campaign,
        day(now),
        made.crowd.batch(),
        tuple(labels),
        tuple(made.tricks),
        made.record,
        made.blackouts,
        made.settings,
        tuple(made.mates),
        made.opted_out,
    )


def _less_sure(label: Label) -> Label:
    """What may be known of an automation: not whom it writes to next, and a mail to one person may need no reason."""
    most = {"CON004": Confidence.MEDIUM, "CON005": Confidence.LOW}.get(label.code)
    if most is None:
        return label
    why = "whom an automation writes to next, and what for, nobody knows"
    return replace(label, confidence=min(label.confidence, most), why=label.why or why)


def _settle(made: Draft) -> None:
    """What a healthy account says of itself: fresh sources, a checklist without complaints."""
    rng = made.rng
    made.sources = [Source("contact updates", made.now - timedelta(hours=rng.uniform(0.2, 8)))]
    if rng.random() < 0.2:
        made.sources.append(Source("orders", Gap("the account has no shop")))
    if made.platform is Platform.MAILCHIMP:
        made.checklist = tuple(ChecklistItem(ItemState.OK, name) for name in faults_rest.LIST_ITEMS)


def _plant(made: Draft, rng: random.Random) -> list[Label]:
    """One fault that fits; none where a first one leaves no room."""
    plants, weights = zip(*PLANTS, strict=True)
    for _attempt in range(12):
        try:
            chosen: Plant = rng.choices(plants, weights)[0]
            labels = chosen(made)
            made.planted.append(chosen.__name__)
            return labels
        except Unfit:
            continue
    return []
