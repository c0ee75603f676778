"""CON001: no way to get no more of these mails."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Platform, Severity
from presend.reading import EVERYONE, PartReading, Who
from presend_checks._copy import copy_of
from presend_checks._numbers import share
from presend_checks.consent._lexicons import phrases
from presend_checks.consent._ways import at, bodies, confidence, has_footer_module, is_main, out, unseen_way, without

_TAGS = {
    Platform.MAILCHIMP: '<a href="*|UNSUB|*">Unsubscribe</a>',
    Platform.KLAVIYO: "{% unsubscribe %}",
    Platform.HUBSPOT: '<a href="{{ unsubscribe_link }}">Unsubscribe</a>, or HubSpot\'s footer module',
}
_THEN = {
    Platform.MAILCHIMP: "Mailchimp then adds a footer of its own",
    Platform.KLAVIYO: "Klaviyo refuses such a template, or people have no way out",
    Platform.HUBSPOT: "HubSpot refuses to publish it, or people have no way out",
}

_ONLY_TEXT = "The plain text has no way to unsubscribe, though the html may have one."


@check("CON001", "no-unsubscribe", mishaps=["M26"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def no_unsubscribe(mail: Mail) -> Iterator[Hit]:
    """There is no link to unsubscribe, or some recipients do not get to the one there is.

    Why it matters
    The law asks for it nearly everywhere, and who finds no way out presses the button for spam instead. A header for
    mail programs (List-Unsubscribe) does not replace it.

    How to fix
    Put the platform's unsubscribe tag into the footer, outside of every condition.

    Known limits
    Links to preferences count, and so do links of your own with words for it in two dozen languages, or with such a
    word in their address; whether they work is not tried. What stands in a comment, in an element that its style hides
    or in white letters on a white page is no link, and neither are another platform's tag, a link without words and one
    to a front page; words beside the sender's address say how only where they ask to write there. Mailchimp adds a
    footer by itself where its tag is missing, which makes it low there; only missing in the plain text beside html is
    low too. A template on disk is judged only if it is a whole page, and that, mail of automations that speaks of no
    way out and mail with content that only the platform knows with medium confidence.
    """
    if has_footer_module(mail):
        return
    for part in bodies(mail):
        who = without(mail, part, out)
        if who is None:
            continue
        main = is_main(mail, part)
        seen_by_platform = mail.platform is Platform.MAILCHIMP and unseen_way(mail, part)
        loud = main and (mail.platform is not Platform.MAILCHIMP or seen_by_platform)
        yield Hit(
            at(part, "unsubscribe"),
            _says(mail, part, who) if main else _ONLY_TEXT,
            f"Add {_TAGS[mail.platform]} to the footer, outside of every condition.",
            who=who,
            severity=Severity.BLOCKER if loud else Severity.LOW,
            confidence=Confidence.HIGH if _meant(mail, part) else confidence(mail, part),
            reason="gets no way to unsubscribe",
        )
        if main:
            return


def _meant(mail: Mail, part: PartReading) -> bool:
    """Whether an automation's mail shows that it should have a way out: what confirms an order speaks of none."""
    words = phrases("ways_out").search(copy_of(part).text) is not None
    return mail.kind is Kind.AUTOMATION and (words or unseen_way(mail, part))


def _says(mail: Mail, part: PartReading, who: Who) -> str:
    if mail.has_audience and who != EVERYONE and (count := mail.audience.count(who)) < mail.audience.size:
        return (
            f"{share(count, mail.audience.size)} of the recipients get no way to unsubscribe: it stands under a "
            "condition that is not true of them."
        )
    if unseen_way(mail, part):
        return "The mail has its unsubscribe tag where nobody sees it, and no other way to unsubscribe."
    return f"The mail has no way to unsubscribe; {_THEN[mail.platform]}."
