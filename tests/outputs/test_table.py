"""The table names what `presend ack` takes: of the worst always, of the rest when asked for more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

import pytest

from presend.audience.duck import DuckAudience
from presend.model import DeedState, Reversible, Severity, Verb
from presend.outputs.markdown import write as markdown
from presend.outputs.order import counted
from presend.outputs.page import write as page
from presend.outputs.table import write
from presend.policy import Decision
from presend.report import Deed, Report
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


def test_the_counts_say_how_many_blocks_they_are_shown_in() -> None:
    shown = planned(Severity.MEDIUM, Severity.MEDIUM, says="Same.")
    (both,) = shown.campaigns
    more = replace(shown, campaigns=(replace(both, findings=(*both.findings, finding(severity=Severity.INFO))),))

    assert "1 to look at: 2 medium (above: 2 findings in 1 block); scan complete" in write(shown)
    assert "2 medium, 1 info (above: 2 findings in 1 block; info is shown by" in write(more)
    assert counted(shown) == "2 medium in 1 campaign (2 findings in 1 block)"
    assert counted(more) == "2 medium, 1 info in 1 campaign (3 findings in 2 blocks)"
    assert f"<h1>{counted(more)}</h1>" in page(more)
    assert f"## presend: {counted(more)}\n" in markdown(more)


def test_findings_with_a_block_each_are_counted_once() -> None:
    shown = planned(Severity.MEDIUM, Severity.LOW)

    assert "1 to look at: 1 medium, 1 low; scan complete" in write(shown)
    assert counted(shown) == "1 medium, 1 low in 1 campaign"


def test_one_recipient_is_one() -> None:
    class Single:
        size, excluded, suppressed = 1, 0, 0

    lone = campaign("One", finding())
    one = report(replace(lone, audience=cast("DuckAudience", Single())))
    many = report(lone)

    assert "| 1 recipient |" in write(one)
    assert re.search(r"· 1 recipient\b", page(one))
    assert "| 1,200 recipients |" in write(many)
    assert "· 1,200 recipients (" in page(many)


@pytest.mark.parametrize(
    ("applied", "states", "heading"),
    [
        (False, (DeedState.PLANNED, DeedState.CANNOT), "What would be done with --apply"),
        (True, (DeedState.REFUSED, DeedState.CANNOT), "What was not done"),
        (True, (DeedState.DONE, DeedState.CANNOT), "What was done"),
    ],
)
def test_deeds_are_headed_by_what_was_asked(applied: bool, states: tuple[DeedState, ...], heading: str) -> None:
    deeds = tuple(Deed(Verb.HOLD, "klaviyo", "klaviyo", "c", one, Reversible.EXACT, "it") for one in states)

    shown = write(replace(report(campaign("One"), deeds=deeds), applied=applied))

    assert [line for line in shown.splitlines() if line.startswith("What ")] == [heading]
