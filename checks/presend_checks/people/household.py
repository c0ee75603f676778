"""DUP003: several people of one home, each greeted as if alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Role, Severity, role_of
from presend.reading import NOBODY, Fold, Who
from presend_checks._addresses import judged, name_of, plain
from presend_checks._fields import is_street
from presend_checks.people._given import several
from presend_checks.people._homes import letters_of, of_families, of_homes, of_several, speaks_for_several
from presend_checks.people._inboxes import MOST, Greeting, by_inbox, greeting, shared_addresses


@check("DUP003", "household", mishaps=["M19"], severity=Severity.LOW, needs=[Need.PARTS, Need.FACTS])
def household(mail: Mail) -> Iterator[Hit]:
    """Several recipients share a home, and the copy speaks to each as if they lived alone.

    Why it matters
    "Your table for one", a voucher "only for you" or a new customers' price lies in the same kitchen twice, for two
    people who compare.

    How to fix
    Send one mail to a home, or say what holds for the whole household.

    Known limits
    Sure where a fact `household` says so, and where recipients of different given names have one address, each of
    whom is called by name. Names that one person may go by both (Ann and Anne, Bob and Robert) are
    conflicting-copies'; where addresses differ by what follows a plus, or by dots at Gmail, confidence is medium. So
    it is for people with one street, postcode and family name, where these are among the fields that the copy or the
    segment reads. Copies of one person are same-person-twice's: a home counts only where names in it differ. An
    address speaks for several where it says so (smithfamily, anna.and.tom, mumanddad), and the better so where the
    family's name is the recipient's own or a common one; what may as well be a firm or a joke (the.boss.s, our.home)
    is of low confidence. Silent where the mail calls nobody by name.
    """
    found = greeting(mail)
    if found is None:
        return
    told = NOBODY
    for one in (*_at_home(mail, found), *_in_one_inbox(mail, found), *_of_a_family(mail, found)):
        who = one.who & found.who & ~told
        told = told | who
        if count := mail.audience.count(who):
            yield Hit(
                replace(found.at, expression=f"{found.column}, {one.how}"),
                f"{count} recipients {one.how}, and each is called by name as if alone.",
                "Send one mail to a home, or say what holds for the whole household.",
                who=who,
                confidence=one.confidence,
                column=found.column,
                reason=one.reason,
            )


@dataclass(frozen=True, slots=True)
class _Home:
    """Recipients who do not read alone, and how one knows."""

    who: Who
    how: str
    reason: str
    confidence: Confidence


def _at_home(mail: Mail, found: Greeting) -> Iterator[_Home]:
    if mail.has_fact("household"):
        home = (mail.fact("household"),)
        who = _of_several(mail, found, home)
        how = "share a household with another recipient"
        yield _Home(who, how, "another recipient is of the same household", Confidence.HIGH)
        return
    how = "have the street, postcode and family name of another recipient"
    reason = "another recipient has the same address and family name"
    yield _Home(_alike(mail, found), how, reason, Confidence.MEDIUM)


def _of_several(mail: Mail, found: Greeting, home: tuple[str, ...]) -> Who:
    """Those in whose home are two people by their names, and not one person whose record was copied."""
    names = (found.column, *_last_names(mail)[:1])
    return mail.audience.sharing(home, Fold.CASE, names) & ~_one_inbox(mail)


def _in_one_inbox(mail: Mail, found: Greeting) -> Iterator[_Home]:
    """Recipients of several given names at one address."""
    for shared in shared_addresses(mail):
        count = mail.audience.count(shared.who)
        if count > MOST:
            why = f"more than {MOST} recipients share an address with another: their names were not compared"
            raise CannotTell(why, count)
        who = mail.audience.these(
            number
            for rows in by_inbox(mail, shared, (found.column,)).values()
            if several(plain(name) for _number, (name,) in rows)
            for number, _cells in rows
        )
        sure = shared.confidence is Confidence.HIGH
        how = f"share an inbox{'' if sure else ', most likely,'} with somebody of another given name"
        yield _Home(who, how, "somebody of another name reads this inbox", shared.confidence)


def _of_a_family(mail: Mail, found: Greeting) -> Iterator[_Home]:
    """Recipients whose address speaks for more than one: first those of whom it surely does."""
    if not mail.has_fact("email"):
        return
    last = _last_names(mail)[:1]

    def speaks(address: str, values: Sequence[str]) -> bool | None:
        first, *more = values[0].split() or [""]
        family = values[1] if last else " ".join(more)
        return speaks_for_several(name_of(address), letters_of(first), letters_of(family))

    sure, perhaps = judged(mail, of_several(mail), (found.column, *last), speaks)
    sure = sure | of_families(mail)
    perhaps = perhaps | of_homes(mail)
    reason = "the address speaks for more than one"
    yield _Home(sure, "have an address that speaks for a family", reason, Confidence.HIGH)
    yield _Home(perhaps & ~sure, "have an address that may speak for a family", reason, Confidence.LOW)


def _last_names(mail: Mail) -> list[str]:
    seen = sorted(column for column in mail.audience.columns if not column.startswith("@"))
    return [column for column in seen if role_of(column, mail.labels.get(column, "")) is Role.LAST_NAME]


def _alike(mail: Mail, found: Greeting) -> Who:
    if not mail.has_fact("postcode"):
        return NOBODY
    seen = sorted(column for column in mail.audience.columns if not column.startswith("@"))
    streets = [c for c in seen if is_street(mail, c)]
    names = _last_names(mail)
    if not streets or not names:
        return NOBODY
    home = (streets[0], mail.fact("postcode"), names[0])
    return _of_several(mail, found, home)


def _one_inbox(mail: Mail) -> Who:
    return mail.audience.sharing((mail.fact("email"),), Fold.CASE) if mail.has_fact("email") else NOBODY
