"""One row of settings, a CSV or a calendar as a blackout, or the sentence why it is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from presend.blackouts.places import gazetteer
from presend.faults import no_such_day
from presend.model import Blackout, compact, folded

_CODE = re.compile(r"([A-Za-z]{2})-[A-Za-z0-9]{1,3}")


T = TypeVar("T")


class BadRow(ValueError):
    """The row is no blackout; the message says why, all of it."""


def blackout_of(row: Mapping[str, Any], origin: str) -> Blackout:
    """The blackout of a row with reason, country, regions, postcodes, from and until. Raises BadRow."""
    if row.get("fault"):
        raise BadRow(row["fault"])
    said: list[str] = []

    def tried(read: Callable[..., T], *words: Any) -> T | None:
        try:
            return read(*words)
        except BadRow as bad:
            said.append(str(bad))
            return None

    reason = tried(_reason, row.get("reason"))
    country = tried(_country, str(row.get("country") or ""))
    first, last = tried(_day, row.get("from"), "from"), tried(_day, row.get("until"), "until")
    if first is not None and last is not None and last < first:
        said.append(f"until {last} is before from {first}")
    # Whose regions they would be is not known where the country is not.
    regions = [tried(_region, country, name) for name in _listed(row.get("regions")) if country is not None]
    postcodes = [tried(_postcode, name) for name in _listed(row.get("postcodes"))]
    if said or reason is None or country is None or first is None or last is None:
        raise BadRow("; ".join(said))
    return Blackout(
        reason=reason,
        country=country,
        first=first,
        last=last,
        regions=frozenset(one for one in regions if one is not None),
        postcodes=tuple(one for one in postcodes if one is not None),
        origin=origin,
        over=row.get("over"),
        exact=bool(row.get("exact", True)),
    )


def _listed(value: Any) -> list[str]:
    """A list, or a text with semicolons."""
    if isinstance(value, str):
        return [one.strip() for one in value.split(";") if one.strip()]
    return [str(one) for one in value or ()]


def _reason(value: Any) -> str:
    reason = " ".join(str(value or "").split())
    if not reason:
        raise BadRow("it gives no reason")
    return reason


def _country(name: str) -> str:
    if not name.strip():
        raise BadRow("it names no country")
    places = gazetteer()
    code = places.countries.get(folded(name))
    if code is None:
        raise BadRow(f"no country is called {name!r}{_meant(name, places.countries)}")
    return code


def _region(country: str, name: str) -> str:
    own = _CODE.fullmatch(name.strip())
    if own is not None and own[1].upper() != country:
        raise BadRow(f"the region {name!r} is not in {country}")
    places = gazetteer()
    code = places.region(country, name)
    if not code:
        raise BadRow(f"no region of {country} is called {name!r}{_meant(name, places.regions.get(country, ()))}")
    return code


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(folded(name), [one for one in known if len(one) > 3], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _postcode(name: str) -> str:
    code = compact(name)
    if not code:
        raise BadRow(f"{name!r} is no beginning of a postcode")
    return code


def _day(value: Any, key: str) -> date:
    if isinstance(value, datetime):
        raise BadRow(f"{key} must be a day, without an hour")
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if not text:
        raise BadRow(f"it has no {key}; nothing is dark for ever")
    try:
        return date.fromisoformat(text)
    except ValueError:
        why = no_such_day(text) or "a day is written as in 2026-11-20"
        raise BadRow(f"{key} is {text!r}: {why}") from None
