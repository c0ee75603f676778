"""What the reports share."""

from __future__ import annotations

from presend.engine import Unchecked
from presend.model import UncheckedKind
from presend.outputs.order import doubts

NOBODY = "nobody's date of consent is known here, so not how old it is"


def doubt(campaign: str, affected: int, reason: str, code: str = "CON006", account: str = "shop") -> Unchecked:
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
