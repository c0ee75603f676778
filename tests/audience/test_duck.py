"""DuckDB's answers against plain Python's on the same people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.audience import duck, rooms
from presend.audience.duck import DuckAudience
from presend.audience.engine import (
    ABSENT,
    BLANK,
    DELIMITER,
    EMPTY,
    EVERYONE,
    LONG,
    MARKUP,
    NESTED,
    NOBODY,
    NULL,
    NUMBER,
    OTHER,
    SHAPES,
    Distinct,
    Shape,
    Who,
)
from presend.audience.few import SMALL
from presend.audience.snapshot import Snapshot
from presend.audience.values import decode, encode
from presend.errors import AudienceFileError, BadAnswer
from presend.ports import Batch, Role

COLUMNS = ("first_name", "Name", "city", "@updated_at")
"""Two that differ in more than case, one with awkward neighbours in SQL, one fact."""

SPACES = " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000"
"""All that Python's str.strip takes for white space, but for a few of the fixed-width spaces."""

TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "Ann", "ann", "O'Neill", "Ann & Bo", 'Ann "Bo"', "{{ x }}", "*|X|*", "{%", "\\", "'); --", "é", "0"]
    ),
    st.text(max_size=12),
    st.text(SPACES, max_size=4),
    st.text(SPACES + "\u200bx", max_size=4),
    st.integers(195, 215).map(lambda n: "n" * n),
    st.integers(66, 72).map(lambda n: "nöé" * n),
)
VALUES = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.sampled_from(["a", 1]), max_size=2),
    st.just({"a": None}),
)
CELLS = st.one_of(st.none(), VALUES.map(encode))
DAYS = st.sampled_from(
    # Cells that tell no day, then cells that do.
    [None, "null", '""', '"soon"', '"2026"', "2026", '"20260110T000000Z"', '"99-01-2026"', '"1999-01-01"']
    + [f'"{time}"' for time in ("2026-01-09T00:00:00Z", "2026-01-10T23:59:59Z", "2026-01-10", "2025-12-31T12:00:00Z")]
)
PEOPLE = st.lists(st.tuples(CELLS, CELLS, CELLS, DAYS), max_size=40)

# An engine costs more to start than to ask: fewer examples, of more people each.
few = settings(max_examples=20)

Person = tuple[str | None, ...]


@contextmanager
def audience_of(people: Sequence[Person], *, memory_limit: str = "512MB") -> Iterator[DuckAudience]:
    """These people as p0, p1, …"""
    with Snapshot(COLUMNS[:3], memory_limit=memory_limit) as snapshot:
        cells = {name: [person[i] for person in people] for i, name in enumerate(COLUMNS)}
        snapshot.add(Batch(Role.INCLUDE, [f"p{i}" for i in range(len(people))], cells))
        yield snapshot.finish()


def ids(audience: DuckAudience, who: Who) -> list[str]:
    """The ids of a set, through every way in which a set can be looked at: they must agree."""
    found = [one.id for batch in audience.rows(who, ()) for one in batch]
    assert audience.count(who) == audience.count(Who(who.condition, who.marks)) == len(found)
    assert [one.id for one in audience.sample(who, (), 3)] == found[:3]
    return found


def having(people: Sequence[Person], test: Callable[[Person], bool]) -> list[str]:
    """The ids of those who pass a test in Python."""
    return [f"p{i}" for i, person in enumerate(people) if test(person)]


def shape_in_python(cell: str | None) -> Shape:
    """The shape of a cell, from the docstring of `Shape` and Python's own idea of white space."""
    if cell is None:
        return ABSENT
    value = decode(cell)
    match value:
        case None:
            return NULL
        case list() | dict():
            return NESTED
        case str():
            return _shape_of_text(value)
        case _:
            return NUMBER


def _shape_of_text(text: str) -> Shape:
    if not text:
        return EMPTY
    if not text.strip():
        return BLANK
    if re.search(r"\*\||\|\*|\{\{|\}\}|\{%|%\}|\{#", text):
        return DELIMITER
    if re.search("[&<>\"']", text):
        return MARKUP
    return LONG if len(text) > 200 else OTHER


@few
@given(people=PEOPLE)
def test_distinct_counts_every_combination(people: list[Person]) -> None:
    """Combinations of one and of several columns, each with its count, the commonest first."""
    with audience_of(people) as audience:
        for wanted in ((0,), (1, 0), (0, 1, 2)):
            columns = [COLUMNS[i] for i in wanted]
            found = audience.distinct(columns)
            assert {one.cells: one.count for one in found} == Counter(tuple(p[i] for i in wanted) for p in people)
            assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
            assert audience.distinct_count(columns) == len(found)
        unknown = [Distinct((None,), len(people))] if people else []
        assert audience.distinct(("nobody has it",)) == unknown


