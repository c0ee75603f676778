"""What the Klaviyo connector says of consent, zones and times, where messages or profiles differ."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest

from presend_connectors.klaviyo.facts import Wanted, person
from presend_connectors.klaviyo.normalise import Mail, own_time
from presend_connectors.klaviyo.shapes import MessageRow, ProfileRow
from tests.support.klaviyo_account import profile


def row(**told: Any) -> ProfileRow:
    return msgspec.json.decode(msgspec.json.encode(profile(**told)), type=ProfileRow)


@pytest.mark.parametrize(("list_id", "consent"), [("L", "denied"), ("OTHER", "granted")])
def test_who_left_the_list_is_mailed_by_such_a_message_and_known_to_have_left(list_id: str, consent: str) -> None:
    left = {
        "can_receive_email_marketing": True,
        "consent": "SUBSCRIBED",
        "list_suppressions": [{"list_id": list_id, "reason": "UNSUBSCRIBE"}],
    }
    wanted = Wanted(frozenset(), lists=frozenset({"L"}), ignoring_unsubscribes=True)
    found = person(row(subscriptions={"email": {"marketing": left}}), wanted)

    assert found.why_not is None
    assert found.cells["@consent"] == f'"{consent}"'


@pytest.mark.parametrize(
    ("said", "cell"), [("Europe/Berlin", '"Europe/Berlin"'), ("Mars/Base", None), ("../x", None), ("", None)]
)
def test_a_zone_that_does_not_exist_is_none(said: str, cell: str | None) -> None:
    assert person(row(location={"timezone": said}), Wanted(frozenset())).cells.get("@timezone") == cell


def mail(key: str, at: str) -> Mail:
    definition = {"status": "scheduled", "send_options": {"send_time": at}}
    told = {"id": key, "attributes": {"definition": definition}, "relationships": {}}
    return Mail(msgspec.convert(told, MessageRow), cast(Any, None), cast(Any, None))


def test_messages_of_one_campaign_say_when_they_go_only_where_they_differ() -> None:
    first, second = mail("M1", "2026-11-25T10:00:00+00:00"), mail("M2", "2026-11-27T10:00:00+00:00")

    assert own_time(first.message, [first, first]) == {}
    assert own_time(second.message, [first, second]) == {"send_time": datetime(2026, 11, 27, 10, tzinfo=UTC)}
