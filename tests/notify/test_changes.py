"""What is news of a campaign: against what the channel was told, whatever the store has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from presend.engine import AccountFailure, CampaignResult, Unchecked
from presend.model import DeedState, Example, Finding, FindingState, Reversible, Severity, UncheckedKind, Verb
from presend.notify.changes import Told, compare
from presend.notify.digest import Item
from presend.notify.matters import matters
from presend.policy import Decision
from presend.report import Deed, Report
from tests.deeds.fakes import NOW, campaign, finding, result


def decided(results: Sequence[CampaignResult], quiet: Sequence[str] = (), owner: str | None = None) -> Any:
    """What the policy says of all findings: tell, but for the codes that are quiet."""
    verbs = frozenset({Verb.NOTIFY})
    return {
        f.fingerprint: Decision(f, frozenset() if f.code in quiet else verbs, "default", owner)
        for r in (*results, *(r.everybody for r in results if r.everybody))
        for f in r.findings
    }


def report(*results: CampaignResult, **changes: Any) -> Report:
    return replace(Report("0", NOW, NOW, NOW, results, (), 1), **changes)


class Channel:
    """What one channel is told, run after run."""

    def __init__(self, quiet: Sequence[str] = ()) -> None:
        self.told: dict[tuple[str, str], Told] = {}
        self.quiet = quiet

    def run(
        self, *results: CampaignResult, now: Any = NOW, codes: Any = None, of_sending: Any = (), **changes: Any
    ) -> list[Item]:
        made = report(*results, **changes)
        decisions = decided(results, self.quiet)
        items = []
        for matter in matters(made, decisions, reached=["acme"], codes=codes, of_sending=of_sending):
            item, self.told[matter.key] = compare(matter, self.told.get(matter.key, Told()), now)
            items += [item] if item else []
        return items


def words(items: Sequence[Item]) -> list[tuple[str, str]]:
    return [(line.section.name, line.text) for item in items for line in item.lines]


def test_a_finding_is_told_once() -> None:
    channel = Channel()
    seen = result(campaign(), [finding()])

    assert words(channel.run(seen)) == [("NEW", "high: TAG002 no-fallback in html, line 3 - 2 of 4 recipients")]
    assert channel.run(seen) == []


@pytest.mark.parametrize(
    ("change", "grown"),
    [
        ({"affected": 3}, True),
        ({"affected": 200}, True),
        ({"severity": Severity.BLOCKER}, True),
        ({}, False),
        ({"affected": 1}, False),
        ({"affected": None}, False),
        ({"severity": Severity.MEDIUM}, False),
    ],
)
def test_growth_is_half_as_many_again_or_more_severe(change: dict[str, Any], grown: bool) -> None:
    channel = Channel()
    one = finding(affected=2, audience=400)
    channel.run(result(campaign(), [one]))

    items = channel.run(result(campaign(), [replace(one, **change)]))

    assert bool(items) is grown
    if grown:
        ((section, text),) = words(items)
        assert section == "GREW"
        assert text.endswith("(was high, 2 recipients)")


def test_creeping_growth_is_told_when_it_adds_up() -> None:
    channel = Channel()
    sizes = [10, 12, 14, 15]

    told = [channel.run(result(campaign(), [finding(affected=n, audience=100)])) for n in sizes]

    assert [bool(items) for items in told] == [True, False, False, True]


def test_growth_is_measured_from_the_lowest_since() -> None:
    channel = Channel()
    sizes = [20, 10, 15]

    told = [channel.run(result(campaign(), [finding(affected=n, audience=100)])) for n in sizes]

    assert [bool(items) for items in told] == [True, False, True]


def test_what_is_gone_is_resolved_once_and_new_when_it_comes_back() -> None:
    channel = Channel()
    bad, mended = result(campaign(), [finding()]), result(campaign(), [])
    channel.run(bad)

    assert words(channel.run(mended)) == [("RESOLVED", "TAG002 no-fallback in html, line 3")]
    assert channel.run(mended) == []
    assert [section for section, _text in words(channel.run(bad))] == ["NEW"]


def unchecked(code: str, kind: UncheckedKind = UncheckedKind.UNKNOWABLE) -> Unchecked:
    return Unchecked("klaviyo", "acme", "c1", code, kind, None, "the platform does not tell")


@pytest.mark.parametrize("code", ["TAG002", ""])
def test_what_nobody_could_look_for_is_not_resolved(code: str) -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding()]))

    assert channel.run(replace(result(campaign(), []), unchecked=(unchecked(code),))) == []
    assert [s for s, _t in words(channel.run(result(campaign(), [])))] == ["RESOLVED"]


def test_a_run_with_fewer_checks_resolves_only_what_it_looked_for() -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding(), finding("VAL002")]))

    items = channel.run(result(campaign(), []), codes={"VAL002"})

    assert words(items) == [("RESOLVED", "VAL002 no-fallback in html, line 3")]


def test_what_is_accepted_is_neither_told_nor_resolved_and_speaks_again_later() -> None:
    channel = Channel()
    seen = result(campaign(), [finding()])
    channel.run(seen)
    channel.quiet = ("TAG002",)
    assert channel.run(seen) == []
    channel.quiet = ()

    assert [s for s, _t in words(channel.run(seen))] == ["NEW"]


def narrowed(*whole: Finding, **changes: Any) -> CampaignResult:
    """A campaign that leaves out those who have the findings: of the others none has any."""
    of = campaign(left_out="presend:out:c1")
    return replace(result(of, []), everybody=replace(result(of, whole), **changes))


def test_people_who_are_left_out_are_not_mended() -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding()]))

    assert channel.run(narrowed(finding())) == []
    assert channel.run(narrowed(finding())) == []
    assert words(channel.run(narrowed(finding(affected=3)))) == [
        ("GREW", "high: TAG002 no-fallback in html, line 3 - 3 of 4 recipients (was high, 2 recipients)")
    ]
    assert [s for s, _t in words(channel.run(narrowed()))] == ["RESOLVED"]


def test_what_nobody_looked_for_among_the_left_out_is_not_resolved() -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding()]))
    lost = replace(unchecked(""), kind=UncheckedKind.FAILED, reason="no answer")

    assert channel.run(replace(narrowed(), everybody=None)) == []
    assert words(channel.run(narrowed(unchecked=(lost,)))) == [("UNREAD", "no answer")]
    assert [s for s, _t in words(channel.run(narrowed()))] == ["RESOLVED", "RESOLVED"]


def test_what_is_new_among_the_left_out_is_told_and_what_is_accepted_is_not() -> None:
    channel = Channel(quiet=["VAL002"])

    items = channel.run(narrowed(finding(), finding("VAL002")))

    assert [s for s, _t in words(items)] == ["NEW"]


def test_news_comes_with_what_is_still_there() -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding()]))

    items = channel.run(result(campaign(), [finding(), finding("VAL002", Severity.BLOCKER)]))

    assert [s for s, _t in words(items)] == ["NEW", "STILL"]
    assert items[0].worst is Severity.BLOCKER


def deed(state: DeedState, verb: Verb = Verb.HOLD) -> Deed:
    return Deed(verb, "klaviyo", "acme", "c1", state, Reversible.EXACT, "said Ann")


@pytest.mark.parametrize(
    ("state", "section", "again"),
    [
        (DeedState.DONE, "DONE", True),
        (DeedState.UNKNOWN, "UNCONFIRMED", False),
        (DeedState.FAILED, "NOT_DONE", False),
        (DeedState.REFUSED, "NOT_DONE", False),
        (DeedState.CANNOT, "NOT_DONE", False),
        (DeedState.LEFT_ALONE, "NOT_DONE", False),
    ],
)
def test_a_deed_is_told_when_done_or_when_it_ended_otherwise(state: DeedState, section: str, again: bool) -> None:
    channel = Channel(quiet=["TAG002"])
    seen = result(campaign(), [finding()])

    items = channel.run(seen, deeds=(deed(state),))

    assert [s for s, _t in words(items)] == [section, "STILL"]
    assert words(items)[0][1].startswith(f"hold: {state.value.replace('_', ' ')}")
    assert "Ann" not in str(items)
    assert bool(channel.run(seen, deeds=(deed(state),))) is again
    assert channel.run(seen) == []
    assert channel.run(seen, deeds=(deed(state),)) != []


@pytest.mark.parametrize(
    ("verb", "detail", "said"),
    [
        (Verb.HOLD, "take back to draft for TAG002, VAL001; may be refused, ABC123", "hold: done, for TAG002, VAL001"),
        (Verb.HOLD, "taken back by hand", "hold: done"),
        (Verb.RELEASE, "put it back (take back to draft for TAG002)", "release: done"),
    ],
)
def test_a_hold_says_what_it_was_for(verb: Verb, detail: str, said: str) -> None:
    (item,) = Channel().run(result(campaign(), []), deeds=(replace(deed(DeedState.DONE, verb), detail=detail),))

    assert words([item]) == [("DONE", said)]


def test_an_item_is_as_severe_as_what_is_still_there() -> None:
    channel = Channel()
    seen = result(campaign(), [finding(), finding("VAL002", Severity.BLOCKER)])
    channel.run(seen)
    held = result(campaign(), [finding("VAL002", Severity.BLOCKER)])
    accepted = result(campaign(), [finding("VAL002", Severity.BLOCKER, state=FindingState.ACKNOWLEDGED)])

    (item,) = channel.run(held=(held,), deeds=(deed(DeedState.DONE),))
    assert item.worst is Severity.BLOCKER
    (item,) = channel.run(held=(accepted,), deeds=(deed(DeedState.DONE),))
    assert item.worst is Severity.INFO
    assert [s for s, _t in words([item])] == ["DONE"]


@pytest.mark.parametrize("verb", [Verb.TAG, Verb.COMMENT, Verb.UNTAG])
def test_of_marks_and_comments_only_what_went_wrong(verb: Verb) -> None:
    channel = Channel()
    seen = result(campaign(), [])

    assert channel.run(seen, deeds=(deed(DeedState.DONE, verb), deed(DeedState.CANNOT, verb))) == []
    assert [s for s, _t in words(channel.run(seen, deeds=(deed(DeedState.UNKNOWN, verb),)))] == ["UNCONFIRMED"]


OFFER = deed(DeedState.PLANNED, Verb.RELEASE)


def test_a_held_campaign_that_is_mended_is_offered_for_release_once() -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding()]), deeds=(deed(DeedState.DONE),))
    mended = replace(finding(severity=Severity.INFO, affected=0), fingerprint=finding().fingerprint)

    items = channel.run(held=(result(campaign(), [mended]),), deeds=(OFFER,))

    assert [s for s, _t in words(items)] == ["RESOLVED", "RESOLVED"]
    assert "`presend release acme:c1`" in words(items)[1][1]
    assert items[0].held
    assert channel.run(held=(result(campaign(), [mended]),), deeds=(OFFER,)) == []


def test_a_held_campaign_with_something_left_is_news_to_nobody_until_it_is_mended() -> None:
    """Nobody asks the policy about a campaign that is held already."""
    channel = Channel()
    channel.run(result(campaign(), [finding()]), deeds=(deed(DeedState.DONE),))

    assert channel.run(held=(result(campaign(), [finding()]),)) == []
    assert [s for s, _t in words(channel.run(held=(result(campaign(), []),)))] == ["RESOLVED"]


def test_a_draft_says_nothing_of_when_it_goes() -> None:
    channel = Channel()
    seen = result(campaign(), [finding("TIM001"), finding()])
    channel.run(seen, deeds=(deed(DeedState.DONE),), of_sending={"TIM001"})

    items = channel.run(held=(result(campaign(), []),), of_sending={"TIM001"})

    assert words(items) == [("RESOLVED", "TAG002 no-fallback in html, line 3")]
    assert [s for s, _t in words(channel.run(result(campaign(), []), of_sending={"TIM001"}))] == ["RESOLVED"]


def test_a_release_that_is_planned_for_what_is_not_held_is_no_offer() -> None:
    assert Channel().run(result(campaign(), []), deeds=(OFFER,)) == []


def test_a_fault_that_affects_nobody_any_more_is_resolved() -> None:
    channel = Channel()
    channel.run(result(campaign(), [finding()]))
    channel.quiet = ("TAG002",)

    assert [s for s, _t in words(channel.run(result(campaign(), [finding(affected=0)])))] == ["RESOLVED"]


def failure(campaign_id: str = "", reason: str = "the key was refused") -> AccountFailure:
    missed = Unchecked("klaviyo", "acme", campaign_id, "", UncheckedKind.FAILED, None, reason)
    return AccountFailure(missed, "Spring" if campaign_id else "")


@pytest.mark.parametrize("campaign_id", ["", "c1"])
def test_what_cannot_be_read_is_told_once_and_again_when_it_can(campaign_id: str) -> None:
    channel = Channel()
    well = [result(campaign(), [])]

    assert words(channel.run(failures=(failure(campaign_id),))) == [("UNREAD", "the key was refused")]
    assert channel.run(failures=(failure(campaign_id, "another word for it"),)) == []
    assert words(channel.run(*well)) == [("RESOLVED", "can be read again")]
    assert channel.run(*well) == []


def test_another_run_at_work_on_the_account_is_no_news_and_ends_nothing() -> None:
    channel = Channel()
    channel.run(failures=(failure(),))
    busy = replace(failure(), busy=True)

    assert words(channel.run(result(campaign(), []))) == [("RESOLVED", "can be read again")]
    assert channel.run(failures=(busy,)) == []
    assert [s for s, _t in words(channel.run(failures=(failure(),)))] == ["UNREAD"]


def test_a_saved_plan_does_not_say_that_an_account_can_be_read_again() -> None:
    channel = Channel()
    channel.run(failures=(failure(),))

    assert channel.run(codes=()) == []
    assert words(channel.run()) == [("RESOLVED", "can be read again")]


def test_what_the_platform_cannot_tell_is_no_news() -> None:
    told = replace(failure("c1"), unchecked=replace(failure("c1").unchecked, kind=UncheckedKind.UNKNOWABLE))

    assert Channel().run(failures=(told,)) == []


def test_nobodys_data_is_in_it() -> None:
    one = finding(
        says="says Ann", snippet="snippet Ann", examples=(Example("ann@example.com", "Hi Ann,"),), reason="Ann"
    )
    named = replace(campaign(), ref=replace(campaign().ref, name="For ann@example.com"))

    items = Channel().run(result(named, [one]), failures=(failure(reason="no answer for bo@example.com"),))

    assert "Ann" not in str(items)
    assert "@" not in str(items)
    assert {item.title for item in items} == {"klaviyo: For [address]", "klaviyo: account acme"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Spring", "klaviyo: Spring"),
        ("two\nlines\u202e and\x00more \ud800", "klaviyo: two lines and more"),
        ("x" * 10_000_000, "klaviyo: " + "x" * 191),
    ],
    ids=["plain", "odd", "long"],
)
def test_a_name_is_one_short_line(name: str, title: str) -> None:
    named = replace(campaign(), ref=replace(campaign().ref, name=name))

    (item,) = Channel().run(result(named, [finding()]))

    assert item.title == title


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/c/1?x=2", True),
        ("javascript:alert(1)", False),
        ("https://example.com/a b", False),
        ("https://example.com/|x>", False),
        (None, False),
    ],
)
def test_only_what_is_an_address_becomes_a_link(url: str | None, shown: bool) -> None:
    (item,) = Channel().run(result(replace(campaign(), url=url), [finding()]))

    assert item.url == (url if shown else None)
