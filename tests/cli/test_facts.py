"""`presend doctor --facts`: whose facts are counted, each person once, and what is said where they cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from presend.audience.schema import DEAR, fact
from presend.cli.facts import Coverage, as_data, coverage, lines, share
from presend.errors import Unknowable, Unreachable
from presend.model import AudienceRef, Campaign, Message, Part, Platform
from presend.ports import Batch, Role, Trouble
from tests.outputs.made import NOW, campaign


def sent(name: str, hours: int, audience: str, html: str = "Hello") -> Campaign:
    """A campaign that goes in some hours to an audience."""
    made = campaign(name, hours=hours).campaign
    message = Message("m1", "A", {Part.HTML: html})
    return replace(made, ref=replace(made.ref, id=name), audience=AudienceRef((), key=audience), messages=(message,))


class Account:
    """An account with these campaigns, and these people by the campaign's audience."""

    account, platform = "klaviyo", Platform.KLAVIYO

    def __init__(self, campaigns: list[Campaign | Trouble], people: dict[str, list[Batch] | Exception]) -> None:
        self.scheduled, self.crowds, self.pulled = campaigns, people, []
        self.asked: frozenset[str] = frozenset()

    def campaigns(self, *, everything: bool = False) -> Iterator[Campaign | Trouble]:
        yield from self.scheduled

    def people(self, campaign: Campaign, columns: frozenset[str]) -> Iterator[Batch]:
        self.pulled.append(campaign.audience.key)
        self.asked |= columns
        crowd = self.crowds[campaign.audience.key]
        if isinstance(crowd, Exception):
            raise crowd
        yield from crowd


def crowd(*ids: str, **facts: list[str | None]) -> Batch:
    return Batch(Role.INCLUDE, ids, {f"@{name}": cells for name, cells in facts.items()})


def look(account: Account, **mapped: str) -> Coverage:
    sources = {"orders": "events", "email": "the profile", "<field>_as_of": "history"}
    return coverage(account, sources, mapped, NOW, "256MB", lambda _what, _count: None)  # type: ignore[arg-type]


def known(found: Coverage) -> dict[str, int]:
    return {row.name: row.known for row in found.rows if row.known}


def test_a_person_in_two_campaigns_is_counted_once() -> None:
    first = [crowd("a", "b", orders=["1", None]), Batch(Role.EXCLUDE, ["b"])]
    second = [crowd("a", "b", "c", orders=["1", None, "2"], email=['"a@example.com"', None, None])]
    account = Account([sent("One", 3, "x"), sent("Two", 5, "y"), sent("Three", 7, "y")], {"x": first, "y": second})

    found = look(account)

    # Whom one campaign leaves out, another may write to; and the same audience is read once.
    assert (found.recipients, found.campaigns, account.pulled) == (3, ("One", "Two", "Three"), ["x", "y"])
    assert known(found)["orders"] == 2
    assert not found.failed


def test_what_is_not_due_waits_unless_nothing_is() -> None:
    people = {"x": [crowd("a")], "y": [crowd("b", "c")]}
    near, far = sent("Near", 3, "x"), sent("Far", 300, "y")

    assert look(Account([near, far], people)).recipients == 1
    alone = look(Account([far], people))
    assert (alone.recipients, alone.of) == (2, "scheduled, since none is due within 48 hours")


@pytest.mark.parametrize(
    ("trouble", "failed"),
    [(Unreachable("Klaviyo did not answer"), True), (Unknowable("Klaviyo shows no members of it"), False)],
)
def test_people_who_cannot_be_had_are_said_and_the_others_counted(trouble: Exception, failed: bool) -> None:
    account = Account([sent("One", 3, "x"), sent("Two", 5, "y")], {"x": trouble, "y": [crowd("c")]})

    found = look(account)

    assert (found.recipients, found.campaigns, found.failed) == (1, ("Two",), failed)
    assert found.missed[0].startswith("One: Klaviyo ")
    assert any("One: Klaviyo" in line for line in lines(found, "klaviyo"))


def test_a_campaign_that_cannot_be_read_is_said() -> None:
    found = look(Account([Trouble("Spring could not be read"), sent("One", 3, "x")], {"x": [crowd("a")]}))

    assert (found.missed, found.failed) == (("Spring could not be read",), True)


