"""Every HubSpot operation the sandbox answers, on the v3 and v4 paths that hubspot-api-client 12.0.0 sends."""

from __future__ import annotations

from presend_sandbox.hubspot import account, campaigns, emails, lists, objects, properties, publishing
from presend_sandbox.hubspot.api import Operation

_EMAILS = "/marketing/v3/emails"
_LISTS = "/crm/v3/lists"
_OBJECTS = "/crm/v3/objects/{kind}"
_PROPERTIES = "/crm/v3/properties/{kind}"
_CAMPAIGNS = "/marketing/v3/campaigns"
_PREFERENCES = "/communication-preferences"

_CONTENT = ("content", "marketing-email", "transactional-email")
_LISTS_READ = ("crm.lists.read",)
_LISTS_WRITE = ("crm.lists.write",)
_READ = ("crm.objects.{kind}.read",)
_WRITE = ("crm.objects.{kind}.write",)
_STATUS = ("communication_preferences.statuses.batch.read",)

# The order counts: a fixed path stands before the one with a parameter in the same place.
OPERATIONS = (
    Operation("GET", _EMAILS, emails.list_emails, _CONTENT),
    Operation("POST", f"{_EMAILS}/clone", emails.clone, _CONTENT),
    Operation("GET", f"{_EMAILS}/{{email_id}}", emails.get_email, _CONTENT),
    Operation("PATCH", f"{_EMAILS}/{{email_id}}", emails.patch_email, _CONTENT),
    Operation("GET", f"{_EMAILS}/{{email_id}}/draft", emails.get_draft, _CONTENT),
    Operation("PATCH", f"{_EMAILS}/{{email_id}}/draft", emails.patch_draft, _CONTENT),
    Operation("POST", f"{_EMAILS}/{{email_id}}/draft/reset", emails.reset_draft, _CONTENT),
    Operation("GET", f"{_EMAILS}/{{email_id}}/revisions", emails.list_revisions, _CONTENT),
    Operation("GET", f"{_EMAILS}/{{email_id}}/revisions/{{revision_id}}", emails.get_revision, _CONTENT),
    Operation("GET", f"{_EMAILS}/{{email_id}}/ab-test/get-variation", emails.get_variation, _CONTENT),
    Operation(
        "POST", f"{_EMAILS}/{{email_id}}/publish", publishing.publish, ("marketing-email", "transactional-email")
    ),
    Operation(
        "POST", f"{_EMAILS}/{{email_id}}/unpublish", publishing.unpublish, ("marketing-email", "transactional-email")
    ),
    Operation("GET", _CAMPAIGNS, campaigns.list_campaigns, ("marketing.campaigns.read",)),
    Operation("GET", f"{_CAMPAIGNS}/{{guid}}", campaigns.get_campaign, ("marketing.campaigns.read",)),
    Operation("PATCH", f"{_CAMPAIGNS}/{{guid}}", campaigns.patch_campaign, ("marketing.campaigns.write",)),
    Operation(
        "PUT",
        f"{_CAMPAIGNS}/{{guid}}/assets/{{asset_type}}/{{asset_id}}",
        campaigns.attach,
        ("marketing.campaigns.write",),
    ),
    Operation(
        "DELETE",
        f"{_CAMPAIGNS}/{{guid}}/assets/{{asset_type}}/{{asset_id}}",
        campaigns.detach,
        ("marketing.campaigns.write",),
    ),
    Operation("GET", _LISTS, lists.get_lists, _LISTS_READ),
    Operation("POST", _LISTS, lists.create_list, _LISTS_WRITE),
    Operation("POST", f"{_LISTS}/search", lists.search_lists, _LISTS_READ),
    Operation("GET", f"{_LISTS}/idmapping", lists.translate_id, _LISTS_READ),
    Operation("POST", f"{_LISTS}/idmapping", lists.translate_ids, _LISTS_READ),
    Operation(
        "GET", f"{_LISTS}/object-type-id/{{object_type}}/name/{{list_name}}", lists.get_list_by_name, _LISTS_READ
    ),
    Operation("GET", f"{_LISTS}/{{list_id}}", lists.get_list, _LISTS_READ),
    Operation("DELETE", f"{_LISTS}/{{list_id}}", lists.delete_list, _LISTS_WRITE),
    Operation("GET", f"{_LISTS}/{{list_id}}/memberships", lists.memberships, _LISTS_READ),
    Operation("GET", f"{_LISTS}/{{list_id}}/memberships/join-order", lists.memberships_by_joining, _LISTS_READ),
    Operation("PUT", f"{_LISTS}/{{list_id}}/memberships/add", lists.add_members, _LISTS_WRITE),
    Operation("PUT", f"{_LISTS}/{{list_id}}/memberships/remove", lists.remove_members, _LISTS_WRITE),
    Operation("PUT", f"{_LISTS}/{{list_id}}/memberships/add-and-remove", lists.change_members, _LISTS_WRITE),
    Operation("GET", _OBJECTS, objects.list_records, _READ),
    Operation("POST", f"{_OBJECTS}/batch/read", objects.batch_read, _READ),
    Operation("POST", f"{_OBJECTS}/batch/update", objects.batch_update, _WRITE),
    Operation("POST", f"{_OBJECTS}/search", objects.search, _READ, search=True),
    Operation("GET", f"{_OBJECTS}/{{record_id}}", objects.get_record, _READ),
    Operation("PATCH", f"{_OBJECTS}/{{record_id}}", objects.patch_record, _WRITE),
    Operation(
        "POST",
        "/crm/v4/associations/{from_type}/{to_type}/batch/read",
        objects.read_links,
        ("crm.objects.{from_type}.read",),
    ),
    Operation("GET", "/crm/v3/pipelines/{kind}", objects.pipelines, _READ),
    Operation("GET", _PROPERTIES, properties.list_properties, ("crm.schemas.{kind}.read", *_READ)),
    Operation("POST", _PROPERTIES, properties.create_property, ("crm.schemas.{kind}.write",)),
    Operation("GET", f"{_PROPERTIES}/{{name}}", properties.get_property, ("crm.schemas.{kind}.read", *_READ)),
    Operation("DELETE", f"{_PROPERTIES}/{{name}}", properties.archive_property, ("crm.schemas.{kind}.write",)),
    Operation("GET", "/account-info/v3/details", account.details, ()),
    Operation("GET", "/account-info/v3/api-usage/daily/private-apps", account.daily_usage, ()),
    Operation("GET", f"{_PREFERENCES}/v3/definitions", account.definitions_v3, ("communication_preferences.read",)),
    Operation(
        "GET", f"{_PREFERENCES}/v3/status/email/{{email}}", account.status_v3, ("communication_preferences.read",)
    ),
    Operation("GET", f"{_PREFERENCES}/v4/definitions", account.definitions_v4, ("communication_preferences.read",)),
    Operation("POST", f"{_PREFERENCES}/v4/statuses/batch/read", account.statuses_v4, _STATUS),
    Operation("POST", f"{_PREFERENCES}/v4/statuses/batch/unsubscribe-all/read", account.wide_statuses_v4, _STATUS),
)
