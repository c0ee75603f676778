"""SEN006: a mail about Mother's Day, to people who said that they want none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity, day_refused, is_yes
from presend.reading import NOBODY, Who
from presend_checks._copy import surely
from presend_checks._lexicon import rows
from presend_checks._needed import rough
from presend_checks._sparing import Sparing, sparing
from presend_checks.sensitivity._lexicons import phrases
from presend_checks.sensitivity._revealed import said
from presend_checks.sensitivity._said import Sentence, sentences


@check("SEN006", "sensitive-day", mishaps=["M15"], severity=Severity.HIGH, needs=[Need.PARTS, Need.AUDIENCE])
def sensitive_day(mail: Mail) -> Iterator[Hit]:
    """The copy is about a day of which some recipients said that they want no mail.

    Why it matters
    Who lost a mother asked for one week of silence, and was promised it. One mail breaks the promise.

    How to fix
    Exclude the people who said so. A footer for others who would rather not hear of the day is kind.

    Known limits
    Mother's Day, Father's Day and Valentine's Day, by name or by gifts for a mum, a dad or a couple on the fourteenth
    of February where the copy has no other reason for them (Christmas, a birthday). The preference is found by the
    name or label of its field (`no_mothers_day`, "Mother's Day opt-out") where that holds true, yes or 1. Klaviyo does
    not list the fields of an account: there only the usual names are looked at (`mute_mothers_day`, "Opt out of
    Mother's Day"), unless the copy uses another. A preference that is kept as a list or segment must be excluded by it.
    """
    refused = _refused(mail)
    told = set()
    for sentence in sentences(mail) if refused else ():
        day, hit = _about(mail, sentence, refused)
        if hit is not None and (hit.at.part, day) not in told and mail.audience.count(hit.who or NOBODY):
            told.add((hit.at.part, day))
            yield hit


_PLACE = re.compile(
    r"\b(?:village|town|city|parish|island|port|commune|hamlet|quarter|church|chapel|cathedral|abbey|street|square|road"
    r"|station|school|bridge|gate)s? of (?:the )?\Z",
    re.IGNORECASE,
)
"""In front of what sounds like a day: it is a place that has its name …"""
_NAMED = re.compile(
    r"\s+(?:avenue|bakery|bookshop|bridge|church|film|hospice|lane|massacre|off\b|parade|primary|road|school|street"
    r"|the (?:film|movie|musical)|university)\b",
    re.IGNORECASE,
)
"""… and so it is in front of these, or a title."""
_MUM = r"(?:mum|mom|mam|mama|mamma|mummy|mommy|mother|grandma|nan)"
_DAD = r"(?:dad|daddy|papa|father|grandad|grandpa)"
_TREAT = (
    r"(?:treat|spoil|surprise|pamper|celebrat(?:e|ing)|honou?r|thank|thank you,?|show|forget|remember|something for)"
)
_ALONE = (
    r"(?!\w)(?!['’-]\w)(?!\s*(?:,|and|or|&|\+)\s*(?:the |your |our )?(?:baby|babies|toddlers?|kids?|children|mums?"
    r"|moms?|dads?|daughters?|sons?|nature|earth|goose|tongue|board|hubbard|christmas|brown|ted|time|grand\w+|little|all|co)\b)"
    r"(?!\s+(?:nature|earth|goose|tongue|board|hubbard|christmas|brown|ted|time|jokes?|superior|ship|tree|company)\b)"
)
"""The parent alone, and not a family, a proverb or a saint."""


def _hinted(text: str, whole: str) -> tuple[str, re.Match[str]] | None:
    """The day that a text means without its name, unless the copy has another reason for gifts."""
    for day, pattern in _shapes():
        found = pattern.search(text)
        if found is not None and not phrases("other_days").search(whole):
            return day, found
    return None


@cache
def _shapes() -> tuple[tuple[str, Sparing], ...]:
    words = {"<mum>": _MUM, "<dad>": _DAD, "<treat>": _TREAT, "<alone>": _ALONE}
    choices = {sign[1:-1]: rough(either) for sign, either in words.items()}
    found = []
    for day, shape, _example, _twin in rows("sensitivity", "day_shapes", " => "):
        filled = re.sub(r"<\w+>", lambda sign: words[sign[0]], shape)
        either = re.sub(r"(?<![\[’])'(?!’)", "['’]", filled)
        found.append((day, sparing(rf"(?<![\w-])(?:{either})(?!\w)", shape=shape, choices=choices)))
    return tuple(found)


def _refused(mail: Mail) -> dict[str, Who]:
    """By day, those who want no mail about it."""
    found: dict[str, Who] = {}
    labels = mail.labels
    for column in sorted(mail.audience.columns):
        day = "" if column.startswith("@") else day_refused(column, labels.get(column, ""))
        cells = [cell for value, cell, _count in mail.values(column) if is_yes(value)] if day else []
        if cells:
            found[day] = found.get(day, NOBODY) | mail.with_values(column, cells)
    return found


def _about(mail: Mail, sentence: Sentence, refused: dict[str, Who]) -> tuple[str, Hit | None]:
    for text, start in sentence.stretches():
        found = said("occasions", text) or _hinted(text, sentence.copy.text)
        if found is None or found[0] not in refused or phrases("way_round").search(sentence.text):
            continue
        day, words = found
        if _PLACE.search(text[: words.start()]) or _NAMED.match(text, words.end()):
            continue
        at = mail.at(sentence.part, sentence.copy.span(start + words.start(), start + words.end()))
        hit = Hit(
            at,
            f"The copy is about {words[0]}, and some recipients said that they want no mail about it.",
            "Exclude those who said so, before anything else.",
            who=refused[day] & surely(sentence.part, at.start or 0),
            reason=f"said that they want no mail about {words[0]}",
        )
        return day, hit
    return "", None
