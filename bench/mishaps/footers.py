"""Footers as accounts have them: who sends this, why one gets it, how to leave, in several layouts and languages."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bench.mishaps import phrases_consent as said
from presend.model import Platform

Block = tuple[str, str]
"""A stretch of the letter as HTML and as plain text."""
Phrase = Callable[[Sequence[str]], str]
"""Takes one phrase of a list."""

NOTHING: Block = ("", "")


@dataclass(frozen=True, slots=True)
class Foot:
    """A footer in pieces, so that a fault can take one away."""

    address: Block
    reason: Block
    leave: Block
    extra: Block = NOTHING
    layout: str = "div"
    order: tuple[str, ...] = field(default=("address", "reason", "leave", "extra"))

    def block(self) -> Block:
        """The whole, as HTML and as plain text."""
        pieces: list[Block] = [getattr(self, name) for name in self.order]
        html, text = [h for h, _text in pieces if h], [t for _html, t in pieces if t]
        match self.layout:
            case "div":
                inside = "<br>".join(html)
                return f"<div class='f'>{inside}</div>", "\n".join(text)
            case "table":
                rows = "".join(f"<tr><td align='center'>{piece}</td></tr>" for piece in html)
                return f'<table class="w" role="presentation">{rows}</table>', "\n\n".join(text)
            case _:
                inside = "\n".join(f'<p style="font-size:11px;color:#777">{piece}</p>' for piece in html)
                return f"<hr>\n{inside}", "--\n" + "\n".join(text)


def escaped(text: str) -> str:
    """Plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def both(text: str) -> Block:
    """The same words in both parts."""
    return escaped(text), text


_COMPANY = (
    "{{ site_settings.company_name }}, {{ site_settings.company_street_address_1 }}, {{ site_settings.company_city }} "
    "{{ site_settings.company_state }} {{ site_settings.company_zip }}, {{ site_settings.company_country }}"
)
_TAGGED: dict[Platform, tuple[str, ...]] = {
    Platform.MAILCHIMP: ("*|LIST:ADDRESS|*", "*|HTML:LIST_ADDRESS_HTML|*", "*|LIST:ADDRESSLINE|*"),
    Platform.KLAVIYO: (
        "{{ organization.name }}, {{ organization.full_address }}",
        "{{ organization.name }} · {{ organization.full_address }}",
        "{{ organization.full_address }}",
    ),
    Platform.HUBSPOT: (_COMPANY, _COMPANY.replace(", {{ site_settings.company_country }}", "")),
}
"""Addresses as the account holds them."""


def usual(platform: Platform) -> Foot:
    """The platform's own footer, as its templates have it."""
    return Foot(both(_TAGGED[platform][0]), both("You signed up at our counter or on example.org."), link(platform))


def healthy(platform: Platform, brand: str, rng: random.Random, phrase: Phrase) -> Foot:
    """A whole footer of one of many kinds."""
    order = ["address", "reason", "leave", "extra"]
    rng.shuffle(order)
    return Foot(
        address=address(platform, brand, rng, phrase),
        reason=reason(platform, brand, rng, phrase),
        leave=link(platform, rng.choice(said.LEAVE_WORDS), rng.random()),
        extra=_extra(platform, rng),
        layout=rng.choice(("div", "table", "paragraphs")),
        order=tuple(order),
    )


def address(platform: Platform, brand: str, rng: random.Random, phrase: Phrase) -> Block:
    """Half as a tag of the platform, half as somebody typed it; on HubSpot, which insists on its own, always that."""
    tag = rng.choice(_TAGGED[platform])
    if rng.random() < 0.5:
        return tag, tag
    html, text = both(phrase(said.ADDRESSES).format(brand=brand))
    if rng.random() < 0.3:
        html = html.replace(", ", "<br>")
    return (f"{html}<br>{tag}", f"{text}\n{tag}") if platform is Platform.HUBSPOT else (html, text)


def reason(platform: Platform, brand: str, rng: random.Random, phrase: Phrase, *, deeds: bool = True) -> Block:
    """Why one gets this; in Mailchimp often the audience's own reminder. `deeds`: may say what everybody has done."""
    if platform is Platform.MAILCHIMP and rng.random() < 0.15:
        return "*|LIST:DESCRIPTION|*", "*|LIST:DESCRIPTION|*"
    words = phrase(said.REASONS)
    while not deeds and words.startswith(said.DEEDS):
        words = phrase(said.REASONS)
    return both(words.format(brand=brand))


def link(platform: Platform, words: str = "Unsubscribe", kind: float = 0.0) -> Block:
    """A link by which one leaves; `kind` from 0 to 1 chooses its form."""
    html = escaped(words)
    match platform:
        case Platform.MAILCHIMP:
            more = ' · <a href="*|UPDATE_PROFILE|*">Your details</a>' if kind > 0.7 else ""
            return f'<a href="*|UNSUB|*">{html}</a>{more}', f"{words}: *|UNSUB|*"
        case Platform.KLAVIYO if kind < 0.4:
            return f"{{% unsubscribe '{words}' %}} {{% manage_preferences 'Choose what you get' %}}", (
                f"{words}: {{% unsubscribe_link %}}\n{{% manage_preferences_link %}}"
            )
        case Platform.KLAVIYO if kind < 0.6:
            return "{% unsubscribe %}", "{% unsubscribe_link %}"
        case Platform.KLAVIYO:
            return f'<a href="{{% unsubscribe_link %}}" class="u">{html}</a>', f"{words}: {{% unsubscribe_link %}}"
        case Platform.HUBSPOT:
            name = "unsubscribe_link_all" if kind > 0.8 else "unsubscribe_link"
            return f'<a href="{{{{ {name} }}}}" style="color:#555">{html}</a>', f"{words}: {{{{ {name} }}}}"


def _extra(platform: Platform, rng: random.Random) -> Block:
    if rng.random() < 0.3:
        return NOTHING
    if rng.random() < 0.4:
        return both(rng.choice(("hello@example.org", "www.example.org", "Pictures: our own.", "(218) 555-0147")))
    match platform:
        case Platform.MAILCHIMP:
            return '<a href="*|ARCHIVE|*">In the browser</a> · © *|CURRENT_YEAR|*', "*|ARCHIVE|*\n© *|CURRENT_YEAR|*"
        case Platform.KLAVIYO:
            return "{% web_view 'In the browser' %}", "{% web_view_link %}"
        case Platform.HUBSPOT:
            return '<a href="{{ view_as_page_url }}">In the browser</a>', "{{ view_as_page_url }}"


def without(foot: Foot, piece: str, instead: Block = NOTHING) -> Foot:
    """The footer with one piece taken away, or something else in its place."""
    match piece:
        case "address":
            return replace(foot, address=instead)
        case "reason":
            return replace(foot, reason=instead)
        case _:
            return replace(foot, leave=instead)
