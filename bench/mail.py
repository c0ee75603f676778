"""One mail of 37 KB, as shops send them: written in Klaviyo's language, which is Django's, and told to each engine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    Condition,
    Kind,
    ListRef,
    Message,
    Part,
    Platform,
    Schedule,
    State,
    Strategy,
    Vocabulary,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

SUBJECT = "{{ first_name|default:'Hello' }}, your {{ person.loyalty_tier }} week starts now"
PREVIEW = "You have {{ person.points }} points to spend in {{ person.City|default:'your city' }}"

_OPENING = """<p class="lead">Hi {{ first_name|default:'there' }},</p>
{% if person.loyalty_tier == 'gold' %}<p>As a gold member you shop a day before everybody else.</p>
{% else %}<p>Two more orders and gold is yours.</p>{% endif %}
<p>You have {{ person.points }} points.{% if person.points > 1000 %} That is a free lamp!{% endif %}</p>
<p>How is life with your {{ person.last_product }}? Tell us, and the people of {{ person.City }} read it.</p>"""

_CLOSING = """<p>Sent to {{ email }}{% if person.organization %} at {{ person.organization }}{% endif %}.
<a href="https://shop.example.com/account?name={{ first_name }}">Your account</a>
<a href="{% unsubscribe_link %}">Unsubscribe</a></p>"""

_ITEM = """<tr><td class="item-{n}" style="padding:12px 18px;border-bottom:1px solid #e4e0d8;font-family:Georgia,serif;
font-size:16px;line-height:24px;color:#2b2a28"><a href="https://shop.example.com/lamps/{n}?utm_source=mail"
style="color:#8a5a00;text-decoration:none"><img src="https://img.example.com/lamps/{n}.jpg" width="240" height="160"
alt="Lamp number {n}"></a><br><strong>Lamp number {n}</strong><br>Brass, glass and a long cord: it stands where others
only hang, and gives the evening back to the room. <em>From &euro; {n}9.00</em></td></tr>
"""

ITEMS = 61


def html() -> str:
    """The whole message: head, style, a personal opening, a long list of goods, a personal closing."""
    style = "\n".join(f".item-{n} {{ max-width:{300 + n}px; }} .item-{n} a {{ color:#8a5a00; }}" for n in range(ITEMS))
    items = "".join(_ITEM.replace("{n}", str(n)) for n in range(ITEMS))
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>Lamps</title><style>{style}</style></head>\n"
        f"<body>{_OPENING}\n<table>{items}</table>\n{_CLOSING}</body></html>"
    )


PARTS = {Part.SUBJECT: SUBJECT, Part.PREVIEW_TEXT: PREVIEW, Part.HTML: html()}

READ = ("first_name", "email", "location.city", "organization", "loyalty_tier", "points", "last_product")
"""The columns that the parts print or ask about."""


def for_django() -> list[str]:
    """The parts as plain Django templates: the tag that only Klaviyo has becomes the address it would give."""
    return [source.replace("{% unsubscribe_link %}", "https://shop.example.com/u") for source in PARTS.values()]


def for_jinja2() -> list[str]:
    """The parts in Jinja2's words; a number kept as text stops its comparisons, so that it is turned into one."""
    compared = [source.replace("person.points >", "person.points|int >") for source in for_django()]
    return [re.sub(r"\|default:('[^']*')", r"|default(\1, true)", source) for source in compared]


def context(cells: dict[str, object]) -> dict[str, object]:
    """What a template engine is given for one person."""
    named = {"City" if name == "location.city" else name: value for name, value in cells.items()}
    return {"first_name": cells.get("first_name"), "email": cells.get("email"), "person": named}


def campaign() -> Campaign:
    """The mail as a scheduled Klaviyo campaign, two hours before it goes."""
    at = NOW + timedelta(hours=2)
    return Campaign(
        ref=CampaignRef(Platform.KLAVIYO, "bench", Kind.CAMPAIGN, "c1", "Lamps"),
        state=State.SCHEDULED,
        native_state="Scheduled",
        schedule=Schedule(Strategy.STATIC, at, at, at, "UTC"),
        messages=(Message("m1", "A", dict(PARTS)),),
        audience=AudienceRef(
            included=(ListRef("l1", "list", "Readers"),),
            conditions=(Condition("location.city", "is-set"),),
            key="l1",
        ),
        revision="r1",
        vocabulary=Vocabulary(zone="UTC"),
    )
