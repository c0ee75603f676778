"""Slack: Block Kit within its limits, to an incoming webhook or by a bot that updates its messages in place."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPException, InvalidURL
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackObjectFormationError
from slack_sdk.models.blocks import Block, ContextBlock, DividerBlock, HeaderBlock, MarkdownTextObject, SectionBlock
from slack_sdk.webhook import WebhookClient

from presend.model.counting import many
from presend.notify.channel import (
    TIMEOUT_SECONDS,
    Fate,
    Letter,
    Outcome,
    answered,
    unconfirmed,
    unreachable,
)
from presend.notify.digest import Item, Notice, deadline, footers, headline, ordered, shown
from presend.retry import retry_after

LARGEST_TEXT = 2900
"""Characters in a section; Slack takes 3000 (docs.slack.dev, Block Kit, section block)."""
MOST_BLOCKS = 48
"""Blocks in a message; Slack takes 50."""
GONE = frozenset({"message_not_found", "edit_window_closed", "cant_update_message", "channel_not_found"})
"""Errors of chat.update after which only a new message helps (docs.slack.dev, chat.update)."""

_GONE_WORD = "the message is gone"

_SILENT = logging.getLogger("presend.notify.slack")
# The client's own lines hold the webhook's URL, which is a secret.
_SILENT.setLevel(logging.CRITICAL + 1)


def _escape(text: str) -> str:
    """Slack's three control characters, so that a campaign's name cannot make a link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(item: Item, now: datetime) -> SectionBlock:
    title = _escape(item.title)
    link = _escape(item.url.replace("|", "%7C")) if item.url else ""
    said = [f"<{link}|{title.replace('|', ' ')}>" if link else f"*{title}*"]
    if left := deadline(item, now):
        said.append(f"_{_escape(left)}_")
    for section, texts in shown(item):
        said += [f"*{section.value.capitalize()}*", *(f"\u2022 {_escape(text)}" for text in texts)]
    if item.owners:
        said.append(f"for {_escape(', '.join(item.owners))}")
    # Cut between lines: half an entity or half a link would show as such.
    kept, room = [], LARGEST_TEXT
    for line in said:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return SectionBlock(text=MarkdownTextObject(text="\n".join(kept) or "\u2026"))


def blocks(notice: Notice, now: datetime) -> list[dict[str, Any]]:
    """The message as Block Kit dicts, checked by slack_sdk's own models."""
    found: list[Block] = [HeaderBlock(text=headline(notice)[:150])]
    room = (MOST_BLOCKS - 3) // 2
    items = ordered(notice.items, now)
    # What does not fit is the least bad, wherever it stands in the order of time.
    worst = set(sorted(range(len(items)), key=lambda at: -items[at].worst)[:room])
    for at, item in enumerate(items):
        if at in worst:
            found += [_section(item, now), DividerBlock()]
    if len(items) > room:
        more = f"and {many(len(items) - room, 'more campaign')}; `presend scan` shows them all"
        found.append(ContextBlock(elements=[MarkdownTextObject(text=more)]))
    if said := footers(notice, now):
        text = _escape("\n".join(said))[:LARGEST_TEXT]
        found.append(SectionBlock(text=MarkdownTextObject(text=text)))
    return [block.to_dict() for block in found]


def _guarded(act: Callable[[], Outcome], now: datetime) -> Outcome:
    """One request; every way in which it may go wrong as an outcome.

    urllib wraps what happens up to the last byte of the request in URLError; what comes bare came after it.
    """
    try:
        return act()
    except SlackObjectFormationError as error:
        return Outcome(Fate.REFUSED, f"the digest does not fit Slack's limits ({type(error).__name__})")
    except SlackApiError as error:
        return _said(error.response, now)
    except (URLError, InvalidURL, SlackClientError, ValueError) as error:
        return unreachable("Slack", error)
    except (HTTPException, OSError) as error:
        return unconfirmed("Slack", error)


def _asked(headers: Mapping[str, str], now: datetime) -> float | None:
    named = {name.lower(): value for name, value in headers.items()}
    return retry_after(named.get("retry-after"), now)


