"""A small imitated Klaviyo account for tests of deeds: quick to start, with faults of a test's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_HEAD = """
[account]
id = "TNY001"
organization = "Tiny Tulips"
sender_name = "Tiny Tulips"
sender_email = "hello@tulips.example"
website = "https://tulips.example"
address = { city = "Leeds", country = "United Kingdom" }
industry = "Garden"
timezone = "Europe/London"
currency = "GBP"
locale = "en-GB"
api_key = "pk_sandbox_tulips"

[[flows]]
id = "FLWONE"
name = "Welcome"
status = "live"
trigger_type = "Added to List"
updated = "-80d"
[[flows.messages]]
subject = "Welcome"
html = "<p>Welcome</p>"

[[flows]]
id = "FLWTWO"
name = "Not yet"
status = "draft"
trigger_type = "Added to List"
updated = "-80d"
[[flows.messages]]
subject = "Soon"
html = "<p>Soon</p>"

[[lists]]
id = "CLUBXX"
name = "Club"

[[lists]]
id = "STAFFX"
name = "Staff"

[[crowd]]
prefix = "cl"
count = 14
seed = 7
groups = ["CLUBXX"]
unsubscribed = 2

[[crowd]]
prefix = "st"
count = 3
seed = 8
groups = ["CLUBXX", "STAFFX"]
"""

_CAMPAIGN = """
[[campaigns]]
id = "{id}"
name = "Campaign {id}"
status = "scheduled"
send_at = "+6h"
included = ["CLUBXX"]
excluded = ["STAFFX"]
{more}
[[campaigns.variants]]
subject = "Hello"
html = "<p>Hello {{{{ first_name|default:'you' }}}}</p>"
"""

_SECOND = """[[campaigns.variants]]
subject = "Hi"
html = "<p>Hi</p>"
"""

_TWO_STEPS = """
[[campaigns]]
id = "STEPS"
name = "Two steps"
status = "scheduled"
included = ["CLUBXX"]
[[campaigns.messages]]
send_at = "+6h"
[[campaigns.messages.variants]]
subject = "One"
html = "<p>One</p>"
[[campaigns.messages]]
send_at = "+30h"
[[campaigns.messages.variants]]
subject = "Two"
html = "<p>Two</p>"
"""

PLAIN, LOCAL, SLOWED, TESTED, SMART, STEPS = "PLAIN", "LOCAL", "SLOWED", "TESTED", "SMART", "STEPS"
"""Campaigns: at one time, by the recipient's clock, throttled, an A/B test, at the best hour, with two messages."""


def small_world(folder: Path, *faults: dict[str, Any]) -> str:
    """The name of a world with the account, and with these faults."""

    def one(key: str, more: str = "") -> str:
        return _CAMPAIGN.format(id=key, more=more)

    rules = [
        "\n".join(["[[faults]]", *(f"{name} = {json.dumps(value)}" for name, value in fault.items())])
        for fault in faults
    ]
    campaigns = [
        one(PLAIN),
        one(LOCAL, 'strategy = "local_timezone"\n').replace('"+6h"', '"+40h"'),
        one(SLOWED, 'strategy = "throttled"\nthrottle_percentage = 20\nthrottle_unit = "hour"'),
        one(TESTED, 'strategy = "content_variation"') + _SECOND,
        one(SMART, 'strategy = "smart_send_time"').replace('"+6h"', '"+40h"'),
        _TWO_STEPS,
    ]
    (folder / "klaviyo.toml").write_text("\n".join([_HEAD, *campaigns, *rules]), "utf-8")
    return str(folder)
