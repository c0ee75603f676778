"""Notices on their way: channels apart, attempts counted, one message of an ongoing matter."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from presend.store.outbox import Outbox
from tests.deeds.fakes import NOW

MINUTE = timedelta(minutes=1)


def test_channels_do_not_see_each_other(store: sa.Engine) -> None:
    outbox = Outbox(store)
    outbox.put({"n": 1}, NOW)
    outbox.put({"n": 2}, NOW, channel="teams", key="acme/c1")

    assert [one.notice for one in outbox.waiting()] == [{"n": 1}]
    (other,) = outbox.waiting("teams")
    assert (other.notice, other.channel, other.key, other.made) == ({"n": 2}, "teams", "acme/c1", NOW)
    assert outbox.last("teams") == {"n": 2}
    assert outbox.last("mail") is None


def test_a_notice_that_must_wait_waits(store: sa.Engine) -> None:
    outbox = Outbox(store)
    notice = outbox.put({"n": 1}, NOW)
    outbox.trying(notice, NOW)
    outbox.failed(notice, "429, asked to wait", NOW + MINUTE)

    assert outbox.waiting(now=NOW) == []
    (one,) = outbox.waiting(now=NOW + MINUTE)
    assert (one.attempts, one.tried) == (1, None)
    assert len(outbox.waiting()) == 1


def test_an_attempt_that_nobody_saw_the_end_of_shows(store: sa.Engine) -> None:
    """A process that was killed while it sent: whoever cannot ask the service must not send it again."""
    outbox = Outbox(store)
    notice = outbox.put({"n": 1}, NOW)
    outbox.trying(notice, NOW)

    (one,) = outbox.waiting()
    assert (one.tried, one.attempts) == (NOW, 1)
    outbox.give_up(notice, "it may have arrived", NOW)
    assert outbox.waiting() == []


def test_a_message_is_found_again_to_be_updated(store: sa.Engine) -> None:
    outbox = Outbox(store)
    assert outbox.handle("slack", "acme/c1") is None
    for number, key in enumerate(("acme/c1", "acme/c1", "acme/c2")):
        notice = outbox.put({"n": number}, NOW, key=key)
        outbox.sent(notice, NOW, handle={"ts": str(number)})
    without = outbox.put({"n": 3}, NOW, key="acme/c1")
    outbox.sent(without, NOW)

    assert outbox.handle("slack", "acme/c1") == {"ts": "1"}
    assert outbox.handle("slack", "acme/c2") == {"ts": "2"}
    assert outbox.handle("teams", "acme/c1") is None
    assert outbox.last(key="acme/c1") == {"n": 3}
    assert outbox.last(key="acme/c2") == {"n": 2}
