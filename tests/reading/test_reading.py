"""The reading over an audience against the reading of each recipient: counts and people are the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend.dialects.base import Emit, OutcomeKind
from presend.model import Part, Platform
from presend.reading import PartReading
from presend.reading import tables as tables_module
from tests.oracles import generators
from tests.reading.build import audience_of, klaviyo_column, program_of

COLUMNS = {
    Platform.MAILCHIMP: tuple(f["tag"] for f in generators.MAILCHIMP_FIELDS),
    Platform.KLAVIYO: tuple(klaviyo_column(c) for c in generators.KLAVIYO_COLUMNS),
    Platform.HUBSPOT: tuple(p["name"] for p in generators.HUBSPOT_PROPERTIES),
}


def _reaches(reading: PartReading, region: Any, row: dict[str, Any]) -> bool:
    for guard in region.guards:
        inside = {c: row[c] for c in guard.test.columns if c in row}
        wanted = OutcomeKind.PRINTED if guard.wanted else OutcomeKind.BLANK
        if guard.test.evaluate(inside).kind is not wanted:
            return False
    return True


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("near_unique", [False, True])
@settings(max_examples=40)
@given(data=st.data())
def test_counts_and_people(platform: Platform, near_unique: bool, data: st.DataObject) -> None:
    """For every region and every outcome, the set of recipients is exactly those whose own row gives it."""
    template = data.draw(generators.templates(platform.value, data.draw(st.sampled_from(("valid", "broken")))))
    rows = data.draw(st.lists(generators.rows(COLUMNS[platform]), min_size=1, max_size=12))
    program = program_of(platform, template.source, Part.HTML)
    before = tables_module.NEAR_UNIQUE
    tables_module.NEAR_UNIQUE = 0 if near_unique else before
    try:
        with audience_of(rows) as audience:
            reading = PartReading(program, audience)
            for region in reading.regions:
                for kind in OutcomeKind:
                    who = region.of_kind(kind)
                    found = [one.id for batch in audience.rows(who, ()) for one in batch]
                    expected = [
                        f"r{i}"
                        for i, row in enumerate(rows)
                        if _reaches(reading, region, row)
                        and region.expression.evaluate({c: row[c] for c in region.expression.columns if c in row}).kind
                        is kind
                    ]
                    assert found == expected
                    assert audience.count(who) == len(expected)
    finally:
        tables_module.NEAR_UNIQUE = before


@pytest.mark.parametrize("platform", list(Platform))
@settings(max_examples=60)
@given(data=st.data())
def test_blank_parts(platform: Platform, data: st.DataObject) -> None:
    """Those for whom a whole part is blank are those whose own rendering is blank."""
    template = data.draw(generators.templates(platform.value, "valid"))
    rows = data.draw(st.lists(generators.rows(COLUMNS[platform]), min_size=1, max_size=8))
    program = program_of(platform, template.source, Part.SUBJECT)
    if program.fatal:
        return
    with audience_of(rows) as audience:
        reading = PartReading(program, audience)
        found = {one.id for batch in audience.rows(reading.blank(), ()) for one in batch}
        for i, row in enumerate(rows):
            rendered = reading.render(row)
            if rendered.kind is OutcomeKind.PRINTED:
                opaque = any(isinstance(p, Emit) and p.expression.effect for p in program.pieces)
                assert (f"r{i}" in found) == (not rendered.text.strip()) or opaque
