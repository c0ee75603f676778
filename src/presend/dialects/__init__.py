"""The three template languages behind one protocol; vendor syntax stays in this package."""

from __future__ import annotations

from functools import cache

from presend.dialects.base import Dialect
from presend.model import Platform


@cache
def dialect_for(platform: Platform) -> Dialect:
    """The dialect of a platform, imported on first use: Django and Jinja2 cost start-up time."""
    match platform:
        case Platform.MAILCHIMP:
            from presend.dialects.mailchimp import MailchimpDialect

            return MailchimpDialect()
        case Platform.KLAVIYO:
            from presend.dialects.klaviyo import KlaviyoDialect

            return KlaviyoDialect()
        case Platform.HUBSPOT:
            from presend.dialects.hubspot import HubspotDialect

            return HubspotDialect()
