"""The imitated HubSpot answers as two published sets of typed models understand HubSpot.

No description of HubSpot's API may be shipped, so the oracles are the models of hubspot-api-client 12.0.0 (the client
that presend sends requests with) and of hubspot-sdk 0.1.0a9 (typed and strict about choices and required fields; used
by these tests alone). The first is lax: what counts is that nothing of an answer is lost in it.
"""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pydantic
import pytest
import urllib3
from hubspot_sdk.types import account, communication_preferences, crm, marketing, shared
from hubspot_sdk.types.crm import ListFetchResponse
from hubspot_sdk.types.marketing import PublicEmail

from presend_sandbox import Sandbox
from presend_sandbox.hubspot.routes import OPERATIONS

EMAILS, LISTS, CONTACTS = "/marketing/v3/emails", "/crm/v3/lists", "/crm/v3/objects/contacts"
PROPERTIES, PREFERENCES = "/crm/v3/properties/contacts", "/communication-preferences"
CAMPAIGN = "/marketing/v3/campaigns/7c1d2f00-0000-4000-8000-000000000001"
TOKEN = {"Authorization": "Bearer pat-na1-northwell-sandbox"}
# Fields that one of the two sets of models knows and the other does not: v3 and the SDK's 2026-03 differ in them.
NEWER_THAN_THE_CLIENT = {
    "emailTemplateMode", "folderIdV2", "isAb", "isAbVariation", "unpublishedAt", "clonedFrom", "dataSensitivity",
}  # fmt: skip
OLDER_THAN_THE_SDK = {"additionalProperties", "errors", "numErrors"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and the models its answer is read with: of the client (package:name) and of the SDK."""

    method: str
    path: str
    operation: str
    status: int
    client: str | None = None
    sdk: Any = None
    body: Any = None


def _properties(name: str) -> dict[str, Any]:
    return {"name": name, "label": "A flag", "type": "string", "fieldType": "text", "groupName": "contactinformation"}


READ = {"inputs": [{"id": "690001"}], "properties": ["email"], "propertiesWithHistory": ["city"]}
MISSING = {"inputs": [{"id": "690001"}, {"id": "1"}], "properties": ["email"]}
ADDRESS = "rowan.ashdown@example.com"
MADE = {"name": "Held", "objectTypeId": "0-1", "processingType": "MANUAL"}
RECIPIENTS = {
    "contactIlsLists": {"include": ["101"], "exclude": ["102"]},
    "contactLists": {"include": [], "exclude": []},
    "contactIds": {"include": [], "exclude": []},
    "limitSendFrequency": False,
    "suppressGraymail": False,
}
EMAIL, EMAIL_MODEL = f"{EMAILS}/{{email_id}}", "marketing.emails:PublicEmail"
VARIATION = f"{EMAIL}/ab-test/get-variation"
COPY = {"id": "190001", "cloneName": "Two"}
BY_NAME = f"{LISTS}/object-type-id/{{object_type}}/name/{{list_name}}"
LIST, LIST_MODEL = f"{LISTS}/{{list_id}}", "crm.lists:ListFetchResponse"
OBJECTS = "/crm/v3/objects/{kind}"
CHANGED = "crm.lists:MembershipsUpdateResponse"
LINKS = "crm.associations.v4:BatchResponsePublicAssociationMultiWithLabel"

ASKED = (
    Asked("GET", f"{EMAILS}/?limit=100&marketingCampaignNames=true", EMAILS, 200,
          "marketing.emails:CollectionResponseWithTotalPublicEmailForwardPaging",
          marketing.CollectionResponseWithTotalPublicEmail),
    Asked("GET", f"{EMAILS}/?limit=2", EMAILS, 200,
          "marketing.emails:CollectionResponseWithTotalPublicEmailForwardPaging",
          marketing.CollectionResponseWithTotalPublicEmail),
    Asked("GET", f"{EMAILS}/190033?workflowNames=true", EMAIL, 200, EMAIL_MODEL, PublicEmail),
    Asked("GET", f"{EMAILS}/190033/ab-test/get-variation", VARIATION, 200, EMAIL_MODEL, PublicEmail),
    Asked("POST", f"{EMAILS}/clone", f"{EMAILS}/clone", 200, EMAIL_MODEL, PublicEmail, COPY),
    Asked("PATCH", f"{EMAILS}/190051", EMAIL, 200, EMAIL_MODEL, PublicEmail, {"publishDate": "2026-11-24T10:00:00Z"}),
    Asked("PATCH", f"{EMAILS}/190051", EMAIL, 200, EMAIL_MODEL, PublicEmail, {"to": RECIPIENTS}),
    Asked("PATCH", f"{EMAILS}/190051/draft", f"{EMAIL}/draft", 200, EMAIL_MODEL, PublicEmail, {"subject": "Draft"}),
    Asked("GET", f"{EMAILS}/190051/draft", f"{EMAIL}/draft", 200, EMAIL_MODEL, PublicEmail),
    Asked("POST", f"{EMAILS}/190051/draft/reset", f"{EMAIL}/draft/reset", 204),
    Asked("GET", f"{EMAILS}/190051/revisions", f"{EMAIL}/revisions", 200,
          "marketing.emails:CollectionResponseWithTotalVersionPublicEmail",
          marketing.CollectionResponseWithTotalPublicEmailVersion),
    Asked("GET", f"{EMAILS}/190051/revisions/-1", f"{EMAIL}/revisions/{{revision_id}}", 200,
          "marketing.emails:VersionPublicEmail", marketing.VersionPublicEmail),
    Asked("POST", f"{EMAILS}/190051/publish", f"{EMAIL}/publish", 204),
    Asked("POST", f"{EMAILS}/190051/unpublish", f"{EMAIL}/unpublish", 204),
    Asked("GET", f"{EMAILS}/190051", EMAIL, 200, EMAIL_MODEL, PublicEmail),
    Asked("GET", "/marketing/v3/campaigns?properties=hs_name,hs_notes", "/marketing/v3/campaigns", 200, None,
          marketing.CollectionResponseWithTotalPublicCampaign),
    Asked("PATCH", CAMPAIGN, "/marketing/v3/campaigns/{guid}", 200, None, marketing.PublicCampaign,
          {"properties": {"hs_notes": "Checked"}}),
    Asked("PUT", f"{CAMPAIGN}/assets/MARKETING_EMAIL/190001",
          "/marketing/v3/campaigns/{guid}/assets/{asset_type}/{asset_id}", 204),
    Asked("GET", f"{CAMPAIGN}?properties=hs_notes", "/marketing/v3/campaigns/{guid}", 200, None,
          marketing.PublicCampaignWithAssets),
    Asked("DELETE", f"{CAMPAIGN}/assets/MARKETING_EMAIL/190001",
          "/marketing/v3/campaigns/{guid}/assets/{asset_type}/{asset_id}", 204),
    Asked("GET", f"{LISTS}/?listIds=101&listIds=113&includeFilters=true", LISTS, 200, "crm.lists:ListsByIdResponse",
          crm.ListsByIDResponse),
    Asked("GET", f"{LISTS}/113?includeFilters=true", LIST, 200, LIST_MODEL, ListFetchResponse),
    Asked("GET", f"{LISTS}/116?includeFilters=true", LIST, 200, LIST_MODEL, ListFetchResponse),
    Asked("GET", f"{LISTS}/object-type-id/0-1/name/Win-back", BY_NAME, 200, LIST_MODEL, ListFetchResponse),
    Asked("POST", f"{LISTS}/search", f"{LISTS}/search", 200, "crm.lists:ListSearchResponse", crm.ListSearchResponse,
          {"query": "member"}),
    Asked("POST", f"{LISTS}/", LISTS, 200, "crm.lists:ListCreateResponse", crm.ListCreateResponse, MADE),
    Asked("GET", f"{LISTS}/idmapping?legacyListId=11", f"{LISTS}/idmapping", 200, "crm.lists:PublicMigrationMapping",
          crm.PublicMigrationMapping),
    Asked("POST", f"{LISTS}/idmapping", f"{LISTS}/idmapping", 200, "crm.lists:PublicBatchMigrationMapping",
          crm.PublicBatchMigrationMapping, ["11", "12"]),
    Asked("GET", f"{LISTS}/101/memberships?limit=250", f"{LIST}/memberships", 200,
          "crm.lists:ApiCollectionResponseJoinTimeAndRecordId", None),
    Asked("GET", f"{LISTS}/101/memberships/join-order", f"{LIST}/memberships/join-order", 200,
          "crm.lists:ApiCollectionResponseJoinTimeAndRecordId", None),
    Asked("PUT", f"{LISTS}/114/memberships/add", f"{LIST}/memberships/add", 200, CHANGED, crm.MembershipsUpdateResponse,
          ["510001", "1"]),
    Asked("PUT", f"{LISTS}/114/memberships/remove", f"{LIST}/memberships/remove", 200, CHANGED,
          crm.MembershipsUpdateResponse, ["510001"]),
    Asked("PUT", f"{LISTS}/114/memberships/add-and-remove", f"{LIST}/memberships/add-and-remove", 200, CHANGED,
          crm.MembershipsUpdateResponse, {"recordIdsToAdd": ["510002"], "recordIdsToRemove": ["690001"]}),
    Asked("DELETE", f"{LISTS}/116", LIST, 204),
    Asked("GET", f"{CONTACTS}?limit=3&properties=email", OBJECTS, 200,
          "crm.contacts:CollectionResponseSimplePublicObjectWithAssociationsForwardPaging",
          crm.CollectionResponseSimplePublicObjectWithAssociationsForwardPaging),
    Asked("POST", f"{CONTACTS}/batch/read", f"{OBJECTS}/batch/read", 200,
          "crm.contacts:BatchResponseSimplePublicObject", crm.BatchResponseSimplePublicObject, READ),
    Asked("POST", f"{CONTACTS}/batch/read", f"{OBJECTS}/batch/read", 207,
          "crm.contacts:BatchResponseSimplePublicObjectWithErrors", crm.BatchResponseSimplePublicObject, MISSING),
    Asked("POST", f"{CONTACTS}/batch/update", f"{OBJECTS}/batch/update", 200,
          "crm.contacts:BatchResponseSimplePublicObject", crm.BatchResponseSimplePublicObject,
          {"inputs": [{"id": "690001", "properties": {"city": "York"}}]}),
    Asked("POST", f"{CONTACTS}/search", f"{OBJECTS}/search", 200,
          "crm.contacts:CollectionResponseWithTotalSimplePublicObjectForwardPaging",
          crm.CollectionResponseWithTotalSimplePublicObject, {"limit": 2, "properties": ["email"]}),
    Asked("GET", f"{CONTACTS}/690001?properties=email", f"{OBJECTS}/{{record_id}}", 200,
          "crm.contacts:SimplePublicObjectWithAssociations", crm.SimplePublicObjectWithAssociations),
    Asked("PATCH", f"{CONTACTS}/690001", f"{OBJECTS}/{{record_id}}", 200, "crm.contacts:SimplePublicObject",
          crm.SimplePublicObject, {"properties": {"city": "Leeds"}}),
    Asked("POST", "/crm/v3/objects/deals/batch/read", f"{OBJECTS}/batch/read", 200,
          "crm.deals:BatchResponseSimplePublicObject", crm.BatchResponseSimplePublicObject,
          {"inputs": [{"id": "69000101"}], "properties": ["amount", "closedate"]}),
    Asked("POST", "/crm/v4/associations/contacts/deals/batch/read",
          "/crm/v4/associations/{from_type}/{to_type}/batch/read", 207, f"{LINKS}WithErrors", None,
          {"inputs": [{"id": "690001"}, {"id": "510001"}]}),
    Asked("GET", "/crm/v3/pipelines/tickets", "/crm/v3/pipelines/{kind}", 200,
          "crm.pipelines:CollectionResponsePipelineNoPaging", None),
    Asked("GET", PROPERTIES, "/crm/v3/properties/{kind}", 200, "crm.properties:CollectionResponsePropertyNoPaging",
          crm.CollectionResponsePropertyNoPaging),
    Asked("POST", PROPERTIES, "/crm/v3/properties/{kind}", 201, "crm.properties:ModelProperty", shared.Property,
          _properties("presend_flag")),
    Asked("GET", f"{PROPERTIES}/lifecyclestage", "/crm/v3/properties/{kind}/{name}", 200,
          "crm.properties:ModelProperty", shared.Property),
    Asked("DELETE", f"{PROPERTIES}/presend_flag", "/crm/v3/properties/{kind}/{name}", 204),
    Asked("GET", "/account-info/v3/details", "/account-info/v3/details", 200, None, account.PortalInformationResponse),
    Asked("GET", "/account-info/v3/api-usage/daily/private-apps", "/account-info/v3/api-usage/daily/private-apps", 200,
          None, account.CollectionResponseAPIUsageNoPaging),
    Asked("GET", f"{PREFERENCES}/v3/definitions", f"{PREFERENCES}/v3/definitions", 200,
          "communication_preferences:SubscriptionDefinitionsResponse", None),
    Asked("GET", f"{PREFERENCES}/v3/status/email/{ADDRESS}", f"{PREFERENCES}/v3/status/email/{{email}}", 200,
          "communication_preferences:PublicSubscriptionStatusesResponse", None),
    Asked("GET", f"{PREFERENCES}/v4/definitions", f"{PREFERENCES}/v4/definitions", 200, None,
          communication_preferences.ActionResponseWithResultsSubscriptionDefinition),
    Asked("POST", f"{PREFERENCES}/v4/statuses/batch/read?channel=EMAIL", f"{PREFERENCES}/v4/statuses/batch/read", 200,
          None, communication_preferences.BatchResponsePublicStatusBulkResponse, {"inputs": [ADDRESS]}),
    Asked("POST", f"{PREFERENCES}/v4/statuses/batch/unsubscribe-all/read?channel=EMAIL",
          f"{PREFERENCES}/v4/statuses/batch/unsubscribe-all/read", 200, None,
          communication_preferences.BatchResponsePublicWideStatusBulkResponse, {"inputs": [ADDRESS]}),
)  # fmt: skip


class Lost(AssertionError):
    """Something of an answer that a model does not hold."""


def read_with_client(name: str, answer: Any) -> Any:
    """The client's model of an answer; Lost when any part of the answer is not in it."""
    package, _, kind = name.partition(":")
    module = importlib.import_module(f"hubspot.{package}")
    reader = module.ApiClient()
    model = reader.deserialize(SimpleNamespace(data=json.dumps(answer)), kind)
    _kept(answer, model, kind)
    return model


def _kept(answer: Any, model: Any, at: str) -> None:
    if isinstance(answer, list):
        if not isinstance(model, list) or len(model) != len(answer):
            raise Lost(f"{at} is not the list it was")
        for index, (part, held) in enumerate(zip(answer, model, strict=True)):
            _kept(part, held, f"{at}[{index}]")
    elif isinstance(answer, dict) and hasattr(model, "attribute_map"):
        names = {written: name for name, written in model.attribute_map.items()}
        for key, value in answer.items():
            if key not in NEWER_THAN_THE_CLIENT and value is not None:
                if key not in names:
                    raise Lost(f"{at}.{key} is unknown to the client")
                _kept(value, getattr(model, names[key]), f"{at}.{key}")
    elif answer is not None and (model is None or hasattr(model, "attribute_map")):
        raise Lost(f"{at} was {answer!r} and is lost")


def read_with_sdk(model: Any, answer: Any) -> Any:
    """The SDK's model of an answer; pydantic.ValidationError or Lost when the answer does not fit it."""
    read = model.model_validate(_without_nulls(answer))
    _nothing_extra(read, model.__name__)
    return read


def _without_nulls(answer: Any) -> Any:
    """The answer without unset properties: HubSpot sends null, which the SDK's `Dict[str, str]` does not know."""
    if isinstance(answer, Mapping):
        return {key: _without_nulls(value) for key, value in answer.items() if value is not None}
    return [_without_nulls(one) for one in answer] if isinstance(answer, list) else answer


def _nothing_extra(model: Any, at: str) -> None:
    if isinstance(model, pydantic.BaseModel):
        if extra := set(model.model_extra or {}) - OLDER_THAN_THE_SDK:
            raise Lost(f"{at} has {', '.join(sorted(extra))}, which the SDK does not know")
        for name in type(model).model_fields:
            _nothing_extra(getattr(model, name), f"{at}.{name}")
    elif isinstance(model, list):
        for one in model:
            _nothing_extra(one, at)


@pytest.fixture(scope="module")
def answers() -> Iterator[list[tuple[Asked, int, Any]]]:
    """Every request of ASKED, in order, with its status and decoded answer."""
    pool = urllib3.PoolManager(retries=False)
    with Sandbox("mishaps", start=datetime(2026, 11, 22, 9, tzinfo=UTC)) as box:
        found = []
        for asked in ASKED:
            body = json.dumps(asked.body).encode() if asked.body is not None else None
            answer = pool.request(asked.method, f"{box.origin}{asked.path}", headers=TOKEN, body=body)
            found.append((asked, answer.status, json.loads(answer.data) if answer.data else None))
        yield found
        pool.clear()


@pytest.mark.parametrize("number", range(len(ASKED)), ids=[f"{one.method} {one.path}" for one in ASKED])
def test_answers_fit_the_models(answers, number):
    asked, status, answer = answers[number]

    assert status == asked.status
    if status == 204:
        assert answer is None
    if asked.client:
        read_with_client(asked.client, answer)
    if asked.sdk:
        read_with_sdk(asked.sdk, answer)


def test_every_operation_is_asked_and_listed_with_its_oracle(root):
    listed = tomllib.loads((root / "tests/contract/uncovered.toml").read_text("utf-8"))["operation"]
    offered = {(one.method, one.path) for one in OPERATIONS}

    assert {(one.method, one.operation) for one in ASKED} == offered
    assert {(one["method"], one["path"]) for one in listed if one["platform"] == "hubspot"} == offered
    for asked in ASKED:
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", asked.operation)
        assert re.fullmatch(pattern + "/?", asked.path.partition("?")[0])


def test_the_oracles_reject_a_state_that_hubspot_does_not_have(answers):
    email = next(answer for asked, _, answer in answers if asked.path == f"{EMAILS}/190051" and asked.method == "GET")

    for bad in ({"state": "CANCELED"}, {"isAb": None}, {"type": "NEWSLETTER"}, {"publishDate": "soon"}):
        with pytest.raises(pydantic.ValidationError):
            read_with_sdk(PublicEmail, email | bad)
    with pytest.raises(Lost, match="recipients"):
        read_with_sdk(PublicEmail, email | {"recipients": 12})
    with pytest.raises(Lost, match=r"PublicEmail\.recipients"):
        read_with_client(EMAIL_MODEL, email | {"recipients": 12})
    with pytest.raises(Lost):
        read_with_client(LIST_MODEL, {"list": "nothing of a list"})
    read_with_sdk(PublicEmail, email)


def test_errors_have_the_shape_of_the_clients_error_model():
    pool = urllib3.PoolManager(retries=False)
    with Sandbox("cross", start=datetime(2026, 11, 22, 9, tzinfo=UTC)) as box:
        headers = {"Authorization": "Bearer pat-na1-lantern-sandbox"}
        asked = [
            ("GET", f"{LISTS}/1", headers, 404),
            ("GET", f"{LISTS}/403/memberships/join-order?limit=9999", headers, 400),
            ("POST", f"{EMAILS}/490001/unpublish", headers, 403),
            ("GET", f"{LISTS}/401", {}, 401),
        ]
        answers = [
            (pool.request(method, box.origin + path, headers=sent), status) for method, path, sent, status in asked
        ]
        pool.clear()

    for answer, status in answers:
        assert answer.status == status
        body = json.loads(answer.data)
        assert body.pop("status") == "error"
        model = read_with_client("crm.lists:Error", body)
        assert all((model.message, model.category, model.correlation_id))
