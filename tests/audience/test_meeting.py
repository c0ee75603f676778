"""Who is in several audiences of one run: told by address, in the engine, however many they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from presend.audience.duck import DuckAudience
from presend.audience.engine import EVERYONE, NOBODY, Pair, Who, at_least
from presend.audience.meeting import Meeting
from presend.audience.snapshot import Snapshot
from presend.ports import Batch, Role

Person = tuple[str, dict[str, str | None]]


@contextmanager
def audience(*people: Person) -> Iterator[DuckAudience]:
    """An audience of people with ids and cells by column; `email` is an address in clear."""
    columns = {name for _id, cells in people for name in cells}
    page = Batch(
        Role.INCLUDE,
        [one for one, _cells in people],
        {name: [cells.get(name) for _id, cells in people] for name in columns},
    )
    with Snapshot(columns, memory_limit="256MB") as snapshot:
        snapshot.add(page)
        yield snapshot.finish()


def someone(one: str, address: str | None, **cells: str | None) -> Person:
    """A person by id and address; times and texts are given without their quotes."""
    quoted = {key.replace("__", "@"): None if value is None else f'"{value}"' for key, value in cells.items()}
    return one, {"@email": None if address is None else f'"{address}"', **quoted}


def ids(audience: DuckAudience, who: Who) -> list[str]:
    """The ids of a set."""
    return [one.id for batch in audience.rows(who, ()) for one in batch]


@pytest.fixture
def two() -> Iterator[tuple[DuckAudience, DuckAudience, Meeting]]:
    mine = [
        someone("m1", "Ann@Example.com ", first="Ann", __updated_at="2026-01-01T00:00:00Z"),
        someone("m2", "bo@example.com", first="Bo", __updated_at="2026-03-01T00:00:00Z"),
        someone("m3", "cy@example.com", first="Cy"),
        someone("m4", None, first="Dee"),
        someone("m5", "", first="Eve"),
        someone("m6", "bo@example.com", first="Bob", __updated_at="2026-03-01T00:00:00Z"),
    ]
    theirs = [
        someone("t1", "ann@example.com", name="Anna", __updated_at="2026-02-01T00:00:00Z"),
        someone("t2", "BO@example.com", name=" bo "),
        someone("t3", "", name="Eve"),
        someone("t4", None, name="Dee"),
        someone("t5", "zoe@example.com", name="Zoe"),
        someone("t6", "cy@example.com", name="Si", __updated_at="2026-02-01T00:00:00Z"),
    ]
    with audience(*mine) as one, audience(*theirs) as other:
        meeting = Meeting((one, other), memory_limit="256MB")
        yield one, other, meeting
        meeting.close()


def test_the_same_person_is_who_has_the_same_address(two: tuple[DuckAudience, DuckAudience, Meeting]) -> None:
    """Case and blanks make no difference, and nobody without an address is anybody else."""
    mine, theirs, meeting = two
    between = meeting.between(mine, theirs)

    assert ids(mine, between.shared()) == ["m1", "m2", "m3", "m6"]
    assert ids(mine, between.shared(theirs.where(("name",), [('"Anna"',)]))) == ["m1"]
    assert between.shared(NOBODY) == NOBODY
    assert ids(theirs, meeting.between(theirs, mine).shared()) == ["t1", "t2", "t6"]
    assert mine.count(~between.shared()) == 2


def test_one_audience_of_two_campaigns_is_shared_whole(two: tuple[DuckAudience, DuckAudience, Meeting]) -> None:
    mine, _theirs, meeting = two
    between = meeting.between(mine, mine)

    assert between.shared() == EVERYONE
    assert between.differing("first", "first") == []


def test_texts_that_differ_come_with_which_is_fresher(two: tuple[DuckAudience, DuckAudience, Meeting]) -> None:
    mine, theirs, meeting = two
    between = meeting.between(mine, theirs)
    found = between.differing("first", "name")

    assert found == [
        Pair('"Ann"', '"Anna"', -1, 1),
        Pair('"Bob"', '" bo "', None, 1),
        Pair('"Cy"', '"Si"', None, 1),
    ]
    assert ids(mine, between.where("first", "name", found[:2])) == ["m1", "m6"]
    assert between.where("first", "name", []) == NOBODY
    back = meeting.between(theirs, mine)
    assert [pair.fresher for pair in back.differing("name", "first")] == [None, 1, None]


def test_sets_are_counted_together(two: tuple[DuckAudience, DuckAudience, Meeting]) -> None:
    mine, theirs, meeting = two
    shared = meeting.between(mine, theirs).shared()
    some = [shared, mine.where(("first",), [('"Ann"',), ('"Eve"',)]), EVERYONE]

    assert ids(mine, at_least(some, 3)) == ["m1"]
    assert ids(mine, at_least(some, 2)) == ["m1", "m2", "m3", "m5", "m6"]
    assert at_least(some, 0) == EVERYONE
    assert at_least(some, 4) == NOBODY


def test_who_said_no_after_agreeing_here_and_of_whom_it_is_not_known() -> None:
    """Who agreed here after the no there is in neither set, nor is anybody of whom the account has a yes as well."""
    agreed = {"__consent_at": "2026-05-01T00:00:00Z"}
    people = [
        someone("after", "after@example.com", **agreed),
        someone("before", "before@example.com", **agreed),
        someone("within", "within@example.com", **agreed),
        someone("undated there", "undated@example.com", **agreed),
        someone("undated here", "here@example.com"),
        someone("both", "both@example.com", **agreed),
        someone("stranger", "stranger@example.com", **agreed),
    ]
    with audience(*people) as mine:
        meeting = Meeting((mine,), memory_limit="256MB")
        late, early = "2026-06-01T00:00:00Z", "2026-04-01T00:00:00Z"
        meeting.take("shop", [(" AFTER@example.com", late, late, False), ("before@example.com", early, early, False)])
        meeting.take("shop", [("within@example.com", early, late, False), ("undated@example.com", None, None, False)])
        meeting.take("shop", [("here@example.com", late, late, False), ("both@example.com", late, late, False)])
        meeting.take("shop", [("both@example.com", None, None, True)])
        meeting.take("other", [("stranger@example.com", late, late, False)])
        sure, unclear = meeting.denied(mine, "shop")

        assert ids(mine, sure) == ["after"]
        assert ids(mine, unclear) == ["within", "undated there", "undated here"]
        assert meeting.known(["AFTER@example.com ", "nobody@example.com"]) == {"AFTER@example.com "}
        assert meeting.known([]) == frozenset()
        meeting.close()
        meeting.close()
