"""Letters without a fault: copy in several languages, layouts, and the innocent oddities that look like faults."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bench.mishaps import phrases_base as base
from bench.mishaps import words
from bench.mishaps.accounts import Account, Pen, Slot
from bench.mishaps.footers import Block, Foot, usual
from bench.mishaps.labels import Mate
from bench.mishaps.people import ABSENT, Crowd
from bench.mishaps.places import HOMES, Home
from presend.model import (
    NOTHING_DARK,
    AudienceRef,
    Blackouts,
    Campaign,
    ChecklistItem,
    Condition,
    Gap,
    ListRef,
    Platform,
    Record,
    Source,
    State,
    Strategy,
)

BRANDS = ("Tarn & Thimble", "Ostwind Teekontor", "Maison Brindille", "Quill Lantern Press", "Taller Albahaca")

CLOSINGS = (
    ("With warm hands,", "the people at {brand}"),
    ("Yours between two kettles,", "{brand}"),
    ("Bis bald am Tresen", "{brand}"),
    ("À très vite,", "l'équipe de {brand}"),
)
GREETINGS = (
    ("Hello {},", "Hello,"),
    ("Dear {},", "Dear friends,"),
    ("Good morning, {}!", "Good morning!"),
    ("Guten Tag {},", "Guten Tag,"),
    ("Bonjour {},", "Bonjour,"),
    ("Hola {}:", "Hola:"),
)
"""English first, as in all lists of the kind."""
STYLE = (
    "<style>body{margin:0;font-family:Georgia,serif}.w{width:100%;max-width:600px}"
    "@media (max-width:480px){.w{width:96% !important}.h{display:none}}</style>"
)
JSON_LD = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Event", '
    '"name": "Open workshop", "location": {"@type": "Place", "address": {"addressLocality": "Duluth"}}}</script>'
)
MSO = "<!--[if mso]><table role='presentation' width='600'><tr><td><![endif]-->"
MSO_END = "<!--[if mso]></td></tr></table><![endif]-->"


@dataclass(slots=True)
class Draft:
    """A campaign under construction."""

    account: Account
    crowd: Crowd
    rng: random.Random
    now: datetime
    send_at: datetime
    subject: str
    preview: str
    from_name: str
    greeting: str
    blocks: list[Block]
    head: str
    foot: Foot
    text_part: bool
    options: dict[str, object] = field(default_factory=dict)
    tricks: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    checklist: tuple[ChecklistItem, ...] | Gap = Gap("the platform has no checklist of its own")
    state: State = State.SCHEDULED
    home: Home = HOMES[0]
    """Where the account and its readers are."""
    strategy: Strategy = Strategy.STATIC
    stated: datetime | None = None
    """What the platform shows as the time of a send in the readers' own time; `send_at` is its first arrival."""
    audience: AudienceRef = field(default_factory=lambda: AudienceRef((ListRef("s1", "segment", "Regulars"),)))
    frozen_since: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    reply_to: str = "letters@example.net"
    english: bool = True
    """Whether its copy has no words of another language."""
    planted: list[str] = field(default_factory=list)
    """Names of the faults that are in it by now."""
    spoilt: set[str] = field(default_factory=set)
    """Keys of fields that a fault is about: the next one takes others."""
    closed: bool = False
    """A fault has made everything after it uncertain: no second one."""
    held: bool = True
    """Whether phrases come from the half of each list that nobody mends a check by."""
    edits: list[Callable[[Campaign], Campaign]] = field(default_factory=list)
    """Last changes to the finished campaign: its audience, schedule, variants, kind."""
    record: Record = field(default_factory=Record)
    blackouts: Blackouts = NOTHING_DARK
    settings: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of checks by code, as the account's owner would have them."""
    mates: list[Mate] = field(default_factory=list)
    opted_out: dict[str, frozenset[str] | Mapping[str, str]] = field(default_factory=dict)

    def phrase(self, entries: Sequence[str]) -> str:
        """One phrase of a list: every other one is kept for measuring, the rest is for mending checks by."""
        return self.rng.choice(entries[self.held :: 2])

    @property
    def pen(self) -> Pen:
        """How tokens are written in this account."""
        return self.account.pen

    @property
    def platform(self) -> Platform:
        """Whose language it is."""
        return self.account.platform

    def slot(self, key: str) -> Slot:
        """A field of the account. Raises KeyError where the platform has none of the kind."""
        return self.account.slots[key]

    def say(self, html: str, text: str | None = None) -> None:
        """Add a paragraph somewhere in the letter; the plain text is the same unless given."""
        self.blocks.insert(self.rng.randint(0, len(self.blocks)), (f"<p>{html}</p>", html if text is None else text))

    def html(self) -> str:
        """The HTML part."""
        middle = "\n".join(html for html, _text in self.blocks)
        return (
            f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'>{self.head}</head>\n<body>{MSO}\n"
            f'<table class="w" cellpadding="0"><tr><td>\n<p>{self.greeting}</p>\n{middle}\n</td></tr></table>\n'
            f"{MSO_END}{self.foot.block()[0]}</body></html>"
        )

    def text(self) -> str:
        """The plain text part."""
        return "\n\n".join((self.greeting, *(text for _html, text in self.blocks), self.foot.block()[1]))


