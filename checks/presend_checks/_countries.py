"""What countries are called and the codes they stand for; shared by the families of checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from presend_checks._lexicon import rows

_NO_COUNTRY = frozenset(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"])


@cache
def countries() -> Mapping[str, str]:
    """English names of countries by code (ISO 3166-1 alpha-2), from babel."""
    # Here and below, not above: importing it takes a tenth of a second that most runs need not spend.
    from babel import Locale

    return {c: n for c, n in Locale("en").territories.items() if re.fullmatch(r"[A-Z]{2}", c) and c not in _NO_COUNTRY}


@cache
def aliases() -> Mapping[str, str]:
    """The codes of countries by their codes of three letters, and by others that stand for a country."""
    from babel.core import get_global

    return {alias: codes[0] for alias, codes in get_global("territory_aliases").items()}


@cache
def written() -> Mapping[str, tuple[str, str]]:
    """The code of each English name or abbreviation, by its text without case, and whether it is `name` or `short`."""
    found = {name.casefold(): (code, "name") for code, name in countries().items()}
    found |= {name.replace("&", "and").replace("\u2019", "'"): held for name, held in found.items()}
    found |= {name.casefold(): (code, kind) for name, code, kind in rows("values", "country_names", " | ")}
    return found


@cache
def native() -> frozenset[str]:
    """Names of countries in their official languages, which takes most of a second to gather."""
    from babel import Locale
    from babel.core import UnknownLocaleError
    from babel.languages import get_official_languages

    found: set[str] = set()
    for code in countries():
        for language in get_official_languages(code):
            try:
                found.add(Locale.parse(language).territories.get(code, "").casefold())
            except UnknownLocaleError:
                continue
    return frozenset(found - {""})


def code_of(text: str) -> str | None:
    """The code of a country by its code, its English name or an abbreviation; None for what is none of these."""
    bare = " ".join(text.split())
    if bare.casefold() in written():
        return written()[bare.casefold()][0]
    code = bare.upper()
    return code if code in countries() else aliases().get(code)
