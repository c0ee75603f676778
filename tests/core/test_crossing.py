"""What looks across campaigns and accounts: over the people of a whole run, and said where it could not look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from presend import crossing
from presend.audience.snapshot import Snapshot
from presend.cases import NOW
from presend.check import Level, Need, Rule, check
from presend.crossing import Account, asks_everywhere, cross
from presend.engine import AccountFailure, CampaignResult, Request, Unchecked, close, examine, parse
from presend.errors import PlatformError, Refused, Unknowable
from presend.mail import Mail
from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    Hit,
    Kind,
    Location,
    Message,
    Part,
    Platform,
    Schedule,
    Severity,
    State,
    Strategy,
    UncheckedKind,
)
from presend.ports import Answer, Batch, Known, OptOut, Role
from presend.reading import EVERYONE
from presend.rules import RuleSet

LATER = NOW + timedelta(hours=20)
DAY = "2026-06-01T00:00:00Z"


@check("XXX001", "met", mishaps=[], severity=Severity.MEDIUM, needs=[Need.AUDIENCE, Need.NEIGHBOURS])
def met(mail: Mail) -> Iterator[Hit]:
    """Everybody who gets another campaign too, one hit for each."""
    for other in mail.neighbours:
        who = other.between.shared()
        if mail.audience.count(who):
            yield Hit(Location(Part.CAMPAIGN, expression=other.reference), other.reference, "", who=who)


@check(
    "XXX002",
    "denied",
    mishaps=[],
    severity=Severity.HIGH,
    needs=[Need.AUDIENCE, Need.OPTOUTS],
    level=Level.CAMPAIGN,
    options={"ask_unselected": False},
)
def denied(mail: Mail) -> Iterator[Hit]:
    """Everybody who said no elsewhere."""
    for one in mail.opted_out_elsewhere:
        who = one.sure | one.unclear
        if mail.audience.count(who):
            yield Hit(Location(Part.AUDIENCE, expression=one.account), one.account, "", who=who)


@check("XXX003", "worst", mishaps=[], severity=Severity.LOW, needs=[Need.FOUND], level=Level.CAMPAIGN)
def worst(mail: Mail) -> Iterator[Hit]:
    """How bad everything else is."""
    if mail.found is not None:
        yield Hit(Location(Part.CAMPAIGN), mail.found.word, "", who=EVERYONE)


RULES = (met, denied, worst)


def request(*rules: Rule, **options: Any) -> Request:
    return Request(NOW, RuleSet(rules or RULES, options), memory_limit="256MB")


def campaign(name: str, account: str) -> Campaign:
    ref = CampaignRef(Platform.KLAVIYO, account, Kind.CAMPAIGN, name, name)
    schedule = Schedule(Strategy.STATIC, LATER, LATER, LATER, "UTC")
    message = Message("m1", "A", {Part.HTML: "<p>Hello</p>"})
    return Campaign(ref, State.SCHEDULED, "scheduled", schedule, (message,), AudienceRef((), key=name), "r1")


class Run:
    """Campaigns of one run with their people, and what accounts say when they are asked."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.results: list[CampaignResult | AccountFailure] = []
        self.asked: list[str] = []

    def due(self, name: str, account: str, *people: str, **changes: Any) -> CampaignResult:
        """A campaign to people by the names in their addresses, as the engine leaves it."""
        snapshot = self._stack.enter_context(Snapshot((), memory_limit="256MB"))
        snapshot.add(
            Batch(
                Role.INCLUDE,
                [f"{account}-{one}" for one in people],
                {"@email": [f'"{one}@example.com"' for one in people]},
            )
        )
        one = campaign(name, account)
        made = replace(examine(one, parse(one), snapshot.finish(), request()), **changes)
        self.results.append(made)
        return made

    def account(self, name: str, *people: str, error: Exception | None = None, **changes: Any) -> Account:
        """An account of which some people opted out, or which ends in an error after telling the first page."""

        def ask(_known: Known) -> Iterator[Sequence[OptOut]]:
            self.asked.append(name)
            yield [OptOut(f"{one.upper()}@example.com", Answer.UNSUBSCRIBED, DAY, DAY) for one in people]
            if error is not None:
                raise error

        return replace(Account(name, Platform.KLAVIYO, ask), **changes)

    def crossed(self, *accounts: Account, what: Request | None = None) -> dict[str, CampaignResult]:
        """What comes out, by campaign."""
        found = cross(self.results, accounts, what or request())
        return {one.campaign.ref.id: one for one in found if isinstance(one, CampaignResult)}


@pytest.fixture
def run() -> Iterator[Run]:
    with ExitStack() as stack:
        made = Run(stack)
        yield made
        close(made.results)


def said(result: CampaignResult) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.says, one.affected) for one in result.findings]


def missed(result: CampaignResult) -> list[tuple[str, str]]:
    return [(one.code, one.kind.value) for one in result.unchecked]


def test_people_of_two_accounts_are_told_by_address(run: Run) -> None:
    run.due("one", "shop", "ann", "bo")
    run.due("two", "crm", "bo", "cy")
    run.due("three", "crm", "zoe")
    found = run.crossed(run.account("shop"), run.account("crm", "ann"))

    assert said(found["one"]) == [("XXX001", "crm:two", 1), ("XXX002", "crm", 1), ("XXX003", "high", 2)]
    assert said(found["two"]) == [("XXX001", "shop:one", 1), ("XXX003", "medium", 2)]
    assert said(found["three"]) == []
    assert len({one.fingerprint for result in found.values() for one in result.findings}) == 5
    assert sorted(run.asked) == ["crm", "shop"]
    (hit,) = [one for one in found["one"].findings if one.code == "XXX002"]
    audience = found["one"].audience
    assert audience is not None
    assert hit.who is not None
    assert [one.id for one in audience.sample(hit.who, (), 5)] == ["shop-ann"]


