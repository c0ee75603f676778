"""Klaviyo's template language, on Django's own engine."""

from presend.dialects.klaviyo.dialect import KlaviyoDialect

__all__ = ["KlaviyoDialect"]
