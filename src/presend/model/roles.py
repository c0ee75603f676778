"""What a column means, told from its name: who is named, what they own, and how long such a fact stays true.

The half-lives are presend's defaults, set by judgement and by figures where there are any: 11.2-11.7 % of people in
the US move in a year (census), e-mail addresses go bad at 23-28 % a year (ZeroBounce reports 2024, 2025). Users set
their own under `[freshness]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum


class Role(StrEnum):
    """Kinds of fact about a person; the value is the key under `[freshness]`."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"
    JOB = "job"
    ADDRESS = "address"
    BIRTHDAY = "birthday"
    POSSESSION = "possession"
    PET = "pet"
    CHILD = "child"
    RELATIONSHIP = "relationship"
    PREFERENCE = "preference"
    MEMBERSHIP = "membership"
    BALANCE = "balance"
    OTHER = "other"


NAMES = frozenset({Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME})
"""Roles whose values are names of people."""

SAID_ALOUD = frozenset({Role.POSSESSION, Role.PET, Role.CHILD, Role.RELATIONSHIP})
"""Roles whose stale values hurt when they are said."""

HALF_LIFE_DAYS: dict[Role, int | None] = {
    Role.FIRST_NAME: None,
    Role.LAST_NAME: 5 * 365,
    Role.FULL_NAME: 5 * 365,
    Role.EMAIL: None,
    Role.PHONE: 3 * 365,
    Role.COMPANY: 2 * 365,
    Role.JOB: 2 * 365,
    Role.ADDRESS: 3 * 365,
    Role.BIRTHDAY: None,
    Role.POSSESSION: 548,
    Role.PET: 2 * 365,
    Role.CHILD: 2 * 365,
    Role.RELATIONSHIP: 2 * 365,
    Role.PREFERENCE: 2 * 365,
    Role.MEMBERSHIP: 365,
    Role.BALANCE: 30,
    Role.OTHER: None,
}
"""Days after which a fact of the kind is too old to rely on; None: it does not age."""

_ABOUT = r"(?: ?(?:(?:first ?)?names?|ages?|birthday|birth ?date|dob))?"
"""What one may know of somebody else: behind the word for whom it is about."""

_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.FIRST_NAME, r"f ?name|first ?name|given ?name|vorname|prenom|nick ?name|preferred ?name"),
    (Role.LAST_NAME, r"l ?name|last ?name|sur ?name|family ?name|nachname"),
    (Role.FULL_NAME, r"full ?name|display ?name|contact ?name"),
    (Role.EMAIL, r"e ?mail(?: address)?"),
    (
        Role.PET,
        r"(?:pets?|dogs?|cats?|puppy|kitten|horse|rabbit)(?: ?s)?" + _ABOUT + r"|pet ?(?:type|breed|species)|breed"
        r"|(?:dog|cat|puppy|kitten|horse) ?breed",
    ),
    (
        Role.CHILD,
        r"(?:child|children|kids?|son|daughter|baby|toddler)(?: ?s)?" + _ABOUT + r"|due ?date",
    ),
    (
        Role.RELATIONSHIP,
        r"(?:spouse|partner|husband|wife|fiancee?|girlfriend|boyfriend)(?: ?s)?" + _ABOUT + r"|marital(?: ?status)?",
    ),
    (
        Role.POSSESSION,
        (
            r"(?:my ?)?(?:cars?|vehicles?|bikes?|bicycle|e ?bike|motor(?:bike|cycle)|boat|scooter|caravan|truck)"
            r"(?: ?(?:model|make|brand|year|type))?|(?:home|house|property) ?type|house"
            r"|phone ?model|device(?: ?model)?|owned ?product|machine"
        ),
    ),
    (Role.JOB, r"job|job ?title|position|occupation|role|profession"),
    (Role.COMPANY, r"company|organi[sz]ation|employer|company ?name"),
    (
        Role.ADDRESS,
        (
            r"(?:(?:home|postal|mailing|shipping|billing|delivery|street) ?)?address"
            r"|(?:street ?)?address ?(?:line ?)?[12]|street|city|town|state|region|country"
            r"|zip|zip ?code|post ?code|postal ?code"
            r"|location(?: .*)?"
        ),
    ),
    (Role.PHONE, r"phone|phone ?number|mobile|mobile ?phone|cell"),
    (Role.BIRTHDAY, r"birthday|birth ?date|date of birth|dob"),
    (
        Role.MEMBERSHIP,
        r"tier|loyalty ?tier|membership|membership ?(?:level|tier|status)|plan|vip|status ?level",
    ),
    (Role.BALANCE, r"points?|loyalty ?points|balance|credits?|store ?credit"),
    (Role.PREFERENCE, r"preference|preferences|favou?rite.*|interests?|size|shoe ?size"),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _WORDS)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def role_of(column: str, label: str = "") -> Role:
    """The role of a column by its name, else by its human label; OTHER when neither tells."""
    for name in (column, label):
        words = " ".join(re.split(r"[\W_]+", _CAMEL.sub(" ", name.rsplit(".", 1)[-1]))).strip().casefold()
        for role, pattern in _PATTERNS:
            if words and pattern.fullmatch(words):
                return role
    return Role.OTHER


def half_lives(freshness: Mapping[str, timedelta]) -> dict[Role, int | None]:
    """Presend's half-lives with the user's own (`[freshness]`) over them. Raises ValueError for an unknown kind."""
    found = dict(HALF_LIFE_DAYS)
    for word, age in freshness.items():
        if word not in {role.value for role in Role}:
            near = get_close_matches(word, [role.value for role in Role], n=1)
            raise ValueError(f"{word!r} is no kind of fact" + (f"; did you mean {near[0]}?" if near else ""))
        found[Role(word)] = age.days
    return found
