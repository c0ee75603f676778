"""Faults in what people's records hold, printed with a fallback that does not help: VAL001 to VAL006."""

from __future__ import annotations

import random

from bench.mishaps import words
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.planting import Unfit, claim, printed_safely, spoil

_NAMES = ("first", "last")


def blank_value(draft: Draft) -> list[Label]:
    """VAL001: nothing but white space, which no fallback replaces."""
    key = claim(draft, ("first", "city", "pet"), unused=True)
    slot = printed_safely(draft, key)
    who = spoil(draft, key, draft.rng.uniform(0.01, 0.1), lambda _v, rng: rng.choice((" ", "  ", "\u00a0", "\t")))
    why = "it reads as a blank as well"
    return [Label("VAL001", who, slot.token, column=slot.column, also=("TAG002",), why=why, fault="blank_value")]


def junk(draft: Draft) -> list[Label]:
    """VAL002: what people type who do not want to say, and notes of colleagues (23 to 32 % do so now and then)."""
    key = claim(draft, ("first",))
    slot = printed_safely(draft, key)
    who = spoil(draft, key, draft.rng.uniform(0.01, 0.23), lambda _v, rng: rng.choice(words.JUNK))
    why = "`test` is in small letters as well"
    return [Label("VAL002", who, slot.token, column=slot.column, also=("VAL003",), why=why, fault="junk")]


def shouting(draft: Draft) -> list[Label]:
    """VAL003: 3.4 % of names in capitals, 7.5 % in small letters (18.6 % where people type them)."""
    key = claim(draft, _NAMES, unused=True)
    slot = printed_safely(draft, key)

    def loud(value: str, rng: random.Random) -> str:
        # Two letters in capitals may be initials, and not every script has case.
        if sum(c.isalpha() for c in value) < 4 or (not value.isascii() and value.lower() == value.upper()):
            return value
        return value.upper() if rng.random() < 0.31 else value.lower()

    # Some surnames begin small by right, and a part of a name in small letters proves nothing: they stay.
    column = draft.crowd.columns[slot.column]
    kept = {row: v for row, v in enumerate(column) if isinstance(v, str) and (v[:1].islower() or " " in v)}
    before = list(column)
    who = spoil(draft, key, draft.rng.choice((0.109, 0.186)), loud)
    for row in kept:
        column[row] = before[row]
    who -= draft.crowd.names(kept)
    if not who:
        raise Unfit
    return [Label("VAL003", who, slot.token, column=slot.column, fault=f"shouting {key}")]


def no_name(draft: Draft) -> list[Label]:
    """VAL004: an address, a company, a number or a site where a name belongs."""
    key = claim(draft, ("first", "last"), unused=True)
    slot = printed_safely(draft, key)

    def other(_value: str, rng: random.Random) -> str:
        kind = rng.randrange(4)
        if kind == 0:
            return f"{rng.choice(('ann', 'office', 'p.quill'))}{rng.randrange(90)}@example.com"
        if kind == 1:
            return rng.choice([firm for firm in words.FIRMS if firm != "plumea"])
        if kind == 2:
            return rng.choice(("+49 30 5550 0123", "(555) 010-4477", "0044 20 7946 0991", "555-010-2233"))
        return rng.choice(("www.example.org", "https://example.net/me", "example.com"))

    who = spoil(draft, key, draft.rng.uniform(0.01, 0.06), other)
    why = "a firm that writes itself in capitals is printed in capitals as well"
    return [Label("VAL004", who, slot.token, also=("VAL003",), why=why, column=slot.column, fault=f"no_name {key}")]


def template(draft: Draft) -> list[Label]:
    """VAL005: template syntax in the data."""
    key = claim(draft, ("first", "last", "city"), unused=True)
    slot = printed_safely(draft, key)
    who = spoil(draft, key, draft.rng.uniform(0.01, 0.05), lambda _v, rng: rng.choice(words.TEMPLATED))
    return [Label("VAL005", who, slot.token, column=slot.column, fault=f"template {key}")]


def garbled(draft: Draft) -> list[Label]:
    """VAL006: the wrong encoding, stray markup, control characters."""
    key = claim(draft, ("first", "last", "city"), unused=True)
    slot = printed_safely(draft, key)

    def spoilt(value: str, rng: random.Random) -> str:
        kind = rng.randrange(5)
        if kind < 2 and not value.isascii():
            try:
                return value.encode().decode("cp1252")
            except UnicodeDecodeError:
                return value + "\ufffd"
        if kind == 2:
            return value[:2] + "\ufffd" + value[3:]
        if kind == 3:
            return rng.choice((f"<b>{value}</b>", f"{value}<br>", f"{value}&nbsp;", f"{value[:1]}&eacute;{value[1:]}"))
        return value[:1] + rng.choice("\x00\x07\x0b\x1b") + value[1:]

    who = spoil(draft, key, draft.rng.uniform(0.01, 0.08), spoilt)
    return [Label("VAL006", who, slot.token, column=slot.column, fault=f"garbled {key}")]
