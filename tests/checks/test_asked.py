"""Facts that cost requests are asked of a platform where a check of the run needs them for what the copy says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from presend.engine import Request, close, scan_account
from presend.model import AudienceRef, Campaign, Message, Part, Platform
from presend.ports import Batch, Role
from presend.rules import RuleSet
from presend_checks import rulebook
from tests.outputs.made import NOW, campaign

RULES = {rule.code: rule for rule in rulebook.rules}


class Account:
    """One campaign with this copy, one recipient, and a memory of the columns that were asked for."""

    account, platform = "klaviyo", Platform.KLAVIYO

    def __init__(self, html: str) -> None:
        made = campaign("News").campaign
        self.campaign = replace(
            made, messages=(Message("m1", "A", {Part.HTML: html}),), audience=AudienceRef((), key="everybody")
        )
        self.asked: frozenset[str] = frozenset()

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign]:
        yield self.campaign

    def people(self, campaign: Campaign, columns: frozenset[str]) -> Iterator[Batch]:
        self.asked |= columns
        yield Batch(Role.INCLUDE, ["a"], {"first_name": ['"Ann"']})


@pytest.mark.parametrize(
    ("html", "codes", "asked"),
    [
        ("<p>{{ first_name }}, you recently viewed this.</p>", ["CLM006"], {"first_name", "@last_visit_at"}),
        ("<p>{{ first_name }}, you recently viewed this.</p>", ["CLM001"], {"first_name"}),
        ("<p>Hello {{ first_name }}.</p>", ["CLM003", "CLM006"], {"first_name"}),
    ],
)
def test_a_scan_asks_for_what_its_checks_need(html: str, codes: list[str], asked: set[str]) -> None:
    account = Account(html)
    close(list(scan_account(account, Request(NOW, RuleSet(tuple(RULES[code] for code in codes))))))  # type: ignore[arg-type]
    assert account.asked == asked
