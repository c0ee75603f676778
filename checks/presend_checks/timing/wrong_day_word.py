"""TIM005: "today", "tomorrow" or a weekday that is another day when the mail arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Part, Severity
from presend.reading import EVERYONE, PartReading
from presend_checks._arrival import (
    AT_ONCE,
    Zone,
    Zones,
    begins_at,
    by_share,
    local_arrivals,
    named,
    nowhere,
    people_in,
    wall_times,
    zone,
    zones_of,
)
from presend_checks._copy import copy_of, in_quotes, surely
from presend_checks._numbers import share
from presend_checks.timing._days import Said, bound, explicit
from presend_checks.timing._meant import meant, together
from presend_checks.timing._next_to import beside
from presend_checks.timing._spans import counted, stated

_MUCH = 0.1
"""A share of the recipients from which it is medium."""
_PARTS = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT)


@check(
    "TIM005",
    "wrong-day-word",
    mishaps=["M30"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.SCHEDULE, Need.FACTS],
)
def wrong_day_word(mail: Mail) -> Iterator[Hit]:
    """A word for a day is wrong when the mail arrives: "tomorrow, Friday" on a Friday, "ends tonight" a day on.

    Why it matters
    A campaign that was moved by a day still says tomorrow, and where the day has changed already "tonight" is another
    night: people come on the wrong day, or believe that they have missed it.

    How to fix
    Write the date instead, or send by the recipients' local time.

    Known limits
    A word with a weekday or a date beside it is held against the day of arrival in each recipient's zone, and so is
    what day it is said to be ("It's Friday, so we bake", "Friday special, today only", "Happy Friday", "We hope your
    Friday is going well", "Here is your Friday digest", "one more sleep until Friday"), and the day that the next
    sentence or the line below gives the same event ("is tomorrow! See you on Friday"); so are days that are counted
    ("in two days, on Friday"), this weekend and next week, the last two with a date only. Of the ways in which
    letters name their day there is no end: about one in ten is not heard. A scene ("It's Friday night, the kids
    are hungry") says nothing of the day, and neither do names of series ("Black Friday is here"). A
    weekday further off in the same sentence counts only where it is the sender's own day, for those who have
    another by then. A word alone is judged where it is bound to something ("ends today", "tomorrow at ten"), for a
    send at one moment: it is wrong for those who have another day than the account. What is asked for today ("order
    today, Friday at your door"), quoted, wished or told is left alone, and so are names ("Black Friday") some words
    away. Whether a lone "this Friday" means the next is not judged. People without a zone count as in the
    account's, with medium confidence; fewer than one in ten are low, and below two in a hundred information.
    English first, with some words of a dozen more languages. The same words are told of once in a part.
    """
    days = _days(mail)
    if days is None:
        if any(_said(part) for part in mail.parts if part.part in _PARTS):
            raise CannotTell("the copy names a day by a word, and on which day this send arrives is not known")
        return
    for part in mail.parts:
        if part.part not in _PARTS or part.program.fatal:
            continue
        text = copy_of(part).text
        told: set[str] = set()
        for said in _judged(text, days):
            yield from _once(told, text, said, _wrong(mail, part, said, days))


def _judged(text: str, days: _Days) -> Iterator[Said]:
    """The words for a day that are held against the days of arrival, none twice."""
    covered: set[int] = set()

    def free(said: Said) -> bool:
        fresh = said.start not in covered and said.end - 1 not in covered and not in_quotes(text, said.start, said.end)
        covered.update(range(said.start, said.end))
        return fresh

    yield from filter(free, (*explicit(text), *meant(text), *counted(text), *stated(text), *beside(text)))
    if days.at_one_moment and days.own is not None:
        own = days.own
        yield from filter(free, (said for said in together(text) if said.fits(own)))
        # A word with no day beside it is of the day on which the sender sends it.
        yield from filter(free, bound(text))


def _said(part: PartReading) -> bool:
    text = "" if part.program.fatal else copy_of(part).text
    return any(True for said in (explicit, meant, counted, stated, beside, bound) for _one in said(text))


def _once(told: set[str], text: str, said: Said, hits: Iterator[Hit]) -> Iterator[Hit]:
    """What is wrong with a word, unless a part's same words were told of before."""
    words = " ".join(text[said.start : said.end].split()).casefold()
    if words not in told:
        for hit in hits:
            told.add(words)
            yield hit


@dataclass(frozen=True, slots=True)
class _Days:
    """On which day the mail arrives."""

    zones: Zones
    by_day: dict[date, list[Zone]]
    own: date | None
    """The day in the account's zone, where that is known; taken for those who have none."""
    at_one_moment: bool


def _days(mail: Mail) -> _Days | None:
    """The days of arrival; None where nobody can tell them."""
    walls, begins, account = wall_times(mail), begins_at(mail), zone(mail.schedule.zone)
    if mail.schedule.strategy not in AT_ONCE and len({wall.date() for wall in walls}) != 1:
        return None
    if begins is None and not walls:
        return None
    zones = zones_of(mail)
    by_day: dict[date, list[Zone]] = {}
    for one, times in local_arrivals(mail, zones):
        by_day.setdefault(times[0].date(), []).append(one)
    own = walls[0].date() if walls else begins.astimezone(account).date() if begins and account else None
    return _Days(zones, by_day, own, begins is not None)


def _wrong(mail: Mail, part: PartReading, said: Said, days: _Days) -> Iterator[Hit]:
    """Those who read it on a day for which it is wrong."""
    fits: Callable[[date], bool] = said.fits if said.named is not None or days.own is None else days.own.__eq__
    wrong = [one for day, zones in days.by_day.items() if not fits(day) for one in zones]
    off_here = days.own is not None and days.zones.unknown > 0 and not fits(days.own)
    confidence = Confidence.HIGH
    if off_here and len(wrong) == len(days.zones.zones):
        who = EVERYONE
        confidence = Confidence.HIGH if wrong or _anywhere(days, fits) else Confidence.MEDIUM
    elif wrong:
        who = people_in(mail, wrong)
    elif off_here:
        who, confidence = nowhere(mail, days.zones), Confidence.MEDIUM
    else:
        return
    copy = copy_of(part)
    span = copy.span(said.start, said.end)
    who = who & surely(part, span.start)
    if not (count := mail.audience.count(who)):
        return
    words = " ".join(copy.text[said.start : said.end].split())
    where = f", {named(sorted(wrong, key=lambda one: -one.count))}" if wrong and who != EVERYONE else ""
    yield Hit(
        mail.at(part, span),
        f'"{words}" is another day for {share(count, mail.audience.size)} of the recipients when it arrives{where}.',
        "Write the date instead, or send by the recipients' local time.",
        who=who,
        severity=by_share(count, mail.audience.size, _MUCH),
        confidence=confidence,
        reason=f'reads "{words}" on another day',
    )


def _anywhere(days: _Days, fits: Callable[[date], bool]) -> bool:
    """Whether it is wrong wherever people may be: on the account's day and on those beside it."""
    return days.own is not None and not any(fits(days.own + timedelta(days=off)) for off in (-1, 0, 1))
