"""CON004: people who said no in another configured account or on another platform."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Denied, Mail
from presend.model import Confidence, Hit, Kind, Location, Part, Severity
from presend.reading import Who
from presend_checks._numbers import share


@check(
    "CON004",
    "opted-out-elsewhere",
    mishaps=["M26"],
    severity=Severity.HIGH,
    needs=[Need.FACTS, Need.OPTOUTS],
    level=Level.CAMPAIGN,
    options={"ask_unselected": False},
)
def opted_out_elsewhere(mail: Mail) -> Iterator[Hit]:
    """Recipients have opted out of marketing mail in another configured account, on this platform or another.

    Why it matters
    People say no to a sender, not to the tool that it sends with. Who unsubscribed from the newsletter and gets the
    next one from the CRM has every reason to complain, and the law is on their side.

    How to fix
    Leave them out, and carry opt-outs over from account to account before the next send.

    Known limits
    People are the same who have the same address, whatever its case; bounces, and people whom somebody suppressed, have
    said nothing. Who agreed here after the opt-out there is left alone, as is who still gets another list of that
    account. Where the dates do not tell which came last, confidence is medium: HubSpot has no date of consent of its
    own, and Mailchimp tells only bounds of when somebody unsubscribed. An import that writes a new date of consent
    looks like consent. Accounts that do not belong together can be told apart by leaving one out of the settings. In a
    run that is limited to some accounts the others are asked only where `ask_unselected` is on, else it is said that
    they were not.
    """
    for one in mail.opted_out_elsewhere:
        live = mail.kind is Kind.AUTOMATION
        yield from _hit(mail, one, one.sure, Confidence.MEDIUM if live else Confidence.HIGH, "opted out in")
        yield from _hit(mail, one, one.unclear, Confidence.MEDIUM, "opted out, undated, in")


def _hit(mail: Mail, one: Denied, who: Who, confidence: Confidence, what: str) -> Iterator[Hit]:
    count = mail.audience.count(who)
    if not count:
        return
    order = (
        "after they agreed to get mail here" if who == one.sure else "and whether they agreed here since is not known"
    )
    yield Hit(
        Location(Part.AUDIENCE, expression=f"{what} {one.account}"),
        f"{share(count, mail.audience.size)} of the recipients opted out in {one.account} ({one.platform.value}), "
        f"{order}.",
        f"Leave them out, and carry opt-outs over from {one.account}.",
        who=who,
        confidence=confidence,
        column=mail.fact("email"),
        reason=f"opted out in {one.account}",
    )
