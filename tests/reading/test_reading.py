"""The reading over an audience against the reading of each recipient: counts and people are the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.audience.duck import DuckAudience
from presend.audience.values import Row
from presend.dialects.base import Emit, OutcomeKind
from presend.model import Part, Platform
from presend.reading import Fork, Guard, PartReading, Region
from presend.reading import tables as tables_module
from tests.oracles import generators
from tests.oracles.generators import Kind
from tests.reading.build import audience_of, klaviyo_column, program_of

COLUMNS = {
    Platform.MAILCHIMP: tuple(f["tag"] for f in generators.MAILCHIMP_FIELDS),
    Platform.KLAVIYO: tuple(klaviyo_column(c) for c in generators.KLAVIYO_COLUMNS),
    Platform.HUBSPOT: tuple(p["name"] for p in generators.HUBSPOT_PROPERTIES),
}


def _reaches(region: Region, row: Row) -> bool:
    return all(_passes(guard, row) for guard in region.guards)


def _passes(guard: Guard, row: Row) -> bool:
    inside = {c: row[c] for c in guard.test.columns if c in row}
    wanted = OutcomeKind.PRINTED if guard.wanted else OutcomeKind.BLANK
    return guard.test.evaluate(inside).kind is wanted


def _left_over(fork: Fork, row: Row) -> bool:
    guards = (*fork.guards, *(Guard(test, False) for test in fork.tests))
    return len(fork.tests) == len(fork.arms) and all(_passes(guard, row) for guard in guards)


def _sources(data: st.DataObject, platform: Platform, worst: Kind) -> list[str]:
    """Several templates for one audience: making the audience takes far longer than reading a template over it."""
    kinds: tuple[Kind, ...] = ("valid", worst)
    one = st.sampled_from(kinds).flatmap(lambda kind: generators.templates(platform.value, kind))
    return data.draw(st.lists(one.map(lambda template: template.source), min_size=6, max_size=6))


def _holds(region: Region, rows: Sequence[Row], audience: DuckAudience) -> None:
    """Every outcome of the region is held by exactly those whose own row gives it."""
    own: dict[OutcomeKind, list[str]] = {kind: [] for kind in OutcomeKind}
    for i, row in enumerate(rows):
        if _reaches(region, row):
            inside = {c: row[c] for c in region.expression.columns if c in row}
            own[region.expression.evaluate(inside).kind].append(f"r{i}")
    for kind, expected in own.items():
        who = region.of_kind(kind)
        assert [one.id for batch in audience.rows(who, ()) for one in batch] == expected
        assert audience.count(who) == len(expected)


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("near_unique", [False, True])
@settings(max_examples=5)
@given(data=st.data())
def test_counts_and_people(platform: Platform, near_unique: bool, data: st.DataObject) -> None:
    """For every region and every outcome, the set of recipients is exactly those whose own row gives it."""
    sources = _sources(data, platform, "broken")
    rows = data.draw(st.lists(generators.rows(COLUMNS[platform]), min_size=1, max_size=12))
    before = tables_module.NEAR_UNIQUE
    tables_module.NEAR_UNIQUE = 0 if near_unique else before
    try:
        with audience_of(rows) as audience:
            for source in sources:
                for region in PartReading(program_of(platform, source, Part.HTML), audience).regions:
                    _holds(region, rows, audience)
    finally:
        tables_module.NEAR_UNIQUE = before


@pytest.mark.parametrize("platform", list(Platform))
@settings(max_examples=8)
@given(data=st.data())
def test_choices_that_are_for_nobody(platform: Platform, data: st.DataObject) -> None:
    """Those left over by a choice are those whose own row fails every test, and their mail has a gap there."""
    sources = _sources(data, platform, "valid")
    rows = data.draw(st.lists(generators.rows(COLUMNS[platform]), min_size=1, max_size=8))
    with audience_of(rows) as audience:
        for source in sources:
            reading = PartReading(program_of(platform, source, Part.HTML), audience)
            for fork in reading.choices:
                found = {one.id for batch in audience.rows(fork.nobody(), ()) for one in batch}
                assert found == {f"r{i}" for i, row in enumerate(rows) if _left_over(fork, row)}
                for i, row in enumerate(rows):
                    rendered = reading.render(row)
                    if rendered.kind is OutcomeKind.PRINTED:
                        starts = [start for _at, start in rendered.gaps]
                        assert (f"r{i}" in found) == (fork.span.start in starts)


def test_gap_is_where_the_words_are_missing() -> None:
    """The place of a choice that prints nothing is the empty stretch between its neighbours."""
    source = "Hi {% if first_name == 'Ann' %}Ann{% endif %}, hello"
    reading = PartReading(program_of(Platform.KLAVIYO, source, Part.TEXT), None)
    rendered = reading.render({"first_name": "Bo"})
    assert (rendered.text, rendered.place(3, 10)) == ("Hi , hello", (3, 3))
    assert reading.render({"first_name": "Ann"}).place(3, 10) is None


@pytest.mark.parametrize("platform", list(Platform))
@settings(max_examples=8)
@given(data=st.data())
def test_blank_parts(platform: Platform, data: st.DataObject) -> None:
    """Those for whom a whole part is blank are those whose own rendering is blank."""
    sources = _sources(data, platform, "valid")
    rows = data.draw(st.lists(generators.rows(COLUMNS[platform]), min_size=1, max_size=8))
    with audience_of(rows) as audience:
        for source in sources:
            reading = PartReading(program_of(platform, source, Part.SUBJECT), audience)
            if reading.program.fatal:
                continue
            found = {one.id for batch in audience.rows(reading.blank(), ()) for one in batch}
            opaque = any(isinstance(p, Emit) and p.expression.effect for p in reading.program.pieces)
            for i, row in enumerate(rows):
                rendered = reading.render(row)
                if rendered.kind is OutcomeKind.PRINTED:
                    assert (f"r{i}" in found) == (not rendered.text.strip()) or opaque


def test_what_stands_on_the_way_to_a_place() -> None:
    """The tests of the branches before it are false, its own is true; a condition is met before its own test counts."""
    source = "a{% if x %}b{% elif y %}{% if z %}c{% endif %}d{% else %}e{% endif %}f"
    reading = PartReading(program_of(Platform.KLAVIYO, source, Part.TEXT), None)

    def on_the_way(words: str) -> list[tuple[str, bool]]:
        return [(one.test.normal, one.wanted) for one in reading.guards_at(source.index(words))]

    (x, y, z) = (test.expression for test in reading.tests)
    first, second, inner = x.normal, y.normal, z.normal
    assert [on_the_way(one) for one in ("a{", "f", "b{")] == [[], [], [(first, True)]]
    assert on_the_way("c{") == [(first, False), (second, True), (inner, True)]
    assert on_the_way("d{") == [(first, False), (second, True)]
    assert on_the_way("e{") == [(first, False), (second, False)]
    assert reading.guards_at(z.span.start) == reading.guards_at(source.index("d{"))
