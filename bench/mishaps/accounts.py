"""The three platforms as accounts that people write in: fields, their names in templates, how a token is written."""

from __future__ import annotations

import random
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Protocol

from presend.model import HALF_LIFE_DAYS, Field, Gap, Known, Platform, role_of


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of an account: what it is, its audience column, and its name in a template."""

    key: str
    column: str
    token: str
    label: str
    type: str = "text"
    default: str = ""
    """Default that the account sets for everybody without a value."""

    @property
    def half_life(self) -> int | None:
        """Days for which presend's own documents say such a fact holds (`presend.model.roles`)."""
        return HALF_LIFE_DAYS[role_of(self.column, self.label)]


class Pen(Protocol):
    """Writes one platform's template language."""

    def bare(self, slot: Slot) -> str:
        """Prints the value, nothing when there is none."""

    def safe(self, slot: Slot, word: str) -> str:
        """Prints the value, else the word, by a documented means that works in every part."""

    def guarded(self, slot: Slot, then: str, otherwise: str = "") -> str:
        """Prints `then` for those with a value; body parts only."""

    def equals(self, slot: Slot, value: str, then: str, otherwise: str) -> str:
        """Prints `then` for those whose value is the given text; body parts only."""


class MailchimpPen:
    """Merge tags; a fallback is the field's own default, or IF and ELSE in the body."""

    def bare(self, slot: Slot) -> str:
        """`*|FNAME|*`."""
        return f"*|{slot.token}|*"

    def safe(self, slot: Slot, word: str) -> str:
        """The field's default, else IF and ELSE."""
        if slot.default:
            return self.bare(slot)
        return self.guarded(slot, self.bare(slot), word)

    def guarded(self, slot: Slot, then: str, otherwise: str = "") -> str:
        """`*|IF:FNAME|*`."""
        middle = f"*|ELSE:|*{otherwise}" if otherwise else ""
        return f"*|IF:{slot.token}|*{then}{middle}*|END:IF|*"

    def equals(self, slot: Slot, value: str, then: str, otherwise: str) -> str:
        """`*|IF:TIER=Gold|*`."""
        return f"*|IF:{slot.token}={value}|*{then}*|ELSE:|*{otherwise}*|END:IF|*"


class KlaviyoPen:
    """Django templates."""

    def bare(self, slot: Slot) -> str:
        """`{{ first_name }}`."""
        return f"{{{{ {slot.token} }}}}"

    def safe(self, slot: Slot, word: str) -> str:
        """The `default` filter."""
        quote = '"' if "'" in word else "'"
        return f"{{{{ {slot.token}|default:{quote}{word}{quote} }}}}"

    def guarded(self, slot: Slot, then: str, otherwise: str = "") -> str:
        """`{% if first_name %}`."""
        middle = f"{{% else %}}{otherwise}" if otherwise else ""
        return f"{{% if {slot.token} %}}{then}{middle}{{% endif %}}"

    def equals(self, slot: Slot, value: str, then: str, otherwise: str) -> str:
        """`{% if person.tier == 'Gold' %}`."""
        return f"{{% if {slot.token} == '{value}' %}}{then}{{% else %}}{otherwise}{{% endif %}}"


class HubspotPen:
    """HubL; messages that hold conditions are marked as programmable email."""

    def bare(self, slot: Slot) -> str:
        """`{{ contact.firstname }}`."""
        return f"{{{{ {slot.token} }}}}"

    def safe(self, slot: Slot, word: str) -> str:
        """The account's default, else `personalization_token`."""
        if slot.default:
            return self.bare(slot)
        return f'{{{{ personalization_token("{slot.token}", "{word}") }}}}'

    def guarded(self, slot: Slot, then: str, otherwise: str = "") -> str:
        """`{% if contact.firstname %}`."""
        middle = f"{{% else %}}{otherwise}" if otherwise else ""
        return f"{{% if {slot.token} %}}{then}{middle}{{% endif %}}"

    def equals(self, slot: Slot, value: str, then: str, otherwise: str) -> str:
        """`{% if contact.tier == "Gold" %}`."""
        return f'{{% if {slot.token} == "{value}" %}}{then}{{% else %}}{otherwise}{{% endif %}}'


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its platform, fields by key, and interest groups."""

    platform: Platform
    slots: MutableMapping[str, Slot]
    """By key; a fault may take a default away."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pen(self) -> Pen:
        """How tokens are written here."""
        match self.platform:
            case Platform.MAILCHIMP:
                return MailchimpPen()
            case Platform.KLAVIYO:
                return KlaviyoPen()
            case Platform.HUBSPOT:
                return HubspotPen()

    def fields(self) -> tuple[Field, ...]:
        """The fields as a connector would hand them over: Mailchimp tells defaults, Klaviyo has no schema."""
        match self.platform:
            case Platform.KLAVIYO:
                return ()
            case Platform.MAILCHIMP:
                return tuple(
                    Field(s.token, (s.token, f"MERGE{n}"), s.label, s.type, default=Known(s.default))
                    for n, s in enumerate(self.slots.values())
                )
            case Platform.HUBSPOT:
                why = Gap("the platform does not tell defaults")
                return tuple(Field(s.column, (s.column,), s.label, s.type, default=why) for s in self.slots.values())