@few
@given(people=PEOPLE, limit=st.integers(0, 6))
def test_exceeds_is_exact(people: list[Person], limit: int) -> None:
    """Whether a column has more than so many values, whatever its first rows look like."""
    with audience_of(people) as audience:
        for i, name in enumerate(COLUMNS):
            assert audience.exceeds(name, limit) == (len({person[i] for person in people}) > limit)


def test_exceeds_looks_past_the_first_rows() -> None:
    """A column that varies only at its end varies all the same."""
    people = [('"same"', None, None, None)] * 100 + [(f'"n{i}"', None, None, None) for i in range(6)]
    with audience_of(people) as audience:
        assert audience.exceeds("first_name", 6)
        assert not audience.exceeds("first_name", 7)


@few
@given(people=PEOPLE, wanted=st.lists(CELLS, max_size=4), data=st.data())
def test_where_finds_those_with_one_of_the_cells(people: list[Person], wanted: list[Any], data: st.DataObject) -> None:
    """By one column; absent, null, empty and blank are four things, and the rest is exactly the others."""
    if people:
        wanted = [*wanted, *(person[0] for person in data.draw(st.lists(st.sampled_from(people), max_size=3)))]
    with audience_of(people) as audience:
        who = audience.where(("first_name",), [(cell,) for cell in wanted])
        assert ids(audience, who) == having(people, lambda p: p[0] in wanted)
        assert ids(audience, ~who) == having(people, lambda p: p[0] not in wanted)


@few
@given(people=PEOPLE)
def test_where_takes_combinations(people: list[Person]) -> None:
    """Every second person's cells in three columns, one of which nobody has."""
    wanted = {(p[0], p[1]) for p in people[::2]}
    with audience_of(people) as audience:
        who = audience.where(("first_name", "nobody has it", "Name"), [(a, None, b) for a, b in wanted])
        assert ids(audience, who) == having(people, lambda p: (p[0], p[1]) in wanted)
        assert audience.where(("first_name", "nobody has it"), [(a, '"x"') for a, _ in wanted]) == NOBODY
        assert ids(audience, who & ~who) == []
        assert ids(audience, who | ~who) == having(people, lambda _p: True)


@pytest.mark.parametrize("how_many", [duck.INLINE, duck.INLINE + 1, 3_000])
def test_where_takes_many_cells(how_many: int) -> None:
    """Few are written into the condition, many are joined; asking again for the same makes no second table."""
    people = [(encode(f"it's n{i}") if i % 7 else None, '"x"', None, None) for i in range(4_000)]
    wanted = [p[0] for p in people[:how_many]]
    with audience_of(people) as audience:
        cells = [(cell,) for cell in wanted]
        who = audience.where(("first_name",), cells)
        assert ids(audience, who) == having(people, lambda p, kept=set(wanted): p[0] in kept)
        assert audience.where(("first_name",), reversed(cells)).marks == who.marks
        both = who & audience.where(("Name",), [(f'"{i}"',) for i in range(40)] + [('"x"',)])
        assert audience.count(both) == audience.count(who)


@few
@given(people=PEOPLE)
def test_shapes_are_pythons(people: list[Person]) -> None:
    """Each value class holds whom Python puts there, and is told with one of its cells."""
    with audience_of(people) as audience:
        for i, name in enumerate(COLUMNS[:2]):
            expected = Counter(shape_in_python(p[i]) for p in people)
            for _again in range(2):
                found = audience.shapes(name)
                assert {shape: count for shape, count, _cell in found} == expected
                assert all(shape_in_python(cell) == shape for shape, _count, cell in found)
            for shape in SHAPES:
                assert ids(audience, audience.shaped(name, [shape])) == having(
                    people, lambda p, i=i, shape=shape: shape_in_python(p[i]) == shape
                )


@few
@given(people=PEOPLE, shapes=st.sets(st.sampled_from(SHAPES)))
def test_shaped_before_anybody_asked_for_shapes(people: list[Person], shapes: set[Shape]) -> None:
    """Sets of shapes, and what is left."""
    with audience_of(people) as audience:
        who = audience.shaped("first_name", shapes)
        assert ids(audience, who) == having(people, lambda p: shape_in_python(p[0]) in shapes)
        assert ids(audience, ~who) == having(people, lambda p: shape_in_python(p[0]) not in shapes)


