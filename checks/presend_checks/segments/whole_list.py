"""SEG001: everybody on a list, and no thought of who should get this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Ground, Hit, Leaf, Location, Op, Part, Platform, Role, Severity, role_of
from presend.model.segment import Joint, Logic, leaves
from presend_checks._lexicon import any_of, entries


@check(
    "SEG001",
    "whole-list",
    mishaps=["M21"],
    severity=Severity.LOW,
    needs=[Need.SEGMENT, Need.AUDIENCE],
    level=Level.CAMPAIGN,
    options={"least": 100, "large": 25_000},
)
def whole_list(mail: Mail) -> Iterator[Hit]:
    """The campaign goes to a whole list, and nobody is left out.

    Why it matters
    What is sent to all is right for few. Those who have not opened anything for a year, who bought yesterday or who
    live elsewhere get it too, and their silence is what mailbox providers judge a sender by.

    How to fix
    Choose a segment: who did something lately, who asked for this topic, who can use the offer. At the least leave out
    those who have been silent for long.

    Known limits
    Audiences of fewer than `least` (100) recipients are left alone; from `large` (25,000) on it is one step more
    severe. On Mailchimp a list is the account's audience itself: low, and medium for a large one. On Klaviyo and
    HubSpot a list may have been made for just this purpose: there it is information, low for a large one, of medium
    confidence; low where its name says that all are on it ("Newsletter", "All contacts"): a name is no proof, and no
    platform counts for presend how many contacts the account has. A segment is a whole list where its conditions keep
    nobody out (there is an address; a field is set, or not), and perhaps, with low confidence, where they are none of a
    field, a deed or a group: mostly consent. Where anybody is left out, somebody thought of whom: nothing is told.
    """
    ref = mail.segment
    if not ref.included or ref.excluded or mail.audience.size < mail.options["least"]:
        return
    if ref.definitions:
        yield from _of_segments(mail)
    elif not ref.conditions and all(one.kind == "list" for one in ref.included):
        own = mail.platform is Platform.MAILCHIMP
        low = own or all(_says_all(one.name) for one in ref.included)
        yield _hit(mail, low=low, confidence=Confidence.HIGH if own else Confidence.MEDIUM)


def _of_segments(mail: Mail) -> Iterator[Hit]:
    """Segments that keep nobody out."""
    ref = mail.segment
    if len(ref.definitions) != len(ref.included):
        return
    found = [leaf for each in ref.definitions for leaf in leaves(each.logic)]
    if any(_keeps_nobody_out(mail, each.logic) for each in ref.definitions):
        yield _hit(mail, low=True, confidence=Confidence.HIGH)
    elif found and all(leaf.ground is Ground.OTHER or _has_address(mail, leaf) for leaf in found):
        yield _hit(mail, low=True, confidence=Confidence.LOW)


def _keeps_nobody_out(mail: Mail, logic: Logic) -> bool:
    """Whether everybody with an address passes: by that alone, or by one thing or its contrary."""
    if isinstance(logic, Joint) and not logic.every:
        asked = [(one.ground, one.column, one.op) for one in logic.parts if isinstance(one, Leaf) and one.column]
        if any((ground, column, Op.UNSET) in asked for ground, column, op in asked if op is Op.SET):
            return True
        return any(_keeps_nobody_out(mail, part) for part in logic.parts)
    if isinstance(logic, Joint):
        return bool(logic.parts) and all(_keeps_nobody_out(mail, part) for part in logic.parts)
    return _has_address(mail, logic)


def _has_address(mail: Mail, leaf: Leaf) -> bool:
    label = mail.labels.get(leaf.column, "")
    return leaf.ground is Ground.FIELD and leaf.op is Op.SET and role_of(leaf.column, label) is Role.EMAIL


def _says_all(name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", name.casefold())
    how, who = (frozenset(entries("segments", f"everybody_{which}")) for which in ("how", "who"))
    if how.intersection(words) and who.intersection(words) and how.union(who).issuperset(words):
        return True
    return _all_of().fullmatch(" ".join(words)) is not None


@cache
def _all_of() -> re.Pattern[str]:
    return re.compile(any_of(entries("segments", "everybody"), blanks=" "))


def _hit(mail: Mail, *, low: bool, confidence: Confidence) -> Hit:
    size = mail.audience.size
    names = " and ".join(one.name or one.id for one in mail.segment.included)
    return Hit(
        Location(Part.AUDIENCE, expression="whole list"),
        f"It goes to everybody on {names}, {size} recipients, without any condition on who they are or what they did.",
        "Choose a segment, or leave out at the least those who have been silent for long.",
        severity=Severity(low + (size >= mail.options["large"])),
        confidence=confidence,
        reason="is on the list, and nothing more was asked",
    )
