"""AGE007: a street address that is said aloud, though it is old, or though other data says that they live elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Role, Severity, role_of
from presend.reading import Who
from presend_checks._fields import is_street, spaced
from presend_checks.freshness._aged import aged, confirmed, in_copy

_POSTCODE = re.compile(r"(?:.* )?(?:zip|zip ?code|post ?code|postal ?code)", re.IGNORECASE)
_COUNTRY = re.compile(r"(?:.* )?country(?: ?code)?", re.IGNORECASE)


@check("AGE007", "old-address", mishaps=["M09"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.FACTS])
def old_address(mail: Mail) -> Iterator[Hit]:
    """An address is printed that was last confirmed long ago, or that does not fit what is known of the person.

    Why it matters
    "Delivered to 4 Mill Row" to somebody who left that house, or the person in it, is a reminder nobody ordered, and
    the parcel goes there too.

    How to fix
    Ask these people for their address instead of telling it, or leave the line out for them.

    Known limits
    A street counts as old by its as-of date and the half-life of addresses (`[freshness]`), unless the person confirmed
    their data since. Without a date of its own the day counts on which they last confirmed or gave their data. A
    postcode or country code that is printed is held against the one that the platform knows as a fact, where both are
    whole; a city or region is not, since one place has many names. One finding per column and part.
    """
    for column, at, who in in_copy(mail):
        if role_of(column, mail.labels.get(column, "")) is not Role.ADDRESS:
            continue
        dates = mail.as_of(column) or confirmed(mail)
        if dates and is_street(mail, column) and (found := aged(mail, column, at, who, dates)) is not None:
            yield Hit(
                found.at,
                f"{column} is printed as the address of people, but {found.says}.",
                "Ask these people whether they still live there, or leave the address out for them.",
                who=found.who,
                column=column,
                reason=f"{column} is too old to be said aloud",
            )
        yield from _conflict(mail, column, at, who)


def _conflict(mail: Mail, column: str, at: Location, who: Who) -> Iterator[Hit]:
    """A printed postcode or country code that is not the one known."""
    name = spaced(column)
    label = mail.labels.get(column, "")
    for fact, pattern, differs in (("postcode", _POSTCODE, _other_postcode), ("country", _COUNTRY, _other_country)):
        if not mail.has_fact(fact) or not (pattern.fullmatch(name) or pattern.fullmatch(label)):
            continue
        wrong = who & _differing(mail, column, mail.fact(fact), differs)
        if mail.audience.count(wrong):
            yield Hit(
                at,
                f"{column} is printed, and the {fact} that the platform knows of these people is another.",
                f"Find out where these people live, and correct {column}, before the mail tells them an address.",
                who=wrong,
                confidence=Confidence.MEDIUM,
                column=column,
                reason=f"{column} does not fit the {fact}",
            )


def _differing(mail: Mail, column: str, fact: str, differs: Callable[[str, str], bool]) -> Who:
    pairs = []
    for held in mail.audience.distinct((column, fact)):
        written, known = held.cells
        if written is None or known is None:
            continue
        row = mail.row((column, fact), held.cells)
        one, other = row[column], row[fact]
        if isinstance(one, str | int) and isinstance(other, str) and differs(str(one), other):
            pairs.append((written, known))
    return mail.audience.where((column, fact), pairs)


def _other_postcode(printed: str, known: str) -> bool:
    """Whether two postcodes are of different places: neither is the beginning of the other (ZIP and ZIP+4)."""
    one, other = (re.sub(r"[\W_]", "", text).casefold().lstrip("0") for text in (printed, known))
    return min(len(one), len(other)) >= 4 and not (one.startswith(other) or other.startswith(one))


def _other_country(printed: str, known: str) -> bool:
    """Whether two codes are of different countries; a name is not held against a code."""
    one, other = printed.strip().upper(), known.strip().upper()
    both = re.fullmatch(r"[A-Z]{2}", one) and re.fullmatch(r"[A-Z]{2}", other)
    return bool(both) and one != other and {one, other} != {"UK", "GB"}
