"""Where plain texts are judged as one class, the outcomes are those of asking for each."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.audience.engine import OTHER
from presend.audience.values import decode, encode
from presend.model import Part, Platform
from presend.reading import PartReading
from presend.reading.inputs import is_plain
from tests.reading.build import audience_of, program_of

BARE = {
    Platform.MAILCHIMP: ("*|FNAME|*", "*|POINTS|*", "*|HTML:FNAME|*", "*|IF:FNAME|*x*|END:IF|*"),
    Platform.KLAVIYO: (
        "{{ first_name }}",
        "{{ first_name|default:'there' }}",
        "{{ person|lookup:'first_name' }}",
        "{% if first_name %}x{% endif %}",
        "{% if person.first_name %}x{% else %}y{% endif %}",
        "{% if not first_name %}x{% endif %}",
        "{% if first_name == 'Ann' %}x{% endif %}",
    ),
    Platform.HUBSPOT: ("{{ contact.firstname }}", "{{ contact.points }}", "{% if contact.firstname %}x{% endif %}"),
}
COLUMN = {Platform.MAILCHIMP: "FNAME", Platform.KLAVIYO: "first_name", Platform.HUBSPOT: "firstname"}
VALUES = st.one_of(
    st.sampled_from(["Ann", "ann", "0", "False", "none", "1.5", "Zoë", "李", "A B", " Ann", "Ann ", "A  B", "O'Neill"]),
    st.sampled_from(
        ["", " ", "<b>", "{{ x }}", "*|X|*", "true", "01/02", "2026-01-02", 0, 7, 1.5, True, None, [], ["a"]]
    ),
    st.text(max_size=8),
    st.text("abcÀé09 .,-_@", max_size=8),
)


@pytest.mark.parametrize(("platform", "source"), [(p, s) for p, sources in BARE.items() for s in sources])
@pytest.mark.parametrize("part", [Part.HTML, Part.SUBJECT])
@settings(max_examples=6)
@given(values=st.lists(VALUES, min_size=1, max_size=60))
def test_outcomes_are_those_of_each_value(platform: Platform, source: str, part: Part, values: list[Any]) -> None:
    """For every value: what the table says is what the expression says of that value alone."""
    program = program_of(platform, source, part)
    column = COLUMN[platform]
    with audience_of([{column: value, "POINTS": value, "points": value} for value in values] + [{}]) as audience:
        reading = PartReading(program, audience)
        for region in (*reading.regions, *reading.tests):
            columns = region.expression.columns
            for entry in reading.table(region.expression).entries():
                row = {c: decode(cell) for c, cell in zip(columns, entry.cells, strict=True) if cell is not None}
                assert entry.outcome == region.expression.evaluate(row)


def test_klaviyos_lone_conditions_are_judged_by_class() -> None:
    """`if name` and no other condition may let one text stand for all."""
    bare = {
        source: program_of(Platform.KLAVIYO, source, Part.HTML).pieces[0].arms[0].test.bare
        for source in BARE[Platform.KLAVIYO]
        if source.startswith("{%")
    }

    assert [source for source, is_bare in bare.items() if is_bare] == [
        "{% if first_name %}x{% endif %}",
        "{% if person.first_name %}x{% else %}y{% endif %}",
    ]


@given(text=st.one_of(st.text(max_size=12), st.text("ab9 .,-_@{&|", max_size=8), st.just("n" * 201)))
def test_plain_texts_are_of_the_class_other(text: str) -> None:
    """A plain cell is its text in quotes, and the engine would call it OTHER."""
    cell = encode(text)
    if is_plain(cell):
        assert cell[1:-1] == text == text.strip() != ""
        with audience_of([{"name": text}]) as audience:
            assert [shape for shape, _count, _cell in audience.shapes("name")] == [OTHER]
