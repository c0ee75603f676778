"""What a healthy account says of whom it writes to, and when: segments with behaviour in them, sends by day."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from bench.mishaps.letters import Draft
from bench.mishaps.places import Home, begins, by_day
from presend.model import (
    AudienceRef,
    Condition,
    Definition,
    Ground,
    Joint,
    Leaf,
    ListRef,
    Logic,
    Op,
    Platform,
    Schedule,
    Strategy,
)

DEED, GROUP, CONSENT = Leaf(Ground.DEED), Leaf(Ground.GROUP), Leaf(Ground.OTHER)
"""What people did; what they belong to; consent, and other things that are neither."""

KLAVIYO_CUT_OFF = timedelta(minutes=20)
"""How long before a send Klaviyo takes no more changes, with a margin (vendors' documents, 2.4)."""

NAMES = (
    "Opened in the last 90 days",
    "Bought this season",
    "Engaged readers",
    "Came to a workshop",
    "Looked at teapots, no order",
    "Regulars",
    "Second order due",
    "Clicked the spring letter",
    "Asked for the catalogue",
    "Kiln club",
)
TAGS = ("Workshop guests 2026", "Autumn fair, stand 14", "Pilot testers of the new kettle", "Wholesale partners")
LEFT_OUT = ("Asleep for half a year", "Ordered this week", "Open complaints", "Had a letter yesterday")


def joined(platform: Platform, *leaves: Leaf) -> Logic:
    """Conditions of which all must hold, in the shape that the platform gives them."""
    match platform:
        case Platform.MAILCHIMP:
            return Joint(True, leaves)
        case Platform.KLAVIYO:
            return Joint(True, tuple(Joint(False, (leaf,)) for leaf in leaves))
        case Platform.HUBSPOT:
            return Joint(False, (Joint(True, leaves),))


def either(platform: Platform, *leaves: Leaf) -> Logic:
    """Conditions of which any one will do, in the shape that the platform gives them."""
    match platform:
        case Platform.MAILCHIMP:
            return Joint(False, leaves)
        case Platform.KLAVIYO:
            return Joint(True, (Joint(False, leaves),))
        case Platform.HUBSPOT:
            return Joint(False, tuple(Joint(True, (leaf,)) for leaf in leaves))


def segment(name: str, logic: Logic, *, fixed: bool = False) -> AudienceRef:
    """An audience of one segment whose conditions the platform shows."""
    definition = Definition(name, logic, fixed)
    return AudienceRef(
        (ListRef(f"s{len(name)}", "list" if fixed else "segment", name),),
        conditions=tuple(_told(leaf) for leaf in _fields(logic)),
        definitions=(definition,),
    )


def _fields(logic: Logic) -> list[Leaf]:
    if isinstance(logic, Leaf):
        return [logic] if logic.ground is Ground.FIELD else []
    return [leaf for part in logic.parts for leaf in _fields(part)]


def _told(leaf: Leaf) -> Condition:
    return Condition(leaf.column, "eq" if leaf.op is Op.IS else leaf.op.value, list(leaf.values))


def settle(made: Draft, home: Home) -> None:
    """Whom the letter is for, and when it goes."""
    made.home = home
    _aim(made)
    _time(made)
    made.record = replace(made.record, sizes=usual(made.rng, len(made.crowd.ids)))


def usual(rng: random.Random, size: int) -> tuple[int, ...]:
    """Sizes of earlier campaigns, around this one's."""
    return tuple(max(1, round(size * rng.uniform(0.55, 1.6))) for _ in range(rng.randint(0, 24)))


def _aim(made: Draft) -> None:
    rng, platform = made.rng, made.platform
    name = rng.choice(NAMES)
    kind = rng.random()
    if kind < 0.15 and platform is not Platform.KLAVIYO:
        # Chosen by hand, or by an import: the platform has no conditions to show.
        made.audience = AudienceRef(
            (ListRef("t7", "tag" if platform is Platform.MAILCHIMP else "list", rng.choice(TAGS)),)
        )
    elif kind < 0.35:
        made.audience = segment(name, either(platform, DEED, DEED))
    elif kind < 0.55:
        made.audience = segment(name, joined(platform, DEED, CONSENT))
    elif kind < 0.7:
        made.audience = segment(name, joined(platform, GROUP, DEED))
    elif kind < 0.85:
        shop = made.slot("shop").column
        branch = rng.choice(made.crowd.columns[shop])
        made.crowd.columns[shop] = [branch] * len(made.crowd.ids)
        made.crowd.taken.add("shop")
        made.audience = segment(name, joined(platform, Leaf(Ground.FIELD, shop, Op.IS, (branch,)), DEED))
    else:
        made.audience = segment(name, joined(platform, DEED))
    if platform is Platform.MAILCHIMP:
        return
    if kind >= 0.15 and rng.random() < 0.25:
        other = segment(rng.choice([n for n in NAMES if n != name]), joined(platform, DEED, DEED))
        made.audience = replace(
            made.audience,
            included=(*made.audience.included, replace(other.included[0], id="s2")),
            definitions=(*made.audience.definitions, *other.definitions),
        )
    if rng.random() < 0.6:
        out = rng.sample(LEFT_OUT, rng.randint(1, 2))
        made.audience = replace(
            made.audience, excluded=tuple(ListRef(f"x{n}", "segment", name) for n, name in enumerate(out))
        )


def _time(made: Draft) -> None:
    rng = made.rng
    made.strategy = Strategy.STATIC
    if made.home.wide or rng.random() < 0.1:
        made.strategy = Strategy.LOCAL_TIME
    elif made.platform is Platform.KLAVIYO and rng.random() < 0.1:
        made.strategy = Strategy.THROTTLED
    own = made.strategy is Strategy.LOCAL_TIME
    stated = by_day(rng, made.now, made.home, own_time=own)
    made.stated, made.send_at = stated, begins(stated, made.home.zone) if own else stated


def schedule(made: Draft) -> Schedule:
    """The draft's schedule as a connector hands it over."""
    stop = made.send_at - (KLAVIYO_CUT_OFF if made.platform is Platform.KLAVIYO else timedelta(0))
    own = made.strategy in (Strategy.LOCAL_TIME, Strategy.SMART)
    stated = made.stated if own and made.stated else made.send_at
    return Schedule(made.strategy, stated, made.send_at, stop, made.home.zone)
