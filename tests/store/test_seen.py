"""New, grown, resolved: how the findings of a campaign differ from what earlier runs saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from presend.audience.snapshot import Snapshot
from presend.engine import CampaignResult, Unchecked
from presend.model import Finding, FindingState, Severity, UncheckedKind
from presend.ports import Batch, Role
from presend.store.journal import states
from presend.store.seen import Changes, Seen, looked_for
from presend.store.tables import campaigns
from tests.deeds.fakes import NOW, campaign, finding, result

DAY = timedelta(days=1)


def found(
    name: str = "f1", affected: int | None = 100, severity: Severity = Severity.HIGH, code: str = "TAG002"
) -> Finding:
    return finding(code, severity, fingerprint=name, affected=affected)


def remember(store: sa.Engine, *findings: Finding, at: int = 0) -> None:
    Seen(store).remember(result(campaign(), findings), NOW + at * DAY)


def changes(store: sa.Engine, *findings: Finding, complete: bool = True, codes: set[str] | None = None) -> Changes:
    return Seen(store).changes("acme", "c1", findings, complete, codes=codes)


def test_what_was_never_seen_is_new(store: sa.Engine) -> None:
    assert changes(store, found()) == Changes(frozenset({"f1"}), frozenset(), ())
    remember(store, found())
    same = changes(store, found())
    assert not same.any


@pytest.mark.parametrize(
    ("before", "now", "grown"),
    [
        (100, 149, False),
        (100, 150, True),
        (100, 80, False),
        (1, 2, True),
        (0, 1, True),
        (0, 0, False),
        (None, 5, False),
        (5, None, False),
    ],
)
def test_growth_is_half_as_many_again(store: sa.Engine, before: int | None, now: int | None, grown: bool) -> None:
    remember(store, found(affected=before))

    assert bool(changes(store, found(affected=now)).grown) is grown


def test_slow_growth_counts_from_the_last_news(store: sa.Engine) -> None:
    """A little more every day must not go by unsaid; and once said, counting starts anew."""
    for day, number in enumerate((100, 120, 140)):
        assert not changes(store, found(affected=number)).grown
        remember(store, found(affected=number), at=day)

    assert changes(store, found(affected=150)).grown == {"f1"}
    remember(store, found(affected=150), at=4)
    assert not changes(store, found(affected=200)).grown


def test_growth_counts_from_the_lowest_since(store: sa.Engine) -> None:
    for number in (100, 10):
        remember(store, found(affected=number))

    assert changes(store, found(affected=90)).grown == {"f1"}


def test_more_severe_is_grown_and_less_is_not(store: sa.Engine) -> None:
    remember(store, found(severity=Severity.HIGH))

    assert changes(store, found(severity=Severity.BLOCKER)).grown == {"f1"}
    assert not changes(store, found(severity=Severity.LOW)).any


def test_what_is_gone_is_resolved_once(store: sa.Engine) -> None:
    remember(store, found("f1"), found("f2"))

    (gone,) = changes(store, found("f2")).resolved
    assert (gone.fingerprint, gone.first_seen, gone.affected) == ("f1", NOW, 100)
    remember(store, found("f2"), at=1)

    assert not changes(store, found("f2")).any
    row = Seen(store).states([found("f1")])["f1"]
    assert (row.resolved, row.last_seen) == (NOW + DAY, NOW)


def test_what_comes_back_is_new_again(store: sa.Engine) -> None:
    remember(store, found())
    remember(store, at=1)

    assert changes(store, found()).new == {"f1"}
    assert states(store, [found()]) == {"f1": FindingState.NEW}
    remember(store, found(), at=2)
    assert states(store, [found()]) == {"f1": FindingState.KNOWN}
    row = Seen(store).states([found()])["f1"]
    assert (row.resolved, row.first_seen, row.last_seen) == (None, NOW, NOW + 2 * DAY)


def test_nothing_is_resolved_where_something_could_not_be_read(store: sa.Engine) -> None:
    remember(store, found())
    trouble = Unchecked("klaviyo", "acme", "c1", "", UncheckedKind.FAILED, None, "refused")

    assert not changes(store, complete=False).any
    Seen(store).remember(replace(result(campaign(), []), unchecked=(trouble,)), NOW + DAY)
    assert changes(store).resolved


def test_nothing_is_resolved_by_a_check_that_did_not_look(store: sa.Engine) -> None:
    """`--select VAL` says nothing about the TAG findings of yesterday."""
    remember(store, found("f1"), found("f2", code="VAL001"))

    assert [row.fingerprint for row in changes(store, codes={"VAL001"}).resolved] == ["f2"]
    Seen(store).remember(result(campaign(), []), NOW + DAY, codes={"VAL001"})
    assert [row.fingerprint for row in changes(store).resolved] == ["f1"]


def test_a_check_that_could_not_tell_looked_for_nothing() -> None:
    def unchecked(code: str) -> CampaignResult:
        line = Unchecked("klaviyo", "acme", "c1", code, UncheckedKind.UNKNOWABLE, 5, "no schema")
        return replace(result(campaign(), []), unchecked=(line,))

    assert looked_for(unchecked("TAG002"), {"TAG002", "VAL001"}) == {"VAL001"}
    assert looked_for(unchecked(""), {"TAG002"}) == frozenset()
    assert looked_for(result(campaign(), []), {"TAG002"}) == {"TAG002"}


def test_campaigns_do_not_resolve_each_other(store: sa.Engine) -> None:
    remember(store, found())
    Seen(store).remember(result(campaign(2), [found("f9")]), NOW)

    assert Seen(store).changes("acme", "c2", [found("f9")], True).resolved == ()
    assert [row.fingerprint for row in Seen(store).of("acme", "c1")] == ["f1"]


def test_the_campaign_itself_is_remembered(store: sa.Engine) -> None:
    remember(store)
    Seen(store).remember(result(replace(campaign(), ref=replace(campaign().ref, name="Renamed")), []), NOW + DAY)

    with store.connect() as connection:
        (row,) = connection.execute(campaigns.select()).mappings().all()
    assert (row["name"], row["first_seen"], row["last_seen"]) == ("Renamed", NOW, NOW + DAY)
    assert row["send_at"] == campaign().schedule.send_at


def test_sizes_of_other_campaigns_the_latest_first(store: sa.Engine) -> None:
    """What could not be read has no size and keeps the one it had; a campaign is never compared with itself."""
    seen = Seen(store)
    with Snapshot(("first_name",)) as pages:
        pages.add(Batch(Role.INCLUDE, ["p1", "p2"]))
        people = pages.finish()
        for number in (1, 2):
            seen.remember(result(campaign(number), (), people), NOW + number * DAY)
    seen.remember(result(campaign(3), ()), NOW)
    seen.remember(result(campaign(1), ()), NOW + 3 * DAY)

    assert seen.sizes("acme", but="c9") == (2, 2)
    assert seen.sizes("acme", but="c1") == (2,)
    assert seen.sizes("other", but="c9") == ()
