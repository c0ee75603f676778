"""What [facts] maps: a fact that there is none of is refused, a property that is nowhere is said once an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from presend.cli.mapped import checked, nowhere, nowhere_in_account
from presend.cli.run import _with_mapping
from presend.engine import AccountFailure, CampaignResult
from presend.errors import UsageError
from presend.inventory import Inventory
from presend.model import Field, Gap, Known, Platform, UncheckedKind, Vocabulary
from presend.settings import Account, FileSettings, Settings
from tests.outputs.made import campaign

LIST = Vocabulary(fields=(Field("MMERGE7", ("MMERGE7", "MERGE7"), "Last Purchase Date", "date", False, Known("")),))
WHOLE = replace(LIST, complete=True)


def test_a_name_that_is_no_fact_is_refused_with_what_may_have_been_meant() -> None:
    good = {"last_order_at": "Last Purchase Date", "car_model_as_of": "Car Updated"}
    assert checked("shop", good) == good
    with pytest.raises(
        UsageError, match=r"\[facts.shop\] has last_ordr_at, which is no fact \(did you mean last_order"
    ):
        checked("shop", {"last_ordr_at": "Last Purchase Date"})


@pytest.mark.parametrize(
    ("platform", "name", "missing"),
    [
        (Platform.MAILCHIMP, "MMERGE7", False),
        (Platform.MAILCHIMP, "MERGE7", False),
        (Platform.MAILCHIMP, "last purchase date", False),
        (Platform.HUBSPOT, "Last Purchase Date", False),
        (Platform.MAILCHIMP, "Last Purchase", True),
        # A property of Klaviyo's has no label, and goes by its name to the letter.
        (Platform.KLAVIYO, "MMERGE7", False),
        (Platform.KLAVIYO, "mmerge7", True),
    ],
)
def test_a_property_is_there_by_name_and_by_label(platform: Platform, name: str, missing: bool) -> None:
    said = nowhere("shop", platform, {"last_order_at": name}, [Vocabulary(complete=True), WHOLE])
    assert (said is not None) is missing


def test_nothing_is_said_where_nobody_can_know() -> None:
    mapped = {"last_order_at": "no such thing"}
    assert nowhere("shop", Platform.KLAVIYO, mapped, []) is None
    assert nowhere("shop", Platform.KLAVIYO, mapped, [WHOLE, LIST]) is None


EVERYBODY = Inventory((), 3, {"car": {"text": 2}})


@pytest.mark.parametrize(
    ("platform", "name", "words", "inventory", "missing"),
    [
        # A flow whose people nobody can tell stands in the way no longer.
        (Platform.KLAVIYO, "no_such_thing", [WHOLE, LIST], EVERYBODY, True),
        (Platform.KLAVIYO, "car", [WHOLE, LIST], EVERYBODY, False),
        (Platform.KLAVIYO, "MMERGE7", [LIST], EVERYBODY, False),
        (Platform.KLAVIYO, "no_such_thing", [], EVERYBODY, True),
        (Platform.HUBSPOT, "no_such_thing", [WHOLE, LIST], EVERYBODY, True),
        (Platform.HUBSPOT, "no_such_thing", [LIST], EVERYBODY, False),
        (Platform.KLAVIYO, "no_such_thing", [LIST], Inventory((), Gap("the key is refused")), False),
        (Platform.KLAVIYO, "no_such_thing", [LIST], Inventory((), 0), False),
    ],
)
def test_an_audit_has_read_everybody(
    platform: Platform, name: str, words: list[Vocabulary], inventory: Inventory, missing: bool
) -> None:
    said = nowhere_in_account("shop", platform, {"orders": name}, words, inventory)
    assert (said is not None) is missing


def test_a_scan_says_it_once_and_stays_complete() -> None:
    account = Account(name="klaviyo", platform=Platform.KLAVIYO, key="k")  # type: ignore[arg-type]
    file = FileSettings(facts={"klaviyo": {"orders": "no_such_thing", "household": "nor_this"}})
    settings = Settings(accounts=(account,), file=file, state_dir=".")  # type: ignore[arg-type]

    def scan() -> Iterator[CampaignResult | AccountFailure]:
        for hours in (3, 5):
            found = campaign("News", hours=hours)
            yield replace(found, campaign=replace(found.campaign, vocabulary=WHOLE))

    found = list(_with_mapping(scan(), account, settings))
    assert len(found) == 3
    assert isinstance(found[2], AccountFailure)
    assert found[2].unchecked.kind is UncheckedKind.UNKNOWABLE
    reason = found[2].unchecked.reason
    assert reason.startswith("[facts.klaviyo] maps orders to 'no_such_thing', household to 'nor_this', and those")
    assert "Mend the name in presend.toml" in reason