def test_one_campaign_of_one_account_costs_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossing, "Meeting", None)
    before = run.due("one", "shop", "ann")

    assert run.crossed(run.account("shop", "ann")) == {"one": before}
    assert run.asked == []


def test_nobody_is_asked_where_no_check_wants_to_know_or_nothing_is_due_elsewhere(run: Run) -> None:
    run.due("one", "shop", "ann")
    run.due("two", "shop", "ann")
    both = run.account("shop", "ann"), run.account("crm", "ann")

    run.crossed(*both, what=request(met, worst))
    assert run.asked == []
    run.crossed(*both)
    assert run.asked == ["crm"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("the key was refused"), UncheckedKind.FAILED),
        (Unknowable("it has no list of them"), UncheckedKind.UNKNOWABLE),
    ],
)
def test_an_account_that_does_not_tell_leaves_no_campaign_of_another_clear(
    run: Run, error: PlatformError, kind: UncheckedKind
) -> None:
    """What came before the error convicts nobody either; what another account told still counts."""
    run.due("one", "shop", "ann", "bo")
    run.due("two", "crm", "bo")
    found = run.crossed(run.account("shop"), run.account("crm", "ann", error=error), run.account("old", "bo"))

    assert ("XXX002", "old", 1) in said(found["one"])
    assert ("XXX002", "crm", 1) not in said(found["one"])
    assert missed(found["one"]) == [("XXX002", kind.value)]
    assert "crm" in found["one"].unchecked[0].reason
    assert "@" not in found["one"].unchecked[0].reason
    assert found["one"].failed is (kind is UncheckedKind.FAILED)
    assert missed(found["two"]) == []
    assert sorted(run.asked) == ["crm", "old", "shop"]


def test_what_a_limited_run_leaves_out_is_said_once_for_each_check(run: Run) -> None:
    run.due("one", "shop", "ann")
    other = Account("crm", Platform.HUBSPOT, None, "crm was not asked", read=False)
    found = run.crossed(run.account("shop"), other)

    assert missed(found["one"]) == [("XXX002", "unknowable"), ("XXX001", "unknowable")]
    assert not found["one"].failed


def test_an_account_that_could_not_be_read_may_hold_what_goes_to_the_same_people(run: Run) -> None:
    run.due("one", "shop", "ann")
    run.results.append(
        AccountFailure(Unchecked("hubspot", "crm", "", "", UncheckedKind.FAILED, None, "the token was refused"))
    )
    found = run.crossed(run.account("shop"), run.account("crm"))

    assert missed(found["one"]) == [("XXX001", "unknowable")]


def test_a_campaign_that_could_not_be_read_may_go_to_the_same_people(run: Run) -> None:
    run.due("one", "shop", "ann")
    run.results.append(
        AccountFailure(Unchecked("hubspot", "crm", "7", "", UncheckedKind.FAILED, None, "no content"), "Autumn")
    )
    found = run.crossed(run.account("shop"), run.account("crm"))["one"]

    assert missed(found) == [("XXX001", "unknowable")]
    assert "Autumn" in found.unchecked[-1].reason


def test_what_presend_holds_is_judged_and_is_nobodys_neighbour(run: Run) -> None:
    """Else the reason why it is held would seem to be mended."""
    run.due("draft", "shop", "ann", held=True)
    run.due("due", "crm", "ann")
    found = run.crossed(run.account("shop"), run.account("crm"))

    assert ("XXX001", "crm:due", 1) in said(found["draft"])
    assert said(found["due"]) == []


def test_whom_presend_left_out_is_judged_as_if_it_had_not(run: Run) -> None:
    whole = run.due("one", "shop", "ann", "bo")
    run.results.remove(whole)
    run.due("one", "shop", "bo", everybody=whole)
    found = run.crossed(run.account("shop"), run.account("crm", "ann"))["one"]

    assert said(found) == []
    assert found.everybody is not None
    assert said(found.everybody) == [("XXX002", "crm", 1), ("XXX003", "high", 2)]
    close([whole])


def test_without_room_every_check_says_that_it_could_not_look(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise duckdb.OutOfMemoryException("no room")

    monkeypatch.setattr(crossing, "Meeting", full)
    run.due("one", "shop", "ann")
    found = run.crossed(run.account("shop"), run.account("crm"))

    assert missed(found["one"]) == [("XXX001", "failed"), ("XXX002", "failed")]


def test_a_campaign_without_people_is_no_neighbour_and_asks_nobody(run: Run) -> None:
    run.due("one", "shop", "ann")
    one = campaign("two", "shop")
    run.results.append(examine(one, parse(one), None, request(), trouble="its people could not be read"))
    found = run.crossed(run.account("shop"), run.account("crm", "ann"))

    assert said(found["one"])[0] == ("XXX002", "crm", 1)
    assert ("XXX001", "unknowable") in missed(found["two"])
    # Whether its people get both, nobody knows: that is said, and not passed over.
    assert ("XXX001", "unknowable") in missed(found["one"])
    assert run.asked == ["crm"]


def test_other_accounts_are_asked_in_a_limited_run_only_where_that_is_on() -> None:
    assert not asks_everywhere(RuleSet(RULES))
    assert asks_everywhere(RuleSet(RULES, {"XXX002": {"ask_unselected": True}}))
    assert not asks_everywhere(RuleSet((met,), {"XXX001": {"ask_unselected": True}}))
