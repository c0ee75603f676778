"""A mail and an audience of which every family of checks has something to say, for comparing what the families cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bench import mail
from bench.audience import PEOPLE, ago, some, uniform
from presend.model import (
    Blackout,
    Blackouts,
    Campaign,
    ChecklistItem,
    Condition,
    ItemState,
    Message,
    Part,
    Record,
    Schedule,
    Source,
    Strategy,
)

NOW = mail.NOW

_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London"),
    *("Europe/Berlin", "Europe/Paris", "America/Toronto", "Australia/Sydney", "Asia/Tokyo", "Asia/Kolkata"),
)
_STATES = ("TX", "CA", "NY", "FL", "WA", "Texas", "California", "OH")


def _one_of(words: tuple[str, ...], what: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][1 + CAST(floor({uniform(what)} * {len(words)}) AS INTEGER)]"


_HOME = f"CASE WHEN {uniform('home', 'i // 2')} < 0.2 THEN i // 2 ELSE i + 100000000 END"
"""One in five pairs of neighbours is a household."""

FAMILIAR: dict[str, str] = {
    **PEOPLE,
    # One person in a hundred shares an address with a neighbour; one in two hundred has that of a task.
    "email": f"""CASE WHEN {uniform("inbox")} < 0.005 THEN ['info', 'sales', 'office'][1 + i % 3] || '@firm' || i
        || '.example.com' WHEN {uniform("twice", "i // 2")} < 0.01 THEN 'reader' || (i // 2) || '@example.org'
        ELSE lower(strip_accents(n)) || i || '@example.' || ['com', 'org', 'net'][1 + i % 3] END""",
    "last_name": f"citys[1 + CAST(floor({uniform('last', _HOME)} * len(citys)) AS INTEGER)]",
    "phone": some(0.4, "phone", f"""CASE WHEN {uniform("phone_form")} < 0.5 THEN '+1 555 010 ' || (1000 + i % 9000)
        ELSE '555010' || (1000 + i % 9000) END"""),
    "location.address1": f"(1 + ({_HOME}) % 97) || ' ' || citys[1 + ({_HOME}) % 1500] || ' Street'",
    "car_model": some(0.5, "car", _one_of(("Golf", "Polo", "Passat", "Tiguan", "Up"), "car_model")),
    "dog_name": some(0.3, "dog", _one_of(("Rex", "Bella", "Luna", "Max"), "dog_name")),
    "no_mothers_day": some(0.01, "no_day", "'yes'"),
    "@email": "email",
    "@as_of:car_model": some(0.5, "car", ago("car_at", 900, mean=True)),
    "@as_of:dog_name": some(0.3, "dog", ago("dog_at", 900, mean=True)),
    "@as_of:location.address1": ago("moved_at", 900, mean=True),
    "@region": _one_of(_STATES, "state"),
    "@postcode": f"CAST(10000 + ({_HOME}) * 7919 % 40000 AS VARCHAR)",
    "@timezone": some(0.8, "zone", _one_of(_ZONES, "zone_name")),
    "@birthday": some(0.5, "birthday", f"CAST(DATE '1940-01-01' + CAST({uniform('b')} * 31000 AS INTEGER) AS VARCHAR)"),
    "@title": some(0.1, "title", _one_of(("Mr", "Ms", "Dr"), "title_word")),
    "@gender": some(0.2, "gender", _one_of(("m", "f", "male", "female"), "gender_word")),
    "@preferred_name": some(0.05, "preferred", "substr(n, 1, 3)"),
    "@new_last_name": some(0.01, "married", "'Ashdown'"),
    "@household": f"'h' || ({_HOME})",
}
"""As `bench.audience.PEOPLE`, with what the later families look at."""

COLUMNS = tuple(FAMILIAR)

SUBJECT = "{{ first_name|default:'Hello' }}, we miss you: 20% off ends tonight"
PREVIEW = "Thank you for your recent purchase of {{ person.last_product|default:'a lamp' }}"

_PERSONAL = """<p class="lead">Dear Mr {{ last_name|default:'friend' }}, hi {{ first_name }} , (was [FIRST_NAME])</p>
<p>As a gold member you shop before everybody else. Happy birthday! You have been with us for five years.</p>
<p>As a Golf owner you know your {{ person.car_model }}. How is {{ person.dog_name }}? We saw you looking at lamps.</p>
<p>We still have {{ person.phone }} and {{ location.address1 }}, {{ location.city }}, for you{{ person.shoe_size }}.</p>
<p>Congratulations on your recent loss. Mother's Day is near: a bottle of whisky and wine for for her.</p>
<p>Recommended for you: {{ person.last_product }}. Valid until 20 November 2026. You will recieve 25% off.</p>
{% if person.loyalty_tier == 'platinum' %}<p>Platinum.</p>{% elif person.points > 1000 %}<p>A free lamp!</p>{% endif %}
<p><a href="https://shop.example.com/?n={{ person.nickname }}">Your account</a></p>"""


def parts() -> dict[Part, str]:
    """Subject, preview text and body: the mail of `bench.mail` with more to find fault with, and no way out of it."""
    body = mail.html().replace("<body>", f"<body>{_PERSONAL}").replace("{% unsubscribe_link %}", "#")
    return {Part.SUBJECT: SUBJECT, Part.PREVIEW_TEXT: PREVIEW, Part.HTML: body}


def campaign() -> Campaign:
    """The mail as a scheduled campaign that goes to everybody at one moment of a Monday night in Europe."""
    at = NOW + timedelta(hours=14)
    base = mail.campaign()
    old = NOW - timedelta(days=40)
    return replace(
        base,
        schedule=Schedule(Strategy.STATIC, at, at, at, "UTC"),
        messages=(Message("m1", "A", dict(parts())),),
        audience=replace(base.audience, conditions=(Condition("location.city", "is-set"),), frozen_since=old),
        checklist=(ChecklistItem(ItemState.WARNING, "Preview text", "it is long"),),
        sources=(Source("shop", old),),
        updated_at=NOW - timedelta(hours=1),
    )


def blackouts() -> Blackouts:
    """A flood by postcode and a week of mourning by state, both when it goes."""
    from presend.blackouts.places import gazetteer

    first, last = date(2026, 11, 20), date(2026, 12, 4)
    dark = (
        Blackout("flood", "US", first, last, postcodes=("110", "212", "3030")),
        Blackout("mourning", "US", first, last, regions=frozenset({"US-TX"})),
        Blackout("fire", "AU", first, last),
    )
    return Blackouts(dark, places=gazetteer())


def record(*_told: Any) -> Record:
    """One approval is wanted and none is given; eight campaigns before went to far fewer people."""
    return Record(needed=1, why="it goes to many", sizes=(45, 50, 55, 47, 50, 49, 51, 50))
