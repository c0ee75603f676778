"""Who said no to each imitated account, read through the real SDKs: everybody, dated as far as the platform tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from presend.errors import PlatformError, Refused
from presend.ports import Answer, OptOut
from presend_connectors.hubspot import optouts as hubspot_optouts
from presend_connectors.hubspot.facts import OPT_OUT
from presend_sandbox import Sandbox
from presend_sandbox.hubspot import objects
from tests.support import hubspot_account, klaviyo_account, mailchimp
from tests.support.klaviyo_account import page

START = hubspot_account.START


def nobody(_addresses: Sequence[str]) -> list[str]:
    """As if none of them were a recipient anywhere."""
    return []


def everybody(addresses: Sequence[str]) -> Sequence[str]:
    """As if all of them were."""
    return addresses


def told(pages: Iterator[Sequence[OptOut]]) -> list[OptOut]:
    return [one for page in pages for one in page]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """All three accounts of the mishaps world; nothing here changes it."""
    with Sandbox("mishaps", start=START) as running:
        yield running


# -- Klaviyo


def test_klaviyo_tells_who_unsubscribed_or_complained_and_when(box: Sandbox) -> None:
    """Bounces, what the account suppressed itself and a no to one list are left out."""
    wanted = {
        (row.attributes["email"], each["reason"])
        for row in box.state["klaviyo"].profiles.values()
        for each in row.consent.suppression
        if each["reason"] in ("UNSUBSCRIBE", "SPAM_COMPLAINT") and row.attributes.get("email")
    }
    found = told(klaviyo_account.at(box).opted_out(nobody))
    words = {Answer.UNSUBSCRIBED: "UNSUBSCRIBE", Answer.COMPLAINED: "SPAM_COMPLAINT"}

    assert wanted
    assert {(one.address, words[one.answer]) for one in found} == wanted
    assert all(one.since == one.until and one.since and one.since.endswith("Z") for one in found)


def suppressed(*rows: dict[str, str | None]) -> dict[str, Any]:
    return {"subscriptions": {"email": {"marketing": {"suppression": list(rows)}}}}


def test_a_filter_that_klaviyo_passes_over_convicts_nobody() -> None:
    """Rows are read again: only whose own reason it is counts, by the last date, and without one by none."""
    late, early = "2026-06-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"
    rows = [
        suppressed({"reason": "HARD_BOUNCE", "timestamp": early}),
        suppressed(),
        {"subscriptions": {"email": None}},
        suppressed({"reason": "UNSUBSCRIBE", "timestamp": early}, {"reason": "UNSUBSCRIBE", "timestamp": late}),
        suppressed({"reason": "UNSUBSCRIBE", "timestamp": None}),
        suppressed({"reason": "UNSUBSCRIBE", "timestamp": late}) | {"email": None},
    ]
    people = [
        {"type": "profile", "id": f"p{n}", "attributes": {"email": f"p{n}@example.com"} | row}
        for n, row in enumerate(rows)
    ]
    with klaviyo_account.served(lambda asked: page(*people if "UNSUBSCRIBE" in asked.query["filter"] else ())) as there:
        found = told(klaviyo_account.on(there[0]).opted_out(nobody))

    assert [(one.address, one.since, one.until) for one in found] == [
        ("p3@example.com", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        ("p4@example.com", None, None),
    ]


# -- Mailchimp


def test_mailchimp_tells_who_unsubscribed_from_which_list_and_who_gets_another(box: Sandbox) -> None:
    lists = box.state["mailchimp"].lists.values()
    members = [each for audience in lists for each in audience.members.values()]
    found = told(mailchimp.of_box(box).opted_out(everybody))
    no = [one for one in found if one.answer is Answer.UNSUBSCRIBED]
    yes = [one for one in found if one.answer is Answer.AGREED]

    assert sorted(one.address for one in no) == sorted(each.email for each in members if each.status == "unsubscribed")
    assert sorted(one.address for one in yes) == sorted(each.email for each in members if each.status == "subscribed")
    assert no
    assert all(one.since is not None and one.until is not None and one.since <= one.until for one in no)


def test_mailchimp_is_not_asked_for_its_subscribers_where_nobody_matters(box: Sandbox) -> None:
    found = told(mailchimp.of_box(box).opted_out(nobody))

    assert {one.answer for one in found} == {Answer.UNSUBSCRIBED}


# -- HubSpot


def out(box: Sandbox) -> dict[str, str]:
    """Addresses of those who opted out of all email, by record id."""
    contacts = box.state["hubspot"].contacts.values()
    return {one.id: one.value("email") for one in contacts if one.value(OPT_OUT) == "true" and one.value("email")}


def test_hubspot_tells_who_opted_out_of_all_email_and_when_of_those_who_matter(box: Sandbox) -> None:
    wanted = out(box)
    some = sorted(wanted.values())[:2]
    found = told(hubspot_account.connect(box).opted_out(lambda told: [one for one in told if one in some]))

    assert sorted(one.address for one in found) == sorted(wanted.values())
    assert {one.address for one in found if one.since} == set(some)
    assert all(one.since == one.until for one in found)


def test_hubspot_is_paged_by_record_id_as_a_search_ends_early(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pages of two and a search that shows four in all, everybody is found all the same."""
    monkeypatch.setattr(hubspot_optouts, "SEARCH_PAGE", 2)
    monkeypatch.setattr(objects, "_SEARCH_DEPTH", 4)
    found = told(hubspot_account.connect(box).opted_out(nobody))

    assert len(found) > 4
    assert sorted(one.address for one in found) == sorted(out(box).values())


def contact(record_id: str, said: str = "true") -> dict[str, Any]:
    return {"id": record_id, "properties": {"email": f"c{record_id}@example.com", OPT_OUT: said}}


@pytest.mark.parametrize(
    "answer",
    [
        {"total": 1, "results": [contact("1", "false")]},
        {"total": 3, "results": [contact("1")]},
        {"total": 3, "results": []},
        {"results": "none"},
    ],
    ids=["a filter passed over", "the same page for ever", "fewer than promised", "no page"],
)
def test_hubspot_is_not_believed_when_its_search_is_odd(answer: dict[str, Any]) -> None:
    with (
        hubspot_account.scripted(lambda *_: hubspot_account.ok(answer)) as server,
        pytest.raises(PlatformError),
    ):
        told(hubspot_account.connect_to(server.origin).opted_out(nobody))


# -- all of them


def test_a_refused_key_is_an_error_and_no_empty_answer(box: Sandbox) -> None:
    for refused in (
        klaviyo_account.on(box.origin),
        mailchimp.connector(box.env()["PRESEND_MAILCHIMP__BASE_URL"], "of-somebody-else-us99"),
        hubspot_account.connect_to(box.origin),
    ):
        with pytest.raises(Refused):
            told(refused.opted_out(everybody))


def test_nobodys_address_shows(box: Sandbox) -> None:
    (first, *_rest) = told(klaviyo_account.at(box).opted_out(nobody))

    assert "@" in first.address
    assert "@" not in repr(first)
