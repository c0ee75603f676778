"""Quotations: what a person would read around a place, and that masks hide what they must."""

from __future__ import annotations

import pytest

from presend.model import Part, Platform
from presend.reading.excerpt import around, mask
from tests.reading.build import part_reading, program_of


def quote(source: str, row: dict[str, object], tag: str, part: Part = Part.HTML, *, show_pii: bool = False) -> str:
    reading = part_reading(program_of(Platform.KLAVIYO, source, part))
    rendered = reading.render(row)
    place = rendered.place(source.index(tag), source.index(tag) + len(tag))
    assert place is not None
    return around(reading, rendered, *place, show_pii=show_pii)


NAME = "{{ first_name|default:'there' }}"


@pytest.mark.parametrize(
    ("source", "row", "reads"),
    [
        (f"<p>Hi {NAME},</p><p>Sale</p>", {"first_name": "Ann"}, "Hi Xxx,"),
        (f"<p>Hi {NAME},</p>", {}, "Hi xxxxx,"),
        (f"<p>Hi <b>{NAME}</b>!</p>", {"first_name": "O'Brien & Co"}, "Hi X'Xxxxx & Xx!"),
        (f"<td>Old</td><td>Dear {NAME}</td>", {"first_name": "李雷"}, "Dear xx"),
    ],
)
def test_quotes_the_sentence_and_hides_the_value(source: str, row: dict[str, object], reads: str) -> None:
    assert quote(source, row, NAME) == reads


def test_shows_values_only_when_asked() -> None:
    assert quote(f"<p>Hi {NAME},</p>", {"first_name": "Ann"}, NAME, show_pii=True) == "Hi Ann,"


def test_a_text_is_quoted_by_its_line() -> None:
    source = f"Header\n\nHi {NAME},\nthe sale is on"

    assert quote(source, {"first_name": "Ann"}, NAME, Part.TEXT) == "Hi Xxx,"


def test_a_mask_keeps_length_and_class() -> None:
    assert mask("Ann O'Neil, 42") == "Xxx X'Xxxx, 99"
