"""Places and days in which offers stay at home, and whether somebody who wrote down where they live is in one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from presend.model.gap import Gap

_SIGNS = re.compile(r"[\W_]+")
_REGION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")


def folded(name: str) -> str:
    """A name of a place as it is compared: without case, accents and signs. `St. Gallen` is `st gallen`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return _SIGNS.sub(" ", plain).strip()


def compact(postcode: str) -> str:
    """A postcode as it is compared: capitals and digits only. `SW1A 1AA` is `SW1A1AA`."""
    return _SIGNS.sub("", postcode).upper()


class Within(Enum):
    """Whether somebody is in a place; UNKNOWN where what is written down does not tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Blackout:
    """One place and its span of whole days, both ends included."""

    reason: str
    country: str
    """ISO 3166-1 alpha-2."""
    first: date
    last: date
    regions: frozenset[str] = frozenset()
    """ISO 3166-2 codes where presend knows them, else folded names; empty: not told by region."""
    postcodes: tuple[str, ...] = ()
    """Compact beginnings; empty: not told by postcode. With neither it is the whole country."""
    origin: str = "presend.toml"
    """Where it was read, for reports."""
    exact: bool = True
    """Whether somebody wrote down this very place; feeds name a whole state or country around it."""
    over: date | None = None
    """The last day of the event itself, where that is known: what follows up to `last` is its aftermath."""

    @property
    def label(self) -> str:
        """`flood in US (US-TX, 770…) from 2026-11-20 to 2026-12-04`."""
        places = ", ".join((*sorted(self.regions), *(f"{start}…" for start in self.postcodes)))
        where = f"{self.country} ({places})" if places else self.country
        return f"{self.reason} in {where} from {self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a recipient lives, as it is written down; the empty string where it is not."""

    country: str = ""
    region: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What places are called, and the zones they are in."""

    countries: Mapping[str, str] = field(default_factory=dict)
    """ISO 3166-1 code by folded name or code."""
    regions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By country, ISO 3166-2 code by folded name or code; only countries of which presend knows all of them."""
    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """IANA zones by country's or region's code."""

    def country(self, address: Address) -> str | None:
        """The code of the address's country; None where it is not written down, or called by no name known here."""
        code = self.countries.get(folded(address.country))
        named = _REGION.fullmatch(address.region.strip().upper())
        return named[1] if code is None and not address.country.strip() and named else code

    def region(self, country: str, name: str) -> str | None:
        """A region's code, else its folded name where presend has no list of that country's; None for no such name."""
        known, word = self.regions.get(country), folded(name)
        if known is None:
            own = _REGION.fullmatch(name.strip().upper())
            return own[0] if own and own[1] == country else word or None
        return known.get(word)

    def within(self, blackout: Blackout, address: Address) -> Within:
        """Whether an address is in a blackout's place."""
        country = self.country(address)
        if country is None:
            return Within.UNKNOWN
        if country != blackout.country:
            return Within.NO
        if not blackout.regions and not blackout.postcodes:
            return Within.YES
        told = []
        if blackout.regions:
            told.append(self._in_regions(blackout, address.region))
        if blackout.postcodes:
            code = compact(address.postcode)
            told.append(_yes(code.startswith(blackout.postcodes)) if code else Within.UNKNOWN)
        return next((one for one in (Within.YES, Within.UNKNOWN) if one in told), Within.NO)

    def _in_regions(self, blackout: Blackout, name: str) -> Within:
        region = self.region(blackout.country, name)
        if region is None:
            return Within.UNKNOWN
        if region in blackout.regions or blackout.country in self.regions:
            return _yes(region in blackout.regions)
        # Without a list of the country's regions a code and a name may be the same place.
        is_code = _REGION.fullmatch(region) is not None
        alike = all((_REGION.fullmatch(one) is not None) == is_code for one in blackout.regions)
        return Within.NO if alike else Within.UNKNOWN


def _yes(truth: bool) -> Within:
    return Within.YES if truth else Within.NO


@dataclass(frozen=True, slots=True)
class Blackouts:
    """All of them, with what it takes to tell who is in one."""

    dark: tuple[Blackout, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Feeds that could not be had, or held what cannot be."""
    places: Gazetteer = Gazetteer()


NOTHING_DARK = Blackouts()
"""What there is where nobody named anything."""
