"""Names of inboxes that belong to a task (info, uk.sales, salesteam), told by the words that they are made of."""

from __future__ import annotations

from functools import cache

from presend.mail import Mail
from presend.reading import Listed, Who
from presend_checks._addresses import chosen, halves, judged, name_of, on_list, words_of
from presend_checks._lexicon import entries

_JOINED = 4
"""Words of fewer letters stand in names by chance, so they are told only where a sign is beside them (hr.uk)."""
_BESIDE = 3
"""The same of a word that is joined to a longer one (allstaff)."""
_BRIEF = ("it", "hr", "pr", "uk", "us", "eu")
"""Abbreviations that begin such a name and hardly another (itsupport)."""
_WORDS = 4
"""Names of more words are sentences and nicknames."""


@cache
def _tasks() -> frozenset[str]:
    return frozenset(entries("people", "roles"))


@cache
def _sides() -> frozenset[str]:
    return frozenset(entries("people", "role_sides"))


def is_role(name: str) -> bool:
    """Whether every word of a name is of a task, or says of which place or team it is, and one at least of a task."""
    words = words_of(name)
    known = [_known(word) for word in words]
    return 0 < len(words) <= _WORDS and None not in known and True in known


def _known(word: str) -> bool | None:
    """True for a word of a task, False for one that says which, None for any other."""
    tasks, sides = _tasks(), _sides()
    if word in tasks:
        return True
    if word in sides:
        return False
    for one, other in halves(word):
        if (len(one) < _BESIDE and one not in _BRIEF) or len(other) < _BESIDE or max(len(one), len(other)) < _JOINED:
            continue
        if (one in tasks and (other in tasks or other in sides)) or (one in sides and other in tasks):
            return True
    return None


@on_list
def _near() -> Listed:
    """Every such name begins with one of the words, and a short one ends at a sign."""
    words = sorted(_tasks() | _sides())
    long = chosen(word for word in words if len(word) >= _JOINED)
    brief = chosen(word for word in words if len(word) < _JOINED)
    tasks = chosen(word for word in _tasks() if len(word) >= _JOINED)
    return Listed((f"{long}**", f"{brief}(_**)?", f"{brief}{tasks}**"))


def of_roles(mail: Mail) -> Who:
    """Recipients whose address belongs to a task."""
    sure, _perhaps = judged(mail, _near(mail), (), lambda address, _values: is_role(name_of(address)) or None)
    return sure
