"""Faults of age and of the send itself: AGE001 to AGE005, OPS001 and OPS002."""

from __future__ import annotations

from datetime import timedelta

from bench.mishaps.healthy import DEED, segment
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import day
from bench.mishaps.planting import LINES, Unfit, claim, only
from presend.audience.schema import fact
from presend.model import ChecklistItem, Ground, ItemState, Joint, Leaf, Op, Platform, Source, State, Strategy

LIST_ITEMS = ("List", "Subject", "From", "Content", "Tracking", "Authentication", "Reply-to")


def stale_fact(draft: Draft) -> list[Label]:
    """AGE001: a city, company, job, tier or balance that is older than such facts hold."""
    # Klaviyo's `title` may be a job or a form of address: the documents do not tell.
    jobs = () if draft.platform is Platform.KLAVIYO else ("job",)
    key = claim(draft, ("city", "company", *jobs, "tier", "points"), unused=True)
    asked = ("AGE006", "AGE007") if key == "city" else ("AGE006",)
    why = "who has so old a fact is due to be asked for it (M10), and a city is a part of an address (M09)"
    return [Label("AGE001", _aged(draft, key), draft.slot(key).token, also=asked, why=why, fault=f"stale_fact {key}")]


def stale_possession(draft: Draft) -> list[Label]:
    """AGE005: a pet or a car said aloud long after anybody last heard of it."""
    key = claim(draft, ("pet", "car"), unused=True)
    why = "M08 and M10 both ask for the age of the fact against its half-life, and who is due to be asked"
    also, token = ("AGE001", "AGE006"), draft.slot(key).token
    return [Label("AGE005", _aged(draft, key), token, also=also, why=why, fault=f"possession {key}")]


def _aged(draft: Draft, key: str) -> frozenset[str]:
    slot = draft.slot(key)
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.05, 0.6))
    draft.crowd.age(slot, draft.rng, stale=rows)
    draft.say(LINES[key].format(draft.pen.bare(slot)))
    return draft.crowd.names(rows)


def dormant(draft: Draft) -> list[Label]:
    """AGE002: nobody in most of the audience has done anything for three years and more."""
    _once(draft, "activity")
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.6, 0.95))
    for row in rows:
        draft.crowd.columns[fact("created_at")][row] = day(draft.now - timedelta(days=draft.rng.uniform(2600, 4000)))
    draft.crowd.quiet(rows, draft.rng, 1150, 2500)
    why = "who has not been heard of since an old consent has that as well"
    return [Label("AGE002", draft.crowd.names(rows), also=("CON006",), why=why, fault="dormant")]


def _once(draft: Draft, what: str) -> None:
    if draft.closed or what in draft.spoilt:
        raise Unfit
    draft.spoilt.add(what)


def stale_source(draft: Draft) -> list[Label]:
    """AGE003: the feed that this is judged by has stood still for weeks."""
    _once(draft, "sources")
    late = draft.now - timedelta(days=draft.rng.uniform(20, 60))
    name = draft.rng.choice(("contact updates", "the orders of the web shop", "the CRM sync"))
    draft.sources[:] = [Source(name, late)]
    column = draft.crowd.columns[fact("updated_at")]
    for row in range(len(column)):
        column[row] = day(late - timedelta(days=draft.rng.uniform(0, 30)))
    return [Label("AGE003", draft.crowd.everyone(), fault=f"stale_source {name}")]


def frozen(draft: Draft) -> list[Label]:
    """AGE004: the recipients were fixed days ago, and some people's data has changed since."""
    only(draft, Platform.MAILCHIMP)
    claim(draft, ("tier",), unused=True)
    _once(draft, "audience")
    _once(draft, "sources")
    since = draft.now - timedelta(days=draft.rng.uniform(5, 20))
    draft.frozen_since = since
    tier = draft.slot("tier").column
    draft.crowd.put(tier, range(len(draft.crowd.ids)), "Gold")
    draft.audience = segment("Gold readers", Joint(True, (Leaf(Ground.FIELD, tier, Op.IS, ("Gold",)), DEED)))
    column = draft.crowd.columns[fact("updated_at")]
    rows = set(draft.crowd.pick(draft.rng, draft.rng.uniform(0.1, 0.7)))
    for row in range(len(column)):
        gap = timedelta(days=draft.rng.uniform(1.2, 3.5))
        column[row] = day(since + gap if row in rows else since - timedelta(days=draft.rng.uniform(1.2, 90)))
    return [Label("AGE004", draft.crowd.names(rows), fault="frozen")]


def checklist(draft: Draft) -> list[Label]:
    """OPS001: the platform's own list says that the campaign is not ready."""
    only(draft, Platform.MAILCHIMP)
    _once(draft, "checklist")
    bad = draft.rng.randrange(len(LIST_ITEMS))
    state = draft.rng.choice((ItemState.ERROR, ItemState.WARNING))
    draft.checklist = tuple(
        ChecklistItem(state if n == bad else ItemState.OK, name, "Please look at this." if n == bad else "")
        for n, name in enumerate(LIST_ITEMS)
    )
    return [Label("OPS001", draft.crowd.everyone(), fault=f"checklist {state.value}")]


def past(draft: Draft) -> list[Label]:
    """OPS002: it should have gone hours ago and still says scheduled."""
    if "schedule" in draft.crowd.taken:
        raise Unfit
    _once(draft, "schedule")
    draft.stated = None
    draft.send_at = draft.now - timedelta(hours=draft.rng.uniform(2, 60))
    draft.state, draft.strategy = State.SCHEDULED, Strategy.STATIC
    why = "nobody can say when it will arrive, and nobody can stop what should have gone"
    late = ("TIM001", "TIM002", "TIM004", "TIM005")
    return [Label("OPS002", draft.crowd.everyone(), also=late, why=why, fault="past")]
