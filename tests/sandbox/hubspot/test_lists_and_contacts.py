"""Lists, contacts, deals and properties through HubSpot's own client."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.hubspot.client import START, account_of, raw, refused


def test_lists_show_their_filters_only_when_asked(opened):
    _, client = opened()
    api = client.crm.lists.lists_api

    bare, full = api.get_by_id("113").list, api.get_by_id("113", include_filters=True).list

    assert (bare.filter_branch, full.processing_type, full.size) == (None, "DYNAMIC", 15)
    assert full.filter_branch.filter_branch_type == "OR"
    assert [one.list_id for one in api.get_all(list_ids=["101", "104", "999"]).lists] == ["101", "104"]
    assert api.get_by_name("Gold tier", "0-1").list.list_id == "111"
    assert refused(lambda: api.get_by_id("999"))[0] == 404


def test_members_of_an_active_list_follow_from_its_filters(opened):
    box, client = opened()
    before = {row.record_id for row in client.crm.lists.memberships_api.get_page("113").results}
    contacts = account_of(box).contacts

    assert {contacts[name].value("city") for name in before} == {"Austin"}
    client.crm.contacts.batch_api.update({"inputs": [{"id": min(before), "properties": {"city": "Leeds"}}]})
    after = {row.record_id for row in client.crm.lists.memberships_api.get_page("113").results}
    assert before - after == {min(before)}


def test_memberships_are_paged_by_250_at_most(opened):
    _, client = opened("big")
    api = client.crm.lists.memberships_api

    pages = [api.get_page("301", limit=250)]
    while pages[-1].paging:
        pages.append(api.get_page("301", limit=250, after=pages[-1].paging.next.after))

    assert len(pages) == 10
    assert len({row.record_id for page in pages for row in page.results}) == 2400
    assert len(api.get_page("301").results) == 100
    assert len(api.get_page_ordered_by_added_to_list_date("301", limit=7).results) == 7
    assert refused(lambda: api.get_page("301", limit=251))[0] == 400


def test_lists_are_searched_by_name_page_by_page(opened):
    _, client = opened("big")
    api = client.crm.lists.lists_api

    first = api.do_search({"query": "old segment"})
    second = api.do_search({"query": "old segment", "offset": first.offset})

    assert (first.total, len(first.lists), first.has_more) == (30, 20, True)
    assert (len(second.lists), second.has_more) == (10, False)
    assert first.lists[0].additional_properties["hs_list_size"] == "0"


def test_a_manual_list_is_made_filled_and_emptied(opened):
    _, client = opened()
    lists, members = client.crm.lists.lists_api, client.crm.lists.memberships_api

    made = lists.create({"name": "presend", "objectTypeId": "0-1", "processingType": "MANUAL"}).list
    added = members.add(made.list_id, ["510001", "510002", "1"])
    moved = members.add_and_remove(made.list_id, {"recordIdsToAdd": ["510003"], "recordIdsToRemove": ["510001"]})

    assert (added.records_ids_added, added.record_ids_missing) == (["510001", "510002"], ["1"])
    assert (moved.records_ids_added, moved.record_ids_removed) == (["510003"], ["510001"])
    assert members.remove(made.list_id, ["510002"]).record_ids_removed == ["510002"]
    assert [row.record_id for row in members.get_page(made.list_id).results] == ["510003"]
    assert (
        refused(lambda: lists.create({"name": "presend", "objectTypeId": "0-1", "processingType": "MANUAL"}))[0] == 400
    )
    assert refused(lambda: members.add("113", ["510001"]))[0] == 400
    lists.remove(made.list_id)
    assert refused(lambda: lists.get_by_id(made.list_id))[0] == 404


def test_legacy_list_ids_are_translated(opened):
    _, client = opened()
    api = client.crm.lists.mapping_api

    assert api.translate_legacy_list_id_to_list_id(legacy_list_id="11").list_id == "101"
    both = api.translate_legacy_list_id_to_list_id_batch(["11", "12"])
    assert [one.list_id for one in both.legacy_list_ids_to_ids_mapping] == ["101"]
    assert both.missing_legacy_list_ids == ["12"]


def test_contacts_are_read_in_batches_with_207_for_the_unknown(opened):
    _, client = opened()
    api = client.crm.contacts.batch_api

    whole = api.read({"inputs": [{"id": "690001"}], "properties": ["firstname", "car_model", "nonsense"]})
    partly = api.read({"inputs": [{"id": "690001"}, {"id": "5"}], "properties": ["email"]})

    assert whole.results[0].properties == {
        "createdate": "2026-01-26T09:00:00.000Z",
        "hs_object_id": "690001",
        "lastmodifieddate": "2026-11-17T09:00:00.000Z",
        "firstname": "Rowan",
        "car_model": None,
    }
    assert (partly.num_errors, partly.errors[0].category) == (1, "OBJECT_NOT_FOUND")
    assert partly.errors[0].context == {"ids": ["5"]}
    assert [one.id for one in partly.results] == ["690001"]
    too_many = {"inputs": [{"id": str(number)} for number in range(101)]}
    assert refused(lambda: api.read(too_many))[0] == 400


def test_history_tells_when_a_value_was_set(opened):
    _, client = opened()
    ids = [{"id": str(601001 + number)} for number in range(9)]

    answer = client.crm.contacts.batch_api.read({"inputs": ids, "propertiesWithHistory": ["car_model"]})

    for contact in answer.results:
        (entry,) = contact.properties_with_history["car_model"]
        assert entry.value == contact.properties["car_model"] == "Marlin Estate"
        assert START - entry.timestamp >= timedelta(days=1300)


@pytest.mark.parametrize(("largest", "works"), [("50", False), ("100", True)])
def test_history_may_be_had_for_fewer_at_once(opened, largest, works):
    _, client = opened(history_batch_max=largest)
    body = {"inputs": [{"id": str(510001 + number)} for number in range(51)], "propertiesWithHistory": ["city"]}

    if works:
        assert len(client.crm.contacts.batch_api.read(body).results) == 51
    else:
        assert refused(lambda: client.crm.contacts.batch_api.read(body))[0] == 400


def test_contacts_are_listed_by_id(opened):
    _, client = opened()

    first = client.crm.contacts.basic_api.get_page(limit=100, properties=["email", "city"])
    second = client.crm.contacts.basic_api.get_page(limit=100, after=first.paging.next.after)

    ids = [int(one.id) for one in [*first.results, *second.results]]
    assert ids == sorted(set(ids))
    assert len(ids) == 200
    assert set(second.results[0].properties) >= {"email", "firstname", "lastname"}
    assert refused(lambda: client.crm.contacts.basic_api.get_page(limit=101))[0] == 400
    assert client.crm.contacts.basic_api.get_by_id("rowan.ashdown@example.com", id_property="email").id == "690001"


def test_batch_update_writes_all_or_nothing(opened):
    _, client = opened()
    api = client.crm.contacts.batch_api

    def written(name: str, value: str) -> dict[str, Any]:
        return {"inputs": [{"id": "690001", "properties": {"city": "York", name: value}}]}

    for name, value, code in [
        ("favourite_colour", "red", "PROPERTY_DOESNT_EXIST"),
        ("hs_marketable_status", "false", "READ_ONLY_VALUE"),
        ("lifecyclestage", "friend", "INVALID_OPTION"),
    ]:
        sent = written(name, value)
        status, body, _ = refused(lambda sent=sent: api.update(sent))
        assert (status, body["errors"][0]["code"]) == (400, code)
    assert client.crm.contacts.basic_api.get_by_id("690001", properties=["city"]).properties["city"] == "Leeds"
    api.update(written("jobtitle", "Baker"))
    api.update({"inputs": [{"id": "690001", "properties": {"jobtitle": ""}}]})
    after = client.crm.contacts.basic_api.get_by_id("690001", properties=["city", "jobtitle"]).properties
    assert (after["city"], after["jobtitle"]) == ("York", None)
    partly = api.update({"inputs": [{"id": "5", "properties": {}}, {"id": "690001", "properties": {"city": "Bath"}}]})
    assert (partly.num_errors, partly.results[0].properties["city"]) == (1, "Bath")


def search(client: Any, *filters: dict[str, Any], **more: Any) -> Any:
    return client.crm.contacts.search_api.do_search({"filterGroups": [{"filters": list(filters)}], **more})


def test_search_filters_sorts_and_pages(opened):
    _, client = opened()

    blank = search(client, {"propertyName": "firstname", "operator": "NOT_HAS_PROPERTY"}, limit=200)
    recent = search(
        client,
        {
            "propertyName": "createdate",
            "operator": "GT",
            "value": str(int((START - timedelta(days=60)).timestamp() * 1000)),
        },
        limit=200,
        sorts=[{"propertyName": "createdate", "direction": "DESCENDING"}],
        properties=["city"],
    )
    among = search(client, {"propertyName": "membership_tier", "operator": "IN", "values": ["gold"]})
    token = search(client, {"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*ashdown*"})
    following = search(
        client, {"propertyName": "membership_tier", "operator": "EQ", "value": "gold"}, after=10, limit=10
    )

    assert blank.total == 15
    created = [one.created_at for one in recent.results]
    assert created == sorted(created, reverse=True)
    assert min(created) > START - timedelta(days=60)
    assert (among.total, len(among.results), among.paging.next.after) == (50, 10, "10")
    assert [one.id for one in token.results] == ["690001"]
    assert following.results[0].id == "610011"


def test_search_has_its_limits(opened):
    _, client = opened()
    known = {"propertyName": "email", "operator": "HAS_PROPERTY"}

    assert refused(lambda: search(client, known, limit=201))[0] == 400
    assert refused(lambda: search(client, known, limit=200, after="9900"))[0] == 400
    assert refused(lambda: search(client, *[known] * 11))[0] == 400
    groups = {"filterGroups": [{"filters": [known]}] * 6}
    assert refused(lambda: client.crm.contacts.search_api.do_search(groups))[0] == 400
    assert refused(lambda: search(client, {"propertyName": "nope", "operator": "HAS_PROPERTY"}))[0] == 400
    assert search(client, known, limit=200, after="9800").results == []


def test_deals_and_orders_hang_on_contacts(opened):
    _, client = opened()

    links = client.crm.associations.v4.batch_api.get_page(
        "contacts", "deals", {"inputs": [{"id": "690001"}, {"id": "510001"}]}
    )
    deal = client.crm.deals.batch_api.read(
        {"inputs": [{"id": "69000101"}], "properties": ["amount", "closedate"]}
    ).results[0]
    orders = client.crm.objects.basic_api.get_page("orders", properties=["hs_total_price"])

    assert [(one._from.id, one.to[0].to_object_id) for one in links.results] == [("690001", "69000101")]
    assert links.errors[0].sub_category == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert deal.properties["closedate"] == "2026-11-16T09:00:00.000Z"
    assert [one.properties["hs_total_price"] for one in orders.results] == ["89.00"]


def test_properties_have_no_default_and_can_be_made(opened):
    _, client = opened()
    api = client.crm.properties.core_api

    rows = raw(client, "GET", "/crm/v3/properties/contacts")["results"]
    flag = {"name": "presend_flag", "label": "presend", "type": "string", "fieldType": "text"}
    made = api.create("contacts", flag | {"groupName": "contactinformation"})

    assert {"firstname", "car_model", "hs_email_optout", "hs_email_optout_4501"} <= {row["name"] for row in rows}
    assert not any({"default", "defaultValue", "required"} & set(row) for row in rows)
    assert made.hubspot_defined is False
    assert api.get_by_name("contacts", "presend_flag").label == "presend"
    again = flag | {"name": "email", "groupName": "contactinformation"}
    assert refused(lambda: api.create("contacts", again))[0] == 409
    api.archive("contacts", "presend_flag")
    assert refused(lambda: api.get_by_name("contacts", "presend_flag"))[0] == 404
    assert refused(lambda: api.get_all("spaceships"))[0] in (403, 404)