_MAILCHIMP = {
    "email": ("EMAIL",),
    "first": ("FNAME",),
    "last": ("LNAME",),
    "city": ("CITY", "TOWN"),
    "company": ("COMPANY", "EMPLOYER"),
    "job": ("JOBTITLE", "POSITION"),
    "pet": ("PETNAME", "DOGNAME"),
    "car": ("CARMODEL", "VEHICLE"),
    "tier": ("TIER", "MEMBERSHIP"),
    "points": ("POINTS", "BALANCE"),
    "site": ("WEBSITE", "HOMEPAGE"),
    "headline": ("TEASER", "HOOKLINE"),
    "code": ("VOUCHER", "PROMOCODE"),
    "shop": ("BRANCH", "STORE"),
}
_KLAVIYO = {
    "email": ("email",),
    "first": ("first_name",),
    "last": ("last_name",),
    "city": ("location.city",),
    "company": ("organization",),
    "job": ("title",),
    "pet": ("Pet Name", "pet_name", "DogName"),
    "car": ("Car Model", "car_model", "Vehicle"),
    "tier": ("Loyalty Tier", "tier", "membership"),
    "points": ("Points", "loyalty_points"),
    "site": ("Website", "homepage_url"),
    "headline": ("Teaser Line", "hook"),
    "code": ("Voucher Code", "promo_code"),
    "shop": ("Branch", "usual_store"),
    "likes": ("Likes", "liked_things"),
}
_HUBSPOT = {
    "email": ("email",),
    "first": ("firstname",),
    "last": ("lastname",),
    "city": ("city",),
    "company": ("company",),
    "job": ("jobtitle",),
    "pet": ("pet_name", "dog_name"),
    "car": ("car_model", "vehicle_model"),
    "tier": ("loyalty_tier", "membership_level"),
    "points": ("loyalty_points", "points"),
    "site": ("website",),
    "headline": ("teaser_line",),
    "code": ("voucher_code",),
    "shop": ("branch", "usual_store"),
}
_LABELS = {
    "email": "Email",
    "first": "First name",
    "last": "Last name",
    "city": "City",
    "company": "Company",
    "job": "Job title",
    "pet": "Pet name",
    "car": "Car model",
    "tier": "Loyalty tier",
    "points": "Points",
    "site": "Website",
    "headline": "Teaser line",
    "code": "Voucher code",
    "shop": "Branch",
    "likes": "Likes",
}


def _klaviyo_token(column: str, rng: random.Random) -> str:
    if column == "location.city":
        return "person.City"
    if column in ("first_name", "last_name", "email"):
        return column if rng.random() < 0.8 else f"person.{column}"
    if " " in column or rng.random() < 0.2:
        return f"person|lookup:'{column}'"
    return f"person.{column}"


def account(platform: Platform, rng: random.Random) -> Account:
    """An account of the platform: field names and defaults differ from one to the next."""
    table = {Platform.MAILCHIMP: _MAILCHIMP, Platform.KLAVIYO: _KLAVIYO, Platform.HUBSPOT: _HUBSPOT}[platform]
    slots = {}
    for key, names in table.items():
        column = rng.choice(names)
        token = column
        if platform is Platform.KLAVIYO:
            token = _klaviyo_token(column, rng)
        elif platform is Platform.HUBSPOT:
            token = f"contact.{column}"
        kind = "number" if key == "points" else "text"
        default = ""
        if platform is not Platform.KLAVIYO and key in ("first", "city") and rng.random() < 0.3:
            default = "friend" if key == "first" else "your town"
        slots[key] = Slot(key, column, token, _LABELS[key], kind, default)
    groups = {"Interests": ("Teas", "Recipes & Rituals", "Workshops")} if platform is Platform.MAILCHIMP else {}
    return Account(platform, slots, groups)
