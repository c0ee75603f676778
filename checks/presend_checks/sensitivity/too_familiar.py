"""SEN005: so many personal facts in one mail that it feels as if somebody had been through one's drawers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Role, Severity
from presend.reading import EVERYONE, NOBODY, Who
from presend_checks._numbers import lacking, listed
from presend_checks._printed import Printed, printed
from presend_checks.sensitivity._revealed import column_kind, field_category

WEIGHTS = {
    Role.CHILD: 2,
    Role.RELATIONSHIP: 2,
    Role.PHONE: 2,
    Role.POSSESSION: 1,
    Role.PET: 1,
    Role.BIRTHDAY: 1,
    Role.ADDRESS: 1,
    Role.JOB: 1,
    Role.BALANCE: 1,
    Role.PREFERENCE: 1,
    Role.LAST_NAME: 1,
    Role.COMPANY: 1,
    Role.MEMBERSHIP: 1,
}
"""What each fact about a person adds; first and full names and addresses of mail add nothing."""
SENSITIVE, TRACKED = 3, 2
ENOUGH = 5
"""The score from which it is said."""
_STREET = re.compile(r"street|address ?[12]?$", re.IGNORECASE)


@check("SEN005", "too-familiar", mishaps=["M17"], severity=Severity.LOW, needs=[Need.PARTS])
def too_familiar(mail: Mail) -> Iterator[Hit]:
    """One mail tells its readers so many facts about themselves that it feels intimate.

    Why it matters
    Each fact alone is service. The dog, the daughter, the car and the town in one mail show how much is stored, and
    that is what people remember of it.

    How to fix
    Use one fact, the one that serves the reader. Choose by the others without printing them.

    Known limits
    A score: a child, a partner and a telephone number count 2, a pet, a possession, a birthday, a place, a job, a
    firm, a tier, a surname, a balance and a preference 1, what only tracking tells 2, what is nobody's business 3; it
    is said from 5 on. What a field means is told from its name or label. Counted are those who read all of them. A
    matter of taste, so it is low and of medium confidence.
    """
    facts: dict[str, tuple[int, Printed]] = {}
    for one in printed(mail):
        kind, weight = _weighed(mail, one)
        if weight and kind not in facts:
            facts[kind] = (weight, one)
    score = sum(weight for weight, _one in facts.values())
    if score < ENOUGH:
        return
    who: Who = EVERYONE
    for _weight, one in facts.values():
        who = who & _readers(mail, one)
    if mail.has_audience and not mail.audience.count(who):
        return
    reasons = listed([f"{one.column} ({kind}, {weight})" for kind, (weight, one) in facts.items()])
    _weight, first = next(iter(facts.values()))
    yield Hit(
        mail.at(*first.places[0]),
        f"One mail tells its readers {len(facts)} things about themselves, a score of {score}: {reasons}.",
        "Use the one fact that serves the reader; choose by the others without printing them.",
        who=who if mail.has_audience else None,
        confidence=Confidence.MEDIUM,
        reason=f"reads {len(facts)} facts about themselves in one mail",
    )


def _weighed(mail: Mail, one: Printed) -> tuple[str, int]:
    """The kind of fact that a printed column is, and what it adds."""
    label = mail.labels.get(one.column, "")
    if category := field_category(one.column, label):
        return category, SENSITIVE
    if kind := column_kind("tracked_fields", one.column, label):
        return kind, TRACKED
    weight = WEIGHTS.get(one.role, 0)
    return one.role.value, weight + (1 if one.role is Role.ADDRESS and _STREET.search(one.column) else 0)


def _readers(mail: Mail, one: Printed) -> Who:
    """Those who have the fact and get to a place that prints it."""
    if not mail.has_audience:
        return EVERYONE
    reached = NOBODY
    for _part, region in one.places:
        reached = reached | region.reached()
    return reached & ~lacking(mail, one.column)[0]