def test_shapes_of_a_near_unique_column() -> None:
    """The same by the other way, which looks at people instead of distinct values."""
    cells = ['" "', None, "7", '"a<b"'] + [f'"n{i}"' for i in range(duck.KEPT + 1)]
    with audience_of([(cell, None, None, None) for cell in cells]) as audience:
        assert audience.shapes("first_name") == [
            (ABSENT, 1, None),
            (BLANK, 1, '" "'),
            (NUMBER, 1, "7"),
            (MARKUP, 1, '"a<b"'),
            (OTHER, duck.KEPT + 1, '"n0"'),
        ]


def _day(cell: str | None) -> str | None:
    found = re.match(r'"(.{4}-.{2}-.{2})', cell or "")
    return found[1] if found else None


@few
@given(people=PEOPLE, bounds=st.tuples(*[st.sampled_from([None, "2025-12-31", "2026-01-10", "2026-01-11"])] * 2))
def test_days(people: list[Person], bounds: tuple[str | None, str | None]) -> None:
    """By day, earliest first, unreadable ones last; and those between two days, the last not among them."""
    since, until = bounds
    days = Counter(_day(p[3]) for p in people)

    def between(person: Person) -> bool:
        day = _day(person[3])
        return day is not None and (since is None or day >= since) and (until is None or day < until)

    with audience_of(people) as audience:
        known = sorted((day, count) for day, count in days.items() if day is not None)
        assert audience.days("@updated_at") == [*known, *((None, n) for day, n in days.items() if day is None)]
        who = audience.day_between("@updated_at", since, until)
        assert ids(audience, who) == having(people, between)
        assert ids(audience, ~who) == having(people, lambda p: not between(p))
        assert ids(audience, audience.day_between("nobody has it", since, until)) == []


@few
@given(people=PEOPLE)
def test_rows_and_sample_hand_out_the_cells(people: list[Person]) -> None:
    """In the order of the pages, with the columns asked for, in the order asked for."""
    with audience_of(people) as audience:
        columns = ("Name", "nobody has it", "@updated_at")
        rows = [one for batch in audience.rows(EVERYONE, columns) for one in batch]
        assert [(one.id, one.cells) for one in rows] == [(f"p{i}", (p[1], None, p[3])) for i, p in enumerate(people)]
        assert audience.sample(EVERYONE, columns, 5) == rows[:5]


@few
@given(people=PEOPLE, wanted=st.sets(st.integers(0, 39)))
def test_these_are_those_with_the_numbers_handed_out(people: list[Person], wanted: set[int]) -> None:
    """Whatever their order, each once; and as any other set they go with others."""
    with audience_of(people) as audience:
        numbers = [one.number for batch in audience.rows(EVERYONE, ()) for one in batch]
        mine = [numbers[i] for i in wanted if i < len(people)]
        who = audience.these(mine[::-1] + mine)
        expected = [f"p{i}" for i in range(len(people)) if i in wanted]
        assert ids(audience, who) == expected
        assert [one.number for one in audience.sample(who, ("Name",), 9)] == sorted(mine)[:9]
        assert ids(audience, ~who) == [f"p{i}" for i in range(len(people)) if i not in wanted]
        even = [f"p{i}" for i in range(0, len(people), 2) if i in wanted]
        assert ids(audience, who & audience.these(numbers[::2])) == even


def test_sample_finds_the_rare() -> None:
    """One among the first and one far behind."""
    people = [('"rare"' if i in (7, duck.HEAD + 30) else None, None, None, None) for i in range(duck.HEAD + 50)]
    with audience_of(people) as audience:
        who = audience.where(("first_name",), [('"rare"',)])
        assert [one.id for one in audience.sample(who, (), 3)] == ["p7", f"p{duck.HEAD + 30}"]
        assert [one.id for one in audience.sample(~who, (), 2)] == ["p0", "p1"]


PAGES = st.lists(
    st.tuples(st.lists(st.sampled_from("abcdef"), max_size=4), st.sampled_from([None, "bounced"])), max_size=5
)


