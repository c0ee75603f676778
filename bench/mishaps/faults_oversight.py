"""Faults and hard negatives of OPS003 to OPS007, AGE006 and AGE007."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bench.mishaps.accounts import Slot
from bench.mishaps.extra_fields import add, printed
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import day
from bench.mishaps.planting import LINES, Plant, Unfit, claim
from bench.mishaps.trust import confirmed_dates
from presend.audience.schema import as_of, fact
from presend.model import Campaign, Confidence, Gap, Kind, Part, Platform, Schedule, State, Strategy

REASONS = ("it goes to {n} people", "it has a finding of severity high", "the account asks for it")
PEOPLE = ("ann", "bo", "chidi", "dana")
_OTHER_SUBJECTS = ("The kettle is on", "Four things from the yard", "A letter, and a map", "What we made this month")
_STREETS = (
    "3 Loft Lane",
    "418 Harbor Street, Suite 2B",
    "Am Untermarkt 14",
    "12 rue des Tanneurs",
    "Flat 2, 19 Shore Brae",
    "PO Box 7193",
    "27 Pier Avenue",
    "Kerkstraat 9a",
)


def _once(draft: Draft, what: str) -> None:
    if draft.closed or what in draft.spoilt:
        raise Unfit
    draft.spoilt.add(what)


def unapproved(draft: Draft) -> list[Label]:
    """OPS003: it needs an approval and has none, or too few, or one that an edit has ended."""
    _once(draft, "approval")
    rng = draft.rng
    needed = rng.choice((1, 1, 2, 3))
    by = tuple(rng.sample(PEOPLE, rng.randrange(needed)))
    why = rng.choice(REASONS).format(n=f"{len(draft.crowd.ids):,}")
    draft.record = replace(draft.record, needed=needed, why=why, approved_by=by, void=rng.choice((0, 0, 1, 2)))
    return [Label("OPS003", draft.crowd.everyone(), fault=f"unapproved {len(by)} of {needed}")]


def tested_before_edit(draft: Draft) -> list[Label]:
    """OPS004: the last test was of what the campaign was before it was edited."""
    _once(draft, "test")
    before = draft.now - timedelta(hours=draft.rng.choice((7, 9, 30, 24 * 9)))
    draft.record = replace(draft.record, tested_at=before, tested_now=False)
    return [Label("OPS004", draft.crowd.everyone(), fault="tested_before_edit")]


def never_tested(draft: Draft) -> list[Label]:
    """OPS004: nobody recorded a test."""
    _once(draft, "test")
    draft.record = replace(draft.record, tested_at=None, tested_now=False)
    why = "no platform tells of tests: no record of one is no proof that there was none"
    return [
        Label("OPS004", draft.crowd.everyone(), confidence=Confidence.LOW, info=True, why=why, fault="never_tested")
    ]


def _varied(draft: Draft, labels: str) -> None:
    """Give the campaign further variants, which differ in their subject alone."""
    subjects = draft.rng.sample(_OTHER_SUBJECTS, len(labels))

    def edit(campaign: Campaign) -> Campaign:
        first = campaign.messages[0]
        others = [
            replace(first, id=f"{first.id}{label}", label=label, parts={**first.parts, Part.SUBJECT: subject})
            for label, subject in zip(labels, subjects, strict=True)
        ]
        return replace(campaign, messages=(first, *others))

    draft.edits.append(edit)


def unread_variant(draft: Draft) -> list[Label]:
    """OPS007: somebody looked at A, and nobody at the variants beside it."""
    _once(draft, "test")
    labels = draft.rng.choice(("B", "B", "BC"))
    _varied(draft, labels)
    seen = draft.now - timedelta(hours=draft.rng.uniform(0.5, 50))
    draft.record = replace(draft.record, tested_at=seen, tested_now=True, untested=tuple(labels))
    return [Label("OPS007", draft.crowd.everyone(), fault=f"unread_variant {labels}")]


def _automate(draft: Draft, days: float) -> None:
    """Make it an automation that is live and was last changed so many days ago."""
    changed = draft.now - timedelta(days=days)
    why = Gap("an automation goes whenever somebody does what starts it")
    native = {Platform.MAILCHIMP: "sending", Platform.KLAVIYO: "live", Platform.HUBSPOT: "AUTOMATED"}[draft.platform]

    def edit(campaign: Campaign) -> Campaign:
        return replace(
            campaign,
            ref=replace(campaign.ref, kind=Kind.AUTOMATION),
            state=State.LIVE,
            native_state=native,
            schedule=Schedule(Strategy.IMMEDIATE, why, why, why, campaign.schedule.zone),
            updated_at=changed,
        )

    draft.edits.append(edit)


def _unscheduled(draft: Draft) -> None:
    """It goes at no hour of its own. Raises Unfit where the letter goes by one, as where it names the day."""
    if "schedule" in draft.crowd.taken:
        raise Unfit
    _once(draft, "schedule")


def forgotten(draft: Draft) -> list[Label]:
    """OPS006: an automation that nobody has changed for more than a year and that writes to people every day."""
    _unscheduled(draft)
    _automate(draft, draft.rng.uniform(380, 1500))
    return [Label("OPS006", draft.crowd.everyone(), fault="forgotten")]


def forgotten_here(draft: Draft) -> list[Label]:
    """OPS006: the account's owner wants automations to be looked at every quarter."""
    _unscheduled(draft)
    draft.settings["OPS006"] = {"days": 90}
    _automate(draft, draft.rng.uniform(100, 340))
    return [Label("OPS006", draft.crowd.everyone(), fault="forgotten own days")]


