"""Every path that presend asks of HubSpot, in one table, so that another version of the API is one edit."""

from __future__ import annotations

from typing import Final

EMAILS: Final = "/marketing/v3/emails"
EMAIL: Final = "/marketing/v3/emails/{email_id}"
VARIATION: Final = "/marketing/v3/emails/{email_id}/ab-test/get-variation"
PUBLISH: Final = "/marketing/v3/emails/{email_id}/publish"
UNPUBLISH: Final = "/marketing/v3/emails/{email_id}/unpublish"
CAMPAIGN: Final = "/marketing/v3/campaigns/{guid}"
LISTS: Final = "/crm/v3/lists"
LIST_SEARCH: Final = "/crm/v3/lists/search"
LIST_NAMED: Final = "/crm/v3/lists/object-type-id/0-1/name/{name}"
LEGACY: Final = "/crm/v3/lists/idmapping"
MEMBERS: Final = "/crm/v3/lists/{list_id}/memberships"
ADD: Final = "/crm/v3/lists/{list_id}/memberships/add"
REMOVE: Final = "/crm/v3/lists/{list_id}/memberships/remove"
OBJECTS: Final = "/crm/v3/objects/{kind}"
BATCH: Final = "/crm/v3/objects/{kind}/batch/read"
SEARCH: Final = "/crm/v3/objects/{kind}/search"
PIPELINES: Final = "/crm/v3/pipelines/{kind}"
LINKS: Final = "/crm/v4/associations/{kind}/{to_kind}/batch/read"
PROPERTIES: Final = "/crm/v3/properties/{kind}"
DETAILS: Final = "/account-info/v3/details"
