"""What Mailchimp's own tags are called, which need a closer, and which published ones do not exist.

From Mailchimp's help pages and cheat sheet, the Marketing API description and templates in the wild; this list is
what ages, so it is data and nothing else.
"""

from __future__ import annotations

import re

URL, FOOTER, CONTENT = "url", "footer", "content"
"""What an opaque tag is for (`Expression.effect`)."""

# fmt: off
_LINKS = (
    "ARCHIVE", "UNSUB", "UPDATE_PROFILE", "FORWARD", "ABOUT_LIST", "LIST:URL", "LIST:SUBSCRIBE",
    "LIST:ADDRESS_VCARD_HREF", "TWITTER:PROFILEURL", "FACEBOOK:PROFILEURL",
)
_FOOTERS = (
    "LIST:ADDRESS", "LIST:ADDRESSLINE", "LIST:ADDRESS_HTML", "LIST_ADDRESS_HTML", "LIST:ADDRESS_VCARD",
    "LIST:DESCRIPTION", "LIST:COMPANY", "LIST:PHONE", "LIST:EMAIL", "LIST:NAME", "LIST:UID", "LIST:SUBSCRIBERS",
    "ABUSE_EMAIL", "USER:COMPANY", "USER:ADDRESS", "USER:ADDRESS_HTML", "REWARDS", "REWARDS_TEXT",
)
_CONTENTS = (
    "CAMPAIGN_UID", "MC:SUBJECT", "MC_PREVIEW_TEXT", "MC:DATE", "MC:TOC", "MC:TOC_TEXT", "MC:TRANSLATE",
    "MC_LANGUAGE_LABEL", "EMAIL_UID", "UNIQID", "BRAND:LOGO", "PRODUCT_RECOMMENDATION", "PROMO_CODE",
    "TWITTER:PROFILE", "TWITTER:FULLPROFILE", "TWITTER:TWEET", "FACEBOOK:LIKE", "POLL", "SURVEY",
)
# fmt: on
SYSTEM: dict[str, str] = {
    **dict.fromkeys(_LINKS, URL),
    **dict.fromkeys(_FOOTERS, FOOTER),
    **dict.fromkeys(_CONTENTS, CONTENT),
}
"""Tags without an argument, by what they are for. They print the same for everybody, or per recipient a link or
an id that Mailchimp makes."""

SYSTEM_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:LIST:|RSS:)RECENT\d*|RECENT:\d+"), CONTENT),
    (re.compile(r"TRANSLATE:[A-Za-z_]+"), CONTENT),
    (
        re.compile(r"(?:TWITTER:(?:TWEETS\d*|PROFILE:.+|FULLPROFILE:.+|TWEET\s*\[.*\])|SHARE:.+|FACEBOOK:LIKE.*)"),
        CONTENT,
    ),
    (re.compile(r"(?:PROMO_CODE|PRODUCT_RECOMMENDATION|QRCOUPON|RECOMMEND\w*)\s*:.*"), CONTENT),
    (re.compile(r"(?:RSSFEED|RSSITEMS?|RSS|FEED|FEEDITEMS?|FEEDBLOCK)(?::.*)?"), CONTENT),
    (re.compile(r"(?:POLL|SURVEY)\s*:.*"), CONTENT),
    (re.compile(r"VIDEO:.+|GALLERY:.+|IMAGE:.+"), CONTENT),
)
"""Tags with an argument."""

BLOCKS = frozenset(["FEEDBLOCK", "FEEDITEMS", "RSSITEMS", "POLL", "SURVEY", "PRODUCT_RECOMMENDATION"])
"""Tags that enclose content up to `END:<name>`; a survey may also end with a bare `END:`."""

BLOCKS_NEEDING_END = frozenset(["FEEDBLOCK", "FEEDITEMS", "RSSITEMS", "POLL"])

POSTS = frozenset(["RSSITEMS", "FEEDITEMS"])
"""Blocks that repeat for each post of a feed; a tag in them is called after the block, without its last letter."""

EVENT = re.compile(r"(?:ORDER|CART|ABANDONED_CART)(?::.*)?")
"""Data of the order or cart that started an automation; a campaign has none."""

FILTERS = frozenset(["UPPER", "LOWER", "TITLE", "HTML", "URL"])

NOT_REAL: dict[str, str] = {
    "MC:URL": "*|ARCHIVE|*",
    "MC:ARCHIVE": "*|ARCHIVE|*",
    "FOREACH": "",
    "DATE_ADD": "",
    "HTML:LIST:ADDRESS_HTML": "*|HTML:LIST_ADDRESS_HTML|*",
}
"""Widely published, never documented → the tag that was meant."""

OFTEN_MEANT: dict[str, str] = {
    "UNSUBSCRIBE": "UNSUB",
    "UNSUBSCRIBELINK": "UNSUB",
    "UNSUBLINK": "UNSUB",
    "UNSUBURL": "UNSUB",
    "VIEWINBROWSER": "ARCHIVE",
    "WEBVERSION": "ARCHIVE",
    "ARCHIVEURL": "ARCHIVE",
    "YEAR": "CURRENT_YEAR",
    "PREFERENCES": "UPDATE_PROFILE",
    "UPDATEPREFERENCES": "UPDATE_PROFILE",
}
"""What people write (without underscores) for a tag that has another name."""

NEVER_IN_MAIL = frozenset(["ARCHIVE_PAGE"])
"""Conditions that are false in the mail itself and true on the web copy only."""

ACCOUNT_CONDITIONS = frozenset(["REWARDS", "LIST", "MC_PREVIEW_TEXT"])
"""Conditions on the account or the campaign: one answer for everybody, which presend does not know."""

DEFAULT_FIELDS = ("EMAIL", "FNAME", "LNAME", "ADDRESS", "PHONE", "BIRTHDAY", "COMPANY")
"""The fields that new audiences have."""

LANGUAGE = "MC_LANGUAGE"
"""The contact's language: a tag, a condition, and the audience column of that name."""


def effect_of(body: str) -> str | None:
    """What a system tag is for, or None when `body` is no system tag. A filter may stand before it."""
    if body in NOT_REAL:
        return None
    if body in SYSTEM:
        return SYSTEM[body]
    head, _colon, rest = body.partition(":")
    if head in FILTERS and rest:
        return effect_of(rest)
    return next((effect for pattern, effect in SYSTEM_PATTERNS if pattern.fullmatch(body)), None)
