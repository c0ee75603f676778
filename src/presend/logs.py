"""Structured logs on stderr, without secrets and without people's data."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Every pattern reads a stretch of text once: nothing it has taken is given back, and none begins inside a stretch that
# another attempt has read already. A name of a megabyte costs as much as a megabyte of names.
_SECRETS = (
    re.compile(r"\b[0-9a-f]{32}-[a-z]{2,4}\d{1,3}\b"),  # Mailchimp
    re.compile(r"\bpk_[0-9A-Za-z_]{6,}+"),  # Klaviyo
    re.compile(r"\bpat-[a-z0-9]++-[0-9a-f-]{8,}+"),  # HubSpot
    re.compile(r"\bxox[a-z]-[0-9A-Za-z-]{8,}+"),  # Slack
    re.compile(r"(?<=://)[^/@\s:]*+:[^/@\s]++(?=@)"),  # user:password in a URL
    re.compile(r"https://hooks\.slack\.com/\S++"),
)
_RUN = re.compile(r"[\w.+@-]+")
"""Everything that an address and its neighbours may be made of, as far as it goes."""
_DOMAIN = re.compile(r"[\w-]++(?:\.[\w-]++)++")


def clean(text: str) -> str:
    """The text with keys, tokens and e-mail addresses blotted out; the work grows with its length, no faster."""
    for pattern in _SECRETS:
        text = pattern.sub("[secret]", text)
    return _RUN.sub(_blotted, text) if "@" in text else text


def _blotted(run: re.Match[str]) -> str:
    """A run with its addresses replaced: an `@` with something before it and a domain after it."""
    before, *rest = run[0].split("@")
    said = []
    for after in rest:
        domain = _DOMAIN.match(after) if before else None
        said.append("[address]" if domain else f"{before}@")
        before = after[domain.end() :] if domain else after
    return "".join((*said, before))


def _redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = clean(value)
    return event


def configure(verbosity: int) -> None:
    """Logs to stderr: warnings by default, info with -v, debug with -vv; one line an event."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # The stream of the moment a logger is made: one kept from earlier may be closed by now.
        logger_factory=lambda *_args: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> Any:
    """A structlog logger bound to the part of presend that speaks."""
    return structlog.get_logger().bind(part=name)
