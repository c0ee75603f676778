"""Faults and hard negatives of CLM001 to CLM007."""

from __future__ import annotations

from bench.mishaps import faults_claims_bought as bought
from bench.mishaps import faults_claims_offers as offers
from bench.mishaps import faults_claims_standing as standing
from bench.mishaps import twins_claims
from bench.mishaps.planting import Plant

PLANTS: tuple[tuple[Plant, int], ...] = (
    (bought.never_bought, 2),
    (bought.bought_long_ago, 2),
    (bought.guarded_wrongly, 1),
    (bought.missed_though_here, 2),
    (bought.missed_though_never, 2),
    (bought.bought_already, 2),
    (bought.recommended_already, 1),
    (offers.offer_over, 2),
    (offers.other_weekday, 2),
    (offers.other_discount, 2),
    (offers.other_price, 2),
    (standing.wrong_tier, 1),
    (standing.tier_behind_another, 1),
    (standing.no_birthday, 1),
    (standing.other_anniversary, 1),
    (standing.lives_elsewhere, 1),
    (standing.owns_another, 1),
    (standing.not_loyal, 1),
    (standing.fewer_points, 1),
    (standing.unproven_claim, 1),
    (standing.no_facts, 1),
)
"""Faults with their weights."""

TRICKS = twins_claims.TRICKS
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
