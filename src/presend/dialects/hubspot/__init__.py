"""HubSpot's HubL: Jinja2's parser for the syntax, Jinjava's rules for what it prints."""

from __future__ import annotations

from presend.dialects.hubspot.dialect import HubspotDialect

__all__ = ["HubspotDialect"]