def survey_due(draft: Draft) -> list[Label]:
    """AGE006: what is printed was last known true nearly as long ago as such facts hold; they still read us."""
    _once(draft, "activity")
    jobs = () if draft.platform is Platform.KLAVIYO else ("job",)
    key = claim(draft, ("city", "company", *jobs, "tier"), unused=True)
    slot = draft.slot(key)
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.12, 0.6))
    kind = _date(draft, slot, rows, 0.92, 0.985)
    silent = set(draft.rng.sample(rows, len(rows) // 6))
    draft.crowd.quiet(silent, draft.rng, 400, 650)
    draft.say(LINES[key].format(draft.pen.bare(slot)))
    who = draft.crowd.names(row for row in rows if row not in silent)
    why = "who has been silent for a year is no reader to be asked, but is due all the same"
    return [
        Label("AGE006", who, slot.token, or_affected=(draft.crowd.names(rows),), why=why, fault=f"survey_due {kind}")
    ]


def _date(draft: Draft, slot: Slot, rows: list[int], least: float, most: float) -> str:
    """Age a field for some people, between two shares of its half-life: by its own date or by their last word."""
    rng, life = draft.rng, slot.half_life or 3 * 365
    confirmed_dates(draft)
    confirmed, dates = draft.crowd.columns[fact("confirmed_at")], draft.crowd.columns[as_of(slot.column)]
    # HubSpot's history dates every property (INTERFACE, Facts).
    own = draft.platform is Platform.HUBSPOT or rng.random() < 0.5
    for row in rows:
        then = day(draft.now - timedelta(days=life * rng.uniform(least, most)))
        confirmed[row], dates[row] = then, then
    if own:
        return "own date"
    # Without a date of its own a field is as old as the last word of the person.
    del draft.crowd.columns[as_of(slot.column)]
    for row in set(range(len(confirmed))) - set(rows):
        confirmed[row] = day(draft.now - timedelta(days=min(life, 400) * rng.uniform(0.02, 0.5)))
    return "last word"


def old_address(draft: Draft) -> list[Label]:
    """AGE007: the letter prints a street that nobody has confirmed for three years and more."""
    street = add(draft, "street", [draft.rng.choice(_STREETS) for _one in draft.crowd.ids])
    draft.spoilt.add("street")
    return [_old(draft, street, "street")]


def old_postal_address(draft: Draft) -> list[Label]:
    """AGE007: a whole address, as Mailchimp holds and prints it, and a number of lines elsewhere."""
    rng = draft.rng
    if draft.platform is Platform.MAILCHIMP:
        values: list[object] = [
            {"addr1": rng.choice(_STREETS), "city": "Duluth", "state": "MN", "zip": "55802", "country": "US"}
            for _one in draft.crowd.ids
        ]
        street = add(draft, "street", values, "address")
    else:
        street = add(draft, "street", [f"{rng.choice(_STREETS)}, Duluth, MN 55802" for _one in draft.crowd.ids])
    draft.spoilt.add("street")
    return [_old(draft, street, "whole")]


def _old(draft: Draft, slot: Slot, kind: str) -> Label:
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.05, 0.5))
    by = _date(draft, slot, rows, 1.15, 2.6)
    printed(draft, "street", draft.pen.bare(slot))
    why = "so old a fact is past its half-life, and its owners are due to be asked"
    return Label(
        "AGE007",
        draft.crowd.names(rows),
        slot.token,
        also=("AGE001", "AGE006", "VAL007"),
        why=why,
        fault=f"old_address {kind} {by}",
    )


PLANTS: tuple[tuple[Plant, int], ...] = (
    (unapproved, 2),
    (tested_before_edit, 2),
    (never_tested, 1),
    (unread_variant, 2),
    (forgotten, 2),
    (forgotten_here, 1),
    (survey_due, 2),
    (old_address, 2),
    (old_postal_address, 1),
)
"""Faults with their weights."""


def _approved(draft: Draft) -> bool:
    """It needed an approval, or two, and has them; earlier ones were ended by edits."""
    if "approval" in draft.spoilt:
        return False
    draft.spoilt.add("approval")
    needed = draft.rng.choice((1, 1, 2))
    by = tuple(draft.rng.sample(PEOPLE, needed + draft.rng.randrange(2)))
    why = draft.rng.choice(REASONS).format(n=f"{len(draft.crowd.ids):,}")
    draft.record = replace(draft.record, needed=needed, why=why, approved_by=by, void=draft.rng.choice((0, 1, 3)))
    return True


