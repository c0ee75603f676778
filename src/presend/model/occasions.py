"""Days that hurt some readers, and how fields are called by which people said that they want no mail about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from presend.model.campaign import Field

OCCASIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "mothers_day": (
        r"mother s ?day|mothers ?day|mothering ?sunday|mother day|muttertag",
        ("mother", "mutter", "mère", "mum", "mom", "mam", "madre", "mãe", "moeder", "mors dag", "matki", "nan"),
    ),
    "fathers_day": (
        r"father s ?day|fathers ?day|father day|vatertag",
        ("father", "vater", "père", "dad", "papa", "old man", "padre", "pai", "vader", "fars dag", "ojca", "papà"),
    ),
    "valentines_day": (
        r"valentine s ?day|valentines ?day|valentines?|valentinstag",
        ("valentin", "galentin", "palentin", "v-day", "feb"),
    ),
}
"""By a word for the day: how its name reads in a field's, and stems by one of which any copy about it goes."""

_NO = r"(?:no|skip|mute|hide|exclude|without|opt ?out(?: of)?|kein(?:en)?)"
_OFF = r"(?:opt ?out|opted ?out|mute|muted|excluded|off)"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_USUAL = ("no_{}", "skip_{}", "{}_opt_out", "opt_out_{}")
_YES = frozenset({"true", "yes", "y", "1", "on", "x", "ja", "oui"})


def day_refused(column: str, label: str = "") -> str:
    """The day about which a column says that its person wants no mail, by its name, else its label; empty if none."""
    for name in (column, label):
        words = " ".join(re.split(r"[\W_]+", _CAMEL.sub(" ", name.rsplit(".", 1)[-1]))).strip().casefold()
        for day, (pattern, _stems) in OCCASIONS.items():
            if words and re.fullmatch(rf"{_NO} (?:{pattern})(?: mails?| e ?mails?)?|(?:{pattern}) {_OFF}", words):
                return day
    return ""


def is_yes(value: object) -> bool:
    """Whether a stored preference holds: true, 1 or a word for it."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in _YES)


def preference_names(copies: Iterable[str], fields: Iterable[Field], *, complete: bool) -> frozenset[str]:
    """Names of the fields by which people refuse a day that the copy may be about.

    Where an account's fields are not all known beforehand (`complete`), the usual names are asked for as well.
    """
    text = "\n".join(copies).casefold()
    days = [day for day, (_pattern, stems) in OCCASIONS.items() if any(stem in text for stem in stems)]
    known = {one.tag for one in fields if days and day_refused(one.tag, one.label) in days}
    usual = {form.format(day) for form in _USUAL for day in days}
    return frozenset(known if complete else known | usual)
