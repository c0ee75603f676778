"""What a run says on stderr where no progress line can run: each account when it is read, and what is not read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from presend.check import Need
from presend.cli.run import Scope, _timed, configured
from presend.engine import AccountFailure, CampaignResult, Unchecked
from presend.model import Platform, UncheckedKind
from presend.registry import rules
from presend.rules import RuleSet
from presend.settings import Account, Settings
from tests.outputs.made import campaign

SHOP = Account(name="shop", platform=Platform.KLAVIYO, key=SecretStr("k"))
LOST = AccountFailure(Unchecked("klaviyo", "shop", "c-9", "", UncheckedKind.FAILED, None, "no answer"))
TICKS = (100.0, 161.4)


def timed(*found: CampaignResult | AccountFailure) -> list[CampaignResult | AccountFailure]:
    return list(_timed(iter(found), SHOP, iter(TICKS).__next__))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((campaign("One"), campaign("Two", hours=2), LOST), "shop: 2 campaigns read in 61 s\n"),
        ((campaign("One"),), "shop: 1 campaign read in 61 s\n"),
        ((), "shop: 0 campaigns read in 61 s\n"),
    ],
)
def test_an_account_that_is_read_is_said_where_there_is_no_terminal(
    found: tuple[CampaignResult | AccountFailure, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert timed(*found) == list(found)
    assert capsys.readouterr().err == said


def test_at_a_terminal_the_progress_line_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys.stderr, "isatty", lambda: True)
        timed(campaign("One"))

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, "who has opted out there is not asked either"),
        ({"ask_unselected": True}, "only who has opted out there is asked"),
    ],
)
def test_accounts_that_a_run_leaves_out_are_named(
    options: dict[str, bool], asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = SHOP.model_copy(update={"name": "news"})
    chosen = [rule for rule in rules() if Need.OPTOUTS in rule.needs]
    book = RuleSet(chosen, {rule.code: options for rule in chosen if "ask_unselected" in rule.options})

    settings = Settings(accounts=(SHOP, other), state_dir=Path("state"))
    configured(settings, Scope((SHOP,)), book)
    assert capsys.readouterr().err == f"not part of this run: news; the campaigns there are not read, and {asked}\n"
    configured(settings, Scope((SHOP, other)), book)
    assert capsys.readouterr().err == ""
