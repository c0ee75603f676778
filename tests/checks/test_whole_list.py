"""Which names of lists say that everybody is on them."""

from __future__ import annotations

import pytest

from presend_checks._lexicon import entries
from presend_checks.segments.whole_list import _says_all


@pytest.mark.parametrize("how", entries("segments", "everybody_how"))
def test_all_of_those_who_can_be_written_to(how: str) -> None:
    """`everybody_how`: with a word for people, and with none for some of them."""
    assert _says_all(f"{how.title()} contacts 2026")
    assert not _says_all(f"{how.title()} contacts in Leeds")
    assert not _says_all(f"{how.title()} customers")


@pytest.mark.parametrize("who", entries("segments", "everybody_who"))
def test_whoever_can_be_written_to(who: str) -> None:
    """`everybody_who`."""
    assert _says_all(f"ALL {who}")
    assert not _says_all(f"VIP {who}")
