"""SEG001: everybody on a list, and no thought of who should get this."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Platform, Severity


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
    Lists of fewer than `least` (100) recipients are left alone; from `large` (25,000) on it is one step more severe. On
    Mailchimp a list is the account's audience itself: low, and medium for a large one. On Klaviyo and HubSpot a list
    may have been made for just this purpose: there it is information, low for a large one, of medium confidence. A list
    of which some people are left out is not told of.
    """
    ref, size = mail.segment, mail.audience.size
    whole = bool(ref.included) and all(one.kind == "list" for one in ref.included)
    if not whole or ref.conditions or ref.definitions or ref.excluded or size < mail.options["least"]:
        return
    own = mail.platform is Platform.MAILCHIMP
    names = " and ".join(one.name or one.id for one in ref.included)
    yield Hit(
        Location(Part.AUDIENCE, expression="whole list"),
        f"It goes to everybody on {names}, {size} recipients, without any condition on who they are or what they did.",
        "Choose a segment, or leave out at the least those who have been silent for long.",
        severity=Severity(own + (size >= mail.options["large"])),
        confidence=Confidence.HIGH if own else Confidence.MEDIUM,
        reason="is on the list, and nothing more was asked",
    )
