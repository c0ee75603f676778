"""What a healthy account can show: consent with its date, who was asked lately, a test of the letter as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bench.mishaps import footers
from bench.mishaps import phrases_consent as said
from bench.mishaps.letters import Draft
from bench.mishaps.people import day
from presend.audience.schema import fact


def settle(made: Draft) -> None:
    """Give the letter a footer, its people their consent, and the campaign its record."""
    rng = made.rng
    made.foot = footers.healthy(made.platform, made.from_name, rng, made.phrase)
    made.record = replace(made.record, tested_at=made.now - timedelta(hours=rng.uniform(0.5, 5)), tested_now=True)
    if rng.random() < 0.7:
        consent_dates(made)
    if rng.random() < 0.6:
        confirmed_dates(made)


def consent_dates(made: Draft) -> None:
    """Everybody agreed when they came: years ago, some of them, but all have been heard of since."""
    if fact("consent_at") not in made.crowd.columns:
        made.crowd.columns[fact("consent_at")] = list(made.crowd.columns[fact("created_at")])


def confirmed_dates(made: Draft) -> None:
    """Everybody gave or confirmed their data within a year."""
    if fact("confirmed_at") not in made.crowd.columns:
        dates = [day(made.now - timedelta(days=made.rng.uniform(2, 240))) for _one in made.crowd.ids]
        made.crowd.columns[fact("confirmed_at")] = dates


def keep_true(made: Draft) -> None:
    """Where it is known who has bought what and who is what, no footer calls everybody a customer or a member."""
    known = fact("orders") in made.crowd.columns or "tier" in made.spoilt
    brand = made.from_name
    if known and made.foot.reason[1].startswith(tuple(one.format(brand=brand) for one in said.DEEDS)):
        neutral = footers.reason(made.platform, brand, made.rng, made.phrase, deeds=False)
        made.foot = replace(made.foot, reason=neutral)
