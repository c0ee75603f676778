"""Content that the platform chooses per recipient: a choice like any other, exact to the character."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presend.dialects import dialect_for
from presend.dialects.alternatives import with_alternatives
from presend.dialects.base import Choice, OutcomeKind, Program, Scene, Text
from presend.model import Alternatives, Field, Part, Passage, Platform, Vocabulary
from presend.reading import PartReading

VOCABULARY = Vocabulary((Field("firstname"), Field("city")), complete=True)
SCENE = Scene(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
TOKEN = '{{ personalization_token("contact.firstname", "you") }}'


def compiled(before: str, passages: list[tuple[str, tuple[str, ...], str]], after: str) -> Program:
    """A HubSpot part in which the passages (source, columns, unknown) stand one after another."""
    at = len(before)
    found = []
    for text, columns, unknown in passages:
        found.append(Passage(at, at + len(text), columns, "the list North", unknown))
        at += len(text)
    source = before + "".join(text for text, *_rest in passages) + after
    dialect = dialect_for(Platform.HUBSPOT)
    program = dialect.compile(dialect.parse(source, Part.HTML), VOCABULARY, SCENE)
    return with_alternatives(program, [Alternatives(Part.HTML, tuple(found))])


def prints(program: Program, **row: object) -> tuple[OutcomeKind, str]:
    rendered = PartReading(program, None).render(row)
    return rendered.kind, rendered.text


NORTH = ("<p>Snow, " + TOKEN + "</p>", ("in_list:1",), "")
SOUTH = ("<p>Sun</p>", ("in_list:2", "in_list:3"), "")
OTHERS = ("<p>Rain for " + TOKEN + "</p>", (), "")


def test_each_recipient_reads_the_first_passage_that_fits() -> None:
    program = compiled("<h1>Hi</h1>", [NORTH, SOUTH, OTHERS], "<hr>")

    north = prints(program, **{"in_list:1": True, "in_list:2": True, "firstname": "Ann"})
    assert north == (OutcomeKind.PRINTED, "<h1>Hi</h1><p>Snow, Ann</p><hr>")
    south = prints(program, **{"in_list:1": False, "in_list:2": False, "in_list:3": True})
    assert south == (OutcomeKind.PRINTED, "<h1>Hi</h1><p>Sun</p><hr>")
    rest = prints(program, **{"in_list:1": False, "in_list:2": False, "in_list:3": False})
    assert rest == (OutcomeKind.PRINTED, "<h1>Hi</h1><p>Rain for you</p><hr>")


def test_who_is_not_known_to_be_in_or_out_is_unknown() -> None:
    program = compiled("", [NORTH, OTHERS], "")
    reading = PartReading(program, None)

    rendered = reading.render({"firstname": "Ann"})
    assert rendered.kind is OutcomeKind.UNKNOWN
    assert "the list North" in rendered.reason
    by_country = compiled("", [(NORTH[0], (), "nobody can tell"), OTHERS], "")
    assert PartReading(by_country, None).render({}).reason == "nobody can tell"


def test_the_columns_of_the_choice_are_columns_of_the_part() -> None:
    assert PartReading(compiled("", [NORTH, SOUTH, OTHERS], ""), None).columns == (
        "firstname",
        "in_list:1",
        "in_list:2",
        "in_list:3",
    )


@pytest.mark.parametrize("text", ["", "a", "{{ contact.city }}", "a{# note #} b ", "{% if 1 %}x{% endif %}"])
def test_any_source_may_stand_around_and_inside(text: str) -> None:
    program = compiled(text, [(text, ("in_list:1",), ""), (f"{text}-", (), "")], text)
    plain = PartReading(program, None).render({"in_list:1": True, "city": "Bonn"})
    other = PartReading(program, None).render({"in_list:1": False, "city": "Bonn"})

    shown = {"": "", "a": "a", "{{ contact.city }}": "Bonn", "a{# note #} b ": "a b "}.get(text, "x")
    assert plain.text == shown * 3
    assert other.text == f"{shown}{shown}-{shown}"


def test_texts_that_a_tag_trims_are_cut_where_they_belong() -> None:
    program = compiled("{% if 1 -%}  one{%- endif -%}   two ", [("A", ("in_list:1",), ""), ("B", (), "")], " three")

    assert prints(program, **{"in_list:1": True})[1] == "onetwo A three"
    assert prints(program, **{"in_list:1": False})[1] == "onetwo B three"


def test_a_block_that_runs_across_a_border_leaves_the_program_as_it_is() -> None:
    program = compiled("", [("{% if 1 %}A", ("in_list:1",), ""), ("B{% endif %}", (), "")], "")

    assert not any(isinstance(p, Choice) and p.arms[0].test and p.arms[0].test.columns for p in program.pieces)


def test_passages_of_another_part_do_not_matter() -> None:
    dialect = dialect_for(Platform.HUBSPOT)
    program = dialect.compile(dialect.parse("plain", Part.SUBJECT), VOCABULARY, SCENE)
    passages = (Passage(0, 3, ("in_list:1",)), Passage(3, 5))

    assert with_alternatives(program, [Alternatives(Part.HTML, passages)]) == program
    assert all(isinstance(piece, Text) for piece in program.pieces)
