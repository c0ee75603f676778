"""A campaign of four people of whom two would read a blank, as it is read and planned for leaving them out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from presend.actions.plan import Given, Plan, make
from presend.audience.snapshot import Snapshot
from presend.engine import CampaignResult
from presend.ports import Batch, Role
from presend.settings import PolicySettings
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

POLICY = PolicySettings(exclude="high", tag="never", comment="never")
OUT = "presend:out:c1"


@contextmanager
def scanned(**changes: Any) -> Iterator[CampaignResult]:
    """The campaign whose second and fourth recipient would read a blank."""
    with audience() as people:
        who = people.where(("first_name",), [(None,)])
        yield replace(result(campaign(), [finding(who=who)], people), **changes)


def planned(
    one: CampaignResult,
    connector: FakeConnector,
    policy: PolicySettings = POLICY,
    now: datetime = NOW,
    ran: frozenset[str] | None = None,
) -> Plan:
    return make(policy, [one], {"acme": connector}, Given(now, ran=ran))


@contextmanager
def without(*ids: str, found: bool = True) -> Iterator[CampaignResult]:
    """The campaign as it goes now, with these left out, and as it would go with everybody."""
    snapshot = Snapshot(["first_name"])
    try:
        snapshot.add(Batch(Role.INCLUDE, [p for p in ("p1", "p2", "p3", "p4") if p not in ids]))
        now = snapshot.finish()
        with audience() as people:
            who = people.where(("first_name",), [(None,)])
            left = campaign(left_out=OUT)
            whole = result(left, [finding(who=who)] if found else [], people)
            yield replace(result(left, [], now), everybody=whole)
    finally:
        snapshot.close()
