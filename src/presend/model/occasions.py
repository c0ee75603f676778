"""Days that hurt some readers, and how fields are called by which people said that they want no mail about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from presend.model.campaign import Field

OCCASIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "mothers_day": (
        r"mother s ?days?|mothers ?days?|mothering ?sunday|mother day|muttertag",
        ("mother", "mutter", "mère", "mum", "mom", "mam", "madre", "mãe", "moeder", "mors dag", "matki", "nan"),
    ),
    "fathers_day": (
        r"father s ?days?|fathers ?days?|father day|vatertag",
        ("father", "vater", "père", "dad", "papa", "old man", "padre", "pai", "vader", "fars dag", "ojca", "papà"),
    ),
    "valentines_day": (
        r"valentine s ?day|valentines ?day|valentine s|valentines?|valentine day|valentinstag",
        ("valentin", "galentin", "palentin", "v-day", "feb"),
    ),
}
"""By a word for the day: how its name reads in a field's, and stems by one of which any copy about it goes."""

_ABOUT = r"(?: (?:of|from|about|for|on|out of))?(?: the)?"
_NO = (
    r"(?:no|skip|mute|hide|avoid|block|pause|silence|suppress|snooze|exclude|without|wants no|does not want"
    r"|doesn t want|do not (?:send|want|mail|e ?mail)|don t (?:send|want|mail|e ?mail)|rather not hear"
    rf"|opt(?:s|ed)? ?out|unsubscribe[ds]?|muted?|skipped|excluded?|kein(?:en)?){_ABOUT}"
)
_OFF = (
    r"(?:opt(?:ed)? ?out|mute|muted|skip|skipped|exclude|excluded|off|unsubscribed?|suppressed?|paused?|hide|hidden"
    r"|block|blocked|silenced?|no thanks|no mails?|no e ?mails?)"
)
_MAILS = r"(?: (?:e ?mails?|mails?|campaigns?|messages?|content|reminders?|newsletters?|sends?|marketing|promotions?))?"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FORMS = ("no_{}", "skip_{}", "mute_{}", "hide_{}", "exclude_{}", "pause_{}", "opt_out_{}", "opt_out_of_{}")
_ENDS = ("{}_opt_out", "{}_optout", "{}_muted", "{}_off", "{}_unsubscribed")
_WRITTEN = ("No {}", "Skip {}", "Mute {}", "Hide {}", "Opt out of {}", "Opt Out of {}", "{} opt-out", "{} opt out")
_AS_SAID = {
    "mothers_day": ("Mother's Day", "Mothers Day"),
    "fathers_day": ("Father's Day", "Fathers Day"),
    "valentines_day": ("Valentine's Day", "Valentine's", "Valentines Day"),
}
"""How people write the days in the name of a field that they type by hand."""
_SHORT = 4
"""Letters of a stem that also stands inside other words ("maximum", "paid"): it is looked for as a word."""
_YES = frozenset({"true", "yes", "y", "1", "on", "x", "ja", "oui"})


def day_refused(column: str, label: str = "") -> str:
    """The day about which a column says that its person wants no mail, by its name, else its label; empty if none."""
    for name in (column, label):
        words = " ".join(re.split(r"[\W_]+", _CAMEL.sub(" ", name.rsplit(".", 1)[-1]))).strip().casefold()
        for day, (pattern, _stems) in OCCASIONS.items():
            if words and re.fullmatch(rf"{_NO} (?:{pattern}){_MAILS}|(?:{pattern}){_MAILS} {_OFF}", words):
                return day
    return ""


def is_yes(value: object) -> bool:
    """Whether a stored preference holds: true, 1 or a word for it."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in _YES)


@cache
def _about(stems: tuple[str, ...]) -> re.Pattern[str]:
    """The stems at the start of a word; a short one with no more behind it than makes it fond or many: mummy, dads."""
    long = "|".join(re.escape(stem) for stem in stems if len(stem) > _SHORT)
    short = "|".join(re.escape(stem) for stem in stems if len(stem) <= _SHORT)
    fond = r"(?:s|my|mies|dy|dies|ny|a|as|r|ruary)?"
    return re.compile(rf"(?<![^\W_])(?:(?:grand|step|god)?(?:{long})|(?:{short}){fond}(?![^\W_]))")


def preference_names(copies: Iterable[str], fields: Iterable[Field], *, complete: bool) -> frozenset[str]:
    """Names of the fields by which people refuse a day that the copy may be about.

    Where an account's fields are not all known beforehand (`complete`), the usual names are asked for as well.
    """
    text = "\n".join(copies).casefold()
    days = [day for day, (_pattern, stems) in OCCASIONS.items() if _about(stems).search(text)]
    known = {one.tag for one in fields if days and day_refused(one.tag, one.label) in days}
    usual = {form.format(day) for form in (*_FORMS, *_ENDS) for day in days}
    usual |= {form.format(said) for form in _WRITTEN for day in days for said in _AS_SAID[day]}
    return frozenset(known if complete else known | usual)
