"""Sends a digest to a Slack incoming webhook as Block Kit, within Slack's limits."""

from __future__ import annotations

import logging
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError, SlackObjectFormationError
from slack_sdk.models.blocks import Block, ContextBlock, DividerBlock, HeaderBlock, MarkdownTextObject, SectionBlock
from slack_sdk.webhook import WebhookClient

from presend.notify.digest import Digest, Item, many

LARGEST_TEXT = 2900
"""Characters in a section; Slack takes 3000 (docs.slack.dev, Block Kit, section block)."""
MOST_BLOCKS = 48
"""Blocks in a message; Slack takes 50."""
TIMEOUT_SECONDS = 10

_SILENT = logging.getLogger("presend.notify.slack")
# The client's own lines hold the webhook's URL, which is a secret.
_SILENT.setLevel(logging.CRITICAL + 1)


def _escape(text: str) -> str:
    """Slack's three control characters, so that a campaign's name cannot make a link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(item: Item) -> SectionBlock:
    title = _escape(item.title)
    name = f"<{item.url}|{title.replace('|', ' ')}>" if item.url else f"*{title}*"
    lines = "\n".join(f"\u2022 {_escape(line)}" for line in item.lines)
    text = f"{name}\n_{_escape(item.deadline)}_\n{lines}"
    return SectionBlock(text=MarkdownTextObject(text=text[:LARGEST_TEXT]))


def blocks(digest: Digest) -> list[dict[str, Any]]:
    """The message as Block Kit dicts, checked by slack_sdk's own models."""
    found: list[Block] = [HeaderBlock(text=digest.headline[:150])]
    room = (MOST_BLOCKS - 3) // 2
    # What does not fit is the least bad, wherever it stands in the order of time.
    worst = set(sorted(range(len(digest.items)), key=lambda at: -digest.items[at].worst)[:room])
    for at, item in enumerate(digest.items):
        if at in worst:
            found += [_section(item), DividerBlock()]
    if len(digest.items) > room:
        more = f"and {many(len(digest.items) - room, 'more campaign')}; `presend scan` shows them all"
        found.append(ContextBlock(elements=[MarkdownTextObject(text=more)]))
    if digest.footer:
        text = _escape("\n".join(digest.footer))[:LARGEST_TEXT]
        found.append(SectionBlock(text=MarkdownTextObject(text=text)))
    return [block.to_dict() for block in found]


def send(url: str, digest: Digest) -> str:
    """Send the digest; the empty string when Slack took it, else why not (never the URL, which is a secret)."""
    client = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=_SILENT)
    try:
        answer = client.send(text=digest.headline, blocks=blocks(digest))
    except SlackObjectFormationError as error:
        return f"the digest does not fit Slack's limits ({type(error).__name__})"
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        return f"Slack could not be reached ({type(error).__name__})"
    return "" if answer.status_code == 200 else f"Slack answered {answer.status_code}"
