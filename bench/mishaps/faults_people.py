"""Faults and hard negatives of DUP001 to DUP004: people who are there twice, and mailboxes of several."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bench.mishaps import words
from bench.mishaps.faults_segments import address, some_rows
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT, day
from bench.mishaps.phrases_people import NO_ROLES, ROLES, SHARED, TAGS
from bench.mishaps.planting import LINES, Plant, Unfit, claim, printed_safely
from presend.audience.schema import fact
from presend.model import Confidence

EITHER = "the documents say neither whether both copies are named, nor which of them is one too many"
GREETS_ALONE = "M19: recipients where the message speaks to one person as if alone"


def _once(draft: Draft, what: str) -> None:
    # A copy takes all that the first one has with it: also what an earlier fault did to some people and not to others.
    if draft.closed or what in draft.spoilt or draft.planted:
        raise Unfit
    draft.spoilt.add(what)


def _keep_names(draft: Draft) -> None:
    """No later fault may give one of two copies another name: they would be two people."""
    draft.spoilt.update(("first", "last"))


def _pairs(draft: Draft) -> list[tuple[int, int]]:
    """Some people, each beside another whom to make their copy."""
    rows = some_rows(draft, 16)
    if len(rows) < 2:
        raise Unfit
    draft.rng.shuffle(rows)
    return list(zip(rows[::2], rows[1::2], strict=False))


def _written(draft: Draft) -> tuple[bool, Confidence, str]:
    """Whether addresses differ by what stands behind a plus sign, or else by capitals; and how sure that is."""
    if draft.rng.random() < 0.5:
        return True, Confidence.MEDIUM, "not every host delivers what has a plus sign to the same box; "
    return False, Confidence.HIGH, ""


def _copy(draft: Draft, pair: tuple[int, int], *, plus: bool) -> None:
    """Make the second the first once more: all but the id, the dates of the record, and how the address is written."""
    first, second = pair
    for name, cells in draft.crowd.columns.items():
        if name not in (fact("created_at"), fact("updated_at")):
            cells[second] = cells[first]
    local, _at, domain = str(draft.crowd.columns[fact("email")][first]).partition("@")
    if plus:
        address(draft, [second], [f"{local}+{draft.rng.choice(TAGS)}"], domain)
    else:
        address(draft, [second], [local.capitalize()], domain)


def _halves(draft: Draft, pairs: list[tuple[int, int]]) -> tuple[frozenset[str], frozenset[str]]:
    return draft.crowd.names(one for one, _two in pairs), draft.crowd.names(two for _one, two in pairs)


def same_person(draft: Draft) -> list[Label]:
    """DUP001: one mailbox, written in two ways, gets the letter twice."""
    _once(draft, "people")
    pairs = _pairs(draft)
    plus, sure, why = _written(draft)
    for pair in pairs:
        _copy(draft, pair, plus=plus)
    _keep_names(draft)
    one, two = _halves(draft, pairs)
    return [
        Label(
            "DUP001",
            one | two,
            or_affected=(one, two),
            also=("DUP002",),
            confidence=sure,
            why=why + EITHER + "; what else is printed may differ between the two",
            column=fact("email"),
            fault=f"same_person {'plus' if plus else 'capitals'}",
        )
    ]


def same_birthday(draft: Draft) -> list[Label]:
    """DUP001: the same full name, birthday and postcode at two addresses."""
    if {"first", "last"} & draft.spoilt:
        raise Unfit
    _once(draft, "people")
    last, first = draft.slot("last").column, draft.slot("first").column
    named = draft.crowd.columns[first]
    # A copy of nobody's name is no sign of the same person.
    pairs = [pair for pair in _pairs(draft) if isinstance(named[pair[0]], str) and named[pair[0]]]
    if not pairs:
        raise Unfit
    born = [day(draft.now - timedelta(days=365 * draft.rng.uniform(23, 80)))[:10] for _ in draft.crowd.ids]
    codes = [f"{draft.rng.choice('KLMN')}{draft.rng.randint(10, 99)} {draft.rng.randint(1, 9)}QX" for _ in born]
    draft.crowd.columns[fact("birthday")] = list(born)
    draft.crowd.columns[fact("postcode")] = list(codes)
    for one, two in pairs:
        for name in (first, last, fact("birthday"), fact("postcode"), fact("country")):
            draft.crowd.columns[name][two] = draft.crowd.columns[name][one]
    # Only fields that the letter or the segment reads are ever seen.
    for key in ("first", "last"):
        printed_safely(draft, key)
    _keep_names(draft)
    ones, twos = _halves(draft, pairs)
    why = f"nothing but the address proves it; {EITHER}"
    return [
        Label(
            "DUP001",
            ones | twos,
            or_affected=(ones, twos),
            also=("DUP002", "DUP003"),
            confidence=Confidence.LOW,
            why=why,
            fault="same_birthday",
        )
    ]


def conflicting(draft: Draft) -> list[Label]:
    """DUP002: two copies of one person do not agree on what the letter prints."""
    _once(draft, "people")
    key = claim(draft, ("city", "tier", "company"), unused=True)
    pairs = _pairs(draft)
    slot = draft.slot(key)
    column = draft.crowd.columns[slot.column]
    values = sorted({str(value) for value in column if value and value is not ABSENT})
    plus, sure, why = _written(draft)
    for pair in pairs:
        _copy(draft, pair, plus=plus)
        column[pair[1]] = draft.rng.choice([value for value in values if value != column[pair[0]]])
    draft.say(LINES[key].format(draft.pen.bare(slot)))
    _keep_names(draft)
    one, two = _halves(draft, pairs)
    return [
        Label(
            "DUP002",
            one | two,
            or_affected=(one, two),
            also=("DUP001",),
            confidence=sure,
            why=f"{why}it is the same person twice as well; {EITHER}",
            column=slot.column,
            fault=f"conflicting {key} {'plus' if plus else 'capitals'}",
        )
    ]


def _alone(draft: Draft) -> None:
    """Speak to one person by name."""
    claim(draft, ("first",))
    printed_safely(draft, "first")


def shared_box(draft: Draft) -> list[Label]:
    """DUP003: two of a family, one mailbox."""
    _once(draft, "people")
    pairs = _pairs(draft)
    _alone(draft)
    first, last = draft.slot("first").column, draft.slot("last").column
    names = draft.crowd.columns[first]
    plus, sure, why = _written(draft)
    for one, two in pairs:
        _copy(draft, (one, two), plus=plus)
        given = [name for name in words.GIVEN if name.isascii() and len(name) > 3]
        names[one], names[two] = draft.rng.sample(given, 2)
        draft.crowd.columns[last][two] = draft.crowd.columns[last][one]
    ones, twos = _halves(draft, pairs)
    why += "M07 may take two names at one mailbox for one person in conflict"
    fault = f"shared_box {'plus' if plus else 'capitals'}"
    return [Label("DUP003", ones | twos, also=("DUP001", "DUP002"), confidence=sure, why=why, fault=fault)]


def family_box(draft: Draft) -> list[Label]:
    """DUP003: the address itself says that several people read it."""
    _once(draft, "people")
    rows = some_rows(draft, 8, named=True)
    _alone(draft)
    who = address(draft, rows, draft.rng.sample(SHARED[draft.held :: 2], len(rows)))
    why = "an address only suggests who reads it"
    return [
        Label("DUP003", who, confidence=Confidence.LOW, why=why, column=fact("email"), fault="family_box"),
    ]


def household(draft: Draft) -> list[Label]:
    """DUP003: the account knows who lives together."""
    _once(draft, "people")
    pairs = _pairs(draft)
    _alone(draft)
    keys: list[object] = [f"H{row:05d}" if draft.rng.random() < 0.7 else ABSENT for row in range(len(draft.crowd.ids))]
    for one, two in pairs:
        keys[one] = keys[two] = f"HH{one:05d}"
    draft.crowd.columns[fact("household")] = keys
    ones, twos = _halves(draft, pairs)
    why = "each of them has a mailbox of their own"
    return [Label("DUP003", ones | twos, confidence=Confidence.LOW, why=why, fault="household")]


def role_box(draft: Draft) -> list[Label]:
    """DUP004: a function's mailbox is greeted like a person."""
    _once(draft, "people")
    rows = some_rows(draft, 9, named=True)
    _alone(draft)
    who = address(draft, rows, draft.rng.sample(ROLES[draft.held :: 2], len(rows)))
    return [Label("DUP004", who, column=fact("email"), fault="role_box")]


