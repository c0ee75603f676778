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
