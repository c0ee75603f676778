"""Hostile and very large templates: twice as much of them is twice as much work, counted in calls and not in time."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from presend.dialects import dialect_for
from presend.dialects.base import Scene
from presend.html import PlaceMap
from presend.model import Part, Platform, Vocabulary
from presend.seek import Seeker

SCENE = Scene(datetime(2026, 11, 23, 9, tzinfo=UTC))
MIXED = random.Random(5).choices(("{{ ", "{% ", "{# ", "*| ", "[[ ", "<< ", "%% "), k=2_000)

REPEATED = {
    Platform.KLAVIYO: (
        "{",
        "{{",
        "<p>{% if first_name %}a{% else %}b{% endif %}</p>",
        "{% today '%Y' as y %}{{ y }}",
        "<p>Hi {{ first_name }}</p>",
    ),
    Platform.MAILCHIMP: (
        "*|",
        "|*",
        "<p>*|IF:FNAME|*a*|ELSE:|*b*|END:IF|*</p>",
        '<p mc:edit="a">*|IF:FNAME|*a*|END:IF|*</p>',
        "<p>Hi *|FNAME|*</p>",
    ),
    Platform.HUBSPOT: (
        "{{",
        "{{ '\\'",
        "{% if contact.firstname %}",
        "{% for a in b %}{% endif %}",
        "<p>{% if contact.firstname %}a{% else %}b{% endif %}</p>",
        "<p>Hi {{ contact.firstname|title }}</p>",
    ),
}


def calls(work: Callable[[], object]) -> int:
    """How many functions, Python's own and built in ones, the work calls."""
    count = 0

    def see(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(work: Callable[[int], object], first: int) -> float:
    """How much dearer the second doubling is than the first; what is the same for any size falls out."""
    work(first)
    one, two, four = (calls(lambda n=n: work(n)) for n in (first, 2 * first, 4 * first))
    return (four - two) / max(1, two - one)


def compiled(platform: Platform, source: str) -> None:
    dialect = dialect_for(platform)
    dialect.compile(dialect.parse(source, Part.HTML), Vocabulary(), SCENE)


@pytest.mark.parametrize(
    ("platform", "repeated"), [(platform, one) for platform, many in REPEATED.items() for one in many]
)
def test_twice_the_source_is_twice_the_work(platform: Platform, repeated: str) -> None:
    assert growth(lambda n: compiled(platform, "<p>Hi</p>" + repeated * n), 60) < 2.3


@pytest.mark.parametrize("platform", list(Platform))
def test_open_delimiters_in_any_order_are_twice_the_work(platform: Platform) -> None:
    assert growth(lambda n: compiled(platform, "".join(MIXED[:n])), 500) < 3  # drawn: a square would be 4


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("repeated", ["{{ ", "{% ", "*| ", "<! ", "<style ", "<!--[if--> ", "</a ", "a" * 10])
def test_what_nothing_closes_is_not_looked_for_again(platform: Platform, repeated: str) -> None:
    # Built-in searches count as one call however far they read; read once per delimiter this would take many minutes.
    source = "<p " + repeated * 30_000
    template = dialect_for(platform).parse(source, Part.HTML)
    assert "".join(node.text for node in template.nodes) == source


@pytest.mark.parametrize(
    "repeated", ["<a {{ x }}", "<a {{", '<a href="{{ x }}', "<!--[if", "<!--", "<style", '<a b="{{ c', "<a b=c"]
)
def test_the_places_of_a_source_are_twice_the_work(repeated: str) -> None:
    assert growth(lambda n: PlaceMap(repeated * n), 100) < 2.3


def test_a_start_tag_left_open_does_not_try_every_combination_of_its_template_tags() -> None:
    places = PlaceMap("<a " + "{{ x }}" * 2_000 + "<b href='y'>")
    assert [(place.element, place.attribute) for place in places.links()] == [("b", "href")]


@pytest.mark.parametrize("text", ["", "a}}}b}}", "}}", "}", "a\n\nb\n"])
@pytest.mark.parametrize("delimiter", ["}}", "\n", "}"])
def test_a_seeker_finds_what_find_finds(text: str, delimiter: str) -> None:
    seeker = Seeker(text)
    for start in range(len(text) + 1):
        assert seeker.next(delimiter, start) == text.find(delimiter, start)
        assert seeker.last(delimiter, start) == text.rfind(delimiter, 0, start)
        for end in range(start, len(text) + 1):
            assert seeker.next(delimiter, start, end) == text.find(delimiter, start, end)
