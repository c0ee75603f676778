"""SEN001: something about the reader that is nobody's business is shown: health, debt, faith, a divorce."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import Outcome
from presend.mail import Mail
from presend.model import NAMES, Confidence, Hit, Location, Severity
from presend.reading import NOBODY
from presend_checks._copy import surely
from presend_checks._printed import Printed, printed
from presend_checks.sensitivity._revealed import field_category, said, stands_alone, value_category
from presend_checks.sensitivity._said import OPEN, Sentence, sentences

_OPEN = "Subject, preview text and sender name are read by whoever glances at the phone on the table"


@check("SEN001", "sensitive-shown", mishaps=["M16"], severity=Severity.HIGH, needs=[Need.PARTS])
def sensitive_shown(mail: Mail) -> Iterator[Hit]:
    """The mail shows or tells something sensitive about its reader: by a field, a value, a list's name or the copy.

    Why it matters
    A postcard that named somebody a customer of adult goods, coupons for babies to a teenager whose father did not
    know: what a sender knows is not the sender's to tell, and subject, preview text and sender name are read by others.

    How to fix
    Keep it out of the subject, the preview text and the sender's name at least. Say what you offer, not why this reader
    gets it.

    Known limits
    Told from the names and labels of fields, from whole values and from short lists of phrases, English above all.
    Where others may read it and it names the reader's own condition it is high with high confidence. In the body, which
    only the reader opens, fields are of medium and phrases of low confidence, and goods that merely hint at something
    are of medium confidence anywhere: surgeries, banks and parishes write to their own about just this. Conditions
    alone, without words, are not judged.
    """
    told = set()
    for one in printed(mail):
        for hit in _by_field(mail, one):
            told.add((one.part, one.column))
            yield hit
    seen = set()
    for sentence in sentences(mail):
        for category, hit in _by_copy(mail, sentence):
            if (hit.at.part, category) not in seen:
                seen.add((hit.at.part, category))
                yield hit
    yield from _by_list(mail)


def _by_field(mail: Mail, one: Printed) -> Iterator[Hit]:
    """A field about such a thing is printed, or any field's value says it."""
    if one.role in NAMES:
        return
    is_open = one.part in OPEN
    at = mail.at(*one.places[0])
    category = field_category(one.column, mail.labels.get(one.column, ""))
    who = NOBODY
    if mail.has_audience:
        for _part, region in one.places:
            if category:
                who = who | region.who(lambda row, outcome: bool(_filled(row.get(one.column)) and outcome.text.strip()))
            else:
                who = who | region.who(lambda row, outcome: bool(_shown(row.get(one.column), outcome)))
        if not mail.audience.count(who):
            return
    elif not category:
        return
    what = category or _category_of_values(one)
    where = f"{one.part.value.replace('_', ' ')} prints" if category else f"{one.part.value.replace('_', ' ')} shows by"
    yield Hit(
        at,
        f"The {where} {one.column}, which tells something of the reader's {what}.",
        f"Take {one.column} out of the {'open' if is_open else 'copy'}; say what you offer, not what you know.",
        who=who if mail.has_audience else None,
        severity=Severity.HIGH if is_open else Severity.MEDIUM,
        confidence=Confidence.HIGH if is_open else Confidence.MEDIUM,
        column=one.column,
        reason=f"reads something of their own {what}",
    )


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _shown(value: object, outcome: Outcome) -> str:
    category = value_category(value)
    return category if category and str(value).casefold() in outcome.text.casefold() else ""


def _category_of_values(one: Printed) -> str:
    for _part, region in one.places:
        at = region.expression.columns.index(one.column)
        for entry in region.entries():
            cell = entry.cells[at] if at < len(entry.cells) else None
            if cell is not None and (category := value_category(cell.strip('"'))):
                return category
    return "private life"


def _by_copy(mail: Mail, sentence: Sentence) -> Iterator[tuple[str, Hit]]:
    """The copy tells the reader their condition, or names goods where others may read it."""
    for text, start in sentence.stretches():
        found = said("conditions", text)
        sure = found is not None and stands_alone(sentence.text, start - sentence.start + found[1].end())
        if found is None and sentence.is_open:
            found = said("goods", text)
        if found is None:
            continue
        category, words = found
        at = mail.at(sentence.part, sentence.copy.span(start + words.start(), start + words.end()))
        sure = sure and sentence.is_open
        yield (
            category,
            Hit(
                at,
                f"“{words[0]}” tells something of the reader's {category}"
                + (f". {_OPEN}." if sentence.is_open else ", in words that take it for known."),
                "Say what you offer, and not what you know of the reader.",
                who=surely(sentence.part, at.start or 0) if mail.has_audience else None,
                severity=Severity.HIGH if sentence.is_open else Severity.MEDIUM,
                confidence=Confidence.HIGH if sure else Confidence.MEDIUM if sentence.is_open else Confidence.LOW,
                reason=f"reads something of their own {category}",
            ),
        )


def _by_list(mail: Mail) -> Iterator[Hit]:
    """A tag that is the same for all prints a list's name, and the name tells."""
    for part in mail.parts:
        for region in part.regions:
            text = "" if region.expression.columns or part.program.fatal else region.missing().text
            found = (said("goods", text) or said("conditions", text) or _as_field(text)) if text.strip() else None
            if found is None:
                continue
            at: Location = mail.at(part, region)
            is_open = part.part in OPEN
            yield Hit(
                at,
                f"A name that the platform fills in tells something of the reader's {found[0]}.",
                "Give the list or the segment a name that anybody may read; the tag prints it.",
                severity=Severity.HIGH if is_open else Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
                reason=f"reads something of their own {found[0]}, by the name of a list",
            )


def _as_field(text: str) -> tuple[str, object] | None:
    category = field_category(text) or value_category(text)
    return (category, None) if category else None
