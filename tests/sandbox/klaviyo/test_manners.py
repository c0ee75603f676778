"""Refusals, limits, links and filters of the imitated Klaviyo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openapi_client.exceptions import ApiException

from presend_sandbox import Sandbox
from presend_sandbox.klaviyo.filters import FilterError, Term, parse
from tests.support.klaviyo_sdk import client, error, raw


@pytest.mark.parametrize(
    ("path", "headers", "expected", "code"),
    [
        ("/api/lists", {"Authorization": ""}, 401, "not_authenticated"),
        ("/api/lists", {"Authorization": "Basic eHg6eXk="}, 401, "not_authenticated"),
        ("/api/lists", {"Authorization": "Klaviyo-API-Key pk_wrong"}, 401, "authentication_failed"),
        ("/api/lists", {"revision": ""}, 400, "invalid"),
        ("/api/lists", {"revision": "2026-07-15"}, 400, "invalid"),
        ("/api/lists", {"revision": "2023-02-22"}, 410, "gone"),
        ("/api/lists/NOPE", {}, 404, "not_found"),
        ("/api/nothing-here", {}, 404, "not_found"),
        ("/api/lists?page[size]=11", {}, 400, "invalid"),
        ("/api/campaign-messages?page[size]=101", {}, 400, "invalid"),
        ("/api/campaign-messages?page[cursor]=rubbish", {}, 400, "invalid"),
        ("/api/campaign-messages?filter=equals(send_time,'x')", {}, 400, "invalid"),
        ("/api/campaign-messages?filter=contains(status,'x')", {}, 400, "invalid"),
        ("/api/campaign-messages?filter=greater-than(updated,soon)", {}, 400, "invalid"),
        ("/api/campaign-messages?sort=send_time", {}, 400, "invalid"),
        ("/api/campaign-messages?include=template", {}, 400, "invalid"),
    ],
)
def test_refusals_are_worded_as_the_platform_does(
    box: Sandbox, path: str, headers: dict[str, str], expected: int, code: str
) -> None:
    response = raw(box, path, **headers)
    assert response.status == expected
    assert error(response)["code"] == code


def test_a_method_that_is_not_there_is_refused(box: Sandbox) -> None:
    response = raw(box, "/api/lists", "DELETE")
    assert response.status == 405
    assert response.headers["allow"] == "GET, POST"
    assert error(response)["code"] == "method_not_allowed"


def test_a_key_without_a_right_is_refused(world: Callable[..., Sandbox]) -> None:
    box = world()
    box.state["klaviyo"].info["scopes"] = ["campaigns:read"]
    k = client(box)
    assert k.Campaigns.get_campaigns()["data"]
    with pytest.raises(ApiException) as caught:
        k.Lists.get_lists()
    assert caught.value.status == 403
    assert "lists:read" in caught.value.body


def test_limits_are_announced_and_kept_when_switched_so(world: Callable[..., Sandbox]) -> None:
    told = raw(world(), "/api/accounts")
    assert told.headers["RateLimit-Limit"] == "1, 1;w=1, 15;w=60"
    assert int(told.headers["RateLimit-Remaining"]) < 15
    kept = world(rate_limits="enforced")
    answers = [raw(kept, "/api/accounts") for _ in range(17)]
    refused = [each for each in answers if each.status == 429]
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert "RateLimit-Limit" not in refused[0].headers


@pytest.mark.parametrize(("choice", "there"), [("omitted", False), ("null", True)])
def test_the_last_page_says_so_as_switched(world: Callable[..., Sandbox], choice: str, there: bool) -> None:
    links = raw(world(last_page_links=choice), "/api/tags").json()["links"]
    assert ("next" in links) is there
    assert links.get("next") is None


def test_links_are_absolute_and_lead_to_the_next_page(box: Sandbox) -> None:
    first = raw(box, "/api/lists/NEWSLT/profiles?page[size]=100&fields[profile]=email").json()
    assert first["links"]["next"].startswith(box.origin + "/api/lists/NEWSLT/profiles?")
    second = raw(box, first["links"]["next"].removeprefix(box.origin)).json()
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}
    assert list(second["data"][0]["attributes"]) == ["email"]
    back = raw(box, second["links"]["prev"].removeprefix(box.origin)).json()
    assert [row["id"] for row in back["data"]] == [row["id"] for row in first["data"]]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("equals(status,'scheduled')", [Term("equals", "status", "scheduled")]),
        ('any(id,["a","b"])', [Term("any", "id", ["a", "b"])]),
        (
            "and(equals(a,true),greater-than(b,2026-01-01T00:00:00Z))",
            [Term("equals", "a", True), Term("greater-than", "b", "2026-01-01T00:00:00Z")],
        ),
        ('equals(a,"x, (y)"),has(b)', [Term("equals", "a", "x, (y)"), Term("has", "b", None)]),
    ],
)
def test_filters_are_read(text: str, terms: list[Term]) -> None:
    allowed = dict.fromkeys(("status", "id", "a", "b"), ("equals", "any", "greater-than", "has"))
    assert parse(text, allowed) == terms


@pytest.mark.parametrize("text", ["equals", "equals(a", "and(equals(a,1)", "equals(a,'x)", "equals(a,1))", "equals()"])
def test_filters_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text, {"a": ("equals",)})
