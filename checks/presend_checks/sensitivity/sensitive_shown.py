"""SEN001: something about the reader that is nobody's business is shown: health, debt, faith, a divorce."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from presend.check import Need, check
from presend.dialects.base import Outcome
from presend.mail import Mail
from presend.model import NAMES, Confidence, Hit, Location, Role, Severity
from presend.reading import NOBODY
from presend_checks._copy import in_quotes, is_title, surely
from presend_checks._lexicon import rows
from presend_checks._printed import Printed, printed
from presend_checks.sensitivity._lexicons import phrases
from presend_checks.sensitivity._revealed import field_category, product_category, said, stands_alone, value_category
from presend_checks.sensitivity._said import OPEN, Sentence, sentences

_OWN_BUSINESS = frozenset({"debt"})
"""What those who keep it print for their own people, who alone open the mail."""
_OF_WORK = frozenset({Role.COMPANY, Role.JOB, Role.ADDRESS, Role.EMAIL})
"""Values that name a trade or a place: a fertility nurse and Cancer Research Lane tell nothing of anybody's health."""
_OPENS = re.compile(
    r"[\s\"“(]*(?:hi|hello|dear)?,?\s*(?:(?:\w+ )?(?:after|since|during|living with|because of|despite|following|about"
    r"|regarding|for|with|in|on|through|on account of|now that|how is|as for|update on|news of|new"
    r"|as|because|seeing that|knowing that|(?:we know|you told us|our records (?:show|say))(?: that)?)\s+)?"
    r"(?:the |all )?",
    re.IGNORECASE,
)
"""What may stand before the words where a sentence is about the reader and nobody else."""
_ASKED_OF = re.compile(r"\s+(?:questions?|faqs?|rights|myths?|jargon|glossary|laws?)\b", re.IGNORECASE)
"""Behind the words: what anybody may ask of such a thing, "your bankruptcy questions answered"."""
_ITSELF = re.compile(r",?\s+(?:we|our|i)\b", re.IGNORECASE)
"""Who is it: "as a Catholic, I", "as a widow, we" is the sender."""
_QUOTED = re.compile(r"[“”„«»\"]")
_SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|should|in case|even when|when|whenever|once|until|suppose|supposing|imagine|say)\b"
    r"(?:(?!\b(?:as|because|since|now that|know that)\b)[^.;:!?\n,]){0,60}$",
    re.IGNORECASE,
)
"""Before what is not said to be so: "if you are pregnant", "whether you are in debt or not"."""
_OPEN = "Subject, preview text and sender name are read by whoever glances at the phone on the table"


@check("SEN001", "sensitive-shown", mishaps=["M16"], severity=Severity.HIGH, needs=[Need.PARTS, Need.SEGMENT])
def sensitive_shown(mail: Mail) -> Iterator[Hit]:
    """The mail shows or tells something sensitive about its reader: by a field, a value, a list's name or the copy.

    Why it matters
    A postcard that named somebody a customer of adult goods, coupons for babies to a teenager whose father did not
    know: what a sender knows is not the sender's to tell, and subject, preview text and sender name are read by others.

    How to fix
    Keep it out of the subject, the preview text and the sender's name at least. Say what you offer, not why this reader
    gets it.

    Known limits
    Told from the names and labels of fields, from values, from goods named in them and from lists of phrases, English
    above all. Confidence is high where others may read it and it names the reader's own condition; in the body, which
    only the reader opens, where a sentence begins with it, and for fields whose names leave no doubt. Other phrases in
    the body are of low confidence, what a bank prints for its own people, goods that merely hint at something and a
    segment whose name tells what the copy speaks of are of medium confidence anywhere: surgeries, banks and parishes
    write to their own about just this. Conditions alone, without words, are not judged, and neither are questions,
    titles and what is said to whoever it may concern.
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
    if not seen and not told:
        yield from _by_segment(mail)


def _by_field(mail: Mail, one: Printed) -> Iterator[Hit]:
    """A field about such a thing is printed, or any field's value says it."""
    if one.role in NAMES:
        return
    is_open = one.part in OPEN
    at = mail.at(*one.places[0])
    category = field_category(one.column, mail.labels.get(one.column, ""))
    if not category and one.role in _OF_WORK:
        return
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
        confidence=Confidence.HIGH
        if is_open or _tells(one, category, mail.labels.get(one.column, ""))
        else Confidence.MEDIUM,
        column=one.column,
        reason=f"reads something of their own {what}",
    )


