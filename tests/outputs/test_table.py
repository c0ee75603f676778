"""The table names what `presend ack` takes: of the worst always, of the rest when asked for more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from presend.model import Severity
from presend.outputs.table import write
from presend.policy import Decision
from presend.report import Report
from tests.outputs.made import campaign, finding, report

PRINTS = [f"{number:016x}" for number in range(6)]


def planned(*severities: Severity, says: str = "") -> Report:
    """A report of a scan with a policy: a finding for each severity."""
    found = [
        finding(severity=severity, fingerprint=print_, says=says or f"Finding {print_}.")
        for severity, print_ in zip(severities, PRINTS, strict=False)
    ]
    decisions = {one.fingerprint: Decision(one, frozenset(), "default") for one in found}
    return replace(report(campaign("One", *found)), decisions=decisions)


def test_what_is_high_or_worse_has_its_fingerprint() -> None:
    shown = write(planned(Severity.BLOCKER, Severity.HIGH, Severity.MEDIUM))

    assert [print_ for print_ in PRINTS if f"ack {print_}" in shown] == PRINTS[:2]


def test_everything_has_when_asked_for_more() -> None:
    shown = write(replace(planned(Severity.HIGH, Severity.MEDIUM, Severity.LOW), detailed=True))

    assert [print_ for print_ in PRINTS if f"ack {print_}" in shown] == PRINTS[:3]


def test_places_that_share_their_words_share_a_line() -> None:
    shown = write(planned(*[Severity.HIGH] * 6, says="Same."))

    assert f"ack {' '.join(PRINTS[:4])} and 2 more, see --format json" in " ".join(shown.split())


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.LOW])
def test_a_template_on_disk_has_nothing_to_accept(severity: Severity) -> None:
    plain = replace(planned(severity), decisions={}, detailed=True)

    assert f"ack {PRINTS[0]}" not in write(plain)
