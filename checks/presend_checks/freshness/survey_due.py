"""AGE006: people whom nobody has asked for long, and who would answer: time for a "still true?" survey."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity, role_of
from presend.reading import NOBODY, Who, anybody
from presend_checks._numbers import day, lacking, listed, share
from presend_checks.freshness._aged import confirmed, in_conditions, in_copy, known_until

NEEDS = [Need.PARTS, Need.FACTS, Need.SEGMENT]
_DEEDS = ("last_activity_at", "last_order_at")


@check(
    "AGE006",
    "survey-due",
    mishaps=["M10"],
    severity=Severity.LOW,
    needs=NEEDS,
    level=Level.CAMPAIGN,
    options={"due_share": 0.9, "active_days": 365, "min_recipients": 10},
)
def survey_due(mail: Mail) -> Iterator[Hit]:
    """Facts that the mail relies on are about to be too old, or are already, for people who still read their mail.

    Why it matters
    Facts about people age whether or not anybody looks: one in nine moves in a year. Those who still open mails would
    answer a short "is this still true?", and those answers are worth more than any guess.

    How to fix
    Tag these people (`[policy]` can do it by this code) and ask them, once, about the fields that are named.

    Known limits
    Counted are people with a date of the fact past `due_share` (0.9) of the half-life of its kind (`[freshness]`), who
    did something in the last `active_days` (365); where nobody's activity is known the check is silent. Where a field
    has no date of its own, the day counts on which people last confirmed their data, and who confirmed them since is
    not asked again. At least `min_recipients` (10) must be due. What is wrong with the mail itself, stale-fact and
    stale-possession say. One finding per campaign.
    """
    active = _active(mail)
    columns = sorted({column for column, _at, _who in (*in_copy(mail), *in_conditions(mail))})
    due = {column: who for column in columns if (who := _due(mail, column)) != NOBODY}
    *each, everyone = mail.audience.split(active, list(due.values()))
    told = {column: count for column, who in zip(due, each, strict=True) if (count := mail.audience.count(who))}
    people = mail.audience.count(everyone)
    if people < mail.options["min_recipients"]:
        return
    fields = listed([f"{column} ({count})" for column, count in told.items()])
    yield Hit(
        Location(Part.AUDIENCE, expression="survey"),
        f"{share(people, mail.audience.size)} are due for a \u201cstill true?\u201d survey: {fields}.",
        "Tag them, and ask them once whether these facts are still true.",
        who=everyone,
        reason="facts about them are about to be too old",
    )


def _active(mail: Mail) -> Who:
    """Those who did something lately."""
    since = day(mail.send_at, mail.options["active_days"])
    known = [mail.fact(name) for name in _DEEDS if mail.has_fact(name)]
    return anybody(mail.audience.day_between(column, since, None) for column in known)


def _due(mail: Mail, column: str) -> Who:
    """Those whose value was last known true so long ago that it should be asked for again."""
    limit = mail.half_life(role_of(column, mail.labels.get(column, "")))
    dates = mail.as_of(column) or confirmed(mail)
    if limit is None or dates is None:
        return NOBODY
    without, _count = lacking(mail, column)
    return ~without & known_until(mail, dates, day(mail.send_at, round(limit * mail.options["due_share"])))
