"""What countries and regions are called, and the zones they are in; loaded once, and only where there is a blackout."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

from presend.model import Gazetteer, folded

LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "ja")
"""Languages in which a country's name is known; where two disagree the first one counts."""

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@cache
def gazetteer() -> Gazetteer:
    """All names and zones."""
    regions, zones = _regions()
    return Gazetteer(_countries(), regions, {**_country_zones(), **zones})


def _entries(name: str) -> Iterator[list[str]]:
    text = resources.files("presend.blackouts").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


def _countries() -> dict[str, str]:
    import babel

    found: dict[str, str] = {}
    for language in LOCALES:
        for code, name in babel.Locale(language).territories.items():
            if len(code) == 2 and code not in _NO_COUNTRIES:
                found.setdefault(code.casefold(), code)
                found.setdefault(folded(name), code)
    for code, names in _entries("countries.txt"):
        found |= {folded(name): code for name in names.split(", ")}
    return found


def _regions() -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, str]] = {}
    zones: dict[str, tuple[str, ...]] = {}
    for code, names, zone in _entries("subdivisions.txt"):
        country, _, short = code.partition("-")
        known = found.setdefault(country, {})
        known[folded(code)] = code
        known[short.casefold()] = code
        for name in names.split(", "):
            known[folded(name)] = code
        if zone:
            zones[code] = (zone,)
    return found, zones


def _country_zones() -> dict[str, tuple[str, ...]]:
    """Every zone of a country, from the time zone database's own table."""
    found: dict[str, tuple[str, ...]] = {}
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found
