"""VAL009: a common name with two letters in the wrong order, or one key beside the right one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Role, Severity
from presend.reading import NOBODY, Who
from presend_checks._numbers import listed
from presend_checks._printed import Printed, printed, prints_as_is
from presend_checks.values._lexicons import exactly, lines

LEAST = 5
"""Letters of the shortest name that is judged."""
SHOWN = 3
"""Slips that a finding names."""
_OWN_START = "jh"
"""Jhonathan and Jhoanna are how many people in Latin America and the Philippines are called."""
_AS_PARENTS_PLEASE = {"e", "i"}
"""Letters of given names that stand in either order: Daniel and Daneil, Neil and Niel."""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_COLUMNS = frozenset({Role.FIRST_NAME, Role.LAST_NAME})


@check(
    "VAL009",
    "misspelt-name",
    mishaps=["M04"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.AUDIENCE],
    options={"most_alike": 2, "least_common": 5, "times_as_many": 10, "few": 60},
)
def misspelt_name(mail: Mail) -> Iterator[Hit]:
    """A common name is printed with two letters in the wrong order, or with the key beside the right one: "Smiht".

    Why it matters
    People notice their own name before anything else, and a slip in it says that nobody read it.

    How to fix
    Ask the person, or look in the order or the letter that it was typed from; then correct the value where it is kept.
    Do not correct all at once: some people are called so.

    Known limits
    Only names of five plain Latin letters or more are judged, only against names that are common in the United
    States or in many countries, and never where it is the first letter. A spelling that stands in lists of 34,000
    names of many countries and of 90,000 of the United States' census (Micheal, Jeffery) is left alone, unless the
    census has it so rarely that it is a slip there too; so is "ei" for "ie" in a given name. It must be rare here (at
    most `most_alike` people, 2) and the usual one frequent (`least_common`, 5, and `times_as_many`, 10 times the slip).
    Among at most `few` people (60) no name is frequent: there two letters in the wrong order are of medium confidence
    where only one of the recipients has them, and other slips are not seen. A key beside the right one counts only
    where the letters follow each other as in no other name, with medium confidence. One finding per column and part.
    """
    slips: dict[str, dict[str, _Slip]] = {}
    for one in printed(mail):
        if one.role not in _COLUMNS:
            continue
        if one.column not in slips:
            slips[one.column] = _slips(mail, one)
        yield from _hits(mail, one, slips[one.column])


@dataclass(frozen=True, slots=True)
class _Slip:
    """A cell that holds a slip, and what was meant."""

    written: str
    meant: str
    confidence: Confidence


def _hits(mail: Mail, one: Printed, slips: dict[str, _Slip]) -> Iterator[Hit]:
    by_confidence: dict[Confidence, list[str]] = defaultdict(list)
    for cell, slip in slips.items():
        by_confidence[slip.confidence].append(cell)
    for confidence, cells in sorted(by_confidence.items(), reverse=True):
        at, who = _readers(mail, one, cells)
        if at is not None and mail.audience.count(who):
            told = [f"{slips[cell].written} (perhaps {slips[cell].meant})" for cell in cells[:SHOWN]]
            yield Hit(
                at,
                f"{one.column} holds what looks like a slip of the keyboard in a common name: {listed(told)}.",
                f"Look at these people's orders or letters, and correct {one.column} for those who are misspelt.",
                who=who,
                confidence=confidence,
                column=one.column,
                reason=f"{one.column} may be misspelt",
            )


def _readers(mail: Mail, one: Printed, cells: list[str]) -> tuple[Location | None, Who]:
    """The first place that prints the column as it is, and those with one of the cells who reach any such place."""
    at, who = None, NOBODY
    for part, region in one.places:
        if prints_as_is(region, one.column) or region.expression.columns == (one.column,):
            at = at or mail.at(part, region)
            who = who | region.reached()
    return at, who & mail.with_values(one.column, cells)


def _slips(mail: Mail, one: Printed) -> dict[str, _Slip]:
    kind = "given" if one.role is Role.FIRST_NAME else "family"
    usual: Counter[str] = Counter()
    rare: dict[str, tuple[str, str]] = {}
    for value, cell, count in mail.values(one.column):
        word = value.strip() if isinstance(value, str) else ""
        if not (word.isascii() and word.isalpha()):
            continue
        name = word.casefold()
        usual[name] += count
        if (
            len(name) >= LEAST
            and not name.startswith(_OWN_START)
            and name not in _common()
            and name not in exactly("real_spellings")
            and name not in exactly("own_spellings")
        ):
            rare[cell] = name, word
    found: dict[str, _Slip] = {}
    few = sum(usual.values()) <= mail.options["few"]
    for cell, (name, word) in rare.items():
        judged = _meant(name, kind) if usual[name] <= mail.options["most_alike"] else None
        if judged is None:
            continue
        meant, confidence = judged
        least = max(mail.options["least_common"], mail.options["times_as_many"] * usual[name])
        if usual[meant] >= least:
            found[cell] = _Slip(word, meant.capitalize(), confidence)
        elif few and usual[name] == 1 and confidence is Confidence.HIGH:
            found[cell] = _Slip(word, meant.capitalize(), Confidence.MEDIUM)
    return found


def _meant(name: str, kind: str) -> tuple[str, Confidence] | None:
    """The one common name that somebody may have meant, and how sure that is."""
    odd = _odd(name)
    swapped = {
        other: odd or kind == "family" or {name[at], name[at + 1]} != _AS_PARENTS_PLEASE
        for at in range(1, len(name) - 1)
        if kind in _common().get(other := f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}", "")
    }
    if swapped:
        other, sure = next(iter(swapped.items()))
        return (other, Confidence.HIGH) if sure and len(swapped) == 1 else None
    if not odd or len(name) < LEAST + 1:
        return None
    beside = [other for other in _beside(name) if kind in _common().get(other, "")]
    return (beside[0], Confidence.MEDIUM) if len(beside) == 1 else None


def _beside(name: str) -> Iterator[str]:
    for at in range(1, len(name)):
        for row in _KEYS:
            where = row.find(name[at])
            if where >= 0:
                keys = row[max(0, where - 1) : where + 2]
                yield from (name[:at] + key + name[at + 1 :] for key in keys if key != name[at])


def _odd(name: str) -> bool:
    """Whether three of its letters follow each other as they do in hardly any name."""
    whole = f"^{name}$"
    return any(whole[at + 2] not in _behind().get(whole[at : at + 2], "") for at in range(len(whole) - 2))


@cache
def _common() -> dict[str, str]:
    """Common names with what they are: `given`, `family` or both."""
    found = (line.partition(" | ") for line in lines("common_names"))
    return {name: kinds for name, _, kinds in found}


@cache
def _behind() -> dict[str, str]:
    """Which letters follow two others in names."""
    return {line[:2]: line[3:] for line in lines("letter_triples")}
