"""What stands in a source before it is done: words for an address, values to be put in, code that was to be run."""

from __future__ import annotations

import re

TARGET = re.compile(
    r"(?<=(?:href|.src)=[\"'])\s*(?:(?:(?:insert|add|paste|enter|your)[ _-](?:\w+[ _-]){0,2}(?:link|url)(?:[ _-]here)?"
    r"|(?:link|url)[ _-](?:goes[ _-])?here)|TB[CD]|XXX+)\s*(?=[\"'])",
    re.IGNORECASE,
)
"""A target that is words for an address; a colon, a full stop or a slash would make it one."""

UNFILLED = re.compile(r"<(?:insert|enter|your|my|add|put|replace|fill|some)\b[^<>=]*>", re.IGNORECASE)
"""What somebody was to put a value in place of, between the signs of markup: `<YOUR FIELD>`."""

SERVER_CODE = re.compile(
    r"<\?(?:php\b|=)(?:\s*(?:echo|print)\b)?(?:\s*(?:htmlspecialchars|esc_html|esc_attr|e)\()?"
    r"\s*(?:\$(?:\w+->)?(\w+))?[^?]{0,400}(?:\?(?!>)[^?]{0,400}){0,20}\?>"
)
"""Code of PHP, which a server was to run; the first group is the name that it prints, if it begins with one."""

SCRIPTED = (
    re.compile(r"%%=(?P<name>[^%\n]{1,120})=%%"),
    re.compile(r"<%[=-]?\s*(?P<name>[A-Za-z_@][^%<>\n]{0,120})%>"),
    re.compile(r"\[%[-+]?\s*(?P<name>[A-Za-z_][^%\[\]\n]{0,120}?)\s*[-+]?%\]"),
    re.compile(r"(?<![{$#\w])\{\$(?P<name>[a-z_]\w{0,40}(?:(?:\.|->)\w{1,40}){0,4})(?:\|[^{}\n]{0,80})?\}(?!\})"),
    re.compile(
        r"(?<![\w%])%(?P<name>(?:recipient|subscriber|user|customer|contact)\.[A-Za-z_]\w{0,40})%(?!\w)", re.IGNORECASE
    ),
    re.compile(r"(?<![\w.@/])@(?:Model|ViewBag|ViewData)\.(?P<name>[A-Z]\w{0,40}(?:\.[A-Z]\w{0,40}){0,4})"),
)
"""What servers and mailers other than the three platforms fill in: AMPscript, ERB, Template Toolkit, Smarty, Mailgun,
Razor."""

MJML = re.compile(
    r"<(?:mjml|mj-(?:body|section|column|group|wrapper|hero|text|button|image|table|divider|spacer|navbar|social"
    r"|accordion|carousel|include))\b[^<>]*>",
    re.IGNORECASE,
)
"""An element of MJML that its compiler draws; one that it only reads (`<mj-raw>`) does no harm where it was left."""
ELEMENT = re.compile(r"<(unsubscribe|webversion|forwardtoafriend|preferences)\b[^<>]*>", re.IGNORECASE)
"""An element that another mailer makes a link of."""

_CODE = r"(?:code|coupon|gutscheincode|rabattcode|kortingscode|codice|código|kod)"
WORDS = (
    re.compile(
        r"(?<![\w/=&?@#*|.\-])(?P<name>FIRSTNAME|LASTNAME|FIRST_NAME|LAST_NAME|FULL_NAME|FULLNAME|FNAME|LNAME)"
        r"(?![\w=*|@]|\.\w)"
    ),
    re.compile(
        r"\bINSERT (?:[A-Z]+ ){0,3}(?:HERE|NAME|LINK|URL|IMAGE|TEXT|DATE|TITLE|LOGO|COPY|CTA|ADDRESS|COMPANY|CODE)\b"
    ),
    re.compile(r"[$£€]\s?X{2,5}(?:[.,]XX)?(?!\w)|(?<![\w%])X{2,3}\s?%"),
    re.compile(
        r"\b(?:Hi|Hello|Hey|Dear|Hola|Bonjour|Hallo|Ciao)[ ,]+"
        r"(?P<name>(?:Customer |Client )?Name|First ?[Nn]ame|Last ?[Nn]ame|Full ?[Nn]ame|NAME|FIRST NAME|firstname|XX+)"
        r"(?=\s*(?:[,!.:\ue000\ue001\n]|$))"
    ),
    re.compile(
        r"(?<![\w@./\-])(?P<name>YOUR[_-]?(?:(?:PROMO|DISCOUNT|COUPON|VOUCHER)[_-]?)?CODE(?:[_-]?HERE)?)(?![\w@=]|-\w)"
    ),
    re.compile(
        rf"\b(?i:{_CODE})(?:\s(?i:is|at checkout|online))?\s?[:=]?[\s\ue000]{{0,6}}[\"“'‘«„]?"
        r"(?P<name>X{3,10}(?:-X{3,10}){0,4})(?![\w-])"
    ),
)
"""Words that stand for a name, an amount or a code; \\ue000 and \\ue001 end what is read in one go in a shadow."""

FILLER = re.compile(r"\b(?P<cap>[Ll])orem ipsum\b(?P<more>[\s,]+dolor\b)?")
UNTOUCHED = re.compile(
    r"This\s+is\s+a\s+text\s+block\.\s+(?:Click\s+here\s+to\s+edit\s+it\.?"
    r"|You\s+can\s+use\s+it\s+to\s+add\s+text\s+to\s+your\s+template\.?)"
    r"|Your\s+text\s+caption\s+goes\s+here"
)
UNTOUCHED_ALONE = re.compile(
    r"Add\s+a\s+headline|Your\s+headline\s+here|(?:(?:Add|Enter|Insert|Type)\s+)?(?:your\s+)?text\s+here\.?",
    re.IGNORECASE,
)
"""What the builders put into a new block, until somebody writes over it; the short ones only alone in their element."""

UNMADE = re.compile(r"\[\s?(?P<name>[^\[\]\n]{2,40}?)\s?(?:[→➔➜⟶»›]|-{1,2}>)\s?\](?![(:\[])")
"""Words with an arrow in brackets: a button to be made."""

UNDECIDED = re.compile(r"(?<![\w(/:\-])(?<!: )TB[CD](?![\w)/\-])")
"""Meant, perhaps, where it stands in brackets of its own or behind a colon: "Speakers (TBC)", "Venue: TBC"."""

LINK_BLANK = re.compile(
    r"\[\[?\s*(?P<name>[A-Z](?:[A-Z _-]{0,40}[A-Z])"
    r"|(?i:(?:(?:insert|add|your|the|cta|button|image|website|page)[ _-]?){0,3}(?:link|url)(?: here)?"
    r"|unsubscribe(?:[ _-](?:link|url))?|web[ _-]?version|(?:view|show|see)[ _-](?:in[ _-]browser|link|online)))"
    r"\s*\]\]?"
)
"""What stands in brackets for a link: a value in capitals, or a word for one."""
