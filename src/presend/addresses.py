"""Where notices may go, as settings give it: URLs by reference, what a URL is, and what must be set beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from presend.errors import SettingsError


def is_webhook(url: str) -> bool:
    """Whether a URL is a webhook of the user's own, which gets signed JSON; all others are a service's."""
    match = re.match(r"https?(?:\+json)?://([^/?#]*)", url)
    return match is not None and match[1] != "hooks.slack.com"


def by_reference(
    owners: Mapping[str, Iterable[str]], lookup: Callable[[str], str | None], *, bot: bool
) -> dict[str, str]:
    """The URLs that [owners] names by their variables; `bot` says whether a bot's token is set.

    Raises SettingsError for one that is not there: else nobody would be told, and nobody would know.
    """
    found: dict[str, str] = {}
    for owner, targets in owners.items():
        for target in targets:
            kind, _colon, name = target.partition(":")
            if kind == "slack" and not bot:
                raise SettingsError(
                    f"[owners] tells {owner} in {target}, which takes a bot's token",
                    help="Set PRESEND_SLACK__BOT_TOKEN and PRESEND_SLACK__CHANNEL, or name a webhook by env:NAME.",
                )
            if kind == "env":
                url = lookup(name)
                if not url:
                    raise SettingsError(
                        f"[owners] tells {owner} at the URL in the variable {name}, which is not set",
                        help=f"Set {name}, or take it out of presend.toml.",
                    )
                found[name] = url.strip()
    return found


def check(urls: Mapping[str, str], *, signed: bool) -> None:
    """Hold URLs, by where they are set, against what they are; raises SettingsError, which shows none of them."""
    for place, url in urls.items():
        if not re.match(r"[a-z][a-z0-9+.-]*://.", url):
            raise SettingsError(f"{place} is not a URL", help="docs/notices.md shows what each service takes.")
        if is_webhook(url) and not signed:
            raise SettingsError(
                f"{place} is a webhook, and there is nothing to sign its notices with",
                help="Set PRESEND_NOTIFY__SECRET to a long random text that the receiver knows too.",
            )
