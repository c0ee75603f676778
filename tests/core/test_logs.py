"""What is blotted out of logs and notices, and that long texts cost no more than their length."""

from __future__ import annotations

import re
from re._constants import MAXREPEAT
from re._parser import SubPattern, parse
from typing import Any

import pytest

from presend import logs
from presend.logs import clean


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("for ann@example.com today", "for [address] today"),
        ("ann+spring.x-1@mail.example.co.uk.", "[address]."),
        ("ann@example.com,bo@example.org", "[address],[address]"),
        ("a@example.com+b@example.org", "[address][address]"),
        ("x@y@example.com", "x@[address]"),
        ("Zoë@example.com", "[address]"),
        ("key 0123456789abcdef0123456789abcdef-us21 ends", "key [secret] ends"),
        ("pk_1234567890 and pat-na1-01234567-89ab", "[secret] and [secret]"),
        ("xoxb-12345678-abc", "[secret]"),
        ("postgresql://user:pass@host/db", "postgresql://[secret]@host/db"),
        ("redis://:pass@host", "redis://[secret]@host"),
        ("postgresql://user:a:b@host/db", "postgresql://[secret]@host/db"),
        ("https://hooks.slack.com/services/T0/B0/x y", "[secret] y"),
    ],
)
def test_blots_out(text: str, want: str) -> None:
    assert clean(text) == want


@pytest.mark.parametrize(
    "text",
    ["50 % @ the shop", "@crm-team", "ann@localhost", "https://example.com/a:b", "10:30@noon", "a @example.com", ""],
)
def test_leaves_what_is_no_secret(text: str) -> None:
    assert clean(text) == text


class Counted:
    """A pattern that counts the characters it is given to look at."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.characters = 0

    def match(self, text: str) -> re.Match[str] | None:
        self.characters += len(text)
        return self.pattern.match(text)


@pytest.mark.parametrize("piece", ["a", "a.", "a@", "@", "a@b", "a@b.c", "a+b-"])
def test_work_grows_with_the_length_and_no_faster(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every character is given to the judge of domains once at most, however the `@` stand."""
    domain = Counted(logs._DOMAIN)
    monkeypatch.setattr(logs, "_DOMAIN", domain)
    text = piece * 2000 + "@"

    clean(text)

    assert domain.characters <= len(text)


@pytest.mark.parametrize("pattern", [*logs._SECRETS, logs._DOMAIN], ids=lambda p: p.pattern[:20])
def test_no_pattern_gives_back_what_it_took(pattern: re.Pattern[str]) -> None:
    """An open repeat that may be shortened is read again for each length: quadratic, where something must follow it."""
    open_repeats = [name for name, _least, most in _repeats(pattern.pattern) if most is MAXREPEAT]

    assert set(open_repeats) <= {"POSSESSIVE_REPEAT"}


def test_a_pattern_that_gives_back_is_seen() -> None:
    assert [(name, least) for name, least, _most in _repeats("x(?:a+|b)c")] == [("MAX_REPEAT", 1)]


def _repeats(pattern: str) -> list[tuple[str, int, Any]]:
    """Every repeat in a pattern: its kind, the fewest, the most."""
    found: list[tuple[str, int, Any]] = []

    def walk(parsed: Any) -> None:
        for op, argument in parsed:
            if str(op).endswith("REPEAT"):
                found.append((str(op), argument[0], argument[1]))
            for part in argument if isinstance(argument, (tuple, list)) else ():
                for inner in part if isinstance(part, list) else (part,):
                    if isinstance(inner, SubPattern):
                        walk(inner)

    walk(parse(pattern))
    return found
