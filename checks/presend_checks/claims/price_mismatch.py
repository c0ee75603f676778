"""CLM005: one discount or price in the subject, another one in the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Part, Severity
from presend.reading import PartReading
from presend_checks._amounts import amounts
from presend_checks._copy import VALUE, copy_of, in_quotes, perhaps, surely
from presend_checks.claims._prices import Off, Price, offs, prices
from presend_checks.claims._said import MOST, sentence, text_of
from presend_checks.claims._struck import struck

_NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)+")
_HEADING = re.compile(r"^[^\S\n]*[A-Z][^.!?\n\d]{1,60}$", re.MULTILINE)
_PER = re.compile(
    r" ?(?:a|an|per|/|each|every) ?(day|week|month|year|night|person|head|hour|box|piece)s?\b", re.IGNORECASE
)
_THING = re.compile(
    r"\b(?!The |Our |Your |Only |Now |Just |Get |This )([A-Z][\w'-]+) (?!for |is |now |at |from |costs )([a-z]{3,})\b"
)
"""A name and the word behind it that says what it is of."""
_UNDER = 250
"""Characters under a thing's own heading in which its price stands."""

_THING_AT = re.compile(
    r"(?:^|[:.!?–—]\s+)(?:(?:our|the|all|these)\s+)?(?P<things>(?:[\w'’-]+\s+){1,2})(?:at|for)\s+\Z", re.IGNORECASE
)
_THING_ON = re.compile(
    r"\s*(?:on|off)\s+(?:(?:all|our|the|any)\s+)*(?P<things>(?:[\w'’-]+[ \t]*){1,3})", re.IGNORECASE
)
_ALL = re.compile(r"\b(?:everything|all|sitewide|orders?|purchases?|range|shop|store)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


@check("CLM005", "price-mismatch", mishaps=["M14"], severity=Severity.HIGH, needs=[Need.PARTS])
def price_mismatch(mail: Mail) -> Iterator[Hit]:
    """The subject or preview text promises one discount or price, and the mail gives another.

    Why it matters
    People open the mail for the one and find the other. Whoever is told "25 % off" may ask for it.

    How to fix
    Find out which is right, and write it in both.

    Known limits
    Only the clear case: one discount ("20% off", "save £5") or one price in the subject, which stands nowhere in
    the mail, and one other of the same kind in the mail: the only one, or the only one under the heading of the
    thing that the subject names. "Bowls at half price" and "30% on all shoes" are two offers. "Up to", "extra",
    ranges, several amounts, old prices, postage, amounts from people's data, and passages that only some get leave
    it alone.
    """
    body = next((p for p in mail.parts if p.part is Part.HTML and p.source.strip()), None)
    body = body or next((p for p in mail.parts if p.part is Part.TEXT), None)
    if body is None or body.program.fatal:
        return
    for part in mail.parts:
        if part.part not in (Part.SUBJECT, Part.PREVIEW_TEXT) or part.program.fatal:
            continue
        pair = _discount(part, body) or _price(part, body)
        if pair is not None:
            one, other = pair
            yield Hit(
                mail.at(part, copy_of(part).span(one.start, one.end)),
                f'The {part.part.value.replace("_", " ")} says "{one.words}", and the mail "{other.words}".',
                "Find out which is right, and write it in both.",
                reason=f'is promised "{one.words}" and given "{other.words}"',
            )


def _discount(part: PartReading, body: PartReading) -> tuple[Off, Off] | None:
    """The one discount that a line promises and the other one that the mail gives."""
    line, text = text_of(part), text_of(body)
    promised = _offs(part)
    if len(promised) != 1 or not promised[0].plain or not _everybody(part, promised[0]) or len(_amounts(line)) != 1:
        return None
    given = {one.amount: one for one in reversed(_offs(body))}
    one, other = promised[0], next(iter(given.values()), None)
    if other is None or len(given) != 1 or not _everybody(body, other) or not other.plain or VALUE + "%" in text:
        return None
    if one.amount in _amounts(text) or one.amount.endswith("%") != other.amount.endswith("%"):
        return None
    return None if _off_another(line, one, text, other) else (one, other)


def _off_another(line: str, one: Off, text: str, other: Off) -> bool:
    """Whether each is off a thing of its own: "Bowls at half price", "Save 30% on all running shoes"."""
    at, on = _THING_AT.search(line, 0, one.start), _THING_ON.match(text, other.end)
    if at is None or on is None or _ALL.search(on["things"]):
        return False
    nouns = {word.casefold().rstrip("s") for word in _WORD.findall(on["things"])}
    return not nouns & {word.casefold().rstrip("s") for word in _WORD.findall(at["things"])}


def _price(part: PartReading, body: PartReading) -> tuple[Price, Price] | None:
    """The one price that a line names and the other one that the mail asks for the same thing."""
    line, text = text_of(part), text_of(body)
    named = list(prices(line))
    if len(named) != 1 or not named[0].paid or not _everybody(part, named[0]) or _offs(part) or VALUE in line:
        return None
    there = list(islice(prices(text), MOST))
    if any(one.amount == named[0].amount for one in there) or in_quotes(line, named[0].start, named[0].end):
        return None
    there = [one for one in there if not one.aside and not _is_struck(body, one)]
    asked = [one for one in there if one.paid and one.amount.coin == named[0].amount.coin]
    under = _under(line, text)
    near = [one for one in asked if any(start <= one.start < end for start, end in under)]
    only = near or asked
    if len({one.amount for one in only}) != 1 or (not near and len(there) > len(only)):
        return None
    if _other_unit(line, named[0], text, only[0]) or _other_thing(line, text, only[0]):
        return None
    return (named[0], only[0]) if _everybody(body, only[0]) else None


def _other_unit(line: str, named: Price, text: str, other: Price) -> bool:
    """Whether one is for a month and the other for a year."""
    units = [_PER.match(words, one.end) for words, one in ((line, named), (text, other))]
    return len({unit[1].casefold() for unit in units if unit}) > 1


def _other_thing(line: str, text: str, other: Price) -> bool:
    """Whether the mail asks it for a thing with one name in common: the Heron cup, not the Heron teapot."""
    first, _last = sentence(text, other.start, other.end)
    followed = {one[1]: one[2] for one in _THING.finditer(line)}
    return any(followed.get(one[1], one[2]) != one[2] for one in _THING.finditer(text[first : other.start]))


def _under(line: str, text: str) -> list[tuple[int, int]]:
    """Where the mail speaks of a thing that the line names, under a heading of its own: up to the next heading."""
    patterns = [rf"^\W*(?:the )?{re.escape(name)}\W*$" for name in _NAME.findall(line)]
    heads = [head for one in patterns for head in re.finditer(one, text, re.IGNORECASE | re.MULTILINE)]
    found = []
    for head in heads:
        after = _HEADING.search(text, head.end(), head.end() + _UNDER)
        found.append((head.end(), after.start() if after else head.end() + _UNDER))
    return found


def _amounts(text: str) -> set[str]:
    return {one.key for one in amounts(text)}


def _offs(part: PartReading) -> list[Off]:
    text = text_of(part)
    found = [one for one in offs(text) if not in_quotes(text, one.start, one.end)]
    return [one for one in found if not _is_struck(part, one)]


def _is_struck(part: PartReading, one: Off | Price) -> bool:
    return struck(part, copy_of(part).span(one.start, one.end).start)


def _everybody(part: PartReading, one: Off | Price) -> bool:
    """Whether everybody reads it; without people, whether it stands in no condition."""
    at = copy_of(part).span(one.start, one.end).start
    if any(fork.span.start <= at < fork.span.end for fork in part.choices):
        return False
    return surely(part, at) == perhaps(part, at)