def role_fact(draft: Draft) -> list[Label]:
    """DUP004: the account says so of some addresses, which look like anybody's."""
    _once(draft, "people")
    rows = some_rows(draft, 9, named=True)
    _alone(draft)
    draft.crowd.columns[fact("role_account")] = [row in rows for row in range(len(draft.crowd.ids))]
    return [Label("DUP004", draft.crowd.names(rows), fault="role_fact")]


def _impersonal(draft: Draft) -> bool:
    """Whether the letter speaks to nobody by name; from now on it must not."""
    first, last = draft.slot("first").token, draft.slot("last").token
    letter = (draft.subject, draft.preview, draft.greeting, *(block for pair in draft.blocks for block in pair))
    if any(token in part for token in (first, last) for part in letter):
        return False
    draft.spoilt.update(("first", "last"))
    return True


def _role_but_plain(draft: Draft) -> bool:
    """A function's mailbox gets a letter that speaks to nobody in particular."""
    if not _impersonal(draft):
        return False
    rows = some_rows(draft, 6)
    address(draft, rows, draft.rng.sample(ROLES[draft.held :: 2], len(rows)))
    return True


def _names_like_roles(draft: Draft) -> bool:
    """One person's address that begins like a function."""
    rows = some_rows(draft, 8)
    address(draft, rows, draft.rng.sample(NO_ROLES[draft.held :: 2], len(rows)))
    return True


