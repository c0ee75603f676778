"""Where a message has its way out and its postal address: the platforms' tags, and what senders write themselves."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from presend.mail import Mail
from presend.model import Confidence, Gap, Kind, Location, Part, Platform
from presend.reading import EVERYONE, NOBODY, PartReading, Region, Who
from presend_checks._copy import VALUE, copy_of, links_of, perhaps
from presend_checks.consent._hidden import hidden_in
from presend_checks.consent._lexicons import lines, phrases

OUT: Mapping[Platform, re.Pattern[str]] = {
    Platform.MAILCHIMP: re.compile(r"\*\|(?:[A-Z]+:)?(?:UNSUB|UPDATE_PROFILE)\|\*"),
    Platform.KLAVIYO: re.compile(r"\{%-?\s*(?:unsubscribe|manage_preferences)(?:_link)?\b"),
    Platform.HUBSPOT: re.compile(
        r"\bunsubscribe_(?:link(?:_all|_single)?|section|anchor)\b|\bsubscription_preference"
        r"|email_footer|can_spam|\bemail_(?:simple_)?subscriptions?\b"
    ),
}
"""The platforms' tags for getting no more mail, or for choosing which."""

ADDRESS: Mapping[Platform, re.Pattern[str]] = {
    Platform.MAILCHIMP: re.compile(
        r"\*\|(?:[A-Z]+:)?(?:LIST:ADDRESS(?!_VCARD_HREF)\w*|LIST_ADDRESS_HTML|USER:ADDRESS\w*)"
    ),
    Platform.KLAVIYO: re.compile(r"\borganization(?:\.|\|\s*lookup:\s*['\"])(?:full_address|street_address)"),
    Platform.HUBSPOT: re.compile(r"\bcompany_street_address|\boffice_location|email_footer|can_spam"),
}
"""The platforms' tags for the sender's postal address."""

