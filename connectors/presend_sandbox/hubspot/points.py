"""The questions about HubSpot that no published material settles, as switches with every plausible behaviour."""

from __future__ import annotations

from presend_sandbox.switches import Switch, register

STATE_AFTER_UNPUBLISH = "hubspot.state_after_unpublish"
PUBLISH_DATE_AFTER_UNPUBLISH = "hubspot.publish_date_after_unpublish"
PUBLISH_AFTER_UNPUBLISH = "hubspot.publish_after_unpublish"
PATCH_SCHEDULED = "hubspot.patch_scheduled"
PATCH_TO_AFTER_UNPUBLISH = "hubspot.patch_to_after_unpublish"
TOO_LATE = "hubspot.too_late"
EMAILS_PAGE_MAX = "hubspot.emails_page_max"
EMAILS_PAGE_OVER = "hubspot.emails_page_over"
IDS = "hubspot.ids"
SCHEDULED_IS_PUBLISHED = "hubspot.scheduled_is_published"
VARIANT_STATE = "hubspot.ab_variant_state"
SMART_FIELDS = "hubspot.smart_fields"
HISTORY_BATCH_MAX = "hubspot.history_batch_max"

register(
    Switch(STATE_AFTER_UNPUBLISH, ("DRAFT", "PUBLISHED", "ERROR"), "state of a scheduled email after unpublish"),
    Switch(PUBLISH_DATE_AFTER_UNPUBLISH, ("kept", "cleared"), "whether publishDate survives unpublish"),
    Switch(PUBLISH_AFTER_UNPUBLISH, ("accepted", "refused"), "whether an unpublished email may be published again"),
    Switch(
        PATCH_SCHEDULED,
        ("refuse_schedule", "refuse_all", "accept"),
        "what PATCH may change while an email is scheduled: all but content and schedule, nothing, everything",
    ),
    Switch(
        PATCH_TO_AFTER_UNPUBLISH,
        ("accept", "refuse", "ignore", "draft_only"),
        "PATCH of the recipients of an unpublished email: done, refused, answered but not done, done to its draft only",
    ),
    Switch(
        TOO_LATE,
        ("400", "404", "409", "204"),
        "answer to unpublish once sending has begun; 204 says yes and sends nevertheless",
    ),
    Switch(EMAILS_PAGE_MAX, ("100", "50", "300"), "largest limit of the list of marketing emails"),
    Switch(EMAILS_PAGE_OVER, ("refuse", "clamp"), "what happens to a larger limit"),
    Switch(IDS, ("string", "number"), "JSON type of ids in recipient lists, memberships and user references"),
    Switch(SCHEDULED_IS_PUBLISHED, ("false", "true"), "isPublished of a scheduled email"),
    Switch(
        VARIANT_STATE, ("DRAFT_AB_VARIANT", "SCHEDULED_AB"), "state of variant B while the test is scheduled under A"
    ),
    Switch(SMART_FIELDS, ("by_widget", "by_definition"), "shape of content.smartFields"),
    Switch(HISTORY_BATCH_MAX, ("50", "100"), "largest batch read that asks for propertiesWithHistory"),
)
