"""DUP001: two recipients with one address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Role, Severity, role_of
from presend.reading import NOBODY, Fold, Who
from presend_checks._addresses import plain
from presend_checks.people._given import several
from presend_checks.people._inboxes import GREETING, MOST, Shared, by_inbox, shared_addresses
from presend_checks.people._nearly import Copy, nearly_one


@check(
    "DUP001",
    "same-person-twice",
    mishaps=["M07"],
    severity=Severity.MEDIUM,
    needs=[Need.FACTS],
    level=Level.CAMPAIGN,
)
def same_person_twice(mail: Mail) -> Iterator[Hit]:
    """Two recipients have the same address: somebody gets this mail twice.

    Why it matters
    The same mail twice in one morning says that nobody looks after the list, and doubles the chance of a complaint.
    What one copy knows (a purchase, an opt-out) the other does not.

    How to fix
    Merge the copies on the platform, or leave all but one of each out.

    Known limits
    Addresses are the same whatever their case and the blanks around them, and at Gmail whatever the dots and what
    follows a plus, as Google says. Elsewhere a plus makes no difference to most hosts: such addresses are sure where
    the copies go by one given name, and of medium confidence otherwise. The same person under two different addresses
    is told by birthday: with one given name, family name and postcode surely, with one full name of medium confidence,
    with one given name and postcode of low, where the copy or the segment reads the names. So it is, of medium
    confidence, with postcode and a name that differs by a slip in the family name, by a short form (Bob, Robert) or by
    given and family name in each other's place, and of low by a slip in the given name, unless both are names: those
    are twins'. A birthday without a year is never more than low. One full name at one phone is of medium confidence,
    unless their birthdays differ or one is not known; a phone alone is a household's. Names in two scripts are not
    compared. All copies are counted, not only the second ones. Two people who share an inbox are counted too: it gets
    the mail twice all the same.
    """
    known = NOBODY
    for one in shared_addresses(mail):
        known = known | one.who
        if one.fold is Fold.CASE:
            yield _one_inbox(mail, one.who, "have an address that another recipient has too", one.fold.value)
            continue
        how = "have an address that is another recipient's but for what follows a plus, or dots at Gmail"
        sure = _surely_one(mail, one)
        if mail.audience.count(sure):
            yield _one_inbox(mail, sure, how, one.fold.value)
        if mail.audience.count(perhaps := one.who & ~sure):
            yield _one_inbox(mail, perhaps, how, f"{one.fold.value}, most likely", Confidence.MEDIUM)
    ways, untold = [*_born_alike(mail), *_at_one_phone(mail)], None
    try:
        ways += _nearly_alike(mail)
    except CannotTell as error:
        untold = error  # what is surely alike is told all the same
    for who, what, confidence in sorted(ways, key=lambda way: way[2], reverse=True):
        alike = who & ~known
        known = known | alike
        if count := mail.audience.count(alike):
            yield Hit(
                Location(Part.AUDIENCE, expression=what),
                f"{count} recipients have the {what} of another one under another address: "
                f"{'' if confidence is Confidence.HIGH else 'perhaps '}the same person.",
                "Look whether they are one person, and merge the copies.",
                who=alike,
                severity=Severity.LOW,
                confidence=confidence,
                reason=f"another recipient has the same {what}",
            )
    if untold is not None:
        raise untold


def _one_inbox(mail: Mail, who: Who, how: str, what: str, confidence: Confidence = Confidence.HIGH) -> Hit:
    return Hit(
        Location(Part.AUDIENCE, expression=what),
        f"{mail.audience.count(who)} recipients {how}: one inbox gets this mail more than once.",
        "Merge the copies on the platform, or leave out all but one of each.",
        who=who,
        confidence=confidence,
        column=mail.fact("email"),
        reason="another recipient has the same address",
    )


def _surely_one(mail: Mail, shared: Shared) -> Who:
    """Those whose inboxes are one for sure: at Gmail, or because the copies go by one given name."""
    if mail.audience.count(shared.who) > MOST:
        return NOBODY
    found = []
    for inbox, copies in by_inbox(mail, shared, _columns(mail, *GREETING)[:1]).items():
        names = [plain(name) for _number, cells in copies for name in cells]
        if "@" not in inbox or (names and all(names) and not several(names)):
            found += [number for number, _cells in copies]
    return mail.audience.these(found)


def _columns(mail: Mail, *roles: Role) -> list[str]:
    seen = sorted(column for column in mail.audience.columns if not column.startswith("@"))
    return [column for column in seen if role_of(column, mail.labels.get(column, "")) in roles]


def _at_one_phone(mail: Mail) -> Iterator[tuple[Who, str, Confidence]]:
    """Those of one full name and phone, unless their birthdays are not the same."""
    columns = [_columns(mail, role)[:1] for role in (Role.FIRST_NAME, Role.LAST_NAME, Role.PHONE)]
    if not all(columns):
        return
    held = [one for (one,) in columns]
    who = mail.audience.sharing(held, Fold.CASE)
    if mail.has_fact("birthday") and mail.audience.count(who):
        who = who & ~mail.audience.sharing(held, Fold.CASE, [mail.fact("birthday")])
    yield who, "name and phone", Confidence.MEDIUM


def _nearly_alike(mail: Mail) -> Iterator[tuple[Who, str, Confidence]]:
    """Those of nearly one name who share birthday and postcode: only such blocks are compared, pair by pair."""
    given, family = _columns(mail, Role.FIRST_NAME)[:1], _columns(mail, Role.LAST_NAME)[:1]
    if not (given and family and mail.has_fact("birthday") and mail.has_fact("postcode")):
        return
    birthday, postcode = mail.fact("birthday"), mail.fact("postcode")
    dated = mail.audience.day_between(birthday, "0001-01-01", None)
    who = mail.audience.sharing((birthday, postcode), Fold.CASE, within=dated)
    if mail.audience.count(who) > MOST:
        why = f"more than {MOST} recipients share birthday and postcode: their names were not compared"
        raise CannotTell(why, mail.audience.count(who))
    blocks: dict[tuple[str, str], list[Copy]] = defaultdict(list)
    for batch in mail.audience.rows(who, (birthday, postcode, *given, *family)) if mail.audience.count(who) else ():
        for each in batch:
            born, code, first, last = map(plain, each.cells)
            blocks[born, code].append((each.number, first, last))
    for confidence, numbers in nearly_one(blocks.values()).items():
        nearly = "nearly" if confidence is Confidence.MEDIUM else "perhaps"
        yield mail.audience.these(numbers), f"birthday, postcode and {nearly} the name", confidence


def _born_alike(mail: Mail) -> Iterator[tuple[Who, str, Confidence]]:
    """Those who share what one person has, by what it is and how sure it makes one; the surest first."""
    given, family = _columns(mail, *GREETING)[:1], _columns(mail, Role.LAST_NAME)[:1]
    if not given or not mail.has_fact("birthday"):
        return
    birthday = mail.fact("birthday")
    postcode = [mail.fact("postcode")] if mail.has_fact("postcode") else []
    # A day without its year is that of one in 365, and is no day to the audience.
    dated = mail.audience.day_between(birthday, "0001-01-01", None)
    if family:
        whole = mail.audience.sharing((*given, *family, birthday), Fold.CASE, within=dated)
        if postcode:
            closer = mail.audience.sharing((*given, *family, birthday, *postcode), Fold.CASE, within=dated)
            yield closer, "name, birthday and postcode", Confidence.HIGH
        yield whole, "name and birthday", Confidence.MEDIUM
    if postcode:
        alike = mail.audience.sharing((*given, birthday, *postcode), Fold.CASE)
        yield alike, "given name, birthday and postcode", Confidence.LOW
