"""Mailchimp's segment conditions with how they are joined; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from presend.model import Condition, Definition, Ground, Joint, Leaf, Op

_OPS: Final[Mapping[str, Op]] = {
    "is": Op.IS,
    "not": Op.IS_NOT,
    "blank": Op.UNSET,
    "blank_not": Op.SET,
    "notcontain": Op.LACKS,
    "greater": Op.ABOVE,
    "less": Op.BELOW,
}
_FIELDS = frozenset(
    {"TextMerge", "SelectMerge", "EmailAddress", "DateMerge", "BirthdayMerge", "AddressMerge", "ZipMerge", "PhoneMerge"}
)
_PREDICTED: Final[Mapping[str, str]] = {
    "PredictedGender": "predicted_gender",
    "PredictedAge": "predicted_age",
    "SocialGender": "predicted_gender",
    "SocialAge": "predicted_age",
}
_GROUNDS: Final[Mapping[str, Ground]] = {
    **dict.fromkeys(
        (
            *("Aim", "Automation", "CampaignPoll", "Conversation", "EmailClient", "EcommCategory", "EcommNumber"),
            *("EcommPurchased", "EcommSpent", "EcommStore", "GoalActivity", "GoalTimestamp", "MemberRating"),
            *("MandrillSent", "NewSubscribers"),
        ),
        Ground.DEED,
    ),
    **dict.fromkeys(("StaticSegment", "FuzzySegment", "Interests"), Ground.GROUP),
    **dict.fromkeys(
        (
            *("Date", "Language", "SignupSource", "SurveyMonkey", "VIP", "IPGeoIn", "IPGeoInZip", "IPGeoZip"),
            *("IPGeoUnknown", "IPGeoCountryState", "SocialInfluence", "SocialNetworkMember", "SocialNetworkFollow"),
        ),
        Ground.OTHER,
    ),
}
"""Kinds of conditions by what they ask about (`condition_type` of Mailchimp's Marketing API 3.0)."""
_COMPARED = frozenset({"TextMerge", "SelectMerge", "EmailAddress", ""})
"""Kinds whose values are compared as they are, not as dates or places."""

Neutral = Callable[[Mapping[str, Any]], Condition]
"""One condition in neutral words."""


def definition(name: str, match: str, rows: Sequence[Mapping[str, Any]], neutral: Neutral) -> Definition | None:
    """The conditions of a segment, joined; None where it has none, or is joined in a way that is not known."""
    if not rows or (match not in ("any", "all") and len(rows) > 1):
        return None
    return Definition(name, Joint(match == "all", tuple(_leaf(row, neutral(row)) for row in rows)))


def _leaf(row: Mapping[str, Any], told: Condition) -> Leaf:
    kind, field = str(row.get("condition_type", "")), str(row.get("field", ""))
    if kind in _PREDICTED:
        return Leaf(Ground.FIELD, _PREDICTED[kind])
    if field == "static_segment" or field.startswith("interests-"):
        return Leaf(Ground.GROUP)
    if kind in _GROUNDS:
        return Leaf(_GROUNDS[kind])
    if told.column.startswith("@") or (kind and kind not in _FIELDS):
        return Leaf(Ground.UNKNOWN)
    value = row.get("value")
    values = value if isinstance(value, list) else [] if value is None else [value]
    op = _OPS.get(told.op, Op.OTHER) if kind in _COMPARED else Op.OTHER
    return Leaf(Ground.FIELD, told.column, op, tuple(map(str, values)))