CAPITALS = "A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x530)) if letter.isupper())
"""Latin, Greek and Cyrillic capitals, for a class of letters."""
OTHER_SCRIPTS = re.compile(
    "[\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Letters of scripts in which no wordings, or few, are known."""
_NUMBER_SIGN = r"(?:(?:[Nn](?:[°ºᵒ]|[oºr][.:]|[.][°º]|\.)|№|č\.|No|буд\.|д\.)[:]?[ \t]*)"
"""Before a house's number: "n.º 12", "No: 120", "nr. 12"."""

Ways = Callable[[Mail, PartReading], Iterator[int]]
"""Where in a part's source something stands."""

_CARRIES = re.compile(r"(?:(?:https?:)?//|www\.)[^\W_][\w-]*\.[^\W_]|mailto:[^\s@?]+@[^\W_]", re.IGNORECASE)
"""A target that leads somewhere by itself; "https://" alone does not."""
_NOWHERE = re.compile(
    r"(?:https?:)?//(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?::\d+)?(?:[/?#]|$)"
    r"|(?:https?:)?//(?:www\.)?(?![\w-]*(?:unsub|opt-?out|abmelde|prefer))"
    r"[\w-]+\.(?:[a-z]{2,3}\.)?[a-z]{2,24}/?(?:#.*)?$",
    re.IGNORECASE,
)
"""A target on the sender's own machine, or the front page of a site, where nobody can leave a list."""
_BARE = re.compile(r"[\"']?[^<>]{0,2000}>(?:\s|&nbsp;)*</a\b", re.IGNORECASE)
"""Behind a link's target: nothing to click on."""
_URL_OUT = re.compile(r"unsub|opt-?out|abmelde|desabonn|desinscri|preferences|subscription", re.IGNORECASE)
_WRITTEN = re.compile(
    r"https?://\S|www\.\S|[\w.+-]@[\w-]|\b(?:reply|respond|answer|write to us|antworten)\b", re.IGNORECASE
)
_ASKED = re.compile(
    r"\b(?:reply|respond|answer|writ(?:e|ing)|send(?:ing)?|e-?mail(?:ing)? (?:us|to|me)|let us know|antworten"
    r"|schreiben)\b|https?://\S*(?:unsub|opt-?out|abmelde|preferences)",
    re.IGNORECASE,
)
"""How words in html say what to do: an address that merely stands near, as in a footer, is the sender's own …"""
_BEHIND = re.compile(
    r"\s*(?::|at|by|here|via|[–-])\s*(?:visiting\s+)?(?:https?://|www\.|[\w.+-]{1,60}@)", re.IGNORECASE
)
"""… unless it stands right behind them."""
_BESIDE = 200
"""Characters beside words for leaving in which it may be said how."""
_OPAQUE = re.compile(r"data-klaviyo-universal-block=[\"']true", re.IGNORECASE)
_SMALL = re.compile(
    r"\{\{-?\s*(?:(?:current_)?year|local_dt|lang|html_lang|slug|recipient_email|view_as_page|hub_(?:id|domain)|portal_id"
    r"|primary_domain|owner\b|sender\b|content\.(?:name|subject|title|absolute_url|preview_text|from_name))"
    r"|\*\|MC:(?:SUBJECT|PREVIEW_TEXT|DATE|TRANSLATE)"
)
"""What the platform fills in that is a word and no content: it holds no link and no address."""
_WHOLE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_TOWN = rf"(?!(?:19|20)\d\d\b)(?:[A-Z]{{1,2}}-)?\d{{2,3}}\s?\d{{2,3}}[ \t]+[{CAPITALS}][^\W\d_]"
_CODES = re.compile(
    r"\b[Pp]\.?[Oo]\.?[ \t]?[Bb]ox\b|\bP\.? ?O\.? Box\b|\bPO BOX\b|\bPostfach\b|\bBoîte postale\b|\bApartado\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?[ \t]\d[A-Z]{2}\b"  # United Kingdom
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"  # Canada
    r"|\b[A-Z]{2},?[ \t]+\d{5}(?:-\d{4})?\b"  # United States
    r"|\b(?:ACT|NSW|NT|QLD|SA|TAS|VIC|WA)[ \t]+\d{4}\b"  # Australia
    r"|\b[1-9]\d{3} ?(?!AM|PM|GB|MB|KM|KG|US|EU|UK)[A-Z]{2}\b"  # Netherlands
    rf"|(?:^|[,;|·•\n–-]\s{{0,20}}){_TOWN}"  # a number and a town
    rf"|\b(?:Av|Al|Str|Bd|Blv|Cad|Os|Lg|Pç|Trav)\.[ \t]+(?:[^\W\d_]{{1,12}}[ \t]+)?[{CAPITALS}][^\d\n]{{1,30}}\d"
    rf"|[{CAPITALS}]\w{{1,30}}[ \t]+(?:Cad|Sok|Mah|Blv)\.[, \t]+(?:[^\d\n]{{1,30}}[ \t])?"  # Turkey
    r"(?:No[:.]?[ \t]*)?\d"
    rf"|(?<![\d-])\d{{4}}-\d{{3}}[ \t]+[{CAPITALS}][^\W\d_]"  # Portugal
    rf"|(?<![\d-])\d{{1,3}}[a-z]?(?:/\d{{1,3}})?(?:[ \t]*(?:m|lok)\.[ \t]*\d{{1,3}})?,?[ \t\n]{{1,3}}"
    rf"\d\d-\d{{3}}[ \t]+[{CAPITALS}][^\W\d_]"  # Poland, behind a house's number
    rf"|(?<![\d-])\d{{5}}-\d{{3}}(?![\d-])[ \t,–-]+[{CAPITALS}]|\bCEP:?[ \t]*\d{{5}}-?\d{{3}}\b"  # Brazil
    r"|〒\s?\d{3}|[都道府県][^\s\d]{1,12}[市区町村][^\s\d]{0,12}[0-9０-９]"  # Japan
    r"|[가-힣](?:시|도|군|구)[ \t]+(?:[가-힣]+[ \t]+)?[가-힣\d]+(?:로|길|동)[ \t]*\d"  # Korea
    r"|[\u4e00-\u9fff](?:路|街|道|巷|弄)[ \t]?\d{1,5}[ \t]?[号號]|邮(?:政)?编(?:码)?[:： \t]*\d{6}"  # China, Taiwan
    r"|(?:רחוב|רח['׳]|שדרות|שד['׳]|דרך)[ \t]+[א-ת][^\d\n]{1,30}\d|ת[.\"״]{1,2}ד[.:]?[ \t]*\d"  # Israel
    r"|(?:شارع|طريق)[ \t]+[ء-ي][^\d\n]{1,30}[\d٠-٩]|ص\.?[ \t]?ب\.?[ \t:]*[\d٠-٩]",  # Arab countries
)


def out(mail: Mail, part: PartReading) -> Iterator[int]:
    """The ways to get no more mail: the platform's tags, links of the sender's own, and words that say how."""
    yield from _tags(part, OUT[mail.platform])
    words = phrases("ways_out")
    filled, dead = _filled(part)
    for link in links_of(mail, part):
        own = bisect_left(filled, link.start) < bisect_left(filled, link.end)
        to = link.target.strip()
        led = own or (_CARRIES.match(to) is not None and _NOWHERE.match(to) is None)
        live = led and not _unseen(part, link.start) and not _BARE.match(part.source, link.end)
        if not live or bisect_left(dead, link.start) < bisect_left(dead, link.end):
            continue
        if words.search(link.words) or _URL_OUT.search(link.target):
            yield link.start
    copy = copy_of(part)
    for found in words.finditer(copy.text):
        if _unseen(part, copy.span(found.start(), found.end()).start):
            continue
        before = copy.text[max(0, found.start() - _BESIDE) : max(0, found.start() - 1)].rpartition("\n")[2]
        near = before + copy.text[max(0, found.start() - 1) : found.end() + _BESIDE]
        if part.part is Part.HTML and (
            VALUE in near or not (_ASKED.search(near) or _BEHIND.match(copy.text, found.end()))
        ):
            continue
        if _WRITTEN.search(near):
            yield copy.span(found.start(), found.end()).start


def address(mail: Mail, part: PartReading) -> Iterator[int]:
    """The sender's postal address: the platform's tags, or a line that looks like one."""
    yield from _tags(part, ADDRESS[mail.platform])
    copy = copy_of(part)
    for found in (*_CODES.finditer(copy.text), *_streets().finditer(copy.text)):
        offset = copy.span(found.start(), found.end()).start
        if not _unseen(part, offset):
            yield offset


def _tags(part: PartReading, pattern: re.Pattern[str]) -> Iterator[int]:
    for region in part.regions:
        span = region.expression.span
        if pattern.search(region.expression.source) and not _unseen(part, span.start):
            in_link = part.part is Part.HTML and _BARE.match(part.source, span.end)
            if not in_link:
                yield span.start


def unseen_way(mail: Mail, part: PartReading) -> bool:
    """Whether the platform's tag for leaving stands in the part, where nobody sees it."""
    pattern = OUT[mail.platform]
    return any(
        pattern.search(region.expression.source) and _unseen(part, region.expression.span.start)
        for region in part.regions
    )


def _unseen(part: PartReading, offset: int) -> bool:
    """Whether what stands at an offset of the source is in a comment, or in an element that a style hides."""
    return part.part is Part.HTML and hidden_in(part.source).holds(offset)


def _filled(part: PartReading) -> tuple[list[int], list[int]]:
    """Where something is filled in, and where of it nothing for anybody, as by a tag in the wrong braces; in order."""
    filled: list[int] = []
    dead: list[int] = []
    for region in part.regions:
        expression = region.expression
        nothing = not expression.effect and not expression.columns and not region.missing().text.strip()
        (dead if nothing else filled).append(expression.span.start)
    return sorted(filled), sorted(dead)


@cache
def _streets() -> re.Pattern[str]:
    """A number and a street's word with few words in between, which begin with capitals as names of streets do."""
    entries = lines("streets")
    ends = "|".join(entry[1:] for entry in entries if entry.startswith("-"))
    free = "|".join(f"[{entry[0]}{entry[0].upper()}]{entry[1:]}" for entry in entries if entry[0].islower())
    behind = "|".join(f"{entry}|{entry.upper()}" for entry in entries if entry[0].isupper())
    word = rf"(?:(?:{free})\b|\w{{1,30}}(?:{ends})\b)\.?"
    number = rf"{_NUMBER_SIGN}?\d{{1,5}}[a-zA-Z]?(?:[-–/]\d{{1,4}})?"
    name = rf"(?:[{CAPITALS}\d][\w'’.]{{0,30}}|d[eiaou]\w{{0,3}}|l[ae]s?|of|the|v[ao]n)"
    between = rf"(?:,?[ \t]+{name}){{0,3}},?[ \t]+"
    return re.compile(rf"\b{number}{between}(?:{word}|(?:{behind})\b)|\b{word}{between}{number}\b")


# -- what is judged, and how surely


def bodies(mail: Mail) -> list[PartReading]:
    """The body parts that people get; none of a template on disk that is only a piece of a mail."""
    found = [p for p in mail.parts if p.part in (Part.HTML, Part.TEXT) and not p.program.fatal and p.source.strip()]
    if mail.kind is Kind.TEMPLATE:
        found = [p for p in found if p.part is Part.HTML and _WHOLE.search(p.source)]
    return found


def is_main(mail: Mail, part: PartReading) -> bool:
    """Whether most people read this part: the html, or the text of a mail that has no html."""
    html = mail.message.parts.get(Part.HTML)
    return part.part is Part.HTML or (not isinstance(html, Gap) and not (html or "").strip())


def without(mail: Mail, part: PartReading, ways: Ways) -> Who | None:
    """Those who get to none of the places; None: nobody is without."""
    reached = NOBODY
    for at in dict.fromkeys(ways(mail, part)):
        reached = reached | perhaps(part, at)
        if reached == EVERYONE:
            return None
    who = ~reached
    if not mail.has_audience:
        return EVERYONE if reached == NOBODY else None
    return who if mail.audience.count(who) else None


def confidence(mail: Mail, part: PartReading) -> Confidence:
    """Lower where something may stand there that cannot be seen from here, or need not stand there."""
    hidden = _OPAQUE.search(part.source) or any(_brings_more(region) for region in part.regions)
    return Confidence.MEDIUM if hidden or mail.kind is not Kind.CAMPAIGN else Confidence.HIGH


def _brings_more(region: Region) -> bool:
    """Whether the platform puts a whole stretch of content there: a module or a feed, not a year or a name."""
    expression = region.expression
    return expression.effect == "content" and not expression.columns and not _SMALL.search(expression.source)


def has_footer_module(mail: Mail) -> bool:
    """HubSpot's own footer module, which prints address and links without a tag."""
    return mail.message.options.get("footer") is True


def at(part: PartReading, what: str) -> Location:
    """The part as a whole."""
    return Location(part.part, expression=what)