def _tells(one: Printed, category: str, label: str) -> bool:
    """Whether a field in the body leaves no doubt: by its name, or by the goods that it holds."""
    if category:
        names = [" ".join(re.split(r"[\W_]+", name)).strip() for name in (one.column.rsplit(".", 1)[-1], label)]
        return category not in _OWN_BUSINESS and not any(phrases("quiet_fields").fullmatch(name) for name in names)
    cells = (
        entry.cells[region.expression.columns.index(one.column)]
        for _part, region in one.places
        for entry in region.entries()
    )
    return any(cell is not None and product_category(cell) for cell in cells)


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _shown(value: object, outcome: Outcome) -> str:
    category = value_category(value)
    # Signs such as an apostrophe may be printed as the platform escapes them.
    return category if category and str(value).casefold() in unescape(outcome.text).casefold() else ""


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
        until = 0 if found is None else start - sentence.start + found[1].end()
        itself = found is not None and found[1][0].lower().startswith("as ")
        if found is not None and (_ASKED_OF if not itself else _ITSELF).match(sentence.text[until:]):
            continue
        sure = found is not None and stands_alone(sentence.text, until) and not _in_doubt(sentence.text)
        told = sure and found is not None and _OPENS.fullmatch(text[: found[1].start()]) is not None
        if found is None and sentence.is_open:
            found = said("goods", text)
        if found is None:
            continue
        category, words = found
        if not sentence.is_open and _of_nobody(sentence, start + words.start(), start + words.end()):
            continue
        at = mail.at(sentence.part, sentence.copy.span(start + words.start(), start + words.end()))
        confidence = Confidence.MEDIUM if sentence.is_open else Confidence.LOW
        yield (
            category,
            Hit(
                at,
                f"“{words[0]}” tells something of the reader's {category}"
                + (f". {_OPEN}." if sentence.is_open else ", in words that take it for known."),
                "Say what you offer, and not what you know of the reader.",
                who=surely(sentence.part, at.start or 0) if mail.has_audience else None,
                severity=Severity.HIGH if sentence.is_open else Severity.MEDIUM,
                confidence=Confidence.HIGH if (sure if sentence.is_open else told) else confidence,
                reason=f"reads something of their own {category}",
            ),
        )


def _of_nobody(sentence: Sentence, start: int, end: int) -> bool:
    """Whether words of the copy are supposed of whoever it may concern, or quoted."""
    supposed = _SUPPOSED.search(sentence.text[: start - sentence.start]) is not None
    text = sentence.copy.text
    return supposed or in_quotes(text, start, end) or is_title(text, start, end) or _in_a_list_of_cases(text, start)


_LIST = 1500
"""Signs before an entry of a list in which its heading stands."""
_CASES = re.compile(
    r"\b(?:if|whether|when|any|one) (?:of|or)\b|\bany(?:one|body)? who\b|\b(?:if|in case|whoever|those who|who can)\b"
    r"|\b(?:is|are|holds?) (?:true|one of)\b|\bappl(?:y|ies)\b|\bqualif\w+|\beligib\w+|\bsuppose\b",
    re.IGNORECASE,
)


def _in_a_list_of_cases(text: str, start: int) -> bool:
    """Whether words stand in a list under "you can apply if one of these is true:", or the like."""
    for line in reversed(text[max(0, start - _LIST) : start].split("\n")[:-1]):
        words = line.strip()
        if words.endswith(":"):
            return _CASES.search(words) is not None
        if words.endswith((".", "!", "?")):
            return False
    return False


def _in_doubt(text: str) -> bool:
    """Whether a sentence asks, quotes, or speaks to whoever it may concern."""
    return "?" in text or _QUOTED.search(text) is not None or phrases("hedges").search(text) is not None


def _by_segment(mail: Mail) -> Iterator[Hit]:
    """A segment's name tells of its people, and the copy speaks of just that."""
    for one in mail.segment.included:
        for category, name, copy, *_examples in rows("sensitivity", "topics", " => "):
            found = re.search(rf"(?<![\w-])(?:{name})(?![\w-])", one.name, re.IGNORECASE)
            if found is None or phrases("innocent_names").search(one.name):
                continue
            for sentence in sentences(mail):
                words = re.search(rf"(?<![\w-])(?:{copy})(?![\w-])", sentence.text, re.IGNORECASE)
                if words is None or words.group().strip() == "":
                    continue
                at = mail.at(
                    sentence.part, sentence.copy.span(sentence.start + words.start(), sentence.start + words.end())
                )
                yield Hit(
                    at,
                    f"The segment “{one.name}” tells of its people's {category}, and “{words[0]}” speaks of just that.",
                    "Write so that the mail could go to anybody, or do not choose by it.",
                    who=surely(sentence.part, at.start or 0) if mail.has_audience else None,
                    severity=Severity.HIGH if sentence.is_open else Severity.MEDIUM,
                    confidence=Confidence.MEDIUM,
                    reason=f"is chosen by their {category}, and reads of it",
                )
                return


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
