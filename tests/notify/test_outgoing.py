"""From news to channel through the outbox: once, in as few messages as may be, updated in place, across crashes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from presend.engine import CampaignResult
from presend.notify.channel import Channel, Letter, Outcome, Post
from presend.notify.matters import matters
from presend.notify.outgoing import Ended, Outgoing
from presend.notify.slack import Bot, post
from presend.notify.webhook import Webhook
from presend.settings import Settings
from presend.store.database import opened
from presend.store.outbox import Outbox
from presend.store.tables import outbox as outbox_table
from tests.deeds.fakes import NOW, campaign, finding, result
from tests.notify.server import Answer, Service, Slack, running
from tests.notify.test_changes import decided, report

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with running() as made:
        yield made


@pytest.fixture
def service(served: Service) -> Service:
    served.got.clear()
    served.next.clear()
    served.answers = Slack()
    return served


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=tmp_path_factory.mktemp("state"))) as engine:
        yield engine


@pytest.fixture
def store(database: sa.Engine) -> sa.Engine:
    with database.begin() as connection:
        connection.execute(outbox_table.delete())
    return database


@dataclass
class World:
    """A channel, the store, and runs one after the other, each an hour later."""

    channel: Channel
    engine: sa.Engine
    messages: int = 1
    at: datetime = field(default=NOW)

    def begin(self, *results: CampaignResult, over: str = "") -> Outgoing:
        """A run up to the moment at which its news is in the outbox."""
        outgoing = Outgoing(Outbox(self.engine), self.channel, self.at, messages=self.messages)
        outgoing.settle()
        found = matters(report(*results), decided(results), reached=["acme"])
        outgoing.store(outgoing.news(found, over))
        return outgoing

    def run(self, *results: CampaignResult, over: str = "") -> Ended:
        ended = self.begin(*results, over=over).deliver()
        self.at += HOUR
        return ended


@pytest.fixture
def bot(service: Service, store: sa.Engine) -> World:
    return World(Bot("xoxb-good-token", "#marketing", service.url), store)


@pytest.fixture
def hook(service: Service, store: sa.Engine) -> World:
    service.answers = lambda _got: Answer()
    return World(Post("slack", "Slack", lambda letter: post(f"{service.url}/hook", letter)), store)


def bad(number: int = 1, *codes: str) -> CampaignResult:
    found = [replace(finding(code), fingerprint=f"{code}-{number}") for code in codes or ("TAG002",)]
    return result(campaign(number), found)


def good(number: int = 1) -> CampaignResult:
    return result(campaign(number), [])


def unapproved(number: int, left: timedelta, now: datetime) -> CampaignResult:
    made = campaign(number)
    schedule = replace(made.schedule, stoppable_until=now + left)
    waits = replace(finding("OPS003", affected=None), fingerprint=f"OPS003-{number}")
    return result(replace(made, schedule=schedule), [waits])


def standing(service: Service) -> list[str]:
    """The messages that stand in the channel, as they are now."""
    assert isinstance(service.answers, Slack)
    return [json.dumps(message["blocks"]) for message in service.answers.messages.values()]


def test_an_unchanged_world_is_told_once(bot: World, service: Service) -> None:
    assert [bot.run(bad()).sent for _run in range(3)] == [1, 0, 0]
    assert service.paths() == ["/api/chat.postMessage"]


def test_an_ongoing_matter_is_updated_in_place(bot: World, service: Service) -> None:
    bot.run(bad(1), bad(2))
    bot.run(bad(1, "TAG002", "VAL002"), bad(2))
    bot.run(good(1), bad(2))

    assert service.paths() == ["/api/chat.postMessage", "/api/chat.update", "/api/chat.update"]
    (message,) = standing(service)
    assert "*Resolved*" in message
    assert "Campaign 2" in message
    assert "late" not in message


def test_a_new_matter_is_a_new_message_beside_the_old(bot: World, service: Service) -> None:
    bot.run(bad(1))
    bot.run(bad(1), bad(2))

    assert [("Campaign 1" in one, "Campaign 2" in one) for one in standing(service)] == [(True, False), (False, True)]


def test_an_escalation_is_a_new_message_and_the_old_one_points_to_it(bot: World, service: Service) -> None:
    start = bot.at
    told = []
    for hours in (30, 24, 12, 4, 1):
        bot.at = start + timedelta(hours=30 - hours)
        told.append(bot.run(unapproved(1, timedelta(hours=hours), bot.at)).sent)

    assert told == [1, 2, 0, 2, 2]
    *old, newest = standing(service)
    assert len(old) == 3
    assert all("told again in a newer message" in one for one in old)
    assert "*Waits for approval*" in newest


def test_a_message_that_somebody_deleted_is_posted_anew_and_updated_from_then_on(bot: World, service: Service) -> None:
    bot.run(bad())
    assert isinstance(service.answers, Slack)
    service.answers.messages.clear()
    bot.run(bad(1, "TAG002", "VAL002"))
    bot.run(good())

    calls = ["postMessage", "update", "postMessage", "update"]
    assert service.paths() == [f"/api/chat.{call}" for call in calls]
    assert len(standing(service)) == 1


def test_a_webhook_gets_a_message_for_each_change_only(hook: World, service: Service) -> None:
    sent = [hook.run(bad()).sent, hook.run(bad()).sent, hook.run(good()).sent, hook.run(good()).sent]

    assert sent == [1, 0, 1, 0]
    assert "Resolved" in json.dumps(service.got[1].body)


def test_what_could_not_go_out_goes_out_as_one_and_is_called_late(hook: World, service: Service) -> None:
    service.next += [Answer(500), Answer(500)]

    assert [hook.run(bad(1)).left, hook.run(bad(1), bad(2)).left] == [1, 1]
    assert hook.run(bad(1), bad(2)) == Ended(sent=1)
    text = json.dumps(service.got[-1].body)
    assert "Campaign 1" in text
    assert "Campaign 2" in text
    assert "This notice is late: it is of 20 Nov 09:00 UTC." in text
    assert len(service.got) == 3


def test_a_webhooks_notice_has_one_number_at_every_attempt_and_no_other_has_it(
    service: Service, store: sa.Engine
) -> None:
    service.answers = lambda _got: Answer()
    world = World(Webhook("url:1", "number 1", f"{service.url}/in", "secret"), store)
    service.next.append(Answer(500))

    world.run(bad())
    world.run(bad())
    world.run(good())

    numbers = [got.headers["x-presend-id"] for got in service.got]
    assert numbers[0] == numbers[1] != numbers[2]
    assert [got.body["id"] for got in service.got] == numbers


def test_an_update_that_could_not_go_out_is_not_lost(bot: World, service: Service) -> None:
    bot.run(bad())
    service.next.append(Answer(503))
    assert bot.run(bad(1, "TAG002", "VAL002")).left == 1
    assert bot.run(good()).sent == 1

    (message,) = standing(service)
    assert "*Resolved*" in message


def test_429_is_waited_for_by_later_runs_and_never_within_one(hook: World, service: Service) -> None:
    service.next.append(Answer(429, headers={"Retry-After": "5400"}))

    assert hook.run(bad(1)).left == 1
    assert hook.run(bad(1), bad(2)).why == "the service asked to wait longer"
    assert len(service.got) == 1
    assert hook.run(bad(1), bad(2)) == Ended(sent=1)
    assert len(service.got) == 2


def test_what_may_have_arrived_is_not_sent_again(hook: World, service: Service) -> None:
    service.next.append(Answer(dead=True))

    assert hook.run(bad()).unsure == 1
    assert hook.run(bad()) == Ended()
    assert hook.run(bad(1), bad(2)).sent == 1
    assert len(service.got) == 2
    assert "Campaign 1" not in json.dumps(service.got[1].body)


class Killed(BaseException):
    """The process ends here."""


def dying(act: Callable[[Letter], Outcome], when: str) -> Callable[[Letter], Outcome]:
    """A channel in which the process ends before or after the request."""

    def send(letter: Letter) -> Outcome:
        if when == "after":
            act(letter)
        raise Killed

    return send


def test_a_fault_of_a_channels_own_code_fails_nothing(store: sa.Engine, capfd: pytest.CaptureFixture[str]) -> None:
    def fail(letter: Letter) -> Outcome:
        raise LookupError(letter.notice.items[0].title)

    ended = World(Post("url:1", "number 1", fail), store).run(bad())

    assert (ended.unsure, ended.why) == (1, "presend itself failed (LookupError), so it may have arrived")
    assert "Campaign" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_ends_while_sending_sends_a_webhook_at_most_once(
    service: Service, store: sa.Engine, when: str
) -> None:
    service.answers = lambda _got: Answer()
    good_hook = Webhook("url:1", "number 1", f"{service.url}/in", "secret")
    world = World(Post("url:1", "number 1", dying(good_hook.send, when)), store)
    with pytest.raises(Killed):
        world.run(bad())

    world.channel = good_hook
    settled = Outgoing(Outbox(store), good_hook, world.at).settle()

    assert settled.unsure == 1
    assert world.run(bad()) == Ended()
    assert len(service.got) == (1 if when == "after" else 0)


def test_a_run_that_ends_before_sending_is_made_up_for(hook: World, service: Service) -> None:
    hook.begin(bad())
    hook.at += HOUR

    assert hook.run(bad()) == Ended(sent=1)
    assert "This notice is late" in json.dumps(service.got[0].body)


def test_a_bots_update_that_was_under_way_is_made_again(bot: World, service: Service) -> None:
    bot.run(bad())
    alive, bot.channel = bot.channel, Dying(bot.channel)
    with pytest.raises(Killed):
        bot.run(good())

    bot.channel = alive
    assert bot.run(good()).sent == 1
    assert "*Resolved*" in standing(service)[0]


@dataclass
class Dying:
    """A bot whose process ends before the request."""

    real: Channel
    updates: bool = True
    name: str = ""

    @property
    def id(self) -> str:
        return self.real.id

    def send(self, letter: Letter) -> Outcome:
        raise Killed


@pytest.mark.parametrize(("messages", "campaigns"), [(1, [3]), (2, [1, 2]), (3, [1, 1, 1]), (5, [1, 1, 1])])
def test_as_many_messages_as_are_allowed(
    hook: World, service: Service, messages: int, campaigns: list[int]
) -> None:
    hook.messages = messages

    assert hook.run(bad(1), bad(2), bad(3)).sent == len(campaigns)
    assert [json.dumps(got.body["blocks"]).count("klaviyo: Campaign") for got in service.got] == campaigns


def test_a_limit_that_refused_the_plan_is_told_once_and_again_when_it_comes_back(
    hook: World, service: Service
) -> None:
    over = "2 campaigns would be held, and max_holds is 1"

    sent = [hook.run(bad(), over=word).sent for word in (over, over, "", over)]

    assert sent == [1, 0, 0, 1]
    assert f"Nothing was done: {over}." in json.dumps(service.got[0].body)


def test_two_channels_are_told_apart(hook: World, service: Service, store: sa.Engine) -> None:
    hook.run(bad())
    other = World(Webhook("url:1", "number 1", f"{service.url}/in", "secret"), store, at=hook.at)

    assert other.run(bad()).sent == 1
    assert hook.run(bad()).sent == 0


def test_what_another_presend_left_is_given_up(hook: World, service: Service, store: sa.Engine) -> None:
    row: dict[str, Any] = {"headline": "presend: old", "items": [], "footer": []}
    Outbox(store).put(row, NOW, channel="slack")

    assert hook.run(bad()).sent == 1
    assert len(service.got) == 1