def test_nobody_to_look_at_is_no_share() -> None:
    found = look(Account([], {}))

    assert "no recipients to look at" in " ".join(lines(found, "klaviyo"))
    rows = as_data(found, "klaviyo")["known"]
    assert isinstance(rows, list)
    assert {row["share"] for row in rows} == {None}
    assert {row["note"] for row in rows} == {""}


def test_a_fact_that_is_not_there_says_why_and_what_follows() -> None:
    account = Account([sent("One", 3, "x")], {"x": [crowd("a", "b", orders=["1", "2"])]})

    said = {line.split()[0]: line for line in lines(look(account, birthday="Born"), "klaviyo") if line[:4] == "    "}

    assert "100 %          2  events" in said["orders"]
    assert "unprovable (nobody has it; [facts.klaviyo] maps a property)" in said["email"]
    assert "unprovable (the platform keeps no such thing; [facts.klaviyo] maps a property)" in said["household"]
    assert "unprovable (nobody has the property 'Born', as [facts] maps it; is it spelt so?)" in said["birthday"]
    assert said["role_account"].endswith("0 %          0  told from the address, not from the platform")


def test_one_recipient_is_one() -> None:
    alone = look(Account([sent("One", 3, "x")], {"x": [crowd("a")]}))
    two = look(Account([sent("One", 3, "x")], {"x": [crowd("a", "b")]}))

    assert "the 1 recipient of 1 campaign" in " ".join(lines(alone, "klaviyo"))
    assert "the 2 recipients of 1 campaign" in " ".join(lines(two, "klaviyo"))


def test_a_list_of_mailchimp_without_the_mapped_field_keeps_its_own() -> None:
    account = Account([sent("One", 3, "x")], {"x": [crowd("a", orders=["1"])]})
    account.platform = Platform.MAILCHIMP

    rows = {row.name: row for row in look(account, orders="BOUGHT", birthday="BORN").rows}

    assert rows["orders"].source == "property 'BOUGHT', as [facts] maps it, else events"
    assert rows["birthday"].source == "property 'BORN', as [facts] maps it"


def test_dates_of_fields_are_facts_of_those_fields() -> None:
    html = "Your {{ person|lookup:'car' }}"
    dated = Batch(Role.INCLUDE, ["a", "b"], {"car": ['"Astra"', '"Corsa"'], "@as_of:car": ['"2024-01-01"', None]})
    found = look(Account([sent("One", 3, "x", html)], {"x": [dated]}))

    (row,) = (row for row in found.rows if row.name == "car_as_of")
    assert (row.known, row.source) == (1, "history")


@pytest.mark.parametrize(
    ("have", "of", "words"),
    [(0, 9, "0 %"), (9, 9, "100 %"), (1, 10_000, "1 %"), (9_999, 10_000, "99 %"), (1, 2, "50 %")],
)
def test_shares_are_never_rounded_to_nobody_or_all(have: int, of: int, words: str) -> None:
    assert share(have, of) == words


def test_facts_that_cost_requests_are_asked_for() -> None:
    account = Account([sent("One", 3, "x")], {"x": [crowd("a", last_visit_at=['"2026-01-01T00:00:00Z"'])]})
    assert known(look(account)) == {"last_visit_at": 1}
    assert account.asked == {fact(name) for name in DEAR}


def test_a_mapped_property_that_is_nowhere_is_said_once() -> None:
    seen = Batch(Role.INCLUDE, ["a"], {"@orders": ["1"]}, names=frozenset({"first_name"}))
    found = look(Account([sent("One", 3, "x"), sent("Two", 5, "y")], {"x": [seen], "y": [seen]}), orders="order_count")
    said = "[facts.klaviyo] maps orders to 'order_count', and that property was found nowhere"
    assert found.nowhere.startswith(said)
    assert as_data(found, "klaviyo")["mapped_nowhere"] == found.nowhere
    assert sum(said in line for line in lines(found, "klaviyo")) == 1
    there = look(Account([sent("One", 3, "x")], {"x": [seen]}), household="first_name")
    assert as_data(there, "klaviyo")["mapped_nowhere"] is None
