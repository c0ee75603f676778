"""Faults and hard negatives of DUP005, DUP006 and CON004: what shows only beside other campaigns and accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bench.mishaps import words
from bench.mishaps.accounts import account
from bench.mishaps.finishing import finished
from bench.mishaps.labels import Label, Mate
from bench.mishaps.letters import Draft
from bench.mishaps.letters import draft as letter
from bench.mishaps.people import ABSENT, crowd, day
from bench.mishaps.phrases_crossing import DISCOUNTS, NO_DISCOUNTS
from bench.mishaps.places import wall
from bench.mishaps.planting import Plant, Unfit, claim, printed_safely
from bench.mishaps.sending import at_once, claim_schedule, next_day
from presend.audience.schema import fact
from presend.model import Campaign, Confidence, Platform, Strategy

NAMES = ("agency", "shop", "events", "old-crm", "sister-brand")
"""What other accounts are called in the settings."""


def _once(draft: Draft, what: str) -> None:
    if draft.closed or what in draft.spoilt:
        raise Unfit
    draft.spoilt.add(what)


def _shared(draft: Draft, share: float) -> list[int]:
    """Some of the readers, each with an address that is nobody else's."""
    seen = draft.crowd.columns[fact("email")]
    return [row for row in draft.crowd.pick(draft.rng, share) if str(seen[row]).startswith("person")]


def mate(draft: Draft, rows: Sequence[int], at: datetime, *, own: bool, offer: str = "") -> Draft:
    """Another letter, due at that moment, which goes to those rows as well; in the same account or another one."""
    rng = draft.rng
    there = draft.account if own else account(rng.choice([p for p in Platform if p is not draft.platform]), rng)
    people = crowd(there, rng, draft.now, 200, draft.home)
    for name in (there.slots["email"].column, fact("email")):
        people.columns[name] = [f"else{row}@example.org" for row in range(200)]
    if own:
        people.ids[:] = [f"m{row:05d}" for row in range(200)]
    for place, row in enumerate(rows[:200]):
        if own:
            people.ids[place] = draft.crowd.ids[row]
        for key in there.slots.keys() & draft.account.slots.keys():
            value = draft.crowd.columns[draft.slot(key).column][row]
            number = key == "points" and str(value).isdigit()
            typed = (str(value) if there.platform is Platform.HUBSPOT else int(value)) if number else value
            people.columns[there.slots[key].column][place] = typed
        people.columns[fact("email")][place] = draft.crowd.columns[fact("email")][row]
        for name in (fact("country"), fact("timezone")):
            cells = draft.crowd.columns.get(name)
            if name in people.columns:
                people.columns[name][place] = ABSENT if cells is None else cells[row]
    made = letter(there, people, rng, draft.now, at)
    made.home, made.held, made.strategy = draft.home, draft.held, Strategy.STATIC
    if offer:
        made.say(offer)
    return made


def _add(draft: Draft, other: Draft, *, own: bool) -> None:
    campaign = finished(other, 900 + len(draft.mates))
    used = {one.campaign.ref.account for one in draft.mates}
    name = "bench" if own else draft.rng.choice([one for one in NAMES if one not in used])
    campaign = replace(campaign, ref=replace(campaign.ref, account=name))
    draft.mates.append(Mate(campaign, other.crowd.batch()))


def _later(draft: Draft, days: int = 4) -> datetime:
    return (draft.stated or draft.send_at) + timedelta(days=days)


def _same_day(draft: Draft) -> list[datetime]:
    """Three hours of one day, by everybody's clock; the last one first, which is the letter that is one too many."""
    if draft.home.wide:
        raise Unfit
    date = next_day(draft)
    hours = draft.rng.sample(range(*draft.home.hours), 3)
    return sorted((wall(draft.home.zone, date, hour) for hour in hours), reverse=True)


def several(draft: Draft) -> list[Label]:
    """DUP006: three letters on one day, for some people, in a house that wants two at the most."""
    found = _one_day(draft, 2)
    draft.settings["DUP006"] = {"mails_a_day": 2}
    return found


def two_discounts(draft: Draft) -> list[Label]:
    """DUP006: two letters on one day, and another discount in each."""
    return _one_day(draft, 1, offers=True)


