"""What a scan reads for deeds' sake: campaigns that presend holds, and those that leave people out, once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from presend.engine import AccountFailure, CampaignResult, Request, close, scan_account
from presend.errors import Gone, Unreachable
from presend.model import Campaign, State, UncheckedKind, Verb
from presend.outputs.json_v1 import public
from presend.outputs.table import write
from presend.policy import Decision
from presend.ports import Batch, Connector
from presend.report import Report
from presend.rules import RuleSet
from tests.deeds.fakes import NOW, FakeConnector, campaign, finding, result

OUT = "presend:out:c1"


class Listing(FakeConnector):
    """A platform that lists what is scheduled."""

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign]:
        yield from (each for each in self.held.values() if each.state is State.SCHEDULED)


def scanned(connector: Listing, **more: Any) -> list[CampaignResult | AccountFailure]:
    found = list(scan_account(cast("Connector", connector), Request(NOW, RuleSet(()), **more)))
    close(found)
    return found


def test_what_presend_holds_is_read_while_it_is_a_draft() -> None:
    draft = campaign(2, state=State.DRAFT, native_state="draft")
    connector = Listing(campaign(1), draft, campaign(3, state=State.SENT))

    found = scanned(connector, held={"acme": frozenset({"c1", "c2", "c3"}), "other": frozenset({"c9"})})

    assert [(r.campaign.ref.id, r.held) for r in found if isinstance(r, CampaignResult)] == [
        ("c1", False),
        ("c2", True),
    ]
    assert len(found) == 2


@pytest.mark.parametrize("error", [Gone("no such campaign"), Unreachable("no answer")])
def test_one_that_cannot_be_read_is_listed_and_fails_no_scan(error: Exception) -> None:
    class Away(Listing):
        def campaign(self, campaign_id: str) -> Campaign:
            raise error

    (failure,) = scanned(Away(), held={"acme": frozenset({"c2"})})

    assert isinstance(failure, AccountFailure)
    assert failure.unchecked.kind is UncheckedKind.UNKNOWABLE
    assert "presend holds it" in failure.unchecked.reason


def test_a_campaign_that_leaves_people_out_is_read_as_it_goes_and_with_everybody() -> None:
    connector = Listing(campaign(left_out=OUT))
    connector.out["c1"] = {"p2"}
    sizes = []
    for wanted in (True, False):
        request = Request(NOW, RuleSet(()), exclusions=wanted)
        found = list(scan_account(cast("Connector", connector), request))
        (one,) = [r for r in found if isinstance(r, CampaignResult)]
        assert one.audience is not None
        whole = one.everybody.audience.size if one.everybody and one.everybody.audience else None
        sizes.append((one.audience.size, whole))
        close(found)

    assert sizes == [(3, 4), (3, None)]


def test_without_an_exclusion_it_is_read_once() -> None:
    (one,) = scanned(Listing(campaign()), exclusions=True)

    assert isinstance(one, CampaignResult)
    assert one.everybody is None


def test_a_second_reading_that_fails_is_no_empty_one() -> None:
    class Half(Listing):
        def people(self, campaign: Campaign, columns: frozenset[str], *, everybody: bool = False) -> Iterator[Batch]:
            if everybody:
                raise Unreachable("no answer")
            yield from super().people(campaign, columns)

    (one,) = scanned(Half(campaign(left_out=OUT)), exclusions=True)

    assert isinstance(one, CampaignResult)
    assert one.everybody is not None
    assert (one.failed, one.everybody.failed, one.everybody.audience) == (False, True, None)


# -- what the report says of the policy


def report(*decisions: Decision) -> Report:
    later = NOW + timedelta(minutes=1)
    found = [d.finding for d in decisions]
    made = Report("1.0", NOW, NOW, later, (result(campaign(), found),), (), 1)
    return replace(made, decisions={d.finding.fingerprint: d for d in decisions})


def test_the_rule_and_what_it_leads_to_are_in_the_report() -> None:
    one, other = finding("TAG002"), finding("VAL001")
    shown = report(Decision(one, frozenset({Verb.TAG, Verb.HOLD}), "2"), Decision(other, frozenset(), "default"))

    assert [(f.code, f.rule, f.verbs) for f in public(shown).findings] == [
        ("TAG002", "2", ["hold", "tag"]),
        ("VAL001", "default", []),
    ]
    lines = [line for line in write(shown).splitlines() if "no-fallback" in line]
    assert [("VAL001" in line, "no deed" in line) for line in lines] == [(False, False), (True, True)]


def test_where_no_policy_was_asked_nothing_is_said_of_it() -> None:
    shown = replace(report(Decision(finding(), frozenset(), "default")), decisions={})

    assert [(f.rule, f.verbs) for f in public(shown).findings] == [(None, [])]
    assert "no deed" not in write(shown)
