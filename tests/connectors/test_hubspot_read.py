"""Reading imitated HubSpot accounts with the real SDK: campaigns, recipients, columns, and what cannot be read."""

from __future__ import annotations

import importlib
import json
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from presend.engine import CampaignResult, Request, close, scan_account
from presend.errors import Gone, PlatformError
from presend.model import Able, Campaign, Gap, Kind, Part, Platform, State, Strategy
from presend.ports import AccountConfig, Batch, Role, Trouble
from presend.rules import RuleSet
from presend_checks import rulebook
from presend_connectors.hubspot.account import HubspotConnector
from presend_sandbox import Sandbox
from tests.support.hubspot_account import START, campaigns, connect, writes

OTHER_CHOICES = {
    "hubspot.ids": "number",
    "hubspot.scheduled_is_published": "true",
    "hubspot.ab_variant_state": "SCHEDULED_AB",
    "hubspot.smart_fields": "by_definition",
    "hubspot.emails_page_max": "50",
    "hubspot.history_batch_max": "100",
}


@pytest.fixture(scope="module", params=[{}, OTHER_CHOICES], ids=["usual", "other"])
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The world of mishaps, under both plausible behaviours of every open point of reading."""
    with Sandbox("mishaps", start=START, only=["hubspot"], switches=request.param) as running:
        yield running


@pytest.fixture(scope="module")
def account(box: Sandbox) -> HubspotConnector:
    return connect(box)


@pytest.fixture(scope="module")
def found(account: HubspotConnector) -> dict[str, Campaign]:
    return campaigns(account)


@pytest.fixture(scope="module")
def worlds() -> Iterator[Callable[[str], Sandbox]]:
    """Further worlds, each started once."""
    running: dict[str, Sandbox] = {}

    def start(world: str) -> Sandbox:
        if world not in running:
            running[world] = Sandbox(world, start=START, only=["hubspot"]).__enter__()
        return running[world]

    yield start
    for each in running.values():
        each.close()


def mailed(batches: list[Batch]) -> set[str]:
    """Whom the batches leave: included, not excluded, not suppressed."""
    kept: set[str] = set()
    for batch in batches:
        if batch.role is Role.EXCLUDE:
            kept -= set(batch.ids)
        else:
            why = batch.suppressed or [None] * len(batch.ids)
            kept |= {one for one, reason in zip(batch.ids, why, strict=True) if reason is None}
    return kept


def would_send(box: Sandbox, campaign_id: str) -> set[str]:
    """Whom the sandbox itself would mail."""
    url = f"{box.origin}/_sandbox/send?platform=hubspot&campaign={campaign_id}"
    with urllib.request.urlopen(url) as answer:
        return set(json.load(answer)["recipients"])


def test_every_scheduled_email_is_found_and_no_other(box: Sandbox, found: dict[str, Campaign]) -> None:
    spec = box.world.platforms["hubspot"]["campaigns"]
    scheduled = {str(one["id"]) for one in spec if one.get("state", "SCHEDULED").startswith("SCHEDULED")}

    assert set(found) == scheduled
    assert all(one.state is State.SCHEDULED and not one.gaps for one in found.values())
    assert next(iter(found)) == "190035"  # soonest first


def test_the_recipients_are_those_whom_the_platform_would_mail(
    box: Sandbox, account: HubspotConnector, found: dict[str, Campaign]
) -> None:
    keys: dict[str, set[str]] = {}
    for campaign in found.values():
        if campaign.audience.key not in keys:
            keys[campaign.audience.key] = mailed(list(account.people(campaign, frozenset())))
        assert keys[campaign.audience.key] == would_send(box, campaign.ref.id), campaign.ref.name


def test_a_and_b_are_one_campaign_under_the_id_of_a(account: HubspotConnector, found: dict[str, Campaign]) -> None:
    test = found["190033"]

    assert [(m.label, m.id) for m in test.messages] == [("A", "190033"), ("B", "190034")]
    assert test.messages[1].parts[Part.SUBJECT] == "{{ contact.first_name }}, ninety miles of sea"
    by_b = account.campaign("190034")
    assert (by_b.ref, by_b.revision) == (test.ref, test.revision)


def test_a_message_has_all_its_parts(found: dict[str, Campaign]) -> None:
    parts = found["190011"].messages[0].parts

    assert parts[Part.FROM_NAME] == "Northwell Motor Club"
    assert parts[Part.REPLY_TO] == "hello@northwell.example.com"
    assert parts[Part.PREVIEW_TEXT] == "Evenings in a dozen cities"
    html = str(parts[Part.HTML])
    assert (
        html.index("logo.png") < html.index("Dublin") < html.index("Book a free check") < html.index("unsubscribe_link")
    )
    assert '<a href="https://northwell.example.com/checks?from=mail">Book a free check</a>' in html
    assert "Dublin" in str(parts[Part.TEXT])
    assert found["190011"].messages[0].options["programmable"] is True
    assert found["190010"].messages[0].options["programmable"] is False
    assert found["190029"].messages[0].options["footer"] is True


def test_the_earliest_delivery_of_a_local_time_send(found: dict[str, Campaign]) -> None:
    schedule = found["190040"].schedule

    assert (schedule.strategy, schedule.zone) == (Strategy.LOCAL_TIME, "America/New_York")
    assert schedule.stated == START + timedelta(hours=54)
    assert schedule.send_at == schedule.stoppable_until == START + timedelta(hours=54 - 19)


def test_the_vocabulary_is_whole_and_says_what_hubspot_does_not(found: dict[str, Campaign]) -> None:
    vocabulary = found["190001"].vocabulary

    assert vocabulary.complete
    fields = {field.tag: field for field in vocabulary.fields}
    assert (fields["car_model"].label, fields["mileage_points"].type) == ("Car model", "number")
    assert isinstance(fields["firstname"].default, Gap)
    assert vocabulary.zone == "America/New_York"


def test_the_segment_of_an_active_list_shows_its_conditions(found: dict[str, Campaign]) -> None:
    audience = found["190005"].audience

    assert [(ref.id, ref.kind, ref.name) for ref in audience.included] == [
        ("115", "segment", "Members in Great Britain")
    ]
    assert [(c.column, c.value) for c in audience.conditions] == [("country", ("GB",))]


def test_old_list_ids_are_the_same_lists(found: dict[str, Campaign]) -> None:
    assert found["190042"].audience.key == found["190004"].audience.key


def test_columns_hold_values_facts_and_dates(account: HubspotConnector, found: dict[str, Campaign]) -> None:
    batches = list(account.people(found["190029"], frozenset({"jobtitle", "no_such_property"})))
    cells = {name: [cell for batch in batches for cell in batch.columns[name]] for name in batches[0].columns}

    assert set(cells["jobtitle"]) == {'"Fleet manager"', '"Head of transport"'}
    ages = {
        title: at[:11] for title, at in zip(cells["jobtitle"], cells["@as_of:jobtitle"], strict=True) if title and at
    }
    assert ages['"Fleet manager"'] < ages['"Head of transport"']
    assert all(at and at.endswith('Z"') for at in cells["@created_at"] + cells["@last_activity_at"])
    assert {'"Europe/London"', '"America/New_York"'} & set(cells["@timezone"])
    assert "no_such_property" not in cells
    assert set(cells["@consent"]) == {'"unknown"'}


def test_absent_and_empty_stay_apart(account: HubspotConnector, found: dict[str, Campaign]) -> None:
    batches = list(account.people(found["190001"], frozenset({"firstname"})))
    names = [cell for batch in batches for cell in batch.columns["firstname"]]

    assert (names.count(None), names.count('""')) == (12, 3)


def test_suppressed_people_come_with_their_reason(account: HubspotConnector, found: dict[str, Campaign]) -> None:
    batches = list(account.people(found["190004"], frozenset()))
    reasons = [reason for batch in batches for reason in batch.suppressed if reason]

    assert len(reasons) == 25
    assert {"opted out of all email", "opted out of this type of email", "the address bounced"} < set(reasons)


def test_smart_content_is_read_by_those_who_get_it(box: Sandbox) -> None:
    account = connect(box)
    try:
        request = Request(START, RuleSet(rulebook.rules), only=frozenset({"190013", "190031"}))
        results = [one for one in scan_account(account, request) if isinstance(one, CampaignResult)]
        by_id = {one.campaign.ref.id: one for one in results}

        (slip,) = (f for f in by_id["190013"].findings if f.code == "TAG003")
        assert (slip.message, slip.part, slip.affected, slip.audience) == ("A", Part.HTML, 15, 297)
        reading = by_id["190013"].readings["A"].parts[Part.HTML]
        assert "we trust two workshops" in reading.render({"in_list:113": True}).text
        default = reading.render({"in_list:113": False, "firstname": "Ann"}).text
        assert "Hello Ann" in default
        assert "in Austin" not in default
        # What the sync wrote last is known once its recipients are: 47 days ago.
        (stale,) = (f for f in by_id["190031"].findings if f.code == "AGE003")
        assert "mileage_points (47 days)" in stale.says
        close(results)
    finally:
        account.close()


def test_a_smart_list_that_cannot_be_read_is_nobodys_guess(
    account: HubspotConnector, found: dict[str, Campaign]
) -> None:
    (batch, *_rest) = account.people(found["190013"], frozenset({"in_list:999", "in_list:113"}))

    assert set(batch.columns["in_list:999"]) == {None}
    assert set(batch.columns["in_list:113"]) <= {"true", "false"}


def test_reading_writes_nothing(box: Sandbox, found: dict[str, Campaign]) -> None:
    assert found
    assert writes(box) == []


def test_everything_adds_live_automations_without_recipients(account: HubspotConnector) -> None:
    automated = [
        one for one in account.campaigns(everything=True) if isinstance(one, Campaign) and one.ref.id == "190053"
    ]

    assert [(one.ref.kind, one.state) for one in automated] == [(Kind.AUTOMATION, State.LIVE)]
    with pytest.raises(PlatformError, match="workflow"):
        list(account.people(automated[0], frozenset()))


def test_an_email_that_is_not_there(account: HubspotConnector) -> None:
    with pytest.raises(Gone, match="marketing email 424242"):
        account.campaign("424242")


def test_who_the_account_is_and_what_the_token_may(box: Sandbox, account: HubspotConnector) -> None:
    info = account.info()

    assert (info.name, info.zone) == ("HubSpot 8800551", "America/New_York")
    assert all(right.able is Able.YES for right in info.rights[:6])
    schema = account.audience_schema()
    assert not isinstance(schema, Gap)
    assert schema["mileage_points"] == "number"
    key = box.env()["PRESEND_HUBSPOT__ACCESS_TOKEN"]
    assert key not in f"{account!r} {account._client!r} {account._client.line!r}"


def test_the_entry_point_gives_a_connector_every_time(box: Sandbox) -> None:
    # A module of the package named like the function would take its place once it is imported.
    for _ in range(2):
        entry = importlib.import_module("presend_connectors.hubspot").connector
        assert repr(entry(AccountConfig("a", Platform.HUBSPOT, "k", base_url=box.origin))) == "HubspotConnector(a)"


# -- more than a page, and what goes wrong


def test_more_than_one_page_of_everything(worlds: Callable[[str], Sandbox]) -> None:
    box = worlds("big")
    account = connect(box)
    found = campaigns(account)

    assert len(found) == 15  # behind 125 that went out
    batches = list(account.people(found["390503"], frozenset({"firstname"})))
    ids = [one for batch in batches if batch.role is Role.INCLUDE for one in batch.ids]
    assert len(ids) == len(set(ids)) == 2400
    assert mailed(batches) == would_send(box, "390503")


def test_what_recovers_is_whole_and_what_stays_broken_is_an_error(worlds: Callable[[str], Sandbox]) -> None:
    box = worlds("cross")
    account = connect(box)
    found = campaigns(account)
    spec = {str(one["id"]): one for one in box.world.platforms["hubspot"]["campaigns"]}

    assert set(found) == set(spec)
    for campaign_id, campaign in found.items():
        if spec[campaign_id].get("incomplete"):
            with pytest.raises(PlatformError):
                list(account.people(campaign, frozenset()))
        else:
            assert mailed(list(account.people(campaign, frozenset()))) == would_send(box, campaign_id)


def test_a_missing_scope_is_refused_with_its_name(worlds: Callable[[str], Sandbox]) -> None:
    box = worlds("clean")
    settings = box.state["hubspot"].settings
    held, settings.scopes = settings.scopes, settings.scopes - {"crm.lists.read"}
    try:
        account = connect(box)
        troubles = [one for one in account.campaigns() if isinstance(one, Trouble)]
        rights = {right.name: right for right in account.info().rights}
    finally:
        settings.scopes = held

    assert troubles
    assert "crm.lists.read" in troubles[0].reason
    assert troubles[0].ref is not None
    assert rights["read lists"].able is Able.NO
