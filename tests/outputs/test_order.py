"""What the reports share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presend.engine import Unchecked
from presend.model import UncheckedKind
from presend.outputs.markdown import write as markdown
from presend.outputs.order import doubts, moment, questions
from presend.outputs.table import write as table
from presend.rules import NO_PEOPLE
from tests.outputs.made import campaign, report

NOBODY = "nobody's date of consent is known here, so not how old it is"


def doubt(campaign: str, affected: int | None, reason: str, code: str = "CON006", account: str = "shop") -> Unchecked:
    return Unchecked("hubspot", account, campaign, code, UncheckedKind.UNKNOWABLE, affected, reason)


def test_one_reason_of_many_campaigns_is_one_line() -> None:
    told = doubts([doubt("1", 118, NOBODY), doubt("2", 297, NOBODY), doubt("1", 5, NOBODY, account="other")])

    assert [(one.where, one.people, one.reason) for one in told] == [
        ("shop, 2 campaigns", "up to 297 recipients each", NOBODY),
        ("other:1", "5 recipients", NOBODY),
    ]


def test_one_reason_in_two_parts_of_a_campaign_is_one_line() -> None:
    told = doubts([doubt("1", 3, "html: not documented"), doubt("1", 3, "text: not documented")])

    assert [(one.where, one.people, one.reason) for one in told] == [
        ("shop:1", "3 recipients", "html, text: not documented")
    ]


def test_two_reasons_and_two_checks_stay_apart() -> None:
    told = doubts([doubt("1", 1, "fields: a"), doubt("2", 2, "fields: b"), doubt("3", 3, "fields: a", code="CON004")])

    assert [(one.where, one.people, one.reason) for one in told] == [
        ("shop:1", "1 recipient", "fields: a"),
        ("shop:2", "2 recipients", "fields: b"),
        ("shop:3", "3 recipients", "fields: a"),
    ]


def test_what_is_of_a_whole_account_is_told_first_and_without_a_count() -> None:
    """A mapped property that is nowhere, a feed that is down: nobody knows whom it concerns, so it was left out."""
    unread = campaign("One", unchecked=(doubt("c-1", None, "the feed was not read"), doubt("c-1", 0, "of nobody")))
    after = report(unread, failed=(doubt("", None, "maps orders to 'Nix'", code=""),))

    assert [(one.where, one.people, one.reason) for one in questions(after)] == [
        ("shop", "", "maps orders to 'Nix'"),
        ("shop:c-1", "", "the feed was not read"),
    ]
    assert "  shop  maps orders to 'Nix'\n  shop:c-1  the feed was not read\n" in table(after)
    assert "- shop: maps orders to 'Nix'\n" in markdown(after)


def test_what_only_follows_from_unread_recipients_is_not_told_again() -> None:
    unread = campaign("One", unchecked=(doubt("c-1", None, f"stale-fact {NO_PEOPLE}", code="AGE001"),))

    assert questions(report(unread)) == []
    assert "stale-fact" not in table(report(unread))


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (datetime(2026, 11, 25, 10, tzinfo=UTC), "Wed 25 Nov 10:00 UTC"),
        (datetime(2027, 1, 2, 10, tzinfo=UTC), "Sat 02 Jan 10:00 UTC"),
        (datetime(2020, 11, 25, 10, tzinfo=UTC), "Wed 25 Nov 2020 10:00 UTC"),
    ],
)
def test_a_time_far_off_has_its_year(time: datetime, shown: str) -> None:
    assert moment(time, datetime(2026, 11, 22, tzinfo=UTC)) == shown
