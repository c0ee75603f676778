"""Telling one channel: what is news to it goes into the outbox, and from there on its way, once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from presend.logs import logger
from presend.notify.changes import LOUD, Told, compare
from presend.notify.channel import Channel, Fate, Letter, Outcome
from presend.notify.digest import Item, Key, Line, Notice, Section, merged, ordered
from presend.notify.matters import Matter
from presend.store.outbox import Outbox, Waiting

FORGET = timedelta(days=90)
"""What a channel was told of a matter that no run has seen for so long is forgotten."""
RUN = "/"
"""The key of the whole run among what was told."""


def name_of(key: Key) -> str:
    """A matter's key in stored JSON."""
    return f"{key[0]}/{key[1]}"


@dataclass(frozen=True, slots=True)
class Stored:
    """A notice as the outbox keeps it, with all that its channel will have been told once it has gone out."""

    notice: Notice
    told: Mapping[str, Told] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


def restored(row: Mapping[str, Any] | None) -> Stored | None:
    """A stored notice; None for none, and for one in the form of an earlier presend, which cannot be read any more."""
    try:
        return None if row is None else msgspec.convert(row, Stored)
    except msgspec.ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of telling one channel, in this run."""

    sent: int = 0
    left: int = 0
    """Messages that wait for a later run."""
    unsure: int = 0
    """Messages that may have arrived, and are not sent again."""
    why: str = ""


class Outgoing:
    """One channel in one run; every method may raise DeedError."""

    def __init__(self, outbox: Outbox, channel: Channel, now: datetime, *, messages: int = 1) -> None:
        self._outbox = outbox
        self._channel = channel
        self._now = now
        self._messages = messages
        last = restored(outbox.last(channel.id))
        self._before: dict[str, Told] = dict(last.told) if last else {}
        self.told: dict[str, Told] = dict(self._before)

    def news(self, matters: Iterable[Matter], over: str = "") -> Notice:
        """What is news to the channel: of campaigns, and the limit that refused the plan. `told` counts it as told."""
        items = []
        for matter in matters:
            name = name_of(matter.key)
            item, self.told[name] = compare(matter, self.told.get(name, Told()), self._now)
            items += [item] if item else []
        said = self.told.get(RUN, Told()).over
        self.told[RUN] = Told(over=over, at=self._now)
        self.told = {k: t for k, t in self.told.items() if t.at is None or t.at > self._now - FORGET}
        return Notice(self._now, tuple(items), (f"Nothing was done: {over}.",) if over and over != said else ())

    def store(self, news: Notice) -> None:
        """Put the news into the outbox, together with what still waits there; nothing when there is none."""
        waiting = self._outbox.waiting(self._channel.id)
        if self._must_wait(waiting):
            waiting = []  # it keeps the time until which to wait; what is news is put beside it, and joins it later
        anew = [one for one in waiting if not self._there(one.key)]
        posts = Notice(self._now, tuple(i for i in news.items if self._needs_a_message(i)), news.footer)
        changed = {item.key: item for item in news.items if item not in posts.items}
        rows = self._updates(changed, posts)
        replaced = [one for one in waiting if one.key in {key for key, _notice in rows}]
        if not posts.empty or len(anew) > self._messages:
            for one in reversed(anew):
                kept = restored(one.notice)
                posts = merged(kept.notice, posts) if kept else posts
            rows = [*self._posts(posts), *rows]
            replaced += anew
        for at, (key, notice) in enumerate(rows):
            later = {name_of(item.key) for _key, one in rows[at + 1 :] for item in one.items}
            self._outbox.put(self._stored(notice, later), self._now, channel=self._channel.id, key=key)
        for one in replaced:
            self._outbox.give_up(one.id, "joined a newer notice", self._now)
        if not rows and _timeless(self.told) != _timeless(self._before):
            silent = self._outbox.put(self._stored(Notice(self._now, ()), ()), self._now, channel=self._channel.id)
            self._outbox.sent(silent, self._now)

    def _there(self, key: str) -> bool:
        """Whether a message of this key stands in the channel and can be changed."""
        return self._channel.updates and bool(key) and self._outbox.handle(self._channel.id, key) is not None

    def _needs_a_message(self, item: Item) -> bool:
        """Whether it is in no message that can be changed, or is to be seen: a changed message rings nobody's bell."""
        there = self._there(self.told[name_of(item.key)].message)
        return not there or any(line.section in LOUD for line in item.lines)

    def _updates(self, changed: Mapping[Key, Item], posts: Notice) -> list[tuple[str, Notice]]:
        """The messages that stand there, with what changed in them; what goes into a new one is only pointed to."""
        moved = Line(Section.STILL, "moved", "told again in a newer message")
        news = dict(changed) | {i.key: replace(i, lines=(moved,), owners=()) for i in posts.items}
        by_message: dict[str, dict[Key, Item]] = {}
        for key, item in news.items():
            message = self.told[name_of(key)].message
            if self._there(message):
                by_message.setdefault(message, {})[key] = item
        rows = []
        for message, items in by_message.items():
            kept = restored(self._outbox.last(self._channel.id, message))
            before = {item.key: item for item in kept.notice.items} if kept else {}
            rows.append((message, Notice(self._now, tuple((before | items).values()))))
        return rows

    def _posts(self, notice: Notice) -> list[tuple[str, Notice]]:
        """New messages: the most pressing campaigns one by one as far as that is allowed, the rest together."""
        items = ordered(notice.items, self._now)
        alone = items[:-1][: self._messages - 1]
        parts = [Notice(notice.made, (item,)) for item in alone]
        parts.append(Notice(notice.made, tuple(items[len(alone) :]), notice.footer))
        rows = []
        for at, part in enumerate(parts):
            key = self._new_key(part, at) if self._channel.updates else ""
            for item in part.items:
                told = self.told.get(name_of(item.key), Told(at=self._now))
                self.told[name_of(item.key)] = replace(told, message=key)
            rows.append((key, part))
        return rows

    def _new_key(self, part: Notice, at: int) -> str:
        """A name for a message that is going to be updated; no other has it."""
        told = self._outbox.last(self._channel.id)
        seed = msgspec.json.encode((self._channel.id, self._now, at, part, told))
        return hashlib.sha256(seed).hexdigest()[:32]

    def _stored(self, notice: Notice, later: Iterable[str]) -> dict[str, Any]:
        """The row; what rows still to come will tell counts as not yet told."""
        told = dict(self.told)
        for name in later:
            told.pop(name, None)
            if name in self._before:
                told[name] = self._before[name]
        return Stored(notice, told).json()

    def settle(self) -> Ended:
        """Give up what an earlier run was sending when it ended: it may have arrived. An update is only repeated.

        So is what cannot be read any more; all it said is news again.
        """
        why = "a run ended while it was being sent, so it may have arrived"
        lost = 0
        for one in self._outbox.waiting(self._channel.id):
            if restored(one.notice) is None:
                self._outbox.give_up(one.id, "it is in the form of another presend", self._now)
            elif one.tried is not None and not self._there(one.key):
                self._outbox.give_up(one.id, why, self._now)
                lost += 1
        return Ended(unsure=lost, why=why)

    def deliver(self) -> Ended:
        """Send what waits, oldest first, unless the service asked to wait longer; never waits itself."""
        waiting = self._outbox.waiting(self._channel.id)
        if self._must_wait(waiting):
            return Ended(left=len(waiting), why="the service asked to wait longer")
        ended = Ended(left=len(waiting))
        for one in waiting:
            outcome = self._attempt(one)
            match outcome.fate:
                case Fate.SENT:
                    ended = replace(ended, sent=ended.sent + 1, left=ended.left - 1)
                case Fate.UNKNOWN:
                    ended = replace(ended, unsure=ended.unsure + 1, left=ended.left - 1, why=outcome.why)
                case Fate.REFUSED:
                    ended = replace(ended, why=outcome.why)
            if outcome.down:
                break
        return ended

    def _must_wait(self, waiting: list[Waiting]) -> bool:
        """Whether the service asked to be left alone until later, for whatever message it was."""
        return len(self._outbox.waiting(self._channel.id, self._now)) < len(waiting)

    def _attempt(self, one: Waiting) -> Outcome:
        stored = restored(one.notice)
        assert stored is not None
        handle = self._outbox.handle(one.channel, one.key) if self._channel.updates and one.key else None
        self._outbox.trying(one.id, self._now)
        seed = f"{one.channel}/{one.id}/{one.made.isoformat()}"
        number = hashlib.sha256(seed.encode()).hexdigest()[:32]
        try:
            outcome = self._channel.send(Letter(stored.notice, number, self._now, handle))
        except Exception as error:  # noqa: BLE001 - a service's own code; no scan fails because nobody can be told
            logger("notify").error("fault", kind=type(error).__name__, channel=self._channel.name)
            why = f"presend itself failed ({type(error).__name__}), so it may have arrived"
            outcome = Outcome(Fate.UNKNOWN, why)
        match outcome.fate:
            case Fate.SENT:
                self._outbox.sent(one.id, self._now, handle=outcome.handle)
            case Fate.UNKNOWN:
                self._outbox.give_up(one.id, outcome.why, self._now)
            case Fate.REFUSED:
                later = self._now + timedelta(seconds=outcome.wait) if outcome.wait else None
                self._outbox.failed(one.id, outcome.why, later)
        return outcome


def _timeless(told: Mapping[str, Told]) -> dict[str, Told]:
    return {name: replace(one, at=None) for name, one in told.items() if replace(one, at=None) != Told()}
