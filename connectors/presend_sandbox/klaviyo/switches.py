"""The questions about Klaviyo that no published material settles, each with every plausible answer."""

from __future__ import annotations

from presend_sandbox.switches import Switch, register

REVERT = Switch(
    "klaviyo.revert",
    ("accepted", "refused", "no_effect", "slow"),
    "reverting a scheduled message: 204 and draft; refused; 204 and still scheduled; 204 and draft later",
)
REVERT_LATE = Switch(
    "klaviyo.revert_about_to_send",
    ("refused", "accepted", "no_effect"),
    "reverting within 15 minutes of the send time, or after it while still scheduled",
)
LATE_ERROR = Switch(
    "klaviyo.late_error",
    ("409", "400"),
    "status of a refused revert, cancel or schedule of a message in the wrong state",
)
RECIPIENTS = Switch(
    "klaviyo.recipients",
    ("schedule", "send"),
    "recipients are fixed when a message is scheduled, or taken at send time (never told by the API)",
)
AFTER_REVERT = Switch(
    "klaviyo.after_revert",
    ("time_cleared", "time_kept"),
    "send_options.send_time of a message reverted to draft",
)
SCHEDULE_STATUS = Switch("klaviyo.schedule_status", ("201", "202"), "status of a successful schedule POST")
AUDIENCE_EDIT = Switch(
    "klaviyo.audience_edit_while_scheduled",
    ("refused", "applies", "waits"),
    "PATCH of a scheduled message's audience: refused; counts for the send; counts once rescheduled",
)
SNAPSHOT = Switch(
    "klaviyo.snapshot",
    ("again", "kept"),
    "fixed recipients of a message that is reverted and scheduled again: chosen anew; those of the first time",
)
AUDIENCE_PATCH = Switch(
    "klaviyo.audience_patch",
    ("merges", "replaces"),
    "what PATCH of an audience does to the parts of its definition that it does not name",
)
LIST_CHANGE = Switch(
    "klaviyo.list_change_updates_profile",
    ("no", "yes"),
    "whether joining or leaving a list counts as a change of the profile (its `updated`)",
)
NEW_LIST = Switch(
    "klaviyo.new_list",
    ("at_once", "later"),
    "whether a list that was just made is found by its name at once, or only at the third look",
)
SEGMENTS = Switch(
    "klaviyo.segments",
    ("as_world", "processing", "settled"),
    "whether segments still compute (is_processing, with part of their members) or are settled",
)
LAST_PAGE = Switch("klaviyo.last_page_links", ("omitted", "null"), "links.next and links.prev where there is no page")
IMPORT_JOB = Switch("klaviyo.import_job", ("first_poll", "third_poll"), "at which look a bulk import job is complete")
RATE_LIMITS = Switch(
    "klaviyo.rate_limits",
    ("announced", "enforced"),
    "whether the rate limits are only told in headers or also kept",
)

ALL = (
    REVERT,
    REVERT_LATE,
    LATE_ERROR,
    RECIPIENTS,
    AFTER_REVERT,
    SCHEDULE_STATUS,
    AUDIENCE_EDIT,
    SNAPSHOT,
    AUDIENCE_PATCH,
    LIST_CHANGE,
    NEW_LIST,
    SEGMENTS,
    LAST_PAGE,
    IMPORT_JOB,
    RATE_LIMITS,
)
register(*ALL)
