"""Who shares a text, and sets that are counted together or from what was counted before, against plain Python."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.audience import duck
from presend.audience.duck import DuckAudience
from presend.audience.engine import EVERYONE, NOBODY, Fold, Who, anybody
from presend.audience.values import decode
from tests.audience.test_duck import COLUMNS, PEOPLE, Person, audience_of, having, ids

few = settings(max_examples=12)

SAID = ['"Ann"', '" ANN"', '"ann "', '"Bo"', '"bo"', '"a@example.com"', '"A+x@example.com"', '"a.b@gmail.com"']
ALIKE = st.sampled_from([*SAID, '"AB+y@googlemail.com"', '""', '" "', "null", "12", None])
CROWD = st.lists(st.tuples(ALIKE, ALIKE, ALIKE, st.just(None)), max_size=40)


def _folded(cell: str | None, fold: Fold) -> str:
    value = None if cell is None else decode(cell)
    text = value.strip(' "').lower() if isinstance(value, str) else ""
    if fold is Fold.CASE:
        return text
    name, _at, domain = text.partition("@")
    box = name.partition("+")[0]
    if not box or not domain:
        return ""
    return box.replace(".", "") if domain in ("gmail.com", "googlemail.com") else f"{box}@{domain}"


def _sharing(people: list[Person], columns: tuple[int, ...], fold: Fold, apart: int | None = None) -> list[int]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, person in enumerate(people):
        key = tuple(_folded(person[column], fold) for column in columns)
        if all(key):
            found[key].append(at)
    several = [
        those
        for those in found.values()
        if len(those) > 1 and (apart is None or len({_folded(people[at][apart], Fold.CASE) for at in those}) > 1)
    ]
    return sorted(at for those in several for at in those)


@few
@given(people=CROWD)
def test_sharing_is_pythons(people: list[Person]) -> None:
    """One text or two, in case or as mailboxes, in any order of asking, and only of those in a set."""
    with audience_of(people) as audience:
        inside = audience.where(("city",), [('"Bo"',), ('"ann "',)])
        for fold in (Fold.CASE, Fold.MAILBOX, Fold.CASE):
            for columns in ((0,), (1,), (0, 1), (1, 0)):
                expected = _sharing(people, columns, fold)
                names = [COLUMNS[column] for column in columns]
                assert ids(audience, audience.sharing(names, fold)) == [f"p{at}" for at in expected]
                within = [f"p{at}" for at in expected if people[at][2] in ('"Bo"', '"ann "')]
                assert ids(audience, audience.sharing(names, fold, within=inside)) == within
        told = [f"p{at}" for at in _sharing(people, (0,), Fold.CASE, apart=1)]
        assert ids(audience, audience.sharing([COLUMNS[0]], Fold.CASE, [COLUMNS[1]])) == told


def test_sharing_within_a_set_of_numbers() -> None:
    """A set that is a table, not a condition, restricts as well."""
    people: list[Person] = [('"Ann"', None, None, None)] * 3
    with audience_of(people) as audience:
        last = audience.these(one.number for one in audience.sample(EVERYONE, (), 3)[1:])
        assert ids(audience, audience.sharing(["first_name"], Fold.CASE, within=last)) == ["p1", "p2"]
        assert ids(audience, audience.sharing(["first_name"], Fold.CASE)) == ["p0", "p1", "p2"]


@few
@given(people=PEOPLE)
def test_split_counts_each_set_and_all_of_them(people: list[Person]) -> None:
    with audience_of(people) as audience:
        sets = [
            audience.day_between("@updated_at", "2026-01-01", None),
            audience.where(("first_name",), [(person[0],) for person in people[:20]]),
            audience.these(range(0, 10, 3)),
            NOBODY,
        ]
        within = ~audience.where(("city",), [(None,)])
        *each, everybody = audience.split(within, sets)

        assert [ids(audience, who) for who in each] == [ids(audience, within & one) for one in sets]
        assert ids(audience, everybody) == ids(audience, within & anybody(sets))
        assert audience.split(within, []) == [NOBODY]


@few
@given(people=PEOPLE)
def test_sizes_are_known_from_what_was_counted(people: list[Person]) -> None:
    """With the distinct values counted first, sets of them and their inversions count as they do without."""
    with audience_of(people) as audience:
        audience.distinct(("first_name",))
        audience.distinct(("first_name", "city"))
        some = [person[0] for person in people[::3]]
        ones = audience.where(("first_name",), [(cell,) for cell in some])
        both = audience.where(("first_name", "city"), [(p[0], p[2]) for p in people[::3]])

        assert ids(audience, ones) == having(people, lambda p: p[0] in some)
        assert ids(audience, ~ones) == having(people, lambda p: p[0] not in some)
        assert ids(audience, ~both) == having(people, lambda p: (p[0], p[2]) not in {(q[0], q[2]) for q in people[::3]})
        assert ~~ones == ones


def test_an_inversion_is_told_from_a_set_that_begins_with_one() -> None:
    no, yes = ~Who("a.c0 IS NULL"), Who("a.c1 IS NULL")
    assert no.negated
    assert not (no & yes).negated
    assert not (no | yes).negated
    assert not anybody([no, yes]).negated
    assert ~(no & yes) != no & yes
    assert ~~(no & yes) == no & yes


@few
@given(people=PEOPLE)
def test_large_audiences_answer_alike(people: list[Person]) -> None:
    """Where distinct values are kept in a table, they and their shapes are the same as where they are not."""

    def told(audience: DuckAudience) -> list[object]:
        names = COLUMNS[:3]
        found: list[object] = [audience.exceeds(name, 3) for name in names]
        found += [audience.distinct((name,), ~audience.where((name,), [(None,)])) for name in names]
        found += [audience.shapes(name) for name in names]
        return found + [audience.distinct((name,)) for name in (*names, "nobody has it")]

    with audience_of(people) as audience:
        small = told(audience)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duck, "HEAD", 0)
        with audience_of(people) as audience:
            assert told(audience) == small
        patched.setattr(duck, "KEPT", 2)
        with audience_of(people) as audience:
            assert told(audience) == small