def post(url: str, letter: Letter) -> Outcome:
    """Send a notice to an incoming webhook, once."""
    client = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=_SILENT)

    def act() -> Outcome:
        answer = client.send(text=headline(letter.notice), blocks=blocks(letter.notice, letter.now))
        return answered("Slack", answer.status_code, _asked(answer.headers, letter.now))

    return _guarded(act, letter.now)


_ADVICE = {
    "invalid_auth": "the bot's token is not valid; set PRESEND_SLACK__BOT_TOKEN anew",
    "token_revoked": "the bot's token was revoked; set PRESEND_SLACK__BOT_TOKEN anew",
    "account_inactive": "the bot's app was removed; make a new one and set PRESEND_SLACK__BOT_TOKEN",
    "missing_scope": "the bot lacks a right; it needs chat:write",
    "not_in_channel": "the bot is not in the channel; invite it",
    "channel_not_found": "there is no such channel, or the bot may not see it; invite it",
    "is_archived": "the channel is archived; set another",
    "ratelimited": "too many messages",
}
_UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Errors after which, by Slack's own description, some of the work may have been done."""


def _said(answer: Any, now: datetime) -> Outcome:
    """What an answer that is no success says, by Slack's own word where there is one."""
    said = answer.data.get("error") if isinstance(answer.data, dict) else ""
    # In place of an answer that is not JSON the client puts its body.
    word = said if isinstance(said, str) and re.fullmatch(r"[a-z_]{2,40}", said) else ""
    wait = _asked(answer.headers, now)
    if word in _UNSURE:
        return Outcome(Fate.UNKNOWN, f"Slack said {word}, so it may have arrived")
    if word:
        advice = f": {_ADVICE[word]}" if word in _ADVICE else ""
        return Outcome(Fate.REFUSED, f"Slack said {word}{advice}", wait=wait, down=word == "ratelimited")
    if answer.status_code == 200:
        return Outcome(Fate.UNKNOWN, "Slack gave an answer that cannot be read, so it may have arrived")
    return answered("Slack", answer.status_code, wait)


@dataclass(frozen=True, slots=True)
class Bot:
    """A Slack app's bot in one channel: posts once, then updates."""

    token: str = field(repr=False)
    channel: str
    base_url: str | None = None
    updates: bool = True

    @property
    def id(self) -> str:
        """The key in the store."""
        return f"slack:{self.channel}"

    @property
    def name(self) -> str:
        """What the user calls it."""
        return f"Slack {self.channel}"

    def _client(self) -> WebClient:
        base = f"{self.base_url}/api/" if self.base_url else WebClient.BASE_URL
        return WebClient(self.token, base_url=base, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=_SILENT)

    def send(self, letter: Letter) -> Outcome:
        """Update the message that the letter names; post anew when there is none, or it is gone."""
        if letter.handle is not None:
            changed = _guarded(lambda: self._update(letter), letter.now)
            if changed.why != _GONE_WORD:
                # An update may be made twice: what may have arrived is as good as what did not.
                return replace(changed, fate=Fate.REFUSED) if changed.fate is Fate.UNKNOWN else changed
        return _guarded(lambda: self._post(letter), letter.now)

    def _post(self, letter: Letter) -> Outcome:
        made = blocks(letter.notice, letter.now)
        text = headline(letter.notice)
        answer = self._client().chat_postMessage(
            channel=self.channel, text=text, blocks=made, unfurl_links=False, unfurl_media=False
        )
        # Only the id of the channel, not its name, is taken by chat.update.
        return Outcome(Fate.SENT, handle={"channel": str(answer["channel"]), "ts": str(answer["ts"])})

    def _update(self, letter: Letter) -> Outcome:
        assert letter.handle is not None
        made = blocks(letter.notice, letter.now)
        where = {"channel": letter.handle["channel"], "ts": letter.handle["ts"]}
        try:
            self._client().chat_update(**where, text=headline(letter.notice), blocks=made)
        except SlackApiError as error:
            data = getattr(error.response, "data", None)
            if isinstance(data, dict) and data.get("error") in GONE:
                return Outcome(Fate.REFUSED, _GONE_WORD)
            raise
        return Outcome(Fate.SENT, handle=where)

    def check(self, now: datetime) -> Outcome:
        """Whether Slack takes the token (auth.test); changes nothing."""

        def act() -> Outcome:
            self._client().auth_test()
            return Outcome(Fate.SENT)

        return _guarded(act, now)
