"""Snapshots beside each other in one engine, and who is told to be the same person or inbox."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial

import duckdb
import pytest
from filelock import FileLock

from presend.audience import alike, rooms
from presend.audience.duck import DuckAudience
from presend.audience.engine import EVERYONE, NOBODY, Distinct, Fold, Listed, Who
from presend.audience.few import SMALL
from presend.audience.values import encode
from tests.audience.test_duck import audience_of

# ----------------------------------------------------------------------------------------------- the same people


def _ids(audience: DuckAudience, who: Who) -> list[str]:
    return [one.id for batch in audience.rows(who, ()) for one in batch]


ADDRESSES = [
    '"ann@example.com"',
    '" Ann@Example.com"',
    '"ann@example.org"',
    '"a.n.n+shop@gmail.com"',
    '"ann@googlemail.com"',
    '"an.n@example.net"',
    '"An.n+x@example.net"',
    '"ann+x@example.net"',
    '"+x@example.net"',
    '"+y@example.net"',
    '""',
    '""',
    "null",
    "null",
    "12",
    "12",
    None,
    None,
]


def test_sharing_folds_as_asked() -> None:
    """Case and blanks always, what follows a plus in an inbox, dots at Gmail only; what is no text, with nobody."""
    with audience_of([(cell, '"x"', None, None) for cell in ADDRESSES]) as audience:
        ids = _ids(audience, EVERYONE)
        case = audience.sharing(("first_name",), Fold.CASE)
        box = audience.sharing(("first_name",), Fold.MAILBOX)

        assert _ids(audience, case) == ids[:2]
        assert _ids(audience, box) == [*ids[:2], *ids[3:7]]
        assert audience.count(~case) == len(ids) - 2
        assert audience.count(audience.sharing(("city",), Fold.CASE)) == 0
        assert audience.count(audience.sharing((), Fold.CASE)) == 0


def test_sharing_several_columns_needs_all_of_them() -> None:
    """One street with two families, and one family that moved."""
    homes = [('"Lane 1"', '"Berg"'), ('"lane 1 "', '"BERG"'), ('"Lane 1"', '"Thal"'), ('"Hill 2"', '"Berg"')]
    alone = [('"Lane 1"', None), ('"Lane 1"', None)]
    with audience_of([(*cells, None, None) for cells in (*homes, *alone)]) as audience:
        ids = _ids(audience, EVERYONE)

        assert _ids(audience, audience.sharing(("first_name", "Name"), Fold.CASE)) == ids[:2]


HOMES = [
    ('"Lane 1"', '"Ann"'),
    ('"Lane 1"', '"ann "'),
    ('"Hill 2"', '"Ann"'),
    ('"hill 2"', '"Ann"'),
    ('"Hill 2"', '"Bo"'),
    ('"Dale 3"', '"Mary  Ann"'),
    ('"Dale 3"', '" Mary Ann"'),
    ('"Moor 4"', '"Weiß"'),
    ('"Moor 4"', '"WEISS"'),
    ('"Fell 5"', '"Ann"'),
    ('"Fell 5"', None),
    ('"Wood 6"', None),
    ('"Wood 6"', '""'),
    ('"Glen 7"', '"Cy"'),
    (None, '"Ann"'),
    (None, '"Bo"'),
]


def test_sharing_with_somebody_else_of_another_name() -> None:
    """A home of copies alone is none of several people; one more name makes it one, and then its copies count too."""
    several = ["p2", "p3", "p4", "p9", "p10"]
    with audience_of([(*cells, None, None) for cells in HOMES]) as audience:
        apart = partial(audience.sharing, ("first_name",), Fold.CASE)
        assert _ids(audience, apart(["Name"])) == several
        assert len(_ids(audience, apart())) == 13
        assert _ids(audience, apart(["Name"])) == several
        assert _ids(audience, apart(["nobody has it"])) == []


def _addressed(audience: DuckAudience, listed: Listed) -> int:
    return audience.count(audience.addressed("first_name", listed))


@pytest.mark.parametrize(
    ("address", "hit"),
    [
        ("info@example.com", True),
        ("Info2@example.com", True),
        ("info+list@example.com", True),
        ("info-1@shop.example", True),
        ("informer@example.com", False),
        ("ann.info@example.com", False),
        ("ann@shop.example", True),
        ("ann@mail.shop.example", True),
        ("ann@workshop.example", False),
        ("info", False),
    ],
)
def test_addressed_by_name_or_domain(address: str, hit: bool) -> None:
    with audience_of([(encode(address), None, None, None)]) as audience:
        assert _addressed(audience, Listed(("info",), ("shop.example",))) == int(hit)


@pytest.mark.parametrize(
    ("address", "hit"),
    [
        ("test.user@example.com", True),
        ("TestUser7@example.com", True),
        ("test--user@example.com", False),
        ("thebergs@example.com", True),
        ("the.bergs@example.com", False),
        ("thes@example.com", False),
        ("the+bergs@example.com", False),
    ],
)
def test_blanks_and_stars_of_a_name(address: str, hit: bool) -> None:
    with audience_of([(encode(address), None, None, None)]) as audience:
        assert _addressed(audience, Listed(("test user", "the*s"))) == int(hit)


@pytest.mark.parametrize(
    ("address", "hit"),
    [
        ("sales@example.com", True),
        ("uk.sales@example.com", True),
        ("salesuk@example.com", False),
        ("sales-UK@example.com", True),
        ("sales.fr@example.com", False),
        ("ann.b+test2@example.com", True),
        ("ann+latest@example.com", False),
        ("ann(b@example.com", False),
        ("ann@test.example.com", True),
        ("ann@latest.example.com", False),
        ("ann@example.test", False),
    ],
)
def test_choices_in_a_name(address: str, hit: bool) -> None:
    names = ("(uk_)?sales(_(uk|eu))?", "**+(test|qa)")
    with audience_of([(encode(address), None, None, None)]) as audience:
        assert _addressed(audience, Listed(names, ("test.**",))) == int(hit)


def test_nobody_is_addressed_by_nothing() -> None:
    with audience_of([('"o\'neill@example.com"', None, None, None)]) as audience:
        assert audience.addressed("first_name", Listed()) == NOBODY
        assert _addressed(audience, Listed(("o'neill",))) == 1


@pytest.mark.parametrize("alone", [0, 100])
def test_lists_that_are_looked_for_at_once(alone: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is the one of its list alone, whatever else was asked before or is to be asked soon."""
    monkeypatch.setattr(alike, "ALONE", alone)
    people = ["info@example.com", "ann@shop.example", "sales@shop.example", "tom@example.com"]
    info, shop, none = Listed(("info",)), Listed(domains=("shop.example",)), Listed()
    both = Listed(("sales", "info"))
    with audience_of([(encode(address), None, None, None) for address in people]) as audience:

        def found(column: str, listed: Listed, *soon: Listed) -> list[str]:
            return _ids(audience, audience.addressed(column, listed, soon))

        every = (shop, info, none, both)
        assert found("first_name", shop, *every) == ["p1", "p2"]
        assert found("first_name", info, *every) == ["p0"]
        assert found("first_name", none, *every) == []
        assert found("first_name", both, info) == ["p0", "p2"]
        assert found("first_name", both, *every) == ["p0", "p2"]
        assert found("Name", shop, *every) == []


