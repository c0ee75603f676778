"""SEG006: addresses of tests and of the sender's own people among the recipients."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Severity
from presend.reading import Listed
from presend_checks._addresses import on_list_of
from presend_checks._lexicon import entries
from presend_checks._numbers import share
from presend_checks.segments._tests import of_tests

_ADDRESS = re.compile(r"[^@\s<>{}|]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)


@check(
    "SEG006",
    "test-addresses",
    mishaps=["M21"],
    severity=Severity.LOW,
    needs=[Need.FACTS],
    level=Level.CAMPAIGN,
    options={"own": 0.1},
)
def test_addresses(mail: Mail) -> Iterator[Hit]:
    """Addresses of tests, of delivery services or of the sender's own domain are among the recipients.

    Why it matters
    Tests and colleagues open everything or nothing: figures that are counted with them say little. What is typed into a
    test record ("Hi Test,") is also what others see in the report.

    How to fix
    Keep such addresses on a list of their own, and exclude that list. Send tests as tests.

    Known limits
    A test is told from the whole name in front of the @ (test, tester2, staging.user, john.doe, asdf, no-reply), from
    the tag behind a plus (ann+test), and from a domain that is nobody's (abc@abc.com, ann@test.example.com), never from
    the domain example.com or from a name of which it is a part: `ann.test` is a person. Domains of services that
    measure delivery count too. The sender's own people are told by the domain of the reply-to address, as information
    of medium confidence, and only where they are at most `own` (0.1) of the recipients: more of them make it a mail to
    the house. Where every other recipient is a test, it is one.
    """
    if not mail.has_fact("email"):
        return
    email, size = mail.fact("email"), mail.audience.size
    tests = of_tests(mail)
    count = mail.audience.count(tests)
    if count and 2 * count <= size:
        yield Hit(
            Location(Part.AUDIENCE, expression="tests"),
            f"{share(count, size)} of the recipients are addresses of tests, or of services that measure delivery.",
            "Keep them on a list of their own, and exclude it.",
            who=tests,
            column=email,
            reason="looks like the address of a test",
        )
    own = _of_sender(mail) & ~tests
    count = mail.audience.count(own)
    if count and count <= mail.options["own"] * size:
        yield Hit(
            Location(Part.AUDIENCE, expression="own"),
            f"{share(count, size)} of the recipients are at the sender's own domain.",
            "Exclude your own people, or count them apart.",
            who=own,
            severity=Severity.INFO,
            confidence=Confidence.MEDIUM,
            column=email,
            reason="is at the sender's own domain",
        )


@on_list_of
def _of_sender(mail: Mail) -> Listed:
    """Who is at the sender's own domain."""
    reply_to = mail.message.parts.get(Part.REPLY_TO)
    found = _ADDRESS.fullmatch(reply_to.strip()) if isinstance(reply_to, str) else None
    domain = found[1].casefold() if found else ""
    return Listed() if not domain or domain in entries("segments", "freemail") else Listed(domains=(domain,))
