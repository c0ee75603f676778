"""CON003: people who said no, and whom the platform would mail all the same."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity
from presend.reading import NOBODY, Who
from presend_checks._numbers import share

_DENIED = frozenset(
    ("denied", "no", "false", "n", "0", "unsubscribed", "opted out", "optout", "opt out", "revoked", "withdrawn")
) | {"declined", "refused", "do not contact", "do not email"}
"""How the fact, or a property of the account's own that holds it, says no."""


@check(
    "CON003",
    "opted-out",
    mishaps=["M26"],
    severity=Severity.HIGH,
    needs=[Need.FACTS],
    level=Level.CAMPAIGN,
)
def opted_out(mail: Mail) -> Iterator[Hit]:
    """People who opted out or must not be mailed are among the recipients, and the platform would not leave them out.

    Why it matters
    Mail to people who said no is what the largest fines were paid for.

    How to fix
    Leave them out. In Klaviyo take away "ignore unsubscribes"; where a property of your own holds the opt-out, exclude
    by it in the segment.

    Known limits
    Whom the platform itself leaves out is no recipient and never counted. What remains: sends that ignore unsubscribes,
    and opt-outs in a property of your own that `[facts.<account>]` names as `consent` or `suppressed`. Opt-outs on
    another account or platform are not looked at here.
    """
    who = _denied(mail) | _barred(mail)
    count = mail.audience.count(who) if who != NOBODY else 0
    if count:
        yield Hit(
            Location(Part.AUDIENCE, expression="opted out"),
            f"{share(count, mail.audience.size)} of the recipients have opted out or must not be mailed, and the "
            "platform would mail them.",
            "Leave these people out: by the segment, or by taking away what ignores their opt-out.",
            who=who,
            reason="has opted out or must not be mailed",
        )


def _denied(mail: Mail) -> Who:
    if not mail.has_fact("consent"):
        return NOBODY
    column = mail.fact("consent")
    cells = [cell for value, cell, _count in mail.values(column) if _folded(value) in _DENIED]
    return mail.with_values(column, cells) if cells else NOBODY


def _barred(mail: Mail) -> Who:
    if not mail.has_fact("suppressed"):
        return NOBODY
    column = mail.fact("suppressed")
    cells = [cell for value, cell, _count in mail.values(column) if value is True]
    return mail.with_values(column, cells) if cells else NOBODY


def _folded(value: object) -> str:
    return " ".join(str(value).replace("_", " ").replace("-", " ").split()).casefold()
