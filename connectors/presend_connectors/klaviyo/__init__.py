"""Klaviyo, revision 2026-10-15: scheduled messages and flows, profiles, reverts, tags and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presend.ports import AccountConfig, Connector

__all__ = ["connector"]


def connector(config: AccountConfig) -> Connector:
    """The connector of one Klaviyo account; only calling this loads the SDK."""
    from presend_connectors.klaviyo.adapter import KlaviyoConnector

    return KlaviyoConnector(config)