def draft(account: Account, crowd: Crowd, rng: random.Random, now: datetime, send_at: datetime) -> Draft:
    """A clean letter: everything it prints is filled, guarded, or has a fallback that works."""
    brand = rng.choice(BRANDS)
    # Four in five are in English throughout; the others mix languages, as bilingual shops do.
    english = rng.random() < 0.8
    paragraphs = base.PARAGRAPHS if english else base.PARAGRAPHS + base.PARAGRAPHS_ABROAD
    made = Draft(
        account=account,
        crowd=crowd,
        rng=rng,
        now=now,
        send_at=send_at,
        subject=rng.choice(base.SUBJECTS if english else base.SUBJECTS + base.SUBJECTS_ABROAD),
        preview=rng.choice(base.PREVIEWS if english else base.PREVIEWS + base.PREVIEWS_ABROAD),
        from_name=brand,
        greeting="",
        blocks=[(f"<p>{_html(p)}</p>", p) for p in rng.sample(paragraphs, rng.randint(2, 5))],
        head=STYLE if rng.random() < 0.8 else "",
        foot=usual(account.platform),
        text_part=rng.random() < 0.6,
        options={"programmable": True} if account.platform is Platform.HUBSPOT else {},
        english=english,
    )
    made.greeting = _greeting(made, GREETINGS[:3] if english else GREETINGS)
    for trick in rng.sample(TRICKS, rng.randint(1, 4)):
        if trick(made):
            made.tricks.append(trick.__name__.strip("_"))
    made.say(*_closing(brand, rng, CLOSINGS[:2] if english else CLOSINGS))
    return made


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _closing(brand: str, rng: random.Random, closings: Sequence[Block]) -> Block:
    first, second = rng.choice(closings)
    name = second.format(brand=brand)
    return f"{first}<br>{_html(name)}", f"{first}\n{name}"


def blanked(draft: Draft, key: str, share: float) -> frozenset[str]:
    """Take a field from a share of the people, as the platform holds nothing: absent, or empty text."""
    rng, slot = draft.rng, draft.slot(key)
    rows = draft.crowd.pick(rng, share)
    for row in rows:
        draft.crowd.columns[slot.column][row] = ""
    if draft.platform is not Platform.MAILCHIMP:
        draft.crowd.put(slot.column, [r for r in rows if rng.random() < 0.7], ABSENT)
    if f"@as_of:{slot.column}" in draft.crowd.columns:
        draft.crowd.put(f"@as_of:{slot.column}", rows, ABSENT)
    draft.crowd.taken.add(key)
    return draft.crowd.names(rows)


def _greeting(draft: Draft, greetings: Sequence[Block]) -> str:
    rng, slot = draft.rng, draft.slot("first")
    named, plain = rng.choice(greetings)
    kind = rng.random()
    if kind < 0.25:
        return plain
    if kind < 0.45:
        return named.format(draft.pen.bare(slot))  # everybody has a first name here
    if kind < 0.8:
        blanked(draft, "first", rng.uniform(0.01, 0.1))
        return named.format(draft.pen.safe(slot, rng.choice(words.FALLBACKS)))
    blanked(draft, "first", rng.uniform(0.01, 0.1))
    return draft.pen.guarded(slot, named.format(draft.pen.bare(slot)), plain)


def _optional_line(draft: Draft) -> bool:
    key = draft.rng.choice(("company", "job", "pet", "car"))
    if key in draft.crowd.taken:
        return False
    slot = draft.slot(key)
    blanked(draft, key, draft.rng.choice((0.3, 0.6)))
    phrase = {
        "company": "The tasting room can be booked for all of {}.",
        "job": "Somebody with the title {} may like the ledger paper.",
        "pet": "There is a bowl of water by the door for {}.",
        "car": "The yard has room for a {}.",
    }[key].format(draft.pen.bare(slot))
    draft.blocks.append((draft.pen.guarded(slot, f"<p>{phrase}</p>"), draft.pen.guarded(slot, phrase)))
    return True