def _household_of_one(draft: Draft) -> bool:
    """The account numbers households, and of each there is one in this send."""
    if fact("household") in draft.crowd.columns:
        return False
    draft.crowd.columns[fact("household")] = [f"H{row:05d}" for row in range(len(draft.crowd.ids))]
    return True


def _couple(draft: Draft) -> bool:
    """The same surname and town, two people, two addresses."""
    rows = some_rows(draft, 8)
    last, country = draft.slot("last").column, fact("country")
    for one, two in zip(rows[::2], rows[1::2], strict=False):
        for name in (last, country):
            draft.crowd.columns[name][two] = draft.crowd.columns[name][one]
        family = f"holt{one}"
        address(draft, [one, two], [f"a.{family}", f"m.{family}"], "example.org")
    return True


def _namesakes(draft: Draft) -> bool:
    """Father and son: one name, two birthdays, two addresses."""
    rows = some_rows(draft, 8)
    first, last = draft.slot("first").column, draft.slot("last").column
    if {"first", "last"} & (draft.crowd.taken | draft.spoilt):
        return False
    if fact("birthday") not in draft.crowd.columns:
        draft.crowd.columns[fact("birthday")] = [
            day(draft.now - timedelta(days=365 * draft.rng.uniform(20, 80)))[:10] for _ in draft.crowd.ids
        ]
    for one, two in zip(rows[::2], rows[1::2], strict=False):
        for name in (first, last):
            draft.crowd.columns[name][two] = draft.crowd.columns[name][one]
    return True


def _tagged(draft: Draft) -> bool:
    """A plus sign in an address that is there once."""
    rows = some_rows(draft, 8)
    address(draft, rows, [f"reader{row}+{draft.rng.choice(TAGS)}" for row in rows])
    return True


def _one_firm(draft: Draft) -> bool:
    """Colleagues: one firm, one domain, many people."""
    if "company" in draft.crowd.taken:
        return False
    rows = some_rows(draft, 12)
    draft.crowd.put(draft.slot("company").column, rows, "Kestrel Robotics Ltd")
    address(draft, rows, [f"k{row}.rivers" for row in rows], "mail.example.com")
    return True


PLANTS: tuple[tuple[Plant, int], ...] = (
    (same_person, 4),
    (same_birthday, 1),
    (conflicting, 3),
    (shared_box, 3),
    (family_box, 1),
    (household, 1),
    (role_box, 3),
    (role_fact, 1),
)
"""Faults with their weights."""

TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _role_but_plain,
    _names_like_roles,
    _household_of_one,
    _couple,
    _namesakes,
    _tagged,
    _one_firm,
)
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
