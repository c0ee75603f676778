"""Where notices may go, as settings give it: URLs by reference, what a URL is, and what must be set beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from presend.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Lack:
    """What notices need and do not have; shows no URL."""

    why: str
    help: str


def is_webhook(url: str) -> bool:
    """Whether a URL is a webhook of the user's own, which gets signed JSON; all others are a service's."""
    match = re.match(r"https?(?:\+json)?://([^/?#]*)", url)
    return match is not None and match[1] != "hooks.slack.com"


def by_reference(
    owners: Mapping[str, Iterable[str]], lookup: Callable[[str], str | None], *, bot: bool, signed: bool
) -> tuple[dict[str, str], list[Lack]]:
    """The URLs that [owners] names by their variables, and what is not there: else an owner would never be told.

    `bot` says whether a bot's token is set, `signed` whether there is something to sign webhooks with.
    """
    found: dict[str, str] = {}
    lacks: list[Lack] = []
    for owner, targets in owners.items():
        for target in targets:
            kind, _colon, name = target.partition(":")
            if kind == "slack" and not bot:
                why = f"[owners] tells {owner} in {target}, which takes a bot's token"
                also = "Set PRESEND_SLACK__BOT_TOKEN and PRESEND_SLACK__CHANNEL, or name a webhook by env:NAME."
                lacks.append(Lack(why, also))
            if kind == "env":
                url = lookup(name)
                if url:
                    found[name] = url.strip()
                    continue
                # What it will be is not known yet; a webhook's second need is said now and not after the first.
                also = "" if signed else "; for a webhook of your own set PRESEND_NOTIFY__SECRET too"
                why = f"[owners] tells {owner} at the URL in the variable {name}, which is not set"
                lacks.append(Lack(why, f"Set {name}, or take it out of presend.toml{also}."))
    return found, lacks


def faulty(urls: Mapping[str, str], *, signed: bool) -> list[Lack]:
    """What is wrong with URLs, by where they are set."""
    lacks = []
    for place, url in urls.items():
        if not re.match(r"[a-z][a-z0-9+.-]*://.", url):
            lacks.append(Lack(f"{place} is not a URL", "docs/notices.md shows what each service takes."))
        elif is_webhook(url) and not signed:
            why = f"{place} is a webhook, and there is nothing to sign its notices with"
            secret = "Set PRESEND_NOTIFY__SECRET to a long random text that the receiver knows too."  # noqa: S105
            lacks.append(Lack(why, secret))
    return lacks


def lacking(lacks: Iterable[Lack]) -> SettingsError:
    """The error of a run that is to send notices and cannot: every lack at once."""
    lacks = tuple(lacks)
    helps = dict.fromkeys(one.help for one in lacks)
    return SettingsError("; ".join(one.why for one in lacks), help=" ".join(helps))
