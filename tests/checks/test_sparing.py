"""Expressions that wait for their words: which words they need, and that no match is lost by waiting."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presend_checks._needed import either, held, needed, rarest, rough
from presend_checks._sparing import sparing
from presend_checks.copy._grammar import slips_of_grammar
from presend_checks.copy._makings import makings
from presend_checks.sensitivity._revealed import field_category, said, value_category
from presend_checks.timing._named import naming


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("your lamp", [{"lamp"}, {"your"}]),
        ("(?:bought|ordered) (?:a|the) lamp", [{"ordered", "bought"}, {"lamp"}]),
        ("colou?rs?", [{"colo"}]),
        ("lamps* and", [{"lamp"}, {"and"}]),
        ("(?:new )?lamp(?:shade)*", [{"lamp"}]),
        ("lamp|(?:oil )?wick", [{"lamp", "wick"}]),
        ("lamp|\\d+", []),
        ("(?:lamp){0,2} oil", [{"oil"}]),
        ("(?:lamp){2} oil", [{"lamp"}, {"oil"}]),
        ("xy{0,3}z lamp", [{"lamp"}]),
        ("(?!lamp)(?<!wick )oil(?=tank)", [{"oil"}]),
        ("(?P<sign>oil)? lamp (?(sign)tank|wick)", [{"lamp"}]),
        ("(?P<what>LAMP) (?P=what)", [{"lamp"}]),
        ("(?-i:Lamp)\\x20[a-z]+ \\bold\\b", [{"lamp"}, {"old"}]),
        ("[lamp)(|]+ oil", [{"oil"}]),
        ("é?tat caf(?:é|e)", [{"tat"}, {"caf"}]),
        ("<tool>s? oil", [{"hammer", "saw"}, {"oil"}]),
    ],
)
def test_words_that_an_expression_needs(expression: str, words: list[set[str]]) -> None:
    found = needed(expression, {"tool": rough("hammer|saw")})

    assert sorted(map(sorted, (need.words for need in found))) == sorted(map(sorted, words))


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="is not read"):
        needed("(?i)lamp")
    with pytest.raises(ValueError, match="as they stand"):
        sparing("lamp  # and wick", re.VERBOSE)


_EXPRESSIONS = [
    r"(?:thank(?:s| you)|cheers) for (?:your )?(?:orders?|purchase)",
    r"(?:half-)?(?:bottles?|cases?|crates?)(?: of)? (?:(?:red|white) )?wine",
    r"(?:ice|skis?|inks){1,2}|o?estrogen (?:gel|patch(?:es)?)",
    r"(?:you|we)(?:'ve| have)? (?:just |also )*(?:kissed|looked at) (?P<what>it|us)",
]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_matches_is_found(data: st.DataObject) -> None:
    expression = data.draw(st.sampled_from(_EXPRESSIONS))
    text = data.draw(st.from_regex(re.compile(expression, re.IGNORECASE)))
    expected = re.compile(expression, re.IGNORECASE).search(text)
    found = sparing(expression).search(text)

    assert expected is not None
    assert found is not None
    assert found.span() == expected.span()


def test_signs_that_are_letters_in_any_case() -> None:
    """Of all signs these alone match a letter of ASCII without being one."""
    for sign, letter in {"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"}.items():
        assert re.fullmatch(letter, sign, re.IGNORECASE)
        assert sparing(f"ab{letter}cd").fullmatch(f"AB{sign}CD")


def test_same_answers_as_an_expression_that_is_compiled_at_once() -> None:
    one, other = sparing("old lamps?"), re.compile("old lamps?", re.IGNORECASE)
    for text in ("An Old Lamp, an old lamp", "a lamp", "old", ""):
        assert bool(one.search(text, 5)) is bool(other.search(text, 5))
        assert bool(one.match(text, 3)) is bool(other.match(text, 3))
        assert bool(one.fullmatch(text)) is bool(other.fullmatch(text))
        assert [found.span() for found in one.finditer(text)] == [found.span() for found in other.finditer(text)]


def test_flags_and_names_of_days_are_kept() -> None:
    assert naming(r"\bhappy <weekdays>").search("Happy FRIDAY") is not None
    assert naming(r"\bhappy <weekdays>").search("happy birthday") is None
    assert naming(r"(?P<day>(?i:<weekdays>)) sale", 0).search("FRIDAY SALE") is None


def test_either_of_several_needs_a_word_of_each() -> None:
    both = either([needed("red lamp"), needed("wick|oil")])

    assert held("a lamp").meets(both)
    assert held("oily").meets(both)
    assert not held("a red hat").meets(both)
    assert either([needed("lamp"), needed(r"\d")]) == ()


def test_rarest_word_of_a_phrase() -> None:
    assert rarest("Your Diagnosis of it") == "diagnosis"
    assert rarest("é") == ""


def test_several_lists_together() -> None:
    assert said("conditions", "We know about your recent cancer treatment")
    assert said("conditions", "We know that you have diabetes")
    assert said("conditions", "Your recent separation from your last husband is over")
    assert field_category("divorce_stage") == "divorce"
    assert value_category("Adult diapers") == "health"
    assert value_category("Blue lamp") == ""
    assert list(slips_of_grammar("You doesn't need it, and you should know."))
    assert any(shape.search("Lorem [insert title here] ipsum") for shape, _sure in makings())
