"""What goes wrong in personalised mail, by the codes that checks give as what they serve: a few words for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MISHAPS: Mapping[str, str] = {
    "M01": "a tag that is printed as it stands",
    "M02": "a blank where a value is missing",
    "M03": "dynamic content that breaks",
    "M04": "wrong values in fields",
    "M05": "data that is missing for some",
    "M06": "one field written in several formats",
    "M07": "duplicate people, with data in conflict",
    "M08": "facts too old to say aloud",
    "M09": "a name or an address that is no longer right",
    "M10": "facts that nobody has asked about for years",
    "M11": "thanks for a purchase that never was",
    "M12": "an offer of what was just bought",
    "M13": "“we miss you” to the wrong people",
    "M14": "other claims about the reader that are not true",
    "M15": "words that clash with the occasion",
    "M16": "sensitive facts shown or implied",
    "M17": "copy that is too familiar",
    "M18": "a gender or title that is guessed",
    "M19": "one inbox that several people read",
    "M20": "mail into a disaster or into mourning",
    "M21": "a segment that is too broad",
    "M22": "a segment that is wrong",
    "M23": "data that is behind, as a sync broke or lags",
    "M24": "a mail that nobody tested since its last edit",
    "M25": "a mail that nobody approved or owns",
    "M26": "no consent, or no way to opt out",
    "M27": "typing errors, and notes that were left in",
    "M28": "automations that nobody looks at",
    "M29": "several mails to one person on one day",
    "M30": "arrival at the wrong hour or day",
}


def told(codes: Iterable[str]) -> str:
    """`M07 (duplicate people, with data in conflict)`, one after another; a rule book's own code stands alone."""
    return ", ".join(f"{code} ({MISHAPS[code]})" if code in MISHAPS else code for code in codes)
