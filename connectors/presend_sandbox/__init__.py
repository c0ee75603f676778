"""The three platforms imitated on loopback, for their official SDKs to run against."""

from __future__ import annotations

from presend_sandbox.server import Sandbox

__all__ = ["Sandbox"]