# --------------------------------------------------------------------------------------------------------- rooms


def _closed(audience: DuckAudience) -> bool:
    try:
        return audience.count(Who("a.seq >= 0")) < 0
    except duckdb.Error:
        return True


@pytest.mark.parametrize("size", [3, SMALL + 1], ids=["table", "file"])
def test_snapshots_side_by_side_do_not_see_each_other(size: int) -> None:
    """Each has its own people, whether asked at once or little by little; closing one takes nothing from the other."""
    with audience_of([('"left"', None, None, None)] * size) as left:
        with audience_of([('"right"', None, None, None)] * (size + 1)) as right:
            pieces = left.rows(EVERYONE, ("first_name",))
            assert [one.cells for one in next(right.rows(EVERYONE, ("first_name",)))][:2] == [('"right"',)] * 2
            assert right.distinct(("first_name",)) == [Distinct(('"right"',), size + 1)]
        assert _closed(right)
        assert {one.cells for piece in pieces for one in piece} == {('"left"',)}
        assert left.distinct(("first_name",)) == [Distinct(('"left"',), size)]
    assert _closed(left)


def test_nothing_of_a_closed_snapshot_is_left() -> None:
    """Neither tables in the engine nor files in its folder, and to close twice is no fault."""
    with audience_of([('"Ann"', None, None, None)] * (SMALL + 1)) as audience:
        (folder,) = rooms._home().glob("people-*")
        assert folder.stat().st_mode & 0o077 == 0
        audience.close()

    assert not folder.exists()
    left = "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal"
    assert rooms._engines["512MB"].execute(left).fetchall() == []


def test_an_engine_that_has_ended_is_started_anew() -> None:
    """Over a fault of the engine's own, say: the snapshots in it are lost, those that follow are not."""
    with audience_of([('"Ann"', None, None, None)]) as audience:
        rooms._engines["512MB"].close()
        with audience_of([('"Bo"', None, None, None)] * 2) as another:
            assert another.size == 2
        assert audience.size == 1


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_holds_is_not(tmp_path):
    left, living, young, other = (tmp_path / f"{rooms._PREFIX}{name}" for name in ("left", "living", "young", "other"))
    for folder in (left, living, young, other):
        (folder / "people-1").mkdir(parents=True)
    for folder in (left, living):
        (folder / rooms._LOCK).touch()
    elsewhere = tmp_path / "elsewhere"
    other.rename(elsewhere)
    (elsewhere / rooms._LOCK).touch()
    other.symlink_to(elsewhere)

    with FileLock(living / rooms._LOCK):
        rooms.sweep(tmp_path)

    assert sorted(p.name.removeprefix(rooms._PREFIX) for p in tmp_path.iterdir()) == [
        "elsewhere",
        "living",
        "other",
        "young",
    ]


def test_a_process_leaves_no_folder_behind_and_sweeps_what_a_killed_one_left(tmp_path):
    make = "from presend.audience.rooms import _home; home = _home(); import os, signal\n"
    run = partial(subprocess.run, env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    run([sys.executable, "-c", make + "os.kill(os.getpid(), signal.SIGKILL)"])
    assert len(list(tmp_path.iterdir())) == 1
    run([sys.executable, "-c", make])
    assert list(tmp_path.iterdir()) == []
