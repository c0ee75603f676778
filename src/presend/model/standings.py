"""Fields that say what somebody is to the sender, owns, or lives in: what a claim in the copy is held against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from presend.model.campaign import Field
from presend.model.roles import Role, role_of

_STEMS: Mapping[Role, Sequence[str]] = {
    Role.MEMBERSHIP: (
        *("member", "tier", "level", "status", "rank", "card", "benefit", "perks", "advantage", "upgrad", "promot"),
        *("reached", "hold", "congrat", "gold", "silver", "bronze", "copper", "platinum", "diamond", "vip"),
    ),
    Role.BALANCE: ("point",),
    Role.POSSESSION: ("your ", "own", "driv", "ride"),
    Role.ADDRESS: (
        *("live", "living", "home", "town", "city", "neighbo", "resident", "local", "address", "house", "window"),
        *("door", "near"),
    ),
}
"""By role, stems by one of which any copy that claims such a thing goes."""

_USUAL: Mapping[Role, tuple[str, ...]] = {
    Role.MEMBERSHIP: (
        *("tier", "Tier", "loyalty_tier", "Loyalty Tier", "membership", "membership_level", "Membership Level"),
        *("TIER", "MEMBERSHIP"),
    ),
    Role.BALANCE: ("points", "Points", "loyalty_points", "Loyalty Points", "POINTS"),
    Role.POSSESSION: ("car_model", "Car Model", "vehicle", "Vehicle", "CAR", "VEHICLE"),
    Role.ADDRESS: ("location.city", "city", "town", "CITY", "TOWN"),
}
"""Names that such fields mostly have, for accounts and files that do not tell theirs beforehand; Mailchimp's shout."""

_TOWN = re.compile(r"(?:.*[\W_])?(?:city|town)", re.IGNORECASE)


def is_town(column: str, label: str = "") -> bool:
    """Whether a column holds the town that somebody lives in, by its name or label."""
    return role_of(column, label) is Role.ADDRESS and any(_TOWN.fullmatch(name.strip()) for name in (column, label))


def standing_names(copies: Iterable[str], fields: Iterable[Field], *, complete: bool) -> frozenset[str]:
    """Columns against which the copy may have to be held, whether or not it prints them.

    Where an account's fields are not all known beforehand (`complete`), the usual names are asked for as well.
    """
    text = "\n".join(copies).casefold()
    if "you" not in text:
        return frozenset()
    roles = {role for role, stems in _STEMS.items() if any(stem in text for stem in stems)}
    known = set()
    for one in fields:
        role = role_of(one.tag, one.label)
        if role in roles and (role is not Role.ADDRESS or is_town(one.tag, one.label)):
            known.add(one.tag)
    usual = {name for role in roles for name in _USUAL[role]}
    return frozenset(known if complete else known | usual)