def _one_day(draft: Draft, others: int, *, offers: bool = False) -> list[Label]:
    if draft.mates:
        raise Unfit
    here, *there = _same_day(draft)
    claim_schedule(draft)
    _once(draft, "mates")
    at_once(draft, here)
    rows = _shared(draft, draft.rng.uniform(0.1, 0.7))[:180]
    if not rows:
        raise Unfit
    offer = draft.phrase(DISCOUNTS) if offers else ""
    if offers:
        draft.say(offer.replace("&", "&amp;"), offer)
    kinds, sure, why = [], Confidence.HIGH, ""
    for at in there[:others]:
        own = draft.rng.random() < 0.5
        theirs = draft.rng.choice(_others(draft, offer)) if offers else ""
        if any(word in f"{offer} {theirs}".lower() for word in ("up to", "students")):
            sure, why = Confidence.MEDIUM, "up to how much, or who of the readers is a student, neither letter says"
        _add(draft, mate(draft, rows, at, own=own, offer=theirs), own=own)
        kinds.append("own" if own else "other")
    kind = f"{'two_discounts' if offers else 'several'} {' '.join(kinds)}"
    who, column = draft.crowd.names(rows), fact("email")
    return [Label("DUP006", who, confidence=sure, why=why, column=column, fault=kind)]


def _others(draft: Draft, offer: str) -> list[str]:
    """Discounts of this half of the list, each surely another than the one offered."""
    mine = _amounts(offer)
    return [one for one in DISCOUNTS[draft.held :: 2] if one != offer and not _amounts(one) & mine]


_IN_WORDS = {"half": "50", "third": "33", "quarter": "25", "fifth": "20", "tenth": "10", "one": "free", "free": "free"}


def _amounts(offer: str) -> set[str]:
    """The numbers in an offer: two letters that name the same one may mean the same offer."""
    words = re.findall(r"[a-z]+", offer.lower())
    return set(re.findall(r"\d+", offer)) | {_IN_WORDS[word] for word in words if word in _IN_WORDS}


