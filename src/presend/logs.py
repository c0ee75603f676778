"""Structured logs on stderr, without secrets and without people's data."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRETS = (
    re.compile(r"\b[0-9a-f]{32}-[a-z]{2,4}\d{1,3}\b"),  # Mailchimp
    re.compile(r"\bpk_[0-9A-Za-z_]{6,}\b"),  # Klaviyo
    re.compile(r"\bpat-[a-z0-9]+-[0-9a-f-]{8,}\b"),  # HubSpot
    re.compile(r"(?<=://)[^/@\s]+:[^/@\s]+(?=@)"),  # user:password in a URL
    re.compile(r"https://hooks\.slack\.com/\S+"),
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def clean(text: str) -> str:
    """The text with keys, tokens and e-mail addresses blotted out."""
    for pattern in _SECRETS:
        text = pattern.sub("[secret]", text)
    return _MAIL.sub("[address]", text)


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
