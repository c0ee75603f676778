"""Makes a campaign of a draft, as a connector would hand it over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bench.mishaps import healthy
from bench.mishaps.letters import Draft
from presend.model import (
    Campaign,
    CampaignRef,
    Gap,
    Kind,
    Message,
    Part,
    Platform,
    Vocabulary,
)


def finished(made: Draft, number: int) -> Campaign:
    """The draft as a connector would hand it over, before its last edits."""
    parts: dict[Part, str | Gap] = {
        Part.SUBJECT: made.subject,
        Part.PREVIEW_TEXT: made.preview,
        Part.FROM_NAME: made.from_name,
        Part.REPLY_TO: made.reply_to,
        Part.HTML: made.html(),
    }
    if made.text_part:
        parts[Part.TEXT] = made.text()
    slots = made.account.slots.values()
    defaults = {s.column: s.default for s in slots if s.default} if made.platform is Platform.HUBSPOT else {}
    constants = {"organization.name": "Tarn & Thimble", "organization.full_address": "3 Loft Lane, Kirkcaldy KY1 1AB"}
    groups = dict(made.account.groups) or Gap("the platform has no interest groups")
    return Campaign(
        ref=CampaignRef(made.platform, "bench", Kind.CAMPAIGN, f"c{number}", f"Letter {number}"),
        state=made.state,
        native_state="scheduled",
        schedule=healthy.schedule(made),
        messages=(Message(f"m{number}", "A", parts, made.options),),
        audience=replace(
            made.audience,
            conditions=made.conditions or made.audience.conditions,
            key=f"k{number}",
            stated_size=len(made.crowd.ids),
            frozen_since=made.frozen_since,
        ),
        revision=f"v{number}",
        vocabulary=Vocabulary(
            made.account.fields(),
            complete=made.platform is not Platform.KLAVIYO,
            groups=groups,
            defaults=defaults,
            constants=constants if made.platform is Platform.KLAVIYO else {},
            zone=made.home.zone,
        ),
        checklist=made.checklist,
        sources=tuple(made.sources),
        updated_at=made.now - timedelta(hours=6),
    )
