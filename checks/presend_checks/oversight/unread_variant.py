"""OPS007: one variant that nobody has looked at, though others were tested."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity


@check("OPS007", "unread-variant", mishaps=["M24"], severity=Severity.LOW, needs=[Need.RECORD])
def unread_variant(mail: Mail) -> Iterator[Hit]:
    """Of several variants, this one has no test on record while another has, or presend could not read it.

    Why it matters
    Whoever tests opens the first variant. What is wrong in the second goes to half of the people, or as the winner to
    nearly all.

    How to fix
    Send yourself a test of this variant, look at it, and record it: `presend tested CAMPAIGN --by NAME --message B`.

    Known limits
    No platform tells of test sends: known is what `presend tested` recorded of the campaign as it is now. Where no
    variant has a record, or only one from before the last edit, untested (OPS004) says so of the whole campaign, and
    this check is silent. A variant of which the platform gave neither HTML nor text was read by nobody here.
    """
    label, record = mail.message.label, mail.record
    if label in record.unreadable:
        yield Hit(
            Location(Part.CAMPAIGN, expression="variant"),
            f"The platform gave neither HTML nor text of variant {label}, and it gave those of others: no check has "
            "read what it says.",
            "Open this variant in the platform, and see that it has content that can be read.",
        )
    elif label in record.untested:
        yield Hit(
            Location(Part.CAMPAIGN, expression="variant"),
            f"There is no record of a test of variant {label}; of another variant there is one.",
            f"Send yourself a test, look at it, then: presend tested {mail.reference} --by NAME --message {label}",
        )