@pytest.mark.parametrize("small", [SMALL, 0], ids=["table", "file"])
@few
@given(pages=PAGES, excluded=st.lists(st.sampled_from("abcxyz"), max_size=4))
def test_who_is_mailed_in_the_end(pages: list[tuple[list[str], str | None]], excluded: list[str], small: int) -> None:
    """Each person once, by the first page with them; without the excluded; without those the platform will not mail."""
    first: dict[str, tuple[int, str | None]] = {}
    with pytest.MonkeyPatch.context() as patch, Snapshot(["page"]) as snapshot:
        patch.setattr("presend.audience.snapshot.SMALL", small)
        for number, (page, why) in enumerate(pages):
            snapshot.add(Batch(Role.INCLUDE, page, {"page": [str(number)] * len(page)}, suppressed=[why] * len(page)))
            for one in page:
                first.setdefault(one, (number, why))
        snapshot.add(Batch(Role.EXCLUDE, excluded))
        audience = snapshot.finish()
        kept = {one: (number, why) for one, (number, why) in first.items() if one not in excluded}
        mailed = [(one, (str(number),)) for one, (number, why) in kept.items() if why is None]
        rows = [one for batch in audience.rows(EVERYONE, ("page",)) for one in batch]
        assert [(one.id, one.cells) for one in rows] == mailed
        assert audience.size == len(mailed)
        assert audience.excluded == len(first) - len(kept)
        assert audience.suppressed == len(kept) - len(mailed)
        assert audience.columns == ({"page"} if mailed else set())


def test_a_page_of_unequal_columns_is_refused() -> None:
    """Cells that cannot be told to belong to anybody are no data."""
    with Snapshot(["page"]) as snapshot, pytest.raises(BadAnswer, match="unequal length"):
        snapshot.add(Batch(Role.INCLUDE, ["a", "b"], {"page": ["1"]}))


# ------------------------------------------------------------------------------------------------- open in place


def _written(folder: Path, people: str) -> Path:
    file = folder / "it's people.parquet"
    target = str(file).replace("'", "''")
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {people}) t(seq, id, why, c0, c1)) TO '{target}' (FORMAT parquet)")
    return file


def test_a_snapshot_is_opened_where_it_stands(tmp_path: Path) -> None:
    """Its people are there, its suppressed are counted, and closing leaves the file."""
    file = _written(tmp_path, """(0, 'a', NULL, '"Ann"', NULL), (1, 'b', 'bounced', '"Bo"', '"x"')""")
    audience = DuckAudience.open([file], ["first_name", "city"])
    found = (audience.size, audience.suppressed, audience.excluded, audience.columns)
    rows = list(audience.rows(EVERYONE, ("first_name",)))
    audience.close()

    assert found == (1, 1, 0, {"first_name"})
    assert [(one.id, one.cells) for one in rows[0]] == [("a", ('"Ann"',))]
    assert file.exists()


def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path) -> None:
    """By name, with what was wrong, and without its content."""
    file = _written(tmp_path, "(0, 'a', NULL, 1, 2)")
    text = tmp_path / "people.csv"
    text.write_text("secret@example.com")

    with pytest.raises(AudienceFileError, match=r"^it's people\.parquet: not a snapshot of these columns"):
        DuckAudience.open([file], ["one", "two", "three"])
    with pytest.raises(AudienceFileError) as refused:
        DuckAudience.open([text], ["one"])
    assert "secret" not in str(refused.value)


def test_the_engine_touches_nothing_else(tmp_path: Path) -> None:
    """No SQL that reaches it may read another file or lift the ban."""
    file = _written(tmp_path, """(0, 'a', NULL, '"Ann"', NULL)""")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    db = rooms.connect("256MB", tmp_path / "own", [file])
    quoted = str(file).replace("'", "''")

    assert db.execute(f"SELECT count(*) FROM read_parquet('{quoted}')").fetchall() == [(1,)]
    with pytest.raises(duckdb.PermissionException):
        db.execute(f"SELECT * FROM read_csv('{other}')")
    with pytest.raises(duckdb.InvalidInputException):
        db.execute("SET enable_external_access = true")


def test_a_day_later_than_another_and_nobody_without_either():
    cells = {
        "@confirmed_at": ['"2026-01-06T00:10:00Z"', '"2026-01-05T23:00:00Z"', '"2026-01-05T01:00:00Z"', None, '"soon"'],
        "@created_at": ['"2026-01-05T23:50:00Z"', '"2026-01-05T09:00:00Z"', None, '"2020-01-01"', '"2020-01-01"'],
    }
    with Snapshot((), memory_limit="512MB") as snapshot:
        snapshot.add(Batch(Role.INCLUDE, [f"p{i}" for i in range(5)], cells))
        people = snapshot.finish()
        later = people.day_after("@confirmed_at", "@created_at")
        assert people.count(later) == 1
        assert people.count(people.day_after("@created_at", "@confirmed_at")) == 0