def _needs_none(draft: Draft) -> bool:
    """Nobody has to approve it; an approval that an edit ended changes nothing."""
    if "approval" in draft.spoilt:
        return False
    draft.spoilt.add("approval")
    draft.record = replace(draft.record, needed=0, void=draft.rng.randint(1, 3))
    return True


def _tested_long_ago(draft: Draft) -> bool:
    """Tested three weeks ago, and not a word was changed since."""
    if "test" in draft.spoilt:
        return False
    draft.spoilt.add("test")
    draft.record = replace(draft.record, tested_at=draft.now - timedelta(days=21), tested_now=True)
    return True


def _all_variants_tested(draft: Draft) -> bool:
    """Two variants or three, and somebody looked at each, or at the campaign as a whole."""
    if draft.closed or "test" in draft.spoilt:
        return False
    draft.spoilt.add("test")
    _varied(draft, draft.rng.choice(("B", "BC")))
    return True


def _looked_after(draft: Draft) -> bool:
    """An automation that somebody has changed within the year."""
    if draft.closed or "schedule" in draft.crowd.taken or draft.spoilt & {"schedule", "audience"}:
        return False
    draft.closed = True
    _automate(draft, draft.rng.uniform(1, 340))
    return True


def _looked_after_here(draft: Draft) -> bool:
    """An automation of two years in an account whose owner gives them three."""
    if draft.closed or "schedule" in draft.crowd.taken or draft.spoilt & {"schedule", "audience"}:
        return False
    draft.closed = True
    draft.settings["OPS006"] = {"days": 1095}
    _automate(draft, draft.rng.uniform(400, 1000))
    return True


def _few_due(draft: Draft) -> bool:
    """Fewer than ten people whom one could ask."""
    return _ages(draft, draft.rng.randint(1, 8), 0.92, 0.985)


def _not_due_yet(draft: Draft) -> bool:
    """Half the people's facts are of middle age."""
    return _ages(draft, len(draft.crowd.ids) // 2, 0.6, 0.85)


def _ages(draft: Draft, count: int, least: float, most: float) -> bool:
    free = [k for k in ("city", "company", "tier") if k not in draft.crowd.taken and k not in draft.spoilt]
    if not free or len(draft.crowd.ids) < 2 * count:
        return False
    key = draft.rng.choice(free)
    draft.crowd.taken.add(key)
    draft.spoilt.add(key)
    slot = draft.slot(key)
    rows = draft.rng.sample(range(len(draft.crowd.ids)), count)
    dates = draft.crowd.columns[as_of(slot.column)]
    for row in rows:
        dates[row] = day(draft.now - timedelta(days=(slot.half_life or 365) * draft.rng.uniform(least, most)))
    draft.say(LINES[key].format(draft.pen.bare(slot)))
    return True


def _address_confirmed(draft: Draft) -> bool:
    """A street on record for years, which its owner has confirmed within the year."""
    try:
        slot = add(draft, "street", [draft.rng.choice(_STREETS) for _one in draft.crowd.ids])
    except Unfit:
        return False
    # Nothing after this may take back that they confirmed it.
    draft.spoilt.update(("activity", "pet", "car", "city", "company", "job", "tier", "points"))
    confirmed_dates(draft)
    dates = draft.crowd.columns[as_of(slot.column)]
    for row in draft.crowd.pick(draft.rng, 0.4):
        # What somebody said on the day they came in confirms nothing that is older: only a later word does.
        came, said = (draft.crowd.columns[fact(name)][row] for name in ("created_at", "confirmed_at"))
        if isinstance(came, str) and isinstance(said, str) and said[:10] > came[:10]:
            dates[row] = day(draft.now - timedelta(days=draft.rng.uniform(1300, 2500)))
    printed(draft, "street", draft.pen.bare(slot))
    return True


def _address_fresh(draft: Draft) -> bool:
    """A street that is printed and fresh."""
    try:
        slot = add(draft, "street", [draft.rng.choice(_STREETS) for _one in draft.crowd.ids])
    except Unfit:
        return False
    printed(draft, "street", draft.pen.bare(slot))
    return True


def _address_unseen(draft: Draft) -> bool:
    """Old streets on record, of which the letter says nothing."""
    try:
        slot = add(draft, "street", [draft.rng.choice(_STREETS) for _one in draft.crowd.ids])
    except Unfit:
        return False
    dates = draft.crowd.columns[as_of(slot.column)]
    for row in draft.crowd.pick(draft.rng, 0.5):
        dates[row] = day(draft.now - timedelta(days=draft.rng.uniform(1300, 2500)))
    return True


TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _approved,
    _needs_none,
    _tested_long_ago,
    _all_variants_tested,
    _looked_after,
    _looked_after_here,
    _few_due,
    _not_due_yet,
    _address_confirmed,
    _address_fresh,
    _address_unseen,
)
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
