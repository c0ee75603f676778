"""What one notice says, as values and as words: campaigns by time left, counts, codes and places; nobody's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from presend.model import Severity
from presend.model.counting import many

Key = tuple[str, str]
"""Account and campaign id of a matter; without an id, the account itself."""


class Section(StrEnum):
    """What a line of a notice is about, in the order in which they are shown."""

    WAITS = "waits for approval"
    UNCONFIRMED = "not confirmed"
    DONE = "held, released, left out"
    NOT_DONE = "not done"
    NEW = "new"
    GREW = "grew"
    RESOLVED = "resolved"
    UNREAD = "could not be checked"
    STILL = "still there"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say of a campaign; of two with the same key, the newer holds."""

    section: Section
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One campaign, or one account, in a notice."""

    account: str
    campaign_id: str
    platform: str
    title: str
    url: str | None
    until: datetime | None
    """The last moment to stop it; None when the platform does not tell, and for an account."""
    zone: str
    worst: Severity
    lines: tuple[Line, ...]
    owners: tuple[str, ...] = ()
    held: bool = False
    """Presend holds it, so that there is nothing to stop."""

    @property
    def key(self) -> Key:
        """Which matter it is."""
        return self.account, self.campaign_id

    def of(self, section: Section) -> list[str]:
        """The texts of one section."""
        return [line.text for line in self.lines if line.section is section]


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything one message says."""

    made: datetime
    items: tuple[Item, ...]
    footer: tuple[str, ...] = ()
    """Said of the whole run."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.items and not self.footer

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of all campaigns."""
        return tuple(line for item in self.items for line in item.lines)


_COUNTED = (
    (Section.WAITS, "waiting for approval"),
    (Section.UNCONFIRMED, "not confirmed"),
    (Section.NEW, "new"),
    (Section.GREW, "grown"),
    (Section.RESOLVED, "resolved"),
)


def headline(notice: Notice) -> str:
    """The notice in one line, below 150 characters."""
    campaigns = [item for item in notice.items if item.campaign_id]
    if not campaigns:
        return "presend: an account to look at" if notice.items else "presend: a run to look at"
    sections = [line.section for line in notice.lines]
    counts = [f"{sections.count(section)} {word}" for section, word in _COUNTED if section in sections]
    said = f"presend: {many(len(campaigns), 'campaign')} to look at"
    blockers = sum(1 for item in campaigns if item.worst is Severity.BLOCKER)
    if blockers:
        said += f", {blockers} must not go as {'it is' if blockers == 1 else 'they are'}"
    return f"{said} ({', '.join(counts)})" if counts else said


def ordered(items: Sequence[Item], now: datetime) -> list[Item]:
    """By time left to stop it; then what has no known last moment, what is too late, and accounts."""

    def rank(item: Item) -> tuple[int, float, int]:
        if not item.campaign_id or item.held:
            return 3, 0.0, -item.worst
        if item.until is None:
            return 1, 0.0, -item.worst
        left = (item.until - now).total_seconds()
        return (0 if left > 0 else 2), abs(left), -item.worst

    return sorted(items, key=rank)


def deadline(item: Item, now: datetime) -> str:
    """How long it can still be stopped, with the moment in the account's zone, or in UTC; empty for an account."""
    if not item.campaign_id:
        return ""
    if item.held:
        return "held by presend"
    if item.until is None:
        return "last moment to stop: not known"
    left = item.until - now
    if left <= timedelta():
        return "too late to stop"
    hours, minutes = divmod(int(left.total_seconds() // 60), 60)
    words = f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
    moment = item.until.astimezone(UTC if item.zone == "UTC" else ZoneInfo(item.zone))
    return f"{words} left to stop it (until {moment:%d %b %H:%M} {item.zone})"


def shown(item: Item, most: int = 5) -> list[tuple[Section, list[str]]]:
    """The sections of an item with their lines, no more than `most` each."""
    found = []
    for section in Section:
        texts = item.of(section)
        if len(texts) > most:
            texts = [*texts[:most], f"and {len(texts) - most} more"]
        if texts:
            found.append((section, texts))
    return found


def footers(notice: Notice, now: datetime) -> list[str]:
    """What is said of the run, and that the notice is late where it waited."""
    late = [f"This notice is late: it is of {notice.made:%d %b %H:%M} UTC."] if notice.made < now else []
    return [*late, *notice.footer]


def merged(older: Notice, newer: Notice) -> Notice:
    """Two notices of which neither went out as one, as late as the older; of two lines about the same, the newer."""
    items = {item.key: item for item in older.items}
    for item in newer.items:
        before = items.get(item.key)
        said = {line.key for line in item.lines}
        kept = tuple(line for line in before.lines if line.key not in said) if before else ()
        items[item.key] = replace(item, lines=(*item.lines, *kept))
    footer = (*newer.footer, *(line for line in older.footer if line not in newer.footer))
    return Notice(older.made, tuple(items.values()), footer)


def plain(notice: Notice, now: datetime) -> str:
    """The notice as Markdown that also reads well as plain text, for services without blocks."""
    said = []
    for item in ordered(notice.items, now):
        head = [f"**{plain_words(item.title)}**"]
        head += [item.url] if item.url else []
        head += [deadline(item, now)] if item.campaign_id else []
        lines = [f"- {section.value}: {plain_words(text)}" for section, texts in shown(item) for text in texts]
        lines += [f"- for {plain_words(', '.join(item.owners))}"] if item.owners else []
        said.append("  \n".join(head) + "\n\n" + "\n".join(lines))
    return "\n\n".join((*said, *footers(notice, now)))


def plain_words(text: str) -> str:
    """A text without the characters by which a campaign's name could make a link, a mention or a heading."""
    return " ".join(text.translate(_PLAIN).split())


_PLAIN = str.maketrans(dict.fromkeys("*_`<>[]|\\#~\r\n", " ") | {"@": "(at)"})