def other_name(draft: Draft) -> list[Label]:
    """DUP005: the letter greets people by a first name that another account has otherwise."""
    if draft.mates:
        raise Unfit
    claim(draft, ("first",))
    _once(draft, "mates")
    printed_safely(draft, "first")
    held = draft.crowd.columns[draft.slot("first").column]
    known = [row for row in _shared(draft, 0.3)[:150] if isinstance(held[row], str) and held[row]]
    wrong = known[: max(1, len(known) // 3)]
    if not wrong:
        raise Unfit
    other = mate(draft, known, _later(draft), own=False)
    # Only a name that the other letter greets by is in conflict with this one.
    printed_safely(other, "first")
    there = other.crowd.columns[other.slot("first").column]
    given = [name for name in words.GIVEN if name.isascii() and len(name) > 3]
    for place, row in enumerate(known):
        if row in wrong:
            there[place] = draft.rng.choice([name for name in given if name[:2] != str(held[row])[:2]])
            # M07 asks which copy is fresher: theirs, so that what is printed here is the old one.
            other.crowd.columns[fact("updated_at")][place] = day(draft.now - timedelta(hours=1))
    _add(draft, other, own=False)
    return [Label("DUP005", draft.crowd.names(wrong), column=draft.slot("first").column, fault="other_name")]


def _no_later(draft: Draft, row: int) -> float:
    """Days since this person last said yes here, or gave their data; the whole time since they came where unknown."""
    dates = [
        str(draft.crowd.columns[name][row])
        for name in (fact("consent_at"), fact("confirmed_at"), fact("created_at"))
        if name in draft.crowd.columns and draft.crowd.columns[name][row] is not ABSENT
    ]
    latest = max((datetime.fromisoformat(one) for one in dates), default=draft.now - timedelta(days=400))
    return (draft.now - latest) / timedelta(days=1)


def said_no(draft: Draft) -> list[Label]:
    """CON004: they left another account of the same owner, after they last said yes here."""
    _once(draft, "opted_out")
    rows = [row for row in _shared(draft, draft.rng.uniform(0.01, 0.1)) if _no_later(draft, row) > 1]
    if not rows or draft.opted_out:
        raise Unfit
    told = {_address(draft, row): _ago(draft, _no_later(draft, row) * draft.rng.uniform(0.1, 0.8)) for row in rows}
    draft.opted_out[draft.rng.choice(NAMES)] = told | _strangers(draft)
    known = fact("consent_at") in draft.crowd.columns
    why = "" if known else "nobody knows when they said yes here"
    sure = Confidence.HIGH if known else Confidence.LOW
    who, column = draft.crowd.names(rows), fact("email")
    return [Label("CON004", who, confidence=sure, why=why, column=column, fault="said_no dated")]


def said_no_sometime(draft: Draft) -> list[Label]:
    """CON004: they left another account, nobody knows when."""
    _once(draft, "opted_out")
    rows = _shared(draft, draft.rng.uniform(0.01, 0.1))
    if not rows or draft.opted_out:
        raise Unfit
    draft.opted_out[draft.rng.choice(NAMES)] = frozenset(_address(draft, row) for row in rows) | set(_strangers(draft))
    why = "without a date it may have been before they said yes here"
    who, column = draft.crowd.names(rows), fact("email")
    return [Label("CON004", who, confidence=Confidence.LOW, why=why, column=column, fault="said_no undated")]


def _address(draft: Draft, row: int) -> str:
    return str(draft.crowd.columns[fact("email")][row]).casefold()


def _ago(draft: Draft, days: float) -> str:
    return day(draft.now - timedelta(days=days))


def _strangers(draft: Draft) -> dict[str, str]:
    """People who left there and are not written to here."""
    return {f"gone{n}@example.net": _ago(draft, draft.rng.uniform(1, 900)) for n in range(draft.rng.randint(0, 9))}


def _left_and_came(draft: Draft) -> bool:
    """They left another account, and said yes here since."""
    if fact("consent_at") not in draft.crowd.columns or draft.opted_out:
        return False
    rows, name = _shared(draft, 0.05), draft.rng.choice(NAMES)
    ago = [timedelta(days=draft.rng.uniform(20, 400)) for _row in rows]
    draft.opted_out[name] = _strangers(draft)

    def leave(campaign: Campaign) -> Campaign:
        # At the end: a fault planted later may make consent older.
        dates = draft.crowd.columns[fact("consent_at")]
        told = {
            _address(draft, row): day(datetime.fromisoformat(str(dates[row])) - before)
            for row, before in zip(rows, ago, strict=True)
            if dates[row] is not ABSENT
        }
        draft.opted_out[name] = told | dict(draft.opted_out[name])
        return campaign

    draft.edits.append(leave)
    return True


def _others_left(draft: Draft) -> bool:
    """People left another account who are not written to here, some of them of nearly the same address."""
    if draft.opted_out:
        return False
    rows = _shared(draft, 0.03)
    near = {_address(draft, row).replace("@", "9x@"): _ago(draft, 30) for row in rows}
    draft.opted_out[draft.rng.choice(NAMES)] = near | _strangers(draft)
    return True


def _same_names_there(draft: Draft) -> bool:
    """Another account writes to some of them next week, by the same names."""
    return _beside(draft, _shared(draft, 0.3)[:150], _later(draft, 5), own=False)


def _few_days_apart(draft: Draft) -> bool:
    """The same people get another letter, with another discount, days later."""
    return _beside(draft, _shared(draft, 0.4)[:150], _later(draft, 3), own=True, offer=draft.phrase(DISCOUNTS))


def _others_today(draft: Draft) -> bool:
    """Another letter goes at the same hour, to other people."""
    return _beside(draft, (), draft.stated or draft.send_at, own=True, offer=draft.phrase(DISCOUNTS))


def _one_of_two(draft: Draft) -> bool:
    """Two letters on one day to the same people, and only one of them gives a discount."""
    if draft.home.wide or draft.blackouts.dark or draft.mates or "schedule" in draft.spoilt | draft.crowd.taken:
        return False
    here, there, _third = _same_day(draft)
    at_once(draft, here)
    # The discount is here, where another hard negative may speak of one as well; nothing else is said there.
    draft.say(draft.phrase(DISCOUNTS))
    rows, own = _shared(draft, 0.4)[:150], draft.rng.random() < 0.5
    return _beside(draft, rows, there, own=own, offer=draft.phrase(NO_DISCOUNTS))


def _beside(draft: Draft, rows: Sequence[int], at: datetime, *, own: bool, offer: str = "") -> bool:
    if draft.mates or "schedule" in draft.spoilt | draft.crowd.taken:
        return False
    _add(draft, mate(draft, rows, at, own=own, offer=offer), own=own)
    draft.crowd.taken.add("schedule")
    # The other letter's account holds the names as they are now.
    draft.spoilt.update(("first", "last"))
    return True


PLANTS: tuple[tuple[Plant, int], ...] = (
    (several, 3),
    (two_discounts, 3),
    (other_name, 4),
    (said_no, 3),
    (said_no_sometime, 1),
)
"""Faults with their weights."""

TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _left_and_came,
    _others_left,
    _same_names_there,
    _few_days_apart,
    _others_today,
    _one_of_two,
)
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