def _city_line(draft: Draft) -> bool:
    if "city" in draft.crowd.taken:
        return False
    slot = draft.slot("city")
    blanked(draft, "city", draft.rng.uniform(0.05, 0.3))
    word = "your part of the world"
    draft.say(f"The post to {draft.pen.safe(slot, word)} takes three days at most.")
    return True


def _link(draft: Draft) -> bool:
    slot = draft.slot("email")
    match draft.platform:
        case Platform.MAILCHIMP:
            token = f"*|URL:{slot.token}|*"
        case Platform.KLAVIYO:
            token = f"{{{{ {slot.token}|urlencode }}}}"
        case _:  # HubSpot
            token = draft.pen.bare(slot)
    url = f"https://www.example.org/seat?utm_content=a%7Cb%20c&r={token}"
    draft.say(f'<a href="{_amp(url)}" style="padding:8px 5%;background:#123">Keep a seat</a>', f"Keep a seat: {url}")
    return True


def _amp(url: str) -> str:
    return url.replace("&r=", "&amp;r=")


def _table(draft: Draft) -> bool:
    rows = draft.rng.sample(words.TOPICS, 3)
    html = "".join(f"<tr><td>{_html(r)}</td><td align='right'>{5 + n} %</td></tr>" for n, r in enumerate(rows))
    draft.blocks.append(
        (f'<table width="100%">{html}</table>', "\n".join(f"{r}: {5 + n} %" for n, r in enumerate(rows)))
    )
    return True


def _json_ld(draft: Draft) -> bool:
    draft.head += JSON_LD
    return True


def _arrows(draft: Draft) -> bool:
    draft.say("&lt;&lt; Older letters | Newer letters &gt;&gt;", "<< Older letters | Newer letters >>")
    return True


def _comment(draft: Draft) -> bool:
    draft.blocks.append(("<!-- row 2: photograph [left], caption {right} -->", "* * *"))
    return True


def _percent(draft: Draft) -> bool:
    draft.say("Humidity 65%, firing 98% done, chance of cake 100%.")
    return True


def _tier_line(draft: Draft) -> bool:
    if "tier" in draft.crowd.taken:
        return False
    draft.crowd.taken.add("tier")
    line = draft.pen.equals(draft.slot("tier"), "Gold", "The back room is open to you.", "The front room is warm.")
    draft.say(line)
    return True


def _loop(draft: Draft) -> bool:
    match draft.platform:
        case Platform.KLAVIYO:
            slot = draft.slot("likes")
            each = "<li>{{ thing }}</li>{% empty %}<li>tea</li>"
            body = f"{{% for thing in {slot.token} %}}{each}{{% endfor %}}"
            draft.blocks.append((f"<ul>{body}</ul>", body.replace("<li>", "- ").replace("</li>", "\n")))
        case Platform.HUBSPOT:
            body = "{% for shelf in ['teas', 'maps', 'felt'] %}<li>{{ shelf }}</li>{% endfor %}"
            draft.blocks.append((f"<ul>{body}</ul>", body.replace("<li>", "- ").replace("</li>", "\n")))
        case Platform.MAILCHIMP:
            body = "*|IFNOT:ARCHIVE_PAGE|*You read this in your mailbox.*|END:IF|*"
            draft.say(body)
    return True


def _groups(draft: Draft) -> bool:
    if not draft.account.groups:
        return False
    draft.say("*|INTERESTED:Interests:Recipes & Rituals|*Now: quince paste.*|ELSE:|*Now: a walk.*|END:INTERESTED|*")
    return True


def _bare_subject(draft: Draft) -> bool:
    if "last" in draft.crowd.taken:
        return False
    draft.subject = f"A letter for the house of {draft.pen.bare(draft.slot('last'))}"
    draft.crowd.taken.add("last")
    return True


def _points(draft: Draft) -> bool:
    if "points" in draft.crowd.taken:
        return False
    draft.crowd.taken.add("points")
    draft.say(f"There are {draft.pen.bare(draft.slot('points'))} stamps on the card behind the counter.")
    return True


def _dirty_elsewhere(draft: Draft) -> bool:
    """A field that the letter does not print may hold what it likes."""
    column = draft.slot("site").column
    draft.crowd.put(column, draft.crowd.pick(draft.rng, 0.2), "asdf")
    draft.crowd.put(draft.slot("headline").column, draft.crowd.pick(draft.rng, 0.2), "N/A")
    draft.crowd.taken.update(("site", "headline"))
    return True


TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _optional_line,
    _city_line,
    _link,
    _table,
    _json_ld,
    _arrows,
    _comment,
    _percent,
    _tier_line,
    _loop,
    _groups,
    _bare_subject,
    _points,
    _dirty_elsewhere,
)
